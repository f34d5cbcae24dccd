//! Trace: the case's profiles through the method, and its answer back into the case.

mod shelf;

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use cellsweep_cluster::{Calls, Cluster, FirstLook, Look, SecondLook, Work, first_look, second_look, spoken};
use cellsweep_engine::{EngineSettings, Peers, ProfileImport, Profiles, Range, over};
use cellsweep_model::HandsetKey;
use cellsweep_model::case::{CaseKind, Import};
use cellsweep_model::rows::{self, Facility, FromRow};
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter, RunFacts, Staging};
use cellsweep_trace::{Candidate, Evidence, MEASURES, Measures, Noted, Spoken, Traced, Tracer};
use rustc_hash::FxHashSet;

use self::shelf::{ByRange, Shelf, Shelved};
use crate::run::{TraceFacts, TraceSummary};
use crate::session::Stopwatch;
use crate::{FlowError, Session, VERSION, reduce};

/// The step's name in the case's log.
pub(crate) const STEP: &str = "trace";

/// The tables that trace reads beside the records.
const TABLES: [Table; 15] = [
    Table::Sectors,
    Table::Facilities,
    Table::Survey,
    Table::Requests,
    Table::KnownDevices,
    Table::Ledger,
    Table::Stock,
    Table::Models,
    Table::Seizures,
    Table::Sensors,
    Table::Detections,
    Table::Contacts,
    Table::Roster,
    Table::Jamming,
    Table::Outages,
];

/// Traces the case and keeps the answer as a run.
///
/// # Errors
/// When a table that trace needs is missing, or the case or the engine fails.
pub fn trace(case: &mut CaseWriter, session: &Session<'_>) -> Result<TraceSummary, FlowError> {
    let staging = case.stage()?;
    let mut watch = Stopwatch::start(session);
    let Tracing { traced, candidates, spared } = trace_into(&staging, case.case(), session, &mut watch)?;
    let facts = run_facts(case.case(), session)?;
    let run = case.commit_run(staging.seal()?, facts, session.now())?;
    watch.lap("write");
    if case.case().kind() == CaseKind::Investigation {
        reduce::drop_others(case, &candidates, session)?;
        watch.lap("drop");
    }
    Ok(TraceSummary::new(run, &traced, spared, watch.stages))
}

/// What a trace over a case's records comes to.
pub(crate) struct Tracing {
    /// The answer.
    pub traced: Traced,
    /// Every handset that was heard near a facility.
    pub candidates: FxHashSet<HandsetKey>,
    /// Share of the daily profiles of which no more was decoded than handset and sector.
    pub spared: f64,
}

/// Traces a case into a staged folder: what the step does, whoever keeps it.
pub(crate) fn trace_into(
    staging: &Staging,
    case: &Case,
    session: &Session<'_>,
    watch: &mut Stopwatch<'_>,
) -> Result<Tracing, FlowError> {
    check_tables(case)?;
    let imports = profile_imports(case)?;
    let task = session.progress.begin("tracing");
    let mut tracer = Tracer::new(evidence(case)?, session.settings.trace.clone());
    watch.lap("prepare");
    let engine = session.engine(1);
    let cluster = session.cluster()?;
    let hands = Hands { case, imports: &imports, engine: &engine, cluster: cluster.as_ref() };
    let shelf = hands.shelf(staging)?;
    // Shares as a country's records took them.
    let part = |from: f64, to: f64| {
        let task = &task;
        move |share: f64| task.advance(from + share * (to - from))
    };
    let (looked, spared) = hands.look(&mut tracer, session, &shelf, &part(0.0, 0.6))?;
    let candidates = looked.keys(&shelf).map_err(hands.shelf_fails())?;
    tracing::info!(candidates = candidates.len(), "profiles looked at");
    watch.lap("look");
    let shelved = hands.file(&tracer, shelf, &looked, &candidates, &part(0.6, 0.75))?;
    watch.lap("calls");
    let traced = tracer.conclude(&shelved, &part(0.75, 1.0)).map_err(hands.shelf_fails())?;
    drop((task, shelved));
    watch.lap("conclude");
    staging.write_devices(&traced.devices)?;
    staging.write_json(TraceFacts::FILE, &TraceFacts::of(&traced))?;
    Ok(Tracing { traced, candidates, spared })
}

