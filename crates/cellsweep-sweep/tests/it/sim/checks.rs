//! What must hold when the day is over.

use std::collections::{BTreeMap, BTreeSet};

use cellsweep_sweep::day::{Apart, CellRef, Certainty, Crew, Dated, Day, DayWhat, Flag, OpenEnd, Rules, Stop, View};
use cellsweep_sweep::{Custody, EventId, Holder, ItemKind, TeamId};
use rand::seq::SliceRandom;

use super::actors::{Entered, Holding, Place, Way};
use super::made;
use super::run::Sim;

/// Officers act at least a minute apart: clocks that are right to less leave no doubt of the order.
const SURE_MS: u64 = 20_000;

type Outcome = Result<(), String>;

fn hold(good: bool, what: impl FnOnce() -> String) -> Outcome {
    if good { Ok(()) } else { Err(what()) }
}

impl Sim {
    pub fn check(&mut self) -> Outcome {
        let day = self.server.day().clone();
        let view = day.view(Rules::USUAL);
        self.nothing_lost(&day)?;
        self.nothing_doubled(&view)?;
        self.nothing_forged(&day)?;
        self.times_are_honest(&view)?;
        self.conflicts_are_seen(&view)?;
        self.chains_are_whole_or_broken_in_sight(&view)?;
        self.devices_are_complete(&view)?;
        self.order_does_not_show(&day)?;
        self.figures.log = self.log.len();
        Ok(())
    }

    /// What was entered on a device that survives or was rescued counts, to the byte.
    fn nothing_lost(&mut self, day: &Day) -> Outcome {
        let counted: BTreeMap<&EventId, &DayWhat> = day.settled().map(|event| (&event.id, &event.what)).collect();
        for entered in &self.truth {
            let there = counted.get(&entered.id);
            if self.devices[entered.device].survives() {
                hold(there == Some(&&entered.what), || format!("{} was entered and is lost", entered.id))?;
            } else {
                hold(there.is_none_or(|what| **what == entered.what), || {
                    format!("{} says something else", entered.id)
                })?;
                self.figures.lost_with_phones += usize::from(there.is_none());
            }
        }
        let real: BTreeSet<&EventId> = self.truth.iter().map(|entered| &entered.id).collect();
        let invented = counted.keys().find(|id| !real.contains(**id));
        hold(invented.is_none(), || format!("{invented:?} counts and was never entered"))?;
        hold(day.disputed().next().is_none(), || "an entry is disputed".into())
    }

    /// Each found phone counts once.
    fn nothing_doubled(&self, view: &View<'_>) -> Outcome {
        let ids: BTreeSet<&EventId> = view.entries().iter().map(|dated| &dated.event.id).collect();
        let phone = |entered: &&Entered| match &entered.what {
            DayWhat::Found { find, .. } => find.kind == ItemKind::Phone && ids.contains(&entered.id),
            _ => false,
        };
        let (found, nation) = (self.truth.iter().filter(phone).count(), view.nation());
        hold(nation.phones as usize == found, || format!("{} phones counted, {found} found", nation.phones))?;
        let sites = view.sites(self.server.contacts(), made::at(self.now));
        let sum: u32 = sites.values().map(|site| site.tally.phones).sum();
        hold(sum == nation.phones, || "sites and nation count differently".into())
    }

    /// What was forged counts for nothing, and is shown.
    fn nothing_forged(&mut self, day: &Day) -> Outcome {
        let arrived: BTreeSet<&str> = self.log.iter().map(|record| record.envelope.text.as_str()).collect();
        let forged = self.forged.iter().filter(|text| arrived.contains(text.as_str())).count();
        let apart = day.apart();
        let shown = apart.iter().filter(|apart| matches!(apart, Apart::Signature { .. })).count();
        self.figures.set_apart += apart.len();
        hold(shown == forged, || format!("{forged} forged entries came, {shown} are set apart"))
    }

    /// A corrected time is right to what it says.
    fn times_are_honest(&mut self, view: &View<'_>) -> Outcome {
        let truth: BTreeMap<&EventId, &Entered> = self.truth.iter().map(|entered| (&entered.id, entered)).collect();
        for Dated { event, at, certainty, flags } in view.entries() {
            let entered = truth[&event.id];
            let device = &self.devices[entered.device];
            let off = (at.as_millisecond() - made::at(entered.at).as_millisecond()).unsigned_abs();
            let within = match certainty {
                Certainty::Between { within_ms } => *within_ms,
                Certainty::Beyond { within_ms } if !device.was_set => *within_ms,
                Certainty::Beyond { .. } | Certainty::NotMeasured => continue,
            };
            hold(off <= within + 3, || format!("{} is off by {off} ms, not {within}", event.id))?;
            self.figures.corrected += usize::from(flags.iter().any(|flag| matches!(flag, Flag::DatedWrong { .. })));
        }
        Ok(())
    }

    /// Cells in which two teams were are shown as such, and no others.
    fn conflicts_are_seen(&mut self, view: &View<'_>) -> Outcome {
        let ids: BTreeSet<&EventId> = view.entries().iter().map(|dated| &dated.event.id).collect();
        let mut crews: BTreeMap<&CellRef, BTreeMap<TeamId, (bool, bool)>> = BTreeMap::new();
        for entered in self.truth.iter().filter(|entered| ids.contains(&entered.id)) {
            let (Some(cell), Place::Team(team)) = (entered.what.cell(), self.devices[entered.device].place) else {
                continue;
            };
            let stands = crews.entry(cell).or_default();
            note(stands.entry(made::team_id(team)), &entered.what);
        }
        let stay = |teams: BTreeMap<TeamId, (bool, bool)>| {
            let staying: BTreeSet<Crew> =
                teams.into_iter().filter(|(_, (left, _))| !left).map(|(team, _)| Crew::Team(team)).collect();
            if staying.len() > 1 { staying } else { BTreeSet::new() }
        };
        let sure = self.teams_with_one_clock();
        let seen = view.cells();
        for (cell, teams) in crews {
            let uncertain = teams.keys().any(|team| !sure.contains(team));
            let expected = stay(teams);
            let shown = seen.get(cell).map(|cell| cell.conflict.clone()).unwrap_or_default();
            hold(uncertain || shown == expected, || format!("{cell}: conflict {shown:?}, not {expected:?}"))?;
            self.figures.conflicts += usize::from(!shown.is_empty());
        }
        Ok(())
    }

