//! Alerts as sentences.

use cellsweep_model::alert::{Alert, AlertKind, AlertReason, Explanation};
use cellsweep_model::finding::Finding;

use crate::lang::Lang;
use crate::sentence::sentence;

const DAY_US: i64 = 86_400_000_000;

/// What an alert is, in a few words.
pub fn alert_title(alert: &Alert, lang: Lang) -> String {
    let facility = &alert.facility;
    match (alert.kind, lang) {
        (AlertKind::NewHandset, Lang::Fr) => format!("Nouveau téléphone à {facility}"),
        (AlertKind::NewHandset, Lang::En) => format!("A new handset at {facility}"),
        (AlertKind::Successor, Lang::Fr) => format!("Un téléphone prend la suite d’un autre à {facility}"),
        (AlertKind::Successor, Lang::En) => format!("A handset goes on from another one at {facility}"),
        (AlertKind::Moved, Lang::Fr) => format!("Un téléphone a changé de place, maintenant à {facility}"),
        (AlertKind::Moved, Lang::En) => format!("A handset has moved, now at {facility}"),
        (AlertKind::Silent, Lang::Fr) => format!("{facility} est silencieux : panne ou brouillage\u{a0}?"),
        (AlertKind::Silent, Lang::En) => format!("{facility} has fallen silent: outage or jamming?"),
    }
}

/// A reason as one plain sentence.
pub fn alert_reason(reason: &AlertReason, lang: Lang) -> String {
    match reason {
        AlertReason::Listed { probability, before, first_seen, days_present } => {
            listed(*probability, *before, (*first_seen, *days_present), lang)
        }
        AlertReason::Found { finding: Finding { fact, .. } } => sentence(fact, lang),
        AlertReason::Seized { time } => match lang {
            Lang::Fr => format!("L’ancien a été saisi le {}.", date(*time)),
            Lang::En => format!("The earlier one was found in a search on {}.", date(*time)),
        },
        AlertReason::Vanished { last_seen } => match lang {
            Lang::Fr => format!("L’ancien n’a plus rien laissé depuis le {}.", date(*last_seen)),
            Lang::En => format!("The earlier one has left no record since {}.", date(*last_seen)),
        },
        AlertReason::SharedNumbers { numbers, first_seen } => shared(*numbers, *first_seen, lang),
        AlertReason::FacilityWas { facility, probability } => {
            let now = lang.percent(*probability);
            match lang {
                Lang::Fr => format!("Il était probablement à {facility} ; il est ici avec une probabilité de {now}."),
                Lang::En => format!("It was likely at {facility}; it is here with a probability of {now}."),
            }
        }
        AlertReason::CellWas { before, now, probability } => {
            let chance = lang.percent(*probability);
            match lang {
                Lang::Fr => format!("Sa cellule probable était {before} ; c’est maintenant {now} ({chance})."),
                Lang::En => format!("Its likely cell was {before}; now it is {now} ({chance})."),
            }
        }
        AlertReason::Fell { .. } => fell(reason, lang),
        AlertReason::Explained { by, from, to } => explained(*by, *from, *to, lang),
        AlertReason::Unexplained => lang
            .pick(
                "Ni panne, ni brouillage, ni fouille connue du dossier ne l’explique : panne ou brouillage\u{a0}?",
                "No outage, jamming or search that the case knows of explains it: outage or jamming?",
            )
            .to_owned(),
        AlertReason::NotCounted { operators } => {
            let names = operators.join(", ");
            match lang {
                Lang::Fr => format!("Sans les relevés de {names}, qui manquent ce jour-là ou sont incomplets."),
                Lang::En => format!("Without the records of {names}, which are missing that day or incomplete."),
            }
        }
    }
}

fn listed(probability: f64, before: Option<f64>, (first_seen, days): (i64, u32), lang: Lang) -> String {
    let (now, first) = (lang.percent(probability), date(first_seen));
    let days = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let was = match (before, lang) {
        (Some(before), Lang::Fr) => format!("{} à la comparaison précédente", lang.percent(before)),
        (Some(before), Lang::En) => format!("{} in the comparison before", lang.percent(before)),
        (None, _) => lang.pick("absent de la liste précédente", "not in the list before").to_owned(),
    };
    match lang {
        Lang::Fr => format!("Gardé ici avec une probabilité de {now} ({was}) ; premier relevé le {first}, {days} ici."),
        Lang::En => format!("Kept here with a probability of {now} ({was}); first record on {first}, {days} here."),
    }
}

fn shared(numbers: u32, first_seen: i64, lang: Lang) -> String {
    let first = date(first_seen);
    match lang {
        Lang::Fr => {
            let numbers = lang.count(numbers, "numéro", "numéros");
            format!("Il parle avec {numbers} de l’ancien, depuis le {first}.")
        }
        Lang::En => {
            let numbers = lang.count(numbers, "number", "numbers");
            format!("It speaks with {numbers} of the earlier one, since {first}.")
        }
    }
}

