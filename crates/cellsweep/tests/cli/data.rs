//! What lies in a case of people's data, and what is gone when it is to go.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::{BOTH, Desk, Outcome, contents};

const BECAUSE: [&str; 2] = ["--because", "a test"];

/// An investigation that was traced, with every table of its world.
fn traced() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::with_investigation()?;
    for table in ["sectors.csv", "facilities.geojson", "models.csv"] {
        import(&desk, table)?;
    }
    let mut files: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(desk.path("world/case"))? {
        files.push(entry?.file_name().to_string_lossy().into_owned());
    }
    files.sort();
    for file in files.iter().filter(|file| file.ends_with(".csv") || file.ends_with(".parquet")) {
        import(&desk, file)?;
    }
    let traced = desk.run(&["trace", "--case", "case", "--quiet", "-vv"])?.expect(0)?;
    let identifiers = identifiers(&desk)?;
    assert!(!traced.err.is_empty(), "what a step does is told on stderr");
    assert_eq!(shown(&traced.err, &identifiers), 0, "the program's own log shows somebody's number");
    Ok(desk)
}

/// How many runs of digits in a text are somebody's: each is looked up once.
fn shown(text: &str, identifiers: &BTreeSet<String>) -> usize {
    let runs = text.split(|sign: char| !sign.is_ascii_digit()).filter(|run| run.len() >= 10);
    runs.filter(|run| identifiers.contains(*run)).count()
}

fn import(desk: &Desk, file: &str) -> Outcome {
    let table = file.split(['.', '-']).next().unwrap_or_default();
    let ended = desk.run(&["import", table, &format!("world/case/{file}"), "--case", "case", "--quiet"])?;
    if ended.code == 0 || ended.code == 4 { Ok(()) } else { ended.expect(0).map(drop) }
}

fn asked(desk: &Desk, words: &[&str]) -> Result<Value, Box<dyn std::error::Error>> {
    desk.run(&[words, &["--json", "--case", "case"], &BECAUSE].concat())?.expect(0)?.json()
}

/// Numbers and IMEIs of the world's tables, as they stand there.
fn identifiers(desk: &Desk) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let mut found = BTreeSet::new();
    for table in ["contacts.csv", "ledger.csv", "known_devices.csv", "offences.csv"] {
        let text = desk.read(&format!("world/case/{table}"))?;
        let long = |cell: &&str| (10..=16).contains(&cell.len()) && cell.bytes().all(|byte| byte.is_ascii_digit());
        found.extend(text.split([',', '\n', ' ']).filter(long).map(str::to_owned));
    }
    assert!(found.len() > 100, "{} identifiers", found.len());
    Ok(found)
}

/// Names of contacts and buyers, as their tables have them.
fn names(desk: &Desk) -> Result<BTreeSet<String>, Box<dyn std::error::Error>> {
    let mut found = BTreeSet::new();
    for (table, column) in [("contacts.csv", "name"), ("ledger.csv", "buyer")] {
        let text = desk.read(&format!("world/case/{table}"))?;
        let head = text.lines().next().unwrap_or_default();
        let at = head.split(',').position(|name| name == column).ok_or("no such column")?;
        let all = text.lines().skip(1).filter_map(|line| line.split(',').nth(at));
        found.extend(all.filter(|name| name.len() >= 8 && name.contains(' ')).take(60).map(str::to_owned));
    }
    assert!(found.len() > 20, "{} names", found.len());
    Ok(found)
}

