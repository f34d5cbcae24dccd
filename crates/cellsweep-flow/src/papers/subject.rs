//! What is held of a person who asks for it.

use cellsweep_model::case::CaseEvent;
use cellsweep_model::persons::Persons;
use cellsweep_papers::{Datum, Finding, HeldFact, MeasureState, Nature, Paper, Release, SubjectData, subject_data};
use cellsweep_report::{Lang as ReportLang, sentence, source_name};

use super::{Desk, TellFindings, held};
use crate::{DeviceFilter, FlowError, Held, Subject, data_sets, devices};

pub(super) fn data(desk: &Desk<'_>, who: &Subject, tell: TellFindings, of_them: &Held) -> Result<Paper, FlowError> {
    let numbers = who.numbers.iter().map(|number| given("MSISDN", number.to_string()));
    let numbers = numbers.chain(who.imsis.iter().map(|imsi| given("IMSI", imsi.to_string())));
    let sets = data_sets(desk.case, desk.session.now());
    let theirs = |import: &str| of_them.rows.iter().any(|rows| rows.import == import);
    let review = sets.iter().filter(|set| theirs(&set.import)).map(|set| set.review).min();
    let mut categories: Vec<Persons> =
        sets.iter().filter(|set| theirs(&set.import)).filter_map(|set| set.persons).collect();
    categories.sort_unstable();
    categories.dedup();
    let category = match categories.as_slice() {
        [one] => Datum::Given(held::category(*one)),
        _ => Datum::Missing,
    };
    let restricted = sets.iter().any(|set| theirs(&set.import) && set.restricted);
    let paper = SubjectData {
        head: desk.head(Datum::Missing),
        request: Datum::Missing,
        category,
        purposes: Datum::Missing,
        numbers: numbers.collect(),
        handsets: who.imeis.iter().map(|imei| given("IMEI", imei.to_string())).collect(),
        findings: findings(desk, who, tell)?,
        sources: sources(desk, of_them),
        // Those that their data came in under; that there are others is not theirs to know.
        authorities: sets
            .iter()
            .filter(|set| theirs(&set.import))
            .filter_map(|set| set.authority.as_deref())
            .collect::<std::collections::BTreeSet<&str>>()
            .into_iter()
            .filter_map(|id| desk.authority(id))
            .collect(),
        recipients: Vec::new(),
        retention: Datum::Missing,
        review: review.map_or(Datum::Missing, Datum::Given),
        rectification: MeasureState::NotRecorded,
        restriction: match restricted {
            true => MeasureState::Taken(Datum::Missing),
            false => MeasureState::NotRecorded,
        },
        erasure: MeasureState::NotRecorded,
        controller: Datum::Missing,
        officer: Datum::Missing,
        complaints_to: Datum::Missing,
        signatory: Datum::Missing,
    };
    Ok(subject_data(&paper, desk.lang))
}

fn given(label: &str, value: String) -> HeldFact {
    HeldFact { label: label.to_owned(), value: Datum::Given(value), release: Release::Told }
}

fn sources(desk: &Desk<'_>, of_them: &Held) -> Vec<HeldFact> {
    let sources = of_them.rows.iter().filter_map(|rows| {
        let (entry, import) = desk.events().iter().find_map(|logged| match &logged.event {
            CaseEvent::Imported { import } if import.id == rows.import => Some((logged.sequence, import)),
            _ => None,
        })?;
        let (fr, en) = held::table(import.table);
        let value = format!("{} {}", rows.rows, desk.pick("lignes", "rows"));
        Some(HeldFact { label: desk.pick(fr, en), value: Datum::logged(value, entry), release: Release::Told })
    });
    sources.collect()
}

/// What the latest trace says of their handsets; a likelihood ratio is an assessment, and so is what it rests on.
fn findings(desk: &Desk<'_>, who: &Subject, tell: TellFindings) -> Result<Vec<Finding>, FlowError> {
    if tell == TellFindings::No || who.imeis.is_empty() {
        return Ok(Vec::new());
    }
    let lang = if desk.lang == cellsweep_papers::Lang::Fr { ReportLang::Fr } else { ReportLang::En };
    let theirs = devices(desk.case, &DeviceFilter::default())?
        .into_iter()
        .filter(|device| who.imeis.iter().any(|imei| device.imei == Some(*imei) || device.other_imeis.contains(imei)));
    let each = theirs.flat_map(|device| device.findings).map(|finding| Finding {
        sentence: Datum::Given(sentence(&finding.fact, lang)),
        nature: Nature::Assessment,
        origin: source_name(finding.source, lang).to_owned(),
        release: Release::Told,
    });
    Ok(each.collect())
}
