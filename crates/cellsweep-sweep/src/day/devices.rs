//! How each device stands: its clock, what is missing of it, when it was last heard.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::clock::{Clock, ClockError};
use super::view::View;
use super::what::Post;
use crate::id::DeviceKey;
use crate::sync::Ranges;

/// What a device said of itself when it was last heard. It is no entry, and not in the log: a server that starts anew
/// has none until devices call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Contact {
    /// When it was heard.
    pub at: Timestamp,
    /// Its last entry's number.
    pub last: u64,
    /// How many entries it holds that nobody has acknowledged.
    pub unsent: u64,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeviceView {
    /// What it is for, as of its last enrolment.
    pub post: Option<Post>,
    /// Devices that it stands in for.
    pub replaces: Vec<DeviceKey>,
    /// Since when it may not enter any more.
    pub revoked: Option<Timestamp>,
    /// Since when nothing more is expected of it.
    pub lost: Option<Timestamp>,
    /// How wrong its clock is.
    pub clock: ClockError,
    /// Entries that are here.
    pub entries: u64,
    /// Entries that must exist, for later ones do, or it said so, or it was rescued: and aren't here.
    pub missing: Ranges,
    /// Whether it entered its last entry, and all before it are here; or was rescued whole.
    pub complete: bool,
    /// When it was last heard.
    pub heard: Option<Timestamp>,
    /// How many entries it held unsent when it was.
    pub unsent: u64,
}

impl View<'_> {
    /// Every device that was enrolled, entered something or called.
    pub fn devices(&self, contacts: &BTreeMap<DeviceKey, Contact>) -> BTreeMap<DeviceKey, DeviceView> {
        let mut here: BTreeMap<&DeviceKey, (Ranges, Timestamp)> = BTreeMap::new();
        for dated in self.entries() {
            let event = dated.event;
            let (ranges, heard) = here.entry(&event.device).or_insert((Ranges::new(), event.received));
            ranges.insert(event.sequence);
            *heard = event.received.max(*heard);
        }
        let known = self.standings().keys().chain(contacts.keys());
        let mut devices = BTreeMap::new();
        for device in known {
            let view = self.device(device, here.get(device), contacts.get(device));
            devices.insert(device.clone(), view);
        }
        devices
    }

    fn device(&self, device: &DeviceKey, here: Option<&(Ranges, Timestamp)>, contact: Option<&Contact>) -> DeviceView {
        let standing = self.standing(device).cloned().unwrap_or_default();
        let empty = Ranges::new();
        let ranges = here.map_or(&empty, |(ranges, _)| ranges);
        let said = contact.map_or(0, |contact| contact.last);
        let end = standing.finished.max(standing.rescued);
        let last = ranges.last().max(said).max(end.unwrap_or(0));
        // The server's own log can't miss what its own post entered; numbers are left out where it starts anew.
        let own = device == self.day().root();
        let missing = if own { Ranges::new() } else { ranges.missing(last) };
        DeviceView {
            post: standing.posts.last().map(|(_, _, post)| post.clone()),
            replaces: standing.replaces.into_iter().collect(),
            revoked: standing.revoked,
            lost: standing.lost,
            clock: self.clock(device).map_or(ClockError::NotMeasured, Clock::error),
            entries: ranges.count(),
            complete: end.is_some() && missing.is_empty(),
            missing,
            heard: here.map(|(_, heard)| *heard).max(contact.map(|contact| contact.at)),
            unsent: contact.map_or(0, |contact| contact.unsent),
        }
    }
}
