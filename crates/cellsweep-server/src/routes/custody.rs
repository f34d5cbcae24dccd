//! Exhibits and the register.

use std::sync::Arc;

use crate::input::Path;
use axum::Json;
use axum::extract::State;
use cellsweep_accounts::Action;
use cellsweep_flow::views::{CustodyView, ExhibitPage, RegisterView, Views};

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// Every exhibit that may be seen.
#[utoipa::path(get, path = "/custody", responses((status = 200, body = CustodyView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn custody(State(office): State<Arc<Office>>, who: Who) -> Result<Json<CustodyView>, Problem> {
    who.must(&office, Action::CustodySee, &office.case())?;
    let view = office.look(&who, Action::CustodySee, "custody", Vec::new(), |loaded, eyes, _| {
        Ok(Views::custody(&loaded.case, eyes)?)
    });
    view.await.map(Json)
}

/// An exhibit's history.
#[utoipa::path(get, path = "/custody/{item}", params(("item" = String, Path)), responses((status = 200, body = ExhibitPage), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn exhibit(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(item): Path<String>,
) -> Result<Json<ExhibitPage>, Problem> {
    who.must(&office, Action::CustodySee, &office.case())?;
    let none = || Problem::not_found("There is no such exhibit.");
    let id = item.parse().map_err(|_none| none())?;
    let view =
        office.look(&who, Action::CustodySee, "custody", vec![format!("item/{item}")], move |loaded, eyes, _| {
            Ok(Views::exhibit(&loaded.case, &id, eyes)?)
        });
    view.await?.map(Json).ok_or_else(none)
}

/// The register of confiscations.
#[utoipa::path(get, path = "/register", responses((status = 200, body = RegisterView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn register(State(office): State<Arc<Office>>, who: Who) -> Result<Json<RegisterView>, Problem> {
    who.must(&office, Action::RegisterSee, &office.case())?;
    let view = office.look(&who, Action::RegisterSee, "register", Vec::new(), |loaded, eyes, _| {
        Ok(Views::register(&loaded.case, eyes)?)
    });
    view.await.map(Json)
}
