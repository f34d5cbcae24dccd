//! What the case does, by its log.

use super::{Disclosure, Erasure, ImpactAssessment, Operation};
use crate::CaseKind;
use crate::authority::in_full;
use crate::datum::Datum;
use crate::draft::{Draft, cite, cited, words};
use crate::paper::{Cell, Line};
use crate::subject::category;

pub(super) fn responsible(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    draft.heading("1. Qui répond du traitement", "1. Who answers for the processing");
    let facts = vec![
        draft.fact("Responsable du traitement", "Controller", &of.controller),
        draft.fact("Délégué à la protection des données", "Data protection officer", &of.officer),
    ];
    draft.facts(facts);
}

pub(super) fn purposes(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    draft.heading("2. Finalités et base légale", "2. Purposes and legal basis");
    if of.purposes.is_empty() {
        draft.blank("finalités", "purposes");
    }
    let purposes = of.purposes.iter().map(|one| draft.inline(one, "finalité", "purpose")).collect();
    draft.list_of(purposes);
    match (of.authorities.is_empty(), of.head.kind) {
        (true, CaseKind::Exercise) => draft.para(
            "Exercice : les données sont inventées et n'appellent aucun ordre.",
            "Exercise: the data are invented and need no order.",
        ),
        (true, CaseKind::Investigation) => draft.blank("base légale", "legal basis"),
        (false, _) => {}
    }
    for authority in &of.authorities {
        let facts = in_full(draft, authority);
        draft.facts(facts);
    }
}

pub(super) fn held(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    draft.heading("3. Données, personnes, provenance", "3. Data, persons, sources");
    draft.para(
        "Aucun contenu de communication n'est traité ; seules le sont des données de trafic et de localisation, et ce que \
         l'administration pénitentiaire et l'enquête y ajoutent.",
        "No content of communications is processed; only traffic and location records are, and what the prison \
         administration and the investigation add.",
    );
    if of.data.is_empty() {
        draft.blank("catégories de données", "categories of data");
    } else {
        let head = draft.columns(&[
            ("Catégorie de données", "Category of data", 52),
            ("Lignes", "Rows", 20),
            ("Importations", "Imports", 18),
        ]);
        let row = |held: &super::DataHeld| {
            vec![
                words(held.kind.clone()),
                words(draft.lang.whole(held.rows)),
                words(draft.lang.whole(held.imports)),
                vec![cited(&held.source)],
            ]
        };
        let rows = of.data.iter().map(row).collect();
        draft.table(head, rows);
    }
    persons(draft, of);
    let facts = of.sources.iter().map(|one| draft.fact("Provenance", "Source", one)).collect::<Vec<_>>();
    match facts.is_empty() {
        true => draft.blank("provenance des données", "sources of the data"),
        false => draft.facts(facts),
    }
}

fn persons(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    if of.persons.is_empty() {
        draft.blank("catégories de personnes (art. 6)", "categories of persons (art. 6)");
        return;
    }
    let (fr, en) = ("Catégorie de personnes (art. 6)", "Category of persons (art. 6)");
    let head = draft.columns(&[(fr, en, 62), ("Nombre", "Number", 28)]);
    let row = |persons: &super::PersonsHeld| {
        let (fr, en) = category(persons.category);
        let count = persons.count.map(|count| draft.lang.whole(*count));
        vec![words(draft.lang.say(fr, en)), draft.cell(&count, "nombre", "number"), vec![cite(&persons.count)]]
    };
    let rows = of.persons.iter().map(row).collect();
    draft.table(head, rows);
}

pub(super) fn done(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    draft.heading("4. Opérations journalisées et communications", "4. Logged operations and disclosures");
    operations(draft, of);
    consultations(draft, of);
    draft.subheading(draft.lang.say("Destinataires", "Recipients"));
    match of.disclosures.value() {
        None => draft.blank("communications à des tiers", "disclosures to others"),
        Some(none) if none.is_empty() => {
            let cited = cite(&of.disclosures);
            draft.para_with("Aucune communication à ce jour. {}", "No disclosure so far. {}", vec![cited]);
        }
        Some(all) => {
            let head = [("Destinataire", "Recipient", 30), ("Quoi", "What", 35), ("Quand", "When", 25)];
            let rows = all.iter().map(|one| disclosure(draft, one)).collect();
            draft.table(draft.columns(&head), rows);
        }
    }
}

