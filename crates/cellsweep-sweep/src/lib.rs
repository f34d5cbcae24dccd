//! Sweep: the search day, what is found, and what becomes of it from the cell to the court, as state machines.
//!
//! Belongs here: what is entered on a search day and what it tells together ([`day`]), how it comes from devices to
//! the server ([`sync`]), the events of an exhibit's life, breaks in the chain of custody, the register of
//! confiscations. Does not belong here: any reading or writing, the clock, keys and the checking of signatures, where
//! events are kept (store), how they are proved (proof), words for people in two languages (report).
//!
//! Events come from devices that were without a network for hours: in any order, and more than once. So a state is
//! the set of its events ([`Exhibits`]), applying one twice changes nothing, and the order of arrival doesn't show.
//! What the events tell together is worked out anew from the whole set: [`Exhibits::custody`], [`Exhibits::register`].
//!
//! Nothing is refused for what other events say, for those may still be under way. A chain that doesn't hold is
//! shown as [`Break`]s, each with its event, and is never mended in silence: an explanation is an event of its own
//! and stands beside the break.

mod breaks;
mod custody;
pub mod day;
mod event;
mod events;
mod id;
pub mod limits;
mod register;
mod state;
pub mod sync;
pub mod wire;

pub use breaks::{Break, Broken};
pub use custody::{Custody, Exhibit, HandOver, Holder, ItemState, Seal};
pub use event::{Attachment, Condition, Event, FindRule, FoundItem, ItemKind, Occasion, Party, Place, Spot, What};
pub use events::Applied;
pub use id::{
    CellName, DeviceKey, Digest, EventId, FacilityName, FileName, HandOverId, Iccid, IdError, Imei, ItemId, PartyId,
    PersonName, PublicKey, SealNumber, ServiceNumber, Signature, TeamId, Text,
};
pub use register::{Register, RegisterRow};
pub use state::{Exhibits, Refusal};
