//! Trace: from daily profiles to the handsets kept in each facility, with findings.
//!
//! Belongs here: what radio, time and use say about where a handset is kept, and how sure that
//! is. Does not belong here: any reading or writing, the query engine, the clock.

use cellsweep_model::Device;
use cellsweep_model::profile::HandsetProfile;
use cellsweep_model::rows::{Facility, KnownDevice, LedgerLine, Model, Request, Sector, Seizure, SurveyShare};

/// Everything but the records.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The operators' antennas.
    pub sectors: Vec<Sector>,
    /// The prisons.
    pub facilities: Vec<Facility>,
    /// Measurements inside.
    pub survey: Vec<SurveyShare>,
    /// The device catalogue.
    pub models: Vec<Model>,
    /// The supplier's sales.
    pub ledger: Vec<LedgerLine>,
    /// Phones that may be there.
    pub known_devices: Vec<KnownDevice>,
    /// Phones found before.
    pub seizures: Vec<Seizure>,
    /// What operators were asked; empty where the table is missing.
    pub requests: Vec<Request>,
    /// First and last record of the case, microseconds since 1970 UTC.
    pub window: (i64, i64),
}

/// What steers trace.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TraceSettings {
    /// The asked time, microseconds since 1970 UTC; `None` = the end of the records.
    pub at: Option<i64>,
    /// Rows below this probability are left out.
    pub threshold: f64,
}

impl Default for TraceSettings {
    fn default() -> Self {
        Self { at: None, threshold: 0.01 }
    }
}

/// The first pass's outcome for one handset near a facility.
#[derive(Debug, Clone)]
pub struct Candidate {}

/// Trace's answer.
#[derive(Debug, Clone, Default)]
pub struct Traced {
    /// Best first.
    pub devices: Vec<Device>,
}

/// A trace under way: prepared from the evidence, shown every handset, then asked to conclude.
pub struct Tracer {}

impl Tracer {
    /// Prepares the radio maps and look-ups.
    pub fn new(evidence: Evidence, settings: TraceSettings) -> Self {
        let _ = (evidence, settings);
        Self {}
    }

    /// Looks at one handset; empty where it can't be kept in any facility.
    pub fn look(&self, profile: &HandsetProfile) -> Vec<Candidate> {
        let _ = profile;
        Vec::new()
    }

    /// Fits the populations to the case and concludes.
    pub fn conclude(&self, candidates: Vec<Candidate>) -> Traced {
        let _ = candidates;
        Traced::default()
    }
}
