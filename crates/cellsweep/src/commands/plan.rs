//! `cellsweep plan`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cellsweep_flow::{
    BriefOrder, Exclusions, Lang, PlanKept, PlanLimits, PlanSummary, SoFar, approve_plan, briefs, consult_at_work,
    open_for_writing, plan, planned, price_words, read_exclusions, read_limits, released, timestamp, update_plan,
    write_plan_csv,
};
use cellsweep_model::FacilityId;
use clap::{Args, Subcommand};

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};
use crate::ui::Ui;

/// Plan the morning: which cells, which teams, with what and in what order.
///
/// Reads the latest attribution and the case's cells, searches and seizures, and leaves a plan as a
/// run in the case: the one that finds the most within the limits, with a bound that no plan
/// exceeds. It is a draft until a named person approves it. Without a file of limits there is one
/// team everywhere and one wave.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_long_help = "\
Examples:
  cellsweep plan --cells 500 --facilities 66
  cellsweep plan --limits limits.toml --output plan.csv
  cellsweep plan show --facility F07
  cellsweep plan update --searches done.csv --heard spoke.csv
  cellsweep plan approve --by \"Judge Martin\"
  cellsweep plan brief --out briefs --lang fr --copies 3
  cellsweep plan brief --out briefs --to \"A. Roy\" --to \"B. Lin\" --exclusions closed.toml"
)]
pub struct PlanCommand {
    #[command(subcommand)]
    then: Option<Then>,

    #[command(flatten)]
    make: Make,
}

#[derive(Debug, Args)]
struct Make {
    #[command(flatten)]
    case: CaseArg,

    /// The limits, a TOML file: caps, teams, waves, detectors, what must be searched, the authority.
    #[arg(long, value_name = "FILE")]
    limits: Option<PathBuf>,

    /// Cells and people that are left out for reasons which only its two readers know, a TOML file; nothing of it is kept.
    #[arg(long, value_name = "FILE")]
    exclusions: Option<PathBuf>,

    /// At most so many cells, over what the limits say.
    #[arg(long, value_name = "N")]
    cells: Option<usize>,

    /// At most so many facilities, over what the limits say.
    #[arg(long, value_name = "N")]
    facilities: Option<usize>,

    /// The hour of the first door; the end of the records if not given. Give attribute the same.
    #[arg(long, value_name = "TIME")]
    at: Option<jiff::Timestamp>,

    /// Write plan.csv's columns to this file, too.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Then {
    Update(Update),
    Show(Show),
    Approve(Approve),
    Brief(BriefArgs),
}

/// Plan the rest again after what was searched so far.
///
/// A search without a find lowers its cell by the detector's miss rate and raises the others; a
/// device that speaks after its cell was searched was missed. What was searched counts against the
/// caps. The new plan is a draft, too.
#[derive(Debug, Args)]
struct Update {
    #[command(flatten)]
    case: CaseArg,

    /// The searches done so far, in the form of the table `searches`; those imported since count, too.
    #[arg(long, value_name = "FILE")]
    searches: Option<PathBuf>,

    /// The phones found so far, in the form of the table `seizures`.
    #[arg(long, value_name = "FILE")]
    seizures: Option<PathBuf>,

    /// Devices that spoke since: a CSV file with the columns time and imei.
    #[arg(long, value_name = "FILE")]
    heard: Option<PathBuf>,

    /// The closed list that the plan was made with.
    #[arg(long, value_name = "FILE")]
    exclusions: Option<PathBuf>,

    /// Write plan.csv's columns to this file, too.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Show the latest plan's searches: of facilities whose release time has come.
#[derive(Debug, Args)]
struct Show {
    #[command(flatten)]
    case: CaseArg,

    /// Only this facility's.
    #[arg(long, value_name = "ID")]
    facility: Option<FacilityId>,

    /// Open what is not released yet: two people, each named once. The case keeps their names.
    #[arg(long, value_name = "NAME")]
    early_by: Vec<String>,

    /// The closed list: whoever is on it opens nothing.
    #[arg(long, value_name = "FILE")]
    exclusions: Option<PathBuf>,

