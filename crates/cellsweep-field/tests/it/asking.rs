//! Enrolment, sync, photos, command and the wall, over real HTTP.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::http::Method;
use cellsweep_field::{FileJournal, Journal, JournalError, Keeping};
use cellsweep_sweep::day::{CellRef, DayWhat, Detector, Envelope, Obstacle, Whereabouts};
use cellsweep_sweep::sync::{FromPhone, FromServer, Phase, Standing, write_from_phone};
use serde_json::{Value, json};

use crate::desk::{Handset, Server, tick};

const NOT_THERE: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn team(server: &Server) -> Value {
    json!({"team": server.made.plan.teams[0].team})
}

fn own_cell(server: &Server) -> CellRef {
    server.made.plan.cells[0].cell.clone()
}

fn started(cell: CellRef) -> DayWhat {
    DayWhat::Started { cell, detector: Detector::Visual, officers: 2 }
}

#[tokio::test]
async fn a_code_lets_one_phone_in_and_gives_it_its_own_cells() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let code = server.code(team(&server), "M-1").await;
    let (first, second) = (Handset::new(1, "M-1"), Handset::new(2, "M-2"));
    let enrol =
        async |handset: &Handset| server.ask(Method::POST, "/enrol", &[], handset.enrolment(&code).to_string()).await;
    let (answer, again, other) = (enrol(&first).await, enrol(&first).await, enrol(&second).await);
    // A lost answer loses nothing; a code that somebody photographed gives nothing.
    assert_eq!((answer.status, again.status, other.status), (200, 200, 410));
    assert_ne!(answer.json()["token"], again.json()["token"]);
    let bundle = &answer.json()["bundle"];
    let team = &server.made.plan.teams[0].team;
    let own = server.made.plan.cells.iter().filter(|planned| planned.team == *team);
    let own: Vec<Value> = own.map(|planned| json!(planned.cell)).collect();
    let given: Vec<Value> = bundle["cells"].as_array().unwrap().iter().map(|cell| cell["cell"].clone()).collect();
    assert_eq!(given, own);
    assert!(bundle["cells"][0]["held"][0]["name"].is_string());
    assert_eq!(bundle["you"]["officer"], json!({"id": "M-1", "name": "M-1"}));
    assert_eq!(bundle["command"][0]["device"], json!(server.field.root()));
}

