//! One handset's day: sessions, events, location updates, and what sensors hear of them.

use rand::RngExt;

use crate::clock::HOUR;
use crate::contacts::Society;
use crate::identity::random_number;
use crate::network::{TECHS, Tech};
use crate::plan::Plan;
use crate::quirks::{ClockSlip, ImeiForm, row_form};
use crate::radio::{Serving, timing_advance};
use crate::rng::{Gen, Purpose, chance, exponential, hash01, mix, normal, poisson, stream};
use crate::unit::{NOWHERE, Power, Sim, Unit};

/// A record before it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Row {
    pub t: i64,
    pub imsi: u64,
    pub imei: u64,
    pub sector: u32,
    pub duration: u32,
    pub peer: u64,
    /// 0 where it is blank.
    pub msisdn: u64,
    pub advance: u16,
    pub op: u8,
    pub event: u8,
    pub direction: u8,
    pub form: u8,
}

/// No value.
pub(crate) const BLANK: u32 = u32::MAX;
/// No timing advance.
pub(crate) const NO_ADVANCE: u16 = u16::MAX;
/// Names of events and directions, by their numbers in rows.
pub(crate) const EVENTS: [&str; 6] = ["voice", "sms", "data", "attach", "update", "detach"];
/// See `EVENTS`.
pub(crate) const DIRECTIONS: [&str; 3] = ["out", "in", "none"];
const DATA: u8 = 2;
const ATTACH: u8 = 3;
const UPDATE: u8 = 4;
const DETACH: u8 = 5;
/// Forms by their numbers in rows.
pub(crate) const FORMS: [ImeiForm; 7] = [
    ImeiForm::Checked,
    ImeiForm::ZeroCheck,
    ImeiForm::Bare,
    ImeiForm::Version,
    ImeiForm::WrongCheck,
    ImeiForm::Blank,
    ImeiForm::Zeros,
];

/// What a sensor heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Heard {
    pub t: i64,
    pub facility: u16,
    pub sensor: u16,
    pub tech: u8,
    pub rssi: i16,
    /// The subscriber's IMSI where the sensor caught it, else 0.
    pub identity: u64,
}

/// What a stretch of work leaves.
#[derive(Default)]
pub(crate) struct Output {
    pub rows: Vec<Row>,
    pub heard: Vec<Heard>,
    pub uses: u32,
}

/// The world as the day's events need it.
pub(crate) struct Stage<'a> {
    pub plan: &'a Plan,
    pub society: &'a Society,
    pub slip: &'a ClockSlip,
}

#[derive(Clone, Copy)]
struct Held {
    tech: Tech,
    op: u8,
    place: usize,
    serving: Serving,
}

struct Session<'a> {
    stage: &'a Stage<'a>,
    unit: &'a Unit,
    id: u64,
    rng: &'a mut Gen,
    out: &'a mut Output,
    tech: Option<Tech>,
    /// What served last, and where: it tends to go on serving.
    held: Option<Held>,
}

