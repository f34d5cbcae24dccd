//! The plan as CSV.

use std::io::Write;

use cellsweep_model::PlanRow;

use crate::timestamp;

/// The columns of `plan.csv`.
pub const PLAN_COLUMNS: [&str; 12] = [
    "facility",
    "cell",
    "target",
    "wave",
    "start",
    "team",
    "detector",
    "minutes",
    "probability",
    "expected_phones",
    "expected_found",
    "reason",
];

/// Writes a plan as CSV: the same plan gives the same bytes. Of a person the table says where they
/// are held, not who they are.
///
/// # Errors
/// When the output fails.
pub fn write_plan_csv(rows: &[PlanRow], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(PLAN_COLUMNS)?;
    for row in rows {
        writer.write_record([
            row.facility.to_string(),
            row.cell.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.target.word().to_owned(),
            row.wave.to_string(),
            timestamp(row.start),
            row.team.clone(),
            row.detector.clone(),
            row.minutes.to_string(),
            row.probability.to_string(),
            row.expected_phones.to_string(),
            row.expected_found.to_string(),
            row.reason.word().to_owned(),
        ])?;
    }
    writer.flush()
}
