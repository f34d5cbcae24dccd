//! What operators hand over of what they recorded, and what they were asked.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Shape;
use crate::clock::{DAY, HOUR};
use crate::day::{FORMS, Row};
use crate::ledger::Ledger;
use crate::network::TECHS;
use crate::plan::Plan;
use crate::quirks::ImeiForm;
use crate::radio::Radio;
use crate::rng::{Purpose, below, between, chance, instant};
use crate::unit::Unit;

/// One line of `requests`.
pub(crate) struct Request {
    pub id: String,
    pub operator: String,
    pub kind: &'static str,
    pub values: Vec<String>,
    pub from: i64,
    pub to: i64,
    pub sent: i64,
    pub answered: i64,
    pub complete: bool,
}

/// The cut that the answers make.
pub(crate) struct Answer {
    shape: Shape,
    sectors: Vec<bool>,
    imeis: FxHashSet<u64>,
    /// From when each operator's answer begins.
    since: [i64; 4],
    pub requests: Vec<Request>,
}

impl Answer {
    /// Whether a row is handed over.
    pub(crate) fn has(&self, row: &Row) -> bool {
        match self.shape {
            Shape::Everything => true,
            Shape::PrisonSectors => self.sectors[row.sector as usize] && row.t >= self.since[row.op as usize],
            Shape::ImeiList => {
                let readable = !matches!(FORMS[row.form as usize], ImeiForm::Blank | ImeiForm::Zeros);
                readable && self.imeis.contains(&row.imei)
            }
        }
    }
}

/// Draws what is asked and answered.
pub(crate) fn draw(plan: &Plan, ledger: &Ledger, shape: Shape) -> Answer {
    let mut answer = Answer {
        shape,
        sectors: vec![false; plan.net.sectors.len()],
        imeis: FxHashSet::default(),
        since: [plan.clock.start(); 4],
        requests: Vec::new(),
    };
    match shape {
        Shape::Everything => {}
        Shape::PrisonSectors => prison_sectors(plan, &mut answer),
        Shape::ImeiList => imei_list(plan, ledger, &mut answer),
    }
    answer
}

/// Each operator picks the sectors that, by its own planning tool, serve the prisons.
fn prison_sectors(plan: &Plan, answer: &mut Answer) {
    let mut rng = plan.rng(Purpose::Answer, 0);
    let served = served_shares(plan);
    for (sector, share) in &served {
        // The tool isn't the world: some sectors that serve are not on the list.
        let on_list = *share > 0.02 || *share > 0.003 && chance(&mut rng, 0.7);
        answer.sectors[*sector as usize] = on_list && !chance(&mut rng, 0.02);
    }
    for op in 0..plan.net.operators.len() {
        if chance(&mut rng, 0.25) {
            let days = between(&mut rng, 0.1, 0.4) * f64::from(plan.clock.days());
            answer.since[op] = plan.clock.start() + days as i64 * DAY;
        }
        let of_op = |i: &usize| plan.net.sectors[*i].op as usize == op;
        let listed: Vec<String> = (0..plan.net.sectors.len())
            .filter(of_op)
            .filter(|i| answer.sectors[*i])
            .map(|i| plan.net.names[i].clone())
            .collect();
        let complete = chance(&mut rng, 0.8);
        if !complete {
            // A technology's archive was lost.
            let lost = TECHS[below(&mut rng, 3)];
            let slots = answer.sectors.iter_mut().zip(&plan.net.sectors);
            slots.filter(|(_, s)| s.op as usize == op && s.tech == lost).for_each(|(keep, _)| *keep = false);
        }
        push(plan, answer, op, "sector", listed, complete);
    }
}

/// Largest share that each sector has at some place inside any facility, over its operator and technology.
fn served_shares(plan: &Plan) -> Vec<(u32, f64)> {
    let radio = Radio { areas: &plan.areas, net: &plan.net, params: &plan.params };
    let mut best: FxHashMap<u32, f64> = FxHashMap::default();
    for facility in &plan.facilities {
        let spots =
            (0..facility.cells.len()).step_by(facility.cells.len() / 12 + 1).map(|c| facility.cell_spot(c, c as u64));
        for spot in spots {
            for op in 0..plan.net.operators.len() as u8 {
                let at = radio.at(&spot, op, [true; 4]);
                for (sector, share) in TECHS.iter().flat_map(|t| at.shares(*t)) {
                    let slot = best.entry(sector).or_insert(0.0);
                    *slot = slot.max(share);
                }
            }
        }
    }
    let mut out: Vec<_> = best.into_iter().collect();
    out.sort_unstable_by_key(|s| s.0);
    out
}

/// The ledger's IMEIs, others the investigators had, and all that shared a SIM card with one of them.
fn imei_list(plan: &Plan, ledger: &Ledger, answer: &mut Answer) {
    let mut rng = plan.rng(Purpose::Answer, 1);
    let mut listed: FxHashSet<u64> = ledger.imeis().collect();
    // Most of what lands on such a list turns out to be somebody free.
    let inside = plan.units.iter().filter(|u| u.class.is_inmates()).count() as f64;
    let others = (1.2 * inside / plan.units.len() as f64).clamp(0.02, 0.3);
    for unit in &plan.units {
        let leads = chance(&mut rng, if unit.class.is_inmates() { 0.35 } else { others });
        if leads {
            listed.insert(unit.imei[0]);
        }
    }
    let leads = listed.clone();
    let follows = |unit: &Unit| unit.imei.iter().any(|i| leads.contains(i));
    let cards: FxHashSet<u64> =
        plan.units.iter().filter(|u| follows(u)).flat_map(|u| u.sims.iter().map(|s| s.imsi)).collect();
    for unit in plan.units.iter().filter(|u| follows(u) || u.sims.iter().any(|s| cards.contains(&s.imsi))) {
        listed.extend(unit.imei.iter().filter(|i| **i > 0));
    }
    let mut values: Vec<String> = listed.iter().map(|i| format!("{i:014}")).collect();
    values.sort_unstable();
    answer.imeis = listed;
    for op in 0..plan.net.operators.len() {
        push(plan, answer, op, "imei", values.clone(), true);
    }
}

fn push(plan: &Plan, answer: &mut Answer, op: usize, kind: &'static str, values: Vec<String>, complete: bool) {
    let mut rng = plan.rng(Purpose::Answer, 10 + op as u64);
    let sent = plan.clock.end() + (between(&mut rng, 1.0, 4.0) * HOUR as f64) as i64;
    let request = Request {
        id: format!("R{}", op + 1),
        operator: plan.net.operators[op].code.clone(),
        kind,
        values,
        from: answer.since[op],
        to: plan.clock.end(),
        sent,
        answered: instant(&mut rng, sent, sent + HOUR),
        complete,
    };
    answer.requests.push(request);
}
