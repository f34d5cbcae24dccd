//! Pieces that are kept one by one, each at a place of its own: a line of a journal, a row of a table.

use std::io;

use chacha20poly1305::aead::AeadInOut;
use chacha20poly1305::{Tag, XChaCha20Poly1305};

use crate::Keeping;
use crate::file::{CLOSED, CUT, TAG, broken};

const NONCE: usize = 24;

impl Keeping {
    /// A piece as it is to be kept: as it is, or 24 bytes that are drawn for it alone, what they seal, and a tag of 16
    /// bytes. A sealed piece opens at its own place only: pieces can't change places without notice.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn close_piece(&self, place: &str, piece: &[u8]) -> io::Result<Vec<u8>> {
        let Self::Sealed(key) = self else { return Ok(piece.to_vec()) };
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| broken(&format!("no random numbers: {error}")))?;
        let mut kept = [nonce.as_slice(), piece].concat();
        let tag = key.cipher().encrypt_inout_detached((&nonce).into(), &beside(place), (&mut kept[NONCE..]).into());
        kept.extend(tag.map_err(|_length| broken("a piece is too long to be sealed"))?);
        Ok(kept)
    }

    /// A piece from what was kept of it at this place.
    ///
    /// # Errors
    /// When it was sealed under another key or for another place, or isn't as it was written.
    pub fn open_piece(&self, place: &str, mut kept: Vec<u8>) -> io::Result<Vec<u8>> {
        let Self::Sealed(key) = self else { return Ok(kept) };
        let end = kept.len().checked_sub(TAG).filter(|end| *end >= NONCE).ok_or_else(|| broken(CUT))?;
        let tag = Tag::try_from(&kept[end..]).map_err(|_length| broken(CUT))?;
        let nonce: [u8; NONCE] = kept[..NONCE].try_into().map_err(|_length| broken(CUT))?;
        let cipher: XChaCha20Poly1305 = key.cipher();
        let opened =
            cipher.decrypt_inout_detached((&nonce).into(), &beside(place), (&mut kept[NONCE..end]).into(), &tag);
        opened.map_err(|_closed| broken(CLOSED))?;
        kept.truncate(end);
        kept.drain(..NONCE);
        Ok(kept)
    }
}

/// What is sealed along: no part of a file is ever a piece.
fn beside(place: &str) -> Vec<u8> {
    ["cswpiece1 ", place].concat().into_bytes()
}
