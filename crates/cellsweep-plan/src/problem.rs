//! The problem as the solver sees it: facilities with targets, teams with waves, caps.

use cellsweep_model::{CellId, FacilityId, InmateId};

/// What is searched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TargetKind {
    /// A prison cell.
    Cell(CellId),
    /// An inmate's person; needs an authority of its own.
    Person(InmateId),
    /// The facility's workshops, yards and stairwells.
    Common,
}

/// A way to search a target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tool {
    /// Which detector: a position in the problem's list.
    pub detector: u8,
    /// How long it takes.
    pub minutes: u32,
    /// What it brings when nothing has vanished yet: the objective's unit.
    pub value: f64,
    /// Mean number of phones found when nothing has vanished yet.
    pub found: f64,
}

/// Something that may be searched.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Mean number of phones lying there.
    pub expected: f64,
    /// That at least one does.
    pub probability: f64,
    /// The ways to search it.
    pub tools: Vec<Tool>,
    /// It has to be searched.
    pub must: bool,
}

impl Target {
    /// Whether it counts towards the caps on cells.
    pub const fn counts(&self) -> bool {
        matches!(self.kind, TargetKind::Cell(_))
    }

    /// The most that it can bring.
    pub fn best(&self) -> f64 {
        self.tools.iter().map(|tool| tool.value).fold(0.0, f64::max)
    }
}

/// A team inside one facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Team {
    /// Its name.
    pub name: String,
    /// Detectors that it carries: a bit a position in the problem's list.
    pub kit: u16,
    /// The first wave that it works in.
    pub from_wave: u16,
    /// The wave before which it stops.
    pub to_wave: u16,
}

/// A facility.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Which one.
    pub facility: FacilityId,
    /// What may be searched there.
    pub targets: Vec<Target>,
    /// Who is there to search.
    pub teams: Vec<Team>,
    /// The most cells.
    pub most_cells: usize,
    /// What opening it costs, in the objective's unit.
    pub opening_cost: f64,
    /// It is open already, and counts as such whether anything more is searched there or not.
    pub opened: bool,
}

/// Limits that hold for the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The most cells.
    pub cells: usize,
    /// The most facilities.
    pub facilities: usize,
}

/// All of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The facilities, in an order that doesn't matter.
    pub sites: Vec<Site>,
    /// For the country.
    pub caps: Caps,
    /// What is left, of what lies there, when each wave begins: from 1 downwards.
    pub left: Vec<f64>,
    /// How long a wave lasts; `None` = one wave without end, and as many teams as it takes.
    pub wave_minutes: Option<u32>,
}

impl Site {
    /// Cells that have to be searched.
    pub fn musts(&self) -> usize {
        self.targets.iter().filter(|target| target.must && target.counts()).count()
    }

    /// Whether it has to be opened.
    pub fn forced(&self) -> bool {
        self.targets.iter().any(|target| target.must)
    }
}
