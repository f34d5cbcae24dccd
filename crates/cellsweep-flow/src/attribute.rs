//! Attribute: the latest trace's handsets to inmates and cells, and the answer back into the case.

use std::io::Write;

use cellsweep_attribute::{AttributeSettings, Attributed, Estimates, Evidence, Phone};
use cellsweep_model::table::Table;
use cellsweep_model::{Holder, Place, Segment};
use cellsweep_store::{Case, CaseWriter, RunFacts, Staging};
use serde::Serialize;

use crate::ledger::kept_sales;
use crate::phones;
use crate::session::Stopwatch;
use crate::trace::{read, window};
use crate::{DeviceFilter, FlowError, Session, Stage, VERSION, devices};

/// The step's name in the case's log.
pub(crate) const STEP: &str = "attribute";
/// The file that says what was estimated.
const ESTIMATES: &str = "estimates.json";

/// The tables that attribution reads beside the records and the latest trace.
const TABLES: [Table; 11] = [
    Table::Cells,
    Table::Roster,
    Table::Contacts,
    Table::Visits,
    Table::Ledger,
    Table::Stock,
    Table::Seizures,
    Table::Offences,
    Table::Cases,
    Table::Sensors,
    Table::Detections,
];

/// What an attribution left.
#[derive(Debug, Clone, Serialize)]
pub struct AttributeSummary {
    /// The run's name in the case.
    pub run: String,
    /// Handsets that were looked at.
    pub handsets: usize,
    /// Rows of holders.
    pub holders: usize,
    /// Handsets with one inmate at a joint probability over one half.
    pub named: usize,
    /// What was estimated from the case.
    pub estimates: Estimates,
    /// What its parts took.
    pub stages: Vec<Stage>,
}

/// Attributes the latest trace's handsets and keeps the answer as a run.
///
/// # Errors
/// When the case has not been traced, or the case or the engine fails.
pub fn attribute(case: &mut CaseWriter, session: &Session<'_>) -> Result<AttributeSummary, FlowError> {
    let staging = case.stage()?;
    let settings = AttributeSettings::default();
    let mut watch = Stopwatch::start(session);
    let (attributed, phones) = attribute_into(&staging, case.case(), &settings, session, &mut watch)?;
    let facts = run_facts(case.case(), session, &settings)?;
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    watch.lap("write");
    Ok(AttributeSummary {
        run: run.id,
        handsets: phones.len(),
        holders: attributed.holders.len(),
        named: named(&phones, &attributed.holders),
        estimates: attributed.estimates,
        stages: watch.stages,
    })
}

/// Attributes a case's handsets into a staged folder: what the step does, whoever keeps it.
pub(crate) fn attribute_into(
    staging: &Staging,
    case: &Case,
    settings: &AttributeSettings,
    session: &Session<'_>,
    watch: &mut Stopwatch<'_>,
) -> Result<(Attributed, Vec<Phone>), FlowError> {
    let task = session.progress.begin("attributing");
    let list = devices(case, &DeviceFilter::default())?;
    let evidence = evidence(case, session)?;
    watch.lap("prepare");
    let engine = session.engine(1);
    let (phones, _keys) = phones::gather(case, &list, &evidence, &engine, &|share| task.advance(share))?;
    watch.lap("gather");
    let attributed = cellsweep_attribute::attribute(&evidence, &phones, settings);
    watch.lap("weigh");
    staging.write_holders(&attributed.holders, &attributed.places, &attributed.segments)?;
    staging.write_json(ESTIMATES, &attributed.estimates)?;
    Ok((attributed, phones))
}

fn named(phones: &[Phone], holders: &[Holder]) -> usize {
    let named = holders.iter().filter(|holder| holder.inmate.is_some() && holder.probability > 0.5).count();
    named.min(phones.len())
}

/// Everything but the handsets.
pub(crate) fn evidence(case: &Case, session: &Session<'_>) -> Result<Evidence, FlowError> {
    let (sales, buyers) = kept_sales(case)?;
    Ok(Evidence {
        cells: read(case, Table::Cells)?,
        roster: read(case, Table::Roster)?,
        contacts: crate::protected::contacts(case)?,
        visits: read(case, Table::Visits)?,
        offences: read(case, Table::Offences)?,
        cases: read(case, Table::Cases)?,
        sales,
        buyers,
        finds: read(case, Table::Seizures)?,
        sensors: read(case, Table::Sensors)?,
        detections: read(case, Table::Detections)?,
        at: session.settings.trace.at.unwrap_or(window(case).1),
    })
}

