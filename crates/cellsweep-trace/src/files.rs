//! Candidates as they are weighed: in blocks, in the order of their keys. They may be many more than fit in memory, so
//! whoever weighs them reads a few blocks at a time, as often as it takes; where they lie meanwhile is the caller's.

use std::io;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::asked::AskedFor;
use crate::calls::{CallsBy, Lists, Spoken, of};
use crate::candidate::Candidate;

/// A candidate as it is weighed, round after round.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dossier {
    /// The candidate; when it came up is with its slot.
    pub(crate) candidate: Candidate,
    /// Whom it called that is on inmates' lists; `None` where there are no lists, or nothing of its calls is known.
    pub(crate) calls: Option<CallsBy>,
    /// Whether operators answered for it by name, wherever it was.
    pub(crate) asked_for: bool,
}

/// What tells whether two candidates are one phone's slots.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Slot {
    /// Seconds since 1970 UTC at which it came up, in order.
    pub(crate) starts: Vec<u32>,
    /// Numbers that it spoke with, in order.
    pub(crate) numbers: Vec<i64>,
    /// How many other parties it had.
    pub(crate) parties: u32,
}

/// What takes room in memory.
pub trait Bulk {
    /// About how many bytes.
    fn bytes(&self) -> usize;
}

impl Bulk for Dossier {
    fn bytes(&self) -> usize {
        size_of::<Option<CallsBy>>() + self.candidate.bytes() + self.calls.as_ref().map_or(0, CallsBy::bytes)
    }
}

impl Bulk for Slot {
    fn bytes(&self) -> usize {
        size_of::<Self>() + size_of_val(&self.starts[..]) + size_of_val(&self.numbers[..])
    }
}

/// Where the candidates lie.
pub trait Files: Sync {
    /// How many blocks there are.
    fn blocks(&self) -> usize;

    /// A block's candidates.
    ///
    /// # Errors
    /// When they can't be read again.
    fn dossiers(&self, block: usize) -> io::Result<Arc<Vec<Dossier>>>;

    /// What tells them apart as slots, in the same order.
    ///
    /// # Errors
    /// When it can't be read again.
    fn slots(&self, block: usize) -> io::Result<Arc<Vec<Slot>>>;
}

/// Files candidates with whom they spoke with (`spoken` in the order of its keys).
pub fn file(
    lists: &Lists,
    asked_for: &AskedFor,
    candidates: Vec<Candidate>,
    spoken: &[Spoken],
) -> (Vec<Dossier>, Vec<Slot>) {
    let one = |mut candidate: Candidate| {
        let spoken = of(spoken, &candidate);
        let calls = spoken.and_then(|spoken| lists.calls(spoken, &candidate));
        let starts = std::mem::take(&mut candidate.starts);
        let mut numbers: Vec<i64> = spoken.map_or_else(Vec::new, |spoken| lists.parties(spoken, &candidate));
        let parties = numbers.len() as u32;
        numbers.retain(|number| *number > 0);
        numbers.shrink_to_fit();
        let asked_for = asked_for.names(&candidate, spoken);
        (Dossier { candidate, calls, asked_for }, Slot { starts, numbers, parties })
    };
    candidates.into_iter().map(one).unzip()
}

/// Shows every block in order, with the place of its first candidate among all; the next ones are read meanwhile.
pub fn in_order(files: &dyn Files, show: &mut dyn FnMut(usize, &[Dossier])) -> io::Result<()> {
    let mut first = 0;
    each(files.blocks(), &|block| files.dossiers(block), &mut |dossiers| {
        show(first, &dossiers);
        first += dossiers.len();
    })
}

/// Shows every candidate in order with its place among all and what tells it apart as a slot.
pub fn slots_in_order(files: &dyn Files, show: &mut dyn FnMut(usize, &Dossier, &Slot)) -> io::Result<()> {
    let mut index = 0;
    let read = |block| Ok((files.dossiers(block)?, files.slots(block)?));
    each(files.blocks(), &read, &mut |(dossiers, slots)| {
        for (dossier, slot) in dossiers.iter().zip(slots.iter()) {
            show(index, dossier, slot);
            index += 1;
        }
    })
}

fn each<T: Send>(
    blocks: usize,
    read: &(dyn Fn(usize) -> io::Result<T> + Sync),
    show: &mut dyn FnMut(T),
) -> io::Result<()> {
    let at_once = rayon::current_num_threads().max(1);
    for from in (0..blocks).step_by(at_once) {
        let some: Vec<T> = (from..blocks.min(from + at_once)).into_par_iter().map(read).collect::<io::Result<_>>()?;
        some.into_iter().for_each(&mut *show);
    }
    Ok(())
}
