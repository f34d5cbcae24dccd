//! What is kept and has to be read again (authenticators' secrets, passkeys, ceremonies under way) is sealed with a key of the
//! caller's: a copy of the database alone gives none of it away.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::AccountsError;
use crate::token::random;

/// The key of the office's accounts, which lies somewhere else than the database.
#[derive(Clone)]
pub struct SealKey {
    seal: Zeroizing<[u8; 32]>,
    mac: Zeroizing<[u8; 32]>,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

const NONCE: usize = 24;

impl SealKey {
    /// The keys that follow from 32 bytes drawn at random.
    ///
    /// # Errors
    /// None: a MAC takes a key of any length.
    pub fn new(bytes: &[u8; 32]) -> Result<Self, AccountsError> {
        Ok(Self {
            seal: derive(bytes, b"cellsweep-accounts/1 seal")?,
            mac: derive(bytes, b"cellsweep-accounts/1 mac")?,
        })
    }

    /// Seals `clear` for one place: sealed there it opens nowhere else.
    pub(crate) fn seal(&self, place: &str, clear: &[u8]) -> Result<Vec<u8>, AccountsError> {
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: clear, aad: place.as_bytes() };
        let sealed = self.cipher().encrypt((&*nonce).into(), payload).map_err(AccountsError::internal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for that place; `what` is what it is called where it doesn't open.
    pub(crate) fn open_for(
        &self,
        place: &str,
        what: &'static str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, AccountsError> {
        let kept = || AccountsError::kept(what);
        let (nonce, rest) = sealed.split_first_chunk::<NONCE>().ok_or_else(kept)?;
        let payload = Payload { msg: rest, aad: place.as_bytes() };
        let clear = self.cipher().decrypt(nonce.into(), payload).map_err(|_not_ours| kept())?;
        Ok(Zeroizing::new(clear))
    }

    /// A keyed digest, for what has to be found again and not read.
    pub(crate) fn digest(&self, place: &str, data: &[u8]) -> Result<Vec<u8>, AccountsError> {
        Ok(hmac(self.mac.as_slice(), &[place.as_bytes(), &[0], data])?.to_vec())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key: &[u8; 32] = &self.seal;
        XChaCha20Poly1305::new(key.into())
    }
}

fn derive(bytes: &[u8; 32], label: &[u8]) -> Result<Zeroizing<[u8; 32]>, AccountsError> {
    hmac(bytes, &[label])
}

/// HMAC-SHA256 of parts in a row.
pub(crate) fn hmac(key: &[u8], parts: &[&[u8]]) -> Result<Zeroizing<[u8; 32]>, AccountsError> {
    let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(key).map_err(AccountsError::internal)?;
    for part in parts {
        mac.update(part);
    }
    Ok(Zeroizing::new(mac.finalize().into_bytes().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_with_its_key_at_its_place() {
        let (key, other) = (SealKey::new(&[1; 32]).unwrap(), SealKey::new(&[2; 32]).unwrap());
        let sealed = key.seal("here", b"secret").unwrap();
        assert_eq!(key.open_for("here", "it", &sealed).unwrap().as_slice(), b"secret");
        assert!(key.open_for("there", "it", &sealed).is_err());
        assert!(other.open_for("here", "it", &sealed).is_err());
        assert!(key.open_for("here", "it", &sealed[..10]).is_err());
        let mut changed = sealed;
        *changed.last_mut().unwrap() ^= 1;
        assert!(key.open_for("here", "it", &changed).is_err());
    }
}
