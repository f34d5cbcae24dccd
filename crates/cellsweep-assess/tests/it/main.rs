//! Estimators on data made up for the purpose, and beside those of Python's statisticians.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod jamming;
mod made;
mod others;
mod python;
mod refusals;
mod words;
