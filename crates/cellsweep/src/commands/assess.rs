//! `cellsweep assess`

use cellsweep_flow::assessing::say::Summary;
use cellsweep_flow::{Lang, RegisterAssessed, SearchesAssessed, assess_register, assess_searches, consult};
use clap::{Args, Subcommand};
use jiff::civil::Date;

use crate::commands::custody::Rule;
use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Say what confiscations and searches come to, with intervals that hold; or what would be needed to tell.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep assess register --one-find each-phone --from 2025-01-01 --to 2025-12-31
  cellsweep assess searches --json")]
pub struct Assess {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Register(Register),
    Searches(Searches),
}

/// Confiscations per 100 inmates and year, and which facility differs by more than chance (a funnel plot's limits).
#[derive(Debug, Args)]
struct Register {
    #[command(flatten)]
    case: CaseArg,

    /// What counts as one find; countries count differently.
    #[arg(long, value_name = "RULE", value_enum, default_value_t = Rule::EachPhone)]
    one_find: Rule,

    /// First day; that of the first find if not given.
    #[arg(long, value_name = "DAY")]
    from: Option<Date>,

    /// Last day; that of the last find if not given.
    #[arg(long, value_name = "DAY")]
    to: Option<Date>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// How many searches find something, and phones a search, beside the public figures of May 2025.
#[derive(Debug, Args)]
struct Searches {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Assess {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        match self.what {
            What::Register(command) => command.run(shell),
            What::Searches(command) => command.run(shell),
        }
    }
}

impl Register {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let found = shell.call(&config, "assess register", |session| {
            let case = consult(&self.case.dir, "assess", session)?;
            assess_register(&case, self.one_find.rule(), (self.from, self.to))
        })?;
        if self.json {
            show::json(&shell.ui, &found)?;
            return Ok(Exit::Fine);
        }
        table(shell, &found)?;
        say(shell, &found.said, config.lang())?;
        Ok(Exit::Fine)
    }
}

fn table(shell: &Shell, found: &RegisterAssessed) -> Result<(), ShellError> {
    let head = ["facility", "finds", "per 100 inmates and year", "95 % from", "to", ""];
    let mut table = show::table(&head, &[1, 2, 3, 4]);
    for rate in &found.rates {
        let standing = found.funnel.as_ref().and_then(|funnel| funnel.rows.iter().find(|row| row.rate.of == rate.of));
        let standing = standing.map(|row| serde_json::to_value(row.standing)).transpose()?;
        let standing = standing.and_then(|value| value.as_str().map(|word| word.replace('_', " ")));
        let number = |value: f64| format!("{value:.1}");
        table.add_row(vec![
            rate.of.to_string(),
            show::grouped(rate.finds),
            number(rate.per_100.value),
            number(rate.per_100.low),
            number(rate.per_100.high),
            standing.unwrap_or_default(),
        ]);
    }
    let (from, to) = found.days;
    shell.ui.result(format!("{from} to {to}\n{}", table.trim_fmt()))?;
    if found.without_inmates > 0 {
        let finds = show::grouped(found.without_inmates);
        shell.ui.result(format!("{finds} finds are at facilities of which the roster holds nobody in that time"))?;
    }
    Ok(())
}

impl Searches {
    fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let found: SearchesAssessed = shell.call(&config, "assess searches", |session| {
            assess_searches(&consult(&self.case.dir, "assess", session)?)
        })?;
        if self.json {
            show::json(&shell.ui, &found)?;
            return Ok(Exit::Fine);
        }
        for said in &found.said {
            say(shell, said, config.lang())?;
        }
        if let Some(per) = &found.per_search {
            let (value, low, high) = (per.phones.value, per.phones.low, per.phones.high);
            shell.ui.result(format!("phones a search: {value:.2} ({low:.2} to {high:.2}); public, May 2025: 0.45"))?;
        }
        Ok(Exit::Fine)
    }
}

/// A sentence for whoever decides, and one for whoever checks.
fn say(shell: &Shell, said: &Summary, lang: Lang) -> Result<(), ShellError> {
    let (plain, method) = match lang {
        Lang::Fr => (&said.plain.fr, &said.method.fr),
        Lang::En => (&said.plain.en, &said.method.en),
    };
    shell.ui.result(plain)?;
    shell.ui.result(format!("  {method}"))?;
    Ok(())
}
