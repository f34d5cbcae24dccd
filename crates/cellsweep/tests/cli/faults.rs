//! Killed at any moment, with a disk that takes no more or fails once: the case opens, its log holds, nothing that was
//! acknowledged is lost and nothing is doubled.
//!
//! `CELLSWEEP_MOMENTS=1000 cargo test --release --workspace --test cli faults` tries more moments: ten minutes, which is
//! all that nextest gives a test.

use std::collections::BTreeSet;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::postgres::Postgres;
use crate::{BOTH, Desk, Outcome};

/// How many moments each test tries.
fn moments() -> u64 {
    std::env::var("CELLSWEEP_MOMENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(30)
}

/// Numbers that look drawn and are the same in every run.
fn drawn(n: u64, below: u64) -> u64 {
    let mut x = (n + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x ^= x >> 29;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    (x >> 33) % below
}

const BECAUSE: [&str; 2] = ["--because", "a test"];

/// What is asked of the program while it fails: every step that writes. Files are kept under seal as they come in,
/// raw records of what is no candidate are dropped by the trace, a person and an import are erased.
fn work(desk: &Desk, n: u64) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let item = format!("P-{n}=phone:black");
    let imei = desk.read("imeis")?.lines().nth(n as usize % 40).unwrap_or_default().to_owned();
    let known = import_of(desk, "known_devices")?;
    let words: Vec<&str> = match n % 8 {
        0 => vec!["import", "records", "world/case/records-208-01.parquet"],
        1 => vec!["trace"],
        2 => vec!["import", "known_devices", "world/case/known_devices.csv"],
        3 => vec!["log", "rotate-key"],
        4 => [&["erase", "--imei", &imei], &BOTH[..]].concat(),
        5 => match &known {
            Some(id) => [&["erase", id], &BOTH[..]].concat(),
            None => vec!["import", "known_devices", "world/case/known_devices.csv"],
        },
        _ => vec!["custody", "found", &item, "--facility", "F001", "--cell", "A-101", "--by", "Lt. Roy"],
    };
    let rest = ["--case", "case", "--quiet"];
    Ok(words.into_iter().chain(rest).chain(BECAUSE).map(str::to_owned).collect())
}

fn import_of(desk: &Desk, table: &str) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let listed = desk.run(&["data", "list", "--json", "--case", "case", BECAUSE[0], BECAUSE[1]])?.expect(0)?.json()?;
    let sets = listed.as_array().cloned().unwrap_or_default();
    let found = sets.iter().find(|set| set["table"] == table).and_then(|set| set["import"].as_str());
    Ok(found.map(str::to_owned))
}

/// An investigation: everything in it is sealed.
fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_investigation()?;
    for table in ["sectors.csv", "facilities.geojson", "models.csv"] {
        let name = table.split('.').next().unwrap_or_default();
        desk.run(&["import", name, &format!("world/case/{table}"), "--case", "case", "--quiet"])?;
    }
    let ledger = desk.read("world/case/ledger.csv")?;
    let imei =
        |line: &str| line.split(',').find(|cell| cell.len() == 15 && cell.parse::<u64>().is_ok()).map(str::to_owned);
    let imeis: Vec<String> = ledger.lines().filter_map(imei).take(40).collect();
    std::fs::write(desk.path("imeis"), imeis.join("\n"))?;
    Ok(desk)
}

/// The items that the case knows of, each once.
fn items(desk: &Desk) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let asked = ["custody", "list", "--case", "case", "--json", BECAUSE[0], BECAUSE[1]];
    let told = desk.run(&asked)?.expect(0)?.json()?;
    assert_eq!(told["breaks"].as_array().map(Vec::len), Some(0), "{told}");
    Ok(told["items"].as_object().ok_or("no items")?.keys().cloned().collect())
}

/// What was tried and what was acknowledged.
#[derive(Default)]
struct Tried {
    acknowledged: BTreeSet<String>,
    done: Vec<u64>,
    failed: u64,
}

