//! What taking a method in would do, before anybody takes it in.

use serde::Serialize;

use super::{HandsetSet, Method};
use crate::snapshot::{Code, Words};

/// One thing that would change. Nothing else does, and nothing is run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// The device catalogue gets models.
    AddsModels {
        /// How many.
        count: usize,
    },
    /// A production lot is looked for.
    LooksForRange {
        /// How many handsets it has.
        handsets: u64,
    },
    /// Single handsets are looked for: personal data, under somebody's order.
    LooksForList {
        /// How many.
        handsets: usize,
        /// The order that allows it.
        allowed_by: Words,
    },
    /// A supplier's marks are looked for in ledgers.
    AddsIndicators {
        /// How many.
        count: usize,
    },
    /// An import profile is offered; files are read by it only where somebody chooses it.
    OffersImportProfile {
        /// Its name.
        name: Code,
    },
    /// Settings are offered for a step; the case's own stay until somebody changes them.
    OffersSettings {
        /// Which step.
        step: Code,
        /// How many values.
        values: usize,
        /// Whether it says how well they were calibrated.
        calibrated: bool,
    },
    /// A made-up country can be made from a seed, to try the method on.
    OffersWorld {
        /// The seed.
        seed: u64,
    },
    /// Lessons are shown; they change no weight.
    ShowsLessons {
        /// How many.
        count: usize,
    },
}

impl Method {
    /// Everything that taking it in would do.
    pub fn effects(&self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let count = self.models.len();
        effects.extend((count > 0).then_some(Effect::AddsModels { count }));
        effects.extend(self.handsets.iter().map(looks_for));
        let count = self.indicators.len();
        effects.extend((count > 0).then_some(Effect::AddsIndicators { count }));
        let profiles = self.import_profiles.iter();
        effects.extend(profiles.map(|row| Effect::OffersImportProfile { name: row.name.clone() }));
        effects.extend(self.settings.iter().map(|row| Effect::OffersSettings {
            step: row.step.clone(),
            values: row.settings.len(),
            calibrated: row.calibration.is_some(),
        }));
        effects.extend(self.world.iter().map(|world| Effect::OffersWorld { seed: world.seed }));
        let count = self.lessons.len();
        effects.extend((count > 0).then_some(Effect::ShowsLessons { count }));
        effects
    }
}

fn looks_for(set: &HandsetSet) -> Effect {
    match set {
        HandsetSet::Range { from, to, .. } => {
            Effect::LooksForRange { handsets: (u64::from(*to) + 1).saturating_sub(u64::from(*from)) }
        }
        HandsetSet::List { imeis, allowed_by } => {
            Effect::LooksForList { handsets: imeis.len(), allowed_by: allowed_by.clone() }
        }
    }
}
