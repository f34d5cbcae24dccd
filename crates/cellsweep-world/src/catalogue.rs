//! The devices on sale: minis, feature phones, smartphones and modems, with their type allocation codes.

use rand::RngExt;
use rustc_hash::FxHashSet;

use crate::params::Params;
use crate::rng::{Gen, Purpose, below, between, chance, pick, stream, word};

/// The `class` column of `models`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Mini,
    Feature,
    Smart,
    Iot,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        ["mini", "feature", "smart", "iot"][self as usize]
    }
}

/// One model.
pub(crate) struct Model {
    pub kind: Kind,
    pub brand: String,
    pub name: String,
    pub tacs: Vec<Tac>,
    pub techs: [bool; 4],
    /// Probability that a handset of this model has two SIM slots.
    pub dual: f64,
    /// The second slot's IMEI follows the first one's, as with most makers; else it's any.
    pub paired: bool,
    pub mass_g: u32,
    pub length_mm: u32,
    pub metal_share: f64,
    /// How many are around.
    pub popularity: f64,
}

/// A type allocation code and what the catalogue table says of it.
#[derive(Clone, Copy)]
pub(crate) struct Tac {
    pub code: u32,
    pub listed: Listed,
}

/// What `models.csv` knows of a code.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    Here,
    /// The table doesn't have the code.
    Nowhere,
    /// The code was first another model's, and that is what the table says.
    As(usize),
}

/// All models.
pub(crate) struct Catalogue {
    pub models: Vec<Model>,
    by_kind: [Vec<usize>; 4],
}

impl Catalogue {
    /// A model of a kind, by popularity.
    pub(crate) fn draw(&self, rng: &mut Gen, kind: Kind) -> usize {
        let list = &self.by_kind[kind as usize];
        let weights: Vec<f64> = list.iter().map(|i| self.models[*i].popularity).collect();
        list[crate::rng::weighted(rng, &weights)]
    }

    /// One of a model's codes.
    pub(crate) fn tac(&self, rng: &mut Gen, model: usize) -> u32 {
        pick(rng, &self.models[model].tacs).map_or(35_000_000, |t| t.code)
    }
}

/// Draws the catalogue.
pub(crate) fn draw(seed: u64, params: &Params) -> Catalogue {
    let mut rng = stream(seed, Purpose::Catalogue, 0);
    let mut codes = FxHashSet::default();
    let mut models = Vec::new();
    for (kind, count) in [(Kind::Smart, 46), (Kind::Feature, 16), (Kind::Iot, 7), (Kind::Mini, 16)] {
        for i in 0..count {
            models.push(model(&mut rng, &mut codes, kind, i, params));
        }
    }
    recycle(&mut rng, &mut models, params);
    let by_kind = [Kind::Mini, Kind::Feature, Kind::Smart, Kind::Iot]
        .map(|k| (0..models.len()).filter(|i| models[*i].kind == k).collect());
    Catalogue { models, by_kind }
}

fn model(rng: &mut Gen, codes: &mut FxHashSet<u32>, kind: Kind, i: usize, params: &Params) -> Model {
    let (techs, dual) = match kind {
        Kind::Mini if chance(rng, params.mini_4g) => ([true, false, true, false], params.dual_sim_mini),
        Kind::Mini => ([true, false, false, false], params.dual_sim_mini),
        Kind::Feature if chance(rng, 0.35) => ([true, chance(rng, 0.5), true, false], 0.3),
        Kind::Feature => ([true, chance(rng, 0.3), false, false], 0.25),
        Kind::Smart => ([true, true, true, params.has_nr > 0.0 && chance(rng, 0.5)], params.dual_sim_smart),
        Kind::Iot => ([true, chance(rng, 0.3), chance(rng, 0.4), false], 0.05),
    };
    let (mass, length) = match kind {
        Kind::Mini => ((16.0, 34.0), (54.0, 78.0)),
        Kind::Feature => ((70.0, 125.0), (98.0, 125.0)),
        Kind::Smart => ((140.0, 235.0), (138.0, 172.0)),
        Kind::Iot => ((25.0, 400.0), (40.0, 180.0)),
    };
    let tacs =
        (0..1 + below(rng, if kind == Kind::Smart { 3 } else { 2 })).map(|_| tac(rng, codes, kind, params)).collect();
    Model {
        kind,
        brand: brand(rng, kind),
        name: format!(
            "{}{}",
            word(rng, &["A", "B", "C", "J", "K", "M", "N", "Q", "X", "Z", "Mini ", "Neo "]),
            10 + 3 * i + below(rng, 3)
        ),
        tacs,
        techs,
        dual,
        paired: chance(rng, 0.6),
        mass_g: between(rng, mass.0, mass.1) as u32,
        length_mm: between(rng, length.0, length.1) as u32,
        metal_share: between(rng, 0.06, 0.4),
        popularity: crate::rng::log_normal(rng, 1.0, 1.0),
    }
}

fn tac(rng: &mut Gen, codes: &mut FxHashSet<u32>, kind: Kind, params: &Params) -> Tac {
    let prefix = *pick(rng, &[35u32, 35, 86, 86, 86, 35, 1]).unwrap_or(&35);
    loop {
        let code = prefix * 1_000_000 + rng.random_range(100_000..999_999u32);
        if codes.insert(code) {
            let unknown = if kind == Kind::Mini { params.mini_unknown_tac } else { 0.04 };
            let listed = if chance(rng, unknown) { Listed::Nowhere } else { Listed::Here };
            return Tac { code, listed };
        }
    }
}

fn brand(rng: &mut Gen, kind: Kind) -> String {
    let small = ["Zanno", "Lilix", "Pikoo", "Nanotel", "Brevo", "Tukka", "Micron"];
    let large = ["Orvia", "Sunto", "Kelvar", "Maxen", "Hoko", "Velora", "Tarsis", "Nordik", "Aquila"];
    word(rng, if kind == Kind::Mini { &small } else { &large }).to_owned()
}

/// Some minis carry a code that once was another maker's: what the table says of it is then wrong.
fn recycle(rng: &mut Gen, models: &mut [Model], params: &Params) {
    let others: Vec<usize> =
        (0..models.len()).filter(|i| matches!(models[*i].kind, Kind::Feature | Kind::Smart)).collect();
    for model in models.iter_mut().filter(|m| m.kind == Kind::Mini) {
        if chance(rng, params.tac_recycled * 2.0)
            && let Some(&other) = pick(rng, &others)
            && let Some(tac) = model.tacs.last_mut()
        {
            tac.listed = Listed::As(other);
        }
    }
}
