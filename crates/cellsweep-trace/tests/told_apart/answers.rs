//! The shape of operators' answers, and what must not matter.

use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::rows::{Request, RequestKind};
use cellsweep_trace::{Elsewhere, Need};

use crate::country::*;
use crate::person::{HIDDEN, Person, chance};

fn request(kind: RequestKind) -> Request {
    Request { operator: "Uno".to_owned(), kind, from: time(0, 0), to: time(DAYS, 0), answered: None, complete: None }
}

/// One that was answered.
fn answered(kind: RequestKind) -> Request {
    Request { answered: Some(time(DAYS, 9)), complete: Some(true), ..request(kind) }
}

/// What is left where operators answered for the prisons' sectors only.
pub fn at_prisons(country: &Country) -> Vec<HandsetProfile> {
    let serves = country.serves();
    let mut profiles = country.profiles();
    for profile in &mut profiles {
        profile.rows.retain(|row| serves(row.sector));
    }
    profiles.retain(|profile| !profile.rows.is_empty());
    profiles
}

fn rows(answer: &Answer) -> Vec<(String, String, f64)> {
    let row = |row: &cellsweep_model::Device| (row.handset.clone(), row.facility.as_str().to_owned(), row.probability);
    let mut rows: Vec<_> = answer.traced.devices.iter().map(row).collect();
    rows.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
    rows
}

fn assert_same(a: &Answer, b: &Answer) {
    let (a, b) = (rows(a), rows(b));
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(&b) {
        assert_eq!((&a.0, &a.1), (&b.0, &b.1));
        assert!((a.2 - b.2).abs() < 1e-6, "{} in {}: {} or {}", a.0, a.1, a.2, b.2);
    }
}

#[test]
fn in_which_blocks_candidates_lie_does_not_show() {
    let mut country = Country::usual();
    // Slots of one phone, in blocks of their own.
    let slots = [(905_010, 1.2), (905_011, 1.1)]
        .map(|(serial, busy)| country.add(Person::new(MINI, serial, cell(ALBA, 51), HIDDEN).busy(busy)));
    let whole = country.trace();
    assert_eq!(slots.into_iter().filter(|slot| whole.rows(*slot).is_empty()).count(), 1, "neighbours are one phone");
    for size in [1, 7] {
        let cut = country.trace_in_blocks(country.profiles(), &[], size);
        assert_eq!(cut.traced.devices, whole.traced.devices);
        assert_eq!((cut.traced.asks, cut.traced.prior), (whole.traced.asks.clone(), whole.traced.prior));
    }
}

/// In an order of its own for each number.
fn shuffled<T>(of: &mut [T], number: u64) {
    for index in (1..of.len()).rev() {
        of.swap(index, (chance(&[number, index as u64]) * (index + 1) as f64) as usize);
    }
}

#[test]
fn answers_for_the_prisons_sectors_only() {
    let mut country = Country::usual();
    country.evidence.requests.push(request(RequestKind::Sectors));
    let answer = country.trace_of(at_prisons(&country));
    for prison in 0..3 {
        assert!(answer.usual(prison) > 0.5, "{prison}: {}", answer.usual(prison));
    }
    assert!(answer.residents_taken_for_kept() <= 0.05, "{}", answer.residents_taken_for_kept());
}

#[test]
fn nobody_gains_by_not_being_heard_where_nobody_asked() {
    let mut country = Country::usual();
    let profiles = at_prisons(&country);
    country.evidence.requests = vec![request(RequestKind::All)];
    let as_if_asked = country.trace_of(profiles.clone());
    country.evidence.requests = vec![request(RequestKind::Sectors)];
    let said = country.trace_of(profiles.clone());
    // Who was never away gains by it where that was asked, and nobody does where it wasn't.
    assert!(as_if_asked.weighed("excursions").iter().any(|weight| *weight > 0.0));
    assert!(said.weighed("excursions").is_empty());
    // One resident more or less is chance.
    assert!(said.residents_taken_for_kept() <= as_if_asked.residents_taken_for_kept() + 0.01);
    assert!(said.residents_taken_for_kept() <= 0.05, "{}", said.residents_taken_for_kept());
    country.evidence.requests.clear();
    assert_same(&said, &country.trace_of(profiles));
}

