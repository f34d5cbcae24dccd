//! Import profiles: chosen, tried and proposed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cellsweep_ingest::profile::{Shipped, library, shipped};
use cellsweep_ingest::{IngestError, Profile, Refusal, Shape};
use cellsweep_model::case::ProfileUse;
use cellsweep_model::table::Table;

use crate::{FlowError, Session};

pub use cellsweep_ingest::guess::{Confidence, Guess, Known};
pub use cellsweep_ingest::{Preview, PreviewRow};

/// A profile, as somebody chose it for an import.
#[derive(Debug, Clone)]
pub struct ProfileChoice {
    /// Which columns are which.
    pub profile: Profile,
    /// What the import's log keeps of it.
    pub used: ProfileUse,
    /// The name of its file without the ending, where it came in a folder of inputs.
    pub stem: String,
    /// Second files by the joins' names; the others lie beside the main file.
    pub joins: BTreeMap<String, PathBuf>,
}

/// What whoever imports says over the profile.
#[derive(Debug, Clone, Default)]
pub struct ProfileSaid {
    /// The zone of its times.
    pub zone: Option<String>,
    /// Whose file it is.
    pub operator: Option<String>,
    /// Second files.
    pub joins: BTreeMap<String, PathBuf>,
}

impl ProfileChoice {
    /// A profile that ships with the program, by its name, or one in a file.
    ///
    /// # Errors
    /// When there is none of that name, or it can't be used.
    pub fn find(name_or_file: &str, said: ProfileSaid) -> Result<Self, FlowError> {
        let (profile, used) = match shipped(name_or_file) {
            Some(shipped) => parsed(shipped)?,
            None if Path::new(name_or_file).exists() || name_or_file.contains(['.', '/', '\\']) => {
                Profile::read(Path::new(name_or_file))?
            }
            None => return Err(unknown(name_or_file)),
        };
        let mut choice = Self { profile, used, stem: String::new(), joins: said.joins };
        if let (Some(time), Some(zone)) = (&mut choice.profile.time, said.zone) {
            time.zone = zone;
        }
        if let Some(operator) = said.operator {
            choice.profile.columns.remove("operator");
            choice.profile.operator = Some(operator);
        }
        choice.check()
    }

    /// What was said over a profile may contradict it as well.
    fn check(self) -> Result<Self, FlowError> {
        match self.profile.check() {
            Ok(()) => Ok(self),
            Err(error) => Err(refused(&self.profile.name, error.why, error.hint)),
        }
    }

    pub(crate) fn must_make(&self, table: Table) -> Result<(), FlowError> {
        let (profile, asked) = (self.profile.table.name(), table.name());
        if profile == asked {
            return Ok(());
        }
        let path = PathBuf::from(&self.profile.name);
        Err(FlowError::Ingest(IngestError::Refused { path, line: None, why: Refusal::OtherTable { profile, asked } }))
    }

    pub(crate) fn shape(&self) -> Shape<'_> {
        Shape { profile: &self.profile, joins: &self.joins }
    }
}

/// A profile that ships is wrong only by our own mistake.
fn parsed(shipped: &Shipped) -> Result<(Profile, ProfileUse), FlowError> {
    shipped.profile().map_err(FlowError::output("profile"))
}

fn unknown(name: &str) -> FlowError {
    let near = library()
        .iter()
        .map(|shipped| shipped.name)
        .max_by(|a, b| strsim::jaro_winkler(a, name).total_cmp(&strsim::jaro_winkler(b, name)));
    let near = near.filter(|near| strsim::jaro_winkler(near, name) > 0.8);
    let is_it = near.map_or_else(String::new, |near| format!(" (is it {near}?)"));
    refused(
        name,
        format!("no profile of that name ships with cellsweep, and no file is called like that{is_it}"),
        "`cellsweep profile list` shows them".to_owned(),
    )
}

fn refused(name: &str, why: String, hint: String) -> FlowError {
    FlowError::Ingest(IngestError::Refused {
        path: PathBuf::from(name),
        line: None,
        why: Refusal::Profile { why, hint },
    })
}

/// A profile that ships with the program, in a few words.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ProfileLine {
    /// Its name.
    pub name: &'static str,
    /// The table that it makes.
    pub table: &'static str,
    /// Its version.
    pub version: String,
    /// What it is for.
    pub describes: String,
}

/// Every profile that ships with the program, in the order of the flow.
///
/// # Errors
/// Never but by our own mistake.
pub fn profiles() -> Result<Vec<ProfileLine>, FlowError> {
    let line = |shipped: &'static Shipped| {
        let (profile, _) = parsed(shipped)?;
        Ok(ProfileLine {
            name: shipped.name,
            table: profile.table.name(),
            version: profile.version,
            describes: profile.describes,
        })
    };
    library().iter().map(line).collect()
}

/// The text of a profile that ships with the program.
///
/// # Errors
/// When there is none of that name.
pub fn profile_text(name: &str) -> Result<&'static str, FlowError> {
    shipped(name).map(|shipped| shipped.text).ok_or_else(|| unknown(name))
}

/// The JSON schema of profiles.
pub const fn profile_schema() -> &'static str {
    cellsweep_ingest::profile::SCHEMA
}

/// Proposes a profile for a file.
///
/// # Errors
/// When the file can't be read.
pub fn guess_profile(file: &Path, known: &Known, session: &Session<'_>) -> Result<Guess, FlowError> {
    Ok(cellsweep_ingest::guess::guess(file, known, &session.ingest(1))?)
}

/// Tries a profile on a file's first rows, of which `shown` come back whole.
///
/// # Errors
/// When the file isn't as the profile says.
pub fn test_profile(
    file: &Path,
    choice: &ProfileChoice,
    shown: usize,
    looked_at: u64,
    session: &Session<'_>,
) -> Result<Preview, FlowError> {
    Ok(cellsweep_ingest::preview(file, &choice.shape(), shown, looked_at, &session.ingest(1))?)
}
