//! `cellsweep rehearse`

use std::path::PathBuf;

use cellsweep_server::rehearse;
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::Shell;

/// Rehearse a search day: a made-up one against the real server, faster than real time.
///
/// Officers' phones with real keys, behind networks that drop, delay, reorder and double what they carry; phones that
/// die, clocks that are wrong, somebody who forges, a server that is killed and begins anew. At the end it is checked that
/// nothing acknowledged or entered is lost, nothing counts twice, and each chain of custody is whole.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep rehearse
  cellsweep rehearse --officers 60 --sites 8 --seed 3")]
pub struct Rehearse {
    /// Officers.
    #[arg(long, value_name = "N", default_value_t = 500, value_parser = clap::value_parser!(u32).range(1..=5_000))]
    officers: u32,

    /// Sites.
    #[arg(long, value_name = "N", default_value_t = 66, value_parser = clap::value_parser!(u32).range(1..=500))]
    sites: u32,

    /// What people do, and what goes wrong, is drawn from this.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// The folder that the day's journal is left in.
    #[arg(long, value_name = "DIR", default_value = "cellsweep-rehearsal")]
    dir: PathBuf,
}

impl Rehearse {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if self.dir.exists() {
            let hint = "a rehearsal begins in a folder of its own: name another one with --dir";
            return Err(ShellError::new(Kind::User, format!("{} is there already", self.dir.display())).hint(hint));
        }
        let done = rehearse(&self.dir, self.officers as usize, self.sites as usize, self.seed)
            .map_err(|error| ShellError::new(Kind::Data, error.to_string()))?;
        show::json(&shell.ui, &done.report)?;
        Ok(if done.holds { Exit::Fine } else { Exit::Altered })
    }
}
