//! An entry's line taken apart without a copy: each member's exact text, to be read or only looked at.

use std::borrow::Cow;
use std::str::FromStr;

use super::{EntryError, MOST_BYTES, VERSION};
use crate::canonical::{Object, Scan, plain_text};
use crate::text;
use crate::words::{Kind, LogKind, Moment, Operation, Ref, Salt, WordError};

const MOST_TEXT: usize = 4096;

/// A member: its key, and its value's exact text, which is canonical JSON.
#[derive(Clone, Copy)]
pub(super) struct Parts<'a> {
    key: &'static str,
    value: &'a str,
}

/// The members of an entry, all of them known, none read.
pub(super) struct Shape<'a> {
    pub authority: Option<Parts<'a>>,
    pub by: ByShape<'a>,
    pub data: Parts<'a>,
    pub device: Option<DeviceShape<'a>>,
    pub kind: Parts<'a>,
    pub log: Parts<'a>,
    pub n: Parts<'a>,
    pub occurred: Option<Parts<'a>>,
    pub operation: Parts<'a>,
    pub reason: Option<Parts<'a>>,
    pub received: Parts<'a>,
    pub refs: Parts<'a>,
    pub salt: Parts<'a>,
    pub sealed: Option<SealedShape<'a>>,
}

pub(super) struct ByShape<'a> {
    pub name: Parts<'a>,
    pub role: Option<Parts<'a>>,
}

pub(super) struct DeviceShape<'a> {
    pub key: Parts<'a>,
    pub sequence: Parts<'a>,
}

pub(super) struct SealedShape<'a> {
    pub key: Parts<'a>,
    pub sealed: Parts<'a>,
}

impl<'a> Shape<'a> {
    pub fn of(line: &'a [u8]) -> Result<Self, EntryError> {
        if line.len() > MOST_BYTES {
            return Err(EntryError::Long);
        }
        let text = std::str::from_utf8(line).map_err(|_not_utf8| EntryError::Utf8)?;
        let known = [
            "authority",
            "by",
            "data",
            "device",
            "kind",
            "log",
            "n",
            "occurred",
            "operation",
            "reason",
            "received",
            "refs",
            "salt",
            "sealed",
            "v",
        ];
        let [authority, by, data, device, kind, log, n, occurred, operation, reason, received, refs, salt, sealed, v] =
            members(text, "the entry", known)?;
        let version = needed("v", v)?.integer()?;
        if version != VERSION {
            return Err(EntryError::Version(version));
        }
        Ok(Self {
            authority,
            by: by_shape(needed("by", by)?)?,
            data: needed("data", data)?,
            device: device.map(device_shape).transpose()?,
            kind: needed("kind", kind)?,
            log: needed("log", log)?,
            n: needed("n", n)?,
            occurred,
            operation: needed("operation", operation)?,
            reason,
            received: needed("received", received)?,
            refs: needed("refs", refs)?,
            salt: needed("salt", salt)?,
            sealed: sealed.map(sealed_shape).transpose()?,
        })
    }
}

fn by_shape(by: Parts<'_>) -> Result<ByShape<'_>, EntryError> {
    let [name, role] = members(by.value, by.key, ["name", "role"])?;
    Ok(ByShape { name: needed("name", name)?, role })
}

fn device_shape(device: Parts<'_>) -> Result<DeviceShape<'_>, EntryError> {
    let [key, sequence] = members(device.value, device.key, ["key", "sequence"])?;
    Ok(DeviceShape { key: needed("key", key)?, sequence: needed("sequence", sequence)? })
}

fn sealed_shape(sealed: Parts<'_>) -> Result<SealedShape<'_>, EntryError> {
    let [sealed, key] = members(sealed.value, sealed.key, ["box", "key"])?;
    Ok(SealedShape { key: needed("key", key)?, sealed: needed("box", sealed)? })
}

/// The members of an object, in the order of their known keys; another key is refused.
fn members<'a, const N: usize>(
    value: &'a str,
    what: &'static str,
    known: [&'static str; N],
) -> Result<[Option<Parts<'a>>; N], EntryError> {
    if !value.starts_with('{') {
        return Err(EntryError::Type { key: what, expected: "an object" });
    }
    let mut found = [None; N];
    // Both the known keys and those that come stand in order.
    let mut from = 0;
    let mut scan = Scan::new(value);
    scan.members(|key, value| {
        let at = known[from..].iter().position(|known| *known == key);
        let at = from + at.ok_or_else(|| EntryError::Unknown(key.to_owned()))?;
        found[at] = Some(Parts { key: known[at], value });
        from = at + 1;
        Ok::<(), EntryError>(())
    })?;
    scan.end()?;
    Ok(found)
}

fn needed<'a>(key: &'static str, part: Option<Parts<'a>>) -> Result<Parts<'a>, EntryError> {
    part.ok_or(EntryError::Missing(key))
}

impl<'a> Parts<'a> {
    fn wrong(self, expected: &'static str) -> EntryError {
        EntryError::Type { key: self.key, expected }
    }

    fn integer(self) -> Result<i64, EntryError> {
        self.value.parse().map_err(|_other| self.wrong("a whole number"))
    }

    /// A number from 0.
    pub fn count(self) -> Result<u64, EntryError> {
        u64::try_from(self.integer()?).map_err(|_negative| self.wrong("a whole number from 0"))
    }

    fn any_text(self) -> Result<Cow<'a, str>, EntryError> {
        plain_text(self.value).ok_or_else(|| self.wrong("a text"))
    }

    /// A text that people read: not blank, at most 4096 bytes.
    pub fn text(self) -> Result<Cow<'a, str>, EntryError> {
        let text = self.any_text()?;
        let good = (1..=MOST_TEXT).contains(&text.len()) && !text.trim().is_empty();
        if good { Ok(text) } else { Err(self.wrong("a text of 1 to 4096 bytes")) }
    }

    pub fn word<T: FromStr<Err = WordError>>(self) -> Result<T, EntryError> {
        self.any_text()?.parse().map_err(|error| EntryError::Word { key: self.key, error })
    }

    pub fn base64(self) -> Result<Vec<u8>, EntryError> {
        text::unbase64(&self.any_text()?).ok_or_else(|| self.wrong("base64"))
    }

    pub fn words<T: FromStr<Err = WordError>>(self) -> Result<Vec<T>, EntryError> {
        let mut words = Vec::new();
        self.each(|item| {
            words.push(item.word()?);
            Ok(())
        })?;
        Ok(words)
    }

    fn each(self, mut each: impl FnMut(Self) -> Result<(), EntryError>) -> Result<(), EntryError> {
        let of_texts = "a list of texts";
        if !self.value.starts_with('[') {
            return Err(self.wrong(of_texts));
        }
        Scan::new(self.value).items(|value| {
            if value.starts_with('"') { each(Self { key: self.key, value }) } else { Err(self.wrong(of_texts)) }
        })
    }

    pub fn object(self) -> Result<Object, EntryError> {
        serde_json::from_str(self.value).map_err(|_other| self.wrong("an object"))
    }

    /// Looks at a word without keeping it.
    fn check(self, check: impl Fn(&str) -> Result<(), WordError>) -> Result<(), EntryError> {
        check(&self.any_text()?).map_err(|error| EntryError::Word { key: self.key, error })
    }
}

/// What checking a long log takes of an entry. It is read as strictly as [`super::Entry::parse`] reads it, and copies
/// nothing.
pub(crate) struct Head<'a> {
    pub n: u64,
    pub log: LogKind,
    pub received: Moment,
    pub kind: Cow<'a, str>,
}

