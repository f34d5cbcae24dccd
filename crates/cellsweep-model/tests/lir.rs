//! The measures of calibration against those of the Netherlands Forensic Institute's `lir`
//! (PyPI), run on the same made-up likelihood ratios.
//!
//! Its virtual environment lies in cargo's target folder: made once, used again. Where that
//! can't be, the test fails and says what is missing.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may stop where it fails")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use cellsweep_model::calibration::{Labelled, TippettPoint, cllr, cllr_min, cross_entropy, elub, tippett};
use serde::Deserialize;

const REQUIREMENTS: &str = include_str!("lir/requirements.txt");
const SCRIPT: &str = include_str!("lir/measure.py");
const NEEDED: &str = "Python 3.11 or later with venv is needed (Debian: `apt-get install python3 python3-venv`), \
    and a package index that pip can reach; `cargo xtask ci setup` sees to the former where it can";

/// What lir says of a sample.
#[derive(Deserialize)]
struct Measures {
    cllr: f64,
    cllr_min: f64,
    elub: (f64, f64),
    /// Prior odds, and the cross-entropy there.
    cross_entropy: (Vec<f64>, Vec<f64>),
    /// The positives' curve and the negatives': weights, and the shares at least that.
    tippett: [(Vec<String>, Vec<f64>); 2],
}

#[test]
fn measures_are_lir_s() {
    let samples = samples();
    let theirs = ask_lir(&samples);
    assert_eq!(theirs.len(), samples.len());
    for ((name, cases), measures) in samples.iter().zip(&theirs) {
        compare(name, cases, measures);
    }
}

fn compare(name: &str, cases: &[Labelled], theirs: &Measures) {
    near(&format!("{name}: Cllr"), cllr(cases).unwrap(), theirs.cllr, 1e-9);
    near(&format!("{name}: Cllr-min"), cllr_min(cases).unwrap(), theirs.cllr_min, 1e-6);
    let bounds = elub(cases).unwrap();
    near(&format!("{name}: ELUB, lower"), bounds.lower, theirs.elub.0, 1e-6);
    near(&format!("{name}: ELUB, upper"), bounds.upper, theirs.elub.1, 1e-6);
    for (&prior, &expected) in theirs.cross_entropy.0.iter().zip(&theirs.cross_entropy.1) {
        near(&format!("{name}: ECE at {prior}"), cross_entropy(cases, prior).unwrap(), expected, 1e-9);
    }
    let [positives, negatives] = &theirs.tippett;
    for (point, share) in curve(cases, &positives.0).iter().zip(&positives.1) {
        near(&format!("{name}: Tippett, positives"), point.positives, *share, 1e-9);
    }
    for (point, share) in curve(cases, &negatives.0).iter().zip(&negatives.1) {
        near(&format!("{name}: Tippett, negatives"), point.negatives, *share, 1e-9);
    }
}

fn curve(cases: &[Labelled], at: &[String]) -> Vec<TippettPoint> {
    let at: Vec<f64> = at.iter().map(|text| text.parse().unwrap()).collect();
    tippett(cases, &at).unwrap()
}

fn near(what: &str, ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{what}: {ours}, lir says {theirs}");
}

/// Good weights, weak ones, too sure ones, wrong ones, few, many of one truth, rounded ones.
fn samples() -> Vec<(&'static str, Vec<Labelled>)> {
    let mut draw = Draw(1);
    vec![
        ("good", draw.sample(400, 400, 1.5, 1.0)),
        ("weak", draw.sample(300, 300, 0.2, 0.8)),
        ("too sure", draw.sample(500, 500, 2.0, 4.0)),
        ("beyond reach", draw.sample(200, 200, 8.0, 3.0)),
        ("told apart", draw.sample(100, 100, 4.0, 0.5)),
        ("told apart, even", draw.sample(1_000, 1_000, 5.0, 0.4)),
        ("told apart, uneven", draw.sample(10, 10_000, 6.0, 0.4)),
        ("wrong way round", draw.sample(100, 100, -1.0, 0.7)),
        ("few", draw.sample(5, 7, 0.8, 0.6)),
        ("balanced", draw.sample(5, 5, 0.2, 0.9)),
        ("balanced again", draw.sample(9, 9, 0.2, 0.9)),
        ("one of each", draw.sample(1, 1, 0.5, 0.1)),
        ("rare", draw.sample(40, 4_000, 1.2, 0.9)),
        ("common", draw.sample(3_000, 60, 1.2, 0.9)),
        ("rounded", rounded(&draw.sample(400, 400, 1.0, 1.0))),
    ]
}

/// To quarters, off the steps of the bounds' search: many ties.
fn rounded(cases: &[Labelled]) -> Vec<Labelled> {
    let round = |weight: f64| (weight * 4.0).round() / 4.0 + 0.003;
    cases.iter().map(|case| Labelled { log10_lr: round(case.log10_lr), ..*case }).collect()
}

/// A small generator (SplitMix64), so that the samples are the same everywhere.
struct Draw(u64);

impl Draw {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((bits ^ (bits >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Roughly normal: twelve uniform draws.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }

    /// Weights around `shift` for the positives, around its opposite for the others.
    fn sample(&mut self, positives: usize, negatives: usize, shift: f64, spread: f64) -> Vec<Labelled> {
        let truths = std::iter::repeat_n(true, positives).chain(std::iter::repeat_n(false, negatives));
        let weigh = |positive: bool| {
            let centre = if positive { shift } else { -shift };
            Labelled { log10_lr: centre + spread * self.normal(), positive }
        };
        truths.map(weigh).collect()
    }
}

fn ask_lir(samples: &[(&str, Vec<Labelled>)]) -> Vec<Measures> {
    let folder = environment();
    let columns = |cases: &[Labelled]| {
        let weights: Vec<f64> = cases.iter().map(|case| case.log10_lr).collect();
        let truths: Vec<bool> = cases.iter().map(|case| case.positive).collect();
        serde_json::json!({ "log10_lr": weights, "positive": truths })
    };
    let asked: Vec<_> = samples.iter().map(|(_, cases)| columns(cases)).collect();
    let mut python = Command::new(python_of(&folder));
    python.args(["-c", SCRIPT]).env("MPLBACKEND", "Agg").env("MPLCONFIGDIR", &folder);
    let mut child = python.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("Python starts");
    child.stdin.take().unwrap().write_all(serde_json::to_string(&asked).unwrap().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "lir failed, its message stands above");
    serde_json::from_slice(&output.stdout).expect("measures as JSON")
}

/// The virtual environment; whole where its list of packages is the one asked for.
fn environment() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("lir");
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