impl Stage<'_> {
    /// Plays one day of one handset.
    pub(crate) fn play(&self, id: u64, unit: &Unit, day: u32, out: &mut Output) {
        let (from, to) = (self.plan.clock.midnights[day as usize], self.plan.clock.midnights[day as usize + 1]);
        if unit.to <= from || unit.from >= to {
            return;
        }
        let mut rng = stream(self.plan.seed, Purpose::Day, id << 12 | u64::from(day));
        let h = &unit.habit;
        let spread = f64::from(h.spread);
        let rate = f64::from(h.rate) * (spread * normal(&mut rng) - spread * spread / 2.0).exp();
        for _ in 0..poisson(&mut rng, rate) {
            let t = from + self.time_of_day(&mut rng, &h.hours);
            self.session(id, unit, t, &mut rng, out, f64::from(h.burst));
        }
        if h.beat_h > 0.0 {
            self.beats(id, unit, (from, to), &mut rng, out);
        }
        if h.power != Power::Bursts {
            self.idle(id, unit, (from, to), &mut rng, out);
        }
    }

    fn time_of_day(&self, rng: &mut Gen, hours: &[u16; 24]) -> i64 {
        let at = rng.random::<u16>();
        let hour = hours.partition_point(|c| *c < at).min(23) as i64;
        hour * HOUR + rng.random_range(0..HOUR)
    }

    fn beats(&self, id: u64, unit: &Unit, (from, to): (i64, i64), rng: &mut Gen, out: &mut Output) {
        let step = (f64::from(unit.habit.beat_h) * HOUR as f64) as i64;
        let phase = (hash01(mix(id, 77)) * step as f64) as i64;
        let mut t = from + phase;
        while t < to {
            let jitter = (exponential(rng, 20.0) * 1e6) as i64;
            self.session(id, unit, t + jitter, rng, out, 1.2);
            t += step;
        }
    }

    /// Whether it is on and in somebody's reach.
    fn alive(&self, unit: &Unit, t: i64) -> bool {
        let (_, hour) = self.plan.clock.day_hour(t);
        let off = match unit.habit.power {
            Power::NightOff { from, to } => {
                let (from, to) = (f64::from(from), f64::from(to));
                hour >= from || hour + 24.0 >= from && hour < to
            }
            Power::On | Power::Bursts => false,
        };
        !off && unit.from <= t && t < unit.to && unit.quiet.iter().all(|q| t < q.0 || t >= q.1)
    }

    fn session(&self, id: u64, unit: &Unit, t: i64, rng: &mut Gen, out: &mut Output, burst: f64) {
        let mut session = Session { stage: self, unit, id, rng, out, tech: None, held: None };
        if !session.run(t, burst, 0) && chance(session.rng, 0.35) {
            // Jammed or no network: later, from somewhere else.
            let later = t + (exponential(session.rng, 2.5) * HOUR as f64) as i64;
            session.run(later, burst, 1);
        }
    }

    /// Periodic updates, updates on the move, and the switch at night.
    fn idle(&self, id: u64, unit: &Unit, (from, to): (i64, i64), rng: &mut Gen, out: &mut Output) {
        let period = (f64::from(unit.habit.update_h) * HOUR as f64) as i64;
        let mut next = from + (rng.random::<f64>() * period as f64) as i64;
        let mut session = Session { stage: self, unit, id, rng, out, tech: None, held: None };
        let step = 10 * 60_000_000;
        let mut last = (unit.place_at(id, &self.plan.clock, from), self.alive(unit, from));
        let mut t = from;
        while t < to {
            let now = (unit.place_at(id, &self.plan.clock, t), self.alive(unit, t));
            let at = t + (session.rng.random::<f64>() * step as f64) as i64;
            if now.1 != last.1 {
                session.signal(at - step, if now.1 { ATTACH } else { DETACH }, 0.7);
            } else if now.1 && now.0 != last.0 {
                session.signal(at, UPDATE, 0.6);
            }
            if now.1 && t >= next {
                session.signal(at, UPDATE, 1.0);
                next = t + (period as f64 * (0.9 + 0.2 * session.rng.random::<f64>())) as i64;
            }
            last = now;
            t += step;
        }
        self.road(unit, (from, to), &mut session);
    }

    /// Legs shorter than the scan's step: every other one crosses into another area.
    fn road(&self, unit: &Unit, (from, to): (i64, i64), session: &mut Session<'_>) {
        for leg in unit.legs.iter().filter(|l| from <= l.from && l.from < to && l.to - l.from < 300_000_000) {
            session.held = None;
            session.signal(leg.from + 20_000_000, UPDATE, 0.5);
        }
    }
}

