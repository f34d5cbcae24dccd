//! Assess: what jamming, detectors and routes really do, said with intervals that hold.
//!
//! Belongs here: estimators of effects and rates from tables of outcomes, their intervals, the refusal to give a
//! number where the data can't carry one, and the two sentences for each result ([`say`]). Does not belong here: any
//! reading or writing, the clock, randomness (a seed is an argument), what is planned or searched next.
//!
//! Every estimator takes values and returns either numbers with an interval or [`CantTell`], which says what would be
//! needed. An interval is at 95 % where nothing else is said.

pub mod capture;
pub mod detectors;
mod draw;
pub mod groups;
mod id;
pub mod interval;
pub mod jamming;
pub mod method;
pub mod operation;
mod refusal;
pub mod register;
pub mod routes;
pub mod say;
mod special;

pub use id::{BlankName, Facility, Technology};
pub use interval::Interval;
pub use refusal::{CantTell, Needed, Shortage};
