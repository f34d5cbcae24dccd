//! What is said of profiles and files that don't go together.

use cellsweep_ingest::Profile;
use insta::assert_snapshot;

use super::{parse, told_shaped};

const HEAD: &str = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n";

fn refusal(text: &str) -> String {
    match Profile::parse(text) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!("{}{}\nhint: {}", error.line.map_or(String::new(), |line| format!("line {line}: ")), error.why, error.hint),
    }
}

#[test]
fn profiles_that_can_t_be_used() {
    let with = |rest: &str| refusal(&format!("{HEAD}{rest}"));
    let mut all = String::new();
    for rest in [
        "[columns]\nimei = \"IMEI\"\n",
        "columns = 5",
        "[columns]\nimei = 5\n",
        "[columns]\nimei = { from = \"a\", maps = {} }\n",
        "[columns]\nime = \"IMEI\"\n",
        "[columns]\nrole = \"Who\"\n",
        "[columns]\nimei = { from = \"a\", value = \"b\" }\n",
        "[columns]\nimei = { from = \"a\", times = 2 }\n",
        "once_per = \"role\"\n[columns]\nimei = \"a\"\n",
        "[time]\nzone = \"Europe/Pari\"\n[columns]\nimei = \"a\"\n",
        "[time]\nzone = \"\"\n[columns]\nimei = \"a\"\n",
        "[time]\nzone = \"UTC\"\nformats = [\"%Q\"]\n[columns]\nimei = \"a\"\n",
        "[file]\nheader = 0\n[columns]\nimei = \"a\"\n",
        "[file]\nencoding = \"latin-99\"\n[columns]\nimei = \"a\"\n",
        "[file]\ndelimiter = \";;\"\n[columns]\nimei = \"a\"\n",
        "[[virtual]]\nname = \"v\"\nsplit = \"a\"\njoin = [\"b\"]\n[columns]\nimei = \"v\"\n",
        "[[virtual]]\nname = \"v\"\nsplit = \"a\"\n[columns]\nimei = \"v\"\n",
        "[[virtual]]\nname = \"v\"\nsector = { cell = \"a\" }\n[columns]\nimei = \"v\"\n",
        "[[join]]\nname = \"v\"\nkey = \"a\"\non = \"b\"\n[columns]\nimei = \"v\"\n",
    ] {
        all.push_str(&format!("{}\n", with(rest).replace('\n', " | ")));
    }
    all.push_str(&refusal(&HEAD.replace("format = 1", "format = 2").replace("table", "columns = {}\ntable")).replace('\n', " | "));
    assert_snapshot!(all, @"");
}

#[test]
fn times_without_a_zone_are_no_profile() {
    let text = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"transfers\"\n[columns]\ntime = \"a\"\nfrom_facility = \"b\"\nto_facility = \"c\"\n";
    assert_snapshot!(refusal(text), @"");
}

#[test]
fn files_that_are_not_as_the_profile_says() {
    let known = |rest: &str| parse(&format!("{HEAD}{rest}[columns]\nimei = \"IMEI\"\n"));
    let mut all = String::new();
    for (rest, name, bytes) in [
        ("", "x.csv", &b"IMEIs;Who\n1;2\n"[..]),
        ("", "x.csv", b""),
        ("", "x.csv", b"PAR1xxxx"),
        ("[file]\npreamble = 5\n", "x.csv", b"a\nb\n"),
        ("[file]\nkind = \"parquet\"\n", "x.csv", b"IMEI\n1\n"),
        ("[file]\nkind = \"json\"\n", "x.json", b"IMEI\n1\n"),
        ("[file]\nkind = \"sql\"\n", "x.sql", b"IMEI\n1\n"),
        ("[file]\nkind = \"osm\"\n", "x.osm", b"<html></html>"),
        ("[file]\nkind = \"geojson\"\n", "x.geojson", b"{}"),
        ("[[join]]\nname = \"cells\"\nfile = \"cells*.csv\"\nkey = \"IMEI\"\non = \"id\"\n", "x.csv", b"IMEI\n490154203237518\n"),
        ("[[virtual]]\nname = \"v\"\njoin = [\"IMEI\", \"Nothing\"]\n", "x.csv", b"IMEI\n490154203237518\n"),
    ] {
        all.push_str(&format!("{}\n", told_shaped(&known(rest), name, bytes).replace('\n', " | ")));
    }
    assert_snapshot!(all, @"");
}
