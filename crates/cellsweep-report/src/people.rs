//! Who may use a handset and where it may lie, as the page shows it.

use std::collections::HashMap;

use cellsweep_model::holder::{HolderFact, HolderFinding, SourceClass};
use cellsweep_model::{CellId, Holder, InmateId, Msisdn, Segment};
use serde::{Deserialize, Serialize};

use crate::holder::{holder_limits, holder_sentence};
use crate::lang::Text;
use crate::page::Pool;
use crate::report::Report;
use crate::verbal::holder_verbal;

/// A prison cell with the phones that may lie there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CellPage {
    /// Its name.
    pub cell: CellId,
    /// Its wing, where known.
    pub wing: Option<String>,
    /// Those held there.
    pub held: u32,
    /// Expected number of phones: the sum of the handsets' probabilities of lying there.
    pub expected: f64,
    /// The likeliest handsets, by their keys, with the probability of each.
    pub handsets: Vec<(String, f64)>,
}

/// The same for the page, which knows handsets by their place in the table.
#[derive(Serialize)]
pub(crate) struct CellRow<'a> {
    cell: &'a CellId,
    wing: Option<&'a str>,
    held: u32,
    expected: f64,
    devices: Vec<(usize, f64)>,
}

#[derive(Serialize)]
pub(crate) struct HolderRow<'a> {
    inmate: Option<&'a InmateId>,
    cell: Option<&'a CellId>,
    probability: f64,
    log10_lr: f64,
    verbal: usize,
    findings: Vec<HolderFindingRow<'a>>,
}

#[derive(Serialize)]
struct HolderFindingRow<'a> {
    sentence: usize,
    limits: usize,
    log10_lr: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<Link<'a>>,
}

/// A stretch of days in which a handset was in the same hands.
#[derive(Serialize)]
pub(crate) struct SegmentRow<'a> {
    /// Days since 1970-01-01 UTC.
    from: i32,
    to: i32,
    /// That it changed hands before.
    changed: Option<f64>,
    users: Vec<UserRow<'a>>,
}

#[derive(Serialize)]
struct UserRow<'a> {
    inmate: Option<&'a InmateId>,
    cell: Option<&'a CellId>,
    probability: f64,
}

/// What joins handset and inmate in the picture: the end of a number, and the case that it is of.
#[derive(Serialize)]
struct Link<'a> {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<&'a str>,
}

/// The cells of the facility whose devices stand at these positions.
pub(crate) fn cells<'a>(report: &'a Report, positions: &[usize]) -> Vec<CellRow<'a>> {
    let Some(first) = positions.first() else { return Vec::new() };
    let places: HashMap<&str, usize> =
        positions.iter().map(|index| (report.devices[*index].device.handset.as_str(), *index)).collect();
    let pages = report.cells.get(&report.devices[*first].device.facility);
    let row = |page: &'a CellPage| CellRow {
        cell: &page.cell,
        wing: page.wing.as_deref(),
        held: page.held,
        expected: page.expected,
        devices: page.handsets.iter().filter_map(|(key, share)| Some((*places.get(key.as_str())?, *share))).collect(),
    };
    pages.into_iter().flatten().map(row).collect()
}

/// A handset's holders. What comes from intelligence stays out of a page that anybody may open.
pub(crate) fn holders<'a>(holders: &'a [Holder], pool: &mut Pool<'_>) -> Vec<HolderRow<'a>> {
    let row = |holder: &'a Holder, pool: &mut Pool<'_>| HolderRow {
        inmate: holder.inmate.as_ref(),
        cell: holder.cell.as_ref(),
        probability: holder.probability,
        log10_lr: holder.log10_lr,
        verbal: pool.text(Text::both(|lang| holder_verbal(holder.log10_lr, lang))),
        findings: holder
            .findings
            .iter()
            .filter(|finding| finding.class != SourceClass::Intelligence)
            .map(|finding| finding_row(finding, pool))
            .collect(),
    };
    holders.iter().map(|holder| row(holder, pool)).collect()
}

/// A handset's stretches, each with the likeliest users and whoever else it may be.
pub(crate) fn segments(segments: &[Segment]) -> Vec<SegmentRow<'_>> {
    segments.chunk_by(|a, b| a.from == b.from).filter_map(stretch).collect()
}

fn stretch(rows: &[Segment]) -> Option<SegmentRow<'_>> {
    let Segment { from, to, changed, .. } = *rows.first()?;
    let user = |row| {
        let Segment { inmate, cell, probability, .. }: &Segment = row;
        UserRow { inmate: inmate.as_ref(), cell: cell.as_ref(), probability: *probability }
    };
    Some(SegmentRow { from, to, changed, users: rows.iter().map(user).collect() })
}

fn finding_row<'a>(finding: &'a HolderFinding, pool: &mut Pool<'_>) -> HolderFindingRow<'a> {
    HolderFindingRow {
        sentence: pool.text(Text::both(|lang| holder_sentence(&finding.fact, lang))),
        limits: pool.text(Text::both(|lang| holder_limits(&finding.fact, lang).to_owned())),
        log10_lr: (finding.log10_lr * 100.0).round() / 100.0,
        link: link(&finding.fact),
    }
}

fn link(fact: &HolderFact) -> Option<Link<'_>> {
    match fact {
        HolderFact::ListedNumber { number, .. } => Some(Link { number: end(*number), case: None }),
        HolderFact::CaseNumber { number, case, .. } => Some(Link { number: end(*number), case: Some(case) }),
        _ => None,
    }
}

/// Enough of a number to know it again, not enough to call it.
fn end(number: Msisdn) -> String {
    let digits = number.to_string();
    format!("…{}", &digits[digits.len().saturating_sub(4)..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_by_its_end() {
        let shown: Option<String> = "33612345678".parse().ok().map(end);
        assert_eq!(shown.as_deref(), Some("…5678"));
    }
}
