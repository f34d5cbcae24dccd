//! A case as a snapshot: what it is, under whose orders, what was run, what was passed on before.

use cellsweep_model::authority::{Authority as Order, AuthorityKind, Grant};
use cellsweep_model::case::{CaseEvent, CaseKind, Run};
use cellsweep_model::rows;
use cellsweep_model::table::Table;
use cellsweep_proof::Hash;
use cellsweep_share::snapshot::{
    self as shared, Authority, AuthorityName, CaseHead, CaseSnapshot, Coverage, Disclosure, Facility, FileDigest,
    Offence,
};
use cellsweep_store::{Case, CaseWriter};
use jiff::Timestamp;

use super::CaseChoice;
use super::values::{decimal, hash, may, must, said, second, words};
use crate::trace::{self, read};
use crate::{FlowError, Session};

/// The case as it stands, with the handsets that were chosen and all that hangs on them.
pub(super) fn gather(case: &CaseWriter, choice: &CaseChoice, session: &Session<'_>) -> Result<CaseSnapshot, FlowError> {
    let case = case.case();
    let mut snapshot = CaseSnapshot::new(head(case, second(session.now()))?);
    snapshot.authorities = authorities(case)?;
    snapshot.facilities = facilities(case)?;
    snapshot.runs = runs(case)?;
    snapshot.disclosures = disclosures(case)?;
    super::custody::add(&mut snapshot, case)?;
    super::devices::add(&mut snapshot, case, choice, session)?;
    snapshot.sort();
    Ok(snapshot)
}

pub(super) fn head(case: &Case, taken: Timestamp) -> Result<CaseHead, FlowError> {
    let name = case.manifest().events.iter().find_map(|logged| match &logged.event {
        CaseEvent::Opened { case, .. } => Some(case.as_str()),
        _ => None,
    });
    Ok(CaseHead {
        case: must("the case's name", name.unwrap_or_default())?,
        kind: kind(case.kind()),
        country: must("the case's country", &case.manifest().country.country)?,
        taken,
    })
}

pub(super) const fn kind(kind: CaseKind) -> shared::CaseKind {
    match kind {
        CaseKind::Exercise => shared::CaseKind::Exercise,
        CaseKind::Investigation => shared::CaseKind::Investigation,
    }
}

fn authorities(case: &Case) -> Result<Vec<Authority>, FlowError> {
    case.manifest().grants().into_iter().map(|grant| authority(&grant.authority)).collect()
}

fn authority(order: &Order) -> Result<Authority, FlowError> {
    let offences = order.offences.iter().map(|offence| -> Result<Offence, FlowError> {
        Ok(Offence {
            code: must("an offence's code", &offence.code)?,
            maximum_penalty_years: decimal(offence.maximum_penalty_years)?,
            as_of: offence.as_of,
        })
    });
    let facilities = || order.facilities.iter().filter_map(|id| may(id)).collect();
    Ok(Authority {
        authority: must("an authority's reference", &order.id)?,
        country: must("an authority's country", &order.country)?,
        body: said("an authority's body", &order.body)?,
        number: said("an authority's number", &order.number)?,
        legal_basis: said("an authority's legal basis", &order.legal_basis)?,
        offences: offences.collect::<Result<_, _>>()?,
        reviewed_by: order.reviewed_by.as_deref().and_then(words),
        kinds: order.kinds.iter().map(|kind| ordered(*kind)).collect(),
        covers: Some(if order.covers("*") { Coverage::All } else { Coverage::Facilities(facilities()) }),
        data_from: order.data_from,
        data_to: order.data_to,
        valid_until: order.valid_until,
        cross_border_reference: order.cross_border_reference.as_deref().and_then(words),
    })
}

const fn ordered(kind: AuthorityKind) -> shared::AuthorityKind {
    match kind {
        AuthorityKind::Records => shared::AuthorityKind::Records,
        AuthorityKind::RealTimeLocation => shared::AuthorityKind::RealTimeLocation,
        AuthorityKind::Search => shared::AuthorityKind::Search,
        AuthorityKind::Disclosure => shared::AuthorityKind::Disclosure,
    }
}

fn facilities(case: &Case) -> Result<Vec<Facility>, FlowError> {
    let known: Vec<rows::Facility> = read(case, Table::Facilities)?;
    let row = |facility: rows::Facility| -> Result<Facility, FlowError> {
        let middle = facility.outline.centroid();
        Ok(Facility {
            facility: must("a facility", facility.id.as_str())?,
            name: words(&facility.name),
            lat: Some(decimal(middle.lat)?),
            lon: Some(decimal(middle.lon)?),
        })
    };
    known.into_iter().map(row).collect()
}

/// The runs that assessments rest on.
fn runs(case: &Case) -> Result<Vec<shared::Run>, FlowError> {
    let steps = [trace::STEP, crate::attribute::STEP];
    steps.into_iter().filter_map(|step| case.latest_run(step)).map(|run| run_row(case, run)).collect()
}

fn run_row(case: &Case, run: &Run) -> Result<shared::Run, FlowError> {
    let imports = case.manifest().imports().filter(|import| run.inputs.contains(&import.id));
    let inputs = imports.map(|import| (&import.id, &import.digest));
    let file = |(name, digest): (&String, _)| Some(FileDigest { file: may(name)?, digest: hash(digest)? });
    Ok(shared::Run {
        run: must("a run's name", &run.id)?,
        step: must("a step", &run.step)?,
        version: said("a version", &run.version)?,
        settings: settings_digest(run),
        inputs: inputs.filter_map(file).collect(),
        outputs: run.outputs.iter().filter_map(file).collect(),
    })
}

/// SHA-256 of a run's settings, as its log entry has them.
pub(super) fn settings_digest(run: &Run) -> Hash {
    Hash::of(run.settings.to_string().as_bytes())
}

fn disclosures(case: &Case) -> Result<Vec<Disclosure>, FlowError> {
    let mut rows = Vec::new();
    for (time, known) in case.manifest().disclosures() {
        for (copy, manifest) in (1..).zip(&known.copies) {
            rows.push(Disclosure {
                disclosure: must("a disclosure's number", &format!("{}-{copy}", known.id))?,
                time,
                recipient: said("a recipient", &known.recipient)?,
                profile: must("a profile", &known.profile)?,
                authority: known.authority.as_deref().and_then(may),
                approved_by: None,
                manifest: hash(manifest),
            });
        }
    }
    Ok(rows)
}

/// The order that something of a facility rests on: the first of these kinds that covers it.
pub(super) fn order_of(case: &Case, kind: AuthorityKind, facility: Option<&str>) -> Option<AuthorityName> {
    let covers = |grant: &&Grant| {
        let authority = &grant.authority;
        authority.kinds.contains(&kind) && facility.is_none_or(|facility| authority.covers(facility))
    };
    case.manifest().grants().into_iter().find(covers).and_then(|grant| may(&grant.authority.id))
}
