//! Points with their intervals, lines and bands over two axes.

use serde::Serialize;

use super::svg::{decimals, frame, label, ticks};
use crate::escape;
use crate::lang::{Lang, Text};

/// A drawing over two axes.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Plot {
    /// What it shows.
    pub title: Text,
    /// From left to right.
    pub x: Axis,
    /// From below.
    pub y: Axis,
    /// Later ones lie over earlier ones.
    pub marks: Vec<Mark>,
}

/// An axis.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Axis {
    /// What it measures.
    pub label: Text,
    /// How its values are written.
    pub ticks: Ticks,
}

/// How values along an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub enum Ticks {
    /// As numbers.
    Numbers,
    /// As per cent.
    Shares,
    /// Not at all.
    None,
}

/// Something drawn.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub enum Mark {
    /// A value at x with its interval.
    Point {
        /// Where.
        x: f64,
        /// The value, and the ends of its interval.
        y: (f64, f64, f64),
        /// Whether it is one of those that stand out.
        stands_out: bool,
        /// What it is, for whoever points at it.
        name: String,
    },
    /// A disc whose area grows with the value.
    Disc {
        /// Where.
        at: (f64, f64),
        /// How much; the greatest has a radius of 24.
        value: f64,
        /// What it is.
        name: String,
    },
    /// A line through points.
    Line {
        /// From left to right.
        points: Vec<(f64, f64)>,
        /// Whether it is broken, as limits are.
        dashed: bool,
    },
    /// What lies between two lines.
    Band {
        /// x, low, high.
        points: Vec<(f64, f64, f64)>,
    },
    /// A line across at a value.
    Across(f64),
    /// A line upright at a value.
    Upright(f64),
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 66.0;
const BELOW: f64 = 48.0;
const PAD: f64 = 14.0;

/// From values to the drawing's places.
struct Scale {
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot {
    pub(super) fn svg(&self) -> String {
        let scale = Scale::of(&self.marks);
        let greatest = self.marks.iter().map(|mark| if let Mark::Disc { value, .. } = mark { *value } else { 0.0 });
        let greatest = greatest.fold(f64::MIN_POSITIVE, f64::max);
        let marks: String = self.marks.iter().map(|mark| mark.svg(&scale, greatest)).collect();
        frame(WIDTH, HEIGHT, &self.title, &(self.axes(&scale) + &marks))
    }

    fn axes(&self, scale: &Scale) -> String {
        let mut out = format!("<path class=\"axis\" d=\"M{LEFT} {PAD}V{:.1}H{:.1}\"/>", HEIGHT - BELOW, WIDTH - PAD);
        for (value, text) in written(scale.x, self.x.ticks, 8.0) {
            out += &label(scale.px(value), HEIGHT - BELOW + 17.0, "tick middle", &text);
        }
        for (value, text) in written(scale.y, self.y.ticks, 5.0) {
            out += &label(LEFT - 6.0, scale.py(value) + 4.0, "tick end", &text);
        }
        out += &label((LEFT + WIDTH) / 2.0, HEIGHT - 8.0, "name middle", &self.x.label);
        out + &label(4.0, PAD + 2.0, "name", &self.y.label)
    }
}

fn written((low, high): (f64, f64), how: Ticks, about: f64) -> Vec<(f64, Text)> {
    let values = ticks(low, high, about);
    let say = |value: f64, lang: Lang| match how {
        Ticks::Numbers => lang.decimal(value, decimals(&values)),
        Ticks::Shares => super::share_words(lang, value),
        Ticks::None => String::new(),
    };
    values.iter().map(|&value| (value, Text::both(|lang| say(value, lang)))).collect()
}

impl Scale {
    fn of(marks: &[Mark]) -> Self {
        let (mut x, mut y) = (Span::default(), Span::default());
        for mark in marks {
            match mark {
                Mark::Point { x: at, y: (value, low, high), .. } => {
                    x.take(&[*at]);
                    y.take(&[*value, *low, *high]);
                }
                Mark::Disc { at, .. } => {
                    x.take(&[at.0]);
                    y.take(&[at.1]);
                }
                Mark::Line { points, .. } => points.iter().for_each(|point| {
                    x.take(&[point.0]);
                    y.take(&[point.1]);
                }),
                Mark::Band { points } => points.iter().for_each(|point| {
                    x.take(&[point.0]);
                    y.take(&[point.1, point.2]);
                }),
                Mark::Across(value) => y.take(&[*value]),
                Mark::Upright(value) => x.take(&[*value]),
            }
        }
        Self { x: x.padded(), y: y.padded() }
    }

