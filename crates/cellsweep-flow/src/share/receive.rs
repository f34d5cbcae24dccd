//! What comes in from others: checked whole before anything is done with it.

use std::collections::BTreeMap;
use std::path::Path;

use cellsweep_proof::Hash;
use cellsweep_share::method::{Effect, Method};
use cellsweep_share::package::{Content, Head, Trusted};
use cellsweep_share::recall::{Recall, is_recall};
use cellsweep_share::snapshot::CaseSnapshot;
use cellsweep_share::trust::Keyring;
use cellsweep_share::zip::Limits;
use cellsweep_share::{Package, open};
use jiff::Timestamp;
use serde::Serialize;

use super::ShareError;
use crate::FlowError;

/// What came in, all of it checked.
#[derive(Debug, Clone, Serialize)]
pub struct Arrived {
    /// Whose key signed it.
    pub signer: String,
    /// SHA-256 of its manifest, or of the notice.
    pub digest: Hash,
    /// What it is.
    #[serde(flatten)]
    pub what: Arriving,
}

/// What came in.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Arriving {
    /// A method, and what taking it in would do.
    Method {
        /// What it says of itself.
        head: Box<Head>,
        /// Under which terms.
        terms: String,
        /// Whose it is.
        agency: String,
        /// Everything that would change, and nothing else does.
        effects: Vec<Effect>,
        /// The method.
        #[serde(skip)]
        method: Box<Method>,
    },
    /// A case.
    Case {
        /// What it says of itself.
        head: Box<Head>,
        /// Rows by table.
        rows: BTreeMap<&'static str, usize>,
        /// Files beside it, by name.
        files: Vec<String>,
        /// The case.
        #[serde(skip)]
        snapshot: Box<CaseSnapshot>,
    },
    /// A notice that something is to be used no longer.
    Recall {
        /// Which disclosure of the sender's.
        #[serde(flatten)]
        recall: Box<Recall>,
    },
}

/// Reads a file of known keys.
///
/// # Errors
/// When it can't be read, or isn't one.
pub fn read_keys(path: &Path) -> Result<Vec<Trusted>, FlowError> {
    let text = std::fs::read_to_string(path).map_err(FlowError::io("read", path))?;
    let bad = |source| ShareError::Keys { path: path.to_owned(), source };
    Ok(Keyring::parse(&text).map_err(bad)?.trusted())
}

/// Opens what came in: a package or a notice. Nothing is done with it.
///
/// # Errors
/// When it can't be read, or is refused; the first reason is told.
pub fn receive(path: &Path, keys: &[Trusted], now: Timestamp) -> Result<Arrived, FlowError> {
    let limits = Limits::default();
    let size = std::fs::metadata(path).map_err(FlowError::io("read", path))?.len();
    if size > limits.total_bytes {
        let why = format!("it has {size} bytes, more than any package ({})", limits.total_bytes);
        return Err(ShareError::File { path: path.to_owned(), why }.into());
    }
    let bytes = std::fs::read(path).map_err(FlowError::io("read", path))?;
    if is_recall(&bytes) {
        let bad = |source| ShareError::Notice { path: path.to_owned(), source: Box::new(source) };
        let (recall, signer) = Recall::read(&bytes, keys, now).map_err(bad)?;
        let what = Arriving::Recall { recall: Box::new(recall) };
        return Ok(Arrived { signer: signer.as_str().to_owned(), digest: Hash::of(&bytes), what });
    }
    let bad = |source| ShareError::Refused { path: path.to_owned(), source: Box::new(source) };
    let (package, signer) = open(&bytes, keys, now, &limits).map_err(bad)?;
    let digest = package.digest().map_err(|error| ShareError::Internal(error.to_string()))?;
    Ok(Arrived { signer: signer.as_str().to_owned(), digest, what: what(package) })
}

fn what(package: Package) -> Arriving {
    let head = Box::new(package.head);
    match package.content {
        Content::Method(method) => Arriving::Method {
            head,
            terms: method.terms.to_string(),
            agency: method.agency.to_string(),
            effects: method.effects(),
            method,
        },
        Content::Case(snapshot) => {
            let files = package.files.keys().map(ToString::to_string).collect();
            Arriving::Case { head, rows: super::case::rows(&snapshot), files, snapshot }
        }
    }
}
