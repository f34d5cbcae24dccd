//! A day from its seed: what happens when, and what the network makes of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::body::Bytes;
use axum::http::Method;
use cellsweep_sweep::day::{CellRef, DayWhat, Envelope, Plan};
use cellsweep_sweep::sync::{FromServer, Phase, Reading, Tick, read_from_server, write_from_phone};
use cellsweep_sweep::{Attachment, TeamId};
use futures::stream::{self, StreamExt as _};
use jiff::Timestamp;
use rand::{RngExt as _, SeedableRng as _};

use super::device::Device;
use super::http::{Answered, Ask, Http};
use super::made::Gen;
use super::{Rehearsal, RehearsalError, Report, Stage};
use crate::keys::verify;

/// The day's first moment.
pub(super) const START_MS: i64 = 1_772_344_800_000;
/// When the trouble ends.
const END_MS: i64 = START_MS + 3 * 3_600_000;
/// What happens within so many milliseconds is asked at once: about as many requests as may be under way.
const WINDOW_MS: i64 = 2_000;
/// Requests under way at once.
const AT_ONCE: usize = 48;

/// What happens next.
pub(super) enum Next {
    Act(usize),
    Call(usize),
    Ask(usize, Kind, Ask),
    Hear(usize, Kind, Answered),
    Receive(usize, String),
    Command(u8),
    Restart,
}

/// What a request is about.
#[derive(Clone)]
pub(super) enum Kind {
    Sync,
    Photo(String),
    Distress,
}

/// An entry that was made.
pub(super) struct Entered {
    pub device: usize,
    pub sequence: u64,
    pub envelope: Envelope,
}

/// A found item's way.
pub(super) struct Way {
    pub item: String,
    /// Its photo.
    pub photo: Attachment,
    pub phone: bool,
    pub finder: usize,
    /// The desk that acknowledged it.
    pub received: Option<usize>,
}

/// A team in a cell.
pub(super) struct Doing {
    pub cell: CellRef,
    pub finds: usize,
}

pub(super) struct Run<'s, S> {
    pub rehearsal: Rehearsal,
    pub stage: &'s mut S,
    pub http: Http,
    pub rng: Gen,
    pub now: i64,
    queue: BTreeMap<(i64, u64), Next>,
    count: u64,
    pub plan: Plan,
    pub devices: Vec<Device>,
    pub desks: Vec<usize>,
    pub cells: Vec<VecDeque<CellRef>>,
    pub doing: Vec<Option<Doing>>,
    pub truth: Vec<Entered>,
    pub ways: Vec<Way>,
    /// Items that each device's officer carries.
    pub carried: BTreeMap<usize, Vec<usize>>,
    pub forged: BTreeSet<String>,
    pub photos: BTreeSet<String>,
    pub report: Report,
}

impl<'s, S: Stage> Run<'s, S> {
    pub fn new(rehearsal: Rehearsal, plan: Plan, stage: &'s mut S) -> Self {
        let mut own: BTreeMap<&TeamId, VecDeque<CellRef>> = BTreeMap::new();
        for planned in &plan.cells {
            own.entry(&planned.team).or_default().push_back(planned.cell.clone());
        }
        let cells = plan.teams.iter().map(|team| own.remove(&team.team).unwrap_or_default()).collect();
        Self {
            rng: Gen::seed_from_u64(rehearsal.seed),
            rehearsal,
            stage,
            http: Http::new(),
            now: START_MS,
            queue: BTreeMap::new(),
            count: 0,
            devices: Vec::new(),
            desks: Vec::new(),
            cells,
            doing: plan.teams.iter().map(|_| None).collect(),
            plan,
            truth: Vec::new(),
            ways: Vec::new(),
            carried: BTreeMap::new(),
            forged: BTreeSet::new(),
            photos: BTreeSet::new(),
            report: Report::default(),
        }
    }

    /// The whole day, until the trouble ends.
    pub async fn day(&mut self) -> Result<(), RehearsalError> {
        self.stage.reach(at(self.now)).await;
        self.enrol_all().await?;
        for index in 0..self.devices.len() {
            let first = self.rng.random_range(1_000..=90_000);
            self.later(first, Next::Call(index));
        }
        for team in 0..self.plan.teams.len() {
            let first = self.rng.random_range(60_000..=600_000);
            self.later(first, Next::Act(team));
        }
        for word in 0..4 {
            let when = self.rng.random_range(600_000..=5_400_000);
            self.later(when, Next::Command(word));
        }
        for _ in 0..self.rehearsal.weather.restarts {
            let when = self.rng.random_range(600_000..=7_200_000);
            self.later(when, Next::Restart);
        }
        while self.window().await? {}
        Ok(())
    }

    pub fn later(&mut self, ms: i64, next: Next) {
        self.count += 1;
        self.queue.insert((self.now + ms, self.count), next);
    }

