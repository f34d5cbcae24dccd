//! The command post's wall: a page that is ready when somebody looks, whatever the day is busy with.
//!
//! A thread of its own follows the journal's lines, so that working out a page never holds up an entry, nor entries a
//! page.

mod page;
pub(crate) mod words;

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use cellsweep_sweep::DeviceKey;
use cellsweep_sweep::day::{Contact, Day, Progress, Rules, Whereabouts};
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::{oneshot, watch};

use crate::Clock;
use crate::brief::Brief;
use crate::keys::sha256;
use crate::line::Line;
use crate::paper::{Paper, Told, paper};

/// Pages are made this far apart at least, and by so many times what making one took: it never takes more than a
/// fifth of a core, however large the day is.
const PAUSE: Duration = Duration::from_millis(250);
const REST: u32 = 4;
/// Silence shows without anybody's word.
const LOOK_AGAIN: Duration = Duration::from_secs(10);

/// A language of people's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// French.
    Fr,
}

impl Language {
    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Fr => "fr",
        }
    }
}

/// What the follower is told.
pub(crate) enum Follow {
    /// Lines are durable.
    Lines(Vec<Line>),
    /// All lines anew: what was told before may be more than what is kept.
    Anew(Vec<Line>),
    /// A device called.
    Called(DeviceKey, Contact),
    /// Something else changed.
    Look,
    /// Somebody wants the report.
    Report(Language, oneshot::Sender<Bytes>),
    /// Somebody wants the report to be printed.
    Paper(Language, oneshot::Sender<Paper>),
    /// Somebody wants what the day means for exhibits.
    Exhibits(oneshot::Sender<Vec<cellsweep_sweep::Event>>),
    /// Somebody wants to plan the rest.
    Progress(oneshot::Sender<Progress>),
}

/// A page that is ready.
pub(crate) struct Page {
    pub lines: u64,
    pub tag: String,
    pub wall: Bytes,
}

impl Page {
    pub fn empty() -> Self {
        Self { lines: 0, tag: "\"0\"".into(), wall: Bytes::from_static(b"{\"day\":null,\"sites\":[],\"finds\":[],\"flags\":[],\"announcements\":[],\"distress\":[],\"open\":[],\"open_count\":0,\"quarantined\":0,\"unsent\":0,\"lines\":0}") }
    }
}

/// A call for help that came on the short way.
pub(crate) struct Call {
    pub at: Timestamp,
    pub device: DeviceKey,
    pub place: Whereabouts,
}

/// What the follower knows.
pub(crate) struct Known {
    pub day: Day,
    pub contacts: BTreeMap<DeviceKey, Contact>,
    pub calls: Vec<Call>,
    /// Messages that can't be read: when, and from which device.
    pub unreadable: Vec<(Timestamp, DeviceKey)>,
    pub lines: u64,
}

pub(crate) struct Follower {
    root: DeviceKey,
    known: Known,
    rules: Rules,
    clock: Clock,
    brief: Arc<RwLock<Arc<Brief>>>,
}

impl Known {
    fn new(root: DeviceKey) -> Self {
        let (contacts, calls, unreadable) = (BTreeMap::new(), Vec::new(), Vec::new());
        Self { day: Day::new(root), contacts, calls, unreadable, lines: 0 }
    }

    fn take(&mut self, line: Line) {
        self.lines += 1;
        match line {
            Line::Entry { record } => _ = self.day.take(record.envelope, record.received, record.checked),
            Line::Distress { at, device, place } => self.calls.push(Call { at, device, place }),
            Line::Unreadable { at, device, .. } => self.unreadable.push((at, device)),
            Line::Invited { .. } | Line::Admitted { .. } => {}
        }
    }
}

impl Follower {
    pub fn new(root: DeviceKey, rules: Rules, clock: Clock, brief: Arc<RwLock<Arc<Brief>>>) -> Self {
        Self { known: Known::new(root.clone()), root, rules, clock, brief }
    }

    /// Follows until nobody tells anything any more. A first word is shown at once; what comes right after it is shown
    /// together.
    pub fn run(mut self, told: &Receiver<Follow>, page: &watch::Sender<Arc<Page>>) {
        let (mut due, mut changed) = (Instant::now(), false);
        loop {
            let wait = if changed { due.saturating_duration_since(Instant::now()) } else { LOOK_AGAIN };
            match told.recv_timeout(wait) {
                Ok(follow) => {
                    self.take(follow);
                    told.try_iter().for_each(|follow| self.take(follow));
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            let start = Instant::now();
            changed = start < due;
            if !changed {
                self.show(page);
                due = Instant::now() + (start.elapsed() * REST).max(PAUSE);
            }
        }
    }

    fn take(&mut self, follow: Follow) {
        match follow {
            Follow::Lines(lines) => lines.into_iter().for_each(|line| self.known.take(line)),
            Follow::Anew(lines) => {
                let contacts = std::mem::take(&mut self.known.contacts);
                self.known = Known { contacts, ..Known::new(self.root.clone()) };
                lines.into_iter().for_each(|line| self.known.take(line));
            }
            Follow::Called(device, contact) => {
                let known = self.known.contacts.entry(device).or_insert(contact);
                *known = contact.max(*known);
            }
            Follow::Look => {}
            Follow::Report(language, reply) => _ = reply.send(self.report(language)),
            Follow::Paper(language, reply) => _ = reply.send(self.paper(language)),
            Follow::Progress(reply) => _ = reply.send(self.known.day.view(self.rules).progress()),
            Follow::Exhibits(reply) => _ = reply.send(self.known.day.view(self.rules).exhibit_events()),
        }
    }

    fn brief(&self) -> Arc<Brief> {
        self.brief.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn show(&self, page: &watch::Sender<Arc<Page>>) {
        let brief = self.brief();
        let made = page::wall(&self.known, self.rules, &brief, (self.clock)());
        let Ok(wall) = serde_json::to_vec(&made) else { return };
        let tag = format!("\"{}\"", &sha256(&wall)[..32]);
        page.send_replace(Arc::new(Page { lines: self.known.lines, tag, wall: wall.into() }));
    }

    fn report(&self, language: Language) -> Bytes {
        let brief = self.brief();
        let report = page::report(&self.known, self.rules, &brief, (self.clock)(), language);
        serde_json::to_vec(&report).unwrap_or_default().into()
    }

    fn paper(&self, language: Language) -> Paper {
        let brief = self.brief();
        let Known { day, contacts, unreadable, .. } = &self.known;
        let told = Told { day, contacts, unreadable, brief: &brief, rules: self.rules, as_of: (self.clock)() };
        paper(&told, language)
    }
}