#[test]
fn a_list_of_a_few_makes_nobody_else_s_absence_count() {
    let mut country = Country::usual();
    let profiles = at_prisons(&country);
    country.evidence.requests = vec![answered(RequestKind::Sectors)];
    let of_sectors = country.trace_of(profiles.clone());
    // Asked, and not answered yet: nothing changes.
    country.evidence.requests.push(request(RequestKind::All));
    assert_same(&of_sectors, &country.trace_of(profiles.clone()));
    let (named, other) = (usual_kept(0, 3), usual_kept(0, 4));
    country.evidence.requests = vec![answered(RequestKind::Sectors), answered(RequestKind::Identities)];
    country.evidence.asked_for.imeis.extend(imei(named));
    let asked = country.trace_of(profiles.clone());
    assert_eq!(asked.traced.elsewhere, Elsewhere::Named);
    // The same where nobody wrote down that sectors were asked for; and where everybody was, by their records, no list takes that back.
    country.evidence.requests.remove(0);
    assert_same(&asked, &country.trace_of(profiles));
    assert_eq!(country.trace().traced.elsewhere, Elsewhere::All);
    country.evidence.requests.push(answered(RequestKind::Sectors));
    assert!(asked.finding(named, "ALBA", "excursions").is_some_and(|(_, weight)| weight > 0.0));
    assert!(asked.finding(other, "ALBA", "excursions").is_none());
    assert_eq!(asked.weighed("excursions").len(), asked.rows(named).len());
    let open = |answer: &Answer| {
        let asks = answer.traced.asks.iter().filter(|ask| ask.need == Need::RecordsElsewhere);
        asks.map(|ask| ask.open).sum::<u32>()
    };
    assert!(open(&asked) > 0 && open(&asked) + 2 >= open(&of_sectors), "{} {}", open(&asked), open(&of_sectors));
    // Who is asked for by subscriber is asked for, too.
    let imsi = country
        .profiles()
        .iter()
        .find(|profile| profile.key.imei() == imei(other))
        .and_then(|profile| profile.rows[0].imsi);
    country.evidence.asked_for.imsis.extend(imsi);
    let both = country.trace_of(at_prisons(&country));
    assert!(both.finding(other, "ALBA", "excursions").is_some());
}

#[test]
fn the_same_again_in_every_run() {
    let country = Country::usual();
    assert_eq!(country.trace().traced.devices, country.trace().traced.devices);
}

#[test]
fn the_order_of_the_tables_does_not_matter() {
    let mut country = Country::usual();
    let answer = country.trace();
    for number in 0..2 {
        let evidence = &mut country.evidence;
        shuffled(&mut evidence.sectors, number);
        shuffled(&mut evidence.facilities, number + 5);
        shuffled(&mut evidence.survey, number);
        shuffled(&mut evidence.models, number);
        shuffled(&mut evidence.ledger, number);
        shuffled(&mut evidence.known_devices, number);
        assert_same(&answer, &country.trace());
    }
}

#[test]
fn the_order_of_rows_and_handsets_does_not_matter() {
    let country = Country::usual();
    let answer = country.trace();
    for number in 0..2 {
        let mut profiles = country.profiles();
        profiles.iter_mut().for_each(|profile| shuffled(&mut profile.rows, number));
        shuffled(&mut profiles, number);
        assert_same(&answer, &country.trace_of(profiles));
    }
}

#[test]
fn a_handset_never_heard_near_a_prison_is_never_listed() {
    let mut country = Country::usual();
    let numbers: Vec<u64> = (0..20)
        .map(|index| {
            let number = country.add(Person::new(MINI, 900_401 + 5 * index, around(TOWN, 0.0, 3_000.0, index), HIDDEN));
            country.sold(number);
            number
        })
        .collect();
    let answer = country.trace();
    assert!(numbers.iter().all(|number| answer.rows(*number).is_empty()));
}

#[test]
fn probabilities_of_a_handset_are_at_most_one_and_findings_add_up() {
    let answer = Country::usual().trace();
    let mut sums = std::collections::BTreeMap::<&str, f64>::new();
    for row in &answer.traced.devices {
        *sums.entry(&row.handset).or_default() += row.probability;
        let said: f64 = row.findings.iter().map(|finding| finding.log10_lr).sum();
        assert!((said - row.log10_lr).abs() < 1e-6);
        assert!((0.0..=1.0).contains(&row.probability));
    }
    assert!(sums.values().all(|sum| *sum <= 1.0 + 1e-9));
}
