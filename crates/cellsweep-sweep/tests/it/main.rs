//! Exhibits: the chain of custody, its breaks, the register, the form of events.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod chain;
mod fixtures;
mod laws;
mod made;
mod register;
