//! A method that is handed to the next country: what to look for and how to weigh it, and nobody's data.
//!
//! It is data through and through: taking it in runs nothing. What it would change is told beforehand
//! ([`Method::effects`]), and a person decides.

use std::collections::BTreeMap;

use cellsweep_proof::Hash;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::snapshot::{Code, Country, Decimal, DeviceClass, Imei, SnapshotError, Version, Words, version_of};

mod effect;
mod personal;

pub use effect::Effect;
pub use personal::Personal;

/// The version that is written.
pub const VERSION: u32 = 1;

/// What one country hands to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    /// Always 1.
    pub version: Version<VERSION>,
    /// What it is called.
    pub name: Words,
    /// Whose it is.
    pub country: Country,
    /// Which authority hands it on.
    pub agency: Words,
    /// Under which terms it may be used.
    pub terms: Words,
    /// From when on it shall no longer be used.
    pub expires: Timestamp,
    /// Models to look for.
    #[serde(default)]
    pub models: Vec<Model>,
    /// Handsets to look for, where an authority allows it.
    #[serde(default)]
    pub handsets: Vec<HandsetSet>,
    /// By what a supplier is known.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// How operators' files are read.
    #[serde(default)]
    pub import_profiles: Vec<ImportProfile>,
    /// How steps were set, and how well that was calibrated.
    #[serde(default)]
    pub settings: Vec<StepSettings>,
    /// A made-up country that behaves like theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub world: Option<World>,
    /// What was learnt.
    #[serde(default)]
    pub lessons: Vec<Lesson>,
}

/// A model and its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Type Allocation Code, 8 digits.
    pub tac: Tac,
    /// Brand.
    pub brand: Words,
    /// Model.
    pub model: Words,
    /// The catalogue's class.
    pub class: DeviceClass,
}

/// Type Allocation Code: the first 8 digits of an IMEI.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tac(String);

impl Tac {
    /// The 8 digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Tac {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        let good = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
        if good { Ok(Self(text)) } else { Err("a TAC is 8 digits") }
    }
}

impl From<Tac> for String {
    fn from(tac: Tac) -> Self {
        tac.0
    }
}

/// Handsets that a supplier made or sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HandsetSet {
    /// Serial numbers in a row: a production lot, nobody's in particular.
    Range {
        /// The model.
        tac: Tac,
        /// First serial number, 0 to 999,999.
        from: u32,
        /// Last serial number.
        to: u32,
    },
    /// Single handsets: each may be somebody's, so an order has to allow it.
    List {
        /// The handsets.
        imeis: Vec<Imei>,
        /// The order, and where it stands.
        allowed_by: Words,
    },
}

/// By what a supplier is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    /// Which kind: a shop's domain, a product's wording, a parcel's sender form.
    pub kind: Code,
    /// What it is.
    pub value: Words,
}

/// How an operator's files are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportProfile {
    /// Its name.
    pub name: Code,
    /// The profile, as its file has it.
    pub toml: String,
}

/// How a step was set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepSettings {
    /// Which step.
    pub step: Code,
    /// Of which version of the program.
    pub version: Words,
    /// The settings, by name.
    pub settings: BTreeMap<Code, Words>,
    /// SHA-256 of the settings as the run logged them.
    pub digest: Hash,
    /// How well its weights were calibrated with them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calibration: Option<Calibration>,
}

/// How well weights were calibrated, on how many labelled cases.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// Cases where the first proposition held.
    pub positives: u32,
    /// Cases where the other did.
    pub negatives: u32,
    /// Cllr.
    pub cllr: Decimal,
    /// Cllr-min.
    pub cllr_min: Decimal,
    /// Lower bound that the sample supports, log10.
    pub elub_lower: Decimal,
    /// Upper bound that the sample supports, log10.
    pub elub_upper: Decimal,
    /// When it was measured.
    pub measured: Date,
}

/// A made-up country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct World {
    /// Its seed.
    pub seed: u64,
    /// Which family of worlds.
    pub family: Code,
    /// Of which version of the program.
    pub version: Words,
}

/// Something that was learnt, with its uncertainty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lesson {
    /// What about: jamming, a detector, a route.
    pub about: Code,
    /// What was measured, with its unit.
    pub measure: Words,
    /// The estimate.
    pub estimate: Decimal,
    /// Lower end of its interval.
    pub lower: Decimal,
    /// Upper end of its interval.
    pub upper: Decimal,
    /// How wide the interval is meant to be, in percent: 95.
    pub percent: u8,
    /// On how many observations.
    pub n: u64,
}

impl Method {
    /// As JSON, in the newest version.
    ///
    /// # Errors
    /// Never in practice: all of it is text and whole numbers.
    pub fn to_json(&self) -> Result<Vec<u8>, SnapshotError> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a method of any version that was ever written.
    ///
    /// # Errors
    /// Where it isn't one, or a newer program wrote it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, SnapshotError> {
        match version_of(bytes)? {
            VERSION => Ok(serde_json::from_slice(bytes)?),
            found => Err(SnapshotError::Newer { found }),
        }
    }
}