#[tokio::test]
async fn a_code_needs_the_office_and_a_phone_its_key() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let invite = json!({"post": team(&server), "officer": "M-1"}).to_string();
    let guest = server.ask(Method::POST, "/invitations", &[("x-office", "guest")], invite).await;
    assert_eq!(guest.status, 403);
    let nobody = server.office("/invitations", json!({"post": {"team": "T999"}, "officer": "M-1"})).await;
    assert_eq!((nobody.status, &nobody.json()["detail"]), (422, &json!("post: the plan has no such team")));
    let code = server.code(team(&server), "M-1").await;
    let mut stolen = Handset::new(1, "M-1").enrolment(&code);
    stolen["key"] = json!(Handset::new(2, "M-1").key.public());
    assert_eq!(server.ask(Method::POST, "/enrol", &[], stolen.to_string()).await.status, 422);
    for path in ["/bundle", "/wall", "/report"] {
        let answer = server.ask(Method::GET, path, &[("authorization", "Bearer nothing")], "").await;
        assert!([401, 403].contains(&answer.status), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn what_is_acknowledged_is_there_after_the_server_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    phone.enter(started(own_cell(&server)));
    phone.enter(DayWhat::NothingFound { cell: own_cell(&server) });
    server.sync_all(&mut phone).await;
    assert_eq!(phone.phone.acknowledged().count(), 2);
    let (before, lines) = (server.report().await["report"]["cells"].clone(), server.field.lines());
    server.kill().await;
    // The crash tore a line that nobody was told of.
    let path = folder.path().join("day.jsonl");
    let torn = [std::fs::read(&path).unwrap(), b"{\"v\":1,\"li".to_vec()].concat();
    std::fs::write(&path, torn).unwrap();
    let server = Server::begin(folder.path()).await;
    assert_eq!(server.field.lines(), lines);
    assert_eq!(server.report().await["report"]["cells"], before);
    // The token still holds, and nothing is sent twice.
    let hello = phone.phone.hello(tick());
    let welcome = server.sync(&mut phone, &[hello]).await;
    assert!(matches!(&welcome[0], FromServer::Welcome { have, standing: Standing::Enrolled, .. } if have.count() == 2));
    assert_eq!(phone.phone.batch(), None);
}

#[tokio::test]
async fn a_replay_changes_nothing_and_a_forgery_is_set_apart_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    let mut other = server.phone(2, team(&server), "M-2").await;
    phone.enter(started(own_cell(&server)));
    let batch = phone.phone.batch().unwrap();
    server.sync(&mut phone, std::slice::from_ref(&batch)).await;
    let lines = server.field.lines();
    server.sync(&mut phone, std::slice::from_ref(&batch)).await;
    assert_eq!(server.field.lines(), lines);
    // The other phone's next entry, signed by this one.
    let what = DayWhat::CouldNot { cell: own_cell(&server), why: Obstacle::Locked };
    let text = other.phone.draft(other.party.clone(), jiff::Timestamp::now(), what).unwrap();
    let signature = phone.key.sign(&text).unwrap();
    let forged =
        FromPhone::Batch { device: phone.name().clone(), first: 1, entries: vec![Envelope { text, signature }] };
    server.sync(&mut phone, &[forged]).await;
    let report = server.report().await;
    assert_eq!(report["report"]["apart"][0]["device"], json!(other.name()));
    let flags = report["flags"].as_array().unwrap();
    assert!(flags.iter().any(|flag| flag["text"].as_str().unwrap().contains("has a signature that doesn't fit")));
    // The phone whose name it was is heard all the same.
    other.enter(DayWhat::NothingFound { cell: own_cell(&server) });
    server.sync_all(&mut other).await;
    assert_eq!(other.phone.acknowledged().count(), 1);
}

#[tokio::test]
async fn a_message_that_cannot_be_read_is_kept_and_another_ones_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    let other = server.phone(2, team(&server), "M-2").await;
    let bearer = phone.bearer();
    let send = async |body: String| server.ask(Method::POST, "/sync", &[("authorization", &bearer)], body).await;
    let answer = send("{\"v\":1,\"message\":{\"kind\":\"shout\"}}".into()).await;
    assert_eq!((answer.status, &answer.json()["type"]), (422, &json!("/problems/invalid")));
    let flags = server.report().await["flags"].to_string();
    assert!(flags.contains("can't be read; it was kept"), "{flags}");
    let mut borrowed = Handset::new(2, "M-2");
    borrowed.token = other.token;
    let foreign = write_from_phone(&borrowed.phone.hello(tick())).unwrap();
    assert_eq!(send(foreign).await.status, 403);
    let hello = write_from_phone(&phone.phone.hello(tick())).unwrap();
    assert_eq!(send(vec![hello; 17].join("\n")).await.status, 413);
    assert_eq!(send(" ".repeat(2 << 20)).await.status, 413);
}

