//! The merge: a range of handsets from every run of every import, as profiles.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use arrow::array::{BooleanArray, RecordBatch, UInt64Array};
use arrow::datatypes::UInt64Type;
use cellsweep_model::profile::{DayRow, HandsetProfile};
use cellsweep_model::{HandsetKey, SectorId};
use cellsweep_vault::Keeping;

use crate::sorted::{self, Footers, Part};
use crate::{EngineError, EngineSettings, fold};

/// An import's profiles, as trace reads them.
#[derive(Debug, Clone)]
pub struct ProfileImport {
    /// The folder that a [`crate::RecordWriter`] filled.
    pub dir: PathBuf,
    /// How its files are kept.
    pub keeping: Keeping,
    /// The import's operators: what its columns' numbers stand for.
    pub operators: Vec<String>,
}

/// Handsets from `from` (included) to `to` (excluded; the end where `None`), by their keys' values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first.
    pub from: u64,
    /// The first beyond.
    pub to: Option<u64>,
}

/// The imports' files, ready to be read range by range.
struct Files {
    imports: Vec<ImportFiles>,
}

/// An import's files, and its operators' numbers in the case's list.
struct ImportFiles {
    paths: Vec<PathBuf>,
    keeping: Keeping,
    operators: Vec<u16>,
}

/// Which handsets a caller wants to see.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// A handset is looked at if this holds for any of its sectors: the rest is dropped before
    /// its profile is put together.
    pub sector: &'a (dyn Fn(SectorId) -> bool + Sync),
    /// And if this holds for its key.
    pub key: &'a (dyn Fn(HandsetKey) -> bool + Sync),
    /// Where it is counted how much of the profiles had to be decoded.
    pub decoded: Option<&'a Decoded>,
}

impl Wanted<'_> {
    /// All of them.
    pub const ALL: Wanted<'static> = Wanted { sector: &|_| true, key: &|_| true, decoded: None };
}

/// How much of the profiles was decoded: of every row handset and sector, of those of handsets that
/// were wanted the rest.
#[derive(Debug, Default)]
pub struct Decoded {
    rows: AtomicU64,
    whole: AtomicU64,
}

impl Decoded {
    /// Share of the rows of which no more was decoded than handset and sector.
    pub fn spared(&self) -> f64 {
        let (rows, whole) = self.rows();
        1.0 - whole as f64 / rows.max(1) as f64
    }

    /// Rows, and those of them of which more was decoded than handset and sector.
    pub fn rows(&self) -> (u64, u64) {
        (self.rows.load(Ordering::Relaxed), self.whole.load(Ordering::Relaxed))
    }

    fn add(&self, rows: u64, whole: u64) {
        self.rows.fetch_add(rows, Ordering::Relaxed);
        self.whole.fetch_add(whole, Ordering::Relaxed);
    }
}

/// Merges the imports' daily profiles handset by handset and maps those that are wanted, range by
/// range in parallel; results come in the handsets' order whatever the number of threads.
///
/// # Errors
/// When a file can't be read.
pub fn map_profiles<T: Send>(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    wanted: Wanted<'_>,
    map: &(dyn Fn(HandsetProfile) -> Vec<T> + Sync),
) -> Result<Vec<T>, EngineError> {
    let profiles = Profiles::open(imports, settings)?;
    let each = |range: Range| -> Result<Vec<T>, EngineError> {
        let mut mapped = Vec::new();
        profiles.each(range, wanted, &mut |profile| mapped.extend(map(profile)))?;
        Ok(mapped)
    };
    Ok(over(&profiles.ranges()?, settings.threads, progress, &each)?.into_iter().flatten().collect())
}

/// Imports' files of one kind, to be read by ranges of handsets.
pub struct Shelf {
    files: Files,
    footers: Footers,
    rows: u64,
}

