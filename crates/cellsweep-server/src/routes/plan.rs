//! The plan: looked at, tried, made, approved, printed.

use std::sync::Arc;

use crate::input::{Form, Path, Query};
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use cellsweep_accounts::Action;
use cellsweep_flow::views::{Eyes, KeptPlan, PlanComparison, PlanView, trial_plan};
use cellsweep_flow::{BriefOrder, Exclusions, Lang, Silent, approve_plan, briefs, latest_plan_id, plan as make_plan};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::desk::Loaded;
use crate::guard::Who;
use crate::office::Office;
use crate::plan_limits::LimitsAsked;
use crate::problem::Problem;
use crate::routes::handsets::facility as read_facility;

/// The latest plan, with the searches whose hour has come in prisons where it may be seen.
#[utoipa::path(get, path = "/plan", responses((status = 200, body = PlanView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn plan(State(office): State<Arc<Office>>, who: Who) -> Result<Json<PlanView>, Problem> {
    must_see_plans(&office, &who).await?;
    latest(&office, &who).await
}

/// The latest plan, looked at.
async fn latest(office: &Arc<Office>, who: &Who) -> Result<Json<PlanView>, Problem> {
    let view = office.look(who, Action::PlanSee, "plan", Vec::new(), |loaded, eyes, session| {
        Ok(loaded.views.plan(eyes, session.now()))
    });
    view.await?.map(Json).ok_or_else(no_plan)
}

/// That the rules let somebody see the latest plan, whole.
async fn must_see_plans(office: &Arc<Office>, who: &Who) -> Result<(), Problem> {
    let Some(resource) = office.plan(None).await? else { return Err(no_plan()) };
    who.must(office, Action::PlanSee, &resource)
}

/// A plan weighs all prisons of the case against each other: whoever makes one reaches them all.
fn must_reach_all(loaded: &Loaded, eyes: &Eyes) -> Result<(), Problem> {
    if loaded.views.facility_ids().all(|id| eyes.see(id)) {
        return Ok(());
    }
    let problem = Problem::forbidden("A plan goes to all prisons of the case, and your role doesn't reach them all.");
    Err(problem
        .in_french("Un plan porte sur tous les établissements du dossier, et votre rôle ne les couvre pas tous."))
}

fn no_plan() -> Problem {
    Problem::not_found("There is no plan yet.")
}

/// A plan that is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAsked {
    /// Under these limits.
    limits: LimitsAsked,
}

/// A plan under other limits, looked at and not kept.
#[utoipa::path(post, path = "/plan/trial", request_body = PlanAsked, responses((status = 200, body = PlanView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn trial(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<PlanAsked>,
) -> Result<Json<PlanView>, Problem> {
    who.must(&office, Action::PlanMake, &office.case())?;
    let limits = asked.limits.read()?;
    let view = office.look(&who, Action::PlanMake, "plan", Vec::new(), move |loaded, eyes, session| {
        must_reach_all(loaded, eyes)?;
        let kept = trial_plan(&loaded.case, &limits, session)?;
        Ok(loaded.views.plan_view(&kept, eyes, session.now()))
    });
    view.await.map(Json)
}

/// Makes a plan: a draft until somebody else approves it.
#[utoipa::path(post, path = "/plan", request_body = PlanAsked, responses((status = 200, body = PlanView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn make(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<PlanAsked>,
) -> Result<Json<PlanView>, Problem> {
    who.must(&office, Action::PlanMake, &office.case())?;
    let limits = asked.limits.read()?;
    office.before(&who, Action::PlanMake, must_reach_all).await?;
    let made = office
        .write(&who, Silent, move |case, session| make_plan(case, &limits, &Exclusions::default(), session).map(drop));
    made.await?;
    office.bus().tell("plan", &serde_json::json!({}));
    latest(&office, &who).await
}

/// An approval.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalAsked {
    /// The plan that was read: another one made meanwhile is not approved in its place.
    plan: String,
}

