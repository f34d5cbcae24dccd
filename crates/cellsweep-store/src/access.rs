//! The access log: who looked at what, when and why. Never the datum itself.

use std::path::Path;

use cellsweep_proof::{By, Entry, LogKind, Moment, Object, Operation, Salt};

use crate::keys::{Keys, random};
use crate::log::{self, KeyChanges};
use crate::place::CasePlace;
use crate::{Caller, StoreError, moving};

/// Notes that somebody looked at what a command shows. A case of an older format has no such log
/// until it is next written to.
///
/// # Errors
/// When the log can't be written: then nothing may be shown.
pub fn note_consultation(
    dir: &Path,
    command: &str,
    refs: &[String],
    caller: &Caller<'_>,
    now: jiff::Timestamp,
) -> Result<(), StoreError> {
    let look = Consultation { command, refs, by: caller.by, reason: caller.reason };
    moving::through(dir, || {
        let Some(place) = CasePlace::read(dir)? else { return Ok(()) };
        let db = place.database(dir, false)?;
        let keys = Keys::open(&db, dir, caller.unlock)?;
        let mut make = |n: u64| entry_of(dir, &keys, &look, now, n);
        let sign = |size, root| keys.checkpoint(LogKind::Access, size, root);
        log::append(&db, LogKind::Access, 1, &mut make, &sign, &KeyChanges::default()).map(drop)
    })
}

/// A look at what a case holds.
#[derive(Debug, Clone, Copy)]
pub struct Consultation<'a> {
    /// What shows it.
    pub command: &'a str,
    /// What it concerns.
    pub refs: &'a [String],
    /// Who.
    pub by: &'a str,
    /// Why.
    pub reason: Option<&'a str>,
}

/// The entry that says so. What it concerns stands in it veiled, where it could be somebody's number.
///
/// # Errors
/// When it can't be said what was looked at: then nothing may be shown.
pub(crate) fn entry_of(
    dir: &Path,
    keys: &Keys,
    look: &Consultation<'_>,
    now: jiff::Timestamp,
    n: u64,
) -> Result<Vec<u8>, StoreError> {
    let wrong = |why: String| StoreError::Log { place: dir.display().to_string(), n, why };
    let word: String = look.command.chars().map(|c| if c.is_ascii_lowercase() { c } else { '_' }).collect();
    let entry = Entry {
        n,
        log: LogKind::Access,
        received: Moment::new(now).ok_or_else(|| wrong(format!("{now} is no time for a log")))?,
        occurred: None,
        by: By { name: look.by.to_owned(), role: None },
        device: None,
        authority: None,
        operation: Operation::Consultation,
        kind: format!("consulted.{word}").parse().map_err(StoreError::keys)?,
        reason: look.reason.map(str::to_owned),
        refs: look.refs.iter().map(|name| keys.reference(name)).collect::<Result<_, _>>()?,
        data: Object::new(),
        sealed: None,
        salt: Salt(random()?),
    };
    Ok(entry.to_line().map_err(|error| wrong(error.to_string()))?.into_bytes())
}
