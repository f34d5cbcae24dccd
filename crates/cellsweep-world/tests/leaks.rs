//! What a single column or count tells about who is kept: behaviour may, identifiers may not.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "a test may stop")]

mod common;

use std::collections::HashMap;

use cellsweep_world::truth::{self, Handset};
use cellsweep_world::{Shape, WorldKind, WorldSettings, generate};
use common::{Record, records};

/// Figures of one handset, by its first fourteen digits.
#[derive(Default)]
struct Figures {
    n: f64,
    kinds: [f64; 6],
    times: Vec<i64>,
    imsis: Vec<u64>,
    numbers: Vec<u64>,
    micros: f64,
    blank_number_in_attach: (f64, f64),
    wrong_check: f64,
    advance: HashMap<String, (f64, f64)>,
    position: f64,
    sectors: std::collections::HashSet<String>,
    peers: std::collections::HashSet<String>,
}

fn gather(rows: &[Record]) -> HashMap<String, Figures> {
    let mut out: HashMap<String, Figures> = HashMap::new();
    for (position, r) in rows.iter().enumerate() {
        let Some(key) = r.imei.as_deref().and_then(|i| i.get(..14)) else { continue };
        let f = out.entry(key.to_owned()).or_default();
        f.n += 1.0;
        let kind = ["voice", "sms", "data", "attach", "update", "detach"].iter().position(|k| *k == r.event).unwrap();
        f.kinds[kind] += 1.0;
        f.times.push(r.time);
        f.micros += (r.time % 1_000_000) as f64;
        f.imsis.extend(r.imsi.as_deref().and_then(|v| v.parse::<u64>().ok()));
        f.numbers.extend(r.msisdn.as_deref().and_then(|v| v.parse::<u64>().ok()));
        if kind == 3 {
            f.blank_number_in_attach.0 += f64::from(u8::from(r.msisdn.is_none()));
            f.blank_number_in_attach.1 += 1.0;
        }
        // Of the first rows only: the share of a rare thing else tells how many rows there are.
        if f.n <= 40.0 {
            f.wrong_check +=
                f64::from(u8::from(r.imei.as_deref().is_some_and(|i| i.len() == 15 && !i.ends_with('0') && !luhn(i))));
        }
        let slot = f.advance.entry(format!("{}{}", r.operator, r.technology)).or_default();
        slot.0 += f64::from(u8::from(r.advance.is_some()));
        slot.1 += 1.0;
        f.position += position as f64;
        f.sectors.insert(r.sector.clone());
        f.peers.extend(r.peer.clone());
    }
    out
}

