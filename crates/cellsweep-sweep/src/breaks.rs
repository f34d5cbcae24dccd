//! Where a chain of custody doesn't hold.

use jiff::Timestamp;
use serde::Serialize;

use crate::custody::Holder;
use crate::id::{DeviceKey, EventId, FileName, HandOverId, ItemId, PartyId, SealNumber};

/// A break, the event at which it shows, and the events that explain it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// Where it shows.
    pub event: EventId,
    /// What doesn't hold.
    pub what: Break,
    /// Explanations that were entered; they don't mend it.
    pub explained_by: Vec<EventId>,
}

/// What doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Break {
    /// One id, two contents: which of them is true can't be told, so neither counts.
    #[error("the event was entered in {versions} versions, none of which counts")]
    Versions {
        /// How many.
        versions: usize,
    },
    /// Two events claim one place in a device's count.
    #[error("{device} numbered this event and {other} alike")]
    SameSequence {
        /// The device.
        device: DeviceKey,
        /// The other event.
        other: EventId,
    },
    /// A device's count and its clock disagree.
    #[error("{device} entered this after {other}, and says that it happened before")]
    ClockWentBack {
        /// The device.
        device: DeviceKey,
        /// The event that its count has before.
        other: EventId,
    },
    /// Taken in before it happened.
    #[error("it was received at {received}, before it happened")]
    ReceivedEarly {
        /// When it was taken in.
        received: Timestamp,
    },
    /// No find has brought this item in.
    #[error("no find has brought {item} in")]
    UnknownItem {
        /// The item.
        item: ItemId,
    },
    /// The item was found only later.
    #[error("{item} was found only later")]
    BeforeFind {
        /// The item.
        item: ItemId,
    },
    /// Two finds name one item.
    #[error("{item} was found before, in {first}")]
    FoundTwice {
        /// The item.
        item: ItemId,
        /// The earlier find.
        first: EventId,
    },
    /// Nobody has put this seal on.
    #[error("nobody had put seal {seal} on")]
    UnknownSeal {
        /// The seal.
        seal: SealNumber,
    },
    /// A seal's number was used before.
    #[error("seal {seal} was used before, in {first}")]
    SealUsedTwice {
        /// The seal.
        seal: SealNumber,
        /// The earlier event.
        first: EventId,
    },
    /// Sealed while under another seal.
    #[error("{item} was under seal {seal}, which nobody had opened")]
    UnderSeal {
        /// The item.
        item: ItemId,
        /// The seal.
        seal: SealNumber,
    },
    /// A seal was opened that was open.
    #[error("seal {seal} was open already, since {first}")]
    OpenAlready {
        /// The seal.
        seal: SealNumber,
        /// The event that opened it.
        first: EventId,
    },
    /// Handed on after its first seal was opened, without a new one.
    #[error("{item} was handed on without a seal after its seal had been opened")]
    NotSealedAgain {
        /// The item.
        item: ItemId,
    },
    /// Whoever acted didn't hold it.
    #[error("{by} did not hold {item}: {holder}")]
    NotHolder {
        /// The item.
        item: ItemId,
        /// Who acted.
        by: PartyId,
        /// Who held it, or between whom it was.
        holder: Holder,
    },
    /// Something happened after its end.
    #[error("{item} had been returned or destroyed before")]
    AfterItsEnd {
        /// The item.
        item: ItemId,
    },
    /// An acknowledgement of nothing.
    #[error("no hand-over {hand_over} was entered")]
    UnknownHandOver {
        /// Which.
        hand_over: HandOverId,
    },
    /// Given twice under one number.
    #[error("hand-over {hand_over} was entered before, in {first}")]
    HandedTwice {
        /// Which.
        hand_over: HandOverId,
        /// The earlier event.
        first: EventId,
    },
    /// Acknowledged twice.
    #[error("hand-over {hand_over} was acknowledged before, in {first}")]
    AcknowledgedTwice {
        /// Which.
        hand_over: HandOverId,
        /// The earlier event.
        first: EventId,
    },
    /// The receiver's clock says earlier than the giver's.
    #[error("it was acknowledged before it was handed on, by the clocks of two devices")]
    AcknowledgedEarly {
        /// Which.
        hand_over: HandOverId,
    },
    /// Somebody else acknowledged.
    #[error("{by} acknowledged what was handed to {to}")]
    OtherReceiver {
        /// Who acknowledged.
        by: PartyId,
        /// To whom it was handed.
        to: PartyId,
    },
    /// Giver and receiver don't name the same seals.
    #[error("seal {seal} stands on one side of the hand-over only")]
    SealMisread {
        /// The seal.
        seal: SealNumber,
    },
    /// Giver and receiver don't name the same items.
    #[error("{item} stands on one side of the hand-over only")]
    ItemMissing {
        /// The item.
        item: ItemId,
    },
    /// A seal that isn't whole.
    #[error("the seals were not whole when they were received")]
    Damaged,
    /// A file's bytes are others than they were.
    #[error("{file} has another digest than it had")]
    FileChanged {
        /// The file.
        file: FileName,
    },
    /// A file wasn't hashed anew at a hand-over.
    #[error("{file} was not hashed anew")]
    NotRehashed {
        /// The file.
        file: FileName,
    },
}
