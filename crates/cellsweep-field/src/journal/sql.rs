//! Lines in a database: SQLite on one machine, PostgreSQL for many. The same statements on both.

use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use cellsweep_vault::Keeping;
use sqlx::any::install_default_drivers;
use sqlx::{Any, AnyConnection, Connection as _, Row as _};
use tokio::runtime::Runtime;

use super::file::{alone, private};
use super::{Journal, JournalError};

/// Lines of one statement. A day's plan is megabytes long, and a statement's values lie in memory together.
const ROWS: usize = 256;

/// Lines in a table of a database: one transaction for all that came together, durable when it ends.
pub struct SqlJournal {
    runtime: Runtime,
    /// None after an error: the next question connects anew.
    connection: Option<AnyConnection>,
    at: At,
    keeping: Keeping,
    lines: usize,
    /// The one server's; given back when this is dropped.
    _lock: Option<File>,
}

/// Where the database is, and what every connection begins with.
struct At {
    url: String,
    place: String,
    prepare: String,
    table: &'static str,
    /// Says whether this server is the only one; PostgreSQL's lock ends with its connection.
    lock: Option<String>,
}

impl SqlJournal {
    /// In the SQLite file at `path`, made if it isn't there. `path` and `.lock` is locked by the one server.
    ///
    /// # Errors
    /// Where the file can't be used, or another process has it.
    pub fn sqlite(path: &Path, keeping: Keeping) -> Result<Self, JournalError> {
        let mut beside = path.as_os_str().to_owned();
        beside.push(".lock");
        let lock = alone(Path::new(&beside))?;
        let made = private(path);
        made.map_err(|source| JournalError::File { what: "cannot open", path: path.to_owned(), source })?;
        let encoded: String = path.to_string_lossy().bytes().map(encoded).collect();
        let at = At {
            url: format!("sqlite://{encoded}?mode=rw"),
            place: path.display().to_string(),
            // What was acknowledged must be on the disk.
            prepare: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 20000;".to_owned(),
            table: "CREATE TABLE IF NOT EXISTS day_line (n BIGINT PRIMARY KEY, bytes BLOB NOT NULL)",
            lock: None,
        };
        Self::begin(at, keeping, Some(lock))
    }

    /// In a schema of the PostgreSQL database at `url`, made if it isn't there.
    ///
    /// # Errors
    /// Where the database can't be used, the schema's name is none, or another server has it.
    pub fn postgres(url: &str, schema: &str, keeping: Keeping) -> Result<Self, JournalError> {
        let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
        if !schema.starts_with(|char: char| char.is_ascii_lowercase())
            || schema.len() > 60
            || !schema.chars().all(plain)
        {
            return Err(JournalError::Schema(schema.to_owned()));
        }
        let at = At {
            url: url.to_owned(),
            place: format!("the PostgreSQL schema {schema}"),
            prepare: format!(
                "SET client_min_messages TO warning; CREATE SCHEMA IF NOT EXISTS {schema}; SET search_path TO {schema}; \
                 SET synchronous_commit TO on;"
            ),
            table: "CREATE TABLE IF NOT EXISTS day_line (n BIGINT PRIMARY KEY, bytes BYTEA NOT NULL)",
            lock: Some(format!("SELECT pg_try_advisory_lock(hashtext('cellsweep day {schema}'))")),
        };
        Self::begin(at, keeping, None)
    }

    fn begin(at: At, keeping: Keeping, lock: Option<File>) -> Result<Self, JournalError> {
        install_default_drivers();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime
            .map_err(|source| JournalError::Database { place: at.place.clone(), source: sqlx::Error::Io(source) })?;
        let mut journal = Self { runtime, connection: None, at, keeping, lines: 0, _lock: lock };
        journal.lines = journal.kept()?.len();
        Ok(journal)
    }

