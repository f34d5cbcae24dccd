//! Authorities and country profiles: under whose order data are in a case, and which country's
//! law and words apply. Kept in every case from its first day.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use crate::record::Event;
use crate::sector::SectorId;
use crate::table::Table;

/// What an authority orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorityKind {
    /// Operators' stored records.
    Records,
    /// Where a phone is now.
    RealTimeLocation,
    /// The search of places or persons.
    Search,
    /// Passing data on.
    Disclosure,
}

/// An order under which data may be held and used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    /// Its reference in the case.
    pub id: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Who issued it.
    pub body: String,
    /// Its number there.
    pub number: String,
    /// The provision that allows it.
    pub legal_basis: String,
    /// The offences under investigation.
    pub offences: Vec<AuthorityOffence>,
    /// Who reviewed it beforehand, where somebody did.
    pub reviewed_by: Option<String>,
    /// What it orders.
    pub kinds: Vec<AuthorityKind>,
    /// The facilities that it covers; `*` covers all.
    pub facilities: Vec<String>,
    /// The operators whose records it orders; none = any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub operators: Vec<String>,
    /// The events that it orders; none = any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// The sectors of the area that it orders; none = any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<String>,
    /// A file beside this one with more of them, one a line; read when it is granted.
    #[serde(default, skip_serializing)]
    pub sectors_file: Option<String>,
    /// First instant that its data may stem from.
    pub data_from: jiff::Timestamp,
    /// Last instant.
    pub data_to: jiff::Timestamp,
    /// When it lapses.
    pub valid_until: jiff::Timestamp,
    /// EPOC or EIO reference, across borders.
    pub cross_border_reference: Option<String>,
}

/// An offence with the penalty that the law stated at a date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityOffence {
    /// Code in the country profile.
    pub code: String,
    /// Years.
    pub maximum_penalty_years: f64,
    /// The day whose law this is.
    pub as_of: jiff::civil::Date,
}

impl Authority {
    /// The fields missing without which nothing may be brought in under it: body, offence, penalty,
    /// window (CPP 60-1-2; EU 2016/680 art. 8).
    pub fn gaps(&self) -> Vec<&'static str> {
        let mut gaps = Vec::new();
        let blank = |text: &str| text.trim().is_empty();
        if blank(&self.id) {
            gaps.push("id");
        }
        if blank(&self.body) {
            gaps.push("body");
        }
        if blank(&self.number) {
            gaps.push("number");
        }
        if blank(&self.legal_basis) {
            gaps.push("legal_basis");
        }
        if self.offences.is_empty() || self.offences.iter().any(|offence| blank(&offence.code)) {
            gaps.push("offences");
        }
        if self.offences.iter().any(|offence| offence.maximum_penalty_years <= 0.0) {
            gaps.push("offences.maximum_penalty_years");
        }
        if self.kinds.is_empty() {
            gaps.push("kinds");
        }
        if self.data_from >= self.data_to {
            gaps.push("data_from, data_to");
        }
        gaps
    }

    /// Whether it has lapsed.
    pub fn lapsed(&self, now: jiff::Timestamp) -> bool {
        self.valid_until < now
    }

    /// Whether it covers a facility.
    pub fn covers(&self, facility: &str) -> bool {
        self.facilities.iter().any(|covered| covered == "*" || covered == facility)
    }

    /// The rows that it lets in.
    ///
    /// # Errors
    /// An event or a sector that is none, as it stands there.
    pub fn scope(&self) -> Result<Scope, String> {
        let event = |word: &String| Event::from_word(word.as_bytes()).map(Event::code).ok_or_else(|| word.clone());
        let sector = |text: &String| text.parse::<SectorId>().map(|id| id.value()).map_err(|_not_one| text.clone());
        Ok(Scope {
            operators: self.operators.iter().cloned().collect(),
            events: self.events.iter().map(event).collect::<Result<_, _>>()?,
            sectors: self.sectors.iter().map(sector).collect::<Result<_, _>>()?,
            window: (self.data_from.as_microsecond(), self.data_to.as_microsecond()),
            facilities: (!self.covers("*")).then(|| self.facilities.iter().cloned().collect()),
            inmates: None,
        })
    }
}

/// An authority as it was granted in a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// The order.
    pub authority: Authority,
    /// Who granted it: two people or more.
    #[serde(default)]
    pub by: Vec<String>,
    /// What was doubtful about it, and how it was settled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settled: Vec<DoubtSettled>,
}

/// A rule that an authority doesn't seem to satisfy, and a magistrate's words on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoubtSettled {
    /// The rule of the country's profile.
    pub rule: String,
    /// Where it stands.
    pub citation: String,
    /// What was decided.
    pub decision: String,
    /// Who decided.
    pub by: String,
}

/// The rows that an authority lets in; the rest goes to quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Operators; none = any.
    pub operators: BTreeSet<String>,
    /// Events by code; none = any.
    pub events: BTreeSet<u8>,
    /// Sectors by value; none = any.
    pub sectors: FxHashSet<u64>,
    /// First and last instant, microseconds since 1970 UTC.
    pub window: (i64, i64),
    /// Facilities of which the prisons' own tables may speak; `None` = all.
    pub facilities: Option<BTreeSet<String>>,
    /// Inmates of whom tables that name no facility may speak: those of these facilities, by the roster; `None` = all.
    pub inmates: Option<BTreeSet<String>>,
}

impl Scope {
    /// The prisons' own tables, whose rows name a facility.
    const OF_PRISONS: [Table; 7] =
        [Table::Cells, Table::Roster, Table::Jamming, Table::Ingress, Table::Sensors, Table::Seizures, Table::Searches];

    /// Tables that name an inmate and no facility.
    const OF_INMATES: [Table; 3] = [Table::Contacts, Table::Visits, Table::Cases];

    /// Whether a row of a table may name this inmate.
    pub fn lets_inmate(&self, table: Table, inmate: &str) -> bool {
        !Self::OF_INMATES.contains(&table) || self.inmates.as_ref().is_none_or(|inmates| inmates.contains(inmate))
    }

    /// Whether records of this operator may come in.
    pub fn lets_operator(&self, operator: &str) -> bool {
        self.operators.is_empty() || self.operators.contains(operator)
    }

    /// Whether a row of a table may name this facility.
    pub fn lets_facility(&self, table: Table, facility: &str) -> bool {
        !Self::OF_PRISONS.contains(&table)
            || self.facilities.as_ref().is_none_or(|facilities| facilities.contains(facility))
    }
}

/// Facts about a country; the file of its profile says more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountryProfile {
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Languages of its forms.
    pub languages: Vec<String>,
}

impl Default for CountryProfile {
    fn default() -> Self {
        Self { country: "FR".to_owned(), languages: vec!["fr".to_owned(), "en".to_owned()] }
    }
}
