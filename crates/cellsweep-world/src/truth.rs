//! The truth of a world: which handset was where. Import never reads it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::WorldError;
use crate::clock::rfc3339;
use crate::out::Table;
use crate::plan::Plan;
use crate::records::Tally;
use crate::unit::{NOWHERE, Unit};

pub use crate::score::{Guess, Score, score};
pub use crate::unit::Class;

/// One handset that left at least a row, or that was kept and left none.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq)]
pub struct Handset {
    /// A key of the handset: clones share an IMEI, never this.
    pub key: u32,
    /// First fourteen digits.
    pub imei14: String,
    /// The second slot's, if any.
    pub other_imei: String,
    /// Whose it is.
    pub class: Class,
    /// Facility whose stratum it belongs to (inside or beside), blank for none.
    pub stratum_facility: String,
    /// Facility it is kept in when the operation begins: contraband inside the walls. Blank for none.
    pub facility: String,
    /// Kept in a facility against the rules when the operation begins.
    pub kept: bool,
    /// The inmate who holds it.
    pub holder: String,
    /// Inmates who use it then, the holder first.
    pub users: String,
    /// Cell it lies in.
    pub cell: String,
    /// Its wing was jammed at some time of the window.
    pub jammed: bool,
    /// Several inmates use it.
    pub rented: bool,
    /// Moved with its holder from one facility to another during the window.
    pub transferred: bool,
    /// Taken in a search before the operation.
    pub seized: bool,
    /// Came in during the window.
    pub arrives_mid: bool,
    /// Shares its IMEI with other handsets.
    pub cloned: bool,
    /// The supplier's book has its IMEI.
    pub in_ledger: bool,
    /// Declared by the administration.
    pub known: bool,
    /// Sessions.
    pub uses: u32,
    /// Rows that operators handed over.
    pub events: u32,
    /// First row's time, blank without one.
    pub first: String,
    /// Last row's time, blank without one.
    pub last: String,
    /// Key of the handset whose user went on with this one.
    pub successor_of: Option<u32>,
}

/// Writes `truth/`.
pub(crate) fn write(plan: &Plan, tallies: &[Tally], folder: &Path) -> Result<usize, WorldError> {
    let mut rows: Vec<Handset> = Vec::new();
    for (index, (unit, tally)) in plan.units.iter().zip(tallies).enumerate() {
        let row = handset(plan, index as u32, unit, tally);
        if row.kept || row.events > 0 {
            rows.push(row);
        }
    }
    let mut writer = csv::Writer::from_path(folder.join("handsets.csv"))?;
    for row in &rows {
        writer.serialize(row)?;
    }
    writer.flush().map_err(|source| WorldError::Write { path: folder.join("handsets.csv"), source })?;
    Ok(rows.iter().filter(|r| r.kept).count())
}

/// Writes `truth/masts.csv`: where each sector stands, whatever the operators' tables say.
pub(crate) fn write_masts(plan: &Plan, folder: &Path) -> Result<(), WorldError> {
    let net = &plan.net;
    let mut table = Table::new("sector,lat,lon");
    for site in &net.sites {
        for index in site.sectors.clone() {
            let (lon, lat) = plan.areas[net.sectors[index as usize].area as usize].lon_lat(site.x, site.y);
            table.push([net.names[index as usize].clone(), format!("{lat:.6}"), format!("{lon:.6}")]);
        }
    }
    table.write(&folder.join("masts.csv"))
}

/// Whether it lies in a facility, against the rules, when the operation begins.
pub(crate) fn kept(plan: &Plan, unit: &Unit) -> bool {
    unit.class.is_inmates() && !unit.marks.seized && unit.to > plan.clock.end() && unit.from < plan.clock.end()
}

fn handset(plan: &Plan, key: u32, unit: &Unit, tally: &Tally) -> Handset {
    let kept = kept(plan, unit);
    let stratum = plan.facilities.get(unit.facility as usize).filter(|_| unit.facility != NOWHERE);
    let id = stratum.map_or_else(String::new, |f| f.id.clone());
    let cell = unit.cell.and_then(|c| stratum.map(|f| f.cells[c as usize].name.clone()));
    let when = |t: i64| if tally.events > 0 { rfc3339(t) } else { String::new() };
    let (start, end) = (plan.clock.start(), plan.clock.end());
    let jammed = unit.class.is_inmates()
        && unit
            .places
            .iter()
            .any(|p| p.facility != NOWHERE && plan.facilities[p.facility as usize].has_jam(p.wing, start, end));
    Handset {
        key,
        imei14: format!("{:014}", unit.imei[0]),
        other_imei: if unit.imei[1] > 0 { format!("{:014}", unit.imei[1]) } else { String::new() },
        class: unit.class,
        stratum_facility: id.clone(),
        facility: if kept { id } else { String::new() },
        kept,
        holder: unit.holder.map_or_else(String::new, |h| plan.inmates[h as usize].id()),
        users: users(plan, unit),
        cell: cell.unwrap_or_default(),
        jammed,
        rented: unit.marks.rented,
        transferred: unit.marks.transferred,
        seized: unit.marks.seized,
        arrives_mid: unit.marks.arrives_mid,
        cloned: unit.marks.cloned,
        in_ledger: unit.marks.in_ledger,
        known: unit.marks.known,
        uses: tally.uses,
        events: tally.events,
        first: when(tally.first),
        last: when(tally.last),
        successor_of: unit.successor_of,
    }
}

fn users(plan: &Plan, unit: &Unit) -> String {
    let now = plan.clock.end() - 1;
    let mut users: Vec<u32> = unit.holder.into_iter().collect();
    users.extend(unit.users.iter().filter(|u| u.from <= now && now < u.to).filter_map(|u| u.inmate));
    let mut seen = Vec::new();
    users.retain(|u| {
        if seen.contains(u) {
            false
        } else {
            seen.push(*u);
            true
        }
    });
    users.iter().map(|u| plan.inmates[*u as usize].id()).collect::<Vec<_>>().join(" ")
}

/// Reads `handsets.csv`.
pub fn read(path: &Path) -> Result<Vec<Handset>, WorldError> {
    let mut reader = csv::Reader::from_path(path)?;
    Ok(reader.deserialize().collect::<Result<_, csv::Error>>()?)
}
