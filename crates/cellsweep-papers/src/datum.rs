//! What a case says, where it says so, and what it doesn't say.

use std::collections::BTreeSet;
use std::fmt;

use crate::Lang;

/// A fact for a paper, with where it stands.
#[derive(Clone, PartialEq, Eq, Default)]
pub enum Datum<T> {
    /// The case's log says so.
    Logged {
        /// What.
        value: T,
        /// In which entries.
        source: Source,
    },
    /// Whoever has the paper drawn up says so, and no entry does: the paper marks it.
    Given(T),
    /// Nobody says: the paper has a blank to fill in.
    #[default]
    Missing,
}

impl<T> Datum<T> {
    /// What an entry of the custody log says.
    pub fn logged(value: T, entry: u64) -> Self {
        Self::Logged { value, source: Source::entry(entry) }
    }

    /// The value in another form, from the same source.
    pub fn map<U>(&self, to: impl FnOnce(&T) -> U) -> Datum<U> {
        match self {
            Self::Logged { value, source } => Datum::Logged { value: to(value), source: source.clone() },
            Self::Given(value) => Datum::Given(to(value)),
            Self::Missing => Datum::Missing,
        }
    }

    /// The value, where there is one.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Logged { value, .. } | Self::Given(value) => Some(value),
            Self::Missing => None,
        }
    }

    /// Its entries, where the log has it.
    pub const fn source(&self) -> Option<&Source> {
        match self {
            Self::Logged { source, .. } => Some(source),
            Self::Given(_) | Self::Missing => None,
        }
    }
}

/// The value may be about a person: only where it stands is shown.
impl<T> fmt::Debug for Datum<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Logged { source, .. } => write!(f, "Logged(…, {source:?})"),
            Self::Given(_) => f.write_str("Given(…)"),
            Self::Missing => f.write_str("Missing"),
        }
    }
}

/// One of a case's two logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogName {
    /// What happened in the case.
    Custody,
    /// Who looked at what.
    Access,
}

/// Entries of a log, by their numbers from 0.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Which log.
    pub log: LogName,
    /// Which entries.
    pub entries: BTreeSet<u64>,
}

impl Source {
    /// One entry of the custody log.
    pub fn entry(n: u64) -> Self {
        Self { log: LogName::Custody, entries: BTreeSet::from([n]) }
    }

    /// Entries of the custody log.
    pub fn entries(all: impl IntoIterator<Item = u64>) -> Self {
        Self { log: LogName::Custody, entries: all.into_iter().collect() }
    }

    /// Entries of the access log.
    pub fn access(all: impl IntoIterator<Item = u64>) -> Self {
        Self { log: LogName::Access, entries: all.into_iter().collect() }
    }

    /// As it is cited: `[log 3–5, 9]`.
    pub fn cited(&self, lang: Lang) -> String {
        let name = match self.log {
            LogName::Custody => lang.say("journal n° ", "log\u{a0}"),
            LogName::Access => lang.say("journal d'accès n° ", "access log\u{a0}"),
        };
        format!("[{name}{}]", numbers(&self.entries))
    }
}

/// Numbers in a row are written as one stretch.
fn numbers(entries: &BTreeSet<u64>) -> String {
    let mut stretches: Vec<(u64, u64)> = Vec::new();
    for &n in entries {
        match stretches.last_mut() {
            Some((_, last)) if *last + 1 == n => *last = n,
            _ => stretches.push((n, n)),
        }
    }
    let written: Vec<String> = stretches.into_iter().map(stretch).collect();
    written.join(", ")
}

fn stretch((first, last): (u64, u64)) -> String {
    if first == last { first.to_string() } else { format!("{first}–{last}") }
}

/// A checkpoint of a log (C2SP tlog-checkpoint), against which the entries before its size can be verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log's.
    pub log: LogName,
    /// The log's own name: the checkpoint's first line.
    pub origin: String,
    /// How many entries it covers: those numbered below this.
    pub size: u64,
    /// The root hash, as the checkpoint writes it (base64).
    pub root: String,
}

impl Checkpoint {
    /// Those of a source's entries that it doesn't cover.
    pub(crate) fn uncovered<'a>(&self, source: &'a Source) -> impl Iterator<Item = &'a u64> {
        let theirs = source.log == self.log;
        source.entries.range(self.size..).filter(move |_| theirs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_are_short() {
        let check = |entries: &[u64], fr: &str, en: &str| {
            let source = Source::entries(entries.iter().copied());
            assert_eq!(source.cited(Lang::Fr).replace('\u{a0}', " "), fr);
            assert_eq!(source.cited(Lang::En).replace('\u{a0}', " "), en);
        };
        check(&[17], "[journal n° 17]", "[log 17]");
        check(&[5, 3, 4, 9], "[journal n° 3–5, 9]", "[log 3–5, 9]");
        assert_eq!(Source::access(1..=40).cited(Lang::Fr).replace('\u{a0}', " "), "[journal d’accès n° 1–40]");
    }

    #[test]
    fn a_value_is_not_in_debug() {
        assert_eq!(format!("{:?}", Datum::Given("351234567890123")), "Given(…)");
        assert!(!format!("{:?}", Datum::logged("351234567890123", 4)).contains("351"));
    }
}
