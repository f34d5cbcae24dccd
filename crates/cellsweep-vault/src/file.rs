//! The form of a sealed file.

use std::io;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Tag, XChaCha20Poly1305};

pub(crate) const MAGIC: [u8; 8] = *b"cswseal1";
pub(crate) const SALT: usize = 16;
pub(crate) const HEAD: usize = MAGIC.len() + SALT;
/// Of the plaintext. Small, so that reading a page of a table opens little beside it.
pub(crate) const PART: usize = 1 << 14;
pub(crate) const TAG: usize = 16;

/// What opens and closes a file's parts.
pub(crate) struct Parts {
    cipher: XChaCha20Poly1305,
    salt: [u8; SALT],
}

impl Parts {
    pub(crate) fn new(cipher: XChaCha20Poly1305, salt: [u8; SALT]) -> Self {
        Self { cipher, salt }
    }

    fn nonce(&self, number: u64, last: bool) -> [u8; 24] {
        let mut nonce = [0; 24];
        nonce[..SALT].copy_from_slice(&self.salt);
        nonce[SALT..23].copy_from_slice(&number.to_be_bytes()[1..]);
        nonce[23] = u8::from(last);
        nonce
    }

    /// Closes a part where it stands, and gives its tag.
    pub(crate) fn close(&self, number: u64, last: bool, part: &mut [u8]) -> io::Result<[u8; TAG]> {
        let nonce = self.nonce(number, last);
        let tag = self.cipher.encrypt_inout_detached((&nonce).into(), b"", part.into());
        tag.map(Into::into).map_err(|_length| broken("a part is too long to be sealed"))
    }

    /// Opens a part, its tag behind it, where it stands.
    pub(crate) fn open<'a>(&self, number: u64, last: bool, sealed: &'a mut [u8]) -> io::Result<&'a mut [u8]> {
        let Some(length) = sealed.len().checked_sub(TAG) else { return Err(broken(CUT)) };
        let (part, tag) = sealed.split_at_mut(length);
        let tag = Tag::try_from(&*tag).map_err(|_length| broken(CUT))?;
        let nonce = self.nonce(number, last);
        let opened = self.cipher.decrypt_inout_detached((&nonce).into(), b"", (&mut *part).into(), &tag);
        opened.map_err(|_closed| broken(CLOSED))?;
        Ok(part)
    }
}

pub(crate) const CUT: &str = "it is not a whole sealed file";
pub(crate) const CLOSED: &str = "it does not open: another key, or a changed byte";

pub(crate) fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
