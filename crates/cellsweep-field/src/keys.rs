//! Keys and signatures: what the pure protocol leaves to whoever calls it.

use std::fmt;

use cellsweep_sweep::{DeviceKey, PublicKey, Signature};
use ed25519_dalek::Signer as _;
use p256::ecdsa::signature::Verifier as _;
use sha2::{Digest as _, Sha256};

/// Whether a signature over a text's bytes fits a public key: Ed25519 (RFC 8032, strict), or ECDSA on P-256 with
/// SHA-256 (FIPS 186-5). What is no key or no signature fits nothing.
pub fn verify(key: &PublicKey, text: &str, signature: &Signature) -> bool {
    let Some(signature) = unhex::<64>(signature.as_str()) else { return false };
    match key.as_str().strip_prefix("p256:") {
        Some(point) => p256_fits(point, text, &signature),
        None => ed25519_fits(key.as_str(), text, &signature),
    }
}

fn ed25519_fits(key: &str, text: &str, signature: &[u8; 64]) -> bool {
    let key = unhex::<32>(key).and_then(|bytes| ed25519_dalek::VerifyingKey::from_bytes(&bytes).ok());
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    key.is_some_and(|key| key.verify_strict(text.as_bytes(), &signature).is_ok())
}

fn p256_fits(point: &str, text: &str, signature: &[u8; 64]) -> bool {
    let key = unhex::<65>(point).and_then(|bytes| p256::ecdsa::VerifyingKey::from_sec1_bytes(&bytes).ok());
    let signature = p256::ecdsa::Signature::from_slice(signature).ok();
    key.zip(signature).is_some_and(|(key, signature)| key.verify(text.as_bytes(), &signature).is_ok())
}

/// The name that a device with this key has: `d` and the first 32 digits of the SHA-256 of the key's text. Nobody can
/// take another device's name without its key.
///
/// # Errors
/// Never in practice: the name is always one that devices may have.
pub fn device_of(key: &PublicKey) -> Result<DeviceKey, cellsweep_sweep::IdError> {
    let digest = hex(&Sha256::digest(key.as_str()));
    format!("d{}", &digest[..32]).parse()
}

/// The command post's own key. Redacted in `Debug`.
pub struct PostKey {
    key: ed25519_dalek::SigningKey,
    public: PublicKey,
    device: DeviceKey,
}

impl PostKey {
    /// From a secret of 32 random bytes, which whoever calls keeps sealed.
    ///
    /// # Errors
    /// Never in practice: each 32 bytes are a key.
    pub fn new(secret: &[u8; 32]) -> Result<Self, cellsweep_sweep::IdError> {
        let key = ed25519_dalek::SigningKey::from_bytes(secret);
        let public: PublicKey = hex(key.verifying_key().as_bytes()).parse()?;
        let device = device_of(&public)?;
        Ok(Self { key, public, device })
    }

    /// Its public key.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The name under which the command post enters.
    pub fn device(&self) -> &DeviceKey {
        &self.device
    }

    /// Signs a text's bytes.
    ///
    /// # Errors
    /// Never in practice: a signature has 128 digits.
    pub fn sign(&self, text: &str) -> Result<Signature, cellsweep_sweep::IdError> {
        hex(&self.key.sign(text.as_bytes()).to_bytes()).parse()
    }
}

impl fmt::Debug for PostKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostKey({})", self.device)
    }
}

/// SHA-256 as 64 digits.
pub(crate) fn sha256(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lowercase hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let bytes = text.as_bytes();
    if bytes.len() != 2 * N {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}
