//! `cellsweep world`

use std::path::PathBuf;

use cellsweep_flow::{Shape, Trial, WorldKind, WorldSettings, ground, world};
use clap::{Args, ValueEnum};

use crate::commands::show;
use crate::config::Config;
use crate::error::{Exit, Kind, ShellError};
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
  cellsweep world trial --facilities 16 --days 63 --records 2000000 --jammed 4 --jam-effect 0.6
  cellsweep world here --sectors sectors.csv --facilities facilities.geojson --records 1000000
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

    /// How many prisons; or the prisons themselves, a file in the contract's shape (then with --sectors).
    #[arg(long, value_name = "N|FILE", default_value = "66", value_parser = Prisons::parse)]
    facilities: Prisons,

    /// Antennas that are given, a file in the contract's shape: people and phones are made up around them.
    #[arg(long, value_name = "FILE")]
    sectors: Option<PathBuf>,

    /// Days of records.
    #[arg(long, value_name = "N", default_value_t = 30)]
    days: u32,

    /// About how many records.
    #[arg(long, value_name = "N", default_value_t = 20_000_000)]
    records: u64,

    /// What operators hand over.
    #[arg(long, value_enum, default_value_t = Handed::Everything)]
    shape: Handed,

    /// Which family of countries: b is wider and shifted; c is a, stretched; d's inmates
    /// speak with few numbers, most of a circle of their own. Nothing is ever fitted to b or d.
    #[arg(long, value_enum, default_value_t = Family::A)]
    kind: Family,

    #[command(flatten)]
    trial: OnTrial,
}

/// Jamming whose effect is known, in place of the country's own: for whoever wants to measure what measures it.
#[derive(Debug, Args)]
#[command(next_help_heading = "A jamming trial")]
struct OnTrial {
    /// So many facilities are jammed, a few days one after another, until the end; no other is.
    #[arg(long, value_name = "N")]
    jammed: Option<u32>,

    /// The first of them is jammed from this day of the records on.
    #[arg(long, value_name = "DAY", default_value_t = 35, requires = "jammed")]
    jam_from: u32,

    /// The share of handset-days inside that jamming silences.
    #[arg(long, value_name = "SHARE", default_value_t = 0.6, value_parser = share, requires = "jammed")]
    jam_effect: f64,

    /// The share among those who live around.
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, value_parser = share, requires = "jammed")]
    jam_spill: f64,

    /// Which technologies; all if not given.
    #[arg(long, value_name = "LIST", value_delimiter = ',', requires = "jammed")]
    jam_technologies: Vec<TechnologyWord>,

    /// Only every second wing is jammed.
    #[arg(long, requires = "jammed")]
    jam_half: bool,

    /// Antennas around the jammed facilities fail for three days when jamming begins.
    #[arg(long, requires = "jammed")]
    jam_outage: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum TechnologyWord {
    Gsm,
    Umts,
    Lte,
    Nr,
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "a share from 0 to 1".to_owned())
}

impl OnTrial {
    fn trial(&self) -> Option<Trial> {
        let word = |technology: &TechnologyWord| match technology {
            TechnologyWord::Gsm => "GSM".to_owned(),
            TechnologyWord::Umts => "UMTS".to_owned(),
            TechnologyWord::Lte => "LTE".to_owned(),
            TechnologyWord::Nr => "NR".to_owned(),
        };
        Some(Trial {
            facilities: self.jammed?,
            from_day: self.jam_from,
            effect: self.jam_effect,
            spill: self.jam_spill,
            technologies: self.jam_technologies.iter().map(word).collect(),
            half_the_wings: self.jam_half,
            outage: self.jam_outage,
        })
    }
}

/// A number, or a file.
#[derive(Debug, Clone, PartialEq)]
enum Prisons {
    Count(u32),
    Given(PathBuf),
}

impl Prisons {
    fn parse(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(count) => Ok(Self::Count(count)),
            Err(_) if text.bytes().all(|byte| byte.is_ascii_digit()) => Err("too many".to_owned()),
            Err(_) => Ok(Self::Given(PathBuf::from(text))),
        }
    }
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
    D,
}

impl Made {
    /// What to make; reads the antennas and prisons that are given.
    pub fn settings(&self, shell: &Shell, config: &Config) -> Result<WorldSettings, ShellError> {
        let one = |missing: &str| {
            ShellError::new(Kind::Config, format!("antennas and prisons are given together: {missing} is missing"))
                .hint("--sectors FILE --facilities FILE")
        };
        let (count, ground) = match (&self.sectors, &self.facilities) {
            (None, Prisons::Count(count)) => (*count, None),
            (Some(_), Prisons::Count(_)) => return Err(one("--facilities FILE")),
            (None, Prisons::Given(_)) => return Err(one("--sectors FILE")),
            (Some(sectors), Prisons::Given(prisons)) => {
                let ground = shell.call(config, "world", |session| ground(sectors, prisons, session))?;
                (ground.facilities.len() as u32, Some(ground))
            }
        };
        Ok(WorldSettings {
            seed: self.seed,
            facilities: count.max(u32::from(ground.is_some())),
            ground,
            trial: self.trial.trial(),
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
                Family::D => WorldKind::D,
            },
            ..WorldSettings::default()
        })
    }
}

impl World {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(None, &[])?;
        let settings = self.made.settings(shell, &config)?;
        let summary = shell.call(&config, "world", |session| world(&settings, &self.dir, session))?;
        if self.json {
            show::json(&shell.ui, &summary)?
        } else {
            show::world(&shell.ui, &summary)?
        }
        Ok(Exit::Fine)
    }
}
