//! The verbal scale of the ENFSI Guideline for Evaluative Reporting in Forensic Science (2015).

use serde::{Deserialize, Serialize};

use crate::lang::Lang;

/// How much a likelihood ratio supports one proposition over the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verbal {
    /// Below 2.
    None,
    /// From 2.
    Weak,
    /// From 10.
    Moderate,
    /// From 100.
    ModeratelyStrong,
    /// From 1,000.
    Strong,
    /// From 10,000.
    VeryStrong,
    /// From a million.
    ExtremelyStrong,
}

impl Verbal {
    /// All of them, weakest first.
    pub const ALL: [Verbal; 7] = [
        Verbal::None,
        Verbal::Weak,
        Verbal::Moderate,
        Verbal::ModeratelyStrong,
        Verbal::Strong,
        Verbal::VeryStrong,
        Verbal::ExtremelyStrong,
    ];

    /// The step of a log10 likelihood ratio, whichever proposition it favours.
    pub fn of(log10_lr: f64) -> Self {
        let size = log10_lr.abs();
        let step = [std::f64::consts::LOG10_2, 1.0, 2.0, 3.0, 4.0, 6.0].iter().filter(|&&from| size >= from).count();
        Self::ALL[step]
    }

    /// In words.
    pub const fn words(self, lang: Lang) -> &'static str {
        match self {
            Verbal::None => lang.pick("aucun soutien", "no support"),
            Verbal::Weak => lang.pick("soutien faible", "weak support"),
            Verbal::Moderate => lang.pick("soutien modéré", "moderate support"),
            Verbal::ModeratelyStrong => lang.pick("soutien modérément fort", "moderately strong support"),
            Verbal::Strong => lang.pick("soutien fort", "strong support"),
            Verbal::VeryStrong => lang.pick("soutien très fort", "very strong support"),
            Verbal::ExtremelyStrong => lang.pick("soutien extrêmement fort", "extremely strong support"),
        }
    }
}

/// The same for "used by this inmate" against "by another one here".
pub fn holder_verbal(log10_lr: f64, lang: Lang) -> String {
    let step = Verbal::of(log10_lr);
    if step == Verbal::None {
        return lang.pick("ne soutient ni l’un ni l’autre", "supports neither over the other").to_owned();
    }
    let favoured = if log10_lr > 0.0 {
        lang.pick("« utilisé par cette personne »", "“used by this inmate”")
    } else {
        lang.pick("« utilisé par une autre ici »", "“used by another one here”")
    };
    match lang {
        Lang::Fr => format!("{} de {favoured}", step.words(lang)),
        Lang::En => format!("{} for {favoured}", step.words(lang)),
    }
}

/// A log10 likelihood ratio in the scale's words, with the proposition that it favours.
pub fn verbal(log10_lr: f64, lang: Lang) -> String {
    let step = Verbal::of(log10_lr);
    if step == Verbal::None {
        return lang.pick("ne soutient ni l’un ni l’autre", "supports neither over the other").to_owned();
    }
    let favoured = if log10_lr > 0.0 {
        lang.pick("« gardé dans cet établissement »", "“kept in this facility”")
    } else {
        lang.pick("« gardé ailleurs »", "“kept elsewhere”")
    };
    format!("{} {} {favoured}", step.words(lang), lang.pick("à", "for"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_of_the_published_table() {
        let step = |lr: f64| Verbal::of(lr.log10());
        assert_eq!(step(1.0), Verbal::None);
        assert_eq!(step(1.99), Verbal::None);
        assert_eq!(step(2.0), Verbal::Weak);
        assert_eq!(step(10.0), Verbal::Moderate);
        assert_eq!(step(100.0), Verbal::ModeratelyStrong);
        assert_eq!(step(1_000.0), Verbal::Strong);
        assert_eq!(step(10_000.0), Verbal::VeryStrong);
        assert_eq!(step(999_999.0), Verbal::VeryStrong);
        assert_eq!(step(1_000_001.0), Verbal::ExtremelyStrong);
        assert_eq!(step(0.05), Verbal::Moderate);
    }

    #[test]
    fn words() {
        assert_eq!(verbal(3.4, Lang::En), "strong support for “kept in this facility”");
        assert_eq!(verbal(-1.2, Lang::Fr), "soutien modéré à « gardé ailleurs »");
        assert_eq!(verbal(0.1, Lang::En), "supports neither over the other");
    }
}
