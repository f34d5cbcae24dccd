//! Exhibits: the chain of custody, its breaks, the register, the form of events; the search day and its sync.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod chain;
mod day;
mod days;
mod fixtures;
mod laws;
mod made;
mod register;
mod sim;
