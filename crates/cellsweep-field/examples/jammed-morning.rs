//! Ten thousand entries that arrive within a minute after a jammed morning, and how long the wall takes meanwhile: `cargo run
//! --release -p cellsweep-field --example jammed-morning -- [ENTRIES] [PHONES] [SECONDS] [JOURNAL]`. The journal is `file`,
//! `sqlite`, or the URL of a PostgreSQL database, in a schema that isn't there yet; it is sealed. Prints figures as JSON.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "an example that prints, on made-up data")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::Bytes;
use axum::http::{Method, Request};
use cellsweep_field::rehearse::{Anybody, made};
use cellsweep_field::{
    Field, FileJournal, FileKey, FolderPhotos, Invite, Journal, Keeping, Place, PostKey, Settings, SqlJournal,
};
use cellsweep_sweep::Party;
use cellsweep_sweep::day::{CellRef, DayWhat, Detector, Rules, Stop};
use cellsweep_sweep::sync::{Phone, Tick, read_from_server, write_from_phone};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use serde_json::{Value, json};

#[derive(Clone)]
struct Http {
    client: Client<HttpConnector, Full<Bytes>>,
    url: String,
}

impl Http {
    async fn ask(&self, method: Method, path: &str, token: &str, body: String) -> (u16, Bytes) {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        let request = request.header("authorization", format!("Bearer {token}")).body(Full::new(body.into())).unwrap();
        let answer = self.client.request(request).await.unwrap();
        (answer.status().as_u16(), answer.into_body().collect().await.unwrap().to_bytes())
    }
}

struct Officer {
    key: PostKey,
    party: Party,
    phone: Phone,
    token: String,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given = |at: usize, usual: usize| arguments.get(at).map_or(usual, |argument| argument.parse().unwrap());
    let (entries, phones, seconds) = (given(0, 10_000), given(1, 500), given(2, 60));
    let folder = tempfile::tempdir().unwrap();
    let made = made::day(1, phones, 66, Timestamp::now()).unwrap();
    let by = made::commander().unwrap();
    let (field, _threads) = Field::open(Settings {
        post: PostKey::new(&[7; 32]).unwrap(),
        journal: journal(arguments.get(3).map_or("file", String::as_str), folder.path()),
        photos: Arc::new(FolderPhotos::open(&folder.path().join("photos"), sealed()).unwrap()),
        office: Arc::new(Anybody(by.clone())),
        brief: made.brief,
        clock: Arc::new(Timestamp::now),
        rules: Rules::USUAL,
        origin: "http://127.0.0.1".into(),
    })
    .unwrap();
    field.open_day(made.plan.clone(), by.clone()).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/field", listener.local_addr().unwrap());
    let app = axum::Router::new().nest("/field", field.router());
    tokio::spawn(async move { axum::serve(listener, app).await });
    let http = Http { client: Client::builder(TokioExecutor::new()).build_http(), url };
    let mut officers = Vec::new();
    for index in 0..phones {
        let team = index / made::CREW;
        let cells: Vec<CellRef> =
            made.plan.cells.iter().filter(|c| c.team == made.plan.teams[team].team).map(|c| c.cell.clone()).collect();
        let place = Place::Team(made.plan.teams[team].team.clone());
        let officer = officer(&field, &http, &by, place, index).await;
        officers.push(entered(officer, &cells, entries / phones));
    }
    measure(&field, &http, officers, seconds).await;
}

fn sealed() -> Keeping {
    Keeping::Sealed(FileKey::from_bytes([7; 32]))
}

fn journal(kind: &str, folder: &Path) -> Box<dyn Journal> {
    match kind {
        "file" => Box::new(FileJournal::open(folder, sealed()).unwrap()),
        "sqlite" => Box::new(SqlJournal::sqlite(&folder.join("day.sqlite"), sealed()).unwrap()),
        url => Box::new(SqlJournal::postgres(url, "day", sealed()).unwrap()),
    }
}

