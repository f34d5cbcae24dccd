//! How fast records are written and folded, and profiles merged, as they are or sealed:
//! `fold_speed [million records] [sealed]`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "an example that prints what it measured")]

use std::time::Instant;

use cellsweep_engine::{EngineSettings, ProfileImport, RecordWriter, Wanted, map_profiles};
use cellsweep_model::record::RecordColumns;
use cellsweep_vault::{FileKey, Keeping};

fn main() {
    let millions: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(5);
    let dir = std::env::temp_dir().join(format!("cellsweep-fold-speed-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let settings = EngineSettings { memory_bytes: 1 << 30, threads: 2, run_rows: 1 << 19 };
    let keeping = match std::env::args().nth(2).as_deref() {
        Some("sealed") => Keeping::Sealed(FileKey::from_bytes([7; 32])),
        _ => Keeping::Plain,
    };
    let start = Instant::now();
    let mut writer = RecordWriter::create(&dir, &keeping, &settings);
    let mut state = 1u64;
    let handsets = millions * 1_000_000 / 200;
    let total = millions * 1_000_000;
    let mut made = 0u64;
    while made < total {
        let mut columns = RecordColumns::default();
        for _ in 0..65_536 {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let handset = state % handsets;
            columns.handset.push(35_000_000_000_000 + handset * 7);
            columns.time.push(1_742_000_000_000_000 + (made as i64) * (30 * 86_400_000_000 / total as i64));
            columns.imei.push(1_350_000_000_000_000 + handset * 70);
            columns.imsi.push(1_208_010_000_000_000 + handset * 13);
            columns.msisdn.push(133_600_000_000 + handset * 17);
            columns.peer.push(if state >> 60 < 4 { (133_600_000_000 + (state >> 20) % 5_000_000) as i64 } else { 0 });
            columns.operator.push(0);
            columns.event.push((state >> 40) as u8 % 6);
            columns.direction.push((state >> 48) as u8 % 3);
            columns.technology.push((state >> 52) as u8 % 3);
            columns.sector.push((handset * 31 + ((state >> 56) % 5) * 77) % 20_000);
            columns.timing_advance.push(if state & 1 == 0 { 3 } else { -1 });
            columns.duration_s.push((state >> 30) as i32 & 0xfff);
            made += 1;
        }
        writer.push(columns).unwrap();
    }
    let written = writer.finish().unwrap();
    println!("wrote and folded {} M in {:.2} s", written.rows / 1_000_000, start.elapsed().as_secs_f64());
    let bytes = |prefix: &str| -> u64 {
        let named = written.files.iter().filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(prefix));
        named.map(|path| path.metadata().unwrap().len()).sum()
    };
    println!("records {} MB, profiles {} MB", bytes("records") / 1_000_000, bytes("profiles") / 1_000_000);
    let import = ProfileImport { dir: dir.clone(), keeping, operators: vec!["208-01".to_owned()] };
    let start = Instant::now();
    let counts =
        map_profiles(&[import], &settings, &|_| {}, Wanted::ALL, &|profile| vec![(1, profile.rows.len())]).unwrap();
    let (profiles, rows) = counts.iter().fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    println!(
        "merged {profiles} handsets, {rows} rows in {:.2} s ({} ranges)",
        start.elapsed().as_secs_f64(),
        counts.len()
    );
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap());
    std::fs::remove_dir_all(&dir).unwrap();
}
