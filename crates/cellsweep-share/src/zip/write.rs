//! Members to an archive: the same members give the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use miniz_oxide::deflate::compress_to_vec;

use super::{CENTRAL, DEFLATED, END, LOCAL, Limits, MemberName, STORED};

/// Why members can't be packed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// More than would be read again.
    #[error("{members} members; a package has at most {most}")]
    Members {
        /// How many.
        members: usize,
        /// How many may be.
        most: usize,
    },
    /// Larger than would be read again.
    #[error("{what} has {bytes} bytes; at most {most} may be")]
    Large {
        /// A member, or all of them.
        what: String,
        /// How large.
        bytes: u64,
        /// How large it may be.
        most: u64,
    },
    /// Two names that differ in capitals only.
    #[error("the member {name} is there twice, but for capital letters")]
    Twice {
        /// The second of them.
        name: MemberName,
    },
}

/// 1980-01-01 00:00, ZIP's first instant: when it was packed is not part of what it says.
const DATE: u16 = 0x0021;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;
/// Made on Unix, by version 2.0: so that the attributes say "ordinary file".
const MADE_BY: u16 = 0x0314;
const NEEDED: u16 = 20;
const ORDINARY_FILE: u32 = 0o100_644 << 16;

/// Packs members, in the order of their names.
///
/// # Errors
/// Where there is more than the limits allow: nothing is written that would not be read.
pub fn pack(members: &BTreeMap<MemberName, Vec<u8>>, limits: &Limits) -> Result<Vec<u8>, PackError> {
    within(members, limits)?;
    let (mut archive, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let member = Member::new(name, bytes, archive.len(), limits);
        member.central(&mut directory);
        member.local(&mut archive);
    }
    let (at, size, count) = (archive.len(), directory.len(), members.len());
    archive.append(&mut directory);
    put32(&mut archive, END);
    [0, 0, count, count].into_iter().for_each(|number| put16(&mut archive, number as u16));
    put32(&mut archive, size as u32);
    put32(&mut archive, at as u32);
    put16(&mut archive, 0);
    Ok(archive)
}

fn within(members: &BTreeMap<MemberName, Vec<u8>>, limits: &Limits) -> Result<(), PackError> {
    if members.len() > limits.members.min(0xfffe) {
        return Err(PackError::Members { members: members.len(), most: limits.members.min(0xfffe) });
    }
    let (mut total, mut seen) = (0u64, BTreeSet::new());
    for (name, bytes) in members {
        let size = bytes.len() as u64;
        total += size;
        if size > limits.member_bytes {
            return Err(PackError::Large { what: name.to_string(), bytes: size, most: limits.member_bytes });
        }
        if !seen.insert(name.folded()) {
            return Err(PackError::Twice { name: name.clone() });
        }
    }
    // Below 4 GiB with room for what stands around the members.
    let most = limits.total_bytes.min(0xf000_0000);
    if total > most { Err(PackError::Large { what: "the package".to_owned(), bytes: total, most }) } else { Ok(()) }
}

struct Member<'a> {
    name: &'a MemberName,
    method: u16,
    crc: u32,
    size: u32,
    packed: Vec<u8>,
    at: u32,
}

impl<'a> Member<'a> {
    fn new(name: &'a MemberName, bytes: &[u8], at: usize, limits: &Limits) -> Self {
        let packed = compress_to_vec(bytes, 6);
        let worth = packed.len() < bytes.len() && !limits.is_bomb(packed.len() as u64, bytes.len() as u64);
        let (method, packed) = if worth { (DEFLATED, packed) } else { (STORED, bytes.to_vec()) };
        Self { name, method, crc: crc32fast::hash(bytes), size: bytes.len() as u32, packed, at: at as u32 }
    }

    fn local(&self, out: &mut Vec<u8>) {
        put32(out, LOCAL);
        put16(out, NEEDED);
        self.shared(out);
        out.extend(self.name.as_str().as_bytes());
        out.extend(&self.packed);
    }

    fn central(&self, out: &mut Vec<u8>) {
        put32(out, CENTRAL);
        put16(out, MADE_BY);
        put16(out, NEEDED);
        self.shared(out);
        // No comment, first disk, no internal attributes.
        [0, 0, 0].into_iter().for_each(|number| put16(out, number));
        put32(out, ORDINARY_FILE);
        put32(out, self.at);
        out.extend(self.name.as_str().as_bytes());
    }

    /// What stands in both descriptions: from the flags to the length of the extra field.
    fn shared(&self, out: &mut Vec<u8>) {
        [FLAGS, self.method, 0, DATE].into_iter().for_each(|number| put16(out, number));
        [self.crc, self.packed.len() as u32, self.size].into_iter().for_each(|number| put32(out, number));
        put16(out, self.name.as_str().len() as u16);
        put16(out, 0);
    }
}

fn put16(out: &mut Vec<u8>, number: u16) {
    out.extend(number.to_le_bytes());
}

fn put32(out: &mut Vec<u8>, number: u32) {
    out.extend(number.to_le_bytes());
}
