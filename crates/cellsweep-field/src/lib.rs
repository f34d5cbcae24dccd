//! The search day's server: what officers' phones and the command post's pages talk to, and the rehearsal.
//!
//! Belongs here: HTTP for the day (an axum [`Router`](axum::Router) that the office's server mounts), enrolment and
//! signatures, keeping the day's lines ([`Journal`]) and photos ([`Photos`]), the wall's page, and a whole made-up day
//! against a real server ([`rehearse`]). Does not belong here: what entries mean and when they may be acknowledged
//! (`cellsweep-sweep`), who somebody in the office is ([`Authorise`]), the case and its tables ([`Brief`] is all that is
//! told of them), TLS.
//!
//! One thread takes what comes (`keeper`): it decides, writes all that came together with one flush, and answers
//! then. Another follows what is written and keeps the wall's page ready, so that no page waits for the day.

mod access;
mod brief;
mod bundle;
mod field;
mod journal;
mod keeper;
mod keys;
mod line;
mod office;
mod photos;
mod problem;
pub mod rehearse;
mod routes;
mod wall;

use std::sync::Arc;

pub use brief::{Authority, Brief, CellBrief, Held as Inmate, LookFor, Picture, Said, SiteBrief, Words};
pub use field::{Field, FieldError, Settings, Threads};
pub use journal::{FileJournal, Journal, JournalError};
pub use keys::{PostKey, device_of, verify};
pub use office::{Action, Authorise};
pub use photos::{FolderPhotos, Held, Photos, Put};
pub use routes::{Invite, Invited, Place};

/// What time it is.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;

/// What a day's lines mean for exhibits, as custody's events. Times may still change as long as the day isn't closed.
///
/// # Errors
/// The first line that no program of this version wrote.
pub fn exhibit_events(post: &PostKey, lines: &[String]) -> Result<Vec<cellsweep_sweep::Event>, JournalError> {
    let mut records = Vec::new();
    for (number, text) in lines.iter().enumerate() {
        if let line::Line::Entry { record } = line::read(text).ok_or(JournalError::Line(number + 1))? {
            records.push(record);
        }
    }
    let server = cellsweep_sweep::sync::Server::from_log(post.device().clone(), post.public().clone(), records);
    Ok(server.day().view(cellsweep_sweep::day::Rules::USUAL).exhibit_events())
}
