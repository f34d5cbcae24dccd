//! The day's journal in a file, on SQLite and on PostgreSQL: the same on all of them, plain and sealed.

use std::path::Path;

use cellsweep_field::{FileJournal, FileKey, Journal, JournalError, Keeping, SqlJournal};
use cellsweep_sweep::day::DayWhat;
use serde_json::json;

use crate::desk::Server;
use crate::postgres::Postgres;

/// Where a journal is.
enum Place<'a> {
    File(&'a Path),
    Sqlite(&'a Path),
    Postgres(&'a Postgres, String),
}

type Opened = Result<Box<dyn Journal>, JournalError>;

impl Place<'_> {
    fn open(&self, keeping: Keeping) -> Opened {
        Ok(match self {
            Self::File(folder) => Box::new(FileJournal::open(folder, keeping)?),
            Self::Sqlite(folder) => Box::new(SqlJournal::sqlite(&folder.join("day.sqlite"), keeping)?),
            Self::Postgres(server, schema) => Box::new(SqlJournal::postgres(&server.url(), schema, keeping)?),
        })
    }
}

fn sealed(key: u8) -> Keeping {
    Keeping::Sealed(FileKey::from_bytes([key; 32]))
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{{\"line\":{number},\"said\":\"derrière l'évier\"}}")).collect()
}

/// A story on each kind of journal; one PostgreSQL server has a schema for each.
fn on_each(story: &str, tell: impl Fn(&Place<'_>, &Keeping)) {
    let server = Postgres::start().unwrap();
    for (keeping, number) in [Keeping::Plain, sealed(7)].iter().zip(0..) {
        let folder = tempfile::tempdir().unwrap();
        let schema = format!("day_{story}_{number}");
        for place in [Place::File(folder.path()), Place::Sqlite(folder.path()), Place::Postgres(&server, schema)] {
            tell(&place, keeping);
        }
    }
}

#[test]
fn lines_stay_in_their_order() {
    on_each("order", |place, keeping| {
        let mut journal = place.open(keeping.clone()).unwrap();
        assert_eq!(journal.read().unwrap(), Vec::<String>::new());
        let mut all = many(700);
        journal.append(&all).unwrap();
        let long = vec!["x".repeat(3_000_000), String::from("é")];
        journal.append(&long).unwrap();
        drop(journal);
        let mut journal = place.open(keeping.clone()).unwrap();
        let last = many(3);
        journal.append(&last).unwrap();
        all.extend(long.into_iter().chain(last));
        assert!(journal.read().unwrap() == all);
        assert!(journal.read().unwrap() == all, "reading changes nothing");
    });
}

#[test]
fn a_day_has_one_server() {
    on_each("alone", |place, keeping| {
        let mut first = place.open(keeping.clone()).unwrap();
        assert!(matches!(place.open(keeping.clone()), Err(JournalError::InUse(_))));
        first.append(&many(1)).unwrap();
        drop(first);
        assert_eq!(place.open(keeping.clone()).unwrap().read().unwrap(), many(1));
    });
}

#[test]
fn what_is_sealed_opens_with_its_key_alone() {
    on_each("sealed", |place, keeping| {
        place.open(keeping.clone()).unwrap().append(&many(2)).unwrap();
        let other = place.open(sealed(8)).unwrap().read();
        assert!(matches!(other, Err(JournalError::Sealed(1))), "{other:?}");
        let plain = place.open(Keeping::Plain).unwrap().read();
        let shows = plain.is_ok_and(|lines| lines == many(2));
        assert_eq!(shows, matches!(keeping, Keeping::Plain));
    });
}

#[test]
fn lines_of_a_sealed_file_keep_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let place = Place::File(folder.path());
    place.open(sealed(7)).unwrap().append(&many(3)).unwrap();
    let path = folder.path().join("day.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for (order, wrong) in [([1, 0, 2], 1), ([0, 0, 2], 2), ([0, 2, 1], 2)] {
        let text: String = order.iter().flat_map(|line| [lines[*line], "\n"]).collect();
        std::fs::write(&path, text).unwrap();
        let read = place.open(sealed(7)).unwrap().read();
        assert!(matches!(read, Err(JournalError::Sealed(line)) if line == wrong), "{order:?}: {read:?}");
    }
}

#[test]
fn a_schema_is_a_name_and_nothing_else() {
    for schema in ["x; DROP SCHEMA public", "", "1day", "Day"] {
        let refused = SqlJournal::postgres("postgres://nobody@localhost/none", schema, Keeping::Plain);
        assert!(matches!(refused, Err(JournalError::Schema(_))));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_goes_on_from_any_journal() {
    let server = tokio::task::spawn_blocking(|| Postgres::start().unwrap()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    for place in [Place::Sqlite(folder.path()), Place::Postgres(&server, "day".to_owned()), Place::File(folder.path())]
    {
        let field = Server::with(folder.path(), place.open(sealed(7)).unwrap()).await;
        let team = json!({"team": field.made.plan.teams[0].team});
        let mut phone = field.phone(1, team, "M-1").await;
        phone.enter(DayWhat::NothingFound { cell: field.made.plan.cells[0].cell.clone() });
        field.sync_all(&mut phone).await;
        let (said, lines) = (field.report().await["report"]["cells"].clone(), field.field.lines());
        field.kill().await;
        let again = Server::with(folder.path(), place.open(sealed(7)).unwrap()).await;
        assert_eq!(again.field.lines(), lines);
        assert_eq!(again.report().await["report"]["cells"], said);
        again.kill().await;
    }
}
