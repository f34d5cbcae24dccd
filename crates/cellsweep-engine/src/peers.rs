//! The second fold: sorted records to peers, one row a handset, other party, day and subscriber.
//!
//! A run is sorted by handset already, so a pass over it gathers one handset at a time: sorting a
//! handset's few calls is all the work there is.

use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array, RecordBatch, UInt32Array, UInt64Array};
use arrow::datatypes::{DataType, Field, Int32Type, Int64Type, Schema, SchemaRef, UInt32Type, UInt64Type};
use arrow::error::ArrowError;
use cellsweep_model::peers::PeerRow;
use cellsweep_model::record::{Direction, Event, RecordColumns};
use cellsweep_model::{Imsi, Msisdn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::fold::{column, day_of, hour_bit};
use crate::{EngineError, run};

const ROW_GROUP_ROWS: usize = 1 << 15;
/// Rows of a page: what a reader of a range of handsets skips by.
const PAGE_ROWS: usize = 1 << 10;

/// The peer files' schema.
pub fn schema() -> SchemaRef {
    let must = |name: &str, data_type: DataType| Field::new(name, data_type, false);
    let mut fields = vec![
        must("handset", DataType::UInt64),
        must("peer", DataType::Int64),
        must("day", DataType::Int32),
        must("imsi", DataType::UInt64),
        must("own", DataType::UInt64),
        must("first", DataType::Int64),
        must("last", DataType::Int64),
    ];
    fields.extend(COUNTERS.map(|name| must(name, DataType::UInt32)));
    Arc::new(Schema::new(fields))
}

const COUNTERS: [&str; 6] = ["voice_out", "voice_in", "sms_out", "sms_in", "seconds", "hours"];

/// Folds one sorted run: its peers, sorted by handset, peer, day and subscriber, as the bytes of a Parquet file.
pub fn fold(sorted: &RecordColumns) -> Result<Vec<u8>, EngineError> {
    let mut encoder = run::Encoder::new(schema(), properties())?;
    encoder.write(&folded(sorted).into_batch()?)?;
    encoder.finish()
}

/// What the peers' files have of their own.
pub fn properties() -> WriterProperties {
    run::properties_of_sorted(ROW_GROUP_ROWS)
        .set_column_statistics_enabled("handset".into(), EnabledStatistics::Page)
        .set_data_page_row_count_limit(PAGE_ROWS)
        .set_write_batch_size(PAGE_ROWS)
        .build()
}

/// Rows of all handsets, as columns to be.
#[derive(Default)]
struct Folded {
    handsets: Vec<u64>,
    rows: Vec<PeerRow>,
}

fn folded(sorted: &RecordColumns) -> Folded {
    let mut folded = Folded::default();
    let mut start = 0;
    for handset in sorted.handset.chunk_by(|a, b| a == b) {
        let end = start + handset.len();
        let calls = (start..end).filter(|row| sorted.peer[*row] != 0).map(|row| peer_row(sorted, row));
        let rows = merge(&mut calls.collect());
        folded.handsets.extend(std::iter::repeat_n(handset[0], rows.len()));
        folded.rows.extend(rows);
        start = end;
    }
    folded
}

fn peer_row(columns: &RecordColumns, row: usize) -> PeerRow {
    let (event, direction) = (columns.event[row], columns.direction[row]);
    let is = |kind: Event, way: Direction| u32::from(event == kind.code() && direction == way.code());
    let time = columns.time[row];
    PeerRow {
        peer: columns.peer[row],
        day: day_of(time),
        imsi: Imsi::from_packed(columns.imsi[row]),
        own: Msisdn::from_packed(columns.msisdn[row]),
        voice_out: is(Event::Voice, Direction::Out),
        voice_in: is(Event::Voice, Direction::In),
        sms_out: is(Event::Sms, Direction::Out),
        sms_in: is(Event::Sms, Direction::In),
        seconds: u32::try_from(columns.duration_s[row]).unwrap_or(0),
        hours: hour_bit(time),
        first: time,
        last: time,
    }
}

/// A handset's rows in order, those with the same keys as one.
pub fn merge(rows: &mut Vec<PeerRow>) -> Vec<PeerRow> {
    rows.sort_unstable_by_key(|row| (row.peer, row.day, row.imsi));
    let mut merged: Vec<PeerRow> = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        match merged.last_mut().filter(|last| last.same_day(&row)) {
            Some(last) => last.absorb(&row),
            None => merged.push(row),
        }
    }
    merged
}

impl Folded {
    fn into_batch(self) -> Result<RecordBatch, ArrowError> {
        let rows = &self.rows;
        let counter =
            |pick: fn(&PeerRow) -> u32| -> ArrayRef { Arc::new(UInt32Array::from_iter_values(rows.iter().map(pick))) };
        let time =
            |pick: fn(&PeerRow) -> i64| -> ArrayRef { Arc::new(Int64Array::from_iter_values(rows.iter().map(pick))) };
        let packed =
            |pick: fn(&PeerRow) -> u64| -> ArrayRef { Arc::new(UInt64Array::from_iter_values(rows.iter().map(pick))) };
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.handsets)),
            time(|row| row.peer),
            Arc::new(Int32Array::from_iter_values(rows.iter().map(|row| row.day))),
            packed(|row| row.imsi.map_or(0, Imsi::packed)),
            packed(|row| row.own.map_or(0, Msisdn::packed)),
            time(|row| row.first),
            time(|row| row.last),
            counter(|row| row.voice_out),
            counter(|row| row.voice_in),
            counter(|row| row.sms_out),
            counter(|row| row.sms_in),
            counter(|row| row.seconds),
            counter(|row| row.hours),
        ];
        RecordBatch::try_new(schema(), columns)
    }
}

/// A batch of a peer file, its rows read back as values one by one.
pub struct PeerRows {
    handsets: UInt64Array,
    peers: Int64Array,
    days: Int32Array,
    imsis: UInt64Array,
    own: UInt64Array,
    first: Int64Array,
    last: Int64Array,
    counters: [UInt32Array; COUNTERS.len()],
}

impl PeerRows {
    /// `None` where a column is not as written.
    pub fn new(batch: &RecordBatch) -> Option<Self> {
        let counters: Vec<UInt32Array> =
            COUNTERS.iter().map(|name| column::<UInt32Type>(batch, name)).collect::<Option<_>>()?;
        Some(Self {
            handsets: column::<UInt64Type>(batch, "handset")?,
            peers: column::<Int64Type>(batch, "peer")?,
            days: column::<Int32Type>(batch, "day")?,
            imsis: column::<UInt64Type>(batch, "imsi")?,
            own: column::<UInt64Type>(batch, "own")?,
            first: column::<Int64Type>(batch, "first")?,
            last: column::<Int64Type>(batch, "last")?,
            counters: counters.try_into().ok()?,
        })
    }

    /// Every row's handset.
    pub fn handsets(&self) -> &[u64] {
        self.handsets.values()
    }

    /// A row's other party.
    pub fn peer(&self, row: usize) -> i64 {
        self.peers.value(row)
    }

    /// A row.
    pub fn row(&self, row: usize) -> PeerRow {
        let counter = |index: usize| self.counters[index].value(row);
        PeerRow {
            peer: self.peers.value(row),
            day: self.days.value(row),
            imsi: Imsi::from_packed(self.imsis.value(row)),
            own: Msisdn::from_packed(self.own.value(row)),
            voice_out: counter(0),
            voice_in: counter(1),
            sms_out: counter(2),
            sms_in: counter(3),
            seconds: counter(4),
            hours: counter(5),
            first: self.first.value(row),
            last: self.last.value(row),
        }
    }
}
