//! `cellsweep log`

use std::path::PathBuf;

use cellsweep_flow::{
    LogKind, add_cosigned, add_stamp, disclose_item, expire_access_log, export_log, item_proof, last_checkpoint,
    open_even_locked, request_stamp,
};
use clap::{Args, Subcommand, ValueEnum};

use crate::error::{Exit, ShellError};
use crate::shell::Shell;

/// Take a case's log out for others to check, and take in what they put on it.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep log export log-of-the-case          then: cellsweep-verify log log-of-the-case
  cellsweep log item item/P-1 -o P-1.json       then: cellsweep-verify item P-1.json
  cellsweep log checkpoint -o checkpoint        for a witness to co-sign, or to be kept elsewhere
  cellsweep log cosigned checkpoint-from-the-witness
  cellsweep log stamp-request -o request.tsq    to be taken to a time stamping authority (RFC 3161)
  cellsweep log stamp answer.tsr
  cellsweep log rotate-key")]
pub struct LogCommand {
    #[command(subcommand)]
    what: What,

    /// The case's folder.
    #[arg(long = "case", value_name = "DIR", default_value = ".", env = "CELLSWEEP_CASE", global = true)]
    dir: PathBuf,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Write a log as files that anyone can check.
    Export {
        /// A folder that doesn't exist yet.
        #[arg(value_name = "FOLDER")]
        out: PathBuf,
        /// Which log.
        #[arg(long, value_name = "LOG", value_enum, default_value_t = Which::Custody)]
        log: Which,
    },
    /// Write the history of one exhibit, import or run with its proofs.
    Item {
        /// item/ID, import/ID or run/ID.
        #[arg(value_name = "REFERENCE")]
        about: String,
        /// Where to.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
        /// Give the keys of its boxes along, so that whoever gets it can read what is said of people there.
        #[arg(long, requires = "by")]
        open: bool,
        /// Who opens them; twice, for it takes two people.
        #[arg(long, value_name = "NAME")]
        by: Vec<String>,
    },
    /// Write the last checkpoint.
    Checkpoint {
        /// Where to.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Keep a checkpoint that a witness has co-signed.
    Cosigned {
        /// The checkpoint, a signed note.
        #[arg(value_name = "FILE")]
        note: PathBuf,
    },
    /// Write a request for a time stamp over the last checkpoint.
    StampRequest {
        /// Where to.
        #[arg(long, short, value_name = "FILE")]
        output: PathBuf,
    },
    /// Keep an authority's time stamp.
    Stamp {
        /// The authority's answer.
        #[arg(value_name = "FILE")]
        response: PathBuf,
    },
    /// Sign the custody log with a new key from now on.
    RotateKey,
    /// Erase who looked at what where the legal term is over: the country profile's years. Its checkpoints stay, and the
    /// rest can be checked as before.
    Expire,
}

/// Which of a case's logs.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Which {
    /// What was done to the case and its exhibits.
    Custody,
    /// Who looked at what.
    Access,
}

impl LogCommand {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let dir = self.dir;
        let config = shell.config(Some(&dir), &[])?;
        let read = |path: &PathBuf| std::fs::read(path).map_err(ShellError::io("read", path));
        let write = |path: &PathBuf, bytes: &[u8]| std::fs::write(path, bytes).map_err(ShellError::io("write", path));
        let said = match self.what {
            What::Export { out, log } => {
                let which = if matches!(log, Which::Custody) { LogKind::Custody } else { LogKind::Access };
                let key = shell.call(&config, "log", |session| export_log(&dir, which, &out, session))?;
                format!(
                    "{}: check it with `cellsweep-verify log`; its key, to be had elsewhere too: {key}",
                    out.display()
                )
            }
            What::Item { about, output, open, by } => {
                let text = shell.call(&config, "log", |session| match open {
                    true => disclose_item(&mut open_even_locked(&dir, session)?, &about, &by, session),
                    false => item_proof(&dir, &about, session),
                })?;
                write(&output, text.as_bytes())?;
                format!("{}: check it with `cellsweep-verify item`", output.display())
            }
            What::Checkpoint { output } => {
                let note = shell.call(&config, "log", |session| last_checkpoint(&dir, session))?;
                write(&output, &note)?;
                format!("written: {}", output.display())
            }
            What::Cosigned { note } => {
                let bytes = read(&note)?;
                let size = shell.call(&config, "log", |session| add_cosigned(&dir, &bytes, session))?;
                format!("kept: the checkpoint over {size} entries as it was co-signed")
            }
            What::StampRequest { output } => {
                let request = shell.call(&config, "log", |session| request_stamp(&dir, session))?;
                write(&output, &request)?;
                format!("written: {}; take it to an authority as application/timestamp-query", output.display())
            }
            What::Stamp { response } => {
                let bytes = read(&response)?;
                let (size, said) = shell.call(&config, "log", |session| add_stamp(&dir, &bytes, session))?;
                format!("kept: the checkpoint over {size} entries existed at {said}")
            }
            What::Expire => {
                let expire = |session: &cellsweep_flow::Session<'_>| {
                    expire_access_log(&mut open_even_locked(&dir, session)?, session)
                };
                match shell.call(&config, "log", expire)? {
                    Some(until) => format!("erased: who looked at what, up to entry {until} of the access log"),
                    None => "nothing in the access log is that old".to_owned(),
                }
            }
            What::RotateKey => {
                let rotate = |session: &cellsweep_flow::Session<'_>| {
                    Ok(open_even_locked(&dir, session)?.rotate_key(session.now())?)
                };
                format!("signed from now on with {}", shell.call(&config, "log", rotate)?)
            }
        };
        shell.ui.result(said)?;
        Ok(Exit::Fine)
    }
}
