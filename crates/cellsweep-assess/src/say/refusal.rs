//! What is needed, in words.

use super::figures::Lang;
use super::{Summary, Words};
use crate::refusal::{CantTell, Needed, Shortage};

/// Why there is no number, and what it would take.
pub fn cant_tell(refusal: &CantTell) -> Summary {
    let short: Vec<&Needed> = refusal.needed.iter().collect();
    let list = |lang: Lang| short.iter().map(|needed| one(needed, lang)).collect::<Vec<_>>().join(", ");
    Summary {
        code: "cant_tell",
        numbers: short.iter().map(|needed| (needed.what.code(), needed.at_least)).collect(),
        plain: Words::new(
            format!("On ne peut pas le dire avec ce que l’on a. Il faudrait\u{a0}: {}.", list(Lang::Fr)),
            format!("There is not enough to tell. It would take: {}.", list(Lang::En)),
        ),
        method: Words::new(
            "En deçà, l’intervalle de confiance n’a pas le niveau annoncé\u{a0}; aucune estimation n’est donnée.",
            "Below that, the interval does not have the level that it claims, so no estimate is given.",
        ),
    }
}

fn one(needed: &Needed, lang: Lang) -> String {
    let decimals = |value: f64| usize::from(value.fract() != 0.0);
    let (least, have) = (needed.at_least, needed.have);
    let least = lang.decimal(least, decimals(least));
    let have = lang.decimal(have, decimals(have));
    match lang {
        Lang::Fr => format!("{least} {} (il y en a {have})", needed.what.french()),
        Lang::En => format!("{least} {} (there are {have})", needed.what.words()),
    }
}

impl Shortage {
    const fn code(self) -> &'static str {
        match self {
            Self::JammedSites => "jammed_sites",
            Self::FreeTechnologies => "free_technologies",
            Self::FreeWings => "free_wings",
            Self::ControlSites => "control_sites",
            Self::DaysBefore => "days_before",
            Self::DaysJammed => "days_jammed",
            Self::Handsets => "handsets",
            Self::HeardBefore => "heard_before",
            Self::Observations => "observations",
            Self::Groups => "groups",
            Self::FoundTwice => "found_twice",
            Self::OfEachTruth => "of_each_truth",
            Self::Events => "events",
        }
    }

    const fn french(self) -> &'static str {
        match self {
            Self::JammedSites => "établissements brouillés assez longtemps",
            Self::FreeTechnologies => "technologie qui n’y est pas brouillée",
            Self::FreeWings => "aile qui n’y est pas brouillée",
            Self::ControlSites => "établissements de comparaison",
            Self::DaysBefore => "jours utilisables avant le brouillage",
            Self::DaysJammed => "jours utilisables sous brouillage",
            Self::Handsets => "téléphones connus dans un établissement",
            Self::HeardBefore => "jours-téléphones entendus avant le brouillage",
            Self::Observations => "observations (saisies, fouilles ou téléphones)",
            Self::Groups => "groupes à comparer (des établissements, en général)",
            Self::FoundTwice => "téléphones trouvés par les deux recherches",
            Self::OfEachTruth => "cas de chaque vérité",
            Self::Events => "entrées dont la voie est connue",
        }
    }
}
