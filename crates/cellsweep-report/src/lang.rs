//! Languages, and how each writes numbers.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A language that people read reports in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    #[default]
    En,
}

impl Lang {
    /// Both, in the order in which the page keeps its texts.
    pub const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// The language tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// The text in this language.
    pub const fn pick<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    /// A whole number with its thousands apart.
    pub(crate) fn whole(self, value: u64) -> String {
        let digits = value.to_string();
        let mut out = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                out.push_str(self.pick("\u{202f}", ","));
            }
            out.push(digit);
        }
        out
    }

    /// A number with so many decimals.
    pub fn decimal(self, value: f64, decimals: usize) -> String {
        let text = format!("{:.decimals$}", value.abs());
        let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
        let whole = whole.parse().map_or_else(|_| whole.to_owned(), |number| self.whole(number));
        let sign = if value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) { "−" } else { "" };
        let point = if rest.is_empty() { "" } else { self.pick(",", ".") };
        format!("{sign}{whole}{point}{rest}")
    }

    /// A share as a percentage; what is not quite nothing or all is not written as 0 or 100.
    pub(crate) fn percent(self, share: f64) -> String {
        let unit = self.pick("\u{202f}%", "%");
        let value = share * 100.0;
        if value > 0.0 && value < 0.5 {
            return format!("{}1{unit}", self.pick("moins de ", "under "));
        }
        if (99.5..100.0).contains(&value) {
            return format!("{}99{unit}", self.pick("plus de ", "over "));
        }
        format!("{}{unit}", self.decimal(value, 0))
    }

    /// A distance in metres or kilometres.
    pub(crate) fn distance(self, metres: f64) -> String {
        if metres < 950.0 {
            return format!("{}\u{a0}m", self.decimal((metres / 10.0).round() * 10.0, 0));
        }
        format!("{}\u{a0}km", self.decimal(metres / 1000.0, usize::from(metres < 9_950.0)))
    }

    /// A number with its noun; French has the singular at nought too.
    pub(crate) fn count(self, value: u32, one: &str, many: &str) -> String {
        let single = match self {
            Lang::Fr => value < 2,
            Lang::En => value == 1,
        };
        format!("{}\u{a0}{}", self.whole(u64::from(value)), if single { one } else { many })
    }
}

/// What a language's tag was instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{tag:?} is no language of reports: fr or en")]
pub struct LangError {
    /// As given.
    pub tag: String,
}

impl FromStr for Lang {
    type Err = LangError;
    fn from_str(text: &str) -> Result<Self, LangError> {
        Lang::ALL.into_iter().find(|lang| lang.tag() == text).ok_or_else(|| LangError { tag: text.to_owned() })
    }
}

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Text {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Text {
    /// From both.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }

    /// What a function says in each language.
    pub fn both(say: impl Fn(Lang) -> String) -> Self {
        Self { fr: say(Lang::Fr), en: say(Lang::En) }
    }

    /// The text in one language.
    pub fn pick(&self, lang: Lang) -> &str {
        lang.pick(&self.fr, &self.en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_each_language() {
        assert_eq!(Lang::Fr.whole(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(Lang::En.whole(1_234_567), "1,234,567");
        assert_eq!(Lang::Fr.decimal(-1234.25, 1), "−1\u{202f}234,2");
        assert_eq!(Lang::En.decimal(-0.04, 1), "0.0");
        assert_eq!(Lang::Fr.percent(0.921), "92\u{202f}%");
        assert_eq!(Lang::En.percent(0.999), "over 99%");
        assert_eq!(Lang::En.percent(0.001), "under 1%");
        assert_eq!(Lang::En.percent(1.0), "100%");
        assert_eq!(Lang::Fr.distance(2_140.0), "2,1\u{a0}km");
        assert_eq!(Lang::En.distance(41_200.0), "41\u{a0}km");
        assert_eq!(Lang::En.distance(123.0), "120\u{a0}m");
    }

    #[test]
    fn tags() {
        assert_eq!("fr".parse(), Ok(Lang::Fr));
        assert!("de".parse::<Lang>().is_err());
    }
}
