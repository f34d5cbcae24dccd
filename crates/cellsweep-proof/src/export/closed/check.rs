//! Whether what is kept of erased entries holds, and where the entries that are left begin.

use std::collections::BTreeMap;

use super::Closed;
use crate::check::check_consistency;
use crate::checkpoint::Checkpoint;
use crate::export::hand_over::handed_on;
use crate::export::marks::Mark;
use crate::export::{CLOSED, Finding, Problem, finding};
use crate::hash::Hash;
use crate::note::Note;
use crate::rotation::KeyChain;
use crate::tree::Frontier;

/// Where a log's entries begin.
pub(in crate::export) enum Start {
    /// With the first.
    Whole,
    /// Behind erased ones.
    Behind(Kept),
    /// Behind erased ones, and what was kept of them doesn't hold: nothing vouches for what follows.
    Blind,
}

/// What was kept, and holds.
pub(in crate::export) struct Kept {
    pub frontier: Frontier,
    /// The roots of the steps by size.
    pub roots: BTreeMap<u64, Hash>,
}

impl Start {
    /// Follows the steps from the log's first key; changes of keys on the way go into `keys`.
    pub fn of(file: Option<&[u8]>, keys: Option<&mut KeyChain>, findings: &mut Vec<Finding>) -> Self {
        let Some(bytes) = file else { return Self::Whole };
        let followed = match (Closed::parse(bytes), keys) {
            (Err(error), _) => Err(Problem::Form { why: error.to_string() }),
            // That there is no key was said.
            (Ok(_), None) => return Self::Blind,
            (Ok(closed), Some(keys)) => follow(&closed, keys),
        };
        match followed {
            Ok(kept) => Self::Behind(kept),
            Err(problem) => {
                findings.push(finding(CLOSED, None, problem));
                Self::Blind
            }
        }
    }
}

fn follow(closed: &Closed, keys: &mut KeyChain) -> Result<Kept, Problem> {
    let mut roots = BTreeMap::new();
    let mut before = (0, Hash::empty());
    for step in &closed.steps {
        let note = Note::parse(step.checkpoint.as_bytes()).map_err(|error| checkpoint(&error))?;
        let opened = Checkpoint::open(&note, keys.last()).map_err(|error| checkpoint(&error))?;
        continues(&step.consistency, before, &opened)?;
        if let Some(change) = &step.rotation {
            let next = handed_on(&change.entry, &change.proof, (&note, &opened), keys.last());
            keys.hand_on(opened.size, next.map_err(|why| Problem::Rotation { why })?);
        }
        roots.insert(opened.size, opened.root);
        before = (opened.size, opened.root);
    }
    let (size, root) = before;
    if size != closed.until || size == 0 {
        return Err(Problem::ClosedSize { until: closed.until, found: size });
    }
    match closed.start() {
        Ok(frontier) if frontier.root() == root => Ok(Kept { frontier, roots }),
        _ => Err(Problem::ClosedFrontier { until: closed.until }),
    }
}

fn checkpoint(error: &dyn std::fmt::Display) -> Problem {
    Problem::Checkpoint { why: error.to_string() }
}

fn continues(proof: &[Hash], (earlier, root): (u64, Hash), later: &Checkpoint) -> Result<(), Problem> {
    let disagree = |why| Problem::ClosingsDisagree { earlier, later: later.size, why };
    if later.size <= earlier {
        return Err(disagree("it is not over more entries".to_owned()));
    }
    check_consistency(proof, later.size, &later.root, earlier, &root).map_err(|error| disagree(error.to_string()))
}

impl Kept {
    /// The checkpoints over fewer entries than were erased, whose signature holds. What they cover is gone, so only two
    /// over the same entries can be held against each other.
    pub fn earlier<'a>(&self, marks: &'a [Mark], keys: &KeyChain, findings: &mut Vec<Finding>) -> Vec<&'a Mark> {
        let mut roots = self.roots.clone();
        let mut good = Vec::new();
        for mark in marks.iter().filter(|mark| mark.checkpoint.size < self.frontier.size()) {
            let Checkpoint { size, root, .. } = mark.checkpoint;
            if let Err(found) = mark.open(keys) {
                findings.push(found);
            } else if *roots.entry(size).or_insert(root) == root {
                good.push(mark);
            } else {
                findings.push(mark.finding(Problem::Fork { size }));
            }
        }
        good
    }
}
