//! What a case keeps, whatever happens to the process that writes it, in either database.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod case;
mod format1;
mod logs;
mod postgres;

use std::collections::BTreeSet;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use cellsweep_model::case::CaseKind;
use cellsweep_store::{Caller, Case, CaseWriter, StoreError, Unlock};

use postgres::Postgres;

type Outcome = Result<(), Box<dyn Error>>;

const NOW: jiff::Timestamp = jiff::Timestamp::UNIX_EPOCH;

const CALLER: Caller<'static> =
    Caller { holder: "a test", by: "A. Martin", reason: Some("a rehearsal"), unlock: &Unlock::InCase };

/// Which database a test's cases have.
struct Home {
    server: Option<Postgres>,
}

impl Home {
    fn new_case(&self, dir: &Path) -> Result<CaseWriter, StoreError> {
        let mut case = CaseWriter::create(dir, CaseKind::Exercise, &CALLER, NOW)?;
        if let Some(server) = &self.server {
            case.move_to(Some(&server.url()))?;
        }
        Ok(case)
    }
}

/// Runs a test on SQLite, and again on PostgreSQL.
fn on_both(test: impl Fn(&Home) -> Outcome) -> Outcome {
    test(&Home { server: None })?;
    test(&Home { server: Some(Postgres::start()?) }).map_err(|error| format!("on PostgreSQL: {error}").into())
}

fn open(dir: &Path) -> Result<Case, StoreError> {
    Case::open(dir, &Unlock::InCase)
}

fn open_for_writing(dir: &Path) -> Result<CaseWriter, StoreError> {
    CaseWriter::open(dir, &CALLER, NOW)
}

/// Everything below a folder, by relative path, but for the database's own files.
fn listing(dir: &Path) -> Result<BTreeSet<PathBuf>, Box<dyn Error>> {
    let mut found = BTreeSet::new();
    let mut pending = vec![dir.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.strip_prefix(dir)?.to_owned();
            if path.is_dir() {
                pending.push(path);
            }
            if !["case.sqlite", "case.keys"].iter().any(|own| name.to_string_lossy().starts_with(own)) {
                found.insert(name);
            }
        }
    }
    Ok(found)
}