async fn officer(field: &Field, http: &Http, by: &Party, post: Place, index: usize) -> Officer {
    let mut secret = [1; 32];
    secret[..8].copy_from_slice(&(index as u64).to_le_bytes());
    let key = PostKey::new(&secret).unwrap();
    let number = format!("M-{index:04}");
    let invite = Invite { post, officer: number.parse().unwrap(), minutes: None, replaces: None };
    let code = field.invite(by.clone(), invite).await.unwrap().code;
    let proof = key.sign(&format!("cellsweep-enrol:v1:{code}:{}", key.device())).unwrap();
    let body = json!({"code": code, "device": key.device(), "key": key.public(), "proof": proof});
    let (_, answer) = http.ask(Method::POST, "/enrol", "", body.to_string()).await;
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let party = Party { id: number.parse().unwrap(), name: number.parse().unwrap(), role: None };
    let phone = Phone::new(key.device().clone());
    Officer { key, party, phone, token: answer["token"].as_str().unwrap().to_owned() }
}

/// The morning's entries, none of them sent.
fn entered(mut officer: Officer, cells: &[CellRef], count: usize) -> Officer {
    for number in 0..count {
        let cell = cells[(number / 2) % cells.len()].clone();
        let what = match number % 2 {
            0 => DayWhat::Started { cell, detector: Detector::Visual, officers: 3 },
            _ => DayWhat::Stopped { cell, why: Stop::Done },
        };
        let text = officer.phone.draft(officer.party.clone(), Timestamp::now(), what).unwrap();
        let signature = officer.key.sign(&text).unwrap();
        officer.phone.enter(text, signature).unwrap();
    }
    officer
}

async fn measure(field: &Field, http: &Http, officers: Vec<Officer>, seconds: usize) {
    let (done, before) = (Arc::new(AtomicBool::new(false)), field.lines());
    let looking = tokio::spawn(look(http.clone(), done.clone()));
    let (start, count) = (Instant::now(), officers.len());
    let over = Duration::from_secs(seconds as u64);
    let mut sending = Vec::new();
    for (index, officer) in officers.into_iter().enumerate() {
        let wait = over * u32::try_from(index).unwrap() / u32::try_from(count).unwrap();
        let http = http.clone();
        sending.push(tokio::spawn(async move {
            tokio::time::sleep(wait).await;
            send(officer, &http).await
        }));
    }
    let mut syncs: Vec<f64> = Vec::new();
    for officer in sending {
        syncs.extend(officer.await.unwrap());
    }
    let took = start.elapsed().as_secs_f64();
    done.store(true, Ordering::SeqCst);
    let mut walls = looking.await.unwrap();
    let figures = json!({
        "entries": field.lines() - before, "phones": count, "seconds": took,
        "wall_ms": percentiles(&mut walls), "sync_ms": percentiles(&mut syncs),
    });
    println!("{figures}");
}

/// Reads the wall as fast as four commanders who hold a key down would.
async fn look(http: Http, done: Arc<AtomicBool>) -> Vec<f64> {
    let mut times = Vec::new();
    while !done.load(Ordering::SeqCst) {
        let start = Instant::now();
        let (status, _) = http.ask(Method::GET, "/wall", "", String::new()).await;
        assert_eq!(status, 200);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    times
}

async fn send(mut officer: Officer, http: &Http) -> Vec<f64> {
    let mut times = Vec::new();
    let began = Instant::now();
    let tick = || Tick { clock: Timestamp::now(), steady_ms: began.elapsed().as_millis() as u64 };
    loop {
        let mut messages = vec![officer.phone.hello(tick())];
        let Some(batch) = officer.phone.batch() else { return times };
        messages.push(batch);
        let lines: Vec<String> = messages.iter().map(|message| write_from_phone(message).unwrap()).collect();
        let start = Instant::now();
        let (status, body) = http.ask(Method::POST, "/sync", &officer.token, lines.join("\n")).await;
        assert_eq!(status, 200);
        times.push(start.elapsed().as_secs_f64() * 1e3);
        for line in String::from_utf8(body.to_vec()).unwrap().lines() {
            officer.phone.receive(read_from_server(line).unwrap(), tick());
        }
    }
}

fn percentiles(times: &mut [f64]) -> Value {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
    json!({"count": times.len(), "p50": at(0.5), "p99": at(0.99), "most": at(1.0)})
}
