//! Packages: whole, or one refusal.

use std::collections::BTreeMap;

use cellsweep_proof::{Hash, Note};
use cellsweep_share::package::{Content, OpenError, SealError, Trusted, manifest_of};
use cellsweep_share::snapshot::CaseKind;
use cellsweep_share::zip::{Limits, MemberName, PackError, Refused, pack, unpack};
use cellsweep_share::{Package, open};
use proptest::prelude::*;

use crate::made::{at, case, key, of, package, signer, trusted};
use crate::strategies;

fn sealed() -> Vec<u8> {
    package(case(2, 3)).seal(&signer(1), &Limits::default()).unwrap()
}

fn refusal(bytes: &[u8]) -> OpenError {
    open(bytes, &[trusted(1)], at(300), &Limits::default()).unwrap_err()
}

#[test]
fn what_is_sealed_is_opened() {
    let sent = package(case(2, 3));
    let (read, signed_by) = open(&sealed(), &[trusted(9), trusted(1)], at(300), &Limits::default()).unwrap();
    assert_eq!((read, signed_by.as_str()), (sent, "share.example/OP-2026-1"));
    assert_eq!(sealed(), sealed());
}

/// Changes the members and packs them again, with a manifest and a note of their own where asked.
fn repacked(change: impl FnOnce(&mut BTreeMap<MemberName, Vec<u8>>), sign: bool) -> Vec<u8> {
    let mut members = unpack(&sealed(), &Limits::default()).unwrap();
    change(&mut members);
    if sign {
        members.retain(|name, _| !["manifest.sha256", "package.note"].contains(&name.as_str()));
        let manifest = manifest_of(&members).to_string();
        let mut note = Note::new(format!("cellsweep package 1\n{}\n", Hash::of(manifest.as_bytes()))).unwrap();
        note.sign(&signer(1));
        members.insert(of("manifest.sha256"), manifest.into_bytes());
        members.insert(of("package.note"), note.to_string().into_bytes());
    }
    pack(&members, &Limits::default()).unwrap()
}

