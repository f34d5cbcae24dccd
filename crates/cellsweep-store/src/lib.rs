//! The store: a case on disk, and the only crate that knows how its folder is laid out.
//!
//! Belongs here: the manifest, imports and runs as they are staged, committed and read back, the
//! lock between writers, what a killed process leaves behind.
//! Does not belong here: reading what operators hand over (ingest), how records lie within an
//! import (engine), what any of it means, the clock: "now" is an argument.
//!
//! ```text
//! DIR/case.json                 the layout's version, the case's name, where its log is
//! DIR/case.sqlite               its append-only logs, unless a PostgreSQL database has them; a file that
//!                               they don't name isn't there
//! DIR/case.keys                 the data keys, each wrapped by the case's key; what an erasure destroys
//! DIR/case.key                  the key of people's data, unless it is kept elsewhere
//! DIR/manifest.json             what the log comes to, for people to read
//! DIR/lock                      held by the one process that writes
//! DIR/staging/<random>/         work under way; whoever opens for writing next clears it
//! DIR/imports/<id>/records/     canonical records and their daily profiles
//! DIR/imports/<id>/table.parquet       or a small table
//! DIR/imports/<id>/protected.sealed    lawyers', doctors' and controllers' numbers, sealed in any case
//! DIR/imports/<id>/original.sealed     the file as it came, under its own seal
//! DIR/imports/<id>.<n>/                what is left after something was taken out for the n-th time
//! DIR/imports/<id>/quarantine.csv      rows that did not go on
//! DIR/imports/<id>/peer_names.csv      names that stand where numbers should
//! DIR/runs/<id>/                what a step left
//! ```
//!
//! In an investigation every file of an import and of a run is sealed under a key of its folder's own
//! (`cellsweep_vault`); the keys are in the database, wrapped by the case's key. Digests are of what the files hold.
//!
//! Writing goes in one order, so that a process killed anywhere leaves nothing half: fill a
//! staging folder, flush it to disk, move it to its place, and last append to the log.

mod access;
mod atomic;
mod case;
mod copy;
mod db;
mod devices;
mod error;
mod events;
mod folder;
mod holders;
mod keys;
mod lock;
mod log;
mod marks;
mod moving;
mod original;
mod place;
mod quarantine;
mod staging;
mod standing;
mod table;
mod verify;
mod writer;

pub use access::{Consultation, note_consultation};
pub use atomic::{create_private, digest_of, digest_of_file};
pub use case::{Case, FORMAT, PROTECTED, TABLE};
pub use cellsweep_proof::{LogKind, Operation};
pub use cellsweep_vault::Keeping;
pub use copy::{LogHead, LogTally, TallyHead, export_log, item_head, item_proof, log_tally};
pub use devices::{RunDevices, devices_batch};
pub use error::StoreError;
pub use events::ERASED;
pub use folder::Folder;
pub use holders::RunHolders;
pub use keys::Unlock;
pub use marks::{add_cosigned, add_stamp, last_checkpoint, request_stamp};
pub use original::FILE as ORIGINAL;
pub use quarantine::{FILE as QUARANTINE, Quarantine};
pub use staging::{PEER_NAMES, Sealed, Staging};
pub use standing::{LogLine, Standing};
pub use verify::{Fault, Verified, verify};
pub use writer::{
    Caller, CaseWriter, Copied, ImportFacts, Reduced, RunFacts, copy_files, list_files, new_folders, restore,
};
