//! Findings about holders as sentences.

use cellsweep_model::HolderFact;
use cellsweep_model::holder::BuyerMatch;

use crate::lang::Lang;

/// A finding about a holder as one plain sentence; numbers are not written out.
pub fn holder_sentence(fact: &HolderFact, lang: Lang) -> String {
    match fact {
        HolderFact::ListedNumber { days, listed_by, also_called_by, .. } => {
            listed_number(*days, *listed_by, *also_called_by, lang)
        }
        HolderFact::OtherNumbers { listed, all } => other_numbers(*listed, *all, lang),
        HolderFact::CaseNumber { case, days, .. } => case_number(case, *days, lang),
        HolderFact::Cellmates { numbers } => cellmates(*numbers, lang),
        HolderFact::CalledByListed { numbers } => called_by_listed(*numbers, lang),
        HolderFact::Buyer { by } => buyer(*by, lang).to_owned(),
        HolderFact::BeforeArrival { days } => before_arrival(*days, lang),
        HolderFact::Transfer { from } => match lang {
            Lang::Fr => format!("L’appareil a quitté l’établissement {from} quand cette personne en a été transférée."),
            Lang::En => format!("The handset left facility {from} when this person was moved from there."),
        },
        HolderFact::FoundInCell { finds } => found_in_cell(*finds, lang),
        HolderFact::Sensors { heard } => sensors(*heard, lang),
        HolderFact::HandedOn { day, probability } => handed_on(*day, *probability, lang),
        other => plain(other, lang).to_owned(),
    }
}

fn listed_number(days: u32, listed_by: u32, others: u32, lang: Lang) -> String {
    let on = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let (by, others) = (lang.whole(u64::from(listed_by)), lang.whole(u64::from(others)));
    match lang {
        Lang::Fr => format!(
            "En relation sur {on} avec un numéro que cette personne a déclaré ; {by} personne(s) détenue(s) ici l’ont \
             déclaré, {others} autre(s) appareil(s) suivi(s) l’appellent."
        ),
        Lang::En => format!(
            "Spoke on {on} with a number that this person listed; listed by {by} held here, called by {others} other \
             traced handsets."
        ),
    }
}

fn other_numbers(listed: u32, all: u32, lang: Lang) -> String {
    let (listed, all) = (lang.whole(u64::from(listed)), lang.whole(u64::from(all)));
    match lang {
        Lang::Fr => {
            format!("Sur {all} numéros, {listed} sont déclarés par cette personne ; les autres ne le sont pas.")
        }
        Lang::En => format!("Of {all} numbers, {listed} are on this person’s list and the others are not."),
    }
}

fn case_number(case: &str, days: u32, lang: Lang) -> String {
    let on = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    match lang {
        Lang::Fr => format!("En relation sur {on} avec un numéro connu dans son affaire {case}."),
        Lang::En => format!("Spoke on {on} with a number known from this person’s case {case}."),
    }
}

fn cellmates(numbers: u32, lang: Lang) -> String {
    let count = lang.count(numbers, lang.pick("numéro", "number"), lang.pick("numéros", "numbers"));
    match lang {
        Lang::Fr => format!("En relation avec {count} des personnes de la même cellule."),
        Lang::En => format!("Spoke with {count} of people held in the same cell."),
    }
}

fn called_by_listed(numbers: u32, lang: Lang) -> String {
    let count = lang.count(
        numbers,
        lang.pick("numéro déclaré", "listed number"),
        lang.pick("numéros déclarés", "listed numbers"),
    );
    match lang {
        Lang::Fr => format!("Appelé depuis {count} par cette personne."),
        Lang::En => format!("Called from {count} of this person’s."),
    }
}

const fn buyer(by: BuyerMatch, lang: Lang) -> &'static str {
    match by {
        BuyerMatch::Number => lang.pick(
            "L’acheteur de l’appareil a laissé un numéro que cette personne a déclaré.",
            "The handset’s buyer gave a number that this person listed.",
        ),
        BuyerMatch::NameAndPlace => lang.pick(
            "L’acheteur de l’appareil a le nom et l’adresse d’un contact de cette personne.",
            "The handset’s buyer has the name and address of one of this person’s contacts.",
        ),
    }
}

fn before_arrival(days: u32, lang: Lang) -> String {
    let count = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    match lang {
        Lang::Fr => format!("L’appareil servait ici {count} avant l’arrivée de cette personne."),
        Lang::En => format!("The handset was in use here on {count} before this person came."),
    }
}

fn found_in_cell(finds: u32, lang: Lang) -> String {
    let count = lang.count(finds, lang.pick("téléphone", "phone"), lang.pick("téléphones", "phones"));
    match lang {
        Lang::Fr => format!("Déjà trouvé dans sa cellule : {count}."),
        Lang::En => format!("Found before in this cell: {count}."),
    }
}

