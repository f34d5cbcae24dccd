//! What was imported and traced.

use std::collections::BTreeSet;

use cellsweep_model::case::{CaseEvent, Digest};
use cellsweep_model::rows::Facility;
use cellsweep_model::table::Table;
use cellsweep_papers::{
    Basis, Datum, ImportFact, Listed, NamedDigest, Paper, RunFact, Source, TraceReport, Weighed, Weight, trace_report,
};
use jiff::Timestamp;

use super::{Desk, held};
use crate::trace::{STEP, read};
use crate::{DeviceFilter, FlowError, Imei, devices};

pub(super) fn report(desk: &Desk<'_>, imeis: &[Imei]) -> Result<Paper, FlowError> {
    let listed = devices(desk.case, &DeviceFilter::default())?;
    let run = desk.case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: desk.case.dir().to_owned() })?;
    let traced = desk.events().iter().find_map(|logged| match &logged.event {
        CaseEvent::Ran { run: logged_run } if logged_run.id == run.id => Some(logged.sequence),
        _ => None,
    });
    let entry = traced.unwrap_or_default();
    let facilities: Vec<Facility> = read(desk.case, Table::Facilities)?;
    let name = |id: &str| {
        let known = facilities.iter().find(|facility| facility.id.as_str() == id);
        known.map_or_else(|| id.to_owned(), |facility| format!("{} ({id})", facility.name))
    };
    let asked = listed
        .iter()
        .filter(|device| imeis.iter().any(|imei| device.imei == Some(*imei) || device.other_imeis.contains(imei)));
    let weighed = asked.map(|device| Weighed {
        imei: device.imei.map(|imei| imei.to_string()).unwrap_or_default(),
        facility: name(device.facility.as_str()),
        weight: Weight::Log10(device.log10_lr),
        // The list chooses searches; nothing in a case is kept apart from that yet.
        basis: Basis::Exploratory,
        source: Source::entry(entry),
    });
    let mut there: Vec<&str> = listed.iter().map(|device| device.facility.as_str()).collect();
    there.sort_unstable();
    there.dedup();
    let count = run.settings["threshold"].as_f64().map(|threshold| Listed {
        handsets: listed.iter().map(|device| &device.handset).collect::<BTreeSet<_>>().len() as u64,
        facilities: there.len() as u64,
        threshold,
    });
    let paper = TraceReport {
        head: desk.head(Datum::Missing),
        authorities: desk.authorities(),
        imports: imports(desk),
        runs: runs(desk),
        listed: count.map_or(Datum::Missing, |count| Datum::logged(count, entry)),
        weighed: weighed.collect(),
        limits: Vec::new(),
        signatory: Datum::Missing,
    };
    Ok(trace_report(&paper, desk.lang))
}

fn imports(desk: &Desk<'_>) -> Vec<ImportFact> {
    let imports = desk.events().iter().filter_map(|logged| match &logged.event {
        CaseEvent::Imported { import } => Some((logged.sequence, import)),
        _ => None,
    });
    let at = |micros| Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH);
    let fact = |(entry, import): (u64, &cellsweep_model::case::Import)| {
        let (fr, en) = held::table(import.table);
        ImportFact {
            id: import.id.clone(),
            kind: desk.pick(fr, en),
            rows: import.rows.read,
            quarantined: import.rows.rejected.iter().map(|(reason, rows)| (reason.clone(), *rows)).collect(),
            period: import.window.map_or(Datum::Missing, |(from, to)| Datum::logged((at(from), at(to)), entry)),
            sha256: import.digest.0.clone(),
            authority: import.authority.clone().map_or(Datum::Missing, |id| Datum::logged(id, entry)),
            source: Source::entry(entry),
        }
    };
    imports.map(fact).collect()
}

fn runs(desk: &Desk<'_>) -> Vec<RunFact> {
    let named = |(name, digest): (&String, &Digest)| NamedDigest { name: name.clone(), sha256: digest.0.clone() };
    let runs = desk.events().iter().filter_map(|logged| match &logged.event {
        CaseEvent::Ran { run } if run.step == STEP => Some(RunFact {
            id: run.id.clone(),
            step: run.step.clone(),
            version: run.version.clone(),
            settings: settings(&run.settings),
            inputs: inputs(desk, &run.inputs),
            outputs: run.outputs.iter().map(named).collect(),
            source: Source::entry(logged.sequence),
        }),
        _ => None,
    });
    runs.collect()
}

fn settings(value: &serde_json::Value) -> Vec<(String, String)> {
    let object = value.as_object().into_iter().flatten();
    object.map(|(name, value)| (name.clone(), value.to_string())).collect()
}

/// What a run read, by the files as they were handed over.
fn inputs(desk: &Desk<'_>, ids: &[String]) -> Vec<NamedDigest> {
    let digest = |id: &String| {
        desk.events().iter().find_map(|logged| match &logged.event {
            CaseEvent::Imported { import } if import.id == *id => Some(import.digest.0.clone()),
            _ => None,
        })
    };
    ids.iter().filter_map(|id| digest(id).map(|sha256| NamedDigest { name: id.clone(), sha256 })).collect()
}
