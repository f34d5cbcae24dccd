//! The search day's server, as phones and the command post meet it.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod asking;
mod desk;
mod journals;
mod paper;
#[path = "../../../cellsweep-store/tests/it/postgres.rs"]
mod postgres;
mod rehearsal;
mod vectors;
