//! Failures that come often have to wait, longer each time.
//!
//! A failure counts against a name as strangers try it, and apart from that as each browser tries it that has signed in
//! there before: nobody who guesses from elsewhere can lock a person's own browser out. A lock never lasts longer than
//! [`LONGEST`], and a passkey is never locked.
//!
//! A try is counted before it is looked at and taken back if it is right, so that many at once are no way around it.

use std::time::Duration;

use jiff::Timestamp;
use sqlx::Row;

use crate::AccountsError;
use crate::db::{Db, micros};

/// Failures that are free.
const FREE: i64 = 5;
/// The longest wait: an hour.
const LONGEST: Duration = Duration::from_secs(3600);
/// After this long without a failure the count begins anew: 30 days.
const FORGET_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;
/// So many times others may change the same count in the meantime.
const RACES: usize = 50;

/// How long to wait after so many failures in a row: nothing for the first ones, then 2, 4, 8 … seconds.
pub(crate) fn wait(failures: i64) -> Duration {
    match failures - FREE {
        below if below < 0 => Duration::ZERO,
        // 2^12 s is beyond the longest.
        over => Duration::from_secs(2 << over.min(11)).min(LONGEST),
    }
}

/// A try that may be made.
pub(crate) struct Try {
    key: Vec<u8>,
    /// The wait that follows if it fails.
    pub(crate) then: Duration,
}

/// Counts a try, or says how long to wait.
pub(crate) async fn begin(db: &Db, key: Vec<u8>, now: Timestamp) -> Result<Try, AccountsError> {
    for _ in 0..RACES {
        if let Some(then) = count(db, &key, micros(now)).await? {
            return Ok(Try { key, then });
        }
    }
    Err(AccountsError::Locked { wait: Duration::from_secs(1) })
}

/// `None` if somebody else counted in the meantime.
async fn count(db: &Db, key: &[u8], now: i64) -> Result<Option<Duration>, AccountsError> {
    let query = sqlx::query("SELECT failures, until, last FROM throttle WHERE id = $1").bind(key.to_vec());
    let Some(row) = db.one(query).await? else {
        let first =
            "INSERT INTO throttle (id, failures, until, last) VALUES ($1, 1, $2, $2) ON CONFLICT (id) DO NOTHING";
        let made = db.run(sqlx::query(first).bind(key.to_vec()).bind(now)).await?;
        return Ok((made == 1).then_some(wait(1)));
    };
    let (failures, until, last): (i64, i64, i64) =
        db.cells(|| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)))?;
    if until > now {
        let left = u64::try_from(until - now).unwrap_or_default();
        return Err(AccountsError::Locked { wait: Duration::from_micros(left).max(Duration::from_secs(1)) });
    }
    let next = if now - last > FORGET_MICROS { 1 } else { failures.saturating_add(1) };
    let then = wait(next);
    let until = now + i64::try_from(then.as_micros()).unwrap_or(i64::MAX / 2);
    let swap = "UPDATE throttle SET failures = $1, until = $2, last = $3 WHERE id = $4 AND failures = $5 AND last = $6";
    let swap = sqlx::query(swap).bind(next).bind(until).bind(now).bind(key.to_vec()).bind(failures).bind(last);
    Ok((db.run(swap).await? == 1).then_some(then))
}

impl Try {
    /// It was right: the count begins anew.
    pub(crate) async fn right(self, db: &Db) -> Result<(), AccountsError> {
        db.run(sqlx::query("DELETE FROM throttle WHERE id = $1").bind(self.key)).await.map(|_count| ())
    }
}

/// Forgets counts that no longer matter.
pub(crate) async fn forget(db: &Db, now: Timestamp) -> Result<(), AccountsError> {
    let before = micros(now).saturating_sub(FORGET_MICROS);
    db.run(sqlx::query("DELETE FROM throttle WHERE last < $1").bind(before)).await.map(|_count| ())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_wait_grows_and_ends() {
        let check = |failures, seconds| assert_eq!(wait(failures), Duration::from_secs(seconds), "{failures}");
        check(0, 0);
        check(4, 0);
        check(5, 2);
        check(6, 4);
        check(15, 2048);
        check(16, 3600);
        check(i64::MAX, 3600);
    }

    proptest! {
        #[test]
        fn more_failures_never_wait_less(failures in 0..i64::MAX - 1) {
            prop_assert!(wait(failures) <= wait(failures + 1));
            prop_assert!(wait(failures) <= LONGEST);
        }
    }
}
