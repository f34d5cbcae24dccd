//! Writes a report of made-up values, to look at its screens:
//! `cargo run --release -p cellsweep-report --example sample -- report.html [fr|en]`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;

use cellsweep_model::finding::{Fact, Finding, RadioBasis};
use cellsweep_model::geometry::Point;
use cellsweep_model::rows::DeviceClass;
use cellsweep_model::{Device, Imei, Source};
use cellsweep_report::{
    Activity, Calibration, CasePage, DayQuality, DeviceDetail, DevicePage, FacilityPage, FacilitySector, FalseAlarm,
    ImportPage, LabelledCase, Lang, Quality, QualityRemark, Report, SectorPage, ServingSector, Stratum, Text, Truth,
    WIRE_VERSION, Where, Window,
};
use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan};

const FACILITIES: usize = 66;
const DEVICES: usize = 2_500;
const DAYS: usize = 30;
const FIRST_DAY: Date = date(2026, 9, 15);

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or_else(|| "report.html".to_owned());
    let lang = arguments.next().map_or(Ok(Lang::Fr), |tag| tag.parse())?;
    let report = sample(lang)?;
    cellsweep_report::html(&report, &mut File::create(target)?)?;
    Ok(())
}

/// Numbers that look drawn at random and are the same in every run (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.roll()
    }

    fn below(&mut self, end: usize) -> usize {
        (self.roll() * end as f64) as usize
    }
}

fn sample(lang: Lang) -> Result<Report, Box<dyn Error>> {
    let mut dice = Dice(7);
    let facilities = (0..FACILITIES).map(|index| facility(index, &mut dice)).collect::<Result<Vec<_>, _>>()?;
    let mut devices = Vec::new();
    let mut cases = Vec::new();
    for index in 0..DEVICES {
        let place = (dice.roll() * dice.roll() * FACILITIES as f64) as usize;
        let kept = dice.roll() < 0.45;
        let page = device(index, &facilities[place], kept, &mut dice)?;
        let case = LabelledCase { log10_lr: page.device.log10_lr, probability: page.device.probability, kept };
        cases.push(case);
        devices.push(page);
    }
    devices.sort_by(|a: &DevicePage, b| b.device.probability.total_cmp(&a.device.probability));
    let there = cases.iter().filter(|case| case.kept).count() + 60;
    let measured_on = Text::new(
        "Mesuré sur un pays inventé, dont la vérité est connue. Un vrai dossier peut différer.",
        "Measured on a made-up country, whose truth is known. A real case may differ.",
    );
    let calibration = Some(Calibration::measure(&cases, there, measured_on));
    let mut report = Report {
        version: WIRE_VERSION,
        lang,
        case: case_page()?,
        facilities,
        devices,
        quality: Some(quality()),
        calibration,
        truth: Some(truth()),
        cells: BTreeMap::new(),
    };
    report.tally();
    Ok(report)
}

