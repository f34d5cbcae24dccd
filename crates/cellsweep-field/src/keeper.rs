//! The one thread that takes what comes: it decides, writes all that came together in one go, and only then answers.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, PoisonError, RwLock};

use cellsweep_sweep::day::{Checked, Contact, DayEvent, DayWhat, Envelope};
use cellsweep_sweep::sync::{FromPhone, FromServer, Ranges, Record, Server};
use cellsweep_sweep::{DeviceKey, Digest, EventId, Party, PublicKey, limits};
use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot};

use crate::Clock;
use crate::access::{Access, Invitation};
use crate::journal::{Journal, JournalError};
use crate::keys::{PostKey, verify};
use crate::line::{self, Line};
use crate::problem::Problem;
use crate::wall::Follow;

/// Questions that are taken together at most.
const GROUP: usize = 512;
/// Entries that can't be accepted, from one device between two starts of the server.
const APART: u64 = 5_000;

/// What is asked.
pub(crate) enum Ask {
    /// A device's messages.
    Messages { from: DeviceKey, messages: Vec<FromPhone> },
    /// A line that needs no thought.
    Keep(Line),
    /// An entry of the command post's.
    Enter { by: Party, what: Box<DayWhat> },
    /// A device with a code.
    Enrol { code: Digest, device: DeviceKey, key: PublicKey, token: Digest },
}

/// What is answered once all of it is durable.
#[derive(Debug)]
pub(crate) enum Answer {
    Messages(Vec<FromServer>),
    Kept,
    Entered(EventId),
}

/// A question, and where its answer goes.
pub(crate) struct Job {
    pub ask: Ask,
    pub reply: oneshot::Sender<Result<Answer, Problem>>,
}

pub(crate) struct Keeper {
    pub post: Arc<PostKey>,
    pub clock: Clock,
    pub journal: Box<dyn Journal>,
    pub server: Server,
    /// What the lines say, those that are being written among them.
    pub access: Access,
    /// What the durable lines say, for all who read.
    pub shared: Arc<RwLock<Access>>,
    pub follow: Sender<Follow>,
    /// The command post's next number.
    next: u64,
    apart: BTreeMap<DeviceKey, u64>,
    lines: Vec<Line>,
    /// The journal failed, and what is in memory may be more than what is kept.
    doubtful: bool,
}

impl Keeper {
    /// From what the journal has.
    pub fn open(
        post: Arc<PostKey>,
        clock: Clock,
        mut journal: Box<dyn Journal>,
        follow: Sender<Follow>,
    ) -> Result<Self, JournalError> {
        let (server, access, lines) = restore(&post, journal.as_mut())?;
        let _ = follow.send(Follow::Lines(lines));
        let shared = Arc::new(RwLock::new(access.clone()));
        let next = next(&server, post.device(), clock());
        let (apart, lines, doubtful) = (BTreeMap::new(), Vec::new(), false);
        Ok(Self { post, clock, journal, server, access, shared, follow, next, apart, lines, doubtful })
    }

