//! Whom a handset speaks with, against the numbers that inmates listed.

use cellsweep_model::custody::{Contact, Held};
use cellsweep_model::peers::{HandsetPeers, PeerRow};
use cellsweep_model::{HandsetKey, Msisdn};
use cellsweep_trace::Spoken;

use crate::country::*;
use crate::person::*;

const LAWYER: u64 = 33_199_999_999;
/// One inmate's doctors: protected, and on nobody else's list.
const DOCTORS: [u64; 3] = [33_188_888_881, 33_188_888_882, 33_188_888_883];
/// A phone of which place and habits leave it open whether it is kept.
const OPEN: u64 = 900_030;

fn number(digits: u64) -> Option<Msisdn> {
    digits.to_string().parse().ok()
}

/// The `which`th number on an inmate's list.
fn listed(inmate: u64, which: u64) -> u64 {
    33_600_000_000 + inmate * 10 + which
}

/// Inmates of the first prison with five numbers each, and the lawyer of all.
fn lists(country: &mut Country) {
    let facility = country.evidence.facilities[0].id.clone();
    for inmate in 0..USUAL {
        let Ok(id) = format!("I{inmate:04}").parse::<cellsweep_model::InmateId>() else { continue };
        let held = Held { inmate: id.clone(), facility: facility.clone(), cell: None, from: time(-90, 0), to: None };
        country.evidence.roster.push(held);
        let on_list = (0..5).map(|which| (listed(inmate, which), false)).chain([(LAWYER, true)]);
        let contact = |(digits, protected)| {
            let number = number(digits)?;
            Some(Contact { inmate: id.clone(), number, name: None, address: None, postcode: None, protected })
        };
        country.evidence.contacts.extend(on_list.filter_map(contact));
        if inmate == 3 {
            country.evidence.contacts.extend(DOCTORS.map(|digits| (digits, true)).into_iter().filter_map(contact));
        }
    }
}

fn spoken(key: HandsetKey, peers: &[u64]) -> Spoken {
    spoken_by(key, None, peers)
}

fn spoken_by(key: HandsetKey, own: Option<Msisdn>, peers: &[u64]) -> Spoken {
    let row = |peer: &u64| {
        Some(PeerRow {
            peer: number(*peer)?.packed() as i64,
            day: 0,
            imsi: None,
            own,
            voice_out: 1,
            voice_in: 0,
            sms_out: 0,
            sms_in: 0,
            seconds: 60,
            hours: 1 << 20,
            first: time(0, 20),
            last: time(0, 20),
        })
    };
    Spoken::of(&HandsetPeers { key, rows: peers.iter().filter_map(row).collect() }, time(DAYS, 0))
}

/// Those kept in the first prison call an inmate's numbers; all others strangers.
fn peers_of(key: HandsetKey, open: &[u64]) -> Vec<u64> {
    let own = key.imei().map_or(0, |imei| imei.number());
    let stranger = |which: u64| 33_700_000_000 + (chance(&[key.value(), which]) * 1e8) as u64;
    let inmate = (0..USUAL).find(|inmate| usual_kept(0, *inmate) == own);
    match inmate {
        Some(inmate) => vec![listed(inmate, 0), listed(inmate, 1), listed(inmate, 2), stranger(0)],
        None if own == MINI * 1_000_000 + OPEN => open.iter().copied().chain([stranger(0)]).collect(),
        None => (0..5).map(stranger).collect(),
    }
}

/// How likely the open one is kept if it spoke with these.
fn open_one(peers: &[u64]) -> f64 {
    let mut country = Country::usual();
    lists(&mut country);
    let at_work = |day, hour| weekday(day) && (8..16).contains(&hour);
    let home = (ALBA.0 - HALF_M - 80.0, ALBA.1 + 40.0);
    let open = country.add(Person::new(MINI, OPEN, home, PLAIN).goes((3_000.0, 5_000.0), at_work));
    let profiles = country.profiles();
    let spoken: Vec<Spoken> =
        profiles.iter().map(|profile| spoken(profile.key, &peers_of(profile.key, peers))).collect();
    country.trace_with(profiles, &spoken).kept(open, "ALBA")
}

