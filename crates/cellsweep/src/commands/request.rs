//! `cellsweep request`

use std::path::PathBuf;

use cellsweep_flow::{
    Ask, AskFor, AskedKind, RequestState, answer_request, make_requests, mark_sent, open_for_writing, requests,
};
use cellsweep_model::FacilityId;
use cellsweep_model::case::CaseKind;
use clap::{Args, Subcommand, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Ask operators, and keep account of what they answered.
///
/// Each operator gets a list with every written form of what is asked for, cut to what it takes at a time, and a
/// printable letter in French and English. The case keeps what was made, sent and answered; an answer comes in
/// against its request, so that what was asked and isn't in it is known.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep request make out --authority \"PARIS 12/2026\" --ledger --from 2025-03-01T00:00:00Z --to 2025-04-01T00:00:00Z
  cellsweep request sent R0001
  cellsweep request answer R0001 answer.csv --complete
  cellsweep request list")]
pub struct Request {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Make(Make),
    Sent(Sent),
    Answer(Answer),
    List(List),
}

/// Write the operators' lists and letters.
#[derive(Debug, Args)]
struct Make {
    /// Where each list gets a folder.
    #[arg(value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    case: CaseArg,

    /// The order's reference.
    #[arg(long, value_name = "TEXT")]
    authority: String,

    /// First instant asked for, such as 2025-03-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Timestamp,

    /// Last instant asked for.
    #[arg(long, value_name = "TIME")]
    to: Timestamp,

    /// Only this operator, as the sectors' table names it; can be given again. All of them if not given.
    #[arg(long = "operator", value_name = "NAME")]
    operators: Vec<String>,

    #[command(flatten)]
    values: Values,

    /// What the values of --list are.
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Listed::Imei)]
    kind: Listed,

    /// How far --around goes, in metres from the facility's middle.
    #[arg(long, value_name = "M", default_value_t = 3000.0)]
    metres: f64,

    /// Days from now until the answer is due.
    #[arg(long, value_name = "N")]
    due_days: Option<u32>,

    /// The most values in one list: a number, OPERATOR=NUMBER, or both, such as 5000,208-01=200.
    #[arg(long, value_name = "LIMITS")]
    request_limit: Option<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// For what.
#[derive(Debug, Args)]
#[group(required = true, multiple = false, id = "for_what")]
struct Values {
    /// The devices that the ledger names and that are out there.
    #[arg(long)]
    ledger: bool,

    /// The latest trace's devices from this probability on.
    #[arg(long, value_name = "P")]
    devices: Option<f64>,

    /// Each operator's own sectors around this facility.
    #[arg(long, value_name = "ID")]
    around: Option<FacilityId>,

    /// A file of values, one a line.
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Listed {
    Imei,
    Msisdn,
    Imsi,
    Sector,
}

/// Note that a list went out.
#[derive(Debug, Args)]
struct Sent {
    /// The request, such as R0001.
    #[arg(value_name = "REQUEST")]
    request: String,

    #[command(flatten)]
    case: CaseArg,

    /// When; now if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

/// Import an answer against its request.
#[derive(Debug, Args)]
struct Answer {
    /// The request, such as R0001.
    #[arg(value_name = "REQUEST")]
    request: String,

    /// Records as the operator handed them over, in the contract's columns.
    #[arg(value_name = "FILE", required_unless_present = "nothing")]
    files: Vec<PathBuf>,

    /// The operator says that it has nothing.
    #[arg(long, conflicts_with = "files")]
    nothing: bool,

    #[command(flatten)]
    case: CaseArg,

    /// The operator says that the answer is whole.
    #[arg(long)]
    complete: bool,

    /// When it came; now if not given.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// List the requests and where they stand.
#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Request {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.command {
            Command::Make(command) => command.run(shell),
            Command::Sent(command) => command.run(shell),
            Command::Answer(command) => command.run(shell),
            Command::List(command) => command.run(shell),
        }
    }
}

impl Values {
    fn ask_for(self, kind: Listed, metres: f64) -> AskFor {
        if let Some(path) = self.list {
            let kind = match kind {
                Listed::Imei => AskedKind::Imei,
                Listed::Msisdn => AskedKind::Msisdn,
                Listed::Imsi => AskedKind::Imsi,
                Listed::Sector => AskedKind::Sector,
            };
            return AskFor::List { kind, path };
        }
        match (self.devices, self.around) {
            (Some(min_probability), _) => AskFor::Devices { min_probability },
            (_, Some(facility)) => AskFor::Around { facility, metres },
            _ => AskFor::Ledger,
        }
    }
}

