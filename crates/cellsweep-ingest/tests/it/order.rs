//! The same rows in the same order, however many threads and wherever blocks end.

use cellsweep_ingest::{Against, IngestOptions};
use cellsweep_model::Scope;
use cellsweep_model::record::{Event, RecordColumns};

use crate::{Folder, GOOD, HEADER, Outcome, read_all, row};

fn flat(outcome: &Outcome) -> String {
    let rows = |chunk: &RecordColumns| {
        (0..chunk.len())
            .map(|row| (chunk.time[row], chunk.imsi[row], chunk.operator[row], chunk.peer[row]))
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = outcome.chunks.iter().flat_map(rows).collect();
    format!("{all:?} {:?} {:?}", outcome.rejects, outcome.report)
}

#[test]
fn threads_and_chunks_change_nothing() {
    let folder = Folder::new();
    let mut text = format!("{HEADER}\n");
    for index in 0..60_000 {
        text += &match index % 50 {
            7 => row("event", "x"),
            // Fields over two lines, some of which lie across two blocks.
            11 | 23 => row("peer", &format!("\"name\n{index}\"")),
            31 => row("operator", &format!("op{}", index / 20_000)),
            47 => row("operator", "\"open"),
            _ => row("imsi", &format!("20820{index:010}")),
        };
        text.push('\n');
    }
    let path = folder.file("records.csv", text.as_bytes());
    let expect = flat(&read_all(&path, &IngestOptions { threads: 1, ..IngestOptions::default() }).unwrap());
    for (threads, chunk_rows) in [(1, 1_000), (2, 65_536), (4, 777)] {
        let options = IngestOptions { threads, chunk_rows, ..IngestOptions::default() };
        let outcome = read_all(&path, &options).unwrap();
        assert!(outcome.chunks.iter().all(|chunk| chunk.len() <= chunk_rows));
        assert!(flat(&outcome) == expect, "{threads} threads, {chunk_rows} rows");
    }
}

#[test]
fn operators_stand_by_first_appearance_in_good_rows() {
    let folder = Folder::new();
    let bad = row("event", "x").replace("208-20,", "ghost,");
    let lines =
        [HEADER.to_owned(), bad, row("operator", "b"), row("operator", "a"), row("operator", "b"), GOOD.to_owned()];
    let path = folder.file("records.csv", lines.join("\n").as_bytes());
    let outcome = read_all(&path, &IngestOptions::default()).unwrap();
    assert_eq!(outcome.report.operators, ["b", "a", "208-20"]);
    assert_eq!(outcome.chunks[0].operator, [0, 1, 0, 2]);
}

#[test]
fn names_of_peers_are_kept_beside_their_codes() {
    let folder = Folder::new();
    let lines = [
        HEADER.to_owned(),
        row("peer", "INFO"),
        row("peer", "\"La \"\"Poste\"\"\""),
        row("peer", "INFO"),
        GOOD.to_owned(),
    ];
    let path = folder.file("records.csv", lines.join("\n").as_bytes());
    let outcome = read_all(&path, &IngestOptions::default()).unwrap();
    let names: Vec<&str> = outcome.report.peer_names.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&"INFO") && names.contains(&"La \"Poste\""));
    for (code, name) in &outcome.report.peer_names {
        assert_eq!(*code, cellsweep_model::record::name_code(name));
    }
    assert_eq!(outcome.chunks[0].peer[3], 133_612_345_678);
}

#[test]
fn what_is_meant_for_a_number_is_never_a_peers_name() {
    let folder = Folder::new();
    let peers = ["3.36E+10", "+33-6-12-34-56-78", "+33 (0)6 12 34 56 78", "33612345678.5", "33612345678.0", "10.0.0.1"];
    let lines: Vec<String> = std::iter::once(HEADER.to_owned()).chain(peers.map(|peer| row("peer", peer))).collect();
    let path = folder.file("records.csv", lines.join("\n").as_bytes());
    let outcome = read_all(&path, &IngestOptions::default()).unwrap();
    let rejected: Vec<(&str, u64)> =
        outcome.report.rows.rejected.iter().map(|(reason, count)| (reason.as_str(), *count)).collect();
    assert_eq!(rejected, [("peer is in scientific notation", 1), ("peer is not digits", 3)]);
    assert_eq!(outcome.chunks[0].peer[0], 133_612_345_678);
    let names: Vec<&str> = outcome.report.peer_names.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["10.0.0.1"]);
}

