//! The steps in order, for whoever starts them: the command line, a server, a test.
//!
//! Belongs here: which step reads what the one before it left, and what a person is told of it.
//! Does not belong here: how a step does its work, arguments and environment, the clock (it
//! comes with the [`Session`]).
//!
//! ```text
//! init ─> import ─> trace ─> devices, explain, report
//!   └──────────────── run: all of it for a folder of inputs
//! ```

mod case;
mod days;
mod demo;
mod devices;
mod error;
mod explain;
mod folder;
mod import;
mod inputs;
mod profiles;
mod progress;
mod quality;
mod report;
mod run;
mod session;
mod source;
mod trace;
mod truth;
mod world;

pub use case::{init, open, open_for_writing};
pub use cellsweep_report::{Lang, sentence, title, verbal};
pub use cellsweep_store::{Case, CaseWriter};
pub use cellsweep_trace::TraceSettings;
pub use cellsweep_world::{Shape, Summary as WorldSummary, WorldKind, WorldSettings};
pub use demo::{DemoSummary, demo};
pub use devices::{DEVICE_COLUMNS, DeviceFilter, devices, timestamp, write_csv, write_parquet};
pub use error::{ErrorKind, FlowError};
pub use explain::explain;
pub use folder::{FolderSummary, run_folder};
pub use import::{FileOutcome, ImportSummary, import_files, import_shaped};
pub use profiles::{
    Confidence, Guess, Known, Preview, PreviewRow, ProfileChoice, ProfileLine, ProfileSaid, guess_profile,
    profile_schema, profile_text, profiles, test_profile,
};
pub use progress::{Progress, Silent, Task};
pub use quality::{DayQuality, Quality, QualityRemark, TableQuality, quality};
pub use report::{ReportAsked, report};
pub use run::{TraceFacts, TraceSummary};
pub use session::{Session, Settings, Stage, VERSION};
pub use trace::{measures, trace};
pub use truth::Comparison;
pub use world::world;
