//! Plays the days and writes what operators recorded: a stream of rows in bounded memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Builder, RecordBatch, StringBuilder, TimestampMicrosecondBuilder};
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rayon::prelude::*;

use crate::answer::Answer;
use crate::clock::{DAY, HOUR, rfc3339_micros};
use crate::day::{BLANK, DIRECTIONS, EVENTS, FORMS, Heard, NO_ADVANCE, Output, Row, Stage};
use crate::network::Network;
use crate::plan::Plan;
use crate::quirks::{digits_into, number_into, write_imei};
use crate::rng::{Gen, Purpose, below, chance};
use crate::unit::Unit;
use crate::{Progress, WorldError};

/// What a handset left in the records.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Tally {
    /// Sessions, handed over or not.
    pub uses: u32,
    /// Rows handed over.
    pub events: u32,
    pub first: i64,
    pub last: i64,
}

/// What came of the whole window.
pub(crate) struct Played {
    pub tallies: Vec<Tally>,
    pub heard: Vec<Heard>,
    /// Rows recorded, and those handed over.
    pub recorded: u64,
    pub handed_over: u64,
    pub files: Vec<PathBuf>,
}

/// Handsets a thread plays at a time. Fixed, so that results don't depend on the number of threads.
const CHUNK: usize = 512;
/// Handsets played before rows are written: bounds memory in worlds of few days.
const MOST_ROWS: f64 = 3_000_000.0;

/// Which operator's last days come as CSV, and since when.
pub(crate) struct Late {
    pub op: usize,
    pub from: i64,
}

