//! For each profile that ships, and so for each reader: what is said of files that are broken in the usual ways.

use cellsweep_ingest::profile::library;
use insta::assert_snapshot;

use super::{ship, told_shaped};

/// Files that are none of any profile's.
const ANYONE_S: [(&str, &[u8]); 5] = [
    ("empty", b""),
    ("another text", b"nothing of the kind\nat all\n"),
    ("a broken archive", b"PK\x03\x04 and no more"),
    ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    ("cut in the middle", b"{\"type\": \"FeatureCollection\", \"features\": [{\"ty"),
];

/// Files with the right columns and rows that can't be used.
const OWN: [(&str, &str); 12] = [
    (
        "example-cdr-fr",
        "Relev\u{e9}\n\n\nDate;Heure;Type;IMEI;IMSI;Abonn\u{e9};Correspondant;Dur\u{e9}e;R\u{e9}seau;Cellule\n17/03/2026;09:05:07;Appel \u{e9}mis;3,5E+14;208011234567890;0639980001;;00:01:02;2G;208-01-1234-56789\n",
    ),
    (
        "sectors-opencellid",
        "GSM,208,1,1234,56789,0,2.3,948.8,1000,5,1,0,0,0\nGSM,208,1,1234,x,0,2.3,48.8,1000,5,1,0,0,0\nCDMA,208,1,1234,56789,0,2.3,48.8,1000,5,1,0,0,0\n",
    ),
    (
        "ledger-shopify",
        "Name,Email,Created at,Lineitem quantity,Lineitem name,Lineitem price,Currency,Billing Name,Billing Address1,Billing Zip,Billing City,Billing Country,Billing Phone\n#1,a@b.example,17/03/2025,1,Mini,9.50,EUR,A B,1 rue X,'01000,Y,FR,'+33639980001\n#2,a@b.example,2025-03-17 21:41:15 +0100,one,Mini,9.50,EUR,A B,1 rue X,'01000,Y,FR,'+33639980001\n",
    ),
    (
        "models-osmocom-tac",
        "tac,name,name,contributor,comment,gsmarena,gsmarena,aka\n4901542,Brand,Model,,,,,\nABCDEFGH,Brand,Model,,,,,\n49015420,Brand\n",
    ),
    (
        "numbering-fr-majnum",
        "EZABPQM;Tranche_Debut;Tranche_Fin;Mn\u{e9}mo;Territoire;Date_Attribution\n06;x;0639989999;OPFR;M\u{e9}tropole;01/02/2012\n06;0639980000;0639989999;OPFR;M\u{e9}tropole;2012-02-01\n",
    ),
    ("transfers-nz", "a,b\n1,2\n"),
    (
        "example-cdr-jsonl",
        "{\"ts\": \"soon\", \"network\": \"208-01\", \"type\": \"call\", \"dir\": \"MO\", \"imei\": \"490154203237518\", \"imsi\": 208011234567890, \"msisdn\": \"33639980001\", \"other\": \"33639980002\", \"seconds\": 61, \"rat\": \"4G\", \"cell\": {\"mcc\": 208, \"mnc\": 1, \"lac\": 1234, \"ci\": 5666817}, \"ta\": 3}\n[]\n",
    ),
    (
        "etsi-ts-102-657",
        "<RetainedDataMessage><cSPID>OP</cSPID><retainedDataPayload><ResponseRecord><partyInformation><TelephonyPartyInformation><iMEI>49015420323751X</iMEI><communicationTime><startTime>20261101030304+0100</startTime></communicationTime></TelephonyPartyInformation></partyInformation></ResponseRecord></retainedDataPayload></RetainedDataMessage>",
    ),
    (
        "facilities-osm",
        "<osm><node id=\"1\" lat=\"x\" lon=\"2\"><tag k=\"amenity\" v=\"prison\"/></node><way id=\"2\"><nd ref=\"7\"/><tag k=\"amenity\" v=\"prison\"/></way></osm>",
    ),
    (
        "establishments-nz",
        "[{\"Abbreviated\": \"A\", \"Official Name\": \"A\", \"Capacity\": 5, \"Latitude\": 237, \"Longitude\": 174.8, \"Classification\": \"Max\"}]",
    ),
    ("roster-nomis-beds", "INSERT INTO BED_ASSIGNMENT_HISTORIES (OFFENDER_BOOK_ID) VALUES ("),
    ("antennas-anfr-cartoradio", "Num\u{e9}ro de support;Latitude\n1;2\n"),
];

fn line(told: &str) -> String {
    told.replace('\n', "\n    ")
}

#[test]
fn of_every_profile() {
    let mut all = String::new();
    for shipped in library() {
        all.push_str(&format!("{}\n", shipped.name));
        for (what, bytes) in ANYONE_S {
            all.push_str(&format!("  {what}:\n    {}\n", line(&told_shaped(&ship(shipped.name), "x", bytes))));
        }
    }
    assert_snapshot!("of_every_profile", all);
}

#[test]
fn with_rows_that_can_t_be_used() {
    let mut all = String::new();
    for (name, text) in OWN {
        let profile = ship(name);
        // Every character of these texts is one byte of Windows-1252.
        let bytes: Vec<u8> = match profile.file.encoding {
            Some(_) => text.chars().map(|char| char as u8).collect(),
            None => text.as_bytes().to_vec(),
        };
        all.push_str(&format!("{name}\n    {}\n", line(&told_shaped(&profile, "x", &bytes))));
    }
    assert_snapshot!("with_rows_that_can_t_be_used", all);
}
