//! The world as it is being made: what every maker of handsets reads and adds to.

use crate::catalogue::{Catalogue, Kind};
use crate::clock::{Clock, DAY};
use crate::facility::Facility;
use crate::identity::Minter;
use crate::land::Area;
use crate::network::{Network, Outages};
use crate::params::Params;
use crate::radio::Spot;
use crate::rng::{Gen, Purpose, chance, exponential, instant, stream};
use crate::roster::Inmate;
use crate::searches::Search;
use crate::trial::OnSites;
use crate::unit::{Class, Habit, Marks, NOWHERE, Place, Power, Routine, Sim, Unit, User};

/// Everything of a world but its records.
pub(crate) struct Plan {
    pub seed: u64,
    pub params: Params,
    pub clock: Clock,
    pub areas: Vec<Area>,
    pub net: Network,
    pub outages: Outages,
    pub trial: Option<OnSites>,
    pub facilities: Vec<Facility>,
    pub inmates: Vec<Inmate>,
    pub catalogue: Catalogue,
    pub minter: Minter,
    pub units: Vec<Unit>,
    /// Searches during the window.
    pub searches: Vec<Search>,
    /// Numbers that many people call: lawyers' offices, taxis, prison support.
    pub common_numbers: Vec<u64>,
}

impl Plan {
    /// A stream for one maker.
    pub(crate) fn rng(&self, purpose: Purpose, index: u64) -> Gen {
        stream(self.seed, purpose, index)
    }

    /// A handset of a kind at its first place, used by nobody's rules yet.
    pub(crate) fn handset(&mut self, rng: &mut Gen, class: Class, kind: Kind, home: Place, habit: Habit) -> Unit {
        let model = self.catalogue.draw(rng, kind);
        let tac = self.catalogue.tac(rng, model);
        let dual = chance(rng, self.catalogue.models[model].dual);
        let first = self.minter.imei(rng, tac);
        let second = if dual { self.minter.second_imei(rng, first, self.catalogue.models[model].paired) } else { 0 };
        let swaps = if class.is_inmates() { self.params.sim_swaps_month } else { 0.04 };
        let sims = self.sims(rng, dual, swaps);
        Unit {
            class,
            imei: [first, second],
            model: model as u16,
            techs: self.catalogue.models[model].techs,
            sims,
            users: vec![User::always(None)],
            places: vec![home],
            bases: Vec::new(),
            legs: Vec::new(),
            routine: Routine::Stay,
            habit,
            from: i64::MIN,
            to: i64::MAX,
            quiet: Vec::new(),
            facility: NOWHERE,
            holder: None,
            cell: None,
            marks: Marks::default(),
            successor_of: None,
        }
    }

    /// SIM cards one after the other, in one slot or two.
    fn sims(&mut self, rng: &mut Gen, dual: bool, swaps_month: f64) -> Vec<Sim> {
        let mut sims = Vec::new();
        let slots = if dual && chance(rng, 0.6) { 2 } else { 1 };
        for slot in 0..slots {
            let mut from = i64::MIN;
            loop {
                let mut sim = self.minter.sim(rng, &self.net, &self.params);
                let next = from.max(self.clock.start())
                    + (exponential(rng, 30.0 / swaps_month.max(0.001)) * DAY as f64) as i64;
                sim.slot = slot;
                sim.from = from;
                let last = next >= self.clock.end();
                sim.to = if last { i64::MAX } else { next };
                sims.push(sim);
                if last {
                    break;
                }
                from = next;
            }
        }
        sims
    }

    /// A home somewhere in an area.
    pub(crate) fn home(&self, rng: &mut Gen, area: usize) -> Spot {
        let at = self.areas[area].home(rng);
        crate::facility::house(rng, area as u16, at, &self.params)
    }

    /// An area, by population.
    pub(crate) fn draw_area(&self, rng: &mut Gen) -> usize {
        let weights: Vec<f64> = self.areas.iter().map(|a| a.population).collect();
        crate::rng::weighted(rng, &weights)
    }

    /// Work, and some places of the free time, near a home.
    pub(crate) fn give_daily_life(&mut self, rng: &mut Gen, unit: &mut Unit, area: usize) {
        let work = self.home(rng, area);
        unit.places.push(Place::outside(work));
        for _ in 0..1 + crate::rng::below(rng, 3) {
            let spot = self.home(rng, area);
            unit.places.push(Place::outside(spot));
        }
        unit.routine = work_week(rng, unit.places.len() as u8);
    }

    /// Adds a handset.
    pub(crate) fn add(&mut self, unit: Unit) -> u32 {
        self.units.push(unit);
        self.units.len() as u32 - 1
    }

    /// An instant of the window.
    pub(crate) fn some_time(&self, rng: &mut Gen) -> i64 {
        instant(rng, self.clock.start(), self.clock.end())
    }
}

/// Working hours of somebody.
pub(crate) fn work_week(rng: &mut Gen, places: u8) -> Routine {
    use crate::rng::between;
    let from = if chance(rng, 0.85) { between(rng, 7.0, 10.0) } else { between(rng, 4.0, 15.0) };
    let mut days = 0u8;
    for d in 0..7 {
        if chance(rng, if d < 5 { 0.9 } else { 0.3 }) {
            days |= 1 << d;
        }
    }
    let to = (from + between(rng, 5.0, 9.5)).min(23.0);
    Routine::Work { from: from as f32, to: to as f32, days, out: between(rng, 0.15, 0.8) as f32, places }
}

/// The habit of a phone that is on all day: for those who must be reachable.
pub(crate) fn reachable(mut habit: Habit) -> Habit {
    habit.power = Power::On;
    habit
}
