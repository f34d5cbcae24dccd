//! What people do on the day.

use cellsweep_sweep::day::{
    CellRef, DayWhat, Detector, Envelope, Find, ImeiRead, Lay, ModelClass, Obstacle, Power, Referral, Screen, Sealing,
    Stop,
};
use cellsweep_sweep::sync::{FromPhone, Phase};
use cellsweep_sweep::{Attachment, Condition, IdError, ItemKind, What};
use futures::stream::{self, StreamExt as _};
use rand::RngExt as _;
use serde_json::{Value, json};

use super::device::{Device, Key, Place};
use super::http::Ask;
use super::made::CREW;
use super::run::{Doing, Kind, Next, Run, Way, at};
use super::{RehearsalError, Stage};
use crate::keys::sha256;
use crate::routes::{self, Invite};

/// Items of a hand-over: their seals and photos' digests fit in a code that a camera reads.
const IN_A_CODE: usize = 8;

impl<S: Stage> Run<'_, S> {
    /// Every officer's phone comes in by a code.
    pub async fn enrol_all(&mut self) -> Result<(), RehearsalError> {
        for site in 0..self.plan.sites.len() {
            self.desks.push(self.devices.len());
            self.draw(Place::Desk(site));
        }
        for officer in 0..self.plan.teams.len() * CREW {
            self.draw(Place::Team(officer / CREW));
        }
        let this: &Self = self;
        let tokens = stream::iter(0..this.devices.len()).map(|index| this.enrolled(index)).buffered(16);
        let tokens: Vec<Result<String, RehearsalError>> = tokens.collect().await;
        for (index, token) in tokens.into_iter().enumerate() {
            self.devices[index].token = token?;
        }
        Ok(())
    }

    fn draw(&mut self, place: Place) {
        let weather = self.rehearsal.weather;
        let officer = format!("M-{:04}", self.devices.len());
        let Some(mut device) = Device::draw(place, officer, &mut self.rng) else { return };
        if matches!(place, Place::Team(_)) && self.rng.random_bool(weather.deaths) {
            device.dies = Some(self.now + self.rng.random_range(600_000..=6_000_000));
            device.readable = self.rng.random_bool(weather.rescues);
        }
        if self.rng.random_bool(weather.wrong_clocks) {
            device.offset += self.rng.random_range(-5..=5) * 3_600_000;
            self.report.count("wrong clocks", 1);
        }
        self.report.count("phones", 1);
        self.devices.push(device);
    }

    async fn enrolled(&self, index: usize) -> Result<String, RehearsalError> {
        let device = &self.devices[index];
        let post = match device.place {
            Place::Desk(site) => routes::Place::Desk(self.plan.sites[site].clone()),
            Place::Team(team) => routes::Place::Team(self.plan.teams[team].team.clone()),
        };
        let officer = device.officer.parse().map_err(|error: IdError| RehearsalError::Stage(error.to_string()))?;
        let code = self.stage.invite(Invite { post, officer, minutes: None, replaces: None }).await?;
        let proof = device.key.sign(&format!("cellsweep-enrol:v1:{code}:{}", device.name));
        let proof = proof.map_err(|error| RehearsalError::Stage(error.to_string()))?;
        let body = json!({"code": code, "device": device.name, "key": device.public, "proof": proof});
        let ask = Ask::post("/enrol", Vec::new(), body.to_string());
        let enrolled = self.http.json(&self.stage.url(), ask).await?;
        Ok(enrolled["token"].as_str().unwrap_or_default().to_owned())
    }

    /// A team does its next thing, on the phone of one of its officers.
    pub fn act(&mut self, team: usize) {
        let crew: Vec<usize> =
            (0..self.devices.len()).filter(|index| self.devices[*index].place == Place::Team(team)).collect();
        crew.iter().for_each(|index| self.perish(*index));
        let able: Vec<usize> = crew.into_iter().filter(|index| self.able(*index)).collect();
        if able.is_empty() {
            return;
        }
        let index = able[self.rng.random_range(0..able.len())];
        if self.rng.random_bool(0.02) {
            self.devices[index].start_anew();
            self.report.count("phones started anew", 1);
        }
        let goes_on = match self.doing[team].take() {
            Some(doing) => {
                self.go_on(team, index, doing);
                true
            }
            None => self.next_cell(team, index),
        };
        if goes_on {
            let pause = self.rng.random_range(60_000..=240_000);
            self.later(pause, Next::Act(team));
        } else {
            able.into_iter().for_each(|index| self.offer(team, index));
        }
    }

    fn able(&self, index: usize) -> bool {
        self.devices[index].alive && self.devices[index].phone.phase() == Phase::Entering
    }

    fn next_cell(&mut self, team: usize, index: usize) -> bool {
        let Some(mut cell) = self.cells[team].pop_front() else { return false };
        if self.rng.random_bool(self.rehearsal.weather.astray) {
            let there = self.plan.cells.iter().filter(|planned| planned.cell.facility == cell.facility);
            let there: Vec<CellRef> = there.map(|planned| planned.cell.clone()).collect();
            cell = there[self.rng.random_range(0..there.len())].clone();
            self.report.count("astray", 1);
        }
        if self.rng.random_bool(0.04) {
            self.enter(index, DayWhat::CouldNot { cell, why: Obstacle::Locked });
            return true;
        }
        self.enter(index, DayWhat::Started { cell: cell.clone(), detector: Detector::NonlinearJunction, officers: 3 });
        self.doing[team] = Some(Doing { cell, finds: 0 });
        true
    }

    fn go_on(&mut self, team: usize, index: usize, mut doing: Doing) {
        let cell = doing.cell.clone();
        match self.rng.random_range(0..100) {
            0..45 => {
                doing.finds += usize::from(self.find(index, &cell));
                self.doing[team] = Some(doing);
            }
            45..47 => _ = self.enter(index, DayWhat::Referred { cell, why: Referral::OnPerson }),
            47..48 => {
                let place = cellsweep_sweep::day::Whereabouts::Cell(cell);
                let body = json!({"place": place, "clock": self.tick(index).clock});
                let ask = Ask::post("/distress", self.devices[index].bearer(), body.to_string());
                self.send(index, Kind::Distress, ask);
                self.enter(index, DayWhat::Distress { place });
                self.report.count("calls for help", 1);
                self.doing[team] = Some(doing);
            }
            _ if doing.finds == 0 => _ = self.enter(index, DayWhat::NothingFound { cell }),
            _ => _ = self.enter(index, DayWhat::Stopped { cell, why: Stop::Done }),
        }
    }

    fn find(&mut self, index: usize, cell: &CellRef) -> bool {
        let item = format!("{}-i{}", self.devices[index].name, self.ways.len());
        let phone = self.rng.random_bool(0.75);
        let mut picture = vec![0; self.rng.random_range(500..4_000)];
        self.rng.fill(&mut picture[..]);
        let name = sha256(&picture);
        let tac = self.rng.random_range(0..1_000_000_u32);
        let Ok((find, photo)) = made_find(&item, phone, tac, &name) else { return false };
        let entered = self.enter(index, DayWhat::Found { cell: cell.clone(), find: Box::new(find) });
        if entered {
            self.photos.insert(name.clone());
            self.devices[index].photos.insert(name, (picture, 0));
            self.carried.entry(index).or_default().push(self.ways.len());
            self.ways.push(Way { item, photo, phone, finder: index, received: None });
        }
        entered
    }

    /// What an officer carries goes to the site's desk: offered on one screen, read by the other's camera.
    fn offer(&mut self, team: usize, index: usize) {
        let carried = self.carried.remove(&index).unwrap_or_default();
        let site = self.plan.sites.iter().position(|site| *site == self.plan.teams[team].site);
        let Some(desk) = site.map(|site| self.desks[site]) else { return };
        for items in carried.chunks(IN_A_CODE) {
            let what = match self.offered(index, desk, items) {
                Ok(what) => what,
                Err(_) => return,
            };
            if !self.enter(index, DayWhat::Exhibit { what }) {
                return;
            }
            let code = self.truth.last().and_then(|offer| offer.envelope.code().ok());
            if code.is_none() {
                self.report.failures.push("an offer fits in no code".into());
            }
            if let Some(code) = code {
                let after = self.rng.random_range(60_000..=600_000);
                self.later(after, Next::Receive(desk, code));
            }
        }
    }

    fn offered(&self, index: usize, desk: usize, items: &[usize]) -> Result<What, IdError> {
        let device = &self.devices[index];
        let seals = items.iter().map(|way| seal(&self.ways[*way].item).parse());
        Ok(What::HandedOn {
            hand_over: format!("{}-h{}", device.name, device.phone.last()).parse()?,
            to: cellsweep_sweep::Party {
                id: self.devices[desk].officer.parse()?,
                name: self.devices[desk].officer.parse()?,
                role: None,
            },
            seals: seals.collect::<Result<_, _>>()?,
            items: Vec::new(),
            rehashed: items.iter().map(|way| self.ways[*way].photo.clone()).collect(),
        })
    }

    pub fn receive_items(&mut self, desk: usize, code: &str) {
        let event = Envelope::from_code(code).ok().and_then(|offer| offer.open(at(self.now)).ok());
        let Some(DayWhat::Exhibit { what: What::HandedOn { hand_over, seals, rehashed, .. } }) =
            event.map(|event| event.what)
        else {
            return self.report.failures.push("an offered code can't be read".into());
        };
        let (condition, items) = (Condition::Intact, Vec::new());
        let what = What::Acknowledged { hand_over, seals: seals.clone(), items, condition, rehashed };
        if self.enter(desk, DayWhat::Exhibit { what }) {
            let of = |way: &&mut Way| seals.iter().any(|known| known.as_str() == seal(&way.item));
            self.ways.iter_mut().filter(of).for_each(|way| way.received = Some(desk));
        }
    }

    pub async fn command(&mut self, word: u8) -> Result<(), RehearsalError> {
        let site = self.plan.sites[self.rng.random_range(0..self.plan.sites.len())].clone();
        let what = match word {
            0 => json!({"kind": "announced", "to": "all", "text": "plus lentement"}),
            1 => json!({"kind": "announced", "to": {"site": site}, "text": "la cour est ouverte"}),
            2 => {
                let cells = self.plan.cells.iter().filter(|planned| planned.cell.facility == site).rev();
                let cells: Vec<Value> = cells.filter_map(|planned| serde_json::to_value(planned).ok()).collect();
                json!({"kind": "replanned", "site": site, "number": 1, "cells": cells, "why": "par la fin"})
            }
            _ => {
                let index = self.rng.random_range(self.desks.len()..self.devices.len());
                self.devices[index].revoked = true;
                json!({"kind": "revoked", "device": self.devices[index].name, "why": "prêté"})
            }
        };
        let what = serde_json::from_value(what).map_err(|error| RehearsalError::Stage(error.to_string()))?;
        self.stage.command(what).await
    }

    /// Now and then somebody who has a phone sends an entry in another's name.
    pub fn forgery(&mut self, sender: usize) -> Option<FromPhone> {
        if !self.rng.random_bool(self.rehearsal.weather.forged) {
            return None;
        }
        let victim = &self.devices[self.rng.random_range(0..self.devices.len())];
        let cell = self.plan.cells.first()?.cell.clone();
        // The very number that the other phone will use next.
        let text =
            victim.phone.draft(victim.party()?, self.stage.clock(at(self.now)), DayWhat::NothingFound { cell }).ok()?;
        let (stranger, _) = Key::draw(&mut self.rng)?;
        let signature = stranger.sign(&text).ok()?;
        self.forged.insert(text.clone());
        let (device, entries) = (self.devices[sender].name.clone(), vec![Envelope { text, signature }]);
        Some(FromPhone::Batch { device, first: 1, entries })
    }
}

