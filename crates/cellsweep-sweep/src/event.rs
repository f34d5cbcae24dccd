//! What happens to an exhibit, as it is entered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{
    CellName, DeviceKey, Digest, EventId, FacilityName, FileName, HandOverId, Iccid, Imei, ItemId, PartyId, PersonName,
    SealNumber, Text,
};

/// An event. Its id says which; the same id twice is the same event. The envelope is one for what happens to exhibits
/// ([`What`]) and for what happens on a search day ([`crate::day::DayWhat`]).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event<W = What> {
    /// Which event.
    pub id: EventId,
    /// When it happened, by the clock of the device.
    pub occurred: Timestamp,
    /// When the case took it in; the earliest time counts where a device sent it more than once.
    pub received: Timestamp,
    /// On which device it was entered.
    pub device: DeviceKey,
    /// The device's own count of entries.
    pub sequence: u64,
    /// Who acted, and signed.
    pub by: Party,
    /// What happened.
    pub what: W,
}

impl<W: Ord> Event<W> {
    /// What it says: all but when it was taken in, which differs each time that a device sends it.
    pub(crate) fn content(&self) -> impl Ord + '_ {
        let Self { id, occurred, received: _, device, sequence, by, what } = self;
        (id, occurred, device, sequence, by, what)
    }
}

/// Somebody who acts or is named. Parties are told apart by their ids; the name is as entered.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// Which.
    pub id: PartyId,
    /// The name as entered.
    pub name: PersonName,
    /// In what role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Text>,
}

/// A file, by name and digest: the case keeps it, the chain only vouches for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name in the case.
    pub file: FileName,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum What {
    /// Items were found; whoever entered it found them and holds them.
    Found {
        /// What.
        items: Vec<FoundItem>,
        /// Where.
        place: Place,
        /// In which kind of search.
        occasion: Occasion,
        /// What counts as one find where this was entered.
        one_find: FindRule,
        /// Who saw it.
        witnesses: Vec<Party>,
        /// Photos of the items where they lay.
        photos: Vec<Attachment>,
    },
    /// Items were put under a seal together.
    Sealed {
        /// The number printed on it.
        seal: SealNumber,
        /// What is in it.
        items: Vec<ItemId>,
        /// Photos of the seal.
        photos: Vec<Attachment>,
    },
    /// Whoever holds them gives them to somebody; complete when the receiver acknowledges.
    HandedOn {
        /// Which hand-over.
        hand_over: HandOverId,
        /// To whom.
        to: Party,
        /// The seals' numbers, as the giver reads them now.
        seals: Vec<SealNumber>,
        /// Items that are under no seal.
        items: Vec<ItemId>,
        /// The attached files' digests, computed anew.
        rehashed: Vec<Attachment>,
    },
    /// The receiver acknowledges.
    Acknowledged {
        /// Which hand-over.
        hand_over: HandOverId,
        /// The seals' numbers, as the receiver reads them.
        seals: Vec<SealNumber>,
        /// Items that are under no seal.
        items: Vec<ItemId>,
        /// How the seals are.
        condition: Condition,
        /// The attached files' digests, computed anew.
        rehashed: Vec<Attachment>,
    },
    /// A seal was opened.
    Opened {
        /// Which.
        seal: SealNumber,
        /// Why.
        reason: Text,
        /// Who saw it.
        witnesses: Vec<Party>,
    },
    /// Items were examined.
    Examined {
        /// Which.
        items: Vec<ItemId>,
        /// The examiner's report.
        report: Attachment,
        /// IMEIs that the examination read.
        imeis: Vec<Imei>,
        /// SIMs that it found.
        sims: Vec<Iccid>,
    },
    /// Items were given back for good.
    Returned {
        /// Which.
        items: Vec<ItemId>,
        /// To whom.
        to: Party,
        /// The receipt.
        papers: Vec<Attachment>,
    },
    /// Items were destroyed.
    Destroyed {
        /// Which.
        items: Vec<ItemId>,
        /// Who saw it.
        witnesses: Vec<Party>,
        /// The record of it.
        papers: Vec<Attachment>,
    },
    /// Somebody says how a break came about. The break stays.
    Explained {
        /// The event whose breaks are explained.
        about: EventId,
        /// How it came about.
        text: Text,
    },
}

/// A found item.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundItem {
    /// Which.
    pub id: ItemId,
    /// What it is.
    pub kind: ItemKind,
    /// What it looks like.
    pub description: Text,
    /// IMEIs that stand on it or that it shows.
    pub imeis: Vec<Imei>,
    /// SIMs in it, or itself.
    pub sims: Vec<Iccid>,
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A phone, of whatever size.
    Phone,
    /// A SIM card on its own.
    Sim,
    /// A charger, a cable, a battery.
    Charger,
    /// Something else that belongs to phones.
    Other,
}

/// Where something was found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// In which facility.
    pub facility: FacilityName,
    /// Where in it.
    pub spot: Spot,
    /// The hiding place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hiding_place: Option<Text>,
}

/// Where in a facility.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spot {
    /// A prison cell.
    Cell(CellName),
    /// A place that many use: a yard, a workshop, the kitchen.
    Common(Text),
    /// On a person.
    Person,
    /// Thrown over the wall, in a parcel, by drone: on its way in.
    Entering,
    /// Nobody wrote it down; an old register may not say.
    NotRecorded,
}

/// In which kind of search.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The house's everyday searches.
    Routine,
    /// A search day that was planned.
    Planned(Text),
    /// By chance, or handed in.
    Chance,
    /// Nobody wrote it down.
    NotRecorded,
}

/// What counts as one find: countries count differently, and figures compare only under one rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindRule {
    /// Each item counts: a phone, its SIM and its charger are three.
    EachItem,
    /// Each phone counts with all that lies beside it; without a phone, all that lies together is one.
    EachPhone,
    /// All that was found at one place and time is one.
    EachPlace,
}

/// How seals were when they were received.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Whole.
    Intact,
    /// Not whole; how.
    Damaged(Text),
    /// There is no seal to look at.
    Unsealed,
}
