//! One day from its seed.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};
use std::fmt;

use cellsweep_sweep::day::DayWhat;
use cellsweep_sweep::sync::{FromPhone, FromServer, Phase, Record, Server, read_from_phone, read_from_server};
use cellsweep_sweep::sync::{read_record, write_from_phone, write_from_server, write_record};
use rand::RngExt;

use super::actors::{Device, Entered, Place, Way};
use super::figures::Figures;
use super::made;
use super::world::{self, World};

/// When the trouble ends at the latest: the morning is over.
const END_MS: i64 = 4 * 3_600_000;

/// Where and how a day failed.
#[derive(Debug)]
pub struct Failure {
    pub seed: u64,
    pub step: usize,
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}, step {}: {}", self.seed, self.step, self.what)
    }
}

/// What happens next.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Next {
    Act(usize),
    Command(u8),
    Call(usize),
    ToServer(String),
    ToPhone(usize, String),
    Written(usize, usize),
    Receive(usize, String),
}

pub struct Sim {
    pub world: World,
    pub now: i64,
    pub step: usize,
    pub queue: BinaryHeap<Reverse<(i64, usize, Next)>>,
    pub count: usize,
    pub devices: Vec<Device>,
    pub by_name: BTreeMap<String, usize>,
    /// Which device each team works with, and each site's desk.
    pub team_device: Vec<usize>,
    pub desk: Vec<usize>,
    pub doing: Vec<Option<super::act::Doing>>,
    pub carried: Vec<Vec<usize>>,
    pub server: Server,
    pub epoch: usize,
    pub unwritten: VecDeque<Record>,
    pub log: Vec<Record>,
    /// Entries in the log, by device and number, with a good signature.
    pub durable: BTreeSet<(String, u64)>,
    pub truth: Vec<Entered>,
    pub ways: Vec<Way>,
    pub forged: BTreeSet<String>,
    pub sent: Vec<String>,
    pub figures: Figures,
}

/// Runs a day; `heal` stops the trouble at that step and lets the day end.
pub fn run(seed: u64, heal: Option<usize>) -> Result<Figures, Failure> {
    let mut sim = Sim::new(seed);
    let fail = |sim: &Sim, what: String| Failure { seed, step: sim.step, what };
    sim.begin();
    while heal.is_none_or(|heal| sim.step < heal) {
        let Some(Reverse((at, _, next))) = sim.queue.pop() else { break };
        if at > END_MS {
            break;
        }
        sim.now = at;
        sim.step += 1;
        sim.happen(next).map_err(|what| fail(&sim, what))?;
    }
    sim.heal().map_err(|what| fail(&sim, what))?;
    sim.check().map_err(|what| fail(&sim, what))?;
    Ok(sim.figures)
}

/// The first step after which the day fails even if nothing goes wrong any more.
pub fn shrink(failure: Failure) -> Failure {
    let (mut good, mut bad) = (0, failure);
    while bad.step > good + 1 {
        let middle = usize::midpoint(good, bad.step);
        match run(bad.seed, Some(middle)) {
            Ok(_) => good = middle,
            Err(smaller) => bad = Failure { step: smaller.step.min(middle), ..smaller },
        }
    }
    bad
}

impl Sim {
    fn new(seed: u64) -> Self {
        let world = world::draw(seed);
        let root = Device::new("command".into(), Place::Command, 0);
        let server = Server::new(root.name.parse().unwrap(), root.key.clone());
        let figures = Figures { sites: world.sites, officers: world.officers, ..Figures::default() };
        let teams = world.teams.len();
        let mut sim = Self {
            world,
            now: 0,
            step: 0,
            queue: BinaryHeap::new(),
            count: 0,
            devices: Vec::new(),
            by_name: BTreeMap::new(),
            team_device: Vec::new(),
            desk: Vec::new(),
            doing: (0..teams).map(|_| None).collect(),
            carried: vec![Vec::new(); teams],
            server,
            epoch: 0,
            unwritten: VecDeque::new(),
            log: Vec::new(),
            durable: BTreeSet::new(),
            truth: Vec::new(),
            ways: Vec::new(),
            forged: BTreeSet::new(),
            sent: Vec::new(),
            figures,
        };
        sim.add(root);
        sim
    }

