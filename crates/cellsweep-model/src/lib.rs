//! What every other crate of cellsweep agrees on: identifiers that can't be wrong, the tables'
//! columns, findings with their log10 likelihood ratios, and how calibration is measured.
//!
//! Belongs here: values that more than one step speaks of, and the laws they obey.
//! Does not belong here: reading or writing anything, the clock, any step's method.

pub mod alert;
pub mod authority;
pub mod calibration;
pub mod case;
pub mod custody;
pub mod device;
pub mod finding;
pub mod geometry;
pub mod holder;
pub mod id;
pub mod peers;
pub mod persons;
pub mod plan;
pub mod profile;
pub mod record;
pub mod rows;
pub mod sector;
pub mod table;

pub use alert::{About, Alert, AlertKind, AlertReason, Explanation};
pub use authority::{Authority, AuthorityKind, CountryProfile, Scope};
pub use custody::InmateId;
pub use device::Device;
pub use finding::{Finding, Source};
pub use holder::{Holder, HolderFact, HolderFinding, Place, Segment, Successor};
pub use id::{CellId, FacilityId, HandsetKey, IdError, Imei, Imsi, Msisdn, RecordedImei, Tac};
pub use plan::{PlanReason, PlanRow, PlanTarget, Searched, Seized};
pub use sector::{Plmn, SectorId};
