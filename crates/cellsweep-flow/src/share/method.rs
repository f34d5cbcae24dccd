//! The method package: what another country needs to do the same, and nobody's data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use cellsweep_buyers::Line;
use cellsweep_ingest::profile::shipped;
use cellsweep_model::calibration::Basis;
use cellsweep_model::case::{CaseEvent, CaseKind, Run};
use cellsweep_model::rows::{self, DeviceClass, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_share::method::{Calibration, HandsetSet, ImportProfile, Indicator, Method, Model, StepSettings, World};
use cellsweep_share::package::Content;
use cellsweep_share::snapshot::{Code, Decimal, Words};
use cellsweep_store::{Case, CaseWriter};
use jiff::tz::Offset;

use super::embargo::closed_imeis;
use super::figures::figures;
use super::send::{Approved, Outgoing, Sending, Sent};
use super::snapshot::settings_digest;
use super::values::{decimal, may, must, said, words};
use super::{ShareError, devices::device_class};
use crate::run::TraceFacts;
use crate::trace::{self, read};
use crate::{DeviceFilter, FlowError, ProfileChoice, ProfileSaid, Session, VERSION, attribute, devices};

/// Wordings of products that are handed on, the most frequent first.
const MOST_WORDINGS: usize = 50;

/// What is said of a method.
#[derive(Debug, Clone, Default)]
pub struct MethodSaid {
    /// What it is called.
    pub name: String,
    /// Which authority hands it on.
    pub agency: String,
    /// Under which terms it may be used.
    pub terms: String,
    /// Import profiles in files; those that came with the program and were used go by themselves.
    pub profiles: Vec<PathBuf>,
    /// What a supplier is known by: kind and value.
    pub indicators: Vec<(String, String)>,
    /// Production lots: TAC, first and last serial number.
    pub ranges: Vec<(String, u32, u32)>,
    /// Whether the ledger's handsets go as a list; it takes an order.
    pub list_handsets: bool,
    /// A made-up country that behaves like this one: seed and family.
    pub world: Option<(u64, String)>,
}

/// Hands the case's method over.
///
/// # Errors
/// When one person alone answers for it, nothing orders it, something of it looks like somebody's data, or the case or
/// a file fails.
pub fn share_method(
    case: &mut CaseWriter,
    of: &MethodSaid,
    sending: &Sending,
    session: &Session<'_>,
) -> Result<(Sent, Method), FlowError> {
    let outgoing = Outgoing {
        kind: "method",
        profile: must("a profile", "method")?,
        purpose: said("a purpose", "rerunning the method on the recipient's own records")?,
        days: 365,
    };
    let approved = Approved::new(case.case(), sending, outgoing, session)?;
    let method = gather(case.case(), of, &approved)?;
    method.check().map_err(ShareError::from)?;
    let sent = approved.packages(case, &Content::Method(Box::new(method.clone())), &BTreeMap::new(), session)?;
    Ok((sent, method))
}

fn gather(case: &Case, of: &MethodSaid, approved: &Approved) -> Result<Method, FlowError> {
    let ledger: Vec<Line> = read(case, Table::Ledger)?;
    Ok(Method {
        version: Default::default(),
        name: said("the method's name", &of.name)?,
        country: must("the case's country", &case.manifest().country.country)?,
        agency: said("the agency", &of.agency)?,
        terms: said("the terms of use", &of.terms)?,
        expires: approved.expires,
        models: models(case, &ledger)?,
        handsets: handsets(case, of, &ledger, approved)?,
        indicators: indicators(of, &ledger)?,
        import_profiles: import_profiles(case, of)?,
        settings: settings(case)?,
        world: world(of)?,
        lessons: figures(case)?,
    })
}

/// A model of the catalogue, with its brand.
pub(super) struct Listed {
    pub tac: String,
    brand: Option<String>,
    model: Option<String>,
    class: DeviceClass,
}

impl FromRow for Listed {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let known = rows::Model::from_row(row)?;
        let brand = row.text("brand").map(str::to_owned);
        Ok(Self { tac: known.tac.to_string(), brand, model: known.model, class: known.class })
    }
}

