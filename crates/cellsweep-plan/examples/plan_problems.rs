//! Made-up problems with their plans, a JSON object a line, for another solver to check (`bench/plan_highs.py`):
//! `cargo run --release -p cellsweep-plan --example plan_problems [COUNT]`.
//!
//! Of three kinds by turns: caps on cells and facilities; with a cap in each facility, opening costs and cells that
//! have to be searched; with teams, waves and minutes.

mod lots;

use std::time::Instant;

use cellsweep_plan::{Caps, Problem, Site, Solver, Target, Team, Tool};
use lots::Lots;
use serde_json::{Value, json};

fn problem(lots: &mut Lots, number: usize) -> Result<(&'static str, Problem), cellsweep_model::IdError> {
    let (name, facilities, cells, waves) = match number % 3 {
        0 => ("caps", 20, 60, None),
        1 => ("costs", 20, 60, None),
        _ => ("waves", 6, 14, Some(3_u16)),
    };
    let mut sites = Vec::new();
    for site in 0..facilities {
        let mut site = lots.site(site, cells, waves.unwrap_or(1))?;
        match waves {
            None => site.teams = vec![Team { name: "1".to_owned(), kit: u16::MAX, from_wave: 0, to_wave: 1 }],
            Some(_) => site.most_cells = 8,
        }
        if name == "costs" {
            dearer(&mut site, lots);
        }
        sites.push(site);
    }
    let caps = if waves.is_some() { Caps { cells: 25, facilities: 4 } } else { Caps { cells: 150, facilities: 10 } };
    let left = (0..waves.unwrap_or(1)).map(|wave| 0.5 + 0.5 * 0.35_f64.powi(i32::from(wave))).collect();
    Ok((name, Problem { sites, caps, left, wave_minutes: waves.map(|_| 60) }))
}

/// A cap of its own, a cost of opening it, and now and then a cell that has to be searched.
fn dearer(site: &mut Site, lots: &mut Lots) {
    site.most_cells = 5 + (lots.share() * 20.0) as usize;
    site.opening_cost = lots.share();
    if let Some(target) = site.targets.first_mut() {
        target.must = lots.share() < 0.15;
    }
}

fn told(problem: &Problem) -> Value {
    let tool = |tool: &Tool| json!({ "detector": tool.detector, "minutes": tool.minutes, "value": tool.value });
    let target = |target: &Target| {
        let tools: Vec<Value> = target.tools.iter().map(tool).collect();
        json!({ "must": target.must, "tools": tools })
    };
    let team = |team: &Team| json!({ "kit": team.kit, "from": team.from_wave, "to": team.to_wave });
    let site = |site: &Site| {
        let targets: Vec<Value> = site.targets.iter().map(target).collect();
        let teams: Vec<Value> = site.teams.iter().map(team).collect();
        json!({ "cells": site.most_cells, "cost": site.opening_cost, "targets": targets, "teams": teams })
    };
    let sites: Vec<Value> = problem.sites.iter().map(site).collect();
    json!({
        "cells": problem.caps.cells,
        "facilities": problem.caps.facilities,
        "left": problem.left,
        "minutes": problem.wave_minutes,
        "sites": sites,
    })
}

#[expect(clippy::print_stdout, reason = "what an example is for")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count = std::env::args().nth(1).map_or(Ok(12), |word| word.parse())?;
    let mut lots = Lots(7);
    for number in 0..count {
        let (kind, problem) = problem(&mut lots, number)?;
        let begun = Instant::now();
        let solution = Solver::new(&problem).solve(0, 0).map_err(|error| format!("{error:?}"))?;
        let seconds = begun.elapsed().as_secs_f64();
        let plan = json!({ "value": solution.value, "bound": solution.bound, "seconds": seconds });
        println!("{}", json!({ "kind": kind, "problem": told(&problem), "plan": plan }));
    }
    Ok(())
}