#[test]
fn names_of_peers_have_a_bound() {
    let folder = Folder::new();
    let lines = |order: &mut dyn Iterator<Item = u32>| {
        let rows = order.map(|n| row("peer", &format!("N{n}")));
        std::iter::once(HEADER.to_owned()).chain(rows).collect::<Vec<_>>().join("\n")
    };
    let names = |text: String| {
        let report = read_all(&folder.file("records.csv", text.as_bytes()), &IngestOptions::default()).unwrap().report;
        assert_eq!(report.rows.doubts.values().sum::<u64>(), 1, "{:?}", report.rows.doubts);
        report.peer_names
    };
    let forward = names(lines(&mut (0..12_000)));
    assert_eq!(forward.len(), 10_000);
    assert_eq!(forward, names(lines(&mut (0..12_000).rev())));
}

#[test]
fn unknown_sectors_are_counted() {
    let folder = Folder::new();
    let path = folder.file("records.csv", format!("{HEADER}\n{GOOD}\n{}\n", row("sector", "208-20-1-2")).as_bytes());
    let known = [cellsweep_model::SectorId::parse_bytes(b"208-20-4611").unwrap().value()].into_iter().collect();
    let report = cellsweep_ingest::read_records(
        &path,
        Against { sectors: Some(&known), scope: None },
        &IngestOptions::default(),
        &mut |_| Ok(()),
        &mut |_| Ok(()),
        &|_| {},
    );
    assert_eq!(report.unwrap().rows.doubts.get("sector not in table"), Some(&1));
}

#[test]
fn a_column_of_other_things_is_not_operators() {
    let folder = Folder::new();
    let lines: Vec<String> = (0..70_000).map(|index| row("operator", &format!("x{index}"))).collect();
    let path = folder.file("records.csv", format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes());
    let error = read_all(&path, &IngestOptions::default()).err().unwrap();
    assert!(error.to_string().ends_with("the file names more than 65535 operators"), "{error}");
}

#[test]
fn a_failing_sink_ends_it() {
    let folder = Folder::new();
    let path = folder.file("records.csv", format!("{HEADER}\n{GOOD}\n").as_bytes());
    let result = cellsweep_ingest::read_records(
        &path,
        Against::default(),
        &IngestOptions::default(),
        &mut |_| Err("disk full".into()),
        &mut |_| Ok(()),
        &|_| {},
    );
    assert_eq!(result.unwrap_err().to_string(), "rows could not be passed on: disk full");
}

#[test]
fn what_the_authority_does_not_order_is_in_quarantine() {
    let scope = Scope {
        operators: ["208-20".to_owned()].into(),
        events: [Event::Voice.code(), Event::Sms.code()].into(),
        sectors: [cellsweep_model::SectorId::parse_bytes(b"208-20-4611").unwrap().value()].into_iter().collect(),
        window: (at("2025-03-01T00:00:00Z"), at("2025-03-31T23:59:59Z")),
        facilities: None,
        inmates: None,
    };
    let lines = [
        GOOD.to_owned(),
        row("operator", "208-15"),
        row("event", "data"),
        row("sector", "208-20-4612"),
        row("time", "2025-04-01T00:00:00Z"),
        row("operator", "208-15"),
    ];
    let folder = Folder::new();
    let path = folder.file("records.csv", format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes());
    let mut bad = Vec::new();
    let report = cellsweep_ingest::read_records(
        &path,
        Against { sectors: None, scope: Some(&scope) },
        &IngestOptions::default(),
        &mut |_| Ok(()),
        &mut |reject| {
            bad.push(format!("line {}: {}", reject.line, reject.sentence()));
            Ok(())
        },
        &|_| {},
    )
    .unwrap();
    assert_eq!((report.rows.kept, report.operators), (1, vec!["208-20".to_owned()]));
    let expect = [
        "line 3: operator is outside the authority",
        "line 4: event is outside the authority",
        "line 5: sector is outside the authority",
        "line 6: time is outside the authority",
        "line 7: operator is outside the authority",
    ];
    assert_eq!(bad, expect);
}

fn at(text: &str) -> i64 {
    text.parse::<jiff::Timestamp>().unwrap().as_microsecond()
}