#[test]
fn numbers_that_inmates_listed_speak_for_a_phone_and_a_lawyers_never() {
    let strangers = open_one(&[33_711_111_111, 33_711_111_112, 33_711_111_113]);
    let of_one_inmate = open_one(&[listed(3, 0), listed(3, 1), listed(3, 4)]);
    // It is as if protected numbers weren't there.
    let lawyer = open_one(&[LAWYER, 33_711_111_111, 33_711_111_112, 33_711_111_113]);
    assert!(of_one_inmate > strangers + 0.1, "{of_one_inmate} against {strangers}");
    assert!((lawyer - strangers).abs() < 1e-9, "{lawyer} against {strangers}");
    let (doctors, nobody) = (open_one(&DOCTORS), open_one(&[]));
    assert!((doctors - nobody).abs() < 1e-9, "{doctors} against {nobody}");
}

/// How likely a phone is kept whose own number is this one; `lent` = one in three of those inside has a relative's card.
fn kept_with(own: u64, lent: bool) -> f64 {
    let mut country = Country::usual();
    lists(&mut country);
    let phone = country.add(Person::new(MINI, OPEN, cell(ALBA, 50), HIDDEN));
    let profiles = country.profiles();
    let strangers = [33_711_111_111, 33_711_111_112, 33_711_111_113];
    let of = |key: HandsetKey| {
        let imei = key.imei().map_or(0, |imei| imei.number());
        let inmate = (0..USUAL).step_by(3).find(|inmate| lent && usual_kept(0, *inmate) == imei);
        match inmate {
            _ if imei == phone => spoken_by(key, number(own), &strangers),
            Some(inmate) => spoken_by(key, number(listed(inmate, 4)), &peers_of(key, &strangers)),
            None => spoken(key, &peers_of(key, &strangers)),
        }
    };
    let spoken: Vec<Spoken> = profiles.iter().map(|profile| of(profile.key)).collect();
    country.trace_with(profiles, &spoken).kept(phone, "ALBA")
}

#[test]
fn a_phone_whose_own_number_an_inmate_listed_is_a_relatives() {
    let (relative, nobody) = (kept_with(listed(5, 2), false), kept_with(33_711_111_119, false));
    assert!(relative < nobody - 0.01, "{relative} against {nobody}");
}

#[test]
fn where_relatives_lend_their_cards_an_own_number_listed_says_little() {
    let (lent, theirs) = (kept_with(listed(5, 2), true), kept_with(listed(5, 2), false));
    assert!(lent > 0.95 && lent > theirs + 0.05, "{lent} against {theirs}");
}

#[test]
fn slots_numbered_apart_that_call_the_same_rare_numbers_are_one_phone() {
    let mut country = Country::usual();
    let first = country.add(Person::new(MINI, 905_010, cell(ALBA, 51), HIDDEN).busy(1.2));
    let second = country.add(Person::new(MINI, 955_010, cell(ALBA, 51), HIDDEN).busy(1.1));
    lists(&mut country);
    let rare: Vec<u64> = (0..3).map(|which| 33_722_222_220 + which).collect();
    let profiles = country.profiles();
    let joined = |rare: &[u64], same: bool| {
        let of = |key: HandsetKey| match key.imei().map(|imei| imei.number()) {
            Some(own) if own == first || own == second && same => spoken(key, rare),
            _ => spoken(key, &peers_of(key, &[33_711_111_111, 33_711_111_112, 33_711_111_113])),
        };
        let spoken: Vec<Spoken> = profiles.iter().map(|profile| of(profile.key)).collect();
        country.trace_with(profiles.clone(), &spoken).rows(second).is_empty()
    };
    assert!(joined(&rare, true) && !joined(&rare, false));
    // Two clients of one doctor's practice are two.
    assert!(!joined(&DOCTORS, true));
}
