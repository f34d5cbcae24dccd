//! What is worth a look at an entry. A flagged entry is kept and counts; what it was flagged for is shown.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::Serialize;

use super::cells::Crew;
use super::clock::Certainty;
use super::find::Power;
use super::plan::CellRef;
use super::sense;
use super::view::{Dated, View};
use super::what::{Audience, DayEvent, DayWhat};
use crate::id::{EventId, ItemId, TeamId};

/// What is worth a look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Flag {
    /// The device's clock was wrong; the time was corrected.
    DatedWrong {
        /// What was added, in milliseconds.
        add_ms: i64,
    },
    /// The device's clock was never measured.
    ClockNotMeasured,
    /// It was received before it happened, as far as anybody can tell.
    ReceivedEarly {
        /// When it was received.
        received: Timestamp,
    },
    /// Command never enrolled the device.
    NotEnrolled,
    /// The device may not enter what only command may, and it has no effect.
    NotCommand,
    /// The device had been revoked, or declared lost.
    DeviceGone {
        /// Since when.
        since: Timestamp,
    },
    /// No plan has this cell.
    NotInPlan {
        /// Which.
        cell: CellRef,
    },
    /// The plan has this cell for another team.
    PlannedForOther {
        /// Which.
        team: TeamId,
    },
    /// The search of this cell had been referred.
    AfterReferral {
        /// By this entry.
        referred: EventId,
    },
    /// Found on a person, and nobody entered that the search was referred.
    NotReferred,
    /// The same team entered finds and that there are none.
    NothingAmongFinds,
    /// A phone that was found off is entered as on.
    SwitchedOn {
        /// The entry that has it off.
        first: EventId,
    },
    /// The search had been called off there.
    AfterAbort {
        /// By this entry.
        abort: EventId,
    },
    /// The day had been closed.
    AfterClose,
    /// The day had been opened by another entry, or this number of a site's plan is used twice.
    PlanTwice {
        /// The entry that counts.
        counts: EventId,
    },
}

/// Each entry's flags, by its place among them.
pub(super) fn all(view: &View<'_>) -> Vec<Vec<Flag>> {
    let context = Context::new(view);
    view.entries().iter().map(|dated| context.flags(dated)).collect()
}

