//! What the office is set to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cellsweep_accounts::{Action, Resource};
use serde::Serialize;
use utoipa::ToSchema;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// The office's settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingsView {
    /// cellsweep's version.
    version: &'static str,
    /// The case's folder's name.
    case_dir_name: String,
    /// Whether an organisation signs people in.
    oidc: bool,
    /// Whether the line is encrypted by this program.
    tls: bool,
    /// Bound on the memory of import and trace, in bytes.
    memory_bytes: u64,
    /// Threads that work.
    threads: usize,
}

/// The office's settings.
#[utoipa::path(get, path = "/settings", responses((status = 200, body = SettingsView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn settings(State(office): State<Arc<Office>>, who: Who) -> Result<Json<SettingsView>, Problem> {
    who.must(&office, Action::SettingsSee, &Resource::Office)?;
    let desk = office.desk();
    Ok(Json(SettingsView {
        version: cellsweep_flow::VERSION,
        case_dir_name: desk.name(),
        oidc: office.organisation().is_some(),
        tls: office.tls(),
        memory_bytes: desk.settings().memory_bytes,
        threads: desk.settings().threads,
    }))
}
