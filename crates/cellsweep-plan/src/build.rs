//! From limits, cells and what is believed to the problem that is solved.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::custody::Cell;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::DETECTORS;
use cellsweep_model::{CellId, FacilityId, InmateId};

use crate::belief::{Belief, PhoneBelief, Spot};
use crate::detect::{Detection, SiteDetection, position};
use crate::limits::{Crew, Limits, Objective, Vanishing};
use crate::problem::{Caps, Problem, Site, Target, TargetKind, Team, Tool};

/// Minutes of a cell's search without beds, in the order of the table's words, and for each bed: stated
/// defaults, for limits that say nothing.
const MINUTES: [u32; 9] = [30, 25, 15, 30, 10, 10, 20, 15, 30];
const MINUTES_PER_BED: u32 = 5;
/// Of a common place, which is larger: so many times a cell's minutes, and this share of a cell's chance.
const COMMON: (u32, f64) = (4, 0.5);
/// Share of phones carried, unless the limits or the case's finds say otherwise.
const CARRIED: f64 = 0.2;
/// How phones vanish unless the limits say: stated, not measured.
const VANISHING: Vanishing = Vanishing { half_life_minutes: 30.0, stays: 0.5 };
const WAVE_MINUTES: u32 = 60;

/// An inmate who may carry phones.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonChance {
    /// Where the inmate is held.
    pub facility: FacilityId,
    /// Who.
    pub inmate: InmateId,
    /// In which cell, where somebody knows.
    pub cell: Option<CellId>,
    /// The class of the phone that it is about.
    pub class: DeviceClass,
    /// That the inmate uses it and it is kept here.
    pub probability: f64,
}

/// What the problem is made from.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The limits.
    pub limits: &'a Limits,
    /// All facilities.
    pub facilities: &'a [FacilityId],
    /// All cells; where a facility has none here, the cells that the belief names are taken.
    pub cells: &'a [Cell],
    /// Where phones may lie.
    pub belief: &'a Belief,
    /// What searches find.
    pub detection: &'a Detection,
    /// Who may carry phones.
    pub persons: &'a [PersonChance],
    /// Cells, or whole facilities, that are left out for reasons that nobody is told.
    pub excluded: &'a BTreeSet<(FacilityId, Option<CellId>)>,
}

/// Why limits can't be used with these cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuildError {
    /// The limits name a facility that isn't there.
    NoSuchFacility(String),
    /// The limits name a cell that isn't there.
    NoSuchCell(FacilityId, CellId),
    /// A cell that has to be searched is not covered by the authority.
    OutsideAuthority(FacilityId, CellId),
    /// A cell both has to be searched and is not to be.
    MustAndMustNot(FacilityId, CellId),
    /// A cell that has to be searched can't be; nobody is told more.
    CannotBePlanned(FacilityId, CellId),
}

type Key = (FacilityId, CellId);

/// Builds the problem.
///
/// # Errors
/// When the limits name what isn't there, or what must be searched is not covered.
pub fn build(given: &Given<'_>) -> Result<Problem, BuildError> {
    let cells = all_cells(given);
    let known: BTreeSet<&FacilityId> = given.facilities.iter().chain(cells.keys().map(|key| &key.0)).collect();
    let named = given.limits.facility.keys().cloned();
    let crews = given.limits.teams.iter().filter_map(|crew| crew.facility.clone());
    for name in named.chain(crews) {
        if !known.iter().any(|facility| facility.as_str() == name) {
            return Err(BuildError::NoSuchFacility(name));
        }
    }
    let musts = Musts::of(given, &cells)?;
    let chances = chances(given.belief);
    let schedule = Schedule::of(given.limits);
    let mut by_facility: BTreeMap<&FacilityId, Vec<(&Key, u32)>> = BTreeMap::new();
    for (key, beds) in &cells {
        by_facility.entry(&key.0).or_default().push((key, *beds));
    }
    let mut sites = Vec::new();
    for facility in known {
        let own = by_facility.get(facility).map_or(&[][..], Vec::as_slice);
        sites.push(site(given, facility, own, &musts, &chances, &schedule));
    }
    sites.retain(|site| !site.targets.is_empty());
    let limits = given.limits;
    let all: usize = sites.iter().map(|site| site.targets.len()).sum();
    // A cap beyond what there is binds nobody, however large a number was asked for.
    let within = |asked: Option<usize>, there: usize| asked.map_or(there, |asked| asked.min(there));
    let caps = Caps { cells: within(limits.cells, all), facilities: within(limits.facilities, sites.len()) };
    Ok(Problem { sites, caps, left: schedule.left, wave_minutes: schedule.wave_minutes })
}

