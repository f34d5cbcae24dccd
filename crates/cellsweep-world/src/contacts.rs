//! Who knows whom: the lists of inmates, and the numbers every handset calls.

use rand::RngExt;
use rustc_hash::FxHashMap;

use crate::circle;
use crate::clock::DAY;
use crate::identity::random_number;
use crate::names;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, pick, poisson, weighted};
use crate::roster::Contact;
use crate::unit::{Class, Unit};

/// A number known from an investigation.
pub(crate) struct Offence {
    pub case: u32,
    pub offence: &'static str,
    pub msisdn: u64,
    pub from: i64,
    pub to: Option<i64>,
}

/// A visit by a listed contact.
#[derive(Clone, Copy)]
pub(crate) struct Visit {
    pub inmate: u32,
    pub msisdn: u64,
    pub from: i64,
    pub to: i64,
}

/// What came out besides the contacts themselves.
#[derive(Default)]
pub(crate) struct Society {
    pub offences: Vec<Offence>,
    pub visits: Vec<Visit>,
    /// Visits by inmate: a visitor isn't called meanwhile.
    pub by_inmate: FxHashMap<u32, Vec<Visit>>,
    /// Numbers that neighbours list, by facility.
    pub(crate) local: Vec<Vec<u64>>,
    /// Numbers of each case.
    cases: Vec<Vec<u64>>,
}

const OFFENCES: &[&str] = &[
    "drug_trafficking",
    "racketeering",
    "arson",
    "attempted_murder",
    "witness_intimidation",
    "extortion",
    "money_laundering",
    "trafic de stupéfiants",
    "association de malfaiteurs",
];

/// Draws the whole web.
pub(crate) fn draw(plan: &mut Plan) -> Society {
    let mut rng = plan.rng(Purpose::Contacts, 0);
    plan.common_numbers = common_numbers(plan, &mut rng);
    let mut society = Society::default();
    cases(plan, &mut rng, &mut society);
    society.local = circle::local_numbers(plan, &mut rng);
    let relatives = listed(plan, &mut rng);
    circle::list_local(plan, &mut rng, &society.local);
    visits(plan, &mut rng, &mut society);
    everyone_calls(plan);
    families_call(plan, &mut rng, &relatives);
    inmates_call(plan, &mut rng, &society);
    for visit in &society.visits {
        society.by_inmate.entry(visit.inmate).or_default().push(*visit);
    }
    society
}

fn number_of(unit: &Unit) -> u64 {
    unit.sims.first().map_or(0, |s| s.msisdn)
}

fn common_numbers(plan: &mut Plan, rng: &mut Gen) -> Vec<u64> {
    let mut numbers: Vec<u64> = plan.units.iter().filter(|u| u.class == Class::Lawyer).map(number_of).collect();
    for _ in 0..plan.facilities.len() * 3 + 6 {
        numbers.push(plan.minter.number(rng));
    }
    numbers
}

fn cases(plan: &mut Plan, rng: &mut Gen, society: &mut Society) {
    let in_case = plan.inmates.len() as f64 * plan.params.in_case;
    let (per_case, numbers_per_case) = circle::case_sizes(plan);
    let count = (in_case / per_case).ceil() as u32;
    for inmate in &mut plan.inmates {
        if chance(rng, plan.params.in_case) {
            inmate.case = Some(rng.random_range(0..count.max(1)));
        }
    }
    for case in 0..count {
        let offence = pick(rng, OFFENCES).copied().unwrap_or("drug_trafficking");
        let mut numbers = Vec::new();
        for _ in 0..poisson(rng, numbers_per_case) {
            // Mostly strangers to this world, sometimes a subscriber of it, sometimes a taxi.
            let msisdn = match rng.random::<f64>() {
                u if u < 0.25 => pick(rng, &plan.units).map_or(0, number_of),
                u if u < 0.28 => pick(rng, &plan.common_numbers).copied().unwrap_or(0),
                _ => plan.minter.number(rng),
            };
            numbers.push(msisdn);
            let from = plan.clock.start() - (between(rng, 0.0, 400.0) * DAY as f64) as i64;
            let to = chance(rng, 0.7).then(|| from + (between(rng, 5.0, 300.0) * DAY as f64) as i64);
            society.offences.push(Offence { case, offence, msisdn, from, to });
        }
        society.cases.push(numbers);
    }
}

