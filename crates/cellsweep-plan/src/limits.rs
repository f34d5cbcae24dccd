//! What limits a plan, as one file states it. Every key is optional; one that nobody knows is an error.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::{CellId, FacilityId};
use serde::{Deserialize, Serialize};

/// What is made as large as possible.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// The mean number of phones found: after the detector's misses and what vanishes before the team comes.
    #[default]
    Found,
    /// The mean number of phones lying in the cells that are searched.
    Lying,
    /// The same as `found`, each phone weighed by `harm`.
    Harm,
}

/// The limits.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// What is made as large as possible; `lying` where no team is named, else `found`.
    pub objective: Option<Objective>,
    /// The most cells in the country.
    pub cells: Option<usize>,
    /// The most facilities.
    pub facilities: Option<usize>,
    /// The most cells in any facility.
    pub cells_per_facility: Option<usize>,
    /// The most inmates searched in any facility; needs the authority's word.
    pub persons_per_facility: usize,
    /// Whether common places are searched, too.
    pub common_places: bool,
    /// Share of the phones in a cell that are carried in pockets and bodies.
    pub carried: Option<f64>,
    /// Waves: how often each team goes in.
    pub waves: Option<u16>,
    /// How long a wave lasts.
    pub wave_minutes: Option<u32>,
    /// How fast phones vanish once the first door opened.
    pub vanishing: Option<Vanishing>,
    /// What opening a facility costs, in phones.
    pub opening_cost: f64,
    /// Share of the cells drawn by lot, by which the method's own hit rate can be judged; needs the authority's word.
    pub control_share: f64,
    /// What the lots are drawn from.
    pub seed: u64,
    /// By detector's word.
    pub detectors: BTreeMap<String, ToolMinutes>,
    /// By class (`mini`, `feature`, `smart`, `unknown`): what a phone weighs under `objective = "harm"`.
    pub harm: BTreeMap<String, f64>,
    /// Who searches.
    pub teams: Vec<Crew>,
    /// By facility.
    pub facility: BTreeMap<String, FacilityLimits>,
    /// Cells that have to be searched.
    pub must: Vec<MustCell>,
    /// Cells that are not to be searched.
    pub must_not: Vec<MustCell>,
    /// From when on cells, teams and briefs may be opened; by facility in `facility`.
    pub release: Option<jiff::Timestamp>,
    /// Under whose order.
    pub authority: Option<AuthorityScope>,
}

/// How fast phones vanish.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vanishing {
    /// Minutes after which half of those that can vanish have.
    pub half_life_minutes: f64,
    /// The share that stays whatever happens.
    pub stays: f64,
}

/// What a search with a detector takes, and what it finds where a person states it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ToolMinutes {
    /// Minutes for a cell without beds.
    pub minutes: Option<u32>,
    /// More for each bed.
    pub minutes_per_bed: Option<u32>,
    /// That a mini lying there is found.
    pub finds_mini: Option<f64>,
    /// That another phone is.
    pub finds_other: Option<f64>,
}

/// Teams that are alike.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crew {
    /// Their name; numbered where there are several.
    pub name: String,
    /// Where they are; blank = there are such teams in every facility.
    #[serde(default)]
    pub facility: Option<String>,
    /// How many such teams.
    #[serde(default = "one")]
    pub count: u16,
    /// Officers in each.
    #[serde(default)]
    pub officers: Option<u16>,
    /// Detectors that each carries; blank = any.
    #[serde(default)]
    pub detectors: Vec<String>,
    /// Minutes after the first door at which they begin.
    #[serde(default)]
    pub from_minute: u32,
    /// Minutes after the first door at which they have to be done.
    #[serde(default)]
    pub to_minute: Option<u32>,
}

const fn one() -> u16 {
    1
}

impl Crew {
    /// So many teams in every facility, with any detector and all the time there is.
    pub fn everywhere(name: &str, count: u16) -> Self {
        Self {
            name: name.to_owned(),
            facility: None,
            count,
            officers: None,
            detectors: Vec::new(),
            from_minute: 0,
            to_minute: None,
        }
    }
}

/// What holds for one facility.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FacilityLimits {
    /// The most cells.
    pub cells: Option<usize>,
    /// What opening it costs, in phones.
    pub opening_cost: Option<f64>,
    /// It stays shut.
    pub shut: bool,
    /// From when on its cells, teams and brief may be opened.
    pub release: Option<jiff::Timestamp>,
}

