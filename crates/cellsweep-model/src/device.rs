//! What trace says of a handset: the row of `devices`, with the findings behind it.

use serde::{Deserialize, Serialize};

use crate::finding::{Fact, Finding};
use crate::id::{FacilityId, Imei};
use crate::rows::DeviceClass;

/// A handset in a facility.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Device {
    /// A key that is the same in every run over the same handset.
    pub handset: String,
    /// Its IMEI; `None` where the records name only a subscriber.
    pub imei: Option<Imei>,
    /// The other IMEIs of a handset with several SIMs.
    pub other_imeis: Vec<Imei>,
    /// Where it would be kept.
    pub facility: FacilityId,
    /// "Kept in this facility" against "kept elsewhere", log10: the sum of the findings.
    pub log10_lr: f64,
    /// That it is kept there at the asked time, under the stated prior.
    pub probability: f64,
    /// First record in the case, microseconds since 1970 UTC.
    pub first_seen: i64,
    /// Last record in the case.
    pub last_seen: i64,
    /// Records in the case.
    pub events: u64,
    /// Days with records at the facility.
    pub days_present: u32,
    /// Subscribers' identities seen in it.
    pub imsis: u32,
    /// Whether the supplier's ledger names it.
    pub in_ledger: bool,
    /// The catalogue's class of its model.
    pub class: DeviceClass,
    /// Whether several handsets use this IMEI at a time.
    pub cloned: bool,
    /// What the weight is made of.
    pub findings: Vec<Finding>,
}

impl Device {
    /// What the probability would be without a finding, the rest being as it is: its odds over the
    /// finding's likelihood ratio.
    pub fn probability_without(&self, finding: &Finding) -> f64 {
        let odds = self.probability / (1.0 - self.probability).max(1e-9) / 10.0_f64.powf(finding.log10_lr);
        odds / (1.0 + odds)
    }

    /// The findings by how much the probability would change without them, what changes it most
    /// first; calibration is no finding of its own.
    pub fn by_sway(&self) -> Vec<&Finding> {
        let sway = |finding: &Finding| (self.probability_without(finding) - self.probability).abs();
        let mut findings: Vec<&Finding> =
            self.findings.iter().filter(|finding| finding.fact != Fact::Calibration).collect();
        findings.sort_by(|a, b| sway(b).total_cmp(&sway(a)));
        findings
    }
}
