//! Any bytes as a snapshot.
#![no_main]

#[path = "../src/packages.rs"]
mod packages;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packages::read("snapshot", bytes));
