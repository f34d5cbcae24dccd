//! An investigation's office with a clock that the test sets: how long sessions last, and what a lapsed order locks.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use cellsweep_accounts::{
    Accounts, Cost, Grant, NewPerson, Origin, Place, Policies, Reach, Role, SealKey, Site, Terms,
};
use cellsweep_flow::{
    Caller, CaseWriter, Coming, Granting, LogKind, Originals, Settings, Silent, Standing, TraceSettings, Unlock,
    authority_of_text, enter, grant_authority, import_files,
};
use cellsweep_model::case::{CaseEvent, CaseKind};
use cellsweep_model::table::Table;
use cellsweep_model::{About, Alert, AlertKind};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use tower::ServiceExt;

use crate::day::Days;
use crate::desk::{Asker, Desk};
use crate::office::{Office, Parts};
use crate::serve::app;
use crate::upload::Uploads;

const PASSWORD: &str = "three plain walls of brick";
const SEARCHES: &str =
    "time,facility,cell,detector,officers,minutes,found\n2026-01-05T06:00:00Z,F01,A-0-01,visual,2,20,0\n";

fn order(valid_until: Timestamp) -> String {
    format!(
        "id = \"PARIS-2026-0412\"\ncountry = \"FR\"\nbody = \"Tribunal judiciaire de Paris\"\nnumber = \"2026/0412\"\n\
         legal_basis = \"CPP art. 60-1-2\"\nreviewed_by = \"JLD\"\nkinds = [\"records\", \"search\"]\n\
         facilities = [\"*\"]\ndata_from = \"2000-01-01T00:00:00Z\"\ndata_to = \"2099-12-31T00:00:00Z\"\n\
         valid_until = \"{valid_until}\"\n\n[[offences]]\ncode = \"drug_trafficking\"\nmaximum_penalty_years = 10\n\
         as_of = \"2026-01-01\"\n"
    )
}

/// Everything of it ends outside of asynchronous code: the case's database waits when it closes.
struct Trial {
    office: Arc<Office>,
    app: Router,
    clock: Arc<AtomicI64>,
    runtime: Runtime,
    dir: TempDir,
}

/// Somebody who is signed in.
struct Person {
    cookie: String,
    csrf: String,
}

impl Trial {
    fn new() -> Self {
        let (dir, runtime) = (tempfile::tempdir().unwrap(), Runtime::new().unwrap());
        let case = dir.path().join("case");
        let caller = Caller { holder: "a test", by: "A. Martin", reason: None, unlock: &Unlock::InCase };
        drop(CaseWriter::create(&case, CaseKind::Investigation, &caller, Timestamp::now()).unwrap());
        let clock = Arc::new(AtomicI64::new(1_795_000_000));
        let settings = Settings { memory_bytes: 1 << 28, threads: 1, trace: TraceSettings::default(), cluster: None };
        let parts = Parts {
            desk: Desk::open(case, Unlock::InCase, settings).unwrap(),
            accounts: runtime.block_on(accounts(&dir, &clock)),
            policies: Policies::own().unwrap(),
            organisation: None,
            tiles: None,
            uploads: Uploads::new(dir.path().join("uploads")),
            days: Days::new(dir.path().join("days"), "https://office.example".to_owned()),
            tls: false,
            // A second factor is tested elsewhere.
            exercise: true,
            stop: tokio::sync::watch::channel(false).1,
        };
        let office = Arc::new(Office::new(parts).unwrap());
        Self { app: app(office.clone()), office, clock, runtime, dir }
    }

    fn later(&self, time: SignedDuration) {
        self.clock.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    fn ask(&self, mut request: Request<Body>) -> (StatusCode, Value) {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4_000))));
        self.runtime.block_on(async {
            let answer = self.app.clone().oneshot(request).await.unwrap();
            let status = answer.status();
            let stream = answer.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
            // A stream goes on: that it began is what is asked for.
            let body = if stream { Vec::new() } else { to_bytes(answer.into_body(), 1 << 20).await.unwrap().to_vec() };
            (status, serde_json::from_slice(&body).unwrap_or_default())
        })
    }

    fn get(&self, person: &Person, path: &str) -> StatusCode {
        self.ask(asked(person, path).body(Body::empty()).unwrap()).0
    }

    fn signs_in(&self, name: &str) -> Person {
        let body = json!({ "name": name, "password": PASSWORD }).to_string();
        let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4_000))));
        self.runtime.block_on(async {
            let answer = self.app.clone().oneshot(request).await.unwrap();
            let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let body: Value = serde_json::from_slice(&body).unwrap();
            Person { cookie, csrf: body["csrf"].as_str().unwrap().to_owned() }
        })
    }
}

