//! `cellsweep alerts`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use cellsweep_flow::{AlertLine, Case, Lang, alerts, write_alerts_csv};
use cellsweep_model::case::CaseKind;
use clap::{Args, ValueEnum};
use serde_json::json;

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};
use crate::ui::Ui;

/// List what was raised, latest first.
///
/// `cellsweep watch` raises: a new handset in a facility, a successor of one that was found or fell
/// silent, a handset that moved, a facility that fell silent as a whole. Each is raised once, with its
/// reasons and how it can be wrong.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep alerts
  cellsweep alerts --facility F07 --lang fr
  cellsweep alerts --format csv --output alerts.csv
  cellsweep alerts --json | jq '.alerts[].handset'")]
pub struct Alerts {
    #[command(flatten)]
    case: CaseArg,

    /// How to write them.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Only this facility's.
    #[arg(long, value_name = "ID")]
    facility: Option<String>,

    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// The language of the sentences: fr or en.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,

    /// Write to a file, not to stdout.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// Comma-separated, in English.
    Csv,
    /// One JSON value, in both languages.
    Json,
}

impl Alerts {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let lang = shell.config(Some(&self.case.dir), &[(Key::Lang, self.lang)])?.lang();
        let case = shell.consult(&self.case.dir, "alerts")?;
        let mut list = alerts(&case);
        list.retain(|line| self.facility.as_ref().is_none_or(|facility| *facility == line.facility));
        list.truncate(self.limit.unwrap_or(usize::MAX));
        let format = if self.json { Format::Json } else { self.format };
        let mut bytes = Vec::new();
        write(&mut bytes, format, &case, &list, lang)?;
        match &self.output {
            Some(path) => {
                let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
                file.write_all(&bytes).and_then(|()| file.flush()).map_err(ShellError::io("write", path))?;
            }
            None => shell.ui.write_result(|out| out.write_all(&bytes))?,
        }
        Ok(Exit::Fine)
    }
}

fn write(out: &mut Vec<u8>, format: Format, case: &Case, list: &[AlertLine], lang: Lang) -> io::Result<()> {
    let exercise = case.kind() == CaseKind::Exercise;
    match format {
        Format::Table => {
            if exercise {
                writeln!(out, "{}", show::EXERCISE)?;
            }
            lines(out, list, lang)
        }
        Format::Csv => write_alerts_csv(list, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &json!({ "exercise": exercise, "alerts": list }))?;
            writeln!(out)
        }
    }
}

/// Writes alerts as they are raised.
pub fn write_lines(ui: &Ui, list: &[AlertLine], lang: Lang) -> io::Result<()> {
    ui.write_result(|out| lines(out, list, lang))
}

/// A line for each, and its reasons under it.
fn lines(out: &mut impl Write, list: &[AlertLine], lang: Lang) -> io::Result<()> {
    for line in list {
        let raised: String = line.raised.chars().take(16).collect();
        let chance = line.probability.map(|value| format!("  {}", show::probability(value))).unwrap_or_default();
        let handset = line.handset.as_deref().map(|handset| format!("  {handset}")).unwrap_or_default();
        writeln!(out, "{raised}  {}{handset}{chance}", line.title.pick(lang))?;
        for reason in &line.reasons {
            writeln!(out, "    {}", reason.pick(lang))?;
        }
        writeln!(out, "    {}", line.limits.pick(lang))?;
    }
    Ok(())
}
