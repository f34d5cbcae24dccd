//! CSV files of records that are not as they should be.

use insta::assert_snapshot;

use crate::{Folder, GOOD, HEADER, csv, gzip, row, told, told_of};

fn told_csv(lines: &[&str]) -> String {
    told("records.csv", csv(lines).as_bytes())
}

#[test]
fn a_good_file() {
    assert_snapshot!(told_csv(&[GOOD, GOOD]), @"2 of 2 kept");
}

#[test]
fn impossible_values() {
    let check = |column: &str, value: &str, expect: &str| {
        let text = told_csv(&[GOOD, &row(column, value), GOOD]);
        assert_eq!(text, format!("2 of 3 kept\nline 3: {expect}"), "{column} {value}");
    };
    check("time", "31/02/2025 25:61", "time is not RFC 3339 (31/02/2025 25:61)");
    check("time", "17/03/2025 00:00", "time is not RFC 3339 (17/03/2025 00:00)");
    check("time", "2025-02-30T00:00:00Z", "time is not RFC 3339 (2025-02-30T00:00:00Z)");
    check("time", "2025-03-17T00:00:00", "time has no zone (2025-03-17T00:00:00)");
    check("time", "2025-03-17 00:00", "time has no zone (2025-03-17 00:00)");
    check("time", "1970-01-01T00:00:00Z", "time out of range (1970-01-01T00:00:00Z)");
    check("time", "1742169600", "time is not RFC 3339 (10 digits)");
    check("time", "", "time is blank");
    check("operator", " ", "operator is blank");
    check("operator", "a\x07b", "operator holds control characters (a\u{fffd}b)");
    check("event", "VOIX??", "event is not a known word (VOIX??)");
    check("direction", "", "direction is blank");
    check("imei", "35ABC", "imei is not digits (5 characters, 2 of them digits)");
    check("imei", "3.5488E+14", "imei is in scientific notation (10 characters, 7 of them digits)");
    check("imei", "3501234567890", "imei has the wrong number of digits (13 digits)");
    check("imsi", "2082010008500661", "imsi has the wrong number of digits (16 digits)");
    check("msisdn", "06 12 AB", "msisdn is not digits (8 characters, 4 of them digits)");
    check("duration_s", "-12", "duration_s out of range (-12)");
    check("duration_s", "12.5", "duration_s is not a whole number (12.5)");
    check("duration_s", "12,5", "more fields than the header (13 fields, not 12)");
    check("technology", "5G", "technology is not a known word (5G)");
    check("sector", "n/a", "sector is not a sector (n/a)");
    check("sector", "", "sector is blank");
    check("timing_advance", "9999", "timing_advance out of range (9999)");
}

#[test]
fn values_that_may_be_written_so() {
    let check = |column: &str, value: &str| {
        assert_eq!(told_csv(&[&row(column, value)]), "1 of 1 kept", "{column} {value}");
    };
    check("time", "2025-03-17 00:00:00+00:00");
    check("time", "2025-03-17T01:00:00.123456789+01:00");
    check("imei", "");
    check("imei", "49 015420 323751 8");
    check("imei", "490154203237510");
    check("imei", "4901542032375101");
    check("imsi", "");
    check("msisdn", "+33 6 03 99 11 23");
    check("peer", "INFO");
    check("peer", "");
    check("duration_s", "");
    check("timing_advance", "");
    check("sector", "208-20-1045-1980");
}

