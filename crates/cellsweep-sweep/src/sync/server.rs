//! The server's half: it writes what comes, and acknowledges what is written.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::message::{FromPhone, FromServer, Standing};
use super::ranges::Ranges;
use super::record::Record;
use crate::day::{Audience, Checked, Contact, Day, DayEvent, DayWhat, Envelope, Post, Taken};
use crate::id::{DeviceKey, FacilityName, Mark, PublicKey, Signature, TeamId};
use crate::limits;

/// Whether a signature over a text's bytes fits a public key.
pub type Verify<'a> = &'a dyn Fn(&PublicKey, &str, &Signature) -> bool;

/// What has come: lines to be written to the log in this order, and answers that may go at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Came {
    /// To be written; then [`Server::durable`] says what may be acknowledged.
    pub write: Vec<Record>,
    /// To be sent now: they say nothing of what isn't written yet.
    pub answers: Vec<FromServer>,
}

/// The server of a search day.
#[derive(Debug, Clone)]
pub struct Server {
    day: Day,
    keys: BTreeMap<DeviceKey, BTreeSet<PublicKey>>,
    have: BTreeMap<DeviceKey, Ranges>,
    pending: VecDeque<Pending>,
    /// What is being written, each text once, with the verdict that is written.
    writing: BTreeMap<Envelope, Checked>,
    contacts: BTreeMap<DeviceKey, Contact>,
    news: Vec<(Audience, Envelope)>,
    posts: BTreeMap<DeviceKey, Post>,
    teams: BTreeMap<TeamId, FacilityName>,
    revoked: BTreeSet<DeviceKey>,
}

/// A line that is being written.
#[derive(Debug, Clone)]
struct Pending {
    record: Record,
    /// The device that is waiting for it.
    sender: Option<DeviceKey>,
}

impl Server {
    /// The server of a day that begins, with the device that commands and its key.
    pub fn new(root: DeviceKey, key: PublicKey) -> Self {
        Self {
            day: Day::new(root.clone()),
            keys: BTreeMap::from([(root, BTreeSet::from([key]))]),
            have: BTreeMap::new(),
            pending: VecDeque::new(),
            writing: BTreeMap::new(),
            contacts: BTreeMap::new(),
            news: Vec::new(),
            posts: BTreeMap::new(),
            teams: BTreeMap::new(),
            revoked: BTreeSet::new(),
        }
    }

    /// The server as its log says: all that is known but who called lately.
    pub fn from_log(root: DeviceKey, key: PublicKey, log: impl IntoIterator<Item = Record>) -> Self {
        let mut server = Self::new(root, key);
        for record in log {
            server.apply(record);
        }
        server
    }

    /// Takes a message. Nothing that it brings counts before it is written.
    pub fn receive(&mut self, message: FromPhone, now: Timestamp, verify: Verify<'_>) -> Came {
        match message {
            FromPhone::Hello { device, clock, last, unsent, heard, mark } => {
                self.heard(&device, Contact { at: now, last, unsent });
                let welcome = self.welcome(device.clone(), now, clock);
                let answers = std::iter::once(welcome).chain(self.news_for(device, heard, mark.as_ref())).collect();
                Came { write: Vec::new(), answers }
            }
            FromPhone::Batch { device, entries, .. } => self.batch(&device, entries, now, verify),
        }
    }

    /// The oldest `count` lines that were given out are written. They count from now on, and are acknowledged.
    pub fn durable(&mut self, count: usize) -> Vec<FromServer> {
        let mut waiting = BTreeSet::new();
        for _ in 0..count {
            let Some(Pending { record, sender }) = self.pending.pop_front() else { break };
            waiting.extend(sender);
            self.writing.remove(&record.envelope);
            self.apply(record);
        }
        waiting.into_iter().map(|device| self.acknowledgement(device)).collect()
    }

    /// Entries that came before their device's key was known, and whose signature is good: lines to be written.
    pub fn check_again(&mut self, verify: Verify<'_>) -> Vec<Record> {
        let mut good = Vec::new();
        for (event, signature) in self.day.unchecked() {
            let Ok(text) = crate::day::write(event) else { continue };
            let envelope = Envelope { text, signature: signature.clone() };
            let checked = self.check(&event.device, &envelope, verify);
            if checked != Checked::Unknown {
                good.push((event.device.clone(), Record { received: event.received, checked, envelope }));
            }
        }
        let write = good.iter().map(|(_, record)| record.clone()).collect();
        self.pending.extend(good.into_iter().map(|(device, record)| Pending { record, sender: Some(device) }));
        write
    }

    /// The day as the log says.
    pub fn day(&self) -> &Day {
        &self.day
    }

    /// Who called lately.
    pub fn contacts(&self) -> &BTreeMap<DeviceKey, Contact> {
        &self.contacts
    }

    /// Entries of a device that are durable.
    pub fn have(&self, device: &DeviceKey) -> Ranges {
        self.have.get(device).cloned().unwrap_or_default()
    }

