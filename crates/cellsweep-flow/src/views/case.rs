//! The case's own page: how far it is, where, and what waits for somebody.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_model::case::CaseKind;
use cellsweep_model::{AlertKind, FacilityId};
use cellsweep_store::Case;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Eyes, Planned, Text, Views, instant};
use crate::{AlertLine, alerts_for};

/// A stretch of time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Stretch {
    /// Its start, RFC 3339.
    pub from: String,
    /// Its end.
    pub to: String,
}

/// How many phones are left at a step of the flow.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FunnelStep {
    /// `sold`, `seen`, `traced`, `attributed`, `planned`, `searched` (cells), `found`.
    pub step: &'static str,
    /// How many; `None` where nobody knows yet.
    pub count: Option<f64>,
    /// Eight times in ten it is no less, where it is uncertain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Nor more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

/// A facility on the country's map.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FacilityDot {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its middle, degrees.
    pub lat: f64,
    /// Its middle, degrees.
    pub lon: f64,
    /// Phones to be expected there: the sum of probabilities.
    pub expected: f64,
    /// Handsets listed there.
    pub handsets: u32,
    /// Of them, those at 0.9 or more.
    pub sure: u32,
    /// Prison cells.
    pub cells: u32,
    /// Inmates held there at the asked time.
    pub held: u32,
    /// Cells in the plan, once that is approved and released; 0 for those who may not see it.
    pub planned: u32,
    /// Cells searched.
    pub searched: u32,
    /// Phones found.
    pub found: u32,
}

/// Something that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ToDo {
    /// `trace`, `attribute`, `plan`, `approve`, `ask`, `clock`, `sectors`, `lapse`, `review`, `alert`.
    pub kind: &'static str,
    /// In words.
    pub text: Text,
    /// The page where it is done.
    pub href: String,
    /// Whether it can't wait.
    pub urgent: bool,
}

/// A step that was run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunLine {
    /// Its name in the case.
    pub id: String,
    /// Which step.
    pub step: String,
    /// When.
    pub at: String,
    /// cellsweep's version.
    pub version: String,
}

/// The case's own page.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct CaseView {
    /// What people call it.
    pub title: String,
    /// `exercise` or `investigation`.
    pub kind: &'static str,
    /// The country whose profile applies.
    pub country: String,
    /// First and last record.
    pub window: Option<Stretch>,
    /// The time that "kept there" is asked for.
    pub at: Option<String>,
    /// Whether it was traced.
    pub traced: bool,
    /// Whether it was attributed.
    pub attributed: bool,
    /// Whether there is a plan; false for those who may see none.
    pub planned: bool,
    /// How many phones are left at each step.
    pub funnel: Vec<FunnelStep>,
    /// Facilities.
    pub facilities: Vec<FacilityDot>,
    /// What waits for somebody.
    pub todo: Vec<ToDo>,
    /// Steps that were run, latest first.
    pub runs: Vec<RunLine>,
}

/// Runs on the page.
const MOST_RUNS: usize = 20;
/// Alerts on the page, and for how long one is new.
const MOST_ALERTS: usize = 8;
const ALERT_DAYS: i64 = 7;
/// An authority that lapses within so many days is spoken of.
const LAPSES_SOON_DAYS: i64 = 14;

/// The latest alerts of the last days, one for each page that they lead to.
fn latest_alerts(case: &Case, eyes: &Eyes, now: Timestamp) -> Vec<ToDo> {
    let is_new = |line: &AlertLine| {
        let raised: Option<Timestamp> = line.raised.parse().ok();
        raised.is_some_and(|raised| now.duration_since(raised).as_hours() < 24 * ALERT_DAYS)
    };
    let mut todo: Vec<ToDo> = Vec::new();
    for line in alerts_for(case, eyes).into_iter().take_while(is_new) {
        let href = match &line.handset {
            Some(handset) => format!("/handsets/{handset}?facility={}", line.facility),
            None => format!("/facilities/{}", line.facility),
        };
        if todo.len() < MOST_ALERTS && todo.iter().all(|item| item.href != href) {
            let urgent = line.kind == AlertKind::Silent.word();
            todo.push(ToDo { kind: "alert", text: line.title, href, urgent });
        }
    }
    todo
}

