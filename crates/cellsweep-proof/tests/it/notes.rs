//! Notes, checkpoints and co-signatures.

use cellsweep_proof::{
    Checkpoint, CheckpointError, Hash, KeyError, KeyName, Note, NoteError, SignatureError, Signer, Verifier, cosign,
    rotation, rotation_data, witnessed,
};
use proptest::prelude::*;

use crate::made::{name, plain, signer, witness};

/// The example of Go's documentation of `golang.org/x/mod/sumdb/note`.
const GO_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const GO_SECRET: &str = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const GO_NOTE: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem \
    is.\n\n\u{2014} PeterNeumann \
    x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn go_s_example_is_read_and_made() {
    let (verifier, signer): (Verifier, Signer) = (GO_KEY.parse().unwrap(), GO_SECRET.parse().unwrap());
    assert_eq!(*signer.verifier(), verifier);
    assert_eq!((verifier.to_string().as_str(), signer.to_secret_text().as_str()), (GO_KEY, GO_SECRET));
    let note = Note::parse(GO_NOTE.as_bytes()).unwrap();
    assert_eq!(note.verify(&verifier), Ok(()));
    let mut ours = Note::new(note.text().to_owned()).unwrap();
    ours.sign(&signer);
    assert_eq!(ours.to_string(), GO_NOTE);
}

