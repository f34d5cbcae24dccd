//! Text files as operators write them.

use insta::assert_snapshot;

use super::{parse, records_profile, ship, told_shaped, told_shaped_at};
use crate::Folder;

/// The words of a French operator's bill, in its own encoding.
fn bill(lines: &[&str]) -> Vec<u8> {
    let mut text = String::from(
        "Relevé détaillé\r\nDossier 2026/1;;\r\n\r\nAbonné;IMSI;IMEI;Correspondant;Date;Heure;Durée;Type;Réseau;Cellule\r\n",
    );
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

#[test]
fn a_french_operator_s_bill() {
    let bytes = bill(&[
        "0639980001;208011234567890;490154203237518;0639980002;17/03/2026;09:05:07;00:01:02;Appel émis;4G;208-01-5666817",
        "+33639980001;208011234567890;490154203237518;36 30;17/07/2026;21:05:07;-;SMS reçu;3G;208-01-1234-56789",
        "0639980001;208011234567890;NC;INFO;25/10/2026;02:30:00;0;Données;2G;208-01-1234-56789",
        "0639980001;208011234567890;490154203237518;;29/03/2026;02:30:00;0;Données;2G;208-01-1234-56789",
        "0639980001;208011234567890;490154203237518;;17-03-2026;02:30:00;0;Données;2G;208-01-1234-56789",
        "0639980001;208011234567890;490154203237518;;17/03/2026;02:30:00;0;Renvoi;2G;208-01-1234-56789",
        "0639980001;208011234567890;490154203237518;;17/03/2026;02:30:00;0;Données;2G",
    ]);
    assert_snapshot!(told_shaped(&ship("example-cdr-fr"), "bill.csv", &bytes), @"
    3 of 7 kept
    line 8: time was skipped when clocks went forward (29/03/2026 02:30:00)
    line 9: time is in none of the profile's notations (17-03-2026 02:30:00)
    line 10: event is not a known word (Renvoi)
    line 11: fewer fields than the header (9 fields, not 10)
    doubt: msisdn was national and got the profile's country code: 2
    doubt: peer was national and got the profile's country code: 1
    doubt: time occurs twice in the night when clocks went back: 1
    2026-03-17T08:05:07Z,208-01,voice,out,490154203237518,208011234567890,33639980001,33639980002,62,LTE,208-01-5666817,
    2026-07-17T19:05:07Z,208-01,sms,in,490154203237518,208011234567890,33639980001,3630,,UMTS,208-01-1234-56789,
    2026-10-25T00:30:00Z,208-01,data,none,,208011234567890,33639980001,(name),0,GSM,208-01-1234-56789,
    ");
}

#[test]
fn numbers_as_spreadsheets_and_people_write_them() {
    let lines = [
        "33612345678.0",
        "+33 (0)6 12 34 56 78",
        "+33-6-12-34-56-78",
        "3.36E+10",
        "33612345678.5",
        "06 12 34 56 78",
        "06-12-34-56-78",
        "10.0.0.1",
    ];
    let rows = lines.map(|number| format!("2026-03-17T09:05:07Z,490154203237518,33639980001,{number}\n")).concat();
    let told = |numbers: &str| {
        let profile = records_profile(&format!(
            "{numbers}[time]\nzone = \"in-value\"\n[columns]\ntime = \"at\"\nevent = {{ value = \"voice\" }}\ndirection = {{ value = \"out\" }}\nimei = \"imei\"\n\
             msisdn = \"own\"\npeer = \"peer\"\ntechnology = {{ value = \"GSM\" }}\nsector = {{ value = \"208-01-1234-56789\" }}\n"
        ));
        told_shaped(&profile, "x.csv", format!("at,imei,own,peer\n{rows}").as_bytes())
    };
    assert_snapshot!(told("[numbers]\ncountry = \"33\"\n"), @"
    6 of 8 kept
    line 5: peer is in scientific notation (8 characters, 5 of them digits)
    line 6: peer is not digits (13 characters, 12 of them digits)
    doubt: peer was national and got the profile's country code: 2
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,(name),,GSM,208-01-1234-56789,
    ");
    assert_snapshot!(told(""), @"
    5 of 8 kept
    line 5: peer is in scientific notation (8 characters, 5 of them digits)
    line 6: peer is not digits (13 characters, 12 of them digits)
    line 8: peer is not digits (14 characters, 10 of them digits)
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,33612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,0612345678,,GSM,208-01-1234-56789,
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,33639980001,(name),,GSM,208-01-1234-56789,
    ");
}

#[test]
fn two_lines_of_header_comments_and_ragged_rows() {
    let profile = records_profile(
        "[file]\ndelimiter = \"|\"\nheader = 2\ncomment = \"#\"\nragged = true\n\
         [time]\nzone = \"UTC\"\nformats = [\"%Y%m%d%H%M%S\"]\n\
         [columns]\ntime = \"Start\"\nevent = { value = \"voice\" }\ndirection = { value = \"out\" }\nimei = \"A party IMEI\"\n\
         peer = \"B party Number\"\ntechnology = { value = \"GSM\" }\nsector = \"site\"\n\
         [[virtual]]\nname = \"site\"\nsector = { network = \"208-01\", area = \"A party LAC\", cell = \"A party CI\", hex = true }\n",
    );
    let text = "Start|A party|||B party\n|IMEI|LAC|CI|Number\n# made for a test\n20260317090507|490154203237518|04D2|DDD5|33639980002||\n20260317090508|490154203237518|04D2|DDD5\n20260317090509|490154203237518|04D2|XYZ|33639980002|more\n20260317090509|490154203237518|04D2|XYZ|33639980002\n";
    assert_snapshot!(told_shaped(&profile, "x.txt", text.as_bytes()), @"
    2 of 4 kept
    line 6: more fields than the header (6 fields, not 5)
    line 7: sector is blank
    2026-03-17T09:05:07Z,208-01,voice,out,490154203237518,,,33639980002,,GSM,208-01-1234-56789,
    2026-03-17T09:05:08Z,208-01,voice,out,490154203237518,,,,,GSM,208-01-1234-56789,
    ");
}

#[test]
fn no_header_epoch_times_and_a_second_file() {
    let profile = records_profile(
        "[file]\ndelimiter = \"\\t\"\nheader = 0\nnames = [\"ts\", \"imei\", \"node\", \"rat\"]\n\
         [time]\nzone = \"in-value\"\nformats = [\"unix-ms\"]\n\
         [[join]]\nname = \"cells\"\nfile = \"cells*.csv\"\nkey = \"node\"\non = \"id\"\nlayout = { delimiter = \";\" }\n\
         [columns]\ntime = \"ts\"\nevent = { value = \"data\" }\ndirection = { value = \"none\" }\nimei = \"imei\"\n\
         technology = { from = \"rat\", map = { 4G = \"LTE\" } }\nsector = \"cells.ecgi\"\n",
    );
    let folder = Folder::new();
    folder
        .file("cells-2026.csv", b"id;name;ecgi\nA7;North;208-01-5666817\nA8;South;208-01-5666818\nA7;Again;208-01-1\n");
    let path =
        folder.file("x.tsv", b"1773738307250\t490154203237518\tA7\t4G\n1773738308250\t490154203237518\tB9\t4G\n");
    assert_snapshot!(told_shaped_at(&profile, &path), @"
    1 of 2 kept
    line 2: sector is blank
    doubt: `cells` has a key more than once, the first row counts: 1
    2026-03-17T09:05:07.25Z,208-01,data,none,490154203237518,,,,,LTE,208-01-5666817,
    ");
}

#[test]
fn cells_of_opencellid_with_and_without_header() {
    let rows = "GSM,208,1,1234,56789,,2.355,48.858,512,25,1,1487241356,1487241356,\nLTE,310,26,99,5666817,,2.4,48.9,0,1,1,1487241356,1487241356,\nCDMA,310,26,99,5,,2.4,48.9,0,1,1,1487241356,1487241356,\n";
    assert_snapshot!(told_shaped(&ship("sectors-opencellid"), "208.csv", rows.as_bytes()), @"
    2 of 3 kept
    line 3: technology is not a known word (CDMA)
    doubt: column `averageSignal` is not used: 1
    doubt: column `changeable` is not used: 1
    doubt: column `created` is not used: 1
    doubt: column `samples` is not used: 1
    doubt: column `unit` is not used: 1
    doubt: column `updated` is not used: 1
    208-01-1234-56789,GSM,208-01,48.858,2.355,,,512.0,,
    310-026-5666817,LTE,310-026,48.9,2.4,,,,,
    ");
    let with =
        format!("radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal\n{rows}");
    assert_snapshot!(told_shaped(&ship("sectors-mls"), "mls.csv", with.as_bytes()), @"
    2 of 3 kept
    line 4: technology is not a known word (CDMA)
    doubt: column `averageSignal` is not used: 1
    doubt: column `changeable` is not used: 1
    doubt: column `created` is not used: 1
    doubt: column `samples` is not used: 1
    doubt: column `unit` is not used: 1
    doubt: column `updated` is not used: 1
    208-01-1234-56789,GSM,208-01,48.858,2.355,,,512.0,,
    310-026-5666817,LTE,310-026,48.9,2.4,,,,,
    ");
}

#[test]
fn numbers_with_commas_units_and_thousands() {
    let profile = parse(
        "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"sectors\"\n[file]\ndelimiter = \";\"\n[numbers]\ndecimal = \",\"\nthousands = \" \"\n\
         [columns]\nsector = \"id\"\ntechnology = { from = \"t\", map = { 4g = \"LTE\" } }\noperator = { value = \"208-01\" }\nlat = \"y\"\nlon = \"x\"\n\
         azimuth_deg = { from = \"az\", strip = [\"°\"] }\nrange_m = { from = \"km\", times = 1000 }\n",
    );
    let text = "id;t;y;x;az;km\n208-01-5;4G;48,8583;2,355;120°;1,5\n208-01-6;4g;48.8583;2 000,5;;0,25\n";
    assert_snapshot!(told_shaped(&profile, "x.csv", text.as_bytes()), @"
    1 of 2 kept
    line 3: lon out of range (2000.5)
    208-01-5,LTE,208-01,48.8583,2.355,120.0,,1500.0,,
    ");
}

#[test]
fn duplicated_header_names() {
    let text = "tac,name,name,contributor,comment,gsmarena,gsmarena,aka\n49013920,Nokia,1610,,,,,\"1610+,1611\"\n4901392,Nokia,1620,,,,,\n";
    assert_snapshot!(told_shaped(&ship("models-osmocom-tac"), "tac.csv", text.as_bytes()), @"
    1 of 2 kept
    line 3: tac has the wrong number of digits (4901392)
    doubt: column `aka` is not used: 1
    doubt: column `comment` is not used: 1
    doubt: column `contributor` is not used: 1
    doubt: column `gsmarena#2` is not used: 1
    doubt: column `gsmarena` is not used: 1
    49013920,Nokia,1610,,,,,,,,
    ");
}

#[test]
fn blocks_of_french_numbers() {
    let text = "EZABPQM;Tranche_Debut;Tranche_Fin;Mnémo;Territoire;Date_Attribution\n01056;0105600000;0105699999;FRTE;Métropole;01/01/2017\n069000;0690000000;0690009999;ORAC;Guadeloupe, St Martin et St Barthélemy;01/01/2017\n3000;3000;3000;FRTE;National;01/01/2017\n07000020;07000020000000;07000029999999;SWFR;Métropole;18/02/2025\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    assert_snapshot!(told_shaped(&ship("numbering-fr-majnum"), "majnum.csv", &bytes), @"
    4 of 4 kept
    doubt: column `EZABPQM` is not used: 1
    doubt: first was national and got the profile's country code: 3
    doubt: last was national and got the profile's country code: 3
    33105600000,33105699999,FRTE,Métropole,2016-12-31T23:00:00Z
    590690000000,590690009999,ORAC,Guadeloupe, St Martin et St Barthélemy,2016-12-31T23:00:00Z
    3000,3000,FRTE,National,2016-12-31T23:00:00Z
    337000020000000,337000029999999,SWFR,Métropole,2025-02-17T23:00:00Z
    ");
}
