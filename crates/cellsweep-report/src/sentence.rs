//! Findings as sentences.

use cellsweep_model::Source;
use cellsweep_model::finding::{Fact, RadioBasis};
use cellsweep_model::rows::DeviceClass;

use crate::lang::Lang;

mod circle;

/// A finding as one plain sentence.
pub fn sentence(fact: &Fact, lang: Lang) -> String {
    match *fact {
        Fact::SectorFit { inside_events, events, basis } => sector_fit(inside_events, events, basis, lang),
        Fact::TimingAdvance { count, fitting_share } => timing_advance(count, fitting_share, lang),
        Fact::Excursions { days, days_seen, farthest_m } => excursions(days, days_seen, farthest_m, lang),
        Fact::Presence { days_present, days_span } => presence(days_present, days_span, lang),
        Fact::Hours { evening_share, working_share, events } => hours(evening_share, working_share, events, lang),
        Fact::Sessions { on_off_share, hours_a_day } => sessions(on_off_share, hours_a_day, lang),
        Fact::Use { talk_share, data_share } => use_of_it(talk_share, data_share, lang),
        Fact::Sims { count, days } => sims(count, days, lang),
        Fact::Model { class } => model(class, lang).to_owned(),
        Fact::Ledger { days_to_first_seen } => ledger(days_to_first_seen, lang),
        Fact::NotInLedger => not_in_ledger(lang).to_owned(),
        Fact::Known { ref role } => known(role, lang),
        Fact::SeizedBefore => seized_before(lang).to_owned(),
        Fact::Machine { same_hour_share } => machine(same_hour_share, lang),
        Fact::Calls { listed_here, listed_elsewhere, peers, same_inmate } => {
            circle::calls([listed_here, listed_elsewhere, peers, same_inmate], lang)
        }
        Fact::OwnNumberListed => circle::own_number(lang).to_owned(),
        Fact::Sensors { times } => circle::sensors(times, lang),
        Fact::FoundUnread { same_model } => circle::found_unread(same_model, lang).to_owned(),
        Fact::Transfer { followed } => circle::transfer(followed, lang).to_owned(),
        Fact::Jammed { ratio } => circle::jammed(ratio, lang),
        Fact::SeveralFacilities { facilities } => several_facilities(facilities, lang),
        Fact::SharedImei { handsets } => shared_imei(handsets, lang),
        Fact::Calibration => calibration(lang).to_owned(),
    }
}

fn sector_fit(inside: u32, events: u32, basis: RadioBasis, lang: Lang) -> String {
    let share = lang.percent(f64::from(inside) / f64::from(events.max(1)));
    let (inside, all) = (lang.whole(u64::from(inside)), lang.whole(u64::from(events)));
    let basis = basis_words(basis, lang);
    match lang {
        Lang::Fr => format!(
            "Heures qui disent un lieu : {inside} sur {all} ({share}) par des secteurs qui desservent \
             l’intérieur de l’établissement, {basis}."
        ),
        Lang::En => format!(
            "Hours that tell of a place: {inside} of {all} ({share}) at sectors that serve inside the facility, \
             {basis}."
        ),
    }
}

const fn basis_words(basis: RadioBasis, lang: Lang) -> &'static str {
    match basis {
        RadioBasis::Survey => lang.pick("d’après des mesures faites à l’intérieur", "by measurements taken inside"),
        RadioBasis::CorrectedPropagation => lang.pick(
            "d’après un modèle de propagation corrigé par des terminaux dont le lieu est connu",
            "by a propagation model corrected by handsets whose place is known",
        ),
        RadioBasis::Propagation => lang.pick("d’après un modèle de propagation seul", "by a propagation model alone"),
    }
}

fn timing_advance(count: u32, fitting_share: f64, lang: Lang) -> String {
    let times = lang.whole(u64::from(count));
    let share = lang.percent(fitting_share);
    match lang {
        Lang::Fr => format!(
            "Sa distance à l’antenne (avance temporelle) a été relevée {times}\u{a0}fois ; l’anneau passe par \
             l’établissement dans {share} des cas."
        ),
        Lang::En => format!(
            "Its distance from the antenna (timing advance) was recorded {}; the ring passes through the facility in \
             {share} of the cases.",
            lang.count(count, "time", "times")
        ),
    }
}

