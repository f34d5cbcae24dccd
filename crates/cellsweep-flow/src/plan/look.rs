//! Which models teams are told to look for: their names, and never how many or whose.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_model::rows::{FromRow, Row, RowError};
use cellsweep_model::{CellId, FacilityId, PlanRow, Seized, Tac};
use cellsweep_plan::{Belief, PhoneBelief, Spot};
use rustc_hash::FxHashMap;

/// Models that teams are told of.
pub(super) const MOST_MODELS: usize = 3;
/// With fewer handsets of a model in a facility's plan, its name would be a handset's: it then counts as not expected.
const LEAST_HANDSETS: usize = 3;
/// A handset counts as one from this chance of lying in the plan's cells on.
const LEAST_CHANCE: f64 = 0.05;

/// A model as the catalogue has it.
pub(super) struct Catalogued {
    /// Brand and model.
    pub name: String,
    pub mini: bool,
    /// Length, width, thickness in millimetres; mass in grams.
    pub size: [Option<f64>; 4],
    tac: Option<Tac>,
    /// As seizures name it.
    model: String,
}

impl FromRow for Catalogued {
    fn from_row(row: &Row<'_>) -> Result<Self, RowError> {
        let text = |name| row.text(name).unwrap_or_default();
        Ok(Self {
            name: format!("{} {}", text("brand"), text("model")).trim().to_owned(),
            mini: row.text("class") == Some("mini"),
            size: ["length_mm", "width_mm", "thickness_mm", "mass_g"].map(|name| row.number(name)),
            tac: row.parsed("tac")?,
            model: text("model").to_owned(),
        })
    }
}

/// The catalogue's minis, each name once, in its order.
pub(super) fn minis(catalogue: &[Catalogued]) -> Vec<&Catalogued> {
    let mut seen = BTreeSet::new();
    let named = catalogue.iter().filter(|model| model.mini && !model.name.is_empty());
    named.filter(|model| seen.insert(model.name.as_str())).collect()
}

/// What may be looked for, and what was found before.
pub(super) struct Look {
    /// In the catalogue's order.
    names: Vec<String>,
    by_tac: FxHashMap<Tac, usize>,
    /// Finds of each, by facility.
    found: BTreeMap<FacilityId, Vec<f64>>,
}

impl Look {
    pub(super) fn of(catalogue: &[Catalogued], finds: &[Seized]) -> Self {
        let names: Vec<String> = minis(catalogue).into_iter().map(|model| model.name.clone()).collect();
        let (mut by_tac, mut by_model) = (FxHashMap::default(), FxHashMap::default());
        for model in catalogue {
            if let Some(index) = names.iter().position(|name| model.mini && *name == model.name) {
                by_tac.extend(model.tac.map(|tac| (tac, index)));
                by_model.insert(model.model.as_str(), index);
            }
        }
        let mut found: BTreeMap<FacilityId, Vec<f64>> = BTreeMap::new();
        for find in finds {
            let by_name = find.model.as_deref().and_then(|model| by_model.get(model));
            if let Some(index) = by_name.or_else(|| find.imei.and_then(|imei| by_tac.get(&imei.tac()))) {
                found.entry(find.facility.clone()).or_insert_with(|| vec![0.0; names.len()])[*index] += 1.0;
            }
        }
        Self { names, by_tac, found }
    }

    /// By facility of a plan, the models that its cells are expected to hold, and those that were found there before;
    /// none where there are neither. In the catalogue's order, which tells nothing of how many there are.
    pub(super) fn names(&self, belief: &Belief, rows: &[PlanRow]) -> BTreeMap<FacilityId, Vec<String>> {
        let mut cells: BTreeMap<&FacilityId, BTreeSet<Option<&CellId>>> = BTreeMap::new();
        for row in rows {
            cells.entry(&row.facility).or_default().insert(row.cell.as_ref());
        }
        let mut expected: BTreeMap<&FacilityId, Vec<(usize, f64)>> = BTreeMap::new();
        for phone in &belief.phones {
            let Some(cells) = cells.get(&phone.facility) else { continue };
            if let Some(index) = phone.imei.and_then(|imei| self.by_tac.get(&imei.tac())) {
                let models = expected.entry(&phone.facility).or_insert_with(|| vec![(0, 0.0); self.names.len()]);
                let chance = lies_in(phone, cells);
                models[*index].0 += usize::from(chance >= LEAST_CHANCE);
                models[*index].1 += chance;
            }
        }
        let of = |facility: &&FacilityId| {
            let names = self.best(expected.get(*facility), self.found.get(*facility));
            (!names.is_empty()).then(|| ((*facility).clone(), names))
        };
        cells.keys().filter_map(of).collect()
    }

