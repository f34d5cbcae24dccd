//! What is known of exhibits, for people to read.

use std::io::{self, Write};

use cellsweep_flow::exhibits;
use cellsweep_flow::sweep::{Custody, Event, Exhibit, ItemId, ItemState, Register, Spot, What};
use clap::Args;
use serde_json::json;

use crate::commands::show as print;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Show one item's history, with every break of its chain.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The item.
    #[arg(value_name = "ITEM")]
    item: ItemId,

    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// List the items: where they are, under which seal, in whose hands.
#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "custody")?;
        let known = exhibits(&case)?;
        let custody = known.custody();
        let Some(item) = custody.items.get(&self.item) else {
            let error = ShellError::new(Kind::User, format!("no find has brought {} in", self.item));
            return Err(error.hint("`cellsweep custody list` shows the items"));
        };
        let events: Vec<&Event> =
            item.history.iter().filter_map(|(_, id)| known.events().find(|event| event.id == *id)).collect();
        if self.json {
            let breaks = custody.breaks_of(&self.item);
            print::json(&shell.ui, &json!({ "item": self.item, "is": item, "events": events, "breaks": breaks }))?;
        } else {
            shell.ui.write_result(|out| write_history(out, &self.item, item, &events, &custody))?;
        }
        Ok(Exit::Fine)
    }
}

impl List {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "custody")?;
        let custody = exhibits(&case)?.custody();
        if self.json {
            print::json(&shell.ui, &custody)?;
            return Ok(Exit::Fine);
        }
        shell.ui.write_result(|out| {
            for (id, item) in &custody.items {
                writeln!(out, "{id}: {}, {}", state(&item.state), item.holder)?;
            }
            for (number, hand_over) in custody.under_way() {
                writeln!(out, "{number} to {} is not acknowledged", hand_over.to)?;
            }
            custody.breaks.iter().try_for_each(|broken| {
                let explained = if broken.explained_by.is_empty() { "" } else { " (explained)" };
                writeln!(out, "the chain breaks at {}: {}{explained}", broken.event, broken.what)
            })
        })?;
        Ok(Exit::Fine)
    }
}

fn state(state: &ItemState) -> String {
    match state {
        ItemState::Found => "found, under no seal".to_owned(),
        ItemState::Sealed(seal) => format!("under seal {seal}"),
        ItemState::Open => "its seal is open".to_owned(),
        ItemState::Returned => "returned".to_owned(),
        ItemState::Destroyed => "destroyed".to_owned(),
    }
}

fn write_history(
    out: &mut dyn Write,
    id: &ItemId,
    item: &Exhibit,
    events: &[&Event],
    custody: &Custody,
) -> io::Result<()> {
    writeln!(out, "{id}: {}, {}", state(&item.state), item.holder)?;
    for event in events {
        writeln!(out, "  {}  {}  {} ({})", event.occurred, event.by.name, words(&event.what), event.id)?;
        for broken in custody.breaks.iter().filter(|broken| broken.event == event.id) {
            let explained: Vec<String> = broken.explained_by.iter().map(ToString::to_string).collect();
            let beside = if explained.is_empty() { String::new() } else { format!(" (see {})", explained.join(", ")) };
            writeln!(out, "      BREAK: {}{beside}", broken.what)?;
        }
    }
    Ok(())
}

fn words(what: &What) -> String {
    let list = |texts: Vec<String>| texts.join(", ");
    match what {
        What::Found { place, .. } => {
            let spot = match &place.spot {
                Spot::Cell(cell) => format!("cell {cell}"),
                Spot::Common(place) => place.to_string(),
                Spot::Person => "on a person".to_owned(),
                Spot::Entering => "on its way in".to_owned(),
                Spot::NotRecorded => "where is not recorded".to_owned(),
            };
            let hidden = place.hiding_place.as_ref().map(|hidden| format!(", {hidden}")).unwrap_or_default();
            format!("found in {}, {spot}{hidden}", place.facility)
        }
        What::Sealed { seal, .. } => format!("put under seal {seal}"),
        What::HandedOn { to, seals, .. } => {
            format!("handed to {} under seals {}", to.name, list(seals.iter().map(ToString::to_string).collect()))
        }
        What::Acknowledged { hand_over, .. } => format!("received hand-over {hand_over}"),
        What::Opened { seal, reason, .. } => format!("opened seal {seal}: {reason}"),
        What::Examined { report, .. } => format!("examined; report {} ({})", report.file, report.digest),
        What::Returned { to, .. } => format!("returned to {}", to.name),
        What::Destroyed { .. } => "destroyed".to_owned(),
        What::Explained { about, text } => format!("explained {about}: {text}"),
    }
}

pub(super) fn write_register(out: &mut dyn Write, register: &Register) -> io::Result<()> {
    for row in &register.rows {
        let (at, item, facility) = (row.at, &row.item, &row.place.facility);
        let kind = serde_json::to_value(row.kind)?.as_str().unwrap_or_default().to_owned();
        let mark = if row.finds == 0 { "  (counted with another item)" } else { "" };
        writeln!(out, "{at}  {facility}  {item}  {kind}{mark}")?;
    }
    let rule = serde_json::to_value(register.one_find)?.as_str().unwrap_or_default().replace('_', " ");
    writeln!(out, "{} items, {} finds where {rule} is one", register.rows.len(), register.finds())
}
