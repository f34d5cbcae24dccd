//! A handset in a facility and what leads from it to those held there, counted once.

use cellsweep_model::holder::BuyerMatch;
use rayon::prelude::*;

use crate::background::{Background, Seen, kind_in};
use crate::buyers::Buyers;
use crate::calls::{Hit, Size};
use crate::custody::{Custody, Flag};
use crate::lists::Lists;
use crate::phone::{CLASSES, PeerSum, Sums};
use crate::protected::Protected;
use crate::roll::Roll;
use crate::{AttributeSettings, Evidence, Phone};

/// What all handsets share.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    pub evidence: &'a Evidence,
    pub roll: &'a Roll,
    pub lists: &'a Lists,
    pub cases: &'a Lists,
    /// By inmate: the sizes of their list and of what their cases name.
    pub sizes: &'a [(Size, Size)],
    pub protected: &'a Protected,
    pub settings: &'a AttributeSettings,
}

impl Context<'_> {
    /// The sizes of an inmate's list and of what their cases name.
    pub fn sizes(&self, inmate: u32) -> (Size, Size) {
        self.sizes[inmate as usize]
    }
}

/// The sizes of all inmates' lists and cases.
pub fn sizes(lists: &Lists, cases: &Lists) -> Vec<(Size, Size)> {
    let of_cases = cases.sizes.iter().map(|numbers| Size::any(*numbers));
    lists.sizes.iter().map(|numbers| Size::of(*numbers)).zip(of_cases).collect()
}

/// Everything that is weighed.
pub struct Pairs {
    /// One for each handset and facility, in the order given.
    pub pairs: Vec<Pair>,
    /// Calls by chance.
    pub background: Background,
    /// Custody's look-ups.
    pub custody: Custody,
}

/// A handset in a facility.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Index of the handset.
    pub phone: u32,
    /// Which of the handset's stays this is.
    pub stay: u32,
    /// Index of the facility; `None` where neither roster nor cells name it.
    pub prison: Option<u32>,
    /// That it is kept there.
    pub probability: f64,
    /// Numbers by class.
    pub by_class: [u32; CLASSES],
    /// Numbers that lead to somebody held here.
    pub known: Vec<Known>,
    /// Inmates here to whom a number or the buyer leads, by position.
    pub hits: Vec<Hits>,
    /// Whether the ledger names the device, and so its buyer.
    pub bought: bool,
    /// Custody's flags, by position.
    pub flags: Vec<u8>,
    /// ln of the likelihood of what sensors heard, by cell; empty where none hang.
    pub heard: Vec<f64>,
    /// ln of the likelihood of its sectors, by wing; empty where there is nothing to learn from.
    pub radio: Vec<f64>,
}

/// A number that leads to somebody held here.
#[derive(Debug, Clone)]
pub struct Known {
    /// When and how often it was spoken with.
    pub sum: PeerSum,
    /// Its kind.
    pub kind: u8,
    /// 1 / the probability that chance draws it.
    pub rarity: f64,
    /// Handsets that called it by chance, as far as this one counts.
    pub chance: f64,
}

/// What leads to one inmate.
#[derive(Debug, Clone, Default)]
pub struct Hits {
    /// Position among those held.
    pub position: u32,
    /// Numbers on their list: positions in the handset's.
    pub listed: Vec<u32>,
    /// Numbers of their case.
    pub of_case: Vec<u32>,
    /// Their contact bought the device.
    pub buyer: Option<BuyerMatch>,
    /// Listed numbers that spoke with the handset's own.
    pub called_by: u32,
    /// 1 / numbers on their list, and of their case.
    pub shares: (f64, f64),
}

impl Pair {
    /// Numbers as the model of calls wants them: those at these positions, of a list where each
    /// has this share.
    pub fn scaled(&self, positions: &[u32], share: f64) -> Vec<Hit> {
        let hit = |position: &u32| {
            let known = &self.known[*position as usize];
            Hit { class: known.sum.class(), scale: share * known.rarity }
        };
        positions.iter().map(hit).collect()
    }

    /// The number at a position.
    pub fn number(&self, position: u32) -> &PeerSum {
        &self.known[position as usize].sum
    }
}

/// Counts what there is to weigh.
pub fn pairs(context: &Context<'_>, phones: &[Phone], sums: &[Sums], buyers: &Buyers) -> Pairs {
    let seen: Vec<Seen<'_>> = phones
        .iter()
        .zip(sums)
        .flat_map(|(phone, sums)| {
            phone.stays.iter().filter_map(move |(facility, probability)| {
                Some(Seen { prison: context.roll.prison(facility)?, sums, probability: *probability })
            })
        })
        .collect();
    let background = Background::new(context.roll, context.lists, context.cases, &seen);
    let custody = Custody::new(context, phones);
    let counter = Counter { context, custody: &custody, buyers };
    let pairs: Vec<Pair> = phones
        .par_iter()
        .enumerate()
        .flat_map_iter(|(index, phone)| (0..phone.stays.len()).map(move |stay| (index, phone, stay)))
        .map(|(index, phone, stay)| counter.pair((index, stay), phone, &sums[index]))
        .collect();
    let mut pairs = Pairs { pairs, background, custody };
    pairs.look_up();
    pairs
}

impl Pairs {
    /// Reads every number's rarity again.
    pub fn look_up(&mut self) {
        let background = &self.background;
        for pair in &mut self.pairs {
            let Some(prison) = pair.prison else { continue };
            for known in &mut pair.known {
                known.rarity = 1.0 / background.of(prison, known.sum.number, known.kind, known.chance);
            }
        }
    }

