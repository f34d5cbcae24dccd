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
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData, ParquetMetaDataBuilder};
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::statistics::Statistics;

use crate::EngineError;
use crate::fold::column;
use crate::merge::Range;

/// Most rows of a batch: a thread has a few of these at a time. The reader makes room for as many as it is told to expect,
/// in each column, and of each of a country's files a range has a few hundred.
const BATCH_ROWS: usize = 1 << 15;
/// What lies no farther apart is read at once: of many files a range has a page or two of each column.
const GAP: u64 = 8 << 10;

/// What is known of the files without reading them again, in a share of the memory: of all where their row groups begin
/// and end, and of as many as there is room for their footers and page indexes. A country has hundreds of files, and each
/// range has a row group or two of each: where a whole footer finds no room, those of the next ranges are kept of it.
pub struct Footers {
    known: Mutex<Known>,
    most_bytes: usize,
}

#[derive(Default)]
struct Known {
    groups: HashMap<PathBuf, Arc<[Group]>>,
    footers: HashMap<PathBuf, Footer>,
    bytes: usize,
}

/// A row group: its least and greatest handset, and each page's least handset and number of rows.
#[derive(Debug)]
struct Group {
    bounds: (u64, u64),
    pages: Vec<(u64, u64)>,
}

/// A footer, or what was kept of it.
#[derive(Clone)]
struct Footer {
    /// The file's first row group that is in it.
    first: usize,
    metadata: ArrowReaderMetadata,
}

/// What a column's chunk takes in memory, with its pages' places: measured on profiles' files.
const CHUNK_BYTES: usize = 2_400;

impl Footers {
    pub fn new(most_bytes: u64) -> Self {
        Self { known: Mutex::default(), most_bytes: usize::try_from(most_bytes).unwrap_or(usize::MAX) }
    }

    /// A file's row groups.
    fn groups(&self, path: &Path, keeping: &Keeping) -> Result<Arc<[Group]>, EngineError> {
        if let Some(known) = self.lock().groups.get(path) {
            return Ok(Arc::clone(known));
        }
        let source = Arc::new(keeping.open(path).map_err(EngineError::io(path))?);
        let footer = Footer::load(path, &source)?;
        let metadata = footer.metadata.metadata();
        let groups: Arc<[Group]> = (0..metadata.num_row_groups()).map(|group| Group::of(metadata, group)).collect();
        let mut known = self.lock();
        known.groups.insert(path.to_owned(), Arc::clone(&groups));
        known.keep(path, footer, self.most_bytes / 2);
        Ok(groups)
    }

    /// A file's footer with at least these row groups.
    fn of(&self, path: &Path, source: &Arc<Source>, groups: Span<usize>) -> Result<Footer, EngineError> {
        if let Some(known) = self.lock().footers.get(path).filter(|known| known.has(&groups)) {
            return Ok(known.clone());
        }
        let footer = Footer::load(path, source)?.cut(groups).map_err(EngineError::parquet(path))?;
        self.lock().keep(path, footer.clone(), self.most_bytes);
        Ok(footer)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn keep(&mut self, path: &Path, footer: Footer, most_bytes: usize) {
        if let Some(before) = self.footers.remove(path) {
            self.bytes -= before.bytes();
        }
        if self.bytes + footer.bytes() <= most_bytes {
            self.bytes += footer.bytes();
            self.footers.insert(path.to_owned(), footer);
        }
    }
}

impl Group {
    fn of(metadata: &ParquetMetaData, group: usize) -> Self {
        let row_group = metadata.row_group(group);
        let bounds = match row_group.column(0).statistics() {
            Some(Statistics::Int64(statistics)) => (
                statistics.min_opt().map_or(0, |least| *least as u64),
                statistics.max_opt().map_or(u64::MAX, |most| *most as u64),
            ),
            // Where the file doesn't say, any handset may be there.
            _ => (0, u64::MAX),
        };
        let pages = each_page(metadata, group).map(|(page, bounds)| {
            let rows = (page.end - page.start) as u64;
            (bounds.map_or(0, |(least, _)| least), rows)
        });
        let mut pages: Vec<(u64, u64)> = pages.collect();
        if pages.is_empty() {
            pages.push((bounds.0, row_group.num_rows() as u64));
        }
        Self { bounds, pages }
    }
}

/// A row group's pages: their rows, counted within it, with their least and greatest handset; none where the file doesn't
/// say.
fn each_page(metadata: &ParquetMetaData, group: usize) -> impl Iterator<Item = (Span<usize>, Option<(u64, u64)>)> + '_ {
    let rows = metadata.row_group(group).num_rows() as usize;
    let index = match metadata.column_index().map(|of_groups| &of_groups[group][0]) {
        Some(ColumnIndexMetaData::INT64(index)) => Some(index),
        _ => None,
    };
    let locations = metadata.offset_index().map(|of_groups| &of_groups[group][0].page_locations);
    index.zip(locations).into_iter().flat_map(move |(index, locations)| {
        locations.iter().enumerate().map(move |(page, location)| {
            let to = locations.get(page + 1).map_or(rows, |next| next.first_row_index as usize);
            let bounds = index.min_value(page).zip(index.max_value(page));
            let bounds = bounds.map(|(least, most)| (*least as u64, *most as u64));
            (location.first_row_index as usize..to, bounds)
        })
    })
}

