//! A search day made up from a seed: teams, desks and command with phones whose clocks are wrong and which die, on
//! networks that drop, delay, reorder and double, with a server that is killed and somebody who forges and replays.
//!
//! What must hold is checked at each step, or at the end; a failure names its seed and the first step at which the day
//! could have been healed and would still fail.

mod act;
mod actors;
mod checks;
mod figures;
mod heal;
pub mod made;
mod run;
mod world;

pub use figures::Figures;
pub use run::{run, shrink};
