//! The supplier's order book of the last two years, and what lay unsold.

use rand::RngExt;
use rustc_hash::FxHashSet;

use crate::buyers::{Buyer, People};
use crate::catalogue::Kind;
use crate::clock::DAY;
use crate::identity::check_digit;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, log_normal, shuffle};
use crate::unit::Class;

/// A line of the book.
pub(crate) struct Sale {
    pub order: u32,
    pub time: i64,
    pub model: u16,
    /// Negative for a refund.
    pub quantity: i64,
    /// Fourteen digits, and how they were typed.
    pub imei: Option<(u64, String)>,
    pub price: f64,
    pub buyer: Buyer,
    /// Whose the order is.
    pub person: u32,
}

/// Devices that the supplier had not sold.
pub(crate) struct Unsold {
    pub time: i64,
    pub model: u16,
    pub quantity: i64,
    pub imei: Option<(u64, String)>,
}

/// The book.
pub(crate) struct Ledger {
    pub sales: Vec<Sale>,
    pub stock: Vec<Unsold>,
    pub people: People,
    /// Devices that came back or never left.
    not_out: FxHashSet<u64>,
}

impl Ledger {
    /// IMEIs in the book of devices that were sold and stayed so.
    pub(crate) fn imeis(&self) -> impl Iterator<Item = u64> + '_ {
        let named = self.sales.iter().filter(|s| s.quantity > 0).filter_map(|s| s.imei.as_ref().map(|i| i.0));
        named.filter(|imei| !self.not_out.contains(imei))
    }
}

struct Device {
    imei: u64,
    /// The second slot's, or 0.
    other: u64,
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
    let people = People::new(&mut rng);
    let mut ledger = Ledger { sales: Vec::new(), stock: Vec::new(), people, not_out: FxHashSet::default() };
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
        sell(plan, &mut rng, order, batch, bulk, &mut ledger);
    }
    stock(plan, &mut rng, &mut ledger);
    renumber(&mut rng, &mut ledger.sales, order);
    shuffle(&mut rng, &mut ledger.sales);
    ledger
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
                other: unit.imei[1],
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
        out.push(Device { imei, other: 0, model: model as u16, holder, unit: None, before });
    }
    out
}

/// One order: bought some time before its first device was used.
fn sell(plan: &mut Plan, rng: &mut Gen, order: u32, batch: Vec<Device>, bulk: bool, ledger: &mut Ledger) {
    let delay = log_normal(rng, 25.0, 0.8).clamp(3.0, 300.0) * DAY as f64;
    let earliest = batch.iter().map(|d| d.before).min().unwrap_or(0);
    let time = earliest - delay as i64 - rng.random_range(0..DAY);
    let holder = batch.first().and_then(|d| d.holder);
    let person = if bulk { ledger.people.reseller(plan, rng) } else { buyer(plan, rng, &mut ledger.people, holder) };
    let buyer = ledger.people.write(rng, person);
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
        let (text, readable) = spell(rng, &device);
        if let Some(unit) = device.unit
            && readable
        {
            plan.units[unit as usize].marks.in_ledger = true;
        }
        let imei = Some((device.imei, text));
        let sale = Sale { order, time, model, quantity: 1, imei, price, buyer: buyer.clone(), person };
        if device.unit.is_none() {
            come_back(rng, &sale, ledger);
        }
        ledger.sales.push(sale);
    }
    if unnamed > 0 {
        ledger.sales.push(Sale { order, time, model, quantity: unnamed, imei: None, price, buyer, person });
    }
}

/// A few devices that nobody of this world uses come back, with a line of their own or one of the whole order.
fn come_back(rng: &mut Gen, sale: &Sale, ledger: &mut Ledger) {
    if !chance(rng, 0.03) {
        return;
    }
    let later = sale.time + (between(rng, 2.0, 30.0) * DAY as f64) as i64;
    if let Some((imei, _)) = &sale.imei {
        ledger.not_out.insert(*imei);
    }
    // Some shops write a negative quantity, some a negative price.
    let by_price = chance(rng, 0.3);
    let (quantity, price) = if by_price { (1, -sale.price) } else { (-1, sale.price) };
    let imei = sale.imei.clone().filter(|_| chance(rng, 0.8));
    let (buyer, person) = (sale.buyer.clone(), sale.person);
    ledger.sales.push(Sale { order: sale.order, time: later, model: sale.model, quantity, imei, price, buyer, person });
}

