//! What the sides send each other, as bytes: a mark, the session, the points.

/// A compressed point of ristretto255.
pub(super) type Point = [u8; 32];

const BLINDED: &[u8; 8] = b"cswcmp1b";
const DOUBLED: &[u8; 8] = b"cswcmp1d";

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not the message of a comparison that is expected here")]
pub struct MessageError;

/// A side's list under its secret, in no order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blinded {
    pub(super) session: [u8; 32],
    pub(super) points: Vec<Point>,
}

/// The other's list under both secrets, in the order in which it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubled {
    pub(super) session: [u8; 32],
    pub(super) points: Vec<Point>,
}

impl Blinded {
    /// As it is sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        write(BLINDED, &self.session, &self.points)
    }

    /// Reads what was sent; whether it fits the session is looked at when it is answered.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MessageError> {
        let (session, points) = read(BLINDED, bytes)?;
        Ok(Self { session, points })
    }
}

impl Doubled {
    /// As it is sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        write(DOUBLED, &self.session, &self.points)
    }

    /// Reads what was sent.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MessageError> {
        let (session, points) = read(DOUBLED, bytes)?;
        Ok(Self { session, points })
    }
}

fn write(mark: &[u8; 8], session: &[u8; 32], points: &[Point]) -> Vec<u8> {
    [mark.as_slice(), session, points.as_flattened()].concat()
}

fn read(mark: &[u8; 8], bytes: &[u8]) -> Result<([u8; 32], Vec<Point>), MessageError> {
    let rest = bytes.strip_prefix(mark).ok_or(MessageError)?;
    let (session, rest) = rest.split_first_chunk::<32>().ok_or(MessageError)?;
    let (points, left_over) = rest.as_chunks::<32>();
    let fits = left_over.is_empty() && points.len() <= super::MOST;
    if fits { Ok((*session, points.to_vec())) } else { Err(MessageError) }
}
