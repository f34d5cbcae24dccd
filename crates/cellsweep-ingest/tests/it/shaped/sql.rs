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
