//! What was asked before. A page asks about each facility of the case, and the rules' answer depends on nothing but the
//! question: it is worked out once, until the person it is asked for is another than before.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Decision, Resource, Standing};
use crate::{Action, Person, PersonId};

/// People that are remembered; with more, everybody is asked for anew.
const PEOPLE: usize = 500;
/// Questions about each.
const QUESTIONS: usize = 5_000;

/// In which of the person's roles (`None` = in any), how they are signed in, and what is asked.
type Question = (Option<usize>, Standing, Action, Resource);

/// The answers so far.
#[derive(Default)]
pub(super) struct Memory(Mutex<HashMap<PersonId, Known>>);

struct Known {
    /// As they were when they were asked for: roles, reach and clearances with them.
    person: Person,
    answers: HashMap<Question, Decision>,
}

impl Memory {
    /// The answer to a question that was asked of this very person before, or what `decide` comes to.
    pub fn of(&self, person: &Person, question: Question, decide: impl FnOnce() -> Decision) -> Decision {
        let known = self
            .locked()
            .get(&person.id)
            .filter(|known| known.person == *person)
            .and_then(|known| known.answers.get(&question).cloned());
        if let Some(decision) = known {
            return decision;
        }
        let decision = decide();
        self.keep(person, question, decision.clone());
        decision
    }

    fn keep(&self, person: &Person, question: Question, decision: Decision) {
        let mut people = self.locked();
        if people.len() >= PEOPLE && !people.contains_key(&person.id) {
            people.clear();
        }
        let fresh = || Known { person: person.clone(), answers: HashMap::new() };
        let known = people.entry(person.id.clone()).or_insert_with(fresh);
        if known.person != *person || known.answers.len() >= QUESTIONS {
            *known = fresh();
        }
        known.answers.insert(question, decision);
    }

    fn locked(&self) -> MutexGuard<'_, HashMap<PersonId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
