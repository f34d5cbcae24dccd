//! `cellsweep offences`

use std::io::Write;

use cellsweep_flow::{DeviceFilter, LinkKind, consult_at_work, offences};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Link traced handsets to known cases.
///
/// A handset is linked directly where it spoke with a number known from a case, and by one step
/// where it spoke with another traced handset that did. Each link has its weight (log10) and how
/// many handsets have such a link by chance. Lawyers', doctors' and controllers' numbers link
/// nobody.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep offences
  cellsweep offences --min-probability 0.5 --json")]
pub struct Offences {
    #[command(flatten)]
    case: CaseArg,

    /// Only handsets from this probability of being kept in a facility on.
    #[arg(long, value_name = "P", default_value_t = 0.1)]
    min_probability: f64,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Offences {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let filter = DeviceFilter { min_probability: self.min_probability, ..DeviceFilter::default() };
        let links = shell.call(&config, "offences", |session| {
            let case = consult_at_work(&self.case.dir, "offences", session)?;
            offences(&case, &filter, session)
        })?;
        if self.json {
            show::json(&shell.ui, &links)?;
            return Ok(Exit::Fine);
        }
        let header = ["log10 LR", "handset", "facility", "kept", "case", "offence", "link", "through", "by chance"];
        let mut table = show::table(&header, &[0, 3, 7, 8]);
        for link in &links {
            table.add_row(vec![
                format!("{:+.1}", link.log10_lr),
                link.handset.clone(),
                link.facility.to_string(),
                show::probability(link.probability),
                link.case.clone(),
                link.code.clone().unwrap_or_else(|| link.offence.clone()),
                match link.kind {
                    LinkKind::Direct => "direct".to_owned(),
                    LinkKind::OneStep => "one step".to_owned(),
                },
                link.through.to_string(),
                show::probability(link.by_chance),
            ]);
        }
        shell.ui.write_result(|out| writeln!(out, "{}", table.trim_fmt()))?;
        Ok(Exit::Fine)
    }
}
