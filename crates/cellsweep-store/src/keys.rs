//! A case's keys: the one that locks people's data, those that it wraps, and the logs' signing keys.

use std::path::{Path, PathBuf};

use cellsweep_proof::{BoxPlace, CaseKey, Checkpoint, Cost, DataKey, FileKey, Hash, Kind, LogKind, Ref, Salt, Signer};
use sqlx::Row;

use crate::StoreError;
use crate::db::Db;

/// The key file of a case that was begun without one elsewhere.
pub(crate) const IN_CASE: &str = "case.key";

const CASE_KEY: &str = "case-key";

/// How a case's key is had.
#[derive(Clone, Default)]
pub enum Unlock {
    /// From `case.key` in the case's own folder: whoever has the folder has the key.
    #[default]
    InCase,
    /// From a key file elsewhere.
    KeyFile(PathBuf),
    /// From a passphrase.
    Passphrase(String),
}

impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unlock::InCase => f.write_str("InCase"),
            Unlock::KeyFile(path) => f.debug_tuple("KeyFile").field(path).finish(),
            Unlock::Passphrase(_) => f.write_str("Passphrase(…)"),
        }
    }
}

/// What is kept sealed in the database, by name.
pub(crate) type Secrets = Vec<(String, Vec<u8>)>;

/// A case's keys, unlocked.
#[derive(Debug)]
pub(crate) struct Keys {
    case: CaseKey,
    custody: Signer,
    access: Signer,
}

/// Bytes that nobody can guess.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Keys { why: format!("no random numbers: {error}") })?;
    Ok(bytes)
}

impl Keys {
    /// Makes a new case's keys and keeps them locked in its database.
    pub(crate) fn create(db: &Db, dir: &Path, case: &str, unlock: &Unlock) -> Result<Self, StoreError> {
        let key = CaseKey::from_bytes(random()?);
        let line = match unlock {
            Unlock::InCase => key.lock_by_file(&file_key(&dir.join(IN_CASE), true)?, &random()?),
            Unlock::KeyFile(path) => key.lock_by_file(&file_key(path, true)?, &random()?),
            Unlock::Passphrase(phrase) => key.lock_by_passphrase(phrase, Cost::default(), &random()?, &random()?),
        };
        keep(db, CASE_KEY, line.map_err(StoreError::keys)?.into_bytes())?;
        let signer = |log: LogKind| -> Result<Signer, StoreError> {
            let name = format!("cellsweep/{case}/{log}").parse().map_err(StoreError::keys)?;
            let signer = Signer::from_seed(name, &random()?);
            for (name, sealed) in sealed_signer(&key, log, &signer)? {
                keep(db, &name, sealed)?;
            }
            Ok(signer)
        };
        let (custody, access) = (signer(LogKind::Custody)?, signer(LogKind::Access)?);
        Ok(Self { case: key, custody, access })
    }

    /// Unlocks a case's keys.
    pub(crate) fn open(db: &Db, dir: &Path, unlock: &Unlock) -> Result<Self, StoreError> {
        let line = String::from_utf8_lossy(&secret(db, CASE_KEY)?).into_owned();
        let key = match unlock {
            Unlock::InCase => CaseKey::unlock_by_file(&line, &file_key(&dir.join(IN_CASE), false)?),
            Unlock::KeyFile(path) => CaseKey::unlock_by_file(&line, &file_key(path, false)?),
            Unlock::Passphrase(phrase) => CaseKey::unlock_by_passphrase(&line, phrase),
        };
        let place = match unlock {
            Unlock::InCase => dir.join(IN_CASE).display().to_string(),
            Unlock::KeyFile(path) => path.display().to_string(),
            Unlock::Passphrase(_) => "the passphrase".to_owned(),
        };
        let key = key.map_err(|error| StoreError::Keys { why: format!("{place}, or what it opens: {error}") })?;
        let signer = |log: LogKind| -> Result<Signer, StoreError> {
            let sealing = Sealing::new(log)?;
            let wrapped = secret(db, &format!("{}/key", sealing.name))?;
            let wrapping = DataKey::unwrap(&key, &sealing.name, &wrapped).map_err(StoreError::keys)?;
            let sealed = secret(db, sealing.name.as_str())?;
            let text = wrapping.open(&sealing.place(), &sealed).map_err(StoreError::keys)?;
            String::from_utf8_lossy(&text).parse().map_err(StoreError::keys)
        };
        let (custody, access) = (signer(LogKind::Custody)?, signer(LogKind::Access)?);
        Ok(Self { case: key, custody, access })
    }

    /// What signs a log.
    pub(crate) fn signer(&self, log: LogKind) -> &Signer {
        match log {
            LogKind::Custody => &self.custody,
            LogKind::Access => &self.access,
        }
    }

