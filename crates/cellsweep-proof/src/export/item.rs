//! `item.json`: one item's history, to check without the rest of the log.
//!
//! Canonical JSON and a newline. Each entry comes with its proof against one checkpoint; where the log changed its
//! key, each change comes with its hand-over checkpoint, so that whoever trusts the first key can follow.

use serde::{Deserialize, Serialize};

use super::hand_over::handed_on;
use super::json::{JsonFileError, from_text, to_text};
use super::{Finding, Problem, Trust, finding};
use crate::check::{check_consistency, check_inclusion};
use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::key::Verifier;
use crate::note::Note;
use crate::witness::witnessed;
use crate::words::Ref;

use super::marks::WitnessedAt;

/// Larger bundles are not read.
const MOST_BYTES: usize = 64 << 20;
const VERSION: u64 = 1;

/// An item's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The format's version, 1.
    pub v: u64,
    /// Whose history it is: each entry names it in its `refs`.
    pub item: String,
    /// The log's first verifier's key.
    pub vkey: String,
    /// A checkpoint's note, which all proofs lead to.
    pub checkpoint: String,
    /// The entries, in the log's order.
    pub entries: Vec<ItemEntry>,
    /// Changes of the signing key up to that checkpoint, in the log's order.
    pub rotations: Vec<ItemRotation>,
}

/// An entry and its proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemEntry {
    /// The entry's exact text.
    pub entry: String,
    /// The proof of its inclusion.
    pub proof: Vec<Hash>,
}

/// A change of the signing key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemRotation {
    /// The exact text of the entry that names the new key.
    pub entry: String,
    /// The proof of its inclusion in the hand-over checkpoint.
    pub proof: Vec<Hash>,
    /// The hand-over checkpoint's note, signed by both keys.
    pub checkpoint: String,
    /// The proof that the bundle's checkpoint continues it.
    pub consistency: Vec<Hash>,
}

/// What was checked of a bundle, and what doesn't hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ItemReport {
    /// The log's name.
    pub origin: String,
    /// The key that everything hangs on.
    pub vkey: String,
    /// Whether that key came from elsewhere than the bundle.
    pub vkey_given: bool,
    /// Whose history it is.
    pub item: String,
    /// Entries in the log, as the checkpoint says.
    pub size: u64,
    /// Indices of the entries whose proofs hold.
    pub entries: Vec<u64>,
    /// Changes of the signing key that were followed.
    pub rotations: u64,
    /// Witnesses' co-signatures that hold.
    pub witnessed: Vec<WitnessedAt>,
    /// What doesn't hold.
    pub findings: Vec<Finding>,
}

impl ItemReport {
    /// Whether nothing was found.
    pub fn holds(&self) -> bool {
        self.findings.is_empty()
    }
}

impl Item {
    /// Reads a bundle.
    ///
    /// # Errors
    /// Where the bytes are not one.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonFileError> {
        let item: Self = from_text(bytes, MOST_BYTES)?;
        if item.v == VERSION { Ok(item) } else { Err(JsonFileError::Version(item.v)) }
    }

    /// The bundle as text, with its newline.
    ///
    /// # Errors
    /// Never in practice: it is made of texts and small numbers.
    pub fn to_text(&self) -> Result<String, JsonFileError> {
        to_text(self)
    }

    /// Checks it. `file` is what findings call it.
    pub fn check(&self, file: &str, trust: &Trust) -> ItemReport {
        let mut check = Check { file, findings: Vec::new() };
        let mut report = ItemReport {
            origin: String::new(),
            vkey: self.vkey.clone(),
            vkey_given: trust.vkey.is_some(),
            item: self.item.clone(),
            size: 0,
            entries: Vec::new(),
            rotations: 0,
            witnessed: Vec::new(),
            findings: Vec::new(),
        };
        match self.vkey.parse::<Verifier>() {
            Ok(key) => {
                report.origin = key.name().to_string();
                check.bundle(self, key, trust, &mut report);
            }
            Err(error) => check.find(Problem::Form { why: format!("`vkey`: {error}") }),
        }
        report.findings = check.findings;
        report
    }
}