    /// All that happens in a moment; requests of one moment are under way at once.
    async fn window(&mut self) -> Result<bool, RehearsalError> {
        let Some((first, _)) = self.queue.first_key_value().map(|(key, _)| *key).filter(|key| key.0 < END_MS) else {
            return Ok(false);
        };
        let (mut asks, mut restart) = (Vec::new(), false);
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 < first + WINDOW_MS) {
            let ((at, _), next) = entry.remove_entry();
            self.now = at;
            match next {
                Next::Ask(device, kind, ask) => asks.push((device, kind, ask)),
                Next::Restart => restart = true,
                Next::Command(word) => self.command(word).await?,
                Next::Act(team) => self.act(team),
                Next::Call(device) => self.call(device),
                Next::Hear(device, kind, answered) => self.hear(device, &kind, &answered),
                Next::Receive(desk, code) => self.receive_items(desk, &code),
            }
        }
        self.now = first + WINDOW_MS;
        self.stage.reach(at(self.now)).await;
        for (device, kind, answered) in self.ask_all(asks, restart).await? {
            self.answered(device, kind, answered);
        }
        Ok(true)
    }

    /// Asks; with `kill` the server is killed while it is being asked.
    async fn ask_all(
        &mut self,
        asks: Vec<(usize, Kind, Ask)>,
        kill: bool,
    ) -> Result<Vec<(usize, Kind, Answered)>, RehearsalError> {
        self.report.count("requests", asks.len());
        let url = self.stage.url();
        let under_way: Vec<_> = asks
            .into_iter()
            .map(|(device, kind, ask)| {
                let (http, url) = (self.http.clone(), url.clone());
                async move { (device, kind, http.ask(&url, ask).await) }
            })
            .collect();
        if !kill {
            return Ok(stream::iter(under_way).buffer_unordered(AT_ONCE).collect().await);
        }
        self.report.count("server killed", 1);
        let under_way: Vec<_> = under_way.into_iter().map(tokio::spawn).collect();
        tokio::task::yield_now().await;
        self.stage.restart().await?;
        let ended = futures::future::join_all(under_way).await;
        Ok(ended.into_iter().filter_map(Result::ok).collect())
    }

    /// What the network makes of an answer.
    fn answered(&mut self, device: usize, kind: Kind, answered: Answered) {
        if (400..500).contains(&answered.status) && answered.status != 409 {
            let said = String::from_utf8_lossy(&answered.body).chars().take(200).collect::<String>();
            self.report.failures.push(format!("a good request was refused with {}: {said}", answered.status));
        }
        if answered.status == 0 || self.rng.random_bool(self.rehearsal.weather.drop) {
            return self.report.count("answers lost", 1);
        }
        let delay = self.delay();
        self.later(delay, Next::Hear(device, kind, answered));
    }

    fn delay(&mut self) -> i64 {
        if self.rng.random_bool(self.rehearsal.weather.late) {
            self.report.count("late", 1);
            return self.rng.random_range(60_000..=900_000);
        }
        self.rng.random_range(20..=2_000)
    }

    /// A phone tries the network.
    fn call(&mut self, index: usize) {
        self.perish(index);
        let again = self.rng.random_range(30_000..=90_000);
        self.later(again, Next::Call(index));
        let (now, weather) = (self.now, self.rehearsal.weather);
        let tick = self.tick(index);
        let device = &mut self.devices[index];
        if !device.alive || device.jammed_until > now {
            return;
        }
        let mut messages = vec![device.phone.hello(tick)];
        messages.extend((0..2).map_while(|_| device.phone.batch()));
        messages.extend(self.forgery(index));
        let together = self.rng.random_bool(0.5);
        let bodies: Vec<String> = messages.iter().filter_map(|message| write_from_phone(message).ok()).collect();
        let bodies = if together { vec![bodies.join("\n")] } else { bodies };
        for body in bodies {
            let ask = Ask::post("/sync", self.devices[index].bearer(), body);
            self.send(index, Kind::Sync, ask);
        }
        self.send_photo(index);
        if self.rng.random_bool(weather.jammed * 0.2) {
            self.devices[index].jammed_until = now + self.rng.random_range(60_000..=1_800_000);
            self.report.count("jammed", 1);
        }
    }

    fn send_photo(&mut self, index: usize) {
        let device = &self.devices[index];
        let Some((name, (bytes, from))) = device.photos.iter().next() else { return };
        let upto = if self.rng.random_bool(0.5) { bytes.len() } else { from + (bytes.len() - from).div_ceil(2) };
        let ask = photo(device, name, bytes, *from, upto);
        let kind = Kind::Photo(name.clone());
        self.send(index, kind, ask);
    }

    /// What the network makes of a request.
    pub fn send(&mut self, index: usize, kind: Kind, ask: Ask) {
        let weather = self.rehearsal.weather;
        if self.rng.random_bool(weather.double) {
            self.report.count("doubled", 1);
            let delay = self.delay();
            self.later(delay, Next::Ask(index, kind.clone(), ask.clone()));
        }
        if self.rng.random_bool(weather.drop) {
            return self.report.count("requests lost", 1);
        }
        let delay = self.delay();
        self.later(delay, Next::Ask(index, kind, ask));
    }

    /// A phone hears an answer.
    pub fn hear(&mut self, index: usize, kind: &Kind, answered: &Answered) {
        if !self.devices[index].alive {
            return;
        }
        match kind {
            Kind::Sync if answered.status == 200 => {
                let text = String::from_utf8_lossy(&answered.body).into_owned();
                text.lines().for_each(|line| match read_from_server(line) {
                    Ok(message) => self.hear_message(index, message),
                    Err(error) => self.report.failures.push(format!("an answer can't be read: {error}")),
                });
            }
            Kind::Photo(name) => self.devices[index].photo_heard(name, answered),
            Kind::Sync | Kind::Distress => {}
        }
    }

    fn hear_message(&mut self, index: usize, message: FromServer) {
        let tick = self.tick(index);
        if let FromServer::Acknowledged { have, .. } | FromServer::Welcome { have, .. } = &message {
            let numbers = have.iter().flat_map(|(first, last)| first..=last);
            self.devices[index].heard.extend(numbers);
        }
        let heard = self.devices[index].phone.receive(message, tick);
        if let Some(reading) = heard.reading {
            let (device, count) = (self.devices[index].name.clone(), self.devices[index].phone.last());
            let Reading { its_time, true_time, within_ms } = reading;
            self.enter(index, DayWhat::ClockMeasured { device, count, its_time, true_time, within_ms });
        }
        let root = self.stage.root();
        for envelope in heard.news {
            if !verify(&root, &envelope.text, &envelope.signature) {
                self.report.failures.push("a word that isn't command's came as command's".into());
            }
            let id = envelope.open(at(self.now)).map(|event| event.id);
            if let Ok(about) = id {
                self.enter(index, DayWhat::Seen { about });
            }
        }
    }

    /// A phone whose time has come is dead.
    pub fn perish(&mut self, index: usize) {
        let device = &mut self.devices[index];
        if device.alive && device.dies.is_some_and(|dies| dies <= self.now) {
            device.alive = false;
            self.report.count("phones died", 1);
        }
    }

    /// A phone takes an entry, if it still does.
    pub fn enter(&mut self, index: usize, what: DayWhat) -> bool {
        self.perish(index);
        let clock = self.tick(index).clock;
        let Some(envelope) = self.devices[index].enter(what, clock) else { return false };
        let sequence = self.devices[index].phone.last();
        self.truth.push(Entered { device: index, sequence, envelope });
        true
    }

    /// The trouble is over: what is under way arrives, and every phone syncs until nothing is left.
    pub async fn heal(&mut self) -> Result<(), RehearsalError> {
        self.now = END_MS;
        let left = std::mem::take(&mut self.queue);
        let asks = left.into_values().filter_map(|next| match next {
            Next::Ask(device, kind, ask) => Some((device, kind, ask)),
            _ => None,
        });
        let restarts = self.rehearsal.weather.restarts > 0;
        self.ask_all(asks.collect(), restarts).await?;
        for index in 0..self.devices.len() {
            self.enter(index, DayWhat::Finished {});
        }
        for _ in 0..100 {
            self.now += 1_000;
            self.stage.reach(at(self.now)).await;
            let asks: Vec<_> = (0..self.devices.len()).flat_map(|index| self.last_calls(index)).collect();
            if asks.is_empty() {
                return Ok(());
            }
            for (device, kind, answered) in self.ask_all(asks, false).await? {
                self.hear(device, &kind, &answered);
            }
        }
        self.report.failures.push("a phone still holds something on a network that works".into());
        Ok(())
    }

    fn last_calls(&mut self, index: usize) -> Vec<(usize, Kind, Ask)> {
        let tick = self.tick(index);
        let device = &mut self.devices[index];
        let mut asks = Vec::new();
        if !device.alive {
            return asks;
        }
        if device.phone.phase() != Phase::Done {
            let mut messages = vec![device.phone.hello(tick)];
            messages.extend((0..8).map_while(|_| device.phone.batch()));
            let lines: Vec<String> = messages.iter().filter_map(|message| write_from_phone(message).ok()).collect();
            asks.push((index, Kind::Sync, Ask::post("/sync", device.bearer(), lines.join("\n"))));
        }
        if let Some((name, (bytes, from))) = device.photos.iter().next() {
            asks.push((index, Kind::Photo(name.clone()), photo(device, name, bytes, *from, bytes.len())));
        }
        asks
    }

    /// A device's two clocks now.
    pub fn tick(&self, index: usize) -> Tick {
        let clock = self.stage.clock(at(self.now)).as_millisecond();
        self.devices[index].tick(clock)
    }
}

/// A true time.
pub(super) fn at(ms: i64) -> Timestamp {
    Timestamp::from_millisecond(ms).unwrap_or_default()
}

fn photo(device: &Device, name: &str, bytes: &[u8], from: usize, upto: usize) -> Ask {
    let mut headers = device.bearer();
    headers.push(("upload-offset".into(), from.to_string()));
    headers.push(("upload-length".into(), bytes.len().to_string()));
    let body = Bytes::copy_from_slice(&bytes[from..upto]);
    Ask { method: Method::PUT, path: format!("/photos/{name}"), headers, body }
}
