//! What a target does with its bytes; the tests of cellsweep-ingest do the same with the corpora.

use std::collections::BTreeMap;

use cellsweep_ingest::guess::{Known, guess_bytes};
use cellsweep_ingest::profile::library;
use cellsweep_ingest::{
    IngestOptions, Profile, Shape, read_records_bytes, read_records_shaped_bytes, read_table_bytes,
    read_table_shaped_bytes,
};
use cellsweep_model::table::Table;

/// Small chunks and lines, so that a few kilobytes reach every seam.
const OPTIONS: IngestOptions = IngestOptions { threads: 1, chunk_rows: 16, max_line_bytes: 4096 };

/// Reads bytes as one kind of file; whatever they are, nothing may panic or run away with memory.
pub fn read(reader: &str, bytes: &[u8]) {
    match reader {
        "profile" => drop(std::str::from_utf8(bytes).map(Profile::parse)),
        "records" | "compressed" => {
            let _ = read_records_bytes(bytes, &OPTIONS, &mut |_| Ok(()), &mut |_| Ok(()));
        }
        "tables" => tables(bytes),
        "library" => shipped(bytes),
        "guess" => guessed(bytes),
        kind => [table(kind), records(kind)].iter().filter_map(|text| Profile::parse(text).ok()).for_each(|profile| {
            through(&profile, bytes);
        }),
    }
}

/// The contract's other tables: the first byte says which.
fn tables(bytes: &[u8]) {
    if let Some((first, rest)) = bytes.split_first() {
        let table = Table::ALL[usize::from(*first) % Table::ALL.len()];
        let _ = read_table_bytes(table, rest, &OPTIONS, &mut |_| Ok(()));
    }
}

/// The profiles that ship: the first byte says which. Second files are the same file read again.
fn shipped(bytes: &[u8]) {
    if let Some((first, rest)) = bytes.split_first()
        && let Ok((mut profile, _)) = library()[usize::from(*first) % library().len()].profile()
    {
        if let Some(time) = profile.time.as_mut().filter(|time| time.zone == "ask") {
            time.zone = "Europe/Paris".to_owned();
        }
        profile.joins.iter_mut().for_each(|join| join.file = None);
        through(&profile, rest);
    }
}

/// What is proposed for a file must read it or say why not.
fn guessed(bytes: &[u8]) {
    let known =
        Known { zone: Some("Europe/Paris".to_owned()), operator: Some("208-01".to_owned()), ..Known::default() };
    if let Ok(guess) = guess_bytes("bytes", bytes, &known, &OPTIONS) {
        match Profile::parse(&guess.text) {
            Ok(profile) => through(&profile, bytes),
            Err(_) => assert!(!guess.remarks.is_empty(), "a proposal that can't be read is doubted"),
        }
    }
}

fn through(profile: &Profile, bytes: &[u8]) {
    let joins = BTreeMap::new();
    let shape = Shape { profile, joins: &joins };
    if profile.table == Table::Records {
        let _ = read_records_shaped_bytes("bytes", bytes, &shape, &OPTIONS, &mut |_| Ok(()), &mut |_| Ok(()));
    } else {
        let _ = read_table_shaped_bytes("bytes", bytes, &shape, &OPTIONS, &mut |_| Ok(()));
    }
}

/// The head of a profile, with how the corpus's files stand.
fn head(kind: &str, table: &str) -> String {
    let delimiter = if kind == "csv" { "delimiter = \";\"\nencoding = \"windows-1252\"\nragged = true\n" } else { "" };
    format!("format = 1\nname = \"fuzz\"\nversion = \"1\"\ntable = \"{table}\"\n[file]\nkind = \"{kind}\"\n{delimiter}")
}

/// A profile of a small table that reads what most of the corpus has.
fn table(kind: &str) -> String {
    let columns = match kind {
        "etsi" => "facility = \"operator\"\nsector = \"sector\"\nshare = { value = \"0.5\" }\n",
        "osm" | "geojson" => "facility = { value = \"F\" }\nsector = { value = \"208-01-1-2\" }\nshare = \"lat\"\n",
        _ => {
            "facility = \"facility\"\nsector = \"sector\"\nshare = { from = \"share\", strip = [\"%\"], times = 0.01 }\n"
        }
    };
    format!("{}[columns]\n{columns}", head(kind, "survey"))
}

/// A profile of records with joined, cut and mapped columns.
fn records(kind: &str) -> String {
    if kind == "etsi" {
        let shipped = library().iter().find(|shipped| shipped.name == "etsi-ts-102-657");
        return shipped.map_or_else(String::new, |shipped| shipped.text.to_owned());
    }
    let rest = r#"
[time]
zone = "Europe/Paris"
formats = ["%d/%m/%Y %H:%M:%S", "iso", "unix"]

[numbers]
decimal = ","
country = "33"

[[virtual]]
name = "when"
join = ["date", "time"]
with = " "

[[virtual]]
name = "place"
sector = { mcc = "mcc", mnc = "mnc", area = "lac", cell = "ci", technology = "rat" }

[columns]
time = "when"
operator = { value = "208-01" }
event = { from = "type", map = { MOC = "voice", MTC = "voice", SMS = "sms" }, other = "data" }
direction = { from = "type", map = { MOC = "out", MTC = "in" }, other = "none" }
imei = "imei"
msisdn = "number"
duration_s = { from = "duration", read = "hms" }
technology = { from = "rat", map = { 2G = "GSM", 4G = "LTE" } }
sector = "place"
"#;
    format!("{}{rest}", head(kind, "records"))
}
