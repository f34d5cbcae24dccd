//! Peers read back: a range of handsets from every run of every import, merged.

use cellsweep_model::HandsetKey;
use cellsweep_model::peers::HandsetPeers;

use crate::merge::{self, ProfileImport, Range, Reader, Shelf};
use crate::{EngineError, EngineSettings, peers};

/// The files' names begin with this.
const PREFIX: &str = "peers-";

/// Which peers a caller wants to see.
#[derive(Clone, Copy)]
pub struct WantedPeers<'a> {
    /// A handset for whose key this holds is shown with all its peers.
    pub key: &'a (dyn Fn(HandsetKey) -> bool + Sync),
    /// Of every other handset, only rows are shown for whose other party this holds: somebody's
    /// calls to the numbers in question, and nothing else of that person's.
    pub peer: &'a (dyn Fn(i64) -> bool + Sync),
}

/// Merges the imports' peers handset by handset and maps those that are wanted, range by range in
/// parallel; results come in the handsets' order whatever the number of threads.
///
/// An import that was made before peers were kept has none to show.
///
/// # Errors
/// When a file can't be read.
pub fn map_peers<T: Send>(
    imports: &[ProfileImport],
    settings: &EngineSettings,
    progress: &(dyn Fn(f64) + Sync),
    wanted: WantedPeers<'_>,
    map: &(dyn Fn(HandsetPeers) -> Vec<T> + Sync),
) -> Result<Vec<T>, EngineError> {
    let peers = Peers::open(imports, settings)?;
    let each = |range: Range| -> Result<Vec<T>, EngineError> {
        let mut mapped = Vec::new();
        peers.each(range, wanted, &mut |handset| mapped.extend(map(handset)))?;
        Ok(mapped)
    };
    Ok(merge::over(&peers.ranges()?, settings.threads, progress, &each)?.into_iter().flatten().collect())
}

/// Imports' peers, to be read by ranges of handsets.
pub struct Peers(Shelf);

impl Peers {
    /// # Errors
    /// When an import's folder can't be read.
    pub fn open(imports: &[ProfileImport], settings: &EngineSettings) -> Result<Self, EngineError> {
        Shelf::open(imports, PREFIX, settings).map(Self)
    }

    /// As [`crate::Profiles::ranges`].
    ///
    /// # Errors
    /// When a file's footer can't be read.
    pub fn ranges(&self) -> Result<Vec<Range>, EngineError> {
        self.0.ranges()
    }

    /// Shows what is wanted of a range, in the order of the handsets' keys.
    ///
    /// # Errors
    /// When a file can't be read.
    pub fn each(
        &self,
        range: Range,
        wanted: WantedPeers<'_>,
        seen: &mut dyn FnMut(HandsetPeers),
    ) -> Result<(), EngineError> {
        show(&self.0.reader(), range, wanted, seen)
    }
}