/// What trace measures of every handset at every facility that it may be kept in, as CSV: what
/// the method's weights are fitted on (`bench/fit_presence.py`).
///
/// # Errors
/// When a table that trace needs is missing, or the case, the engine or the output fails.
pub fn measures(case: &mut CaseWriter, session: &Session<'_>, out: &mut dyn Write) -> Result<(), FlowError> {
    check_tables(case.case())?;
    let imports = profile_imports(case.case())?;
    let facilities: Vec<Facility> = read(case.case(), Table::Facilities)?;
    let mut tracer = Tracer::new(evidence(case.case())?, session.settings.trace.clone());
    let engine = session.engine(1);
    let staging = case.stage()?;
    let hands = Hands { case: case.case(), imports: &imports, engine: &engine, cluster: None };
    let shelf = hands.shelf(&staging)?;
    let (looked, _spared) = hands.look(&mut tracer, session, &shelf, &|_share| {})?;
    let candidates = looked.keys(&shelf).map_err(hands.shelf_fails())?;
    let shelved = hands.file(&tracer, shelf, &looked, &candidates, &|_share| {})?;
    let mut written = writeln!(out, "handset,facility,{}", MEASURES.join(","));
    let mut write = |measures: Measures| {
        let values: Vec<String> = measures.values.iter().map(f64::to_string).collect();
        writeln!(out, "{},{},{}", measures.handset, facilities[measures.facility as usize].id, values.join(","))
    };
    let shown = tracer.measures(&shelved, &mut |measures| {
        if written.is_ok() {
            written = write(measures);
        }
    });
    shown.map_err(hands.shelf_fails())?;
    written.map_err(FlowError::output("measures"))
}

/// Who works through the records: this machine's threads, or a cluster's.
struct Hands<'a> {
    case: &'a Case,
    imports: &'a [ProfileImport],
    engine: &'a EngineSettings,
    cluster: Option<&'a Cluster>,
}

