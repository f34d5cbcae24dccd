//! What a target does with its bytes; the tests of cellsweep-ingest do the same with the corpora.

use std::collections::BTreeMap;

use cellsweep_ingest::{IngestOptions, Profile, Shape, read_table_shaped_bytes};

/// Reads bytes as one kind of file; whatever they are, nothing may panic or run away with memory.
pub fn read(reader: &str, bytes: &[u8]) {
    if reader == "profile" {
        let _ = std::str::from_utf8(bytes).map(Profile::parse);
        return;
    }
    let Ok(profile) = Profile::parse(&profile(reader)) else { return };
    let joins = BTreeMap::new();
    let options = IngestOptions { threads: 1, ..IngestOptions::default() };
    let _ =
        read_table_shaped_bytes("bytes", bytes, &Shape { profile: &profile, joins: &joins }, &options, &mut |_| Ok(()));
}

/// A profile that reads what most of the corpus has.
fn profile(reader: &str) -> String {
    let columns = match reader {
        "etsi" => "facility = \"operator\"\nsector = \"sector\"\nshare = { value = \"0.5\" }\n",
        "osm" | "geojson" => "facility = { value = \"F\" }\nsector = { value = \"208-01-1-2\" }\nshare = \"lat\"\n",
        _ => {
            "facility = \"facility\"\nsector = \"sector\"\nshare = { from = \"share\", strip = [\"%\"], times = 0.01 }\n"
        }
    };
    let delimiter =
        if reader == "csv" { "delimiter = \";\"\nencoding = \"windows-1252\"\nragged = true\n" } else { "" };
    format!(
        "format = 1\nname = \"fuzz\"\nversion = \"1\"\ntable = \"survey\"\n[file]\nkind = \"{reader}\"\n{delimiter}[columns]\n{columns}"
    )
}
