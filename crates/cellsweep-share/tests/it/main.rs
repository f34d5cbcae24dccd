//! What leaves a case and what comes in, as others see it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod archives;
mod carriers;
mod comparing;
mod corpora;
mod made;
mod methods;
mod outside;
mod packages;
mod profiles;
mod recalls;
mod snapshots;
mod strategies;
mod tools;
