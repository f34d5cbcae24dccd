//! Those who are near a facility and have nothing to do with its phones: the hard cases.

use rand::RngExt;

use crate::catalogue::Kind;
use crate::clock::{DAY, HOUR};
use crate::habit;
use crate::plan::{Plan, reachable};
use crate::rng::{Gen, Purpose, below, between, chance, poisson};
use crate::unit::{Class, Leg, Place, Routine, Unit};

/// Makes one handset of a stratum at a facility.
type Maker = fn(&mut Plan, &mut Gen, usize) -> Unit;

/// Peoples the surroundings of every facility.
pub(crate) fn fill(plan: &mut Plan) {
    for facility in 0..plan.facilities.len() {
        let mut rng = plan.rng(Purpose::Around, facility as u64);
        around_one(plan, &mut rng, facility);
    }
}

fn around_one(plan: &mut Plan, rng: &mut Gen, f: usize) {
    let p = plan.params.clone();
    let makers: [(f64, Maker); 12] = [
        (p.neighbours, neighbour),
        (p.home_stayers, home_stayer),
        (p.mini_next_door, mini_next_door),
        (p.spare_phones, spare_phone),
        (p.modems_inside, modem_inside),
        (p.modems_beside, modem_beside),
        (p.travellers, traveller),
        (p.drivers, driver),
        (p.passers_by, passer_by),
        (p.night_nurses, night_nurse),
        (p.lawyers, lawyer),
        (p.visitors * f64::from(plan.facilities[f].capacity), visitor),
    ];
    for (mean, make) in makers {
        for _ in 0..poisson(rng, mean) {
            let unit = make(plan, rng, f);
            plan.add(unit);
        }
    }
}

/// The distance of a neighbour's house from the wall: most some hundred metres, some next door.
fn next_door(rng: &mut Gen) -> f64 {
    crate::rng::log_normal(rng, 160.0, 0.9).clamp(12.0, 1_500.0)
}

fn beside(plan: &Plan, rng: &mut Gen, f: usize) -> Place {
    let metres = next_door(rng);
    Place::outside(plan.facilities[f].beside_spot(rng, metres, &plan.params))
}

fn marked(mut unit: Unit, f: usize) -> Unit {
    unit.facility = f as u16;
    unit
}

/// The kind of phone somebody has.
pub(crate) fn any_kind(plan: &Plan, rng: &mut Gen) -> Kind {
    match rng.random::<f64>() {
        u if u < plan.params.ordinary_mini => Kind::Mini,
        u if u < plan.params.ordinary_mini + plan.params.ordinary_feature => Kind::Feature,
        _ => Kind::Smart,
    }
}

fn neighbour(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let home = beside(plan, rng, f);
    let kind = any_kind(plan, rng);
    let habit = habit::citizen(rng, &plan.params, kind == Kind::Smart);
    let mut unit = plan.handset(rng, Class::Neighbour, kind, home, habit);
    let area = plan.facilities[f].area as usize;
    plan.give_daily_life(rng, &mut unit, area);
    marked(unit, f)
}

fn home_stayer(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let home = beside(plan, rng, f);
    let kind = if chance(rng, 0.8) { Kind::Feature } else { Kind::Smart };
    let habit = habit::home_stayer(rng, &plan.params);
    let mut unit = plan.handset(rng, Class::HomeStayer, kind, home, habit);
    if chance(rng, 0.3) {
        // A walk to the shop now and then.
        let area = plan.facilities[f].area as usize;
        let shop = plan.home(rng, area);
        unit.places.push(Place::outside(shop));
        unit.routine = Routine::Wander { share: between(rng, 0.005, 0.03) as f32 };
    }
    marked(unit, f)
}

fn mini_next_door(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let home = beside(plan, rng, f);
    let habit = habit::second_phone(rng, &plan.params);
    let mut unit = plan.handset(rng, Class::FreeMiniNextDoor, Kind::Mini, home, habit);
    if chance(rng, 0.7) {
        let area = plan.facilities[f].area as usize;
        plan.give_daily_life(rng, &mut unit, area);
    }
    marked(unit, f)
}

