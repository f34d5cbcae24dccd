//! What must hold when the day is over.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Bytes;
use axum::http::Method;
use cellsweep_sweep::day::{Checked, Day, DayWhat, Envelope, Rules, View};
use cellsweep_sweep::sync::{Phase, Record, write_from_phone};
use cellsweep_sweep::{Holder, ItemId};
use serde_json::Value;

use super::http::Ask;
use super::run::Run;
use super::{RehearsalError, Rehearsed, Report};
use crate::keys::{device_of, verify};

impl<S: Rehearsed> Run<'_, S> {
    /// The day ends: phones sync, dead ones are rescued or given up, the day is closed; then everything is checked.
    pub async fn end(mut self) -> Result<Report, RehearsalError> {
        self.heal().await?;
        self.save_the_dead().await?;
        self.stage.command(DayWhat::Closed {}).await?;
        let said = self.http.json(&self.stage.url(), Ask::get("/report?lang=fr", self.stage.office())).await?;
        self.photos_are_whole().await;
        let records = self.stage.records().await?;
        let root = device_of(&self.stage.root()).map_err(|error| RehearsalError::Stage(error.to_string()))?;
        let mut day = Day::new(root);
        for record in &records {
            day.take(record.envelope.clone(), record.received, record.checked);
        }
        self.log_verifies(&records, &day);
        self.nothing_lost(&records);
        self.nothing_forged(&day);
        let view = day.view(Rules::USUAL);
        self.nothing_doubled(&view, &said);
        self.chains_are_whole(&view);
        self.report.count("entries", self.truth.len());
        self.report.count("lines of entries", records.len());
        self.report.count("items", self.ways.len());
        Ok(self.report)
    }

    fn fail(&mut self, good: bool, what: impl FnOnce() -> String) {
        if !good && self.report.failures.len() < 50 {
            self.report.failures.push(what());
        }
    }

    async fn save_the_dead(&mut self) -> Result<(), RehearsalError> {
        for index in 0..self.devices.len() {
            let device = &self.devices[index];
            if device.alive {
                continue;
            }
            let name = device.name.clone();
            if !device.readable {
                self.stage.command(DayWhat::Lost { device: name }).await?;
                continue;
            }
            let lines: Vec<String> =
                device.phone.export().iter().filter_map(|message| write_from_phone(message).ok()).collect();
            if lines.is_empty() {
                continue;
            }
            let ask = Ask::post("/rescue", self.stage.office(), lines.join("\n"));
            let rescued = self.http.json(&self.stage.url(), ask).await?;
            self.report.count("phones rescued", 1);
            self.fail(rescued["whole"] == true, || format!("{name} was rescued, but not whole"));
        }
        Ok(())
    }

    /// A whole photo can be read by the command post.
    async fn photos_are_whole(&mut self) {
        let left: usize = self.devices.iter().filter(|device| device.alive).map(|device| device.photos.len()).sum();
        self.fail(left == 0, || format!("{left} photos are not whole on the server"));
        let gone: BTreeSet<&String> = self.devices.iter().flat_map(|device| device.photos.keys()).collect();
        let names: Vec<String> = self.photos.iter().filter(|name| !gone.contains(name)).cloned().collect();
        for name in names {
            let headers = self.stage.office();
            let ask = Ask { method: Method::GET, path: format!("/photos/{name}"), headers, body: Bytes::new() };
            let answered = self.http.ask(&self.stage.url(), ask).await;
            let whole = answered.status == 200 && crate::keys::sha256(&answered.body) == name;
            self.fail(whole, || format!("the photo {name} can't be read"));
            self.report.count("photos", 1);
        }
    }

    /// What was entered on a phone that survives or was rescued is kept, to the byte; and what any phone once heard to be
    /// durable is.
    fn nothing_lost(&mut self, records: &[Record]) {
        let good = records.iter().filter(|record| record.checked == Checked::Good);
        let kept: BTreeSet<&str> = good.map(|record| record.envelope.text.as_str()).collect();
        let mut lost = Vec::new();
        for entered in &self.truth {
            let device = &self.devices[entered.device];
            let there = kept.contains(entered.envelope.text.as_str());
            if !there && (device.survives() || device.heard.contains(&entered.sequence)) {
                lost.push(format!("entry {} of {} is lost", entered.sequence, device.name));
            }
            if !there {
                self.report.count("lost with phones", usize::from(!device.survives()));
            }
        }
        lost.into_iter().for_each(|what| self.fail(false, || what));
        let alive = self.devices.iter().filter(|device| device.alive);
        let open = alive.filter(|device| device.phone.phase() != Phase::Done).count();
        self.fail(open == 0, || format!("{open} phones have not ended"));
    }

    /// What the log says of signatures is so: each that it calls good fits a key that its device was enrolled with.
    fn log_verifies(&mut self, records: &[Record], day: &Day) {
        let mut keys = day.keys();
        keys.entry(day.root().clone()).or_default().insert(self.stage.root());
        let mut wrong = 0;
        for record in records.iter().filter(|record| record.checked == Checked::Good) {
            let Envelope { text, signature } = &record.envelope;
            let device = record.envelope.open(record.received).map(|event| event.device).ok();
            let known = device.and_then(|device| keys.get(&device));
            let fits = known.is_some_and(|known| known.iter().any(|key| verify(key, text, signature)));
            wrong += usize::from(!fits);
        }
        self.fail(wrong == 0, || format!("{wrong} lines of the log are called good and don't verify"));
        let lines: BTreeSet<&Envelope> = records.iter().map(|record| &record.envelope).collect();
        self.report.count("entries in the log", lines.len());
    }

    fn nothing_forged(&mut self, day: &Day) {
        let settled: BTreeSet<String> =
            day.settled().filter_map(|event| cellsweep_sweep::day::write(event).ok()).collect();
        let counted = self.forged.iter().filter(|text| settled.contains(*text)).count();
        self.fail(counted == 0, || format!("{counted} forged entries count"));
        let disputed = day.disputed().count();
        self.fail(disputed == 0, || format!("{disputed} entries are disputed"));
        self.report.count("set apart", day.apart().len());
        self.report.count("forged", self.forged.len());
    }

    /// Each phone that was found counts once, in the log and on the command post's pages.
    fn nothing_doubled(&mut self, view: &View<'_>, said: &Value) {
        let ids: BTreeSet<&str> = view.entries().iter().map(|dated| dated.event.id.as_str()).collect();
        self.fail(ids.len() == view.entries().len(), || "an entry counts twice".into());
        let items: BTreeMap<ItemId, _> = view.exhibits().custody().items;
        let there = |item: &str| item.parse::<ItemId>().is_ok_and(|item| items.contains_key(&item));
        let found = self.ways.iter().filter(|way| way.phone && there(&way.item)).count();
        let nation = view.nation().phones as usize;
        self.fail(found == nation, || format!("{nation} phones are counted, {found} were found"));
        let shown = said["report"]["nation"]["phones"].as_u64();
        self.fail(shown == Some(found as u64), || format!("the report counts {shown:?} phones, {found} were found"));
        self.report.count("phones found", found);
    }

    /// An item whose finder's entries are all there has an unbroken chain to whoever holds it.
    fn chains_are_whole(&mut self, view: &View<'_>) {
        let custody = view.exhibits().custody();
        let mut broken = Vec::new();
        for way in self.ways.iter().filter(|way| self.devices[way.finder].survives()) {
            let Ok(item) = way.item.parse::<ItemId>() else { continue };
            let holder = custody.items.get(&item).map(|exhibit| &exhibit.holder);
            let right = match (way.received, holder) {
                (Some(desk), Some(Holder::Held(by))) => by.as_str() == self.devices[desk].officer,
                (None, Some(Holder::Held(by))) => by.as_str() == self.devices[way.finder].officer,
                (None, Some(Holder::UnderWay { .. })) => true,
                _ => false,
            };
            let breaks = custody.breaks_of(&item);
            if !right || !breaks.is_empty() {
                let first = breaks.first().map(|broken| format!("{:?}", broken.what));
                broken.push(format!("the chain of {item} doesn't hold: {holder:?}, {first:?}"));
            }
        }
        let count = self.ways.len() - broken.len();
        broken.into_iter().for_each(|what| self.fail(false, || what));
        self.report.count("chains whole", count);
    }
}
