//! Time stamps (RFC 3161) over a checkpoint's exact bytes: somebody else says that it existed then.
//!
//! A response is read as far as it takes to see what was stamped and when. The authority's signature (CMS) is not
//! checked here, for it takes a certificate that is trusted and its revocation: `openssl ts -verify` does that.

use std::fmt;

use der::asn1::{AnyRef, ObjectIdentifier};
use der::{Decode, Encode, Reader, SliceReader, Tag, Tagged};
use jiff::Timestamp;

use crate::hash::Hash;
use crate::text;

const SHA_256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// AlgorithmIdentifier of SHA-256: the object identifier, and NULL as most software expects.
const SHA_256_ALGORITHM: [u8; 15] = [48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, 1, 5, 0];

/// Why a time stamp doesn't hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StampError {
    /// Not a response in DER.
    #[error("this is not a time stamp response (RFC 3161) in DER: {0}")]
    Form(&'static str),
    /// The authority refused.
    #[error("the authority granted no stamp: status {0}")]
    Refused(u64),
    /// Another hash than SHA-256.
    #[error("the stamp is over another hash than SHA-256")]
    Algorithm,
    /// Another file was stamped.
    #[error("the stamp is of other bytes than these")]
    Imprint,
    /// The answer to another request.
    #[error("the stamp answers another request: its nonce is not the one that was sent")]
    Nonce,
}

impl From<der::Error> for StampError {
    fn from(_: der::Error) -> Self {
        Self::Form("broken off or malformed")
    }
}

/// A request (TimeStampReq in DER) for a stamp over these bytes; the answer is to bring its certificate along.
///
/// The nonce, 64 bits that nobody can guess, shows that the answer is fresh.
pub fn stamp_request(bytes: &[u8], nonce: u64) -> Vec<u8> {
    let imprint = sequence(&[SHA_256_ALGORITHM.as_slice(), &[4, 32], &Hash::of(bytes).0].concat());
    let nonce = nonce.to_der().unwrap_or_default();
    // Version 1; certReq is true.
    sequence(&[[2, 1, 1].as_slice(), &imprint, &nonce, &[1, 1, 255]].concat())
}

/// A DER sequence of a content below 128 bytes.
fn sequence(content: &[u8]) -> Vec<u8> {
    [&[48, content.len().to_le_bytes()[0]], content].concat()
}

/// What a time stamp says. That the authority said it is for `openssl ts -verify` to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When the authority says that the bytes existed, to the microsecond.
    pub at: Timestamp,
    /// SHA-256 of the stamped bytes.
    pub imprint: Hash,
    /// The authority's number for it, in hexadecimal.
    pub serial: String,
    /// The policy under which it was given.
    pub policy: String,
    /// The nonce of the request, its leading zeros left out.
    nonce: Option<Vec<u8>>,
}

impl Stamp {
    /// Reads a response (TimeStampResp in DER).
    ///
    /// # Errors
    /// Where it isn't one, was refused, or is over another hash than SHA-256.
    pub fn read(response: &[u8]) -> Result<Self, StampError> {
        let response = children(AnyRef::from_der(response)?)?;
        let [status, rest @ ..] = response.as_slice() else { return Err(StampError::Form("no status")) };
        let status = children(*status)?.first().map(|status| status.decode_as::<u64>()).transpose()?;
        match status {
            // Granted, and granted with changes.
            Some(0 | 1) => {}
            Some(refused) => return Err(StampError::Refused(refused)),
            None => return Err(StampError::Form("no status")),
        }
        let [token] = rest else { return Err(StampError::Form("no token")) };
        info(signed_content(*token)?)
    }

    /// Whether these bytes were stamped.
    ///
    /// # Errors
    /// Where others were.
    pub fn check(&self, bytes: &[u8]) -> Result<(), StampError> {
        if self.imprint == Hash::of(bytes) { Ok(()) } else { Err(StampError::Imprint) }
    }

    /// Whether it answers the request with this nonce.
    ///
    /// # Errors
    /// Where it answers another.
    pub fn check_nonce(&self, nonce: u64) -> Result<(), StampError> {
        let bytes = nonce.to_be_bytes();
        let expected = without_zeros(&bytes);
        if self.nonce.as_deref() == Some(expected) { Ok(()) } else { Err(StampError::Nonce) }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (number {}, policy {})", self.at, self.serial, self.policy)
    }
}

