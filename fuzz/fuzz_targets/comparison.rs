//! Any bytes as a message of a comparison.
#![no_main]

#[path = "../src/packages.rs"]
mod packages;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packages::read("comparison", bytes));
