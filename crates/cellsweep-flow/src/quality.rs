//! What is in a case, before anybody trusts it: rows, gaps, oddities, and what each means for the trace.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use cellsweep_engine::{Wanted, map_profiles};
use cellsweep_model::Tac;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{Model, Sector};
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::trace::{profile_imports, read};
use crate::{FlowError, Session};

/// What is in a case.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Quality {
    /// By table: rows read, kept and rejected by reason, doubts, and blanks by column.
    pub tables: Vec<TableQuality>,
    /// Records by day, operator and technology.
    pub days: Vec<DayQuality>,
    /// What was found, with what it means.
    pub remarks: Vec<QualityRemark>,
}

/// A table's rows.
#[derive(Debug, Clone, Serialize)]
pub struct TableQuality {
    /// Its name.
    pub table: &'static str,
    /// Files that went in.
    pub files: usize,
    /// Rows read, kept and rejected.
    pub rows: cellsweep_model::case::RowCounts,
    /// Blank values by column.
    pub blanks: BTreeMap<String, u64>,
}

/// An operator's records of a technology on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayQuality {
    /// The UTC day.
    pub day: String,
    /// Who recorded them.
    pub operator: String,
    /// Which technology.
    pub technology: &'static str,
    /// How many.
    pub records: u64,
    /// None, or less than a tenth of the usual day's.
    pub gap: bool,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QualityRemark {
    /// What was counted.
    pub what: &'static str,
    /// How many.
    pub count: u64,
    /// What it means for the trace.
    pub meaning: &'static str,
}

/// Looks through a case.
///
/// # Errors
/// When a part of it can't be read.
pub fn quality(writer: &CaseWriter, session: &Session<'_>) -> Result<Quality, FlowError> {
    let case = writer.case();
    let seen = Mutex::new(Seen::default());
    let models: FxHashSet<Tac> = read::<Model>(case, Table::Models)?.iter().map(|model| model.tac).collect();
    let spill = writer.stage()?;
    let look = |profile: HandsetProfile| {
        let of_handset = Seen::of(&profile, &models);
        seen.lock().unwrap_or_else(PoisonError::into_inner).add(&of_handset);
        Vec::<()>::new()
    };
    let task = session.progress.begin("looking through the records");
    map_profiles(
        &profile_imports(case),
        &session.engine(1, spill.path()),
        &|share| task.advance(share),
        Wanted::ALL,
        &look,
    )?;
    let seen = seen.into_inner().unwrap_or_else(PoisonError::into_inner);
    let sectors: BTreeSet<u64> = read::<Sector>(case, Table::Sectors)?.iter().map(|sector| sector.id.value()).collect();
    let days = seen.days(&operators(case));
    let remarks = remarks(&seen, &sectors, &days, models.is_empty());
    Ok(Quality { tables: tables(case), days, remarks })
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
        let mut quality =
            TableQuality { table: table.name(), files: 0, rows: Default::default(), blanks: BTreeMap::new() };
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

/// Counts over handsets; they add up in any order.
#[derive(Debug, Default)]
struct Seen {
    days: BTreeMap<(u16, u8, i32), u64>,
    sectors: BTreeSet<u64>,
    handsets: u64,
    several_cards_at_once: u64,
    unknown_models: u64,
    without_imei: u64,
}

impl Seen {
    fn of(profile: &HandsetProfile, models: &FxHashSet<Tac>) -> Self {
        let mut seen = Self { handsets: 1, ..Self::default() };
        for row in &profile.rows {
            *seen.days.entry((row.operator, row.technology, row.day)).or_default() += u64::from(row.counts.events);
            seen.sectors.insert(row.sector.value());
        }
        match profile.key.imei() {
            Some(imei) => seen.unknown_models = u64::from(!models.contains(&imei.tac())),
            None => seen.without_imei = 1,
        }
        seen.several_cards_at_once = u64::from(several_cards_at_once(profile));
        seen
    }

    fn add(&mut self, other: &Seen) {
        for (key, count) in &other.days {
            *self.days.entry(*key).or_default() += count;
        }
        self.sectors.extend(&other.sectors);
        self.handsets += other.handsets;
        self.several_cards_at_once += other.several_cards_at_once;
        self.unknown_models += other.unknown_models;
        self.without_imei += other.without_imei;
    }

    /// Every day from an operator's first to its last, for each technology that it recorded.
    fn days(&self, operators: &[String]) -> Vec<DayQuality> {
        let mut series: BTreeMap<(u16, u8), BTreeMap<i32, u64>> = BTreeMap::new();
        for ((operator, technology, day), count) in &self.days {
            *series.entry((*operator, *technology)).or_default().entry(*day).or_default() += count;
        }
        let mut days = Vec::new();
        for ((operator, technology), counts) in &series {
            let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().last()) else { continue };
            let usual = median(counts);
            for day in *first..=*last {
                let records = counts.get(&day).copied().unwrap_or(0);
                days.push(DayQuality {
                    day: date(day),
                    operator: operators.get(usize::from(*operator)).cloned().unwrap_or_default(),
                    technology: Technology::from_code(*technology).map_or("", Technology::word),
                    records,
                    gap: records * 10 < usual,
                });
            }
        }
        days
    }
}