impl Shelf {
    /// The imports' files whose names begin with `prefix`.
    pub fn open(imports: &[ProfileImport], prefix: &str, settings: &EngineSettings) -> Result<Self, EngineError> {
        let (footers, rows) = (Footers::new(settings.memory_bytes / 8), settings.merge_rows());
        Ok(Self { files: Files::find(imports, prefix)?, footers, rows })
    }

    /// The ranges that one thread merges in memory at a time. What is mapped doesn't depend on how they are cut.
    pub fn ranges(&self) -> Result<Vec<Range>, EngineError> {
        self.files.ranges(&self.footers, self.rows)
    }

    /// The way into the files.
    pub fn reader(&self) -> Reader<'_> {
        Reader { files: &self.files, footers: &self.footers }
    }
}

/// Imports' daily profiles, to be read by ranges of handsets.
pub struct Profiles(Shelf);

impl Profiles {
    /// # Errors
    /// When an import's folder can't be read.
    pub fn open(imports: &[ProfileImport], settings: &EngineSettings) -> Result<Self, EngineError> {
        Shelf::open(imports, "profiles-", settings).map(Self)
    }

    /// The ranges that one thread merges in memory at a time. What is mapped doesn't depend on how they are cut.
    ///
    /// # Errors
    /// When a file's footer can't be read.
    pub fn ranges(&self) -> Result<Vec<Range>, EngineError> {
        self.0.ranges()
    }

    /// Shows every wanted handset of a range, in the order of their keys.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn each(
        &self,
        range: Range,
        wanted: Wanted<'_>,
        show: &mut dyn FnMut(HandsetProfile),
    ) -> Result<(), EngineError> {
        self.0.reader().each(range, wanted, show)
    }
}

/// What is done with a range.
pub type EachRange<'a, T> = dyn Fn(&Reader<'_>, Range) -> Result<Vec<T>, EngineError> + Sync + 'a;

/// Shows every range of the files to `each`, several at a time; results come in their order.
pub fn over_ranges<T: Send>(
    shelf: &Shelf,
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    each: &EachRange<'_, T>,
) -> Result<Vec<T>, EngineError> {
    let reader = shelf.reader();
    let each = |range| each(&reader, range);
    Ok(over(&shelf.ranges()?, settings.threads, progress, &each)?.into_iter().flatten().collect())
}

/// Does something with every range, several at a time; results come in the ranges' order.
///
/// # Errors
/// The first that a range has.
pub fn over<T: Send, E: Send + From<EngineError>>(
    ranges: &[Range],
    threads: usize,
    progress: &(dyn Fn(f64) + Sync),
    each: &(dyn Fn(Range) -> Result<T, E> + Sync),
) -> Result<Vec<T>, E> {
    let results: Mutex<Vec<Option<T>>> = Mutex::new(ranges.iter().map(|_| None).collect());
    let next = AtomicUsize::new(0);
    let work = || -> Result<(), E> {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(range) = ranges.get(index) else { return Ok(()) };
            let done = each(*range)?;
            results.lock().map_err(|_poisoned| EngineError::Worker)?[index] = Some(done);
            progress((index + 1) as f64 / ranges.len() as f64);
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_panic| EngineError::Worker)?)
    })?;
    let results = results.into_inner().map_err(|_poisoned| EngineError::Worker)?;
    Ok(results.into_iter().flatten().collect())
}

impl Files {
    /// The imports' files whose names begin with `prefix`.
    fn find(imports: &[ProfileImport], prefix: &str) -> Result<Self, EngineError> {
        let mut names: Vec<&str> = imports.iter().flat_map(|import| &import.operators).map(String::as_str).collect();
        names.sort_unstable();
        names.dedup();
        let number = |name: &String| names.binary_search(&name.as_str()).map_or(u16::MAX, |index| index as u16);
        let imports = imports
            .iter()
            .map(|import| {
                let keeping = import.keeping.clone();
                let paths = files_kept(&import.dir, prefix, &keeping)?;
                Ok(ImportFiles { paths, keeping, operators: import.operators.iter().map(number).collect() })
            })
            .collect::<Result<_, EngineError>>()?;
        Ok(Self { imports })
    }

