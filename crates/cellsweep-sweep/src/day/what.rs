//! What happens on a search day, as it is entered.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::find::Find;
use super::plan::{CellRef, Detector, Plan, PlannedCell};
use crate::event::{Event, Party, What};
use crate::id::{DeviceKey, EventId, FacilityName, PublicKey, TeamId, Text};

/// An event of a search day, in the envelope that custody's events have. Its id is `DEVICE:SEQUENCE`, so that no
/// device can claim another one's.
pub type DayEvent = Event<DayWhat>;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum DayWhat {
    /// The day begins. By command.
    Opened {
        /// What is searched, by whom, when.
        plan: Plan,
        /// Who commands.
        command: Vec<Party>,
    },
    /// A site's cells are planned anew; the highest number counts. By command.
    Replanned {
        /// Which site.
        site: FacilityName,
        /// The plan's number; the opening's is 0.
        number: u32,
        /// All cells of the site, in the order in which each team takes them.
        cells: Vec<PlannedCell>,
        /// Why.
        why: Text,
    },
    /// A site has a new plan: what its devices are told of one, for the plan itself has every team's cells. By command.
    PlanChanged {
        /// Which site.
        site: FacilityName,
        /// The new plan's number.
        number: u32,
        /// Why.
        why: Text,
    },
    /// Something that everybody concerned has to know. By command.
    Announced {
        /// Whom it concerns.
        to: Audience,
        /// What.
        text: Text,
    },
    /// Whoever holds the device has seen an announcement, that there is a new plan, an abort or a distress.
    Seen {
        /// Its event.
        about: EventId,
    },
    /// Stop. By command.
    Aborted {
        /// Who stops.
        scope: Audience,
        /// Why.
        why: Text,
    },
    /// Help is needed now.
    Distress {
        /// Where.
        place: Whereabouts,
    },
    /// The day is over: nothing is open any more. By command.
    Closed {},
    /// A device may enter from now on. By command.
    Enrolled {
        /// The device, by its key's id.
        device: DeviceKey,
        /// Its public key.
        key: PublicKey,
        /// What it is for.
        post: Post,
        /// Whether it stands in for one that was lost.
        replaces: Replaces,
    },
    /// A device may enter no more. By command.
    Revoked {
        /// Which.
        device: DeviceKey,
        /// Why.
        why: Text,
    },
    /// A device is gone or dead, and nothing more is expected of it.
    Lost {
        /// Which.
        device: DeviceKey,
    },
    /// A device's clock was held against one that is right: by itself when it synced, or at a desk.
    ClockMeasured {
        /// Whose clock.
        device: DeviceKey,
        /// The device's count of entries at that moment.
        count: u64,
        /// What its clock said.
        its_time: Timestamp,
        /// What time it was.
        true_time: Timestamp,
        /// How far off the measure may be, in milliseconds; at most an hour.
        within_ms: u64,
    },
    /// The device's last entry.
    Finished {},
    /// A dead device's entries were taken off it. By command.
    Rescued {
        /// Which device.
        device: DeviceKey,
        /// Its last entry's number.
        last: u64,
    },
    /// A team goes into a cell.
    Started {
        /// Which.
        cell: CellRef,
        /// With what.
        detector: Detector,
        /// How many officers.
        officers: u16,
    },
    /// A team leaves a cell.
    Stopped {
        /// Which.
        cell: CellRef,
        /// Why.
        why: Stop,
    },
    /// Something was found.
    Found {
        /// In which cell, or held by whom of it.
        cell: CellRef,
        /// What and how.
        find: Box<Find>,
    },
    /// A cell was searched and nothing was found.
    NothingFound {
        /// Which.
        cell: CellRef,
    },
    /// A cell could not be searched.
    CouldNot {
        /// Which.
        cell: CellRef,
        /// Why.
        why: Obstacle,
    },
    /// The search stops, and somebody else takes over who may.
    Referred {
        /// Of which cell.
        cell: CellRef,
        /// Why.
        why: Referral,
    },
    /// Something happened to exhibits after their find.
    Exhibit {
        /// What.
        what: What,
    },
}

/// Whom something concerns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everybody.
    All,
    /// One site.
    Site(FacilityName),
    /// One team.
    Team(TeamId),
}

/// Where help is needed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// In a cell.
    Cell(CellRef),
    /// Somewhere in a site.
    Site(FacilityName),
    /// Nobody had the time to say.
    NotTold,
}

/// What a device is for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Post {
    /// The command post: it plans, announces, enrols.
    Command,
    /// A desk: it receives exhibits, and takes entries off dead devices.
    Desk(FacilityName),
    /// A team.
    Team(TeamId),
}

/// Whether a device stands in for another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Replaces {
    /// It doesn't.
    Nothing,
    /// For this one.
    Device(DeviceKey),
}

/// Why a team left a cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stop {
    /// It is searched.
    Done,
    /// It is not; somebody may go on.
    Interrupted(Text),
}

/// Why a cell could not be searched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Obstacle {
    /// Nobody could open it.
    Locked,
    /// It was not safe.
    Unsafe,
    /// Somebody was ill, or treated there.
    Medical,
    /// It is not there, or no cell.
    NoSuchCell,
    /// The time was up.
    NoTime,
    /// Something else.
    Other(Text),
}

/// Why a search is referred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Referral {
    /// Found on a person.
    OnPerson,
    /// Suspected in a body.
    SuspectedInBody,
}

impl DayWhat {
    /// The cell that it concerns.
    pub fn cell(&self) -> Option<&CellRef> {
        match self {
            Self::Started { cell, .. }
            | Self::Stopped { cell, .. }
            | Self::Found { cell, .. }
            | Self::NothingFound { cell }
            | Self::CouldNot { cell, .. }
            | Self::Referred { cell, .. }
            | Self::Distress { place: Whereabouts::Cell(cell) } => Some(cell),
            _ => None,
        }
    }

    /// Whether only command may enter it.
    pub fn is_commands(&self) -> bool {
        use DayWhat::{Aborted, Announced, Closed, Enrolled, Opened, PlanChanged, Replanned, Rescued, Revoked};
        matches!(
            self,
            Opened { .. }
                | Replanned { .. }
                | PlanChanged { .. }
                | Announced { .. }
                | Aborted { .. }
                | Closed {}
                | Enrolled { .. }
                | Revoked { .. }
                | Rescued { .. }
        )
    }
}
