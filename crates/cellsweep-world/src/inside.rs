//! Inmates' handsets.

use rand::RngExt;

use crate::catalogue::Kind;
use crate::circle;
use crate::clock::HOUR;
use crate::habit;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, instant, normal, poisson};
use crate::roster::Stay;
use crate::unit::{Class, Place, Routine, Sim, Unit, User};

/// Puts phones into every facility.
pub(crate) fn fill(plan: &mut Plan) {
    let by_facility = held_by_facility(plan);
    for (facility, held) in by_facility.iter().enumerate() {
        let mut rng = plan.rng(Purpose::Inside, facility as u64);
        let rate = plan.params.phones_per_100 / 100.0 * plan.facilities[facility].traffic;
        let wing_rates: Vec<f64> =
            plan.facilities[facility].wings.iter().map(|_| (0.5 * normal(&mut rng)).exp()).collect();
        let count = poisson(&mut rng, rate.min(0.6) * held.len() as f64);
        for _ in 0..count {
            if let Some(holder) = draw_holder(plan, &mut rng, facility, held, &wing_rates) {
                let since = plan.clock.start();
                let unit = phone(plan, &mut rng, (facility, since), holder, held);
                plan.add(unit);
            }
        }
    }
}

/// Inmates held in a facility when the window starts, or who come straight into it.
fn held_by_facility(plan: &Plan) -> Vec<Vec<u32>> {
    let mut out = vec![Vec::new(); plan.facilities.len()];
    for (i, inmate) in plan.inmates.iter().enumerate() {
        let first = inmate.stays.iter().find(|s| s.to > plan.clock.start());
        if let Some(stay) = first {
            out[stay.facility as usize].push(i as u32);
        }
    }
    out
}

/// The stay in a facility that an inmate is in, or comes into, after an instant.
fn stay_in(plan: &Plan, inmate: u32, facility: usize, since: i64) -> Option<Stay> {
    let stays = &plan.inmates[inmate as usize].stays;
    stays.iter().find(|s| s.to > since && s.facility as usize == facility).copied()
}

/// Some wings hold more phones than others.
fn draw_holder(plan: &Plan, rng: &mut Gen, facility: usize, held: &[u32], rates: &[f64]) -> Option<u32> {
    let mut choice = None;
    for _ in 0..6 {
        let inmate = *crate::rng::pick(rng, held)?;
        let stay = stay_in(plan, inmate, facility, plan.clock.start())?;
        let wing = plan.facilities[facility].cells[stay.cell as usize].wing as usize;
        choice = Some(inmate);
        if chance(rng, rates[wing] / 2.0) {
            break;
        }
    }
    choice
}

/// One inmate's handset, with its life through the window.
pub(crate) fn phone(
    plan: &mut Plan,
    rng: &mut Gen,
    (facility, since): (usize, i64),
    holder: u32,
    held: &[u32],
) -> Unit {
    let p = &plan.params;
    let (class, kind) = match rng.random::<f64>() {
        u if u < p.share_mini => (Class::InmateMini, Kind::Mini),
        u if u < p.share_mini + p.share_feature => (Class::InmateFeature, Kind::Feature),
        _ => (Class::InmateSmart, Kind::Smart),
    };
    let habit = habit::inmate(rng, p, kind == Kind::Smart);
    let (arrives, rented) = (chance(rng, p.arrives_mid), chance(rng, p.rented));
    let stay = stay_in(plan, holder, facility, since).unwrap_or(Stay {
        facility: facility as u16,
        cell: 0,
        from: i64::MIN,
        to: i64::MAX,
    });
    let hidden = chance(rng, plan.params.hidden_elsewhere);
    let lies = if hidden { below(rng, plan.facilities[facility].cells.len()) as u32 } else { stay.cell };
    // Some lie where no cell is: a kitchen, a workshop, a stairwell.
    let shared = hidden && chance(rng, 0.2);
    let base = if shared { common_place(plan, rng, facility, lies) } else { cell_place(plan, rng, facility, lies) };
    let mut unit = plan.handset(rng, class, kind, base, habit);
    let common = common_place(plan, rng, facility, lies);
    unit.places.push(common);
    unit.users = vec![User::always(Some(holder))];
    unit.routine = Routine::Wander { share: between(rng, 0.02, 0.2) as f32 };
    unit.facility = facility as u16;
    unit.holder = Some(holder);
    unit.cell = (!shared).then_some(lies);
    unit.from = stay.from.max(since);
    unit.marks.arrives_mid = arrives || stay.from > plan.clock.start();
    if arrives {
        let latest = (plan.clock.end() - 6 * HOUR).min(stay.to.saturating_sub(HOUR));
        unit.from = instant(rng, unit.from.max(since), latest);
    }
    if hidden {
        use_at_own_cell(plan, rng, &mut unit, facility, stay.cell);
    }
    if rented {
        rent_out(plan, rng, &mut unit, facility, held);
    }
    circle::cellmates_use(plan, rng, &mut unit, (holder, stay), held);
    live(plan, rng, &mut unit, holder, held);
    unit
}

fn cell_place(plan: &Plan, rng: &mut Gen, facility: usize, cell: u32) -> Place {
    let f = &plan.facilities[facility];
    Place::inside(f.cell_spot(cell as usize, rng.random()), facility as u16, f.cells[cell as usize].wing)
}

