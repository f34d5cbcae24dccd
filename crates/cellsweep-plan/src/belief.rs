//! Where each handset may lie, and what searches that were done say about it.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{CellId, FacilityId, Imei};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::detect::{Detection, SiteDetection};

/// A place in a facility.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// In a cell.
    Cell(CellId),
    /// Where no cell is, or in none that is worth a row.
    Common,
}

/// A handset that may be kept in a facility.
#[derive(Debug, Clone, PartialEq)]
pub struct PhoneBelief {
    /// Its key.
    pub handset: String,
    /// Its IMEI, where it has one.
    pub imei: Option<Imei>,
    /// In which facility.
    pub facility: FacilityId,
    /// Its model's class.
    pub class: DeviceClass,
    /// First record, microseconds since 1970 UTC: searches before say nothing about it.
    pub first_seen: i64,
    /// Last record, or the last time that it was heard otherwise.
    pub last_seen: i64,
    /// Where it may lie, with the probability of each; they add up to that of being kept here.
    pub spots: Vec<(Spot, f64)>,
}

/// A cell that was searched.
#[derive(Debug, Clone, PartialEq)]
pub struct SearchDone {
    /// When, microseconds since 1970 UTC.
    pub time: i64,
    /// In which facility.
    pub facility: FacilityId,
    /// Which cell.
    pub cell: CellId,
    /// With what: a position among the table's words.
    pub detector: usize,
    /// Phones found.
    pub found: u32,
}

/// A handset that was found or heard at an instant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Heard {
    /// Which.
    pub imei: Imei,
    /// When, microseconds since 1970 UTC.
    pub time: i64,
}

/// All handsets.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Belief {
    /// In any order.
    pub phones: Vec<PhoneBelief>,
}

/// Where a search was.
type PlaceKey = (FacilityId, CellId);

/// What a handset's chance in a cell becomes when the cell is searched.
struct Step {
    time: i64,
    /// That it is not found although it lies there.
    miss: f64,
    /// That it was one of the phones found whose IMEI nobody read.
    taken: f64,
}

impl Belief {
    /// Takes in that handsets were heard: one that speaks after its cell was searched was missed.
    pub fn hear(&mut self, heard: &[Heard]) {
        let mut last: FxHashMap<Imei, i64> = FxHashMap::default();
        for Heard { imei, time } in heard {
            let known = last.entry(*imei).or_insert(*time);
            *known = (*known).max(*time);
        }
        for phone in &mut self.phones {
            if let Some(time) = phone.imei.and_then(|imei| last.get(&imei)) {
                phone.last_seen = phone.last_seen.max(*time);
            }
        }
    }

    /// Takes in searches (Bayes): one without a find leaves the detector's miss rate of a cell's chance
    /// and raises the handset's other places; `found` are the phones whose IMEI was read.
    pub fn search(&mut self, searches: &[SearchDone], found: &[Heard], detection: &Detection) {
        let mut found_at: FxHashMap<Imei, i64> = FxHashMap::default();
        for Heard { imei, time } in found {
            let known = found_at.entry(*imei).or_insert(*time);
            *known = (*known).max(*time);
        }
        // A phone that spoke after it was "found" is another one with the same number.
        self.phones.retain(|phone| {
            let at = phone.imei.and_then(|imei| found_at.get(&imei));
            at.is_none_or(|at| phone.last_seen > *at)
        });
        let mut by_cell: FxHashMap<PlaceKey, Vec<&SearchDone>> = FxHashMap::default();
        for search in searches {
            by_cell.entry((search.facility.clone(), search.cell.clone())).or_default().push(search);
        }
        let searched: FxHashSet<&FacilityId> = by_cell.keys().map(|(facility, _)| facility).collect();
        let finds = searched.into_iter().map(|facility| (facility.clone(), detection.at(facility))).collect();
        let nameless = self.nameless(&by_cell, found, &finds);
        for phone in &mut self.phones {
            if let Some(finds) = finds.get(&phone.facility) {
                phone.learn(&by_cell, &nameless, finds);
            }
        }
        self.phones.retain(|phone| !phone.spots.is_empty());
    }

    /// Of each search, the mean number of listed handsets that it would have found, where somebody
    /// found phones whose IMEI was not read: (found without a name, expected).
    fn nameless(
        &self,
        by_cell: &FxHashMap<PlaceKey, Vec<&SearchDone>>,
        found: &[Heard],
        finds: &FxHashMap<FacilityId, SiteDetection>,
    ) -> FxHashMap<(PlaceKey, i64), f64> {
        let times: FxHashSet<i64> = found.iter().map(|heard| heard.time).collect();
        let mut expected: FxHashMap<(PlaceKey, i64), f64> = FxHashMap::default();
        for phone in &self.phones {
            let Some(finds) = finds.get(&phone.facility) else { continue };
            for (spot, chance) in &phone.spots {
                let Spot::Cell(cell) = spot else { continue };
                let key = (phone.facility.clone(), cell.clone());
                for search in by_cell.get(&key).into_iter().flatten() {
                    if search.found > 0 && phone.may_be_taken_in(search) {
                        *expected.entry((key.clone(), search.time)).or_default() +=
                            chance * finds.of(search.detector, phone.class);
                    }
                }
            }
        }
        let mut shares = FxHashMap::default();
        for ((key, time), expected) in expected {
            let searches = by_cell.get(&key).into_iter().flatten().filter(|search| search.time == time);
            let count: u32 = searches.map(|search| search.found).sum();
            let named = u32::from(times.contains(&time));
            let unnamed = f64::from(count.saturating_sub(named));
            if unnamed > 0.0 && expected > 0.0 {
                shares.insert((key, time), (unnamed / expected).min(1.0 / expected.max(1e-9)));
            }
        }
        shares
    }
}