/// Every cell with its beds.
fn all_cells(given: &Given<'_>) -> BTreeMap<Key, u32> {
    let mut cells: BTreeMap<Key, u32> = BTreeMap::new();
    for cell in given.cells {
        cells.insert((cell.facility.clone(), cell.cell.clone()), cell.beds.unwrap_or(1));
    }
    let listed: BTreeSet<FacilityId> = cells.keys().map(|key| key.0.clone()).collect();
    for phone in given.belief.phones.iter().filter(|phone| !listed.contains(&phone.facility)) {
        for (spot, _) in &phone.spots {
            if let Spot::Cell(cell) = spot {
                cells.entry((phone.facility.clone(), cell.clone())).or_insert(1);
            }
        }
    }
    cells
}

/// Cells that must be searched, and cells that are left out.
struct Musts {
    must: BTreeSet<Key>,
    not: BTreeSet<Key>,
}

impl Musts {
    fn of(given: &Given<'_>, cells: &BTreeMap<Key, u32>) -> Result<Self, BuildError> {
        let limits = given.limits;
        let must = named(&limits.must, cells)?;
        let not = named(&limits.must_not, cells)?;
        for (facility, cell) in &must {
            let (facility, cell) = (facility.clone(), cell.clone());
            let shut = limits.facility.get(facility.as_str()).is_some_and(|own| own.shut);
            if limits.authority.as_ref().is_some_and(|scope| !scope.covers(&facility, Some(&cell))) {
                return Err(BuildError::OutsideAuthority(facility, cell));
            }
            if shut || not.contains(&(facility.clone(), cell.clone())) {
                return Err(BuildError::MustAndMustNot(facility, cell));
            }
            if excluded(given, &facility, &cell) {
                return Err(BuildError::CannotBePlanned(facility, cell));
            }
        }
        Ok(Self { must, not })
    }
}

fn named(list: &[crate::MustCell], cells: &BTreeMap<Key, u32>) -> Result<BTreeSet<Key>, BuildError> {
    let mut keys = BTreeSet::new();
    for entry in list {
        let of_facility: Vec<&Key> = cells.keys().filter(|key| key.0 == entry.facility).collect();
        if of_facility.is_empty() {
            return Err(BuildError::NoSuchFacility(entry.facility.to_string()));
        }
        if entry.cells.is_empty() {
            keys.extend(of_facility.into_iter().cloned());
        }
        for cell in &entry.cells {
            let key = (entry.facility.clone(), cell.clone());
            if !cells.contains_key(&key) {
                return Err(BuildError::NoSuchCell(key.0, key.1));
            }
            keys.insert(key);
        }
    }
    Ok(keys)
}

fn excluded(given: &Given<'_>, facility: &FacilityId, cell: &CellId) -> bool {
    let list = given.excluded;
    !list.is_empty()
        && (list.contains(&(facility.clone(), None)) || list.contains(&(facility.clone(), Some(cell.clone()))))
}

type Chances<'a> = BTreeMap<(&'a FacilityId, &'a Spot), Vec<(DeviceClass, f64)>>;

fn chances(belief: &Belief) -> Chances<'_> {
    let mut chances: Chances<'_> = BTreeMap::new();
    for PhoneBelief { facility, class, spots, .. } in &belief.phones {
        for (spot, chance) in spots {
            chances.entry((facility, spot)).or_default().push((*class, *chance));
        }
    }
    chances
}

/// Waves and what is left in each.
struct Schedule {
    left: Vec<f64>,
    wave_minutes: Option<u32>,
}

