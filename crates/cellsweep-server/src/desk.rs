//! The case that is served: read once for everybody, read again when something happened in it, and every look noted.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, TryLockError};

use cellsweep_flow::views::{Views, case_title};
use cellsweep_flow::{
    Case, CaseWriter, FlowError, Progress, Session, Settings, Silent, Standing, Unlock, may_be_seen, must_say_why,
    open_even_locked, open_for_writing,
};
use jiff::{SignedDuration, Timestamp};

use crate::answers::Answers;
use crate::looks::Looks;
use crate::problem::Problem;

/// Whether something happened is asked no more often than this.
const FRESH: SignedDuration = SignedDuration::from_secs(1);
/// What somebody else is told while this server writes to the case.
const HOLDER: &str = "cellsweep serve";

/// Who asks, as the case's logs name them, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Asker {
    /// As the logs name them.
    pub by: String,
    /// Why, where they said so.
    pub reason: Option<String>,
}

/// A state of the case.
#[derive(Debug)]
pub struct Loaded {
    /// Entries that its log had.
    size: u64,
    /// The case.
    pub case: Case,
    /// Its pages.
    pub views: Views,
    /// The largest of them, as they are sent.
    pub answers: Answers,
    /// Those that people's decisions leave as they are.
    pub lasting: Arc<Answers>,
}

/// The case that is served.
#[derive(Debug)]
pub struct Desk {
    dir: PathBuf,
    unlock: Unlock,
    settings: Settings,
    standing: Standing,
    loaded: RwLock<Option<(Timestamp, Arc<Loaded>)>>,
    looks: Looks,
    writing: Mutex<()>,
    reading: Mutex<()>,
}

impl Desk {
    /// Opens the case. Everything here may wait for the disk: it is called off the asynchronous threads.
    ///
    /// # Errors
    /// When there is no case, or its key doesn't fit.
    pub fn open(dir: PathBuf, unlock: Unlock, settings: Settings) -> Result<Self, FlowError> {
        let standing = Standing::open(&dir, &unlock)?;
        Ok(Self {
            dir,
            unlock,
            settings,
            standing,
            loaded: RwLock::new(None),
            looks: Looks::default(),
            writing: Mutex::new(()),
            reading: Mutex::new(()),
        })
    }

    /// What the case is called for people; rules know it by [`Desk::name`].
    pub fn title(&self) -> String {
        case_title(&self.dir)
    }

    /// The case's folder's name.
    pub fn name(&self) -> String {
        let full = self.dir.canonicalize().ok();
        full.as_deref().and_then(std::path::Path::file_name).unwrap_or_default().to_string_lossy().into_owned()
    }

    /// Its settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its database.
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The case as it is now, give or take a second, and the time that it takes to read what somebody else changed.
    ///
    /// # Errors
    /// When the case can't be read.
    pub fn loaded(&self) -> Result<Arc<Loaded>, Problem> {
        let Some((at, known)) = self.known() else { return self.read() };
        if Timestamp::now().duration_since(at) < FRESH {
            return Ok(known);
        }
        // One looks whether it changed; the others go on with what is known.
        match self.reading.try_lock() {
            Ok(turn) => self.read_in(&turn),
            Err(TryLockError::Poisoned(turn)) => self.read_in(&turn.into_inner()),
            Err(TryLockError::WouldBlock) => Ok(known),
        }
    }

