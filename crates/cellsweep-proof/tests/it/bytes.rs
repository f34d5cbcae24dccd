//! Nothing that comes in may panic, whatever its bytes.

use cellsweep_proof::{Checkpoint, Entry, Note, Signer, Verifier};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Entry::parse(&bytes);
        let _ = Note::parse(&bytes);
        let text = String::from_utf8_lossy(&bytes);
        let _ = text.parse::<Checkpoint>();
        let _ = text.parse::<Verifier>();
        let _ = text.parse::<Signer>();
    }

    #[test]
    fn nearly_good_text_is_answered(text in "[{}\\[\\]\",:a-z0-9+=\n\u{2014} -]{0,80}") {
        let _ = Entry::parse(text.as_bytes());
        let _ = Note::parse(text.as_bytes());
        let _ = text.parse::<Checkpoint>();
        let _ = text.parse::<Verifier>();
    }
}
