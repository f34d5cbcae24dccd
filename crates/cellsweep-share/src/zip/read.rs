//! An archive to its members: all of them, or one refusal.

use std::collections::{BTreeMap, BTreeSet};

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::{CENTRAL, CENTRAL_LEN, DEFLATED, END, END_LEN, LOCAL, LOCAL_LEN, Limits, MemberName, NameError, STORED};

/// Why an archive is not read. Nothing of it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The end of an archive isn't where it must be.
    #[error("this is not a ZIP archive, or something was cut off or put behind it")]
    NotZip,
    /// A part of it lies where it may not, or its two descriptions of a member differ.
    #[error("the archive's parts don't fit together at byte {at}: {what}")]
    Shape {
        /// Where.
        at: usize,
        /// What doesn't fit.
        what: &'static str,
    },
    /// Too many.
    #[error("the archive says that it has {members} members; at most {most} are read")]
    Members {
        /// How many it says.
        members: usize,
        /// How many are read.
        most: usize,
    },
    /// Too large, by its own account.
    #[error("{name} says that it has {bytes} bytes unpacked; at most {most} are read")]
    MemberSize {
        /// Which.
        name: MemberName,
        /// What it says.
        bytes: u64,
        /// What is read.
        most: u64,
    },
    /// Too large together, by their own account.
    #[error("the members say that they have more than {most} bytes together")]
    TotalSize {
        /// What is read.
        most: u64,
    },
    /// A bomb.
    #[error("{name} would unpack to more than {ratio} times its size")]
    Ratio {
        /// Which.
        name: MemberName,
        /// How many times are allowed.
        ratio: u64,
    },
    /// A name that leads elsewhere.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A name that isn't text.
    #[error("a member's name is not UTF-8")]
    NameBytes,
    /// A link.
    #[error("{name} is a symbolic link")]
    Link {
        /// Which.
        name: String,
    },
    /// A device, a pipe, a folder with content.
    #[error("{name} is not an ordinary file")]
    NotAFile {
        /// Which.
        name: String,
    },
    /// Twice the same name.
    #[error("{name} is there twice")]
    Twice {
        /// Which.
        name: MemberName,
    },
    /// Encrypted, streamed, or packed in another way.
    #[error("{name} is packed in a way that is not read: {what}")]
    Way {
        /// Which.
        name: String,
        /// In which way.
        what: &'static str,
    },
    /// The packed bytes are damaged, or unpack to another length than they say.
    #[error("{name} does not unpack to the bytes that it says")]
    Damaged {
        /// Which.
        name: MemberName,
    },
}

/// Unpacks an archive.
///
/// Sizes, names and kinds are looked at before anything is unpacked.
///
/// # Errors
/// The first reason for which it is not read; nothing of it is then.
pub fn unpack(archive: &[u8], limits: &Limits) -> Result<BTreeMap<MemberName, Vec<u8>>, Refused> {
    let heads = heads(archive, limits)?;
    let files: Vec<&Head> = heads.iter().filter(|head| head.name.is_some()).collect();
    bounds(&files, limits)?;
    files.into_iter().map(|head| head.unpack(archive)).collect()
}

/// A member as the central directory describes it; a folder has no name.
struct Head {
    name: Option<MemberName>,
    method: u16,
    crc: u32,
    packed: u32,
    size: u32,
    data: usize,
}

impl Head {
    fn unpack(&self, archive: &[u8]) -> Result<(MemberName, Vec<u8>), Refused> {
        let name = self.name.clone().ok_or(Refused::NotZip)?;
        let packed = archive.get(self.data..self.data + self.packed as usize).ok_or(Refused::NotZip)?;
        let bytes = match self.method {
            STORED => Some(packed.to_vec()),
            _ => decompress_to_vec_with_limit(packed, self.size as usize).ok(),
        };
        let whole = |bytes: &Vec<u8>| bytes.len() == self.size as usize && crc32fast::hash(bytes) == self.crc;
        match bytes.filter(whole) {
            Some(bytes) => Ok((name, bytes)),
            None => Err(Refused::Damaged { name }),
        }
    }
}

