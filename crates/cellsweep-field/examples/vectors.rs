//! Writes the fixture to which a phone's spelling and signatures are held: `cargo run --release -p cellsweep-field
//! --example vectors > crates/cellsweep-field/fixtures/vectors.json`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example that prints, on made-up data")]

#[path = "../tests/it/vectors/made.rs"]
mod made;

fn main() {
    println!("{}", serde_json::to_string_pretty(&made::fixture()).unwrap());
}
