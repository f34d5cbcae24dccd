//! Which name is which column.

use std::cell::RefCell;

use crate::error::Refusal;
use crate::profile::check::{is_it, nearest};
use crate::profile::map::step::{Place, Step};
use crate::profile::{JoinSpec, Joined, Profile};

/// Names and the places that they stand for.
pub(super) struct Names<'a> {
    raw: &'a [String],
    joins: &'a [Joined],
    derived: Vec<(String, Place)>,
    used: RefCell<Vec<bool>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(raw: &'a [String], joins: &'a [Joined]) -> Self {
        Self { raw, joins, derived: Vec::new(), used: RefCell::new(vec![false; raw.len()]) }
    }

    pub(super) fn used(self) -> Vec<bool> {
        self.used.into_inner()
    }

    /// The place of a name; a name of the file is taken as it stands, or else in other letters.
    pub(super) fn find(&self, name: &str) -> Option<Place> {
        if let Some((_, place)) = self.derived.iter().find(|(other, _)| other == name) {
            return Some(*place);
        }
        let alike = |other: &&String| other.to_lowercase() == name.to_lowercase();
        let exact = self.raw.iter().position(|other| other == name);
        let position = exact.or_else(|| match self.raw.iter().filter(alike).count() {
            1 => self.raw.iter().position(|other| alike(&other)),
            _ => None,
        })?;
        self.used.borrow_mut()[position] = true;
        Some(Place::Raw(position))
    }

    pub(super) fn place(&self, name: &str) -> Result<Place, Refusal> {
        self.find(name).ok_or_else(|| {
            let near = nearest(name, self.raw.iter().map(String::as_str));
            let found = self.raw.iter().map(|name| crate::header::shown(name)).collect::<Vec<_>>().join(", ");
            Refusal::NoSuchColumn { column: format!("{name}`{}", is_it(near)).trim_end_matches('`').to_owned(), found }
        })
    }

    /// The steps that make virtual columns and find rows of second files, each behind what it needs.
    pub(super) fn add_derived(&mut self, profile: &Profile) -> Result<Vec<Step>, Refusal> {
        let mut steps = Vec::new();
        let mut joins: Vec<(usize, &JoinSpec)> = profile.joins.iter().enumerate().collect();
        let mut virtuals: Vec<_> = profile.virtuals.iter().collect();
        loop {
            let before = joins.len() + virtuals.len();
            joins.retain(|(index, spec)| !self.add_join(*index, spec, &mut steps));
            let mut failed = None;
            virtuals.retain(|made| match made.inputs().iter().all(|input| self.find(input).is_some()) {
                false => true,
                true => match Step::new(made, self) {
                    Ok(step) => {
                        self.derived.push((made.name.clone(), Place::Derived(steps.len())));
                        steps.push(step);
                        false
                    }
                    Err(refusal) => {
                        failed = Some(refusal);
                        false
                    }
                },
            });
            if let Some(refusal) = failed {
                return Err(refusal);
            }
            match joins.len() + virtuals.len() {
                0 => return Ok(steps),
                left if left == before => break,
                _ => {}
            }
        }
        let wanting =
            joins.iter().map(|(_, spec)| spec.key.as_str()).chain(virtuals.iter().flat_map(|made| made.inputs()));
        for name in wanting {
            self.place(name)?;
        }
        Err(Refusal::Internal("virtual columns that need nothing were not made"))
    }

    fn add_join(&mut self, index: usize, spec: &JoinSpec, steps: &mut Vec<Step>) -> bool {
        let Some(key) = self.find(&spec.key) else { return false };
        let step = steps.len();
        steps.push(Step::Find { join: index, key });
        let columns = self.joins[index].columns.iter().enumerate();
        for (column, name) in columns {
            self.derived.push((format!("{}.{name}", spec.name), Place::Joined { step, join: index, column }));
        }
        true
    }
}
