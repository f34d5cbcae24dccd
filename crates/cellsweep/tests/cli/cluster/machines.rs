//! The machines of a cluster, as processes of this one.

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Outcome;

type Made<T> = Result<T, Box<dyn Error>>;

const TOKEN: &str = "6d61-6465-2075-7020-666f-7220-7465-7374";

/// A process that is killed when its test ends.
pub struct Machine(Child);

impl Machine {
    pub fn start(command: &mut Command) -> Made<Self> {
        Ok(Self(command.spawn()?))
    }

    /// As the kernel does it: no word to anybody.
    pub fn kill(&mut self) {
        _ = self.0.kill();
        _ = self.0.wait();
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A folder with the token, and the machines that know it.
pub struct Cluster {
    dir: tempfile::TempDir,
    token: String,
    /// The certificate that the scheduler has and the others trust.
    certificate: Option<String>,
}

impl Cluster {
    pub fn new() -> Made<Self> {
        let dir = tempfile::tempdir()?;
        let token = dir.path().join("token");
        std::fs::write(&token, format!("{TOKEN}\n"))?;
        Ok(Self { token: token.display().to_string(), dir, certificate: None })
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// From here on the line is encrypted.
    pub fn with_certificate(&mut self) -> Outcome {
        let mut openssl = Command::new("openssl");
        openssl.args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]);
        openssl.args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]);
        openssl.args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"]).arg(self.path("key.pem"));
        let made = openssl.arg("-out").arg(self.path("certificate.pem")).output()?;
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        self.certificate = Some(self.path("certificate.pem").display().to_string());
        Ok(())
    }

    /// What `cellsweep` is told of it.
    pub fn words<'a>(&'a self, url: &'a str) -> Vec<&'a str> {
        let mut words = vec!["--cluster", url, "--cluster-token", &self.token];
        words.extend(self.certificate.iter().flat_map(|certificate| ["--cluster-ca", certificate]));
        words
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cellsweep-cluster"));
        command.args([name, "--token", &self.token]).stdout(Stdio::null());
        command
    }

    /// A scheduler, and its address; at a port that is given, or at any.
    pub fn scheduler(&self, port: u16) -> Made<(Machine, String)> {
        let mut command = self.program("scheduler");
        command.args(["--listen", &format!("127.0.0.1:{port}")]);
        if let Some(certificate) = &self.certificate {
            command.args(["--certificate", certificate, "--key"]).arg(self.path("key.pem"));
        }
        let mut machine = Machine::start(command.stderr(Stdio::piped()))?;
        let said = machine.0.stderr.take().ok_or("no messages")?;
        let (send, receive) = mpsc::channel();
        // Read to its end, so that the scheduler can go on saying things.
        std::thread::spawn(move || {
            for line in BufReader::new(said).lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("listens at ") {
                    _ = send.send(address.trim().to_owned());
                }
            }
        });
        let address = receive.recv_timeout(Duration::from_secs(20))?;
        Ok((machine, address.replace("127.0.0.1", "localhost")))
    }

    pub fn executor(&self, url: &str) -> Made<Machine> {
        let mut command = self.program("executor");
        command.args(["--scheduler", url, "--slots", "1"]);
        command.args(self.certificate.iter().flat_map(|certificate| ["--ca", certificate]));
        Machine::start(command.stderr(Stdio::null()))
    }

    /// What an executor says that trusts no certificate of ours.
    pub fn stranger(&self, url: &str) -> Made<String> {
        let mut command = self.program("executor");
        command.args(["--scheduler", url, "--verbose"]);
        let mut unknown = command.stderr(Stdio::piped()).spawn()?;
        std::thread::sleep(Duration::from_secs(2));
        unknown.kill()?;
        Ok(String::from_utf8_lossy(&unknown.wait_with_output()?.stderr).into_owned())
    }

    /// Waits until the scheduler says something for which this holds.
    pub fn until(&self, url: &str, holds: impl Fn(&serde_json::Value) -> bool) -> Outcome {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(60) {
            let asked = ureq::get(format!("{url}/v1/status")).header("authorization", format!("Bearer {TOKEN}")).call();
            if let Ok(mut answer) = asked
                && holds(&serde_json::from_str(&answer.body_mut().read_to_string()?)?)
            {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Err("the scheduler never came to it".into())
    }
}
