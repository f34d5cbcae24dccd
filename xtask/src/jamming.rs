//! `cargo xtask jamming`: whether the effect of jamming that whole made-up worlds were given comes out again, through
//! import, trace, attribution where it takes wings apart, and `assess jamming`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::bench;
use crate::options::{Options, seeds, volume};
use crate::repo::{self, Repo};

/// What a world is given.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Given {
    effect: f64,
    spill: f64,
    outage: bool,
    half: bool,
}

/// What came out.
#[derive(Debug, Clone, PartialEq)]
struct Found {
    fall: [f64; 3],
    verdict: String,
    p: f64,
    /// Among those who live around: the fall, and what may be said.
    outside: Option<(f64, String)>,
    handsets: u64,
    /// The placebo before the start cries out.
    in_doubt: bool,
}

/// Effects in turn, with spill-over, a coincident outage and jammed wings among them.
const TURNS: [Given; 10] = [
    given(0.0, 0.0, false, false),
    given(0.1, 0.0, false, false),
    given(0.6, 0.0, false, false),
    given(0.0, 0.0, true, false),
    given(0.6, 0.5, false, false),
    given(0.0, 0.0, false, false),
    given(0.6, 0.0, true, false),
    given(0.1, 0.0, true, false),
    given(0.6, 0.0, false, true),
    given(0.0, 0.0, false, true),
];

const fn given(effect: f64, spill: f64, outage: bool, half: bool) -> Given {
    Given { effect, spill, outage, half }
}

/// The case made of a world, in its folder.
const OPENED: &str = "opened";

/// Makes a world for each seed, or with `--kept` takes those that an earlier run left with `--keep`, goes through all
/// steps, and prints what came out beside what it was given.
pub fn run(repo: &Repo, words: Vec<String>) -> Result<()> {
    let mut options = Options::new(words);
    let seeds = seeds(&options.value("--seeds")?.unwrap_or_else(|| "1..20".to_owned()))?;
    let records = volume(&options.value("--records")?.unwrap_or_else(|| "1M".to_owned()))?;
    let size = |name: &str, options: &mut Options, usual: u32| -> Result<u32> {
        options.value(name)?.map_or(Ok(usual), |text| text.parse()).with_context(|| name.to_owned())
    };
    let facilities = size("--facilities", &mut options, 16)?;
    let jammed = size("--jammed", &mut options, 4)?;
    let days = size("--days", &mut options, 70)?;
    let folder = bench::folder(repo, &mut options, "jamming")?;
    let kept = options.flag("--kept");
    let keep = options.flag("--keep") || kept;
    let asked = options.value("--program")?;
    options.finish()?;
    let program = bench::program(repo, asked)?;
    std::fs::create_dir_all(&folder)?;
    let mut lines = Vec::new();
    for seed in seeds {
        let given = TURNS[(seed.saturating_sub(1) as usize) % TURNS.len()];
        let world = folder.join(format!("world-{seed}"));
        if !(kept && world.exists()) {
            bench::remove(&world)?;
            let numbers = [facilities.to_string(), jammed.to_string(), days.to_string(), records.to_string()];
            repo::check(make(&program, &world, seed, given, &numbers).stdout(Stdio::null()))?;
            trace(&program, &world, given)?;
        }
        let found = assess(&program, &world.join(OPENED));
        if !keep {
            bench::remove(&world)?;
        }
        eprintln!("seed {seed}: {given:?} → {found:?}");
        lines.push((seed, given, found?));
    }
    print(&lines);
    Ok(())
}

fn make(program: &Path, world: &Path, seed: u64, given: Given, numbers: &[String; 4]) -> Command {
    let [facilities, jammed, days, records] = numbers;
    let mut command = Command::new(program);
    command.arg("world").arg(world).args(["--seed", &seed.to_string(), "--facilities", facilities, "--days", days]);
    command.args(["--records", records, "--jammed", jammed, "--jam-effect", &given.effect.to_string()]);
    command.args(["--jam-spill", &given.spill.to_string(), "--jam-from", "35", "--quiet"]);
    command.args(given.outage.then_some("--jam-outage")).args(given.half.then_some("--jam-half"));
    command
}