fn luhn(imei: &str) -> bool {
    let sum: u32 = imei
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| {
            let d = u32::from(b - b'0');
            let v = if i % 2 == 1 { d * 2 } else { d };
            v / 10 + v % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Probability that a kept handset's value is above another's, ties halved, with its standard error.
fn auc(values: &[(f64, bool)]) -> (f64, f64) {
    let mut sorted: Vec<_> = values.iter().filter(|v| v.0.is_finite()).copied().collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (pos, neg) = (sorted.iter().filter(|v| v.1).count() as f64, sorted.iter().filter(|v| !v.1).count() as f64);
    let mut rank = 0.0;
    let mut sum = 0.0;
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        let middle = rank + (group.len() as f64 + 1.0) / 2.0;
        sum += middle * group.iter().filter(|v| v.1).count() as f64;
        rank += group.len() as f64;
    }
    let area = (sum - pos * (pos + 1.0) / 2.0) / (pos * neg);
    (area, ((pos + neg + 1.0) / (12.0 * pos * neg)).sqrt())
}

type Feature = (&'static str, fn(&str, &Figures) -> f64);

fn share(f: &Figures, kind: usize) -> f64 {
    f.kinds[kind] / f.n
}

fn hour(t: i64) -> f64 {
    ((t / 3_600_000_000) % 24) as f64
}

/// Nothing about these may follow from who holds the handset.
const IDENTIFIERS: &[Feature] = &[
    ("serial", |k, _| k[8..].parse().unwrap()),
    ("serial's first digit", |k, _| k[8..9].parse().unwrap()),
    ("serial's last digit", |k, _| k[13..].parse().unwrap()),
    ("imsi's serial", |_, f| f.imsis.first().map_or(f64::NAN, |i| (i % 10_000_000_000) as f64)),
    ("imsi's operator", |_, f| f.imsis.first().map_or(f64::NAN, |i| ((i / 10_000_000_000) % 100) as f64)),
    ("number", |_, f| f.numbers.first().map_or(f64::NAN, |i| (i % 100_000_000) as f64)),
    ("number's prefix", |_, f| f.numbers.first().map_or(f64::NAN, |i| (i / 100_000_000) as f64)),
    ("microseconds", |_, f| f.micros / f.n),
    ("number blank in attach", |_, f| f.blank_number_in_attach.0 / f.blank_number_in_attach.1),
    ("wrong check digit", |_, f| if f.n >= 40.0 { f.wrong_check } else { f64::NAN }),
    ("timing advance where the operator has it", |_, f| {
        let has = f.advance.values().filter(|a| a.0 > 0.0 || a.1 > 8.0);
        let (a, b) = has.fold((0.0, 0.0), |s, a| (s.0 + a.0, s.1 + a.1));
        if b > 3.0 && a > 0.0 { a / b } else { f64::NAN }
    }),
];

/// These may tell something, but none alone may settle it.
const BEHAVIOUR: &[Feature] = &[
    ("tac", |k, _| k[..8].parse().unwrap()),
    ("rows", |_, f| f.n),
    ("voice", |_, f| share(f, 0)),
    ("sms", |_, f| share(f, 1)),
    ("data", |_, f| share(f, 2)),
    ("attach", |_, f| share(f, 3)),
    ("update", |_, f| share(f, 4)),
    ("detach", |_, f| share(f, 5)),
    ("sim cards", |_, f| {
        let mut v = f.imsis.clone();
        v.sort_unstable();
        v.dedup();
        v.len() as f64
    }),
    ("first seen", |_, f| f.times.iter().min().map_or(0.0, |t| *t as f64)),
    ("last seen", |_, f| f.times.iter().max().map_or(0.0, |t| *t as f64)),
    ("first hour", |_, f| f.times.iter().min().map_or(0.0, |t| hour(*t))),
    ("mean hour", |_, f| f.times.iter().map(|t| hour(*t)).sum::<f64>() / f.n),
    ("days", |_, f| {
        let mut v: Vec<i64> = f.times.iter().map(|t| t / 86_400_000_000).collect();
        v.sort_unstable();
        v.dedup();
        v.len() as f64
    }),
    ("sectors", |_, f| f.sectors.len() as f64),
    ("peers", |_, f| f.peers.len() as f64),
    ("position in the files", |_, f| f.position / f.n),
];

#[test]
fn one_column_never_tells_who_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let settings = WorldSettings {
        seed: 11,
        facilities: 8,
        days: 10,
        records: 400_000,
        shape: Shape::Everything,
        kind: WorldKind::A,
        ..WorldSettings::default()
    };
    generate(&settings, folder.path(), &|_| {}).unwrap();
    let figures = gather(&records(&folder.path().join("case")));
    let truth = truth::read(&folder.path().join("truth/handsets.csv")).unwrap();
    let by_imei: HashMap<&str, &Handset> =
        truth.iter().filter(|h| !h.cloned).flat_map(|h| [(h.imei14.as_str(), h), (h.other_imei.as_str(), h)]).collect();
    let mut worst = Vec::new();
    for (list, strict) in [(IDENTIFIERS, true), (BEHAVIOUR, false)] {
        for (name, value) in list {
            let values: Vec<(f64, bool)> =
                figures.iter().filter_map(|(k, f)| by_imei.get(k.as_str()).map(|h| (value(k, f), h.kept))).collect();
            let (area, error) = auc(&values);
            println!("{name:40} {area:.3} ± {error:.3}");
            let fine = if strict { (area - 0.5).abs() < 0.02 + 3.5 * error } else { (0.03..0.97).contains(&area) };
            if !fine {
                worst.push(format!("{name}: {area:.3}"));
            }
        }
    }
    assert!(worst.is_empty(), "{worst:?}");
}
