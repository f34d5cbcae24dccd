//! When each entry was made: by the device's clock, corrected by what it was measured to be wrong by, and held to what
//! can't be otherwise: nothing is received before it happens, a device's count goes with time, and a hand-over is
//! acknowledged after it was offered.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::clock::{Certainty, Clock};
use super::view::Dated;
use super::what::{DayEvent, DayWhat};
use crate::event::What;
use crate::id::{DeviceKey, HandOverId};

/// The clocks as measured: each device by itself, and by devices that command.
pub(super) fn clocks(events: &[&DayEvent], commanding: &BTreeSet<DeviceKey>) -> BTreeMap<DeviceKey, Clock> {
    let mut clocks: BTreeMap<DeviceKey, Clock> = BTreeMap::new();
    for event in events {
        let DayWhat::ClockMeasured { device, count, its_time, true_time, within_ms } = &event.what else { continue };
        if event.device == *device || commanding.contains(&event.device) {
            clocks.entry(device.clone()).or_default().measured(*count, *its_time, *true_time, *within_ms);
        }
    }
    clocks.values_mut().for_each(Clock::sort);
    clocks
}

/// An entry on its way to a date, in milliseconds.
struct Draft<'a> {
    event: &'a DayEvent,
    /// By the clock alone.
    by_clock: i64,
    at: i64,
    certainty: Certainty,
    /// It can't have happened later: it, or what came after it, was received then.
    latest: i64,
}

/// Entries with their times, by time; those of one device by its count.
pub(super) fn dated<'a>(events: &[&'a DayEvent], clocks: &BTreeMap<DeviceKey, Clock>) -> Vec<Dated<'a>> {
    let mut by_device = drafts(events, clocks);
    let hand_overs = HandOvers::of(&by_device);
    hand_overs.offered_before_received(&mut by_device);
    for drafts in by_device.values_mut() {
        received_later(drafts);
        drafts.iter_mut().for_each(Draft::not_after_latest);
        in_count(drafts);
    }
    hand_overs.acknowledged_after_offered(&mut by_device);
    by_device.values_mut().for_each(|drafts| in_count(drafts));
    let mut ordered: Vec<(i64, Draft<'a>)> = by_device.into_values().flat_map(in_order).collect();
    ordered.sort_by_key(|(order, draft)| (*order, &draft.event.device, draft.event.sequence));
    ordered.into_iter().map(|(_, draft)| draft.done()).collect()
}

/// A device's entries never change places, whatever its clock says.
fn in_order(drafts: Vec<Draft<'_>>) -> Vec<(i64, Draft<'_>)> {
    let mut order = i64::MIN;
    let ranked = drafts.into_iter().map(|draft| {
        order = order.max(draft.at.min(draft.latest));
        (order, draft)
    });
    ranked.collect()
}

type Drafts<'a> = BTreeMap<&'a DeviceKey, Vec<Draft<'a>>>;

/// By device and count.
fn drafts<'a>(events: &[&'a DayEvent], clocks: &BTreeMap<DeviceKey, Clock>) -> Drafts<'a> {
    let mut by_device: Drafts<'a> = BTreeMap::new();
    let none = Clock::default();
    for event in events {
        let clock = clocks.get(&event.device).unwrap_or(&none);
        let (at, certainty) = clock.date(event.sequence, event.occurred.as_millisecond());
        let latest = event.received.as_millisecond();
        by_device.entry(&event.device).or_default().push(Draft { event, by_clock: at, at, certainty, latest });
    }
    for drafts in by_device.values_mut() {
        drafts.sort_by_key(|draft| draft.event.sequence);
    }
    by_device.values_mut().for_each(|drafts| received_later(drafts));
    by_device
}