    fn px(&self, value: f64) -> f64 {
        LEFT + (value - self.x.0) / (self.x.1 - self.x.0) * (WIDTH - PAD - LEFT)
    }

    fn py(&self, value: f64) -> f64 {
        HEIGHT - BELOW - (value - self.y.0) / (self.y.1 - self.y.0) * (HEIGHT - BELOW - PAD - 10.0)
    }
}

/// The least and greatest of the values seen.
#[derive(Default)]
struct Span(Option<(f64, f64)>);

impl Span {
    fn take(&mut self, values: &[f64]) {
        for value in values.iter().copied().filter(|value| value.is_finite()) {
            let (low, high) = self.0.unwrap_or((value, value));
            self.0 = Some((low.min(value), high.max(value)));
        }
    }

    fn padded(&self) -> (f64, f64) {
        let (low, high) = self.0.unwrap_or((0.0, 1.0));
        let pad = if high > low { (high - low) * 0.05 } else { 0.5 };
        (low - pad, high + pad)
    }
}

impl Mark {
    fn svg(&self, scale: &Scale, greatest: f64) -> String {
        let place = |(x, y): (f64, f64)| format!("{:.1} {:.1}", scale.px(x), scale.py(y));
        match self {
            Mark::Point { x, y: (value, low, high), stands_out, name } => {
                let (at, class) = (scale.px(*x), if *stands_out { " out" } else { "" });
                let (low, high) = (scale.py(*low), scale.py(*high));
                let middle = scale.py(*value);
                format!(
                    "<g class=\"point{class}\"><title>{}</title><path d=\"M{at:.1} {low:.1}V{high:.1}\"/>\
                     <circle cx=\"{at:.1}\" cy=\"{middle:.1}\" r=\"4\"/></g>",
                    escape::text(name)
                )
            }
            Mark::Disc { at, value, name } => disc((scale.px(at.0), scale.py(at.1)), value / greatest, name),
            Mark::Line { points, dashed } => {
                let path: Vec<String> = points.iter().map(|point| place(*point)).collect();
                let class = if *dashed { "line dashed" } else { "line" };
                format!("<polyline class=\"{class}\" points=\"{}\"/>", path.join(" "))
            }
            Mark::Band { points } => {
                let under = points.iter().map(|(x, low, _)| place((*x, *low)));
                let over = points.iter().rev().map(|(x, _, high)| place((*x, *high)));
                let path: Vec<String> = under.chain(over).collect();
                format!("<polygon class=\"band\" points=\"{}\"/>", path.join(" "))
            }
            Mark::Across(value) => {
                format!("<path class=\"reference\" d=\"M{LEFT} {:.1}H{:.1}\"/>", scale.py(*value), WIDTH - PAD)
            }
            Mark::Upright(value) => {
                format!("<path class=\"reference\" d=\"M{:.1} {PAD}V{:.1}\"/>", scale.px(*value), HEIGHT - BELOW)
            }
        }
    }
}

/// A disc whose area is a share of the greatest one's; from half of it on its name is written beside it.
fn disc((x, y): (f64, f64), share: f64, name: &str) -> String {
    let radius = (24.0 * share.max(0.0).sqrt()).max(2.0);
    let title = escape::text(name);
    let circle =
        format!("<circle class=\"disc\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\"><title>{title}</title></circle>");
    if share < 0.5 {
        return circle;
    }
    // To the left where there is no room to the right.
    let (at, class) = if x > WIDTH * 0.85 { (x - radius - 4.0, "name end") } else { (x + radius + 4.0, "name") };
    circle + &label(at, y + 4.0, class, &Text::both(|_| name.to_owned()))
}
