//! What one phone is given: its own team's cells, and nothing of anybody else's.

use cellsweep_sweep::day::{CellRef, Detector, PlannedCell, Post, Target};
use cellsweep_sweep::sync::Standing;
use cellsweep_sweep::{DeviceKey, FacilityName, PublicKey, limits};
use jiff::Timestamp;
use serde::Serialize;

use crate::access::{Access, Member, party};
use crate::brief::{Authority, Brief, CellBrief, Words};
use crate::routes::{PHOTO_BYTES, PIECE_BYTES, SYNC_BYTES, SYNC_MESSAGES};

/// A phone's bundle.
#[derive(Clone, Serialize)]
pub(crate) struct Bundle<'a> {
    v: u32,
    day: Opened,
    you: You<'a>,
    command: [Command<'a>; 1],
    sites: Vec<Site<'a>>,
    receivers: Vec<Receiver<'a>>,
    cells: Vec<Cell<'a>>,
    plan_number: u32,
    words: &'a Words,
    authority: Option<&'a Authority>,
    limits: Limits,
}

#[derive(Clone, Serialize)]
struct Opened {
    operation: Option<String>,
    opened: Option<Timestamp>,
    closed: Option<Timestamp>,
}

#[derive(Clone, Serialize)]
struct You<'a> {
    device: &'a DeviceKey,
    post: Option<&'a Post>,
    officer: Option<Officer<'a>>,
    standing: Standing,
}

#[derive(Clone, Copy, Serialize)]
struct Officer<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Clone, Serialize)]
struct Command<'a> {
    device: &'a DeviceKey,
    key: &'a PublicKey,
}

#[derive(Clone, Serialize)]
struct Site<'a> {
    facility: &'a FacilityName,
    name: &'a str,
    timezone: Option<&'a str>,
}

#[derive(Clone, Serialize)]
struct Receiver<'a> {
    officer: Officer<'a>,
    post: &'a Post,
    device: &'a DeviceKey,
}

#[derive(Clone, Serialize)]
struct Cell<'a> {
    cell: &'a CellRef,
    order: usize,
    wave: u16,
    target: Target,
    start: Timestamp,
    minutes: u16,
    detector: Detector,
    #[serde(flatten)]
    brief: CellBrief,
}

#[derive(Clone, Serialize)]
struct Limits {
    sync_bytes: usize,
    sync_messages: usize,
    batch_entries: usize,
    photo_bytes: u64,
    photo_chunk_bytes: usize,
}

/// Whom a bundle is for, and by whom it is given.
pub(crate) struct For<'a> {
    pub device: &'a DeviceKey,
    pub member: &'a Member,
    pub root: (&'a DeviceKey, &'a PublicKey),
}

/// Puts a phone's bundle together.
pub(crate) fn bundle<'a>(whom: &For<'a>, access: &'a Access, brief: &'a Brief) -> Bundle<'a> {
    let post = whom.member.post.as_ref();
    let site = post.and_then(|post| access.site(post));
    let (plan_number, planned) = site.map_or((0, Vec::new()), |site| access.cells(site));
    let standing = if whom.member.revoked { Standing::Revoked } else { Standing::Enrolled };
    Bundle {
        v: 1,
        day: Opened {
            operation: access.plan.as_ref().map(|plan| plan.operation.as_str().to_owned()),
            opened: access.opened,
            closed: access.closed,
        },
        you: You { device: whom.device, post, officer: officer(whom.member), standing },
        command: [Command { device: whom.root.0, key: whom.root.1 }],
        sites: site.map(|site| named(site, brief)).into_iter().collect(),
        receivers: site.map_or_else(Vec::new, |site| receivers(site, whom.device, access)),
        cells: cells(post, planned, standing, brief),
        plan_number,
        words: &brief.words,
        authority: brief.authority.as_ref(),
        limits: Limits {
            sync_bytes: SYNC_BYTES,
            sync_messages: SYNC_MESSAGES,
            batch_entries: limits::BATCH,
            photo_bytes: PHOTO_BYTES,
            photo_chunk_bytes: PIECE_BYTES,
        },
    }
}

fn officer(member: &Member) -> Option<Officer<'_>> {
    let number = member.officer.as_ref()?.as_str();
    party(member.officer.as_ref()?).map(|_| Officer { id: number, name: number })
}

fn named<'a>(site: &'a FacilityName, brief: &'a Brief) -> Site<'a> {
    let known = brief.sites.get(site);
    Site {
        facility: site,
        name: known.map_or(site.as_str(), |known| &known.name),
        timezone: known.and_then(|known| known.timezone.as_deref()),
    }
}

/// Who else is at the site and may take items over.
fn receivers<'a>(site: &FacilityName, own: &DeviceKey, access: &'a Access) -> Vec<Receiver<'a>> {
    let there = access.members.iter().filter(|(device, member)| {
        *device != own && !member.revoked && member.post.as_ref().and_then(|post| access.site(post)) == Some(site)
    });
    let receiver = |(device, member): (&'a DeviceKey, &'a Member)| {
        Some(Receiver { officer: officer(member)?, post: member.post.as_ref()?, device })
    };
    there.filter_map(receiver).collect()
}

/// A revoked phone is told of nobody any more.
fn cells<'a>(post: Option<&Post>, planned: Vec<&'a PlannedCell>, standing: Standing, brief: &Brief) -> Vec<Cell<'a>> {
    let Some(Post::Team(team)) = post.filter(|_| standing == Standing::Enrolled) else { return Vec::new() };
    let mut own: Vec<&PlannedCell> = planned.into_iter().filter(|planned| planned.team == *team).collect();
    own.sort_by_key(|planned| planned.wave);
    let cell = |(order, planned): (usize, &'a PlannedCell)| Cell {
        cell: &planned.cell,
        order: order + 1,
        wave: planned.wave,
        target: planned.target,
        start: planned.start,
        minutes: planned.minutes,
        detector: planned.detector,
        brief: brief.cells.get(&planned.cell).cloned().unwrap_or_default(),
    };
    own.into_iter().enumerate().map(cell).collect()
}