    pub fn add(&mut self, mut device: Device) -> usize {
        let rng = &mut self.world.rng;
        let weather = &self.world.weather;
        if device.place != Place::Command {
            device.drift = rng.random_range(-100..=100);
            device.offset = rng.random_range(-3_000..=3_000);
            if rng.random_bool(weather.wrong_clocks) {
                device.offset = rng.random_range(-5..=5) * 3_600_000 + rng.random_range(-90_000..=90_000);
            }
            if rng.random_bool(weather.set_clocks) {
                let by = rng.random_range(300_000..=7_200_000) * if rng.random_bool(0.5) { 1 } else { -1 };
                device.set = Some((self.now + rng.random_range(600_000..=7_200_000), by));
            }
            if rng.random_bool(weather.deaths) {
                device.dies = Some(self.now + rng.random_range(600_000..=7_200_000));
            }
        }
        let index = self.devices.len();
        self.by_name.insert(device.name.clone(), index);
        self.devices.push(device);
        self.figures.devices += 1;
        index
    }

    pub fn later(&mut self, ms: i64, next: Next) {
        self.count += 1;
        self.queue.push(Reverse((self.now + ms, self.count, next)));
    }

    fn happen(&mut self, next: Next) -> Result<(), String> {
        match next {
            Next::Act(team) => self.act(team),
            Next::Command(what) => self.command(what),
            Next::Receive(desk, code) => self.receive_items(desk, &code),
            Next::Call(device) => self.call(device),
            Next::ToServer(text) => self.at_server(&text),
            Next::ToPhone(device, text) => return self.at_phone(device, &text),
            Next::Written(epoch, count) if epoch == self.epoch => return self.written(count),
            Next::Written(..) => {}
        }
        Ok(())
    }

    /// A device tries the network: a hello and some of what it holds.
    fn call(&mut self, index: usize) {
        let now = self.now;
        self.perish(index);
        let device = &mut self.devices[index];
        if !device.alive || device.phone.phase() == Phase::Shredded {
            return;
        }
        let tick = device.tick(now);
        let mut messages = vec![device.phone.hello(tick)];
        messages.extend((0..3).map_while(|_| device.phone.batch()));
        let jammed = device.jammed_until > now;
        if self.world.rng.random_bool(self.world.weather.jammed) {
            self.devices[index].jammed_until = now + self.world.rng.random_range(0..=3_600_000);
        }
        for message in messages.into_iter().filter(|_| !jammed) {
            let text = write_from_phone(&message).unwrap();
            self.send(text.clone(), Next::ToServer);
            self.trouble(text);
        }
        let again = self.world.rng.random_range(30_000..=600_000);
        self.later(again, Next::Call(index));
    }

    /// Puts a message on the network.
    fn send(&mut self, text: String, next: impl Fn(String) -> Next) {
        self.figures.messages += 1;
        let weather = &self.world.weather;
        let (drop, double, late) = (weather.drop, weather.double, weather.late);
        if self.world.rng.random_bool(drop) {
            self.figures.dropped += 1;
            return;
        }
        let times = if self.world.rng.random_bool(double) { 2 } else { 1 };
        self.figures.doubled += times - 1;
        for _ in 0..times {
            let late = self.world.rng.random_bool(late);
            self.figures.late += usize::from(late);
            let most = if late { 7_200_000 } else { 4_000 };
            let delay = self.world.rng.random_range(20..=most);
            self.later(delay, next(text.clone()));
        }
    }

    fn at_server(&mut self, text: &str) {
        let Ok(message) = read_from_phone(text) else { return };
        self.deliver(message);
        if !self.unwritten.is_empty() {
            let (epoch, count) = (self.epoch, self.world.rng.random_range(1..=self.unwritten.len()));
            let delay = self.world.rng.random_range(5..=3_000);
            self.later(delay, Next::Written(epoch, count));
        }
    }

    pub fn deliver(&mut self, message: FromPhone) {
        let came = self.server.receive(message, made::at(self.now), &made::verify);
        self.unwritten.extend(came.write);
        self.answer(came.answers);
    }

    fn answer(&mut self, answers: Vec<FromServer>) {
        for answer in answers {
            if let Some(index) = self.by_name.get(answer.device().as_str()).copied() {
                let text = write_from_server(&answer).unwrap();
                self.send(text, |text| Next::ToPhone(index, text));
            }
        }
    }

    /// The disk has taken so many lines; the server may be killed before, or after and before it says so.
    fn written(&mut self, count: usize) -> Result<(), String> {
        if self.world.rng.random_bool(self.world.weather.crash) {
            return self.crash();
        }
        let (count, enrolled) = self.write(count);
        if self.world.rng.random_bool(self.world.weather.crash) {
            return self.restart();
        }
        let answers = self.server.durable(count);
        if enrolled {
            let again = self.server.check_again(&made::verify);
            self.unwritten.extend(again);
        }
        self.answer(answers);
        if !self.unwritten.is_empty() {
            let (epoch, count) = (self.epoch, self.unwritten.len());
            self.later(500, Next::Written(epoch, count));
        }
        Ok(())
    }

