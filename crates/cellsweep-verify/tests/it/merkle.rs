//! `pymerkle` (PyPI) gets the same roots.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::made_log::MadeLog;
use crate::tools::{NEEDED, kept, run};

const REQUIREMENTS: &str = "pymerkle==7.0.0\n";
/// Entries, one a line, to the root after each.
const SCRIPT: &str = "
import sys
from pymerkle import InmemoryTree
tree = InmemoryTree(algorithm='sha256')
for line in sys.stdin.buffer:
    tree.append_entry(line.rstrip(b'\\n'))
    print(tree.get_root().hex())
";

/// The virtual environment; whole where its list of packages is the one asked for.
fn python() -> PathBuf {
    let folder = kept("pymerkle");
    let (made_of, program) = (folder.join("made-of.txt"), folder.join("bin").join("python"));
    if std::fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return program;
    }
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
    let mut pip = Command::new(&program);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    run(pip.args(REQUIREMENTS.lines()));
    std::fs::write(made_of, REQUIREMENTS).unwrap();
    program
}

#[test]
fn pymerkle_gets_the_same_roots() {
    let mut log = MadeLog::new();
    let mut ours = Vec::new();
    for _ in 0..70 {
        log.grow(1);
        ours.push(log.tree.root().to_string());
    }
    let mut python = Command::new(python());
    let mut child = python.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect(NEEDED);
    let lines: String = log.lines.iter().map(|line| format!("{line}\n")).collect();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "pymerkle failed, its message stands above");
    let theirs = String::from_utf8(output.stdout).unwrap();
    assert_eq!(theirs.lines().collect::<Vec<_>>(), ours);
}