impl PhoneBelief {
    /// That it is kept here.
    pub fn kept(&self) -> f64 {
        self.spots.iter().map(|(_, chance)| chance).sum()
    }

    /// It was there before, and nobody heard it since.
    fn may_be_taken_in(&self, search: &SearchDone) -> bool {
        self.first_seen < search.time && self.last_seen <= search.time
    }

    fn learn(
        &mut self,
        by_cell: &FxHashMap<PlaceKey, Vec<&SearchDone>>,
        nameless: &FxHashMap<(PlaceKey, i64), f64>,
        finds: &SiteDetection,
    ) {
        let before = self.kept();
        if before <= 0.0 {
            return;
        }
        let mut steps: Vec<Vec<Step>> = Vec::with_capacity(self.spots.len());
        for (spot, _) in &self.spots {
            steps.push(self.steps(spot, by_cell, nameless, finds));
        }
        let last = self.last_seen;
        // Searches that it spoke after: it is still kept, only elsewhere than thought.
        self.apply(&steps, |step| step.time < last, None);
        let kept = self.kept().max(1e-300);
        self.spots.iter_mut().for_each(|(_, chance)| *chance *= before / kept);
        // Those since: it may not be kept here at all.
        self.apply(&steps, |step| step.time >= last, Some(1.0 - before.min(1.0)));
    }

    fn apply(&mut self, steps: &[Vec<Step>], which: impl Fn(&Step) -> bool, elsewhere: Option<f64>) {
        let mut taken = 0.0;
        let mut changed = false;
        let mut spots = self.spots.clone();
        for ((_, chance), steps) in spots.iter_mut().zip(steps) {
            for step in steps.iter().filter(|step| which(step)) {
                let lies = *chance;
                let gone = if elsewhere.is_some() { (lies * step.taken).min(lies) } else { 0.0 };
                taken += gone;
                *chance = (lies - gone) * step.miss;
                changed = true;
            }
        }
        if !changed {
            return;
        }
        if let Some(elsewhere) = elsewhere {
            // What was taken is gone; the rest is as likely as before in all.
            let rest = spots.iter().map(|(_, chance)| chance).sum::<f64>() + elsewhere;
            let scale = (1.0 - taken).max(0.0) / rest.max(1e-300);
            spots.iter_mut().for_each(|(_, chance)| *chance *= scale);
        }
        self.spots = spots;
    }

    fn steps(
        &self,
        spot: &Spot,
        by_cell: &FxHashMap<PlaceKey, Vec<&SearchDone>>,
        nameless: &FxHashMap<(PlaceKey, i64), f64>,
        finds: &SiteDetection,
    ) -> Vec<Step> {
        let Spot::Cell(cell) = spot else { return Vec::new() };
        let key = (self.facility.clone(), cell.clone());
        let searches = by_cell.get(&key).into_iter().flatten().filter(|search| search.time > self.first_seen);
        let step = |search: &&SearchDone| {
            let finds = finds.of(search.detector, self.class);
            let share = nameless.get(&(key.clone(), search.time)).copied().unwrap_or(0.0);
            let taken = if self.may_be_taken_in(search) { (share * finds).min(1.0) } else { 0.0 };
            Step { time: search.time, miss: 1.0 - finds, taken }
        };
        searches.map(step).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn phone(spots: &[(&str, f64)], last_seen: i64) -> Belief {
        let spot = |(cell, chance): &(&str, f64)| (cell.parse().map(Spot::Cell).unwrap_or(Spot::Common), *chance);
        Belief {
            phones: vec![PhoneBelief {
                handset: "h".to_owned(),
                imei: "35920411223344".parse().ok(),
                facility: "F1".parse().unwrap(),
                class: DeviceClass::Smart,
                first_seen: 0,
                last_seen,
                spots: spots.iter().map(spot).collect(),
            }],
        }
    }

    fn search(cell: &str, found: u32) -> SearchDone {
        SearchDone { time: 100, facility: "F1".parse().unwrap(), cell: cell.parse().unwrap(), detector: 3, found }
    }

    fn after(belief: &mut Belief, searches: &[SearchDone], found: &[Heard]) -> Vec<f64> {
        belief.search(searches, found, &Detection::learn(&[], &BTreeMap::new()));
        belief
            .phones
            .iter()
            .flat_map(|phone| phone.spots.iter().map(|(_, chance)| (chance * 1e4).round() / 1e4))
            .collect()
    }

    #[test]
    fn a_search_without_a_find_lowers_its_cell_and_raises_others() {
        // 0.6·0.15 = 0.09 of 0.09 + 0.3 + 0.1 elsewhere.
        assert_eq!(after(&mut phone(&[("A", 0.6), ("B", 0.3)], 50), &[search("A", 0)], &[]), [0.1837, 0.6122]);
    }

    #[test]
    fn one_that_speaks_afterwards_was_missed_and_is_still_kept() {
        let mut belief = phone(&[("A", 0.6), ("B", 0.3)], 50);
        belief.hear(&[Heard { imei: "35920411223344".parse().unwrap(), time: 200 }]);
        assert_eq!(after(&mut belief, &[search("A", 0)], &[]), [0.2077, 0.6923]);
    }

    #[test]
    fn what_was_found_is_gone_and_what_may_have_been_is_less() {
        let heard = Heard { imei: "35920411223344".parse().unwrap(), time: 100 };
        assert!(after(&mut phone(&[("A", 0.6), ("B", 0.3)], 50), &[search("A", 1)], &[heard]).is_empty());
        let left = after(&mut phone(&[("A", 0.6), ("B", 0.3)], 50), &[search("A", 1)], &[]);
        assert!(left.iter().sum::<f64>() < 0.5, "{left:?}");
    }
}
