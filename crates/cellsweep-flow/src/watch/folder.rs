//! What lies in the folder, and which of it has stopped growing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::FlowError;
use crate::inputs::{Inputs, listing};

/// How files look that somebody is still writing, or that aren't meant.
const UNFINISHED: [&str; 8] = [".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart", ".download", "~"];

/// What a file is told by without reading it: a change of either makes it another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Watched {
    /// Bytes.
    pub size: u64,
    /// When it was last written, microseconds since 1970 UTC, by the clock of whoever keeps it.
    pub written: i64,
}

/// Files by name.
pub(crate) type Seen = BTreeMap<String, Watched>;

/// A folder under watch.
///
/// Changes are found by looking, not by being told: shares on the network, where operators drop
/// their files, tell nobody.
#[derive(Debug)]
pub struct Watching {
    folder: PathBuf,
    /// How long a file must look the same before it is taken.
    settle: SignedDuration,
    begun: bool,
    /// What was taken, or refused.
    done: Seen,
    /// How the others looked, and since when.
    pending: BTreeMap<String, (Watched, Timestamp)>,
    ready: Vec<PathBuf>,
    told: BTreeSet<String>,
}

impl Watching {
    /// Nothing looked at yet.
    pub fn new(folder: &Path, settle: SignedDuration) -> Self {
        Self {
            folder: folder.to_owned(),
            settle,
            begun: false,
            done: Seen::new(),
            pending: BTreeMap::new(),
            ready: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    /// Looks into the folder. Files that look as they did when they were first seen so, `settle` or longer ago, are
    /// ready; those that were taken as they are aren't looked at again.
    ///
    /// # Errors
    /// When it can't be listed.
    pub fn look(&mut self, now: Timestamp) -> Result<(), FlowError> {
        let files = listing(&self.folder)?;
        let mut pending = BTreeMap::new();
        self.ready.clear();
        for path in files {
            let name = name_of(&path);
            // A file that is gone again isn't there.
            let Some(watched) = (!is_unfinished(&name)).then(|| watched(&path)).flatten() else { continue };
            if self.done.get(&name) == Some(&watched) {
                continue;
            }
            let since = match self.pending.get(&name) {
                Some((before, since)) if *before == watched => *since,
                _ => now,
            };
            if now.duration_since(since) >= self.settle {
                self.ready.push(path);
            }
            pending.insert(name, (watched, since));
        }
        self.pending = pending;
        Ok(())
    }

    /// Whether a pass has anything to do: something is ready, or none was made yet.
    pub fn has_work(&self) -> bool {
        !self.begun || !self.ready.is_empty()
    }

    /// Files that aren't ready yet.
    pub fn waiting(&self) -> usize {
        self.pending.len() - self.ready.len()
    }

    /// The folder's remarks that nobody was told yet: files that are no table.
    pub fn notes(&mut self) -> Result<Vec<String>, FlowError> {
        let notes = self.ready()?.notes;
        Ok(notes.into_iter().filter(|note| self.told.insert(note.clone())).collect())
    }

    /// Takes over what earlier passes took.
    pub(crate) fn begin(&mut self, seen: &Seen) {
        if !self.begun {
            self.done.extend(seen.iter().map(|(name, watched)| (name.clone(), *watched)));
            let done = &self.done;
            let pending = &self.pending;
            self.ready.retain(|path| {
                let name = name_of(path);
                pending.get(&name).is_none_or(|(watched, _)| done.get(&name) != Some(watched))
            });
            self.begun = true;
        }
    }

    /// What is ready, sorted by what it is.
    pub(crate) fn ready(&self) -> Result<Inputs, FlowError> {
        let files = self.ready.iter().filter(|path| name_of(path) != "operation.json");
        Inputs::sorted(&self.folder, files.cloned().collect())
    }

    /// What is ready and no table is passed over until it changes.
    pub(crate) fn pass_over_rest(&mut self) {
        for path in std::mem::take(&mut self.ready) {
            let name = name_of(&path);
            if let Some((watched, _)) = self.pending.remove(&name) {
                self.done.insert(name, watched);
            }
        }
    }

    /// A file was read, for good or ill: as it looked before it was read.
    pub(crate) fn took(&mut self, path: &Path, seen: &mut Seen) {
        let name = name_of(path);
        if let Some((watched, _)) = self.pending.remove(&name) {
            self.done.insert(name.clone(), watched);
            seen.insert(name, watched);
        }
        self.ready.retain(|ready| ready != path);
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_unfinished(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with(['.', '~']) || UNFINISHED.iter().any(|ending| lower.ends_with(ending))
}

fn watched(path: &Path) -> Option<Watched> {
    let metadata = std::fs::metadata(path).ok()?;
    let written = metadata.modified().ok()?;
    let written = match written.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_micros()).ok()?,
        Err(before) => -i64::try_from(before.duration().as_micros()).ok()?,
    };
    Some(Watched { size: metadata.len(), written })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    type Outcome = Result<(), Box<dyn std::error::Error>>;

    fn names(watching: &Watching) -> Vec<String> {
        watching.ready.iter().map(|path| name_of(path)).collect()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn a_file_is_ready_once_it_has_looked_the_same_for_a_while() -> Outcome {
        let dir = tempfile::tempdir()?;
        let mut watching = Watching::new(dir.path(), SignedDuration::from_secs(5));
        fs::write(dir.path().join("records-1.csv"), "half")?;
        fs::write(dir.path().join("records-2.csv.part"), "half")?;
        fs::write(dir.path().join(".records-3.csv"), "hidden")?;
        watching.look(at(0))?;
        assert_eq!(names(&watching), [""; 0]);
        // It grew: it begins anew.
        fs::write(dir.path().join("records-1.csv"), "half and half")?;
        watching.look(at(6))?;
        assert_eq!((names(&watching), watching.waiting()), (vec![], 1));
        watching.look(at(10))?;
        assert_eq!(names(&watching), [""; 0]);
        watching.look(at(11))?;
        assert_eq!(names(&watching), ["records-1.csv"]);
        // Renamed when it was whole.
        fs::rename(dir.path().join("records-2.csv.part"), dir.path().join("records-2.csv"))?;
        watching.look(at(12))?;
        watching.look(at(17))?;
        assert_eq!(names(&watching), ["records-1.csv", "records-2.csv"]);
        Ok(())
    }

    #[test]
    fn what_was_taken_is_looked_at_again_when_it_changes() -> Outcome {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("records.csv");
        fs::write(&path, "one")?;
        let mut watching = Watching::new(dir.path(), SignedDuration::ZERO);
        let mut seen = Seen::new();
        watching.look(at(0))?;
        watching.took(&path, &mut seen);
        watching.look(at(1))?;
        assert_eq!(names(&watching), [""; 0]);
        // What is no table is work for one pass only.
        fs::write(dir.path().join("notes.csv"), "to whom")?;
        watching.look(at(1))?;
        watching.begun = true;
        assert!(watching.has_work());
        watching.pass_over_rest();
        watching.look(at(1))?;
        assert!(!watching.has_work());
        // Another process knows it from what the first one kept.
        fs::remove_file(dir.path().join("notes.csv"))?;
        let mut other = Watching::new(dir.path(), SignedDuration::ZERO);
        other.look(at(2))?;
        other.begin(&seen);
        assert_eq!((names(&other), other.has_work()), (vec![], false));
        fs::write(&path, "one more")?;
        watching.look(at(3))?;
        assert_eq!(names(&watching), ["records.csv"]);
        Ok(())
    }
}
