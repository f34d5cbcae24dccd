//! SHA-256 as RFC 6962 uses it: a leaf and a node can't be taken for one another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::text;

/// A SHA-256 hash. Lowercase hexadecimal in text.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hash(pub [u8; 32]);

/// A text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a hash is 64 digits of 0-9 and a-f")]
pub struct BadHash;

impl Hash {
    /// SHA-256 of bytes as they are: of files, not of the log's entries.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// An entry's hash in the tree: SHA-256 of 0x00 and the entry's exact bytes (RFC 6962 §2.1).
    pub fn leaf(entry: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(entry);
        Self(hasher.finalize().into())
    }

    /// The hash above two others: SHA-256 of 0x01, left and right (RFC 6962 §2.1).
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut bytes = [1; 65];
        bytes[1..33].copy_from_slice(&left.0);
        bytes[33..].copy_from_slice(&right.0);
        Self::of(&bytes)
    }

    /// The root of a log without entries: SHA-256 of nothing.
    pub fn empty() -> Self {
        Self::of(&[])
    }

    /// Standard base64, as checkpoints have it.
    pub fn to_base64(&self) -> String {
        text::base64(&self.0)
    }

    /// Reads what [`Hash::to_base64`] wrote, and nothing else.
    ///
    /// # Errors
    /// Where the text is not the base64 of 32 bytes.
    pub fn from_base64(text: &str) -> Result<Self, BadHash> {
        text::unbase64(text).and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or(BadHash)
    }
}

/// SHA-256 of bytes that come piece by piece: of files that are too large to hold.
#[derive(Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that came.
    pub fn finish(self) -> Hash {
        Hash(self.0.finalize().into())
    }
}

impl FromStr for Hash {
    type Err = BadHash;
    fn from_str(text: &str) -> Result<Self, BadHash> {
        text::unhex(text).map(Self).ok_or(BadHash)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_rfc_6962_s() {
        let check = |hash: Hash, expected: &str| assert_eq!(hash.to_string(), expected);
        check(Hash::empty(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        check(Hash::leaf(b""), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
        let pair = Hash::node(&Hash::leaf(b""), &Hash::leaf(&[0]));
        check(pair, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125");
    }

    #[test]
    fn text_forms_are_exact() {
        let hash = Hash::leaf(b"x");
        assert_eq!(hash.to_string().parse(), Ok(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
        assert!(hash.to_string().to_uppercase().parse::<Hash>().is_err());
        assert!(hash.to_string()[..62].parse::<Hash>().is_err());
        assert!(Hash::from_base64(hash.to_base64().trim_end_matches('=')).is_err());
    }
}
