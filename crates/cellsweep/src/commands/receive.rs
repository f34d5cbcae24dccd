//! `cellsweep receive`

use std::path::PathBuf;

use cellsweep_flow::sharing::method::{Effect, Lesson};
use cellsweep_flow::sharing::package::Head;
use cellsweep_flow::{
    Arrived, Arriving, Lang, MethodCompared, TakenIn, Under, open_for_writing, read_keys, receive, take_in,
};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Check what somebody handed over, show what it is, and take it in where that is asked for.
///
/// A package is whole, signed by a known key, in time and within limits, or nothing of it is read. A method is tried on
/// the case at once, and its sender's figures are held against the case's own. A notice of recall is kept, and what it
/// recalls stays out from then on.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep receive D0001-1.zip --known-keys keys.toml
  cellsweep receive D0001-1.zip --known-keys keys.toml --take-in --out received
  cellsweep receive D0001-recall.note --known-keys keys.toml --take-in

A file of known keys, as their owners told them by another way than the package:
  version = 1
  [[key]]
  of = \"Ministry of Justice of another country\"
  key = \"cellsweep/…/custody+…\"
  until = \"2027-12-31T00:00:00Z\"")]
pub struct Receive {
    /// The package, or the notice.
    #[arg(value_name = "PACKAGE")]
    package: PathBuf,

    /// The file of known keys.
    #[arg(long, value_name = "FILE", env = "CELLSWEEP_KNOWN_KEYS")]
    known_keys: PathBuf,

    /// Take it in: whoever does so accepts its terms.
    #[arg(long)]
    take_in: bool,

    #[command(flatten)]
    case: CaseArg,

    /// Under which authority it is taken in; the case's only one if not given.
    #[arg(long, value_name = "ID")]
    authority: Option<String>,

    /// The folder that what is of use outside the case is written into: the comparison, import profiles, a snapshot.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// The comparison's language; that of the settings unless given.
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Receive {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let keys = read_keys(&self.known_keys)?;
        if !self.take_in {
            let config = shell.config(None, &[])?;
            let arrived = shell.call(&config, "receive", |session| receive(&self.package, &keys, session.now()))?;
            if self.json {
                show::json(&shell.ui, &arrived)?;
            } else {
                show_arrived(shell, &arrived)?;
            }
            return Ok(Exit::Fine);
        }
        let config = shell.config(Some(&self.case.dir), &[])?;
        let lang = self.lang.unwrap_or_else(|| config.lang());
        let under = Under { authority: self.authority.as_deref(), out: self.out.as_deref(), lang };
        let taken = shell.call(&config, "receive", |session| {
            take_in(&mut open_for_writing(&self.case.dir, session)?, &self.package, &keys, under, session)
        })?;
        if self.json {
            show::json(&shell.ui, &taken)?;
        } else {
            show_taken(shell, &taken)?;
        }
        Ok(Exit::Fine)
    }
}

fn show_arrived(shell: &Shell, arrived: &Arrived) -> Result<(), ShellError> {
    shell.ui.result(format!("signed by {}", arrived.signer))?;
    match &arrived.what {
        Arriving::Recall { recall } => {
            shell.ui.result(format!("a notice: {} is recalled, {}", recall.disclosure, recall.why))?;
        }
        Arriving::Case { head, rows, files, .. } => {
            show_head(shell, "a case", head)?;
            let rows: Vec<String> =
                rows.iter().filter(|(_, count)| **count > 0).map(|(name, count)| format!("{count} {name}")).collect();
            shell.ui.result(format!("rows: {}", rows.join(", ")))?;
            shell.ui.result(format!("files: {}", files.join(", ")))?;
        }
        Arriving::Method { head, terms, agency, effects, .. } => {
            show_head(shell, "a method", head)?;
            shell.ui.result(format!("from {agency}, under these terms: {}", terms.trim()))?;
            shell.ui.result("taking it in would do this and nothing else:")?;
            for effect in effects {
                shell.ui.result(format!("  {}", words(effect)))?;
            }
            shell.ui.result("  trace the case with its settings, and compare their figures with yours")?;
        }
    }
    Ok(())
}

fn show_head(shell: &Shell, what: &str, head: &Head) -> Result<(), ShellError> {
    let approved: Vec<&str> = head.approved_by.iter().map(|name| name.as_str()).collect();
    shell.ui.result(format!("{what}, {}, for {}: {}", head.disclosure, head.recipient, head.purpose))?;
    let until = format!("made {}, to be used until {}", head.made, head.expires);
    Ok(shell.ui.result(format!("{until}, approved by {}", approved.join(" and ")))?)
}

fn words(effect: &Effect) -> String {
    match effect {
        Effect::AddsModels { count } => format!("add those of {count} models that the catalogue lacks"),
        Effect::LooksForRange { handsets } => format!("look for a lot of {handsets} handsets in what the trace lists"),
        Effect::LooksForList { handsets, allowed_by } => {
            format!("look for {handsets} single handsets in what the trace lists; allowed by {allowed_by}")
        }
        Effect::AddsIndicators { count } => format!("show {count} marks of a supplier"),
        Effect::OffersImportProfile { name } => format!("offer the import profile {name}"),
        Effect::OffersSettings { step, values, calibrated } => {
            let calibrated = if *calibrated { ", with their calibration" } else { "" };
            format!("try {values} settings of {step}{calibrated}; the case's own stay as they are")
        }
        Effect::OffersWorld { seed } => format!("name a made-up country to practise on, seed {seed}"),
        Effect::ShowsLessons { count } => format!("show {count} lessons; they change no weight"),
    }
}

fn show_taken(shell: &Shell, taken: &TakenIn) -> Result<(), ShellError> {
    shell.ui.result(format!("{} keeps it", taken.run))?;
    if taken.models_added > 0 {
        shell.ui.result(format!("{} models were added to the catalogue", taken.models_added))?;
    }
    if let Some(common) = taken.common_handsets {
        shell.ui.result(format!("{common} of its IMEIs are among those that the latest trace lists"))?;
    }
    for run in &taken.recalled {
        shell.ui.result(format!("{run} holds what is recalled: it is to be used no longer"))?;
    }
    if let Some(compared) = &taken.compared {
        show_compared(shell, compared)?;
    }
    for path in &taken.files {
        shell.ui.result(path.display())?;
    }
    Ok(())
}

fn show_compared(shell: &Shell, compared: &MethodCompared) -> Result<(), ShellError> {
    let share = |lesson: &Option<Lesson>| match lesson {
        Some(lesson) => format!(
            "{:.1} % ({:.1} to {:.1}, n = {})",
            100.0 * lesson.estimate.value(),
            100.0 * lesson.lower.value(),
            100.0 * lesson.upper.value(),
            lesson.n
        ),
        None => "-".to_owned(),
    };
    let mut table = show::table(&["measure", "theirs", "yours", "overlap"], &[]);
    for figure in &compared.figures {
        let agree = figure.agree.map_or("-", |agree| if agree { "yes" } else { "no" });
        table.add_row(vec![figure.measure.clone(), share(&figure.theirs), share(&figure.ours), agree.to_owned()]);
    }
    shell.ui.result(table.trim_fmt())?;
    Ok(shell.ui.result(format!("handsets to look for that the trace lists: {}", compared.looked_for))?)
}
