//! Sites and the nation: searches, finds against what was expected, and silence.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::cells::{CellStatus, CellView};
use super::devices::Contact;
use super::plan::CellRef;
use super::view::View;
use super::what::{DayWhat, Post};
use crate::id::{DeviceKey, FacilityName};

/// What was done and found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Tally {
    /// Cells that the plan has now.
    pub planned: u32,
    /// Cells that were searched, those in conflict among them.
    pub searched: u32,
    /// Cells in which a team is.
    pub running: u32,
    /// Cells that a team left before they were done.
    pub interrupted: u32,
    /// Cells that could not be searched.
    pub could_not: u32,
    /// Cells of which the search was referred.
    pub referred: u32,
    /// Cells that more than one team searched.
    pub conflicts: u32,
    /// Cells that no plan has, and that somebody searched.
    pub unplanned: u32,
    /// Phones found; each item counts once.
    pub phones: u32,
    /// Other items found.
    pub others: u32,
    /// Phones expected in all planned cells, in thousandths.
    pub expected_milli: u64,
    /// Phones expected in those of them that were searched, in thousandths: what finds are to be held against.
    pub expected_searched_milli: u64,
    /// Phones found in those.
    pub phones_where_expected: u32,
}

/// When a site was last heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// Lately.
    Heard(Timestamp),
    /// Not for longer than the rules allow.
    Silent {
        /// Since when; none where it was never heard.
        since: Option<Timestamp>,
    },
}

/// A site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SiteView {
    /// What was done and found.
    pub tally: Tally,
    /// When it was last heard.
    pub word: Word,
}

impl View<'_> {
    /// Every site that is planned, or that somebody entered something of, at this time.
    pub fn sites(&self, contacts: &BTreeMap<DeviceKey, Contact>, now: Timestamp) -> BTreeMap<FacilityName, SiteView> {
        let mut tallies: BTreeMap<FacilityName, Tally> = BTreeMap::new();
        if let Some(DayWhat::Opened { plan, .. }) = self.opened().map(|(_, event)| &event.what) {
            tallies.extend(plan.sites.iter().map(|site| (site.clone(), Tally::default())));
        }
        for (cell, view) in &self.cells() {
            tallies.entry(cell.facility.clone()).or_default().add(self, cell, view);
        }
        let heard = self.heard(contacts);
        let site = |(site, tally)| {
            let word = self.word(heard.get(&site).copied(), now);
            (site, SiteView { tally, word })
        };
        tallies.into_iter().map(site).collect()
    }

    /// All sites together.
    pub fn nation(&self) -> Tally {
        let mut tally = Tally::default();
        for (cell, view) in &self.cells() {
            tally.add(self, cell, view);
        }
        tally
    }

    fn word(&self, heard: Option<Timestamp>, now: Timestamp) -> Word {
        let since = |at: Timestamp| now.as_second().saturating_sub(at.as_second());
        match heard {
            Some(at) if since(at) <= i64::from(self.rules().silent_after_s) => Word::Heard(at),
            since => Word::Silent { since },
        }
    }

    /// When each site was last heard: by its teams' and desks' devices, and by entries of its cells.
    fn heard(&self, contacts: &BTreeMap<DeviceKey, Contact>) -> BTreeMap<FacilityName, Timestamp> {
        let mut heard: BTreeMap<FacilityName, Timestamp> = BTreeMap::new();
        let mut note = |site: FacilityName, at: Timestamp| {
            let last = heard.entry(site).or_insert(at);
            *last = at.max(*last);
        };
        for dated in self.entries() {
            if let Some(cell) = dated.event.what.cell() {
                note(cell.facility.clone(), dated.event.received);
            }
        }
        for (key, device) in self.devices(contacts) {
            let Some(at) = device.heard else { continue };
            self.sites_of(&key, device.post.as_ref()).into_iter().for_each(|site| note(site, at));
        }
        heard
    }

    fn sites_of(&self, device: &DeviceKey, post: Option<&Post>) -> BTreeSet<FacilityName> {
        if let Some(Post::Desk(site)) = post {
            return BTreeSet::from([site.clone()]);
        }
        let Some(team) = self.team_of(device) else { return BTreeSet::new() };
        let plan = self.opened().map(|(_, event)| &event.what);
        let Some(DayWhat::Opened { plan, .. }) = plan else { return BTreeSet::new() };
        plan.teams.iter().filter(|planned| planned.team == *team).map(|planned| planned.site.clone()).collect()
    }
}

impl Tally {
    fn add(&mut self, view: &View<'_>, cell: &CellRef, at: &CellView) {
        let searched = match at.status {
            CellStatus::Planned => false,
            CellStatus::Running => count(&mut self.running, false),
            CellStatus::Interrupted => count(&mut self.interrupted, false),
            CellStatus::CouldNot => count(&mut self.could_not, false),
            CellStatus::Referred => count(&mut self.referred, false),
            CellStatus::Conflict => count(&mut self.conflicts, at.crews.values().any(|crew| *crew == CellStatus::Done)),
            CellStatus::Done => true,
        };
        self.searched += u32::from(searched);
        self.phones += at.phones;
        self.others += at.others;
        let Some(planned) = view.planned(cell) else {
            self.unplanned += 1;
            return;
        };
        self.planned += 1;
        self.expected_milli += u64::from(planned.expected_milli);
        if searched {
            self.expected_searched_milli += u64::from(planned.expected_milli);
            self.phones_where_expected += at.phones;
        }
    }
}

fn count(number: &mut u32, searched: bool) -> bool {
    *number += 1;
    searched
}
