//! A made-up prison and its handsets.

use cellsweep_attribute::{AttributeSettings, Attributed, Evidence, Phone, attribute};
use cellsweep_model::custody::{Cell, Contact, Held};
use cellsweep_model::peers::PeerRow;
use cellsweep_model::{Holder, Msisdn};

pub const DAY: i64 = 86_400_000_000;
pub const START: i64 = 20_000 * DAY;
pub const INMATES: u64 = 80;
/// Numbers that nobody listed.
const STRANGERS: u64 = 700_000;

pub fn number(value: u64) -> Msisdn {
    format!("336{value:08}").parse().unwrap()
}

/// The inmate's own four contacts are 10 × inmate + 0..4.
pub fn prison() -> Evidence {
    let mut evidence = Evidence { at: START + 31 * DAY, ..Evidence::default() };
    for inmate in 0..INMATES {
        let cell = format!("C{:02}", inmate / 2);
        evidence.roster.push(Held {
            inmate: format!("I{inmate:03}").parse().unwrap(),
            facility: "F1".parse().unwrap(),
            cell: Some(cell.parse().unwrap()),
            from: START - 100 * DAY,
            to: None,
        });
        if inmate % 2 == 0 {
            evidence.cells.push(Cell {
                facility: "F1".parse().unwrap(),
                wing: Some("A".to_owned()),
                floor: None,
                beds: None,
                cell: cell.parse().unwrap(),
                place_m: None,
            });
        }
        for contact in 0..4 {
            list(&mut evidence, inmate, 10 * inmate + contact, false);
        }
    }
    evidence
}

pub fn list(evidence: &mut Evidence, inmate: u64, value: u64, protected: bool) {
    evidence.contacts.push(Contact {
        inmate: format!("I{inmate:03}").parse().unwrap(),
        number: number(value),
        name: None,
        address: None,
        postcode: None,
        protected,
    });
}

pub fn call(value: u64, day: i64) -> PeerRow {
    let time = START + day * DAY + 10 * 3_600_000_000;
    PeerRow {
        peer: number(value).packed().cast_signed(),
        day: (time / DAY) as i32,
        imsi: None,
        own: None,
        voice_out: 1,
        voice_in: 0,
        sms_out: 0,
        sms_in: 0,
        seconds: 60,
        hours: 1 << 10,
        first: time,
        last: time,
    }
}

/// What trace says of every handset's being kept.
pub const KEPT: f64 = 0.95;

/// A handset that speaks with these numbers on three days each, and with four strangers.
pub fn phone(name: &str, numbers: &[u64]) -> Phone {
    let strangers = name.bytes().fold(STRANGERS, |sum, byte| sum * 31 % 90_000_000 + u64::from(byte));
    let strangers = (0..4).map(|index| strangers + index);
    let spoken = numbers.iter().copied().chain(strangers);
    Phone {
        handset: name.to_owned(),
        stays: vec![("F1".parse().unwrap(), KEPT)],
        peers: spoken.flat_map(|value| [1, 8, 15].map(|day| call(value, day))).collect(),
        ..Phone::default()
    }
}

/// Twenty handsets whose users call two of their contacts and twenty that call none, so that there
/// is something to learn from.
pub fn others() -> Vec<Phone> {
    let callers = (40..60).map(|inmate| phone(&format!("caller{inmate}"), &[10 * inmate, 10 * inmate + 1]));
    let silent = (0..20).map(|index| phone(&format!("silent{index}"), &[]));
    callers.chain(silent).collect()
}

pub fn attributed(evidence: &Evidence, asked: Phone) -> (Attributed, Vec<Holder>) {
    let mut phones = others();
    let handset = asked.handset.clone();
    phones.push(asked);
    let attributed = attribute(evidence, &phones, &AttributeSettings::default());
    let rows = attributed.holders.iter().filter(|row| row.handset == handset).cloned().collect();
    (attributed, rows)
}

pub fn named(rows: &[Holder], inmate: u64) -> f64 {
    let id = format!("I{inmate:03}");
    let of = rows.iter().filter(|row| row.inmate.as_ref().is_some_and(|inmate| inmate.as_str() == id));
    of.map(|row| row.probability).sum()
}

pub fn greatest(rows: &[Holder]) -> f64 {
    rows.iter().filter(|row| row.inmate.is_some()).map(|row| row.probability).fold(0.0, f64::max)
}
