//! Radio measurements taken inside: finite samples of the same radio that serves the handsets.

use rand::RngExt;
use rustc_hash::FxHashMap;

use crate::facility::{Facility, Survey};
use crate::network::TECHS;
use crate::out::Table;
use crate::plan::Plan;
use crate::radio::Radio;
use crate::rng::{Gen, Purpose, below, between, chance};

/// The `survey` table of all facilities that were measured.
pub(crate) fn table(plan: &Plan) -> Table {
    let mut table = Table::new("facility,sector,share");
    for (index, facility) in plan.facilities.iter().enumerate() {
        if facility.survey != Survey::Absent {
            let mut rng = plan.rng(Purpose::Survey, index as u64);
            measure(plan, facility, &mut rng, &mut table);
        }
    }
    let mut rng = plan.rng(Purpose::Survey, u64::MAX);
    table.shuffled(&mut rng)
}

fn measure(plan: &Plan, facility: &Facility, rng: &mut Gen, table: &mut Table) {
    let radio = Radio { areas: &plan.areas, net: &plan.net, params: &plan.params };
    let good = facility.survey == Survey::Good;
    let points = if good { 25 + below(rng, 40) } else { 3 + below(rng, 6) };
    // A poor survey: few points of one wing, some in the yard, an operator or two not measured.
    let wing = below(rng, facility.wings.len());
    let ops: Vec<u8> = (0..plan.net.operators.len() as u8).filter(|_| good || chance(rng, 0.7)).collect();
    let each = if good { 6 } else { 3 };
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for _ in 0..points {
        let cell = below(rng, facility.cells.len());
        let spot = if chance(rng, if good { 0.1 } else { 0.5 }) {
            let w = if good { below(rng, facility.wings.len()) } else { wing };
            facility.common_spot(w, rng.random())
        } else {
            facility.cell_spot(cell, rng.random())
        };
        for &op in &ops {
            let at = radio.at(&spot, op, [true; 4]);
            for tech in TECHS {
                for _ in 0..each {
                    if between(rng, 0.0, 1.0) < f64::from(at.usable[tech as usize])
                        && let Some(s) = at.serve(tech, rng)
                    {
                        *counts.entry(s.sector).or_insert(0) += 1;
                    }
                }
            }
        }
    }
    let total: u32 = counts.values().sum();
    let mut rows: Vec<_> = counts.into_iter().collect();
    rows.sort_unstable();
    for (sector, n) in rows {
        let share = f64::from(n) / f64::from(total.max(1));
        table.push([facility.id.clone(), plan.net.names[sector as usize].clone(), format!("{share:.5}")]);
    }
}
