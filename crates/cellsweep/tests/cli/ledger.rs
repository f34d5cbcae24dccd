//! A ledger as shops hand it over.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Desk, Outcome};

const HEADER: &str =
    "order,time,model,quantity,imei,unit_price,currency,buyer,email,phone,address,postcode,city,country\n";

/// One buyer under three spellings, kin under the same roof, a refund, and IMEIs of every kind.
const LINES: &str = "\
C1,2025-01-02T10:00:00Z,Mini 3,1,35-920411-223344-4,20,EUR,Élise Dornay,elise.dornay@mail.example,06 12 34 56 78,12 av. Malnay,34070,Belmont,FR
C2,2025-01-05T10:00:00Z,Mini 3,1,359204112233451 / 359204112233469,20,EUR,DORNAY Elise,elise.dornay@mail.example,,\"12, avenue Malnay\",34070,BELMONT,FR
C3,2025-01-09T10:00:00Z,Mini 3,1,3.5920411223347E+14,20,EUR,Mme E. Dornay,,+33612345678,12 avenue Malnay,,Belmont,FR
C4,2025-01-09T11:00:00Z,Mini 3,6,,20,EUR,Karim Dornay,k.dornay@boite.example,0798765432,12 avenue Malnay,34070,Belmont,FR
C4,2025-02-01T11:00:00Z,Mini 3,-2,,20,EUR,Karim Dornay,k.dornay@boite.example,0798765432,12 avenue Malnay,34070,Belmont,FR
C5,2025-01-10T11:00:00Z,Mini 5,1,,20,EUR,Tulin Verdal,t.verdal@boite.example,0611112222,3 rue Basse,75011,Paris,FR
C6,2025-01-10T11:00:00Z,Mini 5,1,IMEI 359204112233492,20,EUR,,,,,,,
";

fn desk() -> Result<Desk, Box<dyn std::error::Error>> {
    let desk = Desk::new()?;
    // Strangers, so that the names above are not half of all names.
    let others: String = (0..40u32)
        .map(|n| {
            let (a, b) = (char::from(b'a' + (n % 20) as u8), char::from(b'a' + (n / 2) as u8));
            let phone = 600_000_000 + n * 7_919_333;
            format!(
                "D{n},2025-01-01T00:00:00Z,Mini 3,1,,20,EUR,{a}ulo {b}astec{a},{a}{b}{n}@x.example,0{phone},{n} rue {b}{a}ven,{:05},{a}{b}ourg,FR\n",
                10_000 + n * 131
            )
        })
        .collect();
    std::fs::write(desk.path("ledger.csv"), format!("{HEADER}{LINES}{others}"))?;
    std::fs::write(
        desk.path("stock.csv"),
        "time,model,quantity,imei\n2025-03-01T00:00:00Z,mini 5,1,359204112233492\n",
    )?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let told = desk.run(&["import", "ledger", "ledger.csv", "--case", "case"])?.expect(0)?;
    assert!(told.out.contains("1  imei lost its digits to scientific notation"), "{}", told.out);
    desk.run(&["import", "stock", "stock.csv", "--case", "case"])?.expect(0)?;
    Ok(desk)
}

#[test]
fn buyers_are_resolved_and_each_merge_explained() -> Outcome {
    let desk = desk()?;
    let told = desk.run(&["ledger", "--case", "case", "--list", "lines", "--json"])?.expect(0)?.json()?;
    let rows = told["rows"].as_array().ok_or("no rows")?;
    let buyer = |order: &str| rows.iter().find(|row| row["order"] == order).map(|row| row["buyer"].clone());
    assert_eq!(buyer("C1"), buyer("C2"));
    assert_eq!(buyer("C1"), buyer("C3"));
    assert_ne!(buyer("C1"), buyer("C4"), "kin under one roof");
    assert_ne!(buyer("C4"), buyer("C5"));
    assert_eq!(buyer("C6"), Some(serde_json::Value::Null), "a line that names nobody is nobody's");
    let id = buyer("C1").and_then(|id| id.as_str().map(str::to_owned)).ok_or("no buyer")?;
    let explained = desk.run(&["ledger", "--case", "case", "--explain", "--buyer", &id])?.expect(0)?.out;
    assert!(explained.contains("before anything is compared") && explained.contains("email    same"), "{explained}");
    assert_eq!(explained.matches("together: one buyer").count(), 2, "{explained}");
    let refused = desk.run(&["ledger", "--case", "case", "--buyer", "B99999"])?.expect(3)?;
    assert!(refused.err.contains("the ledger has no buyer B99999"), "{}", refused.err);
    Ok(())
}

#[test]
fn what_came_back_or_never_left_is_subtracted() -> Outcome {
    let desk = desk()?;
    desk.run(&["ledger", "--case", "case", "--list", "lines", "--format", "csv", "-o", "lines.csv"])?.expect(0)?;
    let lines = desk.read("lines.csv")?;
    let fields = |order: &str| -> Vec<String> {
        let line = lines.lines().find(|line| line.contains(&format!(",{order},")));
        line.map(|line| line.split(',').skip(4).take(5).map(str::to_owned).collect()).unwrap_or_default()
    };
    assert_eq!(fields("C1"), ["1", "1", "sold", "35920411223344", ""]);
    assert_eq!(fields("C2"), ["1", "1", "sold", "35920411223345", "35920411223346"]);
    assert_eq!(fields("C3"), ["1", "1", "sold", "", ""]);
    assert_eq!(fields("C4"), ["6", "4", "partly_back", "", ""]);
    assert_eq!(fields("C6"), ["1", "0", "in_stock", "35920411223349", ""]);
    let models = desk.run(&["ledger", "--case", "case", "--list", "models", "--json"])?.expect(0)?.json()?;
    assert_eq!(
        models["rows"][0],
        serde_json::json!({"model": "Mini 3", "ordered": 49, "back": 2, "unsold": 0, "out": 47, "named": 2})
    );
    Ok(())
}

