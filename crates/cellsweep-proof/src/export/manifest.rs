//! `manifest.sha256`: a folder's files and their digests, as `sha256sum` writes them and `sha256sum -c` checks them.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{Finding, Problem, finding};
use crate::hash::Hash;

/// Why a text is not a manifest.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// Not a digest, two spaces and a path.
    #[error("line {0} is not a SHA-256 in hexadecimal, two spaces and a path")]
    Line(usize),
    /// A path that leads out of the folder, or is written in another way than it must be.
    #[error("line {0}: a path is relative, with `/` between its parts, without `.`, `..`, `\\` or control characters")]
    Path(usize),
    /// A path that comes twice.
    #[error("line {0}: the path comes twice")]
    Twice(usize),
    /// The last line has no newline.
    #[error("the last line has no newline: something was cut off")]
    CutOff,
}

/// Paths, relative and with `/`, and SHA-256 of the files there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Manifest(BTreeMap<String, Hash>);

impl Manifest {
    /// One of these files. A path that no manifest can name is given back.
    ///
    /// # Errors
    /// The first such path.
    pub fn new(files: BTreeMap<String, Hash>) -> Result<Self, String> {
        match files.keys().find(|path| !is_good(path)) {
            Some(path) => Err(path.clone()),
            None => Ok(Self(files)),
        }
    }

    /// The files that it names.
    pub fn files(&self) -> &BTreeMap<String, Hash> {
        &self.0
    }

    /// Holds it against the files that are there: altered, missing and extra ones, by path.
    pub fn check(&self, there: &BTreeMap<String, Hash>) -> Vec<Finding> {
        let named = self.0.iter().filter_map(|(path, hash)| match there.get(path) {
            None => Some(finding(path, None, Problem::Missing)),
            Some(found) if found != hash => Some(finding(path, None, Problem::Digest)),
            Some(_) => None,
        });
        let extra = there.keys().filter(|path| !self.0.contains_key(*path));
        let mut findings: Vec<Finding> = named.chain(extra.map(|path| finding(path, None, Problem::Extra))).collect();
        findings.sort_by(|a, b| a.file.cmp(&b.file));
        findings
    }
}

fn is_good(path: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part != "." && part != "..";
    path.split('/').all(part) && !path.contains(|c: char| c == '\\' || c.is_control())
}

impl FromStr for Manifest {
    type Err = ManifestError;
    fn from_str(text: &str) -> Result<Self, ManifestError> {
        let mut files = BTreeMap::new();
        if text.is_empty() {
            return Ok(Self(files));
        }
        let lines = text.strip_suffix('\n').ok_or(ManifestError::CutOff)?;
        for (number, line) in (1..).zip(lines.split('\n')) {
            let (digest, path) = line.split_once("  ").ok_or(ManifestError::Line(number))?;
            let hash = digest.parse().map_err(|_hash| ManifestError::Line(number))?;
            if !is_good(path) {
                return Err(ManifestError::Path(number));
            }
            if files.insert(path.to_owned(), hash).is_some() {
                return Err(ManifestError::Twice(number));
            }
        }
        Ok(Self(files))
    }
}

impl fmt::Display for Manifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(path, hash)| writeln!(f, "{hash}  {path}"))
    }
}
