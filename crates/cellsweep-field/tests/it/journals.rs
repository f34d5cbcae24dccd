//! The day's journal in a file, plain and sealed.

use std::path::Path;

use cellsweep_field::{FileJournal, FileKey, Journal, JournalError, Keeping};
use cellsweep_sweep::day::DayWhat;
use serde_json::json;

use crate::desk::Server;

fn sealed(key: u8) -> Keeping {
    Keeping::Sealed(FileKey::from_bytes([key; 32]))
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{{\"line\":{number},\"said\":\"derrière l'évier\"}}")).collect()
}

fn on_each(tell: impl Fn(&Path, &Keeping)) {
    for keeping in [Keeping::Plain, sealed(7)] {
        let folder = tempfile::tempdir().unwrap();
        tell(folder.path(), &keeping);
    }
}

#[test]
fn lines_stay_in_their_order() {
    on_each(|folder, keeping| {
        let mut journal = FileJournal::open(folder, keeping.clone()).unwrap();
        assert_eq!(journal.read().unwrap(), Vec::<String>::new());
        let mut all = many(700);
        journal.append(&all).unwrap();
        let long = vec!["x".repeat(3_000_000), String::from("é")];
        journal.append(&long).unwrap();
        drop(journal);
        let mut journal = FileJournal::open(folder, keeping.clone()).unwrap();
        let last = many(3);
        journal.append(&last).unwrap();
        all.extend(long.into_iter().chain(last));
        assert!(journal.read().unwrap() == all);
        assert!(journal.read().unwrap() == all, "reading changes nothing");
    });
}

#[test]
fn a_day_has_one_server() {
    on_each(|folder, keeping| {
        let mut first = FileJournal::open(folder, keeping.clone()).unwrap();
        assert!(matches!(FileJournal::open(folder, keeping.clone()), Err(JournalError::InUse(_))));
        first.append(&many(1)).unwrap();
        drop(first);
        assert_eq!(FileJournal::open(folder, keeping.clone()).unwrap().read().unwrap(), many(1));
    });
}

#[test]
fn what_is_sealed_opens_with_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    FileJournal::open(folder.path(), sealed(7)).unwrap().append(&many(2)).unwrap();
    let other = FileJournal::open(folder.path(), sealed(8)).unwrap().read();
    assert!(matches!(other, Err(JournalError::Sealed(1))), "{other:?}");
    let bytes = std::fs::read(folder.path().join("day.jsonl")).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"derri\xc3\xa8r"));
}

#[test]
fn lines_of_a_sealed_file_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    FileJournal::open(folder.path(), sealed(7)).unwrap().append(&many(3)).unwrap();
    let path = folder.path().join("day.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (order, wrong) in [([1, 0, 2], 1), ([0, 0, 2], 2), ([0, 2, 1], 2)] {
        let text: String = order.iter().flat_map(|line| [lines[*line], "\n"]).collect();
        std::fs::write(&path, text).unwrap();
        let read = FileJournal::open(folder.path(), sealed(7)).unwrap().read();
        assert!(matches!(read, Err(JournalError::Sealed(line)) if line == wrong), "{order:?}: {read:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_goes_on_from_a_sealed_journal() {
    let folder = tempfile::tempdir().unwrap();
    let journal = || Box::new(FileJournal::open(folder.path(), sealed(7)).unwrap());
    let server = Server::with(folder.path(), journal()).await;
    let team = json!({"team": server.made.plan.teams[0].team});
    let mut phone = server.phone(1, team, "M-1").await;
    phone.enter(DayWhat::NothingFound { cell: server.made.plan.cells[0].cell.clone() });
    server.sync_all(&mut phone).await;
    let (said, lines) = (server.report().await["report"]["cells"].clone(), server.field.lines());
    server.kill().await;
    let again = Server::with(folder.path(), journal()).await;
    assert_eq!(again.field.lines(), lines);
    assert_eq!(again.report().await["report"]["cells"], said);
    again.kill().await;
}