#[test]
fn nothing_in_an_investigation_s_folder_can_be_read_without_its_key() -> Outcome {
    let desk = traced()?;
    let identifiers = identifiers(&desk)?;
    let files = contents(&desk.path("case"))?;
    for (path, bytes) in &files {
        let name = path.display();
        assert!(!bytes.starts_with(b"PAR1"), "{name} is a plain table");
        assert_eq!(shown(&String::from_utf8_lossy(bytes), &identifiers), 0, "{name} shows somebody's number");
    }
    let names = names(&desk)?;
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        let shown = names.iter().filter(|name| text.contains(name.as_str())).count();
        assert_eq!(shown, 0, "{} shows somebody's name", path.display());
    }
    let sealed = files.iter().filter(|(_, bytes)| bytes.starts_with(b"cswseal1")).count();
    assert!(sealed > 20, "{sealed} sealed files");
    std::fs::rename(desk.path("case/case.key"), desk.path("case.key"))?;
    desk.run(&["devices", "--case", "case", BECAUSE[0], BECAUSE[1]])?.expect(3)?;
    desk.run(&["verify", "--case", "case", "--key-file", "case.key"])?.expect(0)?;
    Ok(())
}

#[test]
fn raw_records_of_what_is_no_candidate_go_and_a_trace_is_the_same() -> Outcome {
    let desk = traced()?;
    let sets = asked(&desk, &["data", "list"])?;
    let records: Vec<&Value> = sets.as_array().into_iter().flatten().filter(|set| set["table"] == "records").collect();
    for set in &records {
        let (rows, dropped) = (set["rows"].as_u64().ok_or("no rows")?, set["dropped"][0][1].as_u64().ok_or("none")?);
        assert!(dropped > rows / 4 && dropped < rows, "{set}");
        assert_eq!(set["dropped"][0][0], "not_candidates");
    }
    let before = asked(&desk, &["devices"])?;
    desk.run(&["trace", "--case", "case", "--quiet"])?.expect(0)?;
    assert_eq!(before, asked(&desk, &["devices"])?);
    let runs: Vec<String> = desk.manifest("case")?["events"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|event| event["run"]["id"].as_str().map(str::to_owned))
        .collect();
    for run in &runs {
        desk.run(&["case", "replay", run, "--case", "case"])?.expect(0)?;
    }
    assert_eq!(runs.len(), 2);
    // Dropped once; the second trace found nothing left to drop.
    assert_eq!(asked(&desk, &["data", "list"])?, sets);
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    Ok(())
}

#[test]
fn a_person_is_erased_from_every_table_and_the_log_stays_whole() -> Outcome {
    let desk = traced()?;
    let contacts = desk.read("world/case/contacts.csv")?;
    let column = contacts.lines().next().and_then(|head| head.split(',').position(|name| name == "msisdn"));
    let column = column.ok_or("contacts have no msisdn")?;
    let number = contacts.lines().nth(1).and_then(|line| line.split(',').nth(column)).ok_or("no contact")?;
    let held = asked(&desk, &["data", "about", "--msisdn", number])?;
    let tables: BTreeSet<&str> =
        held["rows"].as_array().into_iter().flatten().filter_map(|rows| rows["table"].as_str()).collect();
    assert!(tables.contains("contacts"), "{held}");
    let imports = held["rows"].as_array().map_or(0, Vec::len);
    let erase = [&["erase", "--msisdn", number, "--json", "--case", "case"], &BOTH[..], &BECAUSE[..]].concat();
    let alone = [&["erase", "--msisdn", number, "--case", "case", "--by", "A. Martin"], &BECAUSE[..]].concat();
    desk.run(&alone)?.expect(3)?;
    let erased = desk.run(&erase)?.expect(0)?.json()?;
    assert_eq!(erased["rows"].as_array().map(Vec::len), Some(imports), "{erased}");
    assert_eq!(erased["originals"].as_array().map(Vec::len), Some(imports), "{erased}");
    assert_eq!(erased["runs"].as_array().map(Vec::len), Some(1), "the trace rested on them");
    let left = asked(&desk, &["data", "about", "--msisdn", number])?;
    assert_eq!(left["rows"], serde_json::json!([]), "{left}");
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    desk.run(&["trace", "--case", "case", "--quiet"])?.expect(0)?;
    let ended = desk.run(&["erase", "--msisdn", "33+7", "--case", "case", "--by", "A", "--by", "B"])?.expect(3)?;
    assert!(!ended.err.contains("33+7"), "what was typed is not repeated: {}", ended.err);
    Ok(())
}

