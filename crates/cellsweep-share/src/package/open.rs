//! A package's bytes to a package: whole, or one refusal.

use std::collections::BTreeMap;

use cellsweep_proof::export::{Manifest, ManifestError};
use cellsweep_proof::{KeyName, Note, NoteError, SignatureError, Verifier};
use jiff::Timestamp;

use super::{Content, HEAD, Head, Kind, MANIFEST, NOTE, Package, VERSION, seal, xml};
use crate::method::Method;
use crate::snapshot::{CaseSnapshot, SnapshotError, version_of};
use crate::zip::{Limits, MemberName, Refused, unpack};

/// How a note's first line begins; the version follows.
pub(super) const FORM: &str = "cellsweep package ";

/// A sender's key, and until when packages under it are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The key.
    pub key: Verifier,
    /// The last instant at which it counts.
    pub until: Timestamp,
}

/// Why a package is not taken in. Nothing of it is.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The archive is refused.
    #[error(transparent)]
    Archive(#[from] Refused),
    /// A part that every package of its kind has isn't there.
    #[error("the package has no {name}")]
    NoPart {
        /// Which.
        name: &'static str,
    },
    /// A file that the manifest names isn't there.
    #[error("{name} is missing")]
    Missing {
        /// Which.
        name: String,
    },
    /// A file that the manifest doesn't name.
    #[error("{name} is in no manifest: somebody added it")]
    Extra {
        /// Which.
        name: String,
    },
    /// A file has other bytes than the sender signed.
    #[error("{name} was changed after it was signed")]
    Changed {
        /// Which.
        name: String,
    },
    /// The note can't be read.
    #[error("the package's signature can't be read: {0}")]
    Note(#[from] NoteError),
    /// The note is something else's.
    #[error("the signed note is not a package's")]
    OtherNote,
    /// None of the known keys signed it.
    #[error("the package is signed by nobody known here, but by {}", names(.signers))]
    Foreign {
        /// Who signed it, by their own account.
        signers: Vec<KeyName>,
    },
    /// A known key's signature that doesn't fit.
    #[error(transparent)]
    Signature(SignatureError),
    /// A known key, too late.
    #[error("the key of {signer} counted until {until}")]
    KeyLapsed {
        /// Whose.
        signer: KeyName,
        /// Until when.
        until: Timestamp,
    },
    /// The package or the method in it, too late.
    #[error("what is in the package lapsed on {expires}")]
    Lapsed {
        /// When.
        expires: Timestamp,
    },
    /// It says that it was made after it came.
    #[error("the package says that it was made on {made}, which is yet to come")]
    Early {
        /// When.
        made: Timestamp,
    },
    /// A version of the future, of the package or of what is in it.
    #[error("{what} has version {found}: this program reads up to version {known}")]
    Newer {
        /// Which part.
        what: &'static str,
        /// Its version.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// The manifest isn't one.
    #[error("the manifest can't be read: {0}")]
    Manifest(#[from] ManifestError),
    /// A part that is not what its place asks for.
    #[error("{name} is not what it should be: {why}")]
    Part {
        /// Which.
        name: &'static str,
        /// What is wrong with it.
        why: String,
    },
    /// XML that could choke a reader.
    #[error("{name} is XML with a document type, or not UTF-8: it could unfold without end, and is not read")]
    Xml {
        /// Which.
        name: MemberName,
    },
}

fn names(signers: &[KeyName]) -> String {
    signers.iter().map(KeyName::as_str).collect::<Vec<_>>().join(", ")
}

/// Opens a package that came at a moment, and says whose it is.
///
/// # Errors
/// The first reason for which it is not taken in; nothing of it is then.
pub fn open(
    bytes: &[u8],
    trusted: &[Trusted],
    at: Timestamp,
    limits: &Limits,
) -> Result<(Package, KeyName), OpenError> {
    let mut members = Members(unpack(bytes, limits)?);
    let note = Note::parse(&members.take(NOTE)?)?;
    let signer = of_package(&note, trusted, at)?;
    let manifest = members.take(MANIFEST)?;
    whole(&members.0, &note, &manifest)?;
    let head = head(&members.take(HEAD)?, at)?;
    let content = content(head.kind, &members.take(head.kind.member())?)?;
    if let Some(name) = members.0.iter().find(|(name, bytes)| !xml::is_harmless(name, bytes)).map(|(name, _)| name) {
        return Err(OpenError::Xml { name: name.clone() });
    }
    if let Content::Method(method) = &content
        && at > method.expires
    {
        return Err(OpenError::Lapsed { expires: method.expires });
    }
    if !agrees(&head, &content) {
        let why = "it doesn't agree with what is in the package, or names nobody who approved it".to_owned();
        return Err(OpenError::Part { name: HEAD, why });
    }
    Ok((Package { head, content, files: members.0 }, signer))
}

struct Members(BTreeMap<MemberName, Vec<u8>>);

impl Members {
    fn take(&mut self, name: &'static str) -> Result<Vec<u8>, OpenError> {
        let key = name.parse::<MemberName>().ok();
        key.and_then(|key| self.0.remove(&key)).ok_or(OpenError::NoPart { name })
    }
}

/// Whose key signed a package's note; a newer form is named as such before anybody wonders about its signature.
fn of_package(note: &Note, trusted: &[Trusted], at: Timestamp) -> Result<KeyName, OpenError> {
    let version = note.text().lines().next().and_then(|line| line.strip_prefix(FORM)).ok_or(OpenError::OtherNote)?;
    let found: u32 = version.parse().map_err(|_not_a_number| OpenError::OtherNote)?;
    if found != VERSION {
        return Err(OpenError::Newer { what: "the package", found, known: VERSION });
    }
    signed_by(note, trusted, at)
}

/// Whose known key signed a note, where it still counts.
pub(crate) fn signed_by(note: &Note, trusted: &[Trusted], at: Timestamp) -> Result<KeyName, OpenError> {
    for Trusted { key, until } in trusted {
        match note.verify(key) {
            Ok(()) if at <= *until => return Ok(key.name().clone()),
            Ok(()) => return Err(OpenError::KeyLapsed { signer: key.name().clone(), until: *until }),
            Err(wrong @ SignatureError::Wrong { .. }) => return Err(OpenError::Signature(wrong)),
            Err(SignatureError::Missing { .. }) => {}
        }
    }
    Err(OpenError::Foreign { signers: note.signatures().iter().map(|line| line.name.clone()).collect() })
}

/// Holds the members against the manifest, and the manifest against the note.
fn whole(members: &BTreeMap<MemberName, Vec<u8>>, note: &Note, manifest: &[u8]) -> Result<(), OpenError> {
    let changed = || OpenError::Changed { name: MANIFEST.to_owned() };
    if seal::text(manifest) != note.text() {
        return Err(changed());
    }
    let manifest: Manifest = std::str::from_utf8(manifest).map_err(|_not_text| changed())?.parse()?;
    let there = seal::manifest_of(members);
    for (name, digest) in manifest.files() {
        match there.files().get(name) {
            None => return Err(OpenError::Missing { name: name.clone() }),
            Some(found) if found != digest => return Err(OpenError::Changed { name: name.clone() }),
            Some(_) => {}
        }
    }
    match there.files().keys().find(|name| !manifest.files().contains_key(*name)) {
        Some(name) => Err(OpenError::Extra { name: name.clone() }),
        None => Ok(()),
    }
}

fn head(bytes: &[u8], at: Timestamp) -> Result<Head, OpenError> {
    let part = |error: serde_json::Error| OpenError::Part { name: HEAD, why: error.to_string() };
    let found = version_of(bytes).map_err(part)?;
    if found != VERSION {
        return Err(OpenError::Newer { what: HEAD, found, known: VERSION });
    }
    let head: Head = serde_json::from_slice(bytes).map_err(part)?;
    if at > head.expires {
        return Err(OpenError::Lapsed { expires: head.expires });
    }
    if head.made > at {
        return Err(OpenError::Early { made: head.made });
    }
    Ok(head)
}

/// Whether the head says of the content what the content says of itself, and names who answers for it.
fn agrees(head: &Head, content: &Content) -> bool {
    let data = match content {
        Content::Case(snapshot) => snapshot.case.kind == head.data,
        Content::Method(_) => true,
    };
    data && !head.approved_by.is_empty()
}

fn content(kind: Kind, bytes: &[u8]) -> Result<Content, OpenError> {
    let name = kind.member();
    let part = |error: SnapshotError| match error {
        SnapshotError::Newer { found } => OpenError::Newer { what: name, found, known: 1 },
        SnapshotError::Json(error) => OpenError::Part { name, why: error.to_string() },
    };
    match kind {
        Kind::Case => Ok(Content::Case(Box::new(CaseSnapshot::from_json(bytes).map_err(part)?))),
        Kind::Method => {
            let method = Method::from_json(bytes).map_err(part)?;
            method.check().map_err(|personal| OpenError::Part { name, why: personal.to_string() })?;
            Ok(Content::Method(Box::new(method)))
        }
    }
}