/// What lay unsold on the day the shop was closed: a few devices that the book has as sold, others it doesn't
/// have, and boxes that were only counted.
fn stock(plan: &mut Plan, rng: &mut Gen, ledger: &mut Ledger) {
    let time = plan.clock.end();
    let in_use: FxHashSet<u64> = plan.units.iter().map(|unit| unit.imei[0]).collect();
    let mut unsold = Vec::new();
    for sale in ledger.sales.iter().filter(|sale| sale.quantity > 0 && sale.price > 0.0) {
        if let Some((imei, _)) = &sale.imei
            && !in_use.contains(imei)
            && !ledger.not_out.contains(imei)
            && chance(rng, 0.02)
        {
            let typed = Some((*imei, format!("{imei:014}{}", check_digit(*imei))));
            unsold.push(Unsold { time, model: sale.model, quantity: 1, imei: typed });
        }
    }
    ledger.not_out.extend(unsold.iter().filter_map(|item| item.imei.as_ref().map(|imei| imei.0)));
    for _ in 0..1 + ledger.sales.len() / 60 {
        let model = plan.catalogue.draw(rng, Kind::Mini);
        let tac = plan.catalogue.tac(rng, model);
        let imei = plan.minter.imei(rng, tac);
        let typed = Some((imei, format!("{imei:014}{}", check_digit(imei))));
        unsold.push(Unsold { time, model: model as u16, quantity: 1, imei: typed });
    }
    shuffle(rng, &mut unsold);
    ledger.stock = unsold;
}

/// Order numbers as a shop gives them: in time, with gaps.
fn renumber(rng: &mut Gen, sales: &mut [Sale], orders: u32) {
    let mut times: Vec<(i64, u32)> = sales.iter().map(|s| (s.time, s.order)).collect();
    times.sort_unstable();
    let mut new = vec![0; orders as usize + 1];
    let mut next = 1_000;
    for (_, order) in times {
        // Refunds keep the number of the order that they are for.
        if new[order as usize] == 0 {
            next += 1 + below(rng, 3) as u32;
            new[order as usize] = next;
        }
    }
    for sale in sales {
        sale.order = new[sale.order as usize];
    }
}

/// Spaces, hyphens, no check digit, a wrong one, both of a handset's two, and what a spreadsheet makes of
/// it. Says whether the digits are still there.
fn spell(rng: &mut Gen, device: &Device) -> (String, bool) {
    let text = format!("{:014}", device.imei);
    let check = check_digit(device.imei);
    let whole = format!("{text}{check}");
    if device.other > 0 && chance(rng, 0.5) {
        let other = format!("{:014}{}", device.other, check_digit(device.other));
        let sign = crate::rng::word(rng, &[" / ", "/", " ", "; ", " - IMEI2 "]);
        return (format!("{whole}{sign}{other}"), true);
    }
    let typed = match below(rng, 24) {
        0..4 => format!("{} {} {} {check}", &text[..2], &text[2..8], &text[8..]),
        4..8 => format!("{}-{}-{}-{check}", &text[..2], &text[2..8], &text[8..]),
        8..11 => text,
        11..13 => format!("IMEI {whole}"),
        13 => format!("{text}{}", (check + 1 + below(rng, 8) as u64) % 10),
        14 => format!("{}.{}E+14", &whole[..1], &whole[1..]),
        15 => return (format!("{}.{}E+14", &whole[..1], &whole[1..6]), false),
        _ => whole,
    };
    (typed, true)
}

fn buyer(plan: &Plan, rng: &mut Gen, people: &mut People, holder: Option<u32>) -> u32 {
    let family = chance(rng, plan.params.buyer_family);
    let known = holder.filter(|_| family).and_then(|inmate| people.family(plan, rng, inmate));
    known.unwrap_or_else(|| people.stranger(plan, rng))
}
