//! A data protection impact assessment, filled with what the case really does.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::case::{CaseEvent, CaseKind, Import, Reduction};
use cellsweep_papers::{
    Consultations, DataHeld, Datum, Disclosure, Encryption, Erasure, ImpactAssessment, Operation, OperationCount,
    Paper, PersonsHeld, ReviewDate, Source, impact_assessment,
};
use cellsweep_store::Operation as Logged;

use super::{Desk, held};
use crate::data_sets;

pub(super) fn assessment(desk: &Desk<'_>) -> Paper {
    let consultations = Consultations {
        count: desk.tally.consultations,
        accounts: desk.tally.accounts,
        without_reason: desk.tally.without_reason,
    };
    let assessment = ImpactAssessment {
        head: desk.head(Datum::Missing),
        controller: Datum::Missing,
        officer: Datum::Missing,
        purposes: Vec::new(),
        authorities: desk.authorities(),
        data: data(desk),
        persons: persons(desk),
        sources: sources(desk),
        operations: operations(desk),
        disclosures: Datum::Given(disclosures(desk)),
        retention: Datum::Missing,
        reviews: reviews(desk),
        encryption: encryption(desk),
        erasures: Datum::Given(erasures(desk)),
        consultations: Datum::Logged { value: consultations, source: Source::access(desk.tally.access_entries()) },
    };
    impact_assessment(&assessment, desk.lang)
}

/// The imports that are there, with the entry that names each.
fn imports<'a>(desk: &Desk<'a>) -> Vec<(u64, &'a Import)> {
    let there: BTreeSet<&str> = desk.case.manifest().imports().map(|import| import.id.as_str()).collect();
    let named = desk.events().iter().filter_map(|logged| match &logged.event {
        CaseEvent::Imported { import } => Some((logged.sequence, import)),
        _ => None,
    });
    named.filter(|(_, import)| there.contains(import.id.as_str())).collect()
}

fn data(desk: &Desk<'_>) -> Vec<DataHeld> {
    let mut kinds: BTreeMap<(&str, &str), (u64, u64, Vec<u64>)> = BTreeMap::new();
    for (entry, import) in imports(desk) {
        let kind = kinds.entry(held::table(import.table)).or_default();
        kind.0 += import.rows.kept;
        kind.1 += 1;
        kind.2.push(entry);
    }
    let held = kinds.into_iter().map(|((fr, en), (rows, imports, entries))| DataHeld {
        kind: desk.pick(fr, en),
        rows,
        imports,
        source: Source::entries(entries),
    });
    held.collect()
}

fn persons(desk: &Desk<'_>) -> Vec<PersonsHeld> {
    let sets = data_sets(desk.case, desk.session.now());
    let categories: BTreeSet<_> = sets.iter().filter_map(|set| set.persons).collect();
    // Rows are not people: how many there are, nobody counts without bringing data together for it.
    let held = |persons| PersonsHeld { category: held::category(persons), count: Datum::Missing };
    categories.into_iter().map(held).collect()
}

fn sources(desk: &Desk<'_>) -> Vec<Datum<String>> {
    let mut operators: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (entry, import) in imports(desk) {
        import.operators.iter().for_each(|operator| operators.entry(operator).or_default().push(entry));
    }
    let cite = |(operator, entries): (&str, Vec<u64>)| Datum::Logged {
        value: operator.to_owned(),
        source: Source::entries(entries),
    };
    operators.into_iter().map(cite).collect()
}

fn operations(desk: &Desk<'_>) -> Vec<OperationCount> {
    let counted = [
        (Operation::Collection, Logged::Collection),
        (Operation::Alteration, Logged::Alteration),
        (Operation::Consultation, Logged::Consultation),
        (Operation::Disclosure, Logged::Disclosure),
        (Operation::Combination, Logged::Combination),
        (Operation::Erasure, Logged::Erasure),
    ];
    let count = |(operation, logged)| OperationCount {
        operation,
        count: Datum::Given(desk.tally.operations.get(&logged).copied().unwrap_or_default()),
    };
    counted.into_iter().map(count).collect()
}

