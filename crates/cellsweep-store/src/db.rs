//! The case's database: SQLite on one machine, PostgreSQL for many. The same statements on both.

use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use sqlx::any::{AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::{Any, AnyConnection, AnyPool, Connection, Row, Transaction};

use crate::StoreError;
use crate::atomic::{digest_of_file, sync_dir};

/// What brought a database's tables to where they are: applied once each, in order, and never changed.
/// `BLOB` is `BYTEA` on PostgreSQL.
const MIGRATIONS: &[&[&str]] = &[
    &[
        "CREATE TABLE log_head (log TEXT PRIMARY KEY, size BIGINT NOT NULL)",
        "CREATE TABLE log_entry (log TEXT NOT NULL, n BIGINT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (log, n))",
        "CREATE TABLE log_node (log TEXT NOT NULL, position BIGINT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (log, position))",
        "CREATE TABLE log_checkpoint (log TEXT NOT NULL, size BIGINT NOT NULL, note BLOB NOT NULL, PRIMARY KEY (log, size))",
        "CREATE TABLE log_stamp (log TEXT NOT NULL, size BIGINT NOT NULL, token BLOB NOT NULL, PRIMARY KEY (log, size))",
        "CREATE TABLE data_key (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL)",
        "CREATE TABLE secret (name TEXT PRIMARY KEY, sealed BLOB NOT NULL)",
        "INSERT INTO log_head (log, size) VALUES ('custody', 0), ('access', 0)",
    ],
    // What is kept of a log's oldest entries once the law had them erased.
    &["CREATE TABLE log_closed (log TEXT PRIMARY KEY, closed BLOB NOT NULL)"],
];

/// The same for the database of data keys, which lie apart so that backups of the rest need not have them.
const KEY_MIGRATIONS: &[&[&str]] = &[&["CREATE TABLE data_key (id TEXT PRIMARY KEY, wrapped BLOB NOT NULL)"]];

/// What a database is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Logs,
    Keys,
}

impl Holds {
    const fn migrations(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::Logs => MIGRATIONS,
            Self::Keys => KEY_MIGRATIONS,
        }
    }
}

/// Which kind of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
}

/// A connection pool, and the runtime that drives it: callers need not be asynchronous.
pub(crate) struct Db {
    runtime: tokio::runtime::Runtime,
    pool: AnyPool,
    place: String,
    /// The SQLite file, whose digest is kept beside it while nobody has it open.
    file: Option<PathBuf>,
    /// Where the data keys are, unless they are here.
    keys: Option<Box<Db>>,
}

/// A transaction under way.
pub(crate) type Tx = Transaction<'static, Any>;

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Whoever copies a case's folder when nobody writes to it copies one whole database file, and its
/// digest: bytes that no table holds are vouched for by nothing else.
impl Drop for Db {
    fn drop(&mut self) {
        self.runtime.block_on(self.pool.close());
        if let Some(file) = &self.file
            && open_here::closed(file)
            && let Err(error) = self.settle(file)
        {
            tracing::warn!(%error, "the digest of the database could not be written; the log is whole");
        }
    }
}

/// Which databases this process has open, and how often: a server has its own all the time, and whoever opens the case
/// beside it need not wait to see that it isn't the last one.
mod open_here {
    use std::collections::BTreeMap;
    use std::path::{Path, PathBuf};
    use std::sync::{Mutex, MutexGuard, PoisonError};

    static OPEN: Mutex<BTreeMap<PathBuf, usize>> = Mutex::new(BTreeMap::new());

    fn locked() -> MutexGuard<'static, BTreeMap<PathBuf, usize>> {
        OPEN.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn opened(file: &Path) {
        *locked().entry(file.to_owned()).or_default() += 1;
    }

    /// Whether that was the last one.
    pub(super) fn closed(file: &Path) -> bool {
        let mut open = locked();
        let left = open.get_mut(file).map_or(0, |count| {
            *count = count.saturating_sub(1);
            *count
        });
        if left == 0 {
            open.remove(file);
        }
        left == 0
    }

    pub(super) fn is_open(file: &Path) -> bool {
        locked().contains_key(file)
    }
}

