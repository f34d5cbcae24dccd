//! A case's key under lock: by a passphrase (Argon2id, RFC 9106) or by a key file. One line of text each.
//!
//! ```text
//! cellsweep-case-key/1 argon2id m=65536,t=3,p=4 SALT BOX
//! cellsweep-case-key/1 file BOX
//! cellsweep-key-file/1 KEY
//! ```
//!
//! SALT, BOX and KEY are base64. A box is bound to all that stands before it in its line.

use std::fmt;
use std::str::FromStr;

use argon2::{Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::seal::{CaseKey, SealError, decrypt, encrypt, key_of};
use crate::text;

const CASE_KEY: &str = "cellsweep-case-key/1";
const KEY_FILE: &str = "cellsweep-key-file/1 ";

/// Why a case stays locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// The line is not one of ours.
    #[error("this is not a locked case key, or a newer program made it")]
    Form,
    /// Not a key file of ours.
    #[error("this is not a key file")]
    KeyFile,
    /// It takes the other kind of key.
    #[error("the key is locked by {0}")]
    Other(&'static str),
    /// More memory or passes than any setting of ours.
    #[error("Argon2id takes 8 KiB a lane to 4 GiB of memory, 1 to 64 passes and 1 to 64 lanes")]
    Cost,
    /// It doesn't open.
    #[error("the passphrase or key file is another one, or the line was changed")]
    Closed,
}

impl From<SealError> for LockError {
    fn from(_: SealError) -> Self {
        Self::Closed
    }
}

/// What a guess at the passphrase costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// RFC 9106's second choice: 64 MiB, three passes, four lanes.
    fn default() -> Self {
        Self { memory_kib: 1 << 16, passes: 3, lanes: 4 }
    }
}

impl Cost {
    /// A line that was changed must not take a machine's memory.
    fn params(self) -> Result<Params, LockError> {
        let bounded = self.memory_kib <= 4 << 20 && (1..=64).contains(&self.passes) && (1..=64).contains(&self.lanes);
        let params = bounded.then(|| Params::new(self.memory_kib, self.passes, self.lanes, Some(32)));
        params.and_then(Result::ok).ok_or(LockError::Cost)
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "m={},t={},p={}", self.memory_kib, self.passes, self.lanes)
    }
}

impl FromStr for Cost {
    type Err = LockError;
    fn from_str(text: &str) -> Result<Self, LockError> {
        let mut parts = text.split(',');
        let mut next = |key| {
            let part = parts.next().and_then(|part: &str| part.strip_prefix(key)).and_then(text::number);
            part.and_then(|number| u32::try_from(number).ok()).ok_or(LockError::Form)
        };
        let cost = Self { memory_kib: next("m=")?, passes: next("t=")?, lanes: next("p=")? };
        if parts.next().is_none() { Ok(cost) } else { Err(LockError::Form) }
    }
}

/// A key file's key: for who would rather keep a stick in a safe than remember a phrase.
pub struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    /// From 32 bytes that nobody can guess.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The file's content, which is secret. Wiped when dropped.
    pub fn to_secret_text(&self) -> Zeroizing<String> {
        let key = Zeroizing::new(text::base64(self.0.as_slice()));
        Zeroizing::new(format!("{KEY_FILE}{}\n", *key))
    }
}

impl FromStr for FileKey {
    type Err = LockError;
    fn from_str(text: &str) -> Result<Self, LockError> {
        let key = text.trim_end().strip_prefix(KEY_FILE).and_then(text::unbase64).map(Zeroizing::new);
        key.and_then(|key| key_of(&key).ok()).map(Self).ok_or(LockError::KeyFile)
    }
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileKey(…)")
    }
}

impl CaseKey {
    /// The key locked by a passphrase: a line to store. Salt and nonce are drawn anew each time.
    ///
    /// # Errors
    /// Where the cost is out of bounds.
    pub fn lock_by_passphrase(
        &self,
        passphrase: &str,
        cost: Cost,
        salt: &[u8; 16],
        nonce: &[u8; 24],
    ) -> Result<String, LockError> {
        let head = format!("{CASE_KEY} argon2id {cost} {} ", text::base64(salt));
        let sealed = encrypt(&stretch(passphrase, cost, salt)?, head.as_bytes(), nonce, self.0.as_slice())?;
        Ok(head + &text::base64(&sealed))
    }

    /// The key locked by a key file: a line to store. The nonce is drawn anew each time.
    ///
    /// # Errors
    /// Never in practice: 32 bytes are not too long.
    pub fn lock_by_file(&self, file: &FileKey, nonce: &[u8; 24]) -> Result<String, LockError> {
        let head = format!("{CASE_KEY} file ");
        let sealed = encrypt(&file.0, head.as_bytes(), nonce, self.0.as_slice())?;
        Ok(head + &text::base64(&sealed))
    }

    /// The key out of a line that a passphrase locks.
    ///
    /// # Errors
    /// Where the line isn't one, or the passphrase is another.
    pub fn unlock_by_passphrase(line: &str, passphrase: &str) -> Result<Self, LockError> {
        let Locked { head, how, sealed } = read(line)?;
        let ["argon2id", cost, salt] = how.as_slice() else { return Err(LockError::Other("a key file")) };
        let salt: [u8; 16] = text::unbase64(salt).and_then(|salt| salt.try_into().ok()).ok_or(LockError::Form)?;
        let key = stretch(passphrase, cost.parse()?, &salt)?;
        Ok(Self(key_of(&decrypt(&key, head.as_bytes(), &sealed)?)?))
    }

    /// The key out of a line that a key file locks.
    ///
    /// # Errors
    /// Where the line isn't one, or the key file is another.
    pub fn unlock_by_file(line: &str, file: &FileKey) -> Result<Self, LockError> {
        let Locked { head, how, sealed } = read(line)?;
        let ["file"] = how.as_slice() else { return Err(LockError::Other("a passphrase")) };
        Ok(Self(key_of(&decrypt(&file.0, head.as_bytes(), &sealed)?)?))
    }
}

/// A line, taken apart.
struct Locked<'a> {
    /// All that stands before the box.
    head: &'a str,
    /// Which lock, and its settings.
    how: Vec<&'a str>,
    sealed: Vec<u8>,
}

fn read(line: &str) -> Result<Locked<'_>, LockError> {
    let line = line.trim_end();
    let at = line.rfind(' ').ok_or(LockError::Form)? + 1;
    let (head, sealed) = line.split_at(at);
    let mut words = head.trim_end().split(' ');
    if words.next() != Some(CASE_KEY) {
        return Err(LockError::Form);
    }
    Ok(Locked { head, how: words.collect(), sealed: text::unbase64(sealed).ok_or(LockError::Form)? })
}

fn stretch(passphrase: &str, cost: Cost, salt: &[u8; 16]) -> Result<Zeroizing<[u8; 32]>, LockError> {
    let argon = Argon2::new(argon2::Algorithm::Argon2id, Version::V0x13, cost.params()?);
    let mut key = Zeroizing::new([0; 32]);
    argon.hash_password_into(passphrase.as_bytes(), salt, key.as_mut_slice()).map_err(|_length| LockError::Cost)?;
    Ok(key)
}
