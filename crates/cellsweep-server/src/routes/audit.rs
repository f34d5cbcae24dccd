//! Who did what, who looked at what, and why.

use std::sync::Arc;

use crate::input::Query;
use axum::Json;
use axum::extract::State;
use cellsweep_accounts::Action;
use cellsweep_flow::{FlowError, LogKind};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Entries on a page.
const PAGE: u32 = 100;

/// Which entries.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `custody` (what happened) or `access` (who looked); `custody` if not given.
    log: Option<String>,
    /// Only entries before this index.
    before: Option<u64>,
}

/// An entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditEntry {
    /// Its index in its log.
    n: u64,
    /// When.
    at: String,
    /// Who.
    who: String,
    /// What.
    what: String,
    /// What it concerns.
    refs: Vec<String>,
    /// Why.
    reason: Option<String>,
    /// `custody` or `access`.
    log: &'static str,
}

/// A page of entries.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditPage {
    /// Latest first.
    entries: Vec<AuditEntry>,
    /// What `before` is for the next page; none is left where it is missing.
    next: Option<u64>,
}

/// The case's logs, latest first.
#[utoipa::path(get, path = "/audit", params(Asked), responses((status = 200, body = AuditPage), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn audit(
    State(office): State<Arc<Office>>,
    who: Who,
    Query(asked): Query<Asked>,
) -> Result<Json<AuditPage>, Problem> {
    who.must(&office, Action::AuditRead, &office.case())?;
    let (which, name) = match asked.log.as_deref() {
        None | Some("custody") => (LogKind::Custody, "custody"),
        Some("access") => (LogKind::Access, "access"),
        Some(_) => return Err(Problem::field("log", "custody or access")),
    };
    let desk = office.clone();
    let lines = office.look(&who, Action::AuditRead, "audit", Vec::new(), move |_, _, _| {
        Ok(desk.desk().standing().page(which, asked.before, PAGE).map_err(FlowError::from)?)
    });
    let lines = lines.await?;
    let next = lines.last().filter(|last| last.n > 0 && lines.len() == PAGE as usize).map(|last| last.n);
    let entries = lines.into_iter().map(|line| AuditEntry {
        n: line.n,
        at: line.at.to_string(),
        who: line.by,
        what: line.kind,
        refs: line.refs,
        reason: line.reason,
        log: name,
    });
    Ok(Json(AuditPage { entries: entries.collect(), next }))
}
