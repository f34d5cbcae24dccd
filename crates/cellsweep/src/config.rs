//! One configuration: the same keys in files, in the environment and as options.

mod file;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use cellsweep_flow::{ClusterPlace, Lang, Limits, Settings, TraceSettings};

use crate::error::{Kind, ShellError};

/// A setting's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Memory,
    Threads,
    Threshold,
    Prior,
    Lang,
    RequestLimit,
}

impl Key {
    pub const ALL: [Key; 6] = [Key::Memory, Key::Threads, Key::Threshold, Key::Prior, Key::Lang, Key::RequestLimit];

    /// As files name it.
    pub const fn name(self) -> &'static str {
        match self {
            Key::Memory => "memory",
            Key::Threads => "threads",
            Key::Threshold => "threshold",
            Key::Prior => "prior",
            Key::Lang => "lang",
            Key::RequestLimit => "request_limit",
        }
    }

    /// As the environment names it.
    pub const fn variable(self) -> &'static str {
        match self {
            Key::Memory => "CELLSWEEP_MEMORY",
            Key::Threads => "CELLSWEEP_THREADS",
            Key::Threshold => "CELLSWEEP_THRESHOLD",
            Key::Prior => "CELLSWEEP_PRIOR",
            Key::Lang => "CELLSWEEP_LANG",
            Key::RequestLimit => "CELLSWEEP_REQUEST_LIMIT",
        }
    }

    /// What it steers.
    pub const fn meaning(self) -> &'static str {
        match self {
            Key::Memory => "bound on memory; the smaller, the more parts import and trace go in",
            Key::Threads => "threads that work",
            Key::Threshold => "rows of devices below this probability are left out",
            Key::Prior => "probability that a handset heard at a facility is kept there, before its findings; or auto",
            Key::Lang => "language of reports and explanations, fr or en",
            Key::RequestLimit => "most values in one list to an operator, such as 5000 or 5000,208-01=200; or none",
        }
    }

    fn default_text(self) -> String {
        match self {
            Key::Memory => "512MiB".to_owned(),
            Key::Threads => std::thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string(),
            Key::Threshold => TraceSettings::default().threshold.to_string(),
            Key::Prior => "auto".to_owned(),
            Key::Lang => "en".to_owned(),
            Key::RequestLimit => "none".to_owned(),
        }
    }
}

/// Where a value comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Origin {
    Default,
    File { path: PathBuf, line: usize },
    Variable(&'static str),
    Option,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File { path, line } => write!(f, "{}:{line}", path.display()),
            Origin::Variable(name) => f.write_str(name),
            Origin::Option => f.write_str("option"),
        }
    }
}

/// A value as it was given, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub text: String,
    pub origin: Origin,
}

/// The settings in force.
#[derive(Debug, Clone)]
pub struct Config {
    given: BTreeMap<Key, Given>,
    memory_bytes: u64,
    threads: usize,
    threshold: f64,
    prior: Option<f64>,
    lang: Lang,
    request_limit: Limits,
    /// The asked time, microseconds since 1970 UTC: an argument of a call, never a setting.
    pub at: Option<i64>,
    /// The machines that import and trace are shared out to.
    pub cluster: Option<ClusterPlace>,
}

impl Config {
    /// What is given later wins: defaults, the user's file, the case's, the one named by
    /// `--config`, the environment, options.
    pub fn resolve(
        named: Option<&Path>,
        case: Option<&Path>,
        options: impl Iterator<Item = (Key, String)>,
    ) -> Result<Self, ShellError> {
        let mut given: BTreeMap<Key, Given> = BTreeMap::new();
        for key in Key::ALL {
            given.insert(key, Given { text: key.default_text(), origin: Origin::Default });
        }
        for path in found_files(case) {
            given.extend(file::read(&path)?);
        }
        if let Some(path) = named {
            given.extend(file::read(path)?);
        }
        for key in Key::ALL {
            if let Some(value) = std::env::var_os(key.variable()).filter(|value| !value.is_empty()) {
                let text = value.to_string_lossy().into_owned();
                given.insert(key, Given { text, origin: Origin::Variable(key.variable()) });
            }
        }
        for (key, text) in options {
            given.insert(key, Given { text, origin: Origin::Option });
        }
        Self::parse(given)
    }

    fn parse(given: BTreeMap<Key, Given>) -> Result<Self, ShellError> {
        Ok(Self {
            memory_bytes: parsed(&given, Key::Memory, value::memory)?,
            threads: parsed(&given, Key::Threads, value::threads)?,
            threshold: parsed(&given, Key::Threshold, value::probability)?,
            prior: parsed(&given, Key::Prior, value::prior)?,
            lang: parsed(&given, Key::Lang, value::lang)?,
            request_limit: parsed(&given, Key::RequestLimit, value::limits)?,
            at: None,
            cluster: None,
            given,
        })
    }

    /// What the steps are steered by.
    pub fn settings(&self) -> Settings {
        let trace = TraceSettings { at: self.at, threshold: self.threshold, prior: self.prior };
        let cluster = self.cluster.clone();
        Settings { memory_bytes: self.memory_bytes, threads: self.threads, trace, cluster }
    }

    /// The language for people.
    pub const fn lang(&self) -> Lang {
        self.lang
    }

    /// The most values that operators take at a time.
    pub const fn request_limit(&self) -> &Limits {
        &self.request_limit
    }

    /// Every key with its value and where that comes from.
    pub fn shown(&self) -> impl Iterator<Item = (Key, &Given)> {
        self.given.iter().map(|(key, given)| (*key, given))
    }
}

fn parsed<T>(
    given: &BTreeMap<Key, Given>,
    key: Key,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, ShellError> {
    let text = given.get(&key).map_or("", |given| given.text.as_str());
    parse(text).map_err(|why| {
        let origin = given.get(&key).map(|given| given.origin.to_string()).unwrap_or_default();
        ShellError::new(Kind::Config, format!("{}: \"{text}\" can't be used ({origin}): {why}", key.name()))
    })
}

/// The files that are there, the weaker first.
fn found_files(case: Option<&Path>) -> Vec<PathBuf> {
    let of_user = user_dir().map(|dir| dir.join("cellsweep").join("cellsweep.toml"));
    let of_case = case.map(|dir| dir.join("cellsweep.toml"));
    of_user.into_iter().chain(of_case).filter(|path| path.is_file()).collect()
}

fn user_dir() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CONFIG_HOME").or_else(|| set("APPDATA")).or_else(|| set("HOME").map(|home| home.join(".config")))
}
