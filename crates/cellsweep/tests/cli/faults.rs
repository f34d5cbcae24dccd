//! Killed at any moment, or with a disk that takes no more: the case opens, its log holds, nothing that was
//! acknowledged is lost and nothing is doubled.
//!
//! `CELLSWEEP_MOMENTS=1000 cargo nextest run --release --workspace faults` tries more moments.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::{Desk, Outcome};

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

/// What is asked of the program while it is killed.
fn work(n: u64) -> Vec<String> {
    let item = format!("P-{n}=phone:black");
    let words: Vec<&str> = match n % 6 {
        0 => vec!["import", "records", "world/case/records-208-01.parquet"],
        1 => vec!["trace"],
        2 => vec!["import", "known_devices", "world/case/known_devices.csv"],
        3 => vec!["log", "rotate-key"],
        _ => vec!["custody", "found", &item, "--facility", "F001", "--cell", "A-101", "--by", "Lt. Roy"],
    };
    words.into_iter().map(str::to_owned).chain(["--case", "case", "--quiet"].map(str::to_owned)).collect()
}

fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    for table in ["sectors.csv", "facilities.geojson", "models.csv"] {
        let name = table.split('.').next().unwrap_or_default();
        desk.run(&["import", name, &format!("world/case/{table}"), "--case", "case", "--quiet"])?;
    }
    Ok(desk)
}

/// The items that the case knows of, each once.
fn items(desk: &Desk) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let told = desk.run(&["custody", "list", "--case", "case", "--json"])?.expect(0)?.json()?;
    assert_eq!(told["breaks"].as_array().map(Vec::len), Some(0), "{told}");
    Ok(told["items"].as_object().ok_or("no items")?.keys().cloned().collect())
}

fn check(desk: &Desk, acknowledged: &BTreeSet<String>, done: &BTreeSet<u64>) -> Outcome {
    let told = desk.run(&["verify", "--case", "case"])?;
    assert_eq!(told.code, 0, "after {done:?}: {}{}", told.out, told.err);
    let known = items(desk)?;
    let lost: Vec<&String> = acknowledged.difference(&known).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    Ok(())
}

#[test]
fn a_process_killed_at_any_moment_loses_nothing_that_it_acknowledged() -> Outcome {
    let desk = desk()?;
    let (mut acknowledged, mut done) = (BTreeSet::new(), BTreeSet::new());
    for n in 0..moments() {
        let words = work(n);
        let mut child = desk
            .command(&words.iter().map(String::as_str).collect::<Vec<_>>())
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()?;
        std::thread::sleep(Duration::from_micros(drawn(n, 90_000)));
        child.kill()?;
        if child.wait()?.success() && words[0] == "custody" {
            acknowledged.insert(format!("P-{n}"));
        }
        done.insert(n);
        check(&desk, &acknowledged, &done)?;
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
    let (mut acknowledged, mut done) = (BTreeSet::new(), BTreeSet::new());
    let mut failed = 0;
    for n in 0..moments() {
        let words = work(n);
        // In units of 512 bytes: from nothing at all to enough.
        let limit = drawn(n, 600);
        let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        let status = std::process::Command::new("sh")
            .args(["-c", &script, program])
            .args(&words)
            .current_dir(desk.dir.path())
            .env("XDG_CONFIG_HOME", desk.path("no-user-config"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .status()?;
        assert!(status.code().is_some_and(|code| code != 1 && code != 101), "{words:?} at {limit}: {status}");
        failed += u64::from(!status.success());
        if status.success() && words[0] == "custody" {
            acknowledged.insert(format!("P-{n}"));
        }
        done.insert(n);
        check(&desk, &acknowledged, &done)?;
    }
    assert!(failed > 0 && !acknowledged.is_empty(), "{failed} failed, {} did not", acknowledged.len());
    Ok(())
}
