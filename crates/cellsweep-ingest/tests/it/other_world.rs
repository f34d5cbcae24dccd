//! A small case made by other code, where it lies beside the clone.

use std::path::{Path, PathBuf};

use cellsweep_ingest::{Against, IngestOptions, read_table};
use cellsweep_model::case::RowCounts;
use cellsweep_model::table::Table;

use crate::read_all;

/// The folder, or a word that the test is skipped.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn folder() -> Option<PathBuf> {
    let ancestors = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = ancestors.map(|path| path.join("shared/data/other-world")).find(|path| path.is_dir());
    if found.is_none() {
        eprintln!("skipped: shared/data/other-world is not beside the clone");
    }
    found
}

#[test]
fn its_records_come_in_with_the_bad_rows_named() {
    let Some(folder) = folder() else { return };
    let late = read_all(&folder.join("records-208-20-late.csv"), &IngestOptions::default()).unwrap();
    insta::assert_debug_snapshot!(late.report.rows, @r#"
    RowCounts {
        read: 6807,
        kept: 6671,
        rejected: {
            "event is not a known word": 21,
            "fewer fields than the header": 24,
            "imei is not digits": 21,
            "more fields than the header": 23,
            "sector is not a sector": 28,
            "time is not RFC 3339": 19,
        },
        doubts: {},
    }
    "#);
    let mut rejected = RowCounts::default();
    for name in ["records-208-01.parquet", "records-208-10.parquet", "records-208-15.parquet", "records-208-20.parquet"]
    {
        let outcome = read_all(&folder.join(name), &IngestOptions::default()).unwrap();
        assert_eq!(outcome.report.operators, [name[8..14].to_owned()]);
        rejected.add(&outcome.report.rows);
    }
    insta::assert_debug_snapshot!(rejected, @r#"
    RowCounts {
        read: 485122,
        kept: 485120,
        rejected: {
            "names neither handset nor subscriber": 2,
        },
        doubts: {
            "imei has a wrong check digit": 704,
        },
    }
    "#);
}

#[test]
fn its_tables_come_in_whole() {
    let Some(folder) = folder() else { return };
    let mut all = String::new();
    for table in Table::ALL {
        let path = ["csv", "geojson"].map(|extension| folder.join(format!("{}.{extension}", table.name())));
        let Some(path) = path.iter().find(|path| path.is_file()) else { continue };
        let (_, report) =
            read_table(table, path, Against::default(), &IngestOptions::default(), &mut |_| Ok(())).unwrap();
        all.push_str(&format!(
            "{}: {} of {}, {:?}\n",
            table.name(),
            report.rows.kept,
            report.rows.read,
            report.rows.rejected
        ));
    }
    insta::assert_snapshot!(all, @r#"
    sectors: 2706 of 2706, {}
    facilities: 4 of 4, {}
    survey: 114 of 114, {}
    cells: 979 of 979, {}
    roster: 1572 of 1572, {}
    contacts: 5235 of 5235, {}
    known_devices: 141 of 141, {}
    ledger: 293 of 293, {}
    models: 114 of 114, {}
    searches: 200 of 200, {}
    seizures: 37 of 37, {}
    offences: 793 of 793, {}
    cases: 1063 of 1063, {}
    jamming: 0 of 0, {}
    ingress: 37 of 37, {}
    sensors: 15 of 15, {}
    detections: 4703 of 4703, {}
    "#);
}
