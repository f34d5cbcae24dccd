//! What people do on the day.

use cellsweep_sweep::day::{
    Audience, CellRef, DayWhat, Detector, Envelope, Obstacle, PlannedCell, Post, Referral, Replaces, Stop, Whereabouts,
};
use cellsweep_sweep::sync::{FromPhone, Phase, Phone, write_from_phone};
use cellsweep_sweep::{Condition, SealNumber, What};
use rand::RngExt;

use super::actors::{Device, Entered, Holding, Place, Way};
use super::made;
use super::run::{Next, Sim};

/// A team in a cell.
pub struct Doing {
    cell: CellRef,
    finds: usize,
}

/// What a code on a screen offers: the hand-over, its seals, and whose items they are.
struct Offer {
    what: DayWhat,
    items: Vec<usize>,
}

impl Sim {
    pub fn begin(&mut self) {
        let plan = self.world.plan.clone();
        self.enter(0, DayWhat::Opened { plan, command: vec![made::party("command")] });
        for site in 0..self.world.sites {
            let index = self.add(Device::new(format!("desk{site}"), Place::Desk, site));
            self.desk.push(index);
            self.enrol(index, Replaces::Nothing);
        }
        for team in 0..self.world.teams.len() {
            let site = self.world.teams[team].site;
            let index = self.add(Device::new(format!("t{team}"), Place::Team(team), site));
            self.team_device.push(index);
            self.enrol(index, Replaces::Nothing);
            let start = self.world.rng.random_range(60_000..=900_000);
            self.later(start, Next::Act(team));
        }
        self.later(50, Next::Call(0));
        for word in 0..4 {
            let when = self.world.rng.random_range(600_000..=7_200_000);
            self.later(when, Next::Command(word));
        }
    }

    fn enrol(&mut self, index: usize, replaces: Replaces) {
        let device = &self.devices[index];
        let facility = made::cell(device.site, 0).facility;
        let post = match device.place {
            Place::Command => Post::Command,
            Place::Desk => Post::Desk(facility),
            Place::Team(team) => Post::Team(made::team_id(team)),
        };
        let what = DayWhat::Enrolled { device: device.phone.device().clone(), key: device.key.clone(), post, replaces };
        self.enter(0, what);
        let first = self.world.rng.random_range(1_000..=300_000);
        self.later(first, Next::Call(index));
    }

    /// A device takes an entry, if it still does.
    pub fn enter(&mut self, index: usize, what: DayWhat) -> bool {
        let now = self.now;
        self.perish(index);
        let device = &mut self.devices[index];
        if !device.alive {
            return false;
        }
        let clock = device.tick(now).clock;
        let Ok(text) = device.phone.draft(made::party(&device.name), clock, what.clone()) else { return false };
        let signature = made::sign(&device.key, &text);
        device.phone.enter(text.clone(), signature.clone()).unwrap();
        let id = format!("{}:{}", device.name, device.phone.last()).parse().unwrap();
        self.truth.push(Entered { device: index, id, at: now, what, envelope: Envelope { text, signature } });
        self.figures.entered += 1;
        true
    }

    pub fn act(&mut self, team: usize) {
        let index = self.team_device[team];
        self.perish(index);
        if !self.devices[index].alive {
            return self.replace(team);
        }
        if self.devices[index].phone.phase() != Phase::Entering {
            return;
        }
        self.restart_phone(index);
        match self.doing[team].take() {
            Some(doing) => self.go_on(team, index, doing),
            None => self.next_cell(team, index),
        }
        let pause = self.world.rng.random_range(90_000..=400_000);
        self.later(pause, Next::Act(team));
    }

    /// A phone that is switched off and on has what was kept.
    fn restart_phone(&mut self, index: usize) {
        if self.world.rng.random_bool(0.02) {
            let phone = &self.devices[index].phone;
            let (outbox, acknowledged, heard) = phone.kept();
            let anew = Phone::restored(phone.device().clone(), outbox.to_vec(), acknowledged.clone(), heard.clone());
            self.devices[index].phone = anew;
        }
    }

    /// A dead phone's team gets another one after a while.
    fn replace(&mut self, team: usize) {
        let dead = self.devices[self.team_device[team]].phone.device().clone();
        let count = self.devices.len();
        let site = self.world.teams[team].site;
        let index = self.add(Device::new(format!("t{team}x{count}"), Place::Team(team), site));
        self.team_device[team] = index;
        self.enrol(index, Replaces::Device(dead));
        // What the dead phone's holder carried is offered under the officer's name, not the phone's.
        self.doing[team] = None;
        self.later(600_000, Next::Act(team));
    }

