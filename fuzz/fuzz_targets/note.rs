//! Any bytes as note.
#![no_main]

#[path = "../src/proofs.rs"]
mod proofs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| proofs::read("note", bytes));