#[test]
fn a_changed_key_is_named_so() {
    let check = |text: &str, expected: KeyError| assert_eq!(text.parse::<Verifier>().err(), Some(expected), "{text}");
    check("PeterNeuman+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Hash);
    check("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Hash);
    check("PeterNeumann+c74f20a3+BRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Algorithm(5));
    check("PeterNeumann+c74f20a3", KeyError::Form);
    check("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", KeyError::Name);
    let debug = format!("{:?}", GO_SECRET.parse::<Signer>().unwrap());
    assert_eq!(debug, "Signer(PeterNeumann+c74f20a3…)");
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(name("example.org/case-1"), 7, Hash::leaf(b"x"))
}

#[test]
fn a_checkpoint_opens_with_its_key_only() {
    let note = checkpoint().sign(&[&signer(1)]).unwrap();
    assert_eq!(Checkpoint::open(&note, signer(1).verifier()), Ok(checkpoint()));
    let missing = Checkpoint::open(&note, signer(2).verifier());
    assert!(matches!(missing, Err(CheckpointError::Signature(SignatureError::Missing { .. }))));
    let other = Signer::from_seed(name("example.org/case-2"), &[1; 32]);
    let note = checkpoint().sign(&[&other]).unwrap();
    assert!(matches!(Checkpoint::open(&note, other.verifier()), Err(CheckpointError::Origin { .. })));
}

#[test]
fn unknown_signatures_are_passed_over() {
    let mut note = checkpoint().sign(&[&signer(3), &signer(1), &signer(2)]).unwrap();
    cosign(&mut note, &witness(9), jiff::Timestamp::UNIX_EPOCH).unwrap();
    let note = Note::parse(note.to_string().as_bytes()).unwrap();
    assert_eq!(note.signatures().len(), 4);
    assert!(Checkpoint::open(&note, signer(1).verifier()).is_ok());
    assert!(Checkpoint::open(&note, signer(4).verifier()).is_err());
}

#[test]
fn what_is_no_checkpoint_says_why() {
    let check = |text: &str, expected: &str| {
        let error = text.parse::<Checkpoint>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    };
    let root = Hash::empty().to_base64();
    check("", "no newline");
    check("example.org\n", "second line");
    check("example.org\n07\n", "third line");
    check(&format!("example.org\n07\n{root}\n"), "second line is its size, in digits");
    check(&format!("example.org\n7\n{}\n", &root[1..]), "third line");
    check(&format!("a log\n7\n{root}\n"), "first line");
    check(&format!("example.org\n7\n{root}\n\nmore\n"), "extension lines are not blank");
}

#[test]
fn a_witness_says_when() {
    let at = jiff::Timestamp::from_second(1_772_344_800).unwrap();
    let mut note = checkpoint().sign(&[&signer(1)]).unwrap();
    cosign(&mut note, &witness(1), at).unwrap();
    let seen = witnessed(&note, witness(1).verifier()).unwrap();
    assert_eq!((seen.by, seen.at), (name("witness.example.org/w"), at));
    assert!(witnessed(&note, witness(2).verifier()).is_err());
    assert!(cosign(&mut note, &signer(1), at).is_err(), "a log's key is no witness's");
    let text = note.to_string();
    let bent = text.replace("case-1\n7\n", "case-1\n8\n");
    let bent = Note::parse(bent.as_bytes()).unwrap();
    assert!(matches!(witnessed(&bent, witness(1).verifier()), Err(SignatureError::Wrong { .. })));
}

/// The example of C2SP's tlog-cosignature: a witness's line has its time before its signature.
#[test]
fn a_witness_s_key_and_line_are_c2sp_s() {
    let text = witness(1).verifier().to_string();
    assert_eq!(text.parse::<Verifier>().unwrap(), *witness(1).verifier());
    assert!(text.starts_with("witness.example.org/w+") && text.contains("+BI"), "{text}");
    let mut note = checkpoint().sign(&[]).unwrap();
    cosign(&mut note, &witness(1), jiff::Timestamp::from_second(0x6418_50cb).unwrap()).unwrap();
    let line = &note.signatures()[0];
    assert_eq!((line.bytes.len(), &line.bytes[..8]), (72, [0, 0, 0, 0, 0x64, 0x18, 0x50, 0xcb].as_slice()));
}

#[test]
fn a_rotation_is_followed_from_the_key_in_force() {
    let (one, two, three) = (signer(1), signer(2), signer(3));
    let mut entry = plain(4);
    assert_eq!(rotation(&entry, one.verifier()), Ok(None));
    entry.kind = "key.rotated".parse().unwrap();
    assert!(rotation(&entry, one.verifier()).is_err());
    entry.data = rotation_data(one.verifier(), two.verifier());
    assert_eq!(rotation(&entry, one.verifier()), Ok(Some(two.verifier().clone())));
    assert!(rotation(&entry, three.verifier()).is_err());
    entry.data = rotation_data(one.verifier(), one.verifier());
    assert!(rotation(&entry, one.verifier()).is_err());
    let elsewhere = Signer::from_seed("example.org/case-2".parse::<KeyName>().unwrap(), &[5; 32]);
    entry.data = rotation_data(one.verifier(), elsewhere.verifier());
    assert!(rotation(&entry, one.verifier()).is_err());
}

#[test]
fn notes_are_bounded() {
    let check = |text: String, expected: NoteError| assert_eq!(Note::parse(text.as_bytes()), Err(expected));
    check("x".repeat(1_000_001), NoteError::Long);
    check("x\n".to_owned(), NoteError::Split);
    check("x\n\n".to_owned(), NoteError::Text);
    check("x\ty\n\n\u{2014} a AAAAAAA=\n".to_owned(), NoteError::Text);
    check("x\n\n\u{2014} a AAAAAA==\n".to_owned(), NoteError::Line { line: 3 });
    check(format!("x\n\n{}", "\u{2014} a AAAAAAA=\n".repeat(101)), NoteError::Many);
}

proptest! {
    /// A note has one form, and no byte of what this key signed can change.
    #[test]
    fn one_changed_byte_is_refused(at: prop::sample::Index, by in 1u8..) {
        let note = checkpoint().sign(&[&signer(1)]).unwrap().to_string();
        let mut bytes = note.into_bytes();
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        let opened = Note::parse(&bytes).map(|note| Checkpoint::open(&note, signer(1).verifier()));
        prop_assert!(!matches!(opened, Ok(Ok(_))));
    }

    #[test]
    fn a_note_that_is_read_prints_as_it_was(text in "([a-z0-9 é]{0,9}\n){1,4}", signers in 0u8..4) {
        let mut note = Note::new(text).unwrap();
        (0..=signers).for_each(|seed| note.sign(&signer(seed)));
        let printed = note.to_string();
        let read = Note::parse(printed.as_bytes()).unwrap();
        prop_assert_eq!(read.to_string(), printed);
        prop_assert_eq!(read, note);
    }
}
