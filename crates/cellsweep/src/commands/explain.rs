//! `cellsweep explain`

use std::io::{self, Write};

use cellsweep_flow::{
    Case, FlowError, Lang, NextAsk, ask_words, day_text, explain, holder_limits, holder_sentence, holder_verbal,
    holders, known_limits, reviews_of, segments, sentence, timestamp, title, trace_facts, verbal,
};
use cellsweep_model::case::CaseKind;
use cellsweep_model::{Device, Finding, Holder, InmateId, Segment};
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
/// device's weight. Then: what would change the probability most, how that finding can be wrong, and
/// what could be asked for to settle it. Where the handset has been attributed, its likeliest holders follow with their
/// own findings ("used by this inmate" against "by another one here"), who used it before where it
/// changed hands, and what people decided.
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
        let case = shell.consult(&self.case.dir, "explain")?;
        let exercise = case.kind() == CaseKind::Exercise;
        let list = explain(&case, &self.imei)?;
        let candidates = candidates(&case, &list)?;
        let uses = if candidates.is_empty() { Vec::new() } else { segments(&case)? };
        let asks = trace_facts(&case)?.asks;
        if self.json {
            let rows = list.iter().map(|device| {
                let mut value = as_json(device, lang);
                value["asks"] =
                    asks_of(device, &asks).map(|ask| json!({ "need": ask.need, "network": ask.network })).collect();
                value["holders"] = holders_json(device, &candidates, lang);
                value["segments"] = uses_of(device, &uses).map(segment_json).collect();
                value["reviews"] = reviews_json(&case, device);
                value
            });
            let rows: Vec<Value> = rows.collect();
            show::json(&shell.ui, &json!({ "exercise": exercise, "devices": rows }))?;
            return Ok(Exit::Fine);
        }
        shell.ui.write_result(|out| {
            if exercise {
                writeln!(out, "{}", show::EXERCISE)?;
            }
            list.iter().try_for_each(|device| {
                write_device(out, device, lang, shell.ui.color())?;
                write_sway(out, device, &asks, lang)?;
                write_holders(out, device, &candidates, lang)?;
                write_uses(out, device, &uses, lang)?;
                write_reviews(out, &case, device)
            })
        })?;
        Ok(Exit::Fine)
    }
}

/// Findings named as those that would change the answer most.
const SWAYING: usize = 3;

/// What would settle a device's row.
fn asks_of<'a>(device: &'a Device, asks: &'a [NextAsk]) -> impl Iterator<Item = &'a NextAsk> {
    asks.iter().filter(|ask| match &ask.facility {
        Some(facility) => *facility == device.facility && (0.1..0.9).contains(&device.probability),
        None => device.imei.is_some_and(|imei| ask.imeis.contains(&imei)),
    })
}

fn write_sway(out: &mut impl Write, device: &Device, asks: &[NextAsk], lang: Lang) -> io::Result<()> {
    writeln!(out, "\n  {}", words(lang, "Ce qui changerait le plus la réponse", "What would change the answer most"))?;
    for finding in device.by_sway().into_iter().take(SWAYING) {
        let without = show::probability(device.probability_without(finding));
        let (title, limits) = (title(&finding.fact, lang), known_limits(&finding.fact, lang));
        writeln!(out, "  {} {title}: {without}. {limits}", words(lang, "sans", "without"))?;
    }
    for ask in asks_of(device, asks) {
        writeln!(out, "  {}", ask_words(ask, lang))?;
    }
    Ok(())
}

/// Candidates that are unfolded.
const UNFOLDED: u32 = 3;

/// The handset's holders; none where it hasn't been attributed.
fn candidates(case: &Case, list: &[Device]) -> Result<Vec<Holder>, FlowError> {
    let all = match holders(case) {
        Err(FlowError::NotAttributed { .. }) => Vec::new(),
        found => found?,
    };
    Ok(all.into_iter().filter(|holder| list.iter().any(|device| device.handset == holder.handset)).collect())
}

const fn words(lang: Lang, french: &'static str, english: &'static str) -> &'static str {
    match lang {
        Lang::Fr => french,
        Lang::En => english,
    }
}

fn of<'a>(device: &'a Device, candidates: &'a [Holder]) -> impl Iterator<Item = &'a Holder> {
    candidates.iter().filter(|holder| holder.handset == device.handset && holder.facility == device.facility)
}

