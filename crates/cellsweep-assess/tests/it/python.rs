//! Beside Python's estimators, from PyPI: `differences` for group-time effects, `statsmodels` and `scipy` for the rest.
//!
//! The virtual environment lies in cargo's target folder: made once, used again. Where that can't be, the test fails
//! and says what is missing.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cellsweep_assess::Interval;
use cellsweep_assess::detectors::{Trials, detectors};
use cellsweep_assess::groups::{Controls, Estimate, Rows, Start};
use cellsweep_assess::interval::{clopper_pearson, poisson_rate, wilson};
use cellsweep_assess::jamming::{Air, Outcome, Panel, Settings, Unit, effect, weekly_rows};
use cellsweep_assess::method::newcombe;
use cellsweep_assess::operation::{Silence, Until, quiet};
use serde_json::{Value, json};

use crate::made::Recipe;

const REQUIREMENTS: &str = include_str!("python/requirements.txt");
const SCRIPT: &str = include_str!("python/check.py");
const NEEDED: &str = "Python 3.11 or later with venv is needed (Debian: `apt-get install python3 python3-venv`), \
    and a package index that pip can reach; `cargo xtask ci setup` sees to the former where it can";

const SHARES: [(u64, u64); 6] = [(0, 12), (3, 40), (17, 40), (240, 1_000), (39, 39), (1, 5)];
const PAIRS: [(u64, u64, u64, u64); 3] = [(9, 210, 12, 800), (0, 50, 3, 60), (30, 40, 10, 45)];
const STUDENT: [(f64, f64); 4] = [(0.975, 2.0), (0.975, 19.0), (0.8, 7.0), (0.01, 11.0)];
const COMBINATIONS: [(u64, u64); 4] = [(3, 5), (20, 24), (9, 11), (0, 2)];
const SILENCES: [(f64, Until); 14] = [
    (3.0, Until::Back),
    (5.0, Until::Back),
    (5.0, Until::EndOfRecords),
    (8.0, Until::Back),
    (9.0, Until::Back),
    (9.0, Until::Back),
    (12.0, Until::Back),
    (14.0, Until::EndOfRecords),
    (15.0, Until::Back),
    (21.0, Until::Back),
    (22.0, Until::Back),
    (30.0, Until::Back),
    (31.0, Until::Back),
    (40.0, Until::EndOfRecords),
];

#[test]
fn python_gets_the_same_tables() {
    let panel = Recipe { jammed: 6, fall: 0.3, spill: 0.05, ..Recipe::default() }.make(11).panel;
    let single = panel_of_one_start();
    let rows = [weekly_rows(&panel), many_groups()];
    let theirs = ask(&json!({
        "rows": rows.iter().map(rows_json).collect::<Vec<_>>(),
        "jamming": { "facilities": facilities_json(&panel) },
        "poisson_ratio": facilities_json(&single).into_iter().find(|days| !days["start"].is_null()),
        "shares": SHARES,
        "pairs": PAIRS,
        "student": STUDENT,
        "beta_binomial": COMBINATIONS,
        "silences": SILENCES.map(|(days, until)| (days, u8::from(until == Until::Back))),
    }));
    for (rows, theirs) in rows.iter().zip(theirs["group_times"].as_array().unwrap()) {
        for (index, controls) in [Controls::Never, Controls::NotYet].into_iter().enumerate() {
            compare_groups(rows, controls, &theirs[index]);
        }
    }
    let ours = effect(&panel, Outcome::Jammed, &Settings::default()).unwrap();
    near("jamming", ours.log_ratio.value, &theirs["jamming"], 1e-6);
    let site = &effect(&single, Outcome::Jammed, &Settings::default()).unwrap().sites[0];
    near("Poisson regression", (site.heard / site.expected).ln(), &theirs["poisson_ratio"], 1e-6);
    compare_intervals(&theirs);
    compare_detectors(&theirs["beta_binomial"]);
    compare_survival(&theirs["survival"]);
}

fn compare_groups(rows: &Rows, controls: Controls, theirs: &Value) {
    let ours = rows.group_times(controls);
    let cells = theirs["cells"].as_array().unwrap();
    assert_eq!(ours.cells.len(), cells.len());
    for (cell, theirs) in ours.cells.iter().zip(cells) {
        assert_eq!((cell.group as f64, cell.time as f64), (theirs[0].as_f64().unwrap(), theirs[1].as_f64().unwrap()));
        near("group-time effect", cell.effect, &theirs[2], 1e-6);
    }
    let both = |what: &str, ours: &Estimate, theirs: &Value| {
        near(what, ours.effect, &theirs[0], 1e-6);
        near(&format!("{what}: standard error"), ours.standard_error, &theirs[1], 1e-6);
    };
    both("overall", &ours.overall().unwrap(), &theirs["overall"]);
    both("by group", &ours.by_group().unwrap(), &theirs["by_group"]);
    for (event, estimate) in ours.by_event_time() {
        both(&format!("event time {event}"), &estimate, &theirs["by_event_time"][event.to_string()]);
    }
}

