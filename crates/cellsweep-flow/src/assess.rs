//! Assess: what jamming, detectors, routes, an operation and the method itself come to, from the case's own tables and
//! the latest runs; each with intervals that hold, or with what it would take to tell.
//!
//! Each question's file reads what it needs, hands values to `cellsweep-assess`, and puts the answer into sentences,
//! tables and drawings ([`Study`]).

mod air;
mod answer;
mod detectors;
mod heard;
mod inside;
mod jamming;
mod method;
mod operation;
mod page;
mod panel;
mod register;
mod routes;
mod rows;
mod shown;
mod studies;

pub use answer::Answer;
pub use detectors::{DetectorsAssessed, assess_detectors};
pub use jamming::{JammingAsked, JammingAssessed, assess_jamming};
pub use method::{ModelAssessed, assess_model};
pub use operation::{OperationAssessed, assess_operation};
pub use page::write_study;
pub use register::{RegisterAssessed, SearchesAssessed, assess_register, assess_searches};
pub use routes::{ClosureAsked, RoutesAssessed, assess_routes};
pub use studies::{NoSuchStudy, StudyOf, study};