/// What came later in the count bounds what came before: by when it was received, and by a clock that is sure.
fn received_later(drafts: &mut [Draft<'_>]) {
    let mut latest = i64::MAX;
    for draft in drafts.iter_mut().rev() {
        latest = latest.min(draft.latest).min(draft.latest_by_clock());
        draft.latest = latest;
    }
}

/// A device's count goes with time, as far as its clock's uncertainty allows.
fn in_count(drafts: &mut [Draft<'_>]) {
    let mut before = i64::MIN;
    for draft in drafts {
        draft.not_before(before);
        before = before.max(draft.at);
    }
}

impl<'a> Draft<'a> {
    fn latest_by_clock(&self) -> i64 {
        match self.certainty {
            Certainty::Between { .. } => self.by_clock.saturating_add(self.certainty.slack()),
            // Somebody may have set the clock, or it says nothing.
            Certainty::Beyond { .. } | Certainty::NotMeasured => i64::MAX,
        }
    }

    fn not_after_latest(&mut self) {
        if self.at <= self.latest {
            return;
        }
        if self.at - self.certainty.slack() <= self.latest {
            self.at = self.latest;
        } else if matches!(self.certainty, Certainty::Beyond { .. }) {
            // Somebody set the clock before it was measured: the measure says nothing of what came before.
            self.at = self.event.occurred.as_millisecond().min(self.latest);
            self.certainty = Certainty::NotMeasured;
        }
    }

    fn not_before(&mut self, earliest: i64) {
        if self.at < earliest && self.at + self.certainty.slack() >= earliest {
            self.at = earliest;
        }
    }

    /// What was moved is as much less certain.
    fn done(self) -> Dated<'a> {
        let moved = self.at != self.event.occurred.as_millisecond();
        let at = if moved { Timestamp::from_millisecond(self.at).ok() } else { None };
        Dated {
            event: self.event,
            at: at.unwrap_or(self.event.occurred),
            certainty: self.certainty.widened((self.at - self.by_clock).unsigned_abs()),
            flags: Vec::new(),
        }
    }
}

/// Which drafts offer and acknowledge each hand-over, as device and place in its count.
#[derive(Default)]
struct HandOvers {
    offered: BTreeMap<HandOverId, Vec<(DeviceKey, usize)>>,
    acknowledged: BTreeMap<HandOverId, Vec<(DeviceKey, usize)>>,
}

impl HandOvers {
    fn of(drafts: &Drafts<'_>) -> Self {
        let mut all = Self::default();
        for (device, drafts) in drafts {
            for (place, draft) in drafts.iter().enumerate() {
                let DayWhat::Exhibit { what } = &draft.event.what else { continue };
                let (side, id) = match what {
                    What::HandedOn { hand_over, .. } => (&mut all.offered, hand_over),
                    What::Acknowledged { hand_over, .. } => (&mut all.acknowledged, hand_over),
                    _ => continue,
                };
                side.entry(id.clone()).or_default().push(((*device).clone(), place));
            }
        }
        all
    }

    /// Pairs of one offer and one acknowledgement; where there are more, no time is inferred.
    fn pairs(&self) -> impl Iterator<Item = (&(DeviceKey, usize), &(DeviceKey, usize))> {
        self.offered.iter().filter_map(|(id, offers)| {
            match (offers.as_slice(), self.acknowledged.get(id)?.as_slice()) {
                ([offer], [acknowledgement]) => Some((offer, acknowledgement)),
                _ => None,
            }
        })
    }

    fn offered_before_received(&self, drafts: &mut Drafts<'_>) {
        for (offer, acknowledgement) in self.pairs() {
            let Some(latest) = draft(drafts, acknowledgement).map(|draft| draft.latest) else { continue };
            if let Some(offer) = draft(drafts, offer) {
                offer.latest = offer.latest.min(latest);
            }
        }
    }

    fn acknowledged_after_offered(&self, drafts: &mut Drafts<'_>) {
        for (offer, acknowledgement) in self.pairs() {
            let Some((offered, slack)) = draft(drafts, offer).map(|draft| (draft.at, draft.certainty.slack())) else {
                continue;
            };
            let Some(acknowledgement) = draft(drafts, acknowledgement) else { continue };
            // Where they meet, if each is moved by no more than its own uncertainty.
            let meet = offered.min(acknowledgement.at + acknowledgement.certainty.slack());
            if meet < offered - slack {
                continue;
            }
            acknowledgement.at = acknowledgement.at.max(meet);
            if let Some(offer) = draft(drafts, offer) {
                offer.at = offer.at.min(meet);
            }
        }
    }
}

fn draft<'b, 'a>(drafts: &'b mut Drafts<'a>, (device, place): &(DeviceKey, usize)) -> Option<&'b mut Draft<'a>> {
    drafts.get_mut(device)?.get_mut(*place)
}
