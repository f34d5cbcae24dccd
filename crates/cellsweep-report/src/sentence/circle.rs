//! Sentences of findings that come from whom a handset spoke with, and from what was done inside.

use cellsweep_model::finding::Fact;

use crate::lang::Lang;

pub fn calls([here, elsewhere, peers, same_inmate]: [u32; 4], lang: Lang) -> String {
    let all = lang.count(peers, lang.pick("numéro", "number"), lang.pick("numéros", "numbers"));
    let (here, elsewhere) = (lang.whole(u64::from(here)), lang.whole(u64::from(elsewhere)));
    let most = lang.whole(u64::from(same_inmate));
    match lang {
        Lang::Fr => format!(
            "Sur {all} en relation avec lui, {here} sont sur les listes de détenus de cet établissement (au plus {most} d’un \
             même détenu), {elsewhere} seulement sur des listes d’ailleurs."
        ),
        Lang::En => format!(
            "Of {all} it spoke with, {here} are on lists of inmates held here (at most {most} of one inmate’s), {elsewhere} \
             only on lists elsewhere."
        ),
    }
}

pub const fn own_number(lang: Lang) -> &'static str {
    lang.pick(
        "Son propre numéro est sur la liste d’un détenu : c’est celui d’un proche.",
        "Its own number is on an inmate’s list: it is a relative’s.",
    )
}

pub fn sensors(times: u32, lang: Lang) -> String {
    let count = lang.count(times, lang.pick("fois", "time"), lang.pick("fois", "times"));
    match lang {
        Lang::Fr if times == 0 => "Les capteurs de l’établissement n’ont jamais relevé ses identifiants.".to_owned(),
        Lang::En if times == 0 => "The facility’s sensors never caught its identities.".to_owned(),
        Lang::Fr => format!("Les capteurs de l’établissement ont relevé ses identifiants {count}."),
        Lang::En => format!("The facility’s sensors caught its identities {count}."),
    }
}

pub const fn found_unread(same_model: bool, lang: Lang) -> &'static str {
    if same_model {
        lang.pick(
            "Il s’est tu, et un téléphone du même modèle a été trouvé peu après dans l’établissement, son IMEI non relevé.",
            "It fell silent, and a phone of the same model was found in the facility soon after, its IMEI not noted.",
        )
    } else {
        lang.pick(
            "Il s’est tu, et un téléphone a été trouvé peu après dans l’établissement, ni IMEI ni modèle relevés.",
            "It fell silent, and a phone was found in the facility soon after, neither IMEI nor model noted.",
        )
    }
}

pub const fn transfer(followed: bool, lang: Lang) -> &'static str {
    if followed {
        lang.pick(
            "Il est venu d’un autre établissement, et un détenu a fait ce chemin à la même date.",
            "It came from another facility, and an inmate was transferred so at that date.",
        )
    } else {
        lang.pick(
            "Il est venu d’un autre établissement, sans qu’aucun détenu ait fait ce chemin à cette date.",
            "It came from another facility, though no inmate was transferred so at that date.",
        )
    }
}

pub fn jammed(ratio: f64, lang: Lang) -> String {
    let ratio = lang.percent(ratio);
    match lang {
        Lang::Fr => format!("Pendant le brouillage, il est entendu {ratio} du temps où il l’est les autres jours."),
        Lang::En => format!("While the facility is jammed, it is heard for {ratio} of the time of other days."),
    }
}

pub const fn limits(fact: &Fact, lang: Lang) -> &'static str {
    match fact {
        Fact::Calls { .. } => lang.pick(
            "Les proches d’un détenu s’appellent entre eux ; la moitié environ des détenus n’appellent aucun numéro \
             déclaré. Les numéros protégés (avocats, médecins, contrôleurs) ne sont jamais comptés.",
            "An inmate’s relatives call each other; about half of the users never call a listed number. Protected \
             numbers (lawyers, doctors, controllers) are never counted.",
        ),
        Fact::OwnNumberListed => lang.pick(
            "Un détenu peut avoir déclaré le numéro d’un téléphone qui est entré depuis.",
            "An inmate may have listed the number of a phone that came in since.",
        ),
        Fact::Sensors { .. } => lang.pick(
            "Un capteur entend aussi le téléphone d’un agent ou d’un visiteur, et ne relève qu’une petite part des \
             identifiants.",
            "A sensor hears an officer’s or a visitor’s phone too, and catches a small part of the identities only.",
        ),
        Fact::FoundUnread { .. } => lang.pick(
            "Le téléphone trouvé peut être un autre ; un téléphone se tait aussi quand on le cache ou qu’on le prête.",
            "The phone that was found may be another; a phone also falls silent when it is hidden or lent.",
        ),
        Fact::Transfer { .. } => lang.pick(
            "Un transfèrement le même jour peut être un hasard entre grands établissements ; l’écrou n’est pas toujours à \
             jour.",
            "A transfer on the same day may be chance between large facilities; rosters are not always up to date.",
        ),
        _ => lang.pick(
            "Un brouilleur ne couvre souvent qu’une aile, et peut déborder du mur.",
            "A jammer often covers one wing only, and may reach beyond the wall.",
        ),
    }
}
