//! How fast a log is checked and appended to, and how many hashes a proof takes: run by hand, on one core.
//!
//! `cargo run --release -p cellsweep-proof --example log_speed -- [ENTRIES]`

#![expect(clippy::print_stdout, reason = "it is what it is for")]

use std::hint::black_box;
use std::io::Cursor;
use std::time::Instant;

use cellsweep_proof::export::{LogFiles, Trust, check_log};
use cellsweep_proof::{
    By, Checkpoint, Entry, Frontier, Hash, LogKind, MemoryTree, Object, Operation, Salt, Signer, check_consistency,
    check_inclusion, prove_consistency, prove_inclusion,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let most: u64 = std::env::args().nth(1).map_or(Ok(10_000_000), |text| text.parse())?;
    let line = entry(123_456)?.to_line()?;
    println!("an entry of {} bytes", line.len());
    hashes(&line);
    proofs(most)?;
    whole_log(most.min(1_000_000))
}

/// An entry as an import leaves it.
fn entry(n: u64) -> Result<Entry, Box<dyn std::error::Error>> {
    let mut data = Object::new();
    data.insert("rows".to_owned(), (n * 17 % 1_000_003).into());
    data.insert("digest".to_owned(), Hash::of(&n.to_le_bytes()).to_string().into());
    Ok(Entry {
        n,
        log: LogKind::Custody,
        received: "2026-03-01T06:00:00.000000Z".parse()?,
        occurred: None,
        by: By { name: "j.dupont".to_owned(), role: Some("examiner".to_owned()) },
        device: None,
        authority: Some("authority:12".parse()?),
        operation: Operation::Collection,
        kind: "import.done".parse()?,
        reason: None,
        refs: vec![format!("import:{}", n % 1000).parse()?],
        data,
        sealed: None,
        salt: Salt([n.to_le_bytes()[0]; 16]),
    })
}

/// Leaf hashes and the tree above them: what checking a log's hashes is.
fn hashes(line: &str) {
    let rounds = 2_000_000u64;
    let start = Instant::now();
    let mut frontier = Frontier::new();
    for _ in 0..rounds {
        frontier.push(Hash::leaf(black_box(line.as_bytes())));
    }
    black_box(frontier.root());
    report("entries hashed, tree and root", rounds, start);
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(Hash::leaf(black_box(line.as_bytes())));
    }
    report("leaf hashes alone", rounds, start);
}

fn proofs(most: u64) -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "\n{:>11} {:>9} {:>12} {:>9} {:>12} {:>12}",
        "entries", "in proof", "prove, µs", "check, µs", "consistency", "append, ns"
    );
    let mut size = 1_000;
    while size <= most {
        let start = Instant::now();
        let mut tree = MemoryTree::new();
        (0..size).for_each(|n| tree.append(Hash(leaf(n))));
        let append = start.elapsed().as_nanos() as f64 / size as f64;
        let rounds = 1_000u64;
        let picks: Vec<u64> = (0..rounds).map(|i| (i * 7_919 * 31) % size).collect();
        let start = Instant::now();
        let proofs: Result<Vec<_>, _> = picks.iter().map(|n| prove_inclusion(size, *n, tree.reader())).collect();
        let (proofs, prove) = (proofs?, start.elapsed().as_nanos() as f64 / 1e3 / rounds as f64);
        let start = Instant::now();
        let root = tree.root();
        for (n, proof) in picks.iter().zip(&proofs) {
            check_inclusion(proof, size, &root, *n, &Hash(leaf(*n)))?;
        }
        let check = start.elapsed().as_nanos() as f64 / 1e3 / rounds as f64;
        let longest = proofs.iter().map(Vec::len).max().unwrap_or(0);
        let old = size / 3;
        let seam = prove_consistency(size, old, tree.reader())?;
        check_consistency(&seam, size, &root, old, &cellsweep_proof::root(old, tree.reader())?)?;
        println!("{size:>11} {longest:>9} {prove:>12.1} {check:>9.1} {:>12} {append:>12.0}", seam.len());
        size *= 10;
    }
    Ok(())
}

fn leaf(n: u64) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&n.to_le_bytes());
    bytes
}

/// A whole log as `cellsweep-verify log` checks it: every entry parsed and hashed, hashes read, two trees.
fn whole_log(entries: u64) -> Result<(), Box<dyn std::error::Error>> {
    let signer = Signer::from_seed("example.org/case".parse()?, &[1; 32]);
    let (mut lines, mut hashes, mut frontier) = (String::new(), String::new(), Frontier::new());
    let start = Instant::now();
    for n in 0..entries {
        let line = entry(n)?.to_line()?;
        let leaf = Hash::leaf(line.as_bytes());
        frontier.append(leaf);
        lines += &line;
        lines.push('\n');
        hashes += &format!("{leaf}\n");
    }
    println!();
    report("entries made, printed and hashed", entries, start);
    let checkpoint = Checkpoint::new(signer.verifier().name().clone(), entries, frontier.root());
    let files = LogFiles {
        vkey: Some(format!("{}\n", signer.verifier()).into_bytes()),
        checkpoint: Some(checkpoint.sign(&[&signer])?.to_string().into_bytes()),
        ..LogFiles::default()
    };
    let start = Instant::now();
    let found = check_log(&files, Cursor::new(&lines), Some(Cursor::new(&hashes)), &Trust::default())?;
    report("entries of a log checked, parsed strictly", entries, start);
    println!("holds: {}, {} MB of entries", found.holds(), lines.len() / 1_000_000);
    let start = Instant::now();
    let rounds = 2_000;
    let note = checkpoint.sign(&[&signer])?;
    for _ in 0..rounds {
        Checkpoint::open(black_box(&note), signer.verifier())?;
    }
    report("checkpoints' signatures checked", rounds, start);
    Ok(())
}

fn report(what: &str, count: u64, start: Instant) {
    let rate = count as f64 / start.elapsed().as_secs_f64();
    println!("{what}: {rate:.0} a second");
}
