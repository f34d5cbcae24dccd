//! Second users: cellmates who use a handset as well, and others who pay to.

use rustc_hash::FxHashMap;

use crate::background::ON_MANY;
use crate::calls::{Part, Size};
use crate::pair::{Context, Hits, Pair};
use crate::roll::Prison;
use crate::weigh::Model;

/// How well second users explain a handset's numbers.
pub struct Seconds<'a> {
    context: &'a Context<'a>,
    model: &'a Model,
    pair: &'a Pair,
    place: &'a Prison,
    /// By position in the pair's hits: how many times likelier the numbers are with them.
    each: Vec<f64>,
    /// Those of the hits whom it makes any difference to, by their cell.
    by_cell: FxHashMap<u32, Vec<usize>>,
    /// The same, all of them.
    active: Vec<usize>,
    /// What they are with those to whom nothing leads, by the sizes of list and case.
    silent: Vec<f64>,
    /// What those to whom something leads add to the average.
    added: f64,
    /// What they are with somebody drawn from those held, on average.
    pub mean: f64,
}

impl<'a> Seconds<'a> {
    /// Weighs everybody as a second user.
    pub fn new(context: &'a Context<'a>, model: &'a Model, pair: &'a Pair, place: &'a Prison) -> Self {
        let silent = model.silent(pair, Part::Second);
        let (by_cell, active) = (FxHashMap::default(), Vec::new());
        let mut seconds =
            Self { context, model, pair, place, each: Vec::new(), by_cell, active, silent, added: 0.0, mean: 1.0 };
        seconds.each = pair.hits.iter().map(|hits| seconds.weigh(hits, &Hits::default())).collect();
        let held = place.held.len().max(1) as f64;
        seconds.mean = (0..place.held.len() as u32).map(|position| seconds.silent(position)).sum::<f64>() / held;
        for (index, hits) in pair.hits.iter().enumerate() {
            let more = seconds.each[index] - seconds.silent(hits.position);
            if more == 0.0 {
                continue;
            }
            seconds.active.push(index);
            seconds.added += more / held;
            if let Some(cell) = place.held[hits.position as usize].cell {
                seconds.by_cell.entry(cell).or_default().push(index);
            }
        }
        seconds.mean += seconds.added;
        seconds
    }

    fn silent(&self, position: u32) -> f64 {
        let (listed, of_case) = self.context.sizes(self.place.held[position as usize].inmate);
        self.silent[listed.index() * Size::ALL + of_case.index()]
    }

    /// How well one explains the numbers that don't lead to the main user.
    fn weigh(&self, hits: &Hits, main: &Hits) -> f64 {
        let tells = |position: &u32| {
            usize::from(self.pair.known[*position as usize].kind) != ON_MANY
                && !main.listed.contains(position)
                && !main.of_case.contains(position)
        };
        let of = |positions: &[u32]| positions.iter().copied().filter(|position| tells(position)).collect();
        let hits = Hits { listed: of(&hits.listed), of_case: of(&hits.of_case), ..hits.clone() };
        if hits.listed.is_empty() && hits.of_case.is_empty() {
            return self.silent(hits.position);
        }
        let sizes = self.context.sizes(self.place.held[hits.position as usize].inmate);
        self.model.calls(self.pair, &hits, sizes, Part::Second)
    }

    /// One as the second user beside a main one, by position among the hits.
    fn beside(&self, second: usize, main: Option<&Hits>) -> f64 {
        let hits = &self.pair.hits[second];
        let shared = |main: &&Hits| {
            let both = |ours: &[u32], theirs: &[u32]| ours.iter().any(|position| theirs.contains(position));
            let theirs = [&main.listed, &main.of_case];
            theirs.iter().any(|theirs| both(&hits.listed, theirs) || both(&hits.of_case, theirs))
        };
        main.filter(shared).map_or(self.each[second], |main| self.weigh(hits, main))
    }

    fn main(&self, position: u32) -> Option<&Hits> {
        let found = self.pair.hits.binary_search_by_key(&position, |hits| hits.position);
        found.ok().map(|index| &self.pair.hits[index])
    }

    fn is_mate(&self, position: u32, other: u32) -> bool {
        let cell = self.place.held[position as usize].cell;
        cell.is_some() && self.place.held[other as usize].cell == cell
    }

    /// Cellmates with what each makes of the numbers beside the main user, and their position among
    /// the hits.
    pub fn mates(&self, position: u32) -> Vec<(Option<usize>, f64)> {
        let main = self.main(position);
        let cell = self.place.held[position as usize].cell;
        let known = cell.and_then(|cell| self.by_cell.get(&cell)).map_or(&[][..], Vec::as_slice);
        let of = |mate: u32| match known.iter().find(|second| self.pair.hits[**second].position == mate) {
            Some(second) => (Some(*second), self.beside(*second, main)),
            None => (None, self.silent(mate)),
        };
        self.place.mates(position).map(of).collect()
    }

    /// What each of the others here, who are no cellmates, makes of them beyond one to whom nothing
    /// leads, times the chance that it is just that one.
    pub fn others(&self, position: u32) -> Vec<(usize, f64)> {
        let main = self.main(position);
        let held = self.place.held.len() as f64;
        let others = self.active.iter().filter(|second| {
            let other = self.pair.hits[**second].position;
            other != position && !self.is_mate(position, other)
        });
        let more = |second: &usize| self.beside(*second, main) - self.silent(self.pair.hits[*second].position);
        others.map(|second| (*second, more(second) / held)).collect()
    }

    /// What they are with somebody else here, who is no cellmate.
    pub fn other(&self, position: u32) -> f64 {
        let held = self.place.held.len() as f64;
        if self.main(position).is_some() {
            return self.mean - self.added + self.others(position).iter().map(|(_, more)| more).sum::<f64>();
        }
        let cell = self.place.held[position as usize].cell;
        let mates = cell.and_then(|cell| self.by_cell.get(&cell)).map_or(&[][..], Vec::as_slice);
        self.mean - mates.iter().map(|mate| self.more(*mate)).sum::<f64>() / held
    }

    fn more(&self, second: usize) -> f64 {
        self.each[second] - self.silent(self.pair.hits[second].position)
    }

    /// What cellmates and others here make of the calls, for each of those held as the main user.
    pub fn of_each(&self) -> Vec<f64> {
        let mate = |likelihood: f64| 1.0 - self.model.mate + self.model.mate * likelihood;
        let mut alone: Vec<f64> =
            (0..self.place.held.len() as u32).map(|position| mate(self.silent(position))).collect();
        for second in &self.active {
            alone[self.pair.hits[*second].position as usize] = mate(self.each[*second]);
        }
        let mut of_each: Vec<f64> = (0..self.place.held.len() as u32)
            .map(|position| self.place.mates(position).map(|mate| alone[mate as usize]).product())
            .collect();
        // Numbers that lead to the main user and to a second one count for the main one only.
        for hits in &self.pair.hits {
            let mates = self.mates(hits.position);
            of_each[hits.position as usize] = mates.iter().map(|(_, likelihood)| mate(*likelihood)).product();
        }
        for (position, likelihood) in of_each.iter_mut().enumerate() {
            *likelihood *= 1.0 - self.model.renter + self.model.renter * self.other(position as u32).max(0.0);
        }
        of_each
    }
}