    fn next_cell(&mut self, team: usize, index: usize) {
        if self.world.rng.random_bool(0.2) {
            return self.offer(team, index);
        }
        let Some(cell) = self.choose(team) else {
            self.offer(team, index);
            if self.carried[team].is_empty() {
                self.enter(index, DayWhat::Finished {});
            }
            return;
        };
        if self.world.rng.random_bool(0.05) {
            self.enter(index, DayWhat::CouldNot { cell, why: Obstacle::Locked });
            return;
        }
        self.enter(index, DayWhat::Started { cell: cell.clone(), detector: Detector::Visual, officers: 3 });
        self.doing[team] = Some(Doing { cell, finds: 0 });
    }

    /// Mostly the next of its own; now and then another team's, or one that isn't in the plan.
    fn choose(&mut self, team: usize) -> Option<CellRef> {
        let own = self.world.teams[team].cells.pop_front()?;
        if !self.world.rng.random_bool(self.world.weather.astray) {
            return Some(own);
        }
        let site = self.world.teams[team].site;
        if self.world.rng.random_bool(0.2) {
            return Some(made::cell(site, 90_000 + team));
        }
        let there = |planned: &&PlannedCell| planned.cell.facility == own.facility;
        let others: Vec<CellRef> =
            self.world.plan.cells.iter().filter(there).map(|planned| planned.cell.clone()).collect();
        Some(others[self.world.rng.random_range(0..others.len())].clone())
    }

    fn go_on(&mut self, team: usize, index: usize, mut doing: Doing) {
        let cell = doing.cell.clone();
        match self.world.rng.random_range(0..100) {
            0..40 => {
                doing.finds += usize::from(self.find(team, index, &cell));
                self.doing[team] = Some(doing);
            }
            40..43 => _ = self.enter(index, DayWhat::Referred { cell, why: Referral::OnPerson }),
            43..47 => {
                let why = Stop::Interrupted("called away".parse().unwrap());
                self.enter(index, DayWhat::Stopped { cell, why });
            }
            47..49 => {
                self.enter(index, DayWhat::Distress { place: Whereabouts::Cell(cell) });
                self.doing[team] = Some(doing);
            }
            49 => {
                // Not theirs to say.
                self.enter(index, DayWhat::Aborted { scope: Audience::All, why: "x".parse().unwrap() });
                self.doing[team] = Some(doing);
            }
            _ if doing.finds == 0 => _ = self.enter(index, DayWhat::NothingFound { cell }),
            _ => _ = self.enter(index, DayWhat::Stopped { cell, why: Stop::Done }),
        }
    }

    fn find(&mut self, team: usize, index: usize, cell: &CellRef) -> bool {
        let item = format!("{}-i{}", self.devices[index].name, self.ways.len());
        let find = made::find(&item, &mut self.world.rng);
        let what = DayWhat::Found { cell: cell.clone(), find: Box::new(find) };
        let entered = self.enter(index, what);
        if entered {
            let id = self.truth[self.truth.len() - 1].id.clone();
            let holder = Holding::With(self.devices[index].name.clone());
            self.carried[team].push(self.ways.len());
            self.ways.push(Way { item, events: vec![(id, holder)] });
            self.figures.items += 1;
        }
        entered
    }

    /// What a team carries goes to the site's desk: offered on one screen, read by the other device's camera.
    fn offer(&mut self, team: usize, index: usize) {
        let holder = self.devices[index].name.clone();
        // Items of a phone that died stay with the officer under the dead phone's name, and go on by other papers.
        let ours =
            |way: &usize| self.ways[*way].events.last().is_some_and(|(_, by)| *by == Holding::With(holder.clone()));
        let items: Vec<usize> = std::mem::take(&mut self.carried[team]).into_iter().filter(ours).collect();
        if items.is_empty() {
            return;
        }
        let desk = self.desk[self.world.teams[team].site];
        let seals = items.iter().map(|way| seal(&self.ways[*way].item)).collect();
        let photos = items.iter().map(|way| made::photo(&self.ways[*way].item)).collect();
        let what = What::HandedOn {
            hand_over: format!("H-{holder}-{}", self.devices[index].phone.last()).parse().unwrap(),
            to: made::party(&self.devices[desk].name),
            seals,
            items: Vec::new(),
            rehashed: photos,
        };
        if !self.enter(index, DayWhat::Exhibit { what }) {
            return;
        }
        let offer = &self.truth[self.truth.len() - 1];
        let (id, code) = (offer.id.clone(), offer.envelope.code());
        for way in items {
            self.ways[way].events.push((id.clone(), Holding::UnderWay));
        }
        // A few are never acknowledged, and so many seals fit in no code.
        if let Ok(code) = code
            && self.world.rng.random_bool(0.95)
        {
            let after = self.world.rng.random_range(90_000..=600_000);
            self.later(after, Next::Receive(desk, code));
        }
    }

