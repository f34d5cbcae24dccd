//! The search day: what teams, desks and command enter, as a set of entries, and what they tell together.
//!
//! A state ([`Day`]) is the set of its entries; neither order nor repetition of their arrival shows. Nothing that came
//! in is ever dropped: what has a wrong signature, can't be read or makes no sense is set apart and shown. What the
//! entries tell together is worked out anew from the whole set by [`Day::view`].

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::events::{Applied, Events};
use crate::id::{DeviceKey, EventId, PublicKey, Signature};

mod cells;
mod clock;
mod dating;
mod devices;
mod envelope;
mod exhibits;
mod find;
mod flags;
mod held;
mod open;
mod plan;
mod posts;
mod progress;
mod report;
mod sense;
mod sites;
mod teams;
mod view;
mod what;

pub use cells::{CellStatus, CellView, Crew};
pub use clock::{Certainty, ClockError};
pub use devices::{Contact, DeviceView};
pub use envelope::{Envelope, Scrap, VERSION, write};
pub use find::{Find, ImeiRead, Lay, ModelClass, Power, Screen, Sealing};
pub use flags::Flag;
pub use held::Apart;
pub use open::{OpenEnd, Waiting};
pub use plan::{CellRef, Detector, Plan, PlannedCell, PlannedTeam, Target};
pub use progress::{PhoneFound, Progress, Search};
pub use report::{CellLine, DayReport, FindLine};
pub use sense::Refusal;
pub use sites::{SiteView, Tally, Word};
pub use teams::TeamView;
pub use view::{Dated, Rules, View};
pub use what::{Audience, DayEvent, DayWhat, Obstacle, Post, Referral, Replaces, Stop, Whereabouts};

pub(crate) use sense::sensible;

use held::{Held, Shreds};

/// What checking an entry's signature against its device's key came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// The device's key isn't known, or not yet.
    Unknown,
    /// The signature doesn't fit.
    Bad,
    /// It fits. What was once found good stays good.
    Good,
}

/// What taking an entry did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It counts, or would if nothing contradicted it.
    Counts(Applied),
    /// It is set apart and shown, and counts for nothing.
    Apart,
}

/// All that is known of a search day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Day {
    root: DeviceKey,
    entries: Events<Held>,
    scraps: BTreeMap<Envelope, Shreds>,
}

impl Day {
    /// A day of which nothing is known but which device commands at its beginning. Other devices command when they
    /// are enrolled to it.
    pub fn new(root: DeviceKey) -> Self {
        Self { root, entries: Events::default(), scraps: BTreeMap::new() }
    }

    /// Takes an entry as it came, and never loses it.
    pub fn take(&mut self, envelope: Envelope, received: Timestamp, checked: Checked) -> Taken {
        match envelope.open(received) {
            Ok(event) => self.add(event, envelope.signature, checked),
            Err(why) => {
                let known = self.scraps.entry(envelope).or_insert_with(|| Shreds { received, checked, why });
                known.received = known.received.min(received);
                known.checked = known.checked.max(checked);
                Taken::Apart
            }
        }
    }

    /// Takes an entry.
    ///
    /// # Errors
    /// Where it makes no sense by itself.
    pub fn apply(&mut self, event: DayEvent, signature: Signature, checked: Checked) -> Result<Taken, Refusal> {
        sensible(&event)?;
        Ok(self.add(event, signature, checked))
    }

    fn add(&mut self, event: DayEvent, signature: Signature, checked: Checked) -> Taken {
        let id = event.id.clone();
        let held = Held { event, signature, checked };
        let before = self.entries.of(&id).iter().any(|known| known.counts_like(&held));
        self.entries.add(held);
        match (checked, self.contents(&id)) {
            (Checked::Unknown | Checked::Bad, _) => Taken::Apart,
            _ if before => Taken::Counts(Applied::Known),
            (Checked::Good, 1) => Taken::Counts(Applied::New),
            (Checked::Good, _) => Taken::Counts(Applied::Contradicts),
        }
    }

    /// Different contents with a good signature under one id.
    fn contents(&self, id: &EventId) -> usize {
        held::contents(self.entries.of(id)).count()
    }

    /// Whether this very entry is known, with a verdict no worse.
    pub fn knows(&self, event: &DayEvent, signature: &Signature, checked: Checked) -> bool {
        let versions = self.entries.of(&event.id);
        versions.iter().any(|held| held.checked >= checked && held.is(event, signature))
    }

    /// Whether this very text is known to be unreadable.
    pub(crate) fn knows_scrap(&self, envelope: &Envelope, checked: Checked) -> bool {
        self.scraps.get(envelope).is_some_and(|known| known.checked >= checked)
    }

    /// Entries that count: a good signature and one content.
    pub fn settled(&self) -> impl Iterator<Item = &DayEvent> {
        self.entries.versions().filter_map(|(_, versions)| {
            let mut good = held::contents(versions);
            good.next().filter(|_| good.next().is_none())
        })
    }

    /// Ids under which a device signed more than one content, and how many. None of them counts.
    pub fn disputed(&self) -> impl Iterator<Item = (&EventId, usize)> {
        let counted = self.entries.versions().map(|(id, versions)| (id, held::contents(versions).count()));
        counted.filter(|(_, contents)| *contents > 1)
    }

    /// Devices that command: the first one, and whichever a commanding device enrolled to it.
    pub fn commanding(&self) -> BTreeSet<DeviceKey> {
        posts::commanding(&self.root, self.settled())
    }

    /// The public keys that command enrolled devices with.
    pub fn keys(&self) -> BTreeMap<DeviceKey, BTreeSet<PublicKey>> {
        let commanding = self.commanding();
        let mut keys: BTreeMap<DeviceKey, BTreeSet<PublicKey>> = BTreeMap::new();
        for event in self.settled().filter(|event| commanding.contains(&event.device)) {
            if let DayWhat::Enrolled { device, key, .. } = &event.what {
                keys.entry(device.clone()).or_default().insert(key.clone());
            }
        }
        keys
    }

    /// Which device commands at the beginning.
    pub fn root(&self) -> &DeviceKey {
        &self.root
    }
}
