//! `cellsweep buyers`

use std::io::Write;

use cellsweep_flow::{BuyerLead, DeviceFilter, buyers, consult_at_work};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// List the supplier's buyers as leads.
///
/// Goes the other way: from a buyer (the ledger's lines of one e-mail address, number, or name with
/// address, taken together) to the handsets, the facilities where they may be kept, and the inmates
/// whose contact the buyer is. Who buys much, whose handsets turn up inside and who is on an
/// inmate's list stands on top. A lead, never proof: resellers and namesakes look the same.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep buyers
  cellsweep buyers --limit 20 --json")]
pub struct Buyers {
    #[command(flatten)]
    case: CaseArg,

    /// At most so many.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Buyers {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let mut leads = shell.call(&config, "buyers", |session| {
            let case = consult_at_work(&self.case.dir, "buyers", session)?;
            buyers(&case, &DeviceFilter::default(), session)
        })?;
        leads.truncate(self.limit.unwrap_or(usize::MAX));
        if self.json {
            show::json(&shell.ui, &leads)?;
            return Ok(Exit::Fine);
        }
        let header = ["weight", "buyer", "orders", "devices", "expected inside", "facilities", "contact of"];
        let mut table = show::table(&header, &[0, 2, 3, 4]);
        leads.iter().for_each(|lead| {
            table.add_row(row(lead));
        });
        shell.ui.write_result(|out| writeln!(out, "{}", table.trim_fmt()))?;
        Ok(Exit::Fine)
    }
}

fn row(lead: &BuyerLead) -> Vec<String> {
    let mut facilities: Vec<String> = lead.traced.iter().map(|(_, facility, _)| facility.to_string()).collect();
    facilities.sort_unstable();
    facilities.dedup();
    let contacts: Vec<String> = lead.contact_of.iter().map(|(inmate, _)| inmate.to_string()).collect();
    vec![
        format!("{:+.1}", lead.log10_lr),
        lead.buyer.clone().unwrap_or_default(),
        lead.orders.len().to_string(),
        lead.devices.to_string(),
        format!("{:.1}", lead.expected),
        facilities.join(" "),
        contacts.join(" "),
    ]
}