/// Makes the world a traced case; attributed, too, where only some wings are jammed.
fn trace(program: &Path, world: &Path, given: Given) -> Result<()> {
    let case = world.join(OPENED);
    let run = |command: &mut Command| repo::check(command.arg("--quiet").stdout(Stdio::null()));
    run(Command::new(program).args(["init", "--exercise"]).arg(&case))?;
    for (table, file) in tables(&world.join("case"))? {
        import(program, &case, &table, &file)?;
    }
    for step in std::iter::once("trace").chain(given.half.then_some("attribute")) {
        run(Command::new(program).args([step, "--case"]).arg(&case))?;
    }
    Ok(())
}

/// A table's file goes in; rows in quarantine, of which a world has some, are no failure.
fn import(program: &Path, case: &Path, table: &str, file: &Path) -> Result<()> {
    const REJECTS: i32 = 4;
    let mut import = Command::new(program);
    import.args(["import", table]).arg(file).args(["--quiet", "--case"]).arg(case).stdout(Stdio::null());
    let status = import.status().with_context(|| format!("start {}", repo::shown(&import)))?;
    ensure!(matches!(status.code(), Some(0 | REJECTS)), "{} ended with {status}", repo::shown(&import));
    Ok(())
}

/// A folder's tables with their files: records last, for they are read beside the others.
fn tables(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))? {
        let file = entry?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let table = name.split(['-', '.']).next().unwrap_or_default().to_owned();
        if table != "operation" {
            tables.push((table, file));
        }
    }
    tables.sort_by_key(|(table, file)| (table == "records", table != "sectors", file.clone()));
    Ok(tables)
}

/// `None` where it can't be told.
fn assess(program: &Path, case: &Path) -> Result<Option<Found>> {
    let mut assess = Command::new(program);
    assess.args(["assess", "jamming", "--json", "--quiet", "--case"]).arg(case);
    let told: Value = serde_json::from_str(&repo::output(&mut assess)?).context("assess jamming returned no JSON")?;
    Ok(found(&told))
}

fn found(told: &Value) -> Option<Found> {
    let effect = &told["jamming"]["result"]["effect"];
    let number = |value: &Value| value.as_f64();
    let fall = &effect["fall"];
    let outside = told["elsewhere"].as_array()?.iter().find(|place| place[0] == "outside");
    let outside = outside.map(|place| &place[1]["result"]).filter(|result| !result.is_null());
    Some(Found {
        fall: [number(&fall["value"])?, number(&fall["low"])?, number(&fall["high"])?],
        verdict: effect["verdict"].as_str()?.to_owned(),
        p: number(&effect["chance"]["p"])?,
        outside: outside
            .and_then(|result| Some((number(&result["fall"]["value"])?, result["verdict"].as_str()?.to_owned()))),
        handsets: told["counted"]["handsets"].as_u64()?,
        in_doubt: told["jamming"]["result"]["leads"]["in_doubt"].as_bool()?,
    })
}

fn print(lines: &[(u64, Given, Option<Found>)]) {
    println!("| seed | given | besides | found | 95 % | holds it | said | p | outside | handsets |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (seed, given, found) in lines {
        let besides = [(given.spill > 0.0, "spill-over"), (given.outage, "outage"), (given.half, "half the wings")];
        let besides: Vec<&str> = besides.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
        let percent = |share: f64| format!("{:.0} %", 100.0 * share);
        let (effect, besides) = (percent(given.effect), besides.join(", "));
        let Some(found) = found else {
            println!("| {seed} | {effect} | {besides} | can't tell | | | | | | |");
            continue;
        };
        let [fall, low, high] = found.fall;
        let held = if holds(given, found) { "yes" } else { "no" };
        let outside =
            found.outside.as_ref().map_or("–".to_owned(), |(fall, said)| format!("{} ({said})", percent(-fall)));
        println!(
            "| {seed} | {effect} | {besides} | {} | {} to {} | {held} | {} | {:.3} | {outside} | {} |",
            percent(fall),
            percent(low),
            percent(high),
            found.verdict,
            found.p,
            found.handsets,
        );
    }
    println!("\n{}", summary(lines));
}