fn disclosure(draft: &Draft<'_>, one: &Disclosure) -> Vec<Cell> {
    vec![
        draft.cell(&one.to, "destinataire", "recipient"),
        words(one.what.clone()),
        words(draft.at(one.at)),
        vec![cited(&one.source)],
    ]
}

fn operations(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    let head = draft.columns(&[("Opération (art. 25)", "Operation (art. 25)", 60), ("Nombre", "Number", 20)]);
    let row = |one: &super::OperationCount| {
        let (fr, en) = operation(one.operation);
        let count = one.count.map(|count| draft.lang.whole(*count));
        vec![words(draft.lang.say(fr, en)), draft.cell(&count, "nombre", "number"), vec![cite(&one.count)]]
    };
    let rows: Vec<Vec<Cell>> = of.operations.iter().map(row).collect();
    match rows.is_empty() {
        true => draft.blank("opérations journalisées", "logged operations"),
        false => draft.table(head, rows),
    }
}

const fn operation(operation: Operation) -> (&'static str, &'static str) {
    match operation {
        Operation::Collection => ("collecte", "collection"),
        Operation::Alteration => ("modification, décision ajoutée", "alteration, decision added"),
        Operation::Consultation => ("consultation", "consultation"),
        Operation::Disclosure => ("communication", "disclosure"),
        Operation::Combination => ("interconnexion", "combination"),
        Operation::Erasure => ("effacement", "erasure"),
    }
}

fn consultations(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    let number = |what: fn(&super::Consultations) -> u64| of.consultations.map(|all| draft.lang.whole(what(all)));
    let facts = vec![
        draft.fact("Consultations", "Consultations", &number(|all| all.count)),
        draft.fact("Comptes ayant consulté", "Accounts that consulted", &number(|all| all.accounts)),
        draft.fact("Consultations sans motif", "Consultations without a reason", &number(|all| all.without_reason)),
    ];
    draft.facts(facts);
}

pub(super) fn kept(draft: &mut Draft<'_>, of: &ImpactAssessment) {
    draft.heading("5. Durée, sécurité, effacement", "5. Retention, security, erasure");
    let mut facts = vec![draft.fact("Durée de conservation", "Retention", &of.retention)];
    if of.reviews.is_empty() {
        facts.push(draft.fact("Réexamen de la nécessité", "Review of the need", &Datum::Missing));
    }
    facts.extend(of.reviews.iter().map(|review| {
        let on = review.on.map(|day| draft.lang.day(*day));
        let mut fact = draft.fact("Réexamen de la nécessité", "Review of the need", &on);
        fact.value.insert(0, Line::text(review.what.clone()));
        fact
    }));
    let yes = |datum: &Datum<bool>| {
        datum.map(|yes| draft.lang.say(if *yes { "oui" } else { "non" }, if *yes { "yes" } else { "no" }))
    };
    let encryption = &of.encryption;
    facts.push(draft.fact(
        "Chiffré : données personnelles du journal",
        "Encrypted: people's data in the log",
        &yes(&encryption.people_in_log),
    ));
    facts.push(draft.fact(
        "Chiffré : réponses d'origine des opérateurs",
        "Encrypted: operators' original answers",
        &yes(&encryption.originals),
    ));
    facts.push(draft.fact("Chiffré : tables de travail", "Encrypted: working tables", &yes(&encryption.tables)));
    facts.push(draft.fact("Chiffré : sauvegardes", "Encrypted: backups", &yes(&encryption.backups)));
    draft.facts(facts);
    draft.subheading(draft.lang.say("Effacements à ce jour", "Erasures so far"));
    match of.erasures.value() {
        None => draft.blank("effacements", "erasures"),
        Some(none) if none.is_empty() => {
            let cited = cite(&of.erasures);
            draft.para_with("Aucun effacement à ce jour. {}", "No erasure so far. {}", vec![cited]);
        }
        Some(all) => {
            let head = [("Quoi", "What", 35), ("Motif", "Reason", 30), ("Quand", "When", 25)];
            let rows = all.iter().map(|one| erasure(draft, one)).collect();
            draft.table(draft.columns(&head), rows);
        }
    }
}

fn erasure(draft: &Draft<'_>, one: &Erasure) -> Vec<Cell> {
    vec![
        words(one.what.clone()),
        draft.cell(&one.reason, "motif", "reason"),
        words(draft.at(one.at)),
        vec![cited(&one.source)],
    ]
}
