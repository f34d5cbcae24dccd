//! Two sides learn which IMEIs both have on their lists, and nothing else of each other's.
//!
//! Diffie–Hellman private set intersection (Meadows 1986; Huberman, Franklin and Hogg 1999) in ristretto255 (RFC
//! 9496): each side raises the hash of each of its IMEIs to a secret of its own, then the other's to it as well. What
//! was raised to both secrets is the same on both sides for the same IMEI, and says nothing to whoever lacks one.
//!
//! ```text
//!  A: Side::new ─ Blinded ──────────────────────> B: Side::answer ─ Doubled ─> A: Waiting::conclude ─> both have
//!  B: Side::new ─ Blinded ──────────────────────> A: Side::answer ─ Doubled ─> B: Waiting::conclude ─> both have
//! ```
//!
//! **What it protects against.** Whoever reads the messages on the way, and a partner who follows the protocol and is
//! curious afterwards: both see points of which they can't tell a real one from one that was made up (under the
//! decisional Diffie–Hellman assumption, the hash as a random oracle). Lists are filled up with made-up points to a
//! size that both agreed on, so their lengths don't show either.
//!
//! **What it does not protect against.** A partner who cheats can put IMEIs on its list that it only guesses. Nothing
//! in the protocol can tell: there are a million serial numbers to a model, so a model's are tried in as many sessions
//! as a million has lists. What bounds it is the size agreed on ([`MOST`] at most) and that every session is approved
//! by people and logged; so is who asks again and again. A partner can also answer with made-up points, so that you
//! learn nothing while it learns, or drop the line when it has learnt; nothing here compels fairness. And an
//! intersection is the truth about itself: whoever is told that an IMEI is common knows that the other has it.
//!
//! IMEIs are few enough to be tried out one by one. So no hash of an IMEI may ever travel on its own, with or without
//! a salt, and a secret that gets out opens every message that it made. Hence secrets serve once: a [`Side`] is used up
//! by its one answer, can't be copied, and is wiped.

use std::collections::BTreeSet;

use curve25519_dalek::{RistrettoPoint, Scalar};
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

use crate::snapshot::Imei;

mod hash;
mod message;

use message::Point;
pub use message::{Blinded, Doubled, MessageError};

/// The largest list that is compared.
pub const MOST: usize = 10_000;

/// What both sides agree on beforehand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Names the session: 32 bytes that were never used before, such as the digest of two random halves.
    pub id: [u8; 32],
    /// How long both lists are made, with made-up points.
    pub size: usize,
}

/// Why lists are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// More than is compared.
    #[error("lists of {size} are asked for; {MOST} are compared at most, so that a cheat can't try everything")]
    Size {
        /// What was agreed on.
        size: usize,
    },
    /// Longer than agreed.
    #[error("the list has {found} IMEIs, and the sides agreed on {size}")]
    Long {
        /// How many.
        found: usize,
        /// How many were agreed on.
        size: usize,
    },
    /// Of another session.
    #[error("the message belongs to another session")]
    OtherSession,
    /// Longer or shorter than agreed: something was added or left out.
    #[error("the message has {found} points, and the sides agreed on {size}")]
    Points {
        /// How many.
        found: usize,
        /// How many were agreed on.
        size: usize,
    },
    /// One point twice: no honest list has that.
    #[error("the message has the same point twice")]
    Twice,
    /// No point of the group, or the one that tells the secret nothing and the list everything.
    #[error("point {index} is none that an honest side sends")]
    Point {
        /// From 0.
        index: usize,
    },
    /// One's own message came back.
    #[error("the message is one's own")]
    Mirror,
}

/// One side, with its secret, before it has seen anything. It answers once.
pub struct Side {
    session: Session,
    secret: Secret,
    /// In the order of the points that were sent; made-up ones have no IMEI.
    mine: Vec<(Point, Option<Imei>)>,
}

struct Secret(Scalar);

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Side {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Side(…)")
    }
}

