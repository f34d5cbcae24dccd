//! A run once more, to see whether the same bytes come out.

use std::collections::BTreeMap;

use cellsweep_attribute::AttributeSettings;
use cellsweep_model::case::Digest;
use cellsweep_store::CaseWriter;
use cellsweep_trace::TraceSettings;
use serde::Serialize;

use crate::session::Stopwatch;
use crate::{FlowError, Session, VERSION, attribute, trace};

/// What a run once more gave.
#[derive(Debug, Clone, Serialize)]
pub struct Replay {
    /// The run.
    pub run: String,
    /// The version that made it, and the one that repeated it.
    pub versions: (String, String),
    /// Files that came out byte for byte the same.
    pub same: Vec<String>,
    /// Files that didn't, with the digest in the log and the new one.
    pub different: BTreeMap<String, (Option<Digest>, Option<Digest>)>,
}

/// Repeats a run with its settings on the case as it then stood, and compares the bytes. Nothing is
/// kept of it.
///
/// # Errors
/// When there is no such run, its step can't be repeated, something that it read was erased, or the
/// step fails.
pub fn replay(case: &mut CaseWriter, id: &str, session: &Session<'_>) -> Result<Replay, FlowError> {
    let run = case.case().manifest().runs().find(|run| run.id == id).cloned();
    let run =
        run.ok_or_else(|| FlowError::NoReplay { run: id.to_owned(), why: "the case has no such run".to_owned() })?;
    let no = |why: &str| FlowError::NoReplay { run: id.to_owned(), why: why.to_owned() };
    let known = |input: &String| {
        let manifest = case.case().manifest();
        manifest.imports().any(|import| import.id == *input) || manifest.runs().any(|run| run.id == *input)
    };
    if !run.inputs.iter().all(known) {
        return Err(no("something that it read was erased"));
    }
    let then = case.case().before(&run);
    let staging = case.stage()?;
    let mut settings = session.settings.clone();
    let steered =
        |value: &serde_json::Value| serde_json::from_value(value.clone()).map_err(FlowError::output("settings"));
    match run.step.as_str() {
        trace::STEP => {
            settings.trace = steered(&run.settings)?;
            let session = &Session { settings: &settings, ..*session };
            trace::trace_into(&staging, &then, session, &mut Stopwatch::start(session))?;
        }
        attribute::STEP => {
            let own: AttributeSettings =
                serde_json::from_value(run.settings["attribute"].clone()).map_err(FlowError::output("settings"))?;
            settings.trace = TraceSettings { at: run.settings["at"].as_i64(), ..settings.trace };
            let session = &Session { settings: &settings, ..*session };
            attribute::attribute_into(&staging, &then, &own, session, &mut Stopwatch::start(session))?;
        }
        _ => return Err(no("only traces and attributions are repeated")),
    }
    let sealed = staging.seal()?;
    Ok(compared(id, &run.version, &run.outputs, sealed.digests()))
}

fn compared(id: &str, version: &str, before: &BTreeMap<String, Digest>, after: &BTreeMap<String, Digest>) -> Replay {
    let (mut same, mut different) = (Vec::new(), BTreeMap::new());
    for name in before.keys().chain(after.keys().filter(|name| !before.contains_key(*name))) {
        match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) if old == new => same.push(name.clone()),
            (old, new) => drop(different.insert(name.clone(), (old.cloned(), new.cloned()))),
        }
    }
    Replay { run: id.to_owned(), versions: (version.to_owned(), VERSION.to_owned()), same, different }
}
