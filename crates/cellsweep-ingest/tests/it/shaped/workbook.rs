//! Workbooks of the three kinds, made here part by part.

use std::io::{Cursor, Write as _};

use insta::assert_snapshot;
use zip::write::SimpleFileOptions;

use super::{parse, records_profile, told_shaped};

/// An archive of these parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Calls" sheetId="1" r:id="rId1"/><sheet name="Cells" sheetId="2" r:id="rId2"/></sheets></workbook>"#;
const RELS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
/// Style 1 is a date with a time, style 2 a duration.
const STYLES: &str = r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="[h]:mm:ss"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>"#;

fn sheet(rows: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#
    )
}

/// A text where it isn't a number; `d:` a date, `t:` a duration, `=` a formula with its stored value.
fn row(number: usize, cells: &[&str]) -> String {
    let cell = |(column, text): (usize, &&str)| {
        let place = format!("{}{number}", char::from(b'A' + column as u8));
        match text.split_once(':') {
            _ if text.is_empty() => String::new(),
            Some(("d", value)) => format!(r#"<c r="{place}" s="1"><v>{value}</v></c>"#),
            Some(("t", value)) => format!(r#"<c r="{place}" s="2"><v>{value}</v></c>"#),
            _ if text.starts_with('=') => format!(r#"<c r="{place}"><f>cmd|'/c calc'!A1</f><v>{}</v></c>"#, &text[1..]),
            _ if text.parse::<f64>().is_ok() => format!(r#"<c r="{place}"><v>{text}</v></c>"#),
            _ => format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#),
        }
    };
    format!(r#"<row r="{number}">{}</row>"#, cells.iter().enumerate().map(cell).collect::<String>())
}

pub fn xlsx(first: &str, second: &str) -> Vec<u8> {
    xlsx_with(first, second, &[])
}

pub fn xlsx_with(first: &str, second: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let (first, second) = (sheet(first), sheet(second));
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", TYPES.as_bytes()),
        ("_rels/.rels", ROOT.as_bytes()),
        ("xl/workbook.xml", BOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELS.as_bytes()),
        ("xl/styles.xml", STYLES.as_bytes()),
        ("xl/worksheets/sheet1.xml", first.as_bytes()),
        ("xl/worksheets/sheet2.xml", second.as_bytes()),
    ];
    parts.extend(more);
    archive(&parts)
}

pub fn calls() -> String {
    [
        row(1, &["Answer 2026/7"]),
        row(3, &["When", "IMEI", "Cell", "Length", "Price"]),
        row(4, &["d:46098.5", "490154203237518", "A7", "t:0.000717592592592593", "=1.5"]),
        row(5, &["d:46222.5", "490154203237518", "A7", "61", "1"]),
        row(7, &["soon", "490154203237518", "A7", "", ""]),
        row(8, &["d:46098.5", "490154203237518", "B1", "", "", "more"]),
        row(9, &["d:46098.5", "490154203237518", "B1", "", ""]),
    ]
    .concat()
}

pub fn cells() -> String {
    [row(1, &["Name", "CGI"]), row(2, &["A7", "208-01-1234-56789"])].concat()
}

pub fn profile() -> cellsweep_ingest::Profile {
    records_profile(
        "[file]\nkind = \"workbook\"\npreamble = 2\nsheet = \"Calls\"\n[time]\nzone = \"Europe/Paris\"\nformats = [\"%d/%m/%Y %H:%M\"]\n\
         [[join]]\nname = \"cells\"\nkey = \"Cell\"\non = \"Name\"\nlayout = { kind = \"workbook\", sheet = \"Cells\" }\n\
         [columns]\ntime = \"When\"\nevent = { value = \"voice\" }\ndirection = { value = \"out\" }\nimei = \"IMEI\"\nduration_s = { from = \"Length\", read = \"hms\" }\n\
         technology = { value = \"GSM\" }\nsector = \"cells.CGI\"\n",
    )
}

#[test]
fn xlsx_with_dates_a_second_sheet_and_a_formula() {
    assert_snapshot!(told_shaped(&profile(), "x.xlsx", &xlsx(&calls(), &cells())), @"
    2 of 5 kept
    line 7: time is in none of the profile's notations (soon)
    line 8: more fields than the header (6 fields, not 5)
    line 9: sector is blank
    doubt: column `Price` is not used: 1
    2026-03-17T11:00:00Z,208-01,voice,out,490154203237518,,,,62,GSM,208-01-1234-56789,
    2026-07-19T10:00:00Z,208-01,voice,out,490154203237518,,,,61,GSM,208-01-1234-56789,
    ");
}

#[test]
fn sheets_by_number_and_sheets_that_are_not_there() {
    let text = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n[file]\nkind = \"workbook\"\nSHEET\n[columns]\nimei = \"IMEI\"\n";
    let of = |sheet: &str| parse(&text.replace("SHEET", sheet));
    let bytes = xlsx(
        &[row(1, &["IMEI"]), row(2, &["490154203237518"])].concat(),
        &[row(1, &["IMEI"]), row(2, &["35-209900-176148-1"])].concat(),
    );
    assert_snapshot!(told_shaped(&of("sheet = \"2\""), "x.xlsx", &bytes), @"
    1 of 1 kept
    352099001761481,
    ");
    assert_snapshot!(told_shaped(&of(""), "x.xlsx", &bytes), @"
    1 of 1 kept
    doubt: other sheets of the workbook were not read (1): 1
    490154203237518,
    ");
    assert_snapshot!(told_shaped(&of("sheet = \"Calls2\""), "x.xlsx", &bytes), @"
    refused: x.xlsx: the workbook has no sheet `Calls2`; found Calls, Cells
    hint: correct `sheet` in the profile's [file]
    ");
    assert_snapshot!(told_shaped(&of(""), "x.xlsx", &bytes[..bytes.len() / 2]), @"
    refused: x.xlsx: the workbook is cut off or damaged: invalid Zip archive: Could not find EOCD
    hint: ask for the file again, or open it in a spreadsheet program and save it as CSV
    ");
    assert_snapshot!(told_shaped(&of(""), "x.xlsx", b"IMEI\n490154203237518\n"), @"
    refused: x.xlsx: this is not a workbook, and the profile says otherwise
    hint: check `kind` in the profile's [file], or name another profile
    ");
    assert_snapshot!(told_shaped(&of(""), "x.xlsx", &archive(&[("readme.txt", b"hello")])), @"
    refused: x.xlsx: this is a ZIP archive, but not a workbook, and the profile says otherwise
    hint: check `kind` in the profile's [file], or name another profile
    ");
}

/// A content.xml of one sheet.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="Phones"><table:table-column table:number-columns-repeated="16384"/>{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

pub fn phones() -> cellsweep_ingest::Profile {
    parse(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"seizures\"\n[file]\nkind = \"workbook\"\n[time]\nzone = \"Europe/Paris\"\n\
         [columns]\ntime = \"When\"\nfacility = \"Where\"\nimei = \"IMEI\"\nhiding_place = \"Note\"\n",
    )
}

#[test]
fn ods_with_repeats_dates_and_notes() {
    let text = |text: &str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    let rows = [
        format!("<table:table-row>{}</table:table-row>", ["When", "Where", "IMEI", "Note"].map(text).concat()),
        r#"<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#.to_owned(),
        format!(
            r#"<table:table-row table:number-rows-repeated="2"><table:table-cell office:value-type="date" office:date-value="2026-07-17T12:00:00"/>{}<table:table-cell office:value-type="float" office:value="490154203237518"/><table:table-cell><office:annotation><text:p>hidden</text:p></office:annotation><text:p>in a<text:s text:c="2"/>shoe</text:p></table:table-cell></table:table-row>"#,
            text("F1 &amp; F2")
        ),
        r#"<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#.to_owned(),
    ];
    assert_snapshot!(told_shaped(&phones(), "x.ods", &ods(&rows.concat())), @"
    2 of 2 kept
    2026-07-17T10:00:00Z,F1 & F2,,490154203237518,,,,in a  shoe,,
    2026-07-17T10:00:00Z,F1 & F2,,490154203237518,,,,in a  shoe,,
    ");
}

/// A workbook stream in its old container: one sheet with numbers and texts at these places (MS-XLS).
pub fn xls(cells: &[(u16, u16, &str)]) -> Vec<u8> {
    let record = |kind: u16, data: &[u8]| [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat();
    let begin = |kind: u16| record(0x0809, &[&0x0600u16.to_le_bytes()[..], &kind.to_le_bytes(), &[0; 12]].concat());
    let globals = |at: u32| {
        [begin(5), record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 5, 0], b"Sheet"].concat()), record(0x000a, &[])]
            .concat()
    };
    let at = globals(0).len() as u32;
    let cell = |(row, column, text): &(u16, u16, &str)| {
        let place = [row.to_le_bytes(), column.to_le_bytes(), [0, 0]].concat();
        match text.parse::<f64>() {
            Ok(value) => record(0x0203, &[&place[..], &value.to_le_bytes()].concat()),
            Err(_) => record(0x0204, &[&place[..], &(text.len() as u16).to_le_bytes(), &[0], text.as_bytes()].concat()),
        }
    };
    let stream =
        [globals(at), begin(16), cells.iter().map(cell).collect::<Vec<_>>().concat(), record(0x000a, &[])].concat();
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream("/Workbook").unwrap().write_all(&stream).unwrap();
    container.into_inner().into_inner()
}

#[test]
fn xls_in_its_old_container() {
    let profile = parse(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n[file]\nkind = \"workbook\"\n[columns]\nimei = \"IMEI\"\nrole = \"Who\"\n",
    );
    let bytes = xls(&[(0, 0, "IMEI"), (0, 1, "Who"), (1, 0, "490154203237518"), (1, 1, "staff"), (3, 0, "35ABC")]);
    assert_snapshot!(told_shaped(&profile, "x.xls", &bytes), @"
    1 of 2 kept
    line 4: imei is not digits (5 characters, 2 of them digits)
    490154203237518,staff
    ");
    assert_snapshot!(told_shaped(&profile, "x.xls", &bytes[..1000]), @"
    refused: x.xls: the workbook is cut off or damaged: Invalid CFB file (length of 1000 < sector length of 4096)
    hint: ask for the file again, or open it in a spreadsheet program and save it as CSV
    ");
}
