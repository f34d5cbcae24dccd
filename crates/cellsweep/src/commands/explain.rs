//! `cellsweep explain`

use std::io::{self, Write};

use cellsweep_flow::{Lang, explain, open, sentence, timestamp, title, verbal};
use cellsweep_model::case::CaseKind;
use cellsweep_model::{Device, Finding};
use clap::Args;
use serde_json::{Value, json};

use crate::commands::show;
use crate::config::Key;
use crate::error::{Exit, ShellError};
use crate::shell::{CaseArg, Shell};

/// Show what a handset's weight is made of.
///
/// One line for each finding with its own likelihood ratio (log10): what speaks for "kept in this
/// facility" goes to the right, what speaks for "kept elsewhere" to the left. They add up to the
/// device's weight.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  cellsweep explain 35920411223344
  cellsweep explain 35920411223344 --lang fr
  cellsweep explain 35920411223344 --json")]
pub struct Explain {
    /// The handset's IMEI (14 to 16 digits), or the key in the column `handset`.
    #[arg(value_name = "IMEI")]
    imei: String,

    #[command(flatten)]
    case: CaseArg,

    /// The language of the sentences: fr or en.
    #[arg(long, value_name = "LANG")]
    lang: Option<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

impl Explain {
    pub fn run(self, shell: &Shell) -> Result<Exit, ShellError> {
        let lang = shell.config(Some(&self.case.dir), &[(Key::Lang, self.lang)])?.lang();
        let case = open(&self.case.dir)?;
        let exercise = case.kind() == CaseKind::Exercise;
        let list = explain(&case, &self.imei)?;
        if self.json {
            let rows: Vec<Value> = list.iter().map(|device| as_json(device, lang)).collect();
            show::json(&shell.ui, &json!({ "exercise": exercise, "devices": rows }))?;
            return Ok(Exit::Fine);
        }
        shell.ui.write_result(|out| {
            if exercise {
                writeln!(out, "{}", show::EXERCISE)?;
            }
            list.iter().try_for_each(|device| write_device(out, device, lang, shell.ui.color()))
        })?;
        Ok(Exit::Fine)
    }
}

fn as_json(device: &Device, lang: Lang) -> Value {
    let mut value = show::device(device);
    let findings = device.findings.iter().map(|finding| {
        json!({ "finding": finding, "title": title(&finding.fact, lang), "sentence": sentence(&finding.fact, lang) })
    });
    value["findings"] = findings.collect();
    value["verbal"] = verbal(device.log10_lr, lang).into();
    value
}

fn write_device(out: &mut impl Write, device: &Device, lang: Lang, color: bool) -> io::Result<()> {
    let imei = device.imei.map_or_else(|| device.handset.clone(), |imei| imei.to_string());
    writeln!(out, "\n{imei} · {} · {}", device.facility, show::probability(device.probability))?;
    writeln!(out, "{} … {}\n", timestamp(device.first_seen), timestamp(device.last_seen))?;
    let mut running = 0.0;
    let scale = Scale::of(device);
    for finding in &device.findings {
        let from = running;
        running += finding.log10_lr;
        write_finding(out, finding, &scale.bar(from, running, color), lang)?;
    }
    writeln!(
        out,
        "{} {:+6.2}  {}",
        scale.bar(0.0, device.log10_lr, color),
        device.log10_lr,
        verbal(device.log10_lr, lang)
    )
}

fn write_finding(out: &mut impl Write, finding: &Finding, bar: &str, lang: Lang) -> io::Result<()> {
    let (title, sentence) = (title(&finding.fact, lang), sentence(&finding.fact, lang));
    writeln!(out, "{bar} {:+6.2}  {title}: {sentence}", finding.log10_lr)
}

/// How log10 ratios lie on a line of characters.
struct Scale {
    low: f64,
    high: f64,
}

const WIDTH: usize = 32;

impl Scale {
    /// Wide enough for every running sum.
    fn of(device: &Device) -> Self {
        let mut scale = Self { low: -0.5, high: 0.5 };
        let mut running = 0.0;
        for finding in &device.findings {
            running += finding.log10_lr;
            scale.low = scale.low.min(running);
            scale.high = scale.high.max(running);
        }
        scale
    }

    fn column(&self, value: f64) -> usize {
        (((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0) * (WIDTH - 1) as f64).round() as usize
    }

    /// A bar from one running sum to the next, with the zero line.
    fn bar(&self, from: f64, to: f64, color: bool) -> String {
        let (start, end) = (self.column(from.min(to)), self.column(from.max(to)));
        let mut text = String::new();
        for column in 0..WIDTH {
            text.push(match column {
                column if (start..=end).contains(&column) => '█',
                column if column == self.column(0.0) => '│',
                _ => ' ',
            });
        }
        match (color, to >= from) {
            (false, _) => text,
            (true, true) => format!("\u{1b}[31m{text}\u{1b}[0m"),
            (true, false) => format!("\u{1b}[34m{text}\u{1b}[0m"),
        }
    }
}
