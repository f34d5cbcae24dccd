//! Go's transparency log library reads what we write.

use std::path::{Path, PathBuf};
use std::process::Command;

use cellsweep_proof::{Hash, prove_consistency, prove_inclusion};

use crate::made_log::MadeLog;
use crate::tools::{kept, output, run};

/// `verify_tlog.go`, built with Debian's Go into a folder of the test's own; tests run side by side.
pub struct Verifier(tempfile::TempDir);

impl Verifier {
    pub fn built() -> Self {
        let verifier = Self(tempfile::tempdir().unwrap());
        let mut go = Command::new("go");
        go.args(["build", "-o"]).arg(verifier.program()).arg("verify_tlog.go");
        go.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/outside"));
        go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode"), ("GOFLAGS", "")]);
        run(go.env("GOCACHE", kept("go-cache")));
        verifier
    }

    fn program(&self) -> PathBuf {
        self.0.path().join("verify_tlog")
    }

    pub fn holds(&self, words: &[&Path]) -> bool {
        let output = output(Command::new(self.program()).args(words));
        output.status.success() && output.stdout == b"holds\n"
    }

    /// Leaves a file beside the program.
    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn put_proof(&self, name: &str, proof: &[Hash]) -> PathBuf {
        self.put(name, proof.iter().map(|hash| format!("{hash}\n")).collect::<String>())
    }
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
    let (log, go) = (made(), Verifier::built());
    let vkey = go.put("vkey", log.first.verifier().to_string() + "\n");
    let checkpoint = go.put("checkpoint", log.checkpoints[1].1.to_string());
    for (index, line) in log.lines.iter().enumerate() {
        let proof = prove_inclusion(13, index as u64, log.tree.reader()).unwrap();
        let proof = go.put_proof("proof", &proof);
        let check = |record: &Path, checkpoint: &Path| {
            let number = index.to_string();
            go.holds(&[Path::new("record"), &vkey, checkpoint, Path::new(&number), record, &proof])
        };
        let record = go.put("record", line);
        assert!(check(&record, &checkpoint), "record {index}");
        let mut bytes = line.clone().into_bytes();
        let at = (index * 31) % bytes.len();
        bytes[at] ^= 1;
        assert!(!check(&go.put("record", &bytes), &checkpoint), "record {index}, byte {at} changed");
        let mut note = log.checkpoints[1].1.to_string().into_bytes();
        let at = index * 7;
        note[at] ^= 1;
        let record = go.put("record", line);
        assert!(!check(&record, &go.put("bent", &note)), "checkpoint, byte {at} changed");
    }
}

#[test]
fn go_accepts_consistency_and_refuses_a_changed_byte() {
    let (log, go) = (made(), Verifier::built());
    let vkey = go.put("vkey", log.first.verifier().to_string());
    let old = go.put("old", log.checkpoints[0].1.to_string());
    let new = go.put("new", log.checkpoints[1].1.to_string());
    let proof = prove_consistency(13, 5, log.tree.reader()).unwrap();
    let check = |proof: &Path| go.holds(&[Path::new("tree"), &vkey, &old, &new, proof]);
    assert!(check(&go.put_proof("proof", &proof)));
    for at in 0..proof.len() {
        let mut bent = proof.clone();
        bent[at].0[at] ^= 1;
        assert!(!check(&go.put_proof("bent", &bent)), "hash {at}");
    }
}

/// A key and a note that Go made are read by us in `cellsweep-proof`; here Go reads a note under two keys.
#[test]
fn go_reads_a_hand_over_under_either_key() {
    let go = Verifier::built();
    let mut log = MadeLog::new();
    log.grow(2);
    log.rotate(2);
    let checkpoint = go.put("checkpoint", log.checkpoints[0].1.to_string());
    let proof = go.put_proof("proof", &prove_inclusion(3, 2, log.tree.reader()).unwrap());
    let record = go.put("record", &log.lines[2]);
    for (signer, expected) in [(&log.first, true), (&log.key, true), (&MadeLog::signer(3), false)] {
        let vkey = go.put("vkey", signer.verifier().to_string());
        let held = go.holds(&[Path::new("record"), &vkey, &checkpoint, Path::new("2"), &record, &proof]);
        assert_eq!(held, expected);
    }
}
