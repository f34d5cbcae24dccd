//! Risks with the measures that the program itself takes, and what is left to people.

use crate::draft::Draft;
use crate::paper::{Align, Cell, Column, Line};

/// Risk, then measure, in both languages.
const RISKS: [[(&str, &str); 2]; 8] = [
    [
        (
            "Un tiers (voisin, visiteur, agent, avocat) est pris pour un détenu qui téléphone.",
            "A third party (neighbour, visitor, officer, lawyer) is taken for an inmate who telephones.",
        ),
        (
            "Chaque valeur se décompose en éléments contestables un par un ; aucune liste ne sort sans le nom de qui \
             l'approuve ; aucun nom ne figure sur un ordre de fouille du fait d'un score.",
            "Each weight unfolds into findings that can be contested one by one; no list leaves without an approver's name; \
             no name stands on a brief because of a score.",
        ),
    ],
    [
        ("Collecte plus large que l'ordre.", "More is collected than the order allows."),
        (
            "Ce qui sort de l'ordre (opérateur, période, secteur, établissement) est mis en quarantaine et compté.",
            "What the order does not cover (operator, window, sector, facility) goes to quarantine and is counted.",
        ),
    ],
    [
        ("Conservation au-delà du nécessaire.", "Data are kept longer than needed."),
        (
            "Un ordre échu verrouille ce qu'il a fait entrer ; l'effacement détruit aussi la clé des données personnelles \
             du journal.",
            "A lapsed order locks what it brought in; an erasure also destroys the key to people's data in the log.",
        ),
    ],
    [
        ("Consultation par curiosité ou détournement.", "Data are looked at out of curiosity or misused."),
        (
            "Toute consultation est journalisée avant l'affichage, avec son motif.",
            "Each consultation is logged before anything is shown, with its reason.",
        ),
    ],
    [
        ("Fuite de listes ou de plans.", "Lists or plans leak."),
        (
            "Exemplaires numérotés et journalisés ; les plans restent fermés jusqu'à leur heure.",
            "Copies are numbered and logged; plans stay closed until their hour.",
        ),
    ],
    [
        (
            "Atteinte au secret professionnel (avocat, médecin, contrôleur).",
            "Professional secrecy is breached (lawyer, doctor, controller).",
        ),
        (
            "Les numéros protégés ne servent jamais à désigner une personne.",
            "Protected numbers are never used to name a person.",
        ),
    ],
    [
        (
            "IMEI falsifié ou partagé : la mauvaise personne est visée.",
            "A forged or shared IMEI: the wrong person is concerned.",
        ),
        (
            "Un IMEI porté par plusieurs terminaux est signalé et ses terminaux séparés ; l'étalonnage est mesuré.",
            "An IMEI that several handsets bear is flagged and its handsets told apart; calibration is measured.",
        ),
    ],
    [
        ("Altération ou contestation des preuves.", "Evidence is altered or disputed."),
        (
            "Journal en ajout seul, signé, vérifiable hors ligne par des tiers ; toute rupture de la chaîne de conservation est \
             montrée.",
            "An append-only, signed log that others can verify offline; every break of the chain of custody is shown.",
        ),
    ],
];

pub(super) fn risks(draft: &mut Draft<'_>) {
    draft.heading("6. Risques et mesures", "6. Risks and measures");
    draft.para(
        "Les mesures sont celles du programme. Leur suffisance dans l'affaire, la gravité et la vraisemblance des risques \
         sont à apprécier par le responsable du traitement.",
        "The measures are the program's. Whether they are enough in this case, and how severe and likely the risks are, is \
         for the controller to judge.",
    );
    let head =
        [("Risque", "Risk", 30), ("Mesures", "Measures", 43), ("Gravité, vraisemblance", "Severity, likelihood", 27)];
    let column = |(fr, en, share)| Column { title: draft.lang.say(fr, en), share, align: Align::Start };
    let head = head.into_iter().map(column).collect();
    let rows = RISKS.iter().map(|row| risk(draft, row)).collect();
    draft.table(head, rows);
}

fn risk(draft: &Draft<'_>, row: &[(&str, &str); 2]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = row.iter().map(|(fr, en)| vec![Line::text(draft.lang.say(fr, en))]).collect();
    cells.push(vec![Line::blank(draft.lang.say("gravité et vraisemblance", "severity and likelihood"))]);
    cells
}

pub(super) fn left_to_others(draft: &mut Draft<'_>) {
    draft.heading(
        "7. À compléter par le délégué à la protection des données",
        "7. To be completed by the data protection officer",
    );
    draft.blank(
        "nécessité et proportionnalité au regard des finalités",
        "necessity and proportionality for the purposes",
    );
    draft.blank("risques résiduels et mesures complémentaires", "remaining risks and further measures");
    draft.blank(
        "consultation préalable de l'autorité de contrôle (art. 28) : requise ou non, et pourquoi",
        "prior consultation of the supervisory authority (art. 28): needed or not, and why",
    );
    draft.blank(
        "avis du délégué et date de réexamen de la présente analyse",
        "the officer's opinion, and when this assessment is reviewed",
    );
}