impl Hands<'_> {
    /// A quarter of the memory is the candidates' between looking and weighing.
    fn shelf(&self, staging: &Staging) -> Result<Shelf, FlowError> {
        Shelf::new(staging, self.engine.memory_bytes / 4).map_err(self.shelf_fails())
    }

    /// What is said where candidates can't be kept until they are weighed.
    fn shelf_fails(&self) -> impl FnOnce(std::io::Error) -> FlowError {
        FlowError::io("keep handsets that wait to be weighed in", self.case.dir())
    }

    /// Shows the tracer every handset that was ever near a facility, and those heard at sectors that the table turned
    /// out to have wrong once more. The candidates, and the share of the profiles' rows of which no more was decoded
    /// than handset and sector.
    fn look(
        &self,
        tracer: &mut Tracer,
        session: &Session<'_>,
        shelf: &Shelf,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<(ByRange, f64), FlowError> {
        let profiles = Profiles::open(self.imports, self.engine)?;
        let ranges = profiles.ranges()?;
        let (most, rest) = (|share| progress(0.7 * share), |share| progress(0.7 + 0.3 * share));
        let put = |candidates| shelf.put(candidates).map_err(self.shelf_fails());
        // What is noted is as large for a range as for all: it is added up as it comes.
        let sums = Mutex::new((Noted::default(), 0, 0));
        let take = |_range: Range, found: FirstLook| {
            let mut sums = sums.lock().unwrap_or_else(PoisonError::into_inner);
            sums.0.absorb(found.noted);
            sums.1 += found.decoded.0;
            sums.2 += found.decoded.1;
            drop(sums);
            put(found.candidates)
        };
        let first = match self.cluster {
            None => {
                over(&ranges, self.engine.threads, &most, &|range| take(range, first_look(tracer, &profiles, range)?))?
            }
            Some(cluster) => all(cluster.over(&Work::Look(self.job(cluster, session)?), &ranges, &most, &take)?)?,
        };
        let first = ByRange::new(ranges, first);
        let (noted, rows, whole) = sums.into_inner().unwrap_or_else(PoisonError::into_inner);
        let spared = 1.0 - whole as f64 / rows.max(1) as f64;
        let mended = tracer.learn(noted);
        tracing::info!(mended = mended.sectors().len(), "every handset looked at");
        if mended.is_empty() {
            return Ok((first, spared));
        }
        tracer.mend(&mended);
        let take = |range: Range, again: SecondLook| {
            let candidates = first.take(shelf, range).map_err(self.shelf_fails())?;
            put(looked_again(candidates, again))
        };
        let blocks = match self.cluster {
            None => over(&first.ranges, self.engine.threads, &rest, &|range| {
                take(range, second_look(tracer, &profiles, &mended, range)?)
            })?,
            Some(cluster) => {
                let work = Work::Look(self.job(cluster, session)?.again(&mended));
                all(cluster.over(&work, &first.ranges, &rest, &take)?)?
            }
        };
        Ok((ByRange::new(first.ranges, blocks), spared))
    }

    fn job(&self, cluster: &Cluster, session: &Session<'_>) -> Result<Look, FlowError> {
        let folders = self.imports.iter().map(|import| cluster.folder(import, "profiles-"));
        let table = |table| self.case.table(table);
        let (sectors, facilities) = (table(Table::Sectors)?, table(Table::Facilities)?);
        let (survey, models) = (table(Table::Survey)?, table(Table::Models)?);
        let tables: [&[_]; 4] = [&sectors, &facilities, &survey, &models];
        Ok(Look::new(tables, window(self.case), &session.settings.trace, folders.collect::<Result<_, _>>()?)?)
    }

    /// Files the candidates with whom they spoke with; nothing is read of other handsets.
    fn file(
        &self,
        tracer: &Tracer,
        shelf: Shelf,
        looked: &ByRange,
        keys: &FxHashSet<HandsetKey>,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Shelved, FlowError> {
        let peers = Peers::open(self.imports, self.engine)?;
        let take = |range: Range, spoken: Vec<Spoken>| {
            let filed = looked.take(&shelf, range).and_then(|candidates| {
                let (dossiers, slots) = tracer.file(candidates, &spoken);
                Ok((shelf.put(dossiers)?, shelf.put(slots)?))
            });
            filed.map_err(self.shelf_fails())
        };
        let blocks = match self.cluster {
            None => over(&looked.ranges, self.engine.threads, progress, &|range| {
                take(range, spoken(&peers, (keys, tracer.at()), range)?)
            })?,
            Some(cluster) => {
                let folders = self.imports.iter().map(|import| cluster.folder(import, "peers-"));
                let mut keys: Vec<HandsetKey> = keys.iter().copied().collect();
                keys.sort_unstable();
                let calls = Calls { keys, at: tracer.at(), folders: folders.collect::<Result<_, _>>()? };
                all(cluster.over(&Work::Calls(calls), &looked.ranges, progress, &take)?)?
            }
        };
        Ok(Shelved { shelf, blocks })
    }
}

/// What a cluster's results were made into, or the first that couldn't be.
fn all<T>(results: Vec<Result<T, FlowError>>) -> Result<Vec<T>, FlowError> {
    results.into_iter().collect()
}

/// A range's candidates, those of handsets that were looked at again as they were seen then.
fn looked_again(first: Vec<Candidate>, again: SecondLook) -> Vec<Candidate> {
    let seen_again: FxHashSet<HandsetKey> = again.iter().map(|(key, _)| *key).collect();
    let kept = first.into_iter().filter(|candidate| !seen_again.contains(&candidate.key));
    let mut candidates: Vec<Candidate> = kept.chain(again.into_iter().flat_map(|(_, candidates)| candidates)).collect();
    // Several handsets of one IMEI stay in the order in which they were told apart.
    candidates.sort_by_key(|candidate| candidate.key);
    candidates
}

/// Every table that can't be done without and isn't there, in one error.
pub(crate) fn check_tables(case: &Case) -> Result<(), FlowError> {
    let has_rows = |table| case.imports_of(table).any(|import| import.rows.kept > 0);
    let missing: Vec<Table> =
        Table::ALL.into_iter().filter(|table| table.needed()).filter(|table| !has_rows(*table)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(FlowError::MissingTables { place: case.dir().display().to_string(), missing })
}

/// An import as the engine reads it.
pub(crate) fn profile_import(case: &Case, import: &Import) -> Result<ProfileImport, FlowError> {
    let folder = case.records_folder(import)?;
    let (dir, keeping) = (folder.dir().to_owned(), folder.keeping().clone());
    Ok(ProfileImport { dir, keeping, operators: import.operators.clone() })
}

/// Where the engine finds the case's records.
pub(crate) fn profile_imports(case: &Case) -> Result<Vec<ProfileImport>, FlowError> {
    let imports = case.imports_of(Table::Records).filter(|import| import.rows.kept > 0);
    imports.map(|import| profile_import(case, import)).collect()
}

/// Everything but the records.
pub(crate) fn evidence(case: &Case) -> Result<Evidence, FlowError> {
    Ok(Evidence {
        sectors: read(case, Table::Sectors)?,
        facilities: read(case, Table::Facilities)?,
        survey: read(case, Table::Survey)?,
        models: read(case, Table::Models)?,
        ledger: crate::ledger::sold_lines(case)?,
        known_devices: read(case, Table::KnownDevices)?,
        seizures: read(case, Table::Seizures)?,
        requests: read(case, Table::Requests)?,
        asked_for: crate::values::asked_for(case)?,
        sensors: read(case, Table::Sensors)?,
        detections: read(case, Table::Detections)?,
        contacts: crate::protected::contacts(case)?,
        roster: read(case, Table::Roster)?,
        jamming: read(case, Table::Jamming)?,
        outages: read(case, Table::Outages)?,
        operators: operators(case),
        window: window(case),
    })
}

/// Who recorded, in the order in which the engine numbers them.
pub(crate) fn operators(case: &Case) -> Vec<String> {
    let mut names: Vec<String> =
        case.imports_of(Table::Records).flat_map(|import| import.operators.iter().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

pub(crate) fn read<T: FromRow>(case: &Case, table: Table) -> Result<Vec<T>, FlowError> {
    let batches = case.table(table)?;
    rows::read(&batches).map_err(|source| FlowError::Rows { table: table.name(), source })
}

/// First and last record of the case.
pub(crate) fn window(case: &Case) -> (i64, i64) {
    let windows = case.imports_of(Table::Records).filter_map(|import| import.window);
    windows.reduce(|(low, high), (first, last)| (low.min(first), high.max(last))).unwrap_or_default()
}

pub(crate) fn run_facts(case: &Case, session: &Session<'_>) -> Result<RunFacts, FlowError> {
    let reads = |table: Table| table == Table::Records || TABLES.contains(&table);
    Ok(RunFacts {
        step: STEP.to_owned(),
        version: VERSION.to_owned(),
        settings: serde_json::to_value(&session.settings.trace).map_err(FlowError::output("settings"))?,
        inputs: case
            .manifest()
            .imports()
            .filter(|import| reads(import.table))
            .map(|import| import.id.clone())
            .collect(),
    })
}