fn spare_phone(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let home = beside(plan, rng, f);
    let kind = if chance(rng, 0.5) { Kind::Feature } else { Kind::Smart };
    let mut habit = habit::second_phone(rng, &plan.params);
    habit.rate *= 0.5;
    let unit = plan.handset(rng, Class::SparePhone, kind, home, habit);
    marked(unit, f)
}

fn modem_inside(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let wing = below(rng, plan.facilities[f].wings.len());
    let spot = plan.facilities[f].common_spot(wing, rng.random());
    let habit = habit::machine(rng);
    let unit = plan.handset(rng, Class::AlarmModemInside, Kind::Iot, Place::inside(spot, f as u16, wing as u8), habit);
    marked(unit, f)
}

fn modem_beside(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let metres = between(rng, 3.0, 150.0);
    let spot = plan.facilities[f].beside_spot(rng, metres, &plan.params);
    let habit = habit::machine(rng);
    let unit = plan.handset(rng, Class::AlarmModemBeside, Kind::Iot, Place::outside(spot), habit);
    marked(unit, f)
}

/// Somebody who lives elsewhere, with the routine of ordinary people.
fn from_elsewhere(plan: &mut Plan, rng: &mut Gen, class: Class, area: usize) -> Unit {
    let kind = any_kind(plan, rng);
    let habit = habit::citizen(rng, &plan.params, kind == Kind::Smart);
    let home = Place::outside(plan.home(rng, area));
    let mut unit = plan.handset(rng, class, kind, home, habit);
    plan.give_daily_life(rng, &mut unit, area);
    unit
}

fn day_at(plan: &Plan, rng: &mut Gen, from_h: f64, to_h: f64) -> i64 {
    let day = below(rng, plan.clock.days() as usize);
    plan.clock.midnights[day] + (between(rng, from_h, to_h) * HOUR as f64) as i64
}

/// Two nights or so at the hotel by the wall.
fn traveller(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.draw_area(rng);
    let mut unit = from_elsewhere(plan, rng, Class::Traveller, area);
    let hotel = beside(plan, rng, f);
    unit.places.push(hotel);
    let place = unit.places.len() as u8 - 1;
    let from = day_at(plan, rng, 16.0, 21.0);
    unit.legs.push(Leg { from, to: from + (between(rng, 1.3, 2.8) * DAY as f64) as i64, place });
    if chance(rng, 0.5) {
        // On a trip from abroad: not seen before or after.
        unit.from = from - 2 * HOUR;
        unit.to = from + 4 * DAY;
    }
    marked(unit, f)
}

/// Along the motorway, once or on several days.
fn driver(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.facilities[f].area as usize;
    let mut unit = if chance(rng, 0.4) {
        let home = plan.draw_area(rng);
        from_elsewhere(plan, rng, Class::Driver, home)
    } else {
        let mut unit = from_elsewhere(plan, rng, Class::Driver, area);
        let first = day_at(plan, rng, 5.0, 22.0);
        unit.from = first - HOUR;
        unit.to = first + 2 * HOUR;
        unit
    };
    let at = unit.places.len() as u8;
    for (x, y) in plan.areas[area].road_points(9) {
        let spot = crate::radio::Spot {
            area: area as u16,
            x,
            y,
            loss_db: 6.0,
            wall: rng.random(),
            wall_db: 0.5,
            corner: rng.random(),
        };
        unit.places.push(Place::outside(spot));
    }
    let trips = 1 + below(rng, 4);
    for trip in 0..trips {
        let start = if unit.from > 0 && trip == 0 { unit.from + HOUR } else { day_at(plan, rng, 5.0, 22.0) };
        drive(&mut unit, start, at, 9);
    }
    unit.legs.sort_by_key(|l| l.from);
    marked(unit, f)
}

