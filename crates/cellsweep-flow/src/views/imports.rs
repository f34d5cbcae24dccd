//! What came in, and under whose order.

use std::collections::BTreeMap;

use cellsweep_model::AuthorityKind;
use cellsweep_model::case::CaseEvent;
use cellsweep_store::Case;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Views;
use crate::authorities;

/// A file that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportLine {
    /// Its name in the case.
    pub id: String,
    /// The file's name.
    pub file: String,
    /// Which table.
    pub table: &'static str,
    /// When it came in.
    pub at: String,
    /// Who brought it in.
    pub by: String,
    /// Rows that went on.
    pub rows: u64,
    /// Rows in quarantine, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Under which authority.
    pub authority: Option<String>,
    /// Whether it is kept and not used.
    pub restricted: bool,
    /// SHA-256 of its bytes.
    pub digest: String,
}

/// An authority of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthorityLine {
    /// Its reference.
    pub reference: String,
    /// What it orders.
    pub kinds: Vec<String>,
    /// Who granted it.
    pub by: Vec<String>,
    /// What came in under it is locked from then on.
    pub until: String,
    /// Files that came in under it.
    pub imports: usize,
    /// Whether it has lapsed.
    pub lapsed: bool,
}

impl Views {
    /// Every file that came in and wasn't erased, latest first.
    pub fn imports(case: &Case) -> Vec<ImportLine> {
        let manifest = case.manifest();
        let restricted = manifest.restricted();
        let logged: BTreeMap<&str, (Timestamp, &str)> = manifest
            .events
            .iter()
            .filter_map(|logged| match &logged.event {
                CaseEvent::Imported { import } => Some((import.id.as_str(), (logged.time, logged.by.as_str()))),
                _ => None,
            })
            .collect();
        let line = |import: &cellsweep_model::case::Import| {
            let (at, by) = logged.get(import.id.as_str()).copied().unwrap_or_default();
            ImportLine {
                id: import.id.clone(),
                file: import.file.clone(),
                table: import.table.name(),
                at: at.to_string(),
                by: by.to_owned(),
                rows: import.rows.kept,
                rejected: import.rows.rejected.clone(),
                authority: import.authority.clone(),
                restricted: restricted.contains(import.id.as_str()),
                digest: import.digest.0.clone(),
            }
        };
        let mut lines: Vec<ImportLine> = manifest.imports().map(line).collect();
        lines.reverse();
        lines
    }

    /// Every authority, in the order in which they were granted.
    pub fn authorities(case: &Case, now: Timestamp) -> Vec<AuthorityLine> {
        let line = |state: crate::AuthorityState| AuthorityLine {
            reference: state.grant.authority.id.clone(),
            kinds: state.grant.authority.kinds.iter().map(|kind| kind_word(*kind).to_owned()).collect(),
            by: state.grant.by.clone(),
            until: state.grant.authority.valid_until.to_string(),
            imports: state.imports,
            lapsed: state.lapsed,
        };
        authorities(case, now).into_iter().map(line).collect()
    }
}

const fn kind_word(kind: AuthorityKind) -> &'static str {
    match kind {
        AuthorityKind::Records => "records",
        AuthorityKind::RealTimeLocation => "real_time_location",
        AuthorityKind::Search => "search",
        AuthorityKind::Disclosure => "disclosure",
    }
}
