//! How assess's values become parts of a page.

use cellsweep_assess::say::{Summary, Words};
use cellsweep_assess::{Interval, Technology};
use cellsweep_report::{Axis, Bar, Cell, Said, Text, Ticks};

use super::Answer;

pub(super) fn text(words: &Words) -> Text {
    Text::new(words.fr.clone(), words.en.clone())
}

pub(super) fn said(summary: &Summary) -> Said {
    Said { plain: text(&summary.plain), method: text(&summary.method) }
}

/// What is said of an answer.
pub(super) fn of<T>(answer: &Answer<T>) -> Said {
    said(&answer.said)
}

/// What is said of an answer; a refusal doesn't say by itself of what it is.
pub(super) fn placed<T>(what: &Text, answer: &Answer<T>) -> Said {
    let said = of(answer);
    if answer.result.is_some() {
        return said;
    }
    let (fr, en) = (&said.plain.fr, &said.plain.en);
    Said { plain: Text::new(format!("{}\u{a0}: {fr}", what.fr), format!("{}: {en}", what.en)), method: said.method }
}

pub(super) fn head(words: &[(&str, &str)]) -> Vec<Text> {
    words.iter().map(|(fr, en)| Text::new(*fr, *en)).collect()
}

pub(super) fn name(name: impl ToString) -> Cell {
    Cell::Name(name.to_string())
}

/// Value and interval of a share.
pub(super) fn shares(interval: &Interval) -> [Cell; 2] {
    [Cell::Share(interval.value), Cell::Shares(interval.low, interval.high)]
}

/// Value and interval of a number.
pub(super) fn numbers(interval: &Interval, decimals: usize) -> [Cell; 2] {
    [Cell::Number(interval.value, decimals), Cell::Between(interval.low, interval.high, decimals)]
}

pub(super) fn blanks<const N: usize>() -> [Cell; N] {
    std::array::from_fn(|_| Cell::Blank)
}

pub(super) fn bar(name: Text, interval: &Interval) -> Bar {
    Bar { name, value: interval.value, low: interval.low, high: interval.high }
}

pub(super) fn same(text: impl ToString) -> Text {
    let text = text.to_string();
    Text::new(text.clone(), text)
}

pub(super) fn axis(fr: &str, en: &str, ticks: Ticks) -> Axis {
    Axis { label: Text::new(fr, en), ticks }
}

pub(super) const fn technology(technology: Technology) -> &'static str {
    match technology {
        Technology::Gsm => "2G",
        Technology::Umts => "3G",
        Technology::Lte => "4G",
        Technology::Nr => "5G",
    }
}
