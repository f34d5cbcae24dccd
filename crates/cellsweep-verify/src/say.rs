//! The verdict, in plain words or as JSON: what holds or doesn't, what was checked, what was not.

use std::io::{self, Write};

use cellsweep_proof::export::{
    BoxSeen, BoxState, ClosedReport, CodeReport, Finding, ItemReport, LogReport, RootSeen, WitnessedAt,
};
use serde_json::{Value, json};

use crate::folder::{CheckedCode, CheckedFiles, CheckedItem, CheckedLog};

/// Findings that are printed; JSON has them all.
const MOST_PRINTED: usize = 50;
const NO_LOG_CAN: &str = "No log can prove who sat at the keyboard, that what was entered is true, that nothing was \
    left unentered, or anything of the time before the first checkpoint that somebody outside holds.";

pub(crate) enum Verdict {
    Log(CheckedLog),
    Item(CheckedItem),
    Code(CheckedCode),
    Files(CheckedFiles),
}

impl Verdict {
    pub fn holds(&self) -> bool {
        self.findings().is_empty()
    }

    fn findings(&self) -> &[Finding] {
        match self {
            Self::Log(log) => &log.report.findings,
            Self::Item(item) => &item.report.findings,
            Self::Code(code) => &code.report.findings,
            Self::Files(files) => &files.findings,
        }
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Log(_) => "log",
            Self::Item(_) => "item",
            Self::Code(_) => "code",
            Self::Files(_) => "files",
        }
    }

    pub fn plain(&self, out: &mut dyn Write) -> io::Result<()> {
        let word = if self.holds() { "HOLDS" } else { "DOES NOT HOLD" };
        writeln!(out, "{word}: {}", tame(&self.headline()))?;
        for finding in self.findings().iter().take(MOST_PRINTED) {
            writeln!(out, "  {}", tame(&finding.to_string()))?;
        }
        if let Some(more) = self.findings().len().checked_sub(MOST_PRINTED).filter(|more| *more > 0) {
            writeln!(out, "  and {more} more (--json has them)")?;
        }
        list(out, "Checked", &self.checked())?;
        list(out, "Not checked", &self.not_checked())
    }

    /// Version 1 of the JSON form.
    pub fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let finding = |finding: &Finding| {
            let mut problem = json!(finding.problem);
            let code = problem.as_object_mut().and_then(|problem| problem.remove("code")).unwrap_or_default();
            json!({ "file": finding.file, "line": finding.line, "code": code, "detail": problem,
                "message": finding.problem.to_string() })
        };
        let mut report = match self {
            Self::Log(log) => json!(log.report),
            Self::Item(item) => json!(item.report),
            Self::Code(code) => json!(code.report),
            Self::Files(files) => json!(files),
        };
        if let Some(report) = report.as_object_mut() {
            report.remove("findings");
        }
        let whole = json!({
            "v": 1,
            "what": self.what(),
            "holds": self.holds(),
            "findings": self.findings().iter().map(finding).collect::<Vec<Value>>(),
            "report": report,
            "checked": self.checked(),
            "not_checked": self.not_checked(),
        });
        writeln!(out, "{whole:#}")
    }

    fn headline(&self) -> String {
        match self {
            Self::Log(CheckedLog { report, .. }) => {
                format!("log {}, {}", report.origin, counted(report.entries, "entry", "entries"))
            }
            Self::Item(CheckedItem { file, report }) => format!("{file}, history of {}", report.item),
            Self::Code(CheckedCode { file, report }) => {
                format!("the code, against {file}, history of {}", report.item.item)
            }
            Self::Files(files) => counted(files.files, "file", "files"),
        }
    }

    fn checked(&self) -> Vec<String> {
        match self {
            Self::Log(log) => log_checked(log),
            Self::Item(item) => item_checked(&item.report),
            Self::Code(code) => code_checked(&code.report),
            Self::Files(files) => {
                let files = counted(files.files, "file", "files");
                vec![format!("the SHA-256 of {files} against manifest.sha256, that none is missing and none is extra")]
            }
        }
    }

    fn not_checked(&self) -> Vec<String> {
        match self {
            Self::Log(log) => log_not_checked(log),
            Self::Item(item) => item_not_checked(&item.report),
            Self::Code(code) => code_not_checked(&code.report),
            Self::Files(_) => vec![
                "Who wrote manifest.sha256: nobody signed it, and whoever changes a file can change it too. \
                    Compare its own SHA-256 with one that you got elsewhere."
                    .to_owned(),
            ],
        }
    }
}

