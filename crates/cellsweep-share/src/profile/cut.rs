//! A snapshot, cut to what a recipient gets.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Profile, depend, field};
use crate::snapshot::{CaseSnapshot, HandsetName};

/// What a recipient gets, and what doesn't leave.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// What leaves.
    pub snapshot: CaseSnapshot,
    /// How much stays, for whoever decides. It must not leave: that something is missing is a hint.
    pub withheld: Withheld,
}

/// How many rows stay, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Withheld {
    /// Handsets of a plan that is closed until its hour.
    pub embargoed: usize,
    /// Handsets and holders whose weight rests on findings that may not leave.
    pub restricted: usize,
}

/// Why a snapshot can't be cut.
#[derive(Debug, thiserror::Error)]
pub enum CutError {
    /// A row without its fields is none: a mistake of ours.
    #[error("what is left of a row is no row: {0}")]
    Row(#[from] serde_json::Error),
}

impl Profile {
    /// What this profile's recipient gets of a snapshot. Handsets under embargo are left out with all that names
    /// them; so are weights that rest on findings of other classes than the profile's, with all that rests on them.
    /// Rows that nothing in the package refers to any more stay, too.
    ///
    /// Cards and calls are numbered from 1 in what is left. Where no IMEIs leave, handsets are numbered anew, too, for
    /// their keys are made of them.
    ///
    /// # Errors
    /// Never in practice: every field that a row needs is kept.
    pub fn cut(&self, snapshot: &CaseSnapshot, embargo: &BTreeSet<HandsetName>) -> Result<Cut, CutError> {
        let mut left = snapshot.clone();
        let withheld = Withheld {
            embargoed: depend::embargo(&mut left, embargo),
            restricted: depend::restrict(&mut left, &self.classes),
        };
        let mut left = self.fields(&left)?;
        if !self.keeps("devices", "imeis") {
            depend::renumber(&mut left);
        }
        depend::sweep_up(&mut left);
        depend::close_gaps(&mut left);
        Ok(Cut { snapshot: left, withheld })
    }

    /// Leaves the tables and fields that the profile names.
    fn fields(&self, snapshot: &CaseSnapshot) -> Result<CaseSnapshot, CutError> {
        let mut tables = serde_json::to_value(snapshot)?;
        for (section, fields) in field::TABLES {
            let Some(rows) = tables.get_mut(*section).and_then(Value::as_array_mut) else { continue };
            if !self.keep.contains_key(*section) {
                rows.clear();
            }
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                self.strip(section, fields, row);
            }
        }
        Ok(serde_json::from_value(tables)?)
    }

    fn strip(&self, section: &str, fields: &[field::Field], row: &mut Map<String, Value>) {
        let stays = |name: &String| {
            let known = fields.iter().find(|field| field.name == name.as_str());
            known.is_some_and(|field| field.needed) || self.keeps(section, name)
        };
        row.retain(|name, _| stays(name));
    }
}