pub(crate) fn run_facts(
    case: &Case,
    session: &Session<'_>,
    settings: &AttributeSettings,
) -> Result<RunFacts, FlowError> {
    let reads = |table: Table| table == Table::Records || TABLES.contains(&table);
    let imports = case.manifest().imports().filter(|import| reads(import.table)).map(|import| import.id.clone());
    let traced = case.latest_run(crate::trace::STEP).map(|run| run.id.clone());
    let settings = serde_json::json!({ "attribute": settings, "at": session.settings.trace.at });
    Ok(RunFacts {
        step: STEP.to_owned(),
        version: VERSION.to_owned(),
        settings,
        inputs: imports.chain(traced).collect(),
    })
}

/// The latest attribution's holders, by handset and facility, best first.
///
/// # Errors
/// When the case has not been attributed or a file can't be read.
pub fn holders(case: &Case) -> Result<Vec<Holder>, FlowError> {
    Ok(case.holders_of(latest(case)?)?.holders()?)
}

/// The latest attribution's places, by handset and facility, best first.
///
/// # Errors
/// When the case has not been attributed or a file can't be read.
pub fn places(case: &Case) -> Result<Vec<Place>, FlowError> {
    Ok(case.holders_of(latest(case)?)?.places()?)
}

/// The latest attribution's segments of use, by handset, facility and time, best first: of handsets
/// that changed hands.
///
/// # Errors
/// When the case has not been attributed or a file can't be read.
pub fn segments(case: &Case) -> Result<Vec<Segment>, FlowError> {
    Ok(case.holders_of(latest(case)?)?.segments()?)
}

fn latest(case: &Case) -> Result<&cellsweep_model::case::Run, FlowError> {
    case.latest_run(STEP).ok_or_else(|| FlowError::NotAttributed { dir: case.dir().to_owned() })
}

/// The columns of `holders.csv`.
pub const HOLDER_COLUMNS: [&str; 8] =
    ["handset", "imei", "rank", "inmate", "facility", "cell", "log10_lr", "probability"];
/// The columns of `places.csv`.
pub const PLACE_COLUMNS: [&str; 4] = ["handset", "facility", "cell", "probability"];

/// The columns of `segments.csv`.
pub const SEGMENT_COLUMNS: [&str; 11] =
    ["handset", "imei", "facility", "from", "to", "changed", "rank", "inmate", "cell", "log10_lr", "probability"];

fn or_blank<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

/// Writes holders as CSV: the same holders give the same bytes.
///
/// # Errors
/// When the output fails.
pub fn write_holders_csv(holders: &[Holder], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(HOLDER_COLUMNS)?;
    for row in holders {
        writer.write_record([
            row.handset.clone(),
            or_blank(row.imei.as_ref()),
            row.rank.to_string(),
            or_blank(row.inmate.as_ref()),
            row.facility.to_string(),
            or_blank(row.cell.as_ref()),
            row.log10_lr.to_string(),
            row.probability.to_string(),
        ])?;
    }
    writer.flush()
}

/// Writes places as CSV.
///
/// # Errors
/// When the output fails.
pub fn write_places_csv(places: &[Place], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(PLACE_COLUMNS)?;
    for row in places {
        writer.write_record([
            row.handset.clone(),
            row.facility.to_string(),
            or_blank(row.cell.as_ref()),
            row.probability.to_string(),
        ])?;
    }
    writer.flush()
}

/// A day, counted from 1970-01-01, as it is written: `YYYY-MM-DD`.
pub fn day_text(day: i32) -> String {
    (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day)).to_string()
}

/// Writes segments as CSV.
///
/// # Errors
/// When the output fails.
pub fn write_segments_csv(segments: &[Segment], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(SEGMENT_COLUMNS)?;
    for row in segments {
        writer.write_record([
            row.handset.clone(),
            or_blank(row.imei.as_ref()),
            row.facility.to_string(),
            day_text(row.from),
            day_text(row.to),
            or_blank(row.changed.as_ref()),
            row.rank.to_string(),
            or_blank(row.inmate.as_ref()),
            or_blank(row.cell.as_ref()),
            row.log10_lr.to_string(),
            row.probability.to_string(),
        ])?;
    }
    writer.flush()
}
