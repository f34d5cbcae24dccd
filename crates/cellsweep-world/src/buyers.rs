//! Who buys from the supplier: people who come again and are written differently each time.

use std::path::Path;

use rand::RngExt;
use rustc_hash::FxHashMap;

use crate::WorldError;
use crate::identity::random_number;
use crate::ledger::Ledger;
use crate::names;
use crate::out::Table;
use crate::plan::Plan;
use crate::rng::{Gen, below, between, chance, pick, word};

/// How a buyer is to the prison.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A contact that an inmate listed.
    Family {
        inmate: u32,
        msisdn: u64,
    },
    Stranger,
    Reseller,
}

/// A buyer as they are.
pub(crate) struct Person {
    pub kind: Kind,
    name: String,
    emails: Vec<String>,
    phones: Vec<u64>,
    homes: Vec<Home>,
}

#[derive(Clone)]
struct Home {
    address: String,
    postcode: String,
    city: String,
}

/// A buyer as a shop's form has them.
#[derive(Clone, Default)]
pub(crate) struct Buyer {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
}

/// All buyers of a ledger, by number.
#[derive(Default)]
pub(crate) struct People {
    all: Vec<Person>,
    family: FxHashMap<(u32, u64), u32>,
    strangers: Vec<u32>,
    resellers: Vec<u32>,
    /// How often an order is a known customer's.
    returning: f64,
    /// How carelessly the shop's forms are filled in.
    slips: f64,
}

impl People {
    /// Draws the shop's habits.
    pub(crate) fn new(rng: &mut Gen) -> People {
        People { returning: between(rng, 0.15, 0.5), slips: between(rng, 0.05, 0.25), ..People::default() }
    }

    /// Somebody of an inmate's, where the inmate listed somebody who isn't protected.
    pub(crate) fn family(&mut self, plan: &Plan, rng: &mut Gen, inmate: u32) -> Option<u32> {
        let contact = pick(rng, &plan.inmates[inmate as usize].contacts)?;
        if !contact.protected.is_empty() {
            return None;
        }
        let key = (inmate, contact.msisdn);
        if let Some(known) = self.family.get(&key) {
            return Some(*known);
        }
        let home =
            Home { address: contact.address.clone(), postcode: contact.postcode.clone(), city: contact.city.clone() };
        let kind = Kind::Family { inmate, msisdn: contact.msisdn };
        let person = self.person(plan, rng, kind, contact.name.clone(), home, contact.msisdn);
        self.family.insert(key, person);
        Some(person)
    }

    /// Anybody: often a customer who was there before, sometimes a relative of one.
    pub(crate) fn stranger(&mut self, plan: &Plan, rng: &mut Gen) -> u32 {
        if chance(rng, self.returning)
            && let Some(known) = pick(rng, &self.strangers)
        {
            return *known;
        }
        let person = if chance(rng, 0.08) { self.relative(plan, rng) } else { None };
        let person = person.unwrap_or_else(|| {
            let surname = names::surname(rng);
            let name = names::person(rng, &surname);
            let (home, number) = (home(plan, rng), random_number(rng));
            self.person(plan, rng, Kind::Stranger, name, home, number)
        });
        self.strangers.push(person);
        person
    }

    /// Another person of the same name under the same roof, sometimes with the same telephone.
    fn relative(&mut self, plan: &Plan, rng: &mut Gen) -> Option<u32> {
        let of = &self.all[*pick(rng, &self.strangers)? as usize];
        let (home, phone) = (of.homes[0].clone(), of.phones[0]);
        let (first, surname) = of.name.split_once(' ')?;
        let (first, surname) = (first.to_owned(), surname.to_owned());
        let name = names::person(rng, &surname);
        if name.starts_with(&format!("{first} ")) {
            return None;
        }
        let number = if chance(rng, 0.3) { phone } else { random_number(rng) };
        Some(self.person(plan, rng, Kind::Stranger, name, home, number))
    }

    /// A trader, who comes often.
    pub(crate) fn reseller(&mut self, plan: &Plan, rng: &mut Gen) -> u32 {
        if chance(rng, 0.6)
            && let Some(known) = pick(rng, &self.resellers)
        {
            return *known;
        }
        let name = format!("{} {}", names::surname(rng), word(rng, &["Télécom", "Mobiles", "Import", "Négoce", "GSM"]));
        let (home, number) = (home(plan, rng), random_number(rng));
        let person = self.person(plan, rng, Kind::Reseller, name, home, number);
        self.resellers.push(person);
        person
    }

    fn person(&mut self, plan: &Plan, rng: &mut Gen, kind: Kind, name: String, first: Home, number: u64) -> u32 {
        let mut emails = vec![email(rng, &name)];
        let mut phones = vec![number];
        let mut homes = vec![first];
        if chance(rng, 0.2) {
            emails.push(email(rng, &name));
        }
        if chance(rng, 0.2) {
            phones.push(random_number(rng));
        }
        if chance(rng, 0.12) {
            homes.push(home(plan, rng));
        }
        self.all.push(Person { kind, name, emails, phones, homes });
        self.all.len() as u32 - 1
    }

