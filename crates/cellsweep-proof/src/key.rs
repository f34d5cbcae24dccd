//! Ed25519 keys with names, in the text forms of Go's `sumdb/note`.
//!
//! `NAME+HASH+BASE64` is a verifier's key, `PRIVATE+KEY+NAME+HASH+BASE64` a signer's. The base64 is of the
//! algorithm's byte (1: notes, 4: witnesses' co-signatures) and the key; HASH is the first 4 bytes of SHA-256 of
//! name, newline, algorithm's byte and public key, in hexadecimal (C2SP signed-note).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use zeroize::Zeroizing;

use crate::hash::Hash;
use crate::text;

/// What a key signs, by C2SP's numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Algorithm {
    /// A note's text (0x01).
    Note,
    /// A checkpoint and the time at which a witness saw it (0x04, `cosignature/v1`).
    Cosignature,
}

impl Algorithm {
    fn byte(self) -> u8 {
        match self {
            Self::Note => 1,
            Self::Cosignature => 4,
        }
    }

    fn of(byte: u8) -> Result<Self, KeyError> {
        match byte {
            1 => Ok(Self::Note),
            4 => Ok(Self::Cosignature),
            other => Err(KeyError::Algorithm(other)),
        }
    }
}

/// Why a text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The three parts aren't there.
    #[error("a key is NAME+HASH+KEY, with HASH in 8 hexadecimal digits and KEY in base64")]
    Form,
    /// A name may not be blank, and has neither white space nor `+`.
    #[error("a key's name is 1 to 255 bytes without white space, control characters or `+`")]
    Name,
    /// Neither Ed25519 nor a co-signature.
    #[error("algorithm {0} is unknown: 1 is Ed25519, 4 a witness's co-signature")]
    Algorithm(u8),
    /// Name, hash and key don't belong together: one of them was changed.
    #[error("the key's hash does not fit its name and key: it was changed or mistyped")]
    Hash,
    /// The bytes are no point of the curve, or one that any signature would fit.
    #[error("the bytes are not an Ed25519 public key")]
    Point,
}

/// A log's or a witness's name, as a signature line has it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyName(Box<str>);

impl KeyName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for KeyName {
    type Err = KeyError;
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let odd = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        let good = (1..=255).contains(&text.len()) && !text.contains(odd);
        if good { Ok(Self(text.into())) } else { Err(KeyError::Name) }
    }
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The first four bytes of the hash of a name and its key: which of a name's keys signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyHash(pub [u8; 4]);

impl KeyHash {
    fn of(name: &KeyName, algorithm: Algorithm, key: &[u8; 32]) -> Self {
        let mut bytes = name.as_str().as_bytes().to_vec();
        bytes.extend([b'\n', algorithm.byte()]);
        bytes.extend(key);
        let [a, b, c, d, ..] = Hash::of(&bytes).0;
        Self([a, b, c, d])
    }
}

impl fmt::Display for KeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::hex(&self.0))
    }
}

/// A public key with its name: what it takes to check a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Verifier {
    name: KeyName,
    algorithm: Algorithm,
    hash: KeyHash,
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: KeyName, algorithm: Algorithm, key: VerifyingKey) -> Self {
        let hash = KeyHash::of(&name, algorithm, key.as_bytes());
        Self { name, algorithm, hash, key }
    }

    /// The key's name; of a log's key, the log's origin.
    pub fn name(&self) -> &KeyName {
        &self.name
    }

    /// What it signs.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its hash, as signature lines carry it.
    pub fn hash(&self) -> KeyHash {
        self.hash
    }

    /// Whether the signature is this key's over these bytes. Strict: no key or signature of small order.
    pub(crate) fn signed(&self, bytes: &[u8], signature: &[u8; 64]) -> bool {
        self.key.verify_strict(bytes, &Signature::from_bytes(signature)).is_ok()
    }
}

impl FromStr for Verifier {
    type Err = KeyError;
    /// Reads a verifier's key, without white space around it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, algorithm, key) = parts(text)?;
        let key = VerifyingKey::from_bytes(&key).map_err(|_not_a_point| KeyError::Point)?;
        let verifier = Self::new(name, algorithm, key);
        if verifier.hash != hash {
            return Err(KeyError::Hash);
        }
        if verifier.key.is_weak() { Err(KeyError::Point) } else { Ok(verifier) }
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.name, self.hash, key_text(self.algorithm, self.key.as_bytes()))
    }
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verifier({self})")
    }
}

/// A private key with its name. Wiped from memory when dropped; `Debug` shows the public half.
#[derive(Clone)]
pub struct Signer {
    key: SigningKey,
    verifier: Verifier,
}

impl Signer {
    /// A key that signs notes, from 32 bytes that nobody can guess.
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self::with(name, Algorithm::Note, seed)
    }

    /// A witness's key, from 32 bytes that nobody can guess.
    pub fn witness_from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self::with(name, Algorithm::Cosignature, seed)
    }

    fn with(name: KeyName, algorithm: Algorithm, seed: &[u8; 32]) -> Self {
        let key = SigningKey::from_bytes(seed);
        let verifier = Verifier::new(name, algorithm, key.verifying_key());
        Self { key, verifier }
    }

    /// The public half.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The text form, which is secret. Wiped when dropped.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let Verifier { name, algorithm, hash, .. } = &self.verifier;
        let key = Zeroizing::new(key_text(*algorithm, self.key.as_bytes()));
        Zeroizing::new(format!("{PRIVATE}{name}+{hash}+{}", *key))
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.key.sign(bytes).to_bytes()
    }
}

const PRIVATE: &str = "PRIVATE+KEY+";

impl FromStr for Signer {
    type Err = KeyError;
    /// Reads a signer's key, without white space around it.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (name, hash, algorithm, seed) = parts(text.strip_prefix(PRIVATE).ok_or(KeyError::Form)?)?;
        let signer = Self::with(name, algorithm, &Zeroizing::new(seed));
        if signer.verifier.hash == hash { Ok(signer) } else { Err(KeyError::Hash) }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}+{}…)", self.verifier.name, self.verifier.hash)
    }
}

fn parts(text: &str) -> Result<(KeyName, KeyHash, Algorithm, [u8; 32]), KeyError> {
    let mut parts = text.splitn(3, '+');
    let (Some(name), Some(hash), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(KeyError::Form);
    };
    let hash = text::unhex(hash).ok_or(KeyError::Form)?;
    let key = Zeroizing::new(text::unbase64(key).ok_or(KeyError::Form)?);
    let (algorithm, key) = key.split_first().ok_or(KeyError::Form)?;
    let algorithm = Algorithm::of(*algorithm)?;
    Ok((name.parse()?, KeyHash(hash), algorithm, key.try_into().map_err(|_length| KeyError::Form)?))
}

fn key_text(algorithm: Algorithm, key: &[u8; 32]) -> String {
    let mut bytes = Zeroizing::new(vec![algorithm.byte()]);
    bytes.extend(key);
    text::base64(&bytes)
}
