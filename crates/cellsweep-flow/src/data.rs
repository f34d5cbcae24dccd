//! What a case holds of people, and for how long: data sets, their review, their restriction.

use cellsweep_model::case::{CaseEvent, Import, Reduction};
use cellsweep_model::persons::Persons;
use cellsweep_store::{Case, CaseWriter, StoreError};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde::Serialize;

use crate::{FlowError, Session, law};

/// A data set: what one file brought in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DataSet {
    /// The import.
    pub import: String,
    /// Its table.
    pub table: &'static str,
    /// Whose data it holds; `None` where it has no person in it.
    pub persons: Option<Persons>,
    /// The authority that it came in under.
    pub authority: Option<String>,
    /// Rows that went on.
    pub rows: u64,
    /// Raw rows that were taken out since, by why.
    pub dropped: Vec<(Reduction, u64)>,
    /// When it came in.
    pub since: Timestamp,
    /// The day by which somebody has to look whether it is still needed.
    pub review: Date,
    /// Whether that day has passed.
    pub overdue: bool,
    /// Whether it is kept and not used.
    pub restricted: bool,
}

/// The data sets of a case, in the order in which they came in.
pub fn data_sets(case: &Case, now: Timestamp) -> Vec<DataSet> {
    let restricted = case.manifest().restricted();
    let today = day(now);
    let sets = case.manifest().events.iter().filter_map(|logged| match &logged.event {
        CaseEvent::Imported { import } => Some((logged.time, import)),
        _ => None,
    });
    let kept = |import: &Import| case.manifest().imports().any(|known| known.id == import.id);
    let set = |(since, import): (Timestamp, &Import)| {
        let review = next_review(case, import, since);
        DataSet {
            import: import.id.clone(),
            table: import.table.name(),
            persons: Persons::of_table(import.table).map(|usual| import.persons.unwrap_or(usual)),
            authority: import.authority.clone(),
            rows: import.rows.kept,
            dropped: dropped(case, &import.id),
            since,
            review,
            overdue: review < today,
            restricted: restricted.contains(import.id.as_str()),
        }
    };
    sets.filter(|(_, import)| kept(import)).map(set).collect()
}

fn dropped(case: &Case, id: &str) -> Vec<(Reduction, u64)> {
    let reductions = case.manifest().events.iter().filter_map(|logged| match &logged.event {
        CaseEvent::Reduced { import, why, dropped, .. } if import == id => Some((*why, *dropped)),
        _ => None,
    });
    reductions.collect()
}

fn day(now: Timestamp) -> Date {
    jiff::tz::Offset::UTC.to_datetime(now).date()
}

/// What was last said, or the country profile's months after it came in.
fn next_review(case: &Case, import: &Import, since: Timestamp) -> Date {
    let said = case.manifest().events.iter().rev().find_map(|logged| match &logged.event {
        CaseEvent::DataReviewed { imports, next } if imports.contains(&import.id) => Some(*next),
        _ => None,
    });
    let months = law::law(&case.manifest().country.country).map_or(law::REVIEW_MONTHS, |law| law.review_months);
    said.unwrap_or_else(|| day(since).saturating_add(i64::from(months).months()))
}

/// Notes that somebody looked whether imports are still needed.
///
/// # Errors
/// When there is no such import, the next look is not to come, or the log can't be written.
pub fn review_data(
    case: &mut CaseWriter,
    imports: Vec<String>,
    next: Date,
    session: &Session<'_>,
) -> Result<(), FlowError> {
    must_be_there(case.case(), &imports)?;
    if next <= day(session.now()) {
        return Err(FlowError::NextReview { next });
    }
    Ok(case.log(CaseEvent::DataReviewed { imports, next }, session.now())?)
}

/// Keeps imports and uses them no longer.
///
/// # Errors
/// When there is no such import, or the log can't be written.
pub fn restrict(case: &mut CaseWriter, imports: Vec<String>, session: &Session<'_>) -> Result<(), FlowError> {
    must_be_there(case.case(), &imports)?;
    Ok(case.log(CaseEvent::Restricted { imports }, session.now())?)
}

/// Uses imports again.
///
/// # Errors
/// As [`restrict`].
pub fn unrestrict(case: &mut CaseWriter, imports: Vec<String>, session: &Session<'_>) -> Result<(), FlowError> {
    must_be_there(case.case(), &imports)?;
    Ok(case.log(CaseEvent::Unrestricted { imports }, session.now())?)
}

fn must_be_there(case: &Case, imports: &[String]) -> Result<(), FlowError> {
    match imports.iter().find(|id| !case.manifest().imports().any(|import| import.id == **id)) {
        Some(id) => Err(StoreError::NoSuchImport { id: id.clone() }.into()),
        None => Ok(()),
    }
}
