//! Executors that have no folder of the case: its files come from an object store, moto's.

use std::error::Error;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::machines::{Cluster, Machine};
use super::{assert_same, command, country};
use crate::{Ended, Outcome};

const REQUIREMENTS: &str = "moto[server]==5.2.5";

/// moto's server; installed once, where builds are kept.
fn moto() -> Result<PathBuf, Box<dyn Error>> {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("moto");
    let (made_of, program) = (home.join("made-of.txt"), home.join("bin").join("moto_server"));
    if std::fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == REQUIREMENTS) {
        return Ok(program);
    }
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home).status()?;
    assert!(made.success(), "python3-venv is missing: `cargo xtask ci` installs it");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENTS];
    let installed = Command::new(home.join("bin").join("python")).args(pip).status()?;
    assert!(installed.success(), "moto can't be installed");
    std::fs::write(made_of, REQUIREMENTS)?;
    Ok(program)
}

#[test]
fn executors_get_a_cases_files_from_an_object_store() -> Outcome {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = Command::new(moto()?);
    server.args(["-H", "127.0.0.1", "-p", &port.to_string()]);
    let _store = Machine::start(server.stdout(Stdio::null()).stderr(Stdio::null()))?;
    let endpoint = format!("http://127.0.0.1:{port}");
    let start = Instant::now();
    // moto takes anybody's word for who they are.
    while ureq::put(format!("{endpoint}/sweeps")).send_empty().is_err() {
        assert!(start.elapsed() < Duration::from_secs(60), "moto doesn't answer");
        std::thread::sleep(Duration::from_millis(200));
    }
    let desk = country()?;
    Ended::of(&command(&desk, "alone", &[]).output()?).expect(0)?;
    let cluster = Cluster::new()?;
    let (_scheduler, url) = cluster.scheduler(0)?;
    let _executor = cluster.executor(&url)?;
    let words = [&cluster.words(&url)[..], &["--cluster-store", "s3://sweeps/cases"]].concat();
    let keyless = Ended::of(&command(&desk, "together", &words).env_remove("AWS_ACCESS_KEY_ID").output()?).expect(3)?;
    assert!(keyless.err.contains("the object store: AWS_ACCESS_KEY_ID is not set"), "{}", keyless.err);
    let mut together = command(&desk, "together", &words);
    together.env("AWS_ENDPOINT_URL", &endpoint).env("AWS_REGION", "eu-west-3");
    together.env("AWS_ACCESS_KEY_ID", "tester").env("AWS_SECRET_ACCESS_KEY", "made-up");
    Ended::of(&together.output()?).expect(0)?;
    assert_same(&desk, "alone", "together")?;
    let listed = ureq::get(format!("{endpoint}/sweeps?list-type=2")).call()?.body_mut().read_to_string()?;
    assert!(listed.contains("cases/"), "nothing went through the store: {listed}");
    Ok(())
}
