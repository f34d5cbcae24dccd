//! Files sorted by handset, read by ranges of handsets: row groups and pages outside are never
//! touched, and of those inside only the columns and rows that somebody asks for are decoded.

use std::collections::HashMap;
use std::io::{self, Read};
use std::ops::Range as Span;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use arrow::array::{BooleanArray, RecordBatch, UInt64Array};
use arrow::datatypes::UInt64Type;
use bytes::Bytes;
use cellsweep_vault::{Keeping, Source};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder, RowSelection,
};
use parquet::errors::{ParquetError, Result as ParquetResult};
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::Statistics;

use crate::EngineError;
use crate::fold::column;
use crate::merge::Range;

/// Rows of a batch: a thread has a few of these at a time.
const BATCH_ROWS: usize = 1 << 15;
/// What lies no farther apart is read at once.
const GAP: u64 = 64 << 10;

/// Footers and page indexes, read once as long as they fit into a share of the memory: a country
/// has more of them than that, and those that don't fit are read each time.
pub struct Footers {
    known: Mutex<(HashMap<PathBuf, ArrowReaderMetadata>, usize)>,
    most_bytes: usize,
}

impl Footers {
    pub fn new(most_bytes: u64) -> Self {
        Self { known: Mutex::default(), most_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX) }
    }

    fn of(&self, path: &Path, source: &Arc<Source>) -> Result<ArrowReaderMetadata, EngineError> {
        if let Some(known) = self.lock().0.get(path) {
            return Ok(known.clone());
        }
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let chunks = Chunks { source: Arc::clone(source), read: Vec::new() };
        let footer = ArrowReaderMetadata::load(&chunks, options).map_err(EngineError::parquet(path))?;
        let bytes = footer.metadata().memory_size();
        let mut known = self.lock();
        if known.1 + bytes <= self.most_bytes {
            known.1 += bytes;
            known.0.insert(path.to_owned(), footer.clone());
        }
        Ok(footer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, (HashMap<PathBuf, ArrowReaderMetadata>, usize)> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A file that is opened for one range.
pub struct Part<'a> {
    path: &'a Path,
    source: Arc<Source>,
    footer: ArrowReaderMetadata,
    range: Range,
    /// Row groups with handsets of the range.
    groups: Vec<usize>,
    /// Of their rows, those of pages with handsets of the range.
    pages: RowSelection,
}

impl<'a> Part<'a> {
    /// Opens a file; `None` where it has nothing of the range.
    pub fn open(
        footers: &Footers,
        path: &'a Path,
        keeping: &Keeping,
        range: Range,
    ) -> Result<Option<Self>, EngineError> {
        let source = Arc::new(keeping.open(path).map_err(EngineError::io(path))?);
        let footer = footers.of(path, &source)?;
        let metadata = footer.metadata();
        let groups: Vec<usize> =
            (0..metadata.num_row_groups()).filter(|group| range.meets(bounds(metadata, *group))).collect();
        if groups.is_empty() {
            return Ok(None);
        }
        let pages = pages(metadata, &groups, range);
        Ok(Some(Self { path, source, footer, range, groups, pages }))
    }

    /// The range's rows with these columns; all where none are named.
    pub fn rows(&self, names: &[&str]) -> Result<Vec<RecordBatch>, EngineError> {
        let batches = self.read(names, self.pages.clone())?;
        batches.into_iter().map(|batch| self.within(&batch)).collect()
    }

    /// Rows of the pages that the range meets, those before and after it too: what [`Part::these`]
    /// picks from.
    pub fn around(&self, names: &[&str]) -> Result<Vec<RecordBatch>, EngineError> {
        self.read(names, self.pages.clone())
    }

    /// Of the rows that [`Part::around`] gives, these.
    pub fn these(&self, wanted: &[BooleanArray]) -> Result<Vec<RecordBatch>, EngineError> {
        self.read(&[], self.pages.and_then(&RowSelection::from_filters(wanted)))
    }

    fn within(&self, batch: &RecordBatch) -> Result<RecordBatch, EngineError> {
        let handsets: UInt64Array = column::<UInt64Type>(batch, "handset").ok_or(EngineError::Worker)?;
        let (from, to) = self.range.of_sorted(handsets.values());
        Ok(batch.slice(from, to - from))
    }

    fn read(&self, names: &[&str], rows: RowSelection) -> Result<Vec<RecordBatch>, EngineError> {
        let metadata = self.footer.metadata();
        let schema = metadata.file_metadata().schema_descr();
        let mask = match names {
            [] => ProjectionMask::all(),
            // What a handset's rows are told apart by is always among them.
            names => ProjectionMask::columns(schema, names.iter().copied().chain(["handset"])),
        };
        let spans = self.spans(&mask);
        let read = spans.into_iter().map(|span| {
            let bytes = self.source.read_range(span.clone()).map_err(EngineError::io(self.path))?;
            Ok((span.start, Bytes::from(bytes)))
        });
        let chunks = Chunks { source: Arc::clone(&self.source), read: read.collect::<Result<_, EngineError>>()? };
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, self.footer.clone())
            .with_projection(mask)
            .with_row_groups(self.groups.clone())
            .with_row_selection(rows)
            .with_batch_size(BATCH_ROWS)
            .build()
            .map_err(EngineError::parquet(self.path))?;
        let batches = reader.collect::<Result<Vec<_>, _>>();
        batches.map_err(|error| EngineError::parquet(self.path)(error.into()))
    }

    /// Where in the file the columns' pages lie, few reads that hardly read more.
    fn spans(&self, mask: &ProjectionMask) -> Vec<Span<u64>> {
        let metadata = self.footer.metadata();
        let mut spans: Vec<Span<u64>> = Vec::new();
        let mut row = 0;
        for &group in &self.groups {
            let rows = metadata.row_group(group).num_rows() as usize;
            let first = row;
            row += rows;
            for (index, chunk) in metadata.row_group(group).columns().iter().enumerate() {
                if !mask.leaf_included(index) {
                    continue;
                }
                let (start, length) = chunk.byte_range();
                let pages = metadata.offset_index().map(|of_groups| &of_groups[group][index].page_locations);
                let span = pages.and_then(|pages| {
                    let wanted = |page: usize| {
                        let to = pages.get(page + 1).map_or(rows, |next| next.first_row_index as usize);
                        self.selects(first + pages[page].first_row_index as usize..first + to)
                    };
                    let from = (0..pages.len()).find(|page| wanted(*page))?;
                    let to = (0..pages.len()).rfind(|page| wanted(*page))?;
                    let end = pages[to].offset as u64 + pages[to].compressed_page_size as u64;
                    // What lies before the first page is the dictionary.
                    let from = if pages[0].offset as u64 > start { start } else { pages[from].offset as u64 };
                    Some(from..end)
                });
                spans.push(span.unwrap_or(start..start + length));
            }
        }
        spans.sort_unstable_by_key(|span| span.start);
        spans.dedup_by(|later, kept| {
            let near = later.start <= kept.end + GAP;
            if near {
                kept.end = kept.end.max(later.end);
            }
            near
        });
        spans
    }

    /// Whether any of these rows, counted over the row groups, is of a page that the range meets.
    fn selects(&self, rows: Span<usize>) -> bool {
        let mut at = 0;
        self.pages.iter().any(|selector| {
            let of = at..at + selector.row_count;
            at = of.end;
            !selector.skip && of.start < rows.end && rows.start < of.end
        })
    }
}

