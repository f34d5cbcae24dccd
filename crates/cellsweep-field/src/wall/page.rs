//! What stands on the wall, and in the day's report.

use std::collections::BTreeMap;

use cellsweep_sweep::day::{
    CellRef, CellStatus, CellView, ClockError, Crew, Dated, DayReport, DayWhat, DeviceView, ModelClass, OpenEnd, Post,
    Rules, SiteView, TeamView, View, Waiting, Whereabouts, Word,
};
use cellsweep_sweep::{DeviceKey, EventId, FacilityName, ItemId, ItemKind, TeamId};
use jiff::Timestamp;
use serde::Serialize;

use super::{Call, Known, Language, words};
use crate::brief::{Brief, Said};

/// Finds and flags that a page has at most, the newest.
const NEWEST: usize = 200;
/// A signed call for help within so many milliseconds of one that came on the short way is the same.
const SAME_CALL_MS: i64 = 600_000;

#[derive(Serialize)]
pub(super) struct Wall {
    day: Option<OnDay>,
    sites: Vec<Site>,
    finds: Vec<Find>,
    flags: Vec<Flagged>,
    announcements: Vec<Announced>,
    distress: Vec<Distress>,
    open: Vec<Open>,
    open_count: usize,
    quarantined: usize,
    unsent: u64,
    lines: u64,
    as_of: Timestamp,
}

#[derive(Serialize)]
struct OnDay {
    operation: String,
    opened: Timestamp,
    closed: Option<Timestamp>,
}

#[derive(Serialize)]
struct Site {
    facility: FacilityName,
    name: String,
    lat: Option<f64>,
    lon: Option<f64>,
    cells: u32,
    done: u32,
    started: usize,
    found: u32,
    expected: f64,
    silent_minutes: Option<i64>,
    teams: Vec<Team>,
    cells_list: Vec<Cell>,
}

#[derive(Serialize)]
struct Team {
    team: TeamId,
    at: Option<String>,
    unsent: u64,
    clock_error_s: Option<f64>,
    last_seen: Option<Timestamp>,
}

#[derive(Serialize)]
struct Cell {
    cell: String,
    state: &'static str,
    team: Option<TeamId>,
    found: u32,
    expected: f64,
    start: Option<Timestamp>,
}

#[derive(Serialize)]
struct Find {
    at: Timestamp,
    facility: FacilityName,
    cell: String,
    kind: ItemKind,
    class: ModelClass,
    item: ItemId,
}

#[derive(Serialize)]
struct Flagged {
    text: Said,
    at: Timestamp,
}

#[derive(Serialize)]
struct Announced {
    at: Timestamp,
    text: String,
}

/// What stands in the way of closing the day.
#[derive(Serialize)]
struct Open {
    text: Said,
    team: Option<TeamId>,
}

#[derive(Serialize)]
struct Distress {
    /// What command's `seen` is about.
    event: EventId,
    at: Timestamp,
    facility: Option<FacilityName>,
    cell: Option<String>,
    team: Option<TeamId>,
    device: DeviceKey,
    seen: bool,
}

pub(super) fn wall(known: &Known, rules: Rules, brief: &Brief, now: Timestamp) -> Wall {
    let view = known.day.view(rules);
    let devices = view.devices(&known.contacts);
    let ends = view.open_ends(&known.contacts);
    Wall {
        day: on_day(&view),
        sites: sites(known, &view, &devices, brief, now),
        finds: newest(view.entries().iter().rev().filter_map(find)),
        flags: flags(known, &view),
        announcements: view.entries().iter().rev().filter_map(|dated| announced(known, dated)).collect(),
        distress: distress(known, &view),
        open: newest(ends.iter().map(|end| open(end, &devices))),
        open_count: ends.len(),
        quarantined: known.day.apart().len() + known.unreadable.len(),
        unsent: devices.values().map(|device| device.unsent).sum(),
        lines: known.lines,
        as_of: now,
    }
}

fn newest<T>(things: impl Iterator<Item = T>) -> Vec<T> {
    things.take(NEWEST).collect()
}

fn on_day(view: &View<'_>) -> Option<OnDay> {
    let (opened, event) = view.opened()?;
    let DayWhat::Opened { plan, .. } = &event.what else { return None };
    let root = view.day().root();
    let closed =
        view.entries().iter().find(|dated| dated.event.device == *root && dated.event.what == DayWhat::Closed {});
    let closed = closed.map(|dated| dated.at);
    Some(OnDay { operation: plan.operation.as_str().to_owned(), opened, closed })
}

