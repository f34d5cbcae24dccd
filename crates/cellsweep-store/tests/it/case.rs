//! Imports and runs: staged, committed, read back.

use std::error::Error;
use std::fs;
use std::sync::Arc;

use arrow::array::{Int64Array, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use cellsweep_model::Device;
use cellsweep_model::case::{Digest, RowCounts};
use cellsweep_model::finding::{Fact, Finding, Source};
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::table::Table;
use cellsweep_store::{Case, CaseWriter, ImportFacts, RunFacts, StoreError};

use crate::{NOW, Outcome, listing, on_both, open, open_for_writing};

pub fn facts(table: Table, digest: &str) -> ImportFacts {
    ImportFacts {
        table,
        file: "file.csv".to_owned(),
        digest: Digest(digest.to_owned()),
        authority: None,
        rows: RowCounts::default(),
        operators: Vec::new(),
        window: None,
        profile: None,
        blanks: std::collections::BTreeMap::new(),
        persons: None,
    }
}

fn batch(rows: &[(&str, i64)]) -> Result<RecordBatch, arrow::error::ArrowError> {
    let schema =
        Schema::new(vec![Field::new("cell", DataType::Utf8, false), Field::new("beds", DataType::Int64, true)]);
    let cells = StringArray::from_iter_values(rows.iter().map(|row| row.0));
    let beds = Int64Array::from_iter_values(rows.iter().map(|row| row.1));
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(cells), Arc::new(beds)])
}

pub fn import(case: &mut CaseWriter, digest: &str, rows: &[(&str, i64)]) -> Result<String, Box<dyn Error>> {
    let staging = case.stage()?;
    staging.write_table(&batch(rows)?)?;
    Ok(case.commit_import(staging.seal()?, facts(Table::Cells, digest), NOW)?.id)
}

/// As if the process were killed: nothing that it staged is cleared away by it.
fn killed(case: CaseWriter, staging: cellsweep_store::Staging) {
    std::mem::forget(staging);
    drop(case);
}

#[test]
fn ids_are_numbered_and_named_after_table_and_digest() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        assert_eq!(import(&mut case, "0123456789abcdef", &[("A", 1)])?, "00001-cells-01234567");
        assert_eq!(import(&mut case, "fedcba9876543210", &[("A", 1)])?, "00002-cells-fedcba98");
        let import = case.case().import_of(Table::Cells, &Digest("fedcba9876543210".to_owned()));
        assert_eq!(import.map(|import| import.id.as_str()), Some("00002-cells-fedcba98"));
        assert_eq!(case.case().import_of(Table::Cells, &Digest("00".to_owned())), None);
        Ok(())
    })
}

#[test]
fn tables_add_up_and_repeated_rows_count_once() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        import(&mut case, "aaaaaaaa", &[("A", 1), ("B", 2)])?;
        import(&mut case, "bbbbbbbb", &[("A", 1), ("B", 3), ("C", 4)])?;
        let batches = open(dir.path())?.table(Table::Cells)?;
        let shown = arrow::util::pretty::pretty_format_batches(&batches)?.to_string();
        insta::allow_duplicates!(insta::assert_snapshot!(shown, @r"
        +------+------+
        | cell | beds |
        +------+------+
        | A    | 1    |
        | B    | 2    |
        | B    | 3    |
        | C    | 4    |
        +------+------+
        "));
        assert!(case.case().table(Table::Survey)?.is_empty());
        Ok(())
    })
}

/// A register of finds, each with its time and what names its device.
fn finds(case: &mut CaseWriter, digest: &str, rows: &[(&str, Option<&str>)]) -> Outcome {
    let schema =
        Schema::new(vec![Field::new("model", DataType::Utf8, false), Field::new("imei", DataType::Utf8, true)]);
    let models = StringArray::from_iter_values(rows.iter().map(|row| row.0));
    let imeis: StringArray = rows.iter().map(|row| row.1).collect();
    let staging = case.stage()?;
    staging.write_table(&RecordBatch::try_new(Arc::new(schema), vec![Arc::new(models), Arc::new(imeis)])?)?;
    case.commit_import(staging.seal()?, facts(Table::Seizures, digest), NOW)?;
    Ok(())
}