fn case_page() -> Result<CasePage, Box<dyn Error>> {
    let import = |file: &str, table: &str, read: u64, rejected: &[(&str, u64)], doubts: &[(&str, u64)]| ImportPage {
        file: file.to_owned(),
        table: table.to_owned(),
        digest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
        read,
        kept: read - rejected.iter().map(|(_, count)| count).sum::<u64>(),
        rejected: rejected.iter().map(|&(reason, count)| (reason.to_owned(), count)).collect(),
        doubts: doubts.iter().map(|&(doubt, count)| (doubt.to_owned(), count)).collect(),
    };
    Ok(CasePage {
        title: "Exercice Merlette".to_owned(),
        exercise: true,
        made_at: "2026-10-16T09:12:00Z".parse()?,
        version: "0.1.0".to_owned(),
        settings: serde_json::json!({"seed": 7, "threshold": 0.01, "memory_mib": 1024, "prior": {"per_handset": 0.004}}),
        window: Some(Window { from: "2026-09-15T00:00:00Z".parse()?, to: "2026-10-14T23:59:41Z".parse()? }),
        at: "2026-10-15T04:00:00Z".parse()?,
        prior: Text::new(
            "Parmi les appareils entendus autour de l’établissement, une part estimée sur le dossier même y est gardée.",
            "Of the handsets heard around the facility, a share estimated from the case itself is kept there.",
        ),
        threshold: 0.01,
        imports: vec![
            import(
                "records-a.parquet",
                "records",
                11_204_331,
                &[("time is blank", 214), ("sector: MCC is not a number", 9_120)],
                &[("check digit does not fit", 31_044)],
            ),
            import(
                "records-b.csv.zst",
                "records",
                8_790_120,
                &[("time is not a time", 77)],
                &[("sector not in the table", 120_933)],
            ),
            import("sectors.csv", "sectors", 48_211, &[], &[]),
            import("facilities.geojson", "facilities", 66, &[], &[]),
            import("ledger.csv", "ledger", 5_012, &[("imei: not 14 to 16 digits", 41)], &[]),
        ],
        notes: vec![],
    })
}

fn facility(index: usize, dice: &mut Dice) -> Result<FacilityPage, Box<dyn Error>> {
    let place = Point { lat: dice.between(43.6, 49.6), lon: dice.between(-0.6, 6.2) };
    let outline = [(-110.0, -70.0), (120.0, -90.0), (140.0, 60.0), (20.0, 110.0), (-120.0, 80.0)];
    let names = ["Maison d’arrêt", "Centre pénitentiaire", "Centre de détention"];
    let towns = ["Aubremont", "Vaucresle", "Champ-Notre-Dame", "Saint-Éloi", "Belrive", "Montfaux", "Lisières"];
    Ok(FacilityPage {
        id: format!("F{index:03}").parse()?,
        name: format!("{} de {} {}", names[index % 3], towns[index % 7], index + 1),
        place,
        outline: outline.iter().map(|&(east, north)| place.moved(east, north)).collect(),
        capacity: Some(200 + dice.below(900) as i64),
        timezone: Some("Europe/Paris".to_owned()),
        expected: 0.0,
        listed: 0,
        surveyed: !index.is_multiple_of(4),
        sectors: (0..36).map(|number| around(index, number, place, dice)).collect(),
    })
}

fn around(facility: usize, number: usize, place: Point, dice: &mut Dice) -> FacilitySector {
    let site = number / 3;
    let angle = site as f64 * 2.4;
    let distance = 250.0 + 420.0 * site as f64;
    let to_us = (angle.to_degrees() + 180.0).rem_euclid(360.0);
    let azimuth = (site as f64 * 37.0 + number as f64 * 120.0).rem_euclid(360.0);
    let serves_inside = distance < 2_000.0 && ((azimuth - to_us + 540.0).rem_euclid(360.0) - 180.0).abs() < 60.0;
    FacilitySector {
        sector: SectorPage {
            id: format!("208-{:02}-{}-{}", [1, 10, 15, 20][site % 4], 1_000 + facility, 10_000 + number),
            operator: ["Alpha", "Bravo", "Charlie", "Delta"][site % 4].to_owned(),
            technology: ["GSM", "UMTS", "LTE"][site % 3].to_owned(),
            place: place.moved(distance * angle.sin(), distance * angle.cos()),
            azimuth_deg: (site != 5).then_some(azimuth),
            beamwidth_deg: (site != 5).then_some(65.0),
        },
        serves_inside,
        survey_share: (!facility.is_multiple_of(4)).then(|| if serves_inside { dice.between(0.02, 0.3) } else { 0.0 }),
    }
}

