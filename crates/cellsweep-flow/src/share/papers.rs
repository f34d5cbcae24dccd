//! What goes with a package for people to read.

use super::send::Approved;
use crate::FlowError;
use cellsweep_report::{Document, Lang, Section, document_pdf};
use cellsweep_share::profile::Preview;
use cellsweep_share::snapshot::{Assessment, CaseKind, CaseSnapshot};

/// The package as a paper: why it leaves, what is in it, and what may not be read into it.
pub(super) fn cover(
    snapshot: &CaseSnapshot,
    preview: &Preview,
    approved: &Approved,
    lang: Lang,
) -> Result<Vec<u8>, FlowError> {
    let t = |fr: &str, en: &str| lang.pick(fr, en).to_owned();
    let (case, number) = (&snapshot.case, &approved.number);
    let document = Document {
        lang: lang.tag(),
        title: format!("{} {number}", lang.pick("Transmission", "Handed over:")),
        footer: format!("{} · {number}", case.case),
        marks: marks(case.kind, lang),
        facts: vec![
            (t("Dossier", "Case"), case.case.to_string()),
            (t("Pays", "Country"), case.country.to_string()),
            (t("Destinataire", "Recipient"), approved.recipient.to_string()),
            (t("Objet", "Purpose"), approved.purpose.to_string()),
            (t("État au", "As it stood"), case.taken.to_string()),
            (t("À n'utiliser que jusqu'au", "Not to be used after"), approved.expires.to_string()),
        ],
        paragraphs: vec![t(
            "Un rapport de vraisemblance est une appréciation, jamais un fait : il compare deux hypothèses et ne dit \
             pas combien l'une est probable. Ce qui manque ici est inconnu, ou n'est pas transmis : on ne peut pas le \
             distinguer.",
            "A likelihood ratio is an assessment, never a fact: it compares two propositions and doesn't say how \
             probable either is. What is missing here is not known, or is not passed on: the two can't be told apart.",
        )],
        sections: vec![held(preview, lang), devices(snapshot, lang), exhibits(snapshot, lang), runs(snapshot, lang)],
    };
    Ok(document_pdf(&document, case.taken)?)
}

pub(super) fn marks(kind: CaseKind, lang: Lang) -> Vec<String> {
    match kind {
        CaseKind::Exercise => vec![lang.pick("EXERCICE", "EXERCISE").to_owned()],
        CaseKind::Investigation => Vec::new(),
    }
}

pub(super) fn section(title: &str, note: Option<&str>, header: &[&str], rows: Vec<Vec<String>>) -> Section {
    Section {
        title: title.to_owned(),
        note: note.map(str::to_owned),
        header: header.iter().map(|name| (*name).to_owned()).collect(),
        rows,
    }
}

/// Every category of personal data, as whoever approved it was shown it.
fn held(preview: &Preview, lang: Lang) -> Section {
    let header = [
        lang.pick("Catégorie", "Category"),
        lang.pick("Valeurs", "Values"),
        lang.pick("Pourquoi", "Why"),
        lang.pick("Sous quelle autorité", "Under which authority"),
    ];
    let rows = preview.lines.iter().map(|line| {
        let orders: Vec<&str> = line.authorities.iter().map(|name| name.as_str()).collect();
        vec![
            line.category.word().replace('_', " "),
            line.count.to_string(),
            line.why.to_string(),
            if orders.is_empty() { "—".to_owned() } else { orders.join(", ") },
        ]
    });
    section(lang.pick("Données personnelles", "Personal data"), None, &header, rows.collect())
}

fn devices(snapshot: &CaseSnapshot, lang: Lang) -> Section {
    let header = [
        "IMEI",
        lang.pick("Établissement", "Facility"),
        lang.pick("Modèle", "Model"),
        "log10 LR",
        lang.pick("Hypothèses", "Propositions"),
    ];
    let rows = snapshot.devices.iter().map(|row| {
        let imeis: Vec<String> = row.imeis.iter().map(|imei| imei.with_check_digit()).collect();
        let (weight, said) = match &row.assessment {
            Assessment::Stated(stated) => {
                (format!("{:.2}", stated.log10_lr.value()), format!("{} / {}", stated.proposition, stated.alternative))
            }
            Assessment::NotStated => Default::default(),
        };
        vec![
            imeis.join(" "),
            row.facility.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.model.as_ref().map(ToString::to_string).unwrap_or_default(),
            weight,
            said,
        ]
    });
    section(lang.pick("Terminaux", "Handsets"), None, &header, rows.collect())
}

fn exhibits(snapshot: &CaseSnapshot, lang: Lang) -> Section {
    let header = [
        lang.pick("Pièce", "Exhibit"),
        "IMEI",
        lang.pick("Trouvée", "Found"),
        lang.pick("Établissement", "Facility"),
        lang.pick("Scellé", "Seal"),
    ];
    let rows = snapshot.exhibits.iter().map(|row| {
        let imeis: Vec<String> = row.imeis.iter().map(|imei| imei.with_check_digit()).collect();
        let seal = row.custody.iter().rev().find_map(|event| event.seal.as_ref());
        vec![
            row.exhibit.to_string(),
            imeis.join(" "),
            row.custody.first().map(|event| event.time.to_string()).unwrap_or_default(),
            row.facility.to_string(),
            seal.map(ToString::to_string).unwrap_or_default(),
        ]
    });
    section(lang.pick("Pièces saisies", "Exhibits"), None, &header, rows.collect())
}

fn runs(snapshot: &CaseSnapshot, lang: Lang) -> Section {
    let header = [lang.pick("Traitement", "Run"), "Version", "SHA-256"];
    let rows =
        snapshot.runs.iter().map(|row| vec![row.run.to_string(), row.version.to_string(), row.settings.to_string()]);
    let title = lang.pick("D'où viennent les appréciations", "Where the assessments come from");
    let note = lang.pick("Empreinte des réglages de chaque traitement.", "The digest of each run's settings.");
    section(title, Some(note), &header, rows.collect())
}
