//! Under whose order data are in a case: granting, what an order covers, what its end locks.

use std::collections::BTreeSet;
use std::path::Path;

use cellsweep_model::authority::{Authority, DoubtSettled, Grant};
use cellsweep_model::case::{CaseEvent, CaseKind, Import};
use cellsweep_model::rows::{self, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_model::{AuthorityKind, Scope};
use cellsweep_store::{Case, CaseWriter};
use serde::Serialize;

use crate::law::{self, LegalDoubt};
use crate::{FlowError, Session};

/// An authority file: what a person fills in.
pub const TEMPLATE: &str = include_str!("../law/authority.toml");

/// Who grants an authority, and how what is doubtful about it was settled.
#[derive(Debug, Clone, Default)]
pub struct Granting {
    /// Two people, by name.
    pub by: Vec<String>,
    /// The magistrate's words on the rules that it doesn't seem to satisfy, and whose they are.
    pub decision: Option<(String, String)>,
}

/// An authority of the case with where it stands.
#[derive(Debug, Clone, Serialize)]
pub struct AuthorityState {
    /// Its latest grant.
    #[serde(flatten)]
    pub grant: Grant,
    /// Whether it has lapsed: what came in under it is locked.
    pub lapsed: bool,
    /// Files that came in under it.
    pub imports: usize,
}

/// Reads an authority file; lists of sectors may stand in a file beside it, one a line.
///
/// # Errors
/// When it can't be read, isn't as the template says, or lacks what the law wants stated.
pub fn read_authority(path: &Path) -> Result<Authority, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let bad = |why: String| FlowError::Authority { why: format!("{}: {why}", path.display()) };
    let mut authority: Authority = toml::from_str(&text).map_err(|error| bad(toml_words(&text, &error)))?;
    if let Some(name) = authority.sectors_file.take() {
        let beside = path.parent().unwrap_or(Path::new(".")).join(name);
        let list = std::fs::read_to_string(&beside).map_err(FlowError::io("read", &beside))?;
        authority.sectors.extend(list.split_whitespace().map(str::to_owned));
    }
    stated(authority, &bad)
}

/// The same from a text that no file of sectors lies beside.
///
/// # Errors
/// When it isn't as the template says, names a file, or lacks what the law wants stated.
pub fn authority_of_text(text: &str) -> Result<Authority, FlowError> {
    let bad = |why: String| FlowError::Authority { why };
    let authority: Authority = toml::from_str(text).map_err(|error| bad(toml_words(text, &error)))?;
    if authority.sectors_file.is_some() {
        return Err(bad("no file lies beside this text: list the sectors in it".to_owned()));
    }
    stated(authority, &bad)
}

/// That it states what the law wants stated.
fn stated(authority: Authority, bad: &dyn Fn(String) -> FlowError) -> Result<Authority, FlowError> {
    let gaps = authority.gaps();
    if !gaps.is_empty() {
        return Err(bad(format!("an authority has to state {}", gaps.join(", "))));
    }
    authority.scope().map_err(|word| bad(format!("\"{word}\" is neither an event nor a sector")))?;
    Ok(authority)
}

fn toml_words(text: &str, error: &toml::de::Error) -> String {
    let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
    format!("line {line}: {}", error.message())
}

/// The rules of its country's profile that an authority doesn't seem to satisfy.
pub fn legal_doubts(authority: &Authority, now: jiff::Timestamp) -> Vec<LegalDoubt> {
    let day = jiff::tz::Offset::UTC.to_datetime(now).date();
    law::law(&authority.country).map(|law| law.doubts(authority, day)).unwrap_or_default()
}