    pub fn receive_items(&mut self, desk: usize, code: &str) {
        let Some(Offer { what, items }) = self.read_code(code) else { return };
        if self.enter(desk, what) {
            let id = self.truth[self.truth.len() - 1].id.clone();
            let holder = Holding::With(self.devices[desk].name.clone());
            for way in items {
                self.ways[way].events.push((id.clone(), holder.clone()));
            }
        }
    }

    fn read_code(&self, code: &str) -> Option<Offer> {
        let event = Envelope::from_code(code).ok()?.open(made::at(0)).ok()?;
        let DayWhat::Exhibit { what: What::HandedOn { hand_over, seals, rehashed, .. } } = event.what else {
            return None;
        };
        let of = |way: &usize| seals.contains(&seal(&self.ways[*way].item));
        let items = (0..self.ways.len()).filter(of).collect();
        let what = What::Acknowledged { hand_over, seals, items: Vec::new(), condition: Condition::Intact, rehashed };
        Some(Offer { what: DayWhat::Exhibit { what }, items })
    }

    pub fn command(&mut self, word: u8) {
        if word == 3 {
            return self.revoke();
        }
        let site = self.world.rng.random_range(0..self.world.sites);
        let facility = made::cell(site, 0).facility;
        let what = match word {
            0 => DayWhat::Announced { to: Audience::All, text: "slower".parse().unwrap() },
            1 => DayWhat::Announced { to: Audience::Site(facility), text: "the yard is open".parse().unwrap() },
            _ => {
                let of = |planned: &&PlannedCell| planned.cell.facility == facility;
                let cells: Vec<PlannedCell> = self.world.plan.cells.iter().filter(of).rev().cloned().collect();
                DayWhat::Replanned { site: facility.clone(), number: 1, cells, why: "from behind".parse().unwrap() }
            }
        };
        self.enter(0, what);
    }

    /// Now and then a team's device may enter no more.
    fn revoke(&mut self) {
        let index = self.team_device[self.world.rng.random_range(0..self.team_device.len())];
        if self.world.rng.random_bool(0.2) {
            let device = self.devices[index].phone.device().clone();
            self.enter(0, DayWhat::Revoked { device, why: "borrowed".parse().unwrap() });
        }
    }

    /// Somebody on the network forges, replays, or sends in the name of a device that doesn't exist.
    pub fn trouble(&mut self, text: String) {
        if self.world.rng.random_bool(0.3) {
            self.sent.push(text);
        }
        if !self.world.rng.random_bool(self.world.weather.forged) {
            return;
        }
        let after = self.world.rng.random_range(0..=600_000);
        if self.world.rng.random_bool(0.4) && !self.sent.is_empty() {
            let old = self.sent[self.world.rng.random_range(0..self.sent.len())].clone();
            self.figures.replayed += 1;
            return self.later(after, Next::ToServer(old));
        }
        let text = self.forge();
        self.later(after, Next::ToServer(text));
    }

    fn forge(&mut self) -> String {
        let known = self.world.rng.random_bool(0.8);
        let victim = self.world.rng.random_range(0..self.devices.len());
        let name = if known { self.devices[victim].name.clone() } else { "ghost".to_owned() };
        // The very numbers that the device will use.
        let first = self.devices[victim].phone.last() + self.world.rng.random_range(0..=3);
        let ghost = Phone::restored(name.parse().unwrap(), Vec::new(), Default::default(), Default::default());
        let cell = made::cell(0, self.world.rng.random_range(0..5));
        let draft = ghost.draft(made::party(&name), made::at(self.now), DayWhat::NothingFound { cell }).unwrap();
        let text = draft.replacen(&format!("{name}:1\""), &format!("{name}:{first}\""), 1);
        let text = text.replacen("\"sequence\":1,", &format!("\"sequence\":{first},"), 1);
        let signature = made::sign(&made::key("somebody"), &text);
        if first > 0 && self.forged.insert(text.clone()) {
            self.figures.forged += 1;
        }
        let entries = vec![Envelope { text, signature }];
        write_from_phone(&FromPhone::Batch { device: name.parse().unwrap(), first: first.max(1), entries }).unwrap()
    }
}

pub fn seal(item: &str) -> SealNumber {
    format!("X-{item}").parse().unwrap()
}