#[test]
fn a_wrong_check_digit_and_other_letters_are_doubts() {
    assert_snapshot!(told_csv(&[&row("imei", "490154203237513"), &row("event", "VOICE")]), @"
    2 of 2 kept
    doubt: event is in other letters than the contract's: 1
    doubt: imei has a wrong check digit: 1
    ");
}

#[test]
fn a_row_that_names_nobody() {
    let line = "2025-03-17T00:00:01Z,208-20,voice,out,,,,33612345678,33,LTE,208-20-4611,2";
    assert_snapshot!(told_csv(&[line]), @"
    0 of 1 kept
    line 2: names neither handset nor subscriber
    ");
}

#[test]
fn fields_too_few_and_too_many() {
    let short = "2025-03-17T00:00:01Z,208-20,voice,out,490154203237518";
    assert_snapshot!(told_csv(&[short, GOOD, &format!("{GOOD},x")]), @"
    1 of 3 kept
    line 2: fewer fields than the header (5 fields, not 12)
    line 4: more fields than the header (13 fields, not 12)
    ");
}

#[test]
fn blank_lines_are_passed_over_and_line_ends_may_be_any() {
    assert_snapshot!(told_csv(&["", GOOD, "", &row("event", "x")]), @"
    1 of 2 kept
    line 5: event is not a known word (x)
    ");
    let crlf = csv(&[GOOD, "", &row("event", "x")]).replace('\n', "\r\n");
    assert_snapshot!(told("records.csv", crlf.as_bytes()), @"
    1 of 2 kept
    line 4: event is not a known word (x)
    ");
    let cr = csv(&[GOOD, "", &row("event", "x")]).replace('\n', "\r");
    assert_snapshot!(told("records.csv", cr.as_bytes()), @"
    1 of 2 kept
    line 4: event is not a known word (x)
    doubt: lines end in CR alone: 1
    ");
    assert_snapshot!(told("records.csv", csv(&[GOOD]).trim_end().as_bytes()), @"1 of 1 kept");
}

#[test]
fn a_quote_that_is_not_closed_costs_its_line() {
    let open = row("operator", "\"208-20");
    assert_snapshot!(told_csv(&[GOOD, &open, GOOD, &row("event", "\"voice\"x"), GOOD]), @"
    3 of 5 kept
    line 3: quote is not closed
    line 5: quote is not closed
    ");
}

#[test]
fn a_quoted_field_may_go_over_lines() {
    assert_snapshot!(told_csv(&[&row("peer", "\"La\nPoste\""), &row("event", "x")]), @"
    0 of 2 kept
    line 2: peer holds control characters (8 characters)
    line 4: event is not a known word (x)
    ");
    assert_snapshot!(told_csv(&[&row("peer", "\"La \"\"Poste\"\"\"")]), @"1 of 1 kept");
}

#[test]
fn nul_bytes() {
    assert_snapshot!(told_csv(&[GOOD, &row("peer", "a\0b"), GOOD]), @"
    2 of 3 kept
    line 3: row holds a NUL byte
    ");
}

#[test]
fn windows_1252() {
    let mut bytes = csv(&[GOOD, &row("peer", "Mus?e"), &row("event", "caf?")]).into_bytes();
    bytes.iter_mut().filter(|byte| **byte == b'?').for_each(|byte| *byte = 0xe9);
    assert_snapshot!(told("records.csv", &bytes), @"
    2 of 3 kept
    line 4: event is not a known word (café)
    doubt: row read as Windows-1252: 1
    ");
}

#[test]
fn utf_8_with_mark() {
    let bytes = [b"\xef\xbb\xbf".as_slice(), csv(&[GOOD]).as_bytes()].concat();
    assert_snapshot!(told("records.csv", &bytes), @"1 of 1 kept");
}

#[test]
fn utf_16() {
    let text = csv(&[GOOD, &row("event", "x")]);
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_snapshot!(told("records.csv", &[b"\xff\xfe".as_slice(), &little].concat()), @"
    1 of 2 kept
    line 3: event is not a known word (x)
    doubt: file read as UTF-16: 1
    ");
    assert_snapshot!(told("records.csv", &[b"\xfe\xff".as_slice(), &big].concat()), @"
    1 of 2 kept
    line 3: event is not a known word (x)
    doubt: file read as UTF-16: 1
    ");
    assert_snapshot!(told("records.csv.gz", &gzip(&[b"\xfe\xff".as_slice(), &big].concat())), @"
    1 of 2 kept
    line 3: event is not a known word (x)
    doubt: file read as UTF-16: 1
    ");
    assert_snapshot!(told("records.csv", &little), @"
    refused: records.csv: this looks like UTF-16LE without a byte order mark
    hint: convert it: `iconv -f UTF-16LE -t UTF-8 IN > OUT`
    ");
    assert_snapshot!(told("records.csv", &big), @"
    refused: records.csv: this looks like UTF-16BE without a byte order mark
    hint: convert it: `iconv -f UTF-16BE -t UTF-8 IN > OUT`
    ");
}

#[test]
fn nothing_in_it() {
    assert_snapshot!(told("records.csv", b""), @"
    refused: records.csv: the file is empty
    hint: ask for the file again: nothing arrived
    ");
    assert_snapshot!(told("records.csv", b"\n\r\n \n"), @"
    refused: records.csv: the file is empty
    hint: ask for the file again: nothing arrived
    ");
    assert_snapshot!(told("records.csv.gz", &gzip(b"")), @"
    refused: records.csv.gz: the file is empty
    hint: ask for the file again: nothing arrived
    ");
    assert_snapshot!(told("records.csv", csv(&[]).as_bytes()), @"
    0 of 0 kept
    doubt: file has no rows: 1
    ");
}

#[test]
fn other_separators() {
    let with = |separator: &str| told("records.csv", csv(&[GOOD]).replace(',', separator).as_bytes());
    assert_snapshot!(with(";"), @r#"
    refused: records.csv, line 1: fields are separated by semicolons, not by commas
    hint: save it with commas: `python3 -c "import csv, sys; csv.writer(sys.stdout).writerows(csv.reader(sys.stdin, delimiter=';'))" < IN > OUT`
    "#);
    assert_snapshot!(with("\t"), @r#"
    refused: records.csv, line 1: fields are separated by tabs, not by commas
    hint: save it with commas: `python3 -c "import csv, sys; csv.writer(sys.stdout).writerows(csv.reader(sys.stdin, delimiter='\t'))" < IN > OUT`
    "#);
    assert_snapshot!(with("|"), @r#"
    refused: records.csv, line 1: fields are separated by vertical bars, not by commas
    hint: save it with commas: `python3 -c "import csv, sys; csv.writer(sys.stdout).writerows(csv.reader(sys.stdin, delimiter='|'))" < IN > OUT`
    "#);
}

#[test]
fn headers() {
    let header = |header: &str| told("records.csv", format!("{header}\n{GOOD}\n").as_bytes());
    assert_snapshot!(header(&HEADER.replace("sector", "secteur").replace("event", "evt")), @"
    refused: records.csv, line 1: column `event` is missing (is it `evt`?); column `sector` is missing (is it `secteur`?); found time, operator, evt, direction, imei, imsi, msisdn, peer, duration_s, technology, secteur, timing_advance
    hint: rename or add the columns so that they carry the contract's names
    ");
    assert_snapshot!(header(GOOD), @"
    refused: records.csv, line 1: the first line is not a header: none of time, operator, event, direction, imei, imsi, msisdn, peer, duration_s, technology, sector, timing_advance is in it
    hint: put the contract's header line first
    ");
    assert_snapshot!(header(&HEADER.replace("peer", "imei")), @"
    refused: records.csv, line 1: column `imei` stands twice in the header
    hint: rename or take out one of the two
    ");
    assert_snapshot!(header(&HEADER.replace("imei", " IMEI ")), @"
    1 of 1 kept
    doubt: column `imei` is spelt with other letters or spaces: 1
    ");
    assert_snapshot!(header(&HEADER.replace("peer", "other_party")), @"
    1 of 1 kept
    doubt: column `other_party` is not used: 1
    doubt: column `peer` is missing, read as blank: 1
    ");
    assert_snapshot!(header(&"x".repeat(100_000)), @"
    refused: records.csv: the header can't be read: the first line is longer than 64 KiB
    hint: look at the first line: it must hold the columns' names, separated by commas
    ");
}

#[test]
fn not_a_table_at_all() {
    assert_snapshot!(told("records.csv", b"PK\x03\x04\x14\0\0\0\x08\0"), @"
    refused: records.csv: this is a ZIP archive or a spreadsheet (.zip, .xlsx, .ods), not a table
    hint: workbooks, XML and the like come in by a profile: `cellsweep profile guess FILE` proposes one; unpack archives first
    ");
    assert_snapshot!(told("records.csv", b"%PDF-1.7\n"), @"
    refused: records.csv: this is a PDF document, not a table
    hint: workbooks, XML and the like come in by a profile: `cellsweep profile guess FILE` proposes one; unpack archives first
    ");
    assert_snapshot!(told("records.csv.gz", &gzip(b"PK\x03\x04\x14\0\0\0\x08\0")), @"
    refused: records.csv.gz: this is a ZIP archive or a spreadsheet (.zip, .xlsx, .ods), not a table
    hint: workbooks, XML and the like come in by a profile: `cellsweep profile guess FILE` proposes one; unpack archives first
    ");
    let folder = Folder::new();
    assert_snapshot!(told_of(&folder.path().join("none.csv"), folder.path()), @"
    refused: none.csv: there is no such file
    hint: check the path
    ");
    std::fs::create_dir(folder.path().join("in")).unwrap();
    assert_snapshot!(told_of(&folder.path().join("in"), folder.path()), @"
    refused: in: this is a folder, not a file
    hint: name the files in it, for example `FOLDER/*.csv`
    ");
}

/// Compressed files of 2,000 good rows, whatever their names say.
#[test]
fn compression_is_known_by_content() {
    let text = csv(&[GOOD; 2_000]);
    let zst = zstd::encode_all(text.as_bytes(), 3).unwrap();
    assert_snapshot!(told("records.csv", &gzip(text.as_bytes())), @"2000 of 2000 kept");
    assert_snapshot!(told("records.csv.gz", &zst), @"2000 of 2000 kept");
    assert_snapshot!(told("records.csv.gz", text.as_bytes()), @"2000 of 2000 kept");
    // Two members one behind the other are one file.
    let two = [gzip(csv(&[GOOD]).as_bytes()), gzip(format!("{GOOD}\n").as_bytes())].concat();
    assert_snapshot!(told("records.csv.gz", &two), @"2 of 2 kept");
}

/// Rows that compress badly, so that a cut leaves some of them whole.
fn varied_rows() -> String {
    let rows: Vec<String> = (0..50_000u64)
        .map(|index| row("imsi", &format!("208{:012}", index.wrapping_mul(6_364_136_223_846_793_005) >> 25)))
        .collect();
    csv(&rows.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Rows before the break go on; where it lies depends on the compressor, so only its shape is said.
fn check_cut_off(name: &str, whole: &[u8]) {
    let text = told(name, &whole[..whole.len() / 2]);
    let lines: Vec<&str> = text.lines().collect();
    let (kept, read) = lines[0].trim_end_matches(" kept").split_once(" of ").unwrap();
    let (kept, read): (u64, u64) = (kept.parse().unwrap(), read.parse().unwrap());
    assert!(kept > 5_000, "{text}");
    assert_eq!(read, kept + 1);
    assert_eq!(lines[1..], [format!("line {}: file is cut off", kept + 2).as_str(), "doubt: file is cut off: 1"]);
}

#[test]
fn cut_off_files() {
    let text = varied_rows();
    check_cut_off("records.csv.gz", &gzip(text.as_bytes()));
    check_cut_off("records.csv.zst", &zstd::encode_all(text.as_bytes(), 3).unwrap());
    assert_snapshot!(told("records.csv.gz", &gzip(text.as_bytes())[..15]), @"
    refused: records.csv.gz: the header can't be read: the file is cut off within it
    hint: look at the first line: it must hold the columns' names, separated by commas
    ");
}

#[test]
fn damaged_files_are_refused() {
    let text = varied_rows();
    let mut gz = gzip(text.as_bytes());
    // The checksum stands in the last 8 bytes, before the length.
    let checksum = gz.len() - 8;
    gz[checksum] ^= 1;
    assert_snapshot!(told("records.csv.gz", &gz), @"
    refused: records.csv.gz: the compressed data are damaged: corrupt gzip stream does not have a matching checksum
    hint: ask for the file again and compare sizes or digests with the sender
    ");
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    std::io::copy(&mut text.as_bytes(), &mut encoder).unwrap();
    let mut zst = encoder.finish().unwrap();
    let checksum = zst.len() - 1;
    zst[checksum] ^= 1;
    assert_snapshot!(told("records.csv.zst", &zst), @"
    refused: records.csv.zst: the compressed data are damaged: Restored data doesn't match checksum
    hint: ask for the file again and compare sizes or digests with the sender
    ");
}

#[test]
fn what_is_said_names_no_number() {
    let folder = Folder::new();
    let path = folder
        .file("records.csv", csv(&[&row("imei", "35490154203237518999"), &row("event", "33612345678")]).as_bytes());
    let outcome = crate::read_all(&path, &cellsweep_ingest::IngestOptions::default()).unwrap();
    for reject in &outcome.rejects {
        assert!(!reject.detail.contains("3549") && !reject.detail.contains("3361"), "{}", reject.detail);
        assert!(reject.raw.contains("208-20"));
    }
    assert_eq!(outcome.rejects.len(), 2);
}
