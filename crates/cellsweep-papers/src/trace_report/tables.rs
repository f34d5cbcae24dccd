//! The report's facts: orders, files, runs, the list, weights.

use super::{Basis, ImportFact, NamedDigest, RunFact, TraceReport, Weighed, Weight};
use crate::authority::{in_short, span};
use crate::datum::Datum;
use crate::draft::{Draft, cited, words};
use crate::paper::{Cell, Column, Fact, Line, Span};
use crate::{CaseKind, verbal};

pub(super) fn authorities(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("Sous quel ordre", "Under which order");
    if report.authorities.is_empty() {
        match report.head.kind {
            CaseKind::Exercise => draft.para(
                "Exercice : les données sont inventées et n'appellent aucun ordre.",
                "Exercise: the data are invented and need no order.",
            ),
            CaseKind::Investigation => {
                draft.blank("ordre sous lequel les données ont été reçues", "order under which the data were received")
            }
        }
    }
    for authority in &report.authorities {
        let mut facts = in_short(draft, authority);
        let window = authority.window.map(|(from, to)| span(draft, *from, *to));
        facts.push(draft.fact_lines("Période des données", "Window of the data", &window));
        facts.push(draft.moment_fact("Valable jusqu'au", "Valid until", &authority.valid_until));
        draft.facts(facts);
    }
}

pub(super) fn imports(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("Ce qui a été importé", "What was imported");
    draft.para(
        "Une ligne inexploitable ou hors de l'ordre n'est ni corrigée ni supprimée : elle est mise en quarantaine avec son \
         numéro et le motif, et comptée ci-dessous. L'empreinte est celle du fichier tel que remis.",
        "A row that can't be used, or that the order doesn't cover, is neither mended nor dropped: it is put into \
         quarantine with its number and the reason, and counted below. The digest is that of the file as handed over.",
    );
    if report.imports.is_empty() {
        draft.blank("fichiers importés", "imported files");
    }
    report.imports.iter().for_each(|import| one_import(draft, import, report.head.kind));
}

fn one_import(draft: &mut Draft<'_>, import: &ImportFact, case: CaseKind) {
    draft.subheading(import.id.clone());
    let logged = |lines: Vec<Line>| Datum::Logged { value: lines, source: import.source.clone() };
    let period = import.period.map(|(from, to)| span(draft, *from, *to));
    let mut facts = vec![
        draft.fact_lines("Contenu", "Content", &logged(words(import.kind.clone()))),
        draft.fact_lines("Lignes lues", "Rows read", &logged(words(draft.lang.whole(import.rows)))),
        draft.fact_lines("Lignes en quarantaine", "Rows in quarantine", &logged(quarantined(draft, import))),
        draft.fact_lines("Période", "Period", &period),
        draft.fact_lines("SHA-256", "SHA-256", &logged(vec![Line::code(import.sha256.clone())])),
    ];
    // An exercise needs no order, so a missing one is no blank to fill in.
    if case == CaseKind::Investigation || import.authority != Datum::Missing {
        facts.insert(1, draft.fact("Ordre", "Order", &import.authority));
    }
    draft.facts(facts);
}

fn quarantined(draft: &Draft<'_>, import: &ImportFact) -> Vec<Line> {
    let total: u64 = import.quarantined.iter().map(|(_, count)| count).sum();
    let mut lines = words(draft.lang.whole(total));
    for (reason, count) in &import.quarantined {
        let values = vec![Line::text(reason.clone()), Line::text(draft.lang.whole(*count))];
        lines.push(draft.line("{} : {}", "{}: {}", values));
    }
    lines
}

pub(super) fn runs(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("Ce qui a été calculé", "What was computed");
    draft.para(
        "Les mêmes entrées, réglages et version redonnent les mêmes octets : quiconque dispose des fichiers ci-dessus peut \
         refaire le calcul et en comparer les empreintes.",
        "The same inputs, settings and version give the same bytes again: whoever has the files above can repeat the \
         computation and compare the digests.",
    );
    if report.runs.is_empty() {
        draft.blank("calculs effectués", "runs");
    }
    report.runs.iter().for_each(|run| one_run(draft, run));
}

fn one_run(draft: &mut Draft<'_>, run: &RunFact) {
    draft.subheading(run.id.clone());
    let logged = |lines: Vec<Line>| Datum::Logged { value: lines, source: run.source.clone() };
    let settings = run.settings.iter().map(|(name, value)| Line::code(format!("{name} = {value}"))).collect();
    let facts = vec![
        draft.fact_lines(
            "Étape et version",
            "Step and version",
            &logged(words(format!("{}, cellsweep {}", run.step, run.version))),
        ),
        draft.fact_lines("Réglages", "Settings", &logged(settings)),
        draft.fact_lines("Entrées (SHA-256)", "Inputs (SHA-256)", &logged(digests(&run.inputs))),
        draft.fact_lines("Sorties (SHA-256)", "Outputs (SHA-256)", &logged(digests(&run.outputs))),
    ];
    draft.facts(facts.into_iter().filter(|fact: &Fact| !fact.value.is_empty()).collect());
}

fn digests(files: &[NamedDigest]) -> Vec<Line> {
    files.iter().flat_map(|file| [Line::text(file.name.clone()), Line::code(file.sha256.clone())]).collect()
}

