//! The report: what trace left, put together for people.

pub(crate) mod detail;
pub(crate) mod facility;
pub(crate) mod people;
pub(crate) mod sectors;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cellsweep_model::case::{CaseKind, Run};
use cellsweep_model::{Device, Imei, Tac};
use cellsweep_report::{CasePage, DevicePage, Lang, Report, Text, WIRE_VERSION, Window};
use cellsweep_store::Case;
use cellsweep_trace::{Evidence, TraceSettings};
use jiff::Timestamp;
use rustc_hash::FxHashMap;

use crate::report::detail::Details;
use crate::report::sectors::SectorBook;
use crate::run::TraceFacts;
use crate::trace::{STEP, evidence, window};
use crate::views::case_title;
use crate::{Comparison, DeviceFilter, FlowError, Session, VERSION, devices};

/// What a report is asked for.
#[derive(Debug, Clone)]
pub struct ReportAsked {
    /// The language in which it opens.
    pub lang: Lang,
    /// So many of the best devices get a page of their own with hours and sectors.
    pub full_pages: usize,
    /// The truth, where it is known.
    pub comparison: Option<Comparison>,
}

/// Writes the latest trace's report as one HTML file that needs nothing else.
///
/// # Errors
/// When the case has not been traced, a file can't be read or the report can't be written.
pub fn report(case: &Case, out: &Path, asked: &ReportAsked, session: &Session<'_>) -> Result<(), FlowError> {
    let task = session.progress.begin("writing the report");
    let run = case.latest_run(STEP).ok_or_else(|| FlowError::NotTraced { dir: case.dir().to_owned() })?;
    let maker = Maker { case, run, asked, session, evidence: evidence(case)? };
    let report = maker.report(&|share| task.advance(share))?;
    let mut file = BufWriter::new(File::create(out).map_err(FlowError::io("create", out))?);
    cellsweep_report::html(&report, &mut file).map_err(FlowError::output("report"))?;
    file.flush().map_err(FlowError::io("write", out))
}

struct Maker<'a> {
    case: &'a Case,
    run: &'a Run,
    asked: &'a ReportAsked,
    session: &'a Session<'a>,
    evidence: Evidence,
}

impl Maker<'_> {
    fn report(&self, progress: &dyn Fn(f64)) -> Result<Report, FlowError> {
        let facts: TraceFacts = self.case.json_of(self.run, TraceFacts::FILE)?;
        let list = devices(self.case, &DeviceFilter::default())?;
        let book = SectorBook::new(self.case, &self.evidence)?;
        progress(0.2);
        let mut pages = device_pages(&self.evidence, list, facts.prior);
        self.add_details(&mut pages, &book)?;
        progress(0.7);
        let cells = people::add(self.case, self.run, &mut pages, settings_at(self.run, self.case))?;
        progress(0.8);
        let comparison = self.asked.comparison.as_ref();
        let mut report = Report {
            version: WIRE_VERSION,
            lang: self.asked.lang,
            case: self.case_page(&facts)?,
            facilities: facility::pages(&self.evidence, &book),
            devices: pages,
            quality: Some(crate::quality_of(self.case, self.session)?),
            calibration: comparison.map(|comparison| comparison.calibration.clone()),
            truth: comparison.map(|comparison| comparison.truth.clone()),
            cells,
        };
        report.tally();
        Ok(report)
    }

    fn case_page(&self, facts: &TraceFacts) -> Result<CasePage, FlowError> {
        let settings: TraceSettings =
            serde_json::from_value(self.run.settings.clone()).map_err(FlowError::output("settings"))?;
        let (first, last) = window(self.case);
        let instant = |micros| Timestamp::from_microsecond(micros).unwrap_or_default();
        Ok(CasePage {
            title: case_title(self.case.dir()),
            exercise: self.case.kind() == CaseKind::Exercise,
            made_at: self.session.now(),
            version: VERSION.to_owned(),
            settings: self.run.settings.clone(),
            window: Some(Window { from: instant(first), to: instant(last) }),
            at: instant(settings.at.unwrap_or(last)),
            prior: prior_words(facts, settings.prior),
            threshold: settings.threshold,
            imports: self.case.manifest().imports().map(Into::into).collect(),
            notes: Vec::new(),
        })
    }

    /// Hours and sectors of the best devices.
    fn add_details(&self, pages: &mut [DevicePage], book: &SectorBook) -> Result<(), FlowError> {
        let count = self.asked.full_pages.min(pages.len());
        let (best, _) = pages.split_at_mut(count);
        let details = Details::read(self.case, best, self.session)?;
        for page in best {
            page.detail = details.of(&page.device, &self.evidence, book);
        }
        Ok(())
    }
}

/// A page for each device, without its details.
pub(crate) fn device_pages(evidence: &Evidence, list: Vec<Device>, prior: f64) -> Vec<DevicePage> {
    let models: FxHashMap<Tac, &str> =
        evidence.models.iter().filter_map(|model| Some((model.tac, model.model.as_deref()?))).collect();
    let roles: FxHashMap<Imei, &str> =
        evidence.known_devices.iter().map(|known| (known.imei, known.role.as_str())).collect();
    let prior = (prior / (1.0 - prior)).log10();
    let mut pages = Vec::with_capacity(list.len());
    for device in list {
        let mut page = DevicePage::new(device, prior);
        page.model = page.device.imei.and_then(|imei| models.get(&imei.tac())).map(|name| (*name).to_owned());
        page.known_role = page.device.imei.and_then(|imei| roles.get(&imei)).map(|role| (*role).to_owned());
        pages.push(page);
    }
    pages
}

/// The time that was asked for.
pub(crate) fn settings_at(run: &Run, case: &Case) -> i64 {
    run.settings.get("at").and_then(serde_json::Value::as_i64).unwrap_or_else(|| window(case).1)
}

fn prior_words(facts: &TraceFacts, given: Option<f64>) -> Text {
    let share = facts.prior;
    let (french, english) = given.map_or_else(Default::default, |given| {
        (
            format!(
                " ; la part des appareils entendus qui sont gardés a été fixée à {given} par qui a lancé le calcul"
            ),
            format!("; the share of heard handsets that are kept was set to {given} by whoever ran the trace"),
        )
    });
    Text::new(
        format!("la part attendue des lignes de la liste qui sont justes ({share:.4}){french}"),
        format!("the share of the listed rows that are expected to be right ({share:.4}){english}"),
    )
}
