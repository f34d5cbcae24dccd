//! Archives: what may be in one, and every trick that is refused.

use std::collections::BTreeMap;

use cellsweep_share::zip::{Limits, MemberName, NameError, PackError, Refused, pack, unpack};
use proptest::prelude::*;

use crate::made::of;

fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let members = members.iter().map(|(name, bytes)| (of(name), bytes.to_vec())).collect();
    pack(&members, &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> Refused {
    unpack(bytes, &Limits::default()).unwrap_err()
}

/// Puts a name of the same length into both of a member's descriptions.
fn renamed(name: &str) -> Vec<u8> {
    let old = "abcdefghijklmnop".get(..name.len()).unwrap();
    let mut bytes = archive(&[(old, b"x")]);
    let places: Vec<usize> =
        bytes.windows(old.len()).enumerate().filter(|(_, w)| *w == old.as_bytes()).map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    places.into_iter().for_each(|at| bytes[at..at + name.len()].copy_from_slice(name.as_bytes()));
    bytes
}

/// Where the central directory's first entry begins.
fn central(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == b"PK\x01\x02").unwrap()
}

/// Writes into the central directory's first entry, and into the local header where it has the same field.
fn patched(mut bytes: Vec<u8>, field: usize, with: &[u8]) -> Vec<u8> {
    let at = central(&bytes);
    bytes[at + field..at + field + with.len()].copy_from_slice(with);
    if (6..30).contains(&field) {
        bytes[field - 2..field - 2 + with.len()].copy_from_slice(with);
    }
    bytes
}

#[test]
fn names_lead_nowhere_else() {
    let check = |name: &str, expected: fn(&NameError) -> bool| {
        let refused = refused(&renamed(name));
        assert!(matches!(&refused, Refused::Name(error) if expected(error)), "{name}: {refused}");
        assert!(name.parse::<MemberName>().is_err());
    };
    check("../../../../x", |e| matches!(e, NameError::Climbs { .. }));
    check("a/../../x", |e| matches!(e, NameError::Climbs { .. }));
    check("a\\..\\..\\x", |e| matches!(e, NameError::Climbs { .. }));
    check("../", |e| matches!(e, NameError::Climbs { .. }));
    check("/etc/passwd", |e| matches!(e, NameError::Absolute { .. }));
    check("\\\\host\\x", |e| matches!(e, NameError::Absolute { .. }));
    check("C:x", |e| matches!(e, NameError::Absolute { .. }));
    check("a//b", |e| matches!(e, NameError::Odd { .. }));
    check("./x", |e| matches!(e, NameError::Odd { .. }));
    check("x\0.txt", |e| matches!(e, NameError::Odd { .. }));
    check("x.", |e| matches!(e, NameError::Odd { .. }));
    check("-rf", |e| matches!(e, NameError::Odd { .. }));
}

#[test]
fn each_trick_has_its_refusal() {
    let small = || archive(&[("a", b"x")]);
    let large = || archive(&[("a", &[b'x'; 1000])]);
    let check = |bytes: Vec<u8>, expected: &str| {
        let said = refused(&bytes).to_string();
        assert!(said.contains(expected), "{said}, not {expected}");
    };
    check(patched(small(), 38, &(0o120_777u32 << 16).to_le_bytes()), "a is a symbolic link");
    check(patched(small(), 38, &(0o020_666u32 << 16).to_le_bytes()), "a is not an ordinary file");
    check(patched(small(), 8, &[1, 8]), "encrypted");
    check(patched(small(), 8, &[8, 8]), "with its sizes behind it");
    check(patched(small(), 10, &[12, 0]), "neither stored nor deflated");
    check(patched(small(), 16, &[1, 2, 3, 4]), "does not unpack to the bytes that it says");
    // It says that it has fewer bytes than it unpacks to, or more.
    check(patched(large(), 24, &999u32.to_le_bytes()), "does not unpack to the bytes that it says");
    check(patched(large(), 24, &1001u32.to_le_bytes()), "does not unpack to the bytes that it says");
    check(patched(large(), 24, &0x2000_0000u32.to_le_bytes()), "536870912 bytes unpacked; at most 268435456");
    check(patched(large(), 24, &0x0800_0000u32.to_le_bytes()), "more than 200 times its size");
    check([small(), b"x".to_vec()].concat(), "not a ZIP archive");
    check([b"x".to_vec(), small()].concat(), "central directory doesn't end");
    check(small()[..20].to_vec(), "not a ZIP archive");
    check(patched(small(), 42, &[1, 0, 0, 0]), "descriptions differ");
    let mut differs = small();
    differs[30] = b'b';
    check(differs, "descriptions differ");
    let mut latin = renamed("ab");
    let at = central(&latin);
    latin[at + 46] = 0xe9;
    check(latin, "not UTF-8");
}