impl Tried {
    /// Notes how a step ended, and looks whether the case is whole.
    fn check(&mut self, desk: &Desk, n: u64, words: &[String], status: ExitStatus) -> Outcome {
        self.done.push(n);
        self.failed += u64::from(!status.success());
        if status.success() && words[0] == "custody" {
            self.acknowledged.insert(format!("P-{n}"));
        }
        let told = desk.run(&["verify", "--case", "case"])?;
        let last = self.done.last();
        assert_eq!(told.code, 0, "after moment {last:?} ({words:?}): {}{}", told.out, told.err);
        let known = items(desk)?;
        let lost: Vec<&String> = self.acknowledged.difference(&known).collect();
        assert!(lost.is_empty(), "lost after moment {last:?}: {lost:?}");
        Ok(())
    }
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_that_it_acknowledged() -> Outcome {
    let desk = desk()?;
    let mut tried = Tried::default();
    for n in 0..moments() {
        let words = work(&desk, n)?;
        let mut child = desk
            .command(&words.iter().map(String::as_str).collect::<Vec<_>>())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::sleep(Duration::from_micros(drawn(n, if words[0] == "custody" { 60_000 } else { 250_000 })));
        child.kill()?;
        let status = child.wait()?;
        tried.check(&desk, n, &words, status)?;
    }
    // The staging folder of whoever was killed last is cleared by whoever writes next.
    desk.run(&["custody", "found", "P-last=phone:x", "--facility", "F", "--by", "A", "--case", "case"])?.expect(0)?;
    assert_eq!(std::fs::read_dir(desk.path("case/staging"))?.count(), 0);
    Ok(())
}

/// A file can't grow beyond a limit, as when a disk is full: writing fails in the middle.
#[cfg(unix)]
#[test]
fn a_disk_that_takes_no_more_loses_nothing_that_was_acknowledged() -> Outcome {
    let desk = desk()?;
    let program = env!("CARGO_BIN_EXE_cellsweep");
    let mut tried = Tried::default();
    for n in 0..moments() {
        let words = work(&desk, n)?;
        // In units of 512 bytes: from nothing at all to enough.
        let limit = drawn(n, 600);
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let mut command = Command::new("sh");
        command.args(["-c", &script, program]).args(&words);
        let status = quiet(&desk, &mut command)?;
        assert!(status.code().is_some_and(|code| code != 1 && code != 101), "{words:?} at {limit}: {status}");
        tried.check(&desk, n, &words, status)?;
    }
    let acknowledged = tried.acknowledged.len();
    assert!(tried.failed > 0 && acknowledged > 0, "{} failed, {acknowledged} did not", tried.failed);
    Ok(())
}

/// One call to the disk fails, whichever it is: nothing is taken for written that isn't.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fails_once_loses_nothing_that_was_acknowledged() -> Outcome {
    let desk = desk()?;
    let library = broken_disk(&desk)?;
    let mut tried = Tried::default();
    for n in 0..moments() {
        let words = work(&desk, n)?;
        // Most steps make a few dozen such calls; those that read records some hundreds.
        let at = 1 + drawn(n, if words[0] == "custody" { 40 } else { 300 });
        let mut command = Command::new(env!("CARGO_BIN_EXE_cellsweep"));
        command.args(&words).env("LD_PRELOAD", &library).env("CELLSWEEP_TEST_FAIL_AT", at.to_string());
        let status = quiet(&desk, &mut command)?;
        assert!(status.code().is_some_and(|code| code != 1 && code != 101), "{words:?} at call {at}: {status}");
        tried.check(&desk, n, &words, status)?;
    }
    assert!(tried.failed > 0, "no call failed");
    Ok(())
}

/// The library that makes it fail, by the machine's C compiler, which building cellsweep needs, too.
#[cfg(target_os = "linux")]
fn broken_disk(desk: &Desk) -> Result<std::path::PathBuf, Box<dyn std::error::Error>> {
    std::fs::write(desk.path("broken_disk.c"), include_str!("faults/broken_disk.c"))?;
    let library = desk.path("broken_disk.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(desk.path("broken_disk.c")).arg("-ldl");
    let output = compiler.output()?;
    if output.status.success() {
        return Ok(library);
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
}

fn quiet(desk: &Desk, command: &mut Command) -> std::io::Result<ExitStatus> {
    let command = command.current_dir(desk.dir.path()).env("XDG_CONFIG_HOME", desk.path("no-user-config"));
    command.stdout(Stdio::null()).stderr(Stdio::null()).status()
}

#[test]
fn a_case_killed_while_it_moves_is_whole_in_one_place() -> Outcome {
    let desk = desk()?;
    let server = Postgres::start()?;
    let mut tried = Tried::default();
    let url = server.url();
    for n in 0..moments().div_ceil(3) {
        let item = format!("P-{n}=phone:black");
        let found = ["custody", "found", &item, "--facility", "F001", "--by", "Lt. Roy", "--case", "case", "--quiet"];
        let status = quiet(&desk, &mut desk.command(&found))?;
        let words: Vec<String> = found.iter().map(|word| (*word).to_owned()).collect();
        tried.check(&desk, n, &words, status)?;
        let to = if n % 2 == 0 { url.as_str() } else { "sqlite" };
        let mut child = desk
            .command(&["case", "move", "--to", to, "--case", "case", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        std::thread::sleep(Duration::from_micros(drawn(n, 120_000)));
        child.kill()?;
        let status = child.wait()?;
        tried.check(&desk, n, &["case".to_owned()], status)?;
    }
    // Whatever a killed move left, the next one goes through.
    for to in [url.as_str(), "sqlite"] {
        desk.run(&["case", "move", "--to", to, "--case", "case", "--quiet"])?.expect(0)?;
    }
    tried.check(&desk, moments(), &["case".to_owned()], ExitStatus::default())
}
