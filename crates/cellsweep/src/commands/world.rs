//! `cellsweep world`

use std::path::PathBuf;

use cellsweep_flow::{Shape, WorldKind, WorldSettings, world};
use clap::{Args, ValueEnum};

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Make up a country to practise on.
///
/// DIR/case is what an operation would be handed, in the contract's tables; DIR/truth says which
/// handset is kept where, and nothing but a comparison reads it. The same options give the same
/// bytes.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep world practice
  cellsweep world small --facilities 2 --days 5 --records 50000
  cellsweep world other --seed 7 --shape prison-sectors
  cellsweep run case --from practice/case --out results --exercise")]
pub struct World {
    /// The world's folder.
    #[arg(value_name = "DIR")]
    dir: PathBuf,

    #[command(flatten)]
    made: Made,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What a world is made from.
#[derive(Debug, Args)]
pub struct Made {
    /// Another seed, another country.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Prisons.
    #[arg(long, value_name = "N", default_value_t = 66)]
    facilities: u32,

    /// Days of records.
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,

    /// About how many records.
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    records: u64,

    /// What operators hand over.
    #[arg(long, value_enum, default_value_t = Handed::Everything)]
    shape: Handed,

    /// Which family of countries: b is wider and shifted, and nothing is ever fitted to it; c is a, stretched.
    #[arg(long, value_enum, default_value_t = Family::A)]
    kind: Family,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Handed {
    /// The whole country's records.
    Everything,
    /// Only records at sectors that serve a prison.
    PrisonSectors,
    /// Only records of listed IMEIs and what follows from them.
    ImeiList,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Family {
    A,
    B,
    C,
}

impl Made {
    pub fn settings(&self) -> WorldSettings {
        WorldSettings {
            seed: self.seed,
            facilities: self.facilities,
            days: self.days,
            records: self.records,
            shape: match self.shape {
                Handed::Everything => Shape::Everything,
                Handed::PrisonSectors => Shape::PrisonSectors,
                Handed::ImeiList => Shape::ImeiList,
            },
            kind: match self.kind {
                Family::A => WorldKind::A,
                Family::B => WorldKind::B,
                Family::C => WorldKind::C,
            },
            ..WorldSettings::default()
        }
    }
}

impl World {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(None, &[])?;
        let summary = shell.call(&config, "world", |session| world(&self.made.settings(), &self.dir, session))?;
        if self.json {
            show::json(&shell.ui, &summary)?
        } else {
            show::world(&shell.ui, &summary)?
        }
        Ok(Exit::Fine)
    }
}
