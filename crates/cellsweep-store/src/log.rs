//! A case's append-only logs in its database: entries, the tree's stored hashes, checkpoints.

use std::collections::HashMap;

use cellsweep_proof::{Hash, LogKind, tree};
use sqlx::Row;

use crate::StoreError;
use crate::db::{Db, Tx};

/// What signs a log's state: gets its size and root, gives the signed checkpoint.
pub(crate) type Sign<'a> = &'a dyn Fn(u64, Hash) -> Result<Vec<u8>, StoreError>;

/// Makes the bytes of the entry at an index.
pub(crate) type Make<'a> = &'a mut dyn FnMut(u64) -> Result<Vec<u8>, StoreError>;

/// Data keys to keep with new entries, and to destroy with them.
#[derive(Default)]
pub(crate) struct KeyChanges {
    pub kept: Vec<(String, Vec<u8>)>,
    pub destroyed: Vec<String>,
    /// A log whose oldest entries go with this one: which, up to which entry, and what is kept of them.
    pub closed: Option<(LogKind, u64, Vec<u8>)>,
    /// Secrets that take the place of others.
    pub secrets: Vec<(String, Vec<u8>)>,
}

/// Appends `count` entries and a checkpoint over them, in one transaction: whoever else appends
/// waits, so that there is no fork and no gap. Gives the first one's index.
///
/// Data keys lie in a database of their own. Those to keep are there before an entry needs them, and one that no entry
/// came to need is nobody's; those to destroy go when an entry says so, and whoever opens the case next destroys what
/// a killed process left of them ([`destroy`]).
pub(crate) fn append(
    db: &Db,
    log: LogKind,
    count: u64,
    make: Make<'_>,
    sign: Sign<'_>,
    keys: &KeyChanges,
) -> Result<u64, StoreError> {
    keep(db, &keys.kept)?;
    let mut failed = None;
    let appended = db.write(async |tx| {
        let Some(first) = claim(tx, log, count).await? else {
            return Err(give_up(&mut failed, StoreError::Moved { place: db.place().to_owned() }));
        };
        let mut frontier = frontier(tx, log, first).await?;
        for n in first..first + count {
            let bytes = match make(n) {
                Ok(bytes) => bytes,
                Err(error) => return Err(give_up(&mut failed, error)),
            };
            let position = tree::stored_index(0, n);
            let hashes = frontier.append(Hash::leaf(&bytes));
            insert(tx, log, n, bytes, position, hashes).await?;
        }
        for (name, sealed) in &keys.secrets {
            let query = sqlx::query("UPDATE secret SET sealed = $1 WHERE name = $2");
            query.bind(sealed.clone()).bind(name.clone()).execute(&mut **tx).await?;
        }
        if let Some((log, until, closed)) = &keys.closed {
            close(tx, *log, *until, closed).await?;
        }
        let note = match sign(frontier.size(), frontier.root()) {
            Ok(note) => note,
            Err(error) => return Err(give_up(&mut failed, error)),
        };
        sqlx::query("INSERT INTO log_checkpoint (log, size, note) VALUES ($1, $2, $3)")
            .bind(log.as_str())
            .bind(frontier.size() as i64)
            .bind(note)
            .execute(&mut **tx)
            .await?;
        Ok(first)
    });
    if let Some(error) = failed {
        return Err(error);
    }
    let first = appended?;
    if keys.closed.is_some() || !keys.secrets.is_empty() {
        db.forget()?;
    }
    destroy(db, &keys.destroyed)?;
    Ok(first)
}

/// Keeps data keys. One of the same name is what a step left that was killed before its entry was written.
fn keep(db: &Db, kept: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    if kept.is_empty() {
        return Ok(());
    }
    db.keys().write(async |tx| {
        for (id, wrapped) in kept {
            sqlx::query("DELETE FROM data_key WHERE id = $1").bind(id.clone()).execute(&mut **tx).await?;
            let query = sqlx::query("INSERT INTO data_key (id, wrapped) VALUES ($1, $2)");
            query.bind(id.clone()).bind(wrapped.clone()).execute(&mut **tx).await?;
        }
        Ok(())
    })
}

/// Destroys data keys; those that aren't there are destroyed already.
pub(crate) fn destroy(db: &Db, names: &[String]) -> Result<(), StoreError> {
    if names.is_empty() {
        return Ok(());
    }
    db.keys().write(async |tx| {
        for id in names {
            sqlx::query("DELETE FROM data_key WHERE id = $1").bind(id.clone()).execute(&mut **tx).await?;
        }
        Ok(())
    })?;
    db.keys().forget()
}

/// The wrapped data keys by name.
pub(crate) fn data_keys(db: &Db) -> Result<HashMap<String, Vec<u8>>, StoreError> {
    let db = db.keys();
    let rows = db.wait(sqlx::query("SELECT id, wrapped FROM data_key").fetch_all(db.pool()))?;
    db.wait(async { rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect() })
}

/// Rolls the transaction back for a reason of our own.
fn give_up(failed: &mut Option<StoreError>, error: StoreError) -> sqlx::Error {
    *failed = Some(error);
    sqlx::Error::WorkerCrashed
}

