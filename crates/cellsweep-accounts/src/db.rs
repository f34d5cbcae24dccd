//! The accounts' database: SQLite on one machine, PostgreSQL for many. The same statements on both.

use std::path::Path;

use jiff::Timestamp;
use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Row, Transaction};

use crate::AccountsError;

/// What brought the tables to where they are: applied once each, in order, and never changed.
/// `BLOB` is `BYTEA` on PostgreSQL. Times are microseconds since 1970 UTC.
const MIGRATIONS: &[&[&str]] = &[&[
    "CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, display TEXT NOT NULL, service_number TEXT, \
     clearances TEXT NOT NULL, disabled BIGINT NOT NULL, created BIGINT NOT NULL, password TEXT)",
    "CREATE TABLE role_grant (person TEXT NOT NULL REFERENCES person (id), n BIGINT NOT NULL, set_by TEXT NOT NULL, \
     role TEXT NOT NULL, reach TEXT NOT NULL, PRIMARY KEY (person, set_by, n))",
    "CREATE TABLE session (id TEXT PRIMARY KEY, token BLOB NOT NULL UNIQUE, person TEXT NOT NULL REFERENCES person (id), \
     how TEXT NOT NULL, began BIGINT NOT NULL, proved BIGINT NOT NULL, seen BIGINT NOT NULL, address TEXT NOT NULL, \
     agent TEXT NOT NULL)",
    "CREATE INDEX session_person ON session (person)",
    "CREATE TABLE throttle (id BLOB PRIMARY KEY, failures BIGINT NOT NULL, until BIGINT NOT NULL, last BIGINT NOT NULL)",
    "CREATE TABLE device (token BLOB PRIMARY KEY, person TEXT NOT NULL REFERENCES person (id), seen BIGINT NOT NULL)",
    "CREATE TABLE ticket (token BLOB PRIMARY KEY, what TEXT NOT NULL, person TEXT REFERENCES person (id), \
     state BLOB NOT NULL, expires BIGINT NOT NULL, tries BIGINT NOT NULL)",
    "CREATE TABLE totp (person TEXT PRIMARY KEY REFERENCES person (id), secret BLOB NOT NULL, step BIGINT NOT NULL)",
    "CREATE TABLE recovery_code (person TEXT NOT NULL REFERENCES person (id), code BLOB NOT NULL, PRIMARY KEY (person, code))",
    "CREATE TABLE passkey (id TEXT PRIMARY KEY, credential BLOB NOT NULL UNIQUE, person TEXT NOT NULL REFERENCES person (id), \
     label TEXT NOT NULL, sealed BLOB NOT NULL, counter BIGINT NOT NULL, added BIGINT NOT NULL, used BIGINT)",
    "CREATE INDEX passkey_person ON passkey (person)",
    "CREATE TABLE organisation_person (issuer TEXT NOT NULL, subject TEXT NOT NULL, person TEXT NOT NULL REFERENCES person (id), \
     PRIMARY KEY (issuer, subject))",
]];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

/// A pool of connections.
pub(crate) struct Db {
    pool: AnyPool,
    kind: Kind,
    place: String,
}

/// A statement with what is put into it.
pub(crate) type Statement<'q> = Query<'q, Any, AnyArguments>;
/// A transaction under way.
pub(crate) type Tx = Transaction<'static, Any>;

/// An instant as it is kept.
pub(crate) fn micros(time: Timestamp) -> i64 {
    time.as_microsecond()
}

/// The instant that was kept.
pub(crate) fn instant(micros: i64) -> Result<Timestamp, AccountsError> {
    Timestamp::from_microsecond(micros).map_err(|_out_of_range| AccountsError::kept("a time"))
}

impl Db {
    /// The SQLite file at `path`, made if it isn't there; for its owner's eyes only.
    pub(crate) async fn sqlite(path: &Path) -> Result<Self, AccountsError> {
        let place = path.display().to_string();
        private(path).map_err(|error| AccountsError::Database { place: place.clone(), source: error.into() })?;
        let encoded: String = path.to_string_lossy().bytes().map(encoded).collect();
        // What is erased must be gone, and what was answered must be on the disk.
        let prepare = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
                       PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 20000;";
        Self::open(&format!("sqlite://{encoded}?mode=rw"), Kind::Sqlite, place, "", prepare).await
    }

