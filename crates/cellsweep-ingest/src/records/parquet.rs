//! Records from Parquet: column by column into codes, then row by row into a part.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Int32Type, TimeUnit, TimestampMicrosecondType};
use cellsweep_model::table::Table;

use crate::Against;
use crate::error::IngestError;
use crate::parquet::{ParquetTable, Slice, cell, csv_line, guarded, open, plain};
use crate::pipeline::ordered;
use crate::reason::ReasonCode;
use crate::records::Job;
use crate::records::code::{Coder, Codes, FLAG, column};
use crate::records::delivery::Delivery;
use crate::records::part::{Part, PartBuilder};
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::source::Input;
use crate::value::{Cell, decode};

pub(super) fn read(input: &Input, job: &Job<'_>, mut delivery: Delivery<'_>) -> Result<FileReport, IngestError> {
    let table = open(input, Table::Records)?;
    for doubt in &table.header.doubts {
        delivery.report.doubt(doubt, 1);
    }
    let all = table.rows().max(1) as f64;
    let (against, chunk_rows) = (job.against, job.options.chunk_rows);
    let work = |slice: Slice| {
        let reader = SliceReader::new(&table, slice, against, chunk_rows);
        (slice, guarded(input, || reader.read()))
    };
    ordered(job.options.threads, table.slices().into_iter(), work, |(slice, part)| {
        // Rows are numbered from 1.
        delivery.part(part?, slice.first + 1)?;
        (job.progress)((slice.first + slice.rows as u64) as f64 / all);
        Ok(())
    })?;
    (job.progress)(1.0);
    Ok(delivery.finish())
}

/// Reads one slice.
struct SliceReader<'a> {
    table: &'a ParquetTable<'a>,
    slice: Slice,
    coder: Coder<'a>,
    builder: PartBuilder<'a>,
    chunk_rows: usize,
    dictionaries: [Dictionary; column::COUNT],
    /// Rows of the slice's batches before this one.
    row: u64,
}

/// A dictionary's values as codes; a row group's batches share one dictionary.
#[derive(Default)]
struct Dictionary {
    values: Option<ArrayRef>,
    codes: Vec<u64>,
}

impl<'a> SliceReader<'a> {
    fn new(table: &'a ParquetTable<'a>, slice: Slice, against: Against<'a>, chunk_rows: usize) -> Self {
        let builder = PartBuilder::new(against, chunk_rows, slice.rows);
        Self {
            table,
            slice,
            coder: Coder::against(against),
            builder,
            chunk_rows,
            dictionaries: Default::default(),
            row: 0,
        }
    }