fn sensors(heard: u32, lang: Lang) -> String {
    let events = lang.whole(u64::from(heard));
    match lang {
        Lang::Fr => format!("Ce que les capteurs ont entendu pendant ses {events} événements, comparé à sa cellule."),
        Lang::En => format!("What sensors heard during its {events} events, against where this cell lies."),
    }
}

fn handed_on(day: i32, probability: f64, lang: Lang) -> String {
    let (since, sure) = (jiff::civil::date(1970, 1, 1) + jiff::Span::new().days(day), (probability * 100.0).round());
    match lang {
        Lang::Fr => format!(
            "L’appareil a sans doute changé de mains le {since} ({sure} %) : ses correspondants ne sont plus les mêmes, \
             et seul compte ce qui a été enregistré depuis."
        ),
        Lang::En => format!(
            "The handset probably changed hands on {since} ({sure} %): it speaks with others than before, and only what \
             was recorded since counts."
        ),
    }
}

const fn plain(fact: &HolderFact, lang: Lang) -> &'static str {
    match fact {
        HolderFact::DuringVisit { .. } => lang.pick(
            "L’appareil a servi pendant que cette personne était au parloir.",
            "The handset was in use while this person sat in the visiting room.",
        ),
        HolderFact::CalledInVisit { .. } => lang.pick(
            "Le numéro d’un visiteur a été appelé pendant sa visite à cette personne.",
            "A visitor’s number was called while the visitor sat with this person.",
        ),
        HolderFact::SinceArrival => lang.pick(
            "L’appareil a été entendu pour la première fois dans la journée qui a suivi l’arrivée de cette personne.",
            "The handset was first heard within a day after this person came.",
        ),
        HolderFact::Wing => lang.pick("Les secteurs sont ceux de son aile.", "The sectors are those of this wing."),
        HolderFact::WingShare => lang.pick(
            "Plus de téléphones dans son aile que dans les autres.",
            "More phones in this person’s wing than in others.",
        ),
        HolderFact::Others => lang.pick(
            "Ce qui parle pour les autres personnes détenues ici, en moyenne, et ce qui est commun à toutes.",
            "What speaks for the others held here, on average, and what is common to all.",
        ),
        _ => lang.pick("Étalonnage.", "Calibration."),
    }
}

/// How a finding about a holder can be wrong.
pub const fn holder_limits(fact: &HolderFact, lang: Lang) -> &'static str {
    match fact {
        HolderFact::ListedNumber { .. } | HolderFact::Cellmates { .. } => lang.pick(
            "Des proches détenus ensemble, un téléphone loué ou un numéro mal saisi mènent au mauvais nom.",
            "Relatives held together, a rented phone or a mistyped number lead to the wrong name.",
        ),
        HolderFact::CaseNumber { .. } => lang.pick(
            "Un complice a les mêmes numéros ; le lien qui a fait choisir une affaire n’en prouve pas une seconde fois.",
            "An accomplice has the same numbers; a link that chose a case doesn’t prove it a second time.",
        ),
        HolderFact::Buyer { .. } => lang.pick(
            "Un revendeur ou un homonyme achète aussi : une piste, jamais seule.",
            "Resellers and namesakes buy too: a lead, never on its own.",
        ),
        HolderFact::BeforeArrival { .. }
        | HolderFact::SinceArrival
        | HolderFact::DuringVisit { .. }
        | HolderFact::CalledInVisit { .. } => lang.pick(
            "Un téléphone change de mains et se prête ; les registres sont tenus à la minute près rarement.",
            "Phones change hands and are lent; registers are rarely kept to the minute.",
        ),
        HolderFact::HandedOn { .. } => lang.pick(
            "Une même personne change parfois d’entourage et de carte SIM d’un jour à l’autre.",
            "One person’s company and SIM may change from one day to the next as well.",
        ),
        HolderFact::Sensors { .. } => lang.pick(
            "Un capteur entend aussi les autres ; on peut parler loin de sa cellule.",
            "A sensor hears others as well; people may speak far from their cell.",
        ),
        _ => lang.pick(
            "Estimé sur l’affaire elle-même : peu d’appareils, peu d’appui.",
            "Estimated on the case itself: few handsets are little support.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_both_languages_and_no_number_in_them() {
        let number = "33612345678".parse().ok();
        let fact = number.map(|number| HolderFact::ListedNumber { number, days: 4, listed_by: 2, also_called_by: 1 });
        let texts: Vec<String> =
            fact.iter().flat_map(|fact| Lang::ALL.map(|lang| holder_sentence(fact, lang))).collect();
        assert_eq!(texts.len(), 2);
        assert!(texts[1].starts_with("Spoke on 4\u{a0}days with a number that this person listed"), "{}", texts[1]);
        assert!(texts.iter().all(|text| !text.contains("33612345678")));
        assert!(holder_sentence(&HolderFact::Others, Lang::Fr).starts_with("Ce qui parle pour les autres"));
    }
}