    /// A part of a handset's use in a facility, counted as the whole was.
    pub fn part(
        &self,
        (context, custody, buyers): (&Context<'_>, &Custody, &Buyers),
        whole: &Pair,
        phone: &Phone,
    ) -> Pair {
        let counter = Counter { context, custody, buyers };
        let mut pair =
            counter.pair((whole.phone as usize, whole.stay as usize), phone, &Sums::new(phone, context.protected));
        let Some(prison) = pair.prison else { return pair };
        for known in &mut pair.known {
            // What the whole counts for among a number's callers is no other handset's call.
            let of_whole = whole.known.iter().find(|of_whole| of_whole.sum.number == known.sum.number);
            known.chance = of_whole.map_or(0.0, |of_whole| of_whole.chance);
            known.rarity = 1.0 / self.background.of(prison, known.sum.number, known.kind, known.chance);
        }
        pair
    }

    /// Learns from what chance has to explain, where each handset that was counted stands for so many.
    pub fn learn_chance(&mut self, stands_for: f64) {
        let pairs = self.pairs.iter().filter_map(|pair| Some((pair.prison?, pair)));
        let numbers = pairs.flat_map(|(prison, pair)| {
            pair.known.iter().map(move |known| (prison, known.sum.number, known.kind, stands_for * known.chance))
        });
        self.background.update(numbers);
        self.look_up();
    }
}

struct Counter<'a> {
    context: &'a Context<'a>,
    custody: &'a Custody,
    buyers: &'a Buyers,
}

impl Counter<'_> {
    fn pair(&self, (index, stay): (usize, usize), phone: &Phone, sums: &Sums) -> Pair {
        let (facility, probability) = &phone.stays[stay];
        let prison = self.context.roll.prison(facility);
        let bought = self.buyers.of(phone.imei);
        let mut pair = Pair {
            phone: index as u32,
            stay: stay as u32,
            prison,
            probability: *probability,
            by_class: sums.by_class,
            known: Vec::new(),
            hits: Vec::new(),
            bought: bought.is_some(),
            flags: Vec::new(),
            heard: Vec::new(),
            radio: Vec::new(),
        };
        let Some(prison) = prison else { return pair };
        pair.flags = self.custody.flags(self.context, phone, prison);
        let mut hits = HitTable { context: self.context, prison, hits: Vec::new() };
        pair.known = self.count_numbers(&mut hits, sums);
        for (inmate, by) in bought.into_iter().flatten() {
            hits.with(*inmate, |hits| hits.buyer = Some(*by));
        }
        for number in &phone.called_by {
            // A number that the handset itself spoke with has been counted already.
            if sums.peers.binary_search_by_key(number, |peer| peer.number).is_err() {
                for inmate in self.context.lists.of(*number) {
                    hits.with(*inmate, |hits| hits.called_by += 1);
                }
            }
        }
        pair.hits = hits.done();
        for hits in pair.hits.iter().filter(|hits| hits.called_by > 0) {
            pair.flags[hits.position as usize] |= Flag::CalledByListed.bit();
        }
        pair
    }

    fn count_numbers(&self, hits: &mut HitTable<'_>, sums: &Sums) -> Vec<Known> {
        let (roll, lists, cases) = (self.context.roll, self.context.lists, self.context.cases);
        let mut known = Vec::new();
        for peer in &sums.peers {
            let here = |inmate: &&u32| roll.held_at[**inmate as usize] == Some(hits.prison);
            let (listed, of_case) = (lists.of(peer.number), cases.of(peer.number));
            if !listed.iter().chain(of_case).any(|inmate| here(&inmate)) {
                continue;
            }
            let position = known.len() as u32;
            let kind = kind_in(roll, lists, cases, peer.number, hits.prison) as u8;
            known.push(Known { sum: *peer, kind, rarity: 1.0, chance: 0.0 });
            for inmate in listed {
                hits.spoken_since(*inmate, peer, |hits| hits.listed.push(position));
            }
            for inmate in of_case {
                hits.spoken_since(*inmate, peer, |hits| hits.of_case.push(position));
            }
        }
        known
    }
}

/// Hits by inmate, of one facility only.
struct HitTable<'a> {
    context: &'a Context<'a>,
    prison: u32,
    hits: Vec<Hits>,
}

impl<'a> HitTable<'a> {
    fn held(&self) -> &'a [crate::roll::Occupant] {
        &self.context.roll.prisons[self.prison as usize].held
    }

    fn with(&mut self, inmate: u32, change: impl FnOnce(&mut Hits)) {
        if self.context.roll.held_at[inmate as usize] != Some(self.prison) {
            return;
        }
        let Ok(position) = self.held().binary_search_by_key(&inmate, |occupant| occupant.inmate) else { return };
        let position = position as u32;
        let index = self.hits.iter().position(|hits| hits.position == position).unwrap_or_else(|| {
            let share = |lists: &Lists| 1.0 / f64::from(lists.sizes[inmate as usize].max(1));
            let shares = (share(self.context.lists), share(self.context.cases));
            self.hits.push(Hits { position, shares, ..Hits::default() });
            self.hits.len() - 1
        });
        change(&mut self.hits[index]);
    }

    /// A number that was never spoken with since the inmate came says nothing of them.
    fn spoken_since(&mut self, inmate: u32, peer: &PeerSum, change: impl FnOnce(&mut Hits)) {
        let held = self.held();
        let since = held
            .binary_search_by_key(&inmate, |occupant| occupant.inmate)
            .map_or(i64::MAX, |position| held[position].before.map_or(held[position].since, |_| i64::MIN));
        if peer.last >= since {
            self.with(inmate, change);
        }
    }

    fn done(mut self) -> Vec<Hits> {
        self.hits.sort_unstable_by_key(|hits| hits.position);
        self.hits
    }
}