#[tokio::test]
async fn command_speaks_and_a_revoked_phone_can_still_call_for_help() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    phone.enter(started(own_cell(&server)));
    let say = async |what: Value| server.office("/command", json!({"what": what})).await.status;
    assert_eq!(say(json!({"kind": "announced", "to": "all", "text": "slower"})).await, 201);
    assert_eq!(say(json!({"kind": "revoked", "device": phone.name(), "why": "lent"})).await, 201);
    assert_eq!(say(json!({"kind": "finished"})).await, 422);
    let answers = server.sync_all(&mut phone).await;
    let news = answers.iter().find_map(|answer| match answer {
        FromServer::News { entries, .. } => Some(entries.len()),
        _ => None,
    });
    assert_eq!(news, Some(0), "nobody knows who holds it");
    // What it had entered is taken; it enters nothing more, and its bundle names nobody.
    assert_eq!((phone.phone.phase(), phone.phone.acknowledged().count()), (Phase::Done, 1));
    let bearer = phone.bearer();
    let bundle = server.ask(Method::GET, "/bundle", &[("authorization", &bearer)], "").await.json();
    assert_eq!((&bundle["you"]["standing"], &bundle["cells"]), (&json!("revoked"), &json!([])));
    let call = json!({"place": {"cell": own_cell(&server)}, "clock": jiff::Timestamp::now()});
    let called = server.ask(Method::POST, "/distress", &[("authorization", &bearer)], call.to_string()).await;
    assert_eq!(called.status, 202);
    let distress = server.report().await["distress"].clone();
    assert_eq!((&distress[0]["device"], &distress[0]["seen"]), (&json!(phone.name()), &json!(false)));
    // Its signed entry never comes; command can answer all the same.
    assert_eq!(say(json!({"kind": "seen", "about": distress[0]["event"]})).await, 201);
    assert_eq!(server.report().await["distress"][0]["seen"], json!(true));
}

#[tokio::test]
async fn the_wall_names_the_call_that_command_answers_and_who_has_not_ended() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    phone.enter(DayWhat::Distress { place: Whereabouts::Cell(own_cell(&server)) });
    server.sync_all(&mut phone).await;
    let wall = server.wall().await;
    let call = &wall["distress"][0];
    assert_eq!((&call["event"], &call["seen"]), (&json!(format!("{}:1", phone.name())), &json!(false)));
    let ended = |wall: &Value| {
        let open = wall["open"].as_array().unwrap();
        assert_eq!(wall["open_count"], json!(open.len()));
        !open.iter().any(|open| open["team"] == team(&server)["team"])
    };
    assert!(!ended(&wall), "{wall}");
    server.office("/command", json!({"what": {"kind": "seen", "about": call["event"]}})).await;
    phone.enter(DayWhat::Finished {});
    server.sync_all(&mut phone).await;
    let wall = server.wall().await;
    assert_eq!(wall["distress"][0]["seen"], json!(true));
    assert!(ended(&wall), "{wall}");
}

#[tokio::test]
async fn a_dead_phones_entries_are_taken_over_at_a_desk_and_nowhere_else() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut dead = server.phone(1, team(&server), "M-1").await;
    let site = server.made.plan.teams[0].site.clone();
    let desk = server.phone(2, json!({"desk": site}), "M-2").await;
    let officer = server.phone(3, team(&server), "M-3").await;
    dead.enter(started(own_cell(&server)));
    dead.enter(DayWhat::NothingFound { cell: own_cell(&server) });
    let lines: Vec<String> = dead.phone.export().iter().map(|batch| write_from_phone(batch).unwrap()).collect();
    let carry = async |handset: &Handset| {
        server.ask(Method::POST, "/rescue", &[("authorization", &handset.bearer())], lines.join("\n")).await
    };
    assert_eq!(carry(&officer).await.status, 403);
    let taken = carry(&desk).await.json();
    assert_eq!(taken, json!({"device": dead.name(), "last": 2, "have": [[1, 2]], "whole": true}));
    let device = server.report().await["report"]["devices"][dead.name().as_str()].clone();
    assert_eq!((&device["complete"], &device["entries"]), (&json!(true), &json!(2)));
}

