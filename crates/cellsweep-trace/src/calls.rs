//! Calls to numbers that inmates listed: how many of a handset's peers are on the lists of those
//! held in a facility, and how many only on lists elsewhere, which is what chance makes of it.

use cellsweep_model::custody::Contact;
use cellsweep_model::peers::HandsetPeers;
use cellsweep_model::{HandsetKey, Imsi, Msisdn};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::Evidence;
use crate::candidate::Candidate;
use crate::devices::facility_index;

/// Inmates whose lists a number is on, beyond which it is a taxi's or a charity's and says nothing.
const MOST_LISTING: usize = 12;

/// Whom a handset spoke with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spoken {
    /// Whose records.
    pub key: HandsetKey,
    /// Other parties, once for each subscriber, in order.
    pub peers: Vec<(i64, Option<Imsi>)>,
    /// The subscribers' own numbers.
    pub own: Vec<(Msisdn, Option<Imsi>)>,
}

impl Spoken {
    /// What trace needs of a handset's peers: what comes after the asked time is nothing to it.
    pub fn of(peers: &HandsetPeers, at: i64) -> Self {
        let rows = || peers.rows.iter().filter(|row| row.first <= at);
        let mut others: Vec<(i64, Option<Imsi>)> = rows().map(|row| (row.peer, row.imsi)).collect();
        others.sort_unstable();
        others.dedup();
        others.shrink_to_fit();
        let mut own: Vec<(Msisdn, Option<Imsi>)> = rows().filter_map(|row| Some((row.own?, row.imsi))).collect();
        own.sort_unstable();
        own.dedup();
        own.shrink_to_fit();
        Self { key: peers.key, peers: others, own }
    }
}

/// The numbers that inmates listed.
#[derive(Debug, Default)]
pub struct Lists {
    /// By number: who listed it (indices), protected ones left out.
    by_number: FxHashMap<i64, Vec<u32>>,
    /// Numbers that are protected for anybody: of them nothing is ever said.
    protected: FxHashSet<i64>,
    /// By inmate: where he was held between the first record and the asked time.
    held: Vec<Vec<u32>>,
}

/// Whom a handset called, on whose lists they are.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct CallsBy {
    peers: f64,
    /// For each listed peer: its weight and the facilities where those who listed it were held.
    listed: Vec<(f64, Vec<u32>)>,
    /// Listed peers by inmate and where he was held.
    inmates: Vec<(u32, Vec<u32>)>,
    own_listed: bool,
}

/// The same, as seen from one facility.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calls {
    /// Peers listed by inmates held here, rarer ones counting more.
    pub here: f64,
    /// Peers listed only elsewhere.
    pub elsewhere: f64,
    /// Other peers.
    pub rest: f64,
    /// The most that one inmate held here listed.
    pub same_inmate: u32,
    /// The handset's own number is on somebody's list: it is a relative's.
    pub own_listed: bool,
    /// Listed peers, here and only elsewhere, however rare.
    pub listed: (u32, u32),
    /// All peers.
    pub peers: u32,
}

impl Lists {
    /// Prepares the lists; a number that is protected for anybody is on none.
    pub fn new(evidence: &Evidence, at: i64) -> Self {
        let facilities = facility_index(evidence);
        let mut inmates: FxHashMap<&str, u32> = FxHashMap::default();
        let mut lists = Self::default();
        for held in &evidence.roster {
            let Some(facility) = facilities.get(held.facility.as_str()) else { continue };
            if held.from <= at && held.to.is_none_or(|to| to > evidence.window.0) {
                let next = inmates.len() as u32;
                let inmate = *inmates.entry(held.inmate.as_str()).or_insert(next) as usize;
                lists.held.resize_with(lists.held.len().max(inmate + 1), Vec::new);
                lists.held[inmate].push(*facility);
            }
        }
        let packed = |contact: &Contact| contact.number.packed().cast_signed();
        lists.protected = evidence.contacts.iter().filter(|contact| contact.protected).map(packed).collect();
        for contact in evidence.contacts.iter().filter(|contact| !lists.protected.contains(&packed(contact))) {
            if let Some(inmate) = inmates.get(contact.inmate.as_str()) {
                lists.by_number.entry(packed(contact)).or_default().push(*inmate);
            }
        }
        for listing in lists.by_number.values_mut() {
            listing.sort_unstable();
            listing.dedup();
        }
        lists
    }

