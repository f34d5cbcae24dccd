//! The laws of the log.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

mod bytes;
mod entries;
mod locks;
mod made;
mod notes;
mod trees;
