//! Profiles proposed for files that nobody wrote one for.

use std::collections::BTreeMap;

use cellsweep_ingest::guess::{Confidence, Known, guess};
use cellsweep_ingest::{IngestOptions, Profile, Shape, preview};
use cellsweep_model::table::Table;
use insta::assert_snapshot;

use crate::Folder;

/// What is proposed for a file, and what comes of it on the file itself.
fn check(name: &str, bytes: &[u8], known: &Known) -> String {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    let guess = guess(&path, known, &IngestOptions::default()).unwrap();
    let mut text = guess.text.clone();
    match Profile::parse(&guess.text) {
        Ok(profile) => {
            let joins = BTreeMap::new();
            let shape = Shape { profile: &profile, joins: &joins };
            let preview = preview(&path, &shape, 5, 1000, &IngestOptions::default()).unwrap();
            text.push_str(&format!("\n{} of {} kept {:?}", preview.kept, preview.read, preview.rejected));
            for row in preview.rows {
                text.push_str(&format!("\n{}", row.after.unwrap_or_default().join(",")));
            }
        }
        Err(error) => text.push_str(&format!("\nnot yet: {}", error.why)),
    }
    assert!(guess.shipped.is_some() || guess.remarks.iter().any(|remark| remark.confidence >= Confidence::Likely));
    text
}

const ODD: &str = "Export des communications\n\nLigne;Terminal;Carte SIM;Jour;Heure;Nature;Correspondant;Durée (s);Génération;Antenne\n\
    0639980001;490154203237518;208011234567890;17/03/2026;09:05:07;Appel sortant;0639980002;62;4G;208-01-5666817\n\
    0639980001;490154203237518;208011234567890;28/03/2026;10:05:07;Appel entrant;0639980002;5;4G;208-01-5666817\n\
    0639980001;490154203237518;208011234567890;29/03/2026;11:05:07;SMS sortant;0639980002;0;2G;208-01-1234-56789\n";

