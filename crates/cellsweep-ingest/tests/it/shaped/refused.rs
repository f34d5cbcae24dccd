//! What is said of profiles and files that don't go together.

use cellsweep_ingest::Profile;
use insta::assert_snapshot;

use super::{parse, told_shaped};

const HEAD: &str = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"known_devices\"\n";

fn refusal(text: &str) -> String {
    match Profile::parse(text) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => format!(
            "{}{}\nhint: {}",
            error.line.map_or(String::new(), |line| format!("line {line}: ")),
            error.why,
            error.hint
        ),
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
    all.push_str(
        &refusal(&HEAD.replace("format = 1", "format = 2").replace("table", "columns = {}\ntable"))
            .replace('\n', " | "),
    );
    assert_snapshot!(all, @r#"
    accepted
    line 5: invalid type: integer `5`, expected a map | hint: `cellsweep profile show NAME` prints one that is whole; the book lists every key
    line 6: invalid type: integer `5`, expected the name of a column of the file, or a table such as { from = "Type", map = { … } } | hint: `cellsweep profile show NAME` prints one that is whole; the book lists every key
    line 6: unknown field `maps`, expected one of `from`, `value`, `map`, `other`, `read`, `formats`, `strip`, `blank`, `times`, `round`, `country_from` | hint: `cellsweep profile show NAME` prints one that is whole; the book lists every key
    known_devices has no column `ime` (is it `imei`?) | hint: `cellsweep import --help` lists the columns of every table
    `imei` must have a value, and the profile gives it none | hint: add `imei = "…"` under [columns], or `{ value = "…" }` where every row has the same
    `imei` needs either `from` or `value`, and not both | hint: name a column of the file, or say the one value that every row gets
    `times` makes no sense for `imei` | hint: take it out, or name another column
    `once_per` names `role`, which is not under [columns] | hint: name a column of the contract that the profile fills
    there is no time zone `Europe/Pari` | hint: say the zone: an IANA name such as Europe/Paris, an offset such as +04:00, or in-value; a wrong zone moves a phone from night to day
    the zone is left open | hint: say the zone: an IANA name such as Europe/Paris, an offset such as +04:00, or in-value; a wrong zone moves a phone from night to day
    `%Q` means nothing in a time | hint: use %d %m %Y %y %b %H %I %M %S %.f %p %z, or one of rfc3339, unix, unix-ms, serial
    a file without header (`header = 0`) needs `names` | hint: see [file] in the book's chapter "From operator's file to case"
    there is no encoding `latin-99` | hint: see [file] in the book's chapter "From operator's file to case"
    line 6: invalid value: string ";;", expected a character | hint: `cellsweep profile show NAME` prints one that is whole; the book lists every key
    virtual column `v` needs exactly one of join, first, split, cut, sector and of | hint: the book's chapter "From operator's file to case" has an example of each
    virtual column `v` needs `at`, what stands between the parts, and `part`, which one (1 is the first, -1 the last) | hint: the book's chapter "From operator's file to case" has an example of each
    virtual column `v` needs `network`, or `mcc` and `mnc` | hint: the book's chapter "From operator's file to case" has an example of each
    join `v` needs `file`, or `layout` with the sheet | hint: a second file lies beside the main one, or is named with `--join NAME=FILE`
    this is a profile of format 2, and this version reads format 1 | hint: use a newer cellsweep, or write the profile again with `cellsweep profile guess`
    "#);
}

#[test]
fn times_without_a_zone_are_no_profile() {
    let text = "format = 1\nname = \"t\"\nversion = \"1\"\ntable = \"transfers\"\n[columns]\ntime = \"a\"\nfrom_facility = \"b\"\nto_facility = \"c\"\n";
    assert_snapshot!(refusal(text), @r#"
    `time` is a time, and no [time] says its zone
    hint: add `[time]` with `zone = "Europe/Paris"`, an offset such as "+04:00", or "in-value" where each time carries its own; ask the sender if you don't know it
    "#);
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
        (
            "[[join]]\nname = \"cells\"\nfile = \"cells*.csv\"\nkey = \"IMEI\"\non = \"id\"\n",
            "x.csv",
            b"IMEI\n490154203237518\n",
        ),
        ("[[virtual]]\nname = \"v\"\njoin = [\"IMEI\", \"Nothing\"]\n", "x.csv", b"IMEI\n490154203237518\n"),
    ] {
        all.push_str(&format!("{}\n", told_shaped(&known(rest), name, bytes).replace('\n', " | ")));
    }
    assert_snapshot!(all, @"
    refused: x.csv: the file has no column `IMEI`; found IMEIs;Who | hint: correct the profile, or see `cellsweep profile guess FILE`; a sender who changes columns makes another version of the profile
    refused: x.csv: the file is empty | hint: ask for the file again: nothing arrived
    refused: x.csv: this is a Parquet file, and the profile says otherwise | hint: check `kind` in the profile's [file], or name another profile
    refused: x.csv, line 6: the header can't be read: the file ends before its rows begin | hint: look at the first line: it must hold the columns' names, separated by commas
    refused: x.csv: the file's name says Parquet, its content does not | hint: give the file the name of what it is (.csv, .csv.gz, .csv.zst), or ask for it again
    refused: x.json: this is neither lines nor an array of JSON objects, and the profile says otherwise | hint: check `kind` in the profile's [file], or name another profile
    refused: x.sql: no INSERT into any table is in it | hint: name the dump's table with `sheet` in the profile's [file]
    refused: x.osm: this is neither OpenStreetMap XML nor PBF, and the profile says otherwise | hint: check `kind` in the profile's [file], or name another profile
    refused: x.geojson: this is not a GeoJSON FeatureCollection | hint: save it as a GeoJSON FeatureCollection of Polygons
    refused: x.csv: second file `cells`, called cells*.csv: no file is called like that | hint: put the second file beside the first, or name it with `--join NAME=FILE`
    refused: x.csv: the file has no column `Nothing`; found IMEI | hint: correct the profile, or see `cellsweep profile guess FILE`; a sender who changes columns makes another version of the profile
    ");
}
