//! Database dumps.

use insta::assert_snapshot;

use super::{ship, told_shaped, told_shaped_at};
use crate::Folder;

#[test]
fn bed_histories_with_their_bookings_people_and_units() {
    let folder = Folder::new();
    folder.file("1__OFFENDER_BOOKINGS.sql", b"INSERT INTO OFFENDER_BOOKINGS (OFFENDER_BOOK_ID, OFFENDER_ID, X) VALUES (-1, -1001, sysdate), (-2, -1002, 'it''s; (fine)');");
    folder.file("2__OFFENDERS.sql", b"-- people\nINSERT INTO OFFENDERS(OFFENDER_ID, LAST_NAME, OFFENDER_ID_DISPLAY) VALUES (-1001, 'A', 'A1234AA');\nINSERT INTO OFFENDERS (OFFENDER_ID_DISPLAY, OFFENDER_ID) VALUES ('A1234AB', -1002);");
    folder.file("3_AGENCY_INTERNAL_LOCATIONS.sql", b"INSERT INTO AGENCY_INTERNAL_LOCATIONS (INTERNAL_LOCATION_ID, AGY_LOC_ID, DESCRIPTION) VALUES (-3, 'LEI', 'LEI-A-1-1');");
    let path = folder.file(
        "beds.sql",
        b"INSERT INTO BED_ASSIGNMENT_HISTORIES (OFFENDER_BOOK_ID, LIVING_UNIT_ID, ASSIGNMENT_TIME) VALUES (-1, -3, TIMESTAMP '2019-10-17 11:00:00.000000');
/* moved */ INSERT INTO BED_ASSIGNMENT_HISTORIES (OFFENDER_BOOK_ID, LIVING_UNIT_ID, ASSIGNMENT_TIME, ASSIGNMENT_END_TIME)
VALUES (-2, -3, TO_DATE('2019-07-17 11:00:00', 'YYYY-MM-DD HH24:MI:SS'), NULL),
       (-2, -99, TIMESTAMP '1985-07-17 11:00:00.0', NULL),
       (-7, -3, TIMESTAMP '2019-07-17 11:00:00.0', NULL),
       (-7, -3);
INSERT INTO BED_ASSIGNMENT_HISTORIES (OFFENDER_BOOK_ID) SELECT 1 FROM dual;
INSERT INTO OTHER VALUES (1);",
    );
    assert_snapshot!(told_shaped_at(&ship("roster-nomis-beds"), &path), @"
    2 of 6 kept
    line 4: facility is blank
    line 5: inmate is blank
    line 6: fewer fields than the header
    line 7: statement is not INSERT … VALUES
    A1234AA,LEI,LEI-A-1-1,2019-10-17T10:00:00Z,
    A1234AB,LEI,LEI-A-1-1,2019-07-17T10:00:00Z,
    ");
}

#[test]
fn dumps_that_hold_something_else() {
    let profile = ship("establishments-uk-register");
    let mut profile = profile.clone();
    profile.joins.clear();
    profile.columns.retain(|name, _| ["establishment", "name", "status"].contains(&name.as_str()));
    assert_snapshot!(told_shaped(&profile, "x.sql", b"INSERT INTO prison VALUES ('ALI', 'Albany (HMP)', false);\nINSERT INTO prison VALUES ('AKI', 'O''Brien', true), ('X');"), @"
    2 of 3 kept
    line 2: fewer fields than the header
    ALI,Albany (HMP),,closed,,,,,,,,,
    AKI,O'Brien,,open,,,,,,,,,
    ");
    assert_snapshot!(told_shaped(&profile, "x.sql", b"CREATE TABLE prison (a int);"), @"
    0 of 0 kept
    doubt: file has no rows: 1
    ");
    assert_snapshot!(told_shaped(&profile, "x.sql", b"INSERT INTO prison VALUES ('ALI', 'Alb"), @"
    refused: x.sql, line 1: the file is cut off
    hint: ask for the file again: it ends in the middle
    ");
    assert_snapshot!(told_shaped(&ship("roster-nomis-beds"), "x.sql", b"INSERT INTO BED_ASSIGNMENT_HISTORIES (A) VALUES (1);"), @"
    refused: x.sql: second file `booking`, called *OFFENDER_BOOKINGS.sql: no file is called like that
    hint: put the second file beside the first, or name it with `--join NAME=FILE`
    ");
}

/// A profile of cells' inmates, with lines for its [file].
fn roster(lines: &str) -> cellsweep_ingest::Profile {
    super::parse(&format!(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"roster\"\n[file]\nkind = \"sql\"\nnames = [\"id\", \"name\", \"cell\", \"since\"]\n{lines}\
         [time]\nzone = \"Europe/Paris\"\n[columns]\ninmate = \"id\"\nfacility = \"name\"\ncell = \"cell\"\nfrom = \"since\"\n"
    ))
}

const INMATES: &str = r"INSERT INTO inmates VALUES (1,'O\'Brien','A-1','2026-01-01 00:00:00'),(2,'Smith','A-2','2026-01-01 00:00:00'),
(3,'C:\\','A-3','2026-01-01 00:00:00'),(4,'D\'Arcy','A-4','2026-01-01 00:00:00'),(5,'Lee','A-5','2026-01-01 00:00:00');
";

#[test]
fn a_quote_behind_a_backslash_is_part_of_the_text() {
    let mut all = Vec::new();
    for head in
        ["-- MySQL dump 10.13\n", "/*!40101 SET NAMES utf8mb4 */;\n", "CREATE TABLE inmates (a int) ENGINE=InnoDB;\n"]
    {
        all.push(told_shaped(&roster(""), "x.sql", format!("{head}{INMATES}").as_bytes()));
    }
    all.push(told_shaped(&roster(""), "x.sql", INMATES.replace("inmates", "`inmates`").as_bytes()));
    all.push(told_shaped(&roster("escapes = \"backslash\"\n"), "x.sql", INMATES.as_bytes()));
    assert!(all.windows(2).all(|two| two[0] == two[1]), "{all:#?}");
    assert_snapshot!(all[0], @r"
    5 of 5 kept
    1,O'Brien,A-1,2025-12-31T23:00:00Z,
    2,Smith,A-2,2025-12-31T23:00:00Z,
    3,C:\,A-3,2025-12-31T23:00:00Z,
    4,D'Arcy,A-4,2025-12-31T23:00:00Z,
    5,Lee,A-5,2025-12-31T23:00:00Z,
    ");
}

#[test]
fn what_a_backslash_means_is_not_guessed() {
    assert_snapshot!(told_shaped(&roster(""), "x.sql", INMATES.as_bytes()), @r#"
    refused: x.sql, line 1: a backslash stands before a quote, and nothing before it says what that means
    hint: say `escapes = "backslash"` in the profile's [file] where it is MySQL's or MariaDB's dump, `escapes = "doubled"` where it is another's
    "#);
    // A text that ends in a backslash is one elsewhere.
    let path = r"INSERT INTO inmates VALUES (1,'C:\','A-1','2026-01-01 00:00:00'),(2,E'O\'Brien','A-2','2026-01-01 00:00:00'::timestamp(0) without time zone);";
    assert_snapshot!(told_shaped(&roster(""), "x.sql", format!("-- PostgreSQL database dump\n{path}").as_bytes()), @r"
    2 of 2 kept
    1,C:\,A-1,2025-12-31T23:00:00Z,
    2,O'Brien,A-2,2025-12-31T23:00:00Z,
    ");
}

#[test]
fn a_row_with_more_behind_a_value_is_no_row() {
    let dump = "INSERT INTO inmates VALUES (1,'a' || 'b','A-1','2026-01-01 00:00:00'),(2,'Smith','A-2','2026-01-01 00:00:00'),(3,1 + 2,'A-3',sysdate -1),(4,\"x\",-.5,'2026-01-01 00:00:00');";
    assert_snapshot!(told_shaped(&roster(""), "x.sql", dump.as_bytes()), @"
    1 of 4 kept
    line 1: statement is not INSERT … VALUES
    line 1: statement is not INSERT … VALUES
    line 1: statement is not INSERT … VALUES
    2,Smith,A-2,2025-12-31T23:00:00Z,
    ");
    let loose = "-- MySQL dump\nINSERT INTO inmates VALUES (1,'O'Brien','A-1','2026-01-01 00:00:00'),(2,'Smith','A-2','2026-01-01 00:00:00');";
    assert_snapshot!(told_shaped(&roster(""), "x.sql", loose.as_bytes()), @r#"
    refused: x.sql, line 2: more stands behind a text's closing quote: a quote in it is not marked
    hint: ask for the dump anew, written by the database's own program; of MySQL's or MariaDB's without its head, say `escapes = "backslash"` in the profile's [file]
    "#);
}