    fn batch(&mut self, sender: &DeviceKey, entries: Vec<Envelope>, now: Timestamp, verify: Verify<'_>) -> Came {
        let mut came = Came::default();
        for envelope in entries.into_iter().take(limits::BATCH) {
            let opened = envelope.open(now);
            let claimed = opened.as_ref().map_or(sender, |event| &event.device);
            let checked = self.check(claimed, &envelope, verify);
            let known = match &opened {
                Ok(event) => self.day.knows(event, &envelope.signature, checked),
                Err(_) => self.day.knows_scrap(&envelope, checked),
            };
            // What comes again before it is written is written once.
            let writing = self.writing.get(&envelope).is_some_and(|written| *written >= checked);
            if !known && !writing {
                self.writing.insert(envelope.clone(), checked);
                let record = Record { received: now, checked, envelope };
                came.write.push(record.clone());
                self.pending.push_back(Pending { record, sender: Some(sender.clone()) });
            }
        }
        if came.write.is_empty() {
            came.answers.push(self.acknowledgement(sender.clone()));
        }
        came
    }

    fn check(&self, device: &DeviceKey, envelope: &Envelope, verify: Verify<'_>) -> Checked {
        match self.keys.get(device) {
            None => Checked::Unknown,
            Some(keys) if keys.iter().any(|key| verify(key, &envelope.text, &envelope.signature)) => Checked::Good,
            Some(_) => Checked::Bad,
        }
    }

    /// A line of the log counts.
    fn apply(&mut self, record: Record) {
        let Record { received, checked, envelope } = record;
        let event = envelope.open(received).ok();
        let taken = self.day.take(envelope.clone(), received, checked);
        let (Some(event), Taken::Counts(_)) = (event, taken) else { return };
        self.have.entry(event.device.clone()).or_default().insert(event.sequence);
        self.learn(&event, envelope);
    }

    fn learn(&mut self, event: &DayEvent, envelope: Envelope) {
        if let DayWhat::Enrolled { .. } = &event.what {
            for (device, keys) in self.day.keys() {
                self.keys.entry(device).or_default().extend(keys);
            }
        }
        let commanded = event.what.is_commands() && self.day.commanding().contains(&event.device);
        if !commanded {
            return;
        }
        match &event.what {
            DayWhat::Opened { plan, .. } => {
                let sites = plan.teams.iter().map(|planned| (planned.team.clone(), planned.site.clone()));
                self.teams.extend(sites);
            }
            DayWhat::Enrolled { device, post, .. } => {
                self.posts.insert(device.clone(), post.clone());
            }
            DayWhat::Announced { to: audience, .. } | DayWhat::Aborted { scope: audience, .. } => {
                self.news.push((audience.clone(), envelope));
            }
            DayWhat::PlanChanged { site, .. } => self.news.push((Audience::Site(site.clone()), envelope)),
            DayWhat::Revoked { device, .. } => _ = self.revoked.insert(device.clone()),
            DayWhat::Closed {} => self.news.push((Audience::All, envelope)),
            _ => {}
        }
    }

    fn welcome(&self, device: DeviceKey, now: Timestamp, echo: Timestamp) -> FromServer {
        let standing = match self.keys.contains_key(&device) {
            _ if self.revoked.contains(&device) => Standing::Revoked,
            true => Standing::Enrolled,
            false => Standing::NotEnrolled,
        };
        let have = self.have(&device);
        FromServer::Welcome { device, clock: now, echo, have, standing }
    }

    fn acknowledgement(&self, device: DeviceKey) -> FromServer {
        let have = self.have(&device);
        FromServer::Acknowledged { device, have }
    }

    fn heard(&mut self, device: &DeviceKey, contact: Contact) {
        let known = self.contacts.entry(device.clone()).or_insert(contact);
        *known = contact.max(*known);
    }

    /// Command's words that a device hasn't heard, as many as one message holds. A device that has other words than
    /// these, or more, has heard a server whose log was put back since: it gets them all.
    fn news_for(&self, device: DeviceKey, heard: u64, mark: Option<&Mark>) -> Option<FromServer> {
        let known = usize::try_from(heard).ok().filter(|known| *known <= self.news.len());
        let known = known.filter(|known| mark.is_none() || mark == self.mark(*known).as_ref());
        if known == Some(self.news.len()) {
            return None;
        }
        let from = known.unwrap_or(0);
        let upto = self.news.len().min(from + limits::BATCH);
        let concerned = self.news[from..upto].iter().filter(|(audience, _)| self.reaches(audience, &device));
        let entries = concerned.map(|(_, envelope)| envelope.clone()).collect();
        let mark = mark.and_then(|_| self.mark(upto));
        Some(FromServer::News { device, after: heard, upto: upto as u64, entries, mark })
    }

    /// What the first so many words are known by.
    fn mark(&self, count: usize) -> Option<Mark> {
        match count.checked_sub(1) {
            Some(last) => self.news.get(last).and_then(|(_, envelope)| Mark::of(&envelope.signature)),
            None => Mark::of_nothing(),
        }
    }

    fn reaches(&self, audience: &Audience, device: &DeviceKey) -> bool {
        // Nobody knows who holds a revoked device.
        let post = self.posts.get(device).filter(|_| !self.revoked.contains(device));
        let team = if let Some(Post::Team(team)) = post { Some(team) } else { None };
        match (audience, post) {
            (_, None) => false,
            (Audience::All, _) | (_, Some(Post::Command)) => true,
            (Audience::Site(site), Some(Post::Desk(at))) => site == at,
            (Audience::Site(site), _) => team.and_then(|team| self.teams.get(team)) == Some(site),
            (Audience::Team(concerned), _) => team == Some(concerned),
        }
    }
}
