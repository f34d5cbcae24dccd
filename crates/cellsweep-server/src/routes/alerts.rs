//! What was raised.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cellsweep_accounts::Action;
use cellsweep_flow::{AlertLine, alerts_for};
use serde::Serialize;
use utoipa::ToSchema;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Alerts.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlertList {
    /// Latest first.
    rows: Vec<AlertLine>,
}

/// Every alert that may be seen, with its reasons and how it can be wrong.
#[utoipa::path(get, path = "/alerts", responses((status = 200, body = AlertList), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn alerts(State(office): State<Arc<Office>>, who: Who) -> Result<Json<AlertList>, Problem> {
    who.must(&office, Action::HandsetsList, &office.case())?;
    let list = office.look(&who, Action::HandsetsList, "alerts", Vec::new(), |loaded, eyes, _| {
        Ok(AlertList { rows: alerts_for(&loaded.case, eyes) })
    });
    list.await.map(Json)
}