/// Minis, and whatever the supplier sold or the trace finds: a whole catalogue is no method.
fn models(case: &Case, ledger: &[Line]) -> Result<Vec<Model>, FlowError> {
    let sold = ledger.iter().flat_map(|line| &line.imeis).map(|imei| imei.to_string());
    let traced = match case.latest_run(trace::STEP) {
        Some(_) => devices(case, &DeviceFilter { min_probability: 0.5, ..DeviceFilter::default() })?,
        None => Vec::new(),
    };
    let found = traced.iter().filter_map(|device| device.imei).map(|imei| imei.to_string());
    let codes: BTreeSet<String> = sold.chain(found).filter_map(|imei| imei.get(..8).map(str::to_owned)).collect();
    let listed: Vec<Listed> = read(case, Table::Models)?;
    let wanted = listed.into_iter().filter(|row| row.class == DeviceClass::Mini || codes.contains(&row.tac));
    let by_code: BTreeMap<String, Listed> = wanted.map(|row| (row.tac.clone(), row)).collect();
    let unknown = said("a brand", "not stated")?;
    let text = |text: &Option<String>| text.as_deref().and_then(words).unwrap_or_else(|| unknown.clone());
    let row = |row: Listed| -> Result<Model, FlowError> {
        let bad = |why: &str| ShareError::Value { what: "a TAC", why: why.to_owned() };
        let tac = row.tac.clone().try_into().map_err(bad)?;
        Ok(Model { tac, brand: text(&row.brand), model: text(&row.model), class: device_class(row.class) })
    };
    by_code.into_values().map(row).collect()
}

fn handsets(case: &Case, of: &MethodSaid, ledger: &[Line], approved: &Approved) -> Result<Vec<HandsetSet>, FlowError> {
    let mut sets = Vec::new();
    for (tac, from, to) in &of.ranges {
        let tac =
            tac.clone().try_into().map_err(|why: &str| ShareError::Value { what: "a TAC", why: why.to_owned() })?;
        sets.push(HandsetSet::Range { tac, from: *from, to: *to });
    }
    if of.list_handsets {
        let closed = closed_imeis(case, approved.made)?;
        let mut imeis: BTreeSet<_> =
            ledger.iter().flat_map(|line| &line.imeis).filter_map(|imei| may(&imei.to_string())).collect();
        imeis.retain(|imei| !closed.contains(imei));
        sets.push(HandsetSet::List { imeis: imeis.into_iter().collect(), allowed_by: allowed_by(case, approved)? });
    }
    Ok(sets)
}

/// The order that lets single handsets leave.
fn allowed_by(case: &Case, approved: &Approved) -> Result<Words, FlowError> {
    let named = approved.authority();
    let grant = case.manifest().grants().into_iter().find(|grant| Some(grant.authority.id.as_str()) == named);
    match grant {
        Some(grant) => said("an order", &format!("{}, {}", grant.authority.body, grant.authority.number)),
        None if case.kind() == CaseKind::Exercise => said("an order", "an exercise: invented handsets"),
        None => Err(FlowError::NotOrdered { why: "a list of handsets leaves under an order alone".to_owned() }),
    }
}

/// What was said, and the products' wordings as the shop has them.
fn indicators(of: &MethodSaid, ledger: &[Line]) -> Result<Vec<Indicator>, FlowError> {
    let mut indicators = Vec::new();
    for (kind, value) in &of.indicators {
        indicators.push(Indicator { kind: must("an indicator's kind", kind)?, value: said("an indicator", value)? });
    }
    let mut wordings: BTreeMap<&str, usize> = BTreeMap::new();
    for model in ledger.iter().filter_map(|line| line.model.as_deref()) {
        *wordings.entry(model).or_default() += 1;
    }
    let mut wordings: Vec<(&str, usize)> = wordings.into_iter().filter(|(_, lines)| *lines > 1).collect();
    wordings.sort_by_key(|(text, lines)| (std::cmp::Reverse(*lines), *text));
    let kind: Code = must("an indicator's kind", "product_wording")?;
    let texts = wordings.iter().take(MOST_WORDINGS).filter_map(|(text, _)| words(text));
    indicators.extend(texts.map(|value| Indicator { kind: kind.clone(), value }));
    Ok(indicators)
}

