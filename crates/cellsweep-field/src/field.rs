//! The field as whoever mounts it has it.

use std::sync::{Arc, PoisonError, RwLock};
use std::thread::JoinHandle;

use cellsweep_sweep::day::{DayWhat, Plan, Progress, Rules};
use cellsweep_sweep::{DeviceKey, EventId, Party};
use tokio::sync::{mpsc, oneshot, watch};

use crate::Clock;
use crate::access::Access;
use crate::brief::Brief;
use crate::journal::{Journal, JournalError};
use crate::keeper::{Answer, Ask, Job, Keeper};
use crate::keys::PostKey;
use crate::office::Authorise;
use crate::paper::Paper;
use crate::photos::Photos;
use crate::problem::Problem;
use crate::routes::{self, Invite, Invited};
use crate::wall::{Follow, Follower, Language, Page};

/// Questions that wait at most; then whoever asks waits.
const WAITING: usize = 1_024;

/// What a field is made of.
pub struct Settings {
    /// The command post's own key.
    pub post: PostKey,
    /// Where lines are kept.
    pub journal: Box<dyn Journal>,
    /// Where photos are kept.
    pub photos: Arc<dyn Photos>,
    /// Who in the office may do what.
    pub office: Arc<dyn Authorise>,
    /// What phones are told beside the plan.
    pub brief: Brief,
    /// What time it is.
    pub clock: Clock,
    /// From when on something is said.
    pub rules: Rules,
    /// Where phones find the server, as `https://HOST`: it stands in invitations.
    pub origin: String,
}

/// Why a field can't be opened, or doesn't take an entry.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// What was kept can't be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The system gives no thread.
    #[error("cannot start a thread for the search day: {0}")]
    Thread(#[from] std::io::Error),
    /// It makes no sense, or can't be kept.
    #[error("{0}")]
    Refused(String),
}

/// A search day's server. Clones are the same one.
#[derive(Clone)]
pub struct Field {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub post: Arc<PostKey>,
    pub photos: Arc<dyn Photos>,
    pub office: Arc<dyn Authorise>,
    pub brief: Arc<RwLock<Arc<Brief>>>,
    pub clock: Clock,
    pub origin: String,
    pub access: Arc<RwLock<Access>>,
    pub page: watch::Receiver<Arc<Page>>,
    pub follow: std::sync::mpsc::Sender<Follow>,
    jobs: mpsc::Sender<Job>,
}

/// The field's threads; they end when the field and its router are gone.
pub struct Threads(Vec<JoinHandle<()>>);

impl Threads {
    /// Waits until they have ended: then the journal is free for another field.
    pub fn join(self) {
        for thread in self.0 {
            let _ = thread.join();
        }
    }
}

impl Field {
    /// Opens a day from what its journal has: a new one, or one that goes on.
    ///
    /// # Errors
    /// Where the journal can't be read.
    pub fn open(settings: Settings) -> Result<(Self, Threads), FieldError> {
        let Settings { post, journal, photos, office, brief, clock, rules, origin } = settings;
        let post = Arc::new(post);
        let brief = Arc::new(RwLock::new(Arc::new(brief)));
        let (follow, following) = std::sync::mpsc::channel();
        let keeper = Keeper::open(post.clone(), clock.clone(), journal, follow.clone())?;
        let access = keeper.shared.clone();
        let (page, pages) = watch::channel(Arc::new(Page::empty()));
        let follower = Follower::new(post.device().clone(), rules, clock.clone(), brief.clone());
        let (jobs, asked) = mpsc::channel(WAITING);
        let threads = vec![
            named("cellsweep-day").spawn(move || keeper.run(asked))?,
            named("cellsweep-wall").spawn(move || follower.run(&following, &page))?,
        ];
        let inner = Inner { post, photos, office, brief, clock, origin, access, page: pages, follow, jobs };
        Ok((Self { inner: Arc::new(inner) }, Threads(threads)))
    }

    /// The pages to be mounted, at `/api/v1/field` say.
    pub fn router(&self) -> axum::Router {
        routes::router(self.clone())
    }

