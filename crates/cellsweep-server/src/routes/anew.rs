//! What is left of the search day, planned anew: a proposal, which command enters into the day's log or leaves be.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use cellsweep_accounts::Action;
use cellsweep_flow::sweep::TeamId;
use cellsweep_flow::sweep::day::PlannedCell;
use cellsweep_flow::{Anew, CellChange, SiteAnew, plan_anew};
use serde::Serialize;
use utoipa::ToSchema;

use crate::guard::Who;
use crate::office::Office;
use crate::problem::Problem;

/// What is left of the day, planned anew.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnewView {
    /// Searches that it takes in.
    searches: usize,
    /// Phones found in them.
    found: u32,
    /// Phones that the plan expected there.
    expected: f64,
    /// Sites where something changes.
    sites: Vec<AnewSite>,
}

/// A site's new plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnewSite {
    /// Which.
    facility: String,
    /// The number that its new plan has.
    number: u32,
    /// All its cells, as the day's protocol has them: what command enters, unchanged.
    #[schema(value_type = Vec<Object>)]
    cells: Vec<PlannedCell>,
    /// What changes.
    changes: Vec<AnewChange>,
}

/// What changes for a cell that is still to be searched.
#[derive(Debug, Serialize, ToSchema)]
pub struct AnewChange {
    /// Which.
    cell: String,
    /// Whose it is now, and which of theirs.
    before: Turn,
    /// Whose it becomes; nobody's where no time is left for it.
    after: Option<Turn>,
    /// Phones that the plan expects to find there.
    expected_before: f64,
    /// That the new one expects.
    expected_after: Option<f64>,
    /// The limits say that it has to be searched, and no time is left for it.
    must: bool,
}

/// A cell's place in a team's order.
#[derive(Debug, Serialize, ToSchema)]
pub struct Turn {
    /// The team.
    team: String,
    /// Which of the cells that it has left, from 1.
    turn: usize,
}

/// What is left of the day, planned anew from its searches so far, in cells that were approved. Nothing is kept.
#[utoipa::path(get, path = "/day/anew", responses((status = 200, body = AnewView), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn anew(State(office): State<Arc<Office>>, who: Who) -> Result<Json<AnewView>, Problem> {
    let none = || Problem::stale("No search day is open here.");
    let plan = office.day_plan().await?.ok_or_else(none)?;
    who.must_all(&office, Action::SweepCommand, &plan)?;
    let progress = office.days().progress().await.map_err(|error| Problem::internal(&error))?;
    let (run, progress) = progress.ok_or_else(none)?;
    let made = office.look(&who, Action::SweepCommand, "plan anew", Vec::new(), move |loaded, _, session| {
        Ok(plan_anew(&loaded.case, &run, &progress, session)?)
    });
    Ok(Json(shown(made.await?)))
}

fn shown(anew: Anew) -> AnewView {
    AnewView {
        searches: anew.searches,
        found: anew.found,
        expected: anew.expected_milli as f64 / 1e3,
        sites: anew.sites.into_iter().map(site).collect(),
    }
}

fn site(SiteAnew { site, number, cells, changes }: SiteAnew) -> AnewSite {
    AnewSite { facility: site.as_str().to_owned(), number, cells, changes: changes.into_iter().map(change).collect() }
}

fn change(change: CellChange) -> AnewChange {
    let turn = |(team, turn): (TeamId, usize)| Turn { team: team.as_str().to_owned(), turn };
    AnewChange {
        cell: change.cell.cell.as_str().to_owned(),
        before: turn(change.before),
        after: change.after.map(turn),
        expected_before: f64::from(change.expected_before_milli) / 1e3,
        expected_after: change.expected_after_milli.map(|milli| f64::from(milli) / 1e3),
        must: change.must,
    }
}