    /// Writes the file's tables, as they are at one moment, into another that is empty.
    pub(crate) async fn copy_into(&self, to: &Path) -> Result<(), AccountsError> {
        let wrong = |source: sqlx::Error| AccountsError::Database { place: to.display().to_string(), source };
        private(to).map_err(|error| wrong(error.into()))?;
        let copy = sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned());
        copy.execute(&self.pool).await.map(drop).map_err(wrong)
    }

    /// A schema of the PostgreSQL database at `url`, made if it isn't there.
    pub(crate) async fn postgres(url: &str, schema: &str) -> Result<Self, AccountsError> {
        let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
        if !schema.starts_with(|char: char| char.is_ascii_lowercase())
            || schema.len() > 60
            || !schema.chars().all(plain)
        {
            let why = "a schema's name has to be up to 60 of a-z, 0-9 and _, and begin with a letter".to_owned();
            return Err(AccountsError::Field { field: "schema", why });
        }
        let place = format!("the PostgreSQL schema {schema}");
        let first = format!("CREATE SCHEMA IF NOT EXISTS {schema};");
        let prepare = format!("SET search_path TO {schema};");
        Self::open(url, Kind::Postgres, place, &first, &prepare).await
    }

    /// `first` is run once, `prepare` on each connection.
    async fn open(url: &str, kind: Kind, place: String, first: &str, prepare: &str) -> Result<Self, AccountsError> {
        install_default_drivers();
        // Once by itself: a pool tries again and again where a database can't be used, and says nothing.
        let once = async {
            let mut connection = AnyConnection::connect(url).await?;
            sqlx::raw_sql(sqlx::AssertSqlSafe(format!("{first} {prepare}"))).execute(&mut connection).await?;
            connection.close().await
        };
        once.await.map_err(|source| AccountsError::Database { place: place.clone(), source })?;
        let prepare = prepare.to_owned();
        let pool = AnyPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(std::time::Duration::from_secs(20))
            .after_connect(move |connection, _| {
                let prepare = prepare.clone();
                Box::pin(async move {
                    sqlx::raw_sql(sqlx::AssertSqlSafe(prepare)).execute(connection).await?;
                    Ok(())
                })
            });
        let pool =
            pool.connect(url).await.map_err(|source| AccountsError::Database { place: place.clone(), source })?;
        let db = Self { pool, kind, place };
        db.migrate().await?;
        Ok(db)
    }

    /// Brings the tables to where this version has them.
    async fn migrate(&self) -> Result<(), AccountsError> {
        let mut tx = self.begin().await?;
        if self.kind == Kind::Postgres {
            // Two servers that start at once: one waits for the other. The number is "cellswee" in ASCII.
            self.run_in(&mut tx, sqlx::query("SELECT CAST(pg_advisory_xact_lock(7162257742083482981) AS TEXT)"))
                .await?;
        }
        self.run_in(&mut tx, sqlx::query("CREATE TABLE IF NOT EXISTS migration (n BIGINT PRIMARY KEY)")).await?;
        let count = self.one_in(&mut tx, sqlx::query("SELECT count(*) FROM migration")).await?;
        let done: i64 = count.map_or(Ok(0), |row| self.cells(|| row.try_get(0)))?;
        let supported = MIGRATIONS.len();
        let Some(left) = usize::try_from(done).ok().and_then(|done| MIGRATIONS.get(done..)) else {
            let supported = i64::try_from(supported).unwrap_or(i64::MAX);
            return Err(AccountsError::Newer { place: self.place.clone(), found: done, supported });
        };
        for (n, statements) in (done..).zip(left) {
            for statement in *statements {
                let statement = match self.kind {
                    Kind::Sqlite => (*statement).to_owned(),
                    Kind::Postgres => statement.replace(" BLOB", " BYTEA"),
                };
                self.run_in(&mut tx, sqlx::query(sqlx::AssertSqlSafe(statement))).await?;
            }
            self.run_in(&mut tx, sqlx::query("INSERT INTO migration (n) VALUES ($1)").bind(n)).await?;
        }
        self.commit(tx).await
    }

    /// Begins a transaction that will write: on SQLite it waits for its turn here and not halfway.
    pub(crate) async fn begin(&self) -> Result<Tx, AccountsError> {
        let begin = match self.kind {
            Kind::Sqlite => "BEGIN IMMEDIATE",
            Kind::Postgres => "BEGIN",
        };
        self.pool.begin_with(begin).await.map_err(|source| self.broken(source))
    }

    /// Makes what was done in it stay.
    pub(crate) async fn commit(&self, tx: Tx) -> Result<(), AccountsError> {
        tx.commit().await.map_err(|source| self.broken(source))
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn run(&self, statement: Statement<'_>) -> Result<u64, AccountsError> {
        let done = statement.execute(&self.pool).await.map_err(|source| self.broken(source))?;
        Ok(done.rows_affected())
    }

    /// As [`Self::run`], in a transaction.
    pub(crate) async fn run_in(&self, tx: &mut Tx, statement: Statement<'_>) -> Result<u64, AccountsError> {
        let done = statement.execute(&mut **tx).await.map_err(|source| self.broken(source))?;
        Ok(done.rows_affected())
    }

    /// The row that a query finds, if any.
    pub(crate) async fn one(&self, query: Statement<'_>) -> Result<Option<AnyRow>, AccountsError> {
        query.fetch_optional(&self.pool).await.map_err(|source| self.broken(source))
    }

    /// As [`Self::one`], in a transaction.
    pub(crate) async fn one_in(&self, tx: &mut Tx, query: Statement<'_>) -> Result<Option<AnyRow>, AccountsError> {
        query.fetch_optional(&mut **tx).await.map_err(|source| self.broken(source))
    }

    /// The rows that a query finds.
    pub(crate) async fn all(&self, query: Statement<'_>) -> Result<Vec<AnyRow>, AccountsError> {
        query.fetch_all(&self.pool).await.map_err(|source| self.broken(source))
    }

    /// As [`Self::all`], in a transaction.
    pub(crate) async fn all_in(&self, tx: &mut Tx, query: Statement<'_>) -> Result<Vec<AnyRow>, AccountsError> {
        query.fetch_all(&mut **tx).await.map_err(|source| self.broken(source))
    }

    /// Reads a row's cells.
    pub(crate) fn cells<T>(&self, read: impl FnOnce() -> Result<T, sqlx::Error>) -> Result<T, AccountsError> {
        read().map_err(|source| self.broken(source))
    }

    /// Closes it, once nobody uses it.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    fn broken(&self, source: sqlx::Error) -> AccountsError {
        AccountsError::Database { place: self.place.clone(), source }
    }
}

/// Whether a statement failed because there is such a row already.
pub(crate) fn is_taken(error: &AccountsError) -> bool {
    matches!(error, AccountsError::Database { source: sqlx::Error::Database(source), .. } if source.is_unique_violation())
}

/// Makes the file, if it isn't there, so that only its owner may read it.
fn private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_file| ())
}

/// A byte of a path in a URL.
fn encoded(byte: u8) -> String {
    match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    }
}
