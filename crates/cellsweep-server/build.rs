//! Builds anew when the browser's side was built anew: what is built in is read when this crate is compiled.

fn main() {
    println!("cargo::rerun-if-changed=../../web/dist");
}