impl Session<'_> {
    /// One session; false where no network took it.
    fn run(&mut self, t: i64, burst: f64, attempt: u32) -> bool {
        let unit = self.unit;
        if !self.stage.alive(unit, t) {
            return true;
        }
        let user = self.user(t);
        let place = self.place(t, user);
        let at = &unit.places[place];
        if at.facility != NOWHERE && self.skips(at.facility, t) {
            return true;
        }
        let second = unit.imei[1] != 0 && chance(self.rng, 0.35);
        let Some(sim) = unit.sim_at(t, user as u8, second) else { return true };
        let data = !self.speaks();
        let Some(tech) = self.technology(place, sim.op, data, t, attempt) else { return false };
        self.tech = Some(tech);
        let on_demand = unit.habit.power == Power::Bursts;
        let mut when = t;
        if on_demand {
            let before = (25.0 + exponential(self.rng, 60.0)) * 1e6;
            if !self.emit(t - before as i64, ATTACH, sim, place, user) {
                return false;
            }
            self.second_slot_comes_up(t - before as i64, sim, place, user);
        }
        let mut any = on_demand;
        let more = 1.0 - 1.0 / burst.max(1.01);
        for _ in 0..60 {
            let kind = self.kind();
            any |= self.emit(when, kind, sim, place, user);
            if !chance(self.rng, more) {
                break;
            }
            when += ((8.0 + exponential(self.rng, 110.0)) * 1e6) as i64;
        }
        if on_demand && chance(self.rng, 0.7) {
            let after = ((15.0 + exponential(self.rng, 200.0)) * 1e6) as i64;
            self.emit(when + after, DETACH, sim, place, user);
        }
        self.out.uses += u32::from(any);
        any
    }

    /// A dual-SIM handset that is switched on attaches with both cards within seconds.
    fn second_slot_comes_up(&mut self, t: i64, sim: &Sim, place: usize, user: usize) {
        let unit = self.unit;
        let fits = |other: &&Sim| other.slot != sim.slot && other.from <= t && t < other.to;
        let Some(other) = unit.sims.iter().find(fits).filter(|_| unit.imei[1] != 0) else { return };
        let tech = self.tech;
        let later = t + ((0.4 + exponential(self.rng, 1.2)) * 1e6) as i64;
        self.held = None;
        self.tech = self.technology(place, other.op, true, later, 0);
        self.emit(later, ATTACH, other, place, user);
        (self.tech, self.held) = (tech, None);
    }

    fn user(&mut self, t: i64) -> usize {
        let users = &self.unit.users;
        if users.len() < 2 {
            return 0;
        }
        let weight = |u: &crate::unit::User| if u.from <= t && t < u.to { f64::from(u.weight) } else { 0.0 };
        let weights: Vec<f64> = users.iter().map(weight).collect();
        crate::rng::weighted(self.rng, &weights)
    }

    fn place(&self, t: i64, user: usize) -> usize {
        let plan = self.stage.plan;
        let place = self.unit.place_at(self.id, &plan.clock, t);
        match self.unit.users.get(user).and_then(|u| u.place) {
            Some(own) if place == 0 => own as usize,
            _ => place as usize,
        }
    }

    fn skips(&mut self, facility: u16, t: i64) -> bool {
        let (_, hour) = self.stage.plan.clock.day_hour(t);
        let counted = self.unit.class.is_inmates() && self.stage.plan.facilities[facility as usize].roll_call(hour);
        counted && chance(self.rng, 0.85)
    }

    fn speaks(&mut self) -> bool {
        self.rng.random::<f32>() < self.unit.habit.mix[1]
    }

    fn kind(&mut self) -> u8 {
        let u: f32 = self.rng.random();
        let [voice, sms] = self.unit.habit.mix;
        if u < voice {
            0
        } else if u < sms {
            1
        } else {
            DATA
        }
    }

    /// A technology that works here and isn't jammed.
    fn technology(&mut self, place: usize, op: u8, data: bool, t: i64, attempt: u32) -> Option<Tech> {
        let at = &self.unit.places[place];
        let radio = &at.radio.iter().find(|r| r.0 == op)?.1;
        let taste = if data { [0.04, 0.15, 1.0, 0.9] } else { [0.4, 0.35, 0.6, 0.05] };
        let mut weights: [f64; 4] = std::array::from_fn(|i| taste[i] * f64::from(radio.usable[i]));
        for _ in 0..2 + attempt {
            if weights.iter().sum::<f64>() < 0.01 {
                return None;
            }
            let i = crate::rng::weighted(self.rng, &weights);
            if !self.jammed(at.facility, at.wing, i, t) && !self.silenced(place, i, t) {
                return Some(TECHS[i]);
            }
            weights[i] = 0.0;
        }
        None
    }

    fn silenced(&self, place: usize, tech: usize, t: i64) -> bool {
        let plan = self.stage.plan;
        let at = (self.id, &self.unit.places[place]);
        plan.trial.as_ref().is_some_and(|trial| trial.silences(plan, at, tech, t))
    }

    fn jammed(&mut self, facility: u16, wing: u8, tech: usize, t: i64) -> bool {
        if facility == NOWHERE {
            return false;
        }
        let efficacy = self.stage.plan.facilities[facility as usize].jammed(wing, tech, t);
        efficacy.is_some_and(|p| chance(self.rng, p))
    }

    /// A signalling row outside of any session.
    fn signal(&mut self, t: i64, event: u8, share: f64) {
        if !chance(self.rng, share) || !(event == DETACH || self.stage.alive(self.unit, t)) {
            return;
        }
        let user = self.user(t);
        let place = self.unit.place_at(self.id, &self.stage.plan.clock, t) as usize;
        let second = self.unit.imei[1] != 0 && chance(self.rng, 0.4);
        let Some(sim) = self.unit.sim_at(t, user as u8, second) else { return };
        if let Some(tech) = self.technology(place, sim.op, true, t, 0) {
            self.tech = Some(tech);
            let up = self.emit(t, event, sim, place, user);
            if up && event == ATTACH {
                self.second_slot_comes_up(t, sim, place, user);
            }
        }
    }

    /// Writes one event, where a sector serves it.
    fn emit(&mut self, t: i64, event: u8, sim: &Sim, place: usize, user: usize) -> bool {
        let clock = &self.stage.plan.clock;
        if t < clock.start() || t >= clock.end() || t < self.unit.from || t >= self.unit.to {
            return false;
        }
        let Some((tech, serving)) = self.serve(t, sim.op, place) else { return false };
        let operator = &self.stage.plan.net.operators[sim.op as usize];
        let signalling = event >= ATTACH;
        let advance = if self.rng.random::<f64>() < operator.timing_advance[tech as usize] {
            timing_advance(tech, serving.path_m, self.rng)
        } else {
            NO_ADVANCE
        };
        let form = row_form(self.rng, operator.imei_form[tech as usize], &self.stage.plan.params);
        let blank = if signalling {
            operator.blank_msisdn
        } else if event == DATA {
            0.08
        } else {
            0.01
        };
        let direction = if signalling {
            2
        } else if event == DATA {
            0
        } else {
            u8::from(self.rng.random::<f64>() < 0.42)
        };
        let row = Row {
            t,
            imsi: sim.imsi,
            imei: self.unit.imei[sim.slot as usize],
            sector: serving.sector,
            duration: self.duration(event),
            peer: if event < DATA { self.peer(t, user) } else { 0 },
            msisdn: if chance(self.rng, blank) { 0 } else { sim.msisdn },
            advance,
            op: sim.op,
            event,
            direction,
            form: FORMS.iter().position(|f| *f == form).unwrap_or(0) as u8,
        };
        self.hear(t, tech, place, sim);
        self.record(row, sim);
        true
    }

    /// Adds the row as the recording operators have it: with their clock, once or twice.
    fn record(&mut self, row: Row, sim: &Sim) {
        let slip = self.stage.slip;
        let shifted =
            |op: u8| if op == slip.op && slip.from <= row.t && row.t < slip.to { row.t + slip.shift } else { row.t };
        self.out.rows.push(Row { t: shifted(row.op), ..row });
        if let Some(op) = sim.also
            && chance(self.rng, 0.8)
        {
            self.out.rows.push(Row { t: shifted(op), op, ..row });
        }
    }

    fn serve(&mut self, t: i64, op: u8, place: usize) -> Option<(Tech, Serving)> {
        let tech = self.tech?;
        if let Some(held) = self.held
            && (held.tech, held.op, held.place) == (tech, op, place)
            && chance(self.rng, 0.6)
        {
            return Some((tech, held.serving));
        }
        let plan = self.stage.plan;
        let radio = &self.unit.places[place].radio.iter().find(|r| r.0 == op)?.1;
        for _ in 0..4 {
            let serving = radio.serve(tech, self.rng)?;
            if plan.outages.serves(&plan.net, serving.sector, t) {
                self.held = Some(Held { tech, op, place, serving });
                return Some((tech, serving));
            }
        }
        None
    }

    fn duration(&mut self, event: u8) -> u32 {
        match event {
            0 => (crate::rng::log_normal(self.rng, 70.0, 1.1) as u32).min(7_200),
            DATA => (crate::rng::log_normal(self.rng, 90.0, 1.2) as u32).min(14_400),
            _ => BLANK,
        }
    }

    fn peer(&mut self, t: i64, user: usize) -> u64 {
        let Some(user) = self.unit.users.get(user) else { return 0 };
        for _ in 0..3 {
            if user.contacts.is_empty() || chance(self.rng, self.strays()) {
                return random_number(self.rng);
            }
            let u: f64 = self.rng.random();
            let number = user.contacts[((u * u) * user.contacts.len() as f64) as usize];
            if !self.in_visiting_room(user.inmate, number, t) {
                return number;
            }
        }
        random_number(self.rng)
    }

    /// Share of calls with a number that comes once.
    fn strays(&self) -> f64 {
        let habit = self.stage.plan.params.circle.as_ref().filter(|_| self.unit.class.is_inmates());
        habit.map_or(0.12, |habit| habit.strays)
    }

    fn in_visiting_room(&self, inmate: Option<u32>, number: u64, t: i64) -> bool {
        let visits = inmate.and_then(|i| self.stage.society.by_inmate.get(&i));
        visits.is_some_and(|v| v.iter().any(|v| v.msisdn == number && v.from <= t && t < v.to))
    }

    /// Sensors near a handset inside the walls may hear it, whoever holds it.
    fn hear(&mut self, t: i64, tech: Tech, place: usize, sim: &Sim) {
        let at = &self.unit.places[place];
        if at.facility == NOWHERE {
            return;
        }
        let f = &self.stage.plan.facilities[at.facility as usize];
        let (x, y) = (at.spot.x - f.x, at.spot.y - f.y);
        let habit = self.stage.plan.params.circle.as_ref();
        for (index, sensor) in f.sensors.iter().enumerate() {
            let metres = (sensor.x - x).hypot(sensor.y - y).max(2.0);
            let walls = if sensor.wing == at.wing { 8.0 } else { 22.0 };
            let (loss, least, hears) = habit.map_or((0.0, -84.0, 0.5), |h| (h.sensor_loss_db, -94.0, h.sensor_hears));
            let rssi = -22.0 - 28.0 * metres.log10() - walls - loss + 5.0 * normal(self.rng);
            if rssi > least && chance(self.rng, hears) {
                let identity = if chance(self.rng, 0.06) { sim.imsi } else { 0 };
                let lag = match habit {
                    None => exponential(self.rng, 1.5),
                    Some(habit) => self.rng.random::<f64>() * habit.sensor_lag_s,
                };
                let jitter = (lag * 1e6) as i64;
                let heard = Heard {
                    t: t + jitter,
                    facility: at.facility,
                    sensor: index as u16,
                    tech: tech as u8,
                    rssi: rssi as i16,
                    identity,
                };
                self.out.heard.push(heard);
            }
        }
    }
}
