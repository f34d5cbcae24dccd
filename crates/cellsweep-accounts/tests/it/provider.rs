//! The provider as a process, and a browser that signs in there.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use url::Url;

pub const SECRET: &str = "a secret of the tests, and of nobody else";
pub const REDIRECT: &str = "https://office.example/organisation";

/// A provider that stops when it is dropped.
pub struct Provider {
    child: Child,
    pub issuer: String,
}

impl Provider {
    pub fn start() -> Self {
        let mut node = Command::new("node");
        node.arg("provider.mjs").arg(SECRET).arg(REDIRECT).current_dir(installed());
        let mut child =
            node.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("Node.js is needed for this test");
        let mut issuer = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut issuer).unwrap();
        let issuer = issuer.trim().to_owned();
        assert!(issuer.starts_with("http://localhost:"), "the provider did not start: {issuer}");
        Self { child, issuer }
    }

    /// The organisation says from now on that somebody is in these groups.
    pub async fn become_(&self, who: &str, groups: &[&str]) {
        let query: Vec<String> = groups.iter().map(|group| format!("group={group}")).collect();
        client().get(format!("{}/become/{who}?{}", self.issuer, query.join("&"))).send().await.unwrap();
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        // What can't be stopped goes with the machine; the test has said what it had to.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The provider's folder, with its packages as the lock file has them.
fn installed() -> PathBuf {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
    let to = Path::new(env!("CARGO_TARGET_TMPDIR")).join("provider");
    std::fs::create_dir_all(&to).unwrap();
    let lock = std::fs::File::create(to.join("installing")).unwrap();
    lock.lock().unwrap();
    for file in ["package.json", "package-lock.json", ".npmrc", "provider.mjs"] {
        std::fs::copy(from.join(file), to.join(file)).unwrap();
    }
    let wanted = std::fs::read(from.join("package-lock.json")).unwrap();
    let stamp = to.join("installed");
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        let done = Command::new("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(&to).output();
        let done = done.expect("npm is needed for this test");
        assert!(done.status.success(), "npm ci: {}", String::from_utf8_lossy(&done.stderr));
        std::fs::write(&stamp, wanted).unwrap();
    }
    to
}

fn client() -> reqwest::Client {
    let tls = rustls::ClientConfig::builder_with_provider(rustls::crypto::ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).redirect(reqwest::redirect::Policy::none());
    client.build().unwrap()
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