/// Grants an authority: two people answer for it, and a magistrate's words settle what is doubtful.
/// One of the same reference replaces the one before: so is it prolonged.
///
/// # Errors
/// When fewer than two people grant it, a doubt isn't settled, it has lapsed, or the case can't be written.
pub fn grant_authority(
    case: &mut CaseWriter,
    authority: Authority,
    granting: &Granting,
    session: &Session<'_>,
) -> Result<Grant, FlowError> {
    let now = session.now();
    let by = two_people(&granting.by)?;
    if authority.lapsed(now) {
        let why = format!("the authority {} lapsed at {}", authority.id, authority.valid_until);
        return Err(FlowError::NotOrdered { why });
    }
    let doubts = legal_doubts(&authority, now);
    let settled = match (&granting.decision, doubts.is_empty()) {
        (_, true) => Vec::new(),
        (None, false) => return Err(FlowError::LegalDoubts { doubts }),
        (Some((text, by)), false) => doubts
            .into_iter()
            .map(|doubt| DoubtSettled {
                rule: doubt.rule,
                citation: doubt.citation,
                decision: text.clone(),
                by: by.clone(),
            })
            .collect(),
    };
    let grant = Grant { authority, by, settled };
    case.log(CaseEvent::AuthorityGranted { grant: grant.clone() }, now)?;
    Ok(grant)
}

/// Two people whose names differ.
pub(crate) fn two_people(names: &[String]) -> Result<Vec<String>, FlowError> {
    let mut names: Vec<String> =
        names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup_by(|a, b| a.to_lowercase() == b.to_lowercase());
    if names.len() < 2 {
        return Err(FlowError::TwoPeople);
    }
    Ok(names)
}

/// The case's authorities, in the order in which they were first granted.
pub fn authorities(case: &Case, now: jiff::Timestamp) -> Vec<AuthorityState> {
    let imports = |id: &str| case.manifest().imports().filter(|import| import.authority.as_deref() == Some(id)).count();
    let states = case.manifest().grants().into_iter().map(|grant| AuthorityState {
        lapsed: grant.authority.lapsed(now),
        imports: imports(&grant.authority.id),
        grant: grant.clone(),
    });
    states.collect()
}

/// The order that files of a table come in under, with what it lets in; `None` in an exercise
/// that names none. The one place that says whether data may enter.
///
/// # Errors
/// When an investigation has none, several and none was named, or the one that was named doesn't
/// order this or has lapsed.
pub(crate) fn order_for(
    case: &Case,
    asked: Option<&str>,
    table: Table,
    now: jiff::Timestamp,
) -> Result<Option<(String, Scope)>, FlowError> {
    let grants = case.manifest().grants();
    let grant = match (asked, case.kind()) {
        (Some(id), _) => grants
            .into_iter()
            .find(|grant| grant.authority.id == id)
            .ok_or_else(|| FlowError::NotOrdered { why: format!("no authority {id} has been granted in this case") })?,
        (None, CaseKind::Exercise) => return Ok(None),
        (None, CaseKind::Investigation) => {
            let fits = |grant: &&Grant| orders(&grant.authority, table) && !grant.authority.lapsed(now);
            let fitting: Vec<&Grant> = grants.iter().copied().filter(fits).collect();
            match (fitting.as_slice(), grants.as_slice()) {
                ([only], _) | ([], [only]) => *only,
                ([], []) => return Err(FlowError::NoAuthority { dir: case.dir().to_owned() }),
                _ => return Err(FlowError::WhichAuthority { ids: ids(&grants) }),
            }
        }
    };
    let authority = &grant.authority;
    if authority.lapsed(now) {
        return Err(FlowError::NotOrdered {
            why: format!("the authority {} lapsed at {}", authority.id, authority.valid_until),
        });
    }
    if !orders(authority, table) {
        let why = format!("the authority {} does not order operators' records", authority.id);
        return Err(FlowError::NotOrdered { why });
    }
    let scope = authority.scope().map_err(|word| FlowError::Authority { why: format!("{}: {word}", authority.id) })?;
    let inmates = if scope.facilities.is_some() { Some(inmates(case)?) } else { None };
    Ok(Some((authority.id.clone(), Scope { inmates, ..scope })))
}

/// The inmates of the roster, which holds none of other facilities than the order's.
fn inmates(case: &Case) -> Result<BTreeSet<String>, FlowError> {
    struct Inmate(String);
    impl FromRow for Inmate {
        fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
            row.must("inmate", row.text("inmate")).map(|text| Self(text.to_owned()))
        }
    }
    let source = |source| FlowError::Rows { table: Table::Roster.name(), source };
    let roster: Vec<Inmate> = rows::read(&case.table(Table::Roster)?).map_err(source)?;
    Ok(roster.into_iter().map(|inmate| inmate.0).collect())
}

