//! What was raised, for people.

use std::io::Write;

use cellsweep_model::case::CaseEvent;
use cellsweep_model::{About, Alert, AlertReason};
use cellsweep_report::{Text, alert_limits, alert_reason, alert_title};
use cellsweep_store::Case;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Eyes;

/// The columns of `alerts.csv`.
pub const ALERT_COLUMNS: [&str; 9] =
    ["raised", "kind", "facility", "handset", "earlier", "probability", "log10_lr", "reasons", "limits"];

/// An alert, for people.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertLine {
    /// Its entry in the case's log.
    pub n: u64,
    /// When it was raised, RFC 3339.
    pub raised: String,
    /// `new_handset`, `successor`, `moved`, `silent`.
    pub kind: &'static str,
    /// Where.
    pub facility: String,
    /// Which handset; `None` where it is about a facility, or was erased.
    pub handset: Option<String>,
    /// The handset that it succeeds.
    pub earlier: Option<String>,
    /// That it is so.
    pub probability: Option<f64>,
    /// Its weight.
    pub log10_lr: Option<f64>,
    /// What it is.
    pub title: Text,
    /// Why.
    pub reasons: Vec<Text>,
    /// How it can be wrong.
    pub limits: Text,
    /// Whether it names a cell, which rests on who may use the handset.
    #[serde(skip)]
    pub names_cell: bool,
}

/// All that was raised, latest first; of what was erased nothing but that it was.
pub fn alerts(case: &Case) -> Vec<AlertLine> {
    let raised = case.manifest().events.iter().rev().filter_map(|logged| match &logged.event {
        CaseEvent::Alerted { alert } => Some(line(logged.sequence, logged.time, alert)),
        _ => None,
    });
    raised.collect()
}

/// Those that somebody may see: where they may see handsets, and of cells only where they may see whose they are.
pub fn alerts_for(case: &Case, eyes: &Eyes) -> Vec<AlertLine> {
    let seen = |line: &AlertLine| {
        let facility = line.facility.parse();
        facility
            .is_ok_and(|facility| eyes.handsets.hold(&facility) && (eyes.holders.hold(&facility) || !line.names_cell))
    };
    alerts(case).into_iter().filter(seen).collect()
}

fn line(n: u64, raised: jiff::Timestamp, alert: &Alert) -> AlertLine {
    let about = alert.about.as_ref();
    let reasons = about.map(|about: &About| about.reasons.as_slice()).unwrap_or_default();
    AlertLine {
        n,
        raised: raised.to_string(),
        kind: alert.kind.word(),
        facility: alert.facility.to_string(),
        handset: about.and_then(|about| about.handset.clone()),
        earlier: about.and_then(|about| about.earlier.clone()),
        probability: about.and_then(|about| about.probability),
        log10_lr: about.and_then(|about| about.log10_lr),
        title: Text::both(|lang| alert_title(alert, lang)),
        reasons: reasons.iter().map(|reason| Text::both(|lang| alert_reason(reason, lang))).collect(),
        limits: Text::both(|lang| alert_limits(alert.kind, lang).to_owned()),
        names_cell: reasons.iter().any(|reason| matches!(reason, AlertReason::CellWas { .. })),
    }
}

/// Writes alerts as CSV, in English.
///
/// # Errors
/// When the output fails.
pub fn write_alerts_csv(rows: &[AlertLine], out: &mut dyn Write) -> std::io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(ALERT_COLUMNS)?;
    let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
    for row in rows {
        let reasons: Vec<&str> = row.reasons.iter().map(|reason| reason.en.as_str()).collect();
        writer.write_record([
            row.raised.clone(),
            row.kind.to_owned(),
            row.facility.clone(),
            row.handset.clone().unwrap_or_default(),
            row.earlier.clone().unwrap_or_default(),
            number(row.probability),
            number(row.log10_lr),
            reasons.join(" "),
            row.limits.en.clone(),
        ])?;
    }
    writer.flush()
}
