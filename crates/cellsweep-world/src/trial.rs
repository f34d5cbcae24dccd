//! Jamming whose effect is known: a trial laid over a world, so that whoever measures effects can be measured.
//!
//! The effect is a share of handset-days: on that share of its days under jamming a handset in a jammed wing leaves no
//! record on the jammed technologies, and on the others it is as ever. So a fall of handsets heard a day is the share
//! itself, and nothing else of the world changes: which day is silent is hashed, no random stream is touched.

use serde::Serialize;

use crate::clock::{Clock, DAY};
use crate::facility::Facility;
use crate::network::{Network, Outages, TECHS};
use crate::plan::Plan;
use crate::rng::{Purpose, hash01, mix, shuffle, stream};
use crate::unit::{NOWHERE, Place};

/// What is tried where, and what it does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial {
    /// Facilities that are jammed, drawn from the seed; all other jamming of the world is left out.
    pub facilities: u32,
    /// The first is jammed from this day of the records on; each other one some days later.
    pub from_day: u32,
    /// The share of handset-days inside that is silenced.
    pub effect: f64,
    /// The same share among those who live within [`Trial::REACH_M`] of the wall.
    pub spill: f64,
    /// Which technologies, by their names in the tables; empty: all.
    pub technologies: Vec<String>,
    /// Only every second wing.
    pub half_the_wings: bool,
    /// Operators' antennas around the jammed facilities fail for three days when jamming begins.
    pub outage: bool,
}

impl Trial {
    /// How far spill-over reaches, in metres from the middle of a wall.
    pub const REACH_M: f64 = 400.0;
}

/// A facility that is jammed.
pub(crate) struct Site {
    pub facility: u16,
    pub from: i64,
}

/// A trial on a world's facilities.
pub(crate) struct OnSites {
    trial: Trial,
    seed: u64,
    pub sites: Vec<Site>,
}

/// Days between one facility's start and the next's.
const STAGGER_DAYS: u32 = 3;
const OUTAGE_DAYS: i64 = 3;
/// Antennas nearer than this fail in an outage.
const OUTAGE_M: f64 = 5_000.0;

impl OnSites {
    /// Draws the facilities.
    pub(crate) fn draw(seed: u64, trial: &Trial, facilities: usize, clock: &Clock) -> Self {
        let mut order: Vec<u16> = (0..facilities as u16).collect();
        shuffle(&mut stream(seed, Purpose::Facilities, u64::MAX - 1), &mut order);
        order.truncate(trial.facilities as usize);
        let start = |step: usize| {
            let day = (trial.from_day + STAGGER_DAYS * step as u32).min(clock.days());
            clock.midnights[day as usize]
        };
        let sites = order.into_iter().enumerate().map(|(step, facility)| Site { facility, from: start(step) });
        Self { trial: trial.clone(), seed, sites: sites.collect() }
    }

    /// Lets the antennas around the facilities fail, where that is asked for.
    pub(crate) fn fail(&self, facilities: &[Facility], net: &Network, outages: &mut Outages) {
        for (site, from, to) in self.outages() {
            let facility = &facilities[site];
            let near = |x: f64, y: f64| (x - facility.x).hypot(y - facility.y) < OUTAGE_M;
            let masts = net.by_area[facility.area as usize].iter().flat_map(Clone::clone);
            for mast in masts.map(|mast| &net.sites[mast as usize]).filter(|mast| near(mast.x, mast.y)) {
                outages.sectors.extend(mast.sectors.clone().map(|sector| (sector, (from, to))));
            }
        }
    }

    /// Facilities with the time in which everything around them is off.
    pub(crate) fn outages(&self) -> impl Iterator<Item = (usize, i64, i64)> + '_ {
        let sites = self.sites.iter().filter(|_| self.trial.outage);
        sites.map(|site| (usize::from(site.facility), site.from, site.from + OUTAGE_DAYS * DAY))
    }

    /// Whether a wing is among those that are jammed.
    pub(crate) fn takes(&self, wing: u8) -> bool {
        !self.trial.half_the_wings || wing.is_multiple_of(2)
    }

    /// Whether the whole facility is jammed.
    pub(crate) fn is_whole(&self) -> bool {
        !self.trial.half_the_wings
    }

    /// Names of the jammed technologies.
    pub(crate) fn technologies(&self) -> Vec<&'static str> {
        TECHS.iter().map(|tech| tech.name()).filter(|name| self.has(name)).collect()
    }

    fn has(&self, name: &str) -> bool {
        self.trial.technologies.is_empty() || self.trial.technologies.iter().any(|jammed| jammed == name)
    }

    /// Whether a handset at a place is silent on a technology that day.
    pub(crate) fn silences(&self, plan: &Plan, (handset, place): (u64, &Place), tech: usize, t: i64) -> bool {
        let share = self.share(plan, place, t);
        share > 0.0 && self.has(TECHS[tech].name()) && {
            let day = t.div_euclid(DAY) as u64;
            hash01(mix(mix(self.seed, handset), day)) < share
        }
    }

    fn share(&self, plan: &Plan, place: &Place, t: i64) -> f64 {
        let jammed = self.sites.iter().filter(|site| site.from <= t);
        if place.facility != NOWHERE {
            let here = jammed.filter(|site| site.facility == place.facility).count() > 0 && self.takes(place.wing);
            return if here { self.trial.effect } else { 0.0 };
        }
        let near = |site: &Site| {
            let facility = &plan.facilities[usize::from(site.facility)];
            let (dx, dy) =
                (place.spot.x - facility.x - facility.width / 2.0, place.spot.y - facility.y - facility.height / 2.0);
            let reach = facility.width.max(facility.height) / 2.0 + Trial::REACH_M;
            facility.area == place.spot.area && dx.hypot(dy) < reach
        };
        if self.trial.spill > 0.0 && jammed.into_iter().any(near) { self.trial.spill } else { 0.0 }
    }
}
