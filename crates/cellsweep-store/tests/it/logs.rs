//! The logs themselves: signed, moved, erased, written to by several at a time.

use std::fs;
use std::path::Path;

use cellsweep_model::case::{Decision, Import, Review};
use cellsweep_model::table::Table;
use cellsweep_store::{
    Caller, CaseWriter, Consultation, ERASED, LogKind, Standing, StoreError, Unlock, Verified, note_consultation,
    verify,
};

use crate::case::import;
use crate::postgres::Postgres;
use crate::{CALLER, NOW, Outcome, on_both, open, open_for_writing};

fn review(handset: &str) -> Review {
    Review {
        handset: handset.to_owned(),
        inmate: None,
        decision: Decision::Comment,
        reason: "seen by an officer".to_owned(),
        by: "A. Martin".to_owned(),
    }
}

fn verified(dir: &std::path::Path) -> Result<Verified, Box<dyn std::error::Error>> {
    let told = verify(dir, &Unlock::InCase, None, &[])?;
    assert_eq!(told.faults, []);
    Ok(told)
}

#[test]
fn what_is_logged_comes_back_and_holds() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        import(&mut case, "aaaaaaaa", &[("A", 1)])?;
        case.add_review(review("35920411223344"), NOW)?;
        let manifest = case.case().manifest().clone();
        drop(case);
        assert_eq!(*open(dir.path())?.manifest(), manifest);
        note_consultation(dir.path(), "devices", &[], &CALLER, NOW)?;
        let told = verified(dir.path())?;
        assert_eq!((told.custody_entries, told.access_entries, told.checkpoints), (3, 1, 4));
        let key = told.key.clone();
        assert_eq!(verify(dir.path(), &Unlock::InCase, Some(&key), &[])?.faults, []);
        let elsewhere = tempfile::tempdir()?;
        drop(home.new_case(elsewhere.path())?);
        let other = verified(elsewhere.path())?.key;
        assert!(!verify(dir.path(), &Unlock::InCase, Some(&other), &[])?.faults.is_empty());
        Ok(())
    })
}

#[test]
fn a_log_that_moves_stays_byte_for_byte_what_it_was() -> Outcome {
    let server = Postgres::start()?;
    let dir = tempfile::tempdir()?;
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Exercise, &CALLER, NOW)?;
    import(&mut case, "aaaaaaaa", &[("A", 1)])?;
    let before = verified(dir.path())?;
    case.move_to(Some(&server.url()))?;
    assert!(!dir.path().join("case.sqlite").exists());
    assert_eq!(verified(dir.path())?.checkpoint, before.checkpoint);
    import(&mut case, "bbbbbbbb", &[("B", 1)])?;
    let there = verified(dir.path())?;
    case.move_to(None)?;
    drop(case);
    // As if a move had been killed behind its copy: the schema is there, and case.json doesn't name it.
    let kept = ["case.json", "case.sqlite", "case.keys"].map(|name| dir.path().join(name));
    let before: Vec<Vec<u8>> = kept.iter().map(fs::read).collect::<Result<_, _>>()?;
    open_for_writing(dir.path())?.move_to(Some(&server.url()))?;
    for (path, bytes) in kept.iter().zip(before) {
        fs::write(path, bytes)?;
    }
    let mut case = open_for_writing(dir.path())?;
    case.move_to(Some(&server.url()))?;
    case.move_to(None)?;
    drop(case);
    let back = verified(dir.path())?;
    assert_eq!((back.custody_entries, back.checkpoint), (3, there.checkpoint));
    let mut case = open_for_writing(dir.path())?;
    import(&mut case, "cccccccc", &[("C", 1)])?;
    assert_eq!(case.case().table(Table::Cells)?.len(), 3);
    Ok(())
}