/// Plays every day of every handset.
pub(crate) fn write(
    stage: &Stage<'_>,
    answer: &Answer,
    rows_a_day: f64,
    case: &Path,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Played, WorldError> {
    let plan = stage.plan;
    let mut rng = plan.rng(Purpose::Quirk, 1);
    let late_days = (plan.clock.days() / 10).clamp(1, 3);
    let late =
        Late { op: below(&mut rng, plan.net.operators.len()), from: plan.clock.end() - i64::from(late_days) * DAY };
    let parts = ((rows_a_day / MOST_ROWS).ceil() as usize).max(1);
    let mut played = Played {
        tallies: vec![Tally::default(); plan.units.len()],
        heard: Vec::new(),
        recorded: 0,
        handed_over: 0,
        files: Vec::new(),
    };
    let span = plan.units.len().div_ceil(parts).max(1);
    for part in 0..parts {
        let range = (part * span).min(plan.units.len())..((part + 1) * span).min(plan.units.len());
        let mut writers = writers(plan, case, &late, part, &mut played.files)?;
        for day in 0..plan.clock.days() {
            let by_op = play_day(stage, answer, day, range.clone(), &mut played);
            writers.par_iter_mut().zip(by_op).try_for_each(|(writer, rows)| writer.write(plan, rows))?;
            progress(Progress {
                done: u64::from(part as u32 * plan.clock.days() + day + 1),
                of: u64::from(parts as u32 * plan.clock.days()),
                rows: played.handed_over,
            });
        }
        for writer in writers {
            writer.close()?;
        }
    }
    played.heard.sort_unstable();
    Ok(played)
}

/// Rows of one day by recording operator, in time order.
fn play_day(
    stage: &Stage<'_>,
    answer: &Answer,
    day: u32,
    range: std::ops::Range<usize>,
    played: &mut Played,
) -> Vec<Vec<Row>> {
    let units = &stage.plan.units[range.clone()];
    let tallies = &mut played.tallies[range.clone()];
    let outputs: Vec<(Output, u64)> = units
        .par_chunks(CHUNK)
        .zip(tallies.par_chunks_mut(CHUNK))
        .enumerate()
        .map(|(k, (units, tallies))| play_chunk(stage, answer, day, (range.start + k * CHUNK) as u64, units, tallies))
        .collect();
    let mut by_op: Vec<Vec<Row>> = vec![Vec::new(); stage.plan.net.operators.len()];
    for (output, recorded) in outputs {
        played.recorded += recorded;
        played.handed_over += output.rows.len() as u64;
        for row in &output.rows {
            by_op[row.op as usize].push(*row);
        }
        played.heard.extend(output.heard);
    }
    by_op.par_iter_mut().for_each(|rows| rows.par_sort_unstable());
    by_op
}

fn play_chunk(
    stage: &Stage<'_>,
    answer: &Answer,
    day: u32,
    first: u64,
    units: &[Unit],
    tallies: &mut [Tally],
) -> (Output, u64) {
    let mut output = Output::default();
    let mut recorded = 0;
    for (k, (unit, tally)) in units.iter().zip(tallies).enumerate() {
        let (start, uses) = (output.rows.len(), output.uses);
        stage.play(first + k as u64, unit, day, &mut output);
        recorded += (output.rows.len() - start) as u64;
        let mut kept = start;
        for i in start..output.rows.len() {
            let row = output.rows[i];
            if answer.has(&row) {
                tally.note(row.t);
                output.rows[kept] = row;
                kept += 1;
            }
        }
        output.rows.truncate(kept);
        tally.uses += output.uses - uses;
    }
    (output, recorded)
}

impl Tally {
    fn note(&mut self, t: i64) {
        if self.events == 0 || t < self.first {
            self.first = t;
        }
        if self.events == 0 || t > self.last {
            self.last = t;
        }
        self.events += 1;
    }
}

/// Mean rows a day of some handsets, without writing anything: how the population is scaled.
pub(crate) fn estimate(stage: &Stage<'_>, units: &[Unit], first: u64) -> f64 {
    let days = stage.plan.clock.days().min(3);
    let rows: usize = units
        .par_iter()
        .enumerate()
        .map(|(k, unit)| {
            let mut output = Output::default();
            (0..days).for_each(|d| stage.play(first + k as u64, unit, d * stage.plan.clock.days() / days, &mut output));
            output.rows.len()
        })
        .sum();
    rows as f64 / f64::from(days.max(1))
}

/// One operator's files.
struct OpWriter {
    parquet: ArrowWriter<File>,
    csv: Option<(BufWriter<File>, i64, Gen)>,
    schema: Arc<Schema>,
}

fn writers(
    plan: &Plan,
    case: &Path,
    late: &Late,
    part: usize,
    files: &mut Vec<PathBuf>,
) -> Result<Vec<OpWriter>, WorldError> {
    let suffix = if part == 0 { String::new() } else { format!("-{}", part + 1) };
    plan.net
        .operators
        .iter()
        .enumerate()
        .map(|(op, operator)| {
            let path = case.join(format!("records-{}{suffix}.parquet", operator.code));
            let schema = schema();
            let parquet = ArrowWriter::try_new(create(&path)?, schema.clone(), Some(properties()))?;
            files.push(path);
            let csv = if op == late.op {
                let path = case.join(format!("records-{}-late{suffix}.csv", operator.code));
                let mut file = BufWriter::new(create(&path)?);
                writeln!(
                    file,
                    "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance"
                )?;
                files.push(path);
                Some((file, late.from, plan.rng(Purpose::Quirk, 2 + part as u64)))
            } else {
                None
            };
            Ok(OpWriter { parquet, csv, schema })
        })
        .collect()
}

fn create(path: &Path) -> Result<File, WorldError> {
    File::create(path).map_err(|source| WorldError::Write { path: path.to_owned(), source })
}

fn schema() -> Arc<Schema> {
    let text = |name: &str, null| Field::new(name, DataType::Utf8, null);
    Arc::new(Schema::new(vec![
        Field::new("time", DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())), false),
        text("operator", false),
        text("event", false),
        text("direction", false),
        text("imei", true),
        text("imsi", true),
        text("msisdn", true),
        text("peer", true),
        Field::new("duration_s", DataType::Int32, true),
        text("technology", false),
        text("sector", false),
        Field::new("timing_advance", DataType::Int32, true),
    ]))
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(1_000_000))
        .set_statistics_enabled(parquet::file::properties::EnabledStatistics::Chunk)
        .build()
}

impl OpWriter {
    fn write(&mut self, plan: &Plan, rows: Vec<Row>) -> Result<(), WorldError> {
        let split = match &self.csv {
            Some((_, from, _)) => rows.partition_point(|r| r.t < *from),
            None => rows.len(),
        };
        for chunk in rows[..split].chunks(65_536) {
            let batch = batch(&self.schema, &plan.net, chunk)?;
            self.parquet.write(&batch)?;
        }
        if let Some((file, _, rng)) = &mut self.csv {
            for row in &rows[split..] {
                csv_row(file, &plan.net, row, rng)?;
            }
        }
        Ok(())
    }

