//! One person's data: found, and taken out of a case.

mod spelling;

use std::collections::BTreeSet;

use cellsweep_engine::{Cut, Subjects, WantedPeers, map_peers, subscribers_under};
use cellsweep_model::case::{CaseEvent, Import, Reduction, Run};
use cellsweep_model::rows::{self, RecordBatch, Row};
use cellsweep_model::table::Table;
use cellsweep_model::{HandsetKey, Imei, Imsi, Msisdn};
use cellsweep_store::{Case, CaseWriter, Folder, ORIGINAL, PEER_NAMES, PROTECTED, QUARANTINE, Reduced, Staging, TABLE};
use serde::Serialize;
use serde_json::Value;

use self::spelling::{Spellings, as_recorded};
use crate::authority::two_people;
use crate::reduce::RECORDS;
use crate::trace::profile_import;
use crate::{FlowError, Session};

/// Who: any of their identifiers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// Handsets.
    pub imeis: Vec<Imei>,
    /// Subscribers.
    pub imsis: Vec<Imsi>,
    /// Numbers.
    pub numbers: Vec<Msisdn>,
    /// Inmates, as the roster names them.
    pub inmates: Vec<String>,
}

/// What the case holds of a subject, without the data themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Held {
    /// Rows by import and its table.
    pub rows: Vec<HeldRows>,
    /// Runs whose answers may speak of them, or that name them.
    pub runs: Vec<String>,
    /// Entries of the log that speak of them, by number.
    pub entries: Vec<u64>,
}

/// Rows of an import that speak of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldRows {
    /// The import.
    pub import: String,
    /// Its table.
    pub table: &'static str,
    /// How many rows; of records, raw ones and days together.
    pub rows: u64,
}

/// What of a subject was erased.
#[derive(Debug, Clone, Serialize)]
pub struct SubjectErased {
    /// Rows by import.
    pub rows: Vec<HeldRows>,
    /// Runs that are gone, since they rested on them or named them.
    pub runs: Vec<String>,
    /// Entries of the log whose personal part is gone.
    pub entries: Vec<u64>,
    /// Imports whose file as it came stays under its seal, for counter-expertise.
    pub originals: Vec<String>,
}

/// Takes a person's rows out of every import, with every run that rested on them or names them, and destroys the keys of
/// what the log says of them. It takes two people. Files that were kept as they came stay under their seals: what a court may
/// have to have examined is restricted, not erased (Directive (EU) 2016/680, article 16(3)(b)); erasing the
/// import destroys them, too.
///
/// # Errors
/// When fewer than two people ask for it, or the case or the engine fails.
pub fn erase_subject(
    case: &mut CaseWriter,
    subject: &Subject,
    by: &[String],
    session: &Session<'_>,
) -> Result<SubjectErased, FlowError> {
    let by = two_people(by)?;
    let known = Known::new(case, subject, session)?;
    let imports: Vec<Import> = case.case().manifest().imports().cloned().collect();
    let (mut rows, mut rewritten) = (Vec::new(), Vec::new());
    for import in &imports {
        let staging = case.stage()?;
        let left = known.rewrite(case.case(), import, &staging)?;
        if left.gone > 0 {
            rows.push(HeldRows { import: import.id.clone(), table: import.table.name(), rows: left.gone });
            rewritten.push((&import.id, left, staging.seal()?));
        }
    }
    let touched: Vec<String> = rows.iter().map(|held| held.import.clone()).collect();
    let entries = known.entries(case.case());
    // Runs first: whoever is killed in between finds the rest of the rows, and their imports, by asking again.
    let named = known.runs(case.case())?;
    let runs = case.erase_beside(&touched, &named, entries.clone(), by.clone(), session.now())?;
    for (import, left, sealed) in rewritten {
        let reduced = Reduced { why: Reduction::Subject, kept: left.kept, dropped: left.gone, by: by.clone() };
        case.reduce_import(import, sealed, reduced, session.now())?;
    }
    let sealed = |import: &&Import| touched.contains(&import.id) && import.files().contains_key(ORIGINAL);
    let originals = case.case().manifest().imports().filter(sealed).map(|import| import.id.clone()).collect();
    Ok(SubjectErased { rows, runs, entries, originals })
}

