//! A server on a port, and a phone that asks it.

use std::path::Path;
use std::sync::Arc;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use cellsweep_field::rehearse::START;
use cellsweep_field::rehearse::made::{self, MadeUp};
use cellsweep_field::{
    Action, Authorise, Field, FileJournal, FolderPhotos, Journal, Keeping, PostKey, Settings, Threads,
};
use cellsweep_sweep::day::{DayWhat, Rules};
use cellsweep_sweep::sync::{FromPhone, FromServer, Phone, Tick, read_from_server, write_from_phone};
use cellsweep_sweep::{DeviceKey, Party};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

/// Whoever says the word commands; whoever says another one may look.
struct Office;

#[async_trait::async_trait]
impl Authorise for Office {
    async fn authorise(&self, action: Action, request: &Parts) -> Result<Party, Response> {
        let said = request.headers.get("x-office").and_then(|word| word.to_str().ok());
        match (action, said) {
            (_, Some("commander")) | (Action::View, Some(_)) => Ok(made::commander().unwrap()),
            _ => Err(StatusCode::FORBIDDEN.into_response()),
        }
    }
}

pub struct Server {
    pub field: Field,
    pub made: MadeUp,
    pub url: String,
    client: Client<HttpConnector, Full<Bytes>>,
    runtime: Killed,
    threads: Threads,
}

/// A runtime that ends with all that it is doing.
struct Killed(Option<tokio::runtime::Runtime>);

impl Drop for Killed {
    fn drop(&mut self) {
        self.0.take().unwrap().shutdown_background();
    }
}

pub struct Answer {
    pub status: u16,
    headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

impl Server {
    pub async fn begin(folder: &Path) -> Self {
        Self::with(folder, Box::new(FileJournal::open(folder, Keeping::Plain).unwrap())).await
    }

    pub async fn with(folder: &Path, journal: Box<dyn Journal>) -> Self {
        let made = made::day(3, 6, 2, START).unwrap();
        let (field, threads) = Field::open(Self::settings(folder, journal, &made)).unwrap();
        field.open_day(made.plan.clone(), made::commander().unwrap()).await.unwrap();
        Self::serve(field, threads, made).await
    }

    /// A field whose day isn't open.
    pub fn closed(folder: &Path) -> Field {
        let journal = Box::new(FileJournal::open(folder, Keeping::Plain).unwrap());
        Field::open(Self::settings(folder, journal, &made::day(3, 6, 2, START).unwrap())).unwrap().0
    }

    fn settings(folder: &Path, journal: Box<dyn Journal>, made: &MadeUp) -> Settings {
        Settings {
            post: PostKey::new(&[9; 32]).unwrap(),
            journal,
            photos: Arc::new(FolderPhotos::open(&folder.join("photos"), Keeping::Plain).unwrap()),
            office: Arc::new(Office),
            brief: made.brief.clone(),
            clock: Arc::new(jiff::Timestamp::now),
            rules: Rules::USUAL,
            origin: "https://sweep.example".into(),
        }
    }

    async fn serve(field: Field, threads: Threads, made: MadeUp) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let router = field.router();
        let bound = runtime.spawn(async move {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            tokio::spawn(async move { axum::serve(listener, router).await });
            address
        });
        let url = format!("http://{}", bound.await.unwrap());
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { field, made, url, client, runtime: Killed(Some(runtime)), threads }
    }

    /// Kills it; the journal is free then.
    pub async fn kill(self) {
        let Self { field, runtime, threads, .. } = self;
        drop((field, runtime));
        tokio::task::spawn_blocking(|| threads.join()).await.unwrap();
    }

