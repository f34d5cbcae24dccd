//! Exhibits from cell to court: what happened to them goes into the case's log, and comes back as
//! the chain that it makes.

use std::path::Path;

use cellsweep_model::case::{CaseEvent, Digest, ExhibitEvent};
use cellsweep_store::{Case, CaseWriter};
use cellsweep_sweep::{Applied, Broken, Custody, Event, Exhibits, What, wire};
use serde::Serialize;

use crate::{FlowError, Session};

/// What became of events that were entered.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entered {
    /// Taken into the log.
    pub new: usize,
    /// Known already, to the byte.
    pub known: usize,
    /// Known under the same id with another content: both are kept, neither counts.
    pub contradicting: usize,
    /// What of the chain they break: shown, never mended in silence.
    pub breaks: Vec<Broken>,
}

/// All that a case knows of its exhibits.
///
/// # Errors
/// When the log holds an event that this version can't read.
pub fn exhibits(case: &Case) -> Result<Exhibits, FlowError> {
    let mut exhibits = Exhibits::new();
    for event in case.manifest().exhibits().filter(|event| event.wire != cellsweep_store::ERASED) {
        let bad = |why: String| FlowError::Exhibit { place: event.id.clone(), why };
        let parsed = wire::read(&event.wire).map_err(|error| bad(error.to_string()))?;
        exhibits.apply(parsed).map_err(|error| bad(error.to_string()))?;
    }
    Ok(exhibits)
}

/// Events from a file, one a line, in the form in which devices send them.
///
/// # Errors
/// The first line that is no event.
pub fn read_events(path: &Path) -> Result<Vec<Event>, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(at, line): (usize, &str)| {
        let place = || format!("{}:{}", path.display(), at + 1);
        wire::read(line).map_err(|error| FlowError::Exhibit { place: place(), why: error.to_string() })
    };
    lines.map(read).collect()
}

/// The SHA-256 of a file that belongs to an exhibit: a photo, a report, a receipt.
///
/// # Errors
/// When it can't be read.
pub fn file_digest(path: &Path) -> Result<Digest, FlowError> {
    Ok(cellsweep_store::digest_of_file(path)?)
}

/// Takes events into the log: all of those that are new, or none. What is known already changes
/// nothing, and nothing is refused for what other events say.
///
/// # Errors
/// When an event makes no sense by itself, or the log can't be written.
pub fn enter(case: &mut CaseWriter, events: Vec<Event>, session: &Session<'_>) -> Result<Entered, FlowError> {
    let mut known = exhibits(case.case())?;
    let before = known.custody().breaks;
    let mut entered = Entered::default();
    let mut taken = Vec::new();
    for event in events {
        let refused = |why: String| FlowError::Exhibit { place: event.id.to_string(), why };
        match known.apply(event.clone()).map_err(|error| refused(error.to_string()))? {
            Applied::Known => {
                entered.known += 1;
                continue;
            }
            Applied::New => entered.new += 1,
            Applied::Contradicts => entered.contradicting += 1,
        }
        taken.push(event);
    }
    let custody = known.custody();
    let mut logged = Vec::with_capacity(taken.len());
    for event in &taken {
        let refused = |why: String| FlowError::Exhibit { place: event.id.to_string(), why };
        let wire = wire::write(event).map_err(|error| refused(error.to_string()))?;
        let (kind, items) = about(event, &known, &custody);
        let exhibit = ExhibitEvent { id: event.id.to_string(), kind: kind.to_owned(), items, wire };
        logged.push((CaseEvent::Exhibit { exhibit }, Some(event.occurred)));
    }
    case.log_all(logged, session.now())?;
    entered.breaks = custody.breaks.into_iter().filter(|broken| !before.contains(broken)).collect();
    Ok(entered)
}

/// What happened, and the items that it happened to, those under its seals among them.
fn about(event: &Event, known: &Exhibits, custody: &Custody) -> (&'static str, Vec<String>) {
    let under = |seals: &[cellsweep_sweep::SealNumber]| {
        let of_seal = custody.seals.iter().filter(|(number, _)| seals.contains(number));
        of_seal.flat_map(|(_, seal)| &seal.items).map(ToString::to_string).collect::<Vec<_>>()
    };
    let (kind, mut items): (_, Vec<String>) = match &event.what {
        What::Found { items, .. } => ("found", items.iter().map(|item| item.id.to_string()).collect()),
        What::Sealed { items, .. } => ("sealed", items.iter().map(ToString::to_string).collect()),
        What::HandedOn { seals, items, .. } => {
            ("handed_on", items.iter().map(ToString::to_string).chain(under(seals)).collect())
        }
        What::Acknowledged { seals, items, .. } => {
            ("acknowledged", items.iter().map(ToString::to_string).chain(under(seals)).collect())
        }
        What::Opened { seal, .. } => ("opened", under(std::slice::from_ref(seal))),
        What::Examined { items, .. } => ("examined", items.iter().map(ToString::to_string).collect()),
        What::Returned { items, .. } => ("returned", items.iter().map(ToString::to_string).collect()),
        What::Destroyed { items, .. } => ("destroyed", items.iter().map(ToString::to_string).collect()),
        What::Explained { about: explained, .. } => {
            let others = known.events().filter(|other| other.id == *explained && other.id != event.id);
            let others = others.filter(|other| !matches!(other.what, What::Explained { .. }));
            ("explained", others.flat_map(|other| about(other, known, custody).1).collect())
        }
    };
    items.sort();
    items.dedup();
    (kind, items)
}