fn asked(person: &Person, path: &str) -> axum::http::request::Builder {
    let request = Request::get(format!("/api/v1{path}")).header(header::COOKIE, &person.cookie);
    request.header("x-csrf", &person.csrf).header("x-reason", "a%20hearing")
}

async fn accounts(dir: &TempDir, clock: &Arc<AtomicI64>) -> Accounts {
    let (place, hand) = (Place::Sqlite(dir.path().join("accounts.sqlite")), clock.clone());
    let site = Site { name: "Office".to_owned(), origin: "https://office.example".parse().unwrap() };
    let terms = Terms { cost: Cost::OWASP, ..Terms::default() };
    let time = move || Timestamp::from_second(hand.load(Ordering::SeqCst)).unwrap();
    let key = SealKey::new(&[7; 32]).unwrap();
    let accounts = Accounts::open(&place, key, site, terms, time, |_| ()).await.unwrap();
    let (first, _) = accounts.first_administrator("root", "The first").await.unwrap();
    for role in [Role::Investigator, Role::Magistrate, Role::Commander] {
        let grant = Grant::of(role).cases(Reach::All).facilities(Reach::All).teams(Reach::All);
        let (name, display) = (role.word().to_owned(), role.word().to_owned());
        let new = NewPerson { name, display, service_number: None, grants: vec![grant], clearances: [].into() };
        let person = accounts.add_person(&new, &first.id).await.unwrap();
        let invitation = accounts.invite(&person.id, &first.id).await.unwrap();
        accounts.accept(&invitation, PASSWORD, &Origin::default()).await.unwrap();
    }
    accounts
}

/// A page that listens and asks by itself stays open for ever; the session of whoever left it does not.
#[test]
fn a_page_that_is_left_alone_does_not_keep_its_session() {
    let trial = Trial::new();
    let person = trial.signs_in("investigator");
    let by_itself = |path: &str| asked(&person, path).header("x-unattended", "1").body(Body::empty()).unwrap();
    for _ in 0..6 {
        trial.later(SignedDuration::from_mins(25));
        assert_eq!(trial.get(&person, "/events"), StatusCode::OK);
        assert_eq!(trial.ask(by_itself("/case")).0, StatusCode::OK, "it shows what it may as long as it lasts");
        assert_eq!(trial.get(&person, "/case"), StatusCode::OK, "somebody is there");
    }
    for _ in 0..5 {
        trial.later(SignedDuration::from_mins(5));
        assert_eq!(trial.get(&person, "/events"), StatusCode::OK);
        assert_eq!(trial.ask(by_itself("/case")).0, StatusCode::OK);
    }
    trial.later(SignedDuration::from_mins(5));
    assert_eq!(trial.get(&person, "/events"), StatusCode::UNAUTHORIZED, "half an hour after somebody was there");
    assert_eq!(trial.get(&person, "/case"), StatusCode::UNAUTHORIZED);
}

