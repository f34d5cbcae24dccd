//! The program as a person meets it.

use std::ffi::OsStr;
use std::path::Path;

use crate::made_log::MadeLog;
use crate::tools::{verify, with_manifest, write};

fn log() -> MadeLog {
    let mut log = MadeLog::new();
    log.grow(4);
    log.witnessed_checkpoint();
    log
}

fn say(words: &[&str], folder: &Path) -> (i32, String) {
    let path = |word: &&str| if *word == "." { folder.as_os_str().to_owned() } else { OsStr::new(word).to_owned() };
    let words: Vec<_> = words.iter().map(path).collect();
    let words: Vec<&OsStr> = words.iter().map(|word| word.as_os_str()).collect();
    verify(&words)
}

#[test]
fn a_good_log_is_said_to_hold_and_what_it_leaves_open() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &with_manifest(log().files()));
    let (code, said) = say(&["log", "."], folder.path());
    assert_eq!(code, 0, "{said}");
    let expected = "\
HOLDS: log example.org/case-1, 4 entries

Checked:
  - the form and the place of 4 entries
  - 1 checkpoint signed by example.org/case-1 (key 16fff1c6)
  - that the first 4 entries are the ones signed for
  - the entries say that they were received from 2026-03-01T06:00:00.000000Z to 2026-03-01T06:00:03.000000Z
  - the SHA-256 of 4 files against manifest.sha256

Not checked:
  - The key: it was taken from what is checked. Whoever wrote everything anew, key included, would pass. Get the key \
from elsewhere (a report on paper, a court's file) and give it with --vkey.
  - That others were shown the same log: no witness's key was given (--witness).
  - What the entries' data mean, and whether they agree with each other.
  - No log can prove who sat at the keyboard, that what was entered is true, that nothing was left unentered, or \
anything of the time before the first checkpoint that somebody outside holds.
";
    assert_eq!(said.replace(&key_hash(), "16fff1c6"), expected);
}

fn key_hash() -> String {
    MadeLog::signer(1).verifier().hash().to_string()
}

#[test]
fn keys_from_elsewhere_are_held_against_it() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &log().files());
    let outside = tempfile::tempdir().unwrap();
    let key = |seed: u8| {
        let path = outside.path().join(format!("{seed}.vkey"));
        std::fs::write(&path, MadeLog::signer(seed).verifier().to_string() + "\n").unwrap();
        path.to_str().unwrap().to_owned()
    };
    let witness = MadeLog::witness().verifier().to_string();
    let (code, said) = say(&["log", ".", "--vkey", &key(1), "--witness", &witness], folder.path());
    assert_eq!(code, 0, "{said}");
    assert!(!said.contains("--vkey") && !said.contains("--witness"), "{said}");
    assert!(said.contains("co-signed by witness.example.org/w over 4 entries at 2026-03-01T07:00:00Z"), "{said}");
    let (code, said) = say(&["log", ".", "--vkey", &key(2)], folder.path());
    assert!(code == 1 && said.starts_with("DOES NOT HOLD: log"), "{said}");
    assert!(said.contains("\n  vkey: the key that was given is none of this log's\n"), "{said}");
    let (code, said) = say(&["log", ".", "--witness", "nonsense"], folder.path());
    assert!(code == 2 && said.contains("--witness: a key is NAME+HASH+KEY"), "{said}");
}

#[test]
fn json_says_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = log().files();
    let text = String::from_utf8(files["entries.jsonl"].clone()).unwrap();
    files.insert("entries.jsonl".to_owned(), text.replace("\"rows\":7", "\"rows\":9").into_bytes());
    write(folder.path(), &files);
    let (code, said) = say(&["log", ".", "--json"], folder.path());
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["v"], &said["holds"]), (1, &1.into(), &false.into()));
    let finding = &said["findings"][0];
    assert_eq!((&finding["file"], &finding["line"]), (&"entries.jsonl".into(), &2.into()));
    assert_eq!((&finding["code"], &finding["detail"]["size"]), (&"entry_altered".into(), &4.into()));
    assert_eq!((&said["report"]["entries"], &said["report"]["signed"]), (&4.into(), &0.into()));
}

