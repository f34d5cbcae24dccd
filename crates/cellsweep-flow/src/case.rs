//! Beginning and opening a case.

use std::path::Path;

use cellsweep_model::CountryProfile;
use cellsweep_model::case::CaseKind;
use cellsweep_store::{Case, CaseWriter, note_consultation};

use crate::authority::must_be_unlocked;
use crate::{FlowError, Session};

/// Begins a case in a folder that is empty or doesn't exist.
///
/// # Errors
/// When something lies there, or it can't be written.
pub fn init(dir: &Path, kind: CaseKind, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    Ok(CaseWriter::create(dir, kind, &session.caller(), session.now())?)
}

/// The same under the law of another country than the default.
///
/// # Errors
/// As [`init`], and when the country isn't two capital letters (ISO 3166-1 alpha-2).
pub fn init_in(dir: &Path, kind: CaseKind, country: &str, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    if country.len() != 2 || !country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Err(FlowError::Country { asked: country.to_owned() });
    }
    let default = CountryProfile::default();
    let country = match country == default.country {
        true => default,
        false => CountryProfile { country: country.to_owned(), languages: vec!["en".to_owned()] },
    };
    Ok(CaseWriter::create_in(dir, kind, country, &session.caller(), session.now())?)
}

/// Opens a case for somebody who wants to see what `command` shows, and logs that before anything
/// is shown: who, when, why (Directive (EU) 2016/680, article 25).
///
/// # Errors
/// When there is none, it is damaged, of a newer format or locked, or nobody says why an
/// investigation is opened.
pub fn consult(dir: &Path, command: &str, session: &Session<'_>) -> Result<Case, FlowError> {
    let case = Case::open(dir, session.unlock)?;
    consulted(&case, command, session)?;
    Ok(case)
}

/// The same for a command that works in the case to show what it shows.
///
/// # Errors
/// As [`consult`], and when somebody else writes to it.
pub fn consult_at_work(dir: &Path, command: &str, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    let case = open_for_writing(dir, session)?;
    consulted(case.case(), command, session)?;
    Ok(case)
}

/// Whether a case may be shown to somebody who says why, now.
///
/// # Errors
/// When an authority of the case has lapsed, or nobody says why an investigation is looked into.
pub fn may_be_seen(case: &Case, reason: Option<&str>, now: jiff::Timestamp) -> Result<(), FlowError> {
    must_be_unlocked(case, now)?;
    must_say_why(case, reason)
}

/// Whether somebody says why a case is looked into: what also holds of what goes on when an authority has lapsed.
///
/// # Errors
/// When nobody says why an investigation is looked into.
pub fn must_say_why(case: &Case, reason: Option<&str>) -> Result<(), FlowError> {
    if case.kind() == CaseKind::Investigation && reason.is_none_or(|reason| reason.trim().is_empty()) {
        return Err(FlowError::NoReason);
    }
    Ok(())
}

/// Logs who looks and why, before anything is shown.
fn consulted(case: &Case, command: &str, session: &Session<'_>) -> Result<(), FlowError> {
    may_be_seen(case, session.reason, session.now())?;
    let refs: Vec<String> = case.manifest().runs().last().map(|run| format!("run/{}", run.id)).into_iter().collect();
    Ok(note_consultation(case.dir(), command, &refs, &session.caller(), session.now())?)
}

/// Opens a case for writing.
///
/// # Errors
/// As [`open_even_locked`], and when a lapsed authority locks it.
pub fn open_for_writing(dir: &Path, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    let case = open_even_locked(dir, session)?;
    must_be_unlocked(case.case(), session.now())?;
    Ok(case)
}

/// Opens a case for what must go on when an authority has lapsed: prolonging it, custody, erasure.
///
/// # Errors
/// When there is none, it is damaged or of a newer format, or somebody else writes to it.
pub fn open_even_locked(dir: &Path, session: &Session<'_>) -> Result<CaseWriter, FlowError> {
    Ok(CaseWriter::open(dir, &session.caller(), session.now())?)
}