/// Every row group's least handset and number of rows.
pub fn row_groups(footers: &Footers, path: &Path, keeping: &Keeping) -> Result<Vec<(u64, u64)>, EngineError> {
    let source = Arc::new(keeping.open(path).map_err(EngineError::io(path))?);
    let footer = footers.of(path, &source)?;
    let metadata = footer.metadata();
    let group = |group: usize| (bounds(metadata, group).0, metadata.row_group(group).num_rows() as u64);
    Ok((0..metadata.num_row_groups()).map(group).collect())
}

/// First and last handset of a row group; where the file doesn't say, any.
fn bounds(metadata: &ParquetMetaData, group: usize) -> (u64, u64) {
    match metadata.row_group(group).column(0).statistics() {
        Some(Statistics::Int64(statistics)) => (
            statistics.min_opt().map_or(0, |least| *least as u64),
            statistics.max_opt().map_or(u64::MAX, |most| *most as u64),
        ),
        _ => (0, u64::MAX),
    }
}

/// Rows of the groups' pages that the range meets.
fn pages(metadata: &ParquetMetaData, groups: &[usize], range: Range) -> RowSelection {
    let (mut meets, mut all) = (Vec::new(), 0);
    for &group in groups {
        let rows = metadata.row_group(group).num_rows() as usize;
        let index = metadata.column_index().map(|of_groups| &of_groups[group][0]);
        let locations = metadata.offset_index().map(|of_groups| &of_groups[group][0].page_locations);
        match (index, locations) {
            (Some(ColumnIndexMetaData::INT64(index)), Some(locations)) => {
                for (page, location) in locations.iter().enumerate() {
                    let to = locations.get(page + 1).map_or(rows, |next| next.first_row_index as usize);
                    let bounds = index.min_value(page).zip(index.max_value(page));
                    if bounds.is_none_or(|(least, most)| range.meets((*least as u64, *most as u64))) {
                        meets.push(all + location.first_row_index as usize..all + to);
                    }
                }
            }
            _ => meets.push(all..all + rows),
        }
        all += rows;
    }
    RowSelection::from_consecutive_ranges(meets.into_iter(), all)
}

/// A file's bytes for Parquet's reader: what was read ahead, and the rest from the file.
struct Chunks {
    source: Arc<Source>,
    /// By their place, in order.
    read: Vec<(u64, Bytes)>,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.source.len()
    }
}

impl ChunkReader for Chunks {
    type T = From;

    fn get_read(&self, start: u64) -> ParquetResult<From> {
        Ok(From { source: Arc::clone(&self.source), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> ParquetResult<Bytes> {
        let after = self.read.partition_point(|(place, _)| *place <= start);
        if let Some((place, bytes)) = after.checked_sub(1).map(|index| &self.read[index]) {
            let from = (start - place) as usize;
            if from + length <= bytes.len() {
                return Ok(bytes.slice(from..from + length));
            }
        }
        let bytes = self.source.read_range(start..start + length as u64);
        bytes.map(Bytes::from).map_err(|error| ParquetError::External(error.into()))
    }
}

/// A file from a place on.
struct From {
    source: Arc<Source>,
    at: u64,
}

impl Read for From {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = room.len().min(usize::try_from(self.source.len() - self.at).unwrap_or(usize::MAX));
        self.source.read_at(self.at, &mut room[..count])?;
        self.at += count as u64;
        Ok(count)
    }
}