    /// Cuts the handsets into ranges of about `rows` profile rows, from the pages' statistics: of a country's files the first
    /// row groups alone, which all begin with the first handsets, are more than a range.
    fn ranges(&self, footers: &Footers, rows: u64) -> Result<Vec<Range>, EngineError> {
        let mut pages = Vec::new();
        for import in &self.imports {
            for path in &import.paths {
                pages.extend(sorted::pages_of(footers, path, &import.keeping)?);
            }
        }
        pages.sort_unstable();
        let mut cuts = Vec::new();
        let mut filled = 0;
        for (least, count) in pages {
            if filled >= rows {
                cuts.push(least);
                filled = 0;
            }
            filled += count;
        }
        cuts.dedup();
        let starts = std::iter::once(0).chain(cuts.iter().copied());
        let ends = cuts.iter().copied().map(Some).chain(std::iter::once(None));
        Ok(starts.zip(ends).map(|(from, to)| Range { from, to }).collect())
    }
}

impl Range {
    /// Whether any handset from a least to a greatest one may be.
    pub fn meets(self, (least, most): (u64, u64)) -> bool {
        self.from <= most && self.to.is_none_or(|to| least < to)
    }

    /// Where in a sorted list it begins and ends.
    pub fn of_sorted(self, handsets: &[u64]) -> (usize, usize) {
        let from = handsets.partition_point(|handset| *handset < self.from);
        let to = self.to.map_or(handsets.len(), |to| handsets.partition_point(|handset| *handset < to));
        (from, to)
    }
}

pub fn files_of(dir: &Path, prefix: &str) -> Result<Vec<PathBuf>, EngineError> {
    files_kept(dir, prefix, &Keeping::Plain)
}

/// A folder's files whose names begin with `prefix`, in order.
pub fn files_kept(dir: &Path, prefix: &str, keeping: &Keeping) -> Result<Vec<PathBuf>, EngineError> {
    let mut files = keeping.files(dir).map_err(EngineError::io(dir))?;
    files.retain(|path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(prefix) && name.ends_with(".parquet")
    });
    Ok(files)
}

/// The way into the files.
pub struct Reader<'a> {
    files: &'a Files,
    footers: &'a Footers,
}

/// Of a range's rows, the share of wanted ones from which on all are decoded: to pick rows costs too.
const MOST: f64 = 0.7;

impl<'a> Reader<'a> {
    /// A range's rows, each batch with its import's operators.
    pub fn batches(&self, range: Range) -> Result<Vec<(RecordBatch, &'a [u16])>, EngineError> {
        self.columns(range, &[])
    }

    /// The same with these columns only, where any are named.
    pub fn columns(&self, range: Range, names: &[&str]) -> Result<Vec<(RecordBatch, &'a [u16])>, EngineError> {
        let mut batches = Vec::new();
        for (part, operators) in self.parts(range)? {
            batches.extend(part.rows(names)?.into_iter().map(|batch| (batch, operators)));
        }
        Ok(batches)
    }

    /// The files that have handsets of a range.
    fn parts(&self, range: Range) -> Result<Vec<(Part<'a>, &'a [u16])>, EngineError> {
        let mut parts = Vec::new();
        for import in &self.files.imports {
            for path in &import.paths {
                let part = Part::open(self.footers, path, &import.keeping, range)?;
                parts.extend(part.map(|part| (part, import.operators.as_slice())));
            }
        }
        Ok(parts)
    }

