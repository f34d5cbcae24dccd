//! `cellsweep ledger`

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use cellsweep_flow::{Buyer, BuyerSettings, Case, LedgerList, LedgerView, Merge, ledger};
use cellsweep_model::case::CaseKind;
use clap::{Args, ValueEnum};
use serde_json::{Value, json};

use crate::commands::show;
use crate::error::{Exit, Kind, ShellError};
use crate::shell::{CaseArg, Shell};

/// Show a supplier's buyers, and what was really sold.
///
/// One buyer under many spellings of name, e-mail, phone and address is one buyer here; `--explain` says for
/// each merge of two spellings what it rests on. Refunds and unsold stock are subtracted.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep ledger
  cellsweep ledger --explain --buyer B00012
  cellsweep ledger --list lines --format csv --output sold.csv
  cellsweep ledger --list models")]
pub struct Ledger {
    #[command(flatten)]
    case: CaseArg,

    /// What to list.
    #[arg(long, value_enum, default_value_t = List::Buyers)]
    list: List,

    /// How to write it.
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,

    /// The same as --format json.
    #[arg(long, conflicts_with = "format")]
    json: bool,

    /// Only this buyer's.
    #[arg(long, value_name = "ID")]
    buyer: Option<String>,

    /// Say why spellings are taken for one buyer, field by field.
    #[arg(long)]
    explain: bool,

    /// Link two spellings from this probability on that they are one buyer.
    #[arg(long, value_name = "P", default_value_t = BuyerSettings::default().threshold)]
    link_probability: f64,

    /// The calling code by which national numbers are completed.
    #[arg(long, value_name = "DIGITS", default_value_t = BuyerSettings::default().calling_code)]
    calling_code: String,

    /// Write to a file, not to stdout.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum List {
    /// A row a buyer.
    Buyers,
    /// A row a line, with its buyer and what became of it.
    Lines,
    /// A row a model: ordered, back, unsold, out.
    Models,
    /// A row a field of each merge of two spellings.
    Merges,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Table,
    /// All columns as CSV.
    Csv,
    /// One JSON value.
    Json,
}

impl Ledger {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let case = shell.consult(&self.case.dir, "ledger")?;
        let settings = self.settings()?;
        let view = ledger(&case, &settings)?;
        if let Some(asked) = &self.buyer
            && !view.resolved.buyers.iter().any(|buyer| buyer.id == *asked)
        {
            return Err(ShellError::new(Kind::User, format!("the ledger has no buyer {asked}"))
                .hint("`cellsweep ledger` lists them; the numbers change when lines are added"));
        }
        let mut bytes = Vec::new();
        self.write(&mut bytes, &case, &view)?;
        match &self.output {
            Some(path) => {
                let mut file = BufWriter::new(File::create(path).map_err(ShellError::io("create", path))?);
                file.write_all(&bytes).and_then(|()| file.flush()).map_err(ShellError::io("write", path))?;
            }
            None => shell.ui.write_result(|out| out.write_all(&bytes))?,
        }
        Ok(Exit::Fine)
    }

    fn settings(&self) -> Result<BuyerSettings, ShellError> {
        let threshold = self.link_probability;
        if !(0.5..1.0).contains(&threshold) {
            return Err(ShellError::new(Kind::Config, format!("--link-probability {threshold} can't be used"))
                .hint("a number from 0.5 up to, but not, 1"));
        }
        if self.calling_code.is_empty() || !self.calling_code.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(ShellError::new(Kind::Config, format!("--calling-code {} can't be used", self.calling_code))
                .hint("digits only, such as 33"));
        }
        Ok(BuyerSettings { threshold, calling_code: self.calling_code.clone(), ..BuyerSettings::default() })
    }

    fn write(&self, out: &mut impl Write, case: &Case, view: &LedgerView) -> Result<(), ShellError> {
        let list = match self.list {
            List::Buyers => LedgerList::Buyers,
            List::Lines => LedgerList::Lines,
            List::Models => LedgerList::Models,
            List::Merges => LedgerList::Merges,
        };
        let sheet = view.sheet(list, self.buyer.as_deref());
        match if self.json { Format::Json } else { self.format } {
            Format::Csv => sheet.write_csv(out)?,
            Format::Json => {
                let mut value = json!({
                    "exercise": case.kind() == CaseKind::Exercise,
                    "rows": sheet.objects(),
                    "unnamed_lines": view.resolved.unnamed.len(),
                    "pairs_compared": view.resolved.pairs,
                    "not_followed": not_followed(view),
                });
                if self.explain {
                    value["merges"] = view.sheet(LedgerList::Merges, self.buyer.as_deref()).objects().into();
                }
                serde_json::to_writer_pretty(&mut *out, &value)?;
                writeln!(out)?;
            }
            Format::Table => {
                if case.kind() == CaseKind::Exercise {
                    writeln!(out, "{}", show::EXERCISE)?;
                }
                let (columns, right) = shown(self.list);
                let mut table = show::table(columns, right);
                sheet.texts(columns).into_iter().for_each(|row| {
                    table.add_row(row);
                });
                writeln!(out, "{}", table.trim_fmt())?;
                closing(out, view)?;
                if self.explain {
                    self.explain(out, view)?;
                }
            }
        }
        Ok(())
    }

    fn explain(&self, out: &mut impl Write, view: &LedgerView) -> io::Result<()> {
        let asked = |buyer: &&Buyer| self.buyer.as_ref().is_none_or(|asked| *asked == buyer.id);
        for buyer in view.resolved.buyers.iter().filter(asked).filter(|buyer| !buyer.merges.is_empty()) {
            writeln!(out, "\n{} · {} spellings", buyer.id, buyer.spellings)?;
            buyer.merges.iter().try_for_each(|merge| explain_merge(out, view, merge))?;
        }
        Ok(())
    }
}

