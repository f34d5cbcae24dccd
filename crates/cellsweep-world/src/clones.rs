//! One IMEI in several handsets, some kept, some free, in different places.

use crate::catalogue::Kind;
use crate::plan::Plan;
use crate::rng::{Purpose, below, chance, poisson, shuffle};

/// IMEIs that no maker gave.
const FAKES: [u64; 3] = [0, 12_345_678_901_234, 11_111_111_111_111];

/// Gives some handsets the IMEI of others.
pub(crate) fn copy(plan: &mut Plan) {
    let mut rng = plan.rng(Purpose::Identity, 1);
    let kind = |plan: &Plan, i: u32| plan.catalogue.models[plan.units[i as usize].model as usize].kind;
    let all = 0..plan.units.len() as u32;
    let mut minis: Vec<u32> = all.clone().filter(|i| kind(plan, *i) == Kind::Mini).collect();
    let mut others: Vec<u32> =
        all.filter(|i| kind(plan, *i) == Kind::Smart && !plan.units[*i as usize].class.is_inmates()).collect();
    shuffle(&mut rng, &mut minis);
    shuffle(&mut rng, &mut others);
    let clusters = poisson(&mut rng, plan.params.clone_clusters * minis.len() as f64);
    for _ in 0..clusters {
        let mut members: Vec<u32> = Vec::new();
        for _ in 0..2 + below(&mut rng, 5) {
            members.extend(minis.pop());
        }
        if chance(&mut rng, 0.5) {
            members.extend(others.pop());
        }
        share(plan, &members);
    }
    // Repairers and makers of copies write zeros or a run of digits.
    for _ in 0..poisson(&mut rng, 0.0012 * others.len() as f64) {
        if let Some(unit) = others.pop() {
            let unit = &mut plan.units[unit as usize];
            unit.imei[0] = FAKES[below(&mut rng, FAKES.len())];
            unit.marks.cloned = true;
        }
    }
    // The same happens to cheap smartphones outside.
    for _ in 0..poisson(&mut rng, plan.params.clone_clusters * others.len() as f64 * 0.05) {
        let members: Vec<u32> = (0..2).filter_map(|_| others.pop()).collect();
        share(plan, &members);
    }
}

fn share(plan: &mut Plan, members: &[u32]) {
    let Some(&first) = members.first() else { return };
    if members.len() < 2 {
        return;
    }
    let imei = plan.units[first as usize].imei[0];
    for &m in members {
        plan.units[m as usize].imei[0] = imei;
        plan.units[m as usize].marks.cloned = true;
    }
}