impl Schedule {
    fn of(limits: &Limits) -> Self {
        if limits.teams.is_empty() && limits.waves.is_none() && limits.wave_minutes.is_none() {
            return Self { left: vec![1.0], wave_minutes: None };
        }
        let minutes = limits.wave_minutes.unwrap_or(WAVE_MINUTES);
        let until = limits.teams.iter().filter_map(|crew| crew.to_minute).max();
        let waves = limits.waves.map(u32::from).or(until.map(|until| until / minutes)).unwrap_or(1).clamp(1, 1000);
        let Vanishing { half_life_minutes, stays } = limits.vanishing.unwrap_or(VANISHING);
        let left =
            |wave: u32| stays + (1.0 - stays) * 0.5_f64.powf(f64::from(wave) * f64::from(minutes) / half_life_minutes);
        Self { left: (0..waves).map(left).collect(), wave_minutes: Some(minutes) }
    }

    fn teams(&self, limits: &Limits, facility: &FacilityId) -> Vec<Team> {
        let waves = self.left.len() as u16;
        if limits.teams.is_empty() {
            return vec![Team { name: "1".to_owned(), kit: u16::MAX, from_wave: 0, to_wave: waves }];
        }
        let here = limits.teams.iter().filter(|crew| crew.facility.as_deref().is_none_or(|at| at == facility.as_str()));
        here.flat_map(|crew| (0..crew.count).map(|number| self.team(crew, number, waves))).collect()
    }

    fn team(&self, crew: &Crew, number: u16, waves: u16) -> Team {
        let minutes = self.wave_minutes.unwrap_or(WAVE_MINUTES);
        let wave = |minute: u32| u16::try_from(minute).unwrap_or(u16::MAX);
        Team {
            name: if crew.count == 1 { crew.name.clone() } else { format!("{} {}", crew.name, number + 1) },
            kit: kit(&crew.detectors),
            from_wave: wave(crew.from_minute.div_ceil(minutes)),
            to_wave: crew.to_minute.map_or(waves, |to| wave(to / minutes).min(waves)),
        }
    }
}

fn kit(words: &[String]) -> u16 {
    if words.is_empty() {
        return u16::MAX;
    }
    words.iter().filter_map(|word| position(word)).fold(0, |kit, detector| kit | 1 << detector)
}

fn site(
    given: &Given<'_>,
    facility: &FacilityId,
    cells: &[(&Key, u32)],
    musts: &Musts,
    chances: &Chances<'_>,
    schedule: &Schedule,
) -> Site {
    let limits = given.limits;
    let own = limits.facility.get(facility.as_str());
    let teams = schedule.teams(limits, facility);
    let maker = Maker {
        given,
        finds: given.detection.at(facility),
        kit: teams.iter().fold(0, |kit, team| kit | team.kit),
        carried: carried(limits),
    };
    let shut = own.is_some_and(|own| own.shut);
    let covered = |cell: Option<&CellId>| limits.authority.as_ref().is_none_or(|scope| scope.covers(facility, cell));
    let mut targets = Vec::new();
    let open = |key: &Key| covered(Some(&key.1)) && !musts.not.contains(key) && !excluded(given, facility, &key.1);
    for (key, beds) in cells.iter().filter(|(key, _)| !shut && open(key)) {
        let spot = Spot::Cell(key.1.clone());
        let chances = chances.get(&(facility, &spot)).map_or(&[][..], Vec::as_slice);
        let must = musts.must.contains(*key);
        targets.extend(maker.target(TargetKind::Cell(key.1.clone()), chances, (*beds, 1), must));
    }
    let whole = covered(None) && !given.excluded.contains(&(facility.clone(), None));
    if !shut && whole && limits.common_places {
        let chances = chances.get(&(facility, &Spot::Common)).map_or(&[][..], Vec::as_slice);
        targets.extend(maker.target(TargetKind::Common, chances, (0, COMMON.0), false));
    }
    if !shut && limits.persons_per_facility > 0 {
        // Whoever is held nobody knows where may be held in any cell.
        let anywhere = whole
            && given.excluded.iter().all(|(at, _)| at != facility)
            && cells.iter().all(|(key, _)| !musts.not.contains(*key));
        let may = |cell: Option<&CellId>| cell.map_or(anywhere, |cell| open(&(facility.clone(), cell.clone())));
        targets.extend(maker.persons(facility, limits.persons_per_facility, may));
    }
    let most = own.and_then(|own| own.cells).or(limits.cells_per_facility).unwrap_or(usize::MAX);
    let opening_cost = own.and_then(|own| own.opening_cost).unwrap_or(limits.opening_cost);
    Site { facility: facility.clone(), targets, teams, most_cells: most, opening_cost, opened: false }
}