    /// Serves until nobody can ask any more.
    pub fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        while let Some(first) = jobs.blocking_recv() {
            let mut group = vec![first];
            while group.len() < GROUP
                && let Ok(job) = jobs.try_recv()
            {
                group.push(job);
            }
            self.serve(group);
        }
    }

    fn serve(&mut self, group: Vec<Job>) {
        if self.doubtful && self.recover().is_err() {
            group.into_iter().for_each(|job| _ = job.reply.send(Err(Problem::NotKept)));
            return;
        }
        let now = (self.clock)();
        let taken: Vec<_> = group.into_iter().map(|job| (job.reply, self.take(job.ask, now))).collect();
        let kept = self.keep_all();
        for (reply, answer) in taken {
            let answer = if kept { answer.map(|draft| self.finish(draft)) } else { Err(Problem::NotKept) };
            let _ = reply.send(answer);
        }
    }

    fn take(&mut self, ask: Ask, now: Timestamp) -> Result<Draft, Problem> {
        match ask {
            Ask::Messages { from, messages } => self.messages(&from, messages, now),
            Ask::Keep(line) => {
                self.write(line);
                Ok(Draft::Kept)
            }
            Ask::Enter { by, what } => self.command(by, *what, now).map(Draft::Entered),
            Ask::Enrol { code, device, key, token } => self.enrol(code, device, key, token, now),
        }
    }

    fn messages(&mut self, from: &DeviceKey, messages: Vec<FromPhone>, now: Timestamp) -> Result<Draft, Problem> {
        let apart = self.apart.entry(from.clone()).or_default();
        if *apart >= APART {
            return Err(Problem::TooMany);
        }
        let (mut answers, mut devices, mut records) = (Vec::new(), Vec::new(), Vec::new());
        for message in messages {
            match &message {
                FromPhone::Hello { device, last, unsent, .. } => {
                    let contact = Contact { at: now, last: *last, unsent: *unsent };
                    let _ = self.follow.send(Follow::Called(device.clone(), contact));
                }
                FromPhone::Batch { device, .. } => devices.push(device.clone()),
            }
            let came = self.server.receive(message, now, &verify);
            answers.extend(came.answers.into_iter().filter(|a| !matches!(a, FromServer::Acknowledged { .. })));
            records.extend(came.write);
        }
        *apart += records.iter().filter(|record| record.checked != Checked::Good).count() as u64;
        records.into_iter().for_each(|record| self.write(Line::Entry { record }));
        devices.sort();
        devices.dedup();
        Ok(Draft::Messages(answers, devices))
    }

    /// The command post says something; that a site has a new plan is told to its phones without the plan.
    fn command(&mut self, by: Party, what: DayWhat, now: Timestamp) -> Result<EventId, Problem> {
        let changed = match &what {
            DayWhat::Replanned { site, number, why, .. } => {
                Some(DayWhat::PlanChanged { site: site.clone(), number: *number, why: why.clone() })
            }
            _ => None,
        };
        let id = self.enter(by.clone(), what, now)?;
        if let Some(changed) = changed {
            self.enter(by, changed, now)?;
        }
        Ok(id)
    }

    /// The command post enters something.
    fn enter(&mut self, by: Party, what: DayWhat, now: Timestamp) -> Result<EventId, Problem> {
        let invalid = |error: &dyn std::fmt::Display| Problem::Invalid(error.to_string());
        let device = self.post.device().clone();
        let id: EventId = format!("{device}:{}", self.next).parse().map_err(|error| invalid(&error))?;
        let event = DayEvent { id: id.clone(), occurred: now, received: now, device, sequence: self.next, by, what };
        let text = cellsweep_sweep::day::write(&event).map_err(|error| invalid(&error))?;
        let signature = self.post.sign(&text).map_err(|error| invalid(&error))?;
        let envelope = Envelope { text, signature };
        envelope.open(now).map_err(|error| invalid(&error))?;
        let first = self.next;
        let message = FromPhone::Batch { device: event.device, first, entries: vec![envelope] };
        self.next += 1;
        let came = self.server.receive(message, now, &verify);
        came.write.into_iter().for_each(|record| self.write(Line::Entry { record }));
        Ok(id)
    }

    fn enrol(
        &mut self,
        code: Digest,
        device: DeviceKey,
        key: PublicKey,
        token: Digest,
        now: Timestamp,
    ) -> Result<Draft, Problem> {
        let invitation = self.access.invitations.get(&code).filter(|one| now <= one.until).cloned();
        let invitation = invitation.ok_or(Problem::Code)?;
        match &invitation.device {
            Some(other) if *other != device => return Err(Problem::Code),
            Some(_) => {}
            None => {
                let Invitation { by, post, replaces, .. } = invitation;
                self.enter(by, DayWhat::Enrolled { device: device.clone(), key, post, replaces }, now)?;
            }
        }
        self.write(Line::Admitted { code, device, token });
        Ok(Draft::Kept)
    }

    fn write(&mut self, line: Line) {
        self.access.apply(&line);
        self.lines.push(line);
    }

    /// Writes what is to be written, and what that lets be checked again.
    fn keep_all(&mut self) -> bool {
        while !self.lines.is_empty() {
            let lines = std::mem::take(&mut self.lines);
            let texts: Option<Vec<String>> = lines.iter().map(line::write).collect();
            let Some(Ok(())) = texts.map(|texts| self.journal.append(&texts)) else {
                self.doubtful = true;
                return false;
            };
            let entries = lines.iter().filter(|line| matches!(line, Line::Entry { .. })).count();
            self.server.durable(entries);
            let mut shared = self.shared.write().unwrap_or_else(PoisonError::into_inner);
            lines.iter().for_each(|line| shared.apply(line));
            drop(shared);
            let enrolled = lines.iter().any(|line| matches!(line, Line::Admitted { .. }));
            let _ = self.follow.send(Follow::Lines(lines));
            if enrolled {
                let again: Vec<Record> = self.server.check_again(&verify);
                again.into_iter().for_each(|record| self.write(Line::Entry { record }));
            }
        }
        true
    }

    fn finish(&self, draft: Draft) -> Answer {
        match draft {
            Draft::Kept => Answer::Kept,
            Draft::Entered(id) => Answer::Entered(id),
            Draft::Messages(mut answers, devices) => {
                let acknowledged = devices.into_iter().map(|device| {
                    let have = self.have(&device);
                    FromServer::Acknowledged { device, have }
                });
                answers.extend(acknowledged);
                Answer::Messages(answers)
            }
        }
    }

    /// What is durable of a device, as much as a message holds.
    fn have(&self, device: &DeviceKey) -> Ranges {
        let have = self.server.have(device);
        let first = have.iter().take(limits::RANGES);
        let mut bounded = Ranges::new();
        first.for_each(|(first, last)| bounded.insert_all(first, last));
        bounded
    }

    /// After a failed write: what isn't in the journal didn't happen.
    fn recover(&mut self) -> Result<(), JournalError> {
        let (server, access, lines) = restore(&self.post, self.journal.as_mut())?;
        self.next = self.next.max(server.have(self.post.device()).last() + 1);
        (self.server, self.access) = (server, access.clone());
        *self.shared.write().unwrap_or_else(PoisonError::into_inner) = access;
        self.lines.clear();
        let _ = self.follow.send(Follow::Anew(lines));
        self.doubtful = false;
        Ok(())
    }
}