    /// Whether command has closed the day.
    pub fn is_over(&self) -> bool {
        self.inner.access().closed.is_some()
    }

    /// Opens the day with its plan, if it isn't open yet.
    ///
    /// # Errors
    /// Where the plan doesn't hold together, or it can't be kept.
    pub async fn open_day(&self, plan: Plan, by: Party) -> Result<(), FieldError> {
        if self.inner.access().plan.is_some() {
            return Ok(());
        }
        self.enter(by.clone(), DayWhat::Opened { plan, command: vec![by] }).await.map(|_| ())
    }

    /// Enters something for the command post, signed with its key; durable when this returns.
    ///
    /// # Errors
    /// Where it makes no sense, or can't be kept.
    pub async fn enter(&self, by: Party, what: DayWhat) -> Result<EventId, FieldError> {
        let asked = self.inner.ask(Ask::Enter { by, what: Box::new(what) }).await;
        match asked {
            Ok(Answer::Entered(id)) => Ok(id),
            Ok(_) => Err(FieldError::Refused("the day answered something else".into())),
            Err(problem) => Err(FieldError::Refused(problem.to_string())),
        }
    }

    /// Invites somebody to enrol a phone, by a code that holds once.
    ///
    /// # Errors
    /// Where the plan has no such team or site, or it can't be kept.
    pub async fn invite(&self, by: Party, invite: Invite) -> Result<Invited, FieldError> {
        let invited = routes::invited(&self.inner, by, invite).await;
        invited.map_err(|problem| FieldError::Refused(problem.to_string()))
    }

    /// From now on phones are told this.
    pub fn rebrief(&self, brief: Brief) {
        *self.inner.brief.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(brief);
        let _ = self.inner.follow.send(Follow::Look);
    }

    /// What the day means for exhibits, as custody's events. Times may still change as long as the day isn't closed.
    ///
    /// # Errors
    /// Where the day's threads have ended.
    pub async fn exhibit_events(&self) -> Result<Vec<cellsweep_sweep::Event>, FieldError> {
        self.told(Follow::Exhibits).await
    }

    /// How far the day is, for whoever plans the rest.
    ///
    /// # Errors
    /// Where the day's threads have ended.
    pub async fn progress(&self) -> Result<Progress, FieldError> {
        self.told(Follow::Progress).await
    }

    /// The day's report for whoever prints it.
    ///
    /// # Errors
    /// Where the day's threads have ended.
    pub async fn paper(&self, language: Language) -> Result<Paper, FieldError> {
        self.told(|reply| Follow::Paper(language, reply)).await
    }

    /// What whoever follows the day says: of all lines that are durable by now.
    async fn told<T>(&self, ask: impl FnOnce(oneshot::Sender<T>) -> Follow) -> Result<T, FieldError> {
        let ended = || FieldError::Refused("the search day's server has ended".into());
        let (reply, answer) = oneshot::channel();
        self.inner.follow.send(ask(reply)).map_err(|_unsent| ended())?;
        answer.await.map_err(|_dropped| ended())
    }

    /// The command post's name among devices.
    pub fn root(&self) -> &DeviceKey {
        self.inner.post.device()
    }

    /// The plan that the day was opened with, once it is open.
    pub fn plan(&self) -> Option<Plan> {
        self.inner.access().plan.clone()
    }

    /// What time it is on the server.
    pub fn now(&self) -> jiff::Timestamp {
        (self.inner.clock)()
    }

    /// How many lines the day's journal has.
    pub fn lines(&self) -> u64 {
        self.inner.access().lines
    }
}

fn named(name: &str) -> std::thread::Builder {
    std::thread::Builder::new().name(name.into())
}

impl Inner {
    pub async fn ask(&self, ask: Ask) -> Result<Answer, Problem> {
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { ask, reply }).await.ok().ok_or(Problem::NotKept)?;
        answer.await.unwrap_or(Err(Problem::NotKept))
    }

    pub fn access(&self) -> std::sync::RwLockReadGuard<'_, Access> {
        self.access.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn brief(&self) -> Arc<Brief> {
        self.brief.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
