//! What is wrong with a package is refused in one line, and the case is as it was.

use std::error::Error;
use std::path::Path;

use super::{LATE, exhibits, hand_over, know, receive, traced};
use crate::{Desk, Files, Outcome, contents};

/// The case's runs, imports, and what its log comes to.
fn state(desk: &Desk, case: &str) -> Result<(Files, Files, String), Box<dyn Error>> {
    let folder = |name: &str| contents(&desk.path(&format!("{case}/{name}")));
    Ok((folder("runs")?, folder("imports")?, desk.read(&format!("{case}/manifest.json"))?))
}

/// Every place of a name replaced by one as long.
fn renamed(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut out = bytes.to_vec();
    let mut at = 0;
    while let Some(found) = out[at..].windows(from.len()).position(|window| window == from.as_bytes()) {
        out[at + found..at + found + from.len()].copy_from_slice(to.as_bytes());
        at += found + from.len();
    }
    out
}

/// The members packed again by another tool, after a change.
fn repacked(package: &Path, change: impl Fn(&str, Vec<u8>) -> Option<Vec<u8>>) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(package)?)?;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut member = archive.by_index(index)?;
        let name = member.name()?.into_owned();
        let mut bytes = Vec::new();
        std::io::copy(&mut member, &mut bytes)?;
        if let Some(bytes) = change(&name, bytes) {
            writer.start_file(name, zip::write::SimpleFileOptions::default())?;
            std::io::Write::write_all(&mut writer, &bytes)?;
        }
    }
    Ok(writer.finish()?.into_inner())
}

fn replaced(name: &'static str, from: &'static str, to: &'static str) -> impl Fn(&str, Vec<u8>) -> Option<Vec<u8>> {
    move |member, bytes| {
        if member != name {
            return Some(bytes);
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(text.contains(from), "{member} has no {from}");
        Some(text.replacen(from, to, 1).into_bytes())
    }
}

#[test]
fn each_bad_package_has_its_refusal_and_leaves_the_case_as_it_was() -> Outcome {
    let desk = traced()?;
    exhibits(&desk, "here", 1)?;
    let (package, _) = hand_over(&desk, &[])?;
    let good = std::fs::read(&package)?;
    know(&desk, "here", LATE)?;
    desk.run(&["init", "there", "--exercise"])?.expect(0)?;
    let before = state(&desk, "there")?;
    let check = |bytes: &[u8], expected: &str| -> Outcome {
        std::fs::write(desk.path("bad.zip"), bytes)?;
        let ended = receive(&desk, &["bad.zip", "--take-in", "--case", "there", "--out", "never"])?.expect(3)?;
        let first = ended.err.lines().next().unwrap_or_default();
        assert!(first.contains("bad.zip: ") && first.contains(expected), "{first}, not {expected}");
        assert!(ended.err.lines().count() <= 2 && !desk.path("never").exists(), "{}", ended.err);
        assert_eq!(state(&desk, "there")?, before, "{expected}");
        Ok(())
    };
    // Packed again by another tool it is the same package; that this works is what the refusals below rest on.
    std::fs::write(desk.path("again.zip"), repacked(&package, |_name, bytes| Some(bytes))?)?;
    receive(&desk, &["again.zip"])?.expect(0)?;
    check(&repacked(&package, replaced("snapshot.json", "exercise", "exercisf"))?, "snapshot.json was changed")?;
    check(&repacked(&package, replaced("forms/calls.csv", "time", "timf"))?, "forms/calls.csv was changed")?;
    check(&repacked(&package, replaced("package.note", "package 1", "package 2"))?, "version 2")?;
    let without = |gone: &'static str| move |name: &str, bytes: Vec<u8>| (name != gone).then_some(bytes);
    check(&repacked(&package, without("papers/package.pdf"))?, "papers/package.pdf is missing")?;
    check(&repacked(&package, without("package.json"))?, "package.json")?;
    check(&renamed(&good, "papers/package.pdf", "../../.ssh/authkey"), "climbs out of the package")?;
    check(&good[..good.len() - 1], "")?;
    check(b"hello", "")?;
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    check(&flipped, "")?;
    Ok(())
}

#[test]
fn foreign_and_lapsed_keys_and_files_of_ten_gigabytes_are_refused() -> Outcome {
    let desk = traced()?;
    let (package, _) = hand_over(&desk, &[])?;
    let package = package.to_string_lossy().into_owned();
    desk.run(&["init", "there", "--exercise"])?.expect(0)?;
    let before = state(&desk, "there")?;
    let refused = |path: &str, expected: &str| -> Outcome {
        let ended = receive(&desk, &[path, "--take-in", "--case", "there"])?.expect(3)?;
        assert!(ended.err.contains(expected), "{}, not {expected}", ended.err);
        assert_eq!(state(&desk, "there")?, before, "{expected}");
        Ok(())
    };
    know(&desk, "there", LATE)?;
    refused(&package, "signed by nobody known here")?;
    know(&desk, "here", "2026-01-01T00:00:00Z")?;
    refused(&package, "counted until 2026-01-01T00:00:00Z")?;
    know(&desk, "here", LATE)?;
    let huge = std::fs::File::create(desk.path("huge.zip"))?;
    huge.set_len(10 << 30)?;
    refused("huge.zip", "more than any package")?;
    // A member that says it has four gigabytes is refused before anything is unpacked.
    let mut bytes = std::fs::read(&package)?;
    for (mark, at) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
        let found = bytes.windows(4).position(|window| window == mark).ok_or("no member")?;
        bytes[found + at..found + at + 4].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    }
    std::fs::write(desk.path("large.zip"), bytes)?;
    refused("large.zip", "large.zip: ")?;
    std::fs::write(desk.path("keys.toml"), "version = 1\n[[key]]\nof = \"x\"\nkey = \"y\"\nuntil = \"soon\"\n")?;
    refused(&package, "keys.toml: this is not a file of known keys")?;
    Ok(())
}
