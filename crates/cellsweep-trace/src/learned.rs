//! What the case itself teaches, by handsets weighed by how likely they are inside: the radio of
//! each facility, rings of timing advance, habits, makes.

use std::sync::Arc;

use cellsweep_model::SectorId;
use cellsweep_model::profile::Counts;
use cellsweep_model::rows::DeviceClass;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::calls::{Calls, CallsBy};
use crate::candidate::Candidate;
use crate::features::Surroundings;
use crate::habits::{Habits, Member};
use crate::makes::Makes;
use crate::radio::{FacilityRadio, RadioMap};
use crate::rings::Rings;
use crate::stay::Stay;

/// Handsets below this are no example of inside.
const EXAMPLE: f64 = 0.3;
/// A far sector that so many examples share is the table's error, not their journey.
const FORGIVEN_SHARE: f64 = 0.08;
const FORGIVEN_HANDSETS: f64 = 2.5;

/// What was learnt.
pub struct Learned {
    /// The radio inside each facility.
    pub radios: Vec<FacilityRadio>,
    /// What others near each facility show.
    pub surroundings: Vec<Surroundings>,
    /// Rings near each facility.
    pub rings: Vec<Rings>,
    /// Far sectors that the table has wrong, by facility.
    pub forgiven: Vec<FxHashSet<SectorId>>,
    /// When handsets are used that are on all the time, and those that are switched on to be used;
    /// `None` before there is a belief to learn by.
    pub hours: Option<[Habits; 2]>,
    /// What plain phones are used for, and what smartphones are.
    pub kinds: Option<[Habits; 2]>,
    /// Who makes them.
    pub makes: Option<Makes>,
    /// How many of the numbers they call are listed.
    pub calls: Option<Habits>,
    /// Whom each candidate called, by facility of its stays.
    spoken: Arc<[Option<CallsBy>]>,
}

impl Learned {
    /// Whom a candidate called, as seen from a facility.
    pub fn calls_of(&self, index: usize, facility: usize) -> Option<Calls> {
        self.spoken.get(index)?.as_ref().map(|calls| calls.from(facility as u32))
    }
}

/// A candidate with how likely each of its stays is.
#[derive(Clone, Copy)]
pub struct Believed<'a> {
    /// The candidate.
    pub candidate: &'a Candidate,
    /// Probability of each stay, in their order; empty before there is a belief.
    pub stays: &'a [f64],
}

impl<'a> Believed<'a> {
    /// How likely it is kept anywhere.
    pub fn anywhere(&self) -> f64 {
        self.stays.iter().sum::<f64>().min(1.0)
    }

    /// The likeliest stay, with how likely the handset is kept anywhere: habits are a handset's,
    /// and what it shows at a second facility's sectors is the same habits once more.
    fn likeliest(&self) -> Option<(&'a Stay, f64)> {
        let rank =
            |index: &usize| (self.stays.get(*index).copied().unwrap_or(0.0), self.candidate.stays[*index].inside);
        let best = (0..self.candidate.stays.len()).max_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        })?;
        Some((&self.candidate.stays[best], self.anywhere()))
    }

    fn each(&self) -> impl Iterator<Item = (&'a Stay, f64)> + '_ {
        let candidate = self.candidate;
        let stays = self.stays;
        candidate.stays.iter().enumerate().map(move |(index, stay)| (stay, stays.get(index).copied().unwrap_or(0.0)))
    }
}