#[test]
fn what_came_back_leads_to_whoever_has_it_now() -> Outcome {
    let desk = Desk::with_world()?;
    desk.run(&["run", "here", "--from", "world/case", "--out", "results", "--exercise", "--quiet"])?.expect(0)?;
    let listed = desk.run(&["devices", "--case", "here", "--json"])?.expect(0)?.json()?;
    let devices = listed["devices"].as_array().ok_or("no devices")?;
    let unsold = |row: &&serde_json::Value| row["in_ledger"] == false && row["imei"].is_string();
    let device = devices.iter().find(unsold).ok_or("every device is in the ledger")?;
    let (handset, imei) = (&device["handset"], device["imei"].as_str().ok_or("no IMEI")?);
    let stays = devices.iter().filter(|row| row["handset"] == *handset).count();
    // Sold, brought back by a line with its IMEI, and sold to somebody else; of five others two came back.
    let of = |order: &str, day: u32, count: i64, imei: &str, price: i64, buyer: &str| {
        format!(
            "{order},2024-11-{day:02}T10:00:00Z,Mini 3,{count},{imei},{price},EUR,{buyer},,,9 rue {buyer},75011,Paris,FR\n"
        )
    };
    let rows = [
        of("X1", 2, 1, imei, 20, "Amandine Quereuil"),
        of("X2", 3, 5, "", 20, "Amandine Quereuil"),
        of("X1", 9, 1, imei, -20, "Amandine Quereuil"),
        of("X2", 9, 2, "", -20, "Amandine Quereuil"),
        of("X3", 20, 1, imei, 20, "Bastien Ormezzan"),
    ];
    std::fs::write(desk.path("more.csv"), HEADER.to_owned() + &rows.concat())?;
    desk.run(&["import", "ledger", "more.csv", "--case", "here"])?.expect(0)?;
    let leads = desk.run(&["buyers", "--case", "here", "--json"])?.expect(0)?.json()?;
    let leads = leads.as_array().ok_or("no leads")?;
    let told: Vec<_> = leads
        .iter()
        .filter(|lead| lead["orders"].as_array().into_iter().flatten().any(|order| order.to_string().contains('X')))
        .map(|lead| (lead["orders"].to_string(), lead["devices"].as_i64(), lead["traced"].as_array().map(Vec::len)))
        .collect();
    let expected = [("[\"X3\"]".to_owned(), Some(1), Some(stays)), ("[\"X2\"]".to_owned(), Some(3), Some(0))];
    assert_eq!(told, expected);
    Ok(())
}

#[test]
fn without_a_ledger_the_hint_says_what_to_do() -> Outcome {
    let desk = Desk::new()?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    let ended = desk.run(&["ledger", "--case", "case"])?.expect(3)?;
    insta::assert_snapshot!(ended.err, @r"
    error: case has no ledger
      hint: bring one in with `cellsweep import ledger FILE`
    ");
    let ended = desk.run(&["ledger", "--case", "case", "--link-probability", "1.5"])?.expect(2)?;
    assert!(ended.err.contains("from 0.5 up to, but not, 1"), "{}", ended.err);
    Ok(())
}

/// Whose each order is, from a table with both columns before anything that is quoted.
fn buyers(csv: &str) -> BTreeMap<&str, &str> {
    let header: Vec<&str> = csv.lines().next().unwrap_or_default().split(',').collect();
    let at = |name: &str| header.iter().position(|column| *column == name).unwrap_or_default();
    let (order, buyer) = (at("order"), at("buyer"));
    csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).map(|row| (row[order], row[buyer])).collect()
}

fn pairs<'a>(of: &BTreeMap<&'a str, &str>) -> BTreeSet<(&'a str, &'a str)> {
    let one = |(a, buyer): (&&'a str, &&str)| {
        let (a, buyer) = (*a, *buyer);
        let same = of.iter().filter(move |(b, other)| **b > a && **other == buyer);
        same.map(|(b, _)| (a, *b)).collect::<Vec<_>>()
    };
    of.iter().flat_map(one).collect()
}

#[test]
fn most_buyers_of_a_made_up_ledger_are_found() -> Outcome {
    let desk = Desk::new()?;
    let made = ["world", "world", "--facilities", "20", "--days", "1", "--records", "20000", "--seed", "77"];
    desk.run(&made)?.expect(0)?;
    desk.run(&["init", "case", "--exercise"])?.expect(0)?;
    desk.run(&["import", "ledger", "world/case/ledger.csv", "--case", "case"])?.expect(0)?;
    let found = desk.run(&["ledger", "--case", "case", "--list", "lines", "--format", "csv"])?.expect(0)?.out;
    let truth = desk.read("world/truth/buyers.csv")?;
    let (wanted, got) = (pairs(&buyers(&truth)), pairs(&buyers(&found)));
    let right = wanted.intersection(&got).count() as f64;
    let (precision, recall) = (right / got.len() as f64, right / wanted.len() as f64);
    assert!(wanted.len() > 50 && precision > 0.9 && recall > 0.85, "{} {precision} {recall}", wanted.len());
    Ok(())
}