fn holds(given: &Given, found: &Found) -> bool {
    (found.fall[1]..=found.fall[2]).contains(&given.effect)
}

/// How often intervals hold what was given, what is claimed of nothing, and what is found of much.
fn summary(lines: &[(u64, Given, Option<Found>)]) -> String {
    let told: Vec<(&Given, &Found)> =
        lines.iter().filter_map(|(_, given, found)| Some((given, found.as_ref()?))).collect();
    let count = |which: &dyn Fn(&(&Given, &Found)) -> bool| told.iter().filter(|line| which(line)).count();
    let of = |effect: f64| count(&|(given, _)| given.effect == effect);
    let claimed = |effect: f64| count(&|(given, found)| given.effect == effect && found.verdict != "not_shown");
    let spilled = |spill: bool| count(&|(given, _)| (given.spill > 0.0) == spill);
    let outside = |spill: bool| {
        let seen = |found: &Found| found.outside.as_ref().is_some_and(|(_, said)| said == "fall");
        count(&|(given, found)| (given.spill > 0.0) == spill && seen(found))
    };
    let errors = told.iter().map(|(given, found)| found.fall[0] - given.effect);
    let bias = 100.0 * errors.sum::<f64>() / told.len().max(1) as f64;
    format!(
        "intervals that hold what was given: {} of {}; placebos before the start that cry out: {}; found less given \
         {bias:+.1} points on average; an effect is claimed of none in {} of {}, of 10 % in {} of {}, of 60 % in {} of {}; a \
         fall outside is claimed with spill-over in {} of {}, without in {} of {}; can't tell: {}",
        count(&|(given, found)| holds(given, found)),
        told.len(),
        count(&|(_, found)| found.in_doubt),
        claimed(0.0),
        of(0.0),
        claimed(0.1),
        of(0.1),
        claimed(0.6),
        of(0.6),
        outside(true),
        spilled(true),
        outside(false),
        spilled(false),
        lines.len() - told.len(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(effect: f64, fall: [f64; 3], verdict: &str) -> (u64, Given, Option<Found>) {
        let found = Found { fall, verdict: verdict.to_owned(), p: 0.2, outside: None, handsets: 9, in_doubt: false };
        (1, given(effect, 0.0, false, false), Some(found))
    }

    #[test]
    fn a_summary_counts_what_holds_and_what_is_claimed() {
        let lines = [
            line(0.0, [0.02, -0.1, 0.1], "not_shown"),
            line(0.0, [0.2, 0.1, 0.3], "fall"),
            line(0.6, [0.55, 0.4, 0.7], "fall"),
            (4, given(0.1, 0.0, false, false), None),
        ];
        let told = summary(&lines);
        assert!(told.starts_with("intervals that hold what was given: 2 of 3; "), "{told}");
        assert!(told.contains("found less given +5.7 points on average"), "{told}");
        assert!(told.contains("of none in 1 of 2, of 10 % in 0 of 0, of 60 % in 1 of 1"), "{told}");
        assert!(told.ends_with("can't tell: 1"), "{told}");
    }

    #[test]
    fn a_refusal_is_no_number() {
        let told = serde_json::json!({ "jamming": { "result": null, "needed": [] }, "elsewhere": [], "counted": { "handsets": 4 } });
        assert_eq!(found(&told), None);
    }
}
