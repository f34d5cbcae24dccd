//! One file that leaves: a ZIP with a manifest that `sha256sum -c` checks and a signed note over the manifest.
//!
//! ```text
//! package.json     who sends what to whom, why, under which order, until when
//! snapshot.json    the case (or method.json: the method)
//! …                the same in other projects' forms, papers, checkpoint and proofs as they were given
//! manifest.sha256  SHA-256 of each of them
//! package.note     SHA-256 of the manifest, signed (C2SP signed-note, Ed25519)
//! ```
//!
//! Unpacked and packed again by another tool it is still the same package: what is signed are its members.

use std::collections::BTreeMap;

use cellsweep_proof::{Hash, Signer};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::method::{Method, Personal};
use crate::snapshot::{AuthorityName, CaseKind, CaseSnapshot, Code, DisclosureName, SnapshotError, Version, Words};
use crate::zip::{Limits, MemberName, PackError, pack};

mod open;
mod seal;
mod xml;

pub(crate) use open::signed_by;
pub use open::{OpenError, Trusted, open};
pub use seal::manifest_of;

/// The version that is written.
pub const VERSION: u32 = 1;

const HEAD: &str = "package.json";
const SNAPSHOT: &str = "snapshot.json";
const METHOD: &str = "method.json";
const MANIFEST: &str = "manifest.sha256";
const NOTE: &str = "package.note";

/// What a package says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Always 1.
    pub version: Version<VERSION>,
    /// What is in it.
    pub kind: Kind,
    /// Its number among the case's disclosures.
    pub disclosure: DisclosureName,
    /// Real data or made up.
    pub data: CaseKind,
    /// When it was made.
    pub made: Timestamp,
    /// From when on nobody shall take it in.
    pub expires: Timestamp,
    /// To whom it goes.
    pub recipient: Words,
    /// What for.
    pub purpose: Words,
    /// By which profile it was cut.
    pub profile: Code,
    /// Under which order it leaves; none in an exercise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<AuthorityName>,
    /// Who decided that it leaves: somebody always did.
    pub approved_by: Vec<Words>,
}

/// What is in a package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A case.
    Case,
    /// A method, without anybody's data.
    Method,
}

/// A package's own content.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A case.
    Case(Box<CaseSnapshot>),
    /// A method.
    Method(Box<Method>),
}

impl Content {
    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Case(_) => Kind::Case,
            Self::Method(_) => Kind::Method,
        }
    }

    fn to_json(&self) -> Result<Vec<u8>, SnapshotError> {
        match self {
            Self::Case(snapshot) => snapshot.to_json(),
            Self::Method(method) => method.to_json(),
        }
    }
}

impl Kind {
    fn member(self) -> &'static str {
        match self {
            Self::Case => SNAPSHOT,
            Self::Method => METHOD,
        }
    }
}

/// All that a package holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Package {
    /// What it says of itself.
    pub head: Head,
    /// The case, or the method.
    pub content: Content,
    /// Everything else, as bytes that are carried and not looked into: other forms, papers, checkpoint, proofs.
    pub files: BTreeMap<MemberName, Vec<u8>>,
}

/// Why a package can't be written.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// Nobody answers for it.
    #[error("nobody has approved the package: nothing leaves without a name")]
    NotApproved,
    /// Real data that leave under nobody's order.
    #[error("a package of real data leaves under an authority")]
    NoAuthority,
    /// The head names another kind than the content is.
    #[error("the package says that it holds one kind of content and holds another")]
    Kind,
    /// The snapshot is an exercise's and the head says otherwise, or the other way round.
    #[error("real and made-up data are told apart differently by the package and by what is in it")]
    Data,
    /// It would have lapsed before it is made.
    #[error("the package would lapse before it is made")]
    Expiry,
    /// A file bears a name that the package itself needs.
    #[error("{name} is one of the package's own members")]
    OwnName {
        /// Which.
        name: MemberName,
    },
    /// An XML file that wouldn't be taken in again.
    #[error("{name} is XML with a document type, or not UTF-8")]
    Xml {
        /// Which.
        name: MemberName,
    },
    /// A method with somebody's data in it.
    #[error(transparent)]
    Personal(#[from] Personal),
    /// Too large.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// It doesn't become JSON.
    #[error("the package doesn't become JSON: {0}")]
    Json(String),
}

impl Package {
    /// The package's bytes, signed: the same for the same package, key and program.
    ///
    /// # Errors
    /// Where nobody approved it, what it says of itself doesn't hold, or it is larger than what would be read.
    pub fn seal(&self, signer: &Signer, limits: &Limits) -> Result<Vec<u8>, SealError> {
        Ok(pack(&seal::members(self, signer)?, limits)?)
    }

    /// SHA-256 of the package's manifest: what its signature is over, and what it is known by wherever it is packed.
    ///
    /// # Errors
    /// As [`Package::seal`].
    pub fn digest(&self) -> Result<Hash, SealError> {
        seal::unsigned(self).map(|(_, manifest)| Hash::of(&manifest))
    }
}
