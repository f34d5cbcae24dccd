//! A request to an operator: what is asked for, under which order, and how it is to be answered.

use jiff::Timestamp;

use crate::authority::{in_full, span};
use crate::datum::{Datum, Source};
use crate::draft::{Draft, cited};
use crate::paper::{Align, Column, Line, Paper};
use crate::{Authority, Head, Lang};

/// More values than this stand in the attached file only.
const PRINTED: usize = 120;
/// Values side by side.
const ABREAST: usize = 3;

/// What a request to an operator says.
#[derive(Debug, Clone)]
pub struct OperatorRequest {
    /// The paper's head; its reference is the request's.
    pub head: Head,
    /// The order that it is made under.
    pub authority: Authority,
    /// The operator.
    pub operator: Datum<String>,
    /// Its department that answers judicial requests, with its address.
    pub addressee: Datum<String>,
    /// What is asked for, kind by kind.
    pub asked: Vec<Asked>,
    /// First and last instant of the records asked for.
    pub window: Datum<(Timestamp, Timestamp)>,
    /// The attached list.
    pub list: Datum<ListFile>,
    /// Where the answer goes: a service's address, not a person's.
    pub answer_to: Datum<String>,
    /// By when.
    pub answer_by: Datum<Timestamp>,
    /// How the answer is protected on its way (a portal, a key's fingerprint).
    pub answer_by_way_of: Datum<String>,
    /// The provision that binds the operator to secrecy.
    pub secrecy_basis: Datum<String>,
    /// Who signs.
    pub signatory: Datum<String>,
}

/// Values of one kind, which the operator is to look for.
#[derive(Clone)]
pub struct Asked {
    /// Of which kind.
    pub kind: AskedKind,
    /// As they are to be looked for, in order.
    pub values: Vec<String>,
    /// Where the request stands in the log.
    pub source: Source,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Asked").field("kind", &self.kind).field("values", &self.values.len()).finish_non_exhaustive()
    }
}

/// What values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskedKind {
    /// Handsets, by the first 14 digits of the IMEI.
    Imei,
    /// Subscribers' numbers, E.164 without `+`.
    Msisdn,
    /// Subscribers' identities.
    Imsi,
    /// Radio cells, by MCC-MNC-LAC-CI, ECI or NCI.
    Sector,
}

/// The file with all values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFile {
    /// Its name.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// The request as a paper.
pub fn operator_request(request: &OperatorRequest, lang: Lang) -> Paper {
    let mut draft = Draft::new(lang, &request.head, "Réquisition à un opérateur", "Request to an operator");
    addressee(&mut draft, request);
    draft.heading("Ordre", "Order");
    let order = in_full(&draft, &request.authority);
    draft.facts(order);
    what_is_asked(&mut draft, request);
    form_of_the_answer(&mut draft, request);
    secrecy(&mut draft, request);
    let signatory = draft.signatory("Pour le service requérant", "For the requesting service", &request.signatory);
    draft.signatures(vec![signatory]);
    draft.finish()
}

fn addressee(draft: &mut Draft<'_>, request: &OperatorRequest) {
    draft.heading("Destinataire", "Addressee");
    let facts = vec![
        draft.fact("Opérateur", "Operator", &request.operator),
        draft.fact("Service des obligations légales", "Department for lawful requests", &request.addressee),
    ];
    draft.facts(facts);
}

fn what_is_asked(draft: &mut Draft<'_>, request: &OperatorRequest) {
    draft.heading("Ce qui est demandé", "What is asked for");
    draft.para(
        "En exécution de l'ordre ci-dessus, vous êtes requis de fournir les données de trafic et de localisation que vous \
         conservez pour les valeurs et la période indiquées. Aucun contenu de communication n'est demandé : s'il s'en \
         trouvait dans vos fichiers, il doit en être retiré avant l'envoi.",
        "Under the above order you are required to hand over the traffic and location records that you keep for the \
         values and the window given. No content of communications is asked for: should your files hold any, it is to \
         be removed before they are sent.",
    );
    let window = request.window.map(|(from, to)| span(draft, *from, *to));
    let mut facts = vec![draft.fact_lines("Période", "Window", &window)];
    for asked in &request.asked {
        let count = Line::text(draft.lang.whole(asked.values.len() as u64));
        facts.push(crate::paper::Fact {
            label: draft.lang.say(kind(asked.kind).0, kind(asked.kind).1),
            value: vec![count],
            cite: cited(&asked.source),
        });
    }
    facts.push(draft.fact(
        "Liste jointe (fichier)",
        "Attached list (file)",
        &request.list.map(|list| list.name.clone()),
    ));
    facts.push(draft.code_fact(
        "SHA-256 de la liste",
        "SHA-256 of the list",
        &request.list.map(|list| list.sha256.clone()),
    ));
    draft.facts(facts);
    if request.asked.iter().all(|asked| asked.values.is_empty()) {
        draft.blank(
            "valeurs demandées (IMEI, MSISDN, IMSI ou secteurs)",
            "values asked for (IMEIs, MSISDNs, IMSIs or sectors)",
        );
    }
    request.asked.iter().for_each(|asked| values(draft, asked));
}

