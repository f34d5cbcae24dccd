//! The office: a case's pages over HTTP, for those whom the rules allow them.
//!
//! Belongs here: routes, cookies, uploads, live updates, headers, TLS; which rule each route asks, and how a refusal is
//! said. Does not belong here: who people are and what rules say (accounts), what a page shows and how a step works (flow).
//!
//! ```text
//! request ─> limits ─> who (session, CSRF) ─> rules (`Who::must`) ─> case (`Office::look`, `Office::write`) ─> page
//!                                                                        │
//!                                              a look is noted in the access log before anything is shown
//! ```

mod answers;
mod assets;
mod bus;
mod counts;
mod day;
mod desk;
mod french;
mod guard;
mod input;
mod jobs;
mod limits;
mod looks;
mod office;
mod plan_limits;
mod problem;
mod reach;
mod rehearsal;
mod routes;
mod serve;
mod setup;
#[cfg(test)]
mod tests;
mod tiles;
mod upload;
mod watch;

pub use rehearsal::{RehearseError, Rehearsed, rehearse};
pub use serve::{Listening, OrganisationFiles, ServeError, ServeSettings, Tls, serve};
pub use setup::{Login, OfficeError, OfficePlace, accounts_at, add_logins, backup_office, first_administrator, invite};
pub use watch::WatchFolder;

/// What the interface says of itself, OpenAPI 3.1 as JSON: what the browser's client is generated from.
///
/// # Errors
/// Never in practice: all of it is text.
pub fn openapi() -> Result<String, serde_json::Error> {
    routes::all().1.to_pretty_json()
}
