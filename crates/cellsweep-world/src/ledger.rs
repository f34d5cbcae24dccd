//! The supplier's order book of the last two years.

use rand::RngExt;

use crate::catalogue::Kind;
use crate::clock::DAY;
use crate::identity::check_digit;
use crate::names;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, log_normal, pick, shuffle};
use crate::unit::Class;

/// A line of the book.
pub(crate) struct Sale {
    pub order: u32,
    pub time: i64,
    pub model: u16,
    pub quantity: u32,
    /// Fourteen digits, and how they were typed.
    pub imei: Option<(u64, String)>,
    pub price: f64,
    pub buyer: Buyer,
}

/// Who ordered.
#[derive(Clone, Default)]
pub(crate) struct Buyer {
    pub name: String,
    pub email: String,
    pub phone: String,
    pub address: String,
    pub postcode: String,
    pub city: String,
}

/// The book.
pub(crate) struct Ledger {
    pub sales: Vec<Sale>,
}

impl Ledger {
    /// IMEIs in the book.
    pub(crate) fn imeis(&self) -> impl Iterator<Item = u64> + '_ {
        self.sales.iter().filter_map(|s| s.imei.as_ref().map(|i| i.0))
    }
}

struct Device {
    imei: u64,
    model: u16,
    holder: Option<u32>,
    /// Handset of this world, and whether it is in use by somebody free.
    unit: Option<u32>,
    before: i64,
}

/// Draws the book, and marks the handsets whose IMEI is in it.
pub(crate) fn draw(plan: &mut Plan) -> Ledger {
    let mut rng = plan.rng(Purpose::Ledger, 0);
    let mut devices = devices(plan, &mut rng);
    shuffle(&mut rng, &mut devices);
    let mut sales = Vec::new();
    let mut order = 0;
    let mut rest = devices.into_iter().peekable();
    while let Some(first) = rest.next() {
        order += 1;
        let bulk = chance(&mut rng, plan.params.buyer_reseller * 0.25);
        let mut batch = vec![first];
        if bulk {
            let size = 1 + below(&mut rng, 12);
            batch.extend(rest.by_ref().take(size));
        }
        sell(plan, &mut rng, order, batch, bulk, &mut sales);
    }
    renumber(&mut rng, &mut sales, order);
    shuffle(&mut rng, &mut sales);
    Ledger { sales }
}

/// What the supplier sold: minis of this world, and others that are never seen.
fn devices(plan: &mut Plan, rng: &mut Gen) -> Vec<Device> {
    let mut out = Vec::new();
    for (index, unit) in plan.units.iter().enumerate() {
        let mini = plan.catalogue.models[unit.model as usize].kind == Kind::Mini;
        let share = if unit.class.is_inmates() || unit.class == Class::Released {
            plan.params.in_ledger
        } else {
            plan.params.in_ledger * 0.8
        };
        if mini && chance(rng, share) {
            let seen = unit.from.max(plan.clock.start());
            let used = if unit.from > plan.clock.start() {
                seen
            } else {
                seen - (between(rng, 0.0, 500.0) * DAY as f64) as i64
            };
            out.push(Device {
                imei: unit.imei[0],
                model: unit.model,
                holder: unit.holder,
                unit: Some(index as u32),
                before: used,
            });
        }
    }
    for _ in 0..(out.len() as f64 * plan.params.ledger_unseen) as usize {
        let model = plan.catalogue.draw(rng, Kind::Mini);
        let tac = plan.catalogue.tac(rng, model);
        let imei = plan.minter.imei(rng, tac);
        let holder = chance(rng, 0.4).then(|| below(rng, plan.inmates.len()) as u32);
        let before = plan.clock.end() - (between(rng, 0.0, 650.0) * DAY as f64) as i64;
        out.push(Device { imei, model: model as u16, holder, unit: None, before });
    }
    out
}

