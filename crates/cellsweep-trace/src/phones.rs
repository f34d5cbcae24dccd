//! Which candidates are phones of their own, and which are a phone's second slot, or counted already.

use std::io;

use cellsweep_model::{Imei, Imsi};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::asked::Elsewhere;
use crate::dual;
use crate::features::Context;
use crate::files::{Dossier, Files, in_order};
use crate::learned::Believed;

/// The phones among the candidates.
pub struct Phones {
    /// By a candidate's place: whether it is counted already, with another one.
    counted: Vec<bool>,
    /// By a phone's place: its other slots' IMEIs.
    others: FxHashMap<u32, Vec<Imei>>,
    /// By a candidate's place: where its stays begin among all phones' stays; one more at the end.
    stays: Vec<u32>,
    /// Whose absence elsewhere is evidence.
    pub elsewhere: Elsewhere,
}

/// A number for each stay of each phone.
#[derive(Clone)]
pub struct Shares<'a> {
    phones: &'a Phones,
    /// In the order of the candidates and of their stays.
    pub values: Vec<f64>,
}

impl Phones {
    /// Finds them.
    pub fn find(files: &dyn Files, context: &Context<'_>) -> io::Result<Self> {
        let mut counted = doubles(files)?;
        let elsewhere = match Elsewhere::of(&context.evidence.requests) {
            Some(asked) => asked,
            None => as_recorded(files, &counted)?,
        };
        let mut others: FxHashMap<u32, Vec<Imei>> = FxHashMap::default();
        for second in dual::seconds(files, context, &counted)? {
            counted[second.index as usize] = true;
            others.entry(second.main).or_default().extend(second.imei);
        }
        let (mut stays, mut all) = (Vec::with_capacity(counted.len() + 1), 0);
        in_order(files, &mut |first, dossiers| {
            for (index, dossier) in (first..).zip(dossiers) {
                stays.push(all);
                all += if counted[index] { 0 } else { dossier.candidate.stays.len() as u32 };
            }
        })?;
        stays.push(all);
        Ok(Self { counted, others, stays, elsewhere })
    }

    /// So many phones with one stay each.
    #[cfg(test)]
    pub fn of_one_stay(count: u32) -> Self {
        let counted = vec![false; count as usize];
        Self { counted, others: FxHashMap::default(), stays: (0..=count).collect(), elsewhere: Elsewhere::All }
    }

    /// Whether a candidate is one.
    pub fn is_one(&self, index: usize) -> bool {
        !self.counted[index]
    }

    /// A phone's other slots' IMEIs.
    pub fn others(&self, index: usize) -> &[Imei] {
        self.others.get(&(index as u32)).map_or(&[], Vec::as_slice)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.counted.iter().filter(|counted| !**counted).count()
    }

    /// These numbers, one for each stay.
    pub fn shares(&self, values: Vec<f64>) -> Shares<'_> {
        Shares { phones: self, values }
    }

    /// Where the stays of each phone stand among all.
    pub fn each(&self) -> impl Iterator<Item = std::ops::Range<usize>> + '_ {
        self.stays.windows(2).map(|pair| pair[0] as usize..pair[1] as usize).filter(|stays| !stays.is_empty())
    }
}

impl Shares<'_> {
    /// Of a candidate's stays; empty where it is no phone, or there are none yet.
    pub fn of(&self, index: usize) -> &[f64] {
        let (from, to) = (self.phones.stays[index] as usize, self.phones.stays[index + 1] as usize);
        self.values.get(from..to).unwrap_or_default()
    }

    /// The phones of a block whose first candidate has this place.
    pub fn phones_of<'b>(&'b self, first: usize, dossiers: &'b [Dossier]) -> impl Iterator<Item = Believed<'b>> {
        let phones = (first..).zip(dossiers).filter(|(index, _)| self.phones.is_one(*index));
        phones.map(|(index, dossier)| Believed { dossier, stays: self.of(index) })
    }
}

/// Records without an IMEI make a candidate of their own; where their subscriber also shows an
/// IMEI, that handset is the same one and has the fuller account.
fn doubles(files: &dyn Files) -> io::Result<Vec<bool>> {
    let mut with_imei: FxHashSet<Imsi> = FxHashSet::default();
    in_order(files, &mut |_, dossiers| {
        let known = dossiers.iter().filter(|dossier| dossier.candidate.imei.is_some());
        with_imei.extend(known.flat_map(|dossier| dossier.candidate.imsis.iter().copied()));
    })?;
    let mut doubles = Vec::new();
    in_order(files, &mut |_, dossiers| {
        let double = |Dossier { candidate, .. }: &Dossier| {
            candidate.imei.is_none() && candidate.imsis.iter().any(|imsi| with_imei.contains(imsi))
        };
        doubles.extend(dossiers.iter().map(double));
    })?;
    Ok(doubles)
}

/// People near facilities are elsewhere for a good part of their time; where less than this of
/// all that was heard is away, away was not asked for.
const LEAST_AWAY: f64 = 0.01;

/// Whose absence elsewhere is evidence, as the records show where nobody says what was asked: if operators answered for the
/// facilities' sectors, hardly anything would be elsewhere of all that was heard of whom no list names.
fn as_recorded(files: &dyn Files, doubles: &[bool]) -> io::Result<Elsewhere> {
    let (mut away, mut all, mut named) = (0u64, 0u64, false);
    in_order(files, &mut |first, dossiers| {
        named |= dossiers.iter().any(|dossier| dossier.asked_for);
        let counted = (first..).zip(dossiers).filter(|(index, dossier)| !doubles[*index] && !dossier.asked_for);
        for stay in counted.flat_map(|(_, dossier)| &dossier.candidate.stays) {
            away += u64::from(stay.away);
            all += u64::from(stay.inside + stay.aside + stay.away);
        }
    })?;
    let asked = all == 0 || away as f64 / all as f64 > LEAST_AWAY;
    Ok(match (asked, named) {
        (true, _) => Elsewhere::All,
        (false, true) => Elsewhere::Named,
        (false, false) => Elsewhere::None,
    })
}