/// Fills the inmates' lists. Gives, by handset, the inmates whose list it is on.
fn listed(plan: &mut Plan, rng: &mut Gen) -> Vec<(u32, u32)> {
    let mut links = visitors_lists(plan, rng);
    let free: Vec<u32> = (0..plan.units.len() as u32).filter(|i| can_be_family(&plan.units[*i as usize])).collect();
    let share = (0.35 * free.len() as f64 / (plan.inmates.len() as f64 * plan.params.contacts_mean).max(1.0)).min(0.4);
    for index in 0..plan.inmates.len() {
        for _ in 0..circle::list_size(plan, rng) {
            let unit = if chance(rng, share) { pick(rng, &free).copied() } else { None };
            let shared = unit.is_none().then(|| shared_contact(plan, rng, index)).flatten();
            let (msisdn, protected) = match (unit, shared) {
                (Some(u), _) => (number_of(&plan.units[u as usize]), ""),
                (None, Some(found)) => found,
                (None, None) => (plan.minter.number(rng), if chance(rng, 0.02) { "doctor" } else { "" }),
            };
            add_contact(plan, rng, index, msisdn, protected, unit);
            if let Some(u) = unit {
                links.push((u, index as u32));
            }
        }
    }
    links
}

fn can_be_family(unit: &Unit) -> bool {
    use Class::{
        FreeMiniNextDoor, FreeMiniOwner, HomeStayer, Neighbour, OfficerLocker, Ordinary, PasserBy, SparePhone,
        Traveller,
    };
    matches!(
        unit.class,
        Ordinary
            | Neighbour
            | HomeStayer
            | FreeMiniOwner
            | FreeMiniNextDoor
            | SparePhone
            | PasserBy
            | Traveller
            | OfficerLocker
    )
}

/// A lawyer, a taxi, or somebody another inmate listed as well.
fn shared_contact(plan: &Plan, rng: &mut Gen, index: usize) -> Option<(u64, &'static str)> {
    let u: f64 = rng.random();
    if u < 0.15 {
        let at = below(rng, plan.common_numbers.len());
        let lawyers = plan.units.iter().filter(|u| u.class == Class::Lawyer).count();
        let protected = if at < lawyers {
            "lawyer"
        } else if chance(rng, 0.02) {
            "controller"
        } else {
            ""
        };
        return Some((*plan.common_numbers.get(at)?, protected));
    }
    if u < 0.22 && index > 0 {
        let other = &plan.inmates[below(rng, index)];
        return pick(rng, &other.contacts).filter(|c| c.protected.is_empty()).map(|c| (c.msisdn, ""));
    }
    None
}

pub(crate) fn add_contact(
    plan: &mut Plan,
    rng: &mut Gen,
    index: usize,
    msisdn: u64,
    protected: &'static str,
    unit: Option<u32>,
) {
    let inmate = &plan.inmates[index];
    let surname = if chance(rng, 0.45) { inmate.surname.clone() } else { names::surname(rng) };
    let area = below(rng, plan.areas.len());
    let town = plan.areas[area].town(rng);
    let contact = Contact {
        msisdn,
        source: ["visit_permit", "phone_list", "other"][weighted(rng, &[0.4, 0.5, 0.1])],
        name: names::person(rng, &surname),
        address: names::street(rng),
        postcode: format!("{:05}", town.postcode),
        city: town.name.clone(),
        protected,
        unit,
    };
    if inmate.contacts.iter().all(|c| c.msisdn != msisdn) {
        plan.inmates[index].contacts.push(contact);
    }
}

/// Every visitor has somebody to visit.
fn visitors_lists(plan: &mut Plan, rng: &mut Gen) -> Vec<(u32, u32)> {
    let mut held = vec![Vec::new(); plan.facilities.len()];
    for (i, inmate) in plan.inmates.iter().enumerate() {
        if let Some(stay) = inmate.stay_at(plan.clock.start()) {
            held[stay.facility as usize].push(i as u32);
        }
    }
    let visitors: Vec<(u32, u16, u64)> = plan
        .units
        .iter()
        .enumerate()
        .filter(|(_, u)| u.class == Class::Visitor)
        .map(|(i, u)| (i as u32, u.facility, number_of(u)))
        .collect();
    let mut links = Vec::new();
    for (unit, facility, msisdn) in visitors {
        if let Some(&inmate) = pick(rng, &held[facility as usize]) {
            add_contact(plan, rng, inmate as usize, msisdn, "", Some(unit));
            links.push((unit, inmate));
            if let Some(contact) = plan.inmates[inmate as usize].contacts.last_mut() {
                contact.source = "visit_permit";
            }
        }
    }
    links
}

