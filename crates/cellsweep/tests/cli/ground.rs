//! Worlds on antennas and prisons that are given.

use std::error::Error;
use std::fmt::Write;

use crate::{Desk, Outcome};

/// Masts of three operators on a rough grid around a prison, in our own table.
fn masts() -> String {
    let mut csv = String::from("sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n");
    for n in 0..90u32 {
        let (row, column) = (n / 10, n % 10);
        let lat = 43.55 + f64::from(row) * 0.011 + f64::from(n * 37 % 11) * 0.0004;
        let lon = 1.38 + f64::from(column) * 0.013 + f64::from(n * 53 % 13) * 0.0004;
        let operator = ["208-01", "208-10", "208-20"][(n % 3) as usize];
        for k in 0..3 {
            let azimuth = (n * 40 + k * 120) % 360;
            // Writing to a String can't fail.
            let _ = writeln!(
                csv,
                "{operator}-{}-{},GSM,{operator},{lat},{lon},{azimuth},65,",
                300 + n % 2,
                1000 + n * 4 + k
            );
            let eci = (20_000 + n) * 256 + k;
            let _ = writeln!(csv, "{operator}-{eci},LTE,{operator},{lat},{lon},{azimuth},,4000");
        }
    }
    csv
}

pub(crate) fn prison(lat: f64, lon: f64) -> String {
    let ring: Vec<String> = [(0.0, 0.0), (0.0, 0.004), (0.003, 0.004), (0.003, 0.0), (0.0, 0.0)]
        .iter()
        .map(|(north, east)| format!("[{},{}]", lon + east, lat + north))
        .collect();
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"facility":"HERE","name":"Prison","kind":"remand","capacity":500,"timezone":"Europe/Paris"}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}]}}"#,
        ring.join(",")
    )
}

/// World, run and score on given ground. Gives the score.
pub(crate) fn chain(desk: &Desk) -> Result<serde_json::Value, Box<dyn Error>> {
    let demo = [
        "demo",
        "demo",
        "--sectors",
        "sectors.csv",
        "--facilities",
        "prison.geojson",
        "--days",
        "10",
        "--records",
        "150000",
        "--json",
    ];
    let told = desk.run(&demo)?.expect(0)?.json()?;
    let truth = desk.read("demo/world/truth/handsets.csv")?;
    assert!(truth.lines().any(|line| line.contains(",HERE,")), "handsets are kept in the prison that was given");
    Ok(told["comparison"]["score"].clone())
}

#[test]
fn the_whole_chain_runs_on_given_ground() -> Outcome {
    let desk = Desk::new()?;
    std::fs::write(desk.path("sectors.csv"), masts())?;
    std::fs::write(desk.path("prison.geojson"), prison(43.601, 1.44))?;
    let score = chain(&desk)?;
    assert!(score["positives"].as_u64().unwrap_or_default() > 5, "{score}");
    // Far from what a coin gives; how good it is on average is for the benchmark to say.
    assert!(score["average_precision"].as_f64().unwrap_or_default() > 0.3, "{score}");

    let given = masts();
    let known: Vec<&str> = given.lines().filter_map(|line| line.split(',').next()).collect();
    let made = desk.read("demo/world/case/sectors.csv")?;
    assert_eq!(made.lines().count(), given.lines().count());
    assert!(made.lines().all(|line| known.contains(&line.split(',').next().unwrap_or_default())), "only given sectors");
    let again = [
        "world",
        "again",
        "--sectors",
        "sectors.csv",
        "--facilities",
        "prison.geojson",
        "--days",
        "10",
        "--records",
        "150000",
    ];
    desk.run(&again)?.expect(0)?;
    assert!(desk.read("again/case/sectors.csv")? == made, "the same ground and seed, the same bytes");
    Ok(())
}

#[test]
fn ground_that_carries_no_world_is_refused() -> Outcome {
    let desk = Desk::new()?;
    std::fs::write(desk.path("sectors.csv"), masts())?;
    std::fs::write(desk.path("far.geojson"), prison(48.0, -3.0))?;
    std::fs::write(desk.path("none.geojson"), r#"{"type":"FeatureCollection","features":[]}"#)?;
    let ended = desk.run(&["world", "w", "--sectors", "sectors.csv", "--facilities", "far.geojson"])?.expect(3)?;
    assert!(ended.err.contains("no antenna stands within 10800 m of facility HERE"), "{}", ended.err);
    let ended = desk.run(&["world", "w", "--sectors", "sectors.csv", "--facilities", "none.geojson"])?.expect(3)?;
    assert!(ended.err.contains("no facility is given"), "{}", ended.err);
    let five: String = ["A", "B", "C", "D", "E"]
        .iter()
        .enumerate()
        .map(|(n, operator)| format!("208-01-1-{n},GSM,{operator},48,-3,,,\n"))
        .collect();
    let header = "sector,technology,operator,lat,lon,azimuth_deg,beamwidth_deg,range_m\n";
    std::fs::write(desk.path("five.csv"), header.to_owned() + &five)?;
    let ended = desk.run(&["world", "w", "--sectors", "five.csv", "--facilities", "far.geojson"])?.expect(3)?;
    assert!(ended.err.contains("of 5 operators, and a world has room for 4"), "{}", ended.err);
    let ended = desk.run(&["world", "w", "--sectors", "sectors.csv"])?.expect(2)?;
    assert!(ended.err.contains("--facilities FILE is missing"), "{}", ended.err);
    let ended = desk.run(&["world", "w", "--facilities", "far.geojson"])?.expect(2)?;
    assert!(ended.err.contains("--sectors FILE is missing"), "{}", ended.err);
    Ok(())
}
