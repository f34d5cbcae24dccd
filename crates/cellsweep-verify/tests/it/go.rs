//! Go's transparency log library reads what we write.

use std::path::{Path, PathBuf};
use std::process::Command;

use cellsweep_proof::{Hash, prove_consistency, prove_inclusion};

use crate::made_log::MadeLog;
use crate::tools::{kept, output, run};

/// `verify_tlog.go`, built with Debian's Go.
pub fn built() -> PathBuf {
    let program = kept("go").join("verify_tlog");
    let mut go = Command::new("go");
    go.args(["build", "-o"]).arg(&program).arg("verify_tlog.go");
    go.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside"));
    go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
    run(go.env("GOCACHE", kept("go-cache")));
    program
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn put_proof(&self, name: &str, proof: &[Hash]) -> PathBuf {
        self.put(name, proof.iter().map(|hash| format!("{hash}\n")).collect::<String>())
    }
}

pub fn holds(program: &Path, words: &[&Path]) -> bool {
    let output = output(Command::new(program).args(words));
    output.status.success() && output.stdout == b"holds\n"
}

fn made() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(5);
    log.checkpoint();
    log.grow(8);
    log.witnessed_checkpoint();
    log
}

#[test]
fn go_accepts_every_record_and_refuses_a_changed_byte() {
    let (log, program, folder) = (made(), built(), Folder(tempfile::tempdir().unwrap()));
    let vkey = folder.put("vkey", log.first.verifier().to_string() + "\n");
    let checkpoint = folder.put("checkpoint", log.checkpoints[1].1.to_string());
    for (index, line) in log.lines.iter().enumerate() {
        let proof = prove_inclusion(13, index as u64, log.tree.reader()).unwrap();
        let proof = folder.put_proof("proof", &proof);
        let check = |record: &Path, checkpoint: &Path| {
            let number = index.to_string();
            holds(&program, &[Path::new("record"), &vkey, checkpoint, Path::new(&number), record, &proof])
        };
        let record = folder.put("record", line);
        assert!(check(&record, &checkpoint), "record {index}");
        let mut bytes = line.clone().into_bytes();
        let at = (index * 31) % bytes.len();
        bytes[at] ^= 1;
        assert!(!check(&folder.put("record", &bytes), &checkpoint), "record {index}, byte {at} changed");
        let mut note = log.checkpoints[1].1.to_string().into_bytes();
        let at = index * 7;
        note[at] ^= 1;
        let record = folder.put("record", line);
        assert!(!check(&record, &folder.put("bent", &note)), "checkpoint, byte {at} changed");
    }
}

#[test]
fn go_accepts_consistency_and_refuses_a_changed_byte() {
    let (log, program, folder) = (made(), built(), Folder(tempfile::tempdir().unwrap()));
    let vkey = folder.put("vkey", log.first.verifier().to_string());
    let old = folder.put("old", log.checkpoints[0].1.to_string());
    let new = folder.put("new", log.checkpoints[1].1.to_string());
    let proof = prove_consistency(13, 5, log.tree.reader()).unwrap();
    let check = |proof: &Path| holds(&program, &[Path::new("tree"), &vkey, &old, &new, proof]);
    assert!(check(&folder.put_proof("proof", &proof)));
    for at in 0..proof.len() {
        let mut bent = proof.clone();
        bent[at].0[at] ^= 1;
        assert!(!check(&folder.put_proof("bent", &bent)), "hash {at}");
    }
}

/// A key and a note that Go made are read by us in `cellsweep-proof`; here Go reads a note under two keys.
#[test]
fn go_reads_a_hand_over_under_either_key() {
    let (program, folder) = (built(), Folder(tempfile::tempdir().unwrap()));
    let mut log = MadeLog::new();
    log.grow(2);
    log.rotate(2);
    let checkpoint = folder.put("checkpoint", log.checkpoints[0].1.to_string());
    let proof = folder.put_proof("proof", &prove_inclusion(3, 2, log.tree.reader()).unwrap());
    let record = folder.put("record", &log.lines[2]);
    for (signer, expected) in [(&log.first, true), (&log.key, true), (&MadeLog::signer(3), false)] {
        let vkey = folder.put("vkey", signer.verifier().to_string());
        let held = holds(&program, &[Path::new("record"), &vkey, &checkpoint, Path::new("2"), &record, &proof]);
        assert_eq!(held, expected);
    }
}
