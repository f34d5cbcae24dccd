//! A facility's page.

use std::sync::Arc;

use crate::input::Path;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use cellsweep_accounts::Action;
use cellsweep_flow::views::FacilityView;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;
use crate::routes::handsets::facility as read;

/// A facility: its cells with what may lie there, its sectors, what happened in it.
#[utoipa::path(get, path = "/facilities/{id}", params(("id" = String, Path)), responses((status = 200, body = FacilityView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn facility(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Some(facility) = read(Some(&id))? else { return Err(Problem::not_found("There is no such facility.")) };
    let resource = office.facility(&facility).await?;
    who.must(&office, Action::FacilitySee, &resource)?;
    let refs = vec![format!("facility/{facility}")];
    let page = office.look(&who, Action::FacilitySee, "facility", refs, move |loaded, eyes, session| {
        let now = session.now();
        let key = format!("facility {facility} {eyes:?} {:?}", loaded.views.planned(now));
        let none = || Problem::not_found("There is no such facility.");
        loaded.lasting.of(key, || loaded.views.facility_page(&facility, eyes, now).ok_or_else(none))
    });
    page.await?.response(&headers)
}
