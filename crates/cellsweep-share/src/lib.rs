//! Share: what leaves a case, and what comes in from others, as bytes that anyone can check.
//!
//! Belongs here: a case's versioned snapshot; the package around it, signed, with hard limits on reading; the same
//! case in other projects' forms; what a recipient's profile cuts away and what is told before it leaves.
//! Does not belong here: files, the network, the clock, randomness (times, seeds and keys are arguments), papers for
//! people (report), who may decide that something leaves.
//!
//! ```text
//! CaseSnapshot ─ Profile::cut ─> CaseSnapshot ── forms ──> files ─┐
//!                     └─> preview                                 ├─ Package::seal ─> bytes ─ open ─> Package
//!                                         checkpoint, proofs … ───┘
//! ```

pub mod carrier;
pub mod compare;
pub mod method;
pub mod package;
pub mod profile;
pub mod recall;
pub mod snapshot;
pub mod trust;
pub mod zip;

mod case;
mod csv;
mod forms;
mod ftm;
mod links;
mod misp;
mod uuid;

pub use case::case_jsonld;
pub use csv::CsvError;
pub use forms::{FormError, forms};
pub use ftm::ftm_entities;
pub use links::{calls_csv, geopackage, graphml, links_csv, places_geojson};
pub use misp::misp_event;
pub use package::{Package, open};
pub use snapshot::CaseSnapshot;