    /// Signs a log's state.
    pub(crate) fn checkpoint(&self, log: LogKind, size: u64, root: Hash) -> Result<Vec<u8>, StoreError> {
        let signer = self.signer(log);
        let note = Checkpoint::new(signer.verifier().name().clone(), size, root).sign(&[signer]);
        Ok(note.map_err(StoreError::keys)?.to_string().into_bytes())
    }

    /// A new signing key for the custody log, and what is kept of it.
    pub(crate) fn new_signer(&self) -> Result<(Signer, Secrets), StoreError> {
        let signer = Signer::from_seed(self.custody.verifier().name().clone(), &random()?);
        let sealed = sealed_signer(&self.case, LogKind::Custody, &signer)?;
        Ok((signer, sealed))
    }

    /// Signs from now on with another key.
    pub(crate) fn sign_with(&mut self, signer: Signer) {
        self.custody = signer;
    }

    /// A new key for the data of one import or one subject, and itself wrapped, to be kept.
    pub(crate) fn new_data_key(&self, name: &Ref) -> Result<(DataKey, Vec<u8>), StoreError> {
        let key = DataKey::from_bytes(random()?);
        let wrapped = key.wrap(&self.case, name, &random()?).map_err(StoreError::keys)?;
        Ok((key, wrapped))
    }

    /// A reference as entries bear it. What could be somebody's number or name (a handset's, an exhibit's) is veiled in it,
    /// and is veiled in the same way each time.
    ///
    /// # Errors
    /// For what is no reference at all: an entry that doesn't say what it concerns is not to be written.
    pub(crate) fn reference(&self, name: &str) -> Result<Ref, StoreError> {
        match name.split_once('/') {
            Some((kind, id)) => self.case.reference(kind, id),
            None => name.parse(),
        }
        .map_err(StoreError::keys)
    }

    /// A key that was made elsewhere, wrapped, to be kept.
    pub(crate) fn wrap(&self, name: &Ref, key: DataKey) -> Result<Vec<u8>, StoreError> {
        key.wrap(&self.case, name, &random()?).map_err(StoreError::keys)
    }

    /// A kept data key.
    pub(crate) fn data_key(&self, name: &Ref, wrapped: &[u8]) -> Result<DataKey, StoreError> {
        DataKey::unwrap(&self.case, name, wrapped).map_err(StoreError::keys)
    }
}

/// A signing key as it is kept: the key that seals it, wrapped by the case's key, and itself.
fn sealed_signer(case: &CaseKey, log: LogKind, signer: &Signer) -> Result<Secrets, StoreError> {
    let sealing = Sealing::new(log)?;
    let wrapping = DataKey::from_bytes(random()?);
    let wrapped = wrapping.wrap(case, &sealing.name, &random()?).map_err(StoreError::keys)?;
    let text = signer.to_secret_text();
    let sealed = wrapping.seal(&sealing.place(), &random()?, text.as_bytes()).map_err(StoreError::keys)?;
    Ok(vec![(format!("{}/key", sealing.name), wrapped), (sealing.name.to_string(), sealed)])
}

/// How a log's signing key is sealed: under a key of its own that the case's key wraps.
struct Sealing {
    log: LogKind,
    name: Ref,
    kind: Kind,
}

impl Sealing {
    fn new(log: LogKind) -> Result<Self, StoreError> {
        let name = format!("signing-key/{log}").parse().map_err(StoreError::keys)?;
        Ok(Self { log, name, kind: "key.signing".parse().map_err(StoreError::keys)? })
    }

    /// It stands in no entry: the log and what it is are all that it is bound to.
    fn place(&self) -> BoxPlace<'_> {
        BoxPlace { log: self.log, n: 0, kind: &self.kind, salt: &Salt([0; 16]) }
    }
}

fn keep(db: &Db, name: &str, sealed: Vec<u8>) -> Result<(), StoreError> {
    db.write(async |tx| {
        let query = sqlx::query("INSERT INTO secret (name, sealed) VALUES ($1, $2)");
        query.bind(name.to_owned()).bind(sealed).execute(&mut **tx).await.map(drop)
    })
}

fn secret(db: &Db, name: &str) -> Result<Vec<u8>, StoreError> {
    let rows = db.rows("SELECT sealed FROM secret WHERE name = $1", name)?;
    let row = rows.first().ok_or_else(|| StoreError::Keys { why: format!("the case has lost its {name}") })?;
    db.wait(async { row.try_get(0) })
}

/// A key file's key; one is made where `create` says so and none is there.
fn file_key(path: &Path, create: bool) -> Result<FileKey, StoreError> {
    match std::fs::read_to_string(path) {
        Ok(text) => text.parse().map_err(|error| StoreError::Keys { why: format!("{}: {error}", path.display()) }),
        Err(error) if create && error.kind() == std::io::ErrorKind::NotFound => {
            let key = FileKey::from_bytes(random()?);
            crate::atomic::create_private(path, key.to_secret_text().as_bytes())?;
            Ok(key)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(StoreError::NoKey { path: path.to_owned() }),
        Err(source) => Err(StoreError::io("read", path)(source)),
    }
}
