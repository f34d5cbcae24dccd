//! What a person enters at a desk, as the events that a device would send.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use cellsweep_flow::sweep::{
    Attachment, CellName, Condition, Digest, Event, EventId, FacilityName, FoundItem, HandOverId, Iccid, IdError, Imei,
    ItemId, ItemKind, Occasion, Party, PartyId, Place, SealNumber, Spot, Text, What,
};
use cellsweep_flow::{FlowError, enter, file_digest, open_even_locked};
use clap::{Args, Subcommand};

use super::Rule;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// What every entry has.
#[derive(Debug, Args)]
pub(super) struct Entry {
    #[command(flatten)]
    case: CaseArg,

    /// Who acts.
    #[arg(long, value_name = "NAME")]
    by: String,

    /// When it happened; now if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Enter {
    /// Items were found; whoever enters it found them and holds them.
    Found {
        /// What: ID=phone:DESCRIPTION, or sim, charger, other.
        #[arg(value_name = "ID=KIND:TEXT", required = true, value_parser = item)]
        items: Vec<FoundItem>,
        /// An item's IMEI: ID=IMEI.
        #[arg(long, value_name = "ID=IMEI")]
        imei: Vec<String>,
        /// An item's SIM: ID=ICCID.
        #[arg(long, value_name = "ID=ICCID")]
        sim: Vec<String>,
        /// In which facility.
        #[arg(long, value_name = "ID")]
        facility: FacilityName,
        /// In which cell.
        #[arg(long, value_name = "CELL")]
        cell: Option<CellName>,
        /// In which common place.
        #[arg(long, value_name = "TEXT", conflicts_with = "cell")]
        common: Option<Text>,
        /// On a person.
        #[arg(long, conflicts_with_all = ["cell", "common"])]
        person: bool,
        /// On its way in: over the wall, in a parcel, by drone.
        #[arg(long, conflicts_with_all = ["cell", "common", "person"])]
        entering: bool,
        /// The hiding place.
        #[arg(long, value_name = "TEXT")]
        hidden: Option<Text>,
        /// The search day that it belongs to; a routine search if not given.
        #[arg(long, value_name = "NAME")]
        planned: Option<Text>,
        /// What counts as one find here.
        #[arg(long, value_name = "RULE", value_enum, default_value_t = Rule::EachPhone)]
        one_find: Rule,
        /// Who saw it.
        #[arg(long, value_name = "NAME")]
        witness: Vec<String>,
        /// A photo of the items where they lay; its digest is kept.
        #[arg(long, value_name = "FILE")]
        photo: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Items were put under a seal together.
    Sealed {
        /// What is in it.
        #[arg(value_name = "ITEM", required = true)]
        items: Vec<ItemId>,
        /// The number printed on it.
        #[arg(long, value_name = "NUMBER")]
        seal: SealNumber,
        /// A photo of the seal.
        #[arg(long, value_name = "FILE")]
        photo: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Whoever holds them gives them to somebody; complete when the receiver acknowledges.
    HandedOn {
        /// Items that are under no seal.
        #[arg(value_name = "ITEM")]
        items: Vec<ItemId>,
        /// The hand-over's number.
        #[arg(long, value_name = "NUMBER")]
        number: HandOverId,
        /// To whom.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// A seal's number, as it is read now.
        #[arg(long, value_name = "NUMBER")]
        seal: Vec<SealNumber>,
        /// A file that belongs to the items, hashed anew.
        #[arg(long, value_name = "FILE")]
        file: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// The receiver acknowledges a hand-over.
    Acknowledged {
        /// Items that are under no seal.
        #[arg(value_name = "ITEM")]
        items: Vec<ItemId>,
        /// The hand-over's number.
        #[arg(long, value_name = "NUMBER")]
        number: HandOverId,
        /// A seal's number, as it is read now.
        #[arg(long, value_name = "NUMBER")]
        seal: Vec<SealNumber>,
        /// The seals are not whole, and how.
        #[arg(long, value_name = "TEXT")]
        damaged: Option<Text>,
        /// A file that belongs to the items, hashed anew.
        #[arg(long, value_name = "FILE")]
        file: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// A seal was opened.
    Opened {
        /// Which.
        #[arg(value_name = "SEAL")]
        seal: SealNumber,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        why: Text,
        /// Who saw it.
        #[arg(long, value_name = "NAME")]
        witness: Vec<String>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Items were examined.
    Examined {
        /// Which.
        #[arg(value_name = "ITEM", required = true)]
        items: Vec<ItemId>,
        /// The examiner's report; its digest is kept.
        #[arg(long, value_name = "FILE")]
        report: PathBuf,
        /// An IMEI that the examination read.
        #[arg(long, value_name = "IMEI")]
        imei: Vec<Imei>,
        /// A SIM that it found.
        #[arg(long, value_name = "ICCID")]
        sim: Vec<Iccid>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Items were given back for good.
    Returned {
        /// Which.
        #[arg(value_name = "ITEM", required = true)]
        items: Vec<ItemId>,
        /// To whom.
        #[arg(long, value_name = "NAME")]
        to: String,
        /// The receipt.
        #[arg(long, value_name = "FILE")]
        paper: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Items were destroyed.
    Destroyed {
        /// Which.
        #[arg(value_name = "ITEM", required = true)]
        items: Vec<ItemId>,
        /// Who saw it.
        #[arg(long, value_name = "NAME")]
        witness: Vec<String>,
        /// The record of it.
        #[arg(long, value_name = "FILE")]
        paper: Vec<PathBuf>,
        #[command(flatten)]
        entry: Entry,
    },
    /// Somebody says how a break of the chain came about. The break stays.
    Explained {
        /// The entry whose breaks are explained.
        #[arg(value_name = "ENTRY")]
        about: EventId,
        /// How it came about.
        #[arg(long, value_name = "TEXT")]
        text: Text,
        #[command(flatten)]
        entry: Entry,
    },
}

impl Enter {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let (what, entry) = self.into_parts()?;
        let config = shell.config(Some(&entry.case.dir), &[])?;
        let by = party(&entry.by)?;
        let entered = shell.call(&config, "custody", |session| {
            let mut case = open_even_locked(&entry.case.dir, session)?;
            let (device, sequence) = desk(case.case().manifest().events.len());
            let received = session.now();
            let id = format!("{device}/{sequence}");
            let event = Event {
                id: id.parse().map_err(|error: IdError| bad(&id, &error))?,
                occurred: entry.at.unwrap_or(received),
                received,
                device: device.parse().map_err(|error: IdError| bad(&id, &error))?,
                sequence,
                by,
                what,
            };
            enter(&mut case, vec![event], session)
        })?;
        super::told(shell, &entered, entry.json)
    }

    fn into_parts(self) -> Result<(What, Entry), ShellError> {
        Ok(match self {
            Enter::Found {
                items,
                imei,
                sim,
                facility,
                cell,
                common,
                person,
                entering,
                hidden,
                planned,
                one_find,
                witness,
                photo,
                entry,
            } => {
                let spot = match (cell, common, person, entering) {
                    (Some(cell), ..) => Spot::Cell(cell),
                    (_, Some(common), ..) => Spot::Common(common),
                    (_, _, true, _) => Spot::Person,
                    (_, _, _, true) => Spot::Entering,
                    _ => Spot::NotRecorded,
                };
                let occasion = planned.map_or(Occasion::Routine, Occasion::Planned);
                let place = Place { facility, spot, hiding_place: hidden };
                let (items, witnesses) = (numbered(items, &imei, &sim)?, parties(&witness)?);
                (
                    What::Found {
                        items,
                        place,
                        occasion,
                        one_find: one_find.rule(),
                        witnesses,
                        photos: files(&photo)?,
                    },
                    entry,
                )
            }
            Enter::Sealed { items, seal, photo, entry } => {
                (What::Sealed { seal, items, photos: files(&photo)? }, entry)
            }
            Enter::HandedOn { items, number, to, seal, file, entry } => {
                let (to, rehashed) = (party(&to)?, files(&file)?);
                (What::HandedOn { hand_over: number, to, seals: seal, items, rehashed }, entry)
            }
            Enter::Acknowledged { items, number, seal, damaged, file, entry } => {
                let condition = match damaged {
                    Some(how) => Condition::Damaged(how),
                    None if seal.is_empty() => Condition::Unsealed,
                    None => Condition::Intact,
                };
                let rehashed = files(&file)?;
                (What::Acknowledged { hand_over: number, seals: seal, items, condition, rehashed }, entry)
            }
            Enter::Opened { seal, why, witness, entry } => {
                (What::Opened { seal, reason: why, witnesses: parties(&witness)? }, entry)
            }
            Enter::Examined { items, report, imei, sim, entry } => {
                (What::Examined { items, report: attachment(&report)?, imeis: imei, sims: sim }, entry)
            }
            Enter::Returned { items, to, paper, entry } => {
                (What::Returned { items, to: party(&to)?, papers: files(&paper)? }, entry)
            }
            Enter::Destroyed { items, witness, paper, entry } => {
                (What::Destroyed { items, witnesses: parties(&witness)?, papers: files(&paper)? }, entry)
            }
            Enter::Explained { about, text, entry } => (What::Explained { about, text }, entry),
        })
    }
}

/// The desk counts as a device whose count is the log's: one process writes at a time.
fn desk(entries: usize) -> (String, u64) {
    ("desk".to_owned(), entries as u64)
}

fn bad(place: &str, error: &IdError) -> FlowError {
    FlowError::Exhibit { place: place.to_owned(), why: error.to_string() }
}

/// `P-1=phone:small, black`.
fn item(text: &str) -> Result<FoundItem, String> {
    let form = "an item is ID=KIND:DESCRIPTION, with KIND phone, sim, charger or other";
    let (id, rest) = text.split_once('=').ok_or(form)?;
    let (kind, description) = rest.split_once(':').unwrap_or((rest, rest));
    let kind = match kind {
        "phone" => ItemKind::Phone,
        "sim" => ItemKind::Sim,
        "charger" => ItemKind::Charger,
        "other" => ItemKind::Other,
        _ => return Err(form.to_owned()),
    };
    let wrong = |error: IdError| error.to_string();
    let (id, description) = (id.parse().map_err(wrong)?, description.parse().map_err(wrong)?);
    Ok(FoundItem { id, kind, description, imeis: Vec::new(), sims: Vec::new() })
}

/// Puts `ID=NUMBER` where it belongs.
fn numbered(mut items: Vec<FoundItem>, imeis: &[String], sims: &[String]) -> Result<Vec<FoundItem>, ShellError> {
    let usage = |why: String| ShellError::new(Kind::User, why);
    fn parse<T: FromStr<Err = IdError>>(text: &str) -> Result<T, ShellError> {
        text.parse().map_err(|error: IdError| ShellError::new(Kind::User, error.to_string()))
    }
    for (list, is_imei) in [(imeis, true), (sims, false)] {
        for text in list {
            let (id, number) =
                text.split_once('=').ok_or_else(|| usage("a number is given as ID=NUMBER".to_owned()))?;
            let item = items.iter_mut().find(|item| item.id.as_str() == id);
            let item = item.ok_or_else(|| usage(format!("no item {id} is among those found")))?;
            if is_imei {
                item.imeis.push(parse(number)?);
            } else {
                item.sims.push(parse(number)?);
            }
        }
    }
    Ok(items)
}

/// People are told apart by their names in small letters.
fn party(name: &str) -> Result<Party, ShellError> {
    let wrong = |error: IdError| ShellError::new(Kind::User, format!("{name}: {error}"));
    let id: PartyId = name.trim().to_lowercase().parse().map_err(wrong)?;
    Ok(Party { id, name: name.trim().parse().map_err(wrong)?, role: None })
}

fn parties(names: &[String]) -> Result<Vec<Party>, ShellError> {
    names.iter().map(|name| party(name)).collect()
}

fn files(paths: &[PathBuf]) -> Result<Vec<Attachment>, ShellError> {
    paths.iter().map(|path| attachment(path)).collect()
}

fn attachment(path: &Path) -> Result<Attachment, ShellError> {
    let wrong = |error: IdError| ShellError::new(Kind::User, format!("{}: {error}", path.display()));
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let digest: Digest = file_digest(path)?.0.parse().map_err(wrong)?;
    Ok(Attachment { file: name.parse().map_err(wrong)?, digest })
}
