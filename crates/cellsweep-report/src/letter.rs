//! The letter that goes to an operator with a list of what is asked for.

use jiff::Timestamp;

use crate::Lang;

/// Everything that stands in a letter.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    /// The data are invented.
    pub exercise: bool,
    /// Our reference.
    pub request: String,
    /// The order's.
    pub authority: String,
    /// To whom.
    pub operator: String,
    /// What is listed: `imei`, `msisdn`, `imsi` or `sector`.
    pub kind: String,
    /// First instant asked for.
    pub from: Timestamp,
    /// Last instant.
    pub to: Timestamp,
    /// When the answer is due.
    pub due: Option<Timestamp>,
    /// When the letter was written.
    pub written: Timestamp,
    /// Which part of the list, from 1.
    pub part: usize,
    /// How many parts.
    pub parts: usize,
    /// The list's columns.
    pub columns: Vec<String>,
    /// The list.
    pub rows: Vec<Vec<String>>,
    /// The list's file.
    pub file: String,
    /// Its digest, in hexadecimal.
    pub sha256: String,
}

/// Rows printed with the letter; a longer list is in its file only.
const PRINTED: usize = 200;

const STYLE: &str = "\
body{font:11pt/1.45 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#111}
h1{font-size:1.3em}table{border-collapse:collapse;font:9pt/1.3 monospace;width:100%}
th,td{border:1px solid #999;padding:.15em .4em;text-align:left}dl{display:grid;grid-template-columns:max-content 1fr;\
gap:.2em 1em}dt{font-weight:bold}dd{margin:0;overflow-wrap:anywhere}.x{border:2px solid #b00;padding:.4em;\
color:#b00;font-weight:bold;text-align:center}.s{margin-top:4em;border-top:1px solid #111;width:16em}
thead{display:table-header-group}tr{break-inside:avoid}@page{margin:2cm}@media print{body{margin:0;max-width:none}}";

/// The letter as one HTML file that loads nothing and prints on A4.
pub fn letter(letter: &Letter, lang: Lang) -> String {
    let title = lang.pick("Demande de données de connexion", "Request for communications records");
    let mut html = format!(
        "<!doctype html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <title>{} {}</title><style>{STYLE}</style></head><body>\n",
        lang.tag(),
        title,
        escaped(&letter.request)
    );
    if letter.exercise {
        let said = lang.pick(
            "EXERCICE : données inventées, rien n’est à fournir",
            "EXERCISE: invented data, nothing is to be handed over",
        );
        html.push_str(&format!("<p class=\"x\">{said}</p>\n"));
    }
    html.push_str(&format!("<h1>{title}</h1>\n"));
    html.push_str(&head(letter, lang));
    html.push_str(&body(letter, lang));
    html.push_str(&annex(letter, lang));
    html.push_str("</body></html>\n");
    html
}

fn head(letter: &Letter, lang: Lang) -> String {
    let part = format!("{} / {}", letter.part, letter.parts);
    let due = letter.due.map_or_else(|| "—".to_owned(), |due| due.to_string());
    let rows = [
        (lang.pick("Destinataire", "To"), letter.operator.clone()),
        (lang.pick("Notre référence", "Our reference"), letter.request.clone()),
        (lang.pick("Réquisition", "Order"), letter.authority.clone()),
        (lang.pick("Date", "Date"), letter.written.to_string()),
        (lang.pick("Partie", "Part"), part),
        (lang.pick("Réponse attendue le", "Answer due"), due),
    ];
    let list: String = rows.iter().map(|(name, value)| format!("<dt>{name}</dt><dd>{}</dd>", escaped(value))).collect();
    format!("<dl>{list}</dl>\n")
}

fn body(letter: &Letter, lang: Lang) -> String {
    let count = lang.whole(letter.rows.len() as u64);
    let (from, to) = (letter.from, letter.to);
    let what = what(&letter.kind, lang);
    let ask = match lang {
        Lang::Fr => format!(
            "En exécution de la réquisition ci-dessus, veuillez fournir les données de trafic et de localisation \
             enregistrées du {from} au {to} (UTC) pour {count} {what}, dont la liste est jointe."
        ),
        Lang::En => format!(
            "Under the order above, please hand over the traffic and location records kept from {from} to {to} (UTC) \
             for {count} {what}, listed in the attached file."
        ),
    };
    let points = match lang {
        Lang::Fr => [
            "Pour chaque événement : heure et fuseau, nature (voix, SMS, données, signalisation), sens, IMEI, IMSI, numéro, \
             autre numéro, durée, technologie, secteur (MCC-MNC-LAC-CI, ECI ou NCI), avance temporelle si elle existe.",
            "Aucun contenu de communication n’est demandé.",
            "Les IMEI peuvent être enregistrés sous plusieurs formes : 14 chiffres, 15 avec la clé ou avec 0, 16 (IMEISV, \
             les deux derniers chiffres quelconques). Toutes sont à rechercher.",
            "Dites expressément pour quelles valeurs rien n’est enregistré, et si la réponse est complète.",
            "Joignez la table des secteurs en service pendant la période (coordonnées, azimut, dates).",
        ],
        Lang::En => [
            "For each event: time with its zone, kind (voice, SMS, data, signalling), direction, IMEI, IMSI, number, other \
             number, duration, technology, sector (MCC-MNC-LAC-CI, ECI or NCI), timing advance where there is one.",
            "No content of communications is asked for.",
            "IMEIs may be kept in several forms: 14 digits, 15 with the check digit or with 0, 16 (IMEISV, any last two \
             digits). All are to be searched for.",
            "Say expressly for which values nothing is kept, and whether the answer is complete.",
            "Add the table of sectors in service during the period (coordinates, azimuth, dates).",
        ],
    };
    let points: String = points.iter().map(|point| format!("<li>{point}</li>")).collect();
    format!("<p>{}</p><ul>{points}</ul>\n<p class=\"s\">{}</p>\n", escaped(&ask), lang.pick("Signature", "Signature"))
}

fn what(kind: &str, lang: Lang) -> &'static str {
    match kind {
        "imei" => lang.pick("terminaux (IMEI)", "handsets (IMEI)"),
        "msisdn" => lang.pick("numéros (MSISDN)", "numbers (MSISDN)"),
        "imsi" => lang.pick("abonnés (IMSI)", "subscribers (IMSI)"),
        _ => lang.pick("secteurs", "sectors"),
    }
}