/// Learns from what is believed so far; `spoken` says whom each candidate called.
pub fn learn(map: &RadioMap, believed: &[Believed<'_>], spoken: &Arc<[Option<CallsBy>]>) -> Learned {
    let mut near: Vec<Vec<(&Stay, f64)>> = vec![Vec::new(); map.facilities.len()];
    for (stay, belief) in believed.iter().flat_map(Believed::each) {
        near[stay.facility as usize].push((stay, belief));
    }
    let radios: Vec<FacilityRadio> =
        map.facilities.par_iter().zip(&near).map(|(radio, near)| corrected(map, radio, near)).collect();
    let surroundings = radios.par_iter().zip(&near).map(|(radio, near)| Surroundings::new(radio, near)).collect();
    let rings = near.par_iter().map(|near| Rings::learn(near.iter().copied())).collect();
    let forgiven = near.par_iter().map(|near| forgiven(near)).collect();
    let known = believed.first().is_some_and(|first| !first.stays.is_empty());
    Learned {
        radios,
        surroundings,
        rings,
        forgiven,
        hours: known.then(|| [false, true].map(|demand| hours_of(believed, demand))),
        kinds: known.then(|| [false, true].map(|smart| kinds_of(believed, smart))),
        makes: known.then(|| Makes::learn(believed.iter().map(make))),
        calls: known.then(|| Habits::learn(&callers(believed, spoken))),
        spoken: Arc::clone(spoken),
    }
}

fn callers(believed: &[Believed<'_>], spoken: &[Option<CallsBy>]) -> Vec<Member> {
    let of = believed.iter().zip(spoken).filter_map(|(believed, calls)| {
        let (stay, belief) = believed.likeliest()?;
        Some(Member { counts: calls.as_ref()?.from(stay.facility).parts(), belief })
    });
    of.collect()
}

fn corrected(map: &RadioMap, radio: &FacilityRadio, near: &[(&Stay, f64)]) -> FacilityRadio {
    let likely = near.iter().filter(|(_, belief)| *belief > EXAMPLE);
    radio.corrected(map, likely.map(|(stay, belief)| (stay.sectors.as_slice(), *belief)))
}

fn forgiven(near: &[(&Stay, f64)]) -> FxHashSet<SectorId> {
    let mut sums: FxHashMap<SectorId, f64> = FxHashMap::default();
    let mut all = 0.0;
    for (stay, belief) in near.iter().filter(|(_, belief)| *belief > EXAMPLE) {
        all += belief;
        for (sector, _) in &stay.far {
            *sums.entry(*sector).or_default() += belief;
        }
    }
    let least = FORGIVEN_HANDSETS.max(FORGIVEN_SHARE * all);
    sums.into_iter().filter(|(_, sum)| *sum >= least).map(|(sector, _)| sector).collect()
}

fn kinds_of(believed: &[Believed<'_>], smart: bool) -> Habits {
    Habits::learn(&members(believed, |candidate, _| is_smart(candidate) == smart, |stay| kinds(&stay.counts)))
}

fn hours_of(believed: &[Believed<'_>], demand: bool) -> Habits {
    Habits::learn(&members(believed, |_, stay| on_demand(stay) == demand, hours))
}

/// Whether a handset is switched on to be used: one that is on all the time reports its place
/// every few hours (3GPP TS 24.008, periodic updating), and is heard at any hour for it.
pub fn on_demand(stay: &Stay) -> bool {
    f64::from(stay.counts.update) + 1.0 < 0.12 * (f64::from(stay.counts.events) + 8.0)
}

/// Smartphones use data all day; what a plain phone does is measured against plain phones.
pub fn is_smart(candidate: &Candidate) -> bool {
    candidate.class == DeviceClass::Smart
}

fn members(
    believed: &[Believed<'_>],
    wanted: impl Fn(&Candidate, &Stay) -> bool,
    counts: impl Fn(&Stay) -> Vec<f64>,
) -> Vec<Member> {
    let of = believed.iter().filter_map(|believed| {
        let (stay, belief) = believed.likeliest()?;
        wanted(believed.candidate, stay).then(|| Member { counts: counts(stay), belief })
    });
    of.collect()
}

fn make(believed: &Believed<'_>) -> (Option<cellsweep_model::Imei>, DeviceClass, f64) {
    (believed.candidate.imei, believed.candidate.class, believed.anywhere())
}

/// Hour-units by local hour.
pub fn hours(stay: &Stay) -> Vec<f64> {
    stay.hours.iter().map(|hours| f64::from(*hours)).collect()
}

/// Records by kind.
pub fn kinds(counts: &Counts) -> Vec<f64> {
    let talk = [counts.voice_out, counts.voice_in, counts.sms_out, counts.sms_in];
    let rest = [counts.data, counts.attach, counts.update, counts.detach];
    talk.into_iter().chain(rest).map(f64::from).collect()
}
