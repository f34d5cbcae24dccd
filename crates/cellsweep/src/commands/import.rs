//! `cellsweep import`

use std::path::{Path, PathBuf};

use cellsweep_flow::{Coming, Originals, Persons, import_files, open_even_locked};
use cellsweep_model::table::{Kind as ValueKind, Presence, Table};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::commands::profile::ShapeArgs;
use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, ClusterArgs, Shell};

/// Bring files into the case.
///
/// Every row is checked. Good rows go on; the others go to the import's quarantine file with
/// their line and the reason, and the summary counts them. A file whose bytes are in the case
/// already changes nothing. Import sectors before records, so that records at sectors which
/// nobody knows are told.
#[derive(Debug, Args)]
#[command(after_long_help = after_help())]
pub struct Import {
    /// Which table the files are.
    #[arg(value_name = "KIND", value_parser = table_parser(), hide_possible_values = true)]
    table: Table,

    /// CSV (UTF-8 with a header; .gz and .zst too), Parquet, or GeoJSON for facilities; with
    /// --profile whatever the profile reads. Quoted patterns such as 'records-*.csv.gz' are expanded.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<String>,

    #[command(flatten)]
    shape: ShapeArgs,

    /// The authority that they come in under; needed where the case has several.
    #[arg(long, value_name = "ID")]
    authority: Option<String>,

    /// Which category their persons are of, where it is known better than from the table.
    #[arg(long, value_name = "CATEGORY", value_parser = persons_parser())]
    persons: Option<Persons>,

    /// Keep the files themselves under seal, as an investigation always does.
    #[arg(long)]
    keep_original: bool,

    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    cluster: ClusterArgs,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Import {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let files = expand(&self.files)?;
        let mut config = shell.config(Some(&self.case.dir), &[])?;
        config.cluster = self.cluster.place()?;
        let summary = shell.call(&config, "import", |session| {
            let mut case = open_even_locked(&self.case.dir, session)?;
            let (profile, authority) = (self.shape.choice()?, self.authority.as_deref());
            let originals = if self.keep_original { Originals::Kept } else { Originals::AsTheCaseWants };
            let (table, profile, persons) = (self.table, profile.as_ref(), self.persons);
            let coming = Coming { table, profile, authority, originals, persons };
            import_files(&mut case, coming, &files, session)
        })?;
        if self.json {
            show::json(&shell.ui, &summary)?;
        } else {
            show::import(&shell.ui, &summary)?;
        }
        Ok(show::import_exit(&summary))
    }
}

fn persons_parser() -> impl TypedValueParser<Value = Persons> {
    let words = PossibleValuesParser::new(Persons::ALL.map(Persons::word));
    words.try_map(|word| Persons::from_word(&word).ok_or("unknown category"))
}

pub fn table_parser() -> impl TypedValueParser<Value = Table> {
    let names = PossibleValuesParser::new(Table::ALL.map(Table::name));
    names.try_map(|name| Table::from_name(&name).ok_or("unknown table"))
}

/// Patterns that the shell left as they were; a plain path is taken as it is, found or not.
fn expand(patterns: &[String]) -> Result<Vec<PathBuf>, ShellError> {
    let mut files = Vec::new();
    for pattern in patterns {
        if Path::new(pattern).exists() || !pattern.contains(['*', '?', '[']) {
            files.push(PathBuf::from(pattern));
            continue;
        }
        let unusable = |why: String| ShellError::new(Kind::User, format!("{pattern}: {why}"));
        let found = glob::glob(pattern).map_err(|error| unusable(error.msg.to_owned()))?;
        let before = files.len();
        for path in found {
            files.push(path.map_err(|error| unusable(error.to_string()))?);
        }
        if files.len() == before {
            return Err(unusable("no file is called like that".to_owned()));
        }
    }
    Ok(files)
}

/// The kinds with their columns, from the tables' one description.
fn after_help() -> String {
    let mut text = String::from(
        "\
Examples:
  cellsweep import sectors sectors.csv
  cellsweep import records 'records-*.csv.gz'
  cellsweep import ledger ledger.csv --json
  cellsweep import records answer.csv --profile my-answer.toml
  cellsweep import records answer.xml --profile etsi-ts-102-657

Kinds and their columns (* must have a value, ? may be missing altogether):\n",
    );
    for table in Table::ALL {
        let columns: Vec<String> = table.columns().iter().map(column).collect();
        text.push_str(&format!("  {}\n      {}\n", table.name(), columns.join(", ")));
    }
    text.push_str(
        "\nTimes are RFC 3339 (2025-03-31T04:00:00Z), numbers E.164 digits, sectors MCC-MNC-LAC-CI, MCC-MNC-ECI or\n\
         MCC-MNC-NCI. Facilities come as GeoJSON: their polygons are the geometry.",
    );
    text
}

fn column(column: &cellsweep_model::table::Column) -> String {
    let mark = match column.presence {
        Presence::Required => "*",
        Presence::MayBeBlank => "",
        Presence::Optional => "?",
    };
    match column.kind {
        ValueKind::OneOf(words) => format!("{}{mark} ({})", column.name, words.join(" ")),
        _ => format!("{}{mark}", column.name),
    }
}
