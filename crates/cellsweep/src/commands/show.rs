//! How results look on a terminal; several commands show the same ones.

use std::collections::BTreeMap;
use std::io::{self, Write};

use cellsweep_flow::{
    AttributeSummary, ClockSlip, Comparison, FileOutcome, ImportSummary, Need, NextAsk, Stage, TableDoubt,
    TraceSummary, WorldSummary, timestamp,
};
use cellsweep_model::Device;
use cellsweep_model::calibration::Basis;
use comfy_table::{CellAlignment, Table, presets};
use serde::Serialize;
use serde_json::{Value, json};

use crate::error::{Exit, ShellError};
use crate::ui::Ui;

/// One JSON value and a line's end.
pub fn json(ui: &Ui, value: &impl Serialize) -> Result<(), ShellError> {
    let text = serde_json::to_string_pretty(value)?;
    Ok(ui.result(text)?)
}

/// A table in which the named columns stand to the right.
pub fn table(header: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(header.to_vec());
    for &index in right {
        if let Some(column) = table.column_mut(index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// What became of files, and what is wrong with their rows.
pub fn import(ui: &Ui, summary: &ImportSummary) -> io::Result<()> {
    let mut files = table(&["table", "file", "read", "kept", "rejected", ""], &[2, 3, 4]);
    for outcome in &summary.files {
        files.add_row(file_row(outcome));
    }
    let rows = summary.rows();
    ui.write_result(|out| {
        writeln!(out, "{}", files.trim_fmt())?;
        counts(out, "rows that can't be used, by reason", &rows.rejected)?;
        counts(out, "rows that went on with a doubt", &rows.doubts)?;
        for outcome in &summary.files {
            match outcome {
                FileOutcome::Imported { quarantine: Some(place), .. } => writeln!(out, "quarantine: {place}")?,
                FileOutcome::Refused { why, hint, .. } => writeln!(out, "refused: {why}\n  hint: {hint}")?,
                _ => {}
            }
        }
        Ok(())
    })
}

fn file_row(outcome: &FileOutcome) -> Vec<String> {
    match outcome {
        FileOutcome::Imported { import, .. } => vec![
            import.table.name().to_owned(),
            import.file.clone(),
            grouped(import.rows.read),
            grouped(import.rows.kept),
            grouped(import.rows.rejected_total()),
            String::new(),
        ],
        FileOutcome::SameBytes { file, import } => {
            let told = format!("nothing to do: the same bytes as {import}");
            vec![String::new(), file.clone(), String::new(), String::new(), String::new(), told]
        }
        FileOutcome::Refused { file, .. } => {
            let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
            vec![String::new(), name, String::new(), String::new(), String::new(), "refused".to_owned()]
        }
    }
}

/// Counts under a title; nothing where there are none.
pub fn counts(out: &mut impl Write, title: &str, counts: &BTreeMap<String, u64>) -> io::Result<()> {
    if counts.is_empty() {
        return Ok(());
    }
    writeln!(out, "{title}:")?;
    for (what, count) in counts {
        writeln!(out, "{:>12}  {what}", grouped(*count))?;
    }
    Ok(())
}

/// Refused files outweigh rejected rows.
pub fn import_exit(summary: &ImportSummary) -> Exit {
    if summary.refused() > 0 {
        Exit::Refused
    } else if summary.rows().rejected_total() > 0 {
        Exit::Rejects
    } else {
        Exit::Fine
    }
}

/// What a trace left.
pub fn trace(ui: &Ui, summary: &TraceSummary) -> io::Result<()> {
    let expected: f64 = summary.expected.values().sum();
    ui.result(format!(
        "{}: {} rows of devices, {} of them over one half; {expected:.0} phones are to be expected in {} facilities",
        summary.run,
        grouped(summary.devices as u64),
        grouped(summary.likely as u64),
        summary.expected.len(),
    ))?;
    if summary.spared >= 0.01 {
        let share = (summary.spared * 100.0).round();
        ui.result(format!(
            "{share} % of the daily profiles are of handsets that were never near a facility: not decoded"
        ))?;
    }
    if !summary.facts.asked_elsewhere {
        ui.result("operators answered for the facilities' sectors only: nobody's absence elsewhere was counted")?;
    }
    if summary.facts.asked_by_name {
        ui.result("absence elsewhere was counted for those handsets only that operators were asked for by name")?;
    }
    for slip in &summary.facts.clock_slips {
        ui.result(clock(slip))?;
    }
    if !summary.facts.table_doubts.is_empty() {
        ui.result(sector_table(&summary.facts.table_doubts))?;
    }
    if let Some(basis) = &summary.facts.basis {
        ui.result(calibrated_on(basis))?;
    }
    summary.facts.asks.iter().take(MOST_ASKS).try_for_each(|ask| ui.result(ask_next(ask)))
}

/// An operator's clock that was off, in a sentence.
fn clock(slip: &ClockSlip) -> String {
    let day = |day: i32| timestamp(i64::from(day) * 86_400_000_000)[..10].to_owned();
    let way = if slip.hours_ahead > 0 { "ahead" } else { "behind" };
    format!(
        "{}'s clock seems an hour {way} from {} to {}: hours of those days are as recorded; ask the operator",
        slip.operator,
        day(slip.from_day),
        day(slip.to_day)
    )
}

/// What the weights' calibration rests on, in a sentence.
fn calibrated_on(basis: &Basis) -> String {
    match basis {
        Basis::MadeUpWorlds { labels, needed } => format!(
            "weights are calibrated on made-up worlds: of this case's own handsets, {} are known to have been inside and \
             {} elsewhere, and {needed} of each are needed to measure by",
            labels.positives, labels.negatives
        ),
        Basis::OwnLabels { labels, cllr, cllr_min, bounds } => format!(
            "measured on this case's own handsets ({} known inside, {} elsewhere): Cllr {cllr:.3}, of which {:.3} is lost to \
             calibration; so many labels carry log10 ratios from {:.2} to {:.2}",
            labels.positives,
            labels.negatives,
            cllr - cllr_min,
            bounds.lower,
            bounds.upper
        ),
    }
}

/// What the sector table lacks or has wrong, in a sentence.
fn sector_table(doubts: &[TableDoubt]) -> String {
    let lacking = doubts.iter().filter(|doubt| doubt.moved_m.is_none()).count() as u64;
    let wrong = doubts.len() as u64 - lacking;
    format!(
        "the table of sectors lacks {} that were heard and puts {} far from the others of their mast or from those heard with \
         them: they were taken to stand where these do; ask the operators for a newer table (the JSON names them)",
        grouped(lacking),
        grouped(wrong),
    )
}

/// Asks shown on a terminal; the JSON has them all.
const MOST_ASKS: usize = 5;

/// What to ask next, in a sentence.
fn ask_next(ask: &NextAsk) -> String {
    let cases = format!("{} open {}", ask.open, if ask.open == 1 { "case" } else { "cases" });
    let of = ask.network.as_deref().unwrap_or_default();
    let facility = ask.facility.as_ref().map(ToString::to_string).unwrap_or_default();
    match ask.need {
        Need::RecordsElsewhere => {
            format!(
                "to ask next: of {of}, where else {} IMEIs were heard, which would settle up to {cases}",
                ask.imeis.len()
            )
        }
        Need::TimingAdvance => {
            format!(
                "to ask next: of {of}, the timing advances of {} IMEIs' records, which would narrow {cases}",
                ask.imeis.len()
            )
        }
        Need::Survey => format!("to do next: measure the radio inside {facility}, which would narrow {cases}"),
    }
}

/// What an attribution left.
pub fn attribute(ui: &Ui, summary: &AttributeSummary) -> io::Result<()> {
    ui.result(format!(
        "{}: {} handsets, {} rows of holders; {} handsets have one inmate at over one half",
        summary.run,
        grouped(summary.handsets as u64),
        grouped(summary.holders as u64),
        grouped(summary.named as u64),
    ))
}

/// What the parts of the work took.
pub fn stages(ui: &Ui, stages: &[Stage]) -> io::Result<()> {
    let mut list = table(&["step", "seconds", "peak memory"], &[1, 2]);
    for stage in stages {
        let peak = stage.peak_bytes.map(|bytes| format!("{} MiB", bytes >> 20)).unwrap_or_default();
        list.add_row(vec![stage.name.to_owned(), format!("{:.1}", stage.seconds), peak]);
    }
    ui.result(list.trim_fmt())
}

/// 1234567 as "1 234 567".
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// What stands over everything that shows invented data.
pub const EXERCISE: &str = "EXERCISE: the data are invented";

/// A probability that never rounds to certainty.
pub fn probability(value: f64) -> String {
    let percent = value * 100.0;
    match percent {
        percent if percent > 99.9 => "> 99.9 %".to_owned(),
        percent if percent < 0.1 => "< 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

/// A weight, log10, with its sign; what rounds to nothing has none.
pub fn weight(log10: f64) -> String {
    if log10.abs() < 0.005 { "0.00".to_owned() } else { format!("{log10:+.2}") }
}

/// A device as scripts see it: the contract's columns under their names.
pub fn device(device: &Device) -> Value {
    json!({
        "handset": device.handset,
        "imei": device.imei,
        "other_imeis": device.other_imeis,
        "facility": device.facility,
        "log10_lr": device.log10_lr,
        "probability": device.probability,
        "first_seen": timestamp(device.first_seen),
        "last_seen": timestamp(device.last_seen),
        "events": device.events,
        "days_present": device.days_present,
        "imsis": device.imsis,
        "in_ledger": device.in_ledger,
        "class": device.class,
        "cloned": device.cloned,
    })
}

/// What was made up.
pub fn world(ui: &Ui, summary: &WorldSummary) -> io::Result<()> {
    ui.result(format!(
        "a made-up country: {} records of {} handsets, {} of them kept by {} inmates\n\
         what an operation is handed: {}\nthe truth, which import never reads: {}",
        grouped(summary.records),
        grouped(summary.handsets as u64),
        grouped(summary.kept as u64),
        grouped(summary.inmates as u64),
        summary.case.display(),
        summary.truth.display(),
    ))
}

/// What was found, next to what was there.
pub fn comparison(ui: &Ui, comparison: &Comparison) -> io::Result<()> {
    let truth = &comparison.truth;
    let mut kept = table(&["phones kept in a facility", "there", "found", "wrong facility", "missed"], &[1, 2, 3, 4]);
    for stratum in truth.kept.iter().chain(&truth.marked) {
        let missed = stratum.there - stratum.found - stratum.wrong;
        let numbers = [stratum.there, stratum.found, stratum.wrong, missed].map(|number| grouped(number.into()));
        let mut row = vec![stratum.name.en.clone()];
        row.extend(numbers);
        kept.add_row(row);
    }
    let mut alarms = table(&["listed, but not kept there", "rows"], &[1]);
    for alarm in &truth.false_alarms {
        alarms.add_row(vec![alarm.name.en.clone(), grouped(alarm.listed.into())]);
    }
    ui.write_result(|out| {
        writeln!(
            out,
            "\nfound: listed with a probability of {} or more\n{}\n\n{}\n",
            truth.threshold,
            kept.trim_fmt(),
            alarms.trim_fmt()
        )?;
        let score = &comparison.score;
        writeln!(out, "average precision        {:.3}", score.average_precision)?;
        writeln!(out, "recall at precision 0.9  {:.3}", score.recall_at_precision_90)?;
        writeln!(out, "right facility           {:.3}", score.right_facility)?;
        for (name, value) in [("Cllr", comparison.calibration.cllr), ("Cllr-min", comparison.calibration.cllr_min)] {
            if let Some(value) = value {
                writeln!(out, "{name:<24} {value:.3}")?;
            }
        }
        writeln!(out)
    })
}

#[cfg(test)]
mod tests {
    use super::weight;

    #[test]
    fn what_rounds_to_nothing_has_no_sign() {
        assert_eq!([-0.0, 0.004, -0.006, 1.724].map(weight), ["0.00", "0.00", "-0.01", "+1.72"]);
    }
}