/// Whether something may leave an investigation: an order of disclosure that hasn't lapsed covers it. Anything may be
/// rehearsed in an exercise.
///
/// # Errors
/// When the case has none.
pub(crate) fn may_disclose(case: &Case, now: jiff::Timestamp) -> Result<(), FlowError> {
    let covers =
        |grant: &&Grant| grant.authority.kinds.contains(&AuthorityKind::Disclosure) && !grant.authority.lapsed(now);
    if case.kind() == CaseKind::Exercise || case.manifest().grants().iter().any(covers) {
        return Ok(());
    }
    Err(FlowError::NotOrdered { why: "no authority in this case orders a disclosure".to_owned() })
}

/// The order that something leaves under: the one that is named, or else the only one that orders a disclosure and
/// hasn't lapsed; `None` in an exercise that names none.
///
/// # Errors
/// As [`may_disclose`], and when the named one orders none or has lapsed, or several do and none was named.
pub(crate) fn disclosure_order(
    case: &Case,
    asked: Option<&str>,
    now: jiff::Timestamp,
) -> Result<Option<String>, FlowError> {
    let covers =
        |grant: &&Grant| grant.authority.kinds.contains(&AuthorityKind::Disclosure) && !grant.authority.lapsed(now);
    let fitting: Vec<&Grant> = case.manifest().grants().into_iter().filter(covers).collect();
    match (asked, fitting.as_slice()) {
        (Some(id), fitting) => match fitting.iter().find(|grant| grant.authority.id == id) {
            Some(grant) => Ok(Some(grant.authority.id.clone())),
            None => Err(FlowError::NotOrdered { why: format!("no authority {id} in this case orders a disclosure") }),
        },
        (None, [only]) => Ok(Some(only.authority.id.clone())),
        (None, []) => may_disclose(case, now).map(|()| None),
        (None, several) if case.kind() == CaseKind::Investigation => {
            Err(FlowError::WhichAuthority { ids: ids(several) })
        }
        (None, _) => Ok(None),
    }
}

/// Whether operators may be asked for records of a window under an authority; anything may be
/// rehearsed in an exercise.
///
/// # Errors
/// When the case has no such authority, it has lapsed, doesn't order records, or not of that window.
pub(crate) fn may_ask(
    case: &Case,
    id: &str,
    (from, to): (jiff::Timestamp, jiff::Timestamp),
    now: jiff::Timestamp,
) -> Result<(), FlowError> {
    if case.kind() == CaseKind::Exercise {
        return Ok(());
    }
    let Some((id, scope)) = order_for(case, Some(id), Table::Records, now)? else { return Ok(()) };
    if from.as_microsecond() < scope.window.0 || to.as_microsecond() > scope.window.1 {
        return Err(FlowError::NotOrdered {
            why: format!("{from} to {to} is not within the window of the authority {id}"),
        });
    }
    Ok(())
}

fn ids(grants: &[&Grant]) -> Vec<String> {
    grants.iter().map(|grant| grant.authority.id.clone()).collect()
}

/// Operators' records need an order for them; every other table needs an order of any kind.
fn orders(authority: &Authority, table: Table) -> bool {
    table != Table::Records || authority.kinds.contains(&AuthorityKind::Records)
}

/// What a lapsed authority brought in is locked: nothing that rests on it is read.
///
/// # Errors
/// When something in the case is locked.
pub(crate) fn must_be_unlocked(case: &Case, now: jiff::Timestamp) -> Result<(), FlowError> {
    let lapsed: Vec<&Grant> =
        case.manifest().grants().into_iter().filter(|grant| grant.authority.lapsed(now)).collect();
    let locked = |import: &&Import| lapsed.iter().any(|grant| import.authority.as_ref() == Some(&grant.authority.id));
    let imports = case.manifest().imports().filter(locked).count();
    match lapsed.first() {
        Some(_) if imports > 0 => Err(FlowError::Locked { ids: ids(&lapsed), imports }),
        _ => Ok(()),
    }
}