#[test]
fn a_bill_of_a_shape_nobody_knew() {
    let known =
        Known { zone: Some("Europe/Paris".to_owned()), operator: Some("208-01".to_owned()), ..Known::default() };
    assert_snapshot!(check("odd.csv", ODD.as_bytes(), &known), @r#"
    # Proposed by `cellsweep profile guess`: read it, mend it, then `cellsweep profile test`.
    #
    # UNSURE, decide these:
    #   numbers.country: numbers begin with a national 0: say the country's code with `country = "33"` under [numbers]
    #
    # likely, look at these:
    #   table: by the names of the columns; say another with `--table`
    #   duration_s: from `Durée (s)`
    #   time: from `Jour`
    #   direction: from the same words as the event; others mean none
    #   time: `Jour` and `Heure` put together
    #
    # sure: name and values agree:
    #   event: from `Nature`
    #   imei: from `Terminal`
    #   imsi: from `Carte SIM`
    #   msisdn: from `Ligne`
    #   peer: from `Correspondant`
    #   technology: from `Génération`
    #   sector: from `Antenne`

    format = 1
    name = "my-odd"
    version = "1"
    table = "records"
    operator = "208-01"

    [file]
    kind = "csv"
    delimiter = ";"
    preamble = 2
    header = 1

    [time]
    zone = "Europe/Paris"
    formats = ["%d/%m/%Y %H:%M:%S%.f"]

    [[virtual]]
    name = "when"
    join = ["Jour", "Heure"]
    with = " "

    [columns]
    duration_s = "Durée (s)"
    imei = "Terminal"
    imsi = "Carte SIM"
    msisdn = "Ligne"
    peer = "Correspondant"
    sector = "Antenne"
    time = "when"

    [columns.direction]
    from = "Nature"
    other = "none"

    [columns.direction.map]
    "Appel entrant" = "in"
    "Appel sortant" = "out"
    "SMS sortant" = "out"

    [columns.event]
    from = "Nature"

    [columns.event.map]
    "Appel entrant" = "voice"
    "Appel sortant" = "voice"
    "SMS sortant" = "sms"

    [columns.technology]
    from = "Génération"

    [columns.technology.map]
    2G = "GSM"
    4G = "LTE"

    3 of 3 kept {}
    2026-03-17T08:05:07Z,208-01,voice,out,490154203237518,208011234567890,0639980001,0639980002,62,LTE,208-01-5666817
    2026-03-28T09:05:07Z,208-01,voice,in,490154203237518,208011234567890,0639980001,0639980002,5,LTE,208-01-5666817
    2026-03-29T09:05:07Z,208-01,sms,out,490154203237518,208011234567890,0639980001,0639980002,0,GSM,208-01-1234-56789
    "#);
}

#[test]
fn what_nobody_said_is_not_guessed() {
    assert_snapshot!(check("odd.csv", ODD.as_bytes(), &Known::default()), @r#"
    # Proposed by `cellsweep profile guess`: read it, mend it, then `cellsweep profile test`.
    #
    # UNSURE, decide these:
    #   numbers.country: numbers begin with a national 0: say the country's code with `country = "33"` under [numbers]
    #   time.zone: the times carry no zone: say it (`--zone Europe/Paris`); nothing in the file tells it
    #   operator: must have a value, and no column looks like it: name one, or `{ value = "…" }` for every row
    #
    # likely, look at these:
    #   table: by the names of the columns; say another with `--table`
    #   duration_s: from `Durée (s)`
    #   time: from `Jour`
    #   direction: from the same words as the event; others mean none
    #   time: `Jour` and `Heure` put together
    #
    # sure: name and values agree:
    #   event: from `Nature`
    #   imei: from `Terminal`
    #   imsi: from `Carte SIM`
    #   msisdn: from `Ligne`
    #   peer: from `Correspondant`
    #   technology: from `Génération`
    #   sector: from `Antenne`

    format = 1
    name = "my-odd"
    version = "1"
    table = "records"

    [file]
    kind = "csv"
    delimiter = ";"
    preamble = 2
    header = 1

    [time]
    zone = ""
    formats = ["%d/%m/%Y %H:%M:%S%.f"]

    [[virtual]]
    name = "when"
    join = ["Jour", "Heure"]
    with = " "

    [columns]
    duration_s = "Durée (s)"
    imei = "Terminal"
    imsi = "Carte SIM"
    msisdn = "Ligne"
    peer = "Correspondant"
    sector = "Antenne"
    time = "when"

    [columns.direction]
    from = "Nature"
    other = "none"

    [columns.direction.map]
    "Appel entrant" = "in"
    "Appel sortant" = "out"
    "SMS sortant" = "out"

    [columns.event]
    from = "Nature"

    [columns.event.map]
    "Appel entrant" = "voice"
    "Appel sortant" = "voice"
    "SMS sortant" = "sms"

    [columns.technology]
    from = "Génération"

    [columns.technology.map]
    2G = "GSM"
    4G = "LTE"

    not yet: the zone is left open
    "#);
}

#[test]
fn dates_that_read_either_way_and_parts_of_a_sector() {
    let text = "timestamp,IMEI,mcc,mnc,lac,cid,rat\n03/04/2026 09:05:07,490154203237518,208,1,1234,56789,GSM\n05/06/2026 09:05:07,352099001761481,208,1,1234,56789,GSM\n";
    let known = Known {
        table: Some(Table::Records),
        zone: Some("UTC".to_owned()),
        operator: Some("208-01".to_owned()),
        ..Known::default()
    };
    assert_snapshot!(check("x.csv", text.as_bytes(), &known), @r#"
    # Proposed by `cellsweep profile guess`: read it, mend it, then `cellsweep profile test`.
    #
    # UNSURE, decide these:
    #   time: %d/%m/%Y %H:%M:%S and %m/%d/%Y %H:%M:%S both fit every value: no day is past the twelfth
    #   event: no column says what happened: every row is called voice until you say otherwise
    #   direction: no column says which way
    #
    # likely, look at these:
    #   sector: put together of its parts
    #   columns: not used: mcc, mnc, lac, cid
    #
    # sure: name and values agree:
    #   time: from `timestamp`
    #   imei: from `IMEI`
    #   technology: from `rat`

    format = 1
    name = "my-x"
    version = "1"
    table = "records"
    operator = "208-01"

    [time]
    zone = "UTC"
    formats = ["%d/%m/%Y %H:%M:%S"]

    [[virtual]]
    name = "identity"

    [virtual.sector]
    mcc = "mcc"
    mnc = "mnc"
    area = "lac"
    cell = "cid"
    technology = "rat"

    [columns]
    imei = "IMEI"
    sector = "identity"
    technology = "rat"
    time = "timestamp"

    [columns.direction]
    value = "none"

    [columns.event]
    value = "voice"

    2 of 2 kept {}
    2026-04-03T09:05:07Z,208-01,voice,none,490154203237518,GSM,208-01-1234-56789
    2026-06-05T09:05:07Z,208-01,voice,none,352099001761481,GSM,208-01-1234-56789
    "#);
}

#[test]
fn a_file_that_a_shipped_profile_fits() {
    let text = "tac,name,name,contributor,comment,gsmarena,gsmarena,aka\n49013920,Nokia,1610,,,,,\n";
    assert_snapshot!(check("tac.csv", text.as_bytes(), &Known::default()).lines().take(4).collect::<Vec<_>>().join("\n"), @"
    # Proposed by `cellsweep profile guess`: read it, mend it, then `cellsweep profile test`.
    #
    # likely, look at these:
    #   profile: `--profile models-osmocom-tac` fits: every column that it reads is in the file
    ");
}