fn common_place(plan: &Plan, rng: &mut Gen, facility: usize, cell: u32) -> Place {
    let f = &plan.facilities[facility];
    let wing = f.cells[cell as usize].wing;
    Place::inside(f.common_spot(wing as usize, rng.random()), facility as u16, wing)
}

/// A minder keeps it; the holder speaks in his own cell.
fn use_at_own_cell(plan: &Plan, rng: &mut Gen, unit: &mut Unit, facility: usize, cell: u32) {
    let place = cell_place(plan, rng, facility, cell);
    unit.places.push(place);
    unit.users[0].place = Some(unit.places.len() as u8 - 1);
}

/// Others pay to use it, some with a SIM card of their own.
fn rent_out(plan: &mut Plan, rng: &mut Gen, unit: &mut Unit, facility: usize, held: &[u32]) {
    unit.marks.rented = true;
    for user in 1..=1 + below(rng, 3) as u8 {
        let Some(&inmate) = crate::rng::pick(rng, held) else { return };
        let Some(stay) = stay_in(plan, inmate, facility, plan.clock.start()) else { return };
        let place = cell_place(plan, rng, facility, stay.cell);
        unit.places.push(place);
        let at = unit.places.len() as u8 - 1;
        let weight = between(rng, 0.2, 1.2) as f32;
        unit.users.push(User {
            weight,
            place: Some(at),
            inmate: Some(inmate),
            contacts: Vec::new(),
            from: stay.from,
            to: stay.to,
        });
        let own = chance(rng, 0.5);
        if own {
            let sim = plan.minter.sim(rng, &plan.net, &plan.params);
            unit.sims.push(Sim { user, ..sim });
        } else {
            share_cards(unit, user);
        }
    }
}

/// Another user of the first one's SIM cards.
pub(crate) fn share_cards(unit: &mut Unit, user: u8) {
    let cards: Vec<Sim> = unit.sims.iter().filter(|s| s.user == 0).map(|s| Sim { user, ..s.clone() }).collect();
    unit.sims.extend(cards);
}

/// What becomes of it when its holder goes: it goes along, it goes out, or somebody else gets it.
fn live(plan: &mut Plan, rng: &mut Gen, unit: &mut Unit, holder: u32, held: &[u32]) {
    let clock_end = plan.clock.end();
    let since = unit.from.max(plan.clock.start());
    let stays: Vec<Stay> = plan.inmates[holder as usize].stays.iter().filter(|s| s.to > since).copied().collect();
    let Some(first) = stays.first() else { return };
    if first.to >= clock_end || first.to <= unit.from {
        return;
    }
    match stays.get(1) {
        Some(next) if next.facility == first.facility => move_to(plan, rng, unit, next),
        Some(next) if chance(rng, plan.params.phone_follows) => {
            unit.marks.transferred = true;
            move_to(plan, rng, unit, next);
        }
        None if chance(rng, 0.2) => release(plan, rng, unit, first.to),
        _ => pass_on(plan, rng, unit, first.to, held),
    }
}

fn move_to(plan: &Plan, rng: &mut Gen, unit: &mut Unit, next: &Stay) {
    let facility = next.facility as usize;
    let (cell, common) = (cell_place(plan, rng, facility, next.cell), common_place(plan, rng, facility, next.cell));
    let at = unit.places.len() as u8;
    unit.places.extend([cell, common]);
    unit.bases = vec![(i64::MIN, 0), (next.from, at)];
    if unit.marks.transferred {
        // In custody's van nobody phones.
        unit.quiet.push((next.from - 6 * HOUR, next.from + HOUR));
    }
    unit.facility = next.facility;
    unit.cell = Some(next.cell);
    if unit.marks.transferred {
        for user in unit.users.iter_mut().skip(1) {
            user.to = user.to.min(next.from - 5 * HOUR);
        }
    }
}

fn release(plan: &mut Plan, rng: &mut Gen, unit: &mut Unit, t: i64) {
    unit.class = Class::Released;
    let area =
        if chance(rng, 0.5) { plan.facilities[unit.facility as usize].area as usize } else { plan.draw_area(rng) };
    let home = plan.home(rng, area);
    let at = unit.places.len() as u8;
    unit.places.push(Place::outside(home));
    let second = plan.home(rng, area);
    unit.places.push(Place::outside(second));
    unit.bases = vec![(i64::MIN, 0), (t, at)];
    unit.routine = Routine::Wander { share: 0.25 };
    unit.cell = None;
    for user in unit.users.iter_mut().skip(1) {
        user.to = user.to.min(t);
    }
}

fn pass_on(plan: &Plan, rng: &mut Gen, unit: &mut Unit, t: i64, held: &[u32]) {
    let heir = (0..20).find_map(|_| {
        let inmate = *crate::rng::pick(rng, held)?;
        let stay = stay_in(plan, inmate, unit.facility as usize, t)?;
        (stay.to >= plan.clock.end() && stay.from < t).then_some((inmate, stay.cell))
    });
    let Some((inmate, cell)) = heir else { return };
    let facility = unit.facility as usize;
    let (place, common) = (cell_place(plan, rng, facility, cell), common_place(plan, rng, facility, cell));
    let at = unit.places.len() as u8;
    unit.places.extend([place, common]);
    unit.bases = vec![(i64::MIN, 0), (t, at)];
    unit.users[0].to = t;
    unit.users.push(User { from: t, ..User::always(Some(inmate)) });
    let user = unit.users.len() as u8 - 1;
    share_cards(unit, user);
    unit.holder = Some(inmate);
    unit.cell = Some(cell);
}
