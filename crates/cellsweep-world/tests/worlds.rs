//! Worlds repeat, differ, and are of sane proportions.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test may stop")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use cellsweep_world::truth::{self, Class};
use cellsweep_world::{Shape, Summary, Trial, WorldKind, WorldSettings, generate};

fn tiny(seed: u64) -> WorldSettings {
    WorldSettings { seed, facilities: 2, days: 3, records: 30_000, ..WorldSettings::default() }
}

fn make(settings: &WorldSettings, out: &Path, threads: usize) -> Summary {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    pool.install(|| generate(settings, out, &|_| {})).unwrap()
}

/// Every file's bytes by its name.
fn bytes(root: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut out = BTreeMap::new();
    for folder in ["case", "truth"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            out.insert(
                format!("{folder}/{}", path.file_name().unwrap().to_string_lossy()),
                std::fs::read(&path).unwrap(),
            );
        }
    }
    out
}

#[test]
fn same_bytes_on_one_thread_and_two() {
    for shape in [Shape::Everything, Shape::PrisonSectors, Shape::ImeiList] {
        let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let settings = WorldSettings { shape, ..tiny(5) };
        make(&settings, a.path(), 1);
        make(&settings, b.path(), 2);
        let (a, b) = (bytes(a.path()), bytes(b.path()));
        assert!(a.keys().eq(b.keys()));
        for (name, content) in &a {
            assert!(b.get(name) == Some(content), "{name} differs");
        }
    }
}

#[test]
fn seeds_differ() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    make(&tiny(1), a.path(), 2);
    make(&tiny(2), b.path(), 2);
    assert_ne!(bytes(a.path()).get("case/roster.csv"), bytes(b.path()).get("case/roster.csv"));
}

#[test]
fn a_tiny_world_is_quick() {
    let folder = tempfile::tempdir().unwrap();
    let start = Instant::now();
    let summary = make(&tiny(3), folder.path(), 2);
    println!("{:?} {summary:?}", start.elapsed());
    // A second on a quiet machine; the bound leaves room for a busy one.
    assert!(start.elapsed().as_secs_f64() < 5.0);
    assert!((15_000..90_000).contains(&summary.recorded), "{}", summary.recorded);
}

#[test]
fn proportions_are_sane() {
    for (seed, kind) in [(21, WorldKind::A), (22, WorldKind::B)] {
        let folder = tempfile::tempdir().unwrap();
        let settings =
            WorldSettings { seed, facilities: 10, days: 10, records: 500_000, kind, ..WorldSettings::default() };
        let summary = make(&settings, folder.path(), 2);
        assert!((400_000..620_000).contains(&summary.recorded), "{}", summary.recorded);
        let truth = truth::read(&folder.path().join("truth/handsets.csv")).unwrap();
        let count = |f: &dyn Fn(&truth::Handset) -> bool| truth.iter().filter(|h| f(h)).count();
        let kept = count(&|h| h.kept);
        assert_eq!(kept, summary.kept);
        assert!(kept * 200 > summary.inmates && kept * 4 < summary.inmates, "{kept} of {}", summary.inmates);
        for class in [
            Class::InmateMini,
            Class::InmateSmart,
            Class::Neighbour,
            Class::HomeStayer,
            Class::FreeMiniOwner,
            Class::OfficerLocker,
            Class::Driver,
        ] {
            assert!(count(&|h| h.class == class) > 0, "{class:?}");
        }
        assert!(count(&|h| h.kept && h.facility.is_empty()) == 0);
        assert!(count(&|h| h.kept && h.seized) == 0);
        assert!(count(&|h| h.kept && h.cell.is_empty()) * 5 < kept);
    }
}

#[test]
fn answers_cut_what_is_handed_over() {
    let whole = tempfile::tempdir().unwrap();
    let all = make(&tiny(7), whole.path(), 2);
    assert!(!whole.path().join("case/requests.csv").exists());
    for shape in [Shape::PrisonSectors, Shape::ImeiList] {
        let folder = tempfile::tempdir().unwrap();
        let cut = make(&WorldSettings { shape, ..tiny(7) }, folder.path(), 2);
        assert!(cut.records < all.records && cut.records > 100, "{shape:?}: {} of {}", cut.records, all.records);
        assert!(folder.path().join("case/requests.csv").exists());
    }
}

/// Handsets of inmates heard a day, before and after a day, at the jammed facilities.
#[test]
fn a_trial_silences_the_share_that_it_says_and_nothing_else() {
    let settings = |effect: f64| WorldSettings {
        facilities: 3,
        days: 12,
        records: 60_000,
        trial: Some(Trial {
            facilities: 1,
            from_day: 6,
            effect,
            spill: 0.0,
            technologies: Vec::new(),
            half_the_wings: false,
            outage: false,
        }),
        ..tiny(11)
    };
    let made: Vec<(tempfile::TempDir, Summary)> = [0.0, 0.6]
        .into_iter()
        .map(|effect| {
            let folder = tempfile::tempdir().unwrap();
            let summary = make(&settings(effect), folder.path(), 2);
            (folder, summary)
        })
        .collect();
    let text = |index: usize, name: &str| std::fs::read_to_string(made[index].0.path().join(name)).unwrap();
    let jamming = text(0, "case/jamming.csv");
    assert_eq!(jamming.lines().count(), 2, "{jamming}");
    assert_eq!(jamming, text(1, "case/jamming.csv"));
    assert_eq!(text(0, "case/roster.csv"), text(1, "case/roster.csv"));
    let site = jamming.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    let events = |index: usize, jammed: bool| -> f64 {
        let truth = truth::read(&made[index].0.path().join("truth/handsets.csv")).unwrap();
        let inside = truth.iter().filter(|h| h.class.is_inmates() && (h.stratum_facility == site) == jammed);
        inside.map(|h| f64::from(h.events)).sum()
    };
    // Half of the days are jammed and six of ten handset-days of them silent: about 30 % of all records.
    let left = events(1, true) / events(0, true);
    assert!((0.55..0.85).contains(&left), "{left}");
    let elsewhere = events(1, false) / events(0, false);
    assert!((0.93..1.07).contains(&elsewhere), "{elsewhere}");
}
