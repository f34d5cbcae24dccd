//! The checker from outside: the real program, and other projects' programs beside it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may stop where it fails")]

mod flips;
mod go;
#[path = "../../../cellsweep-proof/tests/it/made_log.rs"]
mod made_log;
mod merkle;
mod openssl;
mod page;
mod program;
mod tools;
