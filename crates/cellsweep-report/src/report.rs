//! What a report holds: plain values that whoever runs the steps fills in. Their JSON is versioned.

use std::collections::BTreeMap;

use cellsweep_model::geometry::Point;
use cellsweep_model::rows::{Antenna, Facility, Sector};
use cellsweep_model::{Device, FacilityId, Holder, Segment};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::activity::Activity;
use crate::calibration::Calibration;
use crate::lang::{Lang, Text};
use crate::people::CellPage;
use crate::quality::Quality;

/// The version of a report's JSON.
pub const WIRE_VERSION: u32 = 1;

/// A trace, as people read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`WIRE_VERSION`].
    pub version: u32,
    /// The language in which it opens; the page can be switched to the other.
    pub lang: Lang,
    /// The case and the run.
    pub case: CasePage,
    /// Every facility, with or without devices.
    pub facilities: Vec<FacilityPage>,
    /// Every listed device, best first.
    pub devices: Vec<DevicePage>,
    /// What came in, before anybody trusts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Where the truth is known of some handsets: how good the weights are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
    /// Where the whole truth is known, as in a made-up world: what was found and missed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<Truth>,
    /// By facility, its cells with what may lie there, where the latest trace was attributed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cells: BTreeMap<FacilityId, Vec<CellPage>>,
}

impl Report {
    /// Sets each facility's expected number of phones and number over 0.5 from the devices.
    pub fn tally(&mut self) {
        let mut sums: BTreeMap<&FacilityId, (f64, u32)> = BTreeMap::new();
        for page in &self.devices {
            let sum = sums.entry(&page.device.facility).or_default();
            sum.0 += page.device.probability;
            sum.1 += u32::from(page.device.probability > 0.5);
        }
        for facility in &mut self.facilities {
            (facility.expected, facility.listed) = sums.get(&facility.id).copied().unwrap_or_default();
        }
    }
}

/// The case and the run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CasePage {
    /// What people call the case.
    pub title: String,
    /// Invented data: every screen and every printed page says so.
    pub exercise: bool,
    /// When the report was made.
    pub made_at: Timestamp,
    /// cellsweep's version.
    pub version: String,
    /// Everything that steered the run.
    pub settings: serde_json::Value,
    /// First and last record.
    pub window: Option<Window>,
    /// The time that "kept there" is asked for.
    pub at: Timestamp,
    /// The prior, in words: what it rests on. Each device carries its number.
    pub prior: Text,
    /// Devices below this probability are left out.
    pub threshold: f64,
    /// What came in.
    pub imports: Vec<ImportPage>,
    /// Anything else that a reader must know, a paragraph each.
    #[serde(default)]
    pub notes: Vec<Text>,
}

/// A stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// Its start.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
}

/// A file that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ImportPage {
    /// Its name.
    pub file: String,
    /// Which table.
    pub table: String,
    /// SHA-256 of its bytes.
    pub digest: String,
    /// Rows in it.
    pub read: u64,
    /// Rows that went on.
    pub kept: u64,
    /// Rows in quarantine, by reason.
    pub rejected: BTreeMap<String, u64>,
    /// Rows that went on with a doubt, by doubt.
    pub doubts: BTreeMap<String, u64>,
}

impl From<&cellsweep_model::case::Import> for ImportPage {
    fn from(import: &cellsweep_model::case::Import) -> Self {
        Self {
            file: import.file.clone(),
            table: import.table.name().to_owned(),
            digest: import.digest.0.clone(),
            read: import.rows.read,
            kept: import.rows.kept,
            rejected: import.rows.rejected.clone(),
            doubts: import.rows.doubts.clone(),
        }
    }
}

/// A prison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FacilityPage {
    /// Its identifier.
    pub id: FacilityId,
    /// Its name.
    pub name: String,
    /// Its middle.
    pub place: Point,
    /// Its outline, not closed.
    pub outline: Vec<Point>,
    /// Places, where known.
    pub capacity: Option<i64>,
    /// IANA time zone; UTC where unknown.
    pub timezone: Option<String>,
    /// Expected number of phones: the sum of its devices' probabilities.
    pub expected: f64,
    /// Devices over 0.5.
    pub listed: u32,
    /// Whether radio measurements taken inside are at hand.
    pub surveyed: bool,
    /// Sectors around, for its map.
    pub sectors: Vec<FacilitySector>,
}

