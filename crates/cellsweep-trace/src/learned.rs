//! What the case itself teaches, by handsets weighed by how likely they are inside: the radio of
//! each facility, rings of timing advance, habits, makes.

use cellsweep_model::SectorId;
use cellsweep_model::profile::Counts;
use cellsweep_model::rows::DeviceClass;
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::candidate::Candidate;
use crate::features::{HeardAround, Surroundings};
use crate::files::Dossier;
use crate::habits::{Habits, Lesson};
use crate::makes::Makes;
use crate::radio::{FacilityRadio, HeardInside, RadioMap};
use crate::rings::Rings;
use crate::stay::Stay;

/// Handsets below this are no example of inside.
const EXAMPLE: f64 = 0.3;
/// A far sector that so many examples share is the table's error, not their journey.
const FORGIVEN_SHARE: f64 = 0.08;
const FORGIVEN_HANDSETS: f64 = 2.5;

/// Parts of the compositions that habits are.
const HOURS: usize = 24;
const KINDS: usize = 8;
const PARTIES: usize = 3;

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
    /// How much it says against a handset that its own number is listed.
    pub own_listed: OwnListed,
}

/// A candidate with how likely each of its stays is.
#[derive(Clone, Copy)]
pub struct Believed<'a> {
    /// The candidate.
    pub dossier: &'a Dossier,
    /// Probability of each stay, in their order; empty before there is a belief.
    pub stays: &'a [f64],
}

impl<'a> Believed<'a> {
    /// How likely it is kept anywhere.
    pub fn anywhere(&self) -> f64 {
        self.stays.iter().sum::<f64>().min(1.0)
    }

    /// The likeliest stay: habits are a handset's, and what it shows at a second facility's sectors is the same habits
    /// once more.
    fn likeliest(&self) -> Option<&'a Stay> {
        let stays = &self.dossier.candidate.stays;
        let rank = |index: &usize| (self.stays.get(*index).copied().unwrap_or(0.0), stays[*index].inside);
        let best = (0..stays.len()).max_by(|a, b| {
            let (a, b) = (rank(a), rank(b));
            a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
        })?;
        Some(&stays[best])
    }

    fn each(&self) -> impl Iterator<Item = (&'a Stay, f64)> + '_ {
        let stays = self.dossier.candidate.stays.iter().enumerate();
        stays.map(move |(index, stay)| (stay, self.stays.get(index).copied().unwrap_or(0.0)))
    }
}

/// What the candidates teach, a few at a time, in their order.
pub struct Lessons<'a> {
    map: &'a RadioMap,
    near: Vec<Near>,
    /// `None` before there is a belief to learn by.
    people: Option<People>,
}

/// What stays near one facility teach.
#[derive(Default)]
struct Near {
    inside: HeardInside,
    around: HeardAround,
    rings: Rings,
    /// Far sectors of those that are likely inside, and how many these are.
    far: FxHashMap<SectorId, f64>,
    likely: f64,
}

/// What handsets teach, wherever they are.
struct People {
    hours: [Lesson; 2],
    kinds: [Lesson; 2],
    calls: Lesson,
    own_listed: OwnListed,
    makes: Makes,
}

impl<'a> Lessons<'a> {
    /// Before the first; `known` = there is a belief to learn by.
    pub fn new(map: &'a RadioMap, known: bool) -> Self {
        let near = map.facilities.iter().map(|_| Near::default()).collect();
        let lessons = |parts| [Lesson::new(parts), Lesson::new(parts)];
        let people = known.then(|| People {
            hours: lessons(HOURS),
            kinds: lessons(KINDS),
            calls: Lesson::new(PARTIES),
            own_listed: OwnListed::default(),
            makes: Makes::default(),
        });
        Self { map, near, people }
    }

    /// Adds candidates.
    pub fn take(&mut self, believed: &[Believed<'_>]) {
        let mut near: Vec<Vec<(&Stay, f64)>> = vec![Vec::new(); self.near.len()];
        for (stay, belief) in believed.iter().flat_map(Believed::each) {
            near[stay.facility as usize].push((stay, belief));
        }
        let places = || {
            self.near.par_iter_mut().zip(near).for_each(|(sums, near)| {
                near.into_iter().for_each(|(stay, belief)| sums.take(stay, belief));
            });
        };
        let habits = || {
            if let Some(people) = &mut self.people {
                believed.iter().for_each(|believed| people.take(believed));
            }
        };
        rayon::join(places, habits);
    }

    /// What they taught.
    pub fn learn(self) -> Learned {
        let Self { map, near, people } = self;
        let radios: Vec<FacilityRadio> =
            map.facilities.par_iter().zip(&near).map(|(radio, near)| radio.corrected(map, &near.inside)).collect();
        let surroundings = radios.par_iter().zip(&near).map(|(radio, near)| Surroundings::new(radio, &near.around));
        let surroundings = surroundings.collect();
        let forgiven = near.iter().map(Near::forgiven).collect();
        let rings = near.into_par_iter().map(|near| near.rings.learn()).collect();
        let mut learned = Learned {
            radios,
            surroundings,
            rings,
            forgiven,
            hours: None,
            kinds: None,
            makes: None,
            calls: None,
            own_listed: OwnListed::default(),
        };
        if let Some(people) = people {
            learned.hours = Some(people.hours.map(Lesson::learn));
            learned.kinds = Some(people.kinds.map(Lesson::learn));
            learned.calls = Some(people.calls.learn());
            learned.own_listed = people.own_listed;
            learned.makes = Some(people.makes);
        }
        learned
    }
}

impl Near {
    fn take(&mut self, stay: &Stay, belief: f64) {
        self.around.take(stay, belief);
        self.rings.take(stay, belief);
        if belief > EXAMPLE {
            self.inside.take(&stay.sectors, belief);
            self.likely += belief;
            for (sector, _) in &stay.far {
                *self.far.entry(*sector).or_default() += belief;
            }
        }
    }

