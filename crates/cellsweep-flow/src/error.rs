//! What can go wrong on the way through the steps, and whose it is to mend.

use std::path::{Path, PathBuf};

use cellsweep_cluster::ClusterError;
use cellsweep_engine::EngineError;
use cellsweep_ingest::{BoxError, IngestError, Refusal};
use cellsweep_model::rows::RowError;
use cellsweep_model::table::Table;
use cellsweep_store::StoreError;
use cellsweep_world::WorldError;

use crate::law::LegalDoubt;

/// Whose it is to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Something was asked that can't be done.
    User,
    /// A file that comes in, or the case, is not what it should be, or the disk refuses.
    Data,
    /// Our own mistake, and nothing else.
    Internal,
}

/// Why a step stopped.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The case on disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that comes in.
    #[error(transparent)]
    Ingest(IngestError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The machines that work is shared out to.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A table of the case does not hold what its schema promises.
    #[error("{table}: {source}")]
    Rows {
        /// Which table.
        table: &'static str,
        /// What is wrong.
        source: RowError,
    },
    /// Real data, and no order to hold them under.
    #[error("{} is an investigation, and nothing may enter it without an authority", dir.display())]
    NoAuthority {
        /// The case.
        dir: PathBuf,
    },
    /// Invented data were asked for in a case for real ones.
    #[error("{} is an investigation; it never becomes an exercise", dir.display())]
    NotAnExercise {
        /// The case.
        dir: PathBuf,
    },
    /// `run` without the word that its data are invented.
    #[error("`run` is for invented data: nothing else may enter a case without an authority")]
    ExerciseNotSaid,
    /// Several orders, and none was named.
    #[error("the case has several authorities, {}: name the one that orders this", ids.join(", "))]
    WhichAuthority {
        /// Their references.
        ids: Vec<String>,
    },
    /// An authority that can't be granted as it stands.
    #[error("{why}")]
    Authority {
        /// What is wrong with it.
        why: String,
    },
    /// What no authority of the case orders.
    #[error("{why}")]
    NotOrdered {
        /// Which, and why not.
        why: String,
    },
    /// Rules that an authority doesn't seem to satisfy, and nobody's word on them.
    #[error("{}", doubts.iter().map(doubt_words).collect::<Vec<_>>().join("\n"))]
    LegalDoubts {
        /// Which.
        doubts: Vec<LegalDoubt>,
    },
    /// An investigation is looked into, and nobody says why.
    #[error("who looks into an investigation says why")]
    NoReason,
    /// A review of data that is not to come.
    #[error("the next review, {next}, is not to come")]
    NextReview {
        /// The day that was given.
        next: jiff::civil::Date,
    },
    /// Public figures that can't be used.
    #[error("{place}: {why}")]
    PublicFigures {
        /// The file.
        place: String,
        /// What is wrong with it.
        why: String,
    },
    /// Something about an exhibit that can't be taken.
    #[error("{place}: {why}")]
    Exhibit {
        /// The file and line, or what was given.
        place: String,
        /// Why not.
        why: String,
    },
    /// A run that can't be repeated.
    #[error("{run} can't be repeated: {why}")]
    NoReplay {
        /// Which run.
        run: String,
        /// Why not.
        why: String,
    },
    /// A PDF that could not be made.
    #[error(transparent)]
    Pdf(#[from] cellsweep_report::PdfError),
    /// Something that takes two people.
    #[error("this takes two people")]
    TwoPeople,
    /// An authority lapsed, and what came in under it may not be read.
    #[error("{imports} files came in under {}, which has lapsed: what rests on them is locked", ids.join(", "))]
    Locked {
        /// The authorities' references.
        ids: Vec<String>,
        /// How many files.
        imports: usize,
    },
    /// Tables that trace can't do without.
    #[error("{place} lacks {}", missing.iter().map(|table| expected(*table)).collect::<Vec<_>>().join(", "))]
    MissingTables {
        /// Where they were looked for.
        place: String,
        /// Which.
        missing: Vec<Table>,
    },
    /// Of a table that trace can't do without, no file can be used.
    #[error("no file of {table} can be used: {why}")]
    Unusable {
        /// Which table.
        table: &'static str,
        /// What is wrong with the first of its files.
        why: String,
        /// What to do about it.
        hint: String,
    },
    /// A test of no profile.
    #[error("no profile was named")]
    NoProfile,
    /// Nothing to show yet.
    #[error("{} has not been traced yet", dir.display())]
    NotTraced {
        /// The case.
        dir: PathBuf,
    },
    /// Operators can't be asked so, or an answer not be taken.
    #[error(transparent)]
    Request(#[from] crate::request::RequestError),
    /// A country that is none.
    #[error("{asked:?} is no country: two capital letters, as in ISO 3166-1")]
    Country {
        /// What was given.
        asked: String,
    },
    /// Something can't be handed over, or not be taken in.
    #[error(transparent)]
    Share(#[from] crate::share::ShareError),
    /// No order book to show.
    #[error("{} has no ledger", dir.display())]
    NoLedger {
        /// The case.
        dir: PathBuf,
    },
    /// Nobody attributed yet.
    #[error("{} has not been attributed yet", dir.display())]
    NotAttributed {
        /// The case.
        dir: PathBuf,
    },
    /// Limits that can't be used or met.
    #[error("{why}")]
    Limits {
        /// What is wrong with them.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// Nobody planned yet.
    #[error("{} has no plan yet", dir.display())]
    NotPlanned {
        /// The case.
        dir: PathBuf,
    },
    /// A plan is asked for before its hour by one person alone.
    #[error("what is asked for is not released yet, and one person alone can't open it")]
    NotReleased,
    /// A plan that nobody may approve.
    #[error("the plan can't be approved: {why}")]
    Unauthorised {
        /// Why not.
        why: String,
    },
    /// No device of that name.
    #[error("no device {asked} in the latest trace")]
    NoSuchDevice {
        /// What was asked for.
        asked: String,
    },
    /// Nobody of that name among a handset's holders.
    #[error("this inmate is not among the listed holders of {asked}")]
    NoSuchHolder {
        /// The handset that was asked for.
        asked: String,
    },
    /// `operation.json` can't be used.
    #[error("{}: {why}", path.display())]
    Operation {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// A file or folder can't be read or written.
    #[error("can't {doing} {}: {source}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// An output could not be put together: our own mistake.
    #[error("{what}: {source}")]
    Output {
        /// Which output.
        what: &'static str,
        /// Why not.
        source: BoxError,
    },
    /// A world could not be made, or its truth not be read.
    #[error(transparent)]
    World(#[from] WorldError),
    /// A worker thread stopped without a word.
    #[error("a worker stopped without a word")]
    Worker,
}

fn doubt_words(doubt: &LegalDoubt) -> String {
    format!("{}: {} ({})", doubt.rule, doubt.en, doubt.citation)
}

fn expected(table: Table) -> String {
    match table {
        Table::Records => "records (records*.csv or records*.parquet)".to_owned(),
        Table::Facilities => "facilities (facilities.geojson)".to_owned(),
        table => format!("{0} ({0}.csv or {0}.parquet)", table.name()),
    }
}

impl From<IngestError> for FlowError {
    /// A sink's error is what the sink said, not the file's fault.
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Sink(cause) => from_sink(cause),
            other => Self::Ingest(other),
        }
    }
}

fn from_sink(cause: BoxError) -> FlowError {
    let cause = match cause.downcast::<EngineError>() {
        Ok(error) => return FlowError::Engine(*error),
        Err(cause) => cause,
    };
    match cause.downcast::<StoreError>() {
        Ok(error) => FlowError::Store(*error),
        Err(source) => FlowError::Output { what: "import", source },
    }
}

impl FlowError {
    /// For `map_err`: an I/O error with what was tried on what.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { doing, path, source }
    }

    /// For `map_err`: an output that could not be put together.
    pub(crate) fn output<E: Into<BoxError>>(what: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Output { what, source: source.into() }
    }

    /// Whose it is to mend.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Ingest(IngestError::Refused { why: Refusal::Internal(_), .. })
            | Self::Engine(EngineError::Worker)
            | Self::Output { .. }
            | Self::Pdf(_)
            | Self::Worker => ErrorKind::Internal,
            Self::Share(error) if error.is_internal() => ErrorKind::Internal,
            Self::World(WorldError::Settings { .. } | WorldError::Ground { .. })
            | Self::Store(StoreError::NotACase { .. } | StoreError::NotEmpty { .. } | StoreError::Busy { .. })
            | Self::NoAuthority { .. }
            | Self::NotAnExercise { .. }
            | Self::ExerciseNotSaid
            | Self::NoProfile
            | Self::NotTraced { .. }
            | Self::NoLedger { .. }
            | Self::Request(_)
            | Self::Share(_)
            | Self::Country { .. }
            | Self::NotAttributed { .. }
            | Self::Limits { .. }
            | Self::NotPlanned { .. }
            | Self::NotReleased
            | Self::Unauthorised { .. }
            | Self::WhichAuthority { .. }
            | Self::NotOrdered { .. }
            | Self::Authority { .. }
            | Self::LegalDoubts { .. }
            | Self::TwoPeople
            | Self::NoReplay { .. }
            | Self::PublicFigures { .. }
            | Self::Exhibit { .. }
            | Self::NoReason
            | Self::NextReview { .. }
            | Self::Locked { .. }
            | Self::NoSuchHolder { .. }
            | Self::NoSuchDevice { .. } => ErrorKind::User,
            Self::Store(_)
            | Self::Ingest(_)
            | Self::Engine(_)
            | Self::Cluster(_)
            | Self::Rows { .. }
            | Self::MissingTables { .. }
            | Self::Unusable { .. }
            | Self::Operation { .. }
            | Self::World(_)
            | Self::Io { .. } => ErrorKind::Data,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Store(error) => return error.hint().map(str::to_owned),
            Self::Ingest(error) => error.hint(),
            Self::Unusable { hint, .. } => hint,
            Self::NoAuthority { .. } => {
                "grant one: `cellsweep authority template > order.toml`, fill it in, `cellsweep authority grant order.toml`; \
                 a case of invented data is begun with `cellsweep init --exercise`"
            }
            Self::NotOrdered { .. } => "`cellsweep authority list` shows what the case's authorities order",
            Self::WhichAuthority { .. } => "name it with --authority ID",
            Self::Authority { .. } => "`cellsweep authority template` prints one with every field",
            Self::LegalDoubts { .. } => {
                "these rules are to be confirmed by a jurist; where the magistrate holds that the order stands, say so: \
                 --decision \"TEXT\" --decided-by NAME"
            }
            Self::NoReason => {
                "say so with --because \"TEXT\", or once for a shell in CELLSWEEP_BECAUSE; it is kept in the access log"
            }
            Self::NextReview { .. } => "give a day after today: --next 2027-05-01",
            Self::PublicFigures { .. } => {
                "it is a CSV file with the header name,from,to,finds,inmates: days as 2024-12-31, inmates on average"
            }
            Self::Exhibit { .. } => {
                "`cellsweep custody --help` says what each event takes; the book's chapter on proof has its form"
            }
            Self::TwoPeople => "name both: --by NAME --by \"SECOND NAME\"",
            Self::Locked { .. } => {
                "where it was prolonged, grant it again under the same id with the later valid_until; else erase what it brought in"
            }
            Self::ExerciseNotSaid => {
                "for invented data, say so with --exercise: the case is then marked as an exercise wherever it shows, \
                 needs no authority, and never becomes a real one"
            }
            Self::NotAnExercise { .. } => "begin another case for invented data",
            Self::MissingTables { .. } => "all other tables are optional; `cellsweep import --help` lists the columns",
            Self::NoProfile => "name one with --profile; `cellsweep profile guess FILE` proposes one",
            Self::Cluster(ClusterError::Token { .. }) => {
                "the scheduler, its executors and this program bring the same file: --cluster-token FILE"
            }
            Self::Cluster(_) | Self::Engine(EngineError::Elsewhere { .. }) => {
                "without --cluster the same is done on this machine, with the same result"
            }
            Self::NotTraced { .. } => "run `cellsweep trace` first",
            Self::Request(error) => error.hint(),
            Self::Share(error) => return error.hint().map(str::to_owned),
            Self::NoLedger { .. } => "bring one in with `cellsweep import ledger FILE`",
            Self::Limits { hint, .. } => return hint.clone(),
            Self::NotPlanned { .. } => "run `cellsweep plan` first",
            Self::NotReleased => "two people open it: --early-by NAME --early-by NAME",
            Self::NotAttributed { .. } => "run `cellsweep attribute` first",
            Self::NoSuchHolder { .. } => "`cellsweep explain IMEI` lists the holders",
            Self::NoSuchDevice { .. } => "`cellsweep devices` lists them; one below the threshold is not kept",
            Self::Operation { .. } => {
                "operation.json is optional; its `time` is an instant such as 2025-03-31T04:00:00Z"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
