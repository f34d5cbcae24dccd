//! How often handsets that were in the institution, and handsets that weren't, weigh as much as a request asks for:
//! what an operator, and the United States' rule (47 CFR 20.23), ask of whoever certifies.

use jiff::Timestamp;

use crate::csv::{Csv, prose};
use crate::snapshot::{Decimal, Words};

/// Handsets of whom it is known from elsewhere than the records where they were.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// How many.
    pub devices: u64,
    /// Of those, how many weigh at least as much as was asked for.
    pub detected: u64,
    /// Their share with its 95 % interval: estimate, lower and upper end. None of no devices.
    pub share: Option<(Decimal, Decimal, Decimal)>,
}

/// What the requests' weights are worth, measured in the case itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The method's version.
    pub method: Words,
    /// The weight from which on a handset is asked for, log10.
    pub threshold: Decimal,
    /// First record that was observed.
    pub from: Timestamp,
    /// Last record.
    pub to: Timestamp,
    /// Handsets that were found inside.
    pub contraband: Sample,
    /// Handsets that are known to be somebody's who may have one.
    pub other: Sample,
}

/// The evidence as a table: a row for contraband devices, and one for others.
pub fn evidence_csv(evidence: &Evidence) -> Vec<u8> {
    let columns = [
        "devices",
        "sample",
        "detected",
        "share",
        "lower_95",
        "upper_95",
        "threshold_log10_lr",
        "observed_from",
        "observed_to",
        "observed_hours",
        "method",
    ];
    let mut csv = Csv::new(&columns);
    let hours = evidence.to.duration_since(evidence.from).as_hours();
    for (devices, sample) in [("contraband", evidence.contraband), ("not_contraband", evidence.other)] {
        let [share, low, high] = sample
            .share
            .map_or_else(Default::default, |(share, low, high)| [share.to_string(), low.to_string(), high.to_string()]);
        csv.row(&[
            devices.to_owned(),
            sample.devices.to_string(),
            sample.detected.to_string(),
            share,
            low,
            high,
            evidence.threshold.to_string(),
            evidence.from.to_string(),
            evidence.to.to_string(),
            hours.to_string(),
            prose(evidence.method.as_str()),
        ]);
    }
    csv.into_bytes()
}