/// An office notes looks while the case is moved under it: each stands in the log that the case has in the end.
#[test]
fn no_look_is_lost_where_a_case_is_moved_under_an_office() -> Outcome {
    let server = Postgres::start()?;
    let dir = tempfile::tempdir()?;
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Exercise, &CALLER, NOW)?;
    let office = Standing::open(dir.path(), &Unlock::InCase)?;
    let look = Consultation { command: "devices", refs: &[], by: "A. Martin", reason: None };
    let note = || office.note_consultations(&[look], NOW);
    note()?;
    case.move_to(Some(&server.url()))?;
    note()?;
    import(&mut case, "aaaaaaaa", &[("A", 1)])?;
    assert_eq!((office.size()?, office.page(LogKind::Access, None, 10)?.len()), (2, 2));
    case.move_to(None)?;
    assert_eq!(office.page(LogKind::Access, None, 10)?.len(), 2);
    note()?;
    std::thread::scope(|scope| {
        let looks = scope.spawn(|| (0..40).try_for_each(|_| note()));
        let moves = case.move_to(Some(&server.url())).and_then(|()| case.move_to(None));
        looks.join().unwrap().and(moves)
    })?;
    drop((office, case));
    assert_eq!(verified(dir.path())?.access_entries, 43);
    Ok(())
}

#[test]
fn what_was_erased_is_in_no_file() -> Outcome {
    let dir = tempfile::tempdir()?;
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Exercise, &CALLER, NOW)?;
    let id = import(&mut case, "aaaaaaaa", &[("A", 1)])?;
    import(&mut case, "bbbbbbbb", &[("B", 1)])?;
    // As an office has it open all the time.
    let office = Standing::open(dir.path(), &Unlock::InCase)?;
    office.size()?;
    case.erase_imports(vec![id.clone()], vec!["A. Martin".to_owned(), "B. Roche".to_owned()], NOW)?;
    let wrapped = format!("import/{id}").into_bytes();
    let holds_it = |name: &str| -> Result<bool, Box<dyn std::error::Error>> {
        let path = dir.path().join(name);
        Ok(path.exists() && fs::read(path)?.windows(wrapped.len()).any(|part| part == wrapped))
    };
    assert!(!holds_it("case.keys")? && !holds_it("case.keys-wal")?, "the key's name is gone with the key");
    assert!(case.erase_imports(vec![id.clone()], vec![], NOW).is_err());
    assert_eq!(case.case().manifest().imports().count(), 1);
    assert!(!dir.path().join("imports").join(&id).exists());
    // The next import is numbered on: nothing takes an erased one's name.
    assert!(import(&mut case, "cccccccc", &[("C", 1)])?.starts_with("00003-"));
    drop((case, office));
    verified(dir.path())?;
    let database = fs::read(dir.path().join("case.sqlite"))?;
    let count = database.windows(wrapped.len()).filter(|part| *part == wrapped).count();
    // In the import's own entry and in the erasure's, as a reference; the key's row is overwritten.
    assert_eq!(count, 3, "refs and the box's key in one entry, the erasure's refs in another");
    assert!(!holds_it("case.keys")?);
    Ok(())
}

/// Backups of all but the data keys: what is erased is gone from them, too, and they stay what they were.
#[test]
fn a_backup_without_the_keys_stays_whole_and_what_was_erased_is_gone_from_it() -> Outcome {
    let (dir, backup) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Investigation, &CALLER, NOW)?;
    let id = import(&mut case, "aaaaaaaa", &[("A", 1)])?;
    import(&mut case, "bbbbbbbb", &[("B", 1)])?;
    drop(case);
    copy_all(dir.path(), backup.path(), &|name| !name.starts_with("case.keys"))?;
    let mut case = open_for_writing(dir.path())?;
    case.erase_imports(vec![id.clone()], vec!["A. Martin".to_owned(), "B. Roche".to_owned()], NOW)?;
    drop(case);
    copy_all(dir.path(), backup.path(), &|name| name.starts_with("case.keys"))?;
    let old = open(backup.path())?;
    let imports: Vec<&Import> = old.manifest().imports().collect();
    assert_eq!(imports.iter().map(|import| import.file.as_str()).collect::<Vec<_>>(), [ERASED, "file.csv"]);
    assert!(matches!(old.table_of(imports[0]), Err(StoreError::Keys { .. })));
    assert_eq!(old.table_of(imports[1])?.len(), 1);
    let told = verify(backup.path(), &Unlock::InCase, None, &[])?;
    let about: Vec<&str> = told.faults.iter().map(|fault| fault.place.as_str()).collect();
    assert_eq!(about, [format!("imports/{id}")], "the log itself holds, and the one folder can't be opened");
    Ok(())
}

