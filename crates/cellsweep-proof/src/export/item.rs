//! `item.json`: one item's history, to check without the rest of the log.
//!
//! Canonical JSON and a newline. Each entry comes with its proof against one checkpoint; where the log changed its
//! key, each change comes with its hand-over checkpoint, so that whoever trusts the first key can follow. Version 2 may
//! carry the keys of single boxes, so that whoever gets the bundle can read what was sealed in those entries.

use serde::{Deserialize, Serialize};

use super::hand_over::handed_on;
use super::json::{JsonFileError, from_text, to_text};
use super::{Finding, Problem, Trust, finding};
use crate::check::{check_consistency, check_inclusion};
use crate::checkpoint::Checkpoint;
use crate::entry::Entry;
use crate::hash::Hash;
use crate::key::Verifier;
use crate::rotation::KeyChain;
use crate::seal::{BoxKey, DataKey};
use crate::words::Ref;

use super::marks::{self, Mark, WitnessedAt};

mod boxes;

pub use boxes::{BoxSeen, BoxState, DiscloseError, Plain};

/// Larger bundles are not read.
const MOST_BYTES: usize = 64 << 20;
const VERSION: u64 = 1;
/// The version that carries boxes' keys.
const DISCLOSING: u64 = 2;

/// An item's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The format's version: 1, or 2 where a box's key is given out.
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
    /// The key of its box, where what is in there is disclosed ([`Item::disclose`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub box_key: Option<BoxKey>,
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
    /// The boxes of those entries: sealed, or opened with the key that the bundle carries.
    pub boxes: Vec<BoxSeen>,
    /// Changes of the signing key that were followed.
    pub rotations: u64,
    /// Witnesses' co-signatures that hold, over the bundle's checkpoint and its hand-over checkpoints.
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
        item.version().map(|()| item)
    }

    /// The bundle as text, with its newline.
    ///
    /// # Errors
    /// Where a box's key is in a bundle of version 1.
    pub fn to_text(&self) -> Result<String, JsonFileError> {
        self.version()?;
        to_text(self)
    }

    fn version(&self) -> Result<(), JsonFileError> {
        let discloses = self.entries.iter().any(|entry| entry.box_key.is_some());
        match self.v {
            VERSION if discloses => Err(JsonFileError::Members("version 1 has no `box_key`".to_owned())),
            VERSION | DISCLOSING => Ok(()),
            other => Err(JsonFileError::Version(other)),
        }
    }

    /// Checks it. `file` is what findings call it.
    pub fn check(&self, file: &str, trust: &Trust) -> ItemReport {
        self.checked(file, trust).0
    }

    /// The report, and the checkpoints that hold with the keys that opened them.
    pub(super) fn checked(&self, file: &str, trust: &Trust) -> (ItemReport, Option<Vouched>) {
        let mut check = Check { file, findings: Vec::new() };
        let mut report = ItemReport {
            origin: String::new(),
            vkey: self.vkey.clone(),
            vkey_given: trust.vkey.is_some(),
            item: self.item.clone(),
            size: 0,
            entries: Vec::new(),
            boxes: Vec::new(),
            rotations: 0,
            witnessed: Vec::new(),
            findings: Vec::new(),
        };
        let vouched = match self.vkey.parse::<Verifier>() {
            Ok(key) => {
                report.origin = key.name().to_string();
                check.bundle(self, key, trust, &mut report)
            }
            Err(error) => {
                check.find(Problem::Form { why: format!("`vkey`: {error}") });
                None
            }
        };
        report.findings = check.findings;
        (report, vouched)
    }
}

/// What a bundle's signatures vouch for.
pub(super) struct Vouched {
    pub keys: KeyChain,
    /// Hand-over checkpoints and the bundle's own, by size.
    pub marks: Vec<Mark>,
}

struct Check<'a> {
    file: &'a str,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn find(&mut self, problem: Problem) {
        self.findings.push(finding(self.file, None, problem));
    }

    fn bundle(&mut self, item: &Item, first: Verifier, trust: &Trust, report: &mut ItemReport) -> Option<Vouched> {
        let latest = self.mark(&item.checkpoint)?;
        let mut vouched = Vouched { keys: KeyChain::new(first), marks: Vec::new() };
        for change in &item.rotations {
            self.rotation(change, &latest.checkpoint, &mut vouched)?;
            report.rotations += 1;
        }
        // The key that was given may be any that was in force: each vouches for all before it.
        if trust.vkey.as_ref().is_some_and(|given| !vouched.keys.contains(given)) {
            self.find(Problem::OtherKey);
        }
        if let Err(error) = Checkpoint::open(&latest.note, vouched.keys.last()) {
            self.find(Problem::Checkpoint { why: error.to_string() });
            return None;
        }
        report.size = latest.checkpoint.size;
        self.entries(item, &latest.checkpoint, report);
        vouched.marks.push(latest);
        // A witness may have seen any checkpoint of the chain: each vouches for all before it.
        let seen: Vec<&Mark> = vouched.marks.iter().collect();
        report.witnessed = marks::witnesses(self.file, &seen, trust, &mut self.findings);
        Some(vouched)
    }

    fn mark(&mut self, text: &str) -> Option<Mark> {
        Mark::read(self.file, text.as_bytes()).map_err(|problem| self.find(problem)).ok()
    }

    /// Follows a change of keys, by the rule of [`crate::rotation`].
    fn rotation(&mut self, change: &ItemRotation, latest: &Checkpoint, vouched: &mut Vouched) -> Option<()> {
        let mark = self.mark(&change.checkpoint)?;
        let key = vouched.keys.last();
        let follow = || -> Result<Verifier, String> {
            let handed = Checkpoint::open(&mark.note, key).map_err(|error| error.to_string())?;
            let new = handed_on(&change.entry, &change.proof, (&mark.note, &handed), key)?;
            check_consistency(&change.consistency, latest.size, &latest.root, handed.size, &handed.root)
                .map_err(|error| error.to_string())?;
            Ok(new)
        };
        let new = follow().map_err(|why| self.find(Problem::Rotation { why })).ok()?;
        vouched.keys.hand_on(mark.checkpoint.size, new);
        vouched.marks.push(mark);
        Some(())
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
            self.look_into(&entry, part.box_key.as_ref(), report);
        }
    }
}
