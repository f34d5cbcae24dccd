//! The one error that a user sees, and every exit code there is.

use std::fmt;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use cellsweep_flow::{ErrorKind, FlowError};

/// How a command ended. The same table stands in `cellsweep --help`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything went well.
    Fine = 0,
    /// Our own mistake.
    Internal = 1,
    /// The arguments or the configuration can't be used.
    Usage = 2,
    /// A file or the case can't be used, or what was asked can't be done with them.
    Refused = 3,
    /// It went well, but some rows went to quarantine.
    Rejects = 4,
    /// What was checked is not what was written.
    Altered = 5,
}

/// The table of exit codes in the help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  fine
  1  internal error: a fault of cellsweep itself
  2  the arguments or the configuration can't be used
  3  refused: a file is missing or can't be used, or the case does not allow it
  4  fine, but some rows can't be used and went to the import's quarantine file
     (`import`, `watch --once`; `run` only with --strict)
  5  `verify`: the case, its log or a file is not what was written";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// Whose an error is to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What was asked can't be done.
    User,
    /// The configuration can't be used.
    Config,
    /// A file or the case is not what it should be.
    Data,
    /// Our own mistake, and nothing else.
    Internal,
}

/// Why a command stopped, in words.
#[derive(Debug)]
pub struct ShellError {
    kind: Kind,
    message: String,
    hints: Vec<String>,
}

impl ShellError {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hints: Vec::new() }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// For `map_err`: a file that can't be written.
    pub fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.display().to_string();
        move |error| Self::new(Kind::Data, format!("can't {doing} {path}: {error}"))
    }

    pub const fn exit(&self) -> Exit {
        match self.kind {
            Kind::Config => Exit::Usage,
            Kind::User | Kind::Data => Exit::Refused,
            Kind::Internal => Exit::Internal,
        }
    }
}

impl fmt::Display for ShellError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            Kind::Internal => write!(f, "internal error: {}", self.message)?,
            _ => f.write_str(&self.message)?,
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

impl From<FlowError> for ShellError {
    fn from(error: FlowError) -> Self {
        let kind = match error.kind() {
            ErrorKind::User => Kind::User,
            ErrorKind::Data => Kind::Data,
            ErrorKind::Internal => Kind::Internal,
        };
        let shell = Self::new(kind, error.to_string());
        match error.hint() {
            Some(hint) => shell.hint(hint),
            None if kind == Kind::Internal => shell.hint(REPORT_IT),
            None => shell,
        }
    }
}

/// Results that can't be written to stdout.
impl From<io::Error> for ShellError {
    fn from(error: io::Error) -> Self {
        Self::new(Kind::Data, format!("can't write the result: {error}"))
    }
}

impl From<serde_json::Error> for ShellError {
    fn from(error: serde_json::Error) -> Self {
        if error.is_io() { io::Error::from(error).into() } else { Self::new(Kind::Internal, error.to_string()) }
    }
}

const REPORT_IT: &str = "this is a fault of cellsweep, not of your data; please report it with the version and the \
                         command (but no data)";

/// Turns a panic into the internal error that it is.
pub fn report_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(|place| format!(" ({}:{})", place.file(), place.line())).unwrap_or_default();
        let payload = panic.payload();
        let said = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let said = said.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_default();
        let error = ShellError::new(Kind::Internal, format!("{said}{place}")).hint(REPORT_IT);
        crate::ui::last_words(&error);
    }));
}