fn bounds(files: &[&Head], limits: &Limits) -> Result<(), Refused> {
    let (mut total, mut seen) = (0u64, BTreeSet::new());
    for head in files {
        let Some(name) = &head.name else { continue };
        let (packed, size) = (u64::from(head.packed), u64::from(head.size));
        if size > limits.member_bytes {
            return Err(Refused::MemberSize { name: name.clone(), bytes: size, most: limits.member_bytes });
        }
        if head.method == DEFLATED && limits.is_bomb(packed, size) {
            return Err(Refused::Ratio { name: name.clone(), ratio: limits.ratio });
        }
        if !seen.insert(name.folded()) {
            return Err(Refused::Twice { name: name.clone() });
        }
        total += size;
    }
    if total > limits.total_bytes { Err(Refused::TotalSize { most: limits.total_bytes }) } else { Ok(()) }
}

fn heads(archive: &[u8], limits: &Limits) -> Result<Vec<Head>, Refused> {
    let end_at = archive.len().checked_sub(END_LEN).ok_or(Refused::NotZip)?;
    let end = Bytes { all: archive, at: end_at };
    if end.u32(0)? != END || end.u16(20)? != 0 {
        return Err(Refused::NotZip);
    }
    let (count, size, start) = (end.u16(10)? as usize, end.u32(12)? as usize, end.u32(16)? as usize);
    let one_disk = end.u16(4)? == 0 && end.u16(6)? == 0 && end.u16(8)? as usize == count;
    if !one_disk || start.checked_add(size) != Some(end_at) {
        return Err(Refused::Shape { at: end_at, what: "the central directory doesn't end where the archive does" });
    }
    if count > limits.members {
        return Err(Refused::Members { members: count, most: limits.members });
    }
    let mut heads = Vec::new();
    let (mut at, mut next) = (start, 0);
    for _ in 0..count {
        let central = Bytes { all: archive, at };
        let (head, local_end) = head(&central, next, start, limits)?;
        (at, next) = (at + central.total()?, local_end);
        heads.push(head);
    }
    if at != end_at || next != start {
        return Err(Refused::Shape { at: next, what: "bytes that belong to no member" });
    }
    Ok(heads)
}

/// A member's two descriptions, the local one at `next`; and where the member ends.
fn head(central: &Bytes<'_>, next: usize, directory: usize, limits: &Limits) -> Result<(Head, usize), Refused> {
    let at = central.at;
    if central.u32(0)? != CENTRAL {
        return Err(Refused::Shape { at, what: "not an entry of the central directory" });
    }
    let raw = central.slice(CENTRAL_LEN, central.u16(28)? as usize)?;
    let text = std::str::from_utf8(raw).map_err(|_not_text| Refused::NameBytes)?;
    ordinary(central, text)?;
    way(central, text, limits)?;
    let (packed, size) = (central.u32(20)?, central.u32(24)?);
    let local = Bytes { all: archive_before(central, directory), at: next };
    // Version needed, flags, method, time, date, checksum, both sizes, the name's length.
    let agree = local.u32(0)? == LOCAL
        && local.slice(4, 24)? == central.slice(6, 24)?
        && local.slice(LOCAL_LEN, raw.len())? == raw;
    if !agree || central.u32(42)? as usize != next {
        return Err(Refused::Shape { at, what: "a member's two descriptions differ, or members don't lie end to end" });
    }
    let data = next + LOCAL_LEN + raw.len() + local.u16(28)? as usize;
    let name = if text.ends_with('/') { None } else { Some(text.parse()?) };
    let head = Head { name, method: central.u16(10)?, crc: central.u32(16)?, packed, size, data };
    let end = data + packed as usize;
    if end > directory {
        Err(Refused::Shape { at, what: "a member reaches into the directory" })
    } else {
        Ok((head, end))
    }
}

fn archive_before<'a>(central: &Bytes<'a>, directory: usize) -> &'a [u8] {
    central.all.get(..directory).unwrap_or_default()
}

