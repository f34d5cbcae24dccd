//! The answer to one question, and why.

use cedar_policy::{Context, Request, RestrictedExpression};
use serde::Serialize;

use super::resource::{Asked, Scene, scene, uid};
use super::{Language, Policies, Resource, Rule, Standing};
use crate::{Action, Grant, Person, Role};

/// What whom something is denied can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// Sign in with a second factor, or set one up.
    SecondFactor,
    /// Prove again who they are.
    SignInAgain,
}

impl Need {
    pub(super) fn parse(word: &str) -> Option<Self> {
        match word {
            "second_factor" => Some(Self::SecondFactor),
            "sign_in_again" => Some(Self::SignInAgain),
            _ => None,
        }
    }
}

/// Whether somebody may, by which rules, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decision {
    /// Whether they may.
    pub allowed: bool,
    /// In which role; `None` = as anybody with an account, or where denied.
    pub role: Option<Role>,
    /// The rules that decided: those that permit, or those that stand in the way. None = no rule permits it.
    pub rules: Vec<String>,
    /// What they can do about it, where that is all that is missing.
    pub need: Option<Need>,
    /// In words, in English.
    pub en: String,
    /// In words, in French.
    pub fr: String,
}

impl Decision {
    /// Why, in words.
    pub fn says(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::French => &self.fr,
        }
    }
}

/// What came of asking in one role.
struct Answer {
    role: Option<Role>,
    allowed: bool,
    /// Names of the rules that decided.
    rules: Vec<String>,
    /// Whether the role's rules name the action at all.
    named: bool,
}

impl Policies {
    /// Whether `person`, signed in as `standing` says, may do `action` to `resource`. What no rule permits is denied;
    /// so is what can't be asked (an action on something that it isn't done to).
    ///
    /// Each role is asked by itself, so that the reach of one never widens another. `person.grants` are those that hold now,
    /// as [`crate::Accounts`] reads them.
    pub fn may(&self, person: &Person, standing: Standing, action: Action, resource: &Resource) -> Decision {
        let posts = || person.grants.iter().map(Some).chain([None]);
        let question = (None, standing, action, resource.clone());
        self.memory.of(person, question, || self.decide(person, posts(), standing, action, resource))
    }

    /// The same in one role alone, the one at `post` of `person.grants`: for what takes several questions, each of which
    /// the same role has to answer.
    pub fn may_as(
        &self,
        person: &Person,
        post: usize,
        standing: Standing,
        action: Action,
        resource: &Resource,
    ) -> Decision {
        let posts = || person.grants.get(post).map(Some).into_iter();
        let question = (Some(post), standing, action, resource.clone());
        self.memory.of(person, question, || self.decide(person, posts(), standing, action, resource))
    }

    fn decide<'a>(
        &self,
        person: &Person,
        posts: impl Iterator<Item = Option<&'a Grant>>,
        standing: Standing,
        action: Action,
        resource: &Resource,
    ) -> Decision {
        if person.disabled {
            return denied(Vec::new(), None, "The account is closed.", "Le compte est fermé.");
        }
        let mut answers = Vec::new();
        for grant in posts {
            match self.ask(person, grant, standing, action, resource) {
                Ok(answer) if answer.allowed => return self.allowed(answer),
                Ok(answer) => answers.push(answer),
                Err(why) => {
                    tracing::error!(action = action.word(), kind = ?resource.kind(), %why, "a question that can't be asked was denied");
                    return denied(Vec::new(), None, "This can't be asked.", "Cette question ne peut pas être posée.");
                }
            }
        }
        self.refused(answers, action)
    }

    fn ask(
        &self,
        person: &Person,
        grant: Option<&Grant>,
        standing: Standing,
        action: Action,
        resource: &Resource,
    ) -> Asked<Answer> {
        let Scene { post, resource: asked, entities } = scene(&self.base, person, grant, resource)?;
        let context = Context::from_pairs([
            ("strong".to_owned(), RestrictedExpression::new_bool(standing.strong)),
            ("fresh".to_owned(), RestrictedExpression::new_bool(standing.fresh)),
        ]);
        let context = context.map_err(|error| error.to_string())?;
        let request = Request::new(post, uid("Action", action.word())?, asked, context, Some(&self.schema))
            .map_err(|error| error.to_string())?;
        let response = self.authorizer.is_authorized(&request, &self.set, &entities);
        // A rule that can't be evaluated is passed over by Cedar; one that forbids would be, too.
        if let Some(error) = response.diagnostics().errors().next() {
            return Err(error.to_string());
        }
        let role = grant.map(|grant| grant.role);
        let mut rules: Vec<String> = response.diagnostics().reason().map(ToString::to_string).collect();
        rules.sort_by_key(|id| self.rules.get(id).map(|rule| (rule.file.clone(), rule.position)));
        Ok(Answer {
            role,
            allowed: response.decision() == cedar_policy::Decision::Allow,
            rules,
            named: self.rules.values().any(|rule| rule.lets(role, action.word())),
        })
    }

    fn allowed(&self, answer: Answer) -> Decision {
        let says = |language| self.sentences(&answer.rules, language);
        let (en, fr) = (says(Language::English), says(Language::French));
        Decision { allowed: true, role: answer.role, need: None, en, fr, rules: answer.rules }
    }

    /// The reason that helps most: what stands in the way of a role that has the action, before roles that haven't.
    fn refused(&self, answers: Vec<Answer>, action: Action) -> Decision {
        let closest = answers.into_iter().filter(|answer| answer.named).min_by_key(|answer| answer.rules.len());
        let Some(closest) = closest else {
            let en = format!("None of your roles lets you {}.", action.says(Language::English));
            let fr = format!("Aucun de vos rôles ne vous permet de {}.", action.says(Language::French));
            return denied(Vec::new(), None, &en, &fr);
        };
        let needs: Vec<Option<Need>> =
            closest.rules.iter().map(|id| self.rules.get(id).and_then(|rule| rule.need)).collect();
        // Only where nothing else stands in the way is there something that they can do.
        let need = if needs.iter().all(Option::is_some) { needs.iter().flatten().copied().next() } else { None };
        if closest.rules.is_empty() {
            let lets = |rule: &&Rule| rule.lets(closest.role, action.word());
            let rules: Vec<String> = self.rules().filter(lets).map(|rule| rule.id.clone()).collect();
            let (en, fr) = (self.sentences(&rules, Language::English), self.sentences(&rules, Language::French));
            return denied(rules, None, &en, &fr);
        }
        let says = |language| self.sentences(&closest.rules, language);
        let (en, fr) = (says(Language::English), says(Language::French));
        denied(closest.rules, need, &en, &fr)
    }

    fn sentences(&self, rules: &[String], language: Language) -> String {
        let sentences: Vec<&str> =
            rules.iter().filter_map(|id| self.rules.get(id)).map(|rule| rule.says(language)).collect();
        sentences.join(" ")
    }
}

fn denied(rules: Vec<String>, need: Option<Need>, en: &str, fr: &str) -> Decision {
    Decision { allowed: false, role: None, rules, need, en: en.to_owned(), fr: fr.to_owned() }
}
