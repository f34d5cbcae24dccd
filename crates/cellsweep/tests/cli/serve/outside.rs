//! The interface as another project's program reads and tries it: schemathesis, on the real server.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::super::Outcome;
use super::Served;

/// A Python with schemathesis; installed once, where builds are kept.
fn schemathesis() -> Result<PathBuf, Box<dyn std::error::Error>> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("schemathesis-4");
    let program = home.join("bin").join("schemathesis");
    if !program.exists() {
        let made = Command::new("python3").args(["-m", "venv"]).arg(&home).status()?;
        assert!(made.success(), "python3-venv is missing: `cargo xtask ci` installs it");
        let pip = home.join("bin").join("pip");
        let installed = Command::new(pip).args(["install", "--quiet", "schemathesis==4.*"]).status()?;
        assert!(installed.success(), "schemathesis can't be installed");
    }
    Ok(program)
}

#[test]
fn schemathesis_finds_no_server_error_and_no_breach_of_the_schema() -> Outcome {
    let served = Served::demo()?;
    let program = schemathesis()?;
    for role in ["investigator", "administrator"] {
        let browser = served.browser(role)?;
        let out = Command::new(&program)
            .args(["run", &format!("{}/openapi.json", browser.api), "--url", &browser.api])
            .args([
                "--header",
                &format!("Cookie: {}", browser.cookie),
                "--header",
                &format!("X-CSRF: {}", browser.csrf),
            ])
            .args([
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
            ])
            .args(["--max-examples", "12", "--seed", "7", "--phases", "examples,coverage,fuzzing"])
            // They end the session, or an account's second factor, that the others are asked with.
            .args(["--exclude-path-regex", "^/(session|me/|events|organisation|trace)"])
            .args(["--request-timeout", "20", "--no-color"])
            .current_dir(served.desk().path("."))
            .output()?;
        let said = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success(), "as {role}:\n{said}\n{}", String::from_utf8_lossy(&out.stderr));
    }
    Ok(())
}