/// Nine digits that no spelling of the number in these tests is without.
const REST: &str = "626954473";

/// The files of a case that hold text, as they lie there, with their digits alone.
fn naming(desk: &Desk) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let mut named = Vec::new();
    for (path, bytes) in contents(&desk.path("case"))? {
        let text =
            ["csv", "json", "txt", "html"].iter().any(|ending| path.extension().is_some_and(|own| own == *ending));
        let digits: Vec<u8> = bytes.into_iter().filter(u8::is_ascii_digit).collect();
        if text && memchr_like(&digits, REST.as_bytes()) {
            named.push(path.display().to_string());
        }
    }
    Ok(named)
}

#[test]
fn a_number_is_erased_however_it_was_written() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let write = |name: &str, text: &str| std::fs::write(desk.path(name), text);
    write(
        "sectors.csv",
        "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n208-01-256-1,GSM,208-01,43.6,3.9,,,3000\n",
    )?;
    let record =
        |time: &str, own: &str, peer: &str| format!("{time},208-01,voice,out,,,{own},{peer},60,GSM,208-01-256-1,\n");
    let head = "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n";
    write(
        "records.csv",
        &[
            head,
            &record("2025-03-02T10:00:00Z", "33626954473", "33611111111"),
            &record("2025-03-03T10:00:00Z", "33626954473", "INFO"),
            &record("2025-03-03T11:00:00Z", "33611111111", "33622222222"),
            // These two are rejected: there is no such day, and these digits are no number.
            &record("2025-02-30T10:00:00Z", "0626954473", "33611111111"),
            &record("2025-03-02T10:00:00Z", "33611111111", "06-26-95-44-73"),
            &record("2025-02-30T10:00:00Z", "33611111111", ""),
        ]
        .concat(),
    )?;
    let sale =
        |order: &str, phone: &str| format!("{order},2025-03-01T10:00:00Z,Mini,1,,20,EUR,A. Buyer,,{phone},,,,FR\n");
    write(
        "ledger.csv",
        &[
            "order,time,model,quantity,imei,unit_price,currency,buyer,email,phone,address,postcode,city,country\n",
            &sale("O-1", "+33626954473"),
            &sale("O-2", "0626954473"),
            &sale("O-3", "06 26 95 44 73"),
            &sale("O-4", "+33 (0)6 26 95 44 73"),
            &sale("O-5", "06 11 11 11 11"),
        ]
        .concat(),
    )?;
    for (table, file, code) in
        [("sectors", "sectors.csv", 0), ("records", "records.csv", 4), ("ledger", "ledger.csv", 0)]
    {
        desk.run(&["import", table, file, "--case", "case"])?.expect(code)?;
    }
    write("numbers.txt", "33626954473\n33611111111\n")?;
    let ask =
        ["request", "make", "out", "--case", "case", "--authority", "TJ 12/2026", "--from", "2025-03-01T00:00:00Z"];
    let list = ["--to", "2025-04-01T00:00:00Z", "--list", "numbers.txt", "--kind", "msisdn", "--operator", "208-01"];
    desk.run(&[ask.as_slice(), &list].concat())?.expect(0)?;

    let about = |words: &[&str]| asked(&desk, &[&["data", "about"], words].concat());
    let held = about(&["--msisdn", "33626954473"])?;
    let rows = |table: &str| {
        let mut all = held["rows"].as_array().into_iter().flatten();
        all.find(|rows| rows["table"] == table).map_or(0, |rows| rows["rows"].as_u64().unwrap_or_default())
    };
    assert_eq!(rows("ledger"), 4, "{held}");
    // Two calls, their days, the day with the other party, and two rejected rows at least.
    assert!(rows("records") >= 7, "{held}");
    assert_eq!(held["runs"].as_array().map(Vec::len), Some(1), "what operators were asked names them: {held}");
    assert!(!naming(&desk)?.is_empty());
    desk.run(&[&["erase", "--msisdn", "33626954473", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    assert_eq!(naming(&desk)?, Vec::<String>::new());
    let lines = desk.run(&["ledger", "--list", "lines", "--json", "--case", "case"])?.expect(0)?.out;
    assert!(lines.contains("O-5") && !lines.contains("O-1") && !lines.contains("O-4"), "{lines}");
    let told = desk.run(&["data", "about", "--msisdn", "33626954473", "--case", "case"])?.expect(0)?;
    assert!(told.out.contains("holds nothing of them"), "{}", told.out);
    // The others' rows are where they were, and so is what was rejected of theirs.
    assert!(about(&["--msisdn", "33611111111"])?["rows"].as_array().is_some_and(|rows| rows.len() == 2));
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    Ok(())
}

#[test]
fn an_inmate_s_number_is_no_part_of_another_s() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let roster = "inmate,facility,cell,from,to\n1,F1,A-1,2025-01-01T00:00:00Z,\n12,F1,A-2,2025-01-01T00:00:00Z,\n\
                  1,F1,A-3,yesterday,\n12,F1,A-4,yesterday,\n";
    std::fs::write(desk.path("roster.csv"), roster)?;
    std::fs::write(
        desk.path("searches.csv"),
        "time,facility,cell,detector,officers,minutes,found\nonce,F1,A-1,dog,1,12,0\n2025-03-01T10:00:00Z,F1,A-1,dog,1,12,0\n",
    )?;
    for table in ["roster", "searches"] {
        desk.run(&["import", table, &format!("{table}.csv"), "--case", "case"])?.expect(4)?;
    }
    let erased = desk.run(&[&["erase", "--inmate", "1", "--json", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    let told = erased.json()?;
    let rows = told["rows"].as_array().ok_or("no rows")?;
    assert!(rows.len() == 1 && rows[0]["table"] == "roster" && rows[0]["rows"] == 2, "{told}");
    let import = rows[0]["import"].as_str().ok_or("no import")?;
    let left = desk.run(&["case", "quarantine", import, "--case", "case"])?.expect(0)?.out;
    assert!(left.contains("A-4") && !left.contains("A-3"), "{left}");
    Ok(())
}

#[test]
fn what_is_restricted_is_kept_and_not_used() -> Outcome {
    let desk = traced()?;
    let sets = asked(&desk, &["data", "list"])?;
    let find = |sets: &Value, table: &str| {
        let list = sets.as_array().cloned().unwrap_or_default();
        list.into_iter().find(|set| set["table"] == table).ok_or("no such table")
    };
    assert_eq!(find(&sets, "contacts")?["persons"], "witness_or_contact");
    let ledger = find(&sets, "ledger")?;
    let id = ledger["import"].as_str().ok_or("no import")?;
    let sold = |desk: &Desk| -> Result<usize, Box<dyn std::error::Error>> {
        let told = asked(desk, &["devices"])?;
        let devices = told["devices"].as_array().ok_or("no devices")?;
        Ok(devices.iter().filter(|device| device["in_ledger"] == true).count())
    };
    assert!(sold(&desk)? > 0, "the ledger names no device that was found");
    desk.run(&["data", "restrict", id, "--case", "case", BECAUSE[0], BECAUSE[1]])?.expect(0)?;
    assert_eq!(find(&asked(&desk, &["data", "list"])?, "ledger")?["restricted"], true);
    desk.run(&["trace", "--case", "case", "--quiet"])?.expect(0)?;
    assert_eq!(sold(&desk)?, 0, "a finding rests on a restricted ledger");
    desk.run(&["data", "unrestrict", id, "--case", "case"])?.expect(0)?;
    desk.run(&["data", "reviewed", id, "--next", "2099-01-01", "--case", "case"])?.expect(0)?;
    desk.run(&["trace", "--case", "case", "--quiet"])?.expect(0)?;
    assert!(sold(&desk)? > 0, "it may be used again");
    let ledger = find(&asked(&desk, &["data", "list"])?, "ledger")?;
    assert_eq!((&ledger["restricted"], &ledger["review"]), (&Value::Bool(false), &Value::from("2099-01-01")));
    desk.run(&["data", "reviewed", id, "--next", "2020-01-01", "--case", "case"])?.expect(3)?;
    desk.run(&["data", "restrict", "00099-none", "--case", "case"])?.expect(3)?;
    Ok(())
}

#[test]
fn a_lawyer_s_number_is_sealed_when_it_comes_in() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let rows = "inmate,msisdn,source,name,protected\nI-1,33700000042,phone_list,Maître Aubert,lawyer\n\
                I-1,33700000043,phone_list,Lise Aubin,\n";
    std::fs::write(desk.path("contacts.csv"), rows)?;
    desk.run(&["import", "contacts", "contacts.csv", "--case", "case"])?.expect(0)?;
    let files = contents(&desk.path("case"))?;
    let holds = |needle: &str| {
        let found = files.iter().filter(|(_, bytes)| memchr_like(bytes, needle.as_bytes()));
        found.map(|(path, _)| path.display().to_string()).collect::<Vec<_>>()
    };
    assert!(holds("33700000042").is_empty() && holds("Aubert").is_empty(), "{:?}", holds("33700000042"));
    assert!(files.iter().any(|(path, _)| path.ends_with("protected.sealed")));
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    // They are held, and go when whoever they are of is erased; what else is sealed there stays.
    let more =
        "inmate,msisdn,source,name,protected\nI-2,33700000042,phone_list,,lawyer\nI-2,33700000044,phone_list,,doctor\n";
    std::fs::write(desk.path("more.csv"), more)?;
    desk.run(&["import", "contacts", "more.csv", "--case", "case"])?.expect(0)?;
    let about = |number: &str| -> Result<usize, Box<dyn std::error::Error>> {
        let held = asked(&desk, &["data", "about", "--msisdn", number])?;
        Ok(held["rows"].as_array().map_or(0, Vec::len))
    };
    assert_eq!((about("33700000042")?, about("33700000044")?), (2, 1));
    desk.run(&[&["erase", "--msisdn", "33700000042", "--case", "case"], &BOTH[..]].concat())?.expect(0)?;
    assert_eq!((about("33700000042")?, about("33700000044")?), (0, 1));
    desk.run(&["verify", "--case", "case"])?.expect(0)?;
    desk.run(&["erase", "--case", "case", "--by", "A", "--by", "B"])?.expect(3)?;
    Ok(())
}

#[test]
fn a_lawyer_s_clients_are_not_one_another_s_successors() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let mut records =
        "time,operator,event,direction,imei,imsi,msisdn,peer,duration_s,technology,sector,timing_advance\n".to_owned();
    let mut call = |day: u32, imei: &str, peer: &str| {
        records += &format!("2025-03-{day:02}T10:00:00Z,208-01,voice,out,{imei},,,{peer},60,GSM,208-01-1-1,\n");
    };
    (1..11).for_each(|day| call(day, "35920411223344", "33700000042"));
    (12..31).for_each(|day| call(day, "35920411223388", "33700000042"));
    for other in 0..40 {
        (1..31).for_each(|day| call(day, &format!("359204113300{other:02}"), &format!("337111111{other:02}")));
    }
    std::fs::write(desk.path("records.csv"), records)?;
    desk.run(&["import", "records", "records.csv", "--case", "case"])?.expect(0)?;
    let pairs = || -> Result<usize, Box<dyn std::error::Error>> {
        let told = desk.run(&["successors", "--all", "--case", "case", "--json"])?.expect(0)?.json()?;
        Ok(told.as_array().map_or(0, Vec::len))
    };
    assert_eq!(pairs()?, 1);
    let rows = "inmate,msisdn,source,name,protected\nI-1,33700000042,phone_list,,lawyer\n";
    std::fs::write(desk.path("contacts.csv"), rows)?;
    desk.run(&["import", "contacts", "contacts.csv", "--case", "case"])?.expect(0)?;
    assert_eq!(pairs()?, 0);
    Ok(())
}

fn memchr_like(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