/// Visits: those of the simulated visitors, and of others who left no trace.
fn visits(plan: &Plan, rng: &mut Gen, society: &mut Society) {
    let weeks = f64::from(plan.clock.days()) / 7.0;
    for (index, inmate) in plan.inmates.iter().enumerate() {
        for contact in inmate.contacts.iter().filter(|c| c.source == "visit_permit") {
            let visitor = contact.unit.map(|u| &plan.units[u as usize]).filter(|u| u.class == Class::Visitor);
            if let Some(unit) = visitor {
                let legs = unit.legs.iter().map(|l| (l.from + 10 * 60_000_000, l.to - 10 * 60_000_000));
                society.visits.extend(legs.map(|(from, to)| Visit {
                    inmate: index as u32,
                    msisdn: contact.msisdn,
                    from,
                    to,
                }));
            } else if contact.unit.is_none() {
                for _ in 0..poisson(rng, 0.15 * weeks) {
                    let from = plan.some_time(rng);
                    let (day, _) = plan.clock.day_hour(from);
                    let from = plan.clock.midnights[day as usize] + (between(rng, 9.0, 16.5) * 3.6e9) as i64;
                    let to = from + (between(rng, 0.7, 1.6) * 3.6e9) as i64;
                    society.visits.push(Visit { inmate: index as u32, msisdn: contact.msisdn, from, to });
                }
            }
        }
    }
    society.visits.retain(|v| plan.inmates[v.inmate as usize].stay_at(v.from).is_some());
}

/// Circles of ordinary people, inmates' phones included: strangers, subscribers of this world, taxis.
fn everyone_calls(plan: &mut Plan) {
    let numbers: Vec<u64> = plan.units.iter().filter(|u| !u.class.is_inmates()).map(number_of).collect();
    let listed: Vec<u64> = plan.inmates.iter().flat_map(|i| i.contacts.iter().map(|c| c.msisdn)).collect();
    let (seed, crosstalk, circle) = (plan.seed, plan.params.family_crosstalk, plan.params.circle.clone());
    let common = std::mem::take(&mut plan.common_numbers);
    for (index, unit) in plan.units.iter_mut().enumerate() {
        let mut rng = crate::rng::stream(seed, Purpose::Contacts, index as u64 + 1);
        let inmates = unit.class.is_inmates();
        for user in &mut unit.users {
            let count = if inmates { circle::others(circle.as_ref(), &mut rng) } else { 3 + poisson(&mut rng, 5.0) };
            user.contacts = (0..count)
                .map(|_| match rng.random::<f64>() {
                    u if u < 0.4 => pick(&mut rng, &numbers).copied().unwrap_or(0),
                    u if u < 0.43 => pick(&mut rng, &common).copied().unwrap_or(0),
                    u if u < 0.43 + crosstalk => pick(&mut rng, &listed).copied().unwrap_or(0),
                    _ => random_number(&mut rng),
                })
                .filter(|n| *n > 0)
                .collect();
        }
    }
    plan.common_numbers = common;
}

/// Families call each other, and their inmate's handset where he has one.
fn families_call(plan: &mut Plan, rng: &mut Gen, links: &[(u32, u32)]) {
    let mut phones: FxHashMap<u32, Vec<u64>> = FxHashMap::default();
    for unit in plan.units.iter().filter(|u| u.class.is_inmates()) {
        if let Some(holder) = unit.holder {
            phones.entry(holder).or_default().push(number_of(unit));
        }
    }
    for &(unit, inmate) in links {
        let mut circle: Vec<u64> = plan.inmates[inmate as usize].contacts.iter().map(|c| c.msisdn).collect();
        if chance(rng, 0.5) {
            circle.extend(phones.get(&inmate).into_iter().flatten());
        }
        let own = number_of(&plan.units[unit as usize]);
        circle.retain(|n| *n != own);
        crate::rng::shuffle(rng, &mut circle);
        circle.truncate(4);
        if let Some(user) = plan.units[unit as usize].users.first_mut() {
            for number in circle {
                let at = below(rng, user.contacts.len() + 1);
                user.contacts.insert(at, number);
            }
        }
    }
}

/// About half of the users call somebody they listed; most also call others.
fn inmates_call(plan: &mut Plan, rng: &mut Gen, society: &Society) {
    let inside: Vec<u64> = plan.units.iter().filter(|u| u.class.is_inmates()).map(number_of).collect();
    for index in 0..plan.units.len() {
        for user in 0..plan.units[index].users.len() {
            let Some(inmate) = plan.units[index].users[user].inmate else { continue };
            let extra = inmate_circle(plan, rng, society, inmate, &inside);
            let contacts = &mut plan.units[index].users[user].contacts;
            for number in extra {
                let at = below(rng, contacts.len().min(4) + 1);
                contacts.insert(at, number);
            }
        }
    }
}

fn inmate_circle(plan: &Plan, rng: &mut Gen, society: &Society, inmate: u32, inside: &[u64]) -> Vec<u64> {
    let mut circle = Vec::new();
    let person = &plan.inmates[inmate as usize];
    if chance(rng, plan.params.calls_listed) {
        circle::listed(plan, rng, person, &mut circle);
    }
    if chance(rng, 0.08) {
        circle.extend(pick(rng, inside));
    }
    if let Some(case) = person.case
        && chance(rng, plan.params.offence_calls)
    {
        circle.extend(society.cases.get(case as usize).and_then(|n| pick(rng, n)));
    }
    circle::local(plan, rng, inmate, &society.local, &mut circle);
    circle.dedup();
    circle
}
