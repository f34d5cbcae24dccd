//! Officers and the facility's own handsets.

use rand::RngExt;

use crate::catalogue::Kind;
use crate::habit;
use crate::plan::{Plan, reachable};
use crate::rng::{Gen, Purpose, below, between, chance, poisson};
use crate::unit::{Class, Place, Routine, Unit};

/// Staffs every facility. Only part of the staff is simulated; the country's other officers are its ordinary people.
pub(crate) fn fill(plan: &mut Plan) {
    for facility in 0..plan.facilities.len() {
        let mut rng = plan.rng(Purpose::Staff, facility as u64);
        let officers = f64::from(plan.facilities[facility].capacity) * plan.params.officers;
        for _ in 0..poisson(&mut rng, officers) {
            let unit = officer(plan, &mut rng, facility);
            plan.add(unit);
        }
        for _ in 0..poisson(&mut rng, plan.params.officials) {
            let unit = official(plan, &mut rng, facility);
            plan.add(unit);
        }
    }
}

fn officer(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.facilities[f].area as usize;
    let pocket = chance(rng, plan.params.officer_pocket);
    let class = if pocket { Class::OfficerPocket } else { Class::OfficerLocker };
    let kind = if chance(rng, 0.93) { Kind::Smart } else { Kind::Feature };
    // Some have a flat the administration built by the wall.
    let beside = chance(rng, 0.12);
    let home = if beside {
        let metres = between(rng, 15.0, 250.0);
        plan.facilities[f].beside_spot(rng, metres, &plan.params)
    } else {
        plan.home(rng, area)
    };
    let habit = habit::citizen(rng, &plan.params, kind == Kind::Smart);
    let mut unit = plan.handset(rng, class, kind, Place::outside(home), habit);
    if pocket {
        for _ in 0..3 {
            let wing = below(rng, plan.facilities[f].wings.len());
            let spot = plan.facilities[f].common_spot(wing, rng.random());
            unit.places.push(Place::inside(spot, f as u16, wing as u8));
        }
    } else {
        let spot = plan.facilities[f].gate_spot(rng.random());
        unit.places.push(Place::outside(spot));
    }
    unit.routine = Routine::Shifts { offset: below(rng, 5) as u8, nights_only: false };
    unit.facility = f as u16;
    unit.marks.known = chance(rng, plan.params.officer_known);
    unit
}

/// A handset that belongs to the facility: duty phones, the workshop's, the director's spare.
fn official(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let kind = if chance(rng, 0.6) { Kind::Feature } else { Kind::Smart };
    let wing = below(rng, plan.facilities[f].wings.len());
    let spot = plan.facilities[f].common_spot(wing, rng.random());
    let habit = reachable(habit::citizen(rng, &plan.params, kind == Kind::Smart));
    let mut unit = plan.handset(rng, Class::Official, kind, Place::inside(spot, f as u16, wing as u8), habit);
    let gate = plan.facilities[f].gate_spot(rng.random());
    unit.places.push(Place::outside(gate));
    unit.routine = Routine::Wander { share: between(rng, 0.05, 0.4) as f32 };
    unit.facility = f as u16;
    unit.marks.known = chance(rng, 0.85);
    unit
}
