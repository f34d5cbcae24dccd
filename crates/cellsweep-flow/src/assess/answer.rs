//! An answer, or what it would take.

use cellsweep_assess::say::{self, Summary};
use cellsweep_assess::{CantTell, Needed};
use serde::Serialize;

/// A result with what is said of it; or no result, with what is needed for one.
#[derive(Debug, Clone, Serialize)]
pub struct Answer<T> {
    /// The numbers; `None` where they can't be told.
    pub result: Option<T>,
    /// What there is too little of, where they can't be told.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needed: Vec<Needed>,
    /// In a sentence, and by which method.
    pub said: Summary,
}

impl<T> Answer<T> {
    /// From what an estimator says.
    pub(super) fn of(result: Result<T, CantTell>, say: impl FnOnce(&T) -> Summary) -> Self {
        match result {
            Ok(result) => Self { said: say(&result), result: Some(result), needed: Vec::new() },
            Err(refusal) => Self { said: say::cant_tell(&refusal), result: None, needed: refusal.needed },
        }
    }
}