fn excursions(days: u32, days_seen: u32, farthest_m: f64, lang: Lang) -> String {
    let with = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let seen = lang.whole(u64::from(days_seen));
    if days == 0 {
        let seen = lang.count(days_seen, lang.pick("jour", "day"), lang.pick("jours", "days"));
        return match lang {
            Lang::Fr => format!("Aucun trajet impossible à un détenu, sur {seen} d’activité."),
            Lang::En => format!("No journey that a prisoner could not have made, on {seen} with records."),
        };
    }
    let farthest = lang.distance(farthest_m);
    match lang {
        Lang::Fr => format!(
            "Trajets qu’aucun détenu n’aurait pu faire : {with} sur {seen} d’activité ; le secteur le plus lointain \
             est à {farthest}."
        ),
        Lang::En => format!(
            "Journeys that no prisoner could have made: on {with} of {seen} with records; the farthest sector lies \
             {farthest} away."
        ),
    }
}

fn presence(days_present: u32, days_span: u32, lang: Lang) -> String {
    let present = lang.count(days_present, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let span = lang.whole(u64::from(days_span));
    match lang {
        Lang::Fr => format!("Entendu à l’établissement {present} sur {span}, du premier enregistrement au dernier."),
        Lang::En => format!("Heard at the facility on {present} of {span}, from its first record to its last."),
    }
}

fn hours(evening: f64, working: f64, events: u32, lang: Lang) -> String {
    let (evening, working) = (lang.percent(evening), lang.percent(working));
    let all = lang.count(events, lang.pick("heure", "hour"), lang.pick("heures", "hours"));
    match lang {
        Lang::Fr => format!(
            "Sur {all} où il est entendu, {evening} tombent entre 18\u{a0}h et 2\u{a0}h et {working} entre 8\u{a0}h et 17\u{a0}h, \
             heure locale."
        ),
        Lang::En => {
            format!(
                "Of {all} in which it is heard, {evening} fall between 18:00 and 02:00 and {working} between 08:00 and 17:00, local time."
            )
        }
    }
}

fn sessions(on_off: f64, hours_a_day: f64, lang: Lang) -> String {
    let (share, hours) = (lang.percent(on_off), lang.decimal(hours_a_day, 1));
    match lang {
        Lang::Fr => format!(
            "Mises sous et hors tension : {share} de ses enregistrements ; les jours où il est entendu, il l’est en \
             moyenne pendant {hours}\u{a0}heures différentes."
        ),
        Lang::En => format!(
            "Switching on and off makes {share} of its records; on a day it is heard, it is heard in {hours} \
             different hours on average."
        ),
    }
}

fn use_of_it(talk: f64, data: f64, lang: Lang) -> String {
    let (talk, data) = (lang.percent(talk), lang.percent(data));
    match lang {
        Lang::Fr => format!("Appels et messages : {talk} de ses enregistrements ; connexions de données : {data}."),
        Lang::En => format!("Calls and messages make {talk} of its records, data sessions {data}."),
    }
}

fn sims(count: u32, days: u32, lang: Lang) -> String {
    let days = lang.count(days, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let cards = lang.count(count, lang.pick("carte SIM", "SIM card"), lang.pick("cartes SIM", "SIM cards"));
    match lang {
        Lang::Fr => format!("{cards} dans l’appareil sur {days} d’activité."),
        Lang::En => format!("{cards} in the handset over {days} with records."),
    }
}

const fn model(class: DeviceClass, lang: Lang) -> &'static str {
    match class {
        DeviceClass::Mini => lang.pick(
            "Le catalogue range son modèle parmi les mini-téléphones, de la taille d’un briquet.",
            "The catalogue classes its model as a mini phone, the size of a lighter.",
        ),
        DeviceClass::Feature => lang.pick(
            "Le catalogue range son modèle parmi les téléphones simples.",
            "The catalogue classes its model as a plain telephone.",
        ),
        DeviceClass::Smart => lang.pick(
            "Le catalogue range son modèle parmi les smartphones.",
            "The catalogue classes its model as a smartphone.",
        ),
        DeviceClass::Iot => lang.pick(
            "Le catalogue range son modèle parmi les modems de machines.",
            "The catalogue classes its model as a machine’s modem.",
        ),
        DeviceClass::Unknown => {
            lang.pick("Le catalogue ne connaît pas son modèle.", "The catalogue does not know its model.")
        }
    }
}

fn ledger(days_to_first_seen: Option<i64>, lang: Lang) -> String {
    let named = lang.pick("Nommé dans le registre du fournisseur", "Named in the supplier’s ledger");
    let Some(days) = days_to_first_seen else {
        let unknown = lang.pick(
            "le délai entre la vente et le premier enregistrement n’est pas connu",
            "the time from its sale to its first record is not known",
        );
        return format!("{named}{} {unknown}.", lang.pick(" ;", ";"));
    };
    let size = u32::try_from(days.unsigned_abs()).unwrap_or(u32::MAX);
    let count = lang.count(size, lang.pick("jour", "day"), lang.pick("jours", "days"));
    match (lang, days) {
        (Lang::Fr, 0) => format!("{named} ; entendu pour la première fois le jour de sa vente."),
        (Lang::En, 0) => format!("{named}; first heard on the day of its sale."),
        (Lang::Fr, 1..) => format!("{named} ; entendu pour la première fois {count} après sa vente."),
        (Lang::En, 1..) => format!("{named}; first heard {count} after its sale."),
        (Lang::Fr, _) => format!("{named} ; entendu pour la première fois {count} avant sa vente."),
        (Lang::En, _) => format!("{named}; first heard {count} before its sale."),
    }
}

const fn not_in_ledger(lang: Lang) -> &'static str {
    lang.pick(
        "Absent du registre du fournisseur, qui nomme pourtant des appareils de ce genre.",
        "Not named in the supplier’s ledger, though it names devices of this kind.",
    )
}

