//! What each oddity means for the trace, in a sentence, French and English.

use cellsweep_report::{QualityRemark, Text};
use cellsweep_trace::ClockSlip;

use super::oddities::Oddities;
use super::seen::date;

/// Everything of which there is at least one.
pub(super) fn remarks(found: &Oddities<'_>) -> Vec<QualityRemark> {
    let mut remarks: Vec<QualityRemark> = counts(found)
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(code, count)| {
            let [what, meaning] = words(code);
            QualityRemark { code: code.to_owned(), count, what, meaning, details: Vec::new() }
        })
        .collect();
    for remark in remarks.iter_mut().filter(|remark| remark.code == "clock_slips") {
        remark.details = found.clock_slips.iter().map(slip).collect();
    }
    remarks
}

fn counts(found: &Oddities<'_>) -> [(&'static str, u64); 16] {
    let seen = found.seen;
    [
        ("handsets", seen.handsets),
        ("gaps", found.gaps),
        ("wild_times", found.wild),
        ("clock_slips", found.clock_slips.len() as u64),
        ("copies", found.repeats.copies),
        ("told_twice", found.repeats.told_twice),
        ("not_asked_for", seen.not_asked_for),
        ("missing_sectors", found.missing_sectors),
        ("out_of_service", seen.out_of_service),
        ("foreign_sectors", found.strangers),
        ("silent_sectors", found.silent_sectors),
        ("several_cards", seen.several_cards_at_once),
        ("unknown_models", seen.unknown_models),
        ("recycled_models", seen.contradicted_models),
        ("ambiguous_codes", found.ambiguous_codes),
        ("without_imei", seen.without_imei),
    ]
}

fn slip(slip: &ClockSlip) -> Text {
    let (from, to, hours) = (date(slip.from_day), date(slip.to_day), slip.hours_ahead);
    let sign = if hours > 0 { "+" } else { "−" };
    let line = format!("{}: {from} – {to}, {sign}{} h", slip.operator, hours.abs());
    Text::new(line.replacen(": ", "\u{a0}: ", 1), line)
}

