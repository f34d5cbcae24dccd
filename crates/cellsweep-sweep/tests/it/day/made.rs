//! A made-up morning, entry by entry.

use std::collections::BTreeMap;

use cellsweep_sweep::day::{
    CellRef, Checked, Day, DayEvent, DayWhat, Detector, Find, ImeiRead, Lay, ModelClass, Plan, PlannedCell,
    PlannedTeam, Post, Power, Replaces, Rules, Screen, Sealing, Stop, Target, View,
};
use cellsweep_sweep::{Condition, EventId, Exhibits, ItemKind, Party, What};
use jiff::Timestamp;

use crate::made::{file, ids, party};
use crate::sim::made::{key, sign};

pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(1_772_344_800 + minute * 60).unwrap()
}

pub fn cell(name: &str) -> CellRef {
    CellRef { facility: "F1".parse().unwrap(), cell: name.parse().unwrap() }
}

pub fn planned(name: &str, team: &str, expected_milli: u32) -> PlannedCell {
    PlannedCell {
        cell: cell(name),
        target: Target::Cell,
        team: team.parse().unwrap(),
        wave: 1,
        start: at(0),
        minutes: 15,
        detector: Detector::NonlinearJunction,
        expected_milli,
    }
}

pub fn plan() -> Plan {
    let team = |team: &str| PlannedTeam { team: team.parse().unwrap(), site: "F1".parse().unwrap() };
    Plan {
        operation: "operation 12".parse().unwrap(),
        sites: ids(&["F1"]),
        teams: vec![team("A"), team("B")],
        cells: vec![planned("a1", "A", 800), planned("a2", "A", 500), planned("b1", "B", 300), planned("b2", "B", 0)],
    }
}

pub fn find(item: &str) -> Find {
    Find {
        item: item.parse().unwrap(),
        kind: ItemKind::Phone,
        class: ModelClass::Mini,
        description: "small, black".parse().unwrap(),
        imei: ImeiRead::Printed("35391805723456".parse().unwrap()),
        second_imei: ImeiRead::NotReadable,
        sims: Vec::new(),
        state: Power::Off,
        screen: Screen::Dark,
        lay: Lay::Cell,
        hiding_place: Some("behind the sink".parse().unwrap()),
        photos: vec![file(&format!("photo-{item}"), 1)],
        seal: Sealing::Seal(format!("X-{item}").parse().unwrap()),
        witnesses: ids(&["W-17"]),
    }
}

pub fn found(name: &str, item: &str) -> DayWhat {
    DayWhat::Found { cell: cell(name), find: Box::new(find(item)) }
}

pub fn started(name: &str) -> DayWhat {
    DayWhat::Started { cell: cell(name), detector: Detector::Visual, officers: 3 }
}

pub fn done(name: &str) -> DayWhat {
    DayWhat::Stopped { cell: cell(name), why: Stop::Done }
}

pub fn interrupted(name: &str) -> DayWhat {
    DayWhat::Stopped { cell: cell(name), why: Stop::Interrupted("called away".parse().unwrap()) }
}

pub fn nothing(name: &str) -> DayWhat {
    DayWhat::NothingFound { cell: cell(name) }
}

pub fn enrolled(device: &str, post: Post) -> DayWhat {
    DayWhat::Enrolled { device: device.parse().unwrap(), key: key(device), post, replaces: Replaces::Nothing }
}

pub fn measured(device: &str, count: u64, its: Timestamp, truth: Timestamp, within_ms: u64) -> DayWhat {
    DayWhat::ClockMeasured { device: device.parse().unwrap(), count, its_time: its, true_time: truth, within_ms }
}

pub fn offered(seals: &[&str], files: &[&str], to: Party) -> DayWhat {
    let rehashed = files.iter().map(|name| file(name, 1)).collect();
    let what = What::HandedOn { hand_over: "H1".parse().unwrap(), to, seals: ids(seals), items: Vec::new(), rehashed };
    DayWhat::Exhibit { what }
}

pub fn acknowledged(seals: &[&str], files: &[&str]) -> DayWhat {
    let rehashed = files.iter().map(|name| file(name, 1)).collect();
    let (hand_over, seals, items) = ("H1".parse().unwrap(), ids(seals), Vec::new());
    DayWhat::Exhibit { what: What::Acknowledged { hand_over, seals, items, condition: Condition::Intact, rehashed } }
}

/// Entries as they are made; a device's clock may be off by minutes.
#[derive(Default)]
pub struct Morning {
    pub events: Vec<DayEvent>,
    counts: BTreeMap<String, u64>,
}

impl Morning {
    /// Opened by command; team A has a1, team B has b1, and the desk has d.
    pub fn opened() -> Self {
        let mut morning = Self::default();
        morning.say("c", -60, DayWhat::Opened { plan: plan(), command: vec![party("c")] });
        morning.say("c", -59, enrolled("a1", Post::Team("A".parse().unwrap())));
        morning.say("c", -58, enrolled("b1", Post::Team("B".parse().unwrap())));
        morning.say("c", -57, enrolled("d", Post::Desk("F1".parse().unwrap())));
        for device in ["c", "a1", "b1", "d"] {
            morning.say(device, -50, measured(device, 0, at(-50), at(-50), 100));
        }
        morning
    }

    pub fn say(&mut self, device: &str, minute: i64, what: DayWhat) -> EventId {
        self.say_late(device, minute, minute, what)
    }

    /// Said at one minute by the device's clock, when it is another one.
    pub fn say_late(&mut self, device: &str, by_clock: i64, minute: i64, what: DayWhat) -> EventId {
        let count = self.counts.entry(device.to_owned()).or_default();
        *count += 1;
        let id: EventId = format!("{device}:{count}").parse().unwrap();
        self.events.push(DayEvent {
            id: id.clone(),
            occurred: at(by_clock),
            received: at(minute + 1),
            device: device.parse().unwrap(),
            sequence: *count,
            by: party(device),
            what,
        });
        id
    }

    pub fn day(&self) -> Day {
        let mut day = Day::new("c".parse().unwrap());
        for event in &self.events {
            day.apply(event.clone(), signature(event), Checked::Good).unwrap();
        }
        day
    }

    /// The flags of each entry that has any, as JSON.
    pub fn flags(&self) -> Vec<String> {
        let day = self.day();
        let view = day.view(Rules::USUAL);
        let flagged = view.entries().iter().filter(|dated| !dated.flags.is_empty());
        flagged.map(|dated| format!("{} {}", dated.event.id, serde_json::to_string(&dated.flags).unwrap())).collect()
    }

    pub fn exhibits(&self) -> Exhibits {
        self.day().view(Rules::USUAL).exhibits()
    }
}

pub fn signature(event: &DayEvent) -> cellsweep_sweep::Signature {
    sign(&key(event.device.as_str()), &cellsweep_sweep::day::write(event).unwrap())
}

/// Each cell that isn't just planned, as `CELL status conflict…`.
pub fn cells(view: &View<'_>) -> Vec<String> {
    let worked = |(cell, at): (CellRef, cellsweep_sweep::day::CellView)| {
        let crews = if at.conflict.is_empty() { String::new() } else { format!(" {:?}", at.conflict) };
        let planned = at.crews.is_empty();
        (!planned).then(|| format!("{} {:?}{crews}", cell.cell, at.status))
    };
    view.cells().into_iter().filter_map(worked).collect()
}
