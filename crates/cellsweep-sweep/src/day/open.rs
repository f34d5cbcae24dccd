//! What nobody has acknowledged, and what is still open before a day can be closed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::Crew;
use super::cells::CellStatus;
use super::devices::Contact;
use super::plan::CellRef;
use super::view::{Dated, View};
use super::what::{Audience, DayWhat, Post};
use crate::id::{DeviceKey, EventId, FacilityName, HandOverId, PartyId, TeamId};
use crate::sync::Ranges;

/// What somebody has still to acknowledge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Waiting {
    /// A hand-over that the receiver hasn't acknowledged.
    HandOver {
        /// Which.
        hand_over: HandOverId,
        /// Who offered.
        from: PartyId,
        /// To whom.
        to: PartyId,
        /// Since when.
        since: Timestamp,
    },
    /// An announcement, a new plan or an abort that a team hasn't seen.
    Unseen {
        /// Which.
        event: EventId,
        /// By whom.
        team: TeamId,
        /// Since when.
        since: Timestamp,
    },
    /// A call for help that command hasn't seen.
    Distress {
        /// Which.
        event: EventId,
        /// Since when.
        since: Timestamp,
    },
}

/// What stands in the way of closing the day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum OpenEnd {
    /// Something that nobody has acknowledged.
    Waiting(Waiting),
    /// A team is in a cell.
    Running {
        /// Which.
        cell: CellRef,
    },
    /// A device that hasn't said its last word, or not all of whose entries are here; it was neither rescued whole
    /// nor given up.
    Device {
        /// Which.
        device: DeviceKey,
        /// What is known to be missing.
        missing: Ranges,
    },
}

impl View<'_> {
    /// What somebody has still to acknowledge, in an order of its own.
    pub fn unacknowledged(&self) -> Vec<Waiting> {
        let mut waiting = self.hand_overs();
        waiting.extend(self.unseen());
        waiting.sort();
        waiting
    }

    /// What stands in the way of closing the day; empty after the last acknowledgement or rescue export.
    pub fn open_ends(&self, contacts: &BTreeMap<DeviceKey, Contact>) -> Vec<OpenEnd> {
        let mut open: Vec<OpenEnd> = self.unacknowledged().into_iter().map(OpenEnd::Waiting).collect();
        for (cell, view) in self.cells() {
            if view.status == CellStatus::Running {
                open.push(OpenEnd::Running { cell });
            }
        }
        for (key, device) in self.devices(contacts) {
            let expected = device.post.is_some() && device.post != Some(Post::Command);
            // A revoked device enters no last word.
            let ended =
                device.complete || device.lost.is_some() || (device.revoked.is_some() && device.missing.is_empty());
            if expected && !ended {
                open.push(OpenEnd::Device { device: key, missing: device.missing });
            }
        }
        open
    }

    fn hand_overs(&self) -> Vec<Waiting> {
        let custody = self.exhibits().custody();
        let at: BTreeMap<&EventId, Timestamp> =
            self.entries().iter().map(|dated| (&dated.event.id, dated.at)).collect();
        let waiting = custody.under_way().filter_map(|(id, hand_over)| {
            let (from, to) = (hand_over.from.clone(), hand_over.to.clone());
            Some(Waiting::HandOver { hand_over: id.clone(), from, to, since: *at.get(&hand_over.handed)? })
        });
        waiting.collect()
    }

    fn unseen(&self) -> Vec<Waiting> {
        let seen = self.seen();
        let teams = self.sites_of_teams();
        let mut waiting = Vec::new();
        for dated in self.entries() {
            let (event, since) = (dated.event.id.clone(), dated.at);
            let Some(audience) = self.audience(dated) else {
                let by_command = |by: &BTreeSet<Seer>| by.contains(&Seer::Command);
                if matches!(dated.event.what, DayWhat::Distress { .. }) && !seen.get(&event).is_some_and(by_command) {
                    waiting.push(Waiting::Distress { event, since });
                }
                continue;
            };
            for (team, _) in teams.iter().filter(|(team, site)| reaches(&audience, team, site)) {
                let has = |by: &BTreeSet<Seer>| by.contains(&Seer::Team((*team).clone()));
                if !seen.get(&event).is_some_and(has) {
                    waiting.push(Waiting::Unseen { event: event.clone(), team: (*team).clone(), since });
                }
            }
        }
        waiting
    }

    /// Whom command's word concerns; none for what isn't command's word.
    fn audience(&self, dated: &Dated<'_>) -> Option<Audience> {
        if !self.commands(dated.event) {
            return None;
        }
        match &dated.event.what {
            DayWhat::Announced { to, .. } => Some(to.clone()),
            DayWhat::Aborted { scope, .. } => Some(scope.clone()),
            DayWhat::PlanChanged { site, .. } => Some(Audience::Site(site.clone())),
            // In logs from before devices were told of a plan without its cells.
            DayWhat::Replanned { site, number, .. } if !self.is_told(site, *number) => {
                Some(Audience::Site(site.clone()))
            }
            _ => None,
        }
    }

    /// Whether command has told a site of its plan of this number.
    fn is_told(&self, of: &FacilityName, plan: u32) -> bool {
        let tells =
            |what: &DayWhat| matches!(what, DayWhat::PlanChanged { site, number, .. } if site == of && *number == plan);
        self.entries().iter().any(|dated| self.commands(dated.event) && tells(&dated.event.what))
    }

    fn seen(&self) -> BTreeMap<EventId, BTreeSet<Seer>> {
        let mut seen: BTreeMap<EventId, BTreeSet<Seer>> = BTreeMap::new();
        for dated in self.entries() {
            let DayWhat::Seen { about } = &dated.event.what else { continue };
            let by = match self.crew(dated) {
                _ if self.commands(dated.event) => Seer::Command,
                Crew::Team(team) => Seer::Team(team),
                Crew::Device(_) => continue,
            };
            seen.entry(about.clone()).or_default().insert(by);
        }
        seen
    }

    fn sites_of_teams(&self) -> Vec<(&TeamId, &FacilityName)> {
        match self.opened().map(|(_, event)| &event.what) {
            Some(DayWhat::Opened { plan, .. }) => {
                plan.teams.iter().map(|planned| (&planned.team, &planned.site)).collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Who has seen something.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Seer {
    Command,
    Team(TeamId),
}

fn reaches(audience: &Audience, team: &TeamId, site: &FacilityName) -> bool {
    match audience {
        Audience::All => true,
        Audience::Site(concerned) => concerned == site,
        Audience::Team(concerned) => concerned == team,
    }
}