fn log_checked(CheckedLog { report, digests, .. }: &CheckedLog) -> Vec<String> {
    let LogReport { entries, signed, checkpoints, .. } = report;
    let signed = match &report.closed {
        None => format!("that the first {} are the ones signed for", counted(*signed, "entry", "entries")),
        Some(ClosedReport { until, .. }) if signed > until => {
            format!("that the entries from number {until} to number {} are the ones signed for", signed - 1)
        }
        Some(_) => "no entry against a signature: all that was signed for has been erased".to_owned(),
    };
    let mut checked = vec![
        format!("the form and the place of {}", counted(*entries, "entry", "entries")),
        format!("{} signed by {}", counted(*checkpoints, "checkpoint", "checkpoints"), shown_key(&report.vkey)),
        signed,
    ];
    checked.extend(report.closed.iter().flat_map(closed_checked));
    if report.rotations > 0 {
        checked.push(format!("{} of the signing key", counted(report.rotations, "change", "changes")));
    }
    if let Some((first, last)) = &report.received {
        checked.push(format!("the entries say that they were received from {first} to {last}"));
    }
    if report.clock_went_back > 0 {
        let entries = counted(report.clock_went_back, "entry says", "entries say");
        checked.push(format!("{entries} an earlier time than the one above: clocks were set, or differ"));
    }
    checked.extend(report.witnessed.iter().map(witness));
    let stamp = |stamp: &cellsweep_proof::export::Stamped| {
        format!("{} is of {} and says {}", stamp.stamp, stamp.file, stamp.at)
    };
    checked.extend(report.stamped.iter().map(stamp));
    checked.extend(
        digests.map(|files| format!("the SHA-256 of {} against manifest.sha256", counted(files, "file", "files"))),
    );
    checked
}

fn closed_checked(ClosedReport { until, proved, signed_only }: &ClosedReport) -> Vec<String> {
    let erased = counted(*until, "entry", "entries");
    let mut checked = vec![
        format!("that the hashes kept of the first {erased}, which have been erased, are the ones signed for"),
        format!(
            "{} of those {erased}, each signed and each continuing the one before",
            counted(*proved, "checkpoint", "checkpoints")
        ),
    ];
    if *signed_only > 0 {
        let earlier = counted(*signed_only, "earlier checkpoint", "earlier checkpoints");
        checked.push(format!("{earlier}: signed; what they cover has been erased by law up to entry {until}"));
    }
    checked
}

fn closed_not_checked(ClosedReport { until, .. }: &ClosedReport) -> Vec<String> {
    let erased = counted(*until, "entry", "entries");
    vec![
        format!(
            "What the first {erased} said: they have been erased. Whoever kept a copy can hold it against the signed \
             checkpoints that are left."
        ),
        "That the law asked for the erasure: nobody signed closed.json, and whoever holds a log can cut off its \
         beginning like this. Who erased, when and on what ground must stand in the case's custody log."
            .to_owned(),
    ]
}

fn log_not_checked(CheckedLog { folder, report, digests }: &CheckedLog) -> Vec<String> {
    let mut not = key_and_witnesses(report.vkey_given, &report.witnessed);
    not.extend(report.closed.iter().flat_map(closed_not_checked));
    for stamp in &report.stamped {
        not.push(format!(
            "The signature of {}, which takes its authority's certificates:\n    openssl ts -verify -data {} -in {} -CAfile CERTIFICATES",
            stamp.stamp,
            folder.join(&stamp.file).display(),
            folder.join(&stamp.stamp).display()
        ));
    }
    if digests.is_none() {
        not.push("Digests of the files: there is no manifest.sha256.".to_owned());
    }
    not.push("What the entries' data mean, and whether they agree with each other.".to_owned());
    not.push(NO_LOG_CAN.to_owned());
    not
}

fn item_checked(report: &ItemReport) -> Vec<String> {
    let mut checked = vec![
        format!(
            "the checkpoint over {}, signed by {}",
            counted(report.size, "entry", "entries"),
            shown_key(&report.vkey)
        ),
        format!("that these entries are in that log and name {}: {}", report.item, listed(&report.entries)),
    ];
    checked.extend(report.boxes.iter().filter_map(opened));
    if report.rotations > 0 {
        checked.push(format!("{} of the signing key", counted(report.rotations, "change", "changes")));
    }
    checked.extend(report.witnessed.iter().map(witness));
    checked
}