/// What is counted under a code, and what it means for the trace.
fn words(code: &str) -> [Text; 2] {
    let [fr, en, means_fr, means_en] = match code {
        "handsets" => [
            "terminaux dans les enregistrements",
            "handsets in the records",
            "chacun est pesé pour chaque établissement dont un secteur l’a entendu",
            "each is weighed for every facility whose sectors heard it",
        ],
        "gaps" => [
            "jours avec un trou",
            "days with a gap",
            "un téléphone qui paraît muet ce jour-là ne l’était peut-être pas : demander à l’opérateur, ou le dire dans `outages`",
            "a phone that seems silent on such a day may not have been: ask the operator, or say it in `outages`",
        ],
        "wild_times" => [
            "enregistrements datés loin de tous les autres",
            "records dated far from all others",
            "une horloge folle ou un format de date mal lu : ils n’étendent pas la période, et leur jour ne vaut rien",
            "a wild clock or a date read in the wrong notation: they don't stretch the period, and their day is worth nothing",
        ],
        "clock_slips" => [
            "périodes où l’horloge d’un opérateur semble décalée",
            "stretches in which an operator's clock seems to be off",
            "les heures du jour y sont décalées d’autant, et un téléphone semble en deux lieux à la fois : demander à l’opérateur, corriger le fuseau du profil et réimporter",
            "hours of the day are off by as much, and a phone seems to be in two places at once: ask the operator, correct the profile's zone and import again",
        ],
        "copies" => [
            "enregistrements venus plus d’une fois",
            "records that came more than once",
            "ils sont comptés autant de fois : jours, heures et secteurs n’en changent pas, les nombres d’appels si",
            "they are counted as often: days, hours and sectors don't change by it, numbers of calls do",
        ],
        "told_twice" => [
            "événements qu’un second opérateur a aussi enregistrés",
            "events that a second operator recorded, too",
            "itinérance, ou une réponse contenue dans une autre : un événement n’est pas deux sorties",
            "roaming, or one answer inside another: one event is not two outings",
        ],
        "not_asked_for" => [
            "enregistrements hors de toute période demandée à leur opérateur",
            "records outside every window that their operator was asked for",
            "personne ne les a demandés : vérifier que l’autorisation les couvre avant de s’y fier",
            "nobody asked for them: check that the authority covers them before relying on them",
        ],
        "missing_sectors" => [
            "secteurs des enregistrements absents de la table",
            "sectors in records but not in the table",
            "l’analyse les place là où se tiennent les secteurs entendus dans les mêmes heures, s’il y en a assez ; sinon ces enregistrements n’ont pas de lieu",
            "trace puts them where the sectors heard within the same hours stand, if there are enough; else those records have no place",
        ],
        "out_of_service" => [
            "enregistrements à un secteur hors de ses dates de service",
            "records at a sector outside its dates of service",
            "l’antenne était peut-être ailleurs alors, ou ses dates sont fausses : son lieu est douteux ces jours-là",
            "the antenna may have stood elsewhere then, or its dates are wrong: its place is doubtful on those days",
        ],
        "foreign_sectors" => [
            "secteurs de la table d’un autre pays que tous les autres, ou loin d’eux",
            "sectors of the table that are of another country than all others, or far from them",
            "une ligne égarée ou un code faux : un téléphone entendu là semblerait à l’étranger",
            "a stray row or a wrong code: a phone heard there would seem to be abroad",
        ],
        "silent_sectors" => [
            "secteurs de la table qu’aucun enregistrement ne nomme",
            "sectors in the table that no record names",
            "ils sont peut-être éteints, ou l’opérateur a répondu pour d’autres : leur silence ne prouve rien",
            "they may be off, or the operator answered for others: silence there proves nothing",
        ],
        "several_cards" => [
            "terminaux avec deux cartes dans la même heure",
            "handsets with two cards within an hour",
            "un IMEI dans plusieurs terminaux, ou un double SIM : l’analyse regarde s’ils se séparent",
            "one IMEI in several handsets, or a dual-SIM handset: the trace looks whether they part",
        ],
        "unknown_models" => [
            "terminaux dont le catalogue ignore le modèle",
            "handsets whose model the catalogue doesn't know",
            "un indice, pas un filtre : les listes connaissent mal les plus petits téléphones",
            "a sign of its own, not a filter: lists hardly know the smallest phones",
        ],
        "recycled_models" => [
            "terminaux entendus sur un réseau que leur modèle n’a pas",
            "handsets heard on a network that their model has no radio for",
            "leur TAC a servi à nouveau, ou l’IMEI est copié : ce que le catalogue en dit est faux",
            "their TAC was used again, or the IMEI is copied: what the catalogue says of them is wrong",
        ],
        "ambiguous_codes" => [
            "TAC que le catalogue donne à plusieurs modèles",
            "TACs that the catalogue gives to several models",
            "le modèle n’est pas sûr : la classe d’un tel terminal pèse par sa compagnie, non par son nom",
            "the model is not sure: such a handset's class is weighed by the company it keeps, not by its name",
        ],
        _ => [
            "abonnés enregistrés sans IMEI",
            "subscribers recorded without an IMEI",
            "ils sont suivis par leur carte : un changement de terminal ne se voit pas",
            "they are followed by card: a change of handset can't be seen",
        ],
    };
    [Text::new(fr, en), Text::new(means_fr, means_en)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_has_words_of_its_own_in_both_languages() {
        let seen = super::super::seen::Seen::default();
        let found = Oddities {
            seen: &seen,
            gaps: 0,
            wild: 0,
            missing_sectors: 0,
            silent_sectors: 0,
            clock_slips: Vec::new(),
            repeats: Default::default(),
            ambiguous_codes: 0,
            strangers: 0,
        };
        let mut said: Vec<Text> = counts(&found).into_iter().map(|(code, _)| words(code)[0].clone()).collect();
        assert!(remarks(&found).is_empty());
        said.sort_by(|a, b| a.en.cmp(&b.en));
        said.dedup();
        assert_eq!(said.len(), counts(&found).len());
        assert!(said.iter().all(|text| text.fr != text.en));
    }
}