impl Side {
    /// A side with its list, and what it sends first. The seed is 64 bytes that nobody can guess, for this session
    /// only: the secret and the made-up points come from it.
    ///
    /// # Errors
    /// Where the list is longer than agreed, or what was agreed is more than is compared.
    pub fn new(
        list: &BTreeSet<Imei>,
        session: Session,
        seed: &Zeroizing<[u8; 64]>,
    ) -> Result<(Self, Blinded), CompareError> {
        let Session { id, size } = session;
        if size > MOST {
            return Err(CompareError::Size { size });
        }
        if list.len() > size {
            return Err(CompareError::Long { found: list.len(), size });
        }
        let secret = Secret(Scalar::from_bytes_mod_order_wide(&derive(seed, b"secret", 0)));
        let blind = |point: RistrettoPoint| (point * secret.0).compress().to_bytes();
        let mut mine: Vec<(Point, Option<Imei>)> =
            list.iter().map(|imei| (blind(hash::to_group(&id, imei)), Some(imei.clone()))).collect();
        for index in list.len()..size {
            let made_up = RistrettoPoint::from_uniform_bytes(&derive(seed, b"made up", index as u64));
            mine.push((blind(made_up), None));
        }
        // The order of what looks random says nothing of the list's.
        mine.sort();
        let blinded = Blinded { session: id, points: mine.iter().map(|(point, _)| *point).collect() };
        Ok((Self { session, secret, mine }, blinded))
    }

    /// Answers the other side's list, and waits for its answer.
    ///
    /// # Errors
    /// Where it isn't what an honest side of this session sends. The secret is used up all the same.
    pub fn answer(self, theirs: &Blinded) -> Result<(Waiting, Doubled), CompareError> {
        check(&self.session, theirs.session, &theirs.points)?;
        if self.mine.iter().any(|(point, _)| theirs.points.contains(point)) {
            return Err(CompareError::Mirror);
        }
        let mut points = Vec::with_capacity(theirs.points.len());
        for (index, point) in theirs.points.iter().enumerate() {
            let point = hash::honest(point).ok_or(CompareError::Point { index })?;
            points.push((point * self.secret.0).compress().to_bytes());
        }
        let theirs = points.iter().copied().collect();
        let mine = self.mine.into_iter().map(|(_, imei)| imei).collect();
        Ok((Waiting { session: self.session, mine, theirs }, Doubled { session: self.session.id, points }))
    }
}

/// A side that has answered. It no longer has its secret.
pub struct Waiting {
    session: Session,
    mine: Vec<Option<Imei>>,
    /// The other's list under both secrets.
    theirs: BTreeSet<Point>,
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waiting(…)")
    }
}

impl Waiting {
    /// The IMEIs that both have.
    ///
    /// # Errors
    /// Where the answer isn't one to this side's list.
    pub fn conclude(self, answer: &Doubled) -> Result<BTreeSet<Imei>, CompareError> {
        check(&self.session, answer.session, &answer.points)?;
        let both = self.mine.into_iter().zip(&answer.points).filter(|(_, point)| self.theirs.contains(*point));
        Ok(both.filter_map(|(imei, _)| imei).collect())
    }
}

fn check(session: &Session, named: [u8; 32], points: &[Point]) -> Result<(), CompareError> {
    if named != session.id {
        return Err(CompareError::OtherSession);
    }
    if points.len() != session.size {
        return Err(CompareError::Points { found: points.len(), size: session.size });
    }
    let distinct: BTreeSet<&Point> = points.iter().collect();
    if distinct.len() == points.len() { Ok(()) } else { Err(CompareError::Twice) }
}

/// Bytes for one use, from the seed.
fn derive(seed: &Zeroizing<[u8; 64]>, what: &[u8], index: u64) -> Zeroizing<[u8; 64]> {
    let hash = Sha512::new().chain_update(b"cellsweep compare 1\n").chain_update(what);
    Zeroizing::new(hash.chain_update(index.to_be_bytes()).chain_update(seed.as_slice()).finalize().into())
}
