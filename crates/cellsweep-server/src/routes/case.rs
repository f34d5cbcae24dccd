//! The case's own page.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cellsweep_accounts::Action;
use cellsweep_flow::views::CaseView;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// How far the case is, where, and what waits for somebody.
#[utoipa::path(get, path = "/case", responses((status = 200, body = CaseView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn case(State(office): State<Arc<Office>>, who: Who) -> Result<Json<CaseView>, Problem> {
    who.must(&office, Action::CaseSee, &office.case())?;
    let view = office.look(&who, Action::CaseSee, "show", Vec::new(), |loaded, eyes, session| {
        Ok(loaded.views.case(&loaded.case, eyes, session.now()))
    });
    view.await.map(Json)
}
