//! Virtual columns: values made of others.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A column that the file doesn't have, made of others by exactly one of `join`, `first`, `split`,
/// `cut`, `sector` and `of`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Virtual {
    /// What it is called from here on.
    pub name: String,
    /// Columns to put together; where one is blank, so is the whole.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub join: Vec<String>,
    /// What to put between them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with: Option<String>,
    /// Columns of which the first that isn't blank counts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub first: Vec<String>,
    /// A column to split.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// What stands between its parts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// Which part: 1 is the first, -1 the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<i64>,
    /// A column to cut characters out of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<String>,
    /// The first character, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<usize>,
    /// How many; to the end if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<usize>,
    /// Parts that make a sector's identity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector: Option<SectorParts>,
    /// A column to map.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Its words and what they become; what isn't among them becomes blank.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
}

/// The columns that make a sector's identity.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SectorParts {
    /// The network when every row has the same: `208-01`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The country code's column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
    /// The network code's column; numbers get their leading zeros back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnc: Option<String>,
    /// The location area code's column; not used where the technology is LTE or NR.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// The cell identity's column: CI, ECI or NCI.
    pub cell: String,
    /// The column that says the technology; without it `area` decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technology: Option<String>,
    /// The numbers are in hexadecimal.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hex: bool,
}

impl Virtual {
    /// The columns that it is made of.
    pub(crate) fn inputs(&self) -> Vec<&str> {
        let mut inputs: Vec<&str> = self.join.iter().chain(&self.first).map(String::as_str).collect();
        inputs.extend([&self.split, &self.cut, &self.of].into_iter().flatten().map(String::as_str));
        if let Some(sector) = &self.sector {
            inputs.extend(
                [&sector.mcc, &sector.mnc, &sector.area, &sector.technology].into_iter().flatten().map(String::as_str),
            );
            inputs.push(&sector.cell);
        }
        inputs
    }

    /// How many ways it says to make it.
    pub(crate) fn ways(&self) -> usize {
        let ways = [
            !self.join.is_empty(),
            !self.first.is_empty(),
            self.split.is_some(),
            self.cut.is_some(),
            self.sector.is_some(),
            self.of.is_some(),
        ];
        ways.into_iter().filter(|way| *way).count()
    }
}
