//! What was done inside and around, and what to ask next: each finding speaks when its table does.

use cellsweep_model::calibration::{Basis, LEAST_LABELS};
use cellsweep_model::custody::{Detection, Held, Sensor};
use cellsweep_model::finding::Fact;
use cellsweep_model::record::Technology;
use cellsweep_model::rows::{DeviceClass, Jamming, Outage, Request, RequestKind, Seizure};
use cellsweep_trace::{Elsewhere, Need};

use crate::answers::at_prisons;
use crate::country::*;
use crate::person::*;

/// A kept mini with a serial number of its own.
fn kept(serial: u64) -> Person {
    Person::new(MINI, serial, cell(ALBA, serial), HIDDEN).busy(1.2)
}

#[test]
fn sensors_speak_for_whom_they_heard_and_not_for_the_others() {
    let mut country = Country::usual();
    let (heard, other) = (usual_kept(0, 3), usual_kept(0, 4));
    let facility = country.evidence.facilities[0].id.clone();
    let sensor = Sensor { sensor: "S1".to_owned(), facility, wing: None, place_m: None };
    country.evidence.sensors.push(sensor);
    let hearing = |day: i32| Detection {
        time: time(day, 21),
        sensor: "S1".to_owned(),
        technology: Technology::Gsm,
        rssi_dbm: -70.0,
        identity: Some(format!("{heard:014}")),
    };
    country.evidence.detections.extend((0..6).map(hearing));
    let answer = country.trace();
    let (Some((fact, weight)), Some((silent, less))) =
        (answer.finding(heard, "ALBA", "sensors"), answer.finding(other, "ALBA", "sensors"))
    else {
        unreachable!("no finding of the sensors")
    };
    assert_eq!((fact, silent), (Fact::Sensors { times: 6 }, Fact::Sensors { times: 0 }));
    assert!(weight > 0.0 && weight > less + 0.2, "{weight} against {less}");
    assert!(answer.finding(usual_kept(2, 3), "CORA", "sensors").is_none(), "no sensor hangs there");
}

#[test]
fn a_find_without_an_imei_soon_after_a_phone_fell_silent_speaks_against_it() {
    let mut country = Country::usual();
    let phone = country.add(kept(903_010).off(|day, _| day >= 20));
    let without = country.trace().kept(phone, "ALBA");
    let facility = country.evidence.facilities[0].id.clone();
    country.evidence.models.iter_mut().for_each(|model| model.model = Some(model.tac.to_string()));
    let model = Some(MINI.to_string());
    country.evidence.seizures.push(Seizure { time: time(20, 9), facility, imei: None, model });
    let answer = country.trace();
    let fact = answer.finding(phone, "ALBA", "found_unread").map(|(fact, _)| fact);
    assert_eq!(fact, Some(Fact::FoundUnread { same_model: true }));
    assert!(answer.kept(phone, "ALBA") < without, "{} and {without}", answer.kept(phone, "ALBA"));
    assert!(answer.finding(usual_kept(0, 3), "ALBA", "found_unread").is_none(), "that one goes on speaking");
}

#[test]
fn a_phone_that_came_with_a_transferred_inmate() {
    let mut country = Country::usual();
    let moved = kept(903_020).goes(cell(CORA, 36), |day, _| day >= 16);
    let phone = country.add(moved);
    let held = |facility: usize, from: i32, to: Option<i32>| {
        Some(Held {
            inmate: "I0001".parse().ok()?,
            facility: country.evidence.facilities[facility].id.clone(),
            cell: None,
            from: time(from, 10),
            to: to.map(|day| time(day, 9)),
        })
    };
    let alone: Vec<Held> = held(0, -50, None).into_iter().collect();
    let transferred: Vec<Held> = [held(0, -50, Some(16)), held(2, 16, None)].into_iter().flatten().collect();
    let mut said = Vec::new();
    for (roster, followed) in [(alone, false), (transferred, true)] {
        country.evidence.roster = roster;
        let answer = country.trace();
        let finding = answer.finding(phone, "CORA", "transfer");
        assert_eq!(finding.as_ref().map(|(fact, _)| fact), Some(&Fact::Transfer { followed }));
        said.push(finding.map_or(0.0, |(_, weight)| weight));
    }
    assert!(said[1] > said[0], "{said:?}");
}

