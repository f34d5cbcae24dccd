//! A run's holders, places and segments: Parquet with the contract's columns and, beside them, the findings.

use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Date32Type, Field, Float64Type, Int64Type, Schema};
use cellsweep_model::{Holder, HolderFinding, Place, Segment};
use cellsweep_vault::Keeping;

use crate::{Folder, StoreError, table};

pub(crate) const HOLDERS: &str = "holders.parquet";
pub(crate) const PLACES: &str = "places.parquet";
pub(crate) const SEGMENTS: &str = "segments.parquet";

fn texts<'a>(values: impl Iterator<Item = Option<String>> + 'a) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

fn field(name: &str, data_type: DataType) -> Field {
    Field::new(name, data_type, true)
}

/// Writes holders with their findings.
pub(crate) fn write_holders(keeping: &Keeping, path: &Path, holders: &[Holder]) -> Result<(), StoreError> {
    let mut findings = Vec::with_capacity(holders.len());
    for holder in holders {
        let text = if holder.findings.is_empty() {
            None
        } else {
            Some(serde_json::to_string(&holder.findings).map_err(StoreError::table(path))?)
        };
        findings.push(text);
    }
    let text = DataType::Utf8;
    let schema = Schema::new(vec![
        field("handset", text.clone()),
        field("imei", text.clone()),
        field("rank", DataType::Int64),
        field("inmate", text.clone()),
        field("facility", text.clone()),
        field("cell", text.clone()),
        field("log10_lr", DataType::Float64),
        field("probability", DataType::Float64),
        field("findings", text),
    ]);
    let columns: Vec<ArrayRef> = vec![
        texts(holders.iter().map(|row| Some(row.handset.clone()))),
        texts(holders.iter().map(|row| row.imei.map(|imei| imei.to_string()))),
        Arc::new(Int64Array::from_iter_values(holders.iter().map(|row| i64::from(row.rank)))),
        texts(holders.iter().map(|row| row.inmate.as_ref().map(ToString::to_string))),
        texts(holders.iter().map(|row| Some(row.facility.to_string()))),
        texts(holders.iter().map(|row| row.cell.as_ref().map(ToString::to_string))),
        Arc::new(Float64Array::from_iter_values(holders.iter().map(|row| row.log10_lr))),
        Arc::new(Float64Array::from_iter_values(holders.iter().map(|row| row.probability))),
        texts(findings.into_iter()),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(StoreError::table(path))?;
    table::write(keeping, path, &batch)
}

/// Writes places.
pub(crate) fn write_places(keeping: &Keeping, path: &Path, places: &[Place]) -> Result<(), StoreError> {
    let text = DataType::Utf8;
    let schema = Schema::new(vec![
        field("handset", text.clone()),
        field("facility", text.clone()),
        field("cell", text),
        field("probability", DataType::Float64),
    ]);
    let columns: Vec<ArrayRef> = vec![
        texts(places.iter().map(|row| Some(row.handset.clone()))),
        texts(places.iter().map(|row| Some(row.facility.to_string()))),
        texts(places.iter().map(|row| row.cell.as_ref().map(ToString::to_string))),
        Arc::new(Float64Array::from_iter_values(places.iter().map(|row| row.probability))),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(StoreError::table(path))?;
    table::write(keeping, path, &batch)
}

/// Writes segments.
pub(crate) fn write_segments(keeping: &Keeping, path: &Path, segments: &[Segment]) -> Result<(), StoreError> {
    let text = DataType::Utf8;
    let schema = Schema::new(vec![
        field("handset", text.clone()),
        field("imei", text.clone()),
        field("facility", text.clone()),
        field("from", DataType::Date32),
        field("to", DataType::Date32),
        field("changed", DataType::Float64),
        field("rank", DataType::Int64),
        field("inmate", text.clone()),
        field("cell", text),
        field("log10_lr", DataType::Float64),
        field("probability", DataType::Float64),
    ]);
    let days =
        |day: fn(&Segment) -> i32| -> ArrayRef { Arc::new(Date32Array::from_iter_values(segments.iter().map(day))) };
    let columns: Vec<ArrayRef> = vec![
        texts(segments.iter().map(|row| Some(row.handset.clone()))),
        texts(segments.iter().map(|row| row.imei.map(|imei| imei.to_string()))),
        texts(segments.iter().map(|row| Some(row.facility.to_string()))),
        days(|row| row.from),
        days(|row| row.to),
        Arc::new(segments.iter().map(|row| row.changed).collect::<Float64Array>()),
        Arc::new(Int64Array::from_iter_values(segments.iter().map(|row| i64::from(row.rank)))),
        texts(segments.iter().map(|row| row.inmate.as_ref().map(ToString::to_string))),
        texts(segments.iter().map(|row| row.cell.as_ref().map(ToString::to_string))),
        Arc::new(Float64Array::from_iter_values(segments.iter().map(|row| row.log10_lr))),
        Arc::new(Float64Array::from_iter_values(segments.iter().map(|row| row.probability))),
    ];
    let batch = RecordBatch::try_new(Arc::new(schema), columns).map_err(StoreError::table(path))?;
    table::write(keeping, path, &batch)
}

/// Where a run's holders, places and segments lie.
#[derive(Debug, Clone)]
pub struct RunHolders {
    folder: Folder,
}

impl RunHolders {
    pub(crate) fn in_folder(folder: Folder) -> Self {
        Self { folder }
    }

    /// Every holder with its findings, in the order in which they were written.
    ///
    /// # Errors
    /// When the file can't be read or isn't what was written.
    pub fn holders(&self) -> Result<Vec<Holder>, StoreError> {
        read(&self.folder, HOLDERS, |columns, row| {
            Ok(Holder {
                handset: columns.must("handset", row)?,
                imei: columns.parsed("imei", row)?,
                rank: u32::try_from(columns.rank(row)?).map_err(|error| error.to_string())?,
                inmate: columns.parsed("inmate", row)?,
                facility: columns.must("facility", row)?,
                cell: columns.parsed("cell", row)?,
                log10_lr: columns.number("log10_lr", row)?,
                probability: columns.number("probability", row)?,
                findings: columns.findings(row)?,
            })
        })
    }

    /// Every place, in the order in which they were written.
    ///
    /// # Errors
    /// When the file can't be read or isn't what was written.
    pub fn places(&self) -> Result<Vec<Place>, StoreError> {
        read(&self.folder, PLACES, |columns, row| {
            Ok(Place {
                handset: columns.must("handset", row)?,
                facility: columns.must("facility", row)?,
                cell: columns.parsed("cell", row)?,
                probability: columns.number("probability", row)?,
            })
        })
    }

    /// Every segment, in the order in which they were written; none of a run that was made before
    /// there were any.
    ///
    /// # Errors
    /// When the file can't be read or isn't what was written.
    pub fn segments(&self) -> Result<Vec<Segment>, StoreError> {
        if !self.folder.dir().join(SEGMENTS).exists() {
            return Ok(Vec::new());
        }
        read(&self.folder, SEGMENTS, |columns, row| {
            Ok(Segment {
                handset: columns.must("handset", row)?,
                imei: columns.parsed("imei", row)?,
                facility: columns.must("facility", row)?,
                from: columns.day("from", row)?,
                to: columns.day("to", row)?,
                changed: columns.perhaps("changed", row)?,
                rank: u32::try_from(columns.rank(row)?).map_err(|error| error.to_string())?,
                inmate: columns.parsed("inmate", row)?,
                cell: columns.parsed("cell", row)?,
                log10_lr: columns.number("log10_lr", row)?,
                probability: columns.number("probability", row)?,
            })
        })
    }
}

fn read<T>(
    folder: &Folder,
    name: &str,
    each: impl Fn(&Columns<'_>, usize) -> Result<T, String>,
) -> Result<Vec<T>, StoreError> {
    let path = folder.dir().join(name);
    let mut rows = Vec::new();
    for batch in table::read(folder.keeping(), &path)? {
        let columns = Columns { batch: &batch };
        for row in 0..batch.num_rows() {
            rows.push(each(&columns, row).map_err(StoreError::table(&path))?);
        }
    }
    Ok(rows)
}

/// Reads the columns back by name.
struct Columns<'a> {
    batch: &'a RecordBatch,
}

impl Columns<'_> {
    fn column(&self, name: &str) -> Result<&dyn Array, String> {
        self.batch.column_by_name(name).map(AsRef::as_ref).ok_or_else(|| format!("column {name} is missing"))
    }

    fn text(&self, name: &str, row: usize) -> Result<Option<&str>, String> {
        let column = self.column(name)?.as_string_opt::<i32>().ok_or_else(|| format!("column {name} is no text"))?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    }

    fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
        &self,
        name: &str,
        row: usize,
    ) -> Result<Option<T>, String> {
        self.text(name, row)?.map(str::parse).transpose().map_err(|error: T::Err| format!("{name}, row {row}: {error}"))
    }

    fn must<T: std::str::FromStr<Err: std::fmt::Display>>(&self, name: &str, row: usize) -> Result<T, String> {
        self.parsed(name, row)?.ok_or_else(|| format!("{name}, row {row}: blank"))
    }

    fn number(&self, name: &str, row: usize) -> Result<f64, String> {
        self.perhaps(name, row)?.ok_or_else(|| format!("{name}, row {row}: blank"))
    }

    fn perhaps(&self, name: &str, row: usize) -> Result<Option<f64>, String> {
        let column = self.column(name)?.as_primitive_opt::<Float64Type>();
        let column = column.ok_or_else(|| format!("column {name} holds no numbers"))?;
        Ok((!column.is_null(row)).then(|| column.value(row)))
    }

    fn day(&self, name: &str, row: usize) -> Result<i32, String> {
        let column = self.column(name)?.as_primitive_opt::<Date32Type>();
        Ok(column.ok_or_else(|| format!("column {name} holds no dates"))?.value(row))
    }

    fn rank(&self, row: usize) -> Result<i64, String> {
        let column = self.column("rank")?.as_primitive_opt::<Int64Type>();
        Ok(column.ok_or("column rank holds no numbers")?.value(row))
    }

    fn findings(&self, row: usize) -> Result<Vec<HolderFinding>, String> {
        let text = self.text("findings", row)?;
        let found = text.map(serde_json::from_str).transpose();
        Ok(found.map_err(|error| format!("findings, row {row}: {error}"))?.unwrap_or_default())
    }
}
