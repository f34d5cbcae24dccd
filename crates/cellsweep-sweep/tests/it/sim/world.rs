//! What a seed draws: how many of everything, and how bad the day is.

use std::collections::VecDeque;

use cellsweep_sweep::day::{CellRef, Plan, PlannedTeam};
use rand::{RngExt, SeedableRng};

use super::made::{self, Gen};

/// How bad the day is.
pub struct Weather {
    /// The share of messages that are lost.
    pub drop: f64,
    /// The share that come twice.
    pub double: f64,
    /// The share that come hours late.
    pub late: f64,
    /// The share of calls that a wall or a jammer swallows for a while.
    pub jammed: f64,
    /// The share of devices that die.
    pub deaths: f64,
    /// The share of dead devices whose entries are taken off them.
    pub rescues: f64,
    /// The share of devices whose clock is off by hours.
    pub wrong_clocks: f64,
    /// The share of devices whose clock somebody sets in the day.
    pub set_clocks: f64,
    /// Chance that the server is killed at a write.
    pub crash: f64,
    /// Chance that a forged, replayed or foreign message goes along with another.
    pub forged: f64,
    /// Chance that a team goes into a cell that isn't its own.
    pub astray: f64,
}

/// A team and its way through the morning.
pub struct Team {
    pub site: usize,
    pub cells: VecDeque<CellRef>,
}

pub struct World {
    pub rng: Gen,
    pub weather: Weather,
    pub sites: usize,
    pub teams: Vec<Team>,
    pub officers: usize,
    pub plan: Plan,
}

fn rate(rng: &mut Gen, most: f64) -> f64 {
    // Every kind of trouble is absent on some days, so that the others are seen alone.
    if rng.random_bool(0.25) { 0.0 } else { rng.random_range(0.0..most) }
}

fn weather(rng: &mut Gen) -> Weather {
    Weather {
        drop: rate(rng, 0.6),
        double: rate(rng, 0.3),
        late: rate(rng, 0.1),
        jammed: rate(rng, 0.5),
        deaths: rate(rng, 0.3),
        rescues: rng.random_range(0.0..=1.0),
        wrong_clocks: rate(rng, 0.5),
        set_clocks: rate(rng, 0.3),
        crash: rate(rng, 0.03),
        forged: rate(rng, 0.05),
        astray: rate(rng, 0.15),
    }
}

/// Most days are small, for what goes wrong goes wrong between few; one in fifty is a nation's.
fn size(rng: &mut Gen) -> (usize, usize) {
    match rng.random_range(0..50) {
        0 => (rng.random_range(40..=66), rng.random_range(100..=160)),
        1..=8 => (rng.random_range(3..=10), rng.random_range(6..=24)),
        _ => (rng.random_range(1..=2), rng.random_range(1..=5)),
    }
}

pub fn draw(seed: u64) -> World {
    let mut rng = Gen::seed_from_u64(seed);
    let mut weather = weather(&mut rng);
    let (sites, count) = size(&mut rng);
    // A server is killed some times a day, however much it writes.
    weather.crash *= 5.0 / (5 + count) as f64;
    let mut cells = Vec::new();
    let mut teams = Vec::new();
    let mut officers = 0;
    for team in 0..count {
        let site = team % sites;
        let mut own = VecDeque::new();
        for number in 0..rng.random_range(2..=7) {
            let cell = made::cell(site, team * 100 + number);
            cells.push(made::planned(cell.clone(), team, rng.random_range(0..900)));
            own.push_back(cell);
        }
        officers += rng.random_range(2..=3);
        teams.push(Team { site, cells: own });
    }
    let site_name = |site: usize| made::cell(site, 0).facility;
    let planned_team = |(team, of): (usize, &Team)| PlannedTeam { team: made::team_id(team), site: site_name(of.site) };
    let plan = Plan {
        operation: "operation 12".parse().unwrap(),
        sites: (0..sites).map(site_name).collect(),
        teams: teams.iter().enumerate().map(planned_team).collect(),
        cells,
    };
    World { rng, weather, sites, teams, officers, plan }
}
