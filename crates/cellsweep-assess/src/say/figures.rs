//! How each language writes numbers and intervals.

use crate::interval::Interval;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Fr,
    En,
}

impl Lang {
    pub fn pick(self, fr: &'static str, en: &'static str) -> &'static str {
        match self {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// With so many decimals.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let is_none = !text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
        let sign = if value < 0.0 && !is_none { "−" } else { "" };
        format!("{sign}{}", text.replace('.', self.pick(",", ".")))
    }

    /// A share in whole per cent.
    pub fn percent(self, share: f64) -> String {
        format!("{}{}", self.decimal(100.0 * share, 0), self.pick("\u{202f}%", "%"))
    }

    /// From low to high, in per cent to a decimal: for shares that are small.
    pub fn fine_percents(self, interval: &Interval) -> String {
        let tenth = |share: f64| format!("{}{}", self.decimal(100.0 * share, 1), self.pick("\u{202f}%", "%"));
        format!("{} {} {} {}", self.pick("de", "from"), tenth(interval.low), self.pick("à", "to"), tenth(interval.high))
    }

    /// From low to high, in per cent.
    pub fn percents(self, interval: &Interval) -> String {
        let (low, high) = (self.percent(interval.low), self.percent(interval.high));
        format!("{} {low} {} {high}", self.pick("de", "from"), self.pick("à", "to"))
    }

    /// From low to high.
    pub fn range(self, interval: &Interval, decimals: usize) -> String {
        let (low, high) = (self.decimal(interval.low, decimals), self.decimal(interval.high, decimals));
        format!("{} {low} {} {high}", self.pick("de", "from"), self.pick("à", "to"))
    }

    /// A chance of being mistaken; never nought.
    pub fn p(self, p: f64) -> String {
        if p < 0.001 {
            return format!("p{0}<{0}{1}", '\u{a0}', self.decimal(0.001, 3));
        }
        format!("p{0}={0}{1}", '\u{a0}', self.decimal(p, 3))
    }
}
