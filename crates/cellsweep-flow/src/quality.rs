//! What is in a case, before anybody trusts it: rows, gaps, oddities, and what each means for the trace.

mod catalogue;
mod oddities;
mod remarks;
mod seen;
mod service;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use cellsweep_engine::{Wanted, map_profiles, repeats};
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::rows;
use cellsweep_model::table::Table;
use cellsweep_report::{CoverQuality, Quality, TableQuality};
use cellsweep_store::{Case, CaseWriter};
use cellsweep_trace::Clocks;

use self::catalogue::{Catalogue, Listed};
use self::oddities::Oddities;
use self::seen::Seen;
use self::service::{Asked, Service};
use crate::trace::{profile_imports, read, window};
use crate::{FlowError, Session};

/// Looks through a case.
///
/// # Errors
/// When a part of it can't be read.
pub fn quality(writer: &CaseWriter, session: &Session<'_>) -> Result<Quality, FlowError> {
    quality_of(writer.case(), session)
}

/// The same for somebody who doesn't write to the case.
///
/// # Errors
/// As [`quality`].
pub fn quality_of(case: &Case, session: &Session<'_>) -> Result<Quality, FlowError> {
    let imports = profile_imports(case)?;
    let engine = session.engine(1);
    let operators = operators(case);
    let catalogue = Catalogue::new(&read::<Listed>(case, Table::Models)?);
    let service = Service::new(read(case, Table::Sectors)?);
    let asked = Asked::new(&read::<rows::Request>(case, Table::Requests)?, &operators);
    let (seen, clocks) = (Mutex::new(Seen::default()), Mutex::new(Clocks::default()));
    let look = |profile: HandsetProfile| {
        clocks.lock().unwrap_or_else(PoisonError::into_inner).note(&profile.rows);
        let of_handset = Seen::of(&profile, &catalogue, &service, &asked);
        seen.lock().unwrap_or_else(PoisonError::into_inner).add(&of_handset);
        Vec::<()>::new()
    };
    let task = session.progress.begin("looking through the records");
    map_profiles(&imports, &engine, &|share| task.advance(share * 0.5), Wanted::ALL, &look)?;
    let repeats = repeats(&imports, &engine, &|share| task.advance(0.5 + share * 0.5))?;
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let days = seen.days(&operators, stretch(case));
    let found = Oddities {
        gaps: days.iter().filter(|day| day.gap).count() as u64,
        missing_sectors: service.missing(&seen.sectors),
        silent_sectors: service.silent(&seen.sectors),
        clock_slips: clocks
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .slips(&operators, crate::trace::window(case)),
        repeats,
        ambiguous_codes: catalogue.ambiguous(),
        strangers: foreign_sectors(case),
        wild: seen.wild(stretch(case)),
        seen: &seen,
    };
    Ok(Quality { tables: tables(case), remarks: remarks::remarks(&found), covers: covers(case), days })
}

/// First and last day of the case's records, without wild ones.
fn stretch(case: &Case) -> (i32, i32) {
    const DAY_US: i64 = 86_400_000_000;
    let (first, last) = window(case);
    (first.div_euclid(DAY_US) as i32, last.div_euclid(DAY_US) as i32)
}

/// The case's operators in the order of their numbers.
fn operators(case: &Case) -> Vec<String> {
    let mut names: Vec<String> = case.imports_of(Table::Records).flat_map(|import| import.operators.clone()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn tables(case: &Case) -> Vec<TableQuality> {
    let of = |table: Table| {
        let name = table.name().to_owned();
        let mut quality = TableQuality { table: name, files: 0, rows: Default::default(), blanks: BTreeMap::new() };
        for import in case.imports_of(table) {
            quality.files += 1;
            quality.rows.add(&import.rows);
            for (column, count) in &import.blanks {
                *quality.blanks.entry(column.clone()).or_default() += count;
            }
        }
        quality
    };
    Table::ALL.into_iter().map(of).filter(|quality| quality.files > 0).collect()
}

/// Files of records by the authority that they came in under.
fn covers(case: &Case) -> Vec<CoverQuality> {
    let instant = |micros: i64| jiff::Timestamp::from_microsecond(micros).ok();
    let mut covers: BTreeMap<Option<String>, CoverQuality> = BTreeMap::new();
    for import in case.imports_of(Table::Records) {
        let cover = covers.entry(import.authority.clone()).or_insert_with(|| CoverQuality {
            authority: import.authority.clone(),
            files: 0,
            records: 0,
            from: None,
            to: None,
        });
        cover.files += 1;
        cover.records += import.rows.kept;
        let (from, to) = import.window.map_or((None, None), |(from, to)| (instant(from), instant(to)));
        cover.from = [cover.from, from].into_iter().flatten().min();
        cover.to = [cover.to, to].into_iter().flatten().max();
    }
    covers.into_values().collect()
}

/// Rows of the sectors' table that import doubted to belong there.
fn foreign_sectors(case: &Case) -> u64 {
    let doubts = case.imports_of(Table::Sectors).flat_map(|import| &import.rows.doubts);
    let stray = |doubt: &str| {
        ["sector is of another country", "sector stands far"].iter().any(|start| doubt.starts_with(start))
    };
    doubts.filter(|(doubt, _)| stray(doubt)).map(|(_, count)| count).sum()
}