/// Profiles that the case was imported by and that come with the program, and those in files.
fn import_profiles(case: &Case, of: &MethodSaid) -> Result<Vec<ImportProfile>, FlowError> {
    let used: BTreeSet<&str> =
        case.manifest().imports().filter_map(|import| import.profile.as_ref()).map(|used| used.name.as_str()).collect();
    let mut profiles: BTreeMap<String, String> =
        used.into_iter().filter_map(shipped).map(|known| (known.name.to_owned(), known.text.to_owned())).collect();
    for path in &of.profiles {
        let choice = ProfileChoice::find(&path.to_string_lossy(), ProfileSaid::default())?;
        let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
        profiles.insert(choice.profile.name, text);
    }
    let row = |(name, toml): (String, String)| -> Result<ImportProfile, FlowError> {
        Ok(ImportProfile { name: must("a profile's name", &code(&name))?, toml })
    };
    profiles.into_iter().map(row).collect()
}

/// A name as codes are written.
fn code(name: &str) -> String {
    let sign = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    name.chars().map(sign).collect()
}

fn settings(case: &Case) -> Result<Vec<StepSettings>, FlowError> {
    let steps = [trace::STEP, attribute::STEP];
    steps.into_iter().filter_map(|step| case.latest_run(step)).map(|run| step_settings(case, run)).collect()
}

fn step_settings(case: &Case, run: &Run) -> Result<StepSettings, FlowError> {
    let fields = run.settings.as_object().into_iter().flatten();
    // The asked time is the case's own, and no setting of the method.
    let fields = fields.filter(|(name, value)| *name != "at" && !value.is_null());
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let calibration = if run.step == trace::STEP { calibration(case, run)? } else { None };
    Ok(StepSettings {
        step: must("a step", &run.step)?,
        version: said("a version", &run.version)?,
        settings: fields.filter_map(|(name, value)| Some((may(name)?, words(&text(value))?))).collect(),
        digest: settings_digest(run),
        calibration,
    })
}

/// How well the weights did on the case's own labels, where there were enough.
fn calibration(case: &Case, run: &Run) -> Result<Option<Calibration>, FlowError> {
    let facts: TraceFacts = case.json_of(run, TraceFacts::FILE)?;
    let Some(Basis::OwnLabels { labels, cllr, cllr_min, bounds }) = facts.basis else { return Ok(None) };
    let time = case.manifest().events.iter().find_map(|logged| match &logged.event {
        CaseEvent::Ran { run: of } if of.id == run.id => Some(logged.time),
        _ => None,
    });
    let number = |number: f64| -> Result<Decimal, FlowError> { decimal(number) };
    Ok(Some(Calibration {
        positives: u32::try_from(labels.positives).unwrap_or(u32::MAX),
        negatives: u32::try_from(labels.negatives).unwrap_or(u32::MAX),
        cllr: number(cllr)?,
        cllr_min: number(cllr_min)?,
        elub_lower: number(bounds.lower)?,
        elub_upper: number(bounds.upper)?,
        measured: Offset::UTC.to_datetime(time.unwrap_or_default()).date(),
    }))
}

fn world(of: &MethodSaid) -> Result<Option<World>, FlowError> {
    let Some((seed, family)) = &of.world else { return Ok(None) };
    let family = must("a family of worlds", &family.to_lowercase())?;
    Ok(Some(World { seed: *seed, family, version: said("a version", VERSION)? }))
}
