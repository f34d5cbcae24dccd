//! A case's logs from one database to another: SQLite for one machine, PostgreSQL for many, SQLite again for a copy.

use std::path::Path;
use std::time::{Duration, Instant};

use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Db, Tx};
use crate::lock::WriteLock;
use crate::place::CasePlace;
use crate::{StoreError, log};

/// A table's columns as they are moved.
struct Moved {
    read: &'static str,
    write: &'static str,
    columns: &'static [Kind],
}

#[derive(Clone, Copy)]
enum Kind {
    Text,
    Integer,
    Bytes,
}

use Kind::{Bytes, Integer, Text};

/// The data keys, which may lie in a database of their own.
const KEYS: Moved = Moved {
    read: "SELECT id, wrapped FROM data_key ORDER BY id",
    write: "INSERT INTO data_key (id, wrapped) VALUES ($1, $2)",
    columns: &[Text, Bytes],
};

/// Every other table but `migration`, which each database has of its own, and `log_head`, which a new one has filled in.
const TABLES: [Moved; 6] = [
    Moved {
        read: "SELECT log, n, bytes FROM log_entry ORDER BY log, n",
        write: "INSERT INTO log_entry (log, n, bytes) VALUES ($1, $2, $3)",
        columns: &[Text, Integer, Bytes],
    },
    Moved {
        read: "SELECT log, position, hash FROM log_node ORDER BY log, position",
        write: "INSERT INTO log_node (log, position, hash) VALUES ($1, $2, $3)",
        columns: &[Text, Integer, Bytes],
    },
    Moved {
        read: "SELECT log, size, note FROM log_checkpoint ORDER BY log, size",
        write: "INSERT INTO log_checkpoint (log, size, note) VALUES ($1, $2, $3)",
        columns: &[Text, Integer, Bytes],
    },
    Moved {
        read: "SELECT log, size, token FROM log_stamp ORDER BY log, size",
        write: "INSERT INTO log_stamp (log, size, token) VALUES ($1, $2, $3)",
        columns: &[Text, Integer, Bytes],
    },
    Moved {
        read: "SELECT log, closed FROM log_closed ORDER BY log",
        write: "INSERT INTO log_closed (log, closed) VALUES ($1, $2)",
        columns: &[Text, Bytes],
    },
    Moved {
        read: "SELECT name, sealed FROM secret ORDER BY name",
        write: "INSERT INTO secret (name, sealed) VALUES ($1, $2)",
        columns: &[Text, Bytes],
    },
];

/// How long a look waits for a move, as it does for whoever else writes.
const MOVING: Duration = Duration::from_secs(20);

/// Tries again for as long as a move is under way: `work` opens what `case.json` names, each time. A move that was
/// killed is called off by whoever finds that nobody holds the case.
pub(crate) fn through<T>(dir: &Path, mut work: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let start = Instant::now();
    loop {
        match work() {
            Err(StoreError::Moved { .. }) if start.elapsed() < MOVING => {}
            done => return done,
        }
        match WriteLock::take(dir, "whoever looks at it") {
            Ok(_nobody_moves_it) => {
                if let Some(place) = CasePlace::read(dir)? {
                    log::stay(&place.database(dir, false)?)?;
                }
            }
            Err(_somebody_does) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

/// Copies everything into a database that was just made, in one transaction. What a killed copy leaves is made anew by
/// the next. What is read is the logs as they stand at one moment, whoever notes a look meanwhile; the keys are read after
/// them, so that none is missing.
pub(crate) fn copy(from: &Db, to: &Db) -> Result<(), StoreError> {
    let (tables, heads) = from.write(async |tx| {
        if tx.backend_name() == "PostgreSQL" {
            sqlx::query("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY").execute(&mut **tx).await?;
        }
        let mut tables = Vec::new();
        for table in &TABLES {
            tables.push((table, sqlx::query(table.read).fetch_all(&mut **tx).await?));
        }
        let heads = sqlx::query("SELECT log, size FROM log_head").fetch_all(&mut **tx).await?;
        Ok((tables, heads))
    })?;
    let keys = from.keys().wait(sqlx::query(KEYS.read).fetch_all(from.keys().pool()))?;
    to.keys().write(async |tx| {
        for row in &keys {
            put(tx, &KEYS, row).await?;
        }
        Ok(())
    })?;
    to.write(async |tx| {
        for (table, rows) in &tables {
            for row in rows {
                put(tx, table, row).await?;
            }
        }
        for head in &heads {
            let query = sqlx::query("UPDATE log_head SET size = $1 WHERE log = $2 AND size = 0");
            let (log, size): (String, i64) = (head.try_get(0)?, head.try_get(1)?);
            // Below zero where it says that the logs leave.
            query.bind(size.max(-1 - size)).bind(log).execute(&mut **tx).await?;
        }
        Ok(())
    })
}

async fn put(tx: &mut Tx, table: &Moved, row: &AnyRow) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(table.write);
    for (at, kind) in table.columns.iter().enumerate() {
        query = match kind {
            Text => query.bind(row.try_get::<String, _>(at)?),
            Integer => query.bind(row.try_get::<i64, _>(at)?),
            Bytes => query.bind(row.try_get::<Vec<u8>, _>(at)?),
        };
    }
    query.execute(&mut **tx).await.map(drop)
}

#[cfg(test)]
mod tests {
    use cellsweep_model::case::CaseKind;
    use cellsweep_proof::LogKind;

    use super::*;
    use crate::{Caller, CaseWriter, Consultation, Standing, Unlock, note_consultation};

    /// The mark of a move that was killed before it was done: the case is where it was, and goes on.
    #[test]
    fn a_move_that_was_killed_is_called_off() {
        let dir = tempfile::tempdir().unwrap();
        let (now, unlock) = (jiff::Timestamp::UNIX_EPOCH, Unlock::InCase);
        let caller = Caller { holder: "a test", by: "A. Martin", reason: None, unlock: &unlock };
        drop(CaseWriter::create(dir.path(), CaseKind::Exercise, &caller, now).unwrap());
        let db = CasePlace::read(dir.path()).unwrap().unwrap().database(dir.path(), false).unwrap();
        log::leave(&db).unwrap();
        assert!(matches!(log::size(&db, LogKind::Custody), Err(StoreError::Moved { .. })));
        note_consultation(dir.path(), "devices", &[], &caller, now).unwrap();
        let office = Standing::open(dir.path(), &unlock).unwrap();
        log::leave(&db).unwrap();
        let look = Consultation { command: "devices", refs: &[], by: "A. Martin", reason: None };
        office.note_consultations(&[look], now).unwrap();
        log::leave(&db).unwrap();
        let case = CaseWriter::open(dir.path(), &caller, now).unwrap();
        assert_eq!(office.page(LogKind::Access, None, 10).unwrap().len(), 2);
        // While somebody is at it, nobody else calls it off.
        log::leave(&db).unwrap();
        std::thread::scope(|scope| {
            let noted = scope.spawn(|| office.note_consultations(&[look], now));
            std::thread::sleep(Duration::from_millis(100));
            assert!(log::size(&db, LogKind::Access).is_err() && !noted.is_finished());
            log::stay(&db).unwrap();
            noted.join().unwrap().unwrap();
        });
        drop(case);
        assert_eq!(log::size(&db, LogKind::Access).unwrap(), 3);
    }
}
