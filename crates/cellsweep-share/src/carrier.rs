//! What operators are asked: to disable a contraband handset, and to restore one that turns out to be somebody's.
//!
//! A request has what 47 CFR 20.23 and the United Kingdom's Telecommunications Restriction Orders (SI 2016/781) have
//! in common: who asks, under which order, for which institution, which device, when it was detected there, the
//! certification, by when, and that it falls away for a device that proves to be outside. How anybody came to know
//! of it is not in it.
//!
//! An IMEI that more than one handset uses is never asked for: it would silence somebody outside. Such a handset is
//! asked for by its subscription, where that was heard in no other.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::snapshot::{AuthorityName, Decimal, FacilityName, HandsetName, Imei, Imsi, Msisdn, SourceClass, Words};

mod answer;
mod choose;
mod evidence;
mod table;

pub use answer::{Answer, AnswerError, Outcome, Tally, answers, tally};
pub use choose::{Requests, Skipped, Why, requests};
pub use evidence::{Evidence, Sample, evidence_csv};
pub use table::{block_list_csv, requests_csv};

/// Who asks for what, for all requests of one mailing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The mailing's number; each request's begins with it.
    pub number: Words,
    /// When it is made.
    pub made: Timestamp,
    /// Under which order.
    pub authority: AuthorityName,
    /// The designated official: name, title, agency, how to reach them.
    pub official: Official,
    /// What the official certifies, in the words of the law.
    pub certification: Words,
    /// Why, without a hint of the method: "contraband device".
    pub reason: Words,
    /// What happens where a device proves to be outside the institution.
    pub carve_out: Words,
    /// By when.
    pub comply_by: Timestamp,
    /// The least weight of evidence, log10, that the requester asks for.
    pub threshold: Decimal,
    /// Whose findings a request may rest on.
    pub classes: BTreeSet<SourceClass>,
    /// The operators that are asked for IMEIs; a subscription is asked for at its own.
    pub operators: BTreeSet<Words>,
}

/// A designated official.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Official {
    /// Their name.
    pub name: Words,
    /// Their title.
    pub title: Words,
    /// Their agency.
    pub agency: Words,
    /// How to reach them.
    pub contact: Words,
}

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Refuse it service.
    Disable,
    /// Give it service again.
    Restore,
}

impl Action {
    /// The word, as tables have it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Restore => "restore",
        }
    }
}

/// What is to be refused service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A handset, whatever card is in it.
    Handset(Imei),
    /// A subscription, for its handset's IMEI is another's, too.
    Subscription(Imsi, Option<Msisdn>),
}

/// A line of a mailing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Its number, by which the answer names it.
    pub number: String,
    /// What is asked.
    pub action: Action,
    /// Of what.
    pub target: Target,
    /// In which institution it is.
    pub facility: FacilityName,
    /// When it was first heard of in the case.
    pub first_record: Option<Timestamp>,
    /// When it was last heard of.
    pub last_record: Option<Timestamp>,
    /// The request that this one takes back.
    pub restores: Option<String>,
}

/// The requests of one mailing that take back requests of another.
///
/// Requests that were not made to this operator are passed over.
pub fn restore(order: &Order, made: &[Request], which: &BTreeSet<String>) -> Vec<Request> {
    let taken_back = made.iter().filter(|request| request.action == Action::Disable && which.contains(&request.number));
    let numbered = (1..).zip(taken_back).map(|(index, request)| Request {
        number: number(order, index),
        action: Action::Restore,
        restores: Some(request.number.clone()),
        ..request.clone()
    });
    numbered.collect()
}

fn number(order: &Order, index: usize) -> String {
    format!("{}-{index}", order.number)
}

/// Handsets of plans that are closed until their hour. Nothing that leaves may hint at them.
pub type Embargo = BTreeSet<HandsetName>;

type ByOperator = BTreeMap<Words, Vec<Request>>;
