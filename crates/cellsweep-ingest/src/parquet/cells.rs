//! Arrow values as cells.

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow::error::ArrowError;

use crate::value::Cell;

/// A column in a type that [`cell`] reads; what is rare goes through text.
pub(crate) fn plain(column: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    use DataType::{
        Binary, BinaryView, Dictionary, Float32, Float64, Int8, Int16, Int32, Int64, LargeBinary, LargeUtf8, Timestamp,
        UInt8, UInt16, UInt32, Utf8, Utf8View,
    };
    match column.data_type() {
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView => Ok(ArrayRef::clone(column)),
        Int8 | Int16 | Int32 | Int64 | UInt8 | UInt16 | UInt32 | Float32 | Float64 => Ok(ArrayRef::clone(column)),
        Timestamp(_, Some(_)) => Ok(ArrayRef::clone(column)),
        Dictionary(key, value) if **key == Int32 && **value == Utf8 => Ok(ArrayRef::clone(column)),
        _ => cast(column, &Utf8),
    }
}

/// The value in a row of a [`plain`] column.
pub(crate) fn cell(column: &dyn Array, row: usize) -> Cell<'_> {
    if column.is_null(row) {
        return Cell::Blank;
    }
    match column.data_type() {
        DataType::Utf8 => Cell::text(column.as_string::<i32>().value(row).as_bytes()),
        DataType::LargeUtf8 => Cell::text(column.as_string::<i64>().value(row).as_bytes()),
        DataType::Utf8View => Cell::text(column.as_string_view().value(row).as_bytes()),
        DataType::Binary => Cell::text(column.as_binary::<i32>().value(row)),
        DataType::LargeBinary => Cell::text(column.as_binary::<i64>().value(row)),
        DataType::BinaryView => Cell::text(column.as_binary_view().value(row)),
        DataType::Dictionary(..) => {
            let dictionary = column.as_dictionary::<Int32Type>();
            dictionary.key(row).map_or(Cell::Blank, |key| cell(dictionary.values().as_ref(), key))
        }
        DataType::Timestamp(unit, _) => micros(column, *unit, row),
        DataType::Float32 => float(f64::from(column.as_primitive::<Float32Type>().value(row))),
        DataType::Float64 => float(column.as_primitive::<Float64Type>().value(row)),
        _ => integer(column, row),
    }
}

/// NaN is what data frames write for "nothing there".
fn float(value: f64) -> Cell<'static> {
    if value.is_nan() { Cell::Blank } else { Cell::Float(value) }
}

fn micros(column: &dyn Array, unit: TimeUnit, row: usize) -> Cell<'static> {
    let micros = match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row).saturating_mul(1_000_000),
        TimeUnit::Millisecond => column.as_primitive::<TimestampMillisecondType>().value(row).saturating_mul(1_000),
        TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().value(row),
        TimeUnit::Nanosecond => column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(1_000),
    };
    Cell::Micros(micros)
}

fn integer(column: &dyn Array, row: usize) -> Cell<'_> {
    match column.data_type() {
        DataType::Int8 => Cell::Integer(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Int16 => Cell::Integer(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int32 => Cell::Integer(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int64 => Cell::Integer(column.as_primitive::<Int64Type>().value(row)),
        DataType::UInt8 => Cell::Integer(column.as_primitive::<UInt8Type>().value(row).into()),
        DataType::UInt16 => Cell::Integer(column.as_primitive::<UInt16Type>().value(row).into()),
        DataType::UInt32 => Cell::Integer(column.as_primitive::<UInt32Type>().value(row).into()),
        // `plain` leaves no other type.
        _ => Cell::Blank,
    }
}

/// A row as a line of CSV, for rejects; times as RFC 3339.
pub(crate) fn csv_line(batch: &RecordBatch, row: usize) -> String {
    let values = batch.columns().iter().map(|column| {
        arrow::util::display::array_value_to_string(column, row).unwrap_or_default().replace(['\n', '\r'], " ")
    });
    values.collect::<Vec<_>>().join(",")
}
