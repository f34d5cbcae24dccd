//! An import's files written anew without what is to go: raw records of handsets that nobody asks
//! about, or every row of a person who is erased.

use std::path::Path;

use arrow::array::{Array, AsArray, BooleanArray, RecordBatch};
use arrow::compute::filter_record_batch;
use arrow::datatypes::{Int64Type, UInt64Type};
use bytes::Bytes;
use cellsweep_model::{HandsetKey, Imsi, Msisdn};
use cellsweep_vault::Keeping;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::properties::WriterProperties;
use std::collections::BTreeSet;

use crate::merge::files_of;
use crate::{EngineError, ProfileImport, fold, peers, run};

/// What goes.
pub struct Cut<'a> {
    /// Raw records stay of the handsets for whose key this holds. Profiles and peers stay of all.
    pub raw_of: &'a (dyn Fn(HandsetKey) -> bool + Sync),
    /// Of these nothing stays, in no file.
    pub without: &'a Subjects,
}

/// Whose rows go: a row that has one of these, on either side of a call, goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subjects {
    /// Handsets.
    pub handsets: BTreeSet<HandsetKey>,
    /// Subscribers.
    pub imsis: BTreeSet<Imsi>,
    /// Numbers.
    pub numbers: BTreeSet<Msisdn>,
    /// Codes of other parties that stand as names.
    pub names: BTreeSet<i64>,
}

/// Raw records that stayed and that went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CutRows {
    /// Stayed.
    pub kept: u64,
    /// Went.
    pub dropped: u64,
    /// Rows of profiles and peers that went.
    pub folded: u64,
}

