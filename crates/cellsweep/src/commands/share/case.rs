//! `cellsweep share preview` and `share case`

use std::path::PathBuf;

use cellsweep_flow::{
    CallsChoice, CaseChoice, CasePreview, Lang, consult_at_work, preview_case, read_profile, share_case,
};
use cellsweep_model::FacilityId;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Answered, show_sent};
use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// What of the case.
#[derive(Debug, Args)]
struct Choice {
    /// For whom: `court`, `eurojust`, `carrier`, or a profile's file.
    #[arg(long, value_name = "PROFILE")]
    profile: String,

    /// Only this facility's handsets.
    #[arg(long, value_name = "ID")]
    facility: Option<FacilityId>,

    /// Only handsets from this probability on.
    #[arg(long, value_name = "P", default_value_t = 0.5)]
    min_probability: f64,

    /// Which of their calls; those with protected numbers never leave.
    #[arg(long, value_enum, default_value_t = Calls::Needed)]
    calls: Calls,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Calls {
    /// None.
    None,
    /// With numbers that inmates listed, that are known from cases, or that are another chosen handset's.
    Needed,
    /// All of them.
    All,
}

impl Choice {
    fn choice(&self) -> CaseChoice {
        let calls = match self.calls {
            Calls::None => CallsChoice::None,
            Calls::Needed => CallsChoice::Needed,
            Calls::All => CallsChoice::All,
        };
        CaseChoice { facility: self.facility.clone(), min_probability: self.min_probability, calls }
    }
}

/// Show what a recipient would get: every category of personal data, why, and under whose order.
#[derive(Debug, Args)]
pub(super) struct Preview {
    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    choice: Choice,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Hand the case over as a signed package: CASE/UCO, FollowTheMoney, MISP, GraphML, GeoJSON, CSV, a PDF, its proofs.
#[derive(Debug, Args)]
pub(super) struct Case {
    /// The folder that the numbered copies are written into.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    #[command(flatten)]
    choice: Choice,

    /// To whom.
    #[arg(long, value_name = "NAME")]
    to: String,

    #[command(flatten)]
    answered: Answered,

    /// How many numbered copies.
    #[arg(long, value_name = "N", default_value_t = 1)]
    copies: u16,

    /// The language of the PDF; that of the settings unless given.
    #[arg(long, value_name = "LANG")]
    lang: Option<Lang>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Preview {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let shown = shell.call(&config, "share preview", |session| {
            let profile = read_profile(&self.choice.profile)?;
            let case = consult_at_work(&self.case.dir, "share_preview", session)?;
            preview_case(&case, &self.choice.choice(), &profile, session)
        })?;
        if self.json {
            show::json(&shell.ui, &shown)?;
        } else {
            show_preview(shell, &shown)?;
        }
        Ok(Exit::Fine)
    }
}

fn show_preview(shell: &Shell, shown: &CasePreview) -> Result<(), ShellError> {
    let mut table = show::table(&["personal data", "values", "under", "without order", "why"], &[1, 3]);
    for line in &shown.preview.lines {
        let orders: Vec<&str> = line.authorities.iter().map(|name| name.as_str()).collect();
        table.add_row(vec![
            line.category.word().replace('_', " "),
            line.count.to_string(),
            orders.join(", "),
            line.without_authority.to_string(),
            line.why.to_string(),
        ]);
    }
    shell.ui.result(format!("{}: {}", shown.preview.recipient, shown.preview.purpose))?;
    shell.ui.result(table.trim_fmt())?;
    let rows: Vec<String> =
        shown.rows.iter().filter(|(_, count)| **count > 0).map(|(name, count)| format!("{count} {name}")).collect();
    shell.ui.result(format!("rows: {}", rows.join(", ")))?;
    shell.ui.result(format!("files: {}", shown.files.join(", ")))?;
    let stays = [
        (shown.embargoed, "handsets of a plan that isn't over"),
        (shown.restricted, "rows that rest on findings of another class"),
    ];
    for (count, what) in stays.into_iter().filter(|(count, _)| *count > 0) {
        shell.ui.result(format!("{count} {what} stay, and nothing says so to the recipient"))?;
    }
    Ok(())
}

impl Case {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let lang = self.lang.unwrap_or_else(|| config.lang());
        let sending = self.answered.sending(self.to, self.copies, self.out);
        let (sent, shown) = shell.call(&config, "share case", |session| {
            let profile = read_profile(&self.choice.profile)?;
            let mut case = consult_at_work(&self.case.dir, "share_case", session)?;
            share_case(&mut case, &self.choice.choice(), &profile, &sending, lang, session)
        })?;
        if self.json {
            show::json(&shell.ui, &json!({ "sent": sent, "preview": shown }))?;
        } else {
            show_preview(shell, &shown)?;
            show_sent(shell, &sent)?;
        }
        Ok(Exit::Fine)
    }
}
