//! A rehearsed day: `cargo run --release -p cellsweep-field --example rehearse -- [OFFICERS] [SITES] [SEED] [FOLDER]`; 500
//! officers at 66 sites unless said, on a folder that is thrown away. Prints what was in it and what doesn't hold.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example that prints, on made-up data")]

use cellsweep_field::rehearse::{LocalStage, Rehearsal, START, Weather, made, rehearse};

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize, usual: u64| arguments.get(at).map_or(usual, |text| text.parse().unwrap());
    let (officers, sites, seed) = (number(0, 500) as usize, number(1, 66) as usize, number(2, 1));
    let thrown_away = tempfile::tempdir().unwrap();
    let folder = arguments.get(3).map_or(thrown_away.path(), std::path::Path::new);
    let made = made::day(seed, officers, sites, START).unwrap();
    let plan = made.plan.clone();
    let mut stage = LocalStage::begin(folder, made, START).await.unwrap();
    let rehearsal = Rehearsal { seed, weather: Weather::BAD };
    let report = rehearse(&rehearsal, &plan, &mut stage).await.unwrap();
    println!("{}", serde_json::to_string_pretty(&report).unwrap());
    std::process::exit(i32::from(!report.holds()));
}
