//! Writes what trace measures in a case as CSV, for fitting weights: `measures CASE [AT]`.
#![expect(clippy::unwrap_used, reason = "an example: what can't be done is said by stopping")]

use std::path::Path;

use cellsweep_flow::{Session, Settings, Silent, TraceSettings, Unlock, measures, open_for_writing};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let at = arguments.get(1).map(|text| text.parse::<jiff::Timestamp>().unwrap().as_microsecond());
    let trace = TraceSettings { at, ..TraceSettings::default() };
    let settings = Settings { memory_bytes: 1 << 30, threads: 2, trace, cluster: None };
    let session = Session {
        settings: &settings,
        clock: &jiff::Timestamp::now,
        holder: "measures",
        by: "measures",
        reason: None,
        unlock: &Unlock::InCase,
        progress: &Silent,
        peak: &|| None,
    };
    let mut case = open_for_writing(Path::new(&arguments[0]), &session).unwrap();
    measures(&mut case, &session, &mut std::io::stdout()).unwrap();
}
