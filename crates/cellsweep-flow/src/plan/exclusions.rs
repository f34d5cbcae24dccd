//! The closed list: cells that stay out of plans, and people who stay out of lists of staff, for reasons that only
//! its two readers know.

use std::collections::BTreeSet;
use std::path::Path;

use cellsweep_model::{CellId, FacilityId};
use cellsweep_plan::Limits;
use serde::Deserialize;

use super::limits::line_of;
use crate::FlowError;

/// Cells, facilities and people that are left out for reasons that only two named people may read. Nothing
/// of it is kept in the case or told.
#[derive(Clone, Default)]
pub struct Exclusions {
    pub(crate) cells: BTreeSet<(FacilityId, Option<CellId>)>,
    staff: BTreeSet<Vec<String>>,
}

impl std::fmt::Debug for Exclusions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exclusions(…)")
    }
}

impl Exclusions {
    /// Those names that aren't on the list.
    pub(super) fn cleared(&self, names: &[String]) -> Vec<String> {
        names.iter().filter(|name| !self.names(name)).cloned().collect()
    }

    /// The limits without teams that are called after somebody on the list.
    ///
    /// # Errors
    /// When no team is left: limits without any would mean one everywhere.
    pub(super) fn staffed(&self, limits: &Limits) -> Result<Limits, FlowError> {
        let mut staffed = limits.clone();
        staffed.teams.retain(|crew| !self.names(&crew.name));
        if staffed.teams.is_empty() && !limits.teams.is_empty() {
            return Err(FlowError::Limits { why: "no team can be planned".to_owned(), hint: None });
        }
        Ok(staffed)
    }

    /// Capitals, accents, signs and the order of its parts don't change a name.
    fn names(&self, name: &str) -> bool {
        !self.staff.is_empty() && self.staff.contains(&parts(name))
    }
}

fn parts(name: &str) -> Vec<String> {
    let mut parts = cellsweep_buyers::words(name);
    parts.sort_unstable();
    parts
}

/// The closed list's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExclusionFile {
    readers: Vec<String>,
    #[serde(default)]
    exclude: Vec<Excluded>,
    #[serde(default)]
    staff: Vec<ExcludedPerson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Excluded {
    #[serde(flatten)]
    what: ExcludedCells,
}

#[derive(Deserialize)]
struct ExcludedCells {
    facility: FacilityId,
    #[serde(default)]
    cells: Vec<CellId>,
    #[serde(default, rename = "reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExcludedPerson {
    name: String,
    #[serde(default, rename = "reason")]
    _reason: String,
}

/// Reads the closed list.
///
/// # Errors
/// When the file can't be read or doesn't name its two readers; what is in it is never part of the error.
pub fn read_exclusions(path: &Path) -> Result<Exclusions, FlowError> {
    let closed = |why: &str| FlowError::Limits { why: format!("{}: {why}", path.display()), hint: None };
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let file: ExclusionFile =
        toml::from_str(&text).map_err(|error| closed(&format!("line {} can't be used", line_of(&text, &error))))?;
    let readers: BTreeSet<&str> = file.readers.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    if readers.len() != 2 || file.readers.len() != 2 {
        return Err(closed("it has to name the two people who may read it: readers = [\"…\", \"…\"]"));
    }
    let mut cells = BTreeSet::new();
    for Excluded { what } in file.exclude {
        if what.cells.is_empty() {
            cells.insert((what.facility.clone(), None));
        }
        cells.extend(what.cells.into_iter().map(|cell| (what.facility.clone(), Some(cell))));
    }
    let staff: BTreeSet<Vec<String>> = file.staff.iter().map(|person| parts(&person.name)).collect();
    if staff.contains(&Vec::new()) {
        return Err(closed("a [[staff]] entry has no name"));
    }
    Ok(Exclusions { cells, staff })
}
