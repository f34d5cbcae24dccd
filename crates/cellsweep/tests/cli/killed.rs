//! A process that is killed leaves a case in which everything is whole.

use std::time::Duration;

use crate::{Desk, Outcome, contents};

/// A few moments from "not yet begun" to "nearly done", different in every test run.
fn moments() -> impl Iterator<Item = Duration> {
    let start = std::process::id() % 17;
    (0..6).map(move |step| Duration::from_millis(u64::from(start) + step * 23))
}

#[test]
fn a_killed_import_leaves_no_half() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    desk.run(&["import", "sectors", "world/case/sectors.*", "--case", "case"])?;
    let import = ["import", "records", "world/case/records*", "--case", "case", "--quiet"];
    for moment in moments() {
        let mut child = desk.command(&import).spawn()?;
        std::thread::sleep(moment);
        child.kill()?;
        child.wait()?;
        check_whole(&desk)?;
    }
    let ended = desk.run(&import)?;
    assert!([0, 4].contains(&ended.code), "{}", ended.err);
    check_whole(&desk)?;
    assert_eq!(std::fs::read_dir(desk.path("case/staging"))?.count(), 0);

    // As if nothing had ever been killed.
    desk.run(&["init", "calm", "--exercise"])?.expect(0)?;
    desk.run(&["import", "sectors", "world/case/sectors.*", "--case", "calm"])?;
    desk.run(&["import", "records", "world/case/records*", "--case", "calm"])?;
    assert!(contents(&desk.path("case/imports"))? == contents(&desk.path("calm/imports"))?, "the imports differ");
    Ok(())
}

/// Every import that the manifest names is there with every file that it names.
fn check_whole(desk: &Desk) -> Outcome {
    let manifest = desk.manifest("case")?;
    for event in manifest["events"].as_array().ok_or("no events")? {
        let Some(id) = event["import"]["id"].as_str() else { continue };
        for file in event["import"]["outputs"].as_object().ok_or("no outputs")?.keys() {
            assert!(desk.path("case/imports").join(id).join(file).is_file(), "{id}/{file}");
        }
    }
    Ok(())
}