    pub async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.client.request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Answer { status, headers, body: answer.into_body().collect().await.unwrap().to_bytes() }
    }

    pub async fn office(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, &[("x-office", "commander")], body.to_string()).await
    }

    pub async fn report(&self) -> Value {
        self.ask(Method::GET, "/report?lang=en", &[("x-office", "guest")], "").await.json()
    }

    /// The wall, once it shows all lines that are there.
    pub async fn wall(&self) -> Value {
        let lines = json!(self.field.lines());
        loop {
            let wall = self.ask(Method::GET, "/wall", &[("x-office", "guest")], "").await.json();
            if wall["lines"] == lines {
                return wall;
            }
            tokio::task::yield_now().await;
        }
    }

    /// What somebody hears first who knows so many lines.
    pub async fn first_event(&self, known: u64) -> String {
        let request = Request::builder().uri(format!("{}/wall/events", self.url)).header("x-office", "guest");
        let request = request.header("last-event-id", known).body(Full::new(Bytes::new())).unwrap();
        let mut body = self.client.request(request).await.unwrap().into_body();
        let frame = body.frame().await.unwrap().unwrap().into_data().unwrap();
        String::from_utf8(frame.to_vec()).unwrap()
    }

    pub async fn code(&self, post: Value, officer: &str) -> String {
        let invited = self.office("/invitations", json!({"post": post, "officer": officer})).await;
        assert_eq!(invited.status, 201, "{:?}", invited.body);
        invited.json()["code"].as_str().unwrap().to_owned()
    }

    /// A phone that was let in.
    pub async fn phone(&self, secret: u8, post: Value, officer: &str) -> Handset {
        let code = self.code(post, officer).await;
        let mut phone = Handset::new(secret, officer);
        let answer = self.ask(Method::POST, "/enrol", &[], phone.enrolment(&code).to_string()).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        phone.token = answer.json()["token"].as_str().unwrap().to_owned();
        phone
    }

    pub async fn sync(&self, phone: &mut Handset, messages: &[FromPhone]) -> Vec<FromServer> {
        let lines: Vec<String> = messages.iter().map(|message| write_from_phone(message).unwrap()).collect();
        let answer = self.ask(Method::POST, "/sync", &[("authorization", &phone.bearer())], lines.join("\n")).await;
        assert_eq!(answer.status, 200, "{:?}", answer.body);
        let text = String::from_utf8(answer.body.to_vec()).unwrap();
        let answers: Vec<FromServer> = text.lines().map(|line| read_from_server(line).unwrap()).collect();
        for answer in &answers {
            phone.phone.receive(answer.clone(), tick());
        }
        answers
    }

    /// Says hello, and sends all that is left to send.
    pub async fn sync_all(&self, phone: &mut Handset) -> Vec<FromServer> {
        let mut messages = vec![phone.phone.hello(tick())];
        messages.extend(phone.phone.batch());
        self.sync(phone, &messages).await
    }
}

pub struct Handset {
    pub key: PostKey,
    pub phone: Phone,
    pub party: Party,
    pub token: String,
}

pub fn tick() -> Tick {
    Tick { clock: jiff::Timestamp::now(), steady_ms: 0 }
}

impl Handset {
    pub fn new(secret: u8, officer: &str) -> Self {
        let key = PostKey::new(&[secret; 32]).unwrap();
        let party = Party { id: officer.parse().unwrap(), name: officer.parse().unwrap(), role: None };
        Self { phone: Phone::new(key.device().clone()), key, party, token: String::new() }
    }

    pub fn name(&self) -> &DeviceKey {
        self.key.device()
    }

    pub fn bearer(&self) -> String {
        format!("Bearer {}", self.token)
    }

    pub fn enrolment(&self, code: &str) -> Value {
        let proof = self.key.sign(&format!("cellsweep-enrol:v1:{code}:{}", self.name())).unwrap();
        json!({"code": code, "device": self.name(), "key": self.key.public(), "proof": proof})
    }

    pub fn enter(&mut self, what: DayWhat) {
        let text = self.phone.draft(self.party.clone(), jiff::Timestamp::now(), what).unwrap();
        let signature = self.key.sign(&text).unwrap();
        self.phone.enter(text, signature).unwrap();
    }
}
