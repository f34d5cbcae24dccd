//! Time stamps, read from what OpenSSL's authority answered once to a request over `hello\n`.

use cellsweep_proof::{Stamp, StampError, stamp_request};
use proptest::prelude::*;

const RESPONSE: &[u8] = include_bytes!("../../../../fuzz/corpus/stamp/openssl.tsr");
const NONCE: u64 = 0x4f70_b14c_47d6_c010;

#[test]
fn a_response_is_read() {
    let stamp = Stamp::read(RESPONSE).unwrap();
    assert_eq!(stamp.at.to_string(), "2026-11-25T10:53:43.928Z");
    assert_eq!((stamp.serial.as_str(), stamp.policy.as_str()), ("02", "1.2.3.4.1"));
    assert_eq!((stamp.check(b"hello\n"), stamp.check_nonce(NONCE)), (Ok(()), Ok(())));
    assert_eq!(stamp.check(b"hello"), Err(StampError::Imprint));
    assert_eq!(stamp.check_nonce(NONCE + 1), Err(StampError::Nonce));
}

#[test]
fn a_refusal_is_said() {
    // PKIStatusInfo with status 2, rejection, and no token.
    assert_eq!(Stamp::read(&[48, 5, 48, 3, 2, 1, 2]), Err(StampError::Refused(2)));
    assert_eq!(Stamp::read(&[48, 5, 48, 3, 2, 1, 0]), Err(StampError::Form("no token")));
}

#[test]
fn a_request_is_the_same_bytes_for_the_same_arguments() {
    let request = stamp_request(b"hello\n", NONCE);
    assert_eq!(request.len(), 69);
    assert_eq!(request, stamp_request(b"hello\n", NONCE));
    assert_eq!(stamp_request(b"", 0).len(), 62);
    assert_eq!(stamp_request(b"", u64::MAX).len(), 70);
}

proptest! {
    #[test]
    fn a_changed_response_is_answered(at: prop::sample::Index, by in 1u8.., cut: prop::sample::Index) {
        let mut bytes = RESPONSE.to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= by;
        let _ = Stamp::read(&bytes);
        prop_assert!(Stamp::read(&RESPONSE[..cut.index(RESPONSE.len())]).is_err());
    }
}