fn known(role: &str, lang: Lang) -> String {
    match lang {
        Lang::Fr => format!("L’administration connaît cet appareil : « {role} »."),
        Lang::En => format!("The administration knows this device: “{role}”."),
    }
}

const fn seized_before(lang: Lang) -> &'static str {
    lang.pick("Cet appareil a déjà été saisi lors d’une fouille.", "This device was seized in a search before.")
}

fn machine(same_hour_share: f64, lang: Lang) -> String {
    let share = lang.percent(same_hour_share);
    match lang {
        Lang::Fr => format!("Le rythme d’une machine : entendu à la même heure {share} de ses jours."),
        Lang::En => format!("The rhythm of a machine: heard in the same hour on {share} of its days."),
    }
}

fn shared_imei(handsets: u32, lang: Lang) -> String {
    let handsets = lang.whole(u64::from(handsets));
    match lang {
        Lang::Fr => format!(
            "{handsets} appareils portent cet IMEI, distingués par leurs abonnés ; ce qui est noté de l’IMEI vaut pour l’un d’eux, on ne sait lequel."
        ),
        Lang::En => format!(
            "{handsets} handsets carry this IMEI, told apart by their subscribers; what is written down of the IMEI is of one of them, nobody knows which."
        ),
    }
}

fn several_facilities(facilities: u32, lang: Lang) -> String {
    let count = lang.whole(u64::from(facilities));
    match lang {
        Lang::Fr => format!("Entendu par des secteurs qui desservent {count}\u{a0}établissements."),
        Lang::En => format!("Heard at sectors that serve {count} facilities."),
    }
}

const fn calibration(lang: Lang) -> &'static str {
    lang.pick(
        "Ce que l’étalonnage ajoute à la somme pour que les poids veuillent dire ce qu’ils disent.",
        "What calibration adds to the sum so that weights mean what they say.",
    )
}

