//! What is in a package before it leaves: every category of personal data, how many, why, under whose order.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::field::{Category, TABLES};
use super::{CutError, Profile};
use crate::snapshot::{AuthorityName, CaseSnapshot, PersonCategory, Words};

/// What whoever approves a package is shown.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Preview {
    /// The package's purpose.
    pub purpose: Words,
    /// For whom.
    pub recipient: Words,
    /// Every category that is in it.
    pub lines: Vec<PreviewLine>,
}

/// One category of personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewLine {
    /// Which.
    pub category: Category,
    /// How many values.
    pub count: usize,
    /// In which fields: `table.field`.
    pub fields: BTreeSet<String>,
    /// Why it leaves.
    pub why: Words,
    /// The orders under which it was obtained.
    pub authorities: BTreeSet<AuthorityName>,
    /// Values whose row names no order: in an exercise all of them.
    pub without_authority: usize,
}

/// Why there is no preview: the package may not leave as it is.
#[derive(Debug, thiserror::Error)]
pub enum PreviewError {
    /// Personal data that leave for no stated reason.
    #[error("profile {profile} doesn't say why {} leaves, and there are {count} in the package", .category.word())]
    NoReason {
        /// Which profile.
        profile: String,
        /// Which category.
        category: Category,
        /// How many values.
        count: usize,
    },
    /// The snapshot doesn't become JSON.
    #[error(transparent)]
    Cut(#[from] CutError),
}

#[derive(Default)]
struct Tally {
    count: usize,
    fields: BTreeSet<String>,
    authorities: BTreeSet<AuthorityName>,
    without: usize,
}

impl Profile {
    /// What is in a snapshot that was cut by this profile.
    ///
    /// # Errors
    /// Where it holds personal data for which the profile states no reason.
    pub fn preview(&self, snapshot: &CaseSnapshot) -> Result<Preview, PreviewError> {
        let mut lines = Vec::new();
        for (category, tally) in tallies(snapshot)? {
            let no_reason =
                || PreviewError::NoReason { profile: self.profile.to_string(), category, count: tally.count };
            let why = self.why.get(&category).cloned().ok_or_else(no_reason)?;
            let Tally { count, fields, authorities, without } = tally;
            lines.push(PreviewLine { category, count, fields, why, authorities, without_authority: without });
        }
        Ok(Preview { purpose: self.purpose.clone(), recipient: self.recipient.clone(), lines })
    }
}

fn tallies(snapshot: &CaseSnapshot) -> Result<BTreeMap<Category, Tally>, CutError> {
    let tables = serde_json::to_value(snapshot)?;
    let mut tallies: BTreeMap<Category, Tally> = BTreeMap::new();
    for (section, fields) in TABLES {
        let rows = tables.get(*section).and_then(Value::as_array);
        for row in rows.into_iter().flatten() {
            for field in *fields {
                let (Some(holds), Some(value)) = (field.holds, row.get(field.name)) else { continue };
                let tally = tallies.entry(in_row(holds, section, row)).or_default();
                let count = value.as_array().map_or(1, Vec::len);
                tally.count += count;
                tally.fields.insert(format!("{section}.{}", field.name));
                match row.get("authority").and_then(Value::as_str).and_then(|name| name.parse().ok()) {
                    Some(authority) => _ = tally.authorities.insert(authority),
                    None => tally.without += count,
                }
            }
        }
    }
    Ok(tallies)
}

/// An official's row is of an official, whatever stands in it.
fn in_row(holds: Category, section: &str, row: &Value) -> Category {
    let official =
        section == "persons" && row.get("category").and_then(Value::as_str) == Some(PersonCategory::Official.word());
    if official { Category::Official } else { holds }
}
