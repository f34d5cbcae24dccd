//! What every request passes: how many may come, how large they may be, and what every answer says to browsers.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::office::Office;
use crate::problem::Problem;

/// Requests a second from one address, for a whole office behind one address to work.
const EACH_SECOND: u32 = 500;
/// Sign-ins a minute from one address; accounts count failures by themselves.
const SIGN_INS_A_MINUTE: u32 = 60;
/// Addresses that are remembered before those that were quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// The largest form, in bytes.
pub const FORM: usize = 1 << 20;

/// How many requests may come.
#[derive(Debug)]
pub struct Rates {
    all: DefaultKeyedRateLimiter<IpAddr>,
    sign_in: DefaultKeyedRateLimiter<IpAddr>,
}

impl Rates {
    /// Nobody has asked yet.
    pub fn new() -> Self {
        let quota = |count| NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        Self {
            all: RateLimiter::keyed(Quota::per_second(quota(EACH_SECOND))),
            sign_in: RateLimiter::keyed(Quota::per_minute(quota(SIGN_INS_A_MINUTE))),
        }
    }

    fn wait(&self, address: IpAddr, signs_in: bool) -> Option<u64> {
        if self.all.len() > REMEMBERED {
            self.all.retain_recent();
            self.sign_in.retain_recent();
        }
        let checked = match self.all.check_key(&address) {
            Ok(()) if signs_in => self.sign_in.check_key(&address),
            other => other,
        };
        let not_until = checked.err()?;
        Some(not_until.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}

/// Turns away whoever asks too often.
pub async fn rates(State(rates): State<Arc<Rates>>, request: Request, next: Next) -> Response {
    let address = request.extensions().get::<ConnectInfo<std::net::SocketAddr>>().map(|info| info.0.ip());
    let signs_in = request.method() == axum::http::Method::POST
        && (request.uri().path().ends_with("/session") || request.uri().path().ends_with("/invitation"));
    if let Some(seconds) = address.and_then(|address| rates.wait(address, signs_in)) {
        let detail = "Too many requests from this address.";
        let mut problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "about:blank", "Too many requests", detail);
        problem.retry_after = Some(seconds);
        return problem.into_response();
    }
    next.run(request).await
}

/// Counts requests and how long they took.
pub async fn count(State(office): State<Arc<Office>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let response = next.run(request).await;
    office.counts().add(response.status().as_u16(), begun.elapsed());
    response
}

/// What nothing but this very server may give browsers, and what they may not tell others.
const HEADERS: [(HeaderName, &str); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Scripts, styles, pictures: all from here. Maps draw in workers made of blobs.
const POLICY: &str = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// The officer's phone reads bar codes with WebAssembly of our own.
const PHONE_POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data: blob:; \
                            worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; \
                            frame-ancestors 'none'";

/// Adds them to every answer.
pub async fn headers(State(office): State<Arc<Office>>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let policy = if path.starts_with("/phone") { PHONE_POLICY } else { POLICY };
    let api = path.starts_with("/api");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    if api {
        // An answer that is nobody's may say that it is kept.
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    }
    if office.tls() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    response
}