/// Waits until this process has let go of a database, or has opened it again: a connection's thread may still be at closing
/// it when the pool says that it is closed, and takes as long as the disk does.
fn let_go(file: &Path) {
    let start = Instant::now();
    while !open_here::is_open(file)
        && is_held(file).unwrap_or_else(|| start.elapsed() < CLOSING_UNSEEN)
        && start.elapsed() < CLOSING
    {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Keeps the file's digest, where nobody else has it open.
fn sum(file: &Path) -> Result<(), StoreError> {
    if beside(file, "-wal").exists() || !file.exists() {
        return Ok(());
    }
    let (path, new) = (beside(file, SUM), beside(file, ".sha256-new"));
    std::fs::write(&new, sum_of(file)?).map_err(StoreError::io("write", &new))?;
    std::fs::rename(&new, &path).map_err(StoreError::io("replace", &path))
}

/// The file's digest as sha256sum writes it.
pub(crate) fn sum_of(file: &Path) -> Result<String, StoreError> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(format!("{}  {name}\n", digest_of_file(file)?.0))
}

/// How long a thread of ours may take to close a database.
const CLOSING: Duration = Duration::from_secs(20);
/// How long one is waited for where the system doesn't tell whether it is done.
const CLOSING_UNSEEN: Duration = Duration::from_millis(250);

fn sqlite_url(path: &Path, mode: &str) -> String {
    let encoded: String = path.to_string_lossy().bytes().map(encoded).collect();
    format!("sqlite://{encoded}?mode={mode}")
}

/// Whether this process has a file open; `None` where the system doesn't tell.
fn is_held(file: &Path) -> Option<bool> {
    let file = std::fs::canonicalize(file).ok()?;
    let open = std::fs::read_dir("/proc/self/fd").ok()?;
    Some(open.flatten().any(|entry| std::fs::read_link(entry.path()).is_ok_and(|target| target == file)))
}

/// What is kept beside the database while nobody has it open, as sha256sum writes it.
pub(crate) const SUM: &str = ".sha256";

pub(crate) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

impl Db {
    /// The SQLite file at `path`, made if `create` says so.
    pub(crate) fn sqlite(path: &Path, create: bool, holds: Holds) -> Result<Self, StoreError> {
        let mode = if create { "rwc" } else { "rw" };
        // What a person wrote must be on the disk when the call returns, and what is erased must be gone.
        let pragmas = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                       PRAGMA busy_timeout = 20000;";
        // From here on the digest may be of other bytes; it is written again when the last one closes.
        match std::fs::remove_file(beside(path, SUM)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("remove", &beside(path, SUM))(error));
            }
            Err(_there_is_none) => {}
            Ok(()) => path.parent().map_or(Ok(()), sync_dir)?,
        }
        let mut db = Self::open(&sqlite_url(path, mode), path.display().to_string(), "", pragmas)?;
        db.file = Some(path.to_owned());
        open_here::opened(path);
        db.migrate(Kind::Sqlite, holds, create)?;
        Ok(db)
    }

    /// Leaves the file whole and alone, with its digest, unless somebody else has it open.
    fn settle(&self, file: &Path) -> Result<(), StoreError> {
        let_go(file);
        // Two connections that are closed at the same moment each leave the write-ahead log to the other.
        if beside(file, "-wal").exists() && file.exists() {
            let url = sqlite_url(file, "rw");
            let alone = async {
                let mut connection = AnyConnection::connect(&url).await?;
                sqlx::raw_sql("PRAGMA journal_mode").execute(&mut connection).await?;
                connection.close().await
            };
            self.runtime.block_on(alone).map_err(StoreError::database(&self.place))?;
            let_go(file);
        }
        sum(file)
    }

    /// A case's schema in the PostgreSQL database at `url`.
    pub(crate) fn postgres(url: &str, schema: &str, create: bool, holds: Holds) -> Result<Self, StoreError> {
        // The schema's name is made by us of hexadecimal digits.
        let prepare = format!("SET search_path TO {schema}; SET synchronous_commit TO on;");
        // One that is to be made and is there was left by a killed move: no case.json names it.
        let first = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema};");
        let first = if create { first } else { String::new() };
        let db = Self::open(url, format!("the PostgreSQL schema {schema}"), &first, &prepare)?;
        db.migrate(Kind::Postgres, holds, create)?;
        Ok(db)
    }

    /// `first` is run once, `prepare` on each connection.
    fn open(url: &str, place: String, first: &str, prepare: &str) -> Result<Self, StoreError> {
        install_default_drivers();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StoreError::io("start a runtime for", Path::new(&place)))?;
        // Once by itself: a pool tries again and again where a database can't be used, and says nothing.
        let once = async {
            let mut connection = AnyConnection::connect(url).await?;
            let both = format!("{first} {prepare}");
            sqlx::raw_sql(sqlx::AssertSqlSafe(both)).execute(&mut connection).await?;
            connection.close().await
        };
        runtime.block_on(once).map_err(StoreError::database(&place))?;
        let prepare = prepare.to_owned();
        let pool = AnyPoolOptions::new()
            .max_connections(2)
            .acquire_timeout(std::time::Duration::from_secs(20))
            .after_connect(move |connection, _| {
                let prepare = prepare.clone();
                Box::pin(async move {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(prepare)).execute(connection).await?;
                    Ok(())
                })
            });
        let pool = runtime.block_on(pool.connect(url)).map_err(StoreError::database(&place))?;
        Ok(Self { runtime, pool, place, file: None, keys: None })
    }

    /// With the data keys in a database of their own.
    pub(crate) fn with_keys(mut self, keys: Db) -> Self {
        self.keys = Some(Box::new(keys));
        self
    }

    /// Where the data keys are.
    pub(crate) fn keys(&self) -> &Db {
        self.keys.as_deref().unwrap_or(self)
    }

    /// Brings the tables to where this version has them.
    fn migrate(&self, kind: Kind, holds: Holds, new: bool) -> Result<(), StoreError> {
        if !new {
            let count = sqlx::query("SELECT count(*) FROM migration").fetch_one(&self.pool);
            let done: i64 = self.wait(async { count.await?.try_get(0) })?;
            if done as usize >= holds.migrations().len() {
                return Ok(());
            }
        }
        self.write(async |tx| {
            sqlx::query("CREATE TABLE IF NOT EXISTS migration (n BIGINT PRIMARY KEY)").execute(&mut **tx).await?;
            let done: i64 = sqlx::query("SELECT count(*) FROM migration").fetch_one(&mut **tx).await?.try_get(0)?;
            for (n, statements) in holds.migrations().iter().enumerate().skip(done as usize) {
                for statement in *statements {
                    let statement = match kind {
                        Kind::Sqlite => (*statement).to_owned(),
                        Kind::Postgres => statement.replace(" BLOB", " BYTEA"),
                    };
                    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut **tx).await?;
                }
                sqlx::query("INSERT INTO migration (n) VALUES ($1)").bind(n as i64).execute(&mut **tx).await?;
            }
            Ok(())
        })
    }

    /// Does something in one transaction: all of it or nothing.
    pub(crate) fn write<T>(&self, work: impl AsyncFnOnce(&mut Tx) -> Result<T, sqlx::Error>) -> Result<T, StoreError> {
        let whole = async {
            let mut tx = self.pool.begin().await?;
            let done = work(&mut tx).await?;
            tx.commit().await?;
            Ok(done)
        };
        self.wait(whole)
    }

    /// Closes the database, and drops the schema where it was one of many.
    pub(crate) fn remove(mut self, schema: Option<&str>) -> Result<(), StoreError> {
        if let Some(keys) = self.keys.take() {
            keys.remove(schema.map(keys_of).as_deref())?;
        }
        if let Some(schema) = schema {
            let drop = sqlx::AssertSqlSafe(format!("DROP SCHEMA {schema} CASCADE"));
            self.wait(sqlx::query(drop).execute(&self.pool))?;
        }
        Ok(())
    }

    /// Takes what was deleted out of the files, too: SQLite writes over it in its write-ahead log, and what stood in the
    /// main file stays there until that is written back, which may be as late as the last one closes it.
    pub(crate) fn forget(&self) -> Result<(), StoreError> {
        if self.file.is_none() {
            return Ok(());
        }
        let checkpoint = async {
            let row = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&self.pool).await?;
            row.try_get::<i64, _>(0)
        };
        match self.wait(checkpoint)? {
            0 => Ok(()),
            _busy => Err(StoreError::StillRead { place: self.place.clone() }),
        }
    }

    /// Which it is, for people.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The rows of a query.
    pub(crate) fn rows(&self, query: &'static str, log: &str) -> Result<Vec<AnyRow>, StoreError> {
        self.wait(sqlx::query(query).bind(log.to_owned()).fetch_all(&self.pool))
    }

    /// Waits for what the database does.
    pub(crate) fn wait<T>(&self, work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
        self.runtime.block_on(work).map_err(StoreError::database(&self.place))
    }

    /// The pool, for [`Db::wait`].
    pub(crate) fn pool(&self) -> &AnyPool {
        &self.pool
    }
}

/// The schema of the data keys of a schema of logs.
pub(crate) fn keys_of(schema: &str) -> String {
    format!("{schema}_keys")
}

/// A byte of a path in a URL.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_file_is_held_for_as_long_as_it_is_open() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("held");
        let file = std::fs::File::create(&path).unwrap();
        assert_eq!(is_held(&path), Some(true));
        drop(file);
        assert_eq!(is_held(&path), Some(false));
        assert_eq!(is_held(&dir.path().join("none")), None);
    }

    /// As two connections leave it that were closed at the same moment.
    #[test]
    fn a_write_ahead_log_that_was_left_is_taken_away_with_the_last_closing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("case.sqlite");
        let db = Db::sqlite(&path, true, Holds::Keys).unwrap();
        drop(db);
        let wal = beside(&path, "-wal");
        let db = Db::sqlite(&path, false, Holds::Keys).unwrap();
        db.runtime.block_on(db.pool.close());
        while is_held(&path) == Some(true) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::fs::write(&wal, b"").unwrap();
        drop(db);
        assert!(!wal.exists() && !beside(&path, "-shm").exists());
        assert_eq!(std::fs::read_to_string(beside(&path, SUM)).unwrap(), sum_of(&path).unwrap());
    }
}
