//! Results as sentences in French and English: one that a minister can read, and one of method for a statistician.
//!
//! A [`Summary`] has the numbers and a code beside the sentences, so that others can say it in their own way.

mod figures;
mod jamming;
mod refusal;
mod results;

pub use jamming::{displacement, jamming, planned};
pub use refusal::cant_tell;
pub use results::{
    carries, detector, drift, false_listings, found_against_expected, funnel, hits, ingress, lift, per_officer_hour,
    per_search, quiet, routes, unfound,
};

use serde::Serialize;

/// A text in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

impl Words {
    pub(crate) fn new(fr: impl Into<String>, en: impl Into<String>) -> Self {
        Self { fr: fr.into(), en: en.into() }
    }
}

/// A result, ready to be said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// Which result it is and how it came out.
    pub code: &'static str,
    /// The numbers in the sentences, by name; shares as shares.
    pub numbers: Vec<(&'static str, f64)>,
    /// For whoever decides.
    pub plain: Words,
    /// For whoever checks.
    pub method: Words,
}
