//! A report of a seal, with all that happened to what is in it.

use std::collections::BTreeMap;

use cellsweep_papers::{
    ChainBreak, Custody as Chain, Datum, Explanation, NamedDigest, Paper, SealReport, SealStep, SealedItem, Source,
    StepKind, seal_report,
};
use cellsweep_sweep::{Broken, Custody, Event, EventId, Exhibits, FoundItem, ItemId, SealNumber, What};

use super::Desk;
use super::search::{entry_of, imeis, kind};
use crate::sheet::break_code;
use crate::{FlowError, exhibits};

pub(super) fn report(desk: &Desk<'_>, number: &str) -> Result<Paper, FlowError> {
    let none = || FlowError::Exhibit { place: number.to_owned(), why: "nobody has put this seal on".to_owned() };
    let number: SealNumber = number.parse().map_err(|_not_one| none())?;
    let known = exhibits(desk.case)?;
    let custody = known.custody();
    let seal = custody.seals.get(&number).ok_or_else(none)?;
    let put_on = known.events().find(|event| event.id == seal.put_on).ok_or_else(none)?;
    let entry = entry_of(desk, put_on);
    let photos = match &put_on.what {
        What::Sealed { photos, .. } if !photos.is_empty() => Datum::logged(
            photos
                .iter()
                .map(|photo| NamedDigest { name: photo.file.to_string(), sha256: photo.digest.to_string() })
                .collect(),
            entry,
        ),
        _ => Datum::Missing,
    };
    let items = seal.items.iter().filter_map(|item| sealed(desk, &known, item)).collect();
    let paper = SealReport {
        head: desk.head(Datum::Missing),
        number: Datum::logged(number.to_string(), entry),
        sealed_at: Datum::logged(put_on.occurred, entry),
        sealed_by: Datum::logged(put_on.by.name.as_str().to_owned(), entry),
        place: Datum::Missing,
        witnesses: Vec::new(),
        items,
        photos,
        custody: Chain::Steps(steps(desk, &known, &custody, &seal.items)),
    };
    Ok(seal_report(&paper, desk.lang))
}

fn sealed(desk: &Desk<'_>, known: &Exhibits, id: &ItemId) -> Option<SealedItem> {
    let found = |event: &Event| -> Option<(u64, FoundItem)> {
        let What::Found { items, .. } = &event.what else { return None };
        let item = items.iter().find(|item| item.id == *id)?;
        Some((entry_of(desk, event), item.clone()))
    };
    let (entry, item) = known.events().find_map(found)?;
    Some(SealedItem {
        id: id.to_string(),
        kind: kind(item.kind),
        description: item.description.as_str().to_owned(),
        imeis: imeis(&item),
        source: Source::entry(entry),
    })
}

/// Every event of the items, once each, in the order in which they happened.
fn steps(desk: &Desk<'_>, known: &Exhibits, custody: &Custody, items: &[ItemId]) -> Vec<SealStep> {
    let mut history: BTreeMap<(jiff::Timestamp, &EventId), &Event> = BTreeMap::new();
    for (at, id) in items.iter().filter_map(|item| custody.items.get(item)).flat_map(|exhibit| &exhibit.history) {
        if let Some(event) = known.events().find(|event| event.id == *id) {
            history.insert((*at, id), event);
        }
    }
    let step = |event: &Event| {
        let (kind, detail) = told(&event.what)?;
        let entry = entry_of(desk, event);
        let breaks = custody.breaks.iter().filter(|broken| broken.event == event.id);
        Some(SealStep {
            at: event.occurred,
            kind,
            by: Datum::logged(event.by.name.as_str().to_owned(), entry),
            detail: detail.map_or(Datum::Missing, |text| Datum::logged(text, entry)),
            breaks: breaks.map(|broken| chain_break(desk, known, broken)).collect(),
            source: Source::entry(entry),
        })
    };
    history.values().filter_map(|event| step(event)).collect()
}

fn told(what: &What) -> Option<(StepKind, Option<String>)> {
    let said = match what {
        What::Found { place, .. } => (StepKind::Found, Some(place.facility.to_string())),
        What::Sealed { seal, .. } => (StepKind::Sealed, Some(seal.to_string())),
        What::HandedOn { to, .. } => (StepKind::HandedOn, Some(to.name.as_str().to_owned())),
        What::Acknowledged { .. } => (StepKind::Acknowledged, None),
        What::Opened { reason, .. } => (StepKind::Opened, Some(reason.as_str().to_owned())),
        What::Examined { report, .. } => (StepKind::Examined, Some(report.file.to_string())),
        What::Returned { to, .. } => (StepKind::Returned, Some(to.name.as_str().to_owned())),
        What::Destroyed { .. } => (StepKind::Destroyed, None),
        // An explanation stands beside the break that it explains.
        What::Explained { .. } => return None,
    };
    Some(said)
}

fn chain_break(desk: &Desk<'_>, known: &Exhibits, broken: &Broken) -> ChainBreak {
    let explained = broken.explained_by.iter().filter_map(|id| {
        let event = known.events().find(|event| event.id == *id)?;
        let What::Explained { text, .. } = &event.what else { return None };
        Some(Explanation {
            text: text.as_str().to_owned(),
            by: event.by.name.as_str().to_owned(),
            at: event.occurred,
            source: Source::entry(entry_of(desk, event)),
        })
    });
    ChainBreak { code: break_code(&broken.what), detail: String::new(), explanations: explained.collect() }
}