fn holders_json(device: &Device, candidates: &[Holder], lang: Lang) -> Value {
    let rows = of(device, candidates).filter(|holder| holder.rank <= UNFOLDED || holder.inmate.is_none());
    let row = |holder: &Holder| {
        let mut value = json!(holder);
        let findings = holder.findings.iter().map(|finding| {
            let (sentence, limits) = (holder_sentence(&finding.fact, lang), holder_limits(&finding.fact, lang));
            json!({ "finding": finding, "sentence": sentence, "limits": limits })
        });
        value["findings"] = findings.collect();
        value["verbal"] = holder_verbal(holder.log10_lr, lang).into();
        value
    };
    rows.map(row).collect()
}

fn reviews_json(case: &Case, device: &Device) -> Value {
    let row = |(time, review)| json!({ "time": time, "review": review });
    reviews_of(case, &device.handset).into_iter().map(row).collect()
}

fn write_holders(out: &mut impl Write, device: &Device, candidates: &[Holder], lang: Lang) -> io::Result<()> {
    for holder in of(device, candidates).filter(|holder| holder.rank <= UNFOLDED || holder.inmate.is_none()) {
        let who = who(holder.inmate.as_ref(), lang);
        let cell = holder.cell.as_ref().map_or_else(String::new, |cell| format!(" · {cell}"));
        let probability = show::probability(holder.probability);
        writeln!(
            out,
            "\n  {who}{cell} · {probability} · {} {}",
            show::weight(holder.log10_lr),
            holder_verbal(holder.log10_lr, lang)
        )?;
        for finding in &holder.findings {
            writeln!(out, "    {:>6}  {}", show::weight(finding.log10_lr), holder_sentence(&finding.fact, lang))?;
        }
    }
    Ok(())
}

fn uses_of<'a>(device: &'a Device, uses: &'a [Segment]) -> impl Iterator<Item = &'a Segment> {
    uses.iter().filter(|row| row.handset == device.handset && row.facility == device.facility)
}

/// A segment with its days as they are written.
fn segment_json(row: &Segment) -> Value {
    let mut value = json!(row);
    value["from"] = day_text(row.from).into();
    value["to"] = day_text(row.to).into();
    value
}

/// Who used it when, where it changed hands.
fn write_uses(out: &mut impl Write, device: &Device, uses: &[Segment], lang: Lang) -> io::Result<()> {
    for row in uses_of(device, uses).filter(|row| row.rank <= UNFOLDED || row.inmate.is_none()) {
        if row.rank == 1 {
            let changed = row.changed.map_or_else(String::new, |changed| {
                let changed = show::probability(changed);
                format!(" · {} {changed}", words(lang, "a changé de mains", "changed hands"))
            });
            writeln!(out, "\n  {} … {}{changed}", day_text(row.from), day_text(row.to))?;
        }
        let cell = row.cell.as_ref().map_or_else(String::new, |cell| format!(" · {cell}"));
        writeln!(out, "    {}  {}{cell}", show::probability(row.probability), who(row.inmate.as_ref(), lang))?;
    }
    Ok(())
}

fn who(inmate: Option<&InmateId>, lang: Lang) -> String {
    inmate.map_or_else(|| words(lang, "personne du registre", "none on the roster").to_owned(), ToString::to_string)
}

fn write_reviews(out: &mut impl Write, case: &Case, device: &Device) -> io::Result<()> {
    for (time, review) in reviews_of(case, &device.handset) {
        let about = review.inmate.as_ref().map_or_else(String::new, |inmate| format!(" {inmate}"));
        writeln!(out, "\n  {time} {}:{about} {:?}: {}", review.by, review.decision, review.reason)?;
    }
    Ok(())
}

fn as_json(device: &Device, lang: Lang) -> Value {
    let mut value = show::device(device);
    let findings = device.findings.iter().map(|finding| {
        json!({
            "finding": finding,
            "title": title(&finding.fact, lang),
            "sentence": sentence(&finding.fact, lang),
            "limits": known_limits(&finding.fact, lang),
            "probability_without": device.probability_without(finding),
        })
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
        "{} {:>6}  {}",
        scale.bar(0.0, device.log10_lr, color),
        show::weight(device.log10_lr),
        verbal(device.log10_lr, lang)
    )
}

fn write_finding(out: &mut impl Write, finding: &Finding, bar: &str, lang: Lang) -> io::Result<()> {
    let (title, sentence) = (title(&finding.fact, lang), sentence(&finding.fact, lang));
    writeln!(out, "{bar} {:>6}  {title}: {sentence}", show::weight(finding.log10_lr))
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
