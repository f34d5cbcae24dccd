//! A country made up from a seed: what operators recorded, what the administration knows, and the truth.
//!
//! Belongs here: people and their handsets, radio, operators' quirks, the tables of a case, and scoring a list
//! against the truth. Does not belong here: reading a case, tracing, any weight or threshold that a method uses.
//!
//! A world is drawn in two steps. [`Params`] are drawn from the seed, so that no method can be tuned to one
//! world. Then people are made, and every handset's days are played by a random stream of its own
//! (seed, handset, day): the same settings give the same bytes on any number of threads.
//!
//! No leaks: identifiers are drawn at random, small tables are shuffled, and whatever an inmate's handset
//! does (bursts, two SIM cards, months of silence) some free person's does too. `tests/leaks.rs` checks it.

mod answer;
mod around;
mod buyers;
mod catalogue;
mod circle;
mod clock;
mod clones;
mod contacts;
mod day;
mod facility;
mod ground;
mod habit;
mod identity;
mod inside;
mod land;
mod ledger;
mod names;
mod network;
mod ordinary;
mod out;
mod params;
mod past;
mod plan;
mod quirks;
mod radio;
mod records;
mod rng;
mod roster;
mod score;
mod searches;
mod staff;
mod survey;
mod tables;
mod trial;
pub mod truth;
mod unit;
mod world;

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

pub use ground::{GivenFacility, GivenSector, Ground};
pub use params::{Circle, Params};
pub use trial::Trial;
pub use world::generate;

/// What to make.
#[derive(Debug, Clone, Serialize)]
pub struct WorldSettings {
    /// Same seed (and same other settings), same bytes.
    pub seed: u64,
    /// Number of prisons.
    pub facilities: u32,
    /// Days of records.
    pub days: u32,
    /// About how many rows the operators record, before `shape` cuts what they hand over.
    pub records: u64,
    /// What operators answered.
    pub shape: Shape,
    /// The family the hyper-parameters are drawn from.
    pub kind: WorldKind,
    /// Records begin at the midnight in Europe/Paris of the day this falls in.
    pub start: Timestamp,
    /// Jamming whose effect is known, in place of the world's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trial: Option<Trial>,
    /// Antennas and prisons that are given; the number of facilities is then theirs.
    #[serde(skip)]
    pub ground: Option<Ground>,
}

impl Default for WorldSettings {
    fn default() -> WorldSettings {
        WorldSettings {
            seed: 1,
            facilities: 66,
            days: 30,
            records: 20_000_000,
            shape: Shape::Everything,
            kind: WorldKind::A,
            start: Timestamp::constant(1_743_465_600, 0),
            trial: None,
            ground: None,
        }
    }
}

/// What operators handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// The whole country's records.
    Everything,
    /// Only rows at sectors that serve a prison.
    PrisonSectors,
    /// Only rows of listed IMEIs and of those that followed from them.
    ImeiList,
}

/// Families of hyper-parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum WorldKind {
    /// The usual ranges.
    A,
    /// Wider and shifted ones: no prior is ever made from these.
    B,
    /// The usual ranges, stretched: priors are made from these and from A's.
    C,
    /// A's, but for whom inmates speak with and how: few numbers, most of them their own circle's. No prior is
    /// ever made from these either.
    D,
}

/// How far `generate` is.
#[derive(Debug, Clone, Copy)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub of: u64,
    /// Rows written so far.
    pub rows: u64,
}

/// What was made.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    /// Folder of the case's tables.
    pub case: PathBuf,
    /// Folder of the truth.
    pub truth: PathBuf,
    /// Rows that operators recorded.
    pub recorded: u64,
    /// Rows that they handed over: those of the files.
    pub records: u64,
    /// Handsets simulated.
    pub handsets: usize,
    /// Handsets kept inside when the operation begins.
    pub kept: usize,
    /// Inmates on the roster.
    pub inmates: usize,
    /// Files of records.
    pub files: Vec<PathBuf>,
}

/// Why a world could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// The settings ask for something that can't be.
    #[error("a world needs at least one facility and between 1 and 366 days, not {facilities} and {days}")]
    Settings {
        /// Facilities asked for.
        facilities: u32,
        /// Days asked for.
        days: u32,
    },
    /// A world can't stand on the antennas and prisons that are given.
    #[error("a world can't stand on these antennas and prisons: {why}")]
    Ground {
        /// Why not.
        why: String,
    },
    /// A file could not be written.
    #[error("cannot write {path}")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// Writing stopped part of the way.
    #[error("cannot write")]
    Io(#[from] std::io::Error),
    /// A CSV table could not be written or read.
    #[error("cannot write or read a table")]
    Csv(#[from] csv::Error),
    /// A Parquet file could not be written.
    #[error("cannot write Parquet")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// Columns did not fit together.
    #[error("cannot build columns")]
    Arrow(#[from] arrow::error::ArrowError),
    /// Outside the range of times.
    #[error("cannot place the window in time")]
    Time {
        /// Why.
        source: jiff::Error,
    },
    /// JSON could not be written.
    #[error("cannot write JSON")]
    Json {
        /// Why.
        source: serde_json::Error,
    },
}

impl WorldError {
    pub(crate) fn time(source: jiff::Error) -> WorldError {
        WorldError::Time { source }
    }

    pub(crate) fn json(source: serde_json::Error) -> WorldError {
        WorldError::Json { source }
    }
}
