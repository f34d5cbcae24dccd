//! The calls that are needed, and the sectors that served them.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_engine::{CallRow, EngineSettings, map_calls};
use cellsweep_model::authority::AuthorityKind;
use cellsweep_model::record::{Direction, Event};
use cellsweep_model::rows::{self, FromRow, Row, RowError};
use cellsweep_model::table::Table;
use cellsweep_model::{Msisdn, SectorId};
use cellsweep_share::snapshot::{Call, CallEnd, CallKind, CaseSnapshot, Sector};
use cellsweep_store::Case;

use super::CallsChoice;
use super::devices::Spoke;
use super::snapshot::order_of;
use super::values::{at, decimal, may, must, said};
use crate::FlowError;
use crate::trace::{profile_imports, read};

/// Adds calls of the chosen handsets, as [`CallsChoice`] says.
pub(super) fn add(
    snapshot: &mut CaseSnapshot,
    case: &Case,
    spoke: &Spoke<'_>,
    engine: &EngineSettings,
) -> Result<(), FlowError> {
    if spoke.choice.calls == CallsChoice::None {
        return Ok(());
    }
    let listed = |protected: bool| {
        let contacts = spoke.evidence.contacts.iter().filter(move |contact| contact.protected == protected);
        contacts.map(|contact| contact.number)
    };
    let closed: BTreeSet<Msisdn> = listed(true).collect();
    let own = spoke.phones.iter().flat_map(|phone| phone.peers.iter().filter_map(|row| row.own));
    let cases = spoke.evidence.offences.iter().map(|known| known.number);
    let wanted: BTreeSet<Msisdn> = listed(false).chain(cases).chain(own).collect();
    let all = spoke.choice.calls == CallsChoice::All;
    let needed = |call: &CallRow| match call.peer {
        Some(peer) => !closed.contains(&peer) && (all || wanted.contains(&peer)),
        None => all,
    };
    let imports = profile_imports(case)?;
    let of_handset = |handset: cellsweep_engine::HandsetCalls| -> Vec<(usize, CallRow)> {
        let phones = spoke.keys.of(handset.key);
        let calls = handset.calls.into_iter().filter(|call| needed(call));
        calls
            .flat_map(|call| {
                let ours = phones.iter().filter(move |phone| spoke.keys.is_ours(**phone, call.imsi));
                ours.map(move |phone| (*phone, call))
            })
            .collect()
    };
    let mut calls = map_calls(&imports, engine, &|_share| {}, &|key| spoke.keys.has(key), &of_handset)?;
    calls.sort_by(|a, b| (a.1, &spoke.phones[a.0].handset).cmp(&(b.1, &spoke.phones[b.0].handset)));
    let numbers = own_numbers(snapshot);
    for (number, (phone, call)) in (1..).zip(&calls) {
        let handset = &spoke.phones[*phone].handset;
        snapshot.calls.push(row(case, number, handset, call, spoke, &numbers)?);
    }
    add_sectors(snapshot, case, calls.iter().map(|(_, call)| call.sector).collect())
}

/// Cards by their numbers.
fn own_numbers(snapshot: &CaseSnapshot) -> BTreeMap<String, CallEnd> {
    let of =
        |sim: &cellsweep_share::snapshot::Sim| Some((sim.msisdn.as_ref()?.to_string(), CallEnd::Sim(sim.sim.clone())));
    snapshot.sims.iter().filter_map(of).collect()
}

fn row(
    case: &Case,
    number: u32,
    handset: &str,
    call: &CallRow,
    spoke: &Spoke<'_>,
    numbers: &BTreeMap<String, CallEnd>,
) -> Result<Call, FlowError> {
    let plain = |number: Option<Msisdn>| {
        let text = number.map(|number| number.to_string());
        let known = text.as_ref().and_then(|text| numbers.get(text).cloned());
        known.or_else(|| text.and_then(|text| may(&text)).map(CallEnd::Number)).unwrap_or_default()
    };
    let card = [(call.imsi, None), (None, call.own)].into_iter().find_map(|who| spoke.cards.get(&who));
    let ours = card.map_or_else(|| plain(call.own), |sim| CallEnd::Sim(sim.clone()));
    let theirs = plain(call.peer);
    let (from, to) = if call.direction == Direction::In { (theirs, ours) } else { (ours, theirs) };
    let time = at(call.time).ok_or(FlowError::Worker)?;
    Ok(Call {
        call: must("a call's name", &format!("C{number}"))?,
        time,
        kind: if call.event == Event::Sms { CallKind::Sms } else { CallKind::Voice },
        from,
        to,
        duration_s: call.duration_s,
        handset: may(handset),
        sector: may(&call.sector.to_string()),
        authority: order_of(case, AuthorityKind::Records, None),
    })
}

/// A sector as the snapshot has it.
struct Antenna {
    id: SectorId,
    technology: String,
    operator: String,
    place: (f64, f64),
}

impl FromRow for Antenna {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let sector = rows::Sector::from_row(row)?;
        let operator = row.must("operator", row.text("operator"))?.to_owned();
        let technology = sector.technology.word().to_owned();
        Ok(Self { id: sector.id, technology, operator, place: (sector.at.lat, sector.at.lon) })
    }
}

fn add_sectors(snapshot: &mut CaseSnapshot, case: &Case, served: BTreeSet<SectorId>) -> Result<(), FlowError> {
    let antennas: Vec<Antenna> = read(case, Table::Sectors)?;
    let mut known = BTreeSet::new();
    for antenna in antennas {
        if !served.contains(&antenna.id) || !known.insert(antenna.id) {
            continue;
        }
        snapshot.sectors.push(Sector {
            sector: must("a sector", &antenna.id.to_string())?,
            technology: said("a technology", &antenna.technology)?,
            operator: said("an operator", &antenna.operator)?,
            lat: Some(decimal(antenna.place.0)?),
            lon: Some(decimal(antenna.place.1)?),
        });
    }
    Ok(())
}
