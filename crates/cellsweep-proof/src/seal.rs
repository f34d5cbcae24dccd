//! People's data in an entry, encrypted under a key of its own: destroy the key, and the data are gone while the
//! log stays whole (crypto-shredding).
//!
//! XChaCha20-Poly1305. A box is nonce (24 bytes) and ciphertext; the plaintext begins with 32 zero bytes, so that no
//! second key can be made up that opens the same box to something else. It is bound to its place: log, index, kind
//! and salt of its entry.

use std::fmt;
use std::str::FromStr;

use chacha20::{R20, hchacha};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit, XChaCha20Poly1305};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::hash::Hash;
use crate::text;
use crate::words::{Kind, LogKind, Ref, Salt, WordError};

const NONCE: usize = 24;
const COMMITMENT: usize = 32;

/// Why a box stays closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// Another key, another place, or a changed byte: the cipher doesn't tell which.
    #[error("it does not open: another key, another place than it was made for, or a changed byte")]
    Closed,
    /// Shorter than any box.
    #[error("it is too short to be a box")]
    Short,
    /// More than the cipher takes.
    #[error("it is too long to be put into a box")]
    Long,
    /// Not 32 bytes in base64.
    #[error("a box's key is 32 bytes in base64")]
    Key,
}

/// Where a box belongs.
#[derive(Debug, Clone, Copy)]
pub struct BoxPlace<'a> {
    /// Which log.
    pub log: LogKind,
    /// The entry's index.
    pub n: u64,
    /// The entry's kind.
    pub kind: &'a Kind,
    /// The entry's salt.
    pub salt: &'a Salt,
}

impl BoxPlace<'_> {
    fn bytes(&self) -> Vec<u8> {
        format!("cellsweep box 1\n{}\n{}\n{}\n{}\n", self.log, self.n, self.kind, self.salt).into_bytes()
    }
}

/// The key of one subject's or one import's data. Wiped from memory when dropped.
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// From 32 bytes that nobody can guess.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The key itself, for what isn't in the log and is sealed under it all the same.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Encrypts an entry's personal part. A nonce is drawn anew for each box.
    ///
    /// # Errors
    /// Where the data are longer than the cipher takes (256 GiB).
    pub fn seal(&self, place: &BoxPlace<'_>, nonce: &[u8; NONCE], data: &[u8]) -> Result<Vec<u8>, SealError> {
        encrypt(&self.0, &place.bytes(), nonce, data)
    }

    /// Opens a box at its place. The data are wiped when dropped.
    ///
    /// # Errors
    /// Where the key or the place is another, or a byte was changed.
    pub fn open(&self, place: &BoxPlace<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        decrypt(&self.0, &place.bytes(), sealed)
    }

    /// The key of one box alone, to disclose what is in it and nothing else that this key seals.
    ///
    /// # Errors
    /// Where the box is too short to be one.
    pub fn box_key(&self, sealed: &[u8]) -> Result<BoxKey, SealError> {
        let (nonce, _) = sealed.split_first_chunk::<NONCE>().ok_or(SealError::Short)?;
        let (first, _) = nonce.split_first_chunk::<16>().ok_or(SealError::Short)?;
        let key: &[u8; 32] = &self.0;
        Ok(BoxKey(Zeroizing::new(hchacha::<R20>(key.into(), first.into()).into())))
    }

    /// The key itself in a box of the case's key, bound to its name: what is stored, and what erasure destroys.
    ///
    /// # Errors
    /// Never in practice: 32 bytes are not too long.
    pub fn wrap(&self, case: &CaseKey, name: &Ref, nonce: &[u8; NONCE]) -> Result<Vec<u8>, SealError> {
        encrypt(&case.0, &wrapping(name), nonce, self.0.as_slice())
    }

    /// The key out of its box.
    ///
    /// # Errors
    /// Where the case's key or the name is another, or a byte was changed.
    pub fn unwrap(case: &CaseKey, name: &Ref, wrapped: &[u8]) -> Result<Self, SealError> {
        key_of(&decrypt(&case.0, &wrapping(name), wrapped)?).map(Self)
    }
}

fn wrapping(name: &Ref) -> Vec<u8> {
    format!("cellsweep data key 1\n{name}\n").into_bytes()
}

/// What opens one box and no other: the subkey that XChaCha20 derives from the data key and the first 16 bytes of the
/// box's nonce (HChaCha20, draft-irtf-cfrg-xchacha-03 §2.2). Nobody can go back from it to the data key.
///
/// A data key opens everything of its subject or import, an operator's original answer among it; who is shown one entry
/// gets this instead. Wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct BoxKey(Zeroizing<[u8; 32]>);

impl BoxKey {
    /// Opens the box at its place. The data are wiped when dropped.
    ///
    /// # Errors
    /// Where the key or the place is another, or a byte was changed.
    pub fn open(&self, place: &BoxPlace<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError::Short)?;
        let mut rest = [0; 12];
        rest[4..].copy_from_slice(&nonce[16..]);
        let key: &[u8; 32] = &self.0;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        let plain = ChaCha20Poly1305::new(key.into()).decrypt((&rest).into(), payload);
        without_zeros(plain.map_err(|_closed| SealError::Closed)?)
    }

    /// The key as a bundle carries it, which is secret. Wiped when dropped.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        Zeroizing::new(text::base64(self.0.as_slice()))
    }
}

impl FromStr for BoxKey {
    type Err = SealError;
    fn from_str(text: &str) -> Result<Self, SealError> {
        let bytes = Zeroizing::new(text::unbase64(text).ok_or(SealError::Key)?);
        key_of(&bytes).map(Self).map_err(|_length| SealError::Key)
    }
}

