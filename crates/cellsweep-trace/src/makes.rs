//! Makes: how likely handsets of a type allocation code and of a class are inside, as the case
//! itself shows. An unknown or recycled code is weighed by the company it keeps.

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{Imei, Tac};
use rustc_hash::FxHashMap;

/// Handsets' worth of its class that a code's own count starts from.
const CLASS_HANDSETS: f64 = 4.0;
/// Handsets' worth of the usual odds that a class starts from.
const USUAL_HANDSETS: f64 = 8.0;
/// Odds bounds: no code says more than the sample can carry.
const BOUND: f64 = 3.5;

#[derive(Debug, Clone, Copy, Default)]
struct Count {
    inside: f64,
    all: f64,
}

/// Counts by code and by class.
#[derive(Debug, Default)]
pub struct Makes {
    codes: FxHashMap<Tac, Count>,
    classes: FxHashMap<DeviceClass, Count>,
    total: Count,
}

impl Makes {
    /// Adds a handset, by how likely it is inside somewhere.
    pub fn take(&mut self, imei: Option<Imei>, class: DeviceClass, belief: f64) {
        let add = |count: &mut Count| {
            count.inside += belief;
            count.all += 1.0;
        };
        if let Some(imei) = imei {
            add(self.codes.entry(imei.tac()).or_default());
        }
        add(self.classes.entry(class).or_default());
        add(&mut self.total);
    }

    /// ln of the likelihood ratio of a handset's make, without what it taught itself.
    pub fn fit(&self, imei: Option<Imei>, class: DeviceClass, belief: f64) -> f64 {
        let without =
            |count: Count| Count { inside: (count.inside - belief).max(0.0), all: (count.all - 1.0).max(0.0) };
        let base = share(without(self.total), 0.1, 1.0);
        let usual = usual_share(class, base);
        if class == DeviceClass::Iot {
            // A modem inside the walls looks like any phone there to the radio: it would teach
            // that modems are phones.
            return (ln_odds(usual) - ln_odds(base)).clamp(-BOUND, BOUND);
        }
        let of_class = share(without(self.classes.get(&class).copied().unwrap_or_default()), usual, USUAL_HANDSETS);
        let code = imei.and_then(|imei| self.codes.get(&imei.tac()).copied()).unwrap_or_default();
        let of_code = share(without(code), of_class, CLASS_HANDSETS);
        (ln_odds(of_code) - ln_odds(base)).clamp(-BOUND, BOUND)
    }
}

fn share(count: Count, usual: f64, weight: f64) -> f64 {
    (count.inside + usual * weight) / (count.all + weight)
}

fn ln_odds(share: f64) -> f64 {
    let share = share.clamp(1e-5, 1.0 - 1e-5);
    (share / (1.0 - share)).ln()
}

/// The share of a class inside where the case says little: minis were made to be smuggled,
/// machines' modems serve nobody inside.
fn usual_share(class: DeviceClass, base: f64) -> f64 {
    let odds = match class {
        DeviceClass::Mini => 6.0,
        DeviceClass::Iot => 0.03,
        DeviceClass::Smart => 0.7,
        DeviceClass::Feature | DeviceClass::Unknown => 1.0,
    };
    let inside = base / (1.0 - base).max(1e-6) * odds;
    inside / (1.0 + inside)
}