pub(super) fn listed(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("La liste des terminaux", "The list of handsets");
    let facts = vec![
        draft.fact(
            "Terminaux listés",
            "Handsets listed",
            &report.listed.map(|listed| draft.lang.whole(listed.handsets)),
        ),
        draft.fact(
            "Établissements concernés",
            "Facilities concerned",
            &report.listed.map(|listed| draft.lang.whole(listed.facilities)),
        ),
        draft.fact(
            "Seuil d'inscription",
            "Threshold of the list",
            &report.listed.map(|listed| draft.lang.number(listed.threshold)),
        ),
    ];
    draft.facts(facts);
    draft.para(
        "Le seuil porte sur une probabilité qui sert seulement à choisir où chercher. Elle dépend d'une hypothèse de départ, \
         n'est pas un élément de preuve et n'est pas rapportée ici.",
        "The threshold is on a probability that only serves to choose where to look. It depends on a prior, is no \
         evidence, and is not reported here.",
    );
}

pub(super) fn weights(draft: &mut Draft<'_>, report: &TraceReport) {
    draft.heading("Valeur des éléments recueillis", "Weight of the evidence");
    draft.para(
        "Deux propositions sont comparées pour chaque terminal et chaque établissement :",
        "Two propositions are weighed for each handset and facility:",
    );
    draft.list(&[
        ("H1 : le terminal est gardé dans cet établissement ;", "H1: the handset is kept in this facility;"),
        ("H2 : il est gardé ailleurs.", "H2: it is kept elsewhere."),
    ]);
    if report.weighed.is_empty() {
        draft.blank("terminaux dont la valeur est demandée", "handsets whose weight is asked for");
    } else {
        let rows = report.weighed.iter().map(|row| weighed(draft, row)).collect();
        draft.table(columns(draft), rows);
    }
    reading(draft);
}

fn columns(draft: &Draft<'_>) -> Vec<Column> {
    draft.columns(&[
        ("Terminal (IMEI)", "Handset (IMEI)", 19),
        ("Établissement", "Facility", 16),
        ("log10 RV", "log10 LR", 8),
        ("RV", "LR", 7),
        ("En mots", "In words", 21),
        ("Usage", "Use", 17),
    ])
}

fn weighed(draft: &Draft<'_>, row: &Weighed) -> Vec<Cell> {
    let weighs = match row.weight {
        Weight::Log10(value) if !value.is_finite() => Weight::NotComputed,
        weight => weight,
    };
    let [log10, figure, said] = weight(draft, weighs);
    vec![
        vec![Line::code(row.imei.clone())],
        words(row.facility.clone()),
        log10,
        figure,
        said,
        basis(draft, weighs, row.basis),
        vec![cited(&row.source)],
    ]
}

fn weight(draft: &Draft<'_>, weight: Weight) -> [Cell; 3] {
    let none = |fr, en| [words("—"), words("—"), words(draft.lang.say(fr, en))];
    match weight {
        Weight::Log10(value) => [
            words(draft.lang.decimal(value, 1)),
            words(verbal::figure(value, draft.lang)),
            words(verbal::words(value, draft.lang)),
        ],
        Weight::Restricted => none(
            "non communiquée : repose sur des éléments restreints, ne peut être produite",
            "not stated: rests on restricted findings, cannot be produced",
        ),
        Weight::NotComputed => none("non calculée", "not computed"),
    }
}

fn basis(draft: &Draft<'_>, weight: Weight, basis: Basis) -> Cell {
    match (weight, basis) {
        (Weight::Restricted | Weight::NotComputed, _) => words("—"),
        (_, Basis::Exploratory) => vec![Line(vec![Span::Strong(draft.lang.say("exploratoire", "exploratory"))])],
        (_, Basis::KeptApart) => {
            words(draft.lang.say("évaluatif (données tenues à part)", "evaluative (data kept apart)"))
        }
        (_, Basis::NotSettled) => {
            vec![Line::blank(draft.lang.say("exploratoire ou évaluatif", "exploratory or evaluative"))]
        }
    }
}

fn reading(draft: &mut Draft<'_>) {
    draft.para(
        "Le rapport de vraisemblance (RV) dit combien de fois les données enregistrées sont plus probables si H1 est vraie \
         que si H2 l'est ; un RV de 1/25 les dit 25 fois plus probables sous H2. Il ne dit pas que H1 est probable : cela \
         dépend aussi de tout ce que la juridiction sait par ailleurs, et lui appartient.",
        "The likelihood ratio (LR) says how many times more probable the recorded data are if H1 is true than if H2 is; an \
         LR of 1/25 says that they are 25 times more probable under H2. It does not say that H1 is probable: that also \
         depends on all else that the court knows, and is the court's to judge.",
    );
    let steps = Line(verbal::STEPS.iter().flat_map(|step| step_words(draft, *step)).collect());
    draft.para_with(
        "Échelle verbale (ENFSI, Guideline for Evaluative Reporting in Forensic Science, 2015), d'après le plus grand de RV \
         et 1/RV : {}.",
        "Verbal scale (ENFSI, Guideline for Evaluative Reporting in Forensic Science, 2015), by the larger of LR and 1/LR: \
         {}.",
        vec![steps],
    );
}

fn step_words(draft: &Draft<'_>, (from, fr, en): (f64, &str, &str)) -> Vec<Span> {
    let before = if from > 1.0 { draft.lang.say(" ; ", "; ") } else { String::new() };
    let from = draft.lang.whole(from as u64);
    let from = format!(" ({}{from})", draft.lang.say("à partir de ", "from "));
    vec![Span::Text(before), Span::Text(draft.lang.say(fr, en)), Span::Text(from)]
}