/// What the case holds of a subject: how many rows of which imports, for whoever asks what is held of them.
///
/// # Errors
/// When the case or the engine fails.
pub fn held_of(case: &mut CaseWriter, subject: &Subject, session: &Session<'_>) -> Result<Held, FlowError> {
    let known = Known::new(case, subject, session)?;
    let imports: Vec<Import> = case.case().manifest().imports().cloned().collect();
    let mut held = Held { entries: known.entries(case.case()), ..Held::default() };
    for import in &imports {
        let staging = case.stage()?;
        let left = known.rewrite(case.case(), import, &staging)?;
        if left.gone > 0 {
            held.rows.push(HeldRows { import: import.id.clone(), table: import.table.name(), rows: left.gone });
        }
    }
    let named = known.runs(case.case())?;
    let touched = |run: &&Run| {
        named.contains(&run.id) || run.inputs.iter().any(|input| held.rows.iter().any(|held| held.import == *input))
    };
    held.runs = case.case().manifest().runs().filter(touched).map(|run| run.id.clone()).collect();
    Ok(held)
}

/// Rows that stay and rows that are gone.
#[derive(Default)]
struct Left {
    kept: u64,
    gone: u64,
}

/// A subject with the subscribers that the records know the numbers by.
struct Known {
    cut: Subjects,
    /// All identifiers as tables and lists write them.
    spelt: Spellings,
    inmates: BTreeSet<String>,
}

/// Columns of tables that hold a number.
const NUMBERS: [&str; 4] = ["msisdn", "phone", "peer", "identity"];

impl Known {
    fn new(case: &CaseWriter, subject: &Subject, session: &Session<'_>) -> Result<Self, FlowError> {
        let country = case.case().manifest().country.country.clone();
        let numbers: BTreeSet<Msisdn> =
            subject.numbers.iter().flat_map(|number| as_recorded(*number, &country)).collect();
        let mut imsis: BTreeSet<Imsi> = subject.imsis.iter().copied().collect();
        imsis.extend(subscribers(case, &numbers, session)?);
        // A record without an IMEI is joined on its subscriber, and one without both on its number.
        let by_imei = subject.imeis.iter().map(|imei| HandsetKey::of(Some(*imei), None, None));
        let by_imsi = imsis.iter().map(|imsi| HandsetKey::of(None, Some(*imsi), None));
        let by_number = numbers.iter().map(|number| HandsetKey::of(None, None, Some(*number)));
        let handsets = by_imei.chain(by_imsi).chain(by_number).flatten().collect();
        let cut = Subjects { handsets, imsis, numbers, names: BTreeSet::new() };
        let spelt = Spellings::new(&cut, &country);
        Ok(Self { cut, spelt, inmates: subject.inmates.iter().cloned().collect() })
    }

    /// Writes what is left of an import into a staged folder.
    fn rewrite(&self, case: &Case, import: &Import, staging: &Staging) -> Result<Left, FlowError> {
        let folder = case.import_folder(import)?;
        let mut left = if import.table == Table::Records {
            staging.take_over(&folder, &[RECORDS, QUARANTINE, PEER_NAMES])?;
            let (names, gone) = self.peer_names(&folder, staging)?;
            let mut left = self.records(case, import, names, staging)?;
            left.gone += gone;
            left
        } else {
            staging.take_over(&folder, &[TABLE, PROTECTED, QUARANTINE, VALUES])?;
            self.table(case, import, staging)?
        };
        left.gone += self.quarantine(&folder, import.table, staging)?;
        for name in folder.names()?.iter().filter(|name| name.starts_with(VALUES)) {
            left.gone += self.values(&folder, name, staging)?;
        }
        Ok(left)
    }

    fn records(
        &self,
        case: &Case,
        import: &Import,
        names: BTreeSet<i64>,
        staging: &Staging,
    ) -> Result<Left, FlowError> {
        let without = Subjects { names, ..self.cut.clone() };
        let what = Cut { raw_of: &|_| true, without: &without };
        let source = profile_import(case, import)?;
        if !source.dir.exists() {
            return Ok(Left::default());
        }
        let rows = cellsweep_engine::cut(&source, &what, &staging.records_dir()?, &staging.keeping())?;
        Ok(Left { kept: rows.kept, gone: rows.dropped + rows.folded })
    }

