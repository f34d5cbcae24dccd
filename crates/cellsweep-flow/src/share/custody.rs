//! Exhibits from the find on, searches, and the officials who acted.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::authority::AuthorityKind;
use cellsweep_model::plan::Searched;
use cellsweep_model::table::Table;
use cellsweep_share::snapshot::{
    CaseSnapshot, CustodyEvent, CustodyKind, Exhibit, ExhibitKind, Person, PersonCategory, PersonRef, Search,
    SearchName,
};
use cellsweep_store::Case;
use cellsweep_sweep::{Custody, Event, EventId, FoundItem, ItemKind, Party, PartyId, Place, Spot, What};
use jiff::Timestamp;
use jiff::tz::Offset;

use super::snapshot::order_of;
use super::values::{at, may, must, words};
use crate::trace::read;
use crate::{FlowError, exhibits};

/// Adds what was entered of exhibits, and the table of searches.
pub(super) fn add(snapshot: &mut CaseSnapshot, case: &Case) -> Result<(), FlowError> {
    let known = exhibits(case)?;
    let events: Vec<&Event> = known.events().collect();
    let officials = officials(&events)?;
    snapshot.persons.extend(officials.values().map(|(row, _)| row.clone()));
    let searches = searches(case, &events)?;
    let names: BTreeMap<&EventId, &SearchName> =
        searches.iter().filter_map(|search| Some((search.event?, &search.row.search))).collect();
    let desk = Desk { case, events: &events, custody: known.custody(), officials: &officials, names: &names };
    for event in &events {
        let What::Found { items, place, .. } = &event.what else { continue };
        for item in items {
            snapshot.exhibits.push(desk.exhibit(event, item, place)?);
        }
    }
    snapshot.searches = searches.iter().map(|search| desk.with_officers(search)).collect();
    Ok(())
}

type Officials = BTreeMap<PartyId, (Person, PersonRef)>;

/// Everybody who acted or saw, numbered in the order of their accounts: a reference doesn't say a name.
fn officials(events: &[&Event]) -> Result<Officials, FlowError> {
    let mut parties: BTreeMap<&PartyId, &Party> = BTreeMap::new();
    for party in events.iter().flat_map(|event| std::iter::once(&event.by).chain(others(&event.what))) {
        parties.entry(&party.id).or_insert(party);
    }
    let row = |(number, (id, party)): (u32, (&PartyId, &Party))| -> Result<_, FlowError> {
        let person: PersonRef = must("a person's reference", &format!("O{number}"))?;
        let (name, role) = (words(party.name.as_str()), party.role.as_ref().and_then(|role| words(role.as_str())));
        let row = Person { person: person.clone(), category: PersonCategory::Official, name, role, authority: None };
        Ok((id.clone(), (row, person)))
    };
    (1..).zip(parties).map(row).collect()
}

/// Who is named beside the one who acted.
fn others(what: &What) -> Vec<&Party> {
    match what {
        What::Found { witnesses, .. } | What::Opened { witnesses, .. } | What::Destroyed { witnesses, .. } => {
            witnesses.iter().collect()
        }
        What::HandedOn { to, .. } | What::Returned { to, .. } => vec![to],
        What::Sealed { .. } | What::Acknowledged { .. } | What::Examined { .. } | What::Explained { .. } => Vec::new(),
    }
}

/// A search, and the find that tells of it.
struct Told<'a> {
    row: Search,
    event: Option<&'a EventId>,
    by: Vec<&'a PartyId>,
}

/// A search before it is numbered.
struct Searching<'a> {
    time: Timestamp,
    facility: String,
    cell: Option<String>,
    detector: Option<String>,
    found: u32,
    event: Option<&'a EventId>,
    by: Vec<&'a PartyId>,
}

/// Searches that brought a find, and those of the table that none of these is: of another cell, or another day.
fn searches<'a>(case: &Case, events: &[&'a Event]) -> Result<Vec<Told<'a>>, FlowError> {
    let mut told: Vec<Searching<'a>> = events.iter().filter_map(|event| entered(event)).collect();
    let day = |time: Timestamp| Offset::UTC.to_datetime(time).date();
    let known: BTreeSet<_> =
        told.iter().map(|search| (day(search.time), search.facility.clone(), search.cell.clone())).collect();
    for searched in read::<Searched>(case, Table::Searches)? {
        let (facility, cell) = (searched.facility.to_string(), Some(searched.cell.to_string()));
        let Some(time) = at(searched.time) else { continue };
        if !known.contains(&(day(time), facility.clone(), cell.clone())) {
            let (detector, found) = (searched.detector, searched.found);
            told.push(Searching { time, facility, cell, detector, found, event: None, by: Vec::new() });
        }
    }
    told.sort_by(|a, b| {
        (a.time, &a.facility, &a.cell, a.event, a.found).cmp(&(b.time, &b.facility, &b.cell, b.event, b.found))
    });
    (1..).zip(told).map(|(number, search)| numbered(case, number, search)).collect()
}