/// Copies a folder's files whose names fit.
fn copy_all(from: &Path, to: &Path, fits: &dyn Fn(&str) -> bool) -> Outcome {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            fs::create_dir_all(to.join(&name))?;
            copy_all(&path, &to.join(&name), fits)?;
        } else if fits(&name) {
            fs::copy(&path, to.join(&name))?;
        }
    }
    Ok(())
}

#[test]
fn several_at_a_time_append_without_forks_or_gaps() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        drop(home.new_case(dir.path())?);
        std::thread::scope(|scope| {
            let write = |name: &'static str| {
                let caller = Caller { by: name, ..CALLER };
                (0..25).try_for_each(|_| note_consultation(dir.path(), "devices", &[], &caller, NOW))
            };
            let writers: Vec<_> = ["A", "B", "C", "D"].map(|name| scope.spawn(move || write(name))).into();
            writers.into_iter().try_for_each(|writer| writer.join().unwrap())
        })?;
        assert_eq!(verified(dir.path())?.access_entries, 100);
        Ok(())
    })
}

#[test]
fn looks_that_are_noted_at_once_stand_one_by_one_under_one_checkpoint() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        drop(home.new_case(dir.path())?);
        let before = verified(dir.path())?.checkpoints;
        let log = Standing::open(dir.path(), &Unlock::InCase)?;
        let refs: Vec<Vec<String>> = ["a", "b", "c"].map(|name| vec![format!("handset/{name}")]).into();
        let look = |refs| Consultation { command: "explain", refs, by: "A. Martin", reason: Some("a doubt") };
        log.note_consultations(&refs.iter().map(|refs| look(refs)).collect::<Vec<_>>(), NOW)?;
        let lines = log.page(LogKind::Access, None, 10)?;
        let told: Vec<_> = lines.iter().rev().map(|line| (line.n, line.refs.clone(), line.by.as_str())).collect();
        let due: Vec<_> = (0..).zip(refs).map(|(n, refs)| (n, refs, "A. Martin")).collect();
        assert_eq!(told, due);
        assert!(lines.iter().all(|line| line.kind == "consulted.explain" && line.reason.as_deref() == Some("a doubt")));
        drop(log);
        let after = verified(dir.path())?;
        assert_eq!((after.access_entries, after.checkpoints), (3, before + 1));
        Ok(())
    })
}

/// A handset's number stands veiled, as the same one each time; what can't be said at all is not logged in part.
#[test]
fn a_look_at_a_handset_says_which_and_tells_no_number() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        drop(home.new_case(dir.path())?);
        let log = Standing::open(dir.path(), &Unlock::InCase)?;
        let note = |name: &str| note_consultation(dir.path(), "explain", &[name.to_owned()], &CALLER, NOW);
        for handset in ["handset/35391805723456", "handset/35391805723456", "handset/35391805723457"] {
            note(handset)?;
        }
        let refs: Vec<Vec<String>> = log.page(LogKind::Access, None, 10)?.into_iter().map(|line| line.refs).collect();
        assert!(refs.iter().all(|refs| refs.len() == 1 && refs[0].starts_with("handset/x")), "{refs:?}");
        assert!(refs[1] == refs[2] && refs[0] != refs[1], "{refs:?}");
        assert!(note("35391805723456").is_err() && note("a handset").is_err());
        assert_eq!(log.page(LogKind::Access, None, 10)?.len(), 3);
        drop(log);
        assert_eq!(verified(dir.path())?.access_entries, 3);
        Ok(())
    })
}

