//! Sectors that the table has wrong or lacks: what phones inside show of them is believed.

use std::collections::BTreeMap;

use cellsweep_model::SectorId;
use cellsweep_model::geometry::Point;

use crate::country::*;
use crate::person::*;

/// The sector that serves most records of those kept in the first prison.
fn busiest(country: &Country) -> Option<SectorId> {
    let kept = |number: u64| (0..USUAL).any(|index| usual_kept(0, index) == number);
    let mut counts: BTreeMap<SectorId, usize> = BTreeMap::new();
    for profile in
        country.profiles().iter().filter(|profile| profile.key.imei().is_some_and(|imei| kept(imei.number())))
    {
        profile.rows.iter().for_each(|row| *counts.entry(row.sector).or_default() += 1);
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map(|(sector, _)| sector)
}

#[test]
fn a_mast_that_the_table_puts_sixty_kilometres_away_is_nobodys_journey() {
    let mut country = Country::unmeasured();
    let right = country.trace().usual(0);
    let wrong = busiest(&country);
    let moved = country.evidence.sectors.iter_mut().filter(|sector| Some(sector.id) == wrong);
    moved.for_each(|sector| sector.at = Point { lat: sector.at.lat + 0.55, lon: sector.at.lon });
    let answer = country.trace();
    assert!(answer.usual(0) > right - 0.1, "{} with the mast misplaced, {right} without", answer.usual(0));
    let doubts: Vec<_> = answer.traced.table_doubts.iter().map(|doubt| (Some(doubt.sector), doubt.moved_m)).collect();
    let [(sector, Some(moved_m))] = doubts[..] else { panic!("{doubts:?}") };
    assert!(sector == wrong && (58_000.0..64_000.0).contains(&moved_m), "{moved_m} m");
}

#[test]
fn a_sector_that_the_table_lacks_is_learnt_from_those_inside() {
    let mut country = Country::unmeasured();
    let right = country.trace().usual(0);
    let lacking = busiest(&country);
    country.evidence.sectors.retain(|sector| Some(sector.id) != lacking);
    let answer = country.trace();
    assert!(answer.usual(0) > right - 0.1, "{} without the sector, {right} with it", answer.usual(0));
    let doubts: Vec<_> = answer.traced.table_doubts.iter().map(|doubt| (Some(doubt.sector), doubt.moved_m)).collect();
    assert_eq!(doubts, [(lacking, None)]);
    assert!(Country::unmeasured().trace().traced.table_doubts.is_empty(), "a table without errors is left alone");
}

#[test]
fn many_modems_inside_teach_nobody_that_modems_are_phones() {
    let mut country = Country::usual();
    let modem = |index: u64| Person::new(MODEM_TAC, 906_000 + 31 * index, cell(ALBA, 80 + index), MODEM);
    let modems: Vec<u64> = (0..12).map(|index| country.add(modem(index))).collect();
    let answer = country.trace();
    let weight = |imei: u64| answer.finding(imei, "ALBA", "model").map_or(0.0, |(_, weight)| weight);
    assert!(
        modems.iter().all(|imei| weight(*imei) < -0.5),
        "{:?}",
        modems.iter().map(|imei| weight(*imei)).collect::<Vec<_>>()
    );
    assert!(modems.iter().all(|imei| answer.kept(*imei, "ALBA") < 0.5));
}