/// Two cards heard within one hour of a day.
fn several_cards_at_once(profile: &HandsetProfile) -> bool {
    let mut rows = profile.rows.iter().filter(|row| row.imsi.is_some()).peekable();
    let mut of_day: Vec<(Option<cellsweep_model::Imsi>, u32)> = Vec::new();
    let mut day = None;
    rows.any(|row| {
        if day != Some(row.day) {
            of_day.clear();
            day = Some(row.day);
        }
        let meets = of_day.iter().any(|(imsi, hours)| *imsi != row.imsi && hours & row.hours != 0);
        of_day.push((row.imsi, row.hours));
        meets
    })
}

fn median(counts: &BTreeMap<i32, u64>) -> u64 {
    let mut sorted: Vec<u64> = counts.values().copied().collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied().unwrap_or(0)
}

fn date(day: i32) -> String {
    let start = jiff::Timestamp::from_second(i64::from(day) * 86_400);
    start.map_or_else(|_| day.to_string(), |start| start.strftime("%Y-%m-%d").to_string())
}

fn remarks(seen: &Seen, sectors: &BTreeSet<u64>, days: &[DayQuality], no_models: bool) -> Vec<QualityRemark> {
    let gaps = days.iter().filter(|day| day.gap).count() as u64;
    let missing = seen.sectors.difference(sectors).count() as u64;
    let silent = sectors.difference(&seen.sectors).count() as u64;
    let unknown = if no_models { 0 } else { seen.unknown_models };
    let all = [
        ("handsets in the records", seen.handsets, "each is weighed for every facility whose sectors heard it"),
        (
            "days with a gap",
            gaps,
            "a phone that seems silent on such a day may not have been: ask the operator, or say it in `outages`",
        ),
        (
            "sectors in records but not in the table",
            missing,
            "what was heard there has no place: those records count for neither proposition",
        ),
        (
            "sectors in the table that no record names",
            silent,
            "they may be off, or the operator answered for others: silence there proves nothing",
        ),
        (
            "handsets with two cards within an hour",
            seen.several_cards_at_once,
            "one IMEI in several handsets, or a dual-SIM handset: the trace looks whether they part",
        ),
        (
            "handsets whose model the catalogue doesn't know",
            unknown,
            "a sign of its own, not a filter: lists hardly know the smallest phones",
        ),
        (
            "subscribers recorded without an IMEI",
            seen.without_imei,
            "they are followed by card: a change of handset can't be seen",
        ),
    ];
    all.into_iter()
        .filter(|(_, count, _)| *count > 0)
        .map(|(what, count, meaning)| QualityRemark { what, count, meaning })
        .collect()
}