fn not_followed(view: &LedgerView) -> Vec<Value> {
    view.resolved.not_followed.iter().map(|(key, count)| json!({ "key": key, "spellings": count })).collect()
}

/// The columns that fit a terminal, and those that stand to the right.
const fn shown(list: List) -> (&'static [&'static str], &'static [usize]) {
    match list {
        List::Buyers => {
            (&["buyer", "name", "city", "spellings", "orders", "ordered", "out", "named"], &[3, 4, 5, 6, 7])
        }
        List::Lines => (&["buyer", "order", "time", "model", "quantity", "out", "state", "imei"], &[4, 5]),
        List::Models => (&["model", "ordered", "back", "unsold", "out", "named"], &[1, 2, 3, 4, 5]),
        List::Merges => (&["buyer", "a_order", "b_order", "field", "level", "log10_lr"], &[5]),
    }
}

fn closing(out: &mut impl Write, view: &LedgerView) -> io::Result<()> {
    let models = view.sold.models.values();
    let (ordered, still_out) = models.fold((0, 0), |(ordered, out), count| (ordered + count.ordered, out + count.out));
    let buyers = view.resolved.buyers.len() as u64;
    writeln!(
        out,
        "\n{} lines, {} buyers; {ordered} devices ordered, {still_out} of them out there",
        show::grouped(view.lines.len() as u64),
        show::grouped(buyers)
    )?;
    if !view.resolved.unnamed.is_empty() {
        writeln!(out, "{} lines name no buyer", view.resolved.unnamed.len())?;
    }
    for (key, count) in &view.resolved.not_followed {
        writeln!(out, "not followed: a {key} that {count} spellings share")?;
    }
    Ok(())
}

fn explain_merge(out: &mut impl Write, view: &LedgerView, merge: &Merge) -> io::Result<()> {
    for line in [merge.a, merge.b] {
        let (line, none) = (&view.lines[line], String::new());
        let party = &line.party;
        let fields = [&party.name, &party.email, &party.phone, &party.address, &party.postcode, &party.city];
        let said: Vec<&str> = fields.into_iter().flatten().map(String::as_str).collect();
        writeln!(out, "  {}  {}", line.order.as_ref().unwrap_or(&none), said.join(" · "))?;
    }
    writeln!(out, "    {:>6}  before anything is compared", show::weight(merge.prior_log10_odds))?;
    for field in &merge.evidence.fields {
        let chance = match (1.0 / field.coincidence).round() as u64 {
            0 | 1 => "as with most strangers".to_owned(),
            pairs => format!("by chance in one of {} pairs", show::grouped(pairs)),
        };
        let (name, level) = (field.field.word(), field.level.word());
        writeln!(out, "    {:>6}  {name:<8} {level:<9}  {chance}", show::weight(field.log10_lr))?;
    }
    let odds = merge.prior_log10_odds + merge.evidence.log10_lr;
    writeln!(
        out,
        "    {:>6}  together: one buyer with a probability of {}\n",
        show::weight(odds),
        show::probability(merge.probability)
    )
}