/// A finding's name.
pub const fn title(fact: &Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::SectorFit { .. } => lang.pick("Secteurs", "Sectors"),
        Fact::TimingAdvance { .. } => lang.pick("Distance à l’antenne", "Distance from the antenna"),
        Fact::Excursions { .. } => lang.pick("Trajets", "Journeys"),
        Fact::Presence { .. } => lang.pick("Jours de présence", "Days present"),
        Fact::Hours { .. } => lang.pick("Heures", "Hours"),
        Fact::Sessions { .. } => lang.pick("Allumé et éteint", "On and off"),
        Fact::Use { .. } => lang.pick("Usage", "Use"),
        Fact::Sims { .. } => lang.pick("Cartes SIM", "SIM cards"),
        Fact::Model { .. } => lang.pick("Modèle", "Model"),
        Fact::Ledger { .. } => lang.pick("Registre du fournisseur", "Supplier’s ledger"),
        Fact::NotInLedger => lang.pick("Absent du registre", "Not in the ledger"),
        Fact::Known { .. } => lang.pick("Appareil connu", "Known device"),
        Fact::SeizedBefore => lang.pick("Déjà saisi", "Seized before"),
        Fact::Machine { .. } => lang.pick("Rythme de machine", "Machine’s rhythm"),
        Fact::Calls { .. } => lang.pick("Numéros appelés", "Numbers called"),
        Fact::OwnNumberListed => lang.pick("Numéro d’un proche", "A relative’s number"),
        Fact::Sensors { .. } => lang.pick("Capteurs", "Sensors"),
        Fact::FoundUnread { .. } => lang.pick("Trouvé sans IMEI", "Found, IMEI unread"),
        Fact::Transfer { .. } => lang.pick("Transfèrement", "Transfer"),
        Fact::Jammed { .. } => lang.pick("Brouillage", "Jamming"),
        Fact::SeveralFacilities { .. } => lang.pick("Plusieurs établissements", "Several facilities"),
        Fact::SharedImei { .. } => lang.pick("IMEI partagé", "Shared IMEI"),
        Fact::Calibration => lang.pick("Étalonnage", "Calibration"),
    }
}

/// Where a finding's data come from.
pub const fn source_name(source: Source, lang: Lang) -> &'static str {
    match source {
        Source::Records => lang.pick("enregistrements des opérateurs", "operators’ records"),
        Source::Ledger => lang.pick("registre du fournisseur", "supplier’s ledger"),
        Source::Catalogue => lang.pick("catalogue d’appareils", "device catalogue"),
        Source::Administration => lang.pick("administration pénitentiaire", "prison administration"),
    }
}

/// How a finding can be wrong.
pub const fn known_limits(fact: &Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::SectorFit { basis, .. } => sector_limits(*basis, lang),
        Fact::TimingAdvance { .. } => lang.pick(
            "Une valeur est un anneau large (553 m en GSM, 78 m en LTE) ; les échos l’allongent, et d’autres lieux sont \
             sur le même anneau.",
            "A value is a wide ring (553 m in GSM, 78 m in LTE); echoes lengthen it, and other places lie on the same \
             ring.",
        ),
        Fact::Excursions { .. } => lang.pick(
            "Un secteur lointain peut servir un instant sans déplacement ; un transfert, une extraction ou un IMEI cloné \
             font aussi un trajet. L’absence de trajet ne compte que là où l’on a demandé.",
            "A far sector can serve for a moment with no journey made; a transfer, an escort or a cloned IMEI makes a \
             journey too. No journey counts only where operators were asked.",
        ),
        Fact::Presence { .. } => lang.pick(
            "Un voisin qui ne sort pas est là tous les jours ; un téléphone prêté, éteint ou brouillé manque des jours.",
            "A neighbour who never leaves is there every day; a phone that is lent, off or jammed misses days.",
        ),
        Fact::Hours { .. } => lang.pick(
            "Beaucoup de gens libres appellent le soir ; l’horloge d’un opérateur peut être décalée.",
            "Many free people call in the evening; an operator’s clock may be off.",
        ),
        Fact::Sessions { .. } => lang.pick(
            "Une mauvaise couverture ou un brouillage rattache un appareil sans qu’on y touche.",
            "Poor coverage or jamming makes a handset attach again with nobody touching it.",
        ),
        Fact::Use { .. } => lang.pick(
            "Les opérateurs n’enregistrent pas tous les données ; un mini-téléphone libre sert de la même façon.",
            "Not every operator records data sessions; a free owner of a mini uses it the same way.",
        ),
        _ => identity_limits(fact, lang),
    }
}