    fn read(mut self) -> Result<Part, IngestError> {
        for batch in self.table.read(self.slice, self.chunk_rows)? {
            self.batch(&batch?)?;
        }
        Ok(self.builder.finish(self.coder.operators))
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<(), IngestError> {
        let mut columns: [Option<ArrayRef>; column::COUNT] = Default::default();
        let mut codes: [Vec<u64>; column::COUNT] = Default::default();
        for position in 0..column::COUNT {
            let array = self.table.column(batch, position).map(plain).transpose();
            columns[position] = array.map_err(|error| self.table.broken(&error.to_string()))?;
            codes[position] = match &columns[position] {
                Some(array) => self.codes(position, array),
                None => vec![self.coder.code(position, Cell::Blank); batch.num_rows()],
            };
        }
        self.rows(batch, &columns, &codes);
        self.row += batch.num_rows() as u64;
        Ok(())
    }

    fn rows(&mut self, batch: &RecordBatch, columns: &[Option<ArrayRef>], codes: &[Vec<u64>; column::COUNT]) {
        for row in 0..batch.num_rows() {
            let codes: Codes = std::array::from_fn(|position| codes[position][row]);
            match self.builder.push(&codes) {
                Ok(()) if codes[column::PEER] & FLAG != 0 => self.keep_peer_name(columns, row, codes[column::PEER]),
                Ok(()) => {}
                Err((column, reason)) => self.reject(batch, columns, row, column, reason),
            }
        }
    }

    fn codes(&mut self, position: usize, array: &ArrayRef) -> Vec<u64> {
        match array.data_type() {
            DataType::Dictionary(..) => self.dictionary_codes(position, array),
            DataType::Utf8View => {
                let view = array.as_string_view();
                let texts = view.iter().map(|text| text.map_or(Cell::Blank, |text| Cell::text(text.as_bytes())));
                texts.map(|cell| self.coder.code(position, cell)).collect()
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) if array.null_count() == 0 => {
                let micros = array.as_primitive::<TimestampMicrosecondType>().values().iter();
                micros.map(|micros| self.coder.code(position, Cell::Micros(*micros))).collect()
            }
            DataType::Int32 => {
                let values = array.as_primitive::<Int32Type>().iter();
                let cells = values.map(|value| value.map_or(Cell::Blank, |value| Cell::Integer(value.into())));
                cells.map(|cell| self.coder.code(position, cell)).collect()
            }
            _ => (0..array.len()).map(|row| self.coder.code(position, cell(array, row))).collect(),
        }
    }

    fn dictionary_codes(&mut self, position: usize, array: &ArrayRef) -> Vec<u64> {
        let keyed = array.as_dictionary::<Int32Type>();
        let blank = self.coder.code(position, Cell::Blank);
        let known = &mut self.dictionaries[position];
        if !known.is_of(keyed.values()) {
            let values = keyed.values().as_string::<i32>();
            known.codes.clear();
            known.codes.extend(values.iter().map(|text| code_text(&mut self.coder, position, text)));
            known.values = Some(ArrayRef::clone(keyed.values()));
        }
        let code = |key: i32| known.codes.get(key as usize).copied().unwrap_or(blank);
        if array.null_count() == 0 {
            return keyed.keys().values().iter().map(|key| code(*key)).collect();
        }
        keyed.keys().iter().map(|key| key.map_or(blank, code)).collect()
    }

    fn keep_peer_name(&mut self, columns: &[Option<ArrayRef>], row: usize, peer: u64) {
        if let Some(Cell::Text(name)) = columns[column::PEER].as_ref().map(|column| cell(column, row)) {
            self.builder.see_peer_name(peer, || decode(name).into_owned());
        }
    }

    #[cold]
    fn reject(
        &mut self,
        batch: &RecordBatch,
        columns: &[Option<ArrayRef>],
        row: usize,
        position: Option<usize>,
        reason: ReasonCode,
    ) {
        let column = position.and_then(|position| Table::Records.columns().get(position));
        let value =
            position.and_then(|position| columns[position].as_ref()).and_then(|array| cell(array, row).printed());
        let detail = column.zip(value).map_or_else(String::new, |(column, value)| reject::detail(column, &value));
        self.builder.part.rejects.push(Reject {
            line: self.row + row as u64,
            column: column.map(|column| column.name),
            reason,
            detail,
            raw: reject::raw(csv_line(batch, row).as_bytes()),
        });
    }
}

fn code_text(coder: &mut Coder, position: usize, text: Option<&str>) -> u64 {
    coder.code(position, text.map_or(Cell::Blank, |text| Cell::text(text.as_bytes())))
}

impl Dictionary {
    /// Whether these are the values that were coded: the same bytes in memory, which stay there
    /// as long as they are held here.
    fn is_of(&self, values: &ArrayRef) -> bool {
        let place = |array: &StringArray| (array.values().as_ptr(), array.value_offsets().as_ptr(), array.len());
        match (self.values.as_ref().and_then(|held| held.as_string_opt::<i32>()), values.as_string_opt::<i32>()) {
            (Some(held), Some(values)) => place(held) == place(values),
            _ => false,
        }
    }
}