fn drive(unit: &mut Unit, start: i64, at: u8, points: u8) {
    let step = 70_000_000;
    for k in 0..points {
        let from = start + i64::from(k) * step;
        unit.legs.push(Leg { from, to: from + step, place: at + k });
    }
}

/// Comes by: a walk, a delivery, a wait in the street.
fn passer_by(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.facilities[f].area as usize;
    let mut unit = from_elsewhere(plan, rng, Class::PasserBy, area);
    let spot = beside(plan, rng, f);
    unit.places.push(spot);
    let visits = 1 + below(rng, 6);
    add_visits(plan, rng, &mut unit, visits, (7.0, 23.0), (0.1, 1.5));
    marked(unit, f)
}

/// Legs at the last place.
fn add_visits(plan: &Plan, rng: &mut Gen, unit: &mut Unit, count: usize, hours: (f64, f64), long: (f64, f64)) {
    let place = unit.places.len() as u8 - 1;
    for _ in 0..count {
        let from = day_at(plan, rng, hours.0, hours.1);
        unit.legs.push(Leg { from, to: from + (between(rng, long.0, long.1) * HOUR as f64) as i64, place });
    }
    unit.legs.sort_by_key(|l| l.from);
}

/// Works nights in the facility's infirmary or in a clinic by the wall.
fn night_nurse(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.facilities[f].area as usize;
    let home = Place::outside(plan.home(rng, area));
    let habit = reachable(habit::citizen(rng, &plan.params, true));
    let mut unit = plan.handset(rng, Class::NightNurse, Kind::Smart, home, habit);
    let inside = chance(rng, 0.5);
    let duty = if inside {
        let wing = below(rng, plan.facilities[f].wings.len());
        Place::inside(plan.facilities[f].common_spot(wing, rng.random()), f as u16, wing as u8)
    } else {
        beside(plan, rng, f)
    };
    unit.places.push(duty);
    unit.routine = Routine::Shifts { offset: below(rng, 5) as u8, nights_only: true };
    marked(unit, f)
}

/// Goes round several facilities; his phone waits in the locker or the car.
fn lawyer(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let area = plan.facilities[f].area as usize;
    let home = Place::outside(plan.home(rng, area));
    let habit = reachable(habit::citizen(rng, &plan.params, true));
    let mut unit = plan.handset(rng, Class::Lawyer, Kind::Smart, home, habit);
    plan.give_daily_life(rng, &mut unit, area);
    let count = plan.facilities.len();
    let months = f64::from(plan.clock.days()) / 30.0;
    for k in 0..(1 + below(rng, 4)).min(count) {
        let where_to = if k == 0 { f } else { below(rng, count) };
        let spot = plan.facilities[where_to].gate_spot(rng.random());
        unit.places.push(Place::outside(spot));
        let visits = 1 + poisson(rng, 4.0 * months) as usize;
        add_visits(plan, rng, &mut unit, visits, (8.5, 17.0), (0.6, 2.5));
    }
    marked(unit, f)
}

/// Family: lives somewhere, and comes to the visiting room. Who it is to whom is settled later.
fn visitor(plan: &mut Plan, rng: &mut Gen, f: usize) -> Unit {
    let near = chance(rng, 0.6);
    let area = if near { plan.facilities[f].area as usize } else { plan.draw_area(rng) };
    let mut unit = from_elsewhere(plan, rng, Class::Visitor, area);
    let park =
        if chance(rng, 0.5) { plan.facilities[f].park_spot(rng) } else { plan.facilities[f].gate_spot(rng.random()) };
    unit.places.push(Place::outside(park));
    let weeks = f64::from(plan.clock.days()) / 7.0;
    let visits = 1 + poisson(rng, 0.6 * weeks) as usize;
    add_visits(plan, rng, &mut unit, visits, (9.0, 16.5), (0.9, 2.0));
    unit.legs.truncate(200);
    marked(unit, f)
}