/// Takes the next `count` indices: the row's lock is held until the transaction ends. `None` where the logs are leaving
/// this database ([`leave`]).
async fn claim(tx: &mut Tx, log: LogKind, count: u64) -> Result<Option<u64>, sqlx::Error> {
    let row = sqlx::query("UPDATE log_head SET size = size + $1 WHERE log = $2 AND size >= 0 RETURNING size")
        .bind(count as i64)
        .bind(log.as_str())
        .fetch_optional(&mut **tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let size: i64 = row.try_get(0)?;
    Ok(Some(size as u64 - count))
}

/// Marks that the logs leave this database: from here on nothing is appended to them here, whoever has it open. A size
/// that is below zero is −1 less it.
pub(crate) fn leave(db: &Db) -> Result<(), StoreError> {
    turn(db, "UPDATE log_head SET size = -1 - size WHERE size >= 0")
}

/// Takes the mark away, where a move came to nothing.
pub(crate) fn stay(db: &Db) -> Result<(), StoreError> {
    match size(db, LogKind::Custody) {
        Err(StoreError::Moved { .. }) => turn(db, "UPDATE log_head SET size = -1 - size WHERE size < 0"),
        other => other.map(drop),
    }
}

fn turn(db: &Db, query: &'static str) -> Result<(), StoreError> {
    db.write(async |tx| sqlx::query(query).execute(&mut **tx).await.map(drop))
}

/// Entries that a log has.
pub(crate) fn size(db: &Db, log: LogKind) -> Result<u64, StoreError> {
    let rows = db.rows("SELECT size FROM log_head WHERE log = $1", log.as_str())?;
    let size: i64 = db.wait(async { rows.first().map_or(Ok(0), |row| row.try_get(0)) })?;
    u64::try_from(size).map_err(|_marked| StoreError::Moved { place: db.place().to_owned() })
}

async fn frontier(tx: &mut Tx, log: LogKind, size: u64) -> Result<tree::Frontier, sqlx::Error> {
    let mut wanted = Vec::new();
    let noted = tree::Frontier::read(size, |positions: &[u64]| {
        wanted = positions.to_vec();
        Ok::<_, std::convert::Infallible>(vec![Hash::empty(); positions.len()])
    });
    drop(noted);
    let mut hashes = Vec::with_capacity(wanted.len());
    for position in &wanted {
        let row = sqlx::query("SELECT hash FROM log_node WHERE log = $1 AND position = $2")
            .bind(log.as_str())
            .bind(*position as i64)
            .fetch_one(&mut **tx)
            .await?;
        hashes.push(hash(&row.try_get::<Vec<u8>, _>(0)?)?);
    }
    let read = tree::Frontier::read(size, |_: &[u64]| Ok::<_, std::convert::Infallible>(hashes.clone()));
    read.map_err(|error| sqlx::Error::Decode(error.to_string().into()))
}

fn hash(bytes: &[u8]) -> Result<Hash, sqlx::Error> {
    let bytes: [u8; 32] =
        bytes.try_into().map_err(|_length| sqlx::Error::Decode("a stored hash is not 32 bytes".into()))?;
    Ok(Hash(bytes))
}

async fn insert(
    tx: &mut Tx,
    log: LogKind,
    n: u64,
    bytes: Vec<u8>,
    position: u64,
    hashes: Vec<Hash>,
) -> Result<(), sqlx::Error> {
    sqlx::query("INSERT INTO log_entry (log, n, bytes) VALUES ($1, $2, $3)")
        .bind(log.as_str())
        .bind(n as i64)
        .bind(bytes)
        .execute(&mut **tx)
        .await?;
    for (position, hash) in (position..).zip(hashes) {
        sqlx::query("INSERT INTO log_node (log, position, hash) VALUES ($1, $2, $3)")
            .bind(log.as_str())
            .bind(position as i64)
            .bind(hash.0.to_vec())
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// Every entry's bytes, in order.
pub(crate) fn entries(db: &Db, log: LogKind) -> Result<Vec<Vec<u8>>, StoreError> {
    let rows = db.rows("SELECT bytes FROM log_entry WHERE log = $1 ORDER BY n", log.as_str())?;
    db.wait(async { rows.iter().map(|row| row.try_get(0)).collect() })
}

/// The latest entries' bytes before an index, latest first.
pub(crate) fn page(db: &Db, log: LogKind, before: Option<u64>, count: u32) -> Result<Vec<Vec<u8>>, StoreError> {
    let before = before.and_then(|n| i64::try_from(n).ok()).unwrap_or(i64::MAX);
    db.wait(async {
        let rows = sqlx::query("SELECT bytes FROM log_entry WHERE log = $1 AND n < $2 ORDER BY n DESC LIMIT $3")
            .bind(log.as_str())
            .bind(before)
            .bind(i64::from(count))
            .fetch_all(db.pool())
            .await?;
        rows.iter().map(|row| row.try_get(0)).collect()
    })
}

/// What is kept of the entries that are gone, where the oldest ones are: `closed.json`.
pub(crate) fn closed(db: &Db, log: LogKind) -> Result<Option<Vec<u8>>, StoreError> {
    let rows = db.rows("SELECT closed FROM log_closed WHERE log = $1", log.as_str())?;
    let Some(row) = rows.first() else { return Ok(None) };
    db.wait(async { row.try_get(0).map(Some) })
}

/// Erases a log's entries below `until`, and the stored hashes that no later proof needs; keeps what is to be kept.
async fn close(tx: &mut Tx, log: LogKind, until: u64, closed: &[u8]) -> Result<(), sqlx::Error> {
    let name = log.as_str();
    sqlx::query("DELETE FROM log_closed WHERE log = $1").bind(name).execute(&mut **tx).await?;
    let new = sqlx::query("INSERT INTO log_closed (log, closed) VALUES ($1, $2)");
    new.bind(name).bind(closed.to_vec()).execute(&mut **tx).await?;
    let entries = sqlx::query("DELETE FROM log_entry WHERE log = $1 AND n < $2");
    entries.bind(name).bind(until as i64).execute(&mut **tx).await?;
    // Between two places that stay, all go.
    let mut from = 0;
    for place in tree::nodes_to_keep(until).into_iter().chain([tree::stored_count(until)]) {
        let nodes = sqlx::query("DELETE FROM log_node WHERE log = $1 AND position >= $2 AND position < $3");
        nodes.bind(name).bind(from as i64).bind(place as i64).execute(&mut **tx).await?;
        from = place + 1;
    }
    Ok(())
}

/// The signed checkpoints by size.
pub(crate) fn checkpoints(db: &Db, log: LogKind) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let rows = db.rows("SELECT size, note FROM log_checkpoint WHERE log = $1 ORDER BY size", log.as_str())?;
    db.wait(async { rows.iter().map(|row| Ok((row.try_get::<i64, _>(0)? as u64, row.try_get(1)?))).collect() })
}

/// The time stamps over checkpoints, by size.
pub(crate) fn stamps(db: &Db, log: LogKind) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let rows = db.rows("SELECT size, token FROM log_stamp WHERE log = $1 ORDER BY size", log.as_str())?;
    db.wait(async { rows.iter().map(|row| Ok((row.try_get::<i64, _>(0)? as u64, row.try_get(1)?))).collect() })
}

/// Keeps a time stamp; the same again changes nothing.
pub(crate) fn keep_stamp(db: &Db, log: LogKind, size: u64, token: &[u8]) -> Result<(), StoreError> {
    db.write(async |tx| {
        let old = sqlx::query("DELETE FROM log_stamp WHERE log = $1 AND size = $2");
        old.bind(log.as_str()).bind(size as i64).execute(&mut **tx).await?;
        let new = sqlx::query("INSERT INTO log_stamp (log, size, token) VALUES ($1, $2, $3)");
        new.bind(log.as_str()).bind(size as i64).bind(token.to_vec()).execute(&mut **tx).await.map(drop)
    })
}

/// Puts a co-signed checkpoint in the place of the one that it is.
pub(crate) fn replace_checkpoint(db: &Db, log: LogKind, size: u64, note: &[u8]) -> Result<(), StoreError> {
    db.write(async |tx| {
        let query = sqlx::query("UPDATE log_checkpoint SET note = $1 WHERE log = $2 AND size = $3");
        query.bind(note.to_vec()).bind(log.as_str()).bind(size as i64).execute(&mut **tx).await.map(drop)
    })
}

/// The tree's hashes at these positions.
pub(crate) fn nodes(db: &Db, log: LogKind, positions: &[u64]) -> Result<Vec<Hash>, StoreError> {
    db.wait(async {
        let mut hashes = Vec::with_capacity(positions.len());
        for position in positions {
            let query = sqlx::query("SELECT hash FROM log_node WHERE log = $1 AND position = $2");
            let row = query.bind(log.as_str()).bind(*position as i64).fetch_one(db.pool()).await?;
            hashes.push(hash(&row.try_get::<Vec<u8>, _>(0)?)?);
        }
        Ok(hashes)
    })
}

/// The tree's stored hashes by position.
pub(crate) fn all_nodes(db: &Db, log: LogKind) -> Result<HashMap<u64, Hash>, StoreError> {
    let rows = db.rows("SELECT position, hash FROM log_node WHERE log = $1", log.as_str())?;
    let read = |row: &sqlx::any::AnyRow| {
        let position: i64 = row.try_get(0)?;
        Ok((position as u64, hash(&row.try_get::<Vec<u8>, _>(1)?)?))
    };
    db.wait(async { rows.iter().map(read).collect() })
}

/// What SQLite finds wrong with its file: `ok` where nothing is.
pub(crate) fn integrity(db: &Db) -> Result<Vec<String>, StoreError> {
    let rows = db.wait(sqlx::query("PRAGMA integrity_check").fetch_all(db.pool()))?;
    db.wait(async { rows.iter().map(|row| row.try_get(0)).collect() })
}