    fn best(&self, expected: Option<&Vec<(usize, f64)>>, found: Option<&Vec<f64>>) -> Vec<String> {
        let mut scores: Vec<(f64, usize)> = Vec::new();
        for index in 0..self.names.len() {
            let expected = expected.map(|models| models[index]).filter(|(handsets, _)| *handsets >= LEAST_HANDSETS);
            let found = found.map_or(0.0, |models| models[index]);
            scores.push((expected.map_or(0.0, |(_, mean)| mean) + found, index));
        }
        scores.retain(|(score, _)| *score > 0.0);
        scores.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        scores.truncate(MOST_MODELS);
        scores.sort_by_key(|(_, index)| *index);
        scores.into_iter().map(|(_, index)| self.names[index].clone()).collect()
    }
}

fn lies_in(phone: &PhoneBelief, cells: &BTreeSet<Option<&CellId>>) -> f64 {
    let here = phone.spots.iter().filter(|(spot, _)| match spot {
        Spot::Cell(cell) => cells.contains(&Some(cell)),
        Spot::Common => cells.contains(&None),
    });
    here.map(|(_, chance)| chance).sum()
}

#[cfg(test)]
mod tests {
    use cellsweep_model::rows::DeviceClass;
    use cellsweep_model::{PlanReason, PlanTarget};

    use super::*;

    fn model(tac: &str, model: &str) -> Catalogued {
        Catalogued {
            name: format!("Brand {model}"),
            mini: true,
            size: [None; 4],
            tac: tac.parse().ok(),
            model: model.to_owned(),
        }
    }

    fn phone(number: usize, tac: &str) -> PhoneBelief {
        PhoneBelief {
            handset: number.to_string(),
            imei: format!("{tac}{number:06}").parse().ok(),
            facility: "F1".parse().unwrap(),
            class: DeviceClass::Mini,
            first_seen: 0,
            last_seen: 0,
            spots: vec![(Spot::Cell("A".parse().unwrap()), 0.9)],
        }
    }

    fn row() -> PlanRow {
        PlanRow {
            facility: "F1".parse().unwrap(),
            cell: "A".parse().ok(),
            target: PlanTarget::Cell,
            inmate: None,
            wave: 1,
            start: 0,
            team: "1".to_owned(),
            detector: "dog".to_owned(),
            minutes: 10,
            probability: 0.9,
            expected_phones: 0.9,
            expected_found: 0.5,
            reason: PlanReason::Expected,
        }
    }

    fn find(model: &str) -> Seized {
        Seized {
            time: 0,
            facility: "F1".parse().unwrap(),
            cell: None,
            imei: None,
            model: Some(model.to_owned()),
            detector: None,
            hiding_place: None,
        }
    }

    /// What is told with these numbers of handsets of the catalogue's models, and these finds.
    fn told(handsets: [usize; 3], finds: &[&str]) -> Vec<String> {
        let tacs = ["35000001", "35000002", "35000003"];
        let catalogue: Vec<Catalogued> =
            tacs.iter().zip(["m1", "m2", "m3"]).map(|(tac, name)| model(tac, name)).collect();
        let finds: Vec<Seized> = finds.iter().map(|name| find(name)).collect();
        let mut belief = Belief::default();
        for (tac, count) in tacs.iter().zip(handsets) {
            belief.phones.extend((0..count).map(|number| phone(number, tac)));
        }
        Look::of(&catalogue, &finds).names(&belief, &[row()]).into_values().next().unwrap_or_default()
    }

    #[test]
    fn what_is_expected_and_what_was_found_is_told_in_the_catalogue_s_order() {
        assert_eq!(told([0, 0, 9], &["m2"]), ["Brand m2", "Brand m3"]);
        assert!(told([0, 0, 0], &[]).is_empty());
    }

    #[test]
    fn a_model_that_few_handsets_have_is_not_told_for_them() {
        assert_eq!(told([2, 5, 0], &[]), ["Brand m2"]);
        assert_eq!(told([2, 5, 0], &["m1"]), ["Brand m1", "Brand m2"]);
    }
}