impl Serialize for BoxKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_secret_text())
    }
}

impl<'de> Deserialize<'de> for BoxKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Zeroizing::new(String::deserialize(deserializer)?).parse().map_err(serde::de::Error::custom)
    }
}

/// The key of a case, which wraps all its data keys. Wiped from memory when dropped.
pub struct CaseKey(pub(crate) Zeroizing<[u8; 32]>);

impl CaseKey {
    /// From 32 bytes that nobody can guess.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The reference to what people call `id`, of any form: `kind/id` where that can stand, else veiled.
    ///
    /// An id that may be somebody's number can't be told from one by its form, however it is grouped; nor may its plain
    /// hash stand in the log, for numbers are soon tried. A veil is `kind/x` and 128 bits of HMAC-SHA-256 under the case's
    /// key: the same id has the same one throughout the case, and only who has the key can tell which.
    ///
    /// # Errors
    /// Where `kind` is no word that a reference can begin with.
    pub fn reference(&self, kind: &str, id: &str) -> Result<Ref, WordError> {
        if !id.is_empty()
            && !is_veil(id)
            && let Ok(plain) = format!("{kind}/{id}").parse()
        {
            return Ok(plain);
        }
        let code = hmac(&self.0, format!("cellsweep name 1\n{kind}\n{id}\n").as_bytes());
        format!("{kind}/{VEIL}{}", text::hex(&code.0[..16])).parse()
    }
}

/// Before a veil's digits: with a letter they are nobody's number.
const VEIL: char = 'x';

/// Whether an id looks like a veil, so that nobody can name a thing like another's.
fn is_veil(id: &str) -> bool {
    id.strip_prefix(VEIL).is_some_and(|digits| text::unhex::<16>(digits).is_some())
}

/// HMAC-SHA-256 (RFC 2104) under a key of 32 bytes.
fn hmac(key: &[u8; 32], data: &[u8]) -> Hash {
    let block = |pad: u8, data: &[u8]| {
        let mut block = Zeroizing::new(vec![pad; 64]);
        block.iter_mut().zip(key).for_each(|(byte, key)| *byte ^= key);
        block.extend(data);
        Hash::of(&block)
    };
    block(0x5c, &block(0x36, data).0)
}

pub(crate) fn key_of(bytes: &[u8]) -> Result<Zeroizing<[u8; 32]>, SealError> {
    bytes.try_into().map(Zeroizing::new).map_err(|_length| SealError::Closed)
}

pub(crate) fn encrypt(
    key: &Zeroizing<[u8; 32]>,
    bound: &[u8],
    nonce: &[u8; NONCE],
    data: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut plain = Zeroizing::new(Vec::with_capacity(COMMITMENT + data.len()));
    plain.extend([0; COMMITMENT]);
    plain.extend(data);
    let payload = Payload { msg: &plain, aad: bound };
    let sealed = cipher(key).encrypt(nonce.into(), payload).map_err(|_length| SealError::Long)?;
    Ok([nonce.as_slice(), &sealed].concat())
}

pub(crate) fn decrypt(key: &Zeroizing<[u8; 32]>, bound: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE>().ok_or(SealError::Short)?;
    let payload = Payload { msg: sealed, aad: bound };
    let plain = cipher(key).decrypt(nonce.into(), payload).map_err(|_closed| SealError::Closed)?;
    without_zeros(plain)
}

fn without_zeros(plain: Vec<u8>) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let plain = Zeroizing::new(plain);
    let (zeros, data) = plain.split_first_chunk::<COMMITMENT>().ok_or(SealError::Closed)?;
    if *zeros == [0; COMMITMENT] { Ok(Zeroizing::new(data.to_vec())) } else { Err(SealError::Closed) }
}

fn cipher(key: &Zeroizing<[u8; 32]>) -> XChaCha20Poly1305 {
    let key: &[u8; 32] = key;
    XChaCha20Poly1305::new(key.into())
}

macro_rules! redacted {
    ($($key:ty),*) => {$(
        impl fmt::Debug for $key {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($key), "(…)"))
            }
        }
    )*};
}

redacted!(DataKey, BoxKey, CaseKey);

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4231's first case; a key's zeros at its end are HMAC's own.
    #[test]
    fn hmac_is_rfc_4231_s() {
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        let expected = "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7";
        assert_eq!(hmac(&key, b"Hi There").to_string(), expected);
    }

    #[test]
    fn an_id_of_any_form_gets_a_reference_and_no_number_gets_in() {
        let (case, other) = (CaseKey::from_bytes([1; 32]), CaseKey::from_bytes([2; 32]));
        let plain = |id: &str| case.reference("item", id).unwrap().to_string();
        for id in ["P-1", "2025-0301-0012", "A202503010012"] {
            assert_eq!(plain(id), format!("item/{id}"));
        }
        for id in ["202503010012", "P-202503010012", "Scell\u{e9} n\u{b0} 3", "", &"x".repeat(200)] {
            let veiled = plain(id);
            assert!(is_veil(veiled.strip_prefix("item/").unwrap()), "{id}: {veiled}");
            assert!(!veiled.contains("202503010012") && veiled == plain(id));
            assert_ne!(veiled, other.reference("item", id).unwrap().to_string(), "only who has the key can try ids");
        }
        let veiled = plain("202503010012");
        let posing = plain(veiled.strip_prefix("item/").unwrap());
        assert_ne!(posing, veiled, "nothing can be named like a veil");
        assert_ne!(case.reference("seal", "202503010012").unwrap().to_string()[5..], veiled[5..]);
        assert_eq!(case.reference("an item", "1"), Err(WordError::Ref));
    }
}
