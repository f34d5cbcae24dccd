//! Records from any file but CSV and the contract's Parquet, row by row through a profile.

use cellsweep_model::table::Table;

use crate::error::IngestError;
use crate::profile::{MapState, Mapper};
use crate::records::Job;
use crate::records::code::{Coder, Codes, FLAG, column};
use crate::records::delivery::Delivery;
use crate::records::part::PartBuilder;
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::shape::{Shape, rejected};
use crate::sheet::{Body, Found, Go, RawRow, Sheet};
use crate::source::Input;
use crate::value::{Cell, decode};

pub(super) fn read(
    input: &Input,
    shape: &Shape<'_>,
    job: &Job<'_>,
    mut delivery: Delivery<'_>,
) -> Result<FileReport, IngestError> {
    let joins = shape.joins(input, &job.options)?;
    let sheet = Sheet::open(input, &shape.profile.file, &job.options)?;
    let mapper = Mapper::new(shape.profile, &sheet.names, joins).map_err(|why| input.refuse(why))?;
    let doubts = sheet.doubts.iter().cloned().chain(shape.unused(&sheet, &mapper)).map(|doubt| (doubt, 1));
    for (doubt, count) in doubts.chain(mapper.join_doubts()) {
        delivery.report.doubt(&doubt, count);
    }
    match sheet.body {
        // Rows that depend on the one above can't be parsed block by block.
        Body::Csv(file) if shape.profile.file.fill_down.is_none() => {
            super::csv::read_shaped(input, *file, &mapper, job, delivery)
        }
        body => read_rows(Sheet { body, ..sheet }, &mapper, job, delivery),
    }
}

fn read_rows(
    sheet: Sheet<'_>,
    mapper: &Mapper,
    job: &Job<'_>,
    mut delivery: Delivery<'_>,
) -> Result<FileReport, IngestError> {
    let mut rows = Rows::new(mapper, job);
    sheet.read(&mut |found| {
        match found {
            Found::Row(row) => rows.row(&row),
            Found::Bad(bad) => rows.builder.part.rejects.push(bad),
            Found::Doubt(doubt) => delivery.report.doubt(&doubt, 1),
        }
        if rows.count >= job.options.chunk_rows {
            std::mem::replace(&mut rows, Rows::new(mapper, job)).hand_on(&mut delivery)?;
        }
        Ok(Go::On)
    })?;
    rows.hand_on(&mut delivery)?;
    (job.progress)(1.0);
    Ok(delivery.finish())
}

/// Rows on their way into a part.
pub(super) struct Rows<'a> {
    mapper: &'a Mapper,
    state: MapState,
    coder: Coder<'a>,
    pub builder: PartBuilder<'a>,
    count: usize,
}

impl<'a> Rows<'a> {
    fn new(mapper: &'a Mapper, job: &Job<'a>) -> Self {
        Self::expecting(mapper, PartBuilder::new(job.against, job.options.chunk_rows, job.options.chunk_rows))
    }

    pub(super) fn expecting(mapper: &'a Mapper, builder: PartBuilder<'a>) -> Self {
        let coder = Coder::against(builder.against);
        Self { mapper, state: MapState::default(), coder, builder, count: 0 }
    }

    /// Takes a row in, good or bad.
    pub(super) fn row(&mut self, row: &RawRow<'_>) {
        self.count += 1;
        let values = match self.mapper.map(row.cells, &mut self.state) {
            Ok(values) => values,
            Err(blame) => {
                return self.builder.part.rejects.push(rejected(Table::Records, row.line, &blame, (row.raw)()));
            }
        };
        let mut codes: Codes = [0; column::COUNT];
        for (position, value) in values.iter().enumerate() {
            codes[position] = self.coder.code(position, value.cell());
        }
        match self.builder.push(&codes) {
            Ok(()) => {
                self.state.kept();
                let peer = codes[column::PEER];
                if peer & FLAG != 0
                    && let Cell::Text(name) = values[column::PEER].cell()
                {
                    self.builder.see_peer_name(peer, || decode(name).into_owned());
                }
            }
            Err((position, reason)) => {
                let column = position.and_then(|position| Table::Records.columns().get(position));
                let value = position.and_then(|position| values[position].cell().printed());
                let detail =
                    column.zip(value).map_or_else(String::new, |(column, value)| reject::detail(column, &value));
                let column = column.map(|column| column.name);
                self.builder.part.rejects.push(Reject { line: row.line, column, reason, detail, raw: (row.raw)() });
            }
        }
    }

    pub(super) fn finish(self) -> crate::records::part::Part {
        let mut part = self.builder.finish(self.coder.operators);
        part.more_doubts = self.state.doubts;
        part
    }

    /// Lines count from the file's beginning already.
    fn hand_on(self, delivery: &mut Delivery<'_>) -> Result<(), IngestError> {
        delivery.part(self.finish(), 0)
    }
}
