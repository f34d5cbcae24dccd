//! Which handsets are asked for, and by what.

use std::collections::{BTreeMap, BTreeSet};

use super::{Action, ByOperator, Embargo, Order, Request, Target, number};
use crate::snapshot::{CaseSnapshot, Decimal, Device, FacilityName, HandsetName, Imei, Sim, Words};

/// What is asked, and what is not.
#[derive(Debug, Clone, PartialEq)]
pub struct Requests {
    /// By operator; each operator's numbers run from 1, so that none shows what others were asked.
    pub by_operator: ByOperator,
    /// Handsets that are not asked for. It stays with the requester.
    pub skipped: Vec<Skipped>,
}

/// A handset that is not asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Skipped {
    /// Which.
    pub handset: HandsetName,
    /// Why.
    pub why: Why,
}

/// Why a handset is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It belongs to a plan that is closed until its hour.
    Embargoed,
    /// Nothing is weighed of it, or not where it is kept.
    NotWeighed,
    /// Its weight is below the requester's threshold.
    BelowThreshold,
    /// Its weight rests on findings that can't leave.
    Restricted,
    /// Neither its IMEI nor a subscription is its alone.
    NotAlone,
}

/// The requests for a snapshot's handsets; IMEIs that are known to live outside are never among them.
pub fn requests(snapshot: &CaseSnapshot, order: &Order, embargo: &Embargo, outside: &BTreeSet<Imei>) -> Requests {
    let (mut by_operator, mut skipped) = (ByOperator::new(), Vec::new());
    let mut wanted: BTreeMap<&HandsetName, (&Device, &FacilityName)> = BTreeMap::new();
    for device in &snapshot.devices {
        match weighed(device, order, embargo) {
            Ok(facility) => {
                let best = wanted.entry(&device.handset).or_insert((device, facility));
                // Weighed for several facilities: where it weighs most, whatever the order of rows.
                if rank(device) > rank(best.0) {
                    *best = (device, facility);
                }
            }
            Err(why) => skipped.push(Skipped { handset: device.handset.clone(), why }),
        }
    }
    // A handset that is asked for in one facility was not left out for being unlikely in another.
    skipped.retain(|skip| !wanted.contains_key(&skip.handset));
    for (handset, (device, facility)) in wanted {
        let asked = targets(snapshot, order, device, outside);
        if asked.is_empty() {
            skipped.push(Skipped { handset: handset.clone(), why: Why::NotAlone });
        }
        for (operator, target) in asked {
            let theirs: &mut Vec<Request> = by_operator.entry(operator).or_default();
            if !theirs.iter().any(|request| request.target == target) {
                let number = number(order, theirs.len() + 1);
                theirs.push(request(number, target, device, facility));
            }
        }
    }
    skipped.sort();
    skipped.dedup();
    Requests { by_operator, skipped }
}

fn request(number: String, target: Target, device: &Device, facility: &FacilityName) -> Request {
    Request {
        number,
        action: Action::Disable,
        target,
        facility: facility.clone(),
        first_record: device.first_seen,
        last_record: device.last_seen,
        restores: None,
    }
}

fn rank(device: &Device) -> (Option<Decimal>, Option<&FacilityName>) {
    (device.assessment.stated().map(|stated| stated.log10_lr), device.facility.as_ref())
}

/// Where a handset is kept that may be asked for.
fn weighed<'a>(device: &'a Device, order: &Order, embargo: &Embargo) -> Result<&'a FacilityName, Why> {
    if embargo.contains(&device.handset) {
        return Err(Why::Embargoed);
    }
    let (Some(stated), Some(facility)) = (device.assessment.stated(), &device.facility) else {
        return Err(Why::NotWeighed);
    };
    if stated.findings.iter().any(|finding| !order.classes.contains(&finding.class)) {
        return Err(Why::Restricted);
    }
    if stated.log10_lr < order.threshold { Err(Why::BelowThreshold) } else { Ok(facility) }
}

/// By what a handset is asked for, and where: its IMEIs where all of them are its alone, else its subscriptions.
fn targets(snapshot: &CaseSnapshot, order: &Order, device: &Device, outside: &BTreeSet<Imei>) -> Vec<(Words, Target)> {
    let others = || snapshot.devices.iter().filter(|other| other.handset != device.handset);
    let elsewhere = |imei: &Imei| outside.contains(imei) || others().any(|other| other.imeis.contains(imei));
    let shared = device.cloned || device.imeis.iter().any(elsewhere);
    if !shared && !device.imeis.is_empty() {
        let each = device
            .imeis
            .iter()
            .flat_map(|imei| order.operators.iter().map(|operator| (operator.clone(), Target::Handset(imei.clone()))));
        return each.collect();
    }
    snapshot.sims.iter().filter_map(|sim| subscription(sim, &device.handset)).collect()
}

/// A subscription that was heard in this handset and in no other.
fn subscription(sim: &Sim, handset: &HandsetName) -> Option<(Words, Target)> {
    let alone = sim.handsets.as_slice() == std::slice::from_ref(handset);
    let (imsi, operator) = (sim.imsi.clone()?, sim.operator.clone()?);
    alone.then(|| (operator, Target::Subscription(imsi, sim.msisdn.clone())))
}
