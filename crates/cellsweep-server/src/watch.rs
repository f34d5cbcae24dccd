//! A folder that is watched while the case is served.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use cellsweep_flow::{AlertSettings, CaseWriter, Session, Silent, WatchAsked, WatchPass, Watching, watch_pass};
use jiff::{SignedDuration, Timestamp};

use crate::desk::Asker;
use crate::office::{Office, off_thread};
use crate::problem::Problem;

/// The folder, and in whose name what is dropped there goes in.
#[derive(Debug, Clone)]
pub struct WatchFolder {
    /// Where files are dropped.
    pub folder: PathBuf,
    /// It is looked at again after so long.
    pub every: Duration,
    /// A file is taken once it has looked the same for so long.
    pub settle: Duration,
    /// The authority that files come in under; `None` = the case's only one.
    pub authority: Option<String>,
    /// Who answers for it, as the logs name them.
    pub by: String,
    /// Why, where it was said.
    pub reason: Option<String>,
}

/// Watches until the server stops. What can't be done is told once, and tried again.
pub async fn watch(office: Arc<Office>, asked: WatchFolder) {
    let settle = SignedDuration::try_from(asked.settle).unwrap_or(SignedDuration::ZERO);
    let watching = Arc::new(Mutex::new(Watching::new(&asked.folder, settle)));
    let mut told = String::new();
    loop {
        match once(&office, &watching, &asked).await {
            Ok(Some(done)) => {
                told.clear();
                tracing::info!(files = done.import.files.len(), raised = done.alerts.len(), "the folder was looked at");
            }
            Ok(None) => told.clear(),
            Err(problem) if problem.detail == told => {}
            Err(problem) => {
                tracing::warn!("the watched folder has to wait: {}", problem.detail);
                told = problem.detail;
            }
        }
        tokio::select! {
            () = office.stopping() => return,
            () = tokio::time::sleep(asked.every) => {}
        }
    }
}

/// Looks, and makes a pass where there is something to do.
async fn once(
    office: &Arc<Office>,
    watching: &Arc<Mutex<Watching>>,
    asked: &WatchFolder,
) -> Result<Option<WatchPass>, Problem> {
    let looked = watching.clone();
    let has_work = off_thread(move || {
        let mut watching = looked.lock().unwrap_or_else(PoisonError::into_inner);
        watching.look(Timestamp::now())?;
        Ok(watching.has_work())
    });
    if !has_work.await? {
        return Ok(None);
    }
    let asker = Asker { by: asked.by.clone(), reason: asked.reason.clone() };
    let (watching, stopping) = (watching.clone(), office.clone());
    let authority = asked.authority.clone();
    let pass = move |case: &mut CaseWriter, session: &Session<'_>| {
        let stop = || stopping.is_stopping();
        let settings = AlertSettings::default();
        let asked = WatchAsked { authority: authority.as_deref(), settings: &settings, stop: &stop };
        let mut watching = watching.lock().unwrap_or_else(PoisonError::into_inner);
        watch_pass(case, &mut watching, &asked, session)
    };
    office.write_as(asker, Silent, pass).await.map(Some)
}