#[test]
fn a_member_of_ten_gigabytes_is_refused_unread() {
    // A deflated member whose ZIP64 field says 10 GiB.
    let name = b"a";
    let field = [&[1, 0, 16, 0][..], &(10u64 << 30).to_le_bytes(), &9u64.to_le_bytes()].concat();
    let shared = [&[0, 8, 8, 0, 0, 0, 0x21, 0, 0, 0, 0, 0][..], &[0xff; 8], &[1, 0, 20, 0]].concat();
    let mut bytes = [&b"PK\x03\x04\x2d\0"[..], &shared, name, &field, &[0; 9]].concat();
    let start = bytes.len() as u32;
    bytes.extend(
        [&b"PK\x01\x02\x2d\x03\x2d\0"[..], &shared, &[0; 6], &(0o100_644u32 << 16).to_le_bytes(), &[0; 4]].concat(),
    );
    bytes.extend([&name[..], &field].concat());
    let size = bytes.len() as u32 - start;
    bytes.extend(
        [&b"PK\x05\x06"[..], &[0, 0, 0, 0, 1, 0, 1, 0], &size.to_le_bytes(), &start.to_le_bytes(), &[0, 0]].concat(),
    );
    assert!(matches!(refused(&bytes), Refused::MemberSize { bytes, .. } if bytes == 10 << 30), "{}", refused(&bytes));
}

#[test]
fn a_bomb_is_refused_unread_and_never_written() {
    let zeros = vec![0; 10 << 20];
    // What would look like one is stored as it is.
    assert!(archive(&[("zeros", &zeros)]).len() > zeros.len());
    let limits = Limits { ratio: 2_000, ..Limits::default() };
    let bomb = pack(&[(of("zeros"), zeros)].into_iter().collect(), &limits).unwrap();
    assert!(bomb.len() < 20_000);
    assert!(matches!(refused(&bomb), Refused::Ratio { ratio: 200, .. }));
}

#[test]
fn members_that_share_bytes_or_names_are_refused() {
    // Two entries of the directory for one member, as in bombs that overlap.
    let one = archive(&[("a", b"x")]);
    let at = central(&one);
    let entry = one[at..one.len() - 22].to_vec();
    let mut two = [&one[..one.len() - 22], &entry, &one[one.len() - 22..]].concat();
    let end = two.len() - 22;
    two[end + 8..end + 12].copy_from_slice(&[2, 0, 2, 0]);
    two[end + 12..end + 16].copy_from_slice(&(2 * entry.len() as u32).to_le_bytes());
    assert!(matches!(refused(&two), Refused::Shape { .. }));
    let mut twice = archive(&[("a", b"x"), ("b", b"y")]);
    let places: Vec<usize> = (0..twice.len()).filter(|at| twice[*at] == b'b').collect();
    places.into_iter().for_each(|at| twice[at] = b'a');
    assert!(matches!(refused(&twice), Refused::Twice { name } if name.as_str() == "a"));
    let members: BTreeMap<MemberName, Vec<u8>> = [(of("A"), vec![]), (of("a"), vec![])].into_iter().collect();
    assert!(matches!(pack(&members, &Limits::default()), Err(PackError::Twice { .. })));
}

proptest! {
    #[test]
    fn what_is_packed_is_unpacked(
        members in prop::collection::btree_map(
            "[a-z0-9][a-z0-9._-]{0,7}[a-z0-9](/[a-z0-9]{1,5}){0,2}",
            prop::collection::vec(any::<u8>(), 0..3_000),
            0..6,
        ),
    ) {
        let members = members.into_iter().map(|(name, bytes)| (of(&name), bytes));
        let members: BTreeMap<MemberName, Vec<u8>> = members.collect();
        let bytes = pack(&members, &Limits::default()).unwrap();
        prop_assert_eq!(unpack(&bytes, &Limits::default()).unwrap(), members);
    }

    #[test]
    fn no_change_of_bytes_makes_it_stop(at: prop::sample::Index, to: u8, cut: prop::sample::Index) {
        let mut bytes = archive(&[("a/b.txt", b"hello hello hello hello"), ("c", b"x")]);
        let at = at.index(bytes.len());
        bytes[at] = to;
        let _ = unpack(&bytes, &Limits::default());
        bytes.truncate(cut.index(bytes.len()));
        prop_assert!(unpack(&bytes, &Limits::default()).is_err());
    }
}