fn disclosures(desk: &Desk<'_>) -> Vec<Disclosure> {
    let what = |event: &CaseEvent| match event {
        CaseEvent::Disclosed { disclosure } => Some(handed_over(desk, &disclosure.kind)),
        CaseEvent::BriefIssued { .. } => Some(desk.pick("feuille de route d'équipe", "a team's brief")),
        CaseEvent::OriginalOpened { .. } => Some(desk.pick("fichier d'origine", "a file as it came")),
        CaseEvent::BoxesOpened { .. } => {
            Some(desk.pick("histoire d'un objet, en clair", "an exhibit's history, opened"))
        }
        CaseEvent::PlanOpenedEarly { .. } => Some(desk.pick("plan avant son heure", "a plan before its hour")),
        _ => None,
    };
    let disclosed = desk.events().iter().filter_map(|logged| {
        let what = what(&logged.event)?;
        let to = match &logged.event {
            CaseEvent::Disclosed { disclosure } => Datum::logged(disclosure.recipient.clone(), logged.sequence),
            _ => Datum::Missing,
        };
        Some(Disclosure { to, what, at: logged.time, source: Source::entry(logged.sequence) })
    });
    disclosed.collect()
}

/// What somebody outside got.
fn handed_over(desk: &Desk<'_>, kind: &str) -> String {
    match kind {
        "case" => desk.pick("copie du dossier", "a copy of the case"),
        "method" => desk.pick("méthode", "the method"),
        "carriers" => desk.pick(
            "demande de blocage ou de rétablissement de terminaux",
            "a request to disable or to restore handsets",
        ),
        "compare" => desk.pick("comparaison d'IMEI en aveugle", "a blind comparison of IMEIs"),
        other => other.to_owned(),
    }
}

fn reviews(desk: &Desk<'_>) -> Vec<ReviewDate> {
    let sets = data_sets(desk.case, desk.session.now());
    sets.into_iter().map(|set| ReviewDate { what: set.import, on: Datum::Given(set.review) }).collect()
}

fn encryption(desk: &Desk<'_>) -> Encryption {
    let sealed = desk.case.kind() == CaseKind::Investigation;
    Encryption {
        people_in_log: Datum::Given(true),
        originals: Datum::Given(sealed),
        tables: Datum::Given(sealed),
        backups: Datum::Missing,
    }
}

fn erasures(desk: &Desk<'_>) -> Vec<Erasure> {
    let reason = |event: &CaseEvent| match event {
        CaseEvent::Reduced { why: Reduction::NotCandidates, .. } => {
            Datum::Given(desk.pick("téléphones qui ne sont pas candidats", "handsets that are no candidates"))
        }
        CaseEvent::AccessLogClosed { .. } => Datum::Given(desk.pick("durée légale écoulée", "legal term over")),
        _ => Datum::Missing,
    };
    let what = |event: &CaseEvent| match event {
        CaseEvent::Erased { imports, runs, entries, .. } => {
            let entries = entries.iter().map(|n| format!("{} {n}", desk.pick("inscription", "entry")));
            Some(imports.iter().chain(runs).cloned().chain(entries).collect::<Vec<_>>().join(", "))
        }
        CaseEvent::Reduced { import, dropped, .. } => {
            Some(format!("{import} : {dropped} {}", desk.pick("lignes brutes", "raw rows")))
        }
        CaseEvent::AccessLogClosed { until, .. } => {
            Some(format!("{} {until}", desk.pick("journal d'accès, jusqu'à l'inscription", "access log, up to entry")))
        }
        _ => None,
    };
    let erased = desk.events().iter().filter_map(|logged| {
        let what = what(&logged.event)?;
        let reason = reason(&logged.event);
        Some(Erasure { what, reason, at: logged.time, source: Source::entry(logged.sequence) })
    });
    erased.collect()
}