    /// Teams whose entries were all made on one device: its count alone tells their order.
    fn teams_with_one_clock(&self) -> BTreeSet<TeamId> {
        let mut devices: BTreeMap<usize, usize> = BTreeMap::new();
        for device in &self.devices {
            if let Place::Team(team) = device.place {
                *devices.entry(team).or_default() += 1;
            }
        }
        devices.into_iter().filter(|(_, count)| *count == 1).map(|(team, _)| made::team_id(team)).collect()
    }

    fn chains_are_whole_or_broken_in_sight(&mut self, view: &View<'_>) -> Outcome {
        let custody = view.exhibits().custody();
        let dated: BTreeMap<&EventId, &Dated<'_>> =
            view.entries().iter().map(|dated| (&dated.event.id, dated)).collect();
        let mut broken: BTreeMap<&EventId, usize> = BTreeMap::new();
        for found in &custody.breaks {
            *broken.entry(&found.event).or_default() += 1;
        }
        for way in &self.ways {
            let whole = chain(way, &custody, &dated, &broken)?;
            self.figures.whole_chains += usize::from(whole);
        }
        self.figures.shown_breaks += custody.breaks.len();
        Ok(())
    }

    fn devices_are_complete(&self, view: &View<'_>) -> Outcome {
        let open = view.open_ends(self.server.contacts());
        let device = open.iter().find(|open| matches!(open, OpenEnd::Device { .. }));
        hold(device.is_none(), || format!("the day can't be closed: {device:?}"))
    }

    /// The log in any order, and some of it twice, tells the same.
    fn order_does_not_show(&mut self, day: &Day) -> Outcome {
        let mut shuffled = self.log.clone();
        let twice = shuffled.len() / 3;
        shuffled.extend_from_within(..twice);
        shuffled.shuffle(&mut self.world.rng);
        let mut other = Day::new(day.root().clone());
        for record in shuffled {
            other.take(record.envelope, record.received, record.checked);
        }
        hold(other == *day, || "the order of arrival shows in the state".into())?;
        let now = made::at(self.now);
        let report = |day: &Day| serde_json::to_string(&day.view(Rules::USUAL).report(&BTreeMap::new(), now)).unwrap();
        hold(report(&other) == report(day), || "the order of arrival shows in the report".into())
    }
}

type Stand<'a> = std::collections::btree_map::Entry<'a, TeamId, (bool, bool)>;

/// Whether a team has left a cell to others, and whether it was referred.
fn note(stand: Stand<'_>, what: &DayWhat) {
    if matches!(what, DayWhat::Distress { .. }) {
        return;
    }
    let (left, referred) = stand.or_insert((false, false));
    match what {
        _ if *referred => {}
        DayWhat::Referred { .. } => (*left, *referred) = (false, true),
        DayWhat::CouldNot { .. } | DayWhat::Stopped { why: Stop::Interrupted(_), .. } => *left = true,
        _ => *left = false,
    }
}

/// Whether an item's chain is whole; what isn't must show as a break, or as a hand-over that nobody acknowledged.
fn chain(
    way: &Way,
    custody: &Custody,
    dated: &BTreeMap<&EventId, &Dated<'_>>,
    broken: &BTreeMap<&EventId, usize>,
) -> Result<bool, String> {
    let here: Vec<bool> = way.events.iter().map(|(id, _)| dated.contains_key(id)).collect();
    let known = here.iter().take_while(|here| **here).count();
    let gap = here.iter().skip(known).any(|here| *here);
    let breaks = way.events.iter().any(|(id, _)| {
        let seal: EventId = format!("{id}/seal").parse().unwrap();
        broken.contains_key(id) || broken.contains_key(&seal)
    });
    if known == 0 && !gap {
        return Ok(false);
    }
    let holder = custody.items.get(&way.item.parse().unwrap()).map(|exhibit| &exhibit.holder);
    let right = !gap && known > 0 && holder.is_some_and(|holder| is(holder, &way.events[known - 1].1));
    hold(right || breaks, || format!("{}: {holder:?} is wrong, and nothing shows", way.item))?;
    let sure = way.events.iter().take(known).all(|(id, _)| is_sure(dated[id].certainty));
    hold(gap || !sure || !breaks, || {
        let shown = custody.breaks.iter().filter(|broken| way.events.iter().any(|(id, _)| broken.event == *id));
        let shown: Vec<String> = shown.map(|broken| format!("{}: {}", broken.event, broken.what)).collect();
        format!("{}: a chain that holds is shown as broken: {shown:?}", way.item)
    })?;
    Ok(right && !breaks && known == way.events.len())
}

fn is(holder: &Holder, truth: &Holding) -> bool {
    match (holder, truth) {
        (Holder::Held(by), Holding::With(name)) => by.as_str() == name,
        (Holder::UnderWay { .. }, Holding::UnderWay) => true,
        _ => false,
    }
}

fn is_sure(certainty: Certainty) -> bool {
    matches!(certainty, Certainty::Between { within_ms } if within_ms <= SURE_MS)
}