#[test]
fn what_can_t_be_read_is_not_a_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let check = |words: &[&str], expected: &str| {
        let (code, said) = say(words, folder.path());
        assert!(code == 2 && said.contains(expected), "{words:?}: {code} {said}");
    };
    check(&["log", "."], "there is no entries.jsonl in it, so it is not a log's folder");
    check(&["log", "/nowhere/at/all"], "/nowhere/at/all: No such file");
    check(&["item", "/nowhere/at/all"], "No such file");
    check(&["files", "."], "manifest.sha256: No such file");
    check(&["logs", "."], "no command `logs`: there are log, item, code and files");
    check(&[], "say what to check");
    let (code, said) = say(&["--help"], folder.path());
    assert!(code == 0 && said.starts_with("Checks a cellsweep log"), "{said}");
}

#[test]
fn files_beside_the_log_are_held_against_their_manifest() {
    let folder = tempfile::tempdir().unwrap();
    let pairs = [("report.html", "r"), ("photos/1.jpg", "p"), ("photos/2.jpg", "q")];
    let files = with_manifest(pairs.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into());
    write(folder.path(), &files);
    let (code, said) = say(&["files", "."], folder.path());
    assert!(code == 0 && said.starts_with("HOLDS: 3 files\n"), "{said}");
    let sums = crate::tools::output(
        std::process::Command::new("sha256sum")
            .args(["--check", "--strict", "manifest.sha256"])
            .current_dir(folder.path()),
    );
    assert!(sums.status.success(), "sha256sum agrees");
    std::fs::write(folder.path().join("photos/1.jpg"), "x").unwrap();
    std::fs::remove_file(folder.path().join("photos/2.jpg")).unwrap();
    std::fs::write(folder.path().join("new\u{1b}[31m.txt"), "x").unwrap();
    let (code, said) = say(&["files", "."], folder.path());
    assert_eq!(code, 1);
    assert!(said.contains("  new\u{fffd}[31m.txt: is not among the files"), "{said}");
    assert!(said.contains("  photos/1.jpg: was altered"), "{said}");
    assert!(said.contains("  photos/2.jpg: is missing"), "{said}");
}

#[test]
fn a_log_in_its_package_is_found() {
    let package = tempfile::tempdir().unwrap();
    write(&package.path().join("log"), &log().files());
    let item = log().item("item:1").to_text().unwrap();
    std::fs::write(package.path().join("item.json"), item).unwrap();
    assert_eq!(say(&["log", "."], package.path()).0, 0);
    let path = package.path().join("item.json");
    let (code, said) = say(&["item", path.to_str().unwrap()], package.path());
    assert!(code == 0 && said.starts_with("HOLDS: item.json, history of item:1\n"), "{said}");
    assert!(said.contains("name item:1: 1\n"), "{said}");
    assert!(said.contains("a bundle can't show what was left out"), "{said}");
}

#[test]
fn a_log_whose_oldest_entries_were_erased_says_what_can_t_be_checked() {
    let mut log = MadeLog::access();
    log.grow(2);
    log.checkpoint();
    log.rotate(2);
    log.grow(2);
    log.checkpoint();
    log.grow(2);
    log.checkpoint();
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &with_manifest(log.files_behind(&log.close(None, 5))));
    let (code, said) = say(&["log", "."], folder.path());
    assert_eq!(code, 0, "{said}");
    let expected = "\
HOLDS: log example.org/case-1, 2 entries

