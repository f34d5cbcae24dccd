//! Any bytes as closed.
#![no_main]

#[path = "../src/proofs.rs"]
mod proofs;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| proofs::read("closed", bytes));