/// Takes the latest plan on, under the authority that its limits name: by somebody whose role reaches every prison in it.
#[utoipa::path(post, path = "/plan/approve", request_body = ApprovalAsked, responses((status = 200, body = PlanView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn approve(
    State(office): State<Arc<Office>>,
    who: Who,
    Form(asked): Form<ApprovalAsked>,
) -> Result<Json<PlanView>, Problem> {
    let Some(plan) = office.whole_plan(None).await? else { return Err(no_plan()) };
    who.must_all(&office, Action::PlanApprove, &plan)?;
    let by = who.asker().by;
    let id = asked.plan.clone();
    let approved = office.write(&who, Silent, move |case, session| {
        // Asked again under the lock: nobody makes another one from here on.
        if latest_plan_id(case.case()) != Some(asked.plan.as_str()) {
            return Ok(false);
        }
        approve_plan(case, &by, session).map(|_| true)
    });
    if !approved.await? {
        return Err(Problem::stale(format!("{id} is not the latest plan any more: read the latest one first.")));
    }
    office.bus().tell("plan", &serde_json::json!({}));
    latest(&office, &who).await
}

/// The language of a paper.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Language {
    /// `fr` or `en`.
    lang: Option<String>,
}

impl Language {
    /// English where nothing is said.
    pub(super) fn read(self) -> Result<Lang, Problem> {
        let parse = |tag: String| tag.parse().map_err(|_none| Problem::field("lang", "fr or en"));
        self.lang.map_or(Ok(Lang::En), parse)
    }
}

/// A facility's brief, once its hour has come: a numbered copy, which is logged.
#[utoipa::path(get, path = "/plan/brief/{facility}", params(("facility" = String, Path), Language), responses((status = 200, body = Vec<u8>, content_type = "application/pdf"), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn brief(
    State(office): State<Arc<Office>>,
    who: Who,
    Path(facility): Path<String>,
    Query(asked): Query<Language>,
) -> Result<impl IntoResponse, Problem> {
    let Some(facility) = read_facility(Some(&facility))? else { return Err(no_plan()) };
    let Some(resource) = office.plan(Some(&facility)).await? else { return Err(no_plan()) };
    who.must(&office, Action::BriefPrint, &resource)?;
    let lang = asked.read()?;
    let made = office.write(&who, Silent, move |case, session| {
        let order = BriefOrder {
            facility: Some(&facility),
            early_by: &[],
            copies: 1,
            to: &[],
            exclusions: &Exclusions::default(),
            lang,
        };
        let files = briefs(case, &order, session)?;
        Ok((facility, files))
    });
    let (facility, files) = made.await?;
    let file = files.into_iter().find(|file| file.name.contains(facility.as_str()));
    let file = file.ok_or_else(|| Problem::not_found("No brief of this facility is open now."))?;
    let name = format!("inline; filename=\"{}\"", file.name.replace('"', ""));
    Ok(([(header::CONTENT_TYPE, "application/pdf".to_owned()), (header::CONTENT_DISPOSITION, name)], file.bytes))
}

/// The plans that the case keeps, the latest first.
#[utoipa::path(get, path = "/plan/kept", responses((status = 200, body = Vec<KeptPlan>), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn kept(State(office): State<Arc<Office>>, who: Who) -> Result<Json<Vec<KeptPlan>>, Problem> {
    must_see_plans(&office, &who).await?;
    let kept = office
        .look(&who, Action::PlanSee, "plan", Vec::new(), |loaded, _, _| Ok(loaded.views.kept_plans(&loaded.case)?));
    kept.await.map(Json)
}

/// Two plans that the case keeps, side by side. What was left out of either by the closed list is in neither, and nothing says
/// so.
#[utoipa::path(get, path = "/plan/kept/{id}/against/{other}", params(("id" = String, Path), ("other" = String, Path)), responses((status = 200, body = PlanComparison), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn compare(
    State(office): State<Arc<Office>>,
    who: Who,
    Path((id, other)): Path<(String, String)>,
) -> Result<Json<PlanComparison>, Problem> {
    must_see_plans(&office, &who).await?;
    let none = || Problem::not_found("The case keeps no plan of that name.");
    for plan in [&id, &other] {
        let resource = office.kept_plan(plan).await?.ok_or_else(none)?;
        who.must(&office, Action::PlanSee, &resource)?;
    }
    let refs = [&id, &other].map(|id| format!("run/{id}")).into();
    let compared = office.look(&who, Action::PlanSee, "plan", refs, move |loaded, eyes, session| {
        Ok(loaded.views.compare_plans(&loaded.case, [&id, &other], eyes, session.now())?)
    });
    compared.await?.map(Json).ok_or_else(none)
}
