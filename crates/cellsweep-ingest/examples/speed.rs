//! How fast a file of records is read: `speed FILE [THREADS]`.

use std::path::Path;
use std::time::Instant;

use cellsweep_ingest::{Against, BoxError, IngestOptions, read_records};

#[expect(clippy::print_stdout, reason = "an example prints what it measured")]
fn main() -> Result<(), BoxError> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let mut options = IngestOptions::default();
    if let Some(threads) = arguments.next() {
        options.threads = threads.parse()?;
    }
    let start = Instant::now();
    let mut sum = 0u64;
    let mut reject_lines = Vec::new();
    let mut sink = |chunk: cellsweep_model::record::RecordColumns| {
        sum = chunk.handset.iter().zip(&chunk.time).fold(sum, |sum, (a, b)| sum.wrapping_mul(31) ^ a ^ (*b as u64));
        Ok(())
    };
    let mut reject = |reject: cellsweep_ingest::Reject| {
        if reject_lines.len() < 5 {
            reject_lines.push(format!("{}: {} ({})", reject.line, reject.sentence(), reject.detail));
        }
        Ok(())
    };
    let report = read_records(Path::new(&path), Against::default(), &options, &mut sink, &mut reject, &|_| {})?;
    let seconds = start.elapsed().as_secs_f64();
    let rate = report.rows.read as f64 / seconds / 1e6;
    println!("{} rows, {seconds:.2} s, {rate:.2} M rows/s, {} threads, sum {sum:x}", report.rows.read, options.threads);
    println!("{:?} {:?}", report.rows, report.operators);
    println!("{}", reject_lines.join("\n"));
    Ok(())
}
