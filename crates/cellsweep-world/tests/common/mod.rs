//! Reads a world's records back.

use std::fs::File;
use std::path::Path;

use arrow::array::{Array, AsArray};
use arrow::datatypes::{Int32Type, TimestampMicrosecondType};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

/// One row of the Parquet files.
pub struct Record {
    pub time: i64,
    pub operator: String,
    pub event: String,
    pub imei: Option<String>,
    pub imsi: Option<String>,
    pub msisdn: Option<String>,
    pub peer: Option<String>,
    pub technology: String,
    pub sector: String,
    pub advance: Option<i32>,
}

/// All rows of a case's Parquet files.
pub fn records(case: &Path) -> Vec<Record> {
    let mut files: Vec<_> = std::fs::read_dir(case).expect("case").map(|e| e.expect("entry").path()).collect();
    files.sort();
    let mut out = Vec::new();
    for path in files.iter().filter(|p| p.extension().is_some_and(|e| e == "parquet")) {
        let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("file"))
            .expect("parquet")
            .build()
            .expect("reader");
        for batch in reader {
            let batch = batch.expect("batch");
            let text = |name: &str, i: usize| {
                let column = batch.column_by_name(name).expect("column").as_string::<i32>();
                column.is_valid(i).then(|| column.value(i).to_owned())
            };
            let times = batch.column(0).as_primitive::<TimestampMicrosecondType>();
            let advances = batch.column_by_name("timing_advance").expect("column").as_primitive::<Int32Type>();
            for i in 0..batch.num_rows() {
                out.push(Record {
                    time: times.value(i),
                    operator: text("operator", i).expect("operator"),
                    event: text("event", i).expect("event"),
                    imei: text("imei", i),
                    imsi: text("imsi", i),
                    msisdn: text("msisdn", i),
                    peer: text("peer", i),
                    technology: text("technology", i).expect("technology"),
                    sector: text("sector", i).expect("sector"),
                    advance: advances.is_valid(i).then(|| advances.value(i)),
                });
            }
        }
    }
    out
}
