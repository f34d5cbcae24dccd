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
mod paper;
mod photos;
mod problem;
pub mod rehearse;
mod routes;
mod wall;

use std::sync::Arc;

pub use brief::{Authority, Brief, CellBrief, Held as Inmate, LookFor, Picture, Said, SiteBrief, Words};
pub use cellsweep_vault::{FileKey, Keeping};
pub use field::{Field, FieldError, Settings, Threads};
pub use journal::{FileJournal, Journal, JournalError, SqlJournal};
pub use keys::{PostKey, device_of, verify};
pub use office::{Action, Authorise};
pub use paper::{Paper, PaperTable, Told, paper};
pub use photos::{FolderPhotos, Held, Photos, Put};
pub use routes::{Invite, Invited, Place};
pub use wall::Language;

/// What time it is.
pub type Clock = Arc<dyn Fn() -> jiff::Timestamp + Send + Sync>;
