//! What calls say of where a handset is kept, back into trace's list.

use cellsweep_attribute::Presence;
use cellsweep_model::finding::Fact;
use cellsweep_model::{Device, Finding, Source};
use rustc_hash::FxHashMap;

/// Whether trace has weighed the contacts itself: they must not count twice.
pub(crate) fn weighed(devices: &[Device]) -> bool {
    devices
        .iter()
        .flat_map(|device| &device.findings)
        .any(|finding| matches!(finding.fact, Fact::Calls { .. } | Fact::Contacts { .. }))
}

/// The devices with the finding of their contacts added, best first again.
pub(crate) fn apply(mut devices: Vec<Device>, presence: &[Presence]) -> Vec<Device> {
    let by_stay: FxHashMap<(&str, &str), &Presence> =
        presence.iter().map(|presence| ((presence.handset.as_str(), presence.facility.as_str()), presence)).collect();
    for device in &mut devices {
        let Some(presence) = by_stay.get(&(device.handset.as_str(), device.facility.as_str())) else { continue };
        if presence.log10_lr == 0.0 {
            continue;
        }
        device.log10_lr += presence.log10_lr;
        device.probability = presence.probability;
        let fact = Fact::Contacts { listed: presence.listed, numbers: presence.numbers };
        device.findings.push(Finding { fact, source: Source::Administration, log10_lr: presence.log10_lr });
        device.findings.sort_by(|a, b| b.log10_lr.abs().total_cmp(&a.log10_lr.abs()));
    }
    devices.sort_by(|a, b| {
        b.probability.total_cmp(&a.probability).then_with(|| (&a.handset, &a.facility).cmp(&(&b.handset, &b.facility)))
    });
    devices
}
