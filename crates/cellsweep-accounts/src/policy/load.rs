//! Reading the rules: those that the program brings, or a folder of others.

use std::collections::BTreeMap;
use std::path::Path;

use cedar_policy::{Authorizer, PolicyId, PolicySet, Schema, ValidationMode, Validator};

use super::memory::Memory;
use super::{Policies, Rule, resource};
use crate::Action;

const SCHEMA: &str = include_str!("../../policies/schema.cedarschema");

/// The rules that the program brings.
const OWN: &[(&str, &str)] = &[
    ("1-reach.cedar", include_str!("../../policies/1-reach.cedar")),
    ("2-conditions.cedar", include_str!("../../policies/2-conditions.cedar")),
    ("3-roles.cedar", include_str!("../../policies/3-roles.cedar")),
];

/// Why rules can't be used.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// The folder or a file of it can't be read.
    #[error("can't read {path}: {source}")]
    Io {
        /// Which.
        path: String,
        /// Why not.
        source: std::io::Error,
    },
    /// No rules there: the office would deny everything.
    #[error("{folder} has no file that ends in .cedar")]
    NoRules {
        /// Where.
        folder: String,
    },
    /// Not Cedar's language.
    #[error("{file}: {why}")]
    Syntax {
        /// Which file.
        file: String,
        /// What is wrong.
        why: String,
    },
    /// A rule without its name or sentence, or with a word that isn't known.
    #[error("{file}: rule {position} has no `@{what}(\"…\")` that can be used")]
    Annotation {
        /// Which file.
        file: String,
        /// Which rule of it, from 1.
        position: usize,
        /// What is missing.
        what: &'static str,
    },
    /// Two rules of one name.
    #[error("{file}: there are two rules named `{id}`")]
    Twice {
        /// The second's file.
        file: String,
        /// The name.
        id: String,
    },
    /// The rules speak of what there isn't.
    #[error("the rules don't fit the schema: {why}")]
    Schema {
        /// What doesn't.
        why: String,
    },
}

impl Policies {
    /// The rules that the program brings.
    ///
    /// # Errors
    /// None that a build whose tests passed has.
    pub fn own() -> Result<Self, PolicyError> {
        Self::of(OWN.iter().map(|(file, text)| ((*file).to_owned(), (*text).to_owned())))
    }

    /// The rules in the files of a folder that end in `.cedar`, instead of the program's own. The schema stays.
    ///
    /// # Errors
    /// When a file can't be read, isn't Cedar, or speaks of what the schema hasn't.
    pub fn folder(folder: &Path) -> Result<Self, PolicyError> {
        let io = |path: &Path| {
            let path = path.display().to_string();
            move |source| PolicyError::Io { path, source }
        };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(io(folder))? {
            let path = entry.map_err(io(folder))?.path();
            if path.extension().is_some_and(|ending| ending == "cedar") {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                files.push((name, std::fs::read_to_string(&path).map_err(io(&path))?));
            }
        }
        if files.is_empty() {
            return Err(PolicyError::NoRules { folder: folder.display().to_string() });
        }
        files.sort();
        Self::of(files.into_iter())
    }

    fn of(files: impl Iterator<Item = (String, String)>) -> Result<Self, PolicyError> {
        let schema = schema()?;
        let (mut set, mut rules) = (PolicySet::new(), BTreeMap::new());
        for (file, text) in files {
            read(&file, &text, &mut set, &mut rules)?;
        }
        let checked = Validator::new(schema.clone()).validate(&set, ValidationMode::Strict);
        let problems: Vec<String> = checked
            .validation_errors()
            .map(ToString::to_string)
            .chain(checked.validation_warnings().map(ToString::to_string))
            .collect();
        if !problems.is_empty() {
            return Err(PolicyError::Schema { why: problems.join("; ") });
        }
        let base = resource::base(&schema).map_err(|why| PolicyError::Schema { why })?;
        Ok(Self { authorizer: Authorizer::new(), schema, set, base, rules, memory: Memory::default() })
    }
}

/// The schema, which has every action of ours.
fn schema() -> Result<Schema, PolicyError> {
    let (schema, _warnings) =
        Schema::from_cedarschema_str(SCHEMA).map_err(|error| PolicyError::Schema { why: error.to_string() })?;
    let known: Vec<String> = schema.actions().map(|action| action.id().unescaped().to_owned()).collect();
    match Action::ALL.iter().find(|action| !known.iter().any(|word| word == action.word())) {
        Some(action) => Err(PolicyError::Schema { why: format!("it has no action `{}`", action.word()) }),
        None => Ok(schema),
    }
}

/// Adds a file's rules, each under its own name.
fn read(file: &str, text: &str, set: &mut PolicySet, rules: &mut BTreeMap<String, Rule>) -> Result<(), PolicyError> {
    let syntax = |why: String| PolicyError::Syntax { file: file.to_owned(), why };
    let parsed: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| syntax(error.to_string()))?;
    if parsed.templates().next().is_some() {
        return Err(syntax("templates (`?principal`, `?resource`) are not used here".to_owned()));
    }
    let mut policies: Vec<_> = parsed.policies().collect();
    // Cedar numbers them as they stand: policy0, policy1, …
    policies.sort_by_key(|policy| number(policy.id()));
    for (position, policy) in policies.into_iter().enumerate() {
        let rule = Rule::read(policy, file, position)?;
        if rules.contains_key(&rule.id) {
            return Err(PolicyError::Twice { file: file.to_owned(), id: rule.id });
        }
        set.add(policy.new_id(PolicyId::new(&rule.id))).map_err(|error| syntax(error.to_string()))?;
        rules.insert(rule.id.clone(), rule);
    }
    Ok(())
}

fn number(id: &PolicyId) -> usize {
    let text: &str = id.as_ref();
    text.trim_start_matches(|char: char| !char.is_ascii_digit()).parse().unwrap_or(usize::MAX)
}