    /// Write plan.csv's columns to this file instead.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Take the latest plan on, under an authority that covers every cell in it.
#[derive(Debug, Args)]
struct Approve {
    #[command(flatten)]
    case: CaseArg,

    /// Who approves.
    #[arg(long, value_name = "NAME")]
    by: String,
}

/// Write the briefs of the latest plan as PDFs: one a facility, and one for command.
///
/// A brief names cells and who is held there, never because of a score: no probability, no reason and no number of a
/// phone stands on it. Each copy has its number, "copy 2 of 3", and is logged. A facility's brief opens at its release time.
#[derive(Debug, Args)]
struct BriefArgs {
    #[command(flatten)]
    case: CaseArg,

    /// The folder that the briefs are written to.
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,

    /// The language, fr or en.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,

    /// Copies of each.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=99))]
    copies: u32,

    /// Whose copy: one of each brief for everybody who is named, with the name on it. The case keeps the names.
    #[arg(long, value_name = "NAME", conflicts_with = "copies")]
    to: Vec<String>,

    /// Only this facility's.
    #[arg(long, value_name = "ID")]
    facility: Option<FacilityId>,

    /// Who opens what is not released; twice, for it takes two people.
    #[arg(long, value_name = "NAME")]
    early_by: Vec<String>,

    /// The closed list that the plan was made with: whoever is on it gets no copy and opens nothing.
    #[arg(long, value_name = "FILE")]
    exclusions: Option<PathBuf>,
}

impl BriefArgs {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let closed = exclusions(self.exclusions.as_deref())?;
        let config = shell.config(Some(&self.case.dir), &[(Key::Lang, self.lang)])?;
        let order = BriefOrder {
            facility: self.facility.as_ref(),
            early_by: &self.early_by,
            copies: self.copies,
            to: &self.to,
            exclusions: &closed,
            lang: config.lang(),
        };
        let files = shell.call(&config, "plan brief", |session| {
            briefs(&mut open_for_writing(&self.case.dir, session)?, &order, session)
        })?;
        std::fs::create_dir_all(&self.out).map_err(ShellError::io("create", &self.out))?;
        for file in &files {
            let path = self.out.join(&file.name);
            std::fs::write(&path, &file.bytes).map_err(ShellError::io("write", &path))?;
        }
        match files.len() {
            0 => shell.ui.result(NOTHING_OPEN)?,
            count => shell.ui.result(format!("{count} briefs are in {}", self.out.display()))?,
        }
        Ok(Exit::Fine)
    }
}

impl PlanCommand {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.then {
            None => self.make.run(shell),
            Some(Then::Update(command)) => command.run(shell),
            Some(Then::Show(command)) => command.run(shell),
            Some(Then::Approve(command)) => command.run(shell),
            Some(Then::Brief(command)) => command.run(shell),
        }
    }
}

impl Make {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let mut limits = self.limits.as_deref().map(read_limits).transpose()?.unwrap_or_default();
        let PlanLimits { cells, facilities, .. } = &mut limits;
        *cells = self.cells.or(*cells);
        *facilities = self.facilities.or(*facilities);
        let closed = exclusions(self.exclusions.as_deref())?;
        let mut config = shell.config(Some(&self.case.dir), &[])?;
        config.at = self.at.map(jiff::Timestamp::as_microsecond);
        let made = shell.call(&config, "plan", |session| {
            plan(&mut open_for_writing(&self.case.dir, session)?, &limits, &closed, session)
        })?;
        told(shell, &made, self.output.as_deref(), self.json)
    }
}

impl Update {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let closed = exclusions(self.exclusions.as_deref())?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let so_far = SoFar {
            searches: self.searches.as_deref(),
            seizures: self.seizures.as_deref(),
            heard: self.heard.as_deref(),
        };
        let made = shell.call(&config, "plan update", |session| {
            update_plan(&mut open_for_writing(&self.case.dir, session)?, so_far, &closed, session)
        })?;
        told(shell, &made, self.output.as_deref(), self.json)
    }
}

