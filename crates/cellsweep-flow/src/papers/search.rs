//! A report of a search, from what was entered as found in it.

use cellsweep_papers::{
    Datum, FoundItem, Imeis, ItemKind as PaperItem, Outcome, Paper, PhoneState, SealOf, SearchReport, Source,
    search_report,
};
use cellsweep_sweep::{Custody, Event, FoundItem as Found, ItemId, ItemKind, ItemState, Spot, What};

use super::Desk;
use crate::{FlowError, exhibits};

pub(super) fn report(desk: &Desk<'_>, item: Option<&str>) -> Result<Paper, FlowError> {
    let Some(item) = item else {
        return Ok(search_report(&SearchReport::blank(desk.head(Datum::Missing)), desk.lang));
    };
    let none = || FlowError::Exhibit { place: item.to_owned(), why: "no find has brought it in".to_owned() };
    let id: ItemId = item.parse().map_err(|_not_one| none())?;
    let known = exhibits(desk.case)?;
    let custody = known.custody();
    let holds =
        |event: &&Event| matches!(&event.what, What::Found { items, .. } if items.iter().any(|found| found.id == id));
    let event = known.events().find(holds).ok_or_else(none)?;
    let What::Found { items, place, witnesses, .. } = &event.what else { return Err(none()) };
    let entry = entry_of(desk, event);
    let hiding_place = place.hiding_place.as_ref().map(|text| text.as_str().to_owned());
    let found = items.iter().map(|item| FoundItem {
        id: item.id.to_string(),
        kind: kind(item.kind),
        description: item.description.as_str().to_owned(),
        hiding_place: hiding_place.clone().map_or(Datum::Missing, |text| Datum::logged(text, entry)),
        state: if item.kind == ItemKind::Phone { PhoneState::NotRecorded } else { PhoneState::NotAPhone },
        imeis: imeis(item),
        seal: seal(&custody, &item.id),
        source: Source::entry(entry),
    });
    let spot = match &place.spot {
        Spot::Cell(cell) => Datum::logged(cell.to_string(), entry),
        Spot::Common(text) => Datum::logged(text.as_str().to_owned(), entry),
        Spot::Person => Datum::logged(desk.pick("sur une personne", "on a person"), entry),
        Spot::Entering => Datum::logged(desk.pick("à son entrée", "on its way in"), entry),
        Spot::NotRecorded => Datum::Missing,
    };
    let paper = SearchReport {
        facility: Datum::logged(place.facility.to_string(), entry),
        place: spot,
        officers: vec![Datum::logged(event.by.name.as_str().to_owned(), entry)],
        witnesses: witnesses.iter().map(|seen| Datum::logged(seen.name.as_str().to_owned(), entry)).collect(),
        outcome: Datum::logged(Outcome::Found(found.collect()), entry),
        ..SearchReport::blank(desk.head(Datum::Missing))
    };
    Ok(search_report(&paper, desk.lang))
}

/// The entry of the log that an event stands in.
pub(super) fn entry_of(desk: &Desk<'_>, event: &Event) -> u64 {
    let entry = desk.events().iter().find_map(|logged| match &logged.event {
        cellsweep_model::case::CaseEvent::Exhibit { exhibit } if exhibit.id == event.id.as_str() => {
            Some(logged.sequence)
        }
        _ => None,
    });
    entry.unwrap_or_default()
}

pub(super) const fn kind(kind: ItemKind) -> PaperItem {
    match kind {
        ItemKind::Phone => PaperItem::Phone,
        ItemKind::Sim => PaperItem::Sim,
        ItemKind::Charger => PaperItem::Charger,
        ItemKind::Other => PaperItem::Other,
    }
}

pub(super) fn imeis(item: &Found) -> Imeis {
    match (item.kind, item.imeis.is_empty()) {
        (ItemKind::Phone, true) => Imeis::NotRecorded,
        (_, true) => Imeis::NotApplicable,
        (_, false) => Imeis::Read(item.imeis.iter().map(|imei| imei.as_str().to_owned()).collect()),
    }
}

fn seal(custody: &Custody, item: &ItemId) -> SealOf {
    match custody.items.get(item).map(|exhibit| &exhibit.state) {
        Some(ItemState::Sealed(number)) => SealOf::Sealed(number.to_string()),
        Some(ItemState::Found) => SealOf::NotSealed,
        _ => SealOf::NotRecorded,
    }
}
