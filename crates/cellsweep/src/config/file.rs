//! A configuration file, with the line that each value stands on.

use std::collections::BTreeMap;
use std::path::Path;

use toml::de::{DeTable, DeValue};

use super::{Given, Key, Origin};
use crate::error::{Kind, ShellError};

/// Reads a file whole; a key that nobody knows is an error.
pub fn read(path: &Path) -> Result<BTreeMap<Key, Given>, ShellError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ShellError::new(Kind::Config, format!("can't read {}: {error}", path.display())))?;
    parse(path, &text)
}

fn parse(path: &Path, text: &str) -> Result<BTreeMap<Key, Given>, ShellError> {
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| line_of(text, span.start));
        at(path, line, error.message())
    })?;
    let mut given = BTreeMap::new();
    for (name, value) in table.get_ref() {
        let line = line_of(text, name.span().start);
        let key = Key::ALL.into_iter().find(|key| key.name() == name.get_ref());
        let key = key.ok_or_else(|| unknown(path, line, name.get_ref()))?;
        let value = plain(value.get_ref()).ok_or_else(|| at(path, line, "expected a text or a number"))?;
        given.insert(key, Given { text: value, origin: Origin::File { path: path.to_owned(), line } });
    }
    Ok(given)
}

fn plain(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().replace('_', "")),
        DeValue::Float(number) => Some(number.as_str().replace('_', "")),
        _ => None,
    }
}

fn unknown(path: &Path, line: usize, name: &str) -> ShellError {
    let error = at(path, line, &format!("unknown key `{name}`"));
    match nearest(name) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("the keys are {}", Key::ALL.map(Key::name).join(", "))),
    }
}

fn nearest(name: &str) -> Option<&'static str> {
    let distance = |key: &str| strsim::damerau_levenshtein(key, name);
    Key::ALL.map(Key::name).into_iter().min_by_key(|key| distance(key)).filter(|key| distance(key) <= 3)
}

fn at(path: &Path, line: usize, why: &str) -> ShellError {
    ShellError::new(Kind::Config, format!("{}:{line}: {why}", path.display()))
}

fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> String {
        match parse(Path::new("c.toml"), text) {
            Ok(given) => given.iter().map(|(key, given)| format!("{}={} ", key.name(), given.text)).collect(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn keys_and_mistakes() {
        assert_eq!(
            outcome("memory = \"1GiB\"\nthreads = 1_0\nthreshold = 0.5"),
            "memory=1GiB threads=10 threshold=0.5 "
        );
        assert_eq!(outcome("\n\nmemroy = 1"), "c.toml:3: unknown key `memroy`\n  hint: did you mean `memory`?");
        assert_eq!(outcome("threads = [1]"), "c.toml:1: expected a text or a number");
        assert!(
            outcome("whatever = 1").contains("the keys are memory, threads, threshold, prior, lang, request_limit")
        );
        assert!(outcome("threads = 1\nmemory =").starts_with("c.toml:2: "));
    }
}
