//! Handsets, subscriptions and holders.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::authority::AuthorityKind;
use cellsweep_model::finding::Source;
use cellsweep_model::holder as model;
use cellsweep_model::persons::Persons;
use cellsweep_model::rows::{self, DeviceClass};
use cellsweep_model::table::Table;
use cellsweep_model::{Device, HolderFact, Imsi, Msisdn};
use cellsweep_share::snapshot::{
    self as shared, Assessment, CaseSnapshot, Finding, HandsetName, Holder, Person, PersonCategory, PersonRef, RunName,
    Sim, SourceClass, Stated,
};
use cellsweep_store::Case;

use super::CaseChoice;
use super::snapshot::order_of;
use super::values::{at, decimal, may, must, parameters, said};
use crate::phones::{self, Keys};
use crate::trace::{self, operators, read};
use crate::{DeviceFilter, FlowError, Session, attribute, devices, holders};

/// Holders below this joint probability are nobody's business outside.
const LEAST_HOLDER: f64 = 0.1;

/// A subscription as it was heard.
#[derive(Default)]
struct Heard {
    handsets: BTreeSet<String>,
    /// The number that it had last.
    own: Option<(i64, Msisdn)>,
    /// Records by operator.
    operators: BTreeMap<u16, u32>,
}

/// By IMSI, or by number where records have no IMSI.
pub(super) type Subscriber = (Option<Imsi>, Option<Msisdn>);

/// Adds what trace and attribution say, where they were run.
pub(super) fn add(
    snapshot: &mut CaseSnapshot,
    case: &Case,
    choice: &CaseChoice,
    session: &Session<'_>,
) -> Result<(), FlowError> {
    let Some(run) = case.latest_run(trace::STEP) else { return Ok(()) };
    let filter =
        DeviceFilter { facility: choice.facility.clone(), min_probability: choice.min_probability, limit: None };
    let chosen = devices(case, &filter)?;
    let run = must("a run's name", &run.id)?;
    let models = models(case)?;
    for device in &chosen {
        snapshot.devices.push(row(case, device, &models, &run)?);
    }
    let evidence = attribute::evidence(case, session)?;
    let engine = session.engine(1);
    let (gathered, keys) = phones::gather(case, &chosen, &evidence, &engine, &|_share| {})?;
    let cards = cards(snapshot, case, &gathered)?;
    super::calls::add(
        snapshot,
        case,
        &Spoke { choice, keys: &keys, phones: &gathered, cards: &cards, evidence: &evidence },
        &engine,
    )?;
    add_holders(snapshot, case, &chosen)
}

/// What calls are chosen and named by.
pub(super) struct Spoke<'a> {
    pub choice: &'a CaseChoice,
    pub keys: &'a Keys,
    pub phones: &'a [cellsweep_attribute::Phone],
    /// Cards by who they are.
    pub cards: &'a BTreeMap<Subscriber, shared::SimName>,
    pub evidence: &'a cellsweep_attribute::Evidence,
}

/// Names of models by their codes.
fn models(case: &Case) -> Result<BTreeMap<String, String>, FlowError> {
    let catalogue: Vec<rows::Model> = read(case, Table::Models)?;
    Ok(catalogue.into_iter().filter_map(|model| Some((model.tac.to_string(), model.model?))).collect())
}

fn row(
    case: &Case,
    device: &Device,
    models: &BTreeMap<String, String>,
    run: &RunName,
) -> Result<shared::Device, FlowError> {
    let imeis: Vec<shared::Imei> =
        device.imei.iter().chain(&device.other_imeis).filter_map(|imei| may(&imei.to_string())).collect();
    let model = imeis.first().and_then(|imei| models.get(imei.tac()));
    let findings = device.findings.iter().map(|finding| {
        let words = parameters(&finding.fact, &[]);
        made(finding.fact.code(), words, finding.source, class(finding.source.class()), finding.log10_lr)
    });
    let findings = findings.collect::<Result<_, _>>()?;
    Ok(shared::Device {
        handset: must("a handset's key", &device.handset)?,
        imeis,
        class: Some(device_class(device.class)),
        model: model.and_then(|name| super::values::words(name)),
        facility: Some(must("a facility", device.facility.as_str())?),
        cloned: device.cloned,
        first_seen: at(device.first_seen),
        last_seen: at(device.last_seen),
        authority: order_of(case, AuthorityKind::Records, Some(device.facility.as_str())),
        assessment: stated(("kept in this facility", "kept elsewhere"), device.log10_lr, findings, run)?,
    })
}

fn stated(
    (proposition, alternative): (&str, &str),
    log10_lr: f64,
    findings: Vec<Finding>,
    run: &RunName,
) -> Result<Assessment, FlowError> {
    Ok(Assessment::Stated(Box::new(Stated {
        proposition: said("a proposition", proposition)?,
        alternative: said("a proposition", alternative)?,
        log10_lr: decimal(log10_lr)?,
        findings,
        run: Some(run.clone()),
    })))
}

fn made(
    code: &str,
    words: Vec<(shared::Code, shared::Words)>,
    source: Source,
    class: SourceClass,
    log10_lr: f64,
) -> Result<Finding, FlowError> {
    let source = match source {
        Source::Records => shared::Source::Records,
        Source::Ledger => shared::Source::Ledger,
        Source::Catalogue => shared::Source::Catalogue,
        Source::Administration => shared::Source::Administration,
    };
    let parameters = words.into_iter().collect();
    Ok(Finding { code: must("a finding's code", code)?, parameters, source, class, log10_lr: decimal(log10_lr)? })
}

