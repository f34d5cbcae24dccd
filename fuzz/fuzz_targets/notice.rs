//! Any bytes as a notice of recall, or as a file of known keys.
#![no_main]

#[path = "../src/packages.rs"]
mod packages;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| packages::read("notice", bytes));
