//! Search days made up from seeds, each checked: `cargo run --release -p cellsweep-sweep --example days -- [COUNT]
//! [FIRST]`. Prints what was in them, and the seed and step of each that fails.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example that prints, on made-up data")]

#[path = "../tests/it/sim/mod.rs"]
mod sim;

use std::time::Instant;

fn main() {
    let mut arguments = std::env::args().skip(1).map(|argument| argument.parse::<u64>().unwrap());
    let (count, first) = (arguments.next().unwrap_or(10_000), arguments.next().unwrap_or(0));
    let start = Instant::now();
    let mut total = sim::Figures::default();
    let mut failed = 0;
    for seed in first..first + count {
        if seed > first && (seed - first) % 1_000 == 0 {
            println!("{} days in {:.1} s, {failed} failed", seed - first, start.elapsed().as_secs_f64());
        }
        match sim::run(seed, None) {
            Ok(figures) => total.add(&figures),
            Err(failure) => {
                failed += 1;
                println!("{}", sim::shrink(failure));
            }
        }
    }
    println!("{count} days from seed {first} in {:.1} s, {failed} failed", start.elapsed().as_secs_f64());
    println!("{total}");
}
