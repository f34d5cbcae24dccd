//! Exhibits, their histories, and the register of confiscations.

use std::collections::BTreeMap;

use cellsweep_store::Case;
use cellsweep_sweep::{Custody, Event, Exhibits, FindRule, FoundItem, Holder, ItemId, ItemState, Place, Spot, What};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Eyes, Prisons, Text, Views};
use crate::sheet::{break_words, kind, words};
use crate::{FlowError, exhibits, register};

/// An exhibit in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExhibitLine {
    /// Its number.
    pub item: String,
    /// What it is.
    pub kind: Text,
    /// Where it was found; `None` where no find brought it in.
    pub facility: Option<String>,
    /// In which cell.
    pub cell: Option<String>,
    /// When, RFC 3339.
    pub found_at: Option<String>,
    /// Who has it.
    pub holder: String,
    /// Under which seal.
    pub seal: Option<String>,
    /// `found`, `sealed`, `open`, `returned` or `destroyed`.
    pub state: &'static str,
    /// Places where its chain doesn't hold.
    pub breaks: usize,
}

/// All exhibits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustodyView {
    /// By number.
    pub exhibits: Vec<ExhibitLine>,
}

/// Something that happened to an exhibit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExhibitStep {
    /// When, RFC 3339.
    pub at: String,
    /// Who entered it.
    pub by: String,
    /// What.
    pub what: Text,
}

/// An exhibit's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExhibitPage {
    /// How it stands.
    pub line: ExhibitLine,
    /// What happened, in order.
    pub events: Vec<ExhibitStep>,
    /// Where its chain doesn't hold.
    pub breaks: Vec<Text>,
}

/// Confiscations of a month in a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegisterLine {
    /// `YYYY-MM`.
    pub month: String,
    /// Where.
    pub facility: String,
    /// Finds, as the rule counts them.
    pub finds: u32,
    /// Items of any kind.
    pub items: u32,
}

/// The register of confiscations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RegisterView {
    /// By month and facility.
    pub rows: Vec<RegisterLine>,
}

impl Views {
    /// Every exhibit that may be seen.
    ///
    /// # Errors
    /// When the log holds an event that this version can't read.
    pub fn custody(case: &Case, eyes: &Eyes) -> Result<CustodyView, FlowError> {
        let known = exhibits(case)?;
        let custody = known.custody();
        let lines = custody.items.keys().map(|item| exhibit_line(&known, &custody, item));
        Ok(CustodyView { exhibits: lines.filter(|line| may_see(line, eyes)).collect() })
    }

    /// One exhibit's history; `None` where there is none that may be seen.
    ///
    /// # Errors
    /// As [`Views::custody`].
    pub fn exhibit(case: &Case, item: &ItemId, eyes: &Eyes) -> Result<Option<ExhibitPage>, FlowError> {
        let known = exhibits(case)?;
        let custody = known.custody();
        let Some(exhibit) = custody.items.get(item) else { return Ok(None) };
        let line = exhibit_line(&known, &custody, item);
        if !may_see(&line, eyes) {
            return Ok(None);
        }
        let events = exhibit.history.iter().filter_map(|(_, id)| known.events().find(|event| event.id == *id));
        let step = |event: &Event| ExhibitStep {
            at: event.occurred.to_string(),
            by: event.by.name.as_str().to_owned(),
            what: Text::both(|lang| words(&event.what, lang)),
        };
        let breaks = custody.breaks_of(item);
        Ok(Some(ExhibitPage {
            line,
            events: events.map(step).collect(),
            breaks: breaks.into_iter().map(|broken| Text::both(|lang| break_words(&broken.what, lang))).collect(),
        }))
    }

    /// The register of confiscations, counted item by item.
    ///
    /// # Errors
    /// As [`Views::custody`].
    pub fn register(case: &Case, eyes: &Eyes) -> Result<RegisterView, FlowError> {
        let register = register(case, FindRule::EachPhone)?;
        let mut months: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
        for row in &register.rows {
            let facility = row.place.facility.to_string();
            if facility.parse().is_ok_and(|id| eyes.see(&id)) {
                let month = row.at.strftime("%Y-%m").to_string();
                let sum = months.entry((month, facility)).or_default();
                sum.0 += row.finds;
                sum.1 += 1;
            }
        }
        let line =
            |((month, facility), (finds, items)): (_, (u32, u32))| RegisterLine { month, facility, finds, items };
        Ok(RegisterView { rows: months.into_iter().map(line).collect() })
    }
}

/// What isn't known to be of any facility is seen by those who see all.
fn may_see(line: &ExhibitLine, eyes: &Eyes) -> bool {
    match line.facility.as_ref().and_then(|id| id.parse().ok()) {
        Some(id) => eyes.see(&id),
        None => eyes.facilities == Prisons::All,
    }
}

fn found<'a>(known: &'a Exhibits, item: &ItemId) -> Option<(&'a Event, &'a Place, &'a FoundItem)> {
    known.events().find_map(|event| match &event.what {
        What::Found { items, place, .. } => {
            items.iter().find(|found| found.id == *item).map(|found| (event, place, found))
        }
        _ => None,
    })
}

fn exhibit_line(known: &Exhibits, custody: &Custody, item: &ItemId) -> ExhibitLine {
    let exhibit = &custody.items[item];
    let found = found(known, item);
    let name = |id: &cellsweep_sweep::PartyId| {
        let of = known.events().find(|event| event.by.id == *id);
        of.map_or_else(|| id.to_string(), |event| event.by.name.as_str().to_owned())
    };
    let (state, seal) = match &exhibit.state {
        ItemState::Found => ("found", None),
        ItemState::Sealed(seal) => ("sealed", Some(seal.to_string())),
        ItemState::Open => ("open", None),
        ItemState::Returned => ("returned", None),
        ItemState::Destroyed => ("destroyed", None),
    };
    let holder = match &exhibit.holder {
        Holder::Held(party) => name(party),
        Holder::UnderWay { from, to, .. } => format!("{} → {}", name(from), name(to)),
        // It was returned or destroyed, which its state says.
        Holder::Nobody => "–".to_owned(),
    };
    ExhibitLine {
        item: item.to_string(),
        kind: found
            .map_or_else(|| Text::new("?", "?"), |(_, _, item)| Text::both(|lang| kind(item.kind, lang).to_owned())),
        facility: found.map(|(_, place, _)| place.facility.to_string()),
        cell: found.and_then(|(_, place, _)| match &place.spot {
            Spot::Cell(cell) => Some(cell.to_string()),
            _ => None,
        }),
        found_at: found.map(|(event, ..)| event.occurred.to_string()),
        holder,
        seal,
        state,
        breaks: custody.breaks_of(item).len(),
    }
}
