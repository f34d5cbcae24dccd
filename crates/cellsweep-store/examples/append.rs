//! How many events a minute a case's log takes: `append EVENTS BATCH [POSTGRES-URL]`.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example: what can't be done is said by stopping")]

use std::time::Instant;

use cellsweep_model::case::{CaseEvent, CaseKind, ExhibitEvent};
use cellsweep_store::{Caller, CaseWriter, Unlock, verify};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (events, batch): (usize, usize) = (words[0].parse().unwrap(), words[1].parse().unwrap());
    let dir = tempfile::tempdir().unwrap();
    let caller = Caller { holder: "append", by: "append", reason: None, unlock: &Unlock::InCase };
    let now = jiff::Timestamp::now();
    let mut case = CaseWriter::create(dir.path(), CaseKind::Exercise, &caller, now).unwrap();
    case.move_to(words.get(2).map(String::as_str)).unwrap();
    let start = Instant::now();
    for first in (0..events).step_by(batch) {
        let list = (first..events.min(first + batch)).map(|n| (event(n), None)).collect();
        case.log_all(list, now).unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{events} events in batches of {batch}: {seconds:.1} s, {:.0} a minute", events as f64 * 60.0 / seconds);
    drop(case);
    let start = Instant::now();
    let told = verify(dir.path(), &Unlock::InCase, None, &[]).unwrap();
    println!("verified {} entries in {:.2} s", told.custody_entries, start.elapsed().as_secs_f64());
    assert!(told.faults.is_empty());
}

fn event(n: usize) -> CaseEvent {
    let wire =
        format!("{{\"v\":1,\"event\":{{\"id\":\"E{n}\",\"made\":\"up, of about the length that a find has\"}}}}");
    CaseEvent::Exhibit {
        exhibit: ExhibitEvent { id: format!("E{n}"), kind: "found".to_owned(), items: vec![format!("P-{n}")], wire },
    }
}
