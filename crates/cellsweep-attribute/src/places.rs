//! Where the handset itself may lie: with its user, or hidden elsewhere.

use cellsweep_model::Place;
use rustc_hash::FxHashMap;

use crate::Phone;
use crate::pair::{Context, Pair, Pairs};
use crate::roll::Roll;
use crate::weigh::Posterior;

/// Before the case speaks: finds in another cell than the user's, and in the user's own.
const HIDDEN: (f64, f64) = (1.5, 10.5);
/// Of those hidden elsewhere, the share that lies where no cell is.
const COMMON: f64 = 0.2;
/// Cells less likely than this are left to the common row.
const LEAST: f64 = 2e-4;

/// Share of handsets that don't lie in their user's cell, from finds of handsets whose user's
/// calls name them.
pub fn hidden(context: &Context<'_>, pairs: &Pairs, phones: &[Phone], posteriors: &[Posterior]) -> f64 {
    let mut found: FxHashMap<cellsweep_model::Imei, (&cellsweep_model::FacilityId, &cellsweep_model::CellId)> =
        FxHashMap::default();
    for find in &context.evidence.finds {
        if let (Some(imei), Some(cell)) = (find.imei, find.cell.as_ref()) {
            found.insert(imei, (&find.facility, cell));
        }
    }
    let (mut elsewhere, mut own) = HIDDEN;
    for (pair, posterior) in pairs.pairs.iter().zip(posteriors) {
        let Some((facility, cell)) = phones[pair.phone as usize].imei.and_then(|imei| found.get(&imei)) else {
            continue;
        };
        let Some(prison) = pair.prison.filter(|prison| context.roll.prisons[*prison as usize].id == **facility) else {
            continue;
        };
        let share = in_cell(context.roll, prison, cell, posterior);
        // Only where calls say who the user is.
        if posterior.users.iter().any(|user| *user > 0.5) {
            own += posterior.kept * share;
            elsewhere += posterior.kept * (1.0 - share);
        }
    }
    elsewhere / (elsewhere + own)
}

fn in_cell(roll: &Roll, prison: u32, cell: &cellsweep_model::CellId, posterior: &Posterior) -> f64 {
    let place = &roll.prisons[prison as usize];
    let room = place.room(cell);
    place.held.iter().zip(&posterior.users).filter(|(occupant, _)| occupant.cell == room).map(|(_, user)| user).sum()
}

/// A handset's cells, best first, and what is left to common places last.
pub fn places(context: &Context<'_>, pair: &Pair, phone: &Phone, posterior: &Posterior, hidden: f64) -> Vec<Place> {
    let (facility, probability) = (&phone.stays[pair.stay as usize].0, posterior.kept);
    let place =
        |cell, probability| Place { handset: phone.handset.clone(), facility: facility.clone(), cell, probability };
    let Some(prison) = pair.prison else { return vec![place(None, probability)] };
    let prison = &context.roll.prisons[prison as usize];
    let mut shares = vec![0.0; prison.cells.len()];
    let mut free = posterior.none;
    for (occupant, user) in prison.held.iter().zip(&posterior.users) {
        match occupant.cell {
            Some(cell) => shares[cell as usize] += (1.0 - hidden) * user,
            None => free += (1.0 - hidden) * user,
        }
    }
    // Hidden with somebody else: anybody's cell, a user's own included.
    let spread = (1.0 - COMMON) * (free + hidden * (1.0 - posterior.none));
    let rooms = prison.cells.len().max(1) as f64;
    let mut rows = Vec::new();
    for (room, share) in prison.cells.iter().zip(&shares) {
        let share = share + spread / rooms;
        if probability * share >= LEAST {
            rows.push(place(Some(room.id.clone()), probability * share));
        }
    }
    rows.sort_by(|a, b| b.probability.total_cmp(&a.probability).then_with(|| a.cell.cmp(&b.cell)));
    let told: f64 = rows.iter().map(|row| row.probability).sum();
    rows.push(place(None, (probability - told).max(0.0)));
    rows
}