    /// Whom a candidate called; `None` where there are no lists.
    pub fn calls(&self, spoken: &Spoken, candidate: &Candidate) -> Option<CallsBy> {
        if self.by_number.is_empty() {
            return None;
        }
        let ours = |imsi: &Option<Imsi>| hers(candidate, *imsi);
        let numbers = self.parties(spoken, candidate);
        let mut calls = CallsBy { peers: numbers.len() as f64, ..CallsBy::default() };
        let mut by_inmate: FxHashMap<u32, u32> = FxHashMap::default();
        for listing in numbers.iter().filter_map(|number| self.by_number.get(number)) {
            if listing.len() > MOST_LISTING {
                continue;
            }
            let mut facilities: Vec<u32> =
                listing.iter().flat_map(|inmate| self.held[*inmate as usize].iter().copied()).collect();
            facilities.sort_unstable();
            facilities.dedup();
            calls.listed.push((1.0 / (listing.len() as f64).sqrt(), facilities));
            listing.iter().for_each(|inmate| *by_inmate.entry(*inmate).or_default() += 1);
        }
        calls.inmates = self.several(by_inmate);
        calls.own_listed = spoken
            .own
            .iter()
            .any(|(number, imsi)| ours(imsi) && self.by_number.contains_key(&(number.packed() as i64)));
        Some(calls)
    }

    /// Whom a candidate spoke with, in order; nobody who is protected.
    pub fn parties(&self, spoken: &Spoken, candidate: &Candidate) -> Vec<i64> {
        let ours = spoken.peers.iter().filter(|(_, imsi)| hers(candidate, *imsi)).map(|(peer, _)| *peer);
        let mut parties: Vec<i64> = ours.filter(|peer| !self.protected.contains(peer)).collect();
        parties.dedup();
        parties
    }

    /// Inmates with listed peers: how many, and where each was held.
    fn several(&self, by_inmate: FxHashMap<u32, u32>) -> Vec<(u32, Vec<u32>)> {
        let mut inmates: Vec<(u32, Vec<u32>)> =
            by_inmate.into_iter().map(|(inmate, count)| (count, self.held[inmate as usize].clone())).collect();
        inmates.sort_unstable();
        inmates
    }
}

/// Whether a subscriber's calls are a candidate's: an IMEI that several handsets use is told
/// apart by subscriber.
pub fn hers(candidate: &Candidate, imsi: Option<Imsi>) -> bool {
    candidate.suffix.is_empty() || imsi.is_some_and(|imsi| candidate.imsis.binary_search(&imsi).is_ok())
}

/// What is known of a candidate's calls.
pub fn of<'a>(spoken: &'a [Spoken], candidate: &Candidate) -> Option<&'a Spoken> {
    let index = spoken.binary_search_by_key(&candidate.key, |spoken| spoken.key).ok()?;
    Some(&spoken[index])
}

impl CallsBy {
    /// About how many bytes it takes beside itself.
    pub fn bytes(&self) -> usize {
        let lists = |lists: &[u32]| size_of_val(lists);
        let listed: usize = self.listed.iter().map(|(_, facilities)| lists(facilities)).sum();
        let inmates: usize = self.inmates.iter().map(|(_, facilities)| lists(facilities)).sum();
        size_of_val(&self.listed[..]) + size_of_val(&self.inmates[..]) + listed + inmates
    }

    /// As seen from a facility.
    pub fn from(&self, facility: u32) -> Calls {
        let (mut here, mut elsewhere, mut listed) = (0.0, 0.0, (0, 0));
        for (weight, facilities) in &self.listed {
            if facilities.contains(&facility) {
                here += weight;
                listed.0 += 1;
            } else {
                elsewhere += weight;
                listed.1 += 1;
            }
        }
        let rest = (self.peers - self.listed.len() as f64).max(0.0);
        let held_here = self.inmates.iter().filter(|(_, facilities)| facilities.contains(&facility));
        let same_inmate = held_here.map(|(count, _)| *count).max().unwrap_or(0);
        Calls { here, elsewhere, rest, same_inmate, own_listed: self.own_listed, listed, peers: self.peers as u32 }
    }
}

impl Calls {
    /// The parts of a composition.
    pub fn parts(&self) -> [f64; 3] {
        [self.here, self.elsewhere, self.rest]
    }
}
