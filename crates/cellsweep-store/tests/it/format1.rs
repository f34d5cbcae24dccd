//! A case of format 1 opens, and is taken over the first time that somebody writes to it.

use std::fs;

use cellsweep_model::case::CaseEvent;
use cellsweep_store::{Unlock, verify};

use crate::{Outcome, open, open_for_writing};

/// As version 0.1.0 wrote it.
const MANIFEST: &str = include_str!("format-1.json");

#[test]
fn a_case_of_format_1_is_read_and_taken_over() -> Outcome {
    let dir = tempfile::tempdir()?;
    for folder in ["imports/00001-cells-0123abcd", "runs/00001-trace-89abcdef", "staging"] {
        fs::create_dir_all(dir.path().join(folder))?;
    }
    fs::write(dir.path().join("manifest.json"), MANIFEST)?;
    let before = open(dir.path())?;
    assert_eq!(before.manifest().events.len(), 4);
    assert!(!dir.path().join("case.json").exists(), "reading changes nothing");

    drop(open_for_writing(dir.path())?);
    let after = open(dir.path())?;
    let old: Vec<_> = before.manifest().imports().cloned().collect();
    assert_eq!(after.manifest().imports().cloned().collect::<Vec<_>>(), old);
    assert_eq!(after.manifest().reviews().collect::<Vec<_>>(), before.manifest().reviews().collect::<Vec<_>>());
    assert_eq!(after.manifest().runs().count(), 1);
    assert!(matches!(after.manifest().events[1].event, CaseEvent::Upgraded { from: 1, .. }));
    assert_eq!(fs::read_to_string(dir.path().join("backup/manifest-format-1.json"))?, MANIFEST);
    assert!(verify(dir.path(), &Unlock::InCase, None, &[])?.faults.is_empty());
    drop(open_for_writing(dir.path())?);
    assert_eq!(open(dir.path())?.manifest().events.len(), after.manifest().events.len());
    Ok(())
}