struct Check<'a> {
    file: &'a str,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn find(&mut self, problem: Problem) {
        self.findings.push(finding(self.file, None, problem));
    }

    fn bundle(&mut self, item: &Item, first: Verifier, trust: &Trust, report: &mut ItemReport) {
        let Some(note) = self.note(&item.checkpoint) else { return };
        let Some(latest) = self.checkpoint(&note) else { return };
        let mut given = trust.vkey.as_ref().is_none_or(|given| *given == first);
        let mut key = first;
        for change in &item.rotations {
            let Some(next) = self.rotation(change, &key, &latest) else { return };
            given |= trust.vkey.as_ref() == Some(&next);
            key = next;
            report.rotations += 1;
        }
        // The key that was given may be any that was in force: each vouches for all before it.
        if !given {
            self.find(Problem::OtherKey);
        }
        if let Err(error) = Checkpoint::open(&note, &key) {
            return self.find(Problem::Checkpoint { why: error.to_string() });
        }
        report.size = latest.size;
        self.witnesses(&note, latest.size, trust, report);
        self.entries(item, &latest, report);
    }

    fn note(&mut self, text: &str) -> Option<Note> {
        let why = |error: crate::note::NoteError| Problem::Checkpoint { why: error.to_string() };
        Note::parse(text.as_bytes()).map_err(|error| self.find(why(error))).ok()
    }

    fn checkpoint(&mut self, note: &Note) -> Option<Checkpoint> {
        let why = |error: crate::checkpoint::CheckpointError| Problem::Checkpoint { why: error.to_string() };
        note.text().parse().map_err(|error| self.find(why(error))).ok()
    }

    /// The key that a change hands on to, by the rule of [`crate::rotation`].
    fn rotation(&mut self, change: &ItemRotation, key: &Verifier, latest: &Checkpoint) -> Option<Verifier> {
        let note = self.note(&change.checkpoint)?;
        let follow = || -> Result<Verifier, String> {
            let handed = Checkpoint::open(&note, key).map_err(|error| error.to_string())?;
            let new = handed_on(&change.entry, &change.proof, (&note, &handed), key)?;
            check_consistency(&change.consistency, latest.size, &latest.root, handed.size, &handed.root)
                .map_err(|error| error.to_string())?;
            Ok(new)
        };
        follow().map_err(|why| self.find(Problem::Rotation { why })).ok()
    }

    fn witnesses(&mut self, note: &Note, size: u64, trust: &Trust, report: &mut ItemReport) {
        for witness in &trust.witnesses {
            match witnessed(note, witness) {
                Ok(by) => report.witnessed.push(WitnessedAt { size, by: by.by.to_string(), at: by.at }),
                Err(error) => self.find(Problem::Witness { why: error.to_string() }),
            }
        }
    }

    fn entries(&mut self, item: &Item, latest: &Checkpoint, report: &mut ItemReport) {
        let Ok(about) = item.item.parse::<Ref>() else {
            return self.find(Problem::Form { why: "`item` is not a reference".to_owned() });
        };
        if item.entries.is_empty() {
            self.find(Problem::Form { why: "it has no entries".to_owned() });
        }
        for part in &item.entries {
            let entry = match Entry::parse(part.entry.as_bytes()) {
                Ok(entry) => entry,
                Err(error) => {
                    self.find(Problem::Form { why: format!("an entry: {error}") });
                    continue;
                }
            };
            let (n, leaf) = (entry.n, Hash::leaf(part.entry.as_bytes()));
            if let Err(error) = check_inclusion(&part.proof, latest.size, &latest.root, n, &leaf) {
                self.find(Problem::NotIncluded { n, why: error.to_string() });
                continue;
            }
            if !entry.refs.contains(&about) || report.entries.last().is_some_and(|last| n <= *last) {
                self.find(Problem::OffItem { n });
            }
            report.entries.push(n);
        }
    }
}
