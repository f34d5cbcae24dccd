//! What a case comes to in shares with intervals: what is handed on as lessons, and what the receiver's own case is
//! held against. The same figures on both sides, by the same measures.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_assess::interval::clopper_pearson;
use cellsweep_model::plan::{Searched, Seized};
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::Table;
use cellsweep_share::method::Lesson;
use cellsweep_store::Case;

use super::values::{decimal, must, said};
use crate::run::TraceFacts;
use crate::trace::{STEP, read};
use crate::{DeviceFilter, FlowError, devices};

const PERCENT: u8 = 95;
/// Fewer searches or finds than these tell of a place, not of a country.
const LEAST: u64 = 10;

/// The case's figures, each a share of something that was counted.
pub(super) fn figures(case: &Case) -> Result<Vec<Lesson>, FlowError> {
    let mut lessons = traced(case)?;
    lessons.extend(searched(case)?);
    lessons.extend(hidden(case)?);
    Ok(lessons)
}

/// What the latest trace lists.
fn traced(case: &Case) -> Result<Vec<Lesson>, FlowError> {
    let Some(run) = case.latest_run(STEP) else { return Ok(Vec::new()) };
    let facts: TraceFacts = case.json_of(run, TraceFacts::FILE)?;
    let listed = devices(case, &DeviceFilter { min_probability: 0.5, ..DeviceFilter::default() })?;
    let count = |chosen: &dyn Fn(&cellsweep_model::Device) -> bool| {
        let handsets: BTreeSet<&str> =
            listed.iter().filter(|device| chosen(device)).map(|device| device.handset.as_str()).collect();
        handsets.len() as u64
    };
    let likely = count(&|_| true);
    let lessons = [
        lesson("trace", "handsets heard near a facility: rather kept there than not", likely, facts.candidates),
        lesson("trace", "of those: minis by the catalogue", count(&|row| row.class == DeviceClass::Mini), likely),
        lesson(
            "trace",
            "of those: models that no catalogue knows",
            count(&|row| row.class == DeviceClass::Unknown),
            likely,
        ),
        lesson("trace", "of those: named in a supplier's ledger", count(&|row| row.in_ledger), likely),
        lesson("trace", "of those: an IMEI that several handsets use", count(&|row| row.cloned), likely),
    ];
    lessons.into_iter().filter_map(Result::transpose).collect()
}

/// What searches brought, all together and by what was used.
fn searched(case: &Case) -> Result<Vec<Lesson>, FlowError> {
    let searches: Vec<Searched> = read(case, Table::Searches)?;
    let mut by: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for search in &searches {
        let all = Some("searches that found a phone".to_owned());
        let with = search.detector.as_ref().map(|word| format!("searches by {word} that found a phone"));
        for measure in all.into_iter().chain(with) {
            let (hits, count) = by.entry(measure).or_default();
            *hits += u64::from(search.found > 0);
            *count += 1;
        }
    }
    shares("searches", by)
}

/// Where phones were hidden, and what found them.
fn hidden(case: &Case) -> Result<Vec<Lesson>, FlowError> {
    let finds: Vec<Seized> = read(case, Table::Seizures)?;
    let told: Vec<&str> = finds.iter().filter_map(|find| find.hiding_place.as_deref()).map(str::trim).collect();
    let mut by: BTreeMap<String, u64> = BTreeMap::new();
    for place in &told {
        *by.entry(place.to_lowercase()).or_default() += 1;
    }
    // A place that is named seldom may say where somebody lives.
    let often = by.into_iter().filter(|(_, count)| *count >= LEAST);
    let all = told.len() as u64;
    shares("hiding_places", often.map(|(place, count)| (format!("finds hidden: {place}"), (count, all))).collect())
}

fn shares(about: &str, by: BTreeMap<String, (u64, u64)>) -> Result<Vec<Lesson>, FlowError> {
    let enough = by.into_iter().filter(|(_, (_, count))| *count >= LEAST);
    enough.map(|(measure, (hits, count))| lesson(about, &measure, hits, count)).filter_map(Result::transpose).collect()
}

/// A share with Clopper and Pearson's exact interval; `None` of nothing.
fn lesson(about: &str, measure: &str, hits: u64, count: u64) -> Result<Option<Lesson>, FlowError> {
    if count == 0 || hits > count {
        return Ok(None);
    }
    let share = clopper_pearson(hits, count, f64::from(PERCENT) / 100.0);
    Ok(Some(Lesson {
        about: must("a lesson's subject", about)?,
        measure: said("a measure", measure)?,
        estimate: decimal(share.value)?,
        lower: decimal(share.low.min(share.value))?,
        upper: decimal(share.high.max(share.value))?,
        percent: PERCENT,
        n: count,
    }))
}