impl From<&Facility> for FacilityPage {
    fn from(facility: &Facility) -> Self {
        Self {
            id: facility.id.clone(),
            name: facility.name.clone(),
            place: facility.outline.centroid(),
            outline: facility.outline.ring.clone(),
            capacity: facility.capacity,
            timezone: facility.timezone.clone(),
            expected: 0.0,
            listed: 0,
            surveyed: false,
            sectors: Vec::new(),
        }
    }
}

/// A radio sector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SectorPage {
    /// Its identity, as tables write it.
    pub id: String,
    /// Whose it is.
    pub operator: String,
    /// `GSM`, `UMTS`, `LTE` or `NR`.
    pub technology: String,
    /// Where the antenna stands.
    pub place: Point,
    /// Clockwise from north; `None` looks all around.
    pub azimuth_deg: Option<f64>,
    /// Between the half-power points.
    pub beamwidth_deg: Option<f64>,
}

impl SectorPage {
    /// From the table's row and the operator's name.
    pub fn new(sector: &Sector, operator: impl Into<String>) -> Self {
        let (azimuth_deg, beamwidth_deg) = match sector.antenna {
            Antenna::Omni => (None, None),
            Antenna::Directed { azimuth_deg, beamwidth_deg } => (Some(azimuth_deg), Some(beamwidth_deg)),
        };
        Self {
            id: sector.id.to_string(),
            operator: operator.into(),
            technology: sector.technology.word().to_owned(),
            place: sector.at,
            azimuth_deg,
            beamwidth_deg,
        }
    }
}

/// A sector near a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FacilitySector {
    /// Which.
    pub sector: SectorPage,
    /// Whether it serves inside.
    pub serves_inside: bool,
    /// Share of the measurements taken inside that it served, where there are any.
    pub survey_share: Option<f64>,
}

/// A handset in a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DevicePage {
    /// What trace says.
    pub device: Device,
    /// The prior odds of "kept in this facility", log10.
    pub prior_log10_odds: f64,
    /// The model's name, where the catalogue knows it.
    pub model: Option<String>,
    /// Its role, where the administration knows the device.
    pub known_role: Option<String>,
    /// When and where it was heard: the devices that matter most carry it.
    pub detail: Option<DeviceDetail>,
    /// Who may use it, best first, none on the roster last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holders: Vec<Holder>,
    /// Who may have used it when, where it changed hands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<Segment>,
}

impl DevicePage {
    /// A device that carries no detail.
    pub const fn new(device: Device, prior_log10_odds: f64) -> Self {
        Self {
            device,
            prior_log10_odds,
            model: None,
            known_role: None,
            detail: None,
            holders: Vec::new(),
            segments: Vec::new(),
        }
    }
}

/// When and where a device was heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DeviceDetail {
    /// Hour by hour, in the facility's local time.
    pub activity: Activity,
    /// The sectors that served it, most used first.
    pub sectors: Vec<ServingSector>,
}

/// A sector that served a device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServingSector {
    /// Which.
    pub sector: SectorPage,
    /// The device's records there.
    pub events: u32,
    /// Their share of all its records.
    pub share: f64,
    /// Whether it serves inside the facility.
    pub serves_inside: bool,
}

/// What was found of what was there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// A device counts as found from this probability on.
    pub threshold: f64,
    /// Phones that were kept in a facility, and what became of them; each in one kind only.
    pub kept: Vec<Stratum>,
    /// The same phones by other marks; one may bear several or none.
    pub marked: Vec<Stratum>,
    /// Devices listed though they were kept elsewhere, by what they really are.
    pub false_alarms: Vec<FalseAlarm>,
}

/// Phones of one kind that were kept in a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stratum {
    /// What kind.
    pub name: Text,
    /// How many there were.
    pub there: u32,
    /// Listed in the right facility.
    pub found: u32,
    /// Listed in another.
    pub wrong: u32,
}

/// Devices of one kind that were listed wrongly.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FalseAlarm {
    /// What they really are.
    pub name: Text,
    /// How many were listed.
    pub listed: u32,
}