const fn class(class: model::SourceClass) -> SourceClass {
    match class {
        model::SourceClass::Open => SourceClass::Open,
        model::SourceClass::Judicial => SourceClass::Judicial,
        model::SourceClass::Intelligence => SourceClass::Intelligence,
    }
}

pub(super) const fn device_class(class: DeviceClass) -> shared::DeviceClass {
    match class {
        DeviceClass::Mini => shared::DeviceClass::Mini,
        DeviceClass::Feature => shared::DeviceClass::Feature,
        DeviceClass::Smart => shared::DeviceClass::Smart,
        DeviceClass::Iot => shared::DeviceClass::Iot,
        DeviceClass::Unknown => shared::DeviceClass::Unknown,
    }
}

/// Subscriptions heard in the handsets, numbered in the order of their identities.
fn cards(
    snapshot: &mut CaseSnapshot,
    case: &Case,
    phones: &[cellsweep_attribute::Phone],
) -> Result<BTreeMap<Subscriber, shared::SimName>, FlowError> {
    let mut heard: BTreeMap<Subscriber, Heard> = BTreeMap::new();
    for phone in phones {
        for day in phone.days.iter().filter(|day| day.imsi.is_some()) {
            let card = heard.entry((day.imsi, None)).or_default();
            card.handsets.insert(phone.handset.clone());
            *card.operators.entry(day.operator).or_default() += day.counts.events;
        }
        for row in phone.peers.iter().filter(|row| row.imsi.is_some() || row.own.is_some()) {
            let who = if row.imsi.is_some() { (row.imsi, None) } else { (None, row.own) };
            let card = heard.entry(who).or_default();
            card.handsets.insert(phone.handset.clone());
            card.own = card.own.max(row.own.map(|own| (row.last, own)));
        }
    }
    let operators = operators(case);
    let mut names = BTreeMap::new();
    for (number, (who, card)) in (1..).zip(heard) {
        let sim: shared::SimName = must("a card's name", &format!("S{number}"))?;
        let most = card.operators.iter().max_by_key(|(operator, records)| (**records, std::cmp::Reverse(**operator)));
        let operator = most.and_then(|(operator, _)| operators.get(usize::from(*operator)));
        snapshot.sims.push(Sim {
            sim: sim.clone(),
            imsi: who.0.and_then(|imsi| may(&imsi.to_string())),
            msisdn: card.own.and_then(|(_, own)| may(&own.to_string())),
            iccid: None,
            operator: operator.and_then(|name| super::values::words(name)),
            handsets: card.handsets.iter().filter_map(|handset| may(handset)).collect(),
            subscriber: None,
            authority: order_of(case, AuthorityKind::Records, None),
        });
        names.insert(who, sim);
    }
    Ok(names)
}

/// Who may use the chosen handsets, and of which category they are.
fn add_holders(snapshot: &mut CaseSnapshot, case: &Case, chosen: &[Device]) -> Result<(), FlowError> {
    let Some(run) = case.latest_run(attribute::STEP) else { return Ok(()) };
    let run = must("a run's name", &run.id)?;
    let handsets: BTreeSet<(&str, &str)> =
        chosen.iter().map(|device| (device.handset.as_str(), device.facility.as_str())).collect();
    let category = inmates_category(case);
    let mut people: BTreeSet<PersonRef> = BTreeSet::new();
    let mut known: BTreeSet<(HandsetName, PersonRef)> = BTreeSet::new();
    for holder in holders(case)? {
        let Some(inmate) = &holder.inmate else { continue };
        let here = handsets.contains(&(holder.handset.as_str(), holder.facility.as_str()));
        if !here || holder.probability < LEAST_HOLDER {
            continue;
        }
        let (handset, person): (HandsetName, PersonRef) =
            (must("a handset's key", &holder.handset)?, must("a person's reference", inmate.as_str())?);
        if !known.insert((handset.clone(), person.clone())) {
            continue;
        }
        let findings = holder.findings.iter().map(|finding| {
            // Whose number it was and which case is in the calls, where they leave at all.
            let without = match finding.fact {
                HolderFact::ListedNumber { .. } | HolderFact::CaseNumber { .. } => &["number", "case"][..],
                _ => &[],
            };
            let words = parameters(&finding.fact, without);
            made(finding.fact.code(), words, finding.source, class(finding.class), finding.log10_lr)
        });
        let findings = findings.collect::<Result<_, _>>()?;
        people.insert(person.clone());
        let assessment =
            stated(("used by this person", "used by another one held here"), holder.log10_lr, findings, &run)?;
        snapshot.holders.push(Holder { handset, person, assessment });
    }
    let rows = people.into_iter().map(|person| Person { person, category, name: None, role: None, authority: None });
    snapshot.persons.extend(rows);
    Ok(())
}

/// Of which category the roster's people are, where its imports agree.
fn inmates_category(case: &Case) -> PersonCategory {
    let mut said: Vec<Persons> = case.imports_of(Table::Roster).filter_map(|import| import.persons).collect();
    said.dedup();
    match said.as_slice() {
        [Persons::Suspect] => PersonCategory::Suspect,
        [Persons::Convicted] => PersonCategory::Convicted,
        [Persons::Victim] => PersonCategory::Victim,
        [Persons::WitnessOrContact] => PersonCategory::WitnessOrContact,
        [Persons::ThirdParty] => PersonCategory::ThirdParty,
        _ => PersonCategory::NotYetDetermined,
    }
}
