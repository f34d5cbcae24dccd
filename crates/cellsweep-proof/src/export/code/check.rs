//! A code held against an item's bundle and signed checkpoints.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Code, history};
use crate::entry::Entry;
use crate::export::item::Vouched;
use crate::export::marks::Mark;
use crate::export::{Finding, Item, ItemReport, Problem, Trust, finding};
use crate::hash::Hash;
use crate::key::Verifier;

/// What findings call the code.
const CODE: &str = "code";

/// What was checked of a code, and what doesn't hold of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeReport {
    /// The entries that it names.
    pub entries: Vec<u64>,
    /// Entries in the tree that it is of.
    pub size: u64,
    /// Whether its root was held against a signed one.
    pub root: RootSeen,
    /// Entries of the bundle that lie within the code's tree and that it doesn't name.
    pub not_named: Vec<u64>,
    /// The bundle's own report.
    pub item: ItemReport,
    /// What doesn't hold, of the bundle and of the code.
    pub findings: Vec<Finding>,
}

/// What a code's root was held against.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "root", rename_all = "snake_case")]
pub enum RootSeen {
    /// A signed checkpoint over as many entries.
    Compared {
        /// The file that it stands in.
        file: String,
    },
    /// There was none over as many.
    NotCompared,
}

impl Code {
    /// Holds the code against a bundle, and its root against a signed checkpoint over as many entries: the bundle's, or one
    /// of `checkpoints`, by file. `file` is what findings call the bundle.
    pub fn check(&self, item: &Item, file: &str, checkpoints: &BTreeMap<String, Vec<u8>>, trust: &Trust) -> CodeReport {
        let (item_report, vouched) = item.checked(file, trust);
        let mut findings = item_report.findings.clone();
        let mut find = |problem| findings.push(finding(CODE, None, problem));
        if let Ok(key) = item.vkey.parse::<Verifier>()
            && key.hash() != self.key
        {
            find(Problem::CodeKey { named: self.key.to_string(), found: key.hash().to_string() });
        }
        let proved = proved(item, &item_report);
        let missing: Vec<u64> = self.entries.iter().filter(|n| !proved.contains_key(*n)).copied().collect();
        missing.iter().for_each(|n| find(Problem::CodeEntry { n: *n }));
        let named = self.entries.iter().filter_map(|n| proved.get(n).copied());
        if missing.is_empty() && history(named) != self.history {
            find(Problem::CodeHistory);
        }
        let root = match vouched.as_ref().and_then(|vouched| self.signed(vouched, checkpoints)) {
            None => RootSeen::NotCompared,
            Some((file, root)) => {
                if root != self.root {
                    find(Problem::CodeRoot { size: self.size });
                }
                RootSeen::Compared { file }
            }
        };
        let not_named = proved.keys().filter(|n| **n < self.size && !self.entries.contains(n)).copied().collect();
        CodeReport { entries: self.entries.clone(), size: self.size, root, not_named, item: item_report, findings }
    }

    /// A signed root over as many entries, and the file that it stands in.
    fn signed(&self, vouched: &Vouched, checkpoints: &BTreeMap<String, Vec<u8>>) -> Option<(String, Hash)> {
        let others = checkpoints.iter().filter_map(|(file, bytes)| Mark::read(file, bytes).ok());
        let others: Vec<Mark> = others.filter(|mark| mark.open(&vouched.keys).is_ok()).collect();
        let mark = vouched.marks.iter().chain(&others).find(|mark| mark.checkpoint.size == self.size)?;
        Some((mark.file.clone(), mark.checkpoint.root))
    }
}

/// The leaf hashes of the bundle's entries whose proofs hold, by index.
fn proved(item: &Item, report: &ItemReport) -> BTreeMap<u64, Hash> {
    let mut proved = BTreeMap::new();
    for part in &item.entries {
        if let Ok(entry) = Entry::parse(part.entry.as_bytes())
            && report.entries.contains(&entry.n)
        {
            proved.insert(entry.n, Hash::leaf(part.entry.as_bytes()));
        }
    }
    proved
}