#[test]
fn a_phone_that_thins_out_while_its_prison_is_jammed() {
    let mut country = Country::usual();
    let jammed = |day: i32| (6..16).contains(&day);
    let phone = country.add(kept(903_030).busy(2.0).off(move |day, _| jammed(day)));
    let facility = country.evidence.facilities[0].id.clone();
    country.evidence.jamming.push(Jamming { facility, from: time(6, 0), to: Some(time(16, 0)) });
    let answer = country.trace();
    let ratio = |imei, prison| match answer.finding(imei, prison, "jammed") {
        Some((Fact::Jammed { ratio }, weight)) => Some((ratio, weight)),
        _ => None,
    };
    let (Some(silenced), Some(untouched)) = (ratio(phone, "ALBA"), ratio(usual_kept(0, 5), "ALBA")) else {
        unreachable!("no finding of the jammer")
    };
    assert!(silenced.0 < 0.3 && untouched.0 > 0.5, "{silenced:?} {untouched:?}");
    assert!(silenced.1 > untouched.1, "{silenced:?} {untouched:?}");
    assert!(ratio(usual_kept(2, 5), "CORA").is_none(), "nobody jams there");
}

#[test]
fn who_lost_the_network_has_not_left() {
    let mut country = Country::usual();
    let phone = country.add(kept(903_040).off(|day, _| day >= 18));
    let gone = country.trace().kept(phone, "ALBA");
    country.evidence.outages.push(Outage {
        one_sector: false,
        technology: Some(Technology::Gsm),
        facility: country.evidence.facilities.first().map(|facility| facility.id.clone()),
        operator: None,
        from: time(18, 0),
        to: None,
    });
    let off = country.trace().kept(phone, "ALBA");
    assert!(off > gone + 0.05, "{off} after the switch-off, {gone} without");
    // A prison that the case doesn't have is none of its own.
    country.evidence.outages[0].facility = "F099".parse().ok();
    let elsewhere = country.trace().kept(phone, "ALBA");
    assert!((elsewhere - gone).abs() < 1e-12, "{elsewhere} and {gone}");
}

#[test]
fn what_to_ask_next() {
    let mut country = Country::unmeasured();
    let request = Request {
        operator: "Uno".to_owned(),
        kind: RequestKind::Sectors,
        from: time(0, 0),
        to: time(DAYS, 0),
        answered: None,
        complete: None,
    };
    let measured = Country::usual().trace().traced;
    assert!(measured.elsewhere == Elsewhere::All && measured.asks.iter().all(|ask| ask.need != Need::Survey));
    country.evidence.requests.push(request);
    let traced = country.trace_of(at_prisons(&country)).traced;
    assert_eq!(traced.elsewhere, Elsewhere::None);
    let elsewhere = traced.asks.iter().find(|ask| ask.need == Need::RecordsElsewhere);
    assert!(elsewhere.is_some_and(|ask| ask.network.as_deref() == Some("208-01") && !ask.imeis.is_empty()));
    let open = traced.devices.iter().filter(|row| (0.1..0.9).contains(&row.probability));
    let open: std::collections::BTreeSet<&str> = open.map(|row| row.handset.as_str()).collect();
    assert_eq!(elsewhere.map(|ask| ask.open as usize), Some(open.len()));
    assert!(traced.asks.iter().any(|ask| ask.need == Need::Survey && ask.network.is_none() && ask.facility.is_some()));
}

