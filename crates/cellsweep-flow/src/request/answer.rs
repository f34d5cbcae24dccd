//! An answer against its request: what was asked and isn't in it is known as such.

use std::path::{Path, PathBuf};

use cellsweep_ingest::{Against, IngestOptions};
use cellsweep_model::case::{CaseKind, Run};
use cellsweep_model::record::RecordColumns;
use cellsweep_model::table::Table;
use cellsweep_model::{Imsi, Msisdn, RecordedImei, SectorId};
use cellsweep_store::{Case, CaseWriter, Folder, RunFacts};
use jiff::Timestamp;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::entry::enter;
use super::forms::{Asked, AskedKind, read_list};
use super::{ANSWER_FILE, ANSWERED, MISSING_FILE, Request, RequestError, VALUES_FILE, state};
use crate::authority::order_for;
use crate::{Coming, FileOutcome, FlowError, ImportSummary, Session, VERSION, import_files};

/// What an answer holds, against what was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnswerCheck {
    /// This record's version.
    pub version: u32,
    /// Which request.
    pub request: String,
    /// When it came.
    pub received: Timestamp,
    /// Whether the operator says that it is whole.
    pub complete: bool,
    /// The imports that it became.
    pub imports: Vec<String>,
    /// Records in it.
    pub records: u64,
    /// Values of which this answer or an earlier one has a record.
    pub found: usize,
    /// Values of which none has one: listed in `missing.csv`.
    pub missing: usize,
    /// Records of values that were not asked for.
    pub not_asked: u64,
    /// Records outside the window that was asked for.
    pub outside_window: u64,
    /// Records that name other operators.
    pub other_operator: u64,
    /// Values that an earlier answer, said to be whole, did not have.
    pub unsaid_before: usize,
}

impl AnswerCheck {
    /// Whether it is not an answer to what was asked, or belies an earlier one.
    pub const fn contradicts(&self) -> bool {
        self.not_asked > 0 || self.outside_window > 0 || self.other_operator > 0 || self.unsaid_before > 0
    }
}

/// Imports an answer's files and checks them against the request. Without files the operator says that it has
/// nothing. Leaves the check in the case, and a row of the table `requests`, which trace reads as what the
/// answers cover.
///
/// # Errors
/// When there is no such request, nothing may enter the case, or none of the files can be used.
pub fn answer_request(
    case: &mut CaseWriter,
    asked: &str,
    files: &[PathBuf],
    complete: bool,
    received: Timestamp,
    session: &Session<'_>,
) -> Result<(AnswerCheck, ImportSummary), FlowError> {
    let (run, request) = state::find(case.case(), asked)?;
    let asked_for = case.case().run_folder(&run)?;
    // An answer and what is noted of it come in under the order that the request was made under.
    let authority = (case.case().kind() == CaseKind::Investigation).then_some(request.authority.as_str());
    let order = order_for(case.case(), authority, Table::Requests, session.now())?;
    let coming = Coming { authority, ..Coming::plain(Table::Records) };
    let mut summary = import_files(case, coming, files, session)?;
    let imports = usable(&summary)?;
    let earlier = state::answers(case.case(), asked)?;
    let mut scan = Scan::new(&request, values_of(&asked_for, &request)?);
    for (path, outcome) in files.iter().zip(&summary.files) {
        if !matches!(outcome, FileOutcome::Refused { .. }) {
            scan.file(path, &session.ingest(1))?;
        }
    }
    let before = found_before(case, asked, &scan)?;
    let check = scan.check(&request, received, complete, imports, &earlier, &before);
    // The row first: a request counts as answered once trace knows of it, too.
    let (row, entered) = enter(case, &request, order, &asked_for.read(VALUES_FILE)?, &check, session)?;
    let inputs = check.imports.iter().cloned().chain([run.id, row]).collect();
    keep(case, (&scan, &before, &check), inputs, session)?;
    summary.files.push(entered);
    Ok((check, summary))
}

fn usable(summary: &ImportSummary) -> Result<Vec<String>, FlowError> {
    let mut imports = Vec::new();
    for file in &summary.files {
        match file {
            FileOutcome::Imported { import, .. } => imports.push(import.id.clone()),
            FileOutcome::SameBytes { import, .. } => imports.push(import.clone()),
            FileOutcome::Refused { .. } => {}
        }
    }
    let why = summary.files.iter().find_map(|file| match file {
        FileOutcome::Refused { why, .. } => Some(why.clone()),
        _ => None,
    });
    match why {
        Some(why) if imports.is_empty() => Err(RequestError::NoAnswer { why }.into()),
        _ => Ok(imports),
    }
}

fn values_of(folder: &Folder, request: &Request) -> Result<Vec<Asked>, FlowError> {
    Ok(read_list(request.kind, &folder.dir().join(VALUES_FILE), &folder.read_text(VALUES_FILE)?)?)
}

/// What a request asks for, as people write it.
pub(crate) fn asked_for(case: &Case, run: &Run, request: &Request) -> Result<Vec<String>, FlowError> {
    let values = values_of(&case.run_folder(run)?, request)?;
    Ok(values.iter().map(|value| value.text()).collect())
}

