//! The provider as a process, and a browser that signs in there.
//!
//! Its packages lie in cargo's target folder: installed once from the lock file, used again. Where that can't be, the test
//! fails and says what is missing.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::Value;
use url::Url;

pub const SECRET: &str = "a secret of the tests, and of nobody else";
pub const REDIRECT: &str = "https://office.example/organisation";
const NEEDED: &str = "Node 20 or later with npm is needed (Debian: `apt-get install nodejs npm`), and a package index that \
    npm can reach; `cargo xtask ci setup` sees to the former where it can";

/// A provider that stops when it is dropped.
pub struct Provider {
    child: Child,
    /// Kept open: a provider that can't say something any more ends.
    _says: BufReader<ChildStdout>,
    pub issuer: String,
}

impl Provider {
    /// Starts one on a port that is free, and waits until it answers.
    pub fn start() -> Self {
        let mut node = Command::new("node");
        node.arg("provider.mjs").args([SECRET, REDIRECT]).current_dir(installed());
        let errors = tempfile::NamedTempFile::new().unwrap();
        node.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(errors.reopen().unwrap());
        let mut child = node.spawn().unwrap_or_else(|error| panic!("node: {error}. {NEEDED}"));
        let mut says = BufReader::new(child.stdout.take().unwrap());
        let mut issuer = String::new();
        says.read_line(&mut issuer).unwrap();
        let issuer = issuer.trim().to_owned();
        let why = || fs::read_to_string(errors.path()).unwrap();
        assert!(issuer.starts_with("http://localhost:"), "the provider did not start: {issuer} {}. {NEEDED}", why());
        Self { child, _says: says, issuer }
    }

    /// The organisation says from now on that somebody is in these groups.
    pub async fn becomes(&self, who: &str, groups: &[&str]) {
        let groups = groups.iter().map(|group| ("group", *group));
        self.test("become", &[("who", who)].into_iter().chain(groups).collect::<Vec<_>>()).await;
    }

    /// The organisation signs by another key from now on, and publishes no other.
    pub async fn renew_keys(&self) {
        self.test("renew", &[]).await;
    }

    /// What is done from now on to ID tokens (`claims`, `signed`) and to what is said of people (`person`).
    pub async fn forge(&self, forgery: &Value) {
        self.test("forge", &[("as", &forgery.to_string())]).await;
    }

    async fn test(&self, what: &str, query: &[(&str, &str)]) {
        let url = Url::parse_with_params(&format!("{}/test/{what}", self.issuer), query).unwrap();
        let answer = client().get(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{what}: {}", answer.text().await.unwrap());
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // What can't be stopped ends with its input; the test has said what it had to.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The provider's folder, with its packages as the lock file has them. Tests that run at once wait for each other.
fn installed() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("provider");
    fs::create_dir_all(&to).unwrap();
    let lock = File::create(to.join("installing")).unwrap();
    lock.lock().unwrap();
    let files = ["package.json", "package-lock.json", ".npmrc", "provider.mjs"].map(|name| {
        let text = fs::read(from.join(name)).unwrap();
        put(&to.join(name), &text);
        text
    });
    let [_, wanted, ..] = &files;
    let stamp = to.join("installed");
    if fs::read(&stamp).ok().as_ref() != Some(wanted) {
        let npm = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&to).output();
        let npm = npm.unwrap_or_else(|error| panic!("npm: {error}. {NEEDED}"));
        assert!(npm.status.success(), "npm ci: {} {NEEDED}", String::from_utf8_lossy(&npm.stderr));
        fs::write(&stamp, wanted).unwrap();
    }
    to
}

/// Another test's provider may be reading the file: it is written only where it is another.
fn put(path: &Path, text: &[u8]) {
    if fs::read(path).ok().as_deref() != Some(text) {
        fs::write(path, text).unwrap();
    }
}

fn client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).redirect(reqwest::redirect::Policy::none());
    client.no_proxy().build().unwrap()
}

/// What a browser brings back: the state and the code.
pub async fn sign_in_there(start: &Url, who: &str, amr: &str) -> (String, String) {
    let (client, mut cookies, mut url) = (client(), BTreeMap::new(), start.clone());
    for _ in 0..10 {
        if url.path().starts_with("/sign-in/") {
            url.query_pairs_mut().append_pair("as", who).append_pair("amr", amr);
        }
        let jar: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = client.get(url.clone()).header(COOKIE, jar.join("; ")).send().await.unwrap();
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let next = answer.headers().get(LOCATION).map(|next| next.to_str().unwrap().to_owned());
        let Some(next) = next else { panic!("{url} leads nowhere: {}", answer.text().await.unwrap()) };
        url = url.join(&next).unwrap();
        if url.as_str().starts_with(REDIRECT) {
            let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
            return (query["state"].clone(), query["code"].clone());
        }
    }
    panic!("the provider sends the browser round and round");
}
