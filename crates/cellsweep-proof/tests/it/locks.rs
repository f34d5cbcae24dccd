//! Boxes, and the keys that open them.

use cellsweep_proof::{BoxPlace, CaseKey, Cost, DataKey, FileKey, Kind, LockError, LogKind, Ref, Salt, SealError};
use proptest::prelude::*;

/// So that a test takes no time; a case's own cost is `Cost::default()`.
const CHEAP: Cost = Cost { memory_kib: 32, passes: 1, lanes: 1 };

fn words() -> (Kind, Ref) {
    ("record.imported".parse().unwrap(), "key:1".parse().unwrap())
}

proptest! {
    #[test]
    fn a_box_opens_at_its_place_under_its_key(
        key: [u8; 32], other: [u8; 32], nonce: [u8; 24], salt: [u8; 16], n: u64,
        data in prop::collection::vec(any::<u8>(), 0..200), at: prop::sample::Index, by in 1u8..,
    ) {
        prop_assume!(key != other);
        let (kind, _) = words();
        let elsewhere: Kind = "record.exported".parse().unwrap();
        let (salt, other_salt) = (Salt(salt), Salt(salt.map(|byte| !byte)));
        let place = BoxPlace { log: LogKind::Custody, n, kind: &kind, salt: &salt };
        let key = DataKey::from_bytes(key);
        let sealed = key.seal(&place, &nonce, &data).unwrap();
        prop_assert_eq!(&*key.open(&place, &sealed).unwrap(), &data);
        prop_assert!(DataKey::from_bytes(other).open(&place, &sealed).is_err());
        for moved in [
            BoxPlace { log: LogKind::Access, ..place },
            BoxPlace { n: n ^ 1, ..place },
            BoxPlace { kind: &elsewhere, ..place },
            BoxPlace { salt: &other_salt, ..place },
        ] {
            prop_assert!(key.open(&moved, &sealed).is_err());
        }
        let mut bent = sealed.clone();
        let at = at.index(bent.len());
        bent[at] ^= by;
        prop_assert_eq!(key.open(&place, &bent).err(), Some(SealError::Closed));
        prop_assert!(key.open(&place, &sealed[..at]).is_err());
    }

    #[test]
    fn a_data_key_comes_out_under_its_case_and_name(key: [u8; 32], nonce: [u8; 24], at: prop::sample::Index) {
        let ((kind, name), salt) = (words(), Salt([1; 16]));
        let (case, other) = (CaseKey::from_bytes([1; 32]), CaseKey::from_bytes([2; 32]));
        let wrapped = DataKey::from_bytes(key).wrap(&case, &name, &nonce).unwrap();
        let place = BoxPlace { log: LogKind::Custody, n: 0, kind: &kind, salt: &salt };
        let sealed = DataKey::from_bytes(key).seal(&place, &nonce, b"x").unwrap();
        let out = DataKey::unwrap(&case, &name, &wrapped).unwrap();
        let opened = out.open(&place, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), b"x");
        prop_assert!(DataKey::unwrap(&other, &name, &wrapped).is_err());
        prop_assert!(DataKey::unwrap(&case, &"key:2".parse().unwrap(), &wrapped).is_err());
        let mut bent = wrapped.clone();
        bent[at.index(wrapped.len())] ^= 1;
        prop_assert!(DataKey::unwrap(&case, &name, &bent).is_err());
    }

    #[test]
    fn any_line_is_answered(line in "(cellsweep-case-key/1 )?(argon2id|file)?.{0,60}") {
        let _ = CaseKey::unlock_by_file(&line, &FileKey::from_bytes([0; 32]));
        prop_assert!(CaseKey::unlock_by_passphrase(&line, "x").is_err());
        prop_assert!(line.parse::<FileKey>().is_err());
    }
}

/// A case's key has no equality; that it is the same shows in what it opens.
fn same(key: &CaseKey, wrapped: &[u8]) -> bool {
    DataKey::unwrap(key, &words().1, wrapped).is_ok()
}

#[test]
fn a_case_key_is_locked_by_a_phrase_or_a_file() {
    let case = CaseKey::from_bytes([7; 32]);
    let wrapped = DataKey::from_bytes([8; 32]).wrap(&case, &words().1, &[0; 24]).unwrap();
    let line = case.lock_by_passphrase("correct horse", CHEAP, &[1; 16], &[2; 24]).unwrap();
    assert!(same(&CaseKey::unlock_by_passphrase(&line, "correct horse").unwrap(), &wrapped));
    assert_eq!(CaseKey::unlock_by_passphrase(&line, "Correct horse").err(), Some(LockError::Closed));
    let cheaper = line.replace("m=32", "m=33");
    assert_eq!(CaseKey::unlock_by_passphrase(&cheaper, "correct horse").err(), Some(LockError::Closed));
    let hostile = line.replace("m=32", "m=4294967295");
    assert_eq!(CaseKey::unlock_by_passphrase(&hostile, "correct horse").err(), Some(LockError::Cost));

    let file: FileKey = FileKey::from_bytes([9; 32]).to_secret_text().parse().unwrap();
    let by_file = case.lock_by_file(&file, &[3; 24]).unwrap();
    assert!(same(&CaseKey::unlock_by_file(&by_file, &file).unwrap(), &wrapped));
    assert_eq!(CaseKey::unlock_by_file(&by_file, &FileKey::from_bytes([1; 32])).err(), Some(LockError::Closed));
    assert_eq!(CaseKey::unlock_by_file(&line, &file).err(), Some(LockError::Other("a passphrase")));
    assert_eq!(CaseKey::unlock_by_passphrase(&by_file, "x").err(), Some(LockError::Other("a key file")));
}

#[test]
fn keys_are_not_shown() {
    let shown = format!(
        "{:?} {:?} {:?}",
        CaseKey::from_bytes([7; 32]),
        DataKey::from_bytes([7; 32]),
        FileKey::from_bytes([7; 32])
    );
    assert_eq!(shown, "CaseKey(…) DataKey(…) FileKey(…)");
}
