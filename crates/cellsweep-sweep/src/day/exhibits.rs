//! What the day means for exhibits: its finds, seals and hand-overs as events of custody.

use super::sense;
use super::view::{Dated, View};
use super::what::DayWhat;
use crate::event::{Event, Occasion, What};
use crate::id::EventId;
use crate::state::Exhibits;

impl View<'_> {
    /// The day's finds and what became of them, as custody's events with corrected times. A find that was sealed at
    /// once makes two: a device's count goes in steps of two, so that both have a place in it.
    ///
    /// Times may change as long as clocks are still measured: take them into a case once the day is closed.
    pub fn exhibit_events(&self) -> Vec<Event> {
        let occasion = self.occasion();
        self.entries().iter().flat_map(|dated| events(dated, &occasion)).collect()
    }

    /// The exhibits as custody knows them.
    pub fn exhibits(&self) -> Exhibits {
        let mut exhibits = Exhibits::new();
        for event in self.exhibit_events() {
            // What custody would refuse was refused as a day's entry.
            let _ = exhibits.apply(event);
        }
        exhibits
    }

    fn occasion(&self) -> Occasion {
        match self.opened().map(|(_, event)| &event.what) {
            Some(DayWhat::Opened { plan, .. }) => Occasion::Planned(plan.operation.clone()),
            _ => Occasion::NotRecorded,
        }
    }
}

fn events(dated: &Dated<'_>, occasion: &Occasion) -> Vec<Event> {
    match &dated.event.what {
        DayWhat::Found { cell, find } => {
            let found = first(dated, find.found(cell, occasion));
            let sealed = find.sealed().and_then(|what| second(&found, what));
            std::iter::once(found).chain(sealed).collect()
        }
        DayWhat::Exhibit { what } => vec![first(dated, what.clone())],
        _ => Vec::new(),
    }
}

fn first(dated: &Dated<'_>, what: What) -> Event {
    let event = sense::with(dated.event, what);
    Event { occurred: dated.at, sequence: event.sequence.saturating_mul(2), ..event }
}

/// The seal of a find.
fn second(found: &Event, what: What) -> Option<Event> {
    let id: EventId = format!("{}/seal", found.id).parse().ok()?;
    Some(Event { id, sequence: found.sequence.saturating_add(1), what, ..found.clone() })
}
