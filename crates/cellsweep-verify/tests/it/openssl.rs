//! OpenSSL as time stamping authority, and as whoever checks its stamps.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use cellsweep_proof::{Stamp, stamp_request};

use crate::made_log::MadeLog;
use crate::tools::{output, run, verify, with_manifest, write};

const SETTINGS: &str = "
[tsa]
default_tsa = authority
[authority]
serial = serial
signer_cert = tsa.pem
certs = ca.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
clock_precision_digits = 3
ess_cert_id_alg = sha256
";

/// An authority with a certificate of its own, in a folder.
struct Authority(tempfile::TempDir);

impl Authority {
    fn new() -> Self {
        let authority = Self(tempfile::tempdir().unwrap());
        for (name, text) in
            [("tsa.cnf", SETTINGS), ("serial", "01\n"), ("ext", "extendedKeyUsage=critical,timeStamping\n")]
        {
            std::fs::write(authority.0.path().join(name), text).unwrap();
        }
        let key = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
        authority.openssl(&format!("req -x509 {key} -keyout ca.key -out ca.pem -subj /CN=CA -days 30"));
        authority.openssl(&format!("req {key} -keyout tsa.key -out tsa.csr -subj /CN=TSA"));
        authority.openssl(
            "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out tsa.pem -days 30 -extfile ext",
        );
        authority
    }

    fn openssl(&self, words: &str) {
        let mut openssl = Command::new("openssl");
        run(openssl.args(words.split(' ')).current_dir(self.0.path()).stderr(std::process::Stdio::null()));
    }

    fn answer(&self, request: &[u8]) -> Vec<u8> {
        let path = |name| self.0.path().join(name);
        std::fs::write(path("request.tsq"), request).unwrap();
        self.openssl("ts -reply -config tsa.cnf -queryfile request.tsq -out response.tsr");
        std::fs::read(path("response.tsr")).unwrap()
    }

    fn verifies(&self, data: &[u8], response: &[u8]) -> bool {
        let path = |name| self.0.path().join(name);
        std::fs::write(path("data"), data).unwrap();
        std::fs::write(path("checked.tsr"), response).unwrap();
        let mut openssl = Command::new("openssl");
        openssl.args(["ts", "-verify", "-data", "data", "-in", "checked.tsr", "-CAfile", "ca.pem"]);
        let output = output(openssl.current_dir(self.0.path()));
        output.status.success() && String::from_utf8_lossy(&output.stdout).contains("Verification: OK")
    }
}

#[test]
fn openssl_stamps_our_request_and_agrees_with_us() {
    let authority = Authority::new();
    let mut log = MadeLog::new();
    log.grow(5);
    log.checkpoint();
    let data = log.checkpoints[0].1.to_string().into_bytes();
    for nonce in [0, 1, 127, 128, 0x8000_0000_0000_0000, u64::MAX] {
        let response = authority.answer(&stamp_request(&data, nonce));
        let stamp = Stamp::read(&response).unwrap();
        assert_eq!((stamp.check(&data), stamp.check_nonce(nonce)), (Ok(()), Ok(())), "nonce {nonce}");
        let now = jiff::Timestamp::now();
        assert!((now - stamp.at).as_secs().abs() < 3600, "{} and {now}", stamp.at);
        assert!(authority.verifies(&data, &response));
        let mut bent = data.clone();
        bent[7] ^= 1;
        assert!(!authority.verifies(&bent, &response));
        assert!(stamp.check(&bent).is_err());
    }
    // A changed byte of the stamp itself: OpenSSL refuses it, or it lies where nothing is signed.
    let mut response = authority.answer(&stamp_request(&data, 1));
    let imprint = Stamp::read(&response).unwrap().imprint.0;
    let at = response.windows(32).position(|window| window == imprint).unwrap();
    response[at] ^= 1;
    assert!(!authority.verifies(&data, &response) && Stamp::read(&response).unwrap().check(&data).is_err());
}

#[test]
fn a_stamped_log_holds_and_every_changed_byte_of_its_stamp_is_named() {
    let authority = Authority::new();
    let mut log = MadeLog::new();
    log.grow(3);
    log.checkpoint();
    log.grow(2);
    log.checkpoint();
    let mut files: BTreeMap<String, Vec<u8>> = log.files();
    files.insert("stamps/3.tsr".to_owned(), authority.answer(&stamp_request(&files["checkpoints/3"], 3)));
    files.insert("stamps/5.tsr".to_owned(), authority.answer(&stamp_request(&files["checkpoint"], 5)));
    let files = with_manifest(files);
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), &files);
    let check = || verify(&["log".as_ref(), folder.path().as_os_str()]);
    let (code, said) = check();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("stamps/3.tsr is of checkpoints/3 and says"), "{said}");
    assert!(said.contains("stamps/5.tsr is of checkpoint and says"), "{said}");
    let openssl = said.lines().find(|line| line.contains("openssl ts -verify")).unwrap();
    let words: Vec<&str> = openssl.split_whitespace().skip(1).take_while(|word| *word != "CERTIFICATES").collect();
    let mut printed = Command::new("openssl");
    assert!(output(printed.args(words).arg("ca.pem").current_dir(authority.0.path())).status.success(), "{openssl}");
    let path = folder.path().join("stamps/3.tsr");
    for at in (0..files["stamps/3.tsr"].len()).step_by(97) {
        let (code, said) = with_flipped(&path, at, check);
        assert!(code == 1 && said.contains("  stamps/3.tsr: "), "byte {at}: {said}");
    }
    // Another checkpoint's stamp, with the manifest made to fit.
    let mut swapped = files.clone();
    swapped.insert("stamps/3.tsr".to_owned(), files["stamps/5.tsr"].clone());
    swapped.remove("manifest.sha256");
    write(folder.path(), &with_manifest(swapped));
    let (code, said) = check();
    assert!(
        code == 1 && said.contains("stamps/3.tsr: the time stamp doesn't hold: the stamp is of other bytes"),
        "{said}"
    );
}

fn with_flipped<T>(path: &Path, at: usize, check: impl Fn() -> T) -> T {
    let bytes = std::fs::read(path).unwrap();
    let mut bent = bytes.clone();
    bent[at] ^= 1;
    std::fs::write(path, bent).unwrap();
    let found = check();
    std::fs::write(path, bytes).unwrap();
    found
}