fn replaced(name: &str, from: &str, to: &str, sign: bool) -> Vec<u8> {
    let change = |members: &mut BTreeMap<MemberName, Vec<u8>>| {
        let bytes = members.get_mut(&of::<MemberName>(name)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{text}");
        *bytes = text.replacen(from, to, 1).into_bytes();
    };
    repacked(change, sign)
}

#[test]
fn each_thing_that_is_wrong_has_its_refusal() {
    let check = |bytes: Vec<u8>, expected: &str| {
        let said = refusal(&bytes).to_string();
        assert!(said.contains(expected), "{said}, not {expected}");
    };
    check(replaced("snapshot.json", "B200", "B201", false), "snapshot.json was changed after it was signed");
    check(replaced("manifest.sha256", "  p", "  q", false), "manifest.sha256 was changed");
    check(repacked(|m| _ = m.remove(&of::<MemberName>("package.note")), false), "the package has no package.note");
    check(repacked(|m| _ = m.remove(&of::<MemberName>("papers/report.html")), false), "papers/report.html is missing");
    check(repacked(|m| _ = m.insert(of("papers/more.txt"), vec![1]), false), "papers/more.txt is in no manifest");
    check(repacked(|m| _ = m.remove(&of::<MemberName>("snapshot.json")), true), "the package has no snapshot.json");
    check(replaced("package.note", "package 1", "package 2", false), "the package has version 2");
    check(replaced("package.json", "\"version\": 1", "\"version\": 3", true), "package.json has version 3");
    check(replaced("snapshot.json", "\"version\": 1", "\"version\": 9", true), "snapshot.json has version 9");
    check(replaced("package.json", "\"kind\": \"case\"", "\"kind\": \"virus\"", true), "unknown variant `virus`");
    check(replaced("package.json", "\"data\": \"exercise\"", "\"data\": \"investigation\"", true), "doesn't agree");
    check(replaced("snapshot.json", "\"imeis\"", "\"imeys\"", true), "unknown field `imeys`");
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><x>&b;</x>";
    check(
        repacked(|m| _ = m.insert(of("papers/x.txt"), bomb.into()), true),
        "papers/x.txt is XML with a document type",
    );
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(bomb.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    check(repacked(|m| _ = m.insert(of("papers/x.xml"), wide), true), "papers/x.xml is XML");
}

#[test]
fn keys_and_days_count() {
    let limits = Limits::default();
    let foreign = open(&sealed(), &[trusted(2)], at(300), &limits);
    assert!(matches!(foreign, Err(OpenError::Foreign { signers }) if signers[0].as_str() == "share.example/OP-2026-1"));
    assert!(matches!(open(&sealed(), &[], at(300), &limits), Err(OpenError::Foreign { .. })));
    let lapsed = Trusted { key: key(1), until: at(299) };
    assert!(matches!(open(&sealed(), &[lapsed], at(300), &limits), Err(OpenError::KeyLapsed { .. })));
    assert!(matches!(open(&sealed(), &[trusted(1)], at(901), &limits), Err(OpenError::Lapsed { .. })));
    assert!(matches!(open(&sealed(), &[trusted(1)], at(199), &limits), Err(OpenError::Early { .. })));
    let bytes = repacked(
        |members| {
            let note = members.get_mut(&of::<MemberName>("package.note")).unwrap();
            let text = String::from_utf8(note.clone()).unwrap();
            let digest = text.lines().nth(1).unwrap();
            *note = text.replace(digest, &Hash::of(b"other").to_string()).into_bytes();
        },
        false,
    );
    assert!(matches!(refusal(&bytes), OpenError::Signature(_)));
}

#[test]
fn what_would_not_be_read_is_not_written() {
    let check = |change: fn(&mut Package), expected: fn(&SealError) -> bool| {
        let mut package = package(case(1, 1));
        change(&mut package);
        let error = package.seal(&signer(1), &Limits { total_bytes: 100_000, ..Limits::default() }).unwrap_err();
        assert!(expected(&error), "{error}");
    };
    check(|p| p.head.approved_by.clear(), |e| matches!(e, SealError::NotApproved));
    check(|p| p.head.expires = p.head.made, |e| matches!(e, SealError::Expiry));
    check(|p| p.head.data = CaseKind::Investigation, |e| matches!(e, SealError::Data));
    check(
        |p| {
            let Content::Case(case) = &mut p.content else { return };
            (case.case.kind, p.head.data, p.head.authority) = (CaseKind::Investigation, CaseKind::Investigation, None);
        },
        |e| matches!(e, SealError::NoAuthority),
    );
    check(|p| _ = p.files.insert(of("package.note"), vec![]), |e| matches!(e, SealError::OwnName { .. }));
    check(|p| _ = p.files.insert(of("snapshot.json"), vec![]), |e| matches!(e, SealError::OwnName { .. }));
    check(|p| _ = p.files.insert(of("x.svg"), b"<!DOCTYPE svg>".to_vec()), |e| matches!(e, SealError::Xml { .. }));
    check(|p| _ = p.files.insert(of("x"), vec![7; 100_000]), |e| matches!(e, SealError::Pack(PackError::Large { .. })));
}

#[test]
fn a_smaller_reader_s_limits_hold() {
    let tight = Limits { members: 3, ..Limits::default() };
    let refused = open(&sealed(), &[trusted(1)], at(300), &tight);
    assert!(matches!(refused, Err(OpenError::Archive(Refused::Members { members: 6, most: 3 }))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn written_and_read_a_case_is_equal_field_by_field(
        snapshot in strategies::case(),
        file in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut sent = package(snapshot);
        sent.files.insert(of("log/proofs/1.bin"), file.clone());
        let sealed = sent.seal(&signer(1), &Limits::default());
        // Bytes that look like XML in another encoding are refused going out as they would be coming in.
        prop_assume!(!matches!(sealed, Err(SealError::Xml { .. })));
        let (read, _) = open(&sealed.unwrap(), &[trusted(1)], at(300), &Limits::default()).unwrap();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn one_changed_byte_is_refused_or_changes_nothing(index in any::<prop::sample::Index>(), by in 1u8..) {
        let mut bytes = sealed();
        let at_byte = index.index(bytes.len());
        bytes[at_byte] ^= by;
        if let Ok((read, _)) = open(&bytes, &[trusted(1)], at(300), &Limits::default()) {
            // A time stamp, an attribute that says nothing: the members are what they were.
            prop_assert_eq!(read, package(case(2, 3)));
        }
    }

    #[test]
    fn no_bytes_at_all_make_it_stop(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(open(&bytes, &[trusted(1)], at(300), &Limits::default()).is_err());
    }
}
