//! From a report to the page's own data: a table of all devices that opens at once, and for each
//! facility a block of details that is read only when it is looked at.

use std::collections::HashMap;

use cellsweep_model::FacilityId;
use cellsweep_model::finding::Finding;
use serde::Serialize;

use crate::activity::Activity;
use crate::calibration::Calibration;
use crate::lang::{Lang, Text};
use crate::people::{self, CellRow, HolderRow, SegmentRow};
use crate::quality::Quality;
use crate::report::{CasePage, DevicePage, FacilityPage, Report, SectorPage, ServingSector, Truth};
use crate::sentence::{known_limits, sentence, source_name, title};
use crate::verbal::{Verbal, verbal};

/// What the page reads first.
#[derive(Serialize)]
pub(crate) struct Overview<'a> {
    version: u32,
    lang: Lang,
    case: &'a CasePage,
    facilities: &'a [FacilityPage],
    devices: Vec<Row<'a>>,
    verbal_scale: Vec<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quality: Option<&'a Quality>,
    calibration: Option<&'a Calibration>,
    truth: Option<&'a Truth>,
}

/// A line of the table of devices.
#[derive(Serialize)]
struct Row<'a> {
    handset: &'a str,
    imei: Option<cellsweep_model::Imei>,
    /// Index into `facilities`; `None` for a facility that the report doesn't hold.
    facility: Option<usize>,
    log10_lr: f64,
    probability: f64,
    /// Seconds since 1970.
    first_seen: i64,
    last_seen: i64,
    events: u64,
    days_present: u32,
    imsis: u32,
    in_ledger: bool,
    class: &'static str,
    cloned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    known: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
}

/// What the page reads when a facility is looked at.
#[derive(Serialize)]
pub(crate) struct Details<'a> {
    /// Texts that devices refer to by position.
    texts: Vec<Text>,
    /// Sectors, likewise.
    sectors: Vec<&'a SectorPage>,
    devices: Vec<Detail<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cells: Vec<CellRow<'a>>,
}

#[derive(Serialize)]
struct Detail<'a> {
    /// Position in the table of devices.
    device: usize,
    prior: f64,
    posterior: f64,
    other_imeis: &'a [cellsweep_model::Imei],
    verbal: usize,
    findings: Vec<FindingRow>,
    activity: Option<&'a Activity>,
    sectors: Vec<ServingRow>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    holders: Vec<HolderRow<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    segments: Vec<SegmentRow<'a>>,
}

#[derive(Serialize)]
struct FindingRow {
    title: usize,
    sentence: usize,
    limits: usize,
    source: usize,
    log10_lr: f64,
}

#[derive(Serialize)]
struct ServingRow {
    sector: usize,
    events: u32,
    share: f64,
    inside: bool,
}

/// The page's first block.
pub(crate) fn overview(report: &Report) -> Overview<'_> {
    let places: HashMap<&FacilityId, usize> =
        report.facilities.iter().enumerate().map(|(index, facility)| (&facility.id, index)).collect();
    Overview {
        version: report.version,
        lang: report.lang,
        case: &report.case,
        facilities: &report.facilities,
        devices: report.devices.iter().map(|page| row(page, &places)).collect(),
        verbal_scale: Verbal::ALL.iter().map(|step| Text::both(|lang| step.words(lang).to_owned())).collect(),
        quality: report.quality.as_ref(),
        calibration: report.calibration.as_ref(),
        truth: report.truth.as_ref(),
    }
}

fn row<'a>(page: &'a DevicePage, places: &HashMap<&FacilityId, usize>) -> Row<'a> {
    let device = &page.device;
    Row {
        handset: &device.handset,
        imei: device.imei,
        facility: places.get(&device.facility).copied(),
        log10_lr: rounded(device.log10_lr),
        probability: rounded(device.probability),
        first_seen: device.first_seen.div_euclid(1_000_000),
        last_seen: device.last_seen.div_euclid(1_000_000),
        events: device.events,
        days_present: device.days_present,
        imsis: device.imsis,
        in_ledger: device.in_ledger,
        class: device.class.word(),
        cloned: device.cloned,
        known: page.known_role.as_deref(),
        model: page.model.as_deref(),
    }
}

