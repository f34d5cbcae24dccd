//! Authorities and country profiles: under whose order data are in a case, and which country's
//! law and words apply. Kept in every case from its first day.

use serde::{Deserialize, Serialize};

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
    /// The facilities that it covers.
    pub facilities: Vec<String>,
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
