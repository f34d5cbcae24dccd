//! Ordinary people, free owners of minis, and handsets that others went on with.

use crate::around::any_kind;
use crate::catalogue::Kind;
use crate::habit;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, chance, poisson};
use crate::unit::{Class, Place, Routine, Unit};

/// Free owners of minis all over the country.
pub(crate) fn free_minis(plan: &mut Plan) {
    let inside = plan.units.iter().filter(|u| u.class == Class::InmateMini).count();
    let mut rng = plan.rng(Purpose::Ordinary, u64::MAX);
    for _ in 0..poisson(&mut rng, inside as f64 * plan.params.free_mini_per_inside) {
        let area = plan.draw_area(&mut rng);
        let home = Place::outside(plan.home(&mut rng, area));
        let habit = habit::second_phone(&mut rng, &plan.params);
        let mut unit = plan.handset(&mut rng, Class::FreeMiniOwner, Kind::Mini, home, habit);
        if chance(&mut rng, 0.8) {
            plan.give_daily_life(&mut rng, &mut unit, area);
        }
        plan.add(unit);
    }
}

/// One ordinary subscriber.
pub(crate) fn person(plan: &mut Plan, rng: &mut Gen) -> Unit {
    let area = plan.draw_area(rng);
    let home = Place::outside(plan.home(rng, area));
    let mut kind = any_kind(plan, rng);
    let mut habit = habit::citizen(rng, &plan.params, kind == Kind::Smart);
    if chance(rng, 0.03) {
        habit = habit::second_phone(rng, &plan.params);
    }
    let machine = chance(rng, 0.02);
    if machine {
        (kind, habit) = (Kind::Iot, habit::machine(rng));
    }
    let mut unit = plan.handset(rng, Class::Ordinary, kind, home, habit);
    if machine || chance(rng, 0.07) {
        unit.routine = Routine::Stay;
    } else {
        plan.give_daily_life(rng, &mut unit, area);
        weekend_away(plan, rng, &mut unit);
    }
    unit
}

/// Some are in another part of the country for a few days.
fn weekend_away(plan: &mut Plan, rng: &mut Gen, unit: &mut Unit) {
    if !chance(rng, 0.15) {
        return;
    }
    let area = plan.draw_area(rng);
    let spot = plan.home(rng, area);
    unit.places.push(Place::outside(spot));
    let from = plan.some_time(rng);
    let long = crate::rng::between(rng, 0.4, 5.0) * crate::clock::DAY as f64;
    unit.legs.push(crate::unit::Leg { from, to: from + long as i64, place: unit.places.len() as u8 - 1 });
}

/// Adds `count` people, and the new handset of those who change theirs.
pub(crate) fn add(plan: &mut Plan, count: usize) {
    for index in 0..count {
        let mut rng = plan.rng(Purpose::Ordinary, index as u64);
        let unit = person(plan, &mut rng);
        let months = f64::from(plan.clock.days()) / 30.0;
        let changes = chance(&mut rng, plan.params.handset_change_month * months);
        let id = plan.add(unit);
        if changes {
            change_handset(plan, &mut rng, id);
        }
    }
}

/// The same person goes on with another handset: same SIM card, same life.
fn change_handset(plan: &mut Plan, rng: &mut Gen, id: u32) {
    let t = plan.some_time(rng);
    let kind = any_kind(plan, rng);
    let old = &plan.units[id as usize];
    let home = Place::outside(old.places[0].spot);
    let (habit, routine, legs) = (old.habit.clone(), old.routine, old.legs.clone());
    let sims = old.sims.clone();
    let spots: Vec<_> = old.places.iter().skip(1).map(|p| p.spot).collect();
    let mut new = plan.handset(rng, Class::Ordinary, kind, home, habit);
    new.places.extend(spots.into_iter().map(Place::outside));
    (new.routine, new.legs, new.sims) = (routine, legs, sims);
    for sim in &mut new.sims {
        sim.slot = 0;
    }
    new.from = t;
    new.successor_of = Some(id);
    plan.units[id as usize].to = t;
    plan.add(new);
}