fn sites(
    known: &Known,
    view: &View<'_>,
    devices: &BTreeMap<DeviceKey, DeviceView>,
    brief: &Brief,
    now: Timestamp,
) -> Vec<Site> {
    let mut cells: BTreeMap<FacilityName, Vec<(CellRef, CellView)>> = BTreeMap::new();
    for (cell, at) in view.cells() {
        cells.entry(cell.facility.clone()).or_default().push((cell, at));
    }
    let mut teams = teams(known, view, devices);
    let opened = view.opened().map(|(opened, _)| opened);
    let made = view.sites(&known.contacts, now).into_iter().map(|(facility, site)| {
        let at = cells.remove(&facility).unwrap_or_default();
        let named = brief.sites.get(&facility);
        Site {
            name: named.map_or_else(|| facility.as_str().to_owned(), |named| named.name.clone()),
            lat: named.and_then(|named| named.lat),
            lon: named.and_then(|named| named.lon),
            cells: site.tally.planned,
            done: site.tally.searched,
            started: at.iter().filter(|(_, cell)| cell.status != CellStatus::Planned).count(),
            found: site.tally.phones,
            expected: phones(site.tally.expected_milli),
            silent_minutes: silent(&site, opened, now),
            teams: teams.remove(&facility).unwrap_or_default(),
            cells_list: at.iter().map(|(cell, view)| line(cell, view)).collect(),
            facility,
        }
    });
    made.collect()
}

#[expect(clippy::cast_precision_loss, reason = "a nation's phones in thousandths fit")]
fn phones(milli: u64) -> f64 {
    milli as f64 / 1e3
}

/// Minutes without a word, where that is longer than it may be; since the opening where there never was one.
fn silent(site: &SiteView, opened: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    let Word::Silent { since } = site.word else { return None };
    let since = since.or(opened)?;
    Some((now.as_second() - since.as_second()).max(0) / 60)
}

/// Each site's teams.
fn teams(
    known: &Known,
    view: &View<'_>,
    devices: &BTreeMap<DeviceKey, DeviceView>,
) -> BTreeMap<FacilityName, Vec<Team>> {
    let mut places: BTreeMap<TeamId, FacilityName> = BTreeMap::new();
    if let Some(DayWhat::Opened { plan, .. }) = view.opened().map(|(_, event)| &event.what) {
        places.extend(plan.teams.iter().map(|planned| (planned.team.clone(), planned.site.clone())));
    }
    let mut sites: BTreeMap<FacilityName, Vec<Team>> = BTreeMap::new();
    for (team, at) in view.teams(&known.contacts) {
        let Some(site) = places.get(&team) else { continue };
        sites.entry(site.clone()).or_default().push(one_team(team, &at, devices));
    }
    sites
}

