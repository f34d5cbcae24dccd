//! What makes no sense by itself is refused. It never depends on other entries: those may come later.

use std::collections::BTreeSet;

use super::find::{Find, ImeiRead, Lay, ModelClass, Power, Screen};
use super::plan::{CellRef, Plan, PlannedCell};
use super::what::{DayEvent, DayWhat};
use crate::event::{Event, ItemKind, What};
use crate::limits;
use crate::state;

/// Why an entry is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// An id that is not its own device's.
    #[error("an entry's id is DEVICE:SEQUENCE, of the device and the count that it names")]
    Id,
    /// A count that no device reaches.
    #[error("a device counts its entries from 1 to {}", limits::SEQUENCE)]
    Sequence,
    /// Too much of something.
    #[error("more witnesses, photos, seals or cells than any entry has")]
    TooMany,
    /// Something twice.
    #[error("a cell, a team or a site stands in the plan twice")]
    Twice,
    /// A plan that doesn't hold together.
    #[error("the plan names a team or a site that it doesn't have")]
    Plan,
    /// A phone whose state nobody entered.
    #[error("a phone is entered with its state: on, off, or unknown")]
    State,
    /// A phone that was off and is said to have shown something.
    #[error("a phone that is found off stays off: its screen shows nothing")]
    OffStaysOff,
    /// A phone that is none.
    #[error("only a phone has a state, a class and an IMEI")]
    NoPhone,
    /// A find that goes around the find's own form.
    #[error("finds are entered as finds")]
    FindAsExhibit,
    /// A measure of a clock that says nothing.
    #[error("a clock is measured to an hour at least")]
    Clock,
    /// What custody refuses.
    #[error("{0}")]
    Custody(state::Refusal),
}

/// # Errors
/// Where the entry makes no sense by itself.
pub(crate) fn sensible(event: &DayEvent) -> Result<(), Refusal> {
    if !(1..=limits::SEQUENCE).contains(&event.sequence) {
        return Err(Refusal::Sequence);
    }
    if event.device.as_str().len() > limits::DEVICE_BYTES || event.id.as_str() != own_id(event) {
        return Err(Refusal::Id);
    }
    match &event.what {
        DayWhat::Opened { plan, command } => bounded(command.len(), limits::FEW).and_then(|()| whole(plan)),
        DayWhat::Replanned { site, number, cells, .. } => {
            bounded(cells.len(), limits::CELLS)?;
            once(cells.iter().map(|planned| &planned.cell))?;
            if *number == 0 || cells.iter().any(|planned| planned.cell.facility != *site) {
                return Err(Refusal::Plan);
            }
            Ok(())
        }
        DayWhat::ClockMeasured { within_ms, .. } if *within_ms > limits::CLOCK_MS => Err(Refusal::Clock),
        DayWhat::Found { cell, find } => find_is_sensible(event, cell, find),
        DayWhat::Exhibit { what } => exhibit(event, what),
        _ => Ok(()),
    }
}

fn own_id(event: &DayEvent) -> String {
    format!("{}:{}", event.device, event.sequence)
}

fn bounded(count: usize, most: usize) -> Result<(), Refusal> {
    if count > most { Err(Refusal::TooMany) } else { Ok(()) }
}

fn once<T: Ord>(things: impl IntoIterator<Item = T>) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    if things.into_iter().all(|thing| seen.insert(thing)) { Ok(()) } else { Err(Refusal::Twice) }
}

fn whole(plan: &Plan) -> Result<(), Refusal> {
    bounded(plan.cells.len(), limits::CELLS)?;
    bounded(plan.teams.len().max(plan.sites.len()), limits::TEAMS)?;
    once(&plan.sites)?;
    once(plan.teams.iter().map(|team| &team.team))?;
    once(plan.cells.iter().map(|planned| &planned.cell))?;
    let sites: BTreeSet<_> = plan.sites.iter().collect();
    let teams: BTreeSet<_> = plan.teams.iter().map(|team| &team.team).collect();
    let known = |planned: &PlannedCell| sites.contains(&planned.cell.facility) && teams.contains(&planned.team);
    if plan.cells.iter().all(known) && plan.teams.iter().all(|team| sites.contains(&team.site)) {
        Ok(())
    } else {
        Err(Refusal::Plan)
    }
}

fn find_is_sensible(event: &DayEvent, cell: &CellRef, find: &Find) -> Result<(), Refusal> {
    bounded(find.photos.len().max(find.witnesses.len()).max(find.sims.len()), limits::FEW)?;
    state_fits(find)?;
    custody(event, find.found(cell, &crate::event::Occasion::NotRecorded))
}

fn state_fits(find: &Find) -> Result<(), Refusal> {
    let imeis = [&find.imei, &find.second_imei];
    if find.kind != ItemKind::Phone {
        let none = imeis.iter().all(|imei| **imei == ImeiRead::NotApplicable);
        let fits = none && find.state == Power::NotApplicable && find.class == ModelClass::NotApplicable;
        return if fits { Ok(()) } else { Err(Refusal::NoPhone) };
    }
    let shown = find.screen == Screen::Lit || imeis.iter().any(|imei| matches!(imei, ImeiRead::Shown(_)));
    match find.state {
        Power::NotApplicable => Err(Refusal::State),
        Power::Off if shown => Err(Refusal::OffStaysOff),
        Power::On | Power::Off | Power::Unknown => Ok(()),
    }
}

fn exhibit(event: &DayEvent, what: &What) -> Result<(), Refusal> {
    match what {
        What::Found { .. } => return Err(Refusal::FindAsExhibit),
        What::Sealed { items, .. } => bounded(items.len(), limits::MANY)?,
        What::HandedOn { seals, items, rehashed, .. } | What::Acknowledged { seals, items, rehashed, .. } => {
            bounded(seals.len().max(items.len()).max(rehashed.len()), limits::MANY)?;
        }
        _ => {}
    }
    custody(event, what.clone())
}

fn custody(event: &DayEvent, what: What) -> Result<(), Refusal> {
    state::sensible(&with(event, what)).map_err(Refusal::Custody)
}

/// The same envelope about an exhibit.
pub(super) fn with(event: &DayEvent, what: What) -> Event {
    Event {
        id: event.id.clone(),
        occurred: event.occurred,
        received: event.received,
        device: event.device.clone(),
        sequence: event.sequence,
        by: event.by.clone(),
        what,
    }
}

/// Whether it lay on a person.
pub(super) fn on_a_person(find: &Find) -> bool {
    find.lay == Lay::Person
}
