//! One person's data: found, and taken out of a case.

use std::collections::BTreeSet;

use cellsweep_engine::{Cut, Subjects, WantedPeers, map_peers};
use cellsweep_model::case::{CaseEvent, Import, Reduction};
use cellsweep_model::rows::{self, RecordBatch, Row};
use cellsweep_model::table::Table;
use cellsweep_model::{HandsetKey, Imei, Imsi, Msisdn};
use cellsweep_store::{Case, CaseWriter, Folder, ORIGINAL, PROTECTED, QUARANTINE, Reduced, Staging, TABLE};
use serde::Serialize;

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
    /// Runs whose answers may speak of them.
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
    /// Runs that are gone, since they rested on them.
    pub runs: Vec<String>,
    /// Entries of the log whose personal part is gone.
    pub entries: Vec<u64>,
    /// Imports whose file as it came stays under its seal, for counter-expertise.
    pub originals: Vec<String>,
}

/// Takes a person's rows out of every import, with every run that rested on them, and destroys the keys of what the log
/// says of them. It takes two people. Files that were kept as they came stay under their seals: what a court may
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
    let runs = case.erase_beside(&touched, entries.clone(), by.clone(), session.now())?;
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
    let touched = |run: &&cellsweep_model::case::Run| {
        run.inputs.iter().any(|input| held.rows.iter().any(|held| held.import == *input))
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
    /// All identifiers as tables write them; IMEIs by their first 14 digits.
    words: BTreeSet<String>,
    inmates: BTreeSet<String>,
}

impl Known {
    fn new(case: &CaseWriter, subject: &Subject, session: &Session<'_>) -> Result<Self, FlowError> {
        let numbers: BTreeSet<Msisdn> = subject.numbers.iter().copied().collect();
        let mut imsis: BTreeSet<Imsi> = subject.imsis.iter().copied().collect();
        imsis.extend(subscribers(case, &numbers, session)?);
        let handsets = subject.imeis.iter().filter_map(|imei| HandsetKey::of(Some(*imei), None, None));
        let imeis = subject.imeis.iter().map(|imei| start(&imei.to_string()));
        let words =
            imeis.chain(imsis.iter().map(Imsi::to_string)).chain(numbers.iter().map(Msisdn::to_string)).collect();
        let cut = Subjects { handsets: handsets.collect(), imsis, numbers };
        Ok(Self { cut, words, inmates: subject.inmates.iter().cloned().collect() })
    }

    /// Writes what is left of an import into a staged folder.
    fn rewrite(&self, case: &Case, import: &Import, staging: &Staging) -> Result<Left, FlowError> {
        let folder = case.import_folder(import)?;
        let mut left = if import.table == Table::Records {
            staging.take_over(&folder, &[RECORDS, QUARANTINE])?;
            self.records(case, import, staging)?
        } else {
            staging.take_over(&folder, &[TABLE, PROTECTED, QUARANTINE, VALUES])?;
            self.table(case, import, staging)?
        };
        left.gone += self.lines(&folder, QUARANTINE, staging)?;
        for name in folder.names()?.iter().filter(|name| name.starts_with(VALUES)) {
            left.gone += self.lines(&folder, name, staging)?;
        }
        Ok(left)
    }

    fn records(&self, case: &Case, import: &Import, staging: &Staging) -> Result<Left, FlowError> {
        let what = Cut { raw_of: &|_| true, without: &self.cut };
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
            _ => text.split_whitespace().any(|word| self.is_theirs(word)),
        })
    }

    /// An IMEI stands with 14 to 16 digits, and is one phone by its first 14.
    fn is_theirs(&self, word: &str) -> bool {
        self.words.contains(word) || (word.len() > 14 && self.words.contains(&start(word)))
    }

    /// Copies a file's lines but those that name the subject; a file that isn't there has none.
    fn lines(&self, folder: &Folder, name: &str, staging: &Staging) -> Result<u64, FlowError> {
        if !folder.has(name) {
            return Ok(0);
        }
        let text = folder.read(name)?;
        let text = String::from_utf8_lossy(&text);
        let names = |line: &str| self.words.iter().chain(&self.inmates).any(|word| line.contains(word.as_str()));
        let (gone, kept): (Vec<&str>, Vec<&str>) = text.split_inclusive('\n').partition(|line| names(line));
        staging.write(name, kept.concat().as_bytes())?;
        Ok(gone.len() as u64)
    }

    /// Whether a handset is theirs, as `devices` names it.
    fn is_handset(&self, handset: &str) -> bool {
        self.is_theirs(handset.split('-').next().unwrap_or_default())
    }

    /// Entries that a decision on the subject, or an alert about them, stands in.
    fn entries(&self, case: &Case) -> Vec<u64> {
        let theirs = case.manifest().events.iter().filter(|logged| match &logged.event {
            CaseEvent::Reviewed { review } => {
                let inmate = review.inmate.as_ref().is_some_and(|inmate| self.inmates.contains(inmate.as_str()));
                inmate || self.is_handset(&review.handset)
            }
            CaseEvent::Alerted { alert } => alert
                .about
                .iter()
                .any(|about| about.handset.iter().chain(&about.earlier).any(|handset| self.is_handset(handset))),
            _ => false,
        });
        theirs.map(|logged| logged.sequence).collect()
    }
}

/// Where lists of what was asked lie in an import's folder.
const VALUES: &str = "values/";

fn start(digits: &str) -> String {
    digits.chars().take(14).collect()
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
    let wanted = WantedPeers { key: &|_| true, peer: &|_| true };
    let engine = session.engine(1);
    let found = map_peers(&imports, &engine, &|_| {}, wanted, &|handset| {
        let theirs = handset.rows.iter().filter(|row| row.own.is_some_and(|own| numbers.contains(&own)));
        theirs.filter_map(|row| row.imsi).collect()
    });
    Ok(found?.into_iter().collect())
}