struct Context<'v, 'a> {
    view: &'v View<'a>,
    referred: BTreeMap<(&'a CellRef, Crew), (Timestamp, &'a EventId)>,
    found: BTreeSet<(&'a CellRef, Crew)>,
    off: BTreeMap<&'a ItemId, &'a EventId>,
    aborts: Vec<(Timestamp, &'a EventId, &'a Audience)>,
    closed: Option<Timestamp>,
}

impl<'v, 'a> Context<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let (mut referred, mut found, mut off) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
        let (mut aborts, mut closed) = (Vec::new(), None);
        for dated in view.entries() {
            let event = dated.event;
            match &event.what {
                DayWhat::Referred { cell, .. } => {
                    referred.entry((cell, view.crew(dated))).or_insert((dated.at, &event.id));
                }
                DayWhat::Found { cell, find } => {
                    found.insert((cell, view.crew(dated)));
                    if find.state == Power::Off {
                        off.entry(&find.item).or_insert(&event.id);
                    }
                }
                DayWhat::Aborted { scope, .. } if view.commands(event) => aborts.push((dated.at, &event.id, scope)),
                DayWhat::Closed {} if view.commands(event) => closed = closed.or(Some(dated.at)),
                _ => {}
            }
        }
        Self { view, referred, found, off, aborts, closed }
    }

    fn flags(&self, dated: &Dated<'a>) -> Vec<Flag> {
        let mut flags = Vec::new();
        self.of_time(dated, &mut flags);
        self.of_device(dated, &mut flags);
        if let Some(cell) = dated.event.what.cell() {
            self.of_plan(dated, cell, &mut flags);
            self.of_work(dated, cell, &mut flags);
        }
        if let DayWhat::Found { find, .. } = &dated.event.what
            && find.state == Power::On
            && let Some(first) = self.off.get(&find.item)
        {
            flags.push(Flag::SwitchedOn { first: (*first).clone() });
        }
        flags.extend(self.view.plan_twice(dated.event).map(|counts| Flag::PlanTwice { counts: counts.clone() }));
        flags
    }

    fn of_time(&self, dated: &Dated<'_>, flags: &mut Vec<Flag>) {
        let add_ms = dated.at.as_millisecond() - dated.event.occurred.as_millisecond();
        if add_ms.unsigned_abs() > self.view.rules().clock_tolerance_ms {
            flags.push(Flag::DatedWrong { add_ms });
        }
        // By the clock of whoever opened the day the others are measured; nobody measures it.
        let measures = dated.event.device == *self.view.day().root();
        if dated.certainty == Certainty::NotMeasured && !measures {
            flags.push(Flag::ClockNotMeasured);
        }
        if dated.at.as_millisecond() > dated.event.received.as_millisecond() {
            flags.push(Flag::ReceivedEarly { received: dated.event.received });
        }
    }

    fn of_device(&self, dated: &Dated<'_>, flags: &mut Vec<Flag>) {
        let event = dated.event;
        let commands = self.view.commands(event);
        if event.what.is_commands() && !commands {
            flags.push(Flag::NotCommand);
        }
        let standing = self.view.standing(&event.device);
        if !commands && standing.is_none_or(|standing| standing.posts.is_empty()) {
            flags.push(Flag::NotEnrolled);
        }
        if let Some(since) = standing.and_then(super::posts::Standing::gone).filter(|since| *since < dated.at) {
            flags.push(Flag::DeviceGone { since });
        }
        let work = event.what.cell().is_some();
        if work && self.closed.is_some_and(|closed| closed < dated.at) {
            flags.push(Flag::AfterClose);
        }
    }

    fn of_plan(&self, dated: &Dated<'_>, cell: &CellRef, flags: &mut Vec<Flag>) {
        match (self.view.planned(cell), self.view.crew(dated)) {
            (Some(planned), Crew::Team(team)) if planned.team != team => {
                flags.push(Flag::PlannedForOther { team: planned.team.clone() });
            }
            (Some(_), _) => {}
            (None, _) if self.view.was_planned(cell) => {}
            (None, _) => flags.push(Flag::NotInPlan { cell: cell.clone() }),
        }
    }

    fn of_work(&self, dated: &Dated<'_>, cell: &'a CellRef, flags: &mut Vec<Flag>)
    where
        'v: 'a,
    {
        let (event, crew) = (dated.event, self.view.crew(dated));
        let key = (cell, crew.clone());
        let referred = self.referred.get(&key);
        if let Some((since, by)) = referred
            && *since < dated.at
            && goes_on(event)
        {
            flags.push(Flag::AfterReferral { referred: (*by).clone() });
        }
        match &event.what {
            DayWhat::NothingFound { .. } if self.found.contains(&key) => flags.push(Flag::NothingAmongFinds),
            DayWhat::Found { find, .. } if sense::on_a_person(find) && referred.is_none() => {
                flags.push(Flag::NotReferred);
            }
            _ => {}
        }
        let abort = self.aborts.iter().find(|(since, _, scope)| *since < dated.at && concerns(scope, cell, &crew));
        if let Some((_, abort, _)) = abort
            && goes_on(event)
        {
            flags.push(Flag::AfterAbort { abort: (*abort).clone() });
        }
    }
}

/// A search goes on, where it should have stopped.
fn goes_on(event: &DayEvent) -> bool {
    matches!(event.what, DayWhat::Started { .. } | DayWhat::Found { .. } | DayWhat::NothingFound { .. })
}

pub(super) fn concerns(scope: &Audience, cell: &CellRef, crew: &Crew) -> bool {
    match scope {
        Audience::All => true,
        Audience::Site(site) => *site == cell.facility,
        Audience::Team(team) => *crew == Crew::Team(team.clone()),
    }
}
