//! What one pass leaves for the next, and what in a case is stale.

use std::collections::BTreeSet;

use cellsweep_alert::{AlertSettings, Known};
use cellsweep_attribute::AttributeSettings;
use cellsweep_model::case::{CaseEvent, Digest, Run};
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter, RunFacts};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::STEP;
use super::folder::Seen;
use crate::{FlowError, Session, VERSION};

/// The run's file.
const FILE: &str = "watch.json";

/// What a pass leaves.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct State {
    /// What is known; `None` before the first comparison.
    pub known: Option<Known>,
    /// The runs that it was compared from, see [`compared`].
    pub compared: Vec<String>,
    /// Files that were taken, by name.
    pub seen: Seen,
}

impl State {
    /// What the latest pass left.
    pub fn latest(case: &Case) -> Result<Self, FlowError> {
        case.latest_run(STEP).map_or(Ok(Self::default()), |run| Ok(case.json_of(run, FILE)?))
    }

    /// Keeps it as a run, which rests on all imports: when one of them is erased, so is this.
    pub fn keep(
        &self,
        case: &mut CaseWriter,
        settings: &AlertSettings,
        session: &Session<'_>,
    ) -> Result<Run, FlowError> {
        let staging = case.stage()?;
        staging.write_json(FILE, self)?;
        let imports = case.case().manifest().imports().map(|import| import.id.clone());
        let facts = RunFacts {
            step: STEP.to_owned(),
            version: VERSION.to_owned(),
            settings: serde_json::to_value(settings).map_err(FlowError::output("settings"))?,
            inputs: imports.chain(self.compared.iter().cloned()).collect(),
        };
        Ok(case.commit_run(staging.seal()?, facts, session.now())?)
    }
}

/// The runs that a comparison is made from: the latest trace and attribution.
pub(super) fn compared(case: &Case) -> Vec<String> {
    let steps = [crate::trace::STEP, crate::attribute::STEP];
    steps.iter().filter_map(|step| case.latest_run(step)).map(|run| run.id.clone()).collect()
}

/// Whether a step has to be run anew: it never was, or what it reads has changed since, or it was asked otherwise.
pub(super) fn is_stale(case: &Case, step: &str, session: &Session<'_>) -> Result<bool, FlowError> {
    let Some(run) = case.latest_run(step) else { return Ok(true) };
    let facts = match step {
        crate::trace::STEP => crate::trace::run_facts(case, session)?,
        _ => crate::attribute::run_facts(case, session, &AttributeSettings::default())?,
    };
    Ok(run.inputs != facts.inputs || run.settings != without_nulls(facts.settings) || use_changed_since(case, run))
}

/// As the log keeps it, in which what is absent and null are one thing.
fn without_nulls(mut value: Value) -> Value {
    if let Value::Object(object) = &mut value {
        object.retain(|_, value| !value.is_null());
        object.values_mut().for_each(|value| *value = without_nulls(value.take()));
    }
    value
}

/// Whether imports were restricted, or may be used again, since a run.
fn use_changed_since(case: &Case, run: &Run) -> bool {
    let events = &case.manifest().events;
    let at = events.iter().position(|logged| matches!(&logged.event, CaseEvent::Ran { run: of } if of.id == run.id));
    let changes = |event: &CaseEvent| matches!(event, CaseEvent::Restricted { .. } | CaseEvent::Unrestricted { .. });
    events.iter().skip(at.unwrap_or_default()).any(|logged| changes(&logged.event))
}

/// Digests of a table's files that were in the case and were erased.
pub(super) fn erased(case: &Case, table: Table) -> BTreeSet<Digest> {
    let left: BTreeSet<&Digest> = case.manifest().imports().map(|import| &import.digest).collect();
    let ever = case.manifest().events.iter().filter_map(|logged| match &logged.event {
        CaseEvent::Imported { import } if import.table == table => Some(&import.digest),
        _ => None,
    });
    ever.filter(|digest| !left.contains(digest)).cloned().collect()
}
