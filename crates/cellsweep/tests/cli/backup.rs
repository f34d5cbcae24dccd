//! A case and its office after the disk was lost.

use std::error::Error;
use std::path::{Path, PathBuf};

use super::serve::Served;
use super::{Desk, Outcome, contents};

const AGAIN: [&str; 6] = ["restore", "copy", "--keys", "keys", "--to", "again/d/case"];

/// Files by path, without what a database keeps while it is open.
fn files(dir: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    Ok(contents(dir)?.into_iter().map(|(path, _)| path).collect())
}

#[test]
fn a_case_and_its_office_come_back_from_a_copy_made_while_they_served() -> Outcome {
    let mut served = Served::demo()?;
    let desk = served.desk().clone();
    let before = served.browser("investigator")?.get("/handsets")?.expect(200)?;
    let words = ["backup", "copy", "--keys", "keys", "--case", "d/case", "--office", "d/office"];
    let told = desk.run(&words)?.expect(0)?.out;
    assert!(told.contains("its office:") && told.contains("keep them elsewhere"), "{told}");
    for key in ["case.keys", "case.key", "accounts.key"] {
        let lies = |dir: &str| Ok::<_, Box<dyn Error>>(files(&desk.path(dir))?.iter().any(|path| path.ends_with(key)));
        assert!(lies("keys")? && !lies("copy")?, "{key}");
    }
    let logins = served.logins.clone();
    served.kill();
    std::fs::remove_dir_all(desk.path("d"))?;

    let told = desk.run(&[&AGAIN[..], &["--office", "office"]].concat())?.expect(0)?.out;
    assert!(told.contains("now check it: cellsweep verify --case again/d/case"), "{told}");
    desk.run(&["verify", "--case", "again/d/case"])?.expect(0)?;
    let words = ["serve", "--case", "again/d/case", "--office", "office", "--listen", "127.0.0.1:0"];
    let mut served = Served::start(desk, &words)?;
    served.logins = logins;
    let after = served.browser("investigator")?.get("/handsets")?.expect(200)?;
    assert_eq!(before, after);
    Ok(())
}

#[test]
fn a_copy_that_is_not_what_was_written_makes_no_case() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    desk.run(&["backup", "copy", "--keys", "keys", "--case", "case"])?.expect(0)?;
    let again = desk.run(&["backup", "copy", "--keys", "more", "--case", "case"])?.expect(3)?;
    assert!(again.err.contains("is not empty"), "{}", again.err);
    let list = desk.read("copy/case/backup.sha256")?;
    for line in list.lines() {
        let (_, name) = line.split_once("  ").ok_or("no list")?;
        let path = desk.path("copy/case").join(name);
        let whole = std::fs::read(&path)?;
        std::fs::write(&path, [&whole[..], b" "].concat())?;
        let ended = desk.run(&AGAIN)?.expect(3)?;
        assert!(ended.err.contains(name) && ended.err.contains("it was altered"), "{}", ended.err);
        std::fs::remove_file(&path)?;
        let ended = desk.run(&AGAIN)?.expect(3)?;
        assert!(ended.err.contains(name) && ended.err.contains("it is missing"), "{}", ended.err);
        std::fs::write(&path, whole)?;
        assert!(!desk.path("again").exists());
    }
    std::fs::write(desk.path("copy/case/more"), "x")?;
    let ended = desk.run(&AGAIN)?.expect(3)?;
    assert!(ended.err.contains("more: it is not in the copy's list"), "{}", ended.err);
    std::fs::remove_file(desk.path("copy/case/more"))?;
    desk.run(&AGAIN)?.expect(0)?;
    desk.run(&["verify", "--case", "again/d/case"])?.expect(0)?;
    Ok(())
}

#[test]
fn an_investigation_is_copied_with_a_reason_that_the_copy_tells() -> Outcome {
    let desk = Desk::with_investigation()?;
    let words = ["backup", "copy", "--keys", "keys", "--case", "case"];
    assert!(desk.run(&words)?.expect(3)?.err.contains("says why"), "no reason was asked for");
    desk.run(&[&words[..], &["--because", "the nightly copy"]].concat())?.expect(0)?;
    desk.run(&AGAIN)?.expect(0)?;
    desk.run(&["verify", "--case", "again/d/case"])?.expect(0)?;
    Ok(())
}
