//! How long a plan of a whole country takes, and how close to its bound it is:
//! `cargo run --release -p cellsweep-plan --example plan_speed [FACILITIES CELLS WAVES]`.

use std::time::Instant;

use cellsweep_plan::{Caps, Problem, Site, Solver, Target, TargetKind, Team, Tool};

/// `SplitMix64`.
struct Lots(u64);

impl Lots {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn site(lots: &mut Lots, number: usize, cells: usize, waves: u16) -> Result<Site, cellsweep_model::IdError> {
    let rich = lots.share();
    let mut targets = Vec::with_capacity(cells);
    for cell in 0..cells {
        let expected = 2.0 * rich * lots.share().powi(8);
        let beds = 1 + (lots.share() * 3.0) as u32;
        let tool = |detector, minutes, finds: f64| {
            let found = expected * finds;
            Tool { detector, minutes: minutes + 5 * beds, value: found, found }
        };
        let tools = vec![tool(3, 25, 0.8), tool(5, 10, 0.45)];
        let kind = TargetKind::Cell(format!("C{cell:04}").parse()?);
        targets.push(Target { kind, expected, probability: expected.min(1.0), tools, must: false });
    }
    let team = |name: &str, kit| Team { name: name.to_owned(), kit, from_wave: 0, to_wave: waves };
    let teams = vec![team("A", 1 << 3), team("B", 1 << 3), team("dog", 1 << 5)];
    let facility = format!("F{number:03}").parse()?;
    Ok(Site { facility, targets, teams, most_cells: 60, opening_cost: 0.0, opened: false })
}

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
        sites.push(site(&mut lots, number, cells / facilities, waves as u16)?);
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
