//! Files built to exhaust or to mislead whoever opens them do no harm.

use std::io::Write as _;

use insta::assert_snapshot;

use super::workbook::{archive, calls, cells, ods, phones, profile, xls, xlsx, xlsx_with};
use super::{parse, ship, told_shaped};

/// Compresses well, as bombs do.
fn zeros(mebibytes: usize) -> Vec<u8> {
    vec![b' '; mebibytes << 20]
}

#[test]
fn a_zip_bomb() {
    let texts = [b"<sst xmlns=\"x\"><si><t>".to_vec(), b"<b/>                     ".repeat(12 << 20)].concat();
    let bytes = xlsx_with(&calls(), &cells(), &[("xl/sharedStrings.xml", &texts)]);
    assert!(bytes.len() < 2 << 20, "{}", bytes.len());
    assert_snapshot!(told_shaped(&profile(), "x.xlsx", &bytes), @"
    refused: x.xlsx: the file is built to exhaust its reader: a part of the archive unpacks to more than a workbook can hold
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let long = format!("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{}</t></is></c></row>", "A".repeat(5 << 20));
    assert_snapshot!(told_shaped(&profile(), "x.xlsx", &xlsx(&long, &cells())), @"
    refused: x.xlsx: the file is built to exhaust its reader: a single tag or text is longer than 4 MiB
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let bytes = archive(&[("mimetype", b"x"), ("content.xml", &zeros(20))]);
    assert_snapshot!(told_shaped(&phones(), "x.ods", &bytes), @"
    refused: x.ods, line 1: the file is built to exhaust its reader: a single tag or text is longer than 4 MiB
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
}

#[test]
fn cells_and_rows_repeated_without_end() {
    let rows = r#"<table:table-row table:number-rows-repeated="4000000000"><table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="4000000000"/></table:table-row>"#;
    assert_snapshot!(told_shaped(&phones(), "x.ods", &ods(rows)), @"
    refused: x.ods, line 1: the file is built to exhaust its reader: the sheet has more than 1048576 rows
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let known = parse(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n[file]\nkind = \"workbook\"\n[columns]\nimei = \"IMEI\"\n",
    );
    assert_snapshot!(told_shaped(&known, "x.xls", &xls(&[(0, 0, "IMEI"), (65_535, 65_535, "1")])), @"
    refused: x.xls: the file is built to exhaust its reader: the sheets span more cells than an .xls file can hold
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let far = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>IMEI</t></is></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    assert_snapshot!(told_shaped(&known, "x.xlsx", &xlsx(far, &cells())), @"
    0 of 1 kept
    line 1048576: more fields than the header (16384 fields, not 1)
    doubt: other sheets of the workbook were not read (1): 1
    ");
}

#[test]
fn entities_that_grow() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><RetainedDataMessage>&b;</RetainedDataMessage>"#;
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657"), "x.xml", bomb.as_bytes()), @"
    refused: x.xml, line 1: the file is built to exhaust its reader: the document declares a document type
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let outside = r#"<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd"><x>&x;</x>"#;
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm", outside.as_bytes()), @"
    refused: x.osm, line 1: the file is built to exhaust its reader: the document declares a document type
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let unknown = "<osm><node id=\"1\"/>&lol;</osm>";
    assert_snapshot!(told_shaped(&ship("facilities-osm"), "x.osm", unknown.as_bytes()), @"
    refused: x.osm, line 1: the file is built to exhaust its reader: the document uses entities of its own
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
}

#[test]
fn nesting_and_texts_without_end() {
    let deep = format!("<RetainedDataMessage>{}", "<a>".repeat(100_000));
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657"), "x.xml", deep.as_bytes()), @"
    refused: x.xml, line 1: the file is built to exhaust its reader: elements nest deeper than 256
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let long = format!("<RetainedDataMessage><a>{}</a></RetainedDataMessage>", "x".repeat(9 << 20));
    assert_snapshot!(told_shaped(&ship("etsi-ts-102-657"), "x.xml", long.as_bytes()), @"
    refused: x.xml, line 1: the file is built to exhaust its reader: a single tag or text is longer than 4 MiB
    hint: do not open it elsewhere either; ask the sender what it is, and for CSV
    ");
    let deep = format!("{{\"ts\": {}", "[".repeat(1 << 20));
    assert_snapshot!(told_shaped(&ship("example-cdr-jsonl"), "x.jsonl", deep.as_bytes()), @"
    refused: x.jsonl: this is neither lines nor an array of JSON objects, and the profile says otherwise
    hint: check `kind` in the profile's [file], or name another profile
    ");
    let sql = format!("INSERT INTO prison VALUES ('{}", "x".repeat(2 << 20));
    assert_snapshot!(told_shaped(&ship("establishments-uk-register"), "x.sql", sql.as_bytes()), @"
    refused: x.sql: second file `address`, called *prison_address.sql: no file is called like that
    hint: put the second file beside the first, or name it with `--join NAME=FILE`
    ");
}

#[test]
fn a_path_in_an_archive_stays_in_it() {
    let outside = std::env::temp_dir().join("cellsweep-evil");
    let name = format!("../../../../../..{}", outside.display());
    let bytes = xlsx_with(&calls(), &cells(), &[(&name, b"evil"), ("/etc/cellsweep-evil", b"evil")]);
    assert!(told_shaped(&profile(), "x.xlsx", &bytes).starts_with("2 of 5 kept"));
    assert!(!outside.exists());
    let folder = crate::Folder::new();
    let path = folder.file("x.xlsx", &bytes);
    super::told_shaped_at(&profile(), &path);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_gzip_bomb_of_one_line() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(b"imei\n490154203237518\n").unwrap();
    for _ in 0..64 {
        encoder.write_all(&zeros(1)).unwrap();
    }
    encoder.write_all(b"\n35-209900-176148-1\n").unwrap();
    let known =
        parse("format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n[columns]\nimei = \"imei\"\n");
    assert_snapshot!(told_shaped(&known, "x.csv.gz", &encoder.finish().unwrap()), @"
    2 of 3 kept
    line 3: line longer than the limit
    490154203237518,
    352099001761481,
    ");
}

#[test]
fn a_profile_names_no_file_elsewhere() {
    let text = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n[[join]]\nname = \"x\"\nfile = \"../secret.csv\"\nkey = \"a\"\non = \"b\"\n[columns]\nimei = \"imei\"\n";
    assert_snapshot!(cellsweep_ingest::Profile::parse(text).unwrap_err().to_string(), @"join `x` names a file elsewhere");
}
