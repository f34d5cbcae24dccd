//! A package to its members.

use std::collections::BTreeMap;

use cellsweep_proof::export::Manifest;
use cellsweep_proof::{Hash, Note, Signer};

use super::{Content, HEAD, MANIFEST, NOTE, Package, SealError, VERSION, xml};
use crate::snapshot::CaseKind;
use crate::zip::MemberName;

type Members = BTreeMap<MemberName, Vec<u8>>;

pub(super) fn members(package: &Package, signer: &Signer) -> Result<Members, SealError> {
    let (mut members, manifest) = unsigned(package)?;
    let mut note = Note::new(text(&manifest)).map_err(json)?;
    note.sign(signer);
    members.insert(name(MANIFEST)?, manifest);
    members.insert(name(NOTE)?, note.to_string().into_bytes());
    Ok(members)
}

/// What is signed, and its manifest.
pub(super) fn unsigned(package: &Package) -> Result<(Members, Vec<u8>), SealError> {
    sound(package)?;
    let mut members = package.files.clone();
    let mut head = serde_json::to_vec_pretty(&package.head).map_err(json)?;
    head.push(b'\n');
    let content = package.content.to_json().map_err(json)?;
    for (own, bytes) in [(HEAD, head), (package.head.kind.member(), content)] {
        members.insert(name(own)?, bytes);
    }
    for own in [MANIFEST, NOTE] {
        if members.contains_key(&name(own)?) {
            return Err(SealError::OwnName { name: name(own)? });
        }
    }
    let manifest = manifest_of(&members).to_string().into_bytes();
    Ok((members, manifest))
}

/// Each member with its digest, as `sha256sum` writes it.
pub fn manifest_of(members: &BTreeMap<MemberName, Vec<u8>>) -> Manifest {
    let digests = members.iter().map(|(name, bytes)| (name.to_string(), Hash::of(bytes)));
    // Every member's name is one that a manifest can have.
    Manifest::new(digests.collect()).unwrap_or_default()
}

/// What is signed: which form this is, and the manifest's digest.
pub(super) fn text(manifest: &[u8]) -> String {
    format!("{}{VERSION}\n{}\n", super::open::FORM, Hash::of(manifest))
}

fn sound(package: &Package) -> Result<(), SealError> {
    let head = &package.head;
    if head.approved_by.is_empty() {
        return Err(SealError::NotApproved);
    }
    if head.data == CaseKind::Investigation && head.authority.is_none() {
        return Err(SealError::NoAuthority);
    }
    if head.kind != package.content.kind() {
        return Err(SealError::Kind);
    }
    match &package.content {
        Content::Case(snapshot) if snapshot.case.kind != head.data => return Err(SealError::Data),
        Content::Case(_) => {}
        Content::Method(method) => method.check()?,
    }
    if head.expires <= head.made {
        return Err(SealError::Expiry);
    }
    for (name, bytes) in &package.files {
        if [HEAD, head.kind.member()].contains(&name.as_str()) {
            return Err(SealError::OwnName { name: name.clone() });
        }
        if !xml::is_harmless(name, bytes) {
            return Err(SealError::Xml { name: name.clone() });
        }
    }
    Ok(())
}

fn name(own: &str) -> Result<MemberName, SealError> {
    own.parse().map_err(json)
}

fn json(error: impl ToString) -> SealError {
    SealError::Json(error.to_string())
}