    fn table(&self, case: &Case, import: &Import, staging: &Staging) -> Result<Left, FlowError> {
        let mut left = Left::default();
        match self.parts(&case.table_of(import)?, &mut left)? {
            Some(kept) => staging.write_table(&kept)?,
            // A table of which no row went on.
            None => staging.write(TABLE, &case.import_folder(import)?.read(TABLE)?)?,
        }
        match self.parts(&case.protected_of(import)?, &mut left)? {
            Some(kept) if kept.num_rows() > 0 => staging.write_protected(&kept)?,
            _ => {}
        }
        Ok(left)
    }

    /// What is left of a table's rows; `None` where there are none.
    fn parts(&self, batches: &[RecordBatch], left: &mut Left) -> Result<Option<RecordBatch>, FlowError> {
        let parts = rows::partition(batches, |row| self.is_in(row));
        let Some((kept, gone)) = parts.map_err(FlowError::output("the rows that are left"))? else { return Ok(None) };
        left.kept += kept.num_rows() as u64;
        left.gone += gone.num_rows() as u64;
        Ok(Some(kept))
    }

    fn is_in(&self, row: &Row<'_>) -> bool {
        row.texts().any(|(column, text)| match column {
            "inmate" => self.inmates.contains(text),
            _ if NUMBERS.contains(&column) && self.spelt.is_number(text) => true,
            _ => text.split_whitespace().any(|word| self.spelt.is_word(word)),
        })
    }

    /// Copies an import's rejected rows but those that name the subject.
    fn quarantine(&self, folder: &Folder, table: Table, staging: &Staging) -> Result<u64, FlowError> {
        let of_inmates = table.columns().iter().any(|column| column.name == "inmate");
        let inmate = |cell: &str| of_inmates && self.inmates.contains(cell.trim());
        // The row stands as it came, in whatever shape: its cells are what stands between signs.
        let between = |sign: char| ",;|\t\n\r\"'{}=".contains(sign);
        let theirs = |row: &csv::StringRecord| {
            row.iter().skip(4).any(|text| self.spelt.is_in(text) || text.split(between).any(inmate))
        };
        Ok(self.rows(folder, QUARANTINE, staging, &theirs)?.len() as u64)
    }

    /// Copies peers' names but those that are the subject's number; gives the codes of these.
    fn peer_names(&self, folder: &Folder, staging: &Staging) -> Result<(BTreeSet<i64>, u64), FlowError> {
        let theirs = |row: &csv::StringRecord| row.get(1).is_some_and(|name| self.spelt.is_number(name));
        let gone = self.rows(folder, PEER_NAMES, staging, &theirs)?;
        let codes = gone.iter().filter_map(|row| row.get(0)?.parse().ok()).collect();
        Ok((codes, gone.len() as u64))
    }

    /// Copies a file of ours but some rows, which it gives; a file that isn't there has none.
    fn rows(
        &self,
        folder: &Folder,
        name: &str,
        staging: &Staging,
        theirs: &dyn Fn(&csv::StringRecord) -> bool,
    ) -> Result<Vec<csv::StringRecord>, FlowError> {
        if !folder.has(name) {
            return Ok(Vec::new());
        }
        let wrong = || FlowError::output("the rows that are left");
        let bytes = folder.read(name)?;
        let mut reader = csv::Reader::from_reader(bytes.as_slice());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(reader.headers().map_err(wrong())?).map_err(wrong())?;
        let mut gone = Vec::new();
        for row in reader.records() {
            let row = row.map_err(wrong())?;
            if theirs(&row) {
                gone.push(row);
            } else {
                writer.write_record(&row).map_err(wrong())?;
            }
        }
        let left = writer.into_inner().map_err(|error| wrong()(error.into_error().into()))?;
        staging.write(name, if gone.is_empty() { &bytes } else { &left })?;
        Ok(gone)
    }

