//! How long a plan of a whole country takes, and how close to its bound it is:
//! `cargo run --release -p cellsweep-plan --example plan_speed [FACILITIES CELLS WAVES]`.

mod lots;

use std::time::Instant;

use cellsweep_plan::{Caps, Problem, Solver};
use lots::Lots;

#[expect(clippy::print_stdout, reason = "what an example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let (facilities, cells, waves) = match asked[..] {
        [facilities, cells, waves] => (facilities, cells, waves),
        _ => (187, 60_000, 12),
    };
    let mut lots = Lots(1);
    let mut sites = Vec::new();
    for number in 0..facilities {
        sites.push(lots.site(number, cells / facilities, waves as u16)?);
    }
    let left = (0..waves).map(|wave| 0.5 + 0.5 * 0.5_f64.powf(wave as f64 * 45.0 / 30.0)).collect();
    let caps = Caps { cells: 500, facilities: facilities.min(66) };
    let problem = Problem { sites, caps, left, wave_minutes: Some(45) };
    let begun = Instant::now();
    let solver = Solver::new(&problem);
    let solution = solver.solve(0, 0).map_err(|error| format!("{error:?}"))?;
    println!(
        "{facilities} facilities, {} cells, {waves} waves: {} searches in {:.2} s, {:.3} of at most {:.3}: {:.3} % below",
        facilities * (cells / facilities),
        solution.chosen.len(),
        begun.elapsed().as_secs_f64(),
        solution.value,
        solution.bound,
        100.0 * solution.gap()
    );
    let begun = Instant::now();
    let count = solver.prices().len();
    println!("{count} prices of limits in {:.2} s", begun.elapsed().as_secs_f64());
    Ok(())
}