    fn close(self) -> Result<(), WorldError> {
        self.parquet.close()?;
        if let Some((mut file, _, _)) = self.csv {
            file.flush()?;
        }
        Ok(())
    }
}

/// Columns of one chunk, built without a string per row.
fn batch<'a>(schema: &Arc<Schema>, net: &'a Network, rows: &'a [Row]) -> Result<RecordBatch, WorldError> {
    let n = rows.len();
    let mut time = TimestampMicrosecondBuilder::with_capacity(n).with_timezone("UTC");
    rows.iter().for_each(|r| time.append_value(r.t));
    let text = |wide: usize| StringBuilder::with_capacity(n, n * wide);
    let (mut imei, mut imsi, mut msisdn, mut peer) = (text(15), text(15), text(11), text(8));
    let mut b = [0u8; 16];
    for r in rows {
        append(&mut imei, write_imei(&mut b, r.imei, FORMS[r.form as usize]));
        append(&mut imsi, digits_into(&mut b, r.imsi, 15));
        append_number(&mut msisdn, &mut b, r.msisdn);
        append_number(&mut peer, &mut b, r.peer);
    }
    let named = |wide: usize, name: &dyn Fn(&'a Row) -> &'a str| {
        let mut builder = text(wide);
        rows.iter().for_each(|r| builder.append_value(name(r)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let number = |value: &dyn Fn(&Row) -> Option<i32>| {
        let mut builder = Int32Builder::with_capacity(n);
        rows.iter().for_each(|r| builder.append_option(value(r)));
        Arc::new(builder.finish()) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        Arc::new(time.finish()),
        named(6, &|r| &net.operators[r.op as usize].code),
        named(6, &|r| EVENTS[r.event as usize]),
        named(4, &|r| DIRECTIONS[r.direction as usize]),
        Arc::new(imei.finish()),
        Arc::new(imsi.finish()),
        Arc::new(msisdn.finish()),
        Arc::new(peer.finish()),
        number(&|r| (r.duration != BLANK).then_some(r.duration as i32)),
        named(4, &|r| net.sectors[r.sector as usize].tech.name()),
        named(16, &|r| &net.names[r.sector as usize]),
        number(&|r| (r.advance != NO_ADVANCE).then_some(i32::from(r.advance))),
    ];
    Ok(RecordBatch::try_new(schema.clone(), columns)?)
}

fn append(builder: &mut StringBuilder, value: &str) {
    if value.is_empty() { builder.append_null() } else { builder.append_value(value) }
}

fn append_number(builder: &mut StringBuilder, buffer: &mut [u8; 16], value: u64) {
    if value == 0 { builder.append_null() } else { builder.append_value(number_into(buffer, value)) }
}

/// A row of the late file, sometimes spoilt as hand-made extracts are.
fn csv_row(file: &mut impl Write, net: &Network, r: &Row, rng: &mut Gen) -> Result<(), WorldError> {
    let (mut a, mut b, mut c, mut d) = ([0; 16], [0; 16], [0; 16], [0; 16]);
    let optional = |present: bool, value: u32| if present { value.to_string() } else { String::new() };
    let mut time = rfc3339_micros(r.t);
    let mut sector = net.names[r.sector as usize].as_str();
    if chance(rng, 0.0004) {
        match below(rng, 4) {
            0 => time = "not recorded".to_owned(),
            1 => sector = "208-99",
            2 => time = rfc3339_micros(r.t + 40 * 365 * DAY + HOUR),
            _ => {
                writeln!(file, "{time},{}", net.operators[r.op as usize].code)?;
                return Ok(());
            }
        }
    }
    writeln!(
        file,
        "{time},{},{},{},{},{},{},{},{},{},{sector},{}",
        net.operators[r.op as usize].code,
        EVENTS[r.event as usize],
        DIRECTIONS[r.direction as usize],
        write_imei(&mut a, r.imei, FORMS[r.form as usize]),
        digits_into(&mut b, r.imsi, 15),
        if r.msisdn == 0 { "" } else { number_into(&mut c, r.msisdn) },
        if r.peer == 0 { "" } else { number_into(&mut d, r.peer) },
        optional(r.duration != BLANK, r.duration),
        net.sectors[r.sector as usize].tech.name(),
        optional(r.advance != NO_ADVANCE, u32::from(r.advance)),
    )?;
    Ok(())
}
