//! A cluster: import and trace shared out over machines that ask a scheduler for work.
//!
//! Belongs here: the scheduler's board, the executors, the line between the machines, the pieces of work, an object
//! store's files. Does not belong here: what a case is, and when a piece of work is wanted (flow).
//!
//! ```text
//! caller ── job, tasks ──▶ scheduler ◀── asks for tasks ── executor
//!        ◀── results ─────           ─── results ────────▶
//! ```
//!
//! What is shared out are runs of records (to be sorted, folded and encoded) and ranges of handsets (to be looked at).
//! Both are worked off by the same functions as on one machine and put together in their own order, so that
//! the case gets the same bytes. A task whose executor is gone is given to another; a scheduler that comes back
//! knows nothing, and is told again by those who wait for results.

mod board;
mod client;
mod error;
mod executor;
mod line;
mod scheduler;
mod store;
mod wire;
mod work;

pub use client::{Cluster, ClusterRuns, Place};
pub use error::ClusterError;
pub use executor::{ExecutorSettings, execute};
pub use scheduler::{SchedulerSettings, Tls, schedule};
pub use store::StorePlace;
pub use work::{Calls, FirstLook, Look, SecondLook, Work, first_look, second_look, spoken};