fn values(draft: &mut Draft<'_>, asked: &Asked) {
    if asked.values.is_empty() {
        return;
    }
    if asked.values.len() > PRINTED {
        let title = Line::text(draft.lang.say(kind(asked.kind).0, kind(asked.kind).1));
        draft.para_with(
            "{} : la liste, trop longue pour être imprimée, figure dans le fichier joint seulement.",
            "{}: the list is too long to be printed, and stands in the attached file only.",
            vec![title],
        );
        return;
    }
    let title = draft.lang.say(kind(asked.kind).0, kind(asked.kind).1);
    let abreast = ABREAST.min(asked.values.len());
    let head = (0..abreast).map(|_| Column { title: title.clone(), share: 1, align: Align::Start }).collect();
    let rows = asked.values.chunks(abreast).map(|row| {
        let filled = row.iter().map(|value| vec![Line::code(value.clone())]);
        filled.chain(std::iter::repeat(Vec::new())).take(abreast).collect()
    });
    draft.table(head, rows.collect());
}

const fn kind(kind: AskedKind) -> (&'static str, &'static str) {
    match kind {
        AskedKind::Imei => ("Terminaux (IMEI)", "Handsets (IMEI)"),
        AskedKind::Msisdn => ("Numéros (MSISDN)", "Numbers (MSISDN)"),
        AskedKind::Imsi => ("Abonnés (IMSI)", "Subscribers (IMSI)"),
        AskedKind::Sector => ("Secteurs radio", "Radio sectors"),
    }
}

const FORM: [(&str, &str); 6] = [
    (
        "Pour chaque événement : heure et fuseau, nature (voix, SMS, données, signalisation), sens, IMEI, IMSI, MSISDN, \
         autre numéro, durée, technologie, secteur (MCC-MNC-LAC-CI, ECI ou NCI), avance temporelle si elle existe.",
        "For each event: time with its zone, kind (voice, SMS, data, signalling), direction, IMEI, IMSI, MSISDN, other \
         number, duration, technology, sector (MCC-MNC-LAC-CI, ECI or NCI), timing advance where there is one.",
    ),
    (
        "Les IMEI sont à rechercher sous toutes leurs formes : 14 chiffres, 15 avec la clé ou avec 0, 16 (IMEISV, deux \
         derniers chiffres quelconques).",
        "IMEIs are to be looked for in all their forms: 14 digits, 15 with the check digit or with 0, 16 (IMEISV, any \
         last two digits).",
    ),
    (
        "Dites expressément pour quelles valeurs et quels jours rien n'est conservé, et si la réponse est complète : \
         l'absence de données ne vaut que si elle est attestée.",
        "Say expressly for which values and days nothing is kept, and whether the answer is complete: absence counts \
         only where it is vouched for.",
    ),
    (
        "Joignez la table des secteurs en service pendant la période : coordonnées, azimut, ouverture, dates.",
        "Add the table of sectors in service during the window: coordinates, azimuth, beam width, dates.",
    ),
    (
        "Fichiers CSV (UTF-8) ou Parquet, ou ETSI TS 102 657 ; l'empreinte SHA-256 de chaque fichier accompagne la réponse.",
        "CSV (UTF-8) or Parquet files, or ETSI TS 102 657; each file's SHA-256 comes with the answer.",
    ),
    (
        "Rappelez la référence de la présente réquisition dans toute correspondance.",
        "Quote this request's reference in all correspondence.",
    ),
];

fn form_of_the_answer(draft: &mut Draft<'_>, request: &OperatorRequest) {
    draft.heading("Réponse", "Answer");
    let facts = vec![
        draft.fact("Adresse de réponse", "Address for the answer", &request.answer_to),
        draft.moment_fact("Date limite de réponse", "Answer due by", &request.answer_by),
        draft.fact("Voie de transmission protégée", "Protected way of sending", &request.answer_by_way_of),
    ];
    draft.facts(facts);
    draft.list(&FORM);
}

fn secrecy(draft: &mut Draft<'_>, request: &OperatorRequest) {
    draft.heading("Secret", "Secrecy");
    let basis = draft.inline(&request.secrecy_basis, "texte applicable", "provision that applies");
    draft.para_with(
        "L'existence, l'objet et le contenu de la présente réquisition sont couverts par le secret : {}.",
        "That this request exists, what it is about and what it says are secret: {}.",
        vec![basis],
    );
    draft.list(&[
        (
            "Rien ne doit en être dit aux abonnés concernés, à leurs correspondants ni à des tiers, même en réponse à une \
             demande d'accès à leurs données.",
            "Nothing of it may be told to the subscribers concerned, to those they communicate with, or to anyone else, \
             not even in answer to a request for access to their data.",
        ),
        (
            "Aucune ligne, aucun terminal ni aucun service n'est suspendu, modifié ou signalé du fait de cette réquisition.",
            "No line, handset or service is to be suspended, altered or flagged because of this request.",
        ),
        (
            "Seules les personnes chargées d'y répondre en ont connaissance ; la liste jointe est détruite après la réponse.",
            "Only those who are to answer it know of it; the attached list is destroyed after the answer.",
        ),
    ]);
}
