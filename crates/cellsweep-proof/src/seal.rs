//! People's data in an entry, encrypted under a key of its own: destroy the key, and the data are gone while the
//! log stays whole (crypto-shredding).
//!
//! XChaCha20-Poly1305. A box is nonce (24 bytes) and ciphertext; the plaintext begins with 32 zero bytes, so that no
//! second key can be made up that opens the same box to something else. It is bound to its place: log, index, kind
//! and salt of its entry.

use std::fmt;

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use zeroize::Zeroizing;

use crate::words::{Kind, LogKind, Ref, Salt};

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

/// The key of a case, which wraps all its data keys. Wiped from memory when dropped.
pub struct CaseKey(pub(crate) Zeroizing<[u8; 32]>);

impl CaseKey {
    /// From 32 bytes that nobody can guess.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
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

redacted!(DataKey, CaseKey);