impl Make {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[(Key::RequestLimit, self.request_limit.clone())])?;
        let made = shell.call(&config, "request", |session| {
            let days = |days: u32| session.now().saturating_add(SignedDuration::from_hours(24 * i64::from(days)));
            let ask = Ask {
                authority: self.authority,
                operators: self.operators,
                what: self.values.ask_for(self.kind, self.metres),
                from: self.from,
                to: self.to,
                due: self.due_days.and_then(|count| days(count).ok()),
                limits: config.request_limit().clone(),
            };
            let mut case = open_for_writing(&self.case.dir, session)?;
            make_requests(&mut case, &ask, &self.out, session)
        })?;
        if self.json {
            show::json(&shell.ui, &made)?;
            return Ok(Exit::Fine);
        }
        for request in &made {
            let part = format!("part {} of {}", request.part, request.parts);
            shell.ui.result(format!("{}: {}, {} values, {part}", request.request, request.operator, request.values))?;
        }
        shell.ui.result(format!("lists and letters: {}", self.out.display()))?;
        Ok(Exit::Fine)
    }
}

impl Sent {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        shell.call(&config, "request", |session| {
            let mut case = open_for_writing(&self.case.dir, session)?;
            mark_sent(&mut case, &self.request, self.at.unwrap_or_else(|| session.now()), session)
        })?;
        Ok(Exit::Fine)
    }
}

impl Answer {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        if let Some(missing) = self.files.iter().find(|path| !path.exists()) {
            return Err(ShellError::new(Kind::Data, format!("{} is not there", missing.display())));
        }
        let config = shell.config(Some(&self.case.dir), &[])?;
        let (check, summary) = shell.call(&config, "request", |session| {
            let mut case = open_for_writing(&self.case.dir, session)?;
            let received = self.at.unwrap_or_else(|| session.now());
            answer_request(&mut case, &self.request, &self.files, self.complete, received, session)
        })?;
        if self.json {
            show::json(&shell.ui, &json!({ "check": check, "import": summary }))?;
            return Ok(show::import_exit(&summary));
        }
        show::import(&shell.ui, &summary)?;
        let whole = if check.complete { "said to be whole" } else { "not said to be whole" };
        let asked = check.found + check.missing;
        shell.ui.result(format!(
            "{}: of {asked} values asked for, {} have records, {} have none ({whole})",
            check.request, check.found, check.missing
        ))?;
        let odd = [
            (check.not_asked, "records of what was not asked for"),
            (check.outside_window, "records outside the window"),
            (check.other_operator, "records that name other operators"),
            (check.unsaid_before as u64, "values that an earlier answer, said to be whole, did not have"),
        ];
        for (count, what) in odd.into_iter().filter(|(count, _)| *count > 0) {
            shell.ui.result(format!("contradictory: {} {what}", show::grouped(count)))?;
        }
        Ok(show::import_exit(&summary))
    }
}

impl List {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "request")?;
        let config = shell.config(Some(&self.case.dir), &[])?;
        let states = shell.call(&config, "request", |session| requests(&case, session.now()))?;
        if self.json {
            show::json(&shell.ui, &json!({ "exercise": case.kind() == CaseKind::Exercise, "requests": states }))?;
            return Ok(Exit::Fine);
        }
        if case.kind() == CaseKind::Exercise {
            shell.ui.result(show::EXERCISE)?;
        }
        let header = ["request", "operator", "kind", "values", "sent", "due", "answered", "missing", "state", ""];
        let mut table = show::table(&header, &[3, 7]);
        for state in &states {
            table.add_row(row(state));
        }
        shell.ui.result(table.trim_fmt())?;
        Ok(Exit::Fine)
    }
}

fn row(state: &RequestState) -> Vec<String> {
    let day =
        |time: Option<Timestamp>| time.map(|time| time.to_string().chars().take(10).collect()).unwrap_or_default();
    vec![
        state.request.request.clone(),
        state.request.operator.clone(),
        state.request.kind.word().to_owned(),
        state.request.values.to_string(),
        day(state.sent),
        day(state.request.due),
        day(state.answers.first().map(|answer| answer.received)),
        state.missing().map(|count| count.to_string()).unwrap_or_default(),
        state.status.word().to_owned(),
        if state.late { "late" } else { "" }.to_owned(),
    ]
}