const fn identity_limits(fact: &Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::Sims { .. } => lang.pick(
            "Un appareil à deux cartes, une revente ou un IMEI cloné donnent aussi plusieurs cartes.",
            "A dual-SIM handset, a resale or a cloned IMEI shows several cards too.",
        ),
        Fact::Model { .. } => lang.pick(
            "L’IMEI peut être faux ou son TAC réutilisé ; les catalogues connaissent mal les mini-téléphones, et des gens \
             libres en ont.",
            "The IMEI may be false or its TAC reused; catalogues know minis badly, and free people own some.",
        ),
        Fact::Ledger { .. } | Fact::NotInLedger => lang.pick(
            "Un fournisseur vend aussi à des revendeurs et à des gens libres, et n’est pas le seul ; un registre a des \
             lacunes.",
            "A supplier also sells to resellers and to free people, and is not the only one; a ledger has gaps.",
        ),
        Fact::Known { .. } => lang.pick(
            "Une liste peut être périmée, et un IMEI connu peut avoir été cloné.",
            "A list may be out of date, and a known IMEI may have been cloned.",
        ),
        Fact::SeizedBefore => lang.pick(
            "L’IMEI a pu être mal lu, ou un autre appareil le porte aussi.",
            "The IMEI may have been misread, or another handset carries it too.",
        ),
        Fact::Calls { .. }
        | Fact::OwnNumberListed
        | Fact::Sensors { .. }
        | Fact::FoundUnread { .. }
        | Fact::Transfer { .. }
        | Fact::Jammed { .. } => circle::limits(fact, lang),
        Fact::Machine { .. } => lang.pick(
            "Un téléphone caché et rallumé à heure fixe ressemble à une machine.",
            "A hidden phone switched on at a fixed hour looks like a machine.",
        ),
        Fact::SharedImei { .. } => lang.pick(
            "Une carte SIM prêtée ou deux cartes échangées tour à tour font voir deux appareils où il n’y en a qu’un.",
            "A SIM card that is lent, or two that are swapped to and fro, make two handsets of one.",
        ),
        Fact::SeveralFacilities { .. } => lang.pick(
            "Un avocat ou un agent va aussi d’un établissement à l’autre ; un transfert n’est connu que par le fichier \
             d’écrou.",
            "A lawyer or an officer goes from one facility to another too; a transfer is known only from the roster.",
        ),
        _ => lang.pick(
            "Étalonné sur d’autres cas : si celui-ci est d’une autre sorte, les poids sont trop forts ou trop faibles.",
            "Calibrated on other cases: if this one is of another kind, weights are too strong or too weak.",
        ),
    }
}

const fn sector_limits(basis: RadioBasis, lang: Lang) -> &'static str {
    match basis {
        RadioBasis::Survey => lang.pick(
            "Les mêmes secteurs servent aussi les voisins du mur ; le réseau a pu changer depuis les mesures.",
            "The same sectors also serve the neighbours of the wall; the network may have changed since it was \
             measured.",
        ),
        RadioBasis::CorrectedPropagation => lang.pick(
            "Les mêmes secteurs servent aussi les voisins du mur ; le modèle ne connaît pas chaque bâtiment, et les \
             terminaux connus peuvent être ailleurs qu’on ne croit.",
            "The same sectors also serve the neighbours of the wall; the model does not know each building, and the \
             known handsets may be elsewhere than believed.",
        ),
        RadioBasis::Propagation => lang.pick(
            "Calculé, non mesuré : dans plus de 60 % des connexions, l’antenne qui sert n’est pas la plus proche. Les mêmes \
             secteurs servent aussi les voisins du mur.",
            "Computed, not measured: in over 60% of connections the antenna that serves is not the nearest. The same \
             sectors also serve the neighbours of the wall.",
        ),
    }
}

#[cfg(test)]
mod tests;
