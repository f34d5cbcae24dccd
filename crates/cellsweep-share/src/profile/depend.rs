//! What hangs on what: leaving a row out means leaving out what names it or rests on it.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use crate::snapshot::{
    Assessment, CallEnd, CallName, CaseSnapshot, Device, FacilityName, HandsetName, Imei, Msisdn, PersonRef, RunName,
    SectorName, Sim, SimName, SourceClass,
};

/// Leaves handsets out that are not to be known of yet; how many there were.
pub(super) fn embargo(snapshot: &mut CaseSnapshot, embargo: &BTreeSet<HandsetName>) -> usize {
    let under = |device: &&Device| embargo.contains(&device.handset);
    let gone: BTreeSet<HandsetName> = snapshot.devices.iter().filter(under).map(|row| row.handset.clone()).collect();
    // Calls and cards may name a handset that no row describes.
    drop_handsets(snapshot, embargo);
    gone.len()
}

/// Leaves weights out that rest on findings of other classes; how many rows that were.
///
/// A handset is in the case because of its weight. So it goes with it, unless it was seized: then it stays as a fact
/// of which nothing is said.
pub(super) fn restrict(snapshot: &mut CaseSnapshot, classes: &BTreeSet<SourceClass>) -> usize {
    let rests_on_others = |assessment: &Assessment| {
        assessment.stated().is_some_and(|stated| stated.findings.iter().any(|row| !classes.contains(&row.class)))
    };
    let restricted = |device: &&Device| rests_on_others(&device.assessment);
    let handsets: BTreeSet<HandsetName> =
        snapshot.devices.iter().filter(restricted).map(|row| row.handset.clone()).collect();
    let facts = seized(snapshot);
    let before = snapshot.holders.len();
    // Who holds a handset is asked only because it is thought to be kept there.
    snapshot.holders.retain(|row| !handsets.contains(&row.handset) && !rests_on_others(&row.assessment));
    let holders = before - snapshot.holders.len();
    for device in snapshot.devices.iter_mut().filter(|device| handsets.contains(&device.handset)) {
        (device.assessment, device.facility) = (Assessment::NotStated, None);
    }
    once(&mut snapshot.devices, &handsets);
    drop_handsets(snapshot, &handsets.difference(&facts).cloned().collect());
    handsets.len() + holders
}

/// Handsets that were seized: an exhibit has their IMEI, and no other handset does.
fn seized(snapshot: &CaseSnapshot) -> BTreeSet<HandsetName> {
    let exhibits: BTreeSet<&Imei> = snapshot.exhibits.iter().flat_map(|row| &row.imeis).collect();
    let of = handsets_of(&snapshot.devices);
    let alone = |imei: &Imei| exhibits.contains(imei) && of.get(imei).is_some_and(|handsets| handsets.len() == 1);
    let is_one = |device: &&Device| !device.cloned && device.imeis.iter().any(alone);
    snapshot.devices.iter().filter(is_one).map(|row| row.handset.clone()).collect()
}

fn handsets_of(devices: &[Device]) -> BTreeMap<Imei, BTreeSet<HandsetName>> {
    let mut of: BTreeMap<Imei, BTreeSet<HandsetName>> = BTreeMap::new();
    for device in devices {
        for imei in &device.imeis {
            of.entry(imei.clone()).or_default().insert(device.handset.clone());
        }
    }
    of
}

/// A handset that was weighed for several facilities has a row for each: without its weights they are one.
fn once(devices: &mut Vec<Device>, handsets: &BTreeSet<HandsetName>) {
    let mut seen = BTreeSet::new();
    devices.retain(|device| !handsets.contains(&device.handset) || seen.insert(device.handset.clone()));
}

