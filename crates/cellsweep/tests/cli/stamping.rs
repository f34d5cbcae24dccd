//! A made-up time stamping authority, which is OpenSSL.

use std::process::Command;

use crate::{Desk, Ended, Outcome};

const SETTINGS: &str = "[req]\ndistinguished_name = dn\n[dn]\n[tsa]\nextendedKeyUsage = critical,timeStamping\n\
    [tsa_config]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\n\
    crypto_device = builtin\n";

/// Runs OpenSSL at the desk; it must end well.
fn openssl(desk: &Desk, words: &[&str]) -> Outcome {
    let output = Command::new("openssl").args(words).current_dir(desk.dir.path()).output()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(()) } else { Err(format!("openssl {words:?}: {said}").into()) }
}

/// Has a case's last checkpoint stamped; the stamp is `answer.tsr`. What the command said when it took it.
pub fn stamp(desk: &Desk, case: &str) -> Result<Ended, Box<dyn std::error::Error>> {
    std::fs::write(desk.path("tsa.cnf"), SETTINGS)?;
    std::fs::write(desk.path("serial"), "01")?;
    let certificate = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-config", "tsa.cnf", "-extensions", "tsa"];
    let named = ["-subj", "/CN=a made-up authority", "-keyout", "tsa.key", "-out", "tsa.pem"];
    openssl(desk, &[&certificate[..], &named].concat())?;
    desk.run(&["log", "stamp-request", "-o", "request.tsq", "--case", case])?.expect(0)?;
    let reply = ["ts", "-reply", "-queryfile", "request.tsq", "-signer", "tsa.pem", "-inkey", "tsa.key"];
    openssl(desk, &[&reply[..], &["-config", "tsa.cnf", "-section", "tsa_config", "-out", "answer.tsr"]].concat())?;
    desk.run(&["log", "stamp", "answer.tsr", "--case", case])?.expect(0)
}

/// Whether OpenSSL takes a stamp as that authority's over a file.
pub fn verifies(desk: &Desk, stamp: &str, file: &str) -> bool {
    openssl(desk, &["ts", "-verify", "-in", stamp, "-CAfile", "tsa.pem", "-data", file]).is_ok()
}