#[test]
fn a_lapsed_order_is_seen_and_prolonged_in_the_office_and_exhibits_are_taken_in() {
    let trial = Trial::new();
    let asker = Asker { by: "A. Martin".to_owned(), reason: Some("a hearing".to_owned()) };
    let lapses = Timestamp::now() + SignedDuration::from_secs(4);
    let file = trial.dir.path().join("searches.csv");
    std::fs::write(&file, SEARCHES).unwrap();
    let desk = trial.office.desk();
    let imported = desk.write(&asker, &Silent, |case, session| {
        let granting = Granting { by: vec!["A. Martin".to_owned(), "B. Roche".to_owned()], decision: None };
        grant_authority(case, authority_of_text(&order(lapses))?, &granting, session)?;
        let coming = Coming {
            table: Table::Searches,
            profile: None,
            authority: None,
            originals: Originals::AsTheCaseWants,
            persons: None,
        };
        import_files(case, coming, &[file], session)
    });
    assert_eq!(imported.unwrap().files.len(), 1);
    let left = lapses.duration_since(Timestamp::now()).as_millis().max(0) as u64;
    std::thread::sleep(std::time::Duration::from_millis(left + 20));

    let magistrate = trial.signs_in("magistrate");
    assert_eq!(trial.get(&magistrate, "/case"), StatusCode::LOCKED);
    let (status, list) = trial.ask(asked(&magistrate, "/authorities").body(Body::empty()).unwrap());
    assert_eq!((status, &list["authorities"][0]["lapsed"]), (StatusCode::OK, &json!(true)));
    let silent = Request::get("/api/v1/authorities").header(header::COOKIE, &magistrate.cookie);
    assert_eq!(trial.ask(silent.body(Body::empty()).unwrap()).0, StatusCode::PRECONDITION_REQUIRED);
    assert!(desk.write(&asker, &Silent, |case, session| enter(case, Vec::new(), session)).is_err());
    assert_eq!(desk.write_even_locked(&asker, |case, session| enter(case, Vec::new(), session)).unwrap().new, 0);
    let until = Timestamp::now() + SignedDuration::from_hours(24);
    let prolonged = json!({ "toml": order(until), "drawn_up_by": "investigator" }).to_string();
    let request = asked(&magistrate, "/authorities").method("POST").header(header::CONTENT_TYPE, "application/json");
    let (status, told) = trial.ask(request.body(Body::from(prolonged)).unwrap());
    assert_eq!(status, StatusCode::CREATED, "{told}");
    assert_eq!(trial.get(&magistrate, "/case"), StatusCode::OK);
    let log = Standing::open(&trial.dir.path().join("case"), &Unlock::InCase).unwrap();
    let looks: Vec<String> = log.page(LogKind::Access, None, 10).unwrap().into_iter().map(|line| line.kind).collect();
    assert_eq!(looks, ["consulted.show", "consulted.authority"], "what was refused isn't there, what was shown is");
}

/// The wall asks every few seconds; what browsers ask by themselves can't say why.
#[test]
fn a_wall_is_one_look_a_session_and_opens_for_a_reason() {
    let trial = Trial::new();
    let desk = trial.office.desk();
    let refs = ["run/0001".to_owned()];
    let asker = |reason: Option<&str>| Asker { by: "A. Martin".to_owned(), reason: reason.map(str::to_owned) };
    assert_eq!(desk.sit(&asker(None), "wall", &refs, "s1").unwrap_err().kind, "/problems/reason-needed");
    for _ in 0..3 {
        desk.sit(&asker(Some("the morning")), "wall", &refs, "s1").unwrap();
        desk.sit(&asker(None), "wall", &refs, "s1").unwrap();
    }
    assert!(desk.sit(&asker(None), "wall", &refs, "s2").is_err(), "another session says why, too");
    desk.sit(&asker(Some("the morning")), "wall", &refs, "s2").unwrap();
    let log = Standing::open(&trial.dir.path().join("case"), &Unlock::InCase).unwrap();
    let lines = log.page(LogKind::Access, None, 10).unwrap();
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.refs == refs && line.reason.as_deref() == Some("the morning")));
}

#[test]
fn alerts_lead_to_handsets_those_who_may_list_them() {
    let trial = Trial::new();
    let asker = Asker { by: "A. Martin".to_owned(), reason: Some("a hearing".to_owned()) };
    let about = About {
        key: "new 35391805723456".to_owned(),
        handset: Some("35391805723456".to_owned()),
        earlier: None,
        probability: Some(0.9),
        log10_lr: None,
        reasons: Vec::new(),
    };
    let alert = Alert { kind: AlertKind::NewHandset, facility: "F01".parse().unwrap(), about: Some(about) };
    let raised = trial
        .office
        .desk()
        .write(&asker, &Silent, |case, session| Ok(case.log(CaseEvent::Alerted { alert }, session.now())?));
    raised.unwrap();
    let handsets = |name: &str| {
        let person = trial.signs_in(name);
        let (status, case) = trial.ask(asked(&person, "/case").body(Body::empty()).unwrap());
        assert_eq!(status, StatusCode::OK, "{case}");
        case.to_string().contains("35391805723456")
    };
    assert!(handsets("investigator"));
    assert!(!handsets("commander"));
}