fn drop_handsets(snapshot: &mut CaseSnapshot, gone: &BTreeSet<HandsetName>) {
    let shared = imeis(snapshot, gone);
    snapshot.devices.retain(|row| !gone.contains(&row.handset));
    not_said_to_be_shared(&mut snapshot.devices, &shared);
    snapshot.holders.retain(|row| !gone.contains(&row.handset));
    let (cards, numbers) = drop_cards(&mut snapshot.sims, gone);
    let is_gone = |end: &CallEnd| match end {
        CallEnd::Sim(sim) => cards.contains(sim),
        CallEnd::Number(number) => numbers.contains(number),
        CallEnd::NotStated => false,
    };
    snapshot.calls.retain(|row| {
        let handset = row.handset.as_ref().is_some_and(|handset| gone.contains(handset));
        !handset && !is_gone(&row.from) && !is_gone(&row.to)
    });
}

/// Cards that were heard in no other handset go with it; which, and their numbers.
fn drop_cards(cards: &mut Vec<Sim>, gone: &BTreeSet<HandsetName>) -> (BTreeSet<SimName>, BTreeSet<Msisdn>) {
    let (mut names, mut numbers) = (BTreeSet::new(), BTreeSet::new());
    cards.retain_mut(|row| {
        let before = row.handsets.len();
        row.handsets.retain(|handset| !gone.contains(handset));
        let stays = before == 0 || !row.handsets.is_empty();
        if !stays {
            names.insert(row.sim.clone());
            numbers.extend(row.msisdn.clone());
        }
        stays
    });
    (names, numbers)
}

fn imeis(snapshot: &CaseSnapshot, of: &BTreeSet<HandsetName>) -> BTreeSet<Imei> {
    let theirs = snapshot.devices.iter().filter(|row| of.contains(&row.handset));
    theirs.flat_map(|row| row.imeis.iter().cloned()).collect()
}

/// That an IMEI is another handset's, too, would tell of the one that was left out.
fn not_said_to_be_shared(devices: &mut [Device], with_gone: &BTreeSet<Imei>) {
    let of = handsets_of(devices);
    let shown = |imei: &Imei| of.get(imei).is_some_and(|handsets| handsets.len() > 1);
    for device in devices.iter_mut().filter(|device| device.imeis.iter().any(|imei| with_gone.contains(imei))) {
        device.cloned &= device.imeis.iter().any(shown);
    }
}

/// Numbers handsets in the order of the devices, so that their keys no longer say their IMEIs.
pub(super) fn renumber(snapshot: &mut CaseSnapshot) {
    let devices = snapshot.devices.iter().map(|row| &row.handset);
    let others = snapshot.calls.iter().filter_map(|row| row.handset.as_ref());
    let cards = snapshot.sims.iter().flat_map(|row| &row.handsets);
    let holders = snapshot.holders.iter().map(|row| &row.handset);
    let mut numbers: BTreeMap<HandsetName, HandsetName> = BTreeMap::new();
    for handset in devices.chain(cards).chain(holders).chain(others) {
        if !numbers.contains_key(handset) {
            let name = format!("H-{}", numbers.len() + 1);
            numbers.extend(name.parse().ok().map(|name| (handset.clone(), name)));
        }
    }
    let rename = |handset: &mut HandsetName| rename(&numbers, handset);
    snapshot.devices.iter_mut().for_each(|row| rename(&mut row.handset));
    snapshot.holders.iter_mut().for_each(|row| rename(&mut row.handset));
    snapshot.sims.iter_mut().flat_map(|row| &mut row.handsets).for_each(rename);
    snapshot.calls.iter_mut().filter_map(|row| row.handset.as_mut()).for_each(rename);
}

/// Numbers cards and calls anew, each in the order that they had: a number that is left out would tell of what stays.
pub(super) fn close_gaps(snapshot: &mut CaseSnapshot) {
    let ends = snapshot.calls.iter().flat_map(|row| [&row.from, &row.to]);
    let named = ends.filter_map(|end| if let CallEnd::Sim(sim) = end { Some(sim) } else { None });
    let cards = from_one::<SimName>('S', snapshot.sims.iter().map(|row| &row.sim).chain(named));
    let calls = from_one::<CallName>('C', snapshot.calls.iter().map(|row| &row.call));
    snapshot.sims.iter_mut().for_each(|row| rename(&cards, &mut row.sim));
    for row in &mut snapshot.calls {
        rename(&calls, &mut row.call);
        for end in [&mut row.from, &mut row.to] {
            if let CallEnd::Sim(sim) = end {
                rename(&cards, sim);
            }
        }
    }
    snapshot.sims.sort_by(|a, b| a.sim.cmp(&b.sim));
    snapshot.calls.sort_by(|a, b| a.call.cmp(&b.call));
}