fn device(index: usize, place: &FacilityPage, kept: bool, dice: &mut Dice) -> Result<DevicePage, Box<dyn Error>> {
    let findings = findings(kept, dice);
    let log10_lr: f64 = findings.iter().map(|finding| finding.log10_lr).sum();
    let prior = -2.0;
    let odds = 10f64.powf(log10_lr + prior - 0.1);
    let first: Timestamp = "2026-09-15T18:02:00Z".parse()?;
    let class = [DeviceClass::Mini, DeviceClass::Mini, DeviceClass::Smart, DeviceClass::Feature, DeviceClass::Unknown]
        [dice.below(5)];
    let device = Device {
        handset: format!("h{:016x}", (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        imei: if index.is_multiple_of(41) {
            None
        } else {
            Imei::from_number(35_000_000_000_000 + (dice.roll() * 9e12) as u64)
        },
        other_imeis: if index.is_multiple_of(9) {
            Imei::from_number(35_111_111_000_000 + index as u64).into_iter().collect()
        } else {
            vec![]
        },
        facility: place.id.clone(),
        log10_lr,
        probability: odds / (1.0 + odds),
        first_seen: first.as_microsecond() + (dice.roll() * 4e11) as i64,
        last_seen: first.as_microsecond() + (2e12 + dice.roll() * 4e11) as i64,
        events: 20 + dice.below(600) as u64,
        days_present: 1 + dice.below(29) as u32,
        imsis: 1 + dice.below(4) as u32,
        in_ledger: findings.iter().any(|finding| matches!(finding.fact, Fact::Ledger { .. })),
        class,
        cloned: index % 37 == 5,
        findings,
    };
    let detail = DeviceDetail { activity: activity(kept, dice), sectors: serving(place, kept, dice) };
    Ok(DevicePage {
        model: (class == DeviceClass::Mini).then(|| "BM70".to_owned()),
        known_role: (index % 53 == 7).then(|| "agent".to_owned()),
        detail: (index < 1_000 || kept).then_some(detail),
        ..DevicePage::new(device, prior)
    })
}

fn findings(kept: bool, dice: &mut Dice) -> Vec<Finding> {
    let size = if kept { 1.0 } else { -0.55 };
    let mut findings = Vec::new();
    let mut add = |fact: Fact, source: Source, weight: f64| findings.push(Finding { fact, source, log10_lr: weight });
    let events = 60 + dice.below(400) as u32;
    let inside_events =
        (f64::from(events) * if kept { dice.between(0.8, 0.99) } else { dice.between(0.2, 0.9) }) as u32;
    add(
        Fact::SectorFit { inside_events, events, basis: RadioBasis::Survey },
        Source::Records,
        size * dice.between(0.5, 2.2),
    );
    add(
        Fact::TimingAdvance { count: events / 3, fitting_share: dice.roll() },
        Source::Records,
        size * dice.between(-0.1, 0.7),
    );
    let days = if kept { 0 } else { dice.below(9) as u32 };
    add(
        Fact::Excursions { days, days_seen: 24, farthest_m: if kept { 2_400.0 } else { 41_000.0 } },
        Source::Records,
        size * dice.between(0.1, 1.3),
    );
    add(Fact::Presence { days_present: 21, days_span: 30 }, Source::Records, dice.between(-0.3, 0.4));
    add(
        Fact::Hours { evening_share: dice.roll() * 0.7, working_share: 0.2, events },
        Source::Records,
        size * dice.between(-0.2, 0.8),
    );
    add(
        Fact::Sessions { on_off_share: 0.12, hours_a_day: dice.between(1.0, 6.0) },
        Source::Records,
        size * dice.between(-0.2, 0.7),
    );
    add(Fact::Sims { count: 1 + dice.below(4) as u32, days: 24 }, Source::Records, dice.between(-0.3, 0.5));
    add(Fact::Model { class: DeviceClass::Mini }, Source::Catalogue, dice.between(-0.5, 0.8));
    if dice.roll() < 0.4 {
        add(Fact::Ledger { days_to_first_seen: Some(dice.below(40) as i64) }, Source::Ledger, dice.between(0.3, 1.1));
    } else {
        add(Fact::NotInLedger, Source::Ledger, dice.between(-0.4, -0.01));
    }
    add(Fact::Calibration, Source::Records, dice.between(-0.3, 0.1));
    findings
}

fn activity(kept: bool, dice: &mut Dice) -> Activity {
    let mut activity = Activity::new(FIRST_DAY, DAYS);
    for index in 0..DAYS {
        let day = FIRST_DAY.saturating_add((index as i64).days());
        if dice.roll() < 0.25 {
            continue;
        }
        for _ in 0..3 + dice.below(5) {
            let hour = if dice.roll() < 0.75 { (18 + dice.below(8)) % 24 } else { dice.below(24) };
            let place = if !kept && dice.roll() < 0.3 { Where::Elsewhere } else { Where::Here };
            activity.add(day, hour as u8, place, 1 + dice.below(12) as u32);
        }
    }
    activity
}

fn serving(place: &FacilityPage, kept: bool, dice: &mut Dice) -> Vec<ServingSector> {
    let chosen: Vec<&FacilitySector> =
        place.sectors.iter().filter(|sector| sector.serves_inside || dice.roll() < 0.2).collect();
    let mut serving: Vec<ServingSector> = chosen
        .into_iter()
        .map(|around| ServingSector {
            sector: around.sector.clone(),
            events: if around.serves_inside {
                10 + dice.below(90) as u32
            } else {
                1 + dice.below(if kept { 5 } else { 40 }) as u32
            },
            share: 0.0,
            serves_inside: around.serves_inside,
        })
        .collect();
    let total: u32 = serving.iter().map(|sector| sector.events).sum();
    for sector in &mut serving {
        sector.share = f64::from(sector.events) / f64::from(total);
    }
    serving.sort_by_key(|sector| std::cmp::Reverse(sector.events));
    serving
}

fn truth() -> Truth {
    let kept = [
        ("Ordinaires", "Ordinary", 820, 790, 4),
        ("Moins de dix enregistrements", "Fewer than ten records", 96, 61, 2),
        ("Dans une aile brouillée", "In a jammed wing", 88, 74, 0),
        ("Loués", "Rented", 64, 60, 1),
        ("Transférés", "Transferred", 40, 33, 5),
        ("IMEI cloné", "Cloned IMEI", 31, 24, 1),
    ];
    let alarms = [
        ("Voisins qui ne sortent pas", "Neighbours who never leave", 21),
        ("Téléphones d’agents au casier", "Officers’ phones in lockers", 9),
        ("Modems d’alarme", "Alarm modems", 2),
    ];
    Truth {
        threshold: 0.5,
        kept: kept.map(|(fr, en, there, found, wrong)| Stratum { name: Text::new(fr, en), there, found, wrong }).into(),
        marked: Vec::new(),
        false_alarms: alarms.map(|(fr, en, listed)| FalseAlarm { name: Text::new(fr, en), listed }).into(),
    }
}

/// Two operators' days, one with a gap.
fn quality() -> Quality {
    let day = |index: usize, operator: &str, records: u64| DayQuality {
        day: (FIRST_DAY + (index as i64).days()).to_string(),
        operator: operator.to_owned(),
        technology: "LTE".to_owned(),
        records,
        gap: records < 1_000,
    };
    let days = (0..DAYS).flat_map(|index| {
        let records = if index == 11 { 0 } else { 90_000 + 4_000 * (index as u64 % 7) };
        [day(index, "208-01", 120_000), day(index, "208-20", records)]
    });
    let remark = QualityRemark {
        code: "gaps".to_owned(),
        count: 1,
        what: Text::new("jours avec un trou", "days with a gap"),
        meaning: Text::new(
            "un téléphone muet ce jour-là ne l'était peut-être pas",
            "a phone silent then may not have been",
        ),
        details: Vec::new(),
    };
    let mut days: Vec<DayQuality> = days.collect();
    days.sort_by(|a, b| a.operator.cmp(&b.operator));
    Quality { tables: Vec::new(), days, covers: Vec::new(), remarks: vec![remark] }
}