    /// Lines that are now on the disk, and whether a device's enrolment is among them.
    pub fn write(&mut self, count: usize) -> (usize, bool) {
        let count = count.min(self.unwritten.len());
        let mut enrolled = false;
        for record in self.unwritten.drain(..count) {
            if let Ok(event) = record.envelope.open(record.received)
                && record.checked == cellsweep_sweep::day::Checked::Good
            {
                self.durable.insert((event.device.to_string(), event.sequence));
                enrolled |= matches!(event.what, DayWhat::Enrolled { .. });
            }
            self.log.push(record);
        }
        (count, enrolled)
    }

    fn crash(&mut self) -> Result<(), String> {
        self.restart()
    }

    /// The server is what its log says, and that is what it was.
    fn restart(&mut self) -> Result<(), String> {
        self.figures.restarts += 1;
        self.epoch += 1;
        self.unwritten.clear();
        let root = &self.devices[0];
        let read = |record: &Record| read_record(&write_record(record).unwrap()).unwrap();
        let anew = Server::from_log(root.name.parse().unwrap(), root.key.clone(), self.log.iter().map(read));
        for device in &self.devices {
            let (before, after) = (self.server.have(device.phone.device()), anew.have(device.phone.device()));
            if before.iter().any(|(first, last)| (first..=last).any(|number| !after.contains(number))) {
                return Err(format!("{}: the log has less than was acknowledged", device.name));
            }
        }
        self.server = anew;
        let again = self.server.check_again(&made::verify);
        self.unwritten.extend(again);
        if !self.unwritten.is_empty() {
            let (epoch, count) = (self.epoch, self.unwritten.len());
            self.later(500, Next::Written(epoch, count));
        }
        Ok(())
    }

    fn at_phone(&mut self, index: usize, text: &str) -> Result<(), String> {
        self.perish(index);
        if !self.devices[index].alive {
            return Ok(());
        }
        let Ok(message) = read_from_server(text) else { return Ok(()) };
        self.hear(index, message)
    }

    /// A device hears the server: what is acknowledged is on the disk, and clocks that were measured are entered.
    pub fn hear(&mut self, index: usize, message: FromServer) -> Result<(), String> {
        if let FromServer::Welcome { have, .. } | FromServer::Acknowledged { have, .. } = &message {
            let device = &self.devices[index];
            let known = device.phone.acknowledged();
            let not_written =
                |number: &u64| !known.contains(*number) && !self.durable.contains(&(device.name.clone(), *number));
            if let Some(number) = have.iter().flat_map(|(first, last)| first..=last).find(not_written) {
                return Err(format!("{}:{number} was acknowledged and isn't durable", device.name));
            }
        }
        let now = self.now;
        let device = &mut self.devices[index];
        let tick = device.tick(now);
        let heard = device.phone.receive(message, tick);
        self.end_of(index)?;
        if let Some(reading) = heard.reading {
            let device = &self.devices[index];
            let what = DayWhat::ClockMeasured {
                device: device.phone.device().clone(),
                count: device.phone.last(),
                its_time: reading.its_time,
                true_time: reading.true_time,
                within_ms: reading.within_ms,
            };
            self.enter(index, what);
        }
        for envelope in heard.news {
            let event = envelope.open(made::at(0)).map_err(|why| format!("news can't be read: {why}"))?;
            self.enter(index, DayWhat::Seen { about: event.id });
        }
        Ok(())
    }

    /// A device that is done destroys its key; whatever it held must be on the disk.
    fn end_of(&mut self, index: usize) -> Result<(), String> {
        let device = &mut self.devices[index];
        if device.phone.phase() != Phase::Done {
            return Ok(());
        }
        let lost = (1..=device.phone.last()).find(|number| !self.durable.contains(&(device.name.clone(), *number)));
        if let Some(number) = lost {
            return Err(format!("{}:{number} was shredded and isn't durable", device.name));
        }
        device.phone.shred();
        Ok(())
    }

    pub fn perish(&mut self, index: usize) {
        let now = self.now;
        let device = &mut self.devices[index];
        if device.alive && device.dies.is_some_and(|dies| dies <= now) {
            device.alive = false;
            device.rescued = self.world.rng.random_bool(self.world.weather.rescues);
            self.figures.died += 1;
        }
    }
}