impl Show {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let closed = exclusions(self.exclusions.as_deref())?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let kept = shell.call(&config, "plan show", |session| {
            let mut case = consult_at_work(&self.case.dir, "plan", session)?;
            planned(&mut case, self.facility.as_ref(), &self.early_by, &closed, session)
        })?;
        match (&self.output, self.json) {
            (Some(path), _) => write(path, &kept)?,
            (None, true) => show::json(&shell.ui, &kept.rows)?,
            (None, false) if kept.rows.is_empty() => shell.ui.result(NOTHING_OPEN)?,
            (None, false) => rows(&shell.ui, &kept)?,
        }
        Ok(Exit::Fine)
    }
}

impl Approve {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let kept = shell.call(&config, "plan approve", |session| {
            approve_plan(&mut open_for_writing(&self.case.dir, session)?, &self.by, session)
        })?;
        shell.ui.result(format!("approved: {}, {} searches", kept.summary.run, kept.rows.len()))?;
        Ok(Exit::Fine)
    }
}

fn exclusions(path: Option<&Path>) -> Result<Exclusions, ShellError> {
    Ok(path.map(read_exclusions).transpose()?.unwrap_or_default())
}

fn write(path: &Path, kept: &PlanKept) -> Result<(), ShellError> {
    let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
    write_plan_csv(&kept.rows, &mut file).and_then(|()| file.flush()).map_err(ShellError::io("write", path))
}

fn told(shell: &Shell, made: &PlanKept, output: Option<&Path>, json: bool) -> Result<Exit, ShellError> {
    if let Some(path) = output {
        // A file goes from hand to hand: what is not released isn't in it.
        write(path, &released(made, jiff::Timestamp::now()))?;
    }
    if json {
        show::json(&shell.ui, &made.summary)?;
    } else {
        summary(&shell.ui, &made.summary)?;
    }
    Ok(Exit::Fine)
}

/// Where nothing may be shown: whether there is more is nobody's business before its hour.
const NOTHING_OPEN: &str =
    "nothing of the plan is open to you now; what is not released yet, two people can open (--early-by)";

/// What a plan comes to, without a cell's name.
pub fn summary(ui: &Ui, plan: &PlanSummary) -> io::Result<()> {
    let facilities =
        if plan.facilities == 1 { "1 facility".to_owned() } else { format!("{} facilities", plan.facilities) };
    ui.result(format!(
        "{}: {} cells in {}; {:.1} phones are to be expected there (8 times in 10 between {:.0} and {:.0}), {:.1} of \
         them found",
        plan.run, plan.cells, facilities, plan.expected_phones, plan.between.0, plan.between.1, plan.expected_found,
    ))?;
    ui.result(format!(
        "at most {:.2} % below the best possible ({:.2} of {:.2}); as many cells at random: {:.1} phones, by earlier \
         finds: {:.1}; the operation of May 2025 found 0.24 minis and 0.45 phones a search, in another population",
        100.0 * plan.gap,
        plan.value,
        plan.bound,
        plan.random_cells,
        plan.own_lists,
    ))?;
    for price in plan.prices.iter().take(MOST_PRICES) {
        ui.result(format!("{} would bring {:.1} more", price_words(&price.of, Lang::En), price.brings))?;
    }
    Ok(())
}

/// Prices shown on a terminal; the JSON has them all.
const MOST_PRICES: usize = 5;

fn rows(ui: &Ui, kept: &PlanKept) -> io::Result<()> {
    let header = ["facility", "cell", "target", "wave", "start", "team", "detector", "minutes", "phones", "found", ""];
    let mut table = show::table(&header, &[3, 7, 8, 9]);
    for row in &kept.rows {
        table.add_row(vec![
            row.facility.to_string(),
            row.cell.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.target.word().to_owned(),
            row.wave.to_string(),
            timestamp(row.start),
            row.team.clone(),
            row.detector.clone(),
            row.minutes.to_string(),
            format!("{:.2}", row.expected_phones),
            format!("{:.2}", row.expected_found),
            row.reason.word().to_owned(),
        ]);
    }
    ui.result(table.trim_fmt())
}
