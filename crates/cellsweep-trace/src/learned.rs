//! What the case itself teaches, by handsets weighed by how likely they are inside: the radio of
//! each facility, rings of timing advance, habits, makes.

use cellsweep_model::SectorId;
use cellsweep_model::profile::Counts;
use cellsweep_model::rows::DeviceClass;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

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
    /// When handsets are used; `None` before there is a belief to learn by.
    pub hours: Option<Habits>,
    /// What plain phones are used for, and what smartphones are.
    pub kinds: Option<[Habits; 2]>,
    /// Who makes them.
    pub makes: Option<Makes>,
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
    fn each(&self) -> impl Iterator<Item = (&'a Stay, f64)> + '_ {
        let candidate = self.candidate;
        let stays = self.stays;
        candidate.stays.iter().enumerate().map(move |(index, stay)| (stay, stays.get(index).copied().unwrap_or(0.0)))
    }
}

/// Learns from what is believed so far.
pub fn learn(map: &RadioMap, believed: &[Believed<'_>]) -> Learned {
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
        hours: known.then(|| Habits::learn(&members(believed, |_| true, hours))),
        kinds: known.then(|| [false, true].map(|smart| kinds_of(believed, smart))),
        makes: known.then(|| Makes::learn(believed.iter().map(make))),
    }
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
    Habits::learn(&members(believed, |candidate| is_smart(candidate) == smart, |stay| kinds(&stay.counts)))
}

/// Smartphones use data all day; what a plain phone does is measured against plain phones.
pub fn is_smart(candidate: &Candidate) -> bool {
    candidate.class == DeviceClass::Smart
}

fn members(
    believed: &[Believed<'_>],
    wanted: impl Fn(&Candidate) -> bool,
    counts: impl Fn(&Stay) -> Vec<f64>,
) -> Vec<Member> {
    let of = believed.iter().filter(|believed| wanted(believed.candidate)).flat_map(Believed::each);
    of.map(|(stay, belief)| Member { counts: counts(stay), belief }).collect()
}

fn make(believed: &Believed<'_>) -> (Option<cellsweep_model::Imei>, DeviceClass, f64) {
    let belief = believed.stays.iter().sum::<f64>().min(1.0);
    (believed.candidate.imei, believed.candidate.class, belief)
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