    /// The case as it is now.
    fn read(&self) -> Result<Arc<Loaded>, Problem> {
        self.read_in(&self.reading.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn read_in(&self, _one_at_a_time: &MutexGuard<'_, ()>) -> Result<Arc<Loaded>, Problem> {
        let now = Timestamp::now();
        let size = self.standing.size().map_err(FlowError::from)?;
        let known = self.known().map(|(_, loaded)| loaded);
        let loaded = match known {
            Some(loaded) if loaded.size == size => loaded,
            before => {
                let case = Case::open(&self.dir, &self.unlock).map_err(FlowError::from)?;
                let known = before.as_ref().map(|loaded| &loaded.views);
                let views = self.call(&server(), &Silent, |session| Views::load(&case, known, session))?;
                let same = before.as_ref().filter(|loaded| views.rest_on_the_same(&loaded.views));
                let lasting = same.map(|loaded| loaded.lasting.clone()).unwrap_or_default();
                Arc::new(Loaded { size, case, views, answers: Answers::default(), lasting })
            }
        };
        *self.loaded.write().unwrap_or_else(PoisonError::into_inner) = Some((now, loaded.clone()));
        Ok(loaded)
    }

    /// Reads now what the first who looks would wait for.
    ///
    /// # Errors
    /// When the case can't be read.
    pub fn read_ahead(&self) -> Result<(), Problem> {
        let loaded = self.loaded()?;
        self.call(&server(), &Silent, |session| Ok(loaded.views.read_ahead(&loaded.case, session)?))
    }

    fn known(&self) -> Option<(Timestamp, Arc<Loaded>)> {
        self.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Somebody looks: it is noted before anything is shown.
    ///
    /// # Errors
    /// When an authority of the case has lapsed, nobody says why an investigation is looked into, or the log can't be
    /// written.
    pub fn look<T>(
        &self,
        asker: &Asker,
        command: &str,
        refs: &[String],
        show: impl FnOnce(&Loaded, &Session<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let loaded = self.loaded()?;
        may_be_seen(&loaded.case, asker.reason.as_deref(), Timestamp::now())?;
        self.looks.note(&self.standing, asker, command, refs)?;
        self.call(asker, &Silent, |session| show(&loaded, session))
    }

    /// The same at what goes on when an authority has lapsed: which it was, so that it can be prolonged.
    ///
    /// # Errors
    /// As [`Desk::look`], but for the authority.
    pub fn look_even_locked<T>(
        &self,
        asker: &Asker,
        command: &str,
        refs: &[String],
        show: impl FnOnce(&Loaded, &Session<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let loaded = self.loaded()?;
        must_say_why(&loaded.case, asker.reason.as_deref())?;
        self.looks.note(&self.standing, asker, command, refs)?;
        self.call(asker, &Silent, |session| show(&loaded, session))
    }

    /// Somebody sits before something that stays open, the search day's wall, and goes on asking: it is noted once a session,
    /// with the reason that was given first. It goes on when an authority lapses, for teams are in the cells.
    ///
    /// # Errors
    /// When nobody said why in this session, or the log can't be written.
    pub fn sit(&self, asker: &Asker, command: &str, refs: &[String], session: &str) -> Result<(), Problem> {
        // What a browser asks by itself can't say why; the page that it stands on has.
        if asker.reason.is_none() && self.looks.sits(command, refs, session) {
            return Ok(());
        }
        must_say_why(&self.loaded()?.case, asker.reason.as_deref())?;
        self.looks.note_sitting(&self.standing, asker, command, refs, session)
    }

    /// Somebody changes something: one at a time.
    ///
    /// # Errors
    /// When the case can't be written, or the work fails.
    pub fn write<T>(
        &self,
        asker: &Asker,
        progress: &dyn Progress,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<T, FlowError>,
    ) -> Result<T, Problem> {
        self.written(asker, progress, |session| {
            may_be_seen(&self.loaded()?.case, asker.reason.as_deref(), Timestamp::now())?;
            let mut case = open_for_writing(&self.dir, session)?;
            Ok(work(&mut case, session)?)
        })
    }

    /// The same for what goes on when an authority has lapsed: prolonging it, and custody.
    ///
    /// # Errors
    /// As [`Desk::write`], but for the authority.
    pub fn write_even_locked<T>(
        &self,
        asker: &Asker,
        work: impl FnOnce(&mut CaseWriter, &Session<'_>) -> Result<T, FlowError>,
    ) -> Result<T, Problem> {
        self.written(asker, &Silent, |session| {
            must_say_why(&self.loaded()?.case, asker.reason.as_deref())?;
            let mut case = open_even_locked(&self.dir, session)?;
            Ok(work(&mut case, session)?)
        })
    }

    fn written<T>(
        &self,
        asker: &Asker,
        progress: &dyn Progress,
        work: impl FnOnce(&Session<'_>) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let _one_at_a_time = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.call(asker, progress, work);
        // Whoever wrote sees it at once.
        let read = self.read();
        let done = done?;
        read.map(|_| done)
    }

    fn call<T, E>(
        &self,
        asker: &Asker,
        progress: &dyn Progress,
        step: impl FnOnce(&Session<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        step(&Session {
            settings: &self.settings,
            clock: &Timestamp::now,
            holder: HOLDER,
            by: &asker.by,
            reason: asker.reason.as_deref(),
            unlock: &self.unlock,
            progress,
            peak: &|| None,
        })
    }
}

/// The server itself, where nobody asks.
fn server() -> Asker {
    Asker { by: HOLDER.to_owned(), reason: None }
}