    fn forgiven(&self) -> FxHashSet<SectorId> {
        let least = FORGIVEN_HANDSETS.max(FORGIVEN_SHARE * self.likely);
        self.far.iter().filter(|(_, sum)| **sum >= least).map(|(sector, _)| *sector).collect()
    }
}

impl People {
    fn take(&mut self, believed: &Believed<'_>) {
        let candidate = &believed.dossier.candidate;
        let belief = believed.anywhere();
        self.makes.take(candidate.imei, candidate.class, belief);
        let Some(stay) = believed.likeliest() else { return };
        self.hours[usize::from(on_demand(stay))].take(&hours(stay), belief);
        self.kinds[usize::from(is_smart(candidate))].take(&kinds(&stay.counts), belief);
        if let Some(calls) = &believed.dossier.calls {
            let from = calls.from(stay.facility);
            self.calls.take(&from.parts(), belief);
            self.own_listed.take(from.own_listed, belief);
        }
    }
}

/// How many of those inside have a number that an inmate listed, and how many of the others: relatives do, and lend a card to whoever
/// is inside in one country more than in another.
#[derive(Default)]
pub struct OwnListed {
    inside: (f64, f64),
    outside: (f64, f64),
}

impl OwnListed {
    /// What is expected beforehand, of listed and of all.
    const INSIDE: (f64, f64) = (0.5, 50.0);
    const OUTSIDE: (f64, f64) = (10.0, 50.0);
    /// The ratio of odds, ln, that the made-up worlds show, where nobody lends a card.
    const NOBODY_LENDS: f64 = -5.5;

    fn take(&mut self, listed: bool, belief: f64) {
        // Many whose number is listed are hardly likely inside; together they would count as some who are.
        let inside = if belief > EXAMPLE { belief } else { 0.0 };
        for (sums, weight) in [(&mut self.inside, inside), (&mut self.outside, 1.0 - belief)] {
            sums.0 += weight * f64::from(u8::from(listed));
            sums.1 += weight;
        }
    }

    /// How much it says, from 0 where as many are listed inside as outside to 1 where nobody inside is.
    pub fn says(&self) -> f64 {
        let ln_odds = |sums: (f64, f64), usual: (f64, f64)| {
            let (listed, all) = (sums.0 + usual.0, sums.1 + usual.1);
            (listed / (all - listed)).ln()
        };
        let ratio = ln_odds(self.inside, Self::INSIDE) - ln_odds(self.outside, Self::OUTSIDE);
        (ratio / Self::NOBODY_LENDS).clamp(0.0, 1.0)
    }
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

/// Hour-units by local hour.
pub fn hours(stay: &Stay) -> [f64; HOURS] {
    stay.hours.map(f64::from)
}

/// Records by kind.
pub fn kinds(counts: &Counts) -> [f64; KINDS] {
    let Counts { voice_out, voice_in, sms_out, sms_in, data, attach, update, detach, .. } = *counts;
    [voice_out, voice_in, sms_out, sms_in, data, attach, update, detach].map(f64::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_own_number_listed_says_what_the_case_shows() {
        let of = |inside: [usize; 2], outside: [usize; 2]| {
            let mut listed = OwnListed::default();
            for ([yes, no], belief) in [(inside, 0.95), (outside, 0.01)] {
                (0..yes).for_each(|_| listed.take(true, belief));
                (0..no).for_each(|_| listed.take(false, belief));
            }
            listed.says()
        };
        let (nobody, some, alike) =
            (of([0, 500], [1_500, 4_500]), of([50, 350], [2_000, 4_000]), of([100, 300], [1_000, 3_000]));
        assert!(nobody > 0.7 && (0.1..0.4).contains(&some) && alike < 0.05, "{nobody} {some} {alike}");
        assert!((0.4..0.7).contains(&OwnListed::default().says()), "{}", OwnListed::default().says());
    }
}
