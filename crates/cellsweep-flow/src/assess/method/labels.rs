//! Cases whose truth is known: from finds and the administration's own handsets, or from a made-up world's truth.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_assess::method::{Class, Judged};
use cellsweep_model::calibration::OwnTruth;
use cellsweep_model::case::{CaseKind, Run};
use cellsweep_model::finding::Fact;
use cellsweep_model::rows::{KnownDevice, Seizure};
use cellsweep_model::table::Table;
use cellsweep_model::{Device, Holder, Imei};
use cellsweep_store::Case;
use cellsweep_world::truth::{self, Handset};
use rustc_hash::FxHashMap;

use super::TruthFrom;
use crate::FlowError;
use crate::assess::inside::asked_at;
use crate::assess::rows::SeizedRow;
use crate::trace::read;

/// A handset counts as listed from this probability on.
const LISTED: f64 = 0.5;
/// A find tells whose hands a handset was in if it came at most this long after the asked time.
const SOON_US: i64 = 14 * 86_400_000_000;

/// What is known, and from where.
pub(super) struct Truths {
    known: Vec<KnownDevice>,
    seizures: Vec<Seizure>,
    found: Vec<SeizedRow>,
    world: Option<Vec<Handset>>,
}

impl Truths {
    /// # Errors
    /// When a table or the truth is not as written, or a truth is given for real data.
    pub fn read(case: &Case, truth: Option<&Path>) -> Result<Self, FlowError> {
        if truth.is_some() && case.kind() != CaseKind::Exercise {
            return Err(FlowError::NotAnExercise { dir: case.dir().to_owned() });
        }
        let world = truth.map(|folder| truth::read(&folder.join("handsets.csv"))).transpose()?;
        Ok(Self {
            known: read(case, Table::KnownDevices)?,
            seizures: read(case, Table::Seizures)?,
            found: read(case, Table::Seizures)?,
            world,
        })
    }

    pub const fn from(&self) -> TruthFrom {
        if self.world.is_some() { TruthFrom::TheWorld } else { TruthFrom::TheCase }
    }

    /// A run's devices whose truth is known, with what each finding weighed. Findings that rest on the label itself
    /// are left out.
    pub fn presence(&self, case: &Case, run: &Run) -> Result<Vec<Judged>, FlowError> {
        let own = OwnTruth::new(&self.known, &self.seizures, asked_at(case, run));
        let there = self.world.as_deref().map(there);
        let judge = |device: &Device| match &there {
            // Rows of an IMEI that several handsets use can't be told apart.
            Some(_) if device.cloned => None,
            Some(there) => Some(imeis(device).any(|imei| there.get(&imei).copied() == Some(device.facility.as_str()))),
            None => own.label(device).map(|label| label.positive),
        };
        let rests_on_label = |fact: &Fact| matches!(fact, Fact::Known { .. } | Fact::SeizedBefore);
        let whole = self.world.is_some();
        let judged = |device: &Device| {
            let findings = device.findings.iter().filter(|finding| whole || !rests_on_label(&finding.fact));
            let positive = judge(device)?;
            let findings = findings.map(|finding| (finding.fact.code().into(), finding.log10_lr)).collect();
            Some(Judged { findings, positive })
        };
        Ok(case.devices_of(run)?.read()?.iter().filter_map(judged).collect())
    }

    /// A run's holders of handsets that were found in a cell soon after: the inmates of that cell against the others
    /// who were weighed.
    pub fn holders(&self, case: &Case, run: &Run) -> Result<Vec<Judged>, FlowError> {
        let at = asked_at(case, run);
        let world: Option<FxHashMap<&str, &str>> = self.world.as_ref().map(|handsets| {
            let kept = handsets.iter().filter(|handset| handset.kept && !handset.holder.is_empty());
            kept.map(|handset| (handset.imei14.as_str(), handset.holder.as_str())).collect()
        });
        let soon = |row: &&SeizedRow| (0..=SOON_US).contains(&(row.time - at));
        let cells: FxHashMap<Imei, &SeizedRow> =
            self.found.iter().filter(soon).filter_map(|row| Some((row.imei?, row))).collect();
        let judge = |holder: &Holder| {
            let (inmate, imei) = (holder.inmate.as_ref()?, holder.imei?);
            if let Some(world) = &world {
                return world.get(imei.to_string().as_str()).map(|own| *own == inmate.as_str());
            }
            let row = cells.get(&imei)?;
            let (lay, held) = (row.cell.as_ref()?, holder.cell.as_ref()?);
            Some(row.facility == holder.facility && lay == held)
        };
        let judged = |holder: &Holder| {
            let positive = judge(holder)?;
            // Only the likeliest candidates carry their findings; the others' weight stands for itself.
            let findings = match holder.findings.as_slice() {
                [] => vec![("others".into(), holder.log10_lr)],
                all => all.iter().map(|finding| (finding.fact.code().into(), finding.log10_lr)).collect(),
            };
            Some(Judged { findings, positive })
        };
        Ok(case.holders_of(run)?.holders()?.iter().filter_map(judged).collect())
    }

    /// People whose handsets aren't inside, by class, and how many of those handsets a run lists all the same.
    pub fn classes(&self, case: &Case, run: &Run) -> Result<Vec<Class>, FlowError> {
        let listed: Vec<Device> = case.devices_of(run)?.read()?;
        let listed: FxHashMap<String, &str> = listed
            .iter()
            .filter(|device| device.probability >= LISTED)
            .flat_map(|device| imeis(device).map(|imei| (imei, device.facility.as_str())))
            .collect();
        let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        let mut add = |name: String, is_listed: bool| {
            let count = counts.entry(name).or_default();
            *count = (count.0 + 1, count.1 + u64::from(is_listed));
        };
        match &self.world {
            Some(handsets) => {
                let free = |handset: &&Handset| !handset.class.is_inmates() && handset.events > 0;
                let near = handsets.iter().filter(free).filter(|handset| !handset.stratum_facility.is_empty());
                near.for_each(|handset| add(word(handset), listed.contains_key(&handset.imei14)));
            }
            None => self
                .known
                .iter()
                .for_each(|known| add(known.role.clone(), listed.contains_key(&known.imei.to_string()))),
        }
        let class = |(name, (handsets, listed)): (String, (u64, u64))| Class { name: name.into(), handsets, listed };
        Ok(counts.into_iter().map(class).collect())
    }
}

/// A class as tables write it.
fn word(handset: &Handset) -> String {
    let word = serde_json::to_value(handset.class).ok();
    word.and_then(|word| word.as_str().map(|word| word.replace('_', " "))).unwrap_or_default()
}

fn imeis(device: &Device) -> impl Iterator<Item = String> + '_ {
    device.imei.iter().chain(&device.other_imeis).map(ToString::to_string)
}

/// By IMEI: the facility in which a handset is kept.
fn there(handsets: &[Handset]) -> FxHashMap<String, &str> {
    let kept = handsets.iter().filter(|handset| handset.kept);
    let both = |handset: &'_ Handset| [handset.imei14.clone(), handset.other_imei.clone()];
    let pairs = kept.flat_map(|handset| both(handset).into_iter().map(|imei| (imei, handset.facility.as_str())));
    pairs.filter(|(imei, _)| !imei.is_empty()).collect()
}