/// Whether it is an ordinary file, or a folder with nothing in it, as tools that repack leave them.
fn ordinary(central: &Bytes<'_>, name: &str) -> Result<(), Refused> {
    const KIND: u32 = 0o170_000;
    let unix = central.u16(4)? >> 8 == 3;
    let kind = if unix { (central.u32(38)? >> 16) & KIND } else { 0 };
    let folder = name.ends_with('/') && name.trim_end_matches('/').parse::<MemberName>().is_ok();
    match kind {
        0o120_000 => Err(Refused::Link { name: name.to_owned() }),
        0 | 0o100_000 if !name.ends_with('/') => Ok(()),
        0 | 0o040_000 if folder && central.u32(24)? == 0 => Ok(()),
        _ if name.ends_with('/') && !folder => Err(name
            .trim_end_matches('/')
            .parse::<MemberName>()
            .err()
            .map_or(Refused::NotAFile { name: name.to_owned() }, Refused::Name)),
        _ => Err(Refused::NotAFile { name: name.to_owned() }),
    }
}

/// Whether it is stored or deflated, and no more than that.
fn way(central: &Bytes<'_>, name: &str, limits: &Limits) -> Result<(), Refused> {
    const ENCRYPTED: u16 = 1 << 0 | 1 << 6 | 1 << 13;
    const STREAMED: u16 = 1 << 3;
    let refuse = |what| Err(Refused::Way { name: name.to_owned(), what });
    let (flags, method) = (central.u16(8)?, central.u16(10)?);
    let (packed, size) = (central.u32(20)?, central.u32(24)?);
    if size == u32::MAX || packed == u32::MAX || central.u32(42)? == u32::MAX {
        let name = name.parse()?;
        return Err(Refused::MemberSize { name, bytes: huge(central)?, most: limits.member_bytes });
    }
    if flags & ENCRYPTED != 0 {
        return refuse("encrypted");
    }
    if flags & STREAMED != 0 {
        return refuse("with its sizes behind it");
    }
    if central.u16(34)? != 0 {
        return refuse("over several disks");
    }
    match method {
        STORED if packed != size => refuse("stored, and of two sizes"),
        STORED | DEFLATED if has_second_name(central)? => refuse("with a second name"),
        STORED | DEFLATED => Ok(()),
        _ => refuse("neither stored nor deflated"),
    }
}

/// The size that a ZIP64 field gives; more than 4 GiB in any case.
fn huge(central: &Bytes<'_>) -> Result<u64, Refused> {
    let of = extra(central)?.into_iter().find(|(id, _)| *id == 0x0001).and_then(|(_, data)| data.first_chunk::<8>());
    Ok(of.map_or(u64::from(u32::MAX), |bytes| u64::from_le_bytes(*bytes)))
}

/// Info-ZIP's Unicode path field names a member once more.
fn has_second_name(central: &Bytes<'_>) -> Result<bool, Refused> {
    Ok(extra(central)?.iter().any(|(id, _)| *id == 0x7075))
}

fn extra<'a>(central: &Bytes<'a>) -> Result<Vec<(u16, &'a [u8])>, Refused> {
    let bad = Refused::Shape { at: central.at, what: "an extra field" };
    let mut rest = central.slice(CENTRAL_LEN + central.u16(28)? as usize, central.u16(30)? as usize)?;
    let mut fields = Vec::new();
    while let Some((head, tail)) = rest.split_first_chunk::<4>() {
        let (id, len) = (u16::from_le_bytes([head[0], head[1]]), u16::from_le_bytes([head[2], head[3]]));
        let Some((data, after)) = tail.split_at_checked(len as usize) else { return Err(bad) };
        fields.push((id, data));
        rest = after;
    }
    if rest.is_empty() { Ok(fields) } else { Err(bad) }
}

/// Numbers at places of an archive.
struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    fn slice(&self, from: usize, len: usize) -> Result<&'a [u8], Refused> {
        let start = self.at.checked_add(from);
        let range = start.and_then(|start| Some(start..start.checked_add(len)?));
        range.and_then(|range| self.all.get(range)).ok_or(Refused::Shape { at: self.at, what: "cut off" })
    }

    fn u16(&self, from: usize) -> Result<u16, Refused> {
        let bytes = self.slice(from, 2)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes)))
    }

    fn u32(&self, from: usize) -> Result<u32, Refused> {
        let bytes = self.slice(from, 4)?;
        Ok(bytes.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }

    /// The length of an entry of the central directory.
    fn total(&self) -> Result<usize, Refused> {
        let parts = [self.u16(28)?, self.u16(30)?, self.u16(32)?];
        Ok(CENTRAL_LEN + parts.into_iter().map(usize::from).sum::<usize>())
    }
}
