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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Source;

    #[test]
    fn without_a_finding_the_odds_are_what_the_others_give() {
        let finding = |fact: Fact, log10_lr: f64| Finding { fact, source: Source::Records, log10_lr };
        let device = Device {
            handset: "35209900176148".to_owned(),
            imei: None,
            other_imeis: Vec::new(),
            facility: "A".parse().unwrap(),
            log10_lr: 0.5,
            probability: 0.8,
            first_seen: 0,
            last_seen: 0,
            events: 1,
            days_present: 1,
            imsis: 1,
            in_ledger: false,
            class: DeviceClass::Mini,
            cloned: false,
            findings: vec![
                finding(Fact::Calibration, -2.0),
                finding(Fact::NotInLedger, -0.5),
                finding(Fact::SeizedBefore, 2.0),
                finding(Fact::OwnNumberListed, 1.0),
            ],
        };
        // Odds of 4 to 1, over a ratio of 100 and of 10.
        assert!((device.probability_without(&device.findings[2]) - 0.04 / 1.04).abs() < 1e-12);
        assert!((device.probability_without(&device.findings[3]) - 0.4 / 1.4).abs() < 1e-12);
        let order: Vec<&str> = device.by_sway().into_iter().map(|finding| finding.fact.code()).collect();
        assert_eq!(order, ["seized_before", "own_number_listed", "not_in_ledger"]);
    }
}