/// New names, numbered from 1 in the order of the old ones' numbers: of two, the shorter one's is the lower.
fn from_one<'a, T: Clone + Ord + FromStr + ToString + 'a>(
    letter: char,
    names: impl Iterator<Item = &'a T>,
) -> BTreeMap<T, T> {
    let names: BTreeSet<(usize, &T)> = names.map(|name| (name.to_string().len(), name)).collect();
    let new = |(number, (_, old)): (usize, (usize, &T))| Some((old.clone(), format!("{letter}{number}").parse().ok()?));
    (1..).zip(names).filter_map(new).collect()
}

fn rename<T: Clone + Ord>(names: &BTreeMap<T, T>, name: &mut T) {
    if let Some(new) = names.get(name) {
        name.clone_from(new);
    }
}

/// Leaves out what nothing refers to any more: people, sectors, facilities, orders, runs.
pub(super) fn sweep_up(snapshot: &mut CaseSnapshot) {
    let people = people(snapshot);
    snapshot.persons.retain(|row| people.contains(&row.person));
    let sectors: BTreeSet<SectorName> = snapshot.calls.iter().filter_map(|row| row.sector.clone()).collect();
    snapshot.sectors.retain(|row| sectors.contains(&row.sector));
    let facilities = facilities(snapshot);
    snapshot.facilities.retain(|row| facilities.contains(&row.facility));
    let runs = runs(snapshot);
    snapshot.runs.retain(|row| runs.contains(&row.run));
    let devices = snapshot.devices.iter().map(|row| &row.authority);
    let others =
        snapshot.sims.iter().map(|row| &row.authority).chain(snapshot.persons.iter().map(|row| &row.authority));
    let done =
        snapshot.searches.iter().map(|row| &row.authority).chain(snapshot.exhibits.iter().map(|row| &row.authority));
    let said =
        snapshot.calls.iter().map(|row| &row.authority).chain(snapshot.disclosures.iter().map(|row| &row.authority));
    let orders: BTreeSet<_> = devices.chain(others).chain(done).chain(said).flatten().cloned().collect();
    snapshot.authorities.retain(|row| orders.contains(&row.authority));
}

fn people(snapshot: &CaseSnapshot) -> BTreeSet<PersonRef> {
    let holders = snapshot.holders.iter().map(|row| &row.person);
    let subscribers = snapshot.sims.iter().filter_map(|row| row.subscriber.as_ref());
    let officers = snapshot.searches.iter().flat_map(|row| &row.officers);
    let custody = snapshot.exhibits.iter().flat_map(|row| &row.custody);
    let custodians = custody.flat_map(|event| std::iter::once(&event.by).chain(&event.to));
    let approvers = snapshot.disclosures.iter().filter_map(|row| row.approved_by.as_ref());
    holders.chain(subscribers).chain(officers).chain(custodians).chain(approvers).cloned().collect()
}

fn facilities(snapshot: &CaseSnapshot) -> BTreeSet<FacilityName> {
    let devices = snapshot.devices.iter().filter_map(|row| row.facility.as_ref());
    let searches = snapshot.searches.iter().map(|row| &row.facility);
    devices.chain(searches).chain(snapshot.exhibits.iter().map(|row| &row.facility)).cloned().collect()
}

fn runs(snapshot: &CaseSnapshot) -> BTreeSet<RunName> {
    let devices = snapshot.devices.iter().map(|row| &row.assessment);
    let assessments = devices.chain(snapshot.holders.iter().map(|row| &row.assessment));
    assessments.filter_map(|assessment| assessment.stated()?.run.clone()).collect()
}