    /// Shows every wanted handset of a range, in the order of their keys.
    fn each(&self, range: Range, wanted: Wanted<'_>, show: &mut dyn FnMut(HandsetProfile)) -> Result<(), EngineError> {
        let batches = self.wanted(range, wanted)?;
        let parts: Vec<fold::DayRows<'_>> = batches
            .iter()
            .map(|(batch, operators)| fold::DayRows::new(batch, operators).ok_or(EngineError::Worker))
            .collect::<Result<_, _>>()?;
        let order = order(&parts);
        let mut rows = Vec::new();
        for handset in order.chunk_by(|a, b| a.0 == b.0) {
            let key = HandsetKey::from_value(handset[0].0);
            let near = |&(_, part, row): &Position| (wanted.sector)(parts[part as usize].sector(row as usize));
            if (wanted.key)(key) && handset.iter().any(near) {
                rows.clear();
                for &(_, part, row) in handset {
                    rows.push(parts[part as usize].row(row as usize).ok_or(EngineError::Worker)?);
                }
                show(HandsetProfile { key, rows: merge(&mut rows) });
            }
        }
        Ok(())
    }

    /// A range's rows of wanted handsets; all of its rows where most are.
    fn wanted(&self, range: Range, wanted: Wanted<'_>) -> Result<Vec<(RecordBatch, &'a [u16])>, EngineError> {
        let parts = self.parts(range)?;
        let mut looked: Vec<Vec<(UInt64Array, UInt64Array)>> = Vec::with_capacity(parts.len());
        for (part, _) in &parts {
            let columns = |batch: &RecordBatch| {
                let handsets = fold::column::<UInt64Type>(batch, "handset");
                handsets.zip(fold::column::<UInt64Type>(batch, "sector")).ok_or(EngineError::Worker)
            };
            looked.push(part.around(&["handset", "sector"])?.iter().map(columns).collect::<Result<_, _>>()?);
        }
        let near = near(&looked, range, wanted);
        let mask = |(handsets, _): &(UInt64Array, _)| mask(handsets.values(), &near);
        let masks: Vec<Vec<BooleanArray>> = looked.iter().map(|batches| batches.iter().map(mask).collect()).collect();
        let count = |masks: &[BooleanArray]| masks.iter().map(|mask| mask.true_count() as u64).sum::<u64>();
        let chosen: u64 = masks.iter().map(|masks| count(masks)).sum();
        let inside = |(handsets, _): &(UInt64Array, _)| {
            let (from, to) = range.of_sorted(handsets.values());
            (to - from) as u64
        };
        let all: u64 = looked.iter().flatten().map(inside).sum();
        let most = chosen as f64 >= MOST * all as f64;
        if let Some(decoded) = wanted.decoded {
            decoded.add(all, if most { all } else { chosen });
        }
        let mut batches = Vec::new();
        for ((part, operators), masks) in parts.iter().zip(&masks) {
            let rows = match (most, count(masks)) {
                (true, _) => part.rows(&[])?,
                (false, 0) => Vec::new(),
                (false, _) => part.these(masks)?,
            };
            batches.extend(rows.into_iter().map(|batch| (batch, *operators)));
        }
        Ok(batches)
    }
}

/// The handsets of a range that are wanted: their key is, and any of their sectors.
fn near(looked: &[Vec<(UInt64Array, UInt64Array)>], range: Range, wanted: Wanted<'_>) -> HashSet<u64> {
    let mut near = HashSet::new();
    for (handsets, sectors) in looked.iter().flatten() {
        let (from, to) = range.of_sorted(handsets.values());
        let mut last = None;
        for row in from..to {
            let handset = handsets.value(row);
            if last != Some(handset) && (wanted.sector)(SectorId::from_value(sectors.value(row))) {
                last = Some(handset);
                if (wanted.key)(HandsetKey::from_value(handset)) {
                    near.insert(handset);
                }
            }
        }
    }
    near
}

/// A row of a range: its handset, the batch and the place within it.
type Position = (u64, u32, u32);