fn one_team(team: TeamId, at: &TeamView, devices: &BTreeMap<DeviceKey, DeviceView>) -> Team {
    let clocks = at.devices.iter().filter_map(|device| devices.get(device)).filter_map(|device| match device.clock {
        ClockError::Measured { add_ms, .. } => Some(add_ms),
        ClockError::NotMeasured => None,
    });
    let worst = clocks.max_by_key(|add| add.unsigned_abs());
    Team {
        team,
        at: at.now.as_ref().map(|cell| cell.cell.as_str().to_owned()),
        unsent: at.unsent,
        clock_error_s: worst.map(seconds),
        last_seen: at.heard,
    }
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of a clock's error fit")]
fn seconds(ms: i64) -> f64 {
    ms as f64 / 1e3
}

fn line(cell: &CellRef, view: &CellView) -> Cell {
    let state = match view.status {
        CellStatus::Planned | CellStatus::Interrupted => "waiting",
        CellStatus::Running => "open",
        CellStatus::Done if view.phones + view.others > 0 => "found",
        CellStatus::Done => "nothing",
        CellStatus::CouldNot => "could_not",
        CellStatus::Referred => "referred",
        CellStatus::Conflict => "conflict",
    };
    let been = view.crews.keys().find_map(|crew| if let Crew::Team(team) = crew { Some(team) } else { None });
    let planned = view.planned.as_ref();
    Cell {
        cell: cell.cell.as_str().to_owned(),
        state,
        team: been.or(planned.map(|planned| &planned.team)).cloned(),
        found: view.phones,
        expected: planned.map_or(0.0, |planned| f64::from(planned.expected_milli) / 1e3),
        start: planned.map(|planned| planned.start),
    }
}

fn find(dated: &Dated<'_>) -> Option<Find> {
    let DayWhat::Found { cell, find } = &dated.event.what else { return None };
    Some(Find {
        at: dated.at,
        facility: cell.facility.clone(),
        cell: cell.cell.as_str().to_owned(),
        kind: find.kind,
        class: find.class,
        item: find.item.clone(),
    })
}

fn announced(known: &Known, dated: &Dated<'_>) -> Option<Announced> {
    if dated.event.device != *known.day.root() {
        return None;
    }
    let text = match &dated.event.what {
        DayWhat::Announced { text, .. } => text,
        DayWhat::Aborted { why, .. } | DayWhat::Replanned { why, .. } => why,
        _ => return None,
    };
    Some(Announced { at: dated.at, text: text.as_str().to_owned() })
}

fn flags(known: &Known, view: &View<'_>) -> Vec<Flagged> {
    let mut flags: Vec<Flagged> = Vec::new();
    for dated in view.entries() {
        flags.extend(dated.flags.iter().map(|flag| Flagged { text: words::flag(dated, flag), at: dated.at }));
    }
    flags.extend(known.day.apart().iter().map(|apart| {
        let (text, at) = words::apart(apart);
        Flagged { text, at }
    }));
    flags.extend(known.unreadable.iter().map(|(at, device)| Flagged { text: words::unreadable(device), at: *at }));
    flags.sort_by_key(|flag| std::cmp::Reverse(flag.at));
    flags.truncate(NEWEST);
    flags
}

fn open(end: &OpenEnd, devices: &BTreeMap<DeviceKey, DeviceView>) -> Open {
    let team = match end {
        OpenEnd::Device { device, .. } => match devices.get(device).and_then(|device| device.post.as_ref()) {
            Some(Post::Team(team)) => Some(team.clone()),
            Some(Post::Desk(_) | Post::Command) | None => None,
        },
        OpenEnd::Waiting(Waiting::Unseen { team, .. }) => Some(team.clone()),
        OpenEnd::Waiting(_) | OpenEnd::Running { .. } => None,
    };
    Open { text: words::open(end), team }
}

/// Calls for help: signed ones, and those on the short way whose signed ones haven't come yet.
fn distress(known: &Known, view: &View<'_>) -> Vec<Distress> {
    let waiting: Vec<EventId> = view.unacknowledged().into_iter().filter_map(unseen_call).collect();
    let teams = view.teams(&known.contacts);
    let team =
        |device: &DeviceKey| teams.iter().find(|(_, at)| at.devices.contains(device)).map(|(team, _)| team.clone());
    let made = |event, at, device: &DeviceKey, place: &Whereabouts, seen| {
        let (facility, cell) = match place {
            Whereabouts::Cell(cell) => (Some(cell.facility.clone()), Some(cell.cell.as_str().to_owned())),
            Whereabouts::Site(site) => (Some(site.clone()), None),
            Whereabouts::NotTold => (None, None),
        };
        Distress { event, at, facility, cell, team: team(device), device: device.clone(), seen }
    };
    let mut calls: Vec<Distress> = Vec::new();
    for dated in view.entries() {
        let DayWhat::Distress { place } = &dated.event.what else { continue };
        let (event, seen) = (dated.event.id.clone(), !waiting.contains(&dated.event.id));
        calls.push(made(event, dated.at, &dated.event.device, place, seen));
    }
    for call in &known.calls {
        let same = |known: &Distress| {
            known.device == call.device && (known.at.as_millisecond() - call.at.as_millisecond()).abs() <= SAME_CALL_MS
        };
        let Some(event) = short_way(call).filter(|_| !calls.iter().any(same)) else { continue };
        let answer = DayWhat::Seen { about: event.clone() };
        let answers = |dated: &Dated<'_>| dated.event.device == *known.day.root() && dated.event.what == answer;
        let seen = view.entries().iter().any(answers);
        calls.push(made(event, call.at, &call.device, &call.place, seen));
    }
    calls.sort_by_key(|call| std::cmp::Reverse(call.at));
    calls
}

/// What a call is named by as long as its signed entry hasn't come; a revoked phone's never does.
fn short_way(call: &Call) -> Option<EventId> {
    format!("{}:call:{}", call.device, call.at.as_millisecond()).parse().ok()
}

fn unseen_call(waiting: Waiting) -> Option<EventId> {
    if let Waiting::Distress { event, .. } = waiting { Some(event) } else { None }
}

/// The day's report, with what is to be said in words in one language.
#[derive(Serialize)]
pub(super) struct Report {
    lang: &'static str,
    names: BTreeMap<FacilityName, String>,
    flags: Vec<Sentence>,
    open: Vec<String>,
    distress: Vec<Distress>,
    report: DayReport,
}

#[derive(Serialize)]
struct Sentence {
    at: Timestamp,
    text: String,
}

pub(super) fn report(known: &Known, rules: Rules, brief: &Brief, now: Timestamp, language: Language) -> Report {
    let view = known.day.view(rules);
    let report = view.report(&known.contacts, now);
    let said = |said: Said| match language {
        Language::Fr => said.fr,
        Language::En => said.en,
    };
    let name = |facility: &FacilityName| {
        let known = brief.sites.get(facility).map(|site| site.name.clone());
        (facility.clone(), known.unwrap_or_else(|| facility.as_str().to_owned()))
    };
    let flags = flags(known, &view).into_iter().map(|flag| Sentence { at: flag.at, text: said(flag.text) });
    Report {
        lang: language.tag(),
        names: report.sites.keys().map(name).collect(),
        flags: flags.collect(),
        open: report.open.iter().map(|end: &OpenEnd| said(words::open(end))).collect(),
        distress: distress(known, &view),
        report,
    }
}