fn entered<'a>(event: &'a Event) -> Option<Searching<'a>> {
    let What::Found { items, place, witnesses, .. } = &event.what else { return None };
    Some(Searching {
        time: event.occurred,
        facility: place.facility.to_string(),
        cell: cell(place).map(str::to_owned),
        detector: None,
        found: u32::try_from(items.len()).unwrap_or(u32::MAX),
        event: Some(&event.id),
        by: std::iter::once(&event.by).chain(witnesses).map(|party| &party.id).collect(),
    })
}

fn numbered<'a>(case: &Case, number: u32, search: Searching<'a>) -> Result<Told<'a>, FlowError> {
    let row = Search {
        search: must("a search's name", &format!("Q{number}"))?,
        facility: must("a facility", &search.facility)?,
        cell: search.cell.as_deref().and_then(may),
        start: search.time,
        // When it ended is written down nowhere: the record is of a moment.
        end: search.time,
        detector: search.detector.as_deref().and_then(may),
        officers: Vec::new(),
        found: search.found,
        authority: order_of(case, AuthorityKind::Search, Some(&search.facility)),
    };
    Ok(Told { row, event: search.event, by: search.by })
}

fn cell(place: &Place) -> Option<&str> {
    match &place.spot {
        Spot::Cell(cell) => Some(cell.as_str()),
        Spot::Common(_) | Spot::Person | Spot::Entering | Spot::NotRecorded => None,
    }
}

/// What exhibits are put together from.
struct Desk<'a> {
    case: &'a Case,
    events: &'a [&'a Event],
    custody: Custody,
    officials: &'a Officials,
    names: &'a BTreeMap<&'a EventId, &'a SearchName>,
}

impl Desk<'_> {
    fn with_officers(&self, search: &Told<'_>) -> Search {
        let officers = search.by.iter().filter_map(|id| self.person(id)).collect();
        Search { officers, ..search.row.clone() }
    }

    fn person(&self, id: &PartyId) -> Option<PersonRef> {
        self.officials.get(id).map(|(_, person)| person.clone())
    }

    fn exhibit(&self, event: &Event, item: &FoundItem, place: &Place) -> Result<Exhibit, FlowError> {
        let history = self.custody.items.get(&item.id).map_or(&[][..], |exhibit| exhibit.history.as_slice());
        let steps: BTreeSet<_> = history.iter().collect();
        let custody = steps.into_iter().map(|(time, id)| self.step(*time, id));
        Ok(Exhibit {
            exhibit: must("an exhibit's number", item.id.as_str())?,
            kind: kind(item.kind),
            description: words(item.description.as_str()),
            // Fifteen digits have a check digit, sixteen a version: the first fourteen say which handset.
            imeis: item.imeis.iter().filter_map(|imei| may(imei.as_str().get(..14)?)).collect(),
            iccids: item.sims.iter().filter_map(|sim| may(sim.as_str())).collect(),
            search: self.names.get(&event.id).map(|name| (*name).clone()),
            facility: must("a facility", place.facility.as_str())?,
            cell: cell(place).and_then(may),
            authority: order_of(self.case, AuthorityKind::Search, Some(place.facility.as_str())),
            custody: custody.collect::<Result<Vec<_>, FlowError>>()?.into_iter().flatten().collect(),
        })
    }

    /// A step of an exhibit's way; `None` where nobody knows of it.
    fn step(&self, time: Timestamp, id: &EventId) -> Result<Option<CustodyEvent>, FlowError> {
        let Some(event) = self.events.iter().find(|event| event.id == *id) else { return Ok(None) };
        let Some(by) = self.person(&event.by.id) else { return Ok(None) };
        let (what, to, seal) = match &event.what {
            What::Found { .. } => (CustodyKind::Found, None, None),
            What::Sealed { seal, .. } => (CustodyKind::Sealed, None, Some(seal)),
            What::HandedOn { to, seals, .. } => (CustodyKind::HandedOn, Some(to), seals.first()),
            What::Acknowledged { seals, .. } => (CustodyKind::Acknowledged, None, seals.first()),
            What::Opened { seal, .. } => (CustodyKind::Opened, None, Some(seal)),
            What::Examined { .. } => (CustodyKind::Examined, None, None),
            What::Returned { to, .. } => (CustodyKind::Returned, Some(to), None),
            What::Destroyed { .. } => (CustodyKind::Destroyed, None, None),
            What::Explained { .. } => (CustodyKind::Explained, None, None),
        };
        Ok(Some(CustodyEvent {
            event: must("an event's name", id.as_str())?,
            time,
            what,
            by,
            to: to.and_then(|party| self.person(&party.id)),
            seal: seal.and_then(|seal| words(seal.as_str())),
            log_entry: self.entry(id),
        }))
    }

    fn entry(&self, id: &EventId) -> Option<u64> {
        self.case.manifest().events.iter().find_map(|logged| match &logged.event {
            cellsweep_model::case::CaseEvent::Exhibit { exhibit } if exhibit.id == id.as_str() => Some(logged.sequence),
            _ => None,
        })
    }
}

const fn kind(kind: ItemKind) -> ExhibitKind {
    match kind {
        ItemKind::Phone => ExhibitKind::Phone,
        ItemKind::Sim => ExhibitKind::Sim,
        ItemKind::Charger => ExhibitKind::Charger,
        ItemKind::Other => ExhibitKind::Other,
    }
}
