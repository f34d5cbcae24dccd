//! `cellsweep erase`

use cellsweep_flow::{erase_imports, erase_subject, open_even_locked};
use clap::Args;

use crate::commands::data::SubjectArgs;
use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Erase imports, or a person's rows in all of them, with every run that rested on them.
///
/// Files are removed and the keys to them, and to what the log says of people in them, are destroyed: the log stays whole and
/// can be checked, and what was erased can't be read from it, nor from a copy of it. It takes two people. A person's rows go
/// from every table; files that were kept as they came stay under their seals until their import is erased.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep erase 00007-records-1f3c9d20 --by \"A. Martin\" --by \"B. Roche\" --because \"art. 41 of the order\"
  cellsweep erase --msisdn 33700000042 --by \"A. Martin\" --by \"B. Roche\" --because \"request of 3 March\"")]
pub struct Erase {
    /// The imports, as `cellsweep quality` names them.
    #[arg(value_name = "IMPORT", conflicts_with_all = ["imei", "imsi", "msisdn", "inmate"])]
    imports: Vec<String>,

    #[command(flatten)]
    subject: SubjectArgs,

    #[command(flatten)]
    case: CaseArg,

    /// Who erases it; twice, for it takes two people.
    #[arg(long, value_name = "NAME", required = true)]
    by: Vec<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Erase {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if self.imports.is_empty() { self.subject(shell) } else { self.imports(shell) }
    }

    fn subject(self, shell: &Shell) -> Result<Exit, ShellError> {
        if self.subject.is_empty() {
            let error = ShellError::new(Kind::User, "nothing is named that is to be erased");
            return Err(error.hint("name imports, or a person by --imei, --imsi, --msisdn or --inmate"));
        }
        let config = shell.config(Some(&self.case.dir), &[])?;
        let subject = self.subject.subject()?;
        let erased = shell.call(&config, "erase", |session| {
            erase_subject(&mut open_even_locked(&self.case.dir, session)?, &subject, &self.by, session)
        })?;
        if self.json {
            show::json(&shell.ui, &erased)?;
            return Ok(Exit::Fine);
        }
        let rows: u64 = erased.rows.iter().map(|held| held.rows).sum();
        let (rows, imports, runs) = (show::grouped(rows), erased.rows.len(), erased.runs.len());
        shell.ui.result(format!("erased: {rows} rows of {imports} imports, and {runs} runs that rested on them"))?;
        for import in &erased.originals {
            shell.ui.result(format!("{import}: the file as it came stays under its seal"))?;
        }
        Ok(Exit::Fine)
    }

    fn imports(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let erased = shell.call(&config, "erase", |session| {
            let mut case = open_even_locked(&self.case.dir, session)?;
            erase_imports(&mut case, self.imports, &self.by, session)
        })?;
        if self.json {
            show::json(&shell.ui, &erased)?;
        } else {
            let (imports, runs) = (erased.imports.len(), erased.runs.len());
            shell.ui.result(format!("erased: {imports} imports, and {runs} runs that rested on them"))?;
        }
        Ok(Exit::Fine)
    }
}
