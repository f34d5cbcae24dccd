//! Small tables from any file, through a profile.

use arrow::array::RecordBatch;
use rustc_hash::FxHashSet;

use crate::IngestOptions;
use crate::error::IngestError;
use crate::profile::{MapState, Mapper};
use crate::reason::ReasonCode;
use crate::reject::{self, Reject};
use crate::report::FileReport;
use crate::shape::{Shape, rejected};
use crate::sheet::{Found, Go, RawRow, Sheet};
use crate::source::Input;
use crate::tables::builder::TableRows;
use crate::value::Cell;

/// Reads a file as the profile's table.
pub(crate) fn read_shaped(
    input: &Input,
    shape: &Shape<'_>,
    options: &IngestOptions,
    rows: TableRows<'_>,
) -> Result<(RecordBatch, FileReport), IngestError> {
    let joins = shape.joins(input, options)?;
    let sheet = Sheet::open(input, &shape.profile.file, options)?;
    let mapper = Mapper::new(shape.profile, &sheet.names, joins).map_err(|why| input.refuse(why))?;
    let mut taker =
        Taker { rows, mapper: &mapper, state: MapState::default(), seen: FxHashSet::default(), once: shape.once_per() };
    for doubt in &sheet.doubts {
        taker.rows.report.doubt(doubt, 1);
    }
    for name in shape.unused(&sheet, &mapper) {
        taker.rows.report.doubt(&name, 1);
    }
    sheet.read(&mut |found| taker.take(found))?;
    let Taker { mut rows, state, .. } = taker;
    for (doubt, count) in state.doubts.into_iter().chain(mapper.join_doubts()) {
        rows.report.doubt(&doubt, count);
    }
    rows.finish(input)
}

struct Taker<'a, 'b> {
    rows: TableRows<'b>,
    mapper: &'a Mapper,
    state: MapState,
    /// Values of the column that may have one row each.
    seen: FxHashSet<Box<[u8]>>,
    once: Option<usize>,
}

impl Taker<'_, '_> {
    fn take(&mut self, found: Found<'_>) -> Result<Go, IngestError> {
        match found {
            Found::Row(row) => self.row(&row)?,
            Found::Bad(bad) => self.rows.bad(bad)?,
            Found::Doubt(doubt) => self.rows.report.doubt(&doubt, 1),
        }
        Ok(Go::On)
    }

    fn row(&mut self, row: &RawRow<'_>) -> Result<(), IngestError> {
        let values = match self.mapper.map(row.cells, &mut self.state) {
            Ok(values) => values,
            Err(blame) => return self.rows.bad(rejected(self.rows.table, row.line, &blame, (row.raw)())),
        };
        let cells: Vec<Cell<'_>> = values.iter().map(|value| value.cell()).collect();
        if let Some(key) = self.once.and_then(|column| cells[column].printed())
            && self.seen.contains(key.as_ref())
        {
            let column = self.once.and_then(|column| self.rows.table.columns().get(column));
            let detail = column.map_or_else(String::new, |column| reject::detail(column, &key));
            let column = column.map(|column| column.name);
            return self.rows.bad(Reject {
                line: row.line,
                column,
                reason: ReasonCode::Repeated,
                detail,
                raw: (row.raw)(),
            });
        }
        if self.rows.push(row.line, &cells, || (row.raw)())? {
            self.state.kept();
            if let Some(key) = self.once.and_then(|column| cells[column].printed()) {
                self.seen.insert(key.into_owned().into_boxed_slice());
            }
        }
        Ok(())
    }
}
