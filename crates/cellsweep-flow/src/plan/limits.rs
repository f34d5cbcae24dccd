//! The limits' file, and what is wrong with it in words.

use std::path::Path;

use cellsweep_plan::{BuildError, ConflictPart, Limits, MustCell, Problem};
use serde::de::DeserializeOwned;

use crate::FlowError;

/// Reads the limits.
///
/// # Errors
/// When the file can't be read, has an unknown key, or says what can't be meant.
pub fn read_limits(path: &Path) -> Result<Limits, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    limits_of_text(&text, &path.display().to_string())
}

/// The limits in a text that came from `place`.
///
/// # Errors
/// As [`read_limits`].
pub fn limits_of_text(text: &str, place: &str) -> Result<Limits, FlowError> {
    let limits: Limits = parse(text, place)?;
    let faults = limits.faults();
    if faults.is_empty() {
        return Ok(limits);
    }
    Err(FlowError::Limits { why: format!("{place}: {}", faults.join("; ")), hint: None })
}

/// Limits without a file: caps alone.
pub fn limits_of(cells: Option<usize>, facilities: Option<usize>) -> Limits {
    Limits { cells, facilities, ..Limits::default() }
}

fn parse<T: DeserializeOwned>(text: &str, place: &str) -> Result<T, FlowError> {
    toml::from_str(text).map_err(|error| {
        let why = format!("{place}:{}: {}", line_of(text, &error), error.message());
        FlowError::Limits { why, hint: nearest(error.message()) }
    })
}

pub(super) fn line_of(text: &str, error: &toml::de::Error) -> usize {
    let offset = error.span().map_or(0, |span| span.start);
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

/// "unknown field `x`, expected one of `y`, `z`": the nearest that is known.
fn nearest(message: &str) -> Option<String> {
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let unknown = quoted.next()?;
    let near = quoted.min_by_key(|known| strsim::damerau_levenshtein(known, unknown))?;
    (strsim::damerau_levenshtein(near, unknown) <= 3).then(|| format!("did you mean `{near}`?"))
}

/// Limits that don't fit the case, in words.
pub(super) fn unusable(error: BuildError) -> FlowError {
    let why = match error {
        BuildError::NoSuchFacility(name) => {
            format!("the limits name facility {name}, and the case has none of that name")
        }
        BuildError::NoSuchCell(facility, cell) => {
            format!("the limits name cell {cell} of {facility}, and the case has none of that name")
        }
        BuildError::OutsideAuthority(facility, cell) => {
            format!("cell {cell} of {facility} has to be searched, but the authority does not cover it")
        }
        BuildError::MustAndMustNot(facility, cell) => {
            format!("cell {cell} of {facility} both has to be searched and is not to be")
        }
        BuildError::CannotBePlanned(facility, cell) => format!("cell {cell} of {facility} can't be planned"),
    };
    FlowError::Limits { why, hint: None }
}

/// Limits that can't all be met, in words.
pub(super) fn conflict(problem: &Problem) -> FlowError {
    let parts = cellsweep_plan::conflict(problem).map(|conflict| conflict.parts).unwrap_or_default();
    let mut words: Vec<String> = Vec::new();
    let mut musts: Vec<MustCell> = Vec::new();
    for part in parts {
        match part {
            ConflictPart::Cells(cells) => words.push(format!("at most {cells} cells in all")),
            ConflictPart::Facilities(1) => words.push("at most 1 facility".to_owned()),
            ConflictPart::Facilities(count) => words.push(format!("at most {count} facilities")),
            ConflictPart::FacilityCells(facility, cells) => words.push(format!("at most {cells} cells in {facility}")),
            ConflictPart::Teams(facility) => words.push(format!("the time that {facility}'s teams have")),
            ConflictPart::Must(facility, cell) => match musts.iter_mut().find(|known| known.facility == facility) {
                Some(known) => known.cells.push(cell),
                None => musts.push(MustCell { facility, cells: vec![cell] }),
            },
        }
    }
    for must in musts {
        let cells: Vec<String> = must.cells.iter().map(ToString::to_string).collect();
        words.push(format!("{} of {} have to be searched", cells.join(", "), must.facility));
    }
    let why = format!("the limits can't all be met: {}", words.join("; "));
    FlowError::Limits { why, hint: Some("without any one of these, they could".to_owned()) }
}
