//! `cellsweep demo`

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use cellsweep_flow::{ReportAsked, approve_plan, demo, morning, open_for_writing};
use cellsweep_server::{OfficePlace, ServeError, ServeSettings, add_logins};
use clap::Args;

use crate::commands::report::Looks;
use crate::commands::world::Made;
use crate::commands::{serve, show};
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// See it work: a made-up country, traced, next to its truth.
///
/// Makes up a country in DIR/world, opens an exercise in DIR/case, imports everything, traces,
/// compares the list with what is true of that country, and writes DIR/report.html.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep demo
  cellsweep demo --serve
  cellsweep demo small --facilities 6 --days 14 --records 1000000 --sweep
  cellsweep demo small --facilities 6 --days 14 --records 1000000
  cellsweep demo other --seed 7 --lang fr")]
pub struct Demo {
    /// The demonstration's folder.
    #[arg(value_name = "DIR", default_value = "cellsweep-demo")]
    dir: PathBuf,

    #[command(flatten)]
    made: Made,

    #[command(flatten)]
    looks: Looks,

    /// Then open the office on it: the address and one login for each role are printed. Where the demonstration is
    /// there already, it is opened as it is.
    #[arg(long, conflicts_with = "json")]
    serve: bool,

    /// Then approve its plan, open the office on it, and let made-up officers play the search day: the command post's wall
    /// fills as people look.
    #[arg(long, conflicts_with = "json")]
    sweep: bool,

    /// How many times faster than a real day it is played; 12 plays an hour in five minutes.
    #[arg(long, value_name = "TIMES", default_value_t = 12.0, requires = "sweep")]
    speed: f64,

    /// Where the office listens.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,

    /// A background for the office's maps: a PMTiles file, as `cellsweep serve --tiles` takes it.
    #[arg(long, value_name = "FILE")]
    tiles: Option<PathBuf>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Demo {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if !self.serve && !self.sweep {
            return self.make(shell);
        }
        let opening =
            Opening { listen: self.listen, tiles: self.tiles.clone(), play: self.sweep.then_some(self.speed) };
        let dir = self.dir.clone();
        if !dir.join("case").exists() {
            self.make(shell)?;
        }
        if opening.play.is_some() {
            approve(shell, &dir.join("case"))?;
        }
        open_office(shell, &dir, opening)
    }

    fn make(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.dir.join("case")), &[(Key::Lang, self.looks.lang)])?;
        let asked = ReportAsked { lang: config.lang(), full_pages: self.looks.full_pages, comparison: None };
        let settings = self.made.settings(shell, &config)?;
        let summary = shell.call(&config, "demo", |session| demo(&self.dir, &settings, asked, session))?;
        if self.json {
            show::json(&shell.ui, &summary)?;
            return Ok(Exit::Fine);
        }
        show::world(&shell.ui, &summary.world)?;
        show::import(&shell.ui, &summary.run.import)?;
        show::trace(&shell.ui, &summary.run.trace)?;
        show::comparison(&shell.ui, &summary.comparison)?;
        show::stages(&shell.ui, &summary.stages)?;
        shell.ui.result(format!("written: {}", summary.report.display()))?;
        Ok(Exit::Fine)
    }
}

/// Approves the demonstration's plan, unless that was done.
fn approve(shell: &Shell, case: &Path) -> Result<(), ShellError> {
    let config = shell.config(Some(case), &[])?;
    shell.call(&config, "demo", |session| {
        let mut case = open_for_writing(case, session)?;
        if morning(case.case())?.is_none() {
            approve_plan(&mut case, "the demonstration's magistrate", session)?;
        }
        Ok(())
    })
}

/// How the office of a demonstration is opened.
struct Opening {
    listen: SocketAddr,
    tiles: Option<PathBuf>,
    /// How many times faster than a real day one is played.
    play: Option<f64>,
}

/// Opens the office of a demonstration, with one login for each role that is new each time it is first opened.
fn open_office(shell: &Shell, dir: &Path, opening: Opening) -> Result<Exit, ShellError> {
    let case = dir.join("case");
    let config = shell.config(Some(&case), &[])?;
    let place = OfficePlace { dir: dir.join("office"), key: None, origin: None, accounts: None };
    let logins = place.dir.join("logins.txt");
    if !logins.exists() {
        let facility = first_facility(dir);
        let made = add_logins(&place, "case", facility.as_deref()).map_err(ServeError::from)?;
        let lines: Vec<String> =
            made.iter().map(|login| format!("{:<24} {:<24} {}", login.role, login.name, login.password)).collect();
        std::fs::write(&logins, lines.join("\n") + "\n").map_err(ShellError::io("write", &logins))?;
    }
    let known = std::fs::read_to_string(&logins).map_err(ShellError::io("read", &logins))?;
    shell.ui.result(format!("role, name and password (also in {}):\n{}", logins.display(), known.trim_end()))?;
    let settings = ServeSettings {
        case,
        unlock: shell.unlock()?,
        steps: config.settings(),
        office: place,
        listen: opening.listen,
        tls: None,
        policies: None,
        organisation: None,
        tiles: opening.tiles,
        watch: None,
        play: opening.play,
    };
    serve::run(shell, settings, None)
}

/// A facility for those whose role is in one: the one whose row comes first in the made-up country.
fn first_facility(dir: &Path) -> Option<String> {
    let text = std::fs::read_to_string(dir.join("world").join("facilities.geojson")).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    let properties = value.get("features")?.get(0)?.get("properties")?;
    properties.get("facility").and_then(|id| id.as_str()).map(str::to_owned)
}