impl Views {
    /// The case's own page.
    pub fn case(&self, case: &Case, eyes: &Eyes, now: Timestamp) -> CaseView {
        let runs = case.manifest().events.iter().rev().filter_map(|logged| match &logged.event {
            cellsweep_model::case::CaseEvent::Ran { run } => Some(RunLine {
                id: run.id.clone(),
                step: run.step.clone(),
                at: logged.time.to_string(),
                version: run.version.clone(),
            }),
            _ => None,
        });
        CaseView {
            title: case_title(case.dir()),
            kind: match case.kind() {
                CaseKind::Exercise => "exercise",
                CaseKind::Investigation => "investigation",
            },
            country: case.manifest().country.country.clone(),
            window: self.base.window.and_then(|(from, to)| Some(Stretch { from: instant(from)?, to: instant(to)? })),
            at: self.base.at.and_then(instant),
            traced: self.base.facts.is_some(),
            attributed: self.base.attributed,
            planned: self.plan_for(eyes).is_some(),
            funnel: self.funnel(eyes),
            facilities: self.dots(eyes, now),
            todo: latest_alerts(case, eyes, now).into_iter().chain(self.to_do(case, eyes, now)).collect(),
            runs: runs.take(MOST_RUNS).collect(),
        }
    }

    /// The latest plan, for those who may see one.
    fn plan_for(&self, eyes: &Eyes) -> Option<&Planned> {
        self.plan.as_ref().filter(|_| eyes.plans.any())
    }

    fn funnel(&self, eyes: &Eyes) -> Vec<FunnelStep> {
        let step = |step, count: Option<f64>| FunnelStep { step, count, low: None, high: None };
        let sure = |step, chances: Vec<f64>| {
            let (low, high) = spread(&chances);
            FunnelStep { step, count: Some(chances.iter().sum()), low: Some(low), high: Some(high) }
        };
        let shown = || self.base.devices.iter().filter(|page| eyes.see(&page.device.facility));
        let traced: Vec<f64> = shown().map(|page| page.device.probability).collect();
        let named = |page: &cellsweep_report::DevicePage| {
            page.holders.iter().filter(|holder| holder.inmate.is_some()).map(|holder| holder.probability).sum::<f64>()
        };
        let attributed: Vec<f64> = shown().map(|page| named(page).min(1.0)).collect();
        let since = self.plan_for(eyes).map(|plan| plan.kept.start);
        let searched = self.base.searches.iter().filter(|search| since.is_some_and(|start| search.time >= start));
        let found = self.base.finds.iter().filter(|find| since.is_some_and(|start| find.time >= start));
        let planned = self.plan_for(eyes).map(|plan| &plan.kept.summary);
        vec![
            step("sold", self.base.sold.map(|sold| sold as f64)),
            step("seen", self.base.facts.as_ref().map(|_| shown().filter(|page| page.device.in_ledger).count() as f64)),
            if self.base.facts.is_some() { sure("traced", traced) } else { step("traced", None) },
            if self.base.attributed { sure("attributed", attributed) } else { step("attributed", None) },
            FunnelStep {
                step: "planned",
                count: planned.map(|plan| plan.expected_phones),
                low: planned.map(|plan| plan.between.0),
                high: planned.map(|plan| plan.between.1),
            },
            step("searched", since.map(|_| searched.count() as f64)),
            step("found", since.map(|_| found.count() as f64)),
        ]
    }

    /// Facilities on the map, those with most first.
    pub(super) fn dots(&self, eyes: &Eyes, now: Timestamp) -> Vec<FacilityDot> {
        let mut listed: BTreeMap<&FacilityId, (f64, u32, u32)> = BTreeMap::new();
        for page in &self.base.devices {
            let sum = listed.entry(&page.device.facility).or_default();
            sum.0 += page.device.probability;
            sum.1 += 1;
            sum.2 += u32::from(page.device.probability >= 0.9);
        }
        let mut planned: BTreeMap<FacilityId, u32> = BTreeMap::new();
        for row in self.open_rows(now).into_iter().filter(|row| eyes.plans.hold(&row.facility)) {
            *planned.entry(row.facility).or_default() += 1;
        }
        let mut dots: Vec<FacilityDot> = self
            .base
            .facilities
            .iter()
            .filter(|facility| eyes.see(&facility.id))
            .map(|facility| {
                let (expected, handsets, sure) = listed.get(&facility.id).copied().unwrap_or_default();
                let held =
                    self.base.cells.get(&facility.id).map_or(0, |cells| cells.iter().map(|cell| cell.held).sum());
                let tally = self.base.tallies.get(&facility.id).copied().unwrap_or_default();
                FacilityDot {
                    id: facility.id.to_string(),
                    name: facility.name.clone(),
                    lat: facility.place.lat,
                    lon: facility.place.lon,
                    expected,
                    handsets,
                    sure,
                    cells: tally.cells,
                    held,
                    planned: planned.get(&facility.id).copied().unwrap_or(0),
                    searched: tally.searched,
                    found: tally.found,
                }
            })
            .collect();
        dots.sort_by(|a, b| b.expected.total_cmp(&a.expected).then_with(|| a.id.cmp(&b.id)));
        dots
    }

