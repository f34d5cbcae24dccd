//! Witnesses' co-signatures (C2SP tlog-cosignature, `cosignature/v1`): somebody else saw this checkpoint, at this
//! time, and found that it continues the one they had seen before.

use std::fmt;

use jiff::Timestamp;

use crate::key::{Algorithm, KeyHash, KeyName, Signer, Verifier};
use crate::note::{Note, SignatureError, SignatureLine, wrong};

/// A witness's co-signature that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witnessed {
    /// Who.
    pub by: KeyName,
    /// With which of its keys.
    pub key: KeyHash,
    /// When it says that it saw the checkpoint, to the second.
    pub at: Timestamp,
}

impl fmt::Display for Witnessed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at {}", self.by, self.at)
    }
}

/// Why a checkpoint was not co-signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CosignError {
    /// The key signs notes; a witness's says `cosignature/v1`.
    #[error("the key is not a witness's: its algorithm is not 4")]
    Key,
    /// A co-signature's time counts from 1970.
    #[error("a co-signature's time can't lie before 1970")]
    Time,
    /// What came back is another text.
    #[error("what the witness gave back is another checkpoint than the one that is kept")]
    Text,
    /// More than a hundred signatures.
    #[error("the checkpoint would have more than 100 signatures")]
    Many,
}

/// Adds a witness's co-signature to a checkpoint's note.
///
/// The witness has checked before that the checkpoint continues the last one that it signed.
///
/// # Errors
/// Where the key is not a witness's, or the time lies before 1970.
pub fn cosign(note: &mut Note, witness: &Signer, at: Timestamp) -> Result<(), CosignError> {
    if witness.verifier().algorithm() != Algorithm::Cosignature {
        return Err(CosignError::Key);
    }
    let seconds = u64::try_from(at.as_second()).map_err(|_negative| CosignError::Time)?;
    let signature = witness.sign(message(note, seconds).as_bytes());
    note.add(witness.verifier(), [seconds.to_be_bytes().as_slice(), &signature].concat());
    Ok(())
}

/// Takes what a witness gave back into the checkpoint that is kept, whichever of the log's keys signed it; how many
/// signatures are new.
///
/// Lines are only added, and none in the log's own name: a hand-over checkpoint must keep both its keys' signatures,
/// whatever the witness left out. Whether the new ones fit is for whoever has the witness's key ([`witnessed`]).
///
/// # Errors
/// Where it is another checkpoint, or there would be too many signatures; nothing is added then.
pub fn add_cosigned(kept: &mut Note, given: &Note) -> Result<usize, CosignError> {
    if kept.text() != given.text() {
        return Err(CosignError::Text);
    }
    let origin = kept.text().lines().next().unwrap_or_default();
    let mut new: Vec<SignatureLine> = Vec::new();
    for line in given.signatures().iter().filter(|line| line.name.as_str() != origin) {
        if !kept.signatures().contains(line) && !new.contains(line) {
            new.push(line.clone());
        }
    }
    let added = new.len();
    if kept.extend(new) { Ok(added) } else { Err(CosignError::Many) }
}

/// The co-signature of one witness.
///
/// # Errors
/// Where this witness didn't sign, or its signature doesn't fit.
pub fn witnessed(note: &Note, witness: &Verifier) -> Result<Witnessed, SignatureError> {
    let line = note.line_of(witness)?;
    let read = || {
        let (seconds, signature) = line.bytes.split_first_chunk::<8>()?;
        let seconds = u64::from_be_bytes(*seconds);
        let signature: &[u8; 64] = signature.try_into().ok()?;
        let fits = witness.algorithm() == Algorithm::Cosignature
            && witness.signed(message(note, seconds).as_bytes(), signature);
        let at = Timestamp::from_second(i64::try_from(seconds).ok()?).ok()?;
        fits.then(|| Witnessed { by: witness.name().clone(), key: witness.hash(), at })
    };
    read().ok_or_else(|| wrong(witness))
}

fn message(note: &Note, seconds: u64) -> String {
    format!("cosignature/v1\ntime {seconds}\n{}", note.text())
}