/// Shows what is wanted of a range, in the order of the handsets' keys.
fn show(
    reader: &Reader<'_>,
    range: Range,
    wanted: WantedPeers<'_>,
    show: &mut dyn FnMut(HandsetPeers),
) -> Result<(), EngineError> {
    let mut rows = Vec::new();
    for (batch, _operators) in reader.batches(range)? {
        let part = peers::PeerRows::new(&batch).ok_or(EngineError::Worker)?;
        for (index, &handset) in part.handsets().iter().enumerate() {
            if (wanted.key)(HandsetKey::from_value(handset)) || (wanted.peer)(part.peer(index)) {
                rows.push((handset, part.row(index)));
            }
        }
    }
    rows.sort_by_key(|(handset, _)| *handset);
    for handset in rows.chunk_by(|a, b| a.0 == b.0) {
        let mut own = handset.iter().map(|(_, row)| *row).collect();
        show(HandsetPeers { key: HandsetKey::from_value(handset[0].0), rows: peers::merge(&mut own) });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordWriter;
    use cellsweep_model::record::{RecordColumns, name_code};
    use cellsweep_vault::Keeping;
    use proptest::prelude::*;
    use std::path::Path;

    /// A record as the test makes it: handset, hours, peer, subscriber, event.
    type Made = (u64, i64, i64, u64, u8);

    fn columns(rows: &[Made]) -> RecordColumns {
        let mut columns = RecordColumns::default();
        for &(handset, hour, peer, imsi, event) in rows {
            columns.handset.push(handset);
            columns.time.push(1_742_000_000_000_000 + hour * 3_600_000_000);
            columns.imei.push(0);
            columns.imsi.push(imsi);
            columns.msisdn.push(if event == 0 { 0 } else { imsi * 3 });
            columns.peer.push(peer);
            columns.operator.push(0);
            columns.event.push(event);
            columns.direction.push((hour % 2) as u8);
            columns.technology.push(0);
            columns.sector.push(7);
            columns.timing_advance.push(-1);
            columns.duration_s.push(if event == 0 { 30 } else { -1 });
        }
        columns
    }

    fn import(dir: &Path, rows: &[Made], settings: &EngineSettings) -> ProfileImport {
        std::fs::create_dir_all(dir).unwrap();
        let mut writer = RecordWriter::create(dir, &Keeping::Plain, settings);
        writer.push(columns(rows)).unwrap();
        writer.finish().unwrap();
        ProfileImport { dir: dir.to_owned(), keeping: Keeping::Plain, operators: vec!["208-01".to_owned()] }
    }

    fn read(imports: &[ProfileImport], settings: &EngineSettings, wanted: WantedPeers<'_>) -> Vec<HandsetPeers> {
        map_peers(imports, settings, &|_| {}, wanted, &|handset| vec![handset]).unwrap()
    }

    const ALL: WantedPeers<'static> = WantedPeers { key: &|_| true, peer: &|_| false };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(16))]
        #[test]
        fn how_records_are_cut_does_not_show(
            rows in proptest::collection::vec((1u64..9, 0i64..90, 0i64..5, 1_000u64..1_003, 0u8..2), 1..200),
            cut in 0usize..200,
        ) {
            let dir = tempfile::tempdir().unwrap();
            let settings =
                EngineSettings { memory_bytes: 1 << 26, threads: 2, run_rows: 64 };
            let cut = cut.min(rows.len());
            let large = EngineSettings { run_rows: 4_096, threads: 1, ..settings.clone() };
            let whole = import(&dir.path().join("whole"), &rows, &large);
            let early = import(&dir.path().join("early"), &rows[..cut], &settings);
            let late = import(&dir.path().join("late"), &rows[cut..], &settings);
            let once = read(std::slice::from_ref(&whole), &large, ALL);
            let calls: u32 = once.iter().flat_map(|handset| &handset.rows).map(|row| row.contacts()).sum();
            prop_assert_eq!(calls as usize, rows.iter().filter(|row| row.2 != 0).count());
            prop_assert_eq!(&once, &read(&[early.clone(), late.clone()], &settings, ALL));
            prop_assert_eq!(&once, &read(&[late, early], &settings, ALL));
        }
    }

    #[test]
    fn of_others_only_the_calls_in_question_are_shown() {
        let dir = tempfile::tempdir().unwrap();
        let settings = EngineSettings { memory_bytes: 1 << 26, threads: 1, run_rows: 64 };
        let named = name_code("INFO");
        let rows = [(1, 0, 11, 5, 0), (1, 1, named, 5, 1), (2, 0, 11, 6, 0), (2, 2, 12, 6, 0), (3, 0, 12, 7, 0)];
        let import = import(&dir.path().join("case"), &rows, &settings);
        let wanted = WantedPeers { key: &|key| key.value() == 1, peer: &|peer| peer == 11 };
        let shown = read(&[import], &settings, wanted);
        let peers: Vec<(u64, Vec<i64>)> = shown
            .iter()
            .map(|handset| (handset.key.value(), handset.rows.iter().map(|row| row.peer).collect()))
            .collect();
        assert_eq!(peers, [(1, vec![named, 11]), (2, vec![11])]);
        assert_eq!((shown[0].rows[0].number(), shown[0].rows[1].seconds), (None, 30));
    }
}