#[tokio::test]
async fn a_photo_comes_in_pieces_and_counts_once_it_is_what_its_name_says() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let phone = server.phone(1, team(&server), "M-1").await;
    let name = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let bearer = phone.bearer();
    let put = async |name: &str, at: &str, length: &str, piece: &'static str| {
        let headers = [("authorization", bearer.as_str()), ("upload-offset", at), ("upload-length", length)];
        server.ask(Method::PUT, &format!("/photos/{name}"), &headers, piece).await
    };
    let first = put(name, "0", "3", "a").await;
    assert_eq!((first.status, first.json()), (200, json!({"offset": 1, "complete": false})));
    let elsewhere = put(name, "2", "3", "c").await;
    assert_eq!((elsewhere.status, &elsewhere.json()["offset"]), (409, &json!(1)));
    let head = server.ask(Method::HEAD, &format!("/photos/{name}"), &[("authorization", &bearer)], "").await;
    assert_eq!((head.header("upload-offset"), head.header("upload-complete")), ("1", "?0"));
    assert_eq!((put(name, "1", "3", "bc").await.status, put(name, "0", "3", "abc").await.status), (201, 201));
    let read = server.ask(Method::GET, &format!("/photos/{name}"), &[("x-office", "guest")], "").await;
    assert_eq!(&read.body[..], b"abc");
    assert_eq!(put(NOT_THERE, "0", "3", "abc").await.status, 422);
    assert_eq!(put(NOT_THERE, "0", "3", "").await.status, 200);
    assert_eq!(put(NOT_THERE, "0", "99999999", "abc").await.status, 413);
    assert_eq!(put("../day.jsonl", "0", "3", "abc").await.status, 404);
}

/// A disk that fills up and is emptied again.
struct Full(FileJournal, Arc<AtomicBool>);

impl Journal for Full {
    fn append(&mut self, lines: &[String]) -> Result<(), JournalError> {
        if self.1.load(Ordering::SeqCst) { Err(JournalError::Other("full".into())) } else { self.0.append(lines) }
    }

    fn read(&mut self) -> Result<Vec<String>, JournalError> {
        self.0.read()
    }
}

#[tokio::test]
async fn a_full_disk_acknowledges_nothing_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let full = Arc::new(AtomicBool::new(false));
    let journal = Full(FileJournal::open(folder.path(), Keeping::Plain).unwrap(), full.clone());
    let server = Server::with(folder.path(), Box::new(journal)).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    phone.enter(started(own_cell(&server)));
    full.store(true, Ordering::SeqCst);
    let batch = write_from_phone(&phone.phone.batch().unwrap()).unwrap();
    let bearer = phone.bearer();
    let refused = server.ask(Method::POST, "/sync", &[("authorization", &bearer)], batch).await;
    assert_eq!((refused.status, refused.header("retry-after")), (503, "5"));
    full.store(false, Ordering::SeqCst);
    server.sync_all(&mut phone).await;
    assert_eq!(phone.phone.acknowledged().count(), 1);
    assert_eq!(server.report().await["report"]["nation"]["running"], json!(1));
}