/// Cells of a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MustCell {
    /// Which facility.
    pub facility: FacilityId,
    /// Which cells; none = all of it.
    #[serde(default)]
    pub cells: Vec<CellId>,
}

/// What the magistrate's order covers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AuthorityScope {
    /// Its reference, as briefs name it.
    pub reference: String,
    /// When it lapses.
    pub valid_until: Option<jiff::Timestamp>,
    /// The facilities that it covers; none = all.
    pub facilities: Vec<FacilityId>,
    /// The cells that it names, by facility; a facility that isn't listed is covered whole.
    pub cells: BTreeMap<String, BTreeSet<CellId>>,
    /// Whether persons may be searched.
    pub persons: bool,
    /// Whether cells may be drawn by lot.
    pub control_cells: bool,
}

impl AuthorityScope {
    /// Whether it covers a cell, or all of the facility.
    pub fn covers(&self, facility: &FacilityId, cell: Option<&CellId>) -> bool {
        let named = self.facilities.is_empty() || self.facilities.contains(facility);
        let listed = self.cells.get(facility.as_str());
        named && listed.is_none_or(|cells| cell.is_some_and(|cell| cells.contains(cell)))
    }
}

impl Limits {
    /// What is made as large as possible.
    pub fn objective(&self) -> Objective {
        let unsaid = if self.teams.is_empty() { Objective::Lying } else { Objective::Found };
        self.objective.unwrap_or(unsaid)
    }

    /// What can't be meant, in words.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let share = |value: f64| (0.0..=1.0).contains(&value);
        let mut say = |wrong: bool, what: &str| faults.extend(wrong.then(|| what.to_owned()));
        say(!(0.0..=0.5).contains(&self.control_share), "control_share is not between 0 and 0.5");
        say(!self.carried.is_none_or(share), "carried is not between 0 and 1");
        say(self.waves == Some(0), "waves is 0: nobody would go in");
        say(self.waves.is_some_and(|waves| waves > 1000), "waves is more than 1000");
        say(self.wave_minutes == Some(0), "wave_minutes is 0");
        say(self.wave_minutes.is_some_and(|minutes| minutes > 10_000), "wave_minutes is more than 10000");
        say(!self.opening_cost.is_finite(), "opening_cost is not a number");
        if let Some(vanishing) = self.vanishing {
            say(
                vanishing.half_life_minutes.is_nan() || vanishing.half_life_minutes <= 0.0,
                "vanishing.half_life_minutes is not above 0",
            );
            say(!share(vanishing.stays), "vanishing.stays is not between 0 and 1");
        }
        let may = |allowed: fn(&AuthorityScope) -> bool| self.authority.as_ref().is_some_and(allowed);
        say(
            self.persons_per_facility > 0 && !may(|scope| scope.persons),
            "persons_per_facility needs an authority that says persons = true",
        );
        say(
            self.control_share > 0.0 && !may(|scope| scope.control_cells),
            "control_share needs an authority that says control_cells = true",
        );
        faults.extend(self.word_faults());
        faults
    }

    fn word_faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let carried = self.teams.iter().flat_map(|crew| &crew.detectors);
        for word in self.detectors.keys().chain(carried) {
            if crate::detect::position(word).is_none() {
                faults.push(format!(
                    "no detector is called \"{word}\": they are {}",
                    cellsweep_model::table::DETECTORS.join(", ")
                ));
            }
        }
        for (word, tool) in &self.detectors {
            let chances = [tool.finds_mini, tool.finds_other];
            if chances.iter().flatten().any(|chance| !(0.0..=1.0).contains(chance)) {
                faults.push(format!("detectors.{word}: a chance is not between 0 and 1"));
            }
            if [tool.minutes, tool.minutes_per_bed].iter().flatten().any(|minutes| *minutes > 10_000) {
                faults.push(format!("detectors.{word}: more than 10000 minutes"));
            }
        }
        for (class, weight) in &self.harm {
            if !["mini", "feature", "smart", "unknown"].contains(&class.as_str()) {
                faults.push(format!("harm: no class is called \"{class}\": they are mini, feature, smart, unknown"));
            }
            if !(weight.is_finite() && *weight >= 0.0) {
                faults.push(format!("harm.{class} is not a number from 0 on"));
            }
        }
        faults
    }
}