/// One order: bought some time before its first device was used.
fn sell(plan: &mut Plan, rng: &mut Gen, order: u32, batch: Vec<Device>, bulk: bool, sales: &mut Vec<Sale>) {
    let delay = log_normal(rng, 25.0, 0.8).clamp(3.0, 300.0) * DAY as f64;
    let earliest = batch.iter().map(|d| d.before).min().unwrap_or(0);
    let time = earliest - delay as i64 - rng.random_range(0..DAY);
    let holder = batch.first().and_then(|d| d.holder);
    let buyer = if bulk { reseller(plan, rng) } else { buyer(plan, rng, holder) };
    let price = between(rng, 17.0, 45.0);
    let typed = chance(rng, plan.params.ledger_imei);
    let mut unnamed = 0;
    let mut model = 0;
    for device in batch {
        model = device.model;
        if !typed {
            unnamed += 1;
            continue;
        }
        if let Some(unit) = device.unit {
            plan.units[unit as usize].marks.in_ledger = true;
        }
        let imei = Some((device.imei, spell(rng, device.imei)));
        sales.push(Sale { order, time, model, quantity: 1, imei, price, buyer: buyer.clone() });
    }
    if unnamed > 0 {
        sales.push(Sale { order, time, model, quantity: unnamed, imei: None, price, buyer });
    }
}

/// Order numbers as a shop gives them: in time, with gaps.
fn renumber(rng: &mut Gen, sales: &mut [Sale], orders: u32) {
    let mut times: Vec<(i64, u32)> = sales.iter().map(|s| (s.time, s.order)).collect();
    times.sort_unstable();
    times.dedup_by_key(|t| t.1);
    let mut new = vec![0; orders as usize + 1];
    let mut next = 1_000;
    for (_, order) in times {
        next += 1 + below(rng, 3) as u32;
        new[order as usize] = next;
    }
    for sale in sales {
        sale.order = new[sale.order as usize];
    }
}

/// Spaces, hyphens, no check digit: as people type it.
fn spell(rng: &mut Gen, imei: u64) -> String {
    let text = format!("{imei:014}");
    let check = check_digit(imei);
    match below(rng, 6) {
        0 => format!("{} {} {} {check}", &text[..2], &text[2..8], &text[8..]),
        1 => format!("{}-{}-{}-{check}", &text[..2], &text[2..8], &text[8..]),
        2 => text,
        3 => format!("IMEI {text}{check}"),
        _ => format!("{text}{check}"),
    }
}

fn buyer(plan: &Plan, rng: &mut Gen, holder: Option<u32>) -> Buyer {
    let family = chance(rng, plan.params.buyer_family);
    if let Some(inmate) = holder.filter(|_| family)
        && let Some(contact) = pick(rng, &plan.inmates[inmate as usize].contacts)
        && contact.protected.is_empty()
    {
        let name = names::respell(rng, &contact.name);
        return Buyer {
            email: email(rng, &contact.name),
            phone: if chance(rng, 0.6) { phone(rng, contact.msisdn) } else { String::new() },
            address: names::respell(rng, &contact.address),
            postcode: contact.postcode.clone(),
            city: names::respell(rng, &contact.city),
            name,
        };
    }
    stranger(plan, rng)
}

fn stranger(plan: &Plan, rng: &mut Gen) -> Buyer {
    let surname = names::surname(rng);
    let name = names::person(rng, &surname);
    let area = &plan.areas[below(rng, plan.areas.len())];
    let town = area.town(rng);
    let number = crate::identity::random_number(rng);
    Buyer {
        email: email(rng, &name),
        phone: if chance(rng, 0.6) { phone(rng, number) } else { String::new() },
        address: names::street(rng),
        postcode: format!("{:05}", town.postcode),
        city: town.name.clone(),
        name,
    }
}

fn reseller(plan: &Plan, rng: &mut Gen) -> Buyer {
    let mut buyer = stranger(plan, rng);
    buyer.name = format!(
        "{} {}",
        names::surname(rng),
        crate::rng::word(rng, &["Télécom", "Mobiles", "Import", "Négoce", "GSM"])
    );
    buyer
}

fn email(rng: &mut Gen, name: &str) -> String {
    let plain = names::without_accents(name).to_lowercase().replace(' ', ".");
    format!("{plain}{}@{}.example", rng.random_range(1..99u32), crate::rng::word(rng, &["mail", "boite", "courrier"]))
}

fn phone(rng: &mut Gen, msisdn: u64) -> String {
    let text = msisdn.to_string();
    let national = text.strip_prefix("33").map_or_else(|| text.clone(), |rest| format!("0{rest}"));
    match below(rng, 3) {
        0 => text,
        1 => national,
        _ => national.as_bytes().chunks(2).filter_map(|c| std::str::from_utf8(c).ok()).collect::<Vec<_>>().join(" "),
    }
}