/// Who looked at what goes when its term is over; what is left holds, grows, moves and goes again.
#[test]
fn the_oldest_of_the_access_log_goes_and_the_rest_holds() -> Outcome {
    use jiff::ToSpan;
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        let day = |n: i64| NOW.checked_add((24 * n).hours());
        for n in 0..7 {
            note_consultation(dir.path(), "devices", &[format!("run/first-{n}")], &CALLER, day(n)?)?;
        }
        assert_eq!(case.close_access_log(NOW, day(7)?)?, None);
        assert_eq!(case.close_access_log(day(5)?, day(7)?)?, Some(5));
        assert_eq!(case.close_access_log(day(5)?, day(7)?)?, None, "what is gone doesn't go again");
        assert_eq!(verified(dir.path())?.access_entries, 2);
        note_consultation(dir.path(), "devices", &[], &CALLER, day(8)?)?;
        assert_eq!(case.close_access_log(day(7)?, day(9)?)?, Some(7));
        assert_eq!(verified(dir.path())?.access_entries, 1);
        let out = tempfile::tempdir()?;
        let exported = out.path().join("access");
        cellsweep_store::export_log(dir.path(), &Unlock::InCase, cellsweep_store::LogKind::Access, &exported)?;
        assert_eq!(fs::read_to_string(exported.join("entries.jsonl"))?.lines().count(), 1);
        assert!(exported.join("closed.json").exists());
        let database = fs::read(dir.path().join("case.sqlite")).unwrap_or_default();
        let gone = b"run/first-0";
        assert!(!database.windows(gone.len()).any(|part| part == gone), "it is overwritten");
        Ok(())
    })
}

/// A witness may take its time: the checkpoint that it signs is one of a key that was given up since.
#[test]
fn a_checkpoint_of_a_former_key_can_be_co_signed() -> Outcome {
    use cellsweep_proof::{Note, Signer, cosign};
    let dir = tempfile::tempdir()?;
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Exercise, &CALLER, NOW)?;
    import(&mut case, "aaaaaaaa", &[("A", 1)])?;
    let mut note = Note::parse(&cellsweep_store::last_checkpoint(dir.path(), &Unlock::InCase)?)?;
    case.rotate_key(NOW)?;
    drop(case);
    let unsigned = cellsweep_store::add_cosigned(dir.path(), &Unlock::InCase, note.to_string().as_bytes());
    assert!(unsigned.is_err(), "nobody has signed it but the log");
    let witness = Signer::witness_from_seed("witness.example/w".parse()?, &[9; 32]);
    cosign(&mut note, &witness, NOW)?;
    let size = cellsweep_store::add_cosigned(dir.path(), &Unlock::InCase, note.to_string().as_bytes())?;
    assert_eq!(size, 2);
    let key = witness.verifier().to_string();
    let told = verify(dir.path(), &Unlock::InCase, None, std::slice::from_ref(&key))?;
    assert!(told.witnessed.iter().any(|seen| seen.size == 2), "{:?}", told.witnessed);
    Ok(())
}

/// What is sealed in an exhibit's entries is given out by two people, and that stands in the log.
#[test]
fn a_bundle_with_its_boxes_keys_can_be_read_by_whoever_gets_it() -> Outcome {
    use cellsweep_model::case::{CaseEvent, ExhibitEvent};
    use cellsweep_proof::export::{BoxState, Item, Trust};
    let dir = tempfile::tempdir()?;
    let mut case = CaseWriter::create(dir.path(), cellsweep_model::case::CaseKind::Investigation, &CALLER, NOW)?;
    let exhibit = ExhibitEvent {
        id: "E-1".to_owned(),
        kind: "found".to_owned(),
        items: vec!["P-1".to_owned()],
        wire: "what an officer wrote".to_owned(),
    };
    case.log(CaseEvent::Exhibit { exhibit }, NOW)?;
    let sealed = cellsweep_store::item_proof(dir.path(), &Unlock::InCase, "item/P-1")?;
    let open = case.disclose_item("item/P-1", vec!["A. Martin".to_owned(), "B. Roche".to_owned()], NOW)?;
    let states = |text: &str| -> Result<Vec<bool>, Box<dyn std::error::Error>> {
        let report = Item::parse(text.as_bytes())?.check("P-1.json", &Trust::default());
        assert_eq!(report.findings, []);
        Ok(report.boxes.iter().map(|seen| matches!(seen.state, BoxState::Opened { .. })).collect())
    };
    assert_eq!((states(&sealed)?, states(&open)?), (vec![false], vec![true]));
    let last = case.case().manifest().events.last().map(|logged| logged.event.clone());
    assert!(matches!(last, Some(CaseEvent::BoxesOpened { entries, .. }) if entries == [1]));
    Ok(())
}