/// The stated probability as log10 odds; where it is too near 0 or 1 to have any, what prior and
/// weight make.
fn posterior(page: &DevicePage) -> f64 {
    let odds = page.device.probability / (1.0 - page.device.probability);
    if odds > 1e-12 && odds < 1e12 { odds.log10() } else { page.prior_log10_odds + page.device.log10_lr }
}

/// Ten-thousandths are more than anyone reads.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// The block of the devices at these positions.
pub(crate) fn details<'a>(report: &'a Report, positions: &[usize]) -> Details<'a> {
    let mut pool = Pool::default();
    let devices = positions.iter().map(|&index| pool.detail(index, &report.devices[index])).collect();
    Details { texts: pool.texts, sectors: pool.sectors, devices, cells: people::cells(report, positions) }
}

/// The positions of each facility's devices; the last block holds those of facilities that the
/// report doesn't know.
pub(crate) fn blocks(report: &Report) -> Vec<Vec<usize>> {
    let places: HashMap<&FacilityId, usize> =
        report.facilities.iter().enumerate().map(|(index, facility)| (&facility.id, index)).collect();
    let mut blocks = vec![Vec::new(); report.facilities.len() + 1];
    for (index, page) in report.devices.iter().enumerate() {
        let block = places.get(&page.device.facility).copied().unwrap_or(report.facilities.len());
        blocks[block].push(index);
    }
    blocks
}

/// Texts and sectors that several devices share, each kept once.
#[derive(Default)]
pub(crate) struct Pool<'a> {
    texts: Vec<Text>,
    text_places: HashMap<Text, usize>,
    sectors: Vec<&'a SectorPage>,
    sector_places: HashMap<&'a str, usize>,
}

impl<'a> Pool<'a> {
    fn detail(&mut self, index: usize, page: &'a DevicePage) -> Detail<'a> {
        let detail = page.detail.as_ref();
        let serving = detail.map_or(&[][..], |detail| &detail.sectors);
        Detail {
            device: index,
            prior: rounded(page.prior_log10_odds),
            posterior: rounded(posterior(page)),
            other_imeis: &page.device.other_imeis,
            verbal: self.text(Text::both(|lang| verbal(page.device.log10_lr, lang))),
            findings: page.device.findings.iter().map(|finding| self.finding(finding)).collect(),
            activity: detail.map(|detail| &detail.activity),
            sectors: serving.iter().map(|serving| self.serving(serving)).collect(),
            holders: people::holders(&page.holders, self),
            segments: people::segments(&page.segments),
        }
    }

    fn finding(&mut self, finding: &Finding) -> FindingRow {
        FindingRow {
            title: self.text(Text::both(|lang| title(&finding.fact, lang).to_owned())),
            sentence: self.text(Text::both(|lang| sentence(&finding.fact, lang))),
            limits: self.text(Text::both(|lang| known_limits(&finding.fact, lang).to_owned())),
            source: self.text(Text::both(|lang| source_name(finding.source, lang).to_owned())),
            log10_lr: rounded(finding.log10_lr),
        }
    }

    fn serving(&mut self, serving: &'a ServingSector) -> ServingRow {
        let next = self.sectors.len();
        let sector = *self.sector_places.entry(&serving.sector.id).or_insert(next);
        if sector == next {
            self.sectors.push(&serving.sector);
        }
        ServingRow { sector, events: serving.events, share: rounded(serving.share), inside: serving.serves_inside }
    }

    pub(crate) fn text(&mut self, text: Text) -> usize {
        if let Some(&place) = self.text_places.get(&text) {
            return place;
        }
        self.texts.push(text.clone());
        self.text_places.insert(text, self.texts.len() - 1);
        self.texts.len() - 1
    }
}
