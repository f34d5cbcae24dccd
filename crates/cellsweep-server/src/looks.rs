//! Looks at the case, noted in its log before anything is shown.
//!
//! A note waits for the disk. Those who look at once wait together: whoever has the turn writes for all who came while
//! the one before was written.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use cellsweep_flow::{Consultation, FlowError, Standing};
use jiff::{SignedDuration, Timestamp};

use crate::desk::Asker;
use crate::problem::Problem;

/// The same look by the same person for the same reason is one consultation for so long.
const ONE_LOOK: SignedDuration = SignedDuration::from_mins(10);
/// What stays open before somebody, as the wall does, is one for each session, and no session is longer than this.
const ONE_SITTING: SignedDuration = SignedDuration::from_hours(12);

/// Those that were noted lately, and those that are to be.
#[derive(Debug, Default)]
pub struct Looks {
    noted: Mutex<HashMap<Look, Timestamp>>,
    waiting: Mutex<Vec<Look>>,
    turn: Mutex<()>,
}

/// Who looks at what, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Look {
    asker: Asker,
    command: String,
    refs: Vec<String>,
    /// The session that it is one look for, however often the page asks.
    sitting: Option<String>,
}

impl Looks {
    /// Notes a look, unless the same was noted a moment ago. The log has it when this returns.
    ///
    /// # Errors
    /// When the log can't be written: then nothing may be shown.
    pub fn note(&self, log: &Standing, asker: &Asker, command: &str, refs: &[String]) -> Result<(), Problem> {
        self.note_look(log, Look::at(asker, command, refs, None))
    }

    /// The same for what stays open before somebody and asks again and again: once for each session and reason.
    ///
    /// # Errors
    /// As [`Looks::note`].
    pub fn note_sitting(
        &self,
        log: &Standing,
        asker: &Asker,
        command: &str,
        refs: &[String],
        session: &str,
    ) -> Result<(), Problem> {
        self.note_look(log, Look::at(asker, command, refs, Some(session.to_owned())))
    }

    /// Whether such a look was noted in this session, for whatever reason.
    pub fn sits(&self, command: &str, refs: &[String], session: &str) -> bool {
        let now = Timestamp::now();
        let same =
            |look: &Look| look.sitting.as_deref() == Some(session) && look.command == command && look.refs == refs;
        locked(&self.noted).iter().any(|(look, at)| same(look) && look.lasts(*at, now))
    }

    fn note_look(&self, log: &Standing, look: Look) -> Result<(), Problem> {
        if self.is_noted(&look) {
            return Ok(());
        }
        self.wait(&look);
        let turn = locked(&self.turn);
        if self.is_noted(&look) {
            return Ok(());
        }
        // It isn't among them where whoever took it couldn't write it: then each tries for themselves.
        self.wait(&look);
        let mut all = std::mem::take(&mut *locked(&self.waiting));
        // Who came while the same look was being written found it noted, and left what they had put here.
        all.retain(|look| !self.is_noted(look));
        self.write(log, all, &turn)
    }

    fn wait(&self, look: &Look) {
        let mut waiting = locked(&self.waiting);
        if !waiting.contains(look) {
            waiting.push(look.clone());
        }
    }

    fn is_noted(&self, look: &Look) -> bool {
        let now = Timestamp::now();
        locked(&self.noted).get(look).is_some_and(|at| look.lasts(*at, now))
    }

    fn write(&self, log: &Standing, all: Vec<Look>, _turn: &MutexGuard<'_, ()>) -> Result<(), Problem> {
        let now = Timestamp::now();
        let entries: Vec<_> = all.iter().map(Look::entry).collect();
        log.note_consultations(&entries, now).map_err(FlowError::from)?;
        let mut noted = locked(&self.noted);
        // Before there is no room for more, so that each is looked at again a few times at most.
        if noted.len() + all.len() > noted.capacity() {
            noted.retain(|look, at| look.lasts(*at, now));
        }
        noted.extend(all.into_iter().map(|look| (look, now)));
        Ok(())
    }
}

impl Look {
    fn at(asker: &Asker, command: &str, refs: &[String], sitting: Option<String>) -> Self {
        Self { asker: asker.clone(), command: command.to_owned(), refs: refs.to_vec(), sitting }
    }

    /// Whether one that was noted `at` some time still is the same.
    fn lasts(&self, at: Timestamp, now: Timestamp) -> bool {
        now.duration_since(at) < if self.sitting.is_some() { ONE_SITTING } else { ONE_LOOK }
    }

    fn entry(&self) -> Consultation<'_> {
        let Asker { by, reason } = &self.asker;
        Consultation { command: &self.command, refs: &self.refs, by, reason: reason.as_deref() }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cellsweep_flow::{Caller, CaseWriter, LogKind, Unlock};
    use cellsweep_model::case::CaseKind;

    use super::*;

    /// Eight people look at the same and at something of their own, at once and again: each look is in the log before
    /// [`Looks::note`] returns, and once.
    #[test]
    fn looks_at_once_are_each_noted_once_before_anything_is_shown() {
        let dir = tempfile::tempdir().unwrap();
        let caller = Caller { holder: "a test", by: "A. Martin", reason: None, unlock: &Unlock::InCase };
        drop(CaseWriter::create(dir.path(), CaseKind::Exercise, &caller, Timestamp::now()).unwrap());
        let log = Standing::open(dir.path(), &Unlock::InCase).unwrap();
        let looks = Looks::default();
        let noted = || -> Vec<(String, Vec<String>)> {
            let lines = log.page(LogKind::Access, None, 1_000).unwrap();
            lines.into_iter().map(|line| (line.by, line.refs)).collect()
        };
        std::thread::scope(|scope| {
            for person in 0..8 {
                let (looks, log, noted) = (&looks, &log, &noted);
                scope.spawn(move || {
                    let asker = Asker { by: format!("person-{person}"), reason: None };
                    for round in 0..6 {
                        let refs = vec![format!("handset/{}", round % 3)];
                        looks.note(log, &asker, "explain", &refs).unwrap();
                        assert!(noted().contains(&(asker.by.clone(), refs)));
                        // Two windows of the same person.
                        let both = Asker { by: "both".to_owned(), reason: None };
                        looks.note(log, &both, "explain", &[format!("handset/{round}")]).unwrap();
                    }
                });
            }
        });
        let all = noted();
        assert_eq!(all.len(), 8 * 3 + 6);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
