//! Which device is for what, since when, and until when.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::view::Dated;
use super::what::{DayEvent, DayWhat, Post, Replaces};
use crate::id::{DeviceKey, EventId};

/// Devices that command, however late the entry comes that says so.
pub(super) fn commanding<'a>(root: &DeviceKey, events: impl Iterator<Item = &'a DayEvent>) -> BTreeSet<DeviceKey> {
    let mut by: BTreeMap<&DeviceKey, Vec<&DeviceKey>> = BTreeMap::new();
    for event in events {
        if let DayWhat::Enrolled { device, post: Post::Command, .. } = &event.what {
            by.entry(&event.device).or_default().push(device);
        }
    }
    let mut commanding = BTreeSet::from([root.clone()]);
    let mut next = vec![root];
    while let Some(device) = next.pop() {
        for enrolled in by.get(device).into_iter().flatten() {
            if commanding.insert((*enrolled).clone()) {
                next.push(enrolled);
            }
        }
    }
    commanding
}

/// What is known of a device.
#[derive(Debug, Clone, Default)]
pub(super) struct Standing {
    /// Its posts, by since when.
    pub posts: Vec<(Timestamp, EventId, Post)>,
    pub replaces: BTreeSet<DeviceKey>,
    pub revoked: Option<Timestamp>,
    pub lost: Option<Timestamp>,
    /// Until which entry it was rescued, by whom.
    pub rescued: Option<u64>,
    pub finished: Option<u64>,
}

impl Standing {
    /// The post in force at this time; what was entered before the first enrolment belongs to the first.
    pub fn post_at(&self, at: Timestamp) -> Option<&Post> {
        let before = self.posts.partition_point(|(since, _, _)| *since <= at);
        self.posts.get(before.saturating_sub(1)).map(|(_, _, post)| post)
    }

    /// Since when it may not enter any more, or isn't expected to.
    pub fn gone(&self) -> Option<Timestamp> {
        [self.revoked, self.lost].into_iter().flatten().min()
    }
}

/// The standing of every device that entered something or is named. Entries come by time.
pub(super) fn standings(entries: &[Dated<'_>], commanding: &BTreeSet<DeviceKey>) -> BTreeMap<DeviceKey, Standing> {
    let mut all: BTreeMap<DeviceKey, Standing> = BTreeMap::new();
    for Dated { event, at, .. } in entries {
        all.entry(event.device.clone()).or_default();
        if event.what.is_commands() && !commanding.contains(&event.device) {
            continue;
        }
        let device = match &event.what {
            DayWhat::Enrolled { device, .. }
            | DayWhat::Revoked { device, .. }
            | DayWhat::Lost { device }
            | DayWhat::Rescued { device, .. } => device,
            DayWhat::Finished {} => &event.device,
            _ => continue,
        };
        note(all.entry(device.clone()).or_default(), event, *at);
    }
    all
}

fn note(standing: &mut Standing, event: &DayEvent, at: Timestamp) {
    let earliest = |known: Option<Timestamp>| Some(known.map_or(at, |known| known.min(at)));
    match &event.what {
        DayWhat::Enrolled { post, replaces, .. } => {
            standing.posts.push((at, event.id.clone(), post.clone()));
            if let Replaces::Device(lost) = replaces {
                standing.replaces.insert(lost.clone());
            }
        }
        DayWhat::Revoked { .. } => standing.revoked = earliest(standing.revoked),
        DayWhat::Lost { .. } => standing.lost = earliest(standing.lost),
        DayWhat::Rescued { last, .. } => standing.rescued = standing.rescued.max(Some(*last)),
        DayWhat::Finished {} => standing.finished = standing.finished.max(Some(event.sequence)),
        _ => {}
    }
}
