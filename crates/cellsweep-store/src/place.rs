//! Where a case's log is kept: `case.json`, the one file that is read before the log.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::db::{Db, Holds, keys_of};

pub(crate) const FILE: &str = "case.json";
/// The SQLite database of a case on one machine.
pub(crate) const SQLITE: &str = "case.sqlite";
/// The SQLite database of its data keys.
pub(crate) const KEYS: &str = "case.keys";

/// The databases of a case on one machine, with all that SQLite and we keep beside them. A journal is there only until a
/// database keeps a write-ahead log, and after that where somebody was killed who made it.
pub(crate) const DATABASES: [&str; 12] = [
    SQLITE,
    "case.sqlite-wal",
    "case.sqlite-shm",
    "case.sqlite-journal",
    "case.sqlite.sha256",
    "case.sqlite.sha256-new",
    KEYS,
    "case.keys-wal",
    "case.keys-shm",
    "case.keys-journal",
    "case.keys.sha256",
    "case.keys.sha256-new",
];

/// What `case.json` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CasePlace {
    /// The layout's version.
    pub format: u32,
    /// The case's own name: 16 hexadecimal digits.
    pub case: String,
    /// Whether the data keys are in a database of their own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keys_apart: bool,
    /// Which database holds its log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres: Option<String>,
}

impl CasePlace {
    /// Reads it; `None` where there is none.
    pub(crate) fn read(dir: &Path) -> Result<Option<Self>, StoreError> {
        let path = dir.join(FILE);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(source) => return Err(StoreError::io("read", &path)(source)),
        };
        let damaged =
            |error: serde_json::Error| StoreError::DamagedManifest { path: path.clone(), why: error.to_string() };
        // The version is looked at by itself: a newer format may have fields that don't parse here.
        let value: serde_json::Value = serde_json::from_slice(&text).map_err(damaged)?;
        let found = value.get("format").and_then(serde_json::Value::as_u64).unwrap_or_default();
        if found > u64::from(crate::FORMAT) {
            return Err(StoreError::NewerFormat { dir: dir.to_owned(), found, supported: crate::FORMAT });
        }
        let place: Self = serde_json::from_value(value).map_err(damaged)?;
        let named = place.case.len() == 16 && place.case.bytes().all(|digit| digit.is_ascii_hexdigit());
        if named {
            return Ok(Some(place));
        }
        Err(StoreError::DamagedManifest { path, why: "it does not name the case".to_owned() })
    }

    /// The file's bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// The database that it names.
    pub(crate) fn database(&self, dir: &Path, create: bool) -> Result<Db, StoreError> {
        let logs = self.one(dir, create, Holds::Logs)?;
        if self.keys_apart { Ok(logs.with_keys(self.one(dir, create, Holds::Keys)?)) } else { Ok(logs) }
    }

    fn one(&self, dir: &Path, create: bool, holds: Holds) -> Result<Db, StoreError> {
        let schema = self.schema_name();
        let (file, schema) = match holds {
            Holds::Logs => (SQLITE, schema),
            Holds::Keys => (KEYS, keys_of(&schema)),
        };
        let path = dir.join(file);
        match &self.postgres {
            None if create => {
                crate::atomic::create_private(&path, &[])?;
                Db::sqlite(&path, true, holds)
            }
            None => Db::sqlite(&path, false, holds),
            Some(url) => Db::postgres(url, &schema, create, holds),
        }
    }

    /// Its schema, where a PostgreSQL database has it.
    pub(crate) fn schema(&self) -> Option<String> {
        self.postgres.as_ref().map(|_| self.schema_name())
    }

    fn schema_name(&self) -> String {
        format!("cellsweep_{}", self.case)
    }
}