fn item_not_checked(report: &ItemReport) -> Vec<String> {
    let mut not = key_and_witnesses(report.vkey_given, &report.witnessed);
    let sealed = report.boxes.iter().filter(|seen| seen.state == BoxState::Sealed).map(|seen| seen.n);
    let sealed: Vec<u64> = sealed.collect();
    if !sealed.is_empty() {
        let entries = if sealed.len() == 1 { "entry" } else { "entries" };
        not.push(format!("What is sealed in {entries} {}: the bundle has no key for it.", listed(&sealed)));
    }
    if report.boxes.iter().any(|seen| matches!(seen.state, BoxState::Opened { .. })) {
        not.push("Who decided that what was sealed be shown, and to whom: that stands in the case's log.".to_owned());
    }
    not.push(
        "That no other entry speaks of the item: a bundle can't show what was left out; the whole log can.".to_owned(),
    );
    not.push("What the entries' data mean, and whether they agree with each other.".to_owned());
    not.push(NO_LOG_CAN.to_owned());
    not
}

/// What a bundle's key opened, as it was sealed.
fn opened(seen: &BoxSeen) -> Option<String> {
    let BoxState::Opened { data } = &seen.state else { return None };
    // Its lines stay within this one: what was sealed must not pass for words of ours.
    let text = data.to_text().replace('\n', "\n      ");
    Some(format!("that this is what was sealed in entry {} (under {}): {text}", seen.n, seen.key))
}

fn code_checked(report: &CodeReport) -> Vec<String> {
    let named = listed(&report.entries);
    let mut checked = vec![
        "the code's check sum, and that it is of the same log as the bundle".to_owned(),
        format!("that the bundle has the entries that the code was made of: {named}"),
    ];
    if let RootSeen::Compared { file } = &report.root {
        let size = counted(report.size, "entry", "entries");
        checked.push(format!("the code's root over {size} against the signed checkpoint in {file}"));
    }
    checked.extend(item_checked(&report.item));
    checked
}

fn code_not_checked(report: &CodeReport) -> Vec<String> {
    let mut not = Vec::new();
    if report.root == RootSeen::NotCompared {
        let size = counted(report.size, "entry", "entries");
        not.push(format!(
            "The code's root over {size}: no signed checkpoint over as many is here. Put the log's \
             checkpoints/{} beside item.json.",
            report.size
        ));
    }
    if !report.not_named.is_empty() {
        not.push(format!("Entries that the bundle has and the code doesn't name: {}.", listed(&report.not_named)));
    }
    not.push("That the code is on the exhibit that it speaks of: a label can be copied.".to_owned());
    not.extend(item_not_checked(&report.item));
    not
}

fn listed(numbers: &[u64]) -> String {
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn key_and_witnesses(vkey_given: bool, witnessed: &[WitnessedAt]) -> Vec<String> {
    let mut not = Vec::new();
    if !vkey_given {
        not.push(
            "The key: it was taken from what is checked. Whoever wrote everything anew, key included, would pass. Get \
             the key from elsewhere (a report on paper, a court's file) and give it with --vkey."
                .to_owned(),
        );
    }
    if witnessed.is_empty() {
        not.push("That others were shown the same log: no witness's key was given (--witness).".to_owned());
    }
    not
}

fn witness(by: &WitnessedAt) -> String {
    format!("co-signed by {} over {} at {}", by.by, counted(by.size, "entry", "entries"), by.at)
}

/// A key without what is too long to compare by eye.
fn shown_key(vkey: &str) -> String {
    let mut parts = vkey.splitn(3, '+');
    match (parts.next(), parts.next()) {
        (Some(name), Some(hash)) => format!("{name} (key {hash})"),
        _ => "no key".to_owned(),
    }
}

fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn list(out: &mut dyn Write, title: &str, lines: &[String]) -> io::Result<()> {
    writeln!(out, "\n{title}:")?;
    lines.iter().try_for_each(|line| writeln!(out, "  - {}", tame(line)))
}

/// Text out of files, fit for a terminal: no control characters but line ends.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}
