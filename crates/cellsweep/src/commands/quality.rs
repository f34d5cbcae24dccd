//! `cellsweep quality`

use std::io::Write as _;

use cellsweep_flow::{Lang, Quality as Found, Text, consult_at_work, quality};
use clap::Args;

use crate::commands::show;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Look through what was imported, before trusting it.
///
/// Rows and rejects by table, blanks by column, records by day, operator and technology with gaps
/// marked, records that came twice or that nobody asked for, sectors that no table knows or that were
/// not in service, operators' clocks that were off, cards and models that stand out; each with what
/// it means for the trace. The report has the same as a page.
#[derive(Debug, Args)]
pub struct Quality {
    #[command(flatten)]
    case: CaseArg,

    /// Print the result as JSON, every day of it.
    #[arg(long)]
    json: bool,
}

impl Quality {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let config = shell.config(Some(&self.case.dir), &[])?;
        let found = shell.call(&config, "quality", |session| {
            quality(&consult_at_work(&self.case.dir, "quality", session)?, session)
        })?;
        if self.json {
            show::json(&shell.ui, &found)?;
        } else {
            page(shell, &found, config.lang())?;
        }
        Ok(Exit::Fine)
    }
}

fn page(shell: &Shell, found: &Found, lang: Lang) -> Result<(), ShellError> {
    let say = |text: &Text| match lang {
        Lang::Fr => text.fr.clone(),
        Lang::En => text.en.clone(),
    };
    let mut tables = show::table(&["table", "files", "read", "kept", "rejected", "blank"], &[1, 2, 3, 4]);
    for table in &found.tables {
        let share = |count: u64| format!("{:.0} %", 100.0 * count as f64 / table.rows.kept.max(1) as f64);
        let blanks: Vec<String> =
            table.blanks.iter().map(|(column, count)| format!("{column} {}", share(*count))).collect();
        let numbers = [table.rows.read, table.rows.kept, table.rows.rejected_total()].map(show::grouped);
        let mut row = vec![table.table.clone(), table.files.to_string()];
        row.extend(numbers);
        row.push(blanks.join(", "));
        tables.add_row(row);
    }
    let mut gaps = show::table(&["day with a gap", "operator", "", "records"], &[3]);
    for day in found.days.iter().filter(|day| day.gap) {
        gaps.add_row(vec![day.day.clone(), day.operator.clone(), day.technology.clone(), show::grouped(day.records)]);
    }
    shell.ui.write_result(|out| {
        writeln!(out, "{}", tables.trim_fmt())?;
        for table in &found.tables {
            show::counts(out, &format!("{}: rejected", table.table), &table.rows.rejected)?;
        }
        if found.days.iter().any(|day| day.gap) {
            writeln!(out, "\n{}", gaps.trim_fmt())?;
        }
        for cover in &found.covers {
            let day =
                |instant: Option<jiff::Timestamp>| instant.map_or("?".to_owned(), |at| at.strftime("%F").to_string());
            let window = format!("{} – {}", day(cover.from), day(cover.to));
            let records = show::grouped(cover.records);
            let line = match (&cover.authority, lang) {
                (Some(name), Lang::Fr) => format!("autorisation {name} : {records} enregistrements, {window}"),
                (Some(name), Lang::En) => format!("authority {name}: {records} records, {window}"),
                (None, Lang::Fr) => format!("sans autorisation (exercice) : {records} enregistrements, {window}"),
                (None, Lang::En) => format!("no authority (exercise): {records} records, {window}"),
            };
            writeln!(out, "\n{line}")?;
        }
        for remark in &found.remarks {
            writeln!(out, "\n{} {}\n  {}", show::grouped(remark.count), say(&remark.what), say(&remark.meaning))?;
            for detail in &remark.details {
                writeln!(out, "    {}", say(detail))?;
            }
        }
        Ok(())
    })?;
    Ok(())
}
