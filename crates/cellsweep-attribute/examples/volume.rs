//! How fast handsets are attributed: `volume [handsets] [facilities] [inmates a facility]`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example that prints what it measured")]

use std::time::Instant;

use cellsweep_attribute::{AttributeSettings, Evidence, Phone, attribute};
use cellsweep_model::custody::{Cell, Contact, Held};
use cellsweep_model::peers::PeerRow;
use cellsweep_model::{FacilityId, Msisdn};

const DAY: i64 = 86_400_000_000;
const LISTED: u64 = 25;

struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}

fn number(value: u64) -> Msisdn {
    Msisdn::from_packed(133_600_000_000 + value).unwrap()
}

fn main() {
    let asked = |position, usual| std::env::args().nth(position).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let (handsets, facilities, inmates) = (asked(1, 30_000), asked(2, 200), asked(3, 400));
    let mut dice = Dice(1);
    let names: Vec<FacilityId> = (0..facilities).map(|index| format!("F{index:03}").parse().unwrap()).collect();
    let evidence = evidence(&mut dice, &names, inmates);
    let phones: Vec<Phone> = (0..handsets).map(|index| phone(&mut dice, &names, inmates, index)).collect();
    println!("{} inmates, {} contacts, {handsets} handsets", evidence.roster.len(), evidence.contacts.len());
    let start = Instant::now();
    let attributed = attribute(&evidence, &phones, &AttributeSettings::default());
    println!(
        "{} rows of holders, {} of places in {:.1} s",
        attributed.holders.len(),
        attributed.places.len(),
        start.elapsed().as_secs_f64()
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
}

fn evidence(dice: &mut Dice, names: &[FacilityId], inmates: u64) -> Evidence {
    let mut evidence = Evidence { at: 31 * DAY, ..Evidence::default() };
    for (facility, name) in names.iter().enumerate() {
        for inmate in 0..inmates {
            let id = facility as u64 * inmates + inmate;
            let cell = format!("{}{:03}", ["A", "B", "C"][(inmate % 3) as usize], inmate / 2);
            evidence.cells.push(Cell {
                facility: name.clone(),
                wing: Some(cell[..1].to_owned()),
                floor: None,
                beds: None,
                cell: cell.parse().unwrap(),
                place_m: None,
            });
            evidence.roster.push(Held {
                inmate: format!("I{id:06}").parse().unwrap(),
                facility: name.clone(),
                cell: Some(cell.parse().unwrap()),
                from: -100 * DAY,
                to: None,
            });
            for contact in 0..LISTED {
                let shared = dice.below(50) == 0;
                let value = if shared { dice.below(2_000) } else { 10_000 + id * LISTED + contact };
                evidence.contacts.push(Contact {
                    inmate: format!("I{id:06}").parse().unwrap(),
                    number: number(value),
                    name: None,
                    address: None,
                    postcode: None,
                    protected: false,
                });
            }
        }
    }
    evidence
}

fn phone(dice: &mut Dice, names: &[FacilityId], inmates: u64, index: u64) -> Phone {
    let facility = dice.below(names.len() as u64);
    let user = facility * inmates + dice.below(inmates);
    let calls_listed = dice.below(2) == 0;
    let mut peers = Vec::new();
    for peer in 0..30 {
        let value = match (peer, calls_listed) {
            (0..3, true) => 10_000 + user * LISTED + dice.below(LISTED),
            (3, _) => dice.below(2_000),
            _ => 100_000_000 + dice.below(800_000_000),
        };
        let day = dice.below(30) as i64;
        peers.push(PeerRow {
            peer: number(value).packed().cast_signed(),
            day: day as i32,
            imsi: None,
            own: None,
            voice_out: 1,
            voice_in: 0,
            sms_out: 0,
            sms_in: 0,
            seconds: 30,
            hours: 1,
            first: day * DAY,
            last: day * DAY,
        });
    }
    let probability = if dice.below(10) < 4 { 0.95 } else { 0.05 };
    Phone {
        handset: format!("{index:014}"),
        stays: vec![(names[facility as usize].clone(), probability)],
        peers,
        ..Phone::default()
    }
}
