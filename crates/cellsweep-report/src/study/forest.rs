//! Intervals one under the other, each with its name.

use serde::Serialize;

use super::plot::Ticks;
use super::svg::{decimals, frame, label, ticks};
use crate::lang::{Lang, Text};

/// Intervals side by side.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Forest {
    /// What it shows.
    pub title: Text,
    /// What is measured.
    pub measure: Text,
    /// How values are written.
    pub ticks: Ticks,
    /// A value that means nothing, or what others found.
    pub reference: Option<f64>,
    /// From above.
    pub bars: Vec<Bar>,
}

/// A value with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Bar {
    /// Of what.
    pub name: Text,
    /// The value.
    pub value: f64,
    /// The interval.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

const WIDTH: f64 = 760.0;
const LEFT: f64 = 260.0;
const RIGHT: f64 = 16.0;
const ROW: f64 = 26.0;
const BELOW: f64 = 46.0;

impl Forest {
    pub(super) fn svg(&self) -> String {
        let ends = self.bars.iter().flat_map(|bar| [bar.low, bar.high, bar.value]).chain(self.reference);
        let ends: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
        let (low, high) =
            ends.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), end| (low.min(*end), high.max(*end)));
        let (low, high) = if high > low { (low, high) } else { (0.0, 1.0) };
        let pad = (high - low) * 0.04;
        let place = |value: f64| LEFT + (value - low + pad) / (high - low + 2.0 * pad) * (WIDTH - LEFT - RIGHT);
        let bottom = ROW * self.bars.len() as f64 + 8.0;
        let mut inner = format!("<path class=\"axis\" d=\"M{LEFT} {bottom:.1}H{:.1}\"/>", WIDTH - RIGHT);
        let values = ticks(low, high, 6.0);
        for &value in &values {
            let say = |lang: Lang| match self.ticks {
                Ticks::Shares => super::share_words(lang, value),
                Ticks::Numbers => lang.decimal(value, decimals(&values)),
                Ticks::None => String::new(),
            };
            inner += &label(place(value), bottom + 16.0, "tick middle", &Text::both(say));
        }
        if let Some(value) = self.reference {
            inner += &format!("<path class=\"reference\" d=\"M{:.1} 2V{bottom:.1}\"/>", place(value));
        }
        for (index, bar) in self.bars.iter().enumerate() {
            let y = ROW * (index as f64 + 0.5) + 4.0;
            inner += &label(LEFT - 10.0, y + 4.0, "tick end", &bar.name);
            inner += &format!(
                "<g class=\"point\"><path d=\"M{:.1} {y:.1}H{:.1}\"/><circle cx=\"{:.1}\" cy=\"{y:.1}\" r=\"4\"/></g>",
                place(bar.low),
                place(bar.high),
                place(bar.value)
            );
        }
        inner += &label((LEFT + WIDTH) / 2.0, bottom + 38.0, "name middle", &self.measure);
        frame(WIDTH, bottom + BELOW, &self.title, &inner)
    }
}