/// All rows by handset. The runs are sorted, and a stable sort merges what it finds in order.
fn order(parts: &[fold::DayRows<'_>]) -> Vec<Position> {
    let mut order: Vec<Position> = Vec::with_capacity(parts.iter().map(fold::DayRows::len).sum());
    for (index, part) in parts.iter().enumerate() {
        order.extend(part.handsets().iter().enumerate().map(|(row, handset)| (*handset, index as u32, row as u32)));
    }
    order.sort_by_key(|position| position.0);
    order
}

/// Which rows of a sorted batch are of these handsets.
fn mask(handsets: &[u64], near: &HashSet<u64>) -> BooleanArray {
    let runs = handsets.chunk_by(|a, b| a == b);
    let run = |run: &[u64]| std::iter::repeat_n(near.contains(&run[0]), run.len());
    BooleanArray::from(runs.flat_map(run).collect::<Vec<bool>>())
}

/// A handset's rows in order, those with the same keys as one.
fn merge(rows: &mut Vec<DayRow>) -> Vec<DayRow> {
    rows.sort_by_key(|row| (row.day, row.sector, row.operator, row.imsi));
    let mut merged: Vec<DayRow> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        match merged.last_mut().filter(|last| last.same_place(&row)) {
            Some(last) => last.absorb(&row),
            None => merged.push(row),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordWriter;
    use cellsweep_model::record::RecordColumns;
    use proptest::prelude::*;

    /// A record as the test makes it: handset, time in hours, sector, subscriber, event.
    type Made = (u64, i64, u64, u64, u8);

    fn columns(rows: &[Made]) -> RecordColumns {
        let mut columns = RecordColumns::default();
        for &(handset, hour, sector, imsi, event) in rows {
            columns.handset.push(handset);
            columns.time.push(1_742_000_000_000_000 + hour * 3_600_000_000);
            columns.imei.push(0);
            columns.imsi.push(imsi);
            columns.msisdn.push(0);
            columns.peer.push(0);
            columns.operator.push(0);
            columns.event.push(event);
            columns.direction.push(event % 3);
            columns.technology.push(0);
            columns.sector.push(sector);
            columns.timing_advance.push(i16::from(event) - 1);
            columns.duration_s.push(-1);
        }
        columns
    }

    fn import(dir: &Path, keeping: &Keeping, chunks: &[&[Made]], settings: &EngineSettings) -> ProfileImport {
        std::fs::create_dir_all(dir).unwrap();
        let mut writer = RecordWriter::create(dir, keeping, settings);
        for chunk in chunks {
            writer.push(columns(chunk)).unwrap();
        }
        writer.finish().unwrap();
        ProfileImport { dir: dir.to_owned(), keeping: keeping.clone(), operators: vec!["208-01".to_owned()] }
    }

    fn sealed(key: u8) -> Keeping {
        Keeping::Sealed(cellsweep_vault::FileKey::from_bytes([key; 32]))
    }

    fn all(imports: &[ProfileImport], settings: &EngineSettings) -> Vec<HandsetProfile> {
        map_profiles(imports, settings, &|_| {}, Wanted::ALL, &|profile| vec![profile]).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn how_records_are_cut_does_not_show(
            rows in proptest::collection::vec((1u64..9, 0i64..200, 1u64..5, 1_000u64..1_003, 0u8..6), 1..300),
            cut in 0usize..300,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let settings =
                EngineSettings { memory_bytes: 1 << 26, threads: 2, run_rows: 4_096 };
            let cut = cut.min(rows.len());
            let whole = import(&dir.path().join("whole"), &Keeping::Plain, &[&rows], &settings);
            let early = import(&dir.path().join("early"), &Keeping::Plain, &[&rows[..cut]], &settings);
            let late = import(&dir.path().join("late"), &sealed(9), &[&rows[cut..]], &settings);
            let once = all(std::slice::from_ref(&whole), &settings);
            let events: u32 = once.iter().flat_map(|profile| &profile.rows).map(|row| row.counts.events).sum();
            prop_assert_eq!(events as usize, rows.len());
            prop_assert_eq!(&once, &all(&[early.clone(), late.clone()], &settings));
            prop_assert_eq!(&once, &all(&[late, early], &EngineSettings { threads: 1, ..settings.clone() }));
            let first = once[0].key;
            let wanted = Wanted { key: &|key| key == first, ..Wanted::ALL };
            let only = map_profiles(&[whole], &settings, &|_| {}, wanted, &|profile| vec![profile]).unwrap();
            prop_assert_eq!(&once[..1], &only);
        }
    }

    #[test]
    fn of_handsets_that_are_not_wanted_hardly_anything_is_decoded() {
        let dir = tempfile::tempdir().unwrap();
        let settings = EngineSettings { memory_bytes: 1 << 23, threads: 2, run_rows: 1 << 14 };
        // One handset in fifty was ever heard at sector 99.
        let rows: Vec<Made> = (0..60_000u64)
            .map(|n| (n % 4_000 + 1, (n / 50) as i64, if n % 50 == 7 { 99 } else { n % 5 }, 1_000, (n % 6) as u8))
            .collect();
        let (early, late) = rows.split_at(35_000);
        let imports = [
            import(&dir.path().join("early"), &sealed(3), &[early], &settings),
            import(&dir.path().join("late"), &Keeping::Plain, &[late], &settings),
        ];
        let near = SectorId::from_value(99);
        let whole: Vec<HandsetProfile> = all(&imports, &settings)
            .into_iter()
            .filter(|profile| profile.rows.iter().any(|row| row.sector == near))
            .collect();
        let decoded = Decoded::default();
        let wanted = Wanted { sector: &|sector| sector == near, decoded: Some(&decoded), ..Wanted::ALL };
        let picked = map_profiles(&imports, &settings, &|_| {}, wanted, &|profile| vec![profile]).unwrap();
        assert_eq!(picked.len(), 80);
        assert!(picked == whole, "other profiles than when all are read");
        assert!(decoded.spared() > 0.97, "{}", decoded.spared());
    }

    #[test]
    fn of_many_runs_no_range_is_much_larger_than_it_should_be() {
        let dir = tempfile::tempdir().unwrap();
        let settings = EngineSettings { memory_bytes: 1 << 20, threads: 2, run_rows: 4_096 };
        let rows: Vec<Made> =
            (0..160_000u64).map(|n| (n * 7_919 % 20_011, (n / 400) as i64, n % 13, 1_000, 0)).collect();
        let import = import(dir.path(), &Keeping::Plain, &[&rows], &settings);
        let profiles = Profiles::open(std::slice::from_ref(&import), &settings).unwrap();
        let sizes: Vec<usize> = profiles
            .ranges()
            .unwrap()
            .into_iter()
            .map(|range| {
                let mut rows = 0;
                profiles.each(range, Wanted::ALL, &mut |profile| rows += profile.rows.len()).unwrap();
                rows
            })
            .collect();
        let most = 2 * settings.merge_rows() as usize + files_of(&import.dir, "profiles-").unwrap().len() * 1_024;
        assert!(sizes.len() > 5 && sizes.iter().all(|size| *size <= most), "{sizes:?} of at most {most}");
    }

    #[test]
    fn many_runs_and_ranges_give_what_one_gives() {
        let dir = tempfile::tempdir().unwrap();
        let rows: Vec<Made> = (0..120_000u64)
            .map(|n| (n * 7_919 % 5_000, (n / 400) as i64, n % 13, 1_000 + n % 5_000 % 3, (n % 6) as u8))
            .collect();
        let small = EngineSettings { memory_bytes: 1 << 20, threads: 2, run_rows: 4_096 };
        let large = EngineSettings { memory_bytes: 1 << 30, run_rows: 1 << 20, ..small.clone() };
        let cut = import(&dir.path().join("cut"), &sealed(7), &[&rows], &small);
        let whole = import(&dir.path().join("whole"), &Keeping::Plain, &[&rows], &large);
        assert!(files_of(&cut.dir, "profiles-").unwrap().len() > 5);
        let expected = all(std::slice::from_ref(&whole), &large);
        assert_eq!(all(&[cut], &small), expected);
        // Of files with several row groups only parts of the footers find room.
        assert_eq!(all(&[whole], &small), expected);
    }
}
