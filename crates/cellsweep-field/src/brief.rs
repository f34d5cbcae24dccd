//! What phones are told beside the plan. Whoever mounts the field puts it together; it is never in the day's log.

use std::collections::BTreeMap;

use cellsweep_sweep::FacilityName;
use cellsweep_sweep::day::{CellRef, Detector, ModelClass};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Said {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// All that phones may be told; each gets its own team's part. It names people, so it prints nothing in `Debug`.
#[derive(Clone, Default)]
pub struct Brief {
    /// The sites.
    pub sites: BTreeMap<FacilityName, SiteBrief>,
    /// Cells, planned or not.
    pub cells: BTreeMap<CellRef, CellBrief>,
    /// The country profile's words.
    pub words: Words,
    /// Under whose order.
    pub authority: Option<Authority>,
}

impl std::fmt::Debug for Brief {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Brief({} sites, {} cells)", self.sites.len(), self.cells.len())
    }
}

/// A site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteBrief {
    /// What people call it.
    pub name: String,
    /// Degrees north.
    pub lat: Option<f64>,
    /// Degrees east.
    pub lon: Option<f64>,
    /// Its time zone by IANA's name.
    pub timezone: Option<String>,
}

/// A cell.
#[derive(Clone, Default, Serialize)]
pub struct CellBrief {
    /// Who is held there, and only that.
    pub held: Vec<Held>,
    /// Who is to be searched there, and not only the cell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
    /// What is expected there.
    pub look_for: Vec<LookFor>,
    /// Hiding places seen there before.
    pub hiding_places: Vec<String>,
}

/// Somebody who is held in a cell.
#[derive(Clone, Serialize)]
pub struct Held {
    /// The name.
    pub name: String,
    /// The house's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// A phone that is expected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LookFor {
    /// Its model, as people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Its class.
    pub class: ModelClass,
    /// Height, width and depth in millimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_mm: Option<[f64; 3]>,
    /// What senses it.
    pub detected_by: Vec<Detector>,
    /// What it looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
}

/// A small picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Picture {
    /// Its media type.
    pub media: String,
    /// Its bytes.
    pub base64: String,
}

/// How the country's profile words what officers do about people.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Words {
    /// Found on a person.
    pub on_person: Said,
    /// Suspected inside a body.
    pub in_body: Said,
}

/// The order under which cells are searched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Authority {
    /// As the authority refers to it.
    pub reference: String,
    /// Until when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}
