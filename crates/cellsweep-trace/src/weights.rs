//! Weights: what each measure adds to a stay's log-likelihood ratio, read off a curve.
//!
//! The curves are fitted on made-up worlds by logistic regression on hat functions between knots
//! (a generalised additive model, Hastie & Tibshirani 1990), and kept as data.

use std::sync::LazyLock;

use cellsweep_model::calibration::Bounds;
use serde::Deserialize;

use crate::features::NAMES;

/// Measures of what somebody wrote down about an IMEI.
const OF_THE_IMEI: [&str; 3] = ["ledger", "known", "seized"];

/// The weight, ln, of what is known of one of so many handsets, nobody knows which: its likelihood ratio if it is this one, 1 if it is another.
fn of_one_among(hands: u32, weight: f64) -> f64 {
    let one = 1.0 / f64::from(hands.max(1));
    (one * weight.exp() + 1.0 - one).ln()
}

/// A fitted method.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Names the method's version in every result.
    pub version: String,
    /// What it was fitted on.
    #[expect(dead_code, reason = "said for whoever reads the file")]
    fitted_on: String,
    /// Added to every sum, ln.
    pub intercept: f64,
    /// From the log-odds that the curves give to those that are stated.
    pub calibration: Calibration,
    /// The ratios, relative to the listed handsets, that the worlds it was fitted on can carry (ELUB).
    pub bounds: Bounds,
    /// By measure: knots as (value, weight in ln).
    curves: Vec<Curve>,
}

/// A straight line on the scale of log-odds (Platt 1999).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    slope: f64,
    intercept: f64,
}

impl Calibration {
    /// The probability that a computed one stands for.
    pub fn of(self, probability: f64) -> f64 {
        let probability = probability.clamp(1e-12, 1.0 - 1e-12);
        let ln_odds = self.intercept + self.slope * (probability / (1.0 - probability)).ln();
        1.0 / (1.0 + (-ln_odds).exp())
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Curve {
    measure: String,
    knots: Vec<(f64, f64)>,
}

impl Weights {
    /// The weights that ship with this version.
    pub fn shipped() -> &'static Weights {
        static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
            // A test reads the same text, so a broken file can't ship.
            serde_json::from_str(include_str!("../weights/presence.json")).unwrap_or_else(|_| Weights::nothing())
        });
        &SHIPPED
    }

    fn nothing() -> Self {
        Self {
            version: "none".to_owned(),
            fitted_on: "nothing".to_owned(),
            intercept: 0.0,
            calibration: Calibration { slope: 1.0, intercept: 0.0 },
            bounds: Bounds { lower: 0.0, upper: 0.0 },
            curves: Vec::new(),
        }
    }

    /// Weight in ln of each measure's value, in the order of [`NAMES`]; `hands` = handsets that use the IMEI.
    pub fn of(&self, values: &[f64; NAMES.len()], hands: u32) -> [f64; NAMES.len()] {
        let mut weights = [0.0; NAMES.len()];
        for curve in &self.curves {
            if let Some(index) = NAMES.iter().position(|name| *name == curve.measure) {
                weights[index] = curve.at(values[index]);
                if OF_THE_IMEI.contains(&NAMES[index]) && values[index] > 0.0 {
                    weights[index] = of_one_among(hands, weights[index]);
                }
            }
        }
        weights
    }
}

impl Curve {
    /// Linear between knots, constant beyond them.
    fn at(&self, value: f64) -> f64 {
        let (Some(first), Some(last)) = (self.knots.first(), self.knots.last()) else { return 0.0 };
        if value.is_nan() {
            // Nobody looked.
            return 0.0;
        }
        if value <= first.0 {
            return first.1;
        }
        for pair in self.knots.windows(2) {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            if value <= x1 {
                return y0 + (y1 - y0) * (value - x0) / (x1 - x0);
            }
        }
        last.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_whole() {
        let weights = Weights::shipped();
        assert_ne!(weights.version, "none");
        for curve in &weights.curves {
            assert!(NAMES.contains(&curve.measure.as_str()), "{}", curve.measure);
            assert!(curve.knots.windows(2).all(|pair| pair[0].0 < pair[1].0), "{}", curve.measure);
        }
    }

    #[test]
    fn what_is_known_of_an_imei_is_known_of_one_of_its_handsets() {
        let weights = Weights::shipped();
        let of = |name: &str, hands: u32| {
            let index = NAMES.iter().position(|known| *known == name).unwrap();
            let mut values = [f64::NAN; NAMES.len()];
            values[index] = 1.0;
            weights.of(&values, hands)[index]
        };
        assert!(of("known", 1) < -4.0 && of("known", 4) > -0.3, "{} {}", of("known", 1), of("known", 4));
        assert!(0.0 < of("ledger", 4) && of("ledger", 4) < of("ledger", 1));
        assert_eq!(of("active_days", 4), of("active_days", 1));
    }

    #[test]
    fn curves_are_linear_between_knots_and_flat_beyond() {
        let curve = Curve { measure: "units".to_owned(), knots: vec![(0.0, -1.0), (2.0, 1.0)] };
        assert_eq!([curve.at(-5.0), curve.at(1.0), curve.at(9.0)], [-1.0, 0.0, 1.0]);
    }
}