    /// Copies a list, of one value a line, but the subject's.
    fn values(&self, folder: &Folder, name: &str, staging: &Staging) -> Result<u64, FlowError> {
        let bytes = folder.read(name)?;
        let text = String::from_utf8_lossy(&bytes);
        let (gone, kept): (Vec<&str>, Vec<&str>) = text.split_inclusive('\n').partition(|line| self.spelt.is_in(line));
        staging.write(name, if gone.is_empty() { bytes.clone() } else { kept.concat().into_bytes() }.as_slice())?;
        Ok(gone.len() as u64)
    }

    /// Runs that name the subject, whatever they rest on: what was asked of operators, and cases that came from elsewhere.
    fn runs(&self, case: &Case) -> Result<BTreeSet<String>, FlowError> {
        let mut named = BTreeSet::new();
        for run in case.manifest().runs() {
            let folder = case.run_folder(run)?;
            if !folder.dir().exists() {
                continue;
            }
            for name in folder.names()?.iter().filter(|name| is_text(name)) {
                if self.is_in_file(name, &String::from_utf8_lossy(&folder.read(name)?)) {
                    named.insert(run.id.clone());
                    break;
                }
            }
        }
        Ok(named)
    }

    fn is_in_file(&self, name: &str, text: &str) -> bool {
        let inmate = || {
            let value = serde_json::from_str(text).ok().filter(|_| name.ends_with(".json") && !self.inmates.is_empty());
            value.is_some_and(|value| self.names_inmate(&value))
        };
        self.spelt.is_in(text) || inmate()
    }

    /// Whether a value within is an inmate of that name.
    fn names_inmate(&self, value: &Value) -> bool {
        match value {
            Value::Array(list) => list.iter().any(|value| self.names_inmate(value)),
            Value::Object(fields) => fields.iter().any(|(name, value)| {
                let is_theirs = |value: &Value| value.as_str().is_some_and(|text| self.inmates.contains(text));
                (name == "inmate" && is_theirs(value)) || self.names_inmate(value)
            }),
            _ => false,
        }
    }

    /// Entries that a decision on the subject, or an alert about them, stands in.
    fn entries(&self, case: &Case) -> Vec<u64> {
        let theirs = case.manifest().events.iter().filter(|logged| match &logged.event {
            CaseEvent::Reviewed { review } => {
                let inmate = review.inmate.as_ref().is_some_and(|inmate| self.inmates.contains(inmate.as_str()));
                inmate || self.spelt.is_handset(&review.handset)
            }
            CaseEvent::Alerted { alert } => alert
                .about
                .iter()
                .any(|about| about.handset.iter().chain(&about.earlier).any(|handset| self.spelt.is_handset(handset))),
            _ => false,
        });
        theirs.map(|logged| logged.sequence).collect()
    }
}

/// Where lists of what was asked lie in an import's folder.
const VALUES: &str = "values/";

/// Tables and papers rest on imports, and go with them.
fn is_text(name: &str) -> bool {
    ["json", "jsonl", "txt", "csv", "html", "xml", "eml", "md"]
        .iter()
        .any(|ending| name.ends_with(&format!(".{ending}")))
}

/// The subscribers that called, or were called, under these numbers.
fn subscribers(
    case: &CaseWriter,
    numbers: &BTreeSet<Msisdn>,
    session: &Session<'_>,
) -> Result<BTreeSet<Imsi>, FlowError> {
    if numbers.is_empty() {
        return Ok(BTreeSet::new());
    }
    // What is restricted is held, too.
    let records = case.case().manifest().imports().filter(|import| import.table == Table::Records);
    let with_rows = records.filter(|import| import.rows.kept > 0);
    let imports = with_rows.map(|import| profile_import(case.case(), import)).collect::<Result<Vec<_>, _>>()?;
    let mut found = BTreeSet::new();
    for import in imports.iter().filter(|import| import.dir.exists()) {
        found.extend(subscribers_under(import, numbers)?);
    }
    let wanted = WantedPeers { key: &|_| true, peer: &|_| true };
    let engine = session.engine(1);
    let called = map_peers(&imports, &engine, &|_| {}, wanted, &|handset| {
        let theirs = handset.rows.iter().filter(|row| row.own.is_some_and(|own| numbers.contains(&own)));
        theirs.filter_map(|row| row.imsi).collect()
    });
    found.extend(called?);
    Ok(found)
}
