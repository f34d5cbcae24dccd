//! Work that is shared out leaves the bytes of one machine, whoever is killed meanwhile.

mod machines;
mod store;

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::{Desk, Ended, Files, Outcome, contents};
use machines::Cluster;

/// A country of which there are several runs and several ranges, where memory is small.
fn country() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    let made = ["world", "world", "--facilities", "4", "--days", "20", "--records", "700000", "--seed", "5"];
    desk.run(&made)?.expect(0)?;
    Ok(desk)
}

const SMALL: [&str; 4] = ["--memory", "64MiB", "--threads", "2"];

/// All steps into a case and a folder of one name.
fn command(desk: &Desk, name: &str, cluster: &[&str]) -> Command {
    let (case, out) = (format!("{name}/case"), format!("{name}/out"));
    let run = ["run", &case, "--from", "world/case", "--out", &out, "--exercise"];
    desk.command(&[&run[..], &SMALL, cluster].concat())
}

/// Everything whose bytes depend on neither the clock nor the case's own name.
fn tables(desk: &Desk, name: &str) -> Result<Files, Box<dyn std::error::Error>> {
    let mut files = contents(&desk.path(name))?;
    files.retain(|(path, _)| path.extension().is_some_and(|kind| kind == "parquet" || kind == "csv"));
    files.sort();
    assert!(files.iter().filter(|(path, _)| path.ends_with("profiles-00002.parquet")).count() > 0, "too few runs");
    Ok(files)
}

fn assert_same(desk: &Desk, a: &str, b: &str) -> Outcome {
    let (a, b) = (tables(desk, a)?, tables(desk, b)?);
    let names = |files: &Files| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(&a), names(&b));
    let differ: Vec<_> = a.iter().zip(&b).filter(|(a, b)| a.1 != b.1).map(|(a, _)| &a.0).collect();
    assert!(differ.is_empty(), "{differ:?}");
    Ok(())
}

#[test]
fn a_cluster_leaves_the_bytes_of_one_machine() -> Outcome {
    let desk = country()?;
    let cluster = Cluster::new()?;
    let (_scheduler, url) = cluster.scheduler(0)?;
    let _executors = [cluster.executor(&url)?, cluster.executor(&url)?];
    Ended::of(&command(&desk, "alone", &[]).output()?).expect(0)?;
    Ended::of(&command(&desk, "together", &cluster.words(&url)).output()?).expect(0)?;
    assert_same(&desk, "alone", "together")?;
    cluster.until(&url, |status| status["jobs"] == 0 && status["bytes"] == 0)
}

#[test]
fn an_executor_that_is_killed_costs_time_alone() -> Outcome {
    let desk = country()?;
    let cluster = Cluster::new()?;
    let (_scheduler, url) = cluster.scheduler(0)?;
    let mut first = cluster.executor(&url)?;
    Ended::of(&command(&desk, "alone", &[]).output()?).expect(0)?;
    let mut together = command(&desk, "together", &cluster.words(&url));
    let caller = together.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    // In the midst of a task, without a word: its lease has to run out.
    cluster.until(&url, |status| status["under_way"] != 0)?;
    first.kill();
    let _second = cluster.executor(&url)?;
    Ended::of(&caller.wait_with_output()?).expect(0)?;
    assert_same(&desk, "alone", "together")
}

#[test]
fn a_scheduler_that_begins_anew_is_told_again() -> Outcome {
    let desk = country()?;
    let cluster = Cluster::new()?;
    let (mut scheduler, url) = cluster.scheduler(0)?;
    let port = url.rsplit_once(':').ok_or("no port")?.1.parse()?;
    let _executor = cluster.executor(&url)?;
    Ended::of(&command(&desk, "alone", &[]).output()?).expect(0)?;
    let mut together = command(&desk, "together", &cluster.words(&url));
    let caller = together.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    cluster.until(&url, |status| status["under_way"] != 0)?;
    scheduler.kill();
    std::thread::sleep(Duration::from_secs(1));
    let _again = cluster.scheduler(port)?;
    Ended::of(&caller.wait_with_output()?).expect(0)?;
    assert_same(&desk, "alone", "together")
}

#[test]
fn sealed_records_are_traced_over_tls_by_those_who_trust_the_certificate() -> Outcome {
    let mut cluster = Cluster::new()?;
    cluster.with_certificate()?;
    let (_scheduler, url) = cluster.scheduler(0)?;
    assert!(url.starts_with("https://"), "{url}");
    let _executor = cluster.executor(&url)?;
    let desk = Desk::with_investigation()?;
    for table in ["sectors", "facilities", "survey", "models"] {
        desk.run(&["import", table, &format!("world/case/{table}.*"), "--case", "case"])?;
    }
    let words = cluster.words(&url);
    let records = ["import", "records", "world/case/records*", "--case", "case"];
    let imported = desk.run(&[&records[..], &words].concat())?;
    assert!([0, 4].contains(&imported.code), "{}", imported.err);
    let because = ["--case", "case", "--because", "a test of machines"];
    let devices = |cluster: &[&str]| -> Result<String, Box<dyn std::error::Error>> {
        desk.run(&[&["trace"], &because[..], cluster].concat())?.expect(0)?;
        Ok(desk.run(&[&["devices", "--json"], &because[..]].concat())?.expect(0)?.out)
    };
    let shared = devices(&words)?;
    assert!(shared.len() > 1_000, "{shared}");
    assert!(shared == devices(&[])?, "other devices than on one machine");

    // Nobody else is let in, and nobody is believed whose certificate isn't known.
    let named = cluster.path("other").display().to_string();
    std::fs::write(&named, "another-token-that-is-long-enough")?;
    let mut other = cluster.words(&url);
    other[3] = &named;
    let refused = desk.run(&[&["trace"], &because[..], &other].concat())?.expect(3)?;
    assert!(refused.err.contains("doesn't take this token"), "{}", refused.err);
    assert!(refused.err.contains("hint: the scheduler, its executors and this program bring the same file"));
    let said = cluster.stranger(&url)?;
    assert!(said.contains("the scheduler is away"), "{said}");
    Ok(())
}

#[test]
fn an_address_that_is_none_is_told_with_what_to_do() -> Outcome {
    let desk = Desk::with_world()?;
    let cluster = Cluster::new()?;
    for (url, told) in [
        ("http://cluster.example:8700", "not https"),
        ("cluster.example", "not the address of a scheduler"),
        ("ftp://localhost", "http or https"),
    ] {
        let ended = Ended::of(&command(&desk, "case", &cluster.words(url)).output()?).expect(3)?;
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(ended.err.contains("hint: without --cluster the same is done on this machine"), "{}", ended.err);
    }
    let alone = desk.run(&["trace", "--cluster", "http://localhost:8700"])?.expect(2)?;
    assert!(alone.err.contains("--cluster-token"), "{}", alone.err);
    Ok(())
}
