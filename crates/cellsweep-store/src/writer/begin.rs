//! How a case begins: anew, or taken over from an older format.

use std::fs;
use std::path::Path;

use cellsweep_model::CountryProfile;
use cellsweep_model::case::{CaseEvent, CaseKind, Manifest};

use super::{Caller, CaseWriter};
use crate::atomic::{create_private_dir, digest_of_bytes, entries, replace};
use crate::case::{FolderKeys, imports_dir, manifest_path, project, read_old, runs_dir, staging_dir};
use crate::keys::{IN_CASE, Keys, random};
use crate::lock::WriteLock;
use crate::place::{CasePlace, DATABASES};
use crate::{Case, FORMAT, StoreError};

impl CaseWriter {
    /// Begins a case in a folder that is empty or doesn't exist, under the law of the default country.
    ///
    /// # Errors
    /// When something lies there, or it can't be written.
    pub fn create(dir: &Path, kind: CaseKind, caller: &Caller<'_>, now: jiff::Timestamp) -> Result<Self, StoreError> {
        Self::create_in(dir, kind, CountryProfile::default(), caller, now)
    }

    /// The same under the law of a country.
    ///
    /// # Errors
    /// As [`CaseWriter::create`].
    pub fn create_in(
        dir: &Path,
        kind: CaseKind,
        country: CountryProfile,
        caller: &Caller<'_>,
        now: jiff::Timestamp,
    ) -> Result<Self, StoreError> {
        create_private_dir(dir)?;
        if !may_begin_in(dir)? {
            return Err(StoreError::NotEmpty { dir: dir.to_owned() });
        }
        let lock = WriteLock::take(dir, caller.holder)?;
        clear_unbegun(dir)?;
        for folder in [staging_dir(dir), imports_dir(dir), runs_dir(dir)] {
            create_private_dir(&folder)?;
        }
        let case = format!("{:016x}", u64::from_be_bytes(random()?));
        let opened = CaseEvent::Opened { kind, country, case: case.clone() };
        Self::begin(dir, case, vec![(opened, None)], caller, lock, now)
    }

    /// Makes the log with its first events. `case.json` is written last: until then there is no case.
    fn begin(
        dir: &Path,
        name: String,
        first: Vec<(CaseEvent, Option<jiff::Timestamp>)>,
        caller: &Caller<'_>,
        lock: WriteLock,
        now: jiff::Timestamp,
    ) -> Result<Self, StoreError> {
        let place = CasePlace { format: FORMAT, case: name, keys_apart: true, postgres: None };
        let db = place.database(dir, true)?;
        let keys = Keys::create(&db, dir, &place.case, caller.unlock)?;
        let empty = Manifest {
            format: FORMAT,
            kind: CaseKind::Exercise,
            country: CountryProfile::default(),
            events: Vec::new(),
        };
        let mut writer = Self::with(Case::with(dir, empty, FolderKeys::new()), db, keys, caller, lock);
        writer.append_all(first, &[], now)?;
        let manifest = project(dir, &writer.db, &writer.keys)?;
        writer.case.replace_manifest(manifest);
        let path = dir.join(crate::place::FILE);
        replace(&path, &staging_dir(dir), &place.bytes().map_err(StoreError::table(&path))?)?;
        writer.show()?;
        Ok(writer)
    }

    /// Takes a case of format 1 over.
    pub(super) fn upgrade(
        dir: &Path,
        caller: &Caller<'_>,
        lock: WriteLock,
        now: jiff::Timestamp,
    ) -> Result<Self, StoreError> {
        let old = read_old(dir)?;
        let path = manifest_path(dir);
        let bytes = fs::read(&path).map_err(StoreError::io("read", &path))?;
        let backup = dir.join("backup");
        create_private_dir(&backup)?;
        create_private_dir(&staging_dir(dir))?;
        replace(&backup.join("manifest-format-1.json"), &staging_dir(dir), &bytes)?;
        clear_unbegun(dir)?;
        let case = format!("{:016x}", u64::from_be_bytes(random()?));
        let opened = CaseEvent::Opened { kind: old.kind, country: old.country.clone(), case: case.clone() };
        let upgraded = CaseEvent::Upgraded { from: old.format, manifest: digest_of_bytes(&bytes) };
        let mut first = vec![(opened, old.events.first().map(|event| event.time)), (upgraded, None)];
        let rest = old.events.into_iter().filter(|logged| !matches!(logged.event, CaseEvent::Opened { .. }));
        first.extend(rest.map(|logged| (logged.event, Some(logged.time))));
        Self::begin(dir, case, first, caller, lock, now)
    }
}

/// Empty, but for the settings that a user may have laid there, or what a killed `create` left.
fn may_begin_in(dir: &Path) -> Result<bool, StoreError> {
    let allowed = ["cellsweep.toml", "lock", "staging", "imports", "runs", IN_CASE];
    let allowed = |name: &std::ffi::OsStr| allowed.iter().chain(&DATABASES).any(|known| name == *known);
    Ok(entries(dir)?.iter().filter_map(|path| path.file_name()).all(allowed))
}

/// Removes the log of a case that was never begun: nobody was told of it.
fn clear_unbegun(dir: &Path) -> Result<(), StoreError> {
    clear_database(dir)?;
    remove(dir, &[IN_CASE])
}

/// Removes SQLite databases that `case.json` doesn't name.
pub(super) fn clear_database(dir: &Path) -> Result<(), StoreError> {
    remove(dir, &DATABASES)
}

fn remove(dir: &Path, names: &[&str]) -> Result<(), StoreError> {
    for name in names {
        match fs::remove_file(dir.join(name)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::io("remove", &dir.join(name))(error));
            }
            _ => {}
        }
    }
    Ok(())
}
