//! Any bytes as what an operator answers.
#![no_main]

#[path = "../src/packages.rs"]
mod packages;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packages::read("answers", bytes));