Checked:
  - the form and the place of 2 entries
  - 2 checkpoints signed by example.org/case-1 (key 16fff1c6)
  - that the entries from number 5 to number 6 are the ones signed for
  - that the hashes kept of the first 5 entries, which have been erased, are the ones signed for
  - 2 checkpoints of those 5 entries, each signed and each continuing the one before
  - 2 earlier checkpoints: signed; what they cover has been erased by law up to entry 5
  - 1 change of the signing key
";
    assert!(said.replace(&key_hash(), "16fff1c6").starts_with(expected), "{said}");
    assert!(said.contains("  - What the first 5 entries said: they have been erased."), "{said}");
    assert!(said.contains("  - That the law asked for the erasure: nobody signed closed.json"), "{said}");
    let path = folder.path().join("closed.json");
    let text = std::fs::read_to_string(&path).unwrap().replace("\"until\":5", "\"until\":4");
    std::fs::write(path, text).unwrap();
    let (code, said) = say(&["log", "."], folder.path());
    assert!(code == 1 && said.contains("  closed.json: the checkpoint over exactly 4 entries"), "{said}");
}

#[test]
fn a_bundle_says_sealed_or_shows_what_was() {
    let mut log = MadeLog::new();
    log.grow(1);
    log.seal("exhibit.found", "{\"remark\":\"under the bunk\"}");
    log.checkpoint();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("item.json");
    let mut item = log.item("item:1");
    let told = |item: &cellsweep_proof::export::Item| {
        std::fs::write(&path, item.to_text().unwrap()).unwrap();
        say(&["item", path.to_str().unwrap()], folder.path())
    };
    let (code, said) = told(&item);
    assert!(code == 0 && said.contains("  - What is sealed in entry 1: the bundle has no key for it.\n"), "{said}");
    item.disclose(1, &MadeLog::data_key()).unwrap();
    let (code, said) = told(&item);
    let shown = "  - that this is what was sealed in entry 1 (under exhibit/a1): {\"remark\":\"under the bunk\"}\n";
    assert!(code == 0 && said.contains(shown) && !said.contains("What is sealed"), "{said}");
    let other = cellsweep_proof::DataKey::from_bytes([6; 32]).box_key(&[0; 90]).unwrap();
    item.entries[0].box_key = Some(other);
    let (code, said) = told(&item);
    assert!(code == 1 && said.contains("  item.json: the key given for what is sealed in entry 1"), "{said}");
}

#[test]
fn a_code_is_held_against_its_folder() {
    let mut log = log();
    let folder = tempfile::tempdir().unwrap();
    let printed = cellsweep_proof::export::Code::of(&log.item("item:1")).unwrap().to_string();
    let put = |log: &MadeLog| std::fs::write(folder.path().join("item.json"), log.item("item:1").to_text().unwrap());
    put(&log).unwrap();
    let (code, said) = say(&["code", &printed, "--item", "."], folder.path());
    assert!(code == 0 && said.starts_with("HOLDS: the code, against item.json, history of item:1\n"), "{said}");
    assert!(said.contains("the code's root over 4 entries against the signed checkpoint in item.json"), "{said}");
    let wrong = printed.replace(&printed[20..21], if &printed[20..21] == "A" { "B" } else { "A" });
    let (code, said) = say(&["code", &wrong, "--item", "."], folder.path());
    assert!(code == 1 && said.contains("  code: can't be read: the check sum does not fit"), "{said}");
    log.grow(4);
    log.checkpoint();
    put(&log).unwrap();
    let (code, said) = say(&["code", &printed, "--item", "."], folder.path());
    assert!(code == 0 && said.contains("no signed checkpoint over as many is here"), "{said}");
    write(&folder.path().join("log"), &log.files());
    let (code, said) = say(&["code", &printed, "--item", ".", "--json"], folder.path());
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &said["what"]), (0, &"code".into()));
    assert_eq!(said["report"]["root"]["file"], "log/checkpoints/4");
    let (code, said) = say(&["code", "CSW1:x"], folder.path());
    assert!(code == 2 && said.contains("--item with the folder"), "{said}");
}