/// One pass over an answer's records: memory grows with what was asked, not with the answer.
struct Scan {
    kind: AskedKind,
    window: (i64, i64),
    operator: String,
    values: Vec<Asked>,
    position: FxHashMap<Asked, usize>,
    found: FxHashSet<usize>,
    records: u64,
    not_asked: u64,
    outside_window: u64,
    other_operator: u64,
}

impl Scan {
    fn new(request: &Request, values: Vec<Asked>) -> Self {
        let position = values.iter().enumerate().map(|(index, value)| (*value, index)).collect();
        Self {
            kind: request.kind,
            window: (request.from.as_microsecond(), request.to.as_microsecond()),
            operator: request.operator.clone(),
            values,
            position,
            found: FxHashSet::default(),
            records: 0,
            not_asked: 0,
            outside_window: 0,
            other_operator: 0,
        }
    }

    fn file(&mut self, path: &Path, options: &IngestOptions) -> Result<(), FlowError> {
        let mut by_operator: Vec<u64> = Vec::new();
        let mut sink = |columns: RecordColumns| {
            for operator in &columns.operator {
                let at = usize::from(*operator);
                by_operator.resize(by_operator.len().max(at + 1), 0);
                by_operator[at] += 1;
            }
            self.columns(&columns);
            Ok(())
        };
        let report = cellsweep_ingest::read_records(
            path,
            Against::default(),
            options,
            &mut sink,
            &mut |_reject| Ok(()),
            &|_share| {},
        )?;
        for (name, count) in report.operators.iter().zip(by_operator) {
            if *name != self.operator {
                self.other_operator += count;
            }
        }
        Ok(())
    }

    fn columns(&mut self, columns: &RecordColumns) {
        for row in 0..columns.time.len() {
            self.records += 1;
            let time = columns.time[row];
            self.outside_window += u64::from(time < self.window.0 || time > self.window.1);
            let value = match self.kind {
                AskedKind::Imei => RecordedImei::from_packed(columns.imei[row]).map(|imei| Asked::Imei(imei.imei)),
                AskedKind::Msisdn => Msisdn::from_packed(columns.msisdn[row]).map(Asked::Msisdn),
                AskedKind::Imsi => Imsi::from_packed(columns.imsi[row]).map(Asked::Imsi),
                AskedKind::Sector => Some(Asked::Sector(SectorId::from_value(columns.sector[row]))),
            };
            // A record without the identity can be of any that was asked for.
            let Some(value) = value else { continue };
            match self.position.get(&value) {
                Some(index) => {
                    self.found.insert(*index);
                }
                None => self.not_asked += 1,
            }
        }
    }

    fn check(
        &self,
        request: &Request,
        received: Timestamp,
        complete: bool,
        imports: Vec<String>,
        earlier: &[AnswerCheck],
        before: &FxHashSet<usize>,
    ) -> AnswerCheck {
        let said_whole = earlier.iter().any(|answer| answer.complete);
        let new = self.found.difference(before).count();
        let found = self.found.union(before).count();
        AnswerCheck {
            version: 1,
            request: request.request.clone(),
            received,
            complete,
            imports,
            records: self.records,
            found,
            missing: self.values.len() - found,
            not_asked: self.not_asked,
            outside_window: self.outside_window,
            other_operator: self.other_operator,
            unsaid_before: if said_whole { new } else { 0 },
        }
    }
}

/// Values that earlier answers have: all but those that the last one's `missing.csv` lists.
fn found_before(case: &CaseWriter, asked: &str, scan: &Scan) -> Result<FxHashSet<usize>, FlowError> {
    let runs = case.case().manifest().runs();
    let last = runs.filter(|run| run.step == ANSWERED && run.settings["request"] == *asked).last();
    let Some(run) = last else { return Ok(FxHashSet::default()) };
    let text = case.case().run_folder(run)?.read_text(MISSING_FILE)?;
    let missing: FxHashSet<&str> = text.lines().skip(1).collect();
    Ok((0..scan.values.len()).filter(|index| !missing.contains(scan.values[*index].text().as_str())).collect())
}

fn keep(
    case: &mut CaseWriter,
    (scan, before, check): (&Scan, &FxHashSet<usize>, &AnswerCheck),
    inputs: Vec<String>,
    session: &Session<'_>,
) -> Result<(), FlowError> {
    let staging = case.stage()?;
    staging.write_json(ANSWER_FILE, check)?;
    let mut missing = String::from("value\n");
    for (index, value) in scan.values.iter().enumerate() {
        if !scan.found.contains(&index) && !before.contains(&index) {
            missing.push_str(&value.text());
            missing.push('\n');
        }
    }
    staging.write(MISSING_FILE, missing.as_bytes())?;
    let settings = json!({ "request": check.request, "complete": check.complete, "received": check.received });
    let facts = RunFacts { step: ANSWERED.to_owned(), version: VERSION.to_owned(), settings, inputs };
    case.commit_run(staging.seal()?, facts, session.now())?;
    Ok(())
}
