//! How good the weights are, measured where the truth is known, as the report shows it.

use cellsweep_model::calibration::{self, Labelled, ReliabilityBin};
use serde::{Deserialize, Serialize};

use crate::lang::Text;

/// Bins of the reliability plot.
const BINS: usize = 10;
/// Width of the histogram's bins, log10.
const STEP: f64 = 0.5;
/// Ratios beyond this are counted in the outermost bins, log10.
const REACH: f64 = 8.0;

/// A handset whose truth is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LabelledCase {
    /// Its weight, log10.
    pub log10_lr: f64,
    /// The probability that was stated.
    pub probability: f64,
    /// Whether it was kept there.
    pub kept: bool,
}

/// What the calibration screen shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// What it was measured on.
    pub measured_on: Text,
    /// How many of each truth.
    pub counts: Counts,
    /// Log-likelihood-ratio cost.
    pub cllr: Option<f64>,
    /// Its smallest value under any monotone recalibration.
    pub cllr_min: Option<f64>,
    /// Expected calibration error of the probabilities.
    pub ece: f64,
    /// Average precision over all that there were.
    pub average_precision: Option<f64>,
    /// Stated against observed.
    pub reliability: Vec<ReliabilityBin>,
    /// Share of each truth above a weight.
    pub tippett: Tippett,
    /// How the weights spread by truth.
    pub histogram: Histogram,
}

/// How many of each truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Measured handsets that were kept there.
    pub kept: u32,
    /// Measured handsets that were not.
    pub elsewhere: u32,
    /// All that were kept somewhere, measured or not.
    pub there: u32,
}

/// The two curves of a Tippett plot.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tippett {
    /// log10 likelihood ratios, rising.
    pub log10_lr: Vec<f64>,
    /// Share of the handsets kept there whose weight is at least that.
    pub kept: Vec<f64>,
    /// The same of the others.
    pub elsewhere: Vec<f64>,
}

/// Weights counted in bins.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Histogram {
    /// Where the first bin starts, log10.
    pub from: f64,
    /// A bin's width, log10.
    pub step: f64,
    /// Handsets kept there.
    pub kept: Vec<u32>,
    /// The others.
    pub elsewhere: Vec<u32>,
}

impl Calibration {
    /// Measures labelled handsets; `there` is how many phones were kept in any facility, listed or
    /// not.
    pub fn measure(cases: &[LabelledCase], there: usize, measured_on: Text) -> Self {
        let labelled: Vec<Labelled> =
            cases.iter().map(|case| Labelled { log10_lr: case.log10_lr, positive: case.kept }).collect();
        let stated: Vec<(f64, bool)> = cases.iter().map(|case| (case.probability, case.kept)).collect();
        let reliability = calibration::reliability(&stated, BINS);
        let kept = cases.iter().filter(|case| case.kept).count();
        Self {
            measured_on,
            counts: Counts { kept: kept as u32, elsewhere: (cases.len() - kept) as u32, there: there as u32 },
            cllr: calibration::cllr(&labelled),
            cllr_min: calibration::cllr_min(&labelled),
            ece: expected_error(&reliability),
            average_precision: calibration::average_precision(&stated, there),
            reliability,
            tippett: tippett(cases),
            histogram: histogram(cases),
        }
    }
}

/// The bins' distance from the diagonal, weighted by their cases.
fn expected_error(bins: &[ReliabilityBin]) -> f64 {
    let total: f64 = bins.iter().map(|bin| f64::from(bin.count)).sum();
    let sum: f64 = bins.iter().map(|bin| f64::from(bin.count) * (bin.stated - bin.observed).abs()).sum();
    if total > 0.0 { sum / total } else { 0.0 }
}

fn tippett(cases: &[LabelledCase]) -> Tippett {
    let log10_lr: Vec<f64> = (-64..=64).map(|step| f64::from(step) * REACH / 64.0).collect();
    let curve = |kept: bool| {
        let mut weights: Vec<f64> = cases.iter().filter(|case| case.kept == kept).map(|case| case.log10_lr).collect();
        weights.sort_by(f64::total_cmp);
        let above = |&at: &f64| weights.len() - weights.partition_point(|&weight| weight < at);
        log10_lr.iter().map(|at| above(at) as f64 / weights.len().max(1) as f64).collect()
    };
    Tippett { kept: curve(true), elsewhere: curve(false), log10_lr }
}

fn histogram(cases: &[LabelledCase]) -> Histogram {
    let bins = (2.0 * REACH / STEP) as usize;
    let count = |kept: bool| {
        let mut counts = vec![0; bins];
        for case in cases.iter().filter(|case| case.kept == kept) {
            counts[(((case.log10_lr + REACH) / STEP).max(0.0) as usize).min(bins - 1)] += 1;
        }
        counts
    };
    Histogram { from: -REACH, step: STEP, kept: count(true), elsewhere: count(false) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(log10_lr: f64, probability: f64, kept: bool) -> LabelledCase {
        LabelledCase { log10_lr, probability, kept }
    }

    #[test]
    fn measured() {
        let cases = [case(3.0, 0.9, true), case(-2.0, 0.1, false), case(40.0, 1.0, true), case(1.0, 0.5, false)];
        let measured = Calibration::measure(&cases, 3, Text::default());
        assert_eq!(measured.counts, Counts { kept: 2, elsewhere: 2, there: 3 });
        assert_eq!(measured.average_precision, Some(2.0 / 3.0));
        assert_eq!(measured.cllr_min, Some(0.0));
        assert!((measured.ece - 0.175).abs() < 1e-12, "{}", measured.ece);
        assert_eq!(measured.histogram.kept.iter().sum::<u32>(), 2);
        assert_eq!(measured.histogram.kept.last(), Some(&1));
        assert_eq!(measured.tippett.kept[0], 1.0);
        assert_eq!(measured.tippett.elsewhere.last(), Some(&0.0));
    }

    #[test]
    fn nothing_to_measure() {
        let measured = Calibration::measure(&[], 0, Text::default());
        assert_eq!((measured.cllr, measured.average_precision, measured.ece), (None, None, 0.0));
    }
}