    /// How the form of one order has a buyer.
    pub(crate) fn write(&self, rng: &mut Gen, person: u32) -> Buyer {
        let person = &self.all[person as usize];
        let home = &person.homes[usually_first(rng, person.homes.len())];
        let number = person.phones[usually_first(rng, person.phones.len())];
        let mut buyer = Buyer {
            name: respell_name(rng, &person.name),
            email: person.emails[usually_first(rng, person.emails.len())].clone(),
            phone: phone(rng, number),
            address: respell_address(rng, &home.address),
            postcode: home.postcode.clone(),
            city: names::respell(rng, &home.city),
        };
        for (field, blank) in [
            (&mut buyer.email, 0.12),
            (&mut buyer.phone, 0.35),
            (&mut buyer.address, 0.06),
            (&mut buyer.postcode, 0.06),
            (&mut buyer.city, 0.06),
        ] {
            if chance(rng, blank) {
                field.clear();
            } else if chance(rng, self.slips) {
                *field = slip(rng, field);
            }
        }
        if chance(rng, self.slips) {
            buyer.name = slip(rng, &buyer.name);
        }
        buyer
    }
}

fn usually_first(rng: &mut Gen, count: usize) -> usize {
    if chance(rng, 0.65) { 0 } else { below(rng, count) }
}

fn home(plan: &Plan, rng: &mut Gen) -> Home {
    let area = &plan.areas[below(rng, plan.areas.len())];
    let town = area.town(rng);
    Home { address: names::street(rng), postcode: format!("{:05}", town.postcode), city: town.name.clone() }
}

fn email(rng: &mut Gen, name: &str) -> String {
    let plain = names::without_accents(name).to_lowercase().replace(' ', word(rng, &[".", "", "_"]));
    let number = rng.random_range(1..99u32);
    format!("{plain}{number}@{}.example", word(rng, &["mail", "boite", "courrier"]))
}

/// Titles, initials, the family name first and in capitals, a hyphen lost.
fn respell_name(rng: &mut Gen, name: &str) -> String {
    let swapped = |name: &str| match name.split_once(' ') {
        Some((first, last)) => format!("{} {first}", last.to_uppercase()),
        None => name.to_owned(),
    };
    match below(rng, 12) {
        0 => format!("{} {name}", word(rng, &["M.", "Mme", "Mr", "Madame"])),
        1 => swapped(name),
        2 => name.replace('-', " "),
        3 => match name.split_once(' ') {
            Some((first, last)) => format!("{}. {last}", first.chars().next().unwrap_or('A')),
            None => name.to_owned(),
        },
        4 => name.to_uppercase(),
        5 => names::without_accents(name).to_lowercase(),
        6 => names::respell(rng, name),
        _ => name.to_owned(),
    }
}

fn respell_address(rng: &mut Gen, address: &str) -> String {
    let shortened = || {
        let pairs = [("avenue", "av."), ("boulevard", "bd"), ("chemin", "ch."), ("impasse", "imp."), ("place", "pl.")];
        pairs.iter().fold(address.to_owned(), |text, (long, short)| text.replace(long, short))
    };
    match below(rng, 8) {
        0 => shortened(),
        1 => address.replacen(' ', ", ", 1),
        2 => address.to_uppercase(),
        3 => names::without_accents(&shortened()).to_lowercase(),
        4 => names::respell(rng, address),
        _ => address.to_owned(),
    }
}

/// A letter lost, doubled, swapped with its neighbour, or hit beside.
fn slip(rng: &mut Gen, text: &str) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 4 {
        return text.to_owned();
    }
    let at = 1 + below(rng, letters.len() - 2);
    match below(rng, 4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = if letters[at].is_ascii_digit() { '7' } else { 'e' },
    }
    letters.into_iter().collect()
}

fn phone(rng: &mut Gen, msisdn: u64) -> String {
    let text = msisdn.to_string();
    let national = text.strip_prefix("33").map_or_else(|| text.clone(), |rest| format!("0{rest}"));
    let pairs = |sign: &str| {
        national.as_bytes().chunks(2).filter_map(|c| std::str::from_utf8(c).ok()).collect::<Vec<_>>().join(sign)
    };
    match below(rng, 5) {
        0 => text,
        1 => national,
        2 => pairs(" "),
        3 => pairs("."),
        _ => format!("+{text}"),
    }
}

/// Writes `truth/buyers.csv`: whose each order is.
pub(crate) fn write_truth(plan: &Plan, ledger: &Ledger, folder: &Path) -> Result<(), WorldError> {
    let mut table = Table::new("order,buyer,kind,inmate,msisdn");
    let mut orders: Vec<(u32, u32)> = ledger.sales.iter().map(|sale| (sale.order, sale.person)).collect();
    orders.sort_unstable();
    orders.dedup();
    for (order, person) in orders {
        let (kind, inmate, msisdn) = match ledger.people.all[person as usize].kind {
            Kind::Family { inmate, msisdn } => ("family", plan.inmates[inmate as usize].id(), msisdn.to_string()),
            Kind::Stranger => ("stranger", String::new(), String::new()),
            Kind::Reseller => ("reseller", String::new(), String::new()),
        };
        table.push([format!("C{order:06}"), format!("P{person:05}"), kind.to_owned(), inmate, msisdn]);
    }
    table.write(&folder.join("buyers.csv"))
}
