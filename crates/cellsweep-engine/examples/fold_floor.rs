//! What folding costs beyond decoding: `fold_floor FOLDER`, a case's `imports/…/records` as an exercise keeps it.
//!
//! The columns that the fold needs are decoded from the sorted records by Parquet's own reader, and then decoded and folded, on one thread
//! and on two; the best of three each.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example that prints what it measured")]

use std::fs::File;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Instant;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Int16Type, TimestampMicrosecondType, UInt8Type, UInt16Type, UInt64Type};
use cellsweep_engine::fold_days;
use cellsweep_model::record::RecordColumns;
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

const COLUMNS: [&str; 9] =
    ["handset", "time", "imsi", "operator", "event", "direction", "technology", "sector", "timing_advance"];

fn main() {
    let mut files: Vec<PathBuf> = std::env::args()
        .skip(1)
        .flat_map(|folder| std::fs::read_dir(folder).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("records-"))
        .collect();
    files.sort();
    for threads in [1, 2] {
        let best = |fold: bool| {
            let runs = (0..3).map(|_| once(&files, threads, fold));
            runs.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
        };
        let (decode, both) = (best(false), best(true));
        println!(
            "{threads} threads: {} records decoded in {:.2} s, decoded and folded into {} rows in {:.2} s: {:.2} times",
            decode.1,
            decode.0,
            both.2,
            both.0,
            both.0 / decode.0
        );
    }
}

/// Seconds, records, rows.
fn once(files: &[PathBuf], threads: usize, fold: bool) -> (f64, u64, u64) {
    let (records, rows, next) = (AtomicU64::new(0), AtomicU64::new(0), AtomicUsize::new(0));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let reader = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
                    let mask = ProjectionMask::columns(reader.parquet_schema(), COLUMNS);
                    // A row group at a time: its last handset may go on in the next, which a count of rows bears.
                    for batch in reader.with_projection(mask).with_batch_size(1 << 15).build().unwrap() {
                        let batch = batch.unwrap();
                        records.fetch_add(batch.num_rows() as u64, Ordering::Relaxed);
                        if fold {
                            let mut count = 0;
                            let show = |_handset, days: &[_]| {
                                count += days.len() as u64;
                                Ok::<(), ()>(())
                            };
                            fold_days(&columns(&batch), show).unwrap();
                            rows.fetch_add(count, Ordering::Relaxed);
                        }
                    }
                }
            });
        }
    });
    (start.elapsed().as_secs_f64(), records.into_inner(), rows.into_inner())
}

fn columns(batch: &RecordBatch) -> RecordColumns {
    let column = |name: &str| batch.column_by_name(name).unwrap();
    let long = |name: &str| column(name).as_primitive::<UInt64Type>().values().to_vec();
    let byte = |name: &str| column(name).as_primitive::<UInt8Type>().values().to_vec();
    let advances = column("timing_advance").as_primitive::<Int16Type>();
    RecordColumns {
        handset: long("handset"),
        time: column("time").as_primitive::<TimestampMicrosecondType>().values().to_vec(),
        imsi: long("imsi"),
        operator: column("operator").as_primitive::<UInt16Type>().values().to_vec(),
        event: byte("event"),
        direction: byte("direction"),
        technology: byte("technology"),
        sector: long("sector"),
        timing_advance: (0..advances.len())
            .map(|row| if advances.is_null(row) { -1 } else { advances.value(row) })
            .collect(),
        ..RecordColumns::default()
    }
}
