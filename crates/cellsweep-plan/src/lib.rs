//! Plan: which cells are searched on the morning, by which team, with what and in what order, and
//! how close to the best possible that is.
//!
//! Belongs here: what a search is worth, limits, the solver with its bound, what a search that was
//! done says about the rest. Does not belong here: any reading or writing, the clock, words for
//! people in two languages.
//!
//! A handset lies in one place, so its chances over places add up and nothing is counted twice: the
//! mean number found in a set of cells is a sum over cells. Given which facilities open, a facility's
//! best with `n` cells does not depend on the others; so each facility's curve is drawn first
//! ([`Solver`]), with an upper bound beside it, and the country is then an allocation of
//! cells over curves, solved exactly by dynamic programming where that is affordable and by prices
//! otherwise. Both give a bound that holds.

mod belief;
mod build;
mod conflict;
mod curve;
mod detect;
mod fill;
mod hiding;
mod limits;
mod nation;
mod prices;
mod problem;
mod reach;
mod solve;
mod upper;

pub use belief::{Belief, Heard, PhoneBelief, SearchDone, Spot};
pub use build::{BuildError, Given, PersonChance, build};
pub use conflict::{Conflict, ConflictPart, conflict, let_go};
pub use detect::{Detection, DetectionRow, DetectorHistory, Hiding};
pub use hiding::HidingKind;
pub use limits::{AuthorityScope, Crew, FacilityLimits, Limits, MustCell, Objective, ToolMinutes, Vanishing};
pub use prices::{CurvePoint, Price, PriceOf};
pub use problem::{Caps, Problem, Site, Target, TargetKind, Team, Tool};
pub use reach::HidingHistory;
pub use solve::{Chosen, PlanError, Solution, Solver};

/// The method's version, as runs name it.
pub const METHOD: &str = "plan-2";