#[test]
fn a_make_that_the_catalogue_lacks_is_suggested() {
    const NEW: u64 = 35_100_009;
    let mut country = Country::usual();
    for serial in 0..4u64 {
        country.add(Person::new(NEW, 904_000 + 91 * serial, cell(ALBA, 70 + serial), HIDDEN).busy(1.2));
    }
    let suggestions = country.trace().traced.suggestions;
    let found = suggestions.iter().find(|suggestion| suggestion.tac.to_string() == NEW.to_string());
    assert!(found.is_some_and(|suggestion| {
        suggestion.class == DeviceClass::Unknown && suggestion.near == 4 && suggestion.expected > 2.0
    }));
    let modems = suggestions.iter().find(|suggestion| suggestion.class == DeviceClass::Iot);
    assert!(modems.is_none(), "{modems:?}");
}

#[test]
fn slots_numbered_apart_that_come_up_together_are_one_phone() {
    let mut country = Country::usual();
    let first = country.add(kept(903_050));
    let mut slot = Person::new(MINI, 987_654, cell(ALBA, 903_050), HIDDEN).busy(0.8);
    slot.course = first;
    let second = country.add(slot);
    let stranger = country.add(Person::new(MINI, 912_345, cell(ALBA, 903_050), HIDDEN));
    let answer = country.trace();
    let row = answer.rows(first);
    let others: Vec<u64> = row.iter().flat_map(|row| &row.other_imeis).map(|imei| imei.number()).collect();
    assert!(others.contains(&second) && !others.contains(&stranger), "{others:?}");
    assert!(answer.rows(second).is_empty() && !answer.rows(stranger).is_empty());
}

#[test]
fn a_case_with_labels_of_its_own_is_measured_by_them() {
    let mut country = Country::usual();
    assert!(matches!(country.trace().traced.basis, Basis::MadeUpWorlds { labels, .. } if labels.positives == 0));
    let inside: Vec<u64> = (0..USUAL).map(|index| usual_kept(0, index)).collect();
    inside.iter().for_each(|number| country.seize(*number, DAYS + 2));
    let profiles = country.profiles();
    let numbers = profiles.iter().filter_map(|profile| profile.key.imei()).map(|imei| imei.number());
    let kept = |number: &u64| (0..3).any(|prison| (0..USUAL).any(|index| usual_kept(prison, index) == *number));
    let outside: Vec<u64> = numbers.filter(|number| !kept(number)).take(120).collect();
    outside.iter().for_each(|number| country.know(*number, "officer"));
    let Basis::OwnLabels { labels, cllr, cllr_min, .. } = country.trace().traced.basis else {
        panic!("{:?}", country.trace().traced.basis)
    };
    assert!(labels.positives >= LEAST_LABELS && labels.negatives >= LEAST_LABELS, "{labels:?}");
    assert!(cllr_min <= cllr && cllr < 0.5, "{cllr} {cllr_min}");
}

#[test]
fn no_weight_is_beyond_what_the_method_s_worlds_carry() {
    let mut country = Country::usual();
    let facility = country.evidence.facilities[0].id.clone();
    country.evidence.sensors.push(Sensor { sensor: "S1".to_owned(), facility, wing: None, place_m: None });
    for index in 0..USUAL {
        country.sold(usual_kept(0, index));
        country.evidence.detections.extend((0..12).map(|day| Detection {
            time: time(day, 21),
            sensor: "S1".to_owned(),
            technology: Technology::Gsm,
            rssi_dbm: -60.0,
            identity: Some(format!("{:014}", usual_kept(0, index))),
        }));
    }
    let answer = country.trace();
    let listed = || answer.traced.devices.iter().filter(|row| row.probability >= 0.01);
    let greatest = listed().map(|row| row.log10_lr).fold(f64::MIN, f64::max);
    // The upper of the shipped bounds, which no ratio reaches.
    assert!(greatest > 1.4 && greatest < 1.72, "{greatest}");
    for row in listed() {
        let sum: f64 = row.findings.iter().map(|finding| finding.log10_lr).sum();
        assert!((sum - row.log10_lr).abs() < 1e-9, "{sum} {}", row.log10_lr);
    }
}