#[tokio::test]
async fn the_wall_tells_when_it_changed() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    phone.enter(started(own_cell(&server)));
    server.sync_all(&mut phone).await;
    let lines = server.field.lines();
    let wall = server.wall().await;
    let cell = own_cell(&server);
    let site =
        wall["sites"].as_array().unwrap().iter().find(|site| site["facility"] == json!(cell.facility)).unwrap().clone();
    let at = site["cells_list"].as_array().unwrap().iter().find(|at| at["cell"] == json!(cell.cell)).unwrap().clone();
    assert_eq!((&at["state"], &at["team"], &site["started"]), (&json!("open"), &team(&server)["team"], &json!(1)));
    assert_eq!(site["silent_minutes"], Value::Null);
    let teams = site["teams"].as_array().unwrap();
    assert_eq!((&teams[0]["at"], &teams[0]["unsent"]), (&json!(cell.cell), &json!(1)));
    // Whoever knows the day up to here is told at once that there is more.
    let events = server.first_event(lines - 1).await;
    assert_eq!(events, format!("event: sweep\nid: {lines}\ndata: {{\"lines\":{lines}}}\n\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_site_is_planned_anew_in_approved_cells_only() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let site = server.made.plan.sites[0].clone();
    let here = server.made.plan.cells.iter().filter(|planned| planned.cell.facility == site).rev();
    let cells: Vec<Value> = here.map(|planned| json!(planned)).collect();
    let say = async |number: u32, cells: &[Value]| {
        let what = json!({"kind": "replanned", "site": site, "number": number, "cells": cells, "why": "slow"});
        let answer = server.office("/command", json!({"what": what})).await;
        let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
        (answer.status, detail)
    };
    let changed = |key: &str, value: Value| {
        let mut cells = cells.clone();
        cells[0][key] = value;
        cells
    };
    let wrong = "cells: F1 X-99 is not in the plan that was approved".replace("F1", site.as_str());
    assert_eq!(say(1, &changed("cell", json!({"facility": site, "cell": "X-99"}))).await, (422, wrong));
    let person = say(1, &changed("target", json!("person"))).await;
    assert_eq!(person.0, 422, "whoever is held there is another target than the cell");
    assert_eq!(say(1, &changed("team", json!("nobody"))).await.0, 422);
    assert_eq!(say(2, &cells).await.0, 422);
    assert_eq!(say(1, &cells).await.0, 201);
    assert_eq!(say(1, &cells).await.0, 422, "the number was given away");
    assert_eq!(say(2, &cells[..1]).await.0, 201);
    // Phones are told that there is a new plan, and get their own part of it alone.
    let other = server.made.plan.teams.iter().rfind(|planned| planned.site == site).unwrap().team.clone();
    let mut phone = server.phone(1, json!({"team": other}), "M-1").await;
    let words = said(&server.sync_all(&mut phone).await);
    assert!(words.len() == 2 && words.iter().all(|word| word.contains("plan_changed")), "{words:?}");
    let bundle = server.ask(Method::GET, "/bundle", &[("authorization", &phone.bearer())], "").await.json();
    assert_eq!(bundle["plan_number"], json!(2));
}

/// Command's words among answers.
fn said(answers: &[FromServer]) -> Vec<String> {
    let news = answers.iter().filter_map(|answer| match answer {
        FromServer::News { entries, .. } => Some(entries),
        _ => None,
    });
    news.flatten().map(|word| word.text.clone()).collect()
}

#[tokio::test]
async fn a_server_that_was_put_back_to_a_backup_is_heard_and_lets_phones_in_again() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::begin(folder.path()).await;
    let mut phone = server.phone(1, team(&server), "M-1").await;
    let path = folder.path().join("day.jsonl");
    let backup = std::fs::read(&path).unwrap();
    let announce = async |server: &Server, text: &str| {
        let what = json!({"kind": "announced", "to": "all", "text": text});
        server.office("/command", json!({"what": what})).await.json()["event"].clone()
    };
    let lost = announce(&server, "slower").await;
    let mut late = server.phone(2, team(&server), "M-2").await;
    late.enter(started(own_cell(&server)));
    assert_eq!(said(&server.sync_all(&mut phone).await).len(), 1);
    server.kill().await;
    std::fs::write(&path, backup).unwrap();

    let server = Server::begin(folder.path()).await;
    assert_ne!(announce(&server, "stop").await, lost, "phones know that number as another word");
    let words = said(&server.sync_all(&mut phone).await);
    assert!(words.len() == 1 && words[0].contains("stop"), "{words:?}");
    let device = server.report().await["report"]["devices"][server.field.root().as_str()].clone();
    assert_eq!(device["missing"], json!([]), "numbers that were left out are no entries");

    // Nobody here knows the other phone; another code lets it in with its own key and all that it holds.
    let hello = write_from_phone(&late.phone.hello(tick())).unwrap();
    let refused = server.ask(Method::POST, "/sync", &[("authorization", &late.bearer())], hello).await;
    assert_eq!(refused.status, 401);
    let enrolment = late.enrolment(&server.code(team(&server), "M-2").await);
    let admitted = server.ask(Method::POST, "/enrol", &[], enrolment.to_string()).await;
    late.token = admitted.json()["token"].as_str().unwrap().to_owned();
    server.sync_all(&mut late).await;
    assert_eq!(late.phone.acknowledged().count(), 1);
}
