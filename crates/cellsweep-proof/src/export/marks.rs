//! Checkpoints among the files: read once, opened when the entries reach their size.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{CHECKPOINT, CHECKPOINTS, Finding, Problem, STAMPS, Trust, finding};
use crate::checkpoint::Checkpoint;
use crate::note::{Note, SignatureError};
use crate::rotation::KeyChain;
use crate::stamp::Stamp;
use crate::text;
use crate::witness::witnessed;

/// A checkpoint's file.
pub(super) struct Mark {
    pub file: String,
    pub bytes: Vec<u8>,
    pub note: Note,
    pub checkpoint: Checkpoint,
}

impl Mark {
    /// A checkpoint's bytes, read; no signature is looked at.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Self, Problem> {
        let read = || -> Result<Self, String> {
            let note = Note::parse(bytes).map_err(|error| error.to_string())?;
            let checkpoint = note.text().parse().map_err(|error| format!("{error}"))?;
            Ok(Self { file: file.to_owned(), bytes: bytes.to_vec(), note, checkpoint })
        };
        read().map_err(|why| Problem::Checkpoint { why })
    }

    /// What doesn't hold of it.
    pub fn finding(&self, problem: Problem) -> Finding {
        finding(&self.file, None, problem)
    }

    /// Whether the key that was in force signed it, and the new one as well where it is known as a hand-over.
    pub fn open(&self, keys: &KeyChain) -> Result<(), Finding> {
        let size = self.checkpoint.size;
        let opened = Checkpoint::open(&self.note, keys.in_force(size)).map(drop);
        let opened = opened.and_then(|()| match keys.handed_to(size) {
            Some(next) => Ok(self.note.verify(next)?),
            None => Ok(()),
        });
        opened.map_err(|error| self.finding(Problem::Checkpoint { why: error.to_string() }))
    }
}

/// A witness's co-signature that fits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WitnessedAt {
    /// Over how many entries.
    pub size: u64,
    /// By whom.
    pub by: String,
    /// When, as the witness says.
    pub at: Timestamp,
}

/// A time stamp over a checkpoint's file, its authority's signature unchecked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Stamped {
    /// Over how many entries.
    pub size: u64,
    /// When, as the authority says.
    pub at: Timestamp,
    /// The checkpoint's file, for `openssl ts -verify -data`.
    pub file: String,
    /// The stamp's file, for `openssl ts -verify -in`.
    pub stamp: String,
}

/// All checkpoints, by size; the latest is among them.
pub(super) fn read(
    latest: Option<&[u8]>,
    earlier: &BTreeMap<String, Vec<u8>>,
    findings: &mut Vec<Finding>,
) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (name, bytes) in earlier {
        let file = format!("{CHECKPOINTS}/{name}");
        let Some(mark) = mark(&file, bytes, findings) else { continue };
        match text::number(name) {
            Some(expected) if expected == mark.checkpoint.size => marks.push(mark),
            Some(expected) => {
                findings.push(finding(&file, None, Problem::Size { expected, found: mark.checkpoint.size }));
            }
            None => findings.push(finding(&file, None, form("its name is not a number of entries"))),
        }
    }
    match latest {
        Some(bytes) => marks.extend(mark(CHECKPOINT, bytes, findings)),
        None => findings.push(finding(CHECKPOINT, None, Problem::Missing)),
    }
    marks.sort_by_key(|mark| mark.checkpoint.size);
    marks
}

fn form(why: &str) -> Problem {
    Problem::Form { why: why.to_owned() }
}

fn mark(file: &str, bytes: &[u8], findings: &mut Vec<Finding>) -> Option<Mark> {
    Mark::read(file, bytes).map_err(|problem| findings.push(finding(file, None, problem))).ok()
}

/// What the witnesses signed. Whoever is given as a witness must have signed one checkpoint at least, under whichever of
/// the log's keys; that none is there is said of `file`.
pub(super) fn witnesses(file: &str, marks: &[&Mark], trust: &Trust, findings: &mut Vec<Finding>) -> Vec<WitnessedAt> {
    let mut seen = Vec::new();
    for witness in &trust.witnesses {
        let before = seen.len();
        for mark in marks {
            match witnessed(&mark.note, witness) {
                Ok(by) => {
                    seen.push(WitnessedAt { size: mark.checkpoint.size, by: by.by.to_string(), at: by.at });
                }
                Err(SignatureError::Missing { .. }) => {}
                Err(error) => {
                    findings.push(finding(&mark.file, None, Problem::Witness { why: error.to_string() }));
                }
            }
        }
        if seen.len() == before {
            let name = witness.name().to_string();
            findings.push(finding(file, None, Problem::NotWitnessed { name }));
        }
    }
    seen
}

/// The time stamps over checkpoints' files.
pub(super) fn stamps(marks: &[&Mark], stamps: &BTreeMap<String, Vec<u8>>, findings: &mut Vec<Finding>) -> Vec<Stamped> {
    let mut good = Vec::new();
    for (name, response) in stamps {
        let file = format!("{STAMPS}/{name}");
        match stamp(&file, name, response, marks) {
            Ok(stamped) => good.push(stamped),
            Err(problem) => findings.push(finding(&file, None, problem)),
        }
    }
    good.sort_by_key(|stamped| stamped.size);
    good
}

fn stamp(file: &str, name: &str, response: &[u8], marks: &[&Mark]) -> Result<Stamped, Problem> {
    let size = name.strip_suffix(".tsr").and_then(text::number).ok_or_else(|| form("its name is not SIZE.tsr"))?;
    let why = |error: crate::stamp::StampError| Problem::Stamp { why: error.to_string() };
    let stamp = Stamp::read(response).map_err(why)?;
    let mut of_size = marks.iter().filter(|mark| mark.checkpoint.size == size).peekable();
    let Some(first) = of_size.peek().copied() else {
        return Err(Problem::Stamp { why: format!("there is no good checkpoint over {size} entries") });
    };
    let mark = of_size.find(|mark| stamp.check(&mark.bytes).is_ok()).unwrap_or(first);
    stamp.check(&mark.bytes).map_err(why)?;
    Ok(Stamped { size, at: stamp.at, file: mark.file.clone(), stamp: file.to_owned() })
}