/// The files of an engine's folder by how their names begin, and what each kind is written with.
type Kinds = [(&'static str, fn() -> WriterProperties); 3];
const KINDS: Kinds = [("records-", run::properties), ("profiles-", fold::properties), ("peers-", peers::properties)];

/// Writes an import's files into another folder, kept as `keeping` says, without what is to go. A file of which
/// nothing is left is not written.
///
/// # Errors
/// When a file can't be read or written.
pub fn cut(import: &ProfileImport, cut: &Cut<'_>, out: &Path, keeping: &Keeping) -> Result<CutRows, EngineError> {
    let mut rows = CutRows::default();
    for (prefix, properties) in KINDS {
        let raw = prefix == KINDS[0].0;
        for path in files_of(&import.dir, prefix)? {
            let target = out.join(path.file_name().unwrap_or_default());
            let (kept, dropped) =
                one(&path, &import.keeping, &target, keeping, properties(), &|batch| cut.mask(batch, raw))?;
            if raw {
                rows.kept += kept;
                rows.dropped += dropped;
            } else {
                rows.folded += dropped;
            }
        }
    }
    Ok(rows)
}

/// The subscribers whose raw records name one of these numbers as their own.
///
/// # Errors
/// When a file can't be read.
pub fn subscribers_under(import: &ProfileImport, numbers: &BTreeSet<Msisdn>) -> Result<BTreeSet<Imsi>, EngineError> {
    let wanted: BTreeSet<u64> = numbers.iter().map(|number| number.packed()).collect();
    let mut found = BTreeSet::new();
    for path in files_of(&import.dir, KINDS[0].0)? {
        let bytes = Bytes::from(import.keeping.read(&path).map_err(EngineError::io(&path))?);
        let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(EngineError::parquet(&path))?;
        for batch in reader.build().map_err(EngineError::parquet(&path))? {
            let batch = batch?;
            let column = |name| batch.column_by_name(name)?.as_primitive_opt::<UInt64Type>();
            let (Some(own), Some(imsis)) = (column("msisdn"), column("imsi")) else { return Err(EngineError::Worker) };
            let theirs = own.values().iter().zip(imsis.values()).filter(|(own, _)| wanted.contains(own));
            found.extend(theirs.filter_map(|(_, imsi)| Imsi::from_packed(*imsi)));
        }
    }
    Ok(found)
}

/// Rows that stayed and that went.
fn one(
    from: &Path,
    from_keeping: &Keeping,
    to: &Path,
    to_keeping: &Keeping,
    properties: WriterProperties,
    mask: &dyn Fn(&RecordBatch) -> Option<BooleanArray>,
) -> Result<(u64, u64), EngineError> {
    let bytes = Bytes::from(from_keeping.read(from).map_err(EngineError::io(from))?);
    let reader = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(EngineError::parquet(from))?;
    let schema = reader.schema().clone();
    let mut writer = None;
    let (mut kept, mut dropped) = (0, 0);
    for batch in reader.build().map_err(EngineError::parquet(from))? {
        let batch = batch?;
        let mask = mask(&batch).ok_or(EngineError::Worker)?;
        let left = filter_record_batch(&batch, &mask)?;
        kept += left.num_rows() as u64;
        dropped += (batch.num_rows() - left.num_rows()) as u64;
        if left.num_rows() > 0 {
            let writer = match &mut writer {
                Some(writer) => writer,
                None => writer.insert(run::begin(to_keeping, to, schema.clone(), properties.clone())?),
            };
            writer.write(&left).map_err(EngineError::parquet(to))?;
        }
    }
    writer.map_or(Ok(()), |writer| run::finish(to, writer))?;
    Ok((kept, dropped))
}

impl Cut<'_> {
    /// Which rows stay; `None` where a column is not as written.
    fn mask(&self, batch: &RecordBatch, raw: bool) -> Option<BooleanArray> {
        let handsets = batch.column_by_name("handset")?.as_primitive_opt::<UInt64Type>()?;
        let mut stay: Vec<bool> = handsets
            .values()
            .iter()
            .map(|value| HandsetKey::from_value(*value))
            .map(|key| (!raw || (self.raw_of)(key)) && !self.without.handsets.contains(&key))
            .collect();
        let imsis: BTreeSet<u64> = self.without.imsis.iter().map(|imsi| imsi.packed()).collect();
        let numbers: BTreeSet<u64> = self.without.numbers.iter().map(|number| number.packed()).collect();
        for (name, gone) in [("imsi", &imsis), ("msisdn", &numbers), ("own", &numbers), ("peer", &numbers)] {
            if let Some(column) = batch.column_by_name(name).filter(|_| !gone.is_empty()) {
                unless(column, gone, &mut stay)?;
            }
        }
        let peers = batch.column_by_name("peer").and_then(|column| column.as_primitive_opt::<Int64Type>());
        if let Some(values) = peers.filter(|_| !self.without.names.is_empty()) {
            stay.iter_mut().zip(values.values()).for_each(|(stay, value)| *stay &= !self.without.names.contains(value));
        }
        Some(BooleanArray::from(stay))
    }
}

/// Takes out the rows whose value is one of `gone`.
fn unless(column: &dyn Array, gone: &BTreeSet<u64>, stay: &mut [bool]) -> Option<()> {
    if let Some(values) = column.as_primitive_opt::<UInt64Type>() {
        stay.iter_mut().zip(values.values()).for_each(|(stay, value)| *stay &= !gone.contains(value));
        return Some(());
    }
    // A peer may be a name, whose code is negative.
    let values = column.as_primitive_opt::<Int64Type>()?;
    let is_gone = |value: &i64| u64::try_from(*value).is_ok_and(|value| gone.contains(&value));
    stay.iter_mut().zip(values.values()).for_each(|(stay, value)| *stay &= !is_gone(value));
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EngineSettings, RecordWriter, Wanted, WantedPeers, map_events, map_peers, map_profiles};
    use cellsweep_model::record::RecordColumns;
    use cellsweep_vault::FileKey;

    /// Five handsets that call each other's numbers in turn.
    fn import(dir: &Path, settings: &EngineSettings) -> ProfileImport {
        std::fs::create_dir_all(dir).unwrap();
        let mut columns = RecordColumns::default();
        for n in 0..500_u64 {
            let handset = n % 5 + 1;
            columns.handset.push(handset);
            columns.time.push(1_742_000_000_000_000 + n as i64 * 600_000_000);
            columns.imei.push(0);
            columns.imsi.push(1_208_010_000_000_000 + handset);
            columns.msisdn.push(133_600_000_000 + handset);
            columns.peer.push(133_600_000_000 + (n % 7 + 1) as i64);
            columns.operator.push(0);
            columns.event.push(0);
            columns.direction.push(0);
            columns.technology.push(0);
            columns.sector.push(n % 3);
            columns.timing_advance.push(-1);
            columns.duration_s.push(10);
        }
        let keeping = Keeping::Sealed(FileKey::from_bytes([3; 32]));
        let mut writer = RecordWriter::create(dir, &keeping, settings);
        writer.push(columns).unwrap();
        writer.finish().unwrap();
        ProfileImport { dir: dir.to_owned(), keeping, operators: vec!["208-01".to_owned()] }
    }

    fn settings() -> EngineSettings {
        EngineSettings { memory_bytes: 1 << 26, threads: 1, run_rows: 64 }
    }

    /// Raw rows, days and peers by handset.
    fn counts(import: &ProfileImport, settings: &EngineSettings) -> [Vec<(u64, usize)>; 3] {
        let list = std::slice::from_ref(import);
        let raw = map_events(list, settings, &|_| {}, &|_| true, &|h| vec![(h.key.value(), h.events.len())]).unwrap();
        let days =
            map_profiles(list, settings, &|_| {}, Wanted::ALL, &|h| vec![(h.key.value(), h.rows.len())]).unwrap();
        let wanted = WantedPeers { key: &|_| true, peer: &|_| true };
        let peers = map_peers(list, settings, &|_| {}, wanted, &|h| vec![(h.key.value(), h.rows.len())]).unwrap();
        [raw, days, peers]
    }

    #[test]
    fn raw_records_go_and_what_was_folded_stays() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings();
        let whole = import(&dir.path().join("whole"), &settings);
        let out = dir.path().join("cut");
        std::fs::create_dir(&out).unwrap();
        let none = Subjects::default();
        let what = Cut { raw_of: &|key| key.value() == 2, without: &none };
        let rows = cut(&whole, &what, &out, &Keeping::Plain).unwrap();
        assert_eq!(rows, CutRows { kept: 100, dropped: 400, folded: 0 });
        let left = ProfileImport { dir: out, keeping: Keeping::Plain, ..whole.clone() };
        let ([raw, days, peers], [_, all_days, all_peers]) = (counts(&left, &settings), counts(&whole, &settings));
        assert_eq!(raw, [(2, 100)]);
        assert_eq!((days, peers), (all_days, all_peers));
    }

    #[test]
    fn of_a_person_who_is_erased_nothing_stays() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings();
        let whole = import(&dir.path().join("whole"), &settings);
        let out = dir.path().join("cut");
        std::fs::create_dir(&out).unwrap();
        let gone = Subjects {
            handsets: [HandsetKey::from_value(4)].into(),
            numbers: Msisdn::from_packed(133_600_000_002).into_iter().collect(),
            ..Subjects::default()
        };
        cut(&whole, &Cut { raw_of: &|_| true, without: &gone }, &out, &Keeping::Plain).unwrap();
        let left = ProfileImport { dir: out, keeping: Keeping::Plain, ..whole };
        let [raw, days, peers] = counts(&left, &settings);
        let handsets = |list: &[(u64, usize)]| list.iter().map(|(handset, _)| *handset).collect::<Vec<_>>();
        // Handset 2 is the number's own; what was folded by handset and subscriber keeps its days.
        assert_eq!((handsets(&raw), handsets(&days)), (vec![1, 3, 5], vec![1, 2, 3, 5]));
        let wanted = WantedPeers { key: &|_| true, peer: &|_| true };
        let numbers = map_peers(&[left], &settings, &|_| {}, wanted, &|h| {
            h.rows.iter().flat_map(|row| [row.number(), row.own]).collect()
        });
        assert!(numbers.unwrap().iter().flatten().all(|number| !gone.numbers.contains(number)));
        assert_eq!(handsets(&peers), [1, 3, 5]);
    }

    /// Where a record names neither handset nor subscriber, its number is what its days are kept under.
    #[test]
    fn a_number_s_own_days_go_with_it_and_a_name_s_rows() {
        let dir = tempfile::tempdir().unwrap();
        let (settings, number) = (settings(), Msisdn::from_packed(133_600_000_001).unwrap());
        let key = HandsetKey::of(None, None, Some(number)).unwrap();
        std::fs::create_dir_all(dir.path().join("whole")).unwrap();
        let keeping = Keeping::Plain;
        let mut columns = RecordColumns::default();
        for n in 0..20_u64 {
            let theirs = n % 2 == 0;
            columns.handset.push(if theirs { key.value() } else { 7 });
            columns.time.push(1_742_000_000_000_000 + n as i64 * 600_000_000);
            columns.imei.push(0);
            columns.imsi.push(if theirs { 0 } else { 1_208_010_000_000_007 });
            columns.msisdn.push(if theirs { number.packed() } else { 133_600_000_007 });
            columns.peer.push(if n == 1 { -42 } else { 0 });
            columns.operator.push(0);
            columns.event.push(0);
            columns.direction.push(0);
            columns.technology.push(0);
            columns.sector.push(n % 3);
            columns.timing_advance.push(-1);
            columns.duration_s.push(10);
        }
        let mut writer = RecordWriter::create(&dir.path().join("whole"), &keeping, &settings);
        writer.push(columns).unwrap();
        writer.finish().unwrap();
        let whole = ProfileImport { dir: dir.path().join("whole"), keeping, operators: vec!["208-01".to_owned()] };
        let other = Msisdn::from_packed(133_600_000_007).into_iter().collect();
        let imsis = subscribers_under(&whole, &other).unwrap();
        assert_eq!(imsis, Imsi::from_packed(1_208_010_000_000_007).into_iter().collect());
        let out = dir.path().join("cut");
        std::fs::create_dir(&out).unwrap();
        let gone = Subjects { handsets: [key].into(), names: [-42].into(), ..Subjects::default() };
        cut(&whole, &Cut { raw_of: &|_| true, without: &gone }, &out, &Keeping::Plain).unwrap();
        let left = ProfileImport { dir: out, ..whole };
        let [raw, days, peers] = counts(&left, &settings);
        assert_eq!(raw, [(7, 9)]);
        assert_eq!(days.iter().map(|(handset, _)| *handset).collect::<Vec<_>>(), [7]);
        assert!(peers.is_empty(), "{peers:?}");
    }
}
