//! Parquet files of records, with the types that writers choose and those that can't be.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, DictionaryArray, Float64Array, Int32Array, Int64Array, LargeStringArray, RecordBatch, StringArray,
    StringViewArray, TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
};
use arrow::datatypes::{Field, Int32Type, Schema};
use cellsweep_ingest::IngestOptions;
use insta::assert_snapshot;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;

use crate::{Folder, GOOD, HEADER, read_all, row, told, told_of};

type Columns = Vec<(&'static str, ArrayRef)>;

/// Rows of CSV as columns of text.
fn columns(rows: &[String]) -> Columns {
    let names = HEADER.split(',').enumerate();
    names
        .map(|(index, name)| {
            let values = rows.iter().map(|row| row.split(',').nth(index).filter(|value| !value.is_empty()));
            (name, Arc::new(values.collect::<StringArray>()) as ArrayRef)
        })
        .collect()
}

fn with(mut columns: Columns, name: &str, array: ArrayRef) -> Columns {
    for column in columns.iter_mut().filter(|column| column.0 == name) {
        column.1 = Arc::clone(&array);
    }
    columns
}

fn write(columns: &Columns, properties: WriterProperties) -> Vec<u8> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.iter().map(|(_, array)| Arc::clone(array)).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn parquet(columns: &Columns) -> Vec<u8> {
    write(columns, WriterProperties::builder().build())
}

fn told_columns(columns: &Columns) -> String {
    told("records.parquet", &parquet(columns))
}

/// A file of rows of CSV, every column as text.
pub(crate) fn of_rows(rows: &[String]) -> Vec<u8> {
    parquet(&columns(rows))
}

const MICROS: i64 = 1_742_169_601_000_000;

#[test]
fn types_that_writers_choose() {
    let good = || columns(&[GOOD.to_owned()]);
    let expect = |columns: Columns| {
        let folder = Folder::new();
        let path = folder.file("records.parquet", &parquet(&columns));
        let outcome = read_all(&path, &IngestOptions::default()).unwrap();
        assert_eq!(outcome.report.rows.kept, 1, "{:?}", outcome.rejects);
        let chunk = &outcome.chunks[0];
        assert_eq!(
            (chunk.time[0], chunk.imei[0], chunk.imsi[0]),
            (MICROS, 1_490_154_203_237_518, 1_208_201_000_850_066)
        );
        assert_eq!((chunk.peer[0], chunk.duration_s[0], chunk.timing_advance[0]), (133_612_345_678, 33, 2));
    };
    expect(good());
    let imei = "490154203237518";
    for array in [
        Arc::new(LargeStringArray::from(vec![imei])) as ArrayRef,
        Arc::new(StringViewArray::from(vec![imei])),
        Arc::new([Some(imei)].into_iter().collect::<DictionaryArray<Int32Type>>()),
        Arc::new(Int64Array::from(vec![490_154_203_237_518])),
        Arc::new(Float64Array::from(vec![490_154_203_237_518.0])),
        Arc::new(arrow::array::BinaryArray::from(vec![imei.as_bytes()])),
    ] {
        expect(with(good(), "imei", array));
    }
    for array in [
        Arc::new(TimestampMicrosecondArray::from(vec![MICROS]).with_timezone("UTC")) as ArrayRef,
        Arc::new(TimestampMillisecondArray::from(vec![MICROS / 1_000]).with_timezone("+00:00")),
        Arc::new(TimestampNanosecondArray::from(vec![MICROS * 1_000 + 7]).with_timezone("UTC")),
    ] {
        expect(with(good(), "time", array));
    }
    for array in [
        Arc::new(Int32Array::from(vec![33])) as ArrayRef,
        Arc::new(Int64Array::from(vec![33])),
        Arc::new(Float64Array::from(vec![33.0])),
        Arc::new(arrow::array::UInt64Array::from(vec![33])),
        Arc::new(arrow::array::Decimal128Array::from(vec![3300]).with_precision_and_scale(10, 2).unwrap()),
    ] {
        expect(with(good(), "duration_s", array));
    }
}

#[test]
fn bad_rows() {
    let rows = [GOOD.to_owned(), row("event", "x"), row("imei", "35ABC"), GOOD.to_owned()];
    let durations = Arc::new(Float64Array::from(vec![Some(1.5), None, None, Some(f64::NAN)]));
    assert_snapshot!(told_columns(&with(columns(&rows), "duration_s", durations)), @"
    1 of 4 kept
    line 1: duration_s is not a whole number (1.5)
    line 2: event is not a known word (x)
    line 3: imei is not digits (5 characters, 2 of them digits)
    ");
}

#[test]
fn types_that_cannot_be() {
    let good = || columns(&[GOOD.to_owned()]);
    let naive = Arc::new(TimestampMicrosecondArray::from(vec![MICROS]));
    assert_snapshot!(told_columns(&with(good(), "time", naive)), @"
    refused: records.parquet: column `time` has no time zone
    hint: ask which zone the times are in and write the column as a UTC timestamp
    ");
    assert_snapshot!(told_columns(&with(good(), "time", Arc::new(Int64Array::from(vec![MICROS])))), @"
    refused: records.parquet: column `time` is Int64, not a timestamp or text
    hint: write the column as text or as the type that the contract names
    ");
    let list = arrow::array::ListArray::from_iter_primitive::<Int32Type, _, _>([Some([Some(1)])]);
    assert_snapshot!(told_columns(&with(good(), "peer", Arc::new(list))), @"
    refused: records.parquet: column `peer` is List(Int32), not one value a row
    hint: write the column as text or as the type that the contract names
    ");
}

#[test]
fn columns_missing_and_unknown() {
    let mut missing = columns(&[GOOD.to_owned()]);
    missing.retain(|(name, _)| *name != "sector" && *name != "peer");
    assert_snapshot!(told_columns(&missing), @"
    refused: records.parquet: column `sector` is missing; found time, operator, event, direction, imei, imsi, msisdn, duration_s, technology, timing_advance
    hint: rename or add the columns so that they carry the contract's names
    ");
    missing.push(("sector", Arc::new(StringArray::from(vec!["208-20-4611"]))));
    missing.push(("note", Arc::new(StringArray::from(vec!["x"]))));
    assert_snapshot!(told_columns(&missing), @"
    1 of 1 kept
    doubt: column `note` is not used: 1
    doubt: column `peer` is missing, read as blank: 1
    ");
}

#[test]
fn broken_files() {
    let whole = parquet(&columns(&[GOOD.to_owned()]));
    assert_snapshot!(told("records.parquet", &whole[..whole.len() / 2]), @"
    refused: records.parquet: the Parquet file is cut off or damaged: Parquet error: Invalid Parquet file. Corrupt footer
    hint: ask for the file again and compare sizes or digests with the sender
    ");
    assert_snapshot!(told("records.parquet", HEADER.as_bytes()), @"
    refused: records.parquet: the file's name says Parquet, its content does not
    hint: give the file the name of what it is (.csv, .csv.gz, .csv.zst), or ask for it again
    ");
    assert_snapshot!(told("records.parquet", b"PAR1"), @"
    refused: records.parquet: the Parquet file is cut off or damaged: EOF: Parquet file too small. Size is 4 but need 8
    hint: ask for the file again and compare sizes or digests with the sender
    ");
    assert_snapshot!(told("records.csv.gz", &crate::gzip(&whole)), @"
    refused: records.csv.gz: this is a compressed Parquet file
    hint: decompress it first: Parquet is compressed inside
    ");
    let mut damaged = whole.clone();
    damaged[10..200].fill(0xff);
    assert!(
        told("records.parquet", &damaged)
            .starts_with("refused: records.parquet: the Parquet file is cut off or damaged")
    );
    // The name doesn't matter where the content is Parquet.
    assert_snapshot!(told("records.dat", &whole), @"1 of 1 kept");
}

#[test]
fn no_rows() {
    assert_snapshot!(told_columns(&columns(&[])), @"
    0 of 0 kept
    doubt: file has no rows: 1
    ");
}

/// Row groups and pages of any size, dictionaries or not: the same rows, numbered through.
#[test]
fn layout_changes_nothing() {
    let rows: Vec<String> = (0..30_000)
        .map(|index| match index % 100 {
            13 => row("event", "x"),
            57 => row("peer", &format!("name{}", index / 5_000)),
            _ => row("imsi", &format!("20820{index:010}")),
        })
        .collect();
    let columns = columns(&rows);
    let folder = Folder::new();
    let csv = folder.file("records.csv", format!("{HEADER}\n{}\n", rows.join("\n")).as_bytes());
    let expect = read_all(&csv, &IngestOptions::default()).unwrap();
    for (dictionary, group, page, threads) in
        [(true, 1_000_000, 20_000, 1), (false, 7_001, 500, 2), (true, 4_000, 1_000, 3)]
    {
        let properties = WriterProperties::builder()
            .set_dictionary_enabled(dictionary)
            .set_max_row_group_row_count(Some(group))
            .set_data_page_row_count_limit(page)
            .build();
        let path = folder.file("records.parquet", &write(&columns, properties));
        let options = IngestOptions { threads, chunk_rows: 2_048, ..IngestOptions::default() };
        let outcome = read_all(&path, &options).unwrap();
        assert_eq!(outcome.report, expect.report);
        let lines = |outcome: &crate::Outcome| outcome.rejects.iter().map(|reject| reject.line).collect::<Vec<_>>();
        assert_eq!(lines(&outcome), lines(&expect).iter().map(|line| line - 1).collect::<Vec<_>>());
        let imsis =
            |outcome: &crate::Outcome| outcome.chunks.iter().flat_map(|chunk| chunk.imsi.clone()).collect::<Vec<_>>();
        assert!(imsis(&outcome) == imsis(&expect));
    }
}

#[test]
fn a_folder_named_parquet() {
    let folder = Folder::new();
    std::fs::create_dir(folder.path().join("x.parquet")).unwrap();
    assert_snapshot!(told_of(&folder.path().join("x.parquet"), folder.path()), @"
    refused: x.parquet: this is a folder, not a file
    hint: name the files in it, for example `FOLDER/*.csv`
    ");
}
