//! The laws of the log.

#![expect(clippy::unwrap_used, reason = "a test may stop where it fails")]

mod bundles;
mod bytes;
mod closed;
mod codes;
mod corpora;
mod entries;
mod exports;
mod locks;
mod made;
mod made_log;
mod notes;
mod stamps;
mod trees;