fn annex(letter: &Letter, lang: Lang) -> String {
    let title = lang.pick("Liste jointe", "Attached list");
    let mut html = format!(
        "<h1>{title}</h1>\n<dl><dt>{}</dt><dd>{}</dd><dt>SHA-256</dt><dd>{}</dd></dl>\n",
        lang.pick("Fichier", "File"),
        escaped(&letter.file),
        escaped(&letter.sha256)
    );
    if letter.rows.len() > PRINTED {
        let said =
            lang.pick("La liste est trop longue pour être imprimée ici.", "The list is too long to be printed here.");
        html.push_str(&format!("<p>{said}</p>\n"));
        return html;
    }
    let header: String = letter.columns.iter().map(|name| format!("<th>{}</th>", escaped(name))).collect();
    html.push_str(&format!("<table><thead><tr>{header}</tr></thead><tbody>\n"));
    for row in &letter.rows {
        let cells: String = row.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect();
        html.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    html.push_str("</tbody></table>\n");
    html
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(rows: usize) -> Letter {
        Letter {
            exercise: true,
            request: "R0001".to_owned(),
            authority: "<b>A&B</b>".to_owned(),
            operator: "208-01".to_owned(),
            kind: "imei".to_owned(),
            from: Timestamp::UNIX_EPOCH,
            to: Timestamp::UNIX_EPOCH,
            due: None,
            written: Timestamp::UNIX_EPOCH,
            part: 1,
            parts: 2,
            columns: vec!["imei_14".to_owned()],
            rows: vec![vec!["49015420323751".to_owned()]; rows],
            file: "R0001-list.csv".to_owned(),
            sha256: "00ff".to_owned(),
        }
    }

    #[test]
    fn both_languages_say_what_is_asked_and_load_nothing() {
        let (fr, en) = (letter(&example(2), Lang::Fr), letter(&example(2), Lang::En));
        assert!(fr.contains("EXERCICE") && fr.contains("2 terminaux (IMEI)"));
        assert!(en.contains("EXERCISE") && en.contains("2 handsets (IMEI)"));
        for html in [fr, en] {
            assert_eq!(html.matches("<td>49015420323751</td>").count(), 2);
            assert!(html.contains("&lt;b&gt;A&amp;B&lt;/b&gt;") && !html.contains("<b>"));
            assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("<script"));
        }
    }

    #[test]
    fn a_long_list_is_in_its_file_alone() {
        let html = letter(&example(201), Lang::En);
        assert!(html.contains("for 201 handsets") && html.contains("too long to be printed") && !html.contains("<td>"));
    }
}
