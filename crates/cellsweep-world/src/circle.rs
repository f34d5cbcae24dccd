//! Family D's circles: whom inmates list and speak with, where the other families draw otherwise.

use crate::contacts::add_contact;
use crate::inside::share_cards;
use crate::params::Circle;
use crate::plan::Plan;
use crate::rng::{Gen, below, between, chance, pick, poisson};
use crate::roster::{Inmate, Stay};
use crate::unit::{Unit, User};

/// Inmates and numbers of a case.
pub(crate) fn case_sizes(plan: &Plan) -> (f64, f64) {
    plan.params.circle.as_ref().map_or((2.2, 2.0), |circle| (circle.case_inmates, circle.case_numbers))
}

/// Numbers on a list.
pub(crate) fn list_size(plan: &Plan, rng: &mut Gen) -> u32 {
    let empty = plan.params.circle.as_ref().is_some_and(|circle| chance(rng, circle.no_list));
    if empty { 0 } else { poisson(rng, plan.params.contacts_mean) }
}

/// Numbers that an inmate speaks with and that are on nobody's list for it.
pub(crate) fn others(circle: Option<&Circle>, rng: &mut Gen) -> u32 {
    match circle {
        None => 3 + poisson(rng, 5.0),
        Some(circle) => 1 + poisson(rng, circle.others),
    }
}

/// The listed numbers that an inmate who calls any does call.
pub(crate) fn listed(plan: &Plan, rng: &mut Gen, person: &Inmate, circle: &mut Vec<u64>) {
    match &plan.params.circle {
        None => {
            for _ in 0..1 + below(rng, 3) {
                circle.extend(pick(rng, &person.contacts).map(|c| c.msisdn));
            }
        }
        Some(habit) => {
            circle.extend(pick(rng, &person.contacts).map(|c| c.msisdn));
            circle.extend(person.contacts.iter().filter(|_| chance(rng, habit.share_called)).map(|c| c.msisdn));
            circle.sort_unstable();
            circle.dedup();
        }
    }
}

/// Numbers of each facility's neighbourhood: a lawyer's office without protection, a taxi, a shop.
pub(crate) fn local_numbers(plan: &mut Plan, rng: &mut Gen) -> Vec<Vec<u64>> {
    let Some(habit) = plan.params.circle.clone() else { return Vec::new() };
    let mut local = Vec::new();
    for index in 0..plan.facilities.len() {
        let count = habit.local_number * f64::from(plan.facilities[index].capacity) / 2.0;
        local.push((0..1 + poisson(rng, count)).map(|_| plan.minter.number(rng)).collect());
    }
    local
}

/// Puts each of them on the lists of a few who are held there.
pub(crate) fn list_local(plan: &mut Plan, rng: &mut Gen, local: &[Vec<u64>]) {
    if local.is_empty() {
        return;
    }
    for index in 0..plan.inmates.len() {
        let Some(facility) = plan.inmates[index].stays.last().map(|stay| stay.facility) else { continue };
        let (numbers, listed) = (&local[facility as usize], !plan.inmates[index].contacts.is_empty());
        let lists = 0.12 + 0.1 * below(rng, 3) as f64;
        if let Some(&number) = pick(rng, numbers)
            && listed
            && chance(rng, lists)
        {
            add_contact(plan, rng, index, number, "", None);
        }
    }
}

/// A number of the neighbourhood, listed or not.
pub(crate) fn local(plan: &Plan, rng: &mut Gen, inmate: u32, local: &[Vec<u64>], circle: &mut Vec<u64>) {
    let Some(habit) = &plan.params.circle else { return };
    let stay = plan.inmates[inmate as usize].stays.last();
    if let Some(numbers) = stay.and_then(|stay| local.get(stay.facility as usize))
        && chance(rng, habit.calls_local)
    {
        circle.extend(pick(rng, numbers));
    }
}

/// Those in the holder's cell use it too, from the same place and with the same cards.
pub(crate) fn cellmates_use(plan: &Plan, rng: &mut Gen, unit: &mut Unit, (holder, stay): (u32, Stay), held: &[u32]) {
    let Some(habit) = &plan.params.circle else { return };
    let now = plan.clock.end() - 1;
    for &inmate in held.iter().filter(|inmate| **inmate != holder) {
        let other = plan.inmates[inmate as usize].stay_at(now);
        let same = |other: &&Stay| other.facility == stay.facility && other.cell == stay.cell;
        let Some(other) = other.filter(same) else { continue };
        if chance(rng, habit.cellmate_uses) && unit.users.len() < 6 {
            let weight = between(rng, 0.2, 0.8) as f32;
            unit.users.push(User { weight, from: other.from, to: other.to, ..User::always(Some(inmate)) });
            share_cards(unit, unit.users.len() as u8 - 1);
        }
    }
}