/// The number on an item's seal.
pub(super) fn seal(item: &str) -> String {
    format!("X-{item}")
}

fn made_find(item: &str, phone: bool, tac: u32, photo: &str) -> Result<(Find, Attachment), IdError> {
    let photo = Attachment { file: format!("{photo}.jpg").parse()?, digest: photo.parse()? };
    let imei = ImeiRead::Printed(format!("35391805{tac:06}").parse()?);
    let find = Find {
        item: item.parse()?,
        kind: if phone { ItemKind::Phone } else { ItemKind::Charger },
        class: if phone { ModelClass::Mini } else { ModelClass::NotApplicable },
        description: "petit, noir".parse()?,
        imei: if phone { imei } else { ImeiRead::NotApplicable },
        second_imei: if phone { ImeiRead::NotReadable } else { ImeiRead::NotApplicable },
        sims: Vec::new(),
        state: if phone { Power::Off } else { Power::NotApplicable },
        screen: if phone { Screen::Dark } else { Screen::NotApplicable },
        lay: Lay::Cell,
        hiding_place: Some("derrière l'évier".parse()?),
        photos: vec![photo.clone()],
        seal: Sealing::Seal(seal(item).parse()?),
        witnesses: vec!["M-9999".parse()?],
    };
    Ok((find, photo))
}