/// TSTInfo's bytes: ContentInfo → SignedData → EncapsulatedContentInfo.
fn signed_content(token: AnyRef<'_>) -> Result<&[u8], StampError> {
    let content = explicit(&children(token)?, &SIGNED_DATA).ok_or(StampError::Form("the token is not signed data"))?;
    let signed = children(content?)?;
    let encapsulated = signed.get(2).ok_or(StampError::Form("the token has no content"))?;
    let no_info = StampError::Form("the token's content is not a time stamp");
    let octets = explicit(&children(*encapsulated)?, &TST_INFO).ok_or(no_info)??;
    if octets.tag() == Tag::OctetString { Ok(octets.value()) } else { Err(no_info) }
}

/// What is tagged \[0\] behind this object identifier.
fn explicit<'a>(members: &[AnyRef<'a>], kind: &ObjectIdentifier) -> Option<Result<AnyRef<'a>, StampError>> {
    let [named, tagged, ..] = members else { return None };
    let good = named.decode_as::<ObjectIdentifier>().is_ok_and(|found| found == *kind) && is_tagged(tagged, 0);
    good.then(|| Ok(AnyRef::from_der(tagged.value())?))
}

fn is_tagged(any: &AnyRef<'_>, number: u32) -> bool {
    matches!(any.tag(), Tag::ContextSpecific { number: found, .. } if found.value() == number)
}

/// TSTInfo: version, policy, imprint, serial, time, then what may be left out.
fn info(bytes: &[u8]) -> Result<Stamp, StampError> {
    let members = children(AnyRef::from_der(bytes)?)?;
    let [_, policy, imprint, serial, time, rest @ ..] = members.as_slice() else {
        return Err(StampError::Form("the time stamp has too few members"));
    };
    let nonce = rest.iter().find(|member| member.tag() == Tag::Integer);
    Ok(Stamp {
        at: generalized_time(*time)?,
        imprint: message_imprint(*imprint)?,
        serial: text::hex(integer(*serial)?),
        policy: policy.decode_as::<ObjectIdentifier>()?.to_string(),
        nonce: nonce.map(|nonce| integer(*nonce).map(<[u8]>::to_vec)).transpose()?,
    })
}

fn message_imprint(imprint: AnyRef<'_>) -> Result<Hash, StampError> {
    let members = children(imprint)?;
    let [algorithm, digest] = members.as_slice() else { return Err(StampError::Form("no imprint")) };
    let algorithm = children(*algorithm)?.first().map(|named| named.decode_as::<ObjectIdentifier>()).transpose()?;
    let digest = (digest.tag() == Tag::OctetString).then(|| digest.value().try_into().ok()).flatten();
    match (algorithm, digest) {
        (Some(SHA_256), Some(digest)) => Ok(Hash(digest)),
        _ => Err(StampError::Algorithm),
    }
}

/// `YYYYMMDDhhmmss[.s…]Z`; DER's reader of its own knows no fractions, which RFC 3161 allows.
fn generalized_time(time: AnyRef<'_>) -> Result<Timestamp, StampError> {
    let bad = StampError::Form("no time that RFC 3161 allows");
    let text = std::str::from_utf8(time.value()).ok().filter(|text| text.is_ascii() && text.len() >= 15).ok_or(bad)?;
    if time.tag() != Tag::GeneralizedTime {
        return Err(bad);
    }
    let part = |from: usize, to: usize| &text[from..to];
    let (date, clock) = ([part(0, 4), part(4, 6), part(6, 8)].join("-"), [part(8, 10), part(10, 12)].join(":"));
    format!("{date}T{clock}:{}", &text[12..]).parse().map_err(|_time| bad)
}

/// An integer's bytes without leading zeros.
fn integer(any: AnyRef<'_>) -> Result<&[u8], StampError> {
    if any.tag() == Tag::Integer { Ok(without_zeros(any.value())) } else { Err(StampError::Form("no number")) }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[zeros..]
}

/// What stands in a sequence.
fn children(any: AnyRef<'_>) -> Result<Vec<AnyRef<'_>>, StampError> {
    if any.tag() != Tag::Sequence {
        return Err(StampError::Form("a sequence is missing"));
    }
    let mut reader = SliceReader::new(any.value())?;
    let mut members = Vec::new();
    while !reader.is_finished() {
        members.push(AnyRef::decode(&mut reader)?);
    }
    Ok(members)
}