impl<'a> Head<'a> {
    pub fn parse(line: &'a [u8]) -> Result<Self, EntryError> {
        let shape = Shape::of(line)?;
        shape.occurred.map(Parts::word::<Moment>).transpose()?;
        shape.by.name.text()?;
        shape.by.role.map(Parts::text).transpose()?;
        if let Some(device) = &shape.device {
            device.key.check(Ref::check)?;
            device.sequence.count()?;
        }
        shape.authority.map(|authority| authority.check(Ref::check)).transpose()?;
        shape.operation.word::<Operation>()?;
        shape.kind.check(Kind::check)?;
        shape.reason.map(Parts::text).transpose()?;
        shape.refs.each(|reference| reference.check(Ref::check))?;
        if !shape.data.value.starts_with('{') {
            return Err(shape.data.wrong("an object"));
        }
        if let Some(sealed) = &shape.sealed {
            sealed.key.check(Ref::check)?;
            sealed.sealed.base64()?;
        }
        shape.salt.word::<Salt>()?;
        let (n, log) = (shape.n.count()?, shape.log.word()?);
        Ok(Self { n, log, received: shape.received.word()?, kind: shape.kind.any_text()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Entry;

    const LINE: &str = concat!(
        r#"{"authority":"a:12","by":{"name":"A. é","role":"x\n"},"data":{"r":[3,"x"]},"device":{"key":"d:4","#,
        r#""sequence":17},"kind":"item.sealed","log":"custody","n":7,"occurred":"2026-03-01T05:59:00.000000Z","#,
        r#""operation":"alteration","reason":"s","received":"2026-03-01T06:00:00.000001Z","refs":["i:1","j:2"],"#,
        r#""salt":"AAAAAAAAAAAAAAAAAAAAAA==","sealed":{"box":"AAEC","key":"k:9"},"v":1}"#
    );

    /// What is only looked at is looked at as strictly as what is read.
    #[test]
    fn a_head_is_read_where_its_entry_is() {
        assert!(Head::parse(LINE.as_bytes()).is_ok());
        let mut bytes = LINE.as_bytes().to_vec();
        for at in 0..bytes.len() {
            for byte in (0..=255).filter(|byte| *byte != LINE.as_bytes()[at]) {
                bytes[at] = byte;
                let (head, entry) = (Head::parse(&bytes).err(), Entry::parse(&bytes).err());
                assert_eq!(head.is_none(), entry.is_none(), "byte {at}, {byte}: {head:?} {entry:?}");
            }
            bytes[at] = LINE.as_bytes()[at];
        }
        let shorter = |from: &str, to: &str| {
            let line = LINE.replace(from, to);
            assert_ne!(line, LINE);
            assert_eq!(Head::parse(line.as_bytes()).err(), Entry::parse(line.as_bytes()).err(), "{from}");
        };
        shorter("\"x\\n\"", "\"\"");
        shorter("\"x\\n\"", "3");
        shorter("{\"r\":[3,\"x\"]}", "[]");
        shorter("[\"i:1\",\"j:2\"]", "{}");
        shorter("[\"i:1\",\"j:2\"]", "[1]");
        shorter("[\"i:1\",\"j:2\"]", "[\"123456789\"]");
        shorter("\"sequence\":17", "\"sequence\":-17");
        shorter("\"s\"", "\" \"");
    }
}
