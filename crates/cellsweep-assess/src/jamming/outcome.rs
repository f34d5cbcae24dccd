//! Which units' handsets are counted: the jammed ones, or those where an effect may show besides.

use serde::Serialize;

use super::design::{Design, Slot};
use super::panel::{Place, Unit};

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The units jammed from the facility's first jammed day on.
    Jammed,
    /// The jammed wings' other technologies: do handsets move to another band?
    OtherTechnologies,
    /// Wings never jammed, on the jammed technologies: do handsets move to other wings?
    OtherWings,
    /// Those who live around, on the jammed technologies: does jamming reach over the walls?
    Outside,
}

impl Outcome {
    /// A facility's units that count in a slot. Of a facility that isn't the slot's own, all that are of the kind.
    pub fn units<'a>(self, design: &Design<'a>, facility: usize, slot: &Slot) -> Vec<&'a Unit> {
        let units = design.by_facility[facility].iter().copied();
        if facility != slot.facility {
            return units.filter(|unit| self.is_of_kind(unit, slot)).collect();
        }
        let jammed = |unit: &&Unit| !unit.is_outside() && unit.start() == Some(slot.start);
        let wings: Vec<&Place> = units.clone().filter(jammed).map(|unit| &unit.place).collect();
        let counts = |unit: &&Unit| match self {
            Outcome::Jammed => jammed(unit),
            Outcome::OtherTechnologies => unit.start().is_none() && wings.contains(&&unit.place),
            Outcome::OtherWings => unit.start().is_none() && !wings.contains(&&unit.place),
            Outcome::Outside => true,
        };
        units.filter(|unit| self.is_of_kind(unit, slot) && counts(unit)).collect()
    }

    fn is_of_kind(self, unit: &Unit, slot: &Slot) -> bool {
        let same_technology = slot.technologies.contains(&unit.technology);
        match self {
            Outcome::Jammed | Outcome::OtherWings => !unit.is_outside() && same_technology,
            Outcome::OtherTechnologies => !unit.is_outside() && !same_technology,
            Outcome::Outside => unit.is_outside() && same_technology,
        }
    }
}
