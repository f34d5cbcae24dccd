//! Papers from outside: what they say, and whether other programs read them so.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod laws;
mod made;
mod outside;
mod texts;
