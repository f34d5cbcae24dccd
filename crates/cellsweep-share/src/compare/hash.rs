//! IMEIs to points: `ristretto255_XMD:SHA-512_R255MAP_RO_` (RFC 9380 appendix B).

use curve25519_dalek::RistrettoPoint;
use curve25519_dalek::ristretto::CompressedRistretto;
use curve25519_dalek::traits::Identity;
use sha2::{Digest, Sha512};

use super::message::Point;
use crate::snapshot::Imei;

/// Keeps our hashes apart from everybody else's.
const DOMAIN: &[u8] = b"cellsweep-compare-V01-CS01-with-ristretto255_XMD:SHA-512_R255MAP_RO_";

/// An IMEI's point in a session: two sessions have nothing in common.
pub(super) fn to_group(session: &[u8; 32], imei: &Imei) -> RistrettoPoint {
    let message = [session.as_slice(), imei.as_str().as_bytes()].concat();
    RistrettoPoint::from_uniform_bytes(&expand(&message, DOMAIN))
}

/// 64 bytes of `expand_message_xmd` with SHA-512 (RFC 9380 §5.3.1), for which one block is enough.
fn expand(message: &[u8], domain: &[u8]) -> [u8; 64] {
    const BLOCK: [u8; 128] = [0; 128];
    let suffix = [domain, &[domain.len() as u8]].concat();
    let first = Sha512::new().chain_update(BLOCK).chain_update(message).chain_update([0, 64, 0]).chain_update(&suffix);
    Sha512::new().chain_update(first.finalize()).chain_update([1]).chain_update(&suffix).finalize().into()
}

/// The point behind bytes that an honest side sends: in its one encoding, and not the identity.
pub(super) fn honest(bytes: &Point) -> Option<RistrettoPoint> {
    let point = CompressedRistretto(*bytes).decompress()?;
    (point != RistrettoPoint::identity()).then_some(point)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 9497 appendix A.1.1.1 (OPRF, ristretto255): the blinded element is the input's point times the blind.
    #[test]
    fn hashing_to_the_group_is_rfc_9497_s() {
        let domain = b"HashToGroup-OPRFV1-\x00-ristretto255-SHA512";
        let blind = unhex("64d37aed22a27f5191de1c1d69fadb899d8862b58eb4220029e036ec4c1f6706");
        let blind = curve25519_dalek::Scalar::from_canonical_bytes(blind).unwrap();
        let point = RistrettoPoint::from_uniform_bytes(&expand(&[0x00], domain)) * blind;
        let expected = unhex("609a0ae68c15a3cf6903766461307e5c8bb2f95e7e6550e1ffa2dc99e412803c");
        assert_eq!(point.compress().to_bytes(), expected);
    }

    fn unhex(text: &str) -> [u8; 32] {
        let bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).unwrap()).collect();
        bytes.try_into().unwrap()
    }
}
