//! Plain HTTP, for phones that are made up.

use axum::body::Bytes;
use axum::http::{Method, Request};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use super::RehearsalError;

/// Something to ask.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    pub method: Method,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

/// An answer; status 0 where there was none.
#[derive(Debug, Clone)]
pub(super) struct Answered {
    pub status: u16,
    pub body: Bytes,
}

#[derive(Clone)]
pub(super) struct Http(Client<HttpConnector, Full<Bytes>>);

impl Http {
    pub fn new() -> Self {
        Self(Client::builder(TokioExecutor::new()).build_http())
    }

    pub async fn ask(&self, url: &str, ask: Ask) -> Answered {
        let nothing = Answered { status: 0, body: Bytes::new() };
        let mut request = Request::builder().method(ask.method).uri(format!("{url}{}", ask.path));
        for (name, value) in &ask.headers {
            request = request.header(name, value);
        }
        let Ok(request) = request.body(Full::new(ask.body)) else { return nothing };
        let Ok(answer) = self.0.request(request).await else { return nothing };
        let status = answer.status().as_u16();
        match answer.into_body().collect().await {
            Ok(body) => Answered { status, body: body.to_bytes() },
            Err(_) => nothing,
        }
    }

    /// An answer that must come, as JSON.
    pub async fn json(&self, url: &str, ask: Ask) -> Result<Value, RehearsalError> {
        let what = format!("{} {}", ask.method, ask.path);
        let answered = self.ask(url, ask).await;
        let detail = || String::from_utf8_lossy(&answered.body).chars().take(300).collect();
        if !(200..300).contains(&answered.status) {
            return Err(RehearsalError::Answer { what, status: answered.status, detail: detail() });
        }
        let read = serde_json::from_slice(&answered.body).ok();
        read.ok_or_else(|| RehearsalError::Answer { what, status: answered.status, detail: detail() })
    }
}

impl Ask {
    pub fn post(path: &str, headers: Vec<(String, String)>, body: String) -> Self {
        Self { method: Method::POST, path: path.into(), headers, body: body.into() }
    }

    pub fn get(path: &str, headers: Vec<(String, String)>) -> Self {
        Self { method: Method::GET, path: path.into(), headers, body: Bytes::new() }
    }
}
