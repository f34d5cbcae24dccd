//! `cellsweep paper`

use std::path::{Path, PathBuf};

use cellsweep_flow::{FlowError, Imei, Lang, PaperAsked, TellFindings, consult_at_work, paper};
use clap::{Args, Subcommand};

use crate::commands::data::SubjectArgs;
use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Draw up a paper of the procedure as an editable draft (OpenDocument text), in French or English.
///
/// Each is filled from the case and cites the log's entries; what the case doesn't say is a blank to fill in. A draft is
/// checked and signed by a person.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep paper request R0001 -o request.odt
  cellsweep paper trace --imei 35920411223344 -o trace.odt --because \"report to the magistrate\"
  cellsweep paper search --item P-1 -o search.odt
  cellsweep paper seal S-0001 -o seal.odt
  cellsweep paper impact -o dpia.odt --lang en
  cellsweep paper subject --msisdn 33700000042 -o answer.odt")]
pub struct PaperCommand {
    #[command(subcommand)]
    what: What,

    /// The case's folder.
    #[arg(long = "case", value_name = "DIR", default_value = ".", env = "CELLSWEEP_CASE", global = true)]
    dir: PathBuf,

    /// Where to.
    #[arg(long, short, value_name = "FILE", global = true)]
    output: Option<PathBuf>,

    /// The paper's language; that of the settings unless given.
    #[arg(long, value_name = "LANG", global = true)]
    lang: Option<Lang>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A request to an operator, as `cellsweep request` made it.
    Request {
        /// Its number.
        #[arg(value_name = "REQUEST")]
        number: String,
    },
    /// What was imported and traced, with its limits, and how the records weigh for these handsets.
    Trace {
        /// A handset whose likelihood ratio is to stand in it; may be given several times.
        #[arg(long, value_name = "IMEI")]
        imei: Vec<Imei>,
    },
    /// A report of a search; without an item a form to fill in.
    Search {
        /// An item that was found in it.
        #[arg(long, value_name = "ITEM")]
        item: Option<String>,
    },
    /// A report of a seal, with all that happened to what is in it.
    Seal {
        /// The number printed on it.
        #[arg(value_name = "SEAL")]
        number: String,
    },
    /// A data protection impact assessment of this case.
    Impact,
    /// What is held of a person who asks for it.
    Subject {
        #[command(flatten)]
        who: SubjectArgs,
        /// Tell them what was found of their handsets, too. Not before a search that it would give away.
        #[arg(long)]
        with_findings: bool,
    },
}

impl PaperCommand {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.dir), &[])?;
        let lang = self.lang.unwrap_or_else(|| config.lang());
        let asked = self.what.asked()?;
        let made = shell.call(&config, "paper", |session| {
            paper(&mut consult_at_work(&self.dir, "paper", session)?, &asked, lang, session)
        })?;
        let path = self.output.unwrap_or_else(|| PathBuf::from(&made.name));
        put(&path, &made.bytes)?;
        shell.ui.result(format!("{}: a draft, to be checked and signed", path.display()))?;
        Ok(Exit::Fine)
    }
}

impl What {
    fn asked(self) -> Result<PaperAsked, ShellError> {
        Ok(match self {
            What::Request { number } => PaperAsked::Request(number),
            What::Trace { imei } => PaperAsked::Trace(imei),
            What::Search { item } => PaperAsked::Search(item),
            What::Seal { number } => PaperAsked::Seal(number),
            What::Impact => PaperAsked::Impact,
            What::Subject { who, with_findings } => {
                let tell = if with_findings { TellFindings::Yes } else { TellFindings::No };
                PaperAsked::Subject(who.subject()?, tell)
            }
        })
    }
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), ShellError> {
    let write = std::fs::write(path, bytes);
    Ok(write.map_err(|source| FlowError::Io { doing: "write", path: path.to_owned(), source })?)
}
