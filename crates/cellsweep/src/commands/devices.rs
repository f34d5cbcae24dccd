//! `cellsweep devices`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use cellsweep_flow::{Case, DeviceFilter, devices, timestamp, write_csv, write_parquet};
use cellsweep_model::case::CaseKind;
use cellsweep_model::{Device, FacilityId};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};
use crate::ui::Ui;

/// List the latest trace's devices, best first.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep devices --limit 20
  cellsweep devices --facility F07 --min-probability 0.5
  cellsweep devices --format csv --output devices.csv
  cellsweep devices --json | jq '.devices[].imei'")]
pub struct Devices {
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
    facility: Option<FacilityId>,

    /// Only from this probability on.
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    min_probability: f64,

    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Write to a file, not to stdout.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// The contract's CSV.
    Csv,
    /// One JSON value.
    Json,
    /// The contract's Parquet.
    Parquet,
}

impl Devices {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "devices")?;
        let filter = DeviceFilter { facility: self.facility, min_probability: self.min_probability, limit: self.limit };
        let list = devices(&case, &filter)?;
        let format = if self.json { Format::Json } else { self.format };
        match &self.output {
            Some(path) => write_file(path, format, &case, &list)?,
            None if format == Format::Parquet && io::IsTerminal::is_terminal(&io::stdout()) => {
                return Err(ShellError::new(Kind::User, "Parquet is not for a terminal").hint("add --output FILE"));
            }
            None => write_stdout(&shell.ui, format, &case, &list)?,
        }
        Ok(Exit::Fine)
    }
}

fn write_stdout(ui: &Ui, format: Format, case: &Case, list: &[Device]) -> io::Result<()> {
    // Parquet's writer wants an output that can go to another thread; stdout's lock can't.
    let mut bytes = Vec::new();
    write(&mut bytes, format, case, list)?;
    ui.write_result(|out| out.write_all(&bytes))
}

fn write_file(path: &Path, format: Format, case: &Case, list: &[Device]) -> Result<(), ShellError> {
    let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
    write(&mut file, format, case, list).and_then(|()| file.flush()).map_err(ShellError::io("write", path))
}

fn write(out: &mut (impl Write + Send), format: Format, case: &Case, list: &[Device]) -> io::Result<()> {
    match format {
        Format::Table => write_table(out, case, list),
        Format::Csv => write_csv(list, out),
        Format::Json => {
            serde_json::to_writer_pretty(&mut *out, &as_json(case, list))?;
            writeln!(out)
        }
        Format::Parquet => write_parquet(list, out),
    }
}

fn write_table(out: &mut impl Write, case: &Case, list: &[Device]) -> io::Result<()> {
    let header = ["probability", "log10 LR", "facility", "imei", "class", "days", "SIMs", "last seen", ""];
    let mut table = show::table(&header, &[0, 1, 5, 6]);
    for device in list {
        table.add_row(vec![
            show::probability(device.probability),
            format!("{:+.1}", device.log10_lr),
            device.facility.to_string(),
            device.imei.map_or_else(|| device.handset.clone(), |imei| imei.to_string()),
            device.class.word().to_owned(),
            device.days_present.to_string(),
            device.imsis.to_string(),
            timestamp(device.last_seen).chars().take(10).collect(),
            marks(device),
        ]);
    }
    if case.kind() == CaseKind::Exercise {
        writeln!(out, "{}", show::EXERCISE)?;
    }
    writeln!(out, "{}", table.trim_fmt())
}

fn marks(device: &Device) -> String {
    let all = [(device.in_ledger, "in ledger"), (device.cloned, "cloned")];
    all.iter().filter(|(set, _)| *set).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
}

fn as_json(case: &Case, list: &[Device]) -> Value {
    json!({
        "exercise": case.kind() == CaseKind::Exercise,
        "devices": list.iter().map(show::device).collect::<Vec<_>>(),
    })
}
