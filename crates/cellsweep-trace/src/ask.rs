//! What to ask next, and of whom, to settle the handsets that the data leave open; and makes that
//! the catalogue should know.

use std::collections::BTreeMap;

use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{FacilityId, Imei, Tac};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::features::Context;
use crate::files::Dossier;
use crate::learned::Learned;

/// Probabilities between which a handset is an open case.
const OPEN: std::ops::Range<f64> = 0.1..0.9;
/// Handsets near facilities from which a code is worth a look, and how many of them must be likely.
const SUGGESTED: (u32, f64) = (2, 1.5);
/// Share of a code's handsets that must be likely.
const SUGGESTED_SHARE: f64 = 0.5;

/// What would settle open cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Where else the handsets were heard: records by IMEI, from everywhere.
    RecordsElsewhere,
    /// Timing advances of the handsets' records.
    TimingAdvance,
    /// Radio measurements inside the facility.
    Survey,
}

/// One thing to ask for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// What.
    pub need: Need,
    /// Of which network (`MCC-MNC`); `None` where no operator is asked.
    pub network: Option<String>,
    /// About which facility; `None` where it concerns several.
    pub facility: Option<FacilityId>,
    /// Handsets that are open for want of it.
    pub open: u32,
    /// Their IMEIs, where an operator is asked.
    pub imeis: Vec<Imei>,
}

/// A type allocation code whose handsets behave like phones inside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The code.
    pub tac: Tac,
    /// What the catalogue says of it.
    pub class: DeviceClass,
    /// Its handsets heard near facilities.
    pub near: u32,
    /// How many of these are to be expected inside.
    pub expected: f64,
    /// Share of their records that are data sessions: minis make few.
    pub data_share: f64,
}

/// What is asked, of which network, about which facility.
type Subject = (Need, Option<String>, Option<FacilityId>);

/// What there is to ask and to suggest, handset by handset.
#[derive(Default)]
pub struct Open {
    asks: BTreeMap<Subject, (u32, Vec<Imei>)>,
    codes: FxHashMap<(Tac, DeviceClass), Code>,
}

/// What handsets of a type allocation code show.
#[derive(Default)]
struct Code {
    near: u32,
    expected: f64,
    data: f64,
    events: f64,
}

impl Open {
    /// Adds a handset, by the probabilities of its stays.
    pub fn take(&mut self, context: &Context<'_>, learned: &Learned, dossier: &Dossier, stays: &[f64]) {
        self.ask(context, learned, dossier, stays);
        let candidate = &dossier.candidate;
        let Some(imei) = candidate.imei.filter(|_| candidate.class != DeviceClass::Mini) else { return };
        let code = self.codes.entry((imei.tac(), candidate.class)).or_default();
        code.near += 1;
        code.expected += stays.iter().sum::<f64>().min(1.0);
        for stay in &candidate.stays {
            code.data += f64::from(stay.counts.data);
            code.events += f64::from(stay.counts.events);
        }
    }

    fn ask(&mut self, context: &Context<'_>, learned: &Learned, dossier: &Dossier, stays: &[f64]) {
        let candidate = &dossier.candidate;
        let open = candidate.stays.iter().zip(stays).find(|(_, probability)| OPEN.contains(*probability));
        let Some((stay, _)) = open else { return };
        let network = stay.sectors.first().map(|(sector, _)| sector.plmn().to_string());
        let facility = &context.evidence.facilities[stay.facility as usize].id;
        let mut add = |need, network: Option<String>, facility: Option<FacilityId>| {
            let imei = candidate.imei.filter(|_| network.is_some());
            let entry = self.asks.entry((need, network, facility)).or_default();
            entry.0 += 1;
            entry.1.extend(imei);
        };
        if !context.elsewhere.counts(dossier.asked_for) {
            add(Need::RecordsElsewhere, network.clone(), None);
        }
        if stay.advances.is_empty() {
            add(Need::TimingAdvance, network, None);
        }
        if !learned.radios[stay.facility as usize].surveyed {
            add(Need::Survey, None, Some(facility.clone()));
        }
    }

    /// What to ask next, what settles most first; and codes that the catalogue doesn't know, or knows as something else
    /// than a mini, whose handsets are mostly likely inside.
    pub fn settle(self) -> (Vec<Ask>, Vec<Suggestion>) {
        let ask = |((need, network, facility), (open, imeis))| Ask { need, network, facility, open, imeis };
        let mut asks: Vec<Ask> = self.asks.into_iter().map(ask).collect();
        asks.sort_by_key(|ask| std::cmp::Reverse(ask.open));
        let worth = |code: &Code| {
            code.near >= SUGGESTED.0
                && code.expected >= SUGGESTED.1
                && code.expected >= SUGGESTED_SHARE * f64::from(code.near)
        };
        let suggest = |((tac, class), code): ((Tac, DeviceClass), Code)| Suggestion {
            tac,
            class,
            near: code.near,
            expected: code.expected,
            data_share: code.data / code.events.max(1.0),
        };
        let mut codes: Vec<Suggestion> = self.codes.into_iter().filter(|(_, code)| worth(code)).map(suggest).collect();
        codes.sort_by(|a, b| b.expected.total_cmp(&a.expected).then(a.tac.cmp(&b.tac)));
        (asks, codes)
    }
}
