//! Handsets and crimes outside: which numbers of known cases they spoke with, or came near.

use cellsweep_model::custody::OffenceNumber;
use cellsweep_model::{FacilityId, Msisdn};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::protected::Protected;
use crate::{Evidence, Phone};

/// How a handset is linked to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkKind {
    /// It spoke with a number of the case.
    Direct,
    /// It spoke with another traced handset that did.
    OneStep,
}

/// A handset's link to a case.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct OffenceLink {
    /// The handset's key.
    pub handset: String,
    /// Where it is most likely kept.
    pub facility: FacilityId,
    /// That it is.
    pub probability: f64,
    /// The case.
    pub case: String,
    /// The offence as the case has it.
    pub offence: String,
    /// The code that its words stand for; `None` where none fits.
    pub code: Option<String>,
    /// How it is linked.
    pub kind: LinkKind,
    /// Numbers of the case, or handsets between.
    pub through: u32,
    /// Days on which it spoke with them.
    pub days: u32,
    /// "The user has to do with the case" against "chance", log10.
    pub log10_lr: f64,
    /// Share of handsets that have such a link by chance.
    pub by_chance: f64,
}

/// That somebody who has to do with a case speaks with one of its numbers.
const SPEAKS: f64 = 0.3;
/// That somebody who does is spoken with by another who has to do with it.
const ONE_STEP: f64 = 0.1;

/// Links of all handsets, strongest first; protected numbers make none. `codes` maps an offence's
/// words to the country's code list.
pub fn links(evidence: &Evidence, phones: &[Phone], codes: &dyn Fn(&str) -> Option<String>) -> Vec<OffenceLink> {
    let protected = Protected::of(&evidence.contacts);
    let numbers = CaseNumbers::new(evidence, &protected);
    let direct: Vec<FxHashMap<&str, (FxHashSet<Msisdn>, u32)>> =
        phones.iter().map(|phone| numbers.spoken_with(phone)).collect();
    let all = phones.len() as f64 + 1.0;
    let mut callers: FxHashMap<&str, f64> = FxHashMap::default();
    for case in direct.iter().flat_map(|cases| cases.keys()) {
        *callers.entry(case).or_default() += 1.0;
    }
    let mut links = Vec::new();
    for (phone, cases) in phones.iter().zip(&direct) {
        for (case, (through, days)) in cases {
            let by_chance = (callers[case] - 1.0).max(0.5) / all;
            let log10_lr = (through.len() as f64 * ((SPEAKS + by_chance) / by_chance).log10()).min(4.0);
            let found = (LinkKind::Direct, through.len() as u32, *days, log10_lr, by_chance);
            links.extend(numbers.link(phone, case, found, codes));
        }
    }
    links.extend(one_step(&numbers, phones, &direct, codes));
    links.sort_by(|a, b| {
        b.log10_lr
            .total_cmp(&a.log10_lr)
            .then_with(|| (&a.handset, &a.case, a.kind).cmp(&(&b.handset, &b.case, b.kind)))
    });
    links
}

/// Handsets that spoke with the own number of one that is linked directly.
fn one_step(
    numbers: &CaseNumbers<'_>,
    phones: &[Phone],
    direct: &[FxHashMap<&str, (FxHashSet<Msisdn>, u32)>],
    codes: &dyn Fn(&str) -> Option<String>,
) -> Vec<OffenceLink> {
    let mut owner: FxHashMap<Msisdn, usize> = FxHashMap::default();
    for (index, phone) in phones.iter().enumerate() {
        let own = phone.peers.iter().filter_map(|row| row.own).filter(|own| !numbers.protected.has(*own));
        owner.extend(own.map(|own| (own, index)));
    }
    let mut links = Vec::new();
    for (index, phone) in phones.iter().enumerate() {
        let between: FxHashSet<usize> = phone
            .peers
            .iter()
            .filter_map(|row| owner.get(&row.number()?))
            .copied()
            .filter(|other| *other != index)
            .collect();
        let mut cases: FxHashMap<&str, u32> = FxHashMap::default();
        for other in between {
            for case in direct[other].keys().filter(|case| !direct[index].contains_key(*case)) {
                *cases.entry(case).or_default() += 1;
            }
        }
        for (case, through) in cases {
            let linked = direct.iter().filter(|cases| cases.contains_key(case)).count() as f64;
            let by_chance = (linked / (phones.len() as f64 + 1.0)).clamp(1e-4, 0.9);
            let log10_lr = (f64::from(through) * ((ONE_STEP + by_chance) / by_chance).log10()).min(2.0);
            links.extend(numbers.link(phone, case, (LinkKind::OneStep, through, 0, log10_lr, by_chance), codes));
        }
    }
    links
}

struct CaseNumbers<'a> {
    by_number: FxHashMap<Msisdn, Vec<&'a OffenceNumber>>,
    offences: FxHashMap<&'a str, &'a str>,
    protected: &'a Protected,
}

impl<'a> CaseNumbers<'a> {
    fn new(evidence: &'a Evidence, protected: &'a Protected) -> Self {
        let mut numbers = Self { by_number: FxHashMap::default(), offences: FxHashMap::default(), protected };
        for offence in evidence.offences.iter().filter(|offence| !protected.has(offence.number)) {
            numbers.by_number.entry(offence.number).or_default().push(offence);
            numbers.offences.entry(&offence.case).or_insert(&offence.offence);
        }
        numbers
    }

    /// The cases whose numbers a handset spoke with: which numbers, on how many days.
    fn spoken_with(&self, phone: &Phone) -> FxHashMap<&'a str, (FxHashSet<Msisdn>, u32)> {
        let mut cases: FxHashMap<&'a str, (FxHashSet<Msisdn>, u32)> = FxHashMap::default();
        for row in &phone.peers {
            let Some(number) = row.number() else { continue };
            for offence in self.by_number.get(&number).into_iter().flatten() {
                let found = cases.entry(&offence.case).or_default();
                found.0.insert(number);
                found.1 += 1;
            }
        }
        cases
    }

    fn link(
        &self,
        phone: &Phone,
        case: &str,
        (kind, through, days, log10_lr, by_chance): (LinkKind, u32, u32, f64, f64),
        codes: &dyn Fn(&str) -> Option<String>,
    ) -> Option<OffenceLink> {
        let (facility, probability) = phone.stays.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let offence = self.offences.get(case)?;
        Some(OffenceLink {
            handset: phone.handset.clone(),
            facility: facility.clone(),
            probability: *probability,
            case: case.to_owned(),
            offence: (*offence).to_owned(),
            code: codes(offence),
            kind,
            through,
            days,
            log10_lr,
            by_chance,
        })
    }
}