/// An answer that waits for its lines to be written.
enum Draft {
    Messages(Vec<FromServer>, Vec<DeviceKey>),
    Kept,
    Entered(EventId),
}

/// The command post's next number. A log that goes on may be one that was put back to what it was before, and phones may
/// know what was entered since: no number of that time is given again, for it was a thousandth of a second at least.
fn next(server: &Server, post: &DeviceKey, now: Timestamp) -> u64 {
    match server.have(post).last() {
        0 => 1,
        last => u64::try_from(now.as_millisecond()).unwrap_or(0).max(last + 1),
    }
}

fn restore(post: &PostKey, journal: &mut dyn Journal) -> Result<(Server, Access, Vec<Line>), JournalError> {
    let texts = journal.read()?;
    let read = |(text, number): (&String, usize)| line::read(text).ok_or(JournalError::Line(number));
    let lines: Vec<Line> = texts.iter().zip(1..).map(read).collect::<Result<_, _>>()?;
    let mut access = Access::new(post.device().clone());
    lines.iter().for_each(|line| access.apply(line));
    let records = lines.iter().filter_map(|line| match line {
        Line::Entry { record } => Some(record.clone()),
        _ => None,
    });
    let server = Server::from_log(post.device().clone(), post.public().clone(), records);
    Ok((server, access, lines))
}
