//! Handing over: what leaves a case for others, and what comes in from them.
//!
//! ```text
//! snapshot ─ cut by the recipient's profile, embargo ─> preview
//!      └──────────────────────────────────────────────> package ─ two people ─ logged ─> numbered copies
//! a package from elsewhere ─ checked whole ─> shown ─ taken in ─> a run of the case
//! ```
//!
//! Nothing leaves before it is logged; nothing of a package is in a case before all of it was checked.

mod calls;
mod carriers;
mod case;
mod compare;
mod custody;
mod devices;
mod embargo;
mod error;
mod figures;
mod mailing;
mod method;
mod papers;
mod recall;
mod receive;
mod send;
mod snapshot;
mod taken;
mod values;

pub use carriers::{ORDER_TEMPLATE, OrderFile, Restoring, make_mailing, read_order, restore_mailing};
pub use case::{CallsChoice, CaseChoice, CasePreview, preview_case, read_profile, share_case};
pub use compare::{Common, CompareList, answer_compare, begin_compare, conclude_compare};
pub use error::ShareError;
pub use mailing::{MailingMade, MailingState, answer_mailing, mailings};
pub use method::{MethodSaid, share_method};
pub use recall::recall;
pub use receive::{Arrived, Arriving, read_keys, receive};
pub use send::{Sending, Sent, disclosures, verifier_key};
pub use taken::{Compared, ComparedFigure, TakenIn, Under, take_in};
