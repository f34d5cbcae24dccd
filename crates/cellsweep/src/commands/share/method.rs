//! `cellsweep share method`

use std::path::PathBuf;

use cellsweep_flow::{FlowError, MethodSaid, consult_at_work, share_method};
use clap::Args;
use serde_json::json;

use super::{Answered, show_sent};
use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Hand the method over, so that others can do the same on their own records: no personal data is in it.
///
/// Models and their TACs, wordings of products, import profiles, settings with their calibration, lessons with
/// intervals, the seed of a made-up country. Whatever looks like somebody's number or address stops it.
#[derive(Debug, Args)]
pub(super) struct Method {
    /// The folder that the numbered copies are written into.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// What it is called.
    #[arg(long, value_name = "TEXT")]
    name: String,

    /// Which authority hands it on.
    #[arg(long, value_name = "NAME")]
    agency: String,

    /// A file with the terms under which it may be used.
    #[arg(long, value_name = "FILE")]
    terms: PathBuf,

    /// To whom.
    #[arg(long, value_name = "NAME")]
    to: String,

    #[command(flatten)]
    answered: Answered,

    /// An import profile's file to go with it; can be given again. Those that came with the program go if they were used.
    #[arg(long = "with-profile", value_name = "FILE")]
    profiles: Vec<PathBuf>,

    /// What a supplier is known by: shop, parcel, order_pattern and so on; can be given again.
    #[arg(long = "indicator", value_name = "KIND=TEXT", value_parser = pair)]
    indicators: Vec<(String, String)>,

    /// A production lot: TAC, first and last serial number; can be given again.
    #[arg(long = "range", value_name = "TAC:FROM-TO", value_parser = range)]
    ranges: Vec<(String, u32, u32)>,

    /// The ledger's handsets, one by one: each may be somebody's, so it takes an order.
    #[arg(long)]
    list_handsets: bool,

    /// A made-up country that behaves like this one: its family and seed.
    #[arg(long, value_name = "KIND:SEED", value_parser = world)]
    world: Option<(u64, String)>,

    /// How many numbered copies.
    #[arg(long, value_name = "N", default_value_t = 1)]
    copies: u16,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (kind, value) = text.split_once('=').ok_or("KIND=TEXT, such as shop=lighter-phones.example")?;
    Ok((kind.to_owned(), value.to_owned()))
}

fn range(text: &str) -> Result<(String, u32, u32), String> {
    let wrong = || "TAC:FROM-TO, such as 35209900:0-4999".to_owned();
    let (tac, serials) = text.split_once(':').ok_or_else(wrong)?;
    let (from, to) = serials.split_once('-').ok_or_else(wrong)?;
    let number = |text: &str| text.parse::<u32>().map_err(|_not_a_number| wrong());
    Ok((tac.to_owned(), number(from)?, number(to)?))
}

fn world(text: &str) -> Result<(u64, String), String> {
    let wrong = || "KIND:SEED, such as b:7".to_owned();
    let (kind, seed) = text.split_once(':').ok_or_else(wrong)?;
    Ok((seed.parse().map_err(|_not_a_number| wrong())?, kind.to_owned()))
}

impl Method {
    pub(super) fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let terms = std::fs::read_to_string(&self.terms).map_err(|source| FlowError::Io {
            doing: "read",
            path: self.terms.clone(),
            source,
        })?;
        let said = MethodSaid {
            name: self.name,
            agency: self.agency,
            terms,
            profiles: self.profiles,
            indicators: self.indicators,
            ranges: self.ranges,
            list_handsets: self.list_handsets,
            world: self.world,
        };
        let sending = self.answered.sending(self.to, self.copies, self.out);
        let (sent, method) = shell.call(&config, "share method", |session| {
            share_method(&mut consult_at_work(&self.case.dir, "share_method", session)?, &said, &sending, session)
        })?;
        if self.json {
            show::json(&shell.ui, &json!({ "sent": sent, "effects": method.effects() }))?;
        } else {
            let (models, lessons) = (method.models.len(), method.lessons.len());
            let (profiles, indicators) = (method.import_profiles.len(), method.indicators.len());
            shell.ui.result(format!(
                "{models} models, {indicators} indicators, {profiles} import profiles, {lessons} lessons; nobody's data"
            ))?;
            show_sent(shell, &sent)?;
        }
        Ok(Exit::Fine)
    }
}