fn fell(reason: &AlertReason, lang: Lang) -> String {
    let AlertReason::Fell { day, hours, expected, handsets, days, spread, log10_tail } = reason else {
        return String::new();
    };
    let day = date(i64::from(*day) * DAY_US);
    let (hours, expected) = (lang.whole(*hours), lang.decimal(*expected, 0));
    let (heard, usual) = (lang.whole(u64::from(handsets.0)), lang.decimal(handsets.1, 0));
    let days = lang.whole(u64::from(*days));
    let (spread, one_in) = (lang.decimal(*spread, 1), lang.decimal(log10_tail.max(-300.0), 0));
    match lang {
        Lang::Fr => format!(
            "Le {day}, {hours} heures-téléphone au lieu de {expected}, {heard} téléphones au lieu de {usual}. D’après \
             les {days} jours précédents (variance sur moyenne {spread}), le hasard seul donnerait aussi peu avec une \
             probabilité de 10^{one_in}."
        ),
        Lang::En => format!(
            "On {day}, {hours} handset-hours instead of {expected}, {heard} handsets instead of {usual}. By the \
             {days} days before (variance over mean {spread}), chance alone would give so few with a probability of \
             10^{one_in}."
        ),
    }
}

fn explained(by: Explanation, from: i64, to: Option<i64>, lang: Lang) -> String {
    let what = match by {
        Explanation::Jamming => lang.pick("un brouillage connu du dossier", "jamming that the case knows of"),
        Explanation::Outage => lang.pick("une panne connue du dossier", "an outage that the case knows of"),
        Explanation::Search => lang.pick("des téléphones saisis là", "phones found there"),
    };
    let from = date(from);
    match (to.map(date), lang) {
        (Some(to), Lang::Fr) => format!("Peut s’expliquer par {what}, du {from} au {to}."),
        (Some(to), Lang::En) => format!("May be explained by {what}, from {from} to {to}."),
        (None, Lang::Fr) => format!("Peut s’expliquer par {what}, depuis le {from}."),
        (None, Lang::En) => format!("May be explained by {what}, since {from}."),
    }
}

/// How an alert can be wrong.
pub const fn alert_limits(kind: AlertKind, lang: Lang) -> &'static str {
    match kind {
        AlertKind::NewHandset => lang.pick(
            "Peut être faux : quelques jours de relevés seulement (un agent, un voisin, un visiteur régulier) ; un IMEI \
             dont on découvre qu’il est porté par plusieurs terminaux est annoncé de nouveau.",
            "May be wrong: a few days of records only (staff, a neighbour, a regular visitor); an IMEI that turns out to be \
             used by several handsets is raised anew.",
        ),
        AlertKind::Successor => lang.pick(
            "Peut être faux : deux détenus qui appellent les mêmes proches ; un numéro que beaucoup appellent ; un \
             téléphone prêté.",
            "May be wrong: two inmates who call the same family; a number that many call; a phone that was lent.",
        ),
        AlertKind::Moved => lang.pick(
            "Peut être faux : de nouveaux relevés ou un plan d’antennes corrigé changent l’avis sans que le téléphone ait \
             bougé ; le détenu a pu changer de cellule.",
            "May be wrong: new records or a mended table of antennas change what is believed though the phone lies where it \
             lay; the inmate may have been given another cell.",
        ),
        AlertKind::Silent => lang.pick(
            "Peut être faux : relevés incomplets que rien n’annonce, fouille non versée au dossier, téléphones confiés \
             ailleurs ; une baisse de moins de la moitié, ou de quelques heures, n’est pas vue.",
            "May be wrong: records that are incomplete with nothing to tell it, a search that the case doesn’t hold, phones \
             handed on; a fall by less than half, or of a few hours, isn’t seen.",
        ),
    }
}

/// The day of an instant, in UTC.
fn date(micros: i64) -> String {
    let time = jiff::Timestamp::from_microsecond(micros).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    time.strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silence_in_both_languages() {
        let fell = AlertReason::Fell {
            day: 20_000,
            hours: 3,
            expected: 84.4,
            handsets: (2, 12.2),
            days: 21,
            spread: 1.73,
            log10_tail: -12.4,
        };
        assert_eq!(
            alert_reason(&fell, Lang::En),
            "On 2024-10-04, 3 handset-hours instead of 84, 2 handsets instead of 12. By the 21 days before (variance \
             over mean 1.7), chance alone would give so few with a probability of 10^−12."
        );
        let jammed = AlertReason::Explained { by: Explanation::Jamming, from: 20_000 * DAY_US, to: None };
        assert_eq!(
            alert_reason(&jammed, Lang::Fr),
            "Peut s’expliquer par un brouillage connu du dossier, depuis le 2024-10-04."
        );
    }

    #[test]
    fn a_new_handset_says_what_was_believed_before() {
        let listed = |before| AlertReason::Listed { probability: 0.93, before, first_seen: 0, days_present: 1 };
        assert_eq!(
            alert_reason(&listed(Some(0.12)), Lang::En),
            "Kept here with a probability of 93% (12% in the comparison before); first record on 1970-01-01, 1\u{a0}day \
             here."
        );
        assert_eq!(
            alert_reason(&listed(None), Lang::Fr),
            "Gardé ici avec une probabilité de 93\u{202f}% (absent de la liste précédente) ; premier relevé le \
             1970-01-01, 1\u{a0}jour ici."
        );
    }
}
