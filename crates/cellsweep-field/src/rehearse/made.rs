//! A made-up day: sites, teams, cells, and what phones are told. No name in it is anybody's.

use std::collections::BTreeMap;

use cellsweep_sweep::day::{CellRef, Detector, ModelClass, Plan, PlannedCell, PlannedTeam, Target};
use cellsweep_sweep::{FacilityName, IdError, Party, TeamId};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

use crate::brief::{Authority, Brief, CellBrief, Held, LookFor, Said, SiteBrief, Words};

pub(super) type Gen = Xoshiro256PlusPlus;

/// Officers of a team.
pub const CREW: usize = 3;

/// A made-up day.
#[derive(Debug, Clone)]
pub struct MadeUp {
    /// What is searched by whom.
    pub plan: Plan,
    /// What phones are told.
    pub brief: Brief,
}

/// Who commands the made-up day.
///
/// # Errors
/// Never in practice.
pub fn commander() -> Result<Party, IdError> {
    Ok(Party { id: "PC-1".parse()?, name: "PC-1".parse()?, role: None })
}

/// A day with so many officers in teams of [`CREW`], beginning at this time.
///
/// # Errors
/// Never in practice: all names are ones that may be.
pub fn day(seed: u64, officers: usize, sites: usize, start: Timestamp) -> Result<MadeUp, IdError> {
    let mut rng = Gen::seed_from_u64(seed);
    let count = officers.div_ceil(CREW).max(1);
    let names: Vec<FacilityName> = (0..sites.max(1)).map(facility).collect::<Result<_, _>>()?;
    let (mut teams, mut cells, mut told) = (Vec::new(), Vec::new(), BTreeMap::new());
    for team in 0..count {
        let site = &names[team % names.len()];
        teams.push(PlannedTeam { team: team_name(team)?, site: site.clone() });
        let mut at = start;
        for number in 0..rng.random_range(3..=6) {
            let cell = CellRef {
                facility: site.clone(),
                cell: format!("B{}-{:03}", 1 + team % 4, team * 10 + number).parse()?,
            };
            let minutes = rng.random_range(10..=15);
            cells.push(planned(cell.clone(), team_name(team)?, at, minutes, &mut rng));
            told.insert(cell, told_of(&mut rng));
            at = at.checked_add(SignedDuration::from_mins(i64::from(minutes))).unwrap_or(at);
        }
    }
    let plan = Plan { operation: format!("Exercice {seed}").parse()?, sites: names.clone(), teams, cells };
    let sites = names.into_iter().map(|site| {
        let brief = place(&site, &mut rng);
        (site, brief)
    });
    let brief = Brief { sites: sites.collect(), cells: told, words: words(), authority: Some(authority()) };
    Ok(MadeUp { plan, brief })
}

fn facility(number: usize) -> Result<FacilityName, IdError> {
    format!("ZZ-{:02}", number + 1).parse()
}

fn team_name(number: usize) -> Result<TeamId, IdError> {
    format!("T{:03}", number + 1).parse()
}

fn planned(cell: CellRef, team: TeamId, start: Timestamp, minutes: u16, rng: &mut Gen) -> PlannedCell {
    let detectors = [Detector::NonlinearJunction, Detector::HandheldMetal, Detector::FerrousPole, Detector::Dog];
    let detector = detectors[rng.random_range(0..detectors.len())];
    let expected_milli = rng.random_range(50..950);
    PlannedCell { cell, target: Target::Cell, team, wave: 1, start, minutes, detector, expected_milli }
}

fn told_of(rng: &mut Gen) -> CellBrief {
    let families = ["Arvel", "Brune", "Casset", "Delor", "Estève", "Fauron", "Garel", "Hautin"];
    let places = ["derrière l'évier", "pied de lit creux", "double fond du placard", "gaine de ventilation"];
    let held = (0..rng.random_range(1..=3)).map(|_| Held {
        name: format!(
            "{} {}",
            families[rng.random_range(0..families.len())],
            char::from(rng.random_range(b'A'..=b'Z'))
        ),
        number: Some(format!("{:05}", rng.random_range(0..100_000))),
    });
    let held = held.collect();
    let look_for = (0..rng.random_range(1..=2)).map(|_| expected(rng)).collect();
    let hiding_places = vec![places[rng.random_range(0..places.len())].to_owned()];
    CellBrief { held, persons: Vec::new(), look_for, hiding_places }
}

fn expected(rng: &mut Gen) -> LookFor {
    let (model, class, size_mm) = match rng.random_range(0..3) {
        0 => ("Mini 1", ModelClass::Mini, [67.8, 27.8, 12.4]),
        1 => ("Touches 3", ModelClass::Feature, [115.0, 49.0, 13.5]),
        _ => ("Écran 6", ModelClass::Smart, [158.0, 74.0, 8.3]),
    };
    let metal = if class == ModelClass::Mini { Detector::FerrousPole } else { Detector::HandheldMetal };
    let detected_by = vec![Detector::NonlinearJunction, metal];
    LookFor { model: Some(model.into()), class, size_mm: Some(size_mm), detected_by, picture: None }
}

fn place(site: &FacilityName, rng: &mut Gen) -> SiteBrief {
    SiteBrief {
        name: format!("Centre {site}"),
        lat: Some(rng.random_range(43.5..49.5)),
        lon: Some(rng.random_range(-1.0..6.5)),
        timezone: Some("Europe/Paris".into()),
    }
}

fn words() -> Words {
    let said = |fr: &str, en: &str| Said { fr: fr.into(), en: en.into() };
    Words {
        on_person: said(
            "Arrêtez. Appelez le responsable : lui seul décide d'une fouille de la personne.",
            "Stop. Call the officer in charge: only they decide on searching a person.",
        ),
        in_body: said(
            "Arrêtez. Appelez le responsable et le service médical. Ne touchez à rien.",
            "Stop. Call the officer in charge and the medical service. Touch nothing.",
        ),
    }
}

fn authority() -> Authority {
    Authority { reference: "Exercice, sans ordre".into(), until: None }
}
