//! A line of the day's journal: an entry, or what happened around entries.

use std::fmt;

use cellsweep_sweep::day::{Post, Replaces, Whereabouts};
use cellsweep_sweep::sync::Record;
use cellsweep_sweep::{DeviceKey, Digest, Party, ServiceNumber};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;

/// What a line says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Line {
    /// An entry, as it came.
    Entry { record: Record },
    /// Somebody may enrol a device with a code, which is known by its digest.
    Invited { by: Party, code: Digest, post: Post, officer: ServiceNumber, replaces: Replaces, until: Timestamp },
    /// A device has used it, and asks with a token, which is known by its digest.
    Admitted { code: Digest, device: DeviceKey, token: Digest },
    /// A call for help that came on the short way.
    Distress { at: Timestamp, device: DeviceKey, place: Whereabouts },
    /// A message that can't be read, kept for people to look at.
    Unreadable { at: Timestamp, device: DeviceKey, text: String },
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entry { .. } => "Entry(…)",
            Self::Invited { .. } => "Invited(…)",
            Self::Admitted { .. } => "Admitted(…)",
            Self::Distress { .. } => "Distress(…)",
            Self::Unreadable { .. } => "Unreadable(…)",
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct V1<L> {
    v: u32,
    line: L,
}

#[derive(Deserialize)]
struct Head {
    v: u32,
}

/// A line's text; none where it can't be written, which doesn't happen: all of it is text and whole numbers.
pub(crate) fn write(line: &Line) -> Option<String> {
    serde_json::to_string(&V1 { v: VERSION, line }).ok()
}

/// A line from its text; none where it is none, or a newer program's.
pub(crate) fn read(text: &str) -> Option<Line> {
    let Head { v } = serde_json::from_str(text).ok()?;
    if v != VERSION {
        return None;
    }
    serde_json::from_str::<V1<Line>>(text).ok().map(|line| line.line)
}
