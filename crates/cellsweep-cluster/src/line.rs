//! The line to another machine: HTTP with a token, encrypted unless it stays on this machine.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{Request, Response};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, TlsProvider, parse_pem};
use ureq::{Agent, Body};
use url::{Host, Url};

use crate::ClusterError;

/// A machine that doesn't answer is asked again for so long: a scheduler that is started anew is back by then.
const PATIENCE: Duration = Duration::from_secs(120);
/// Longer than any answer is waited for.
const SILENCE: Duration = Duration::from_secs(60);
/// An answer is no longer than this, in bytes.
const MOST_ANSWER: u64 = 4 << 30;

/// The line to the scheduler.
#[derive(Debug, Clone)]
pub struct Line {
    agent: Agent,
    /// Without a slash at its end.
    pub url: String,
    token: String,
}

/// A machine's answer.
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: Vec<u8>,
}

/// An agent that trusts the system's roots, and those in `roots` (PEM) besides.
pub fn agent(roots: Option<&Path>) -> Result<Agent, ClusterError> {
    let system = rustls_native_certs::load_native_certs().certs;
    let mut trusted: Vec<Certificate<'static>> =
        system.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    if let Some(path) = roots {
        let pem = std::fs::read(path).map_err(ClusterError::file(path))?;
        for item in parse_pem(&pem) {
            let wrong = |why: String| ClusterError::File { path: path.to_owned(), source: std::io::Error::other(why) };
            if let PemItem::Certificate(certificate) = item.map_err(|error| wrong(error.to_string()))? {
                trusted.push(certificate);
            }
        }
    }
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&trusted))
        .build();
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_connect(Some(Duration::from_secs(10)))
        .timeout_recv_response(Some(SILENCE))
        .tls_config(tls)
        .build();
    Ok(Agent::new_with_config(config))
}

/// The token in a file's first line.
pub fn token(path: &Path) -> Result<String, ClusterError> {
    let text = std::fs::read_to_string(path).map_err(ClusterError::file(path))?;
    let token = text.lines().next().unwrap_or_default().trim();
    if token.len() < 16 || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        let why =
            "a token is 16 or more letters, digits or signs in the first line, such as `openssl rand -hex 32` makes";
        return Err(ClusterError::File { path: path.to_owned(), source: std::io::Error::other(why) });
    }
    Ok(token.to_owned())
}

impl Line {
    /// To the scheduler at an address.
    pub fn new(url: &str, token_file: &Path, roots: Option<&PathBuf>) -> Result<Self, ClusterError> {
        let wrong = |why: String| ClusterError::Url { url: url.to_owned(), why };
        let parsed = Url::parse(url).map_err(|error| wrong(error.to_string()))?;
        let here = match parsed.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => return Err(wrong("it names no machine".to_owned())),
        };
        match parsed.scheme() {
            "https" => {}
            "http" if here => {}
            "http" => return Err(ClusterError::Plain { url: url.to_owned() }),
            other => return Err(wrong(format!("{other}: http or https"))),
        }
        let url = url.trim_end_matches('/').to_owned();
        Ok(Self { agent: agent(roots.map(PathBuf::as_path))?, url, token: token(token_file)? })
    }

    /// Asks once.
    pub fn once(&self, method: &str, path: &str, body: &[u8]) -> Result<Answer, String> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", if path.starts_with("/v1/alive") { "application/json" } else { "text/plain" });
        let send = || -> Result<Response<Body>, ureq::Error> {
            match method {
                // What may have no body is asked so.
                "GET" | "DELETE" => self.agent.run(request.body(())?),
                _ => self.agent.run(request.body(body)?),
            }
        };
        let mut answer = send().map_err(|error| error.to_string())?;
        let body = answer.body_mut().with_config().limit(MOST_ANSWER).read_to_vec();
        let body = body.map_err(|error| error.to_string())?;
        Ok(Answer { status: answer.status().as_u16(), headers: answer.headers().clone(), body })
    }

    /// Asks until somebody answers, for as long as a machine takes to come back.
    ///
    /// # Errors
    /// When nobody does, or the token is another.
    pub fn ask(&self, method: &str, path: &str, body: &[u8]) -> Result<Answer, ClusterError> {
        let start = Instant::now();
        let mut pause = Duration::from_millis(100);
        loop {
            let why = match self.once(method, path, body) {
                Ok(answer) if answer.status == 401 => return Err(ClusterError::Token { url: self.url.clone() }),
                // No room, or something between that doesn't reach the scheduler.
                Ok(answer) if answer.status >= 500 => format!("it answers {}", answer.status),
                Ok(answer) => return Ok(answer),
                Err(why) => why,
            };
            if start.elapsed() > PATIENCE {
                return Err(ClusterError::Reach { url: self.url.clone(), why });
            }
            tracing::debug!(%why, "asked again");
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_secs(3));
        }
    }
}
