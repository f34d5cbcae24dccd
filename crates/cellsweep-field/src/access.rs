//! Who may ask, and what the day is, as the journal's lines say: all that answers quickly beside the log itself.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use cellsweep_sweep::day::{Checked, DayEvent, DayWhat, Plan, PlannedCell, Post, Replaces};
use cellsweep_sweep::sync::Record;
use cellsweep_sweep::{DeviceKey, Digest, FacilityName, Party, ServiceNumber, TeamId};
use jiff::Timestamp;

use crate::line::Line;

/// Somebody was invited.
#[derive(Clone)]
pub(crate) struct Invitation {
    /// By whom.
    pub by: Party,
    pub post: Post,
    pub officer: ServiceNumber,
    pub replaces: Replaces,
    pub until: Timestamp,
    /// Who came.
    pub device: Option<DeviceKey>,
}

/// What the lines say.
#[derive(Clone)]
pub(crate) struct Access {
    root: DeviceKey,
    pub lines: u64,
    pub invitations: HashMap<Digest, Invitation>,
    pub tokens: HashMap<Digest, DeviceKey>,
    pub members: BTreeMap<DeviceKey, Member>,
    pub plan: Option<Plan>,
    /// Where each team is.
    teams: BTreeMap<TeamId, FacilityName>,
    pub opened: Option<Timestamp>,
    pub closed: Option<Timestamp>,
    pub replanned: BTreeMap<FacilityName, (u32, Vec<PlannedCell>)>,
}

/// A device that was enrolled.
#[derive(Clone, Default)]
pub(crate) struct Member {
    pub post: Option<Post>,
    pub officer: Option<ServiceNumber>,
    pub revoked: bool,
}

impl Access {
    /// Nothing yet, but who commands.
    pub fn new(root: DeviceKey) -> Self {
        Self {
            root,
            lines: 0,
            invitations: HashMap::new(),
            tokens: HashMap::new(),
            members: BTreeMap::new(),
            plan: None,
            teams: BTreeMap::new(),
            opened: None,
            closed: None,
            replanned: BTreeMap::new(),
        }
    }

    pub fn apply(&mut self, line: &Line) {
        self.lines += 1;
        match line {
            Line::Entry { record } => self.entry(record),
            Line::Invited { by, code, post, officer, replaces, until } => {
                let invitation = Invitation {
                    by: by.clone(),
                    post: post.clone(),
                    officer: officer.clone(),
                    replaces: replaces.clone(),
                    until: *until,
                    device: None,
                };
                self.invitations.insert(code.clone(), invitation);
            }
            Line::Admitted { code, device, token } => {
                self.tokens.insert(token.clone(), device.clone());
                let Some(invitation) = self.invitations.get_mut(code) else { return };
                invitation.device = Some(device.clone());
                self.members.entry(device.clone()).or_default().officer = Some(invitation.officer.clone());
            }
            Line::Distress { .. } | Line::Unreadable { .. } => {}
        }
    }

    /// Command's words.
    fn entry(&mut self, record: &Record) {
        if record.checked != Checked::Good {
            return;
        }
        let Ok(event) = record.envelope.open(record.received) else { return };
        if event.device == self.root {
            self.command(event);
        }
    }

    fn command(&mut self, event: DayEvent) {
        match event.what {
            DayWhat::Opened { plan, .. } if self.plan.is_none() => {
                let teams = plan.teams.iter().map(|planned| (planned.team.clone(), planned.site.clone()));
                self.teams = teams.collect();
                self.plan = Some(plan);
                self.opened = Some(event.occurred);
            }
            DayWhat::Replanned { site, number, cells, .. } => {
                let known = self.replanned.entry(site).or_insert((0, Vec::new()));
                if number > known.0 {
                    *known = (number, cells);
                }
            }
            DayWhat::Enrolled { device, post, .. } => self.members.entry(device).or_default().post = Some(post),
            DayWhat::Revoked { device, .. } => self.members.entry(device).or_default().revoked = true,
            DayWhat::Closed {} => self.closed = self.closed.or(Some(event.occurred)),
            _ => {}
        }
    }

    /// A site's cells now, in their teams' order, and the number of the plan that has them.
    pub fn cells(&self, site: &FacilityName) -> (u32, Vec<&PlannedCell>) {
        if let Some((number, cells)) = self.replanned.get(site) {
            return (*number, cells.iter().collect());
        }
        let cells = self.plan.iter().flat_map(|plan| &plan.cells);
        (0, cells.filter(|planned| planned.cell.facility == *site).collect())
    }

    /// Whether a site may be planned anew so: only in cells that the day was opened with, for it is those that were
    /// approved, by teams that are there, and under the next number.
    pub fn may_be_replanned(&self, site: &FacilityName, number: u32, cells: &[PlannedCell]) -> Result<(), String> {
        let (last, _) = self.cells(site);
        if number != last + 1 {
            return Err(format!("number: the site's next plan has the number {}; look at the wall again", last + 1));
        }
        let approved = self.plan.iter().flat_map(|plan| &plan.cells).map(|planned| (&planned.cell, planned.target));
        let approved: BTreeSet<_> = approved.collect();
        for planned in cells {
            if !approved.contains(&(&planned.cell, planned.target)) {
                return Err(format!("cells: {} is not in the plan that was approved", planned.cell));
            }
            if self.teams.get(&planned.team) != Some(site) {
                return Err(format!("cells: the team {} is not at {site}", planned.team));
            }
        }
        Ok(())
    }

    /// Where a team is.
    pub fn site_of(&self, team: &TeamId) -> Option<&FacilityName> {
        self.teams.get(team)
    }

    /// Where a post is.
    pub fn site<'a>(&'a self, post: &'a Post) -> Option<&'a FacilityName> {
        match post {
            Post::Desk(site) => Some(site),
            Post::Team(team) => self.site_of(team),
            Post::Command => None,
        }
    }
}

/// An officer as entries have it: by service number, and nothing else.
pub(crate) fn party(officer: &ServiceNumber) -> Option<Party> {
    Some(Party { id: officer.as_str().parse().ok()?, name: officer.as_str().parse().ok()?, role: None })
}