fn compare_intervals(theirs: &Value) {
    for (index, (hits, trials)) in SHARES.into_iter().enumerate() {
        same("Wilson", &wilson(hits, trials, 0.95), &theirs["wilson"][index]);
        same("Clopper and Pearson", &clopper_pearson(hits, trials, 0.95), &theirs["clopper_pearson"][index]);
        same("Poisson", &poisson_rate(hits, trials as f64, 0.95), &theirs["poisson"][index]);
    }
    for (index, (a, n, b, m)) in PAIRS.into_iter().enumerate() {
        same("Newcombe", &newcombe((a, n), (b, m), 0.95), &theirs["newcombe"][index]);
    }
}

fn compare_detectors(theirs: &Value) {
    let trial = |(index, (found, there)): (usize, (u64, u64))| Trials {
        detector: "ferrous_pole".into(),
        class: "mini".into(),
        place: format!("place {index}").into(),
        there,
        found,
    };
    let trials: Vec<Trials> = COMBINATIONS.into_iter().enumerate().map(trial).collect();
    let ours = detectors(&trials).remove("ferrous_pole").unwrap().unwrap();
    // Ours is a sum over a grid.
    near("beta-binomial", ours.combinations[0].chance.value, theirs, 2e-3);
}

fn compare_survival(theirs: &Value) {
    let silences = SILENCES.map(|(days, until)| Silence { days, until });
    let ours = quiet(&silences).unwrap();
    for (index, (days, share)) in ours.still_quiet.iter().enumerate() {
        near("Kaplan and Meier: days", *days, &theirs[0][index], 0.0);
        near("Kaplan and Meier", share.value, &theirs[1][index], 1e-9);
        let spread =
            1.959_963_984_540_054 * theirs[2][index].as_f64().unwrap() / (share.value * share.value.ln().abs());
        let low = share.value.powf(spread.exp());
        assert!((share.low - low).abs() < 1e-9, "Greenwood: {} and {low}", share.low);
    }
}

fn same(what: &str, ours: &Interval, theirs: &Value) {
    near(what, ours.low, &theirs[0], 1e-6);
    near(what, ours.high, &theirs[1], 1e-6);
}

fn near(what: &str, ours: f64, theirs: &Value, tolerance: f64) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{what}: {theirs}"));
    assert!((ours - theirs).abs() <= tolerance, "{what}: {ours}, they say {theirs}");
}

/// One start for all, so that there is a panel in which every day has its weekday before.
fn panel_of_one_start() -> Panel {
    let mut panel = Recipe { jammed: 2, fall: 0.4, days: 112, ..Recipe::default() }.make(5).panel;
    for unit in &mut panel.units {
        unit.days.truncate(112);
        let jammed = unit.days.iter().any(|day| day.air == Air::Jammed);
        for (index, day) in unit.days.iter_mut().enumerate() {
            day.air = if jammed && index >= 56 { Air::Jammed } else { Air::Free };
        }
    }
    panel
}

/// Three groups of several units and some never treated.
fn many_groups() -> Rows {
    let value =
        |unit: usize, time: usize| ((unit * 37 + time * 101) % 97) as f64 / 30.0 + (unit % 4 * time) as f64 / 9.0;
    let start = |unit: usize| [Start::Never, Start::At(3), Start::At(4), Start::At(6)][unit % 4];
    Rows {
        outcome: (0..30).map(|unit| (0..8).map(|time| value(unit, time)).collect()).collect(),
        start: (0..30).map(start).collect(),
        cluster: (0..30).collect(),
    }
}

fn rows_json(rows: &Rows) -> Value {
    let start = |start: &Start| match start {
        Start::Never => None,
        Start::At(period) => Some(*period),
    };
    json!({ "outcome": rows.outcome, "start": rows.start.iter().map(start).collect::<Vec<_>>() })
}

/// Each facility's units that count, added up: the jammed one, or all on GSM inside.
fn facilities_json(panel: &Panel) -> Vec<Value> {
    let start = |unit: &Unit| unit.days.iter().position(|day| day.air == Air::Jammed);
    let of_facility = |units: &[Unit]| {
        let own = units.iter().find(|unit| start(unit).is_some());
        // Wings A and B stand first, both on GSM.
        let counted: Vec<&Unit> = own.map_or_else(|| units[..2].iter().collect(), |unit| vec![unit]);
        let add = |day: usize| counted.iter().map(|unit| unit.days[day].heard).sum::<u32>();
        let known: f64 = counted.iter().map(|unit| unit.days[0].known).sum();
        let heard: Vec<u32> = (0..panel.days()).map(add).collect();
        json!({ "heard": heard, "known": vec![known; heard.len()], "start": own.and_then(start) })
    };
    panel.units.chunk_by(|a, b| a.facility == b.facility).map(of_facility).collect()
}

fn ask(asked: &Value) -> Value {
    let mut python = Command::new(python_of(&environment()));
    let mut child = python.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "Python failed, its message stands above");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The virtual environment; whole where its list of packages is the one asked for.
fn environment() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("assess");
    let made_of = folder.join("made-of.txt");
    if std::fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return folder;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut pip = Command::new(python_of(&folder));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary", ":all:"]);
    run(pip.args(REQUIREMENTS.lines()));
    std::fs::write(made_of, REQUIREMENTS).unwrap();
    folder
}

fn python_of(folder: &Path) -> PathBuf {
    folder.join("bin").join("python")
}

fn run(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}. {NEEDED}"));
    assert!(status.success(), "{command:?} ended with {status}. {NEEDED}");
}