impl Footer {
    fn load(path: &Path, source: &Arc<Source>) -> Result<Self, EngineError> {
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let chunks = Chunks { source: Arc::clone(source), read: Vec::new() };
        let metadata = ArrowReaderMetadata::load(&chunks, options).map_err(EngineError::parquet(path))?;
        Ok(Self { first: 0, metadata })
    }

    fn has(&self, groups: &Span<usize>) -> bool {
        self.first <= groups.start && groups.end <= self.first + self.metadata.metadata().num_row_groups()
    }

    /// With these row groups alone.
    fn cut(&self, groups: Span<usize>) -> ParquetResult<Self> {
        let whole = self.metadata.metadata();
        let cut = ParquetMetaDataBuilder::new(whole.file_metadata().clone())
            .set_row_groups(whole.row_groups()[groups.clone()].to_vec())
            .set_column_index(whole.column_index().map(|of_groups| of_groups[groups.clone()].to_vec()))
            .set_offset_index(whole.offset_index().map(|of_groups| of_groups[groups.clone()].to_vec()));
        let metadata = ArrowReaderMetadata::try_new(Arc::new(cut.build()), ArrowReaderOptions::new())?;
        Ok(Self { first: groups.start, metadata })
    }

    fn bytes(&self) -> usize {
        self.metadata.metadata().row_groups().iter().map(|group| group.num_columns() * CHUNK_BYTES).sum()
    }
}

/// A file that is opened for one range.
pub struct Part<'a> {
    path: &'a Path,
    source: Arc<Source>,
    footer: ArrowReaderMetadata,
    range: Range,
    /// Row groups with handsets of the range, as the footer numbers them.
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
        let groups = footers.groups(path, keeping)?;
        let meets = |group: &usize| range.meets(groups[*group].bounds);
        let (Some(first), Some(last)) = ((0..groups.len()).find(meets), (0..groups.len()).rfind(meets)) else {
            return Ok(None);
        };
        let source = Arc::new(keeping.open(path).map_err(EngineError::io(path))?);
        let footer = footers.of(path, &source, first..last + 1)?;
        let groups: Vec<usize> = (first..=last).filter(meets).map(|group| group - footer.first).collect();
        let pages = pages(footer.metadata.metadata(), &groups, range);
        Ok(Some(Self { path, source, footer: footer.metadata, range, groups, pages }))
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
        let batch_rows = rows.row_count().clamp(1, BATCH_ROWS);
        let reader = ParquetRecordBatchReaderBuilder::new_with_metadata(chunks, self.footer.clone())
            .with_projection(mask)
            .with_row_groups(self.groups.clone())
            .with_row_selection(rows)
            .with_batch_size(batch_rows)
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

/// Every page's least handset and number of rows; a row group's where the file doesn't say.
pub fn pages_of(footers: &Footers, path: &Path, keeping: &Keeping) -> Result<Vec<(u64, u64)>, EngineError> {
    Ok(footers.groups(path, keeping)?.iter().flat_map(|group| group.pages.iter().copied()).collect())
}

/// Rows of the groups' pages that the range meets.
fn pages(metadata: &ParquetMetaData, groups: &[usize], range: Range) -> RowSelection {
    let (mut meets, mut all) = (Vec::new(), 0);
    for &group in groups {
        let rows = metadata.row_group(group).num_rows() as usize;
        let mut told = false;
        for (page, bounds) in each_page(metadata, group) {
            told = true;
            if bounds.is_none_or(|bounds| range.meets(bounds)) {
                meets.push(all + page.start..all + page.end);
            }
        }
        if !told {
            meets.push(all..all + rows);
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