#[test]
fn a_parcels_phones_are_as_many_as_one_register_has() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        let named = ("Mini", Some("490154203237518"));
        let count = |case: &CaseWriter| -> Result<Vec<usize>, Box<dyn Error>> {
            let imports = case.case().table_by_import(Table::Seizures)?;
            let rows = |batches: &[RecordBatch]| batches.iter().map(RecordBatch::num_rows).sum();
            let counts: Vec<usize> = imports.iter().map(|(_, batches)| rows(batches)).collect();
            assert_eq!(counts.iter().sum::<usize>(), rows(&case.case().table(Table::Seizures)?));
            Ok(counts)
        };
        // A row that names its phone is that phone's.
        finds(&mut case, "aaaaaaaa", &[[("Mini", None); 12].as_slice(), &[named, named]].concat())?;
        assert_eq!(count(&case)?, [13]);
        // The same register, handed over again with two finds more.
        finds(&mut case, "bbbbbbbb", &[[("Mini", None); 13].as_slice(), &[named, ("Smart", None)]].concat())?;
        assert_eq!(count(&case)?, [13, 2]);
        Ok(())
    })
}

#[test]
fn staged_work_of_a_killed_process_shows_nowhere_and_is_cleared() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        import(&mut case, "aaaaaaaa", &[("A", 1)])?;
        let before = listing(dir.path())?;
        let staging = case.stage()?;
        staging.write_table(&batch(&[("B", 2)])?)?;
        killed(case, staging);

        assert_eq!(open(dir.path())?.manifest().imports().count(), 1);
        assert_ne!(listing(dir.path())?, before, "the staged folder is still there");
        open_for_writing(dir.path())?;
        assert_eq!(listing(dir.path())?, before);
        Ok(())
    })
}

#[test]
fn a_folder_that_was_moved_but_never_named_is_no_import() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        import(&mut case, "aaaaaaaa", &[("A", 1)])?;
        let before = listing(dir.path())?;
        // Killed between the move and the log.
        let moved = dir.path().join("imports").join("00002-cells-bbbbbbbb");
        fs::create_dir(&moved)?;
        fs::write(moved.join("table.parquet"), "")?;
        drop(case);

        assert_eq!(open(dir.path())?.table(Table::Cells)?.len(), 1);
        let mut case = open_for_writing(dir.path())?;
        assert_eq!(listing(dir.path())?, before);
        assert_eq!(import(&mut case, "bbbbbbbb", &[("B", 2)])?, "00002-cells-bbbbbbbb");
        Ok(())
    })
}

#[test]
fn work_that_is_given_up_leaves_nothing() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let case = home.new_case(dir.path())?;
        let before = listing(dir.path())?;
        let staging = case.stage()?;
        staging.write_table(&batch(&[("A", 1)])?)?;
        drop(staging);
        let sealed = case.stage()?.seal()?;
        drop(sealed);
        assert_eq!(listing(dir.path())?, before);
        Ok(())
    })
}

#[test]
fn one_writer_at_a_time_and_readers_any_time() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let first = home.new_case(dir.path())?;
        let second = open_for_writing(dir.path()).map(|_| ()).map_err(|error| error.to_string());
        let expected = format!("{} is being written by a test", dir.path().display());
        assert_eq!(second, Err(expected));
        open(dir.path())?;
        drop(first);
        open_for_writing(dir.path())?;
        Ok(())
    })
}

#[test]
fn what_is_no_case_says_so() -> Outcome {
    let dir = tempfile::tempdir()?;
    let message = |case: Result<Case, StoreError>| {
        let text = case.map(|_| String::new()).unwrap_or_else(|error| error.to_string());
        text.replace(&dir.path().display().to_string(), "DIR")
    };
    let (manifest, place) = (dir.path().join("manifest.json"), dir.path().join("case.json"));
    let with = |text: &str| fs::write(&manifest, text).map(|()| message(open(dir.path())));

    insta::assert_snapshot!(message(open(dir.path())), @"DIR is not a case: it has no case.json");
    insta::assert_snapshot!(with("{")?, @"DIR/manifest.json is damaged: EOF while parsing an object at line 1 column 1");
    insta::assert_snapshot!(with("{}")?, @"DIR/manifest.json is damaged: it does not say its format");
    insta::assert_snapshot!(with(r#"{"format": 1}"#)?, @"DIR/manifest.json is damaged: missing field `kind`");
    insta::assert_snapshot!(with(r#"{"format": 2, "kind": "exercise"}"#)?, @"DIR/manifest.json is damaged: case.json, which should lie beside it, is missing");
    fs::write(&place, r#"{"format": 3, "new": 1}"#)?;
    insta::assert_snapshot!(message(open(dir.path())), @"DIR is a case of format 3, says its case.json; this version reads up to format 2");
    fs::write(&place, r#"{"format": 2, "case": "x"}"#)?;
    insta::assert_snapshot!(message(open(dir.path())), @"DIR/case.json is damaged: it does not name the case");
    assert!(!dir.path().join("lock").exists());
    Ok(())
}

#[test]
fn a_case_begins_only_where_nothing_lies() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let inner = dir.path().join("a").join("case");
        home.new_case(&inner)?;
        assert!(matches!(home.new_case(&inner), Err(StoreError::NotEmpty { .. })));
        let other = dir.path().join("other");
        fs::create_dir(&other)?;
        fs::write(other.join("cellsweep.toml"), "")?;
        home.new_case(&other)?;
        Ok(())
    })
}

#[test]
fn a_file_that_was_changed_while_it_was_read_is_not_kept() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        let before = listing(dir.path())?;
        let handed = tempfile::tempdir()?;
        let file = handed.path().join("file.csv");
        fs::write(&file, "cell,beds\nA,1\n")?;
        let digest = cellsweep_store::digest_of_file(&file)?;
        let staged = |case: &CaseWriter| -> Result<cellsweep_store::Sealed, Box<dyn Error>> {
            let staging = case.stage()?;
            staging.write_table(&batch(&[("A", 1)])?)?;
            Ok(staging.seal()?)
        };
        fs::write(&file, "cell,beds\nB,2\n")?;
        let (sealed, read) = (staged(&case)?, facts(Table::Cells, &digest.0));
        let refused = case.commit_import_with(sealed, read.clone(), &file, NOW);
        assert!(matches!(refused, Err(StoreError::Changed { .. })), "{refused:?}");
        assert_eq!((case.case().manifest().imports().count(), listing(dir.path())?), (0, before));
        fs::write(&file, "cell,beds\nA,1\n")?;
        let sealed = staged(&case)?;
        case.commit_import_with(sealed, read, &file, NOW)?;
        Ok(())
    })
}