/// The share of phones that are on persons, where those are targets of their own.
fn carried(limits: &Limits) -> f64 {
    if limits.persons_per_facility == 0 { 0.0 } else { limits.carried.unwrap_or(CARRIED) }
}

struct Maker<'a> {
    given: &'a Given<'a>,
    /// What searches find in the facility.
    finds: SiteDetection,
    /// All that the facility's teams carry.
    kit: u16,
    carried: f64,
}

impl Maker<'_> {
    /// A target; nothing where nobody could find anything there and nobody must.
    fn target(
        &self,
        kind: TargetKind,
        chances: &[(DeviceClass, f64)],
        (beds, times): (u32, u32),
        must: bool,
    ) -> Option<Target> {
        let share = match kind {
            TargetKind::Cell(_) => 1.0 - self.carried,
            TargetKind::Person(_) => self.carried,
            TargetKind::Common => 1.0,
        };
        let expected: f64 = chances.iter().map(|(_, chance)| chance * share).sum();
        if expected <= 0.0 && !must {
            return None;
        }
        let none: f64 = chances.iter().map(|(_, chance)| 1.0 - (chance * share).min(1.0)).product();
        let finds = if kind == TargetKind::Common { COMMON.1 } else { 1.0 };
        let carried = (0..DETECTORS.len()).filter(|detector| self.kit & (1 << detector) != 0);
        let mut tools: Vec<Tool> =
            carried.map(|detector| self.tool(detector, chances, share * finds, beds, times)).collect();
        // Of tools that bring the same, the one that finds more is taken.
        tools.sort_by(|a, b| {
            b.found.total_cmp(&a.found).then(a.minutes.cmp(&b.minutes)).then(a.detector.cmp(&b.detector))
        });
        if self.given.limits.teams.is_empty() {
            tools.truncate(1);
        }
        Some(Target { kind, expected, probability: 1.0 - none, tools, must })
    }

    fn tool(&self, detector: usize, chances: &[(DeviceClass, f64)], share: f64, beds: u32, times: u32) -> Tool {
        let limits = self.given.limits;
        let mut tool = Tool { detector: detector as u8, minutes: 0, value: 0.0, found: 0.0 };
        for (class, chance) in chances {
            let found = chance * share * self.finds.of(detector, *class);
            tool.found += found;
            tool.value += match limits.objective() {
                Objective::Found => found,
                Objective::Lying => chance * share,
                Objective::Harm => found * limits.harm.get(class.word()).copied().unwrap_or(1.0),
            };
        }
        let stated = limits.detectors.get(DETECTORS[detector]);
        let minutes = stated.and_then(|stated| stated.minutes).unwrap_or(MINUTES[detector]);
        let each = stated.and_then(|stated| stated.minutes_per_bed).unwrap_or(MINUTES_PER_BED);
        tool.minutes = (minutes + each * beds.min(100)).saturating_mul(times).max(1);
        tool
    }

    /// The likeliest to carry something, of those whose cell may be searched.
    fn persons(&self, facility: &FacilityId, most: usize, may: impl Fn(Option<&CellId>) -> bool) -> Vec<Target> {
        let mut chances: BTreeMap<&InmateId, Vec<(DeviceClass, f64)>> = BTreeMap::new();
        let here = |person: &&PersonChance| person.facility == *facility && may(person.cell.as_ref());
        for person in self.given.persons.iter().filter(here) {
            chances.entry(&person.inmate).or_default().push((person.class, person.probability));
        }
        let person = |(inmate, chances): (&&InmateId, &Vec<(DeviceClass, f64)>)| {
            self.target(TargetKind::Person((*inmate).clone()), chances, (0, 1), false)
        };
        let mut targets: Vec<Target> = chances.iter().filter_map(person).collect();
        targets.sort_by(|a, b| b.best().total_cmp(&a.best()).then_with(|| a.kind.cmp(&b.kind)));
        targets.truncate(most);
        targets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const F: &str = "F1";

    fn person(inmate: &str, cell: Option<&str>) -> PersonChance {
        PersonChance {
            facility: F.parse().unwrap(),
            inmate: inmate.parse().unwrap(),
            cell: cell.map(|cell| cell.parse().unwrap()),
            class: DeviceClass::Mini,
            probability: 0.5,
        }
    }

    /// What may be searched in a facility of three cells, with somebody in each and somebody whose cell nobody knows.
    fn targets(limits: Limits, closed: &[Option<&str>]) -> Vec<String> {
        let facility: FacilityId = F.parse().unwrap();
        let cell = |name: &str| -> CellId { name.parse().unwrap() };
        let names = ["A1", "A2", "A3"];
        let cells = names.map(|name| Cell {
            facility: facility.clone(),
            wing: None,
            floor: None,
            cell: cell(name),
            beds: Some(2),
            place_m: None,
        });
        let spots = names.map(|name| Spot::Cell(cell(name))).into_iter().chain([Spot::Common]);
        let phone = PhoneBelief {
            handset: "h".to_owned(),
            imei: None,
            facility: facility.clone(),
            class: DeviceClass::Mini,
            first_seen: 0,
            last_seen: 0,
            spots: spots.map(|spot| (spot, 0.2)).collect(),
        };
        let persons = [("P1", Some("A1")), ("P2", Some("A2")), ("P3", Some("A3")), ("P4", None)];
        let history = vec![crate::DetectorHistory::default(); DETECTORS.len()];
        let given = Given {
            limits: &Limits { persons_per_facility: 9, common_places: true, ..limits },
            facilities: std::slice::from_ref(&facility),
            cells: &cells,
            belief: &Belief { phones: vec![phone] },
            detection: &Detection::learn(&history, &BTreeMap::new()),
            persons: &persons.map(|(inmate, cell)| person(inmate, cell)),
            excluded: &closed.iter().map(|name| (facility.clone(), name.map(cell))).collect(),
        };
        let problem = build(&given).unwrap();
        let name = |target: &Target| match &target.kind {
            TargetKind::Cell(cell) => cell.to_string(),
            TargetKind::Person(inmate) => inmate.to_string(),
            TargetKind::Common => "common".to_owned(),
        };
        let mut names: Vec<String> = problem.sites.iter().flat_map(|site| site.targets.iter().map(name)).collect();
        names.sort();
        names
    }

    #[test]
    fn nobody_is_searched_whose_cell_may_not_be() {
        assert_eq!(targets(Limits::default(), &[]), ["A1", "A2", "A3", "P1", "P2", "P3", "P4", "common"]);
        assert_eq!(targets(Limits::default(), &[Some("A2")]), ["A1", "A3", "P1", "P3", "common"]);
        assert_eq!(targets(Limits::default(), &[None]), [""; 0]);
        let list = |cells: &[&str]| cells.iter().map(|cell| cell.parse().unwrap()).collect();
        let must_not = vec![crate::MustCell { facility: F.parse().unwrap(), cells: list(&["A1"]) }];
        assert_eq!(targets(Limits { must_not, ..Limits::default() }, &[]), ["A2", "A3", "P2", "P3", "common"]);
    }

    #[test]
    fn an_order_that_names_cells_covers_nothing_else_of_the_facility() {
        let cells = BTreeMap::from([(F.to_owned(), BTreeSet::from(["A3".parse().unwrap()]))]);
        let scope = crate::AuthorityScope { cells, persons: true, ..crate::AuthorityScope::default() };
        assert_eq!(targets(Limits { authority: Some(scope), ..Limits::default() }, &[]), ["A3", "P3"]);
    }
}
