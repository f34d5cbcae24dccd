//! A supplier's order book: who bought, under however many spellings, and what was really sold.
//!
//! Belongs here: cleaning of names, addresses, e-mails and numbers; comparing two parties; the Fellegi–Sunter
//! model that weighs a comparison, its fit and the merging of lines into buyers; refunds and unsold stock.
//! Does not belong here: reading files, whom a buyer may know inside (attribute).
//!
//! ```text
//! lines ─> parties (distinct spellings) ─> blocks ─> pairs ─> fit (EM) ─> weights ─> merges ─> buyers
//!   └────> sold (net of refunds and stock)
//! ```
//!
//! Two parties are compared field by field ([`Field`]): each field gives a level of agreement ([`Level`]) whose
//! weight is the log10 of how much likelier it is for one buyer than for two (I. P. Fellegi and A. B. Sunter,
//! JASA 64, 1969). Agreement on a rare value weighs more than on a common one (W. E. Winkler's term frequencies).
//! How likely each level is for one buyer is fitted by expectation maximisation on the ledger itself.
//!
//! The comparison is usable by itself: [`Resolved::model`] weighs any two parties, such as a buyer and a
//! contact that an inmate listed.

mod block;
mod cluster;
mod compare;
mod fit;
mod line;
mod party;
mod resolve;
mod sold;
mod terms;
mod text;

pub use compare::{Comparison, Field, Level, compare};
pub use fit::{Evidence, FieldEvidence, Model};
pub use line::{Line, StockItem};
pub use party::{Cleaned, Party};
pub use resolve::{Buyer, Merge, Resolved, Settings, resolve};
pub use sold::{LineNet, ModelCount, Sold, State, sold};
pub use text::words;