#[test]
fn only_rejects_make_a_quarantine_file() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        let staging = case.stage()?;
        staging.quarantine("a.csv").finish()?;
        assert!(!staging.path().join("quarantine.csv").exists());
        let mut quarantine = staging.quarantine("a.csv");
        quarantine.push(3, "imei", "imei is not digits", "5 characters", "a,\"b\"\nc")?;
        quarantine.finish()?;
        staging.write_peer_names(&[(-2, "INFO".to_owned()), (-7, "BANK, SA".to_owned())])?;
        let import = case.commit_import(staging.seal()?, facts(Table::Records, "cccccccc"), NOW)?;
        let folder = case.case().import_folder(&import)?;
        let read = |name: &str| folder.read_text(name);
        let (rows, names) = (read("quarantine.csv")?, read("peer_names.csv")?);
        insta::allow_duplicates!(insta::assert_snapshot!(rows, @r#"
        file,line,column,reason,detail,raw
        a.csv,3,imei,imei is not digits,5 characters,"a,""b""
        c"
        "#));
        insta::allow_duplicates!(insta::assert_snapshot!(names, @r#"
        code,name
        -7,"BANK, SA"
        -2,INFO
        "#));
        let outputs: Vec<&String> = import.outputs.keys().collect();
        assert_eq!(outputs, ["peer_names.csv", "quarantine.csv"]);
        Ok(())
    })
}

fn device() -> Result<Device, Box<dyn Error>> {
    Ok(Device {
        handset: "35920411223344".to_owned(),
        imei: Some("35920411223344".parse()?),
        other_imeis: vec!["35920411223351".parse()?],
        facility: "F07".parse()?,
        log10_lr: 3.2,
        probability: 0.912_345_678_901,
        first_seen: 1_743_393_600_000_000,
        last_seen: 1_743_393_600_000_001,
        events: 12,
        days_present: 3,
        imsis: 2,
        in_ledger: true,
        class: DeviceClass::Unknown,
        cloned: false,
        findings: vec![Finding { fact: Fact::NotInLedger, source: Source::Ledger, log10_lr: 3.2 }],
    })
}

#[test]
fn devices_and_their_findings_come_back_as_they_were() -> Outcome {
    on_both(|home| {
        let dir = tempfile::tempdir()?;
        let mut case = home.new_case(dir.path())?;
        let devices = vec![device()?, Device { imei: None, other_imeis: Vec::new(), ..device()? }];
        let staging = case.stage()?;
        staging.write_devices(&devices)?;
        staging.write_json("notes.json", &["a"])?;
        let facts = RunFacts {
            step: "trace".to_owned(),
            version: "1".to_owned(),
            settings: serde_json::json!({}),
            inputs: Vec::new(),
        };
        case.commit_run(staging.seal()?, facts, NOW)?;
        drop(case);

        let case = open(dir.path())?;
        let run = case.latest_run("trace").ok_or("no run")?;
        assert!(run.id.starts_with("00001-trace-"), "{}", run.id);
        assert_eq!(case.devices_of(run)?.read()?, devices);
        assert_eq!(case.json_of::<Vec<String>>(run, "notes.json")?, ["a"]);
        Ok(())
    })
}
