//! Which wing its sectors are those of: in a big site the antennas that serve one wing are not
//! quite those that serve another. Learned from the handsets whose users the calls name.

use rustc_hash::FxHashMap;

use crate::Phone;
use crate::pair::{Context, Pair};
use crate::roll::Prison;
use crate::weigh::Posterior;

/// Handsets in a facility, and wings, from which on there is something to learn.
const LEAST_HANDSETS: f64 = 10.0;
/// Hours of one handset that teach at most, and that count at most when it is asked for: where it
/// is used, it mostly stays.
const TEACH: f64 = 20.0;
const COUNT: f64 = 2.0;
/// Hours that the whole facility's habit counts for in a wing.
const PRIOR: f64 = 10.0;
/// What the sectors can say at most, ln: a phone is carried about.
const MOST_LN: f64 = 1.5;

/// A sector as one operator's network of one technology has it.
type Key = (u8, u16, cellsweep_model::SectorId);
/// What is compared: sectors of one operator and technology.
type Group = (u8, u16);

/// A handset's hours at each sector.
struct Hours {
    pair: usize,
    hours: Vec<(Key, f64)>,
    all: f64,
    /// That it is kept here and its user is held in each wing.
    wings: Vec<f64>,
}

/// Hours by wing, and of all wings.
#[derive(Default)]
struct Taught {
    keys: FxHashMap<Key, Vec<f64>>,
    groups: FxHashMap<Group, Vec<f64>>,
    sectors: FxHashMap<Group, f64>,
}

/// Gives each pair what its sectors say of the wings.
pub fn locate(context: &Context<'_>, phones: &[Phone], pairs: &mut [Pair], posteriors: &[Posterior]) {
    let mut by_prison: Vec<Vec<Hours>> = context.roll.prisons.iter().map(|_| Vec::new()).collect();
    for (index, (pair, posterior)) in pairs.iter().zip(posteriors).enumerate() {
        let Some(prison) = pair.prison else { continue };
        let place = &context.roll.prisons[prison as usize];
        if place.wings.len() > 1 && !posterior.users.is_empty() {
            by_prison[prison as usize].push(Hours::new(index, &phones[pair.phone as usize], place, posterior));
        }
    }
    for (place, heard) in context.roll.prisons.iter().zip(&by_prison) {
        let handsets: f64 = heard.iter().flat_map(|hours| &hours.wings).sum();
        if handsets < LEAST_HANDSETS {
            continue;
        }
        let taught = Taught::new(place.wings.len(), heard);
        for hours in heard {
            pairs[hours.pair].radio = balanced(taught.of(hours), place);
        }
    }
}

impl Hours {
    fn new(pair: usize, phone: &Phone, place: &Prison, posterior: &Posterior) -> Self {
        let mut sums: FxHashMap<Key, f64> = FxHashMap::default();
        for row in &phone.days {
            let key = (row.technology, row.operator, row.sector);
            *sums.entry(key).or_default() += f64::from(row.hours.count_ones());
        }
        let mut hours: Vec<(Key, f64)> = sums.into_iter().collect();
        hours.sort_unstable_by_key(|(key, _)| *key);
        let mut wings = vec![0.0; place.wings.len()];
        for (occupant, user) in place.held.iter().zip(&posterior.users) {
            if let Some(wing) = place.wing_of(occupant) {
                wings[wing as usize] += posterior.kept * user;
            }
        }
        Self { pair, all: hours.iter().map(|(_, hours)| hours).sum(), hours, wings }
    }

    /// What it teaches of a sector, by wing.
    fn share(&self, hours: f64) -> impl Iterator<Item = f64> + '_ {
        let hours = hours * self.all.min(TEACH) / self.all;
        self.wings.iter().map(move |wing| wing * hours)
    }
}

impl Taught {
    fn new(wings: usize, heard: &[Hours]) -> Self {
        let mut taught = Self::default();
        for hours in heard {
            for &(key, count) in &hours.hours {
                let group = (key.0, key.1);
                if !taught.keys.contains_key(&key) {
                    *taught.sectors.entry(group).or_default() += 1.0;
                }
                for (sums, share) in [
                    taught.keys.entry(key).or_insert_with(|| vec![0.0; wings]),
                    taught.groups.entry(group).or_insert_with(|| vec![0.0; wings]),
                ]
                .into_iter()
                .map(|sums| (sums, hours.share(count)))
                {
                    sums.iter_mut().zip(share).for_each(|(sum, share)| *sum += share);
                }
            }
        }
        taught
    }

    /// ln of how much likelier the handset's sectors are in each wing than in the facility, by
    /// what the other handsets teach.
    fn of(&self, hours: &Hours) -> Vec<f64> {
        let mut own: FxHashMap<Group, Vec<f64>> = FxHashMap::default();
        for &(key, count) in &hours.hours {
            let sums = own.entry((key.0, key.1)).or_insert_with(|| vec![0.0; hours.wings.len()]);
            sums.iter_mut().zip(hours.share(count)).for_each(|(sum, share)| *sum += share);
        }
        let scale = COUNT.min(hours.all) / hours.all.max(1.0);
        let mut ln = vec![0.0; hours.wings.len()];
        for &(key, count) in &hours.hours {
            let group = (key.0, key.1);
            let less = |sums: &[f64], own: Vec<f64>| -> Vec<f64> {
                sums.iter().zip(own).map(|(sum, own)| (sum - own).max(0.0)).collect()
            };
            let at = less(&self.keys[&key], hours.share(count).collect());
            let of_group = less(&self.groups[&group], own[&group].clone());
            let usual = (at.iter().sum::<f64>() + 0.5) / (of_group.iter().sum::<f64>() + 0.5 * self.sectors[&group]);
            for (wing, ln) in ln.iter_mut().enumerate() {
                let here = (at[wing] + PRIOR * usual) / (of_group[wing] + PRIOR);
                *ln += scale * count * (here / usual).ln();
            }
        }
        ln
    }
}

/// Wings as likelihoods that are 1 on average over those held.
fn balanced(mut ln: Vec<f64>, place: &Prison) -> Vec<f64> {
    let wings = place.held.iter().filter_map(|occupant| place.wing_of(occupant));
    let (sum, count) = wings.fold((0.0, 0.0), |(sum, count), wing| (sum + ln[wing as usize].exp(), count + 1.0));
    if count == 0.0 {
        return Vec::new();
    }
    let mean = f64::ln(sum / count);
    ln.iter_mut().for_each(|ln| *ln = (*ln - mean).clamp(-MOST_LN, MOST_LN));
    ln
}
