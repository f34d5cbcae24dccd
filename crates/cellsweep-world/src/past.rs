//! What is known of the months before: searches with and without a find, seizures, phones thrown over the wall.

use std::path::Path;

use crate::WorldError;
use crate::catalogue::Kind;
use crate::clock::{DAY, HOUR, rfc3339};
use crate::identity::check_digit;
use crate::ledger::Ledger;
use crate::out::Table;
use crate::plan::Plan;
use crate::rng::{Gen, Purpose, below, between, chance, instant, pick, poisson, word};
use crate::searches::{DETECTORS, draw_detector};

const HIDING: &[&str] =
    &["mattress", "wall", "toilet", "tv", "shoe", "body", "food", "window_frame", "bin", "fan", "bed_leg"];
const ROUTES: &[&str] = &["throw", "throw", "drone", "visitor", "parcel", "staff", "unknown", "unknown"];
const MONTHS: i64 = 11;

struct Past<'a> {
    plan: &'a Plan,
    rng: Gen,
    searches: Table,
    seizures: Table,
    ingress: Table,
    /// Sold minis that nobody of this world uses: some of them were seized long ago.
    gone: Vec<u64>,
}

/// Writes `searches`, `seizures` and `ingress`.
pub(crate) fn write(plan: &Plan, ledger: &Ledger, case: &Path) -> Result<(), WorldError> {
    let in_use: rustc_hash::FxHashSet<u64> = plan.units.iter().flat_map(|u| u.imei).collect();
    let mut past = Past {
        plan,
        rng: plan.rng(Purpose::Past, u64::MAX),
        searches: Table::new("time,facility,cell,detector,officers,minutes,found"),
        seizures: Table::new("time,facility,cell,imei,model,route,detector,hiding_place"),
        ingress: Table::new("time,facility,route,phones"),
        gone: ledger.imeis().filter(|i| !in_use.contains(i)).collect(),
    };
    for facility in 0..plan.facilities.len() {
        past.facility(facility);
    }
    past.window();
    past.searches.by_time().write(&case.join("searches.csv"))?;
    past.seizures.by_time().write(&case.join("seizures.csv"))?;
    past.ingress.by_time().write(&case.join("ingress.csv"))
}

impl Past<'_> {
    fn facility(&mut self, index: usize) {
        let plan = self.plan;
        let f = &plan.facilities[index];
        let rng = &mut self.rng;
        let (start, before) = (plan.clock.start(), plan.clock.start() - MONTHS * 30 * DAY);
        let density = (plan.params.phones_per_100 / 100.0 * f.traffic * 1.4).min(0.8);
        let searches = poisson(
            rng,
            plan.params.search_rate * f.search_zeal * f64::from(f.capacity) / 400.0 * MONTHS as f64 * 12.0,
        );
        for _ in 0..searches {
            let t = daytime(&mut self.rng, before, start);
            let detector = draw_detector(&mut self.rng);
            let cell = f.cells[below(&mut self.rng, f.cells.len())].name.clone();
            let (_, _, small, large) = DETECTORS[detector];
            let mini = chance(&mut self.rng, plan.params.share_mini);
            let found = chance(&mut self.rng, density * if mini { small } else { large });
            let minutes = 15 + poisson(&mut self.rng, 25.0);
            let officers = 1 + poisson(&mut self.rng, 1.5);
            self.search(t, index, &cell, (DETECTORS[detector].0, officers, minutes), u32::from(found));
            if found {
                let kind = if mini { Kind::Mini } else { Kind::Smart };
                self.seize_unknown(t + 10 * 60_000_000, index, &cell, kind, DETECTORS[detector].0);
            }
        }
        for _ in 0..poisson(&mut self.rng, 1.2 * f.traffic * MONTHS as f64) {
            let t = instant(&mut self.rng, before, plan.clock.end());
            let phones = 1 + poisson(&mut self.rng, 1.8);
            let route = word(&mut self.rng, ROUTES).to_owned();
            self.ingress.push([rfc3339(t), f.id.clone(), route, phones.to_string()]);
        }
    }

    fn search(
        &mut self,
        t: i64,
        facility: usize,
        cell: &str,
        (detector, officers, minutes): (&str, u32, u32),
        found: u32,
    ) {
        let id = self.plan.facilities[facility].id.clone();
        self.searches.push([
            rfc3339(t),
            id,
            cell.to_owned(),
            detector.to_owned(),
            officers.to_string(),
            minutes.to_string(),
            found.to_string(),
        ]);
    }

    /// A handset that was gone before the records begin.
    fn seize_unknown(&mut self, t: i64, facility: usize, cell: &str, kind: Kind, detector: &str) {
        let plan = self.plan;
        let rng = &mut self.rng;
        let model = plan.catalogue.draw(rng, kind);
        let sold = if kind == Kind::Mini && chance(rng, 0.5) { self.gone.pop() } else { None };
        let imei = sold.unwrap_or_else(|| {
            let tac = plan.catalogue.tac(rng, model);
            u64::from(tac) * 1_000_000 + below(rng, 1_000_000) as u64
        });
        let name = plan.catalogue.models.iter().find(|m| m.tacs.iter().any(|t| u64::from(t.code) == imei / 1_000_000));
        let name = name.map_or_else(String::new, |m| m.name.clone());
        self.seizure(t, facility, cell, imei, name, detector);
    }

    fn seizure(&mut self, t: i64, facility: usize, cell: &str, imei: u64, model: String, detector: &str) {
        let rng = &mut self.rng;
        let imei = if chance(rng, 0.55) { format!("{imei:014}{}", check_digit(imei)) } else { String::new() };
        let cell = if chance(rng, 0.85) { cell.to_owned() } else { String::new() };
        let (route, hiding) = (word(rng, ROUTES).to_owned(), word(rng, HIDING).to_owned());
        let id = self.plan.facilities[facility].id.clone();
        self.seizures.push([rfc3339(t), id, cell, imei, model, route, detector.to_owned(), hiding]);
    }

    /// The searches that the window's records felt.
    fn window(&mut self) {
        let plan = self.plan;
        for s in &plan.searches {
            let facility = s.facility as usize;
            let cell = plan.facilities[facility].cells[s.cell as usize].name.clone();
            self.search(s.t, facility, &cell, (s.detector, s.officers, s.minutes), s.found.len() as u32);
            for &index in &s.found {
                let unit = &plan.units[index as usize];
                let model = plan.catalogue.models[unit.model as usize].name.clone();
                let later = (between(&mut self.rng, 0.05, 0.6) * HOUR as f64) as i64;
                self.seizure(s.t + later, facility, &cell, unit.imei[0], model, s.detector);
            }
        }
        let extra = plan.searches.len() / 40;
        for _ in 0..extra {
            // Handed in at the gate, found in the yard: no search behind it.
            let Some(f) = pick(&mut self.rng, &plan.facilities).map(|f| f.id.clone()) else { return };
            let facility = plan.facilities.iter().position(|x| x.id == f).unwrap_or(0);
            let t = plan.some_time(&mut self.rng);
            self.seize_unknown(t, facility, "", Kind::Mini, "visual");
        }
    }
}

fn daytime(rng: &mut Gen, from: i64, to: i64) -> i64 {
    let day = instant(rng, from, to - DAY) / DAY * DAY;
    day + (between(rng, 5.0, 20.0) * HOUR as f64) as i64
}