    fn to_do(&self, case: &Case, eyes: &Eyes, now: Timestamp) -> Vec<ToDo> {
        let mut todo = Vec::new();
        let mut add = |kind, fr: String, en: String, href: &str, urgent| {
            todo.push(ToDo { kind, text: Text::new(fr, en), href: href.to_owned(), urgent });
        };
        for grant in case.manifest().grants() {
            let authority = &grant.authority;
            let left = authority.valid_until.duration_since(now).as_hours();
            if left < 24 * LAPSES_SOON_DAYS {
                let (until, id) = (authority.valid_until, &authority.id);
                let fr = format!("L'autorisation {id} prend fin le {until}");
                add("lapse", fr, format!("The authority {id} ends at {until}"), "/authorities", left < 48);
            }
        }
        match (&self.base.facts, self.base.attributed, &self.plan) {
            (None, ..) if self.base.window.is_some() => {
                add("trace", "Lancer la localisation".into(), "Run the trace".into(), "/imports", false);
            }
            (None, ..) => add("import", "Importer les données".into(), "Import the data".into(), "/imports", false),
            (Some(_), true, None) if eyes.plans.any() => {
                add("plan", "Préparer le plan du matin".into(), "Plan the morning".into(), "/plan", false);
            }
            (Some(_), true, Some(plan)) if plan.approved.is_none() && eyes.plans.any() => {
                let fr = format!("Le plan {} attend une approbation", plan.kept.summary.run);
                let en = format!("The plan {} waits for approval", plan.kept.summary.run);
                add("approve", fr, en, "/plan", true);
            }
            _ => {}
        }
        if let Some(facts) = &self.base.facts {
            self.doubts(facts, &mut add);
        }
        todo
    }

    /// What the trace noticed and somebody should settle.
    fn doubts(&self, facts: &crate::TraceFacts, add: &mut dyn FnMut(&'static str, String, String, &str, bool)) {
        let (asks, clocks, sectors) = (facts.asks.len(), facts.clock_slips.len(), facts.table_doubts.len());
        if asks > 0 {
            let fr = format!("{asks} demandes aux opérateurs trancheraient des cas ouverts");
            add("ask", fr, format!("{asks} questions to operators would settle open cases"), "/handsets", false);
        }
        if clocks > 0 {
            let fr = format!("L'horloge d'un opérateur semble décalée ({clocks})");
            add("clock", fr, format!("An operator's clock seems to be off ({clocks})"), "/imports", false);
        }
        if sectors > 0 {
            let fr = format!("{sectors} secteurs manquent ou sont mal placés dans la table");
            add("sectors", fr, format!("{sectors} sectors are missing from the table or misplaced"), "/imports", false);
        }
    }
}

/// Each is so or not, independently: their number eight times in ten, within 1.2816 standard deviations.
fn spread(chances: &[f64]) -> (f64, f64) {
    let mean: f64 = chances.iter().sum();
    let variance: f64 = chances.iter().map(|chance| chance * (1.0 - chance).max(0.0)).sum();
    let reach = 1.2816 * variance.sqrt();
    ((mean - reach).max(0.0), mean + reach)
}

/// What a case is called: as its folder, and where that is just `case` (a demonstration's is), as the one above.
pub fn case_title(dir: &Path) -> String {
    let full = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let name = |dir: &Path| dir.file_name().map(|name| name.to_string_lossy().into_owned());
    let above = full.parent().and_then(name).filter(|_| name(&full).as_deref() == Some("case"));
    above.or_else(|| name(&full)).unwrap_or_default()
}