    /// Waits for what the database does, on a thread that nothing else runs on: whoever asks may be asynchronous.
    fn wait<T: Send>(
        &mut self,
        work: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, sqlx::Error> + Send,
    ) -> Result<T, JournalError> {
        let Self { runtime, connection, at, .. } = self;
        let worked = std::thread::scope(|scope| {
            let working = scope.spawn(|| {
                runtime.block_on(async {
                    let mut taken = match connection.take() {
                        Some(connection) => connection,
                        None => connect(at).await?,
                    };
                    let done = work(&mut taken).await.map_err(|source| at.broken(source))?;
                    *connection = Some(taken);
                    Ok(done)
                })
            });
            working.join()
        });
        worked.unwrap_or_else(|_| Err(JournalError::Other(format!("{} broke off", self.at.place))))
    }

    fn kept(&mut self) -> Result<Vec<Vec<u8>>, JournalError> {
        let rows = self.wait(async |connection: &mut AnyConnection| {
            let rows = sqlx::query("SELECT n, bytes FROM day_line ORDER BY n").fetch_all(connection).await?;
            rows.iter().map(|row| Ok((row.try_get::<i64, _>(0)?, row.try_get(1)?))).collect::<Result<Vec<_>, _>>()
        })?;
        // A row that is missing would let those behind it take its number.
        let whole = rows.iter().zip(1..).find(|((n, _), number)| n != number).map(|(_, number)| number as usize);
        match whole {
            Some(missing) => Err(JournalError::Line(missing)),
            None => Ok(rows.into_iter().map(|(_, bytes)| bytes).collect()),
        }
    }
}

impl At {
    fn broken(&self, source: sqlx::Error) -> JournalError {
        JournalError::Database { place: self.place.clone(), source }
    }
}

/// How long the database may take to notice that whoever had the journal is gone.
const LEAVING: Duration = Duration::from_secs(5);

async fn connect(at: &At) -> Result<AnyConnection, JournalError> {
    let mut connection = AnyConnection::connect(&at.url).await.map_err(|source| at.broken(source))?;
    let prepare = sqlx::AssertSqlSafe(at.prepare.clone());
    sqlx::raw_sql(prepare).execute(&mut connection).await.map_err(|source| at.broken(source))?;
    if let Some(lock) = &at.lock {
        let begun = Instant::now();
        loop {
            let row = sqlx::query(sqlx::AssertSqlSafe(lock.clone())).fetch_one(&mut connection).await;
            if row.and_then(|row| row.try_get(0)).map_err(|source| at.broken(source))? {
                break;
            }
            if begun.elapsed() > LEAVING {
                return Err(JournalError::InUse(at.place.clone()));
            }
            tokio::time::sleep(LEAVING / 50).await;
        }
    }
    sqlx::query(at.table).execute(&mut connection).await.map_err(|source| at.broken(source))?;
    Ok(connection)
}

/// One row for each piece, as numbered parameters: the same text on both databases.
fn insert(count: usize) -> String {
    let mut text = String::from("INSERT INTO day_line (n, bytes) VALUES ");
    for row in 0..count {
        let comma = if row > 0 { ", " } else { "" };
        let _ = write!(text, "{comma}(${}, ${})", 2 * row + 1, 2 * row + 2);
    }
    text
}

async fn keep(connection: &mut AnyConnection, rows: &[(i64, Vec<u8>)]) -> Result<(), sqlx::Error> {
    let mut transaction: sqlx::Transaction<'_, Any> = connection.begin().await?;
    for rows in rows.chunks(ROWS) {
        let text = insert(rows.len());
        let mut query = sqlx::query(sqlx::AssertSqlSafe(text));
        for (n, bytes) in rows {
            query = query.bind(*n).bind(bytes.clone());
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await
}

impl Journal for SqlJournal {
    fn append(&mut self, lines: &[String]) -> Result<(), JournalError> {
        let mut rows = Vec::with_capacity(lines.len());
        for (line, number) in lines.iter().zip(self.lines + 1..) {
            rows.push((number as i64, super::close(&self.keeping, number, line)?));
        }
        self.wait(async |connection: &mut AnyConnection| keep(connection, &rows).await)?;
        self.lines += lines.len();
        Ok(())
    }

    fn read(&mut self) -> Result<Vec<String>, JournalError> {
        let kept = self.kept()?;
        self.lines = kept.len();
        let lines = kept.into_iter().zip(1..);
        lines.map(|(bytes, number)| super::open(&self.keeping, number, bytes)).collect()
    }
}

/// A byte of a path in a URL.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}
