//! A made-up search day on this machine, for whoever builds a phone: `cargo run --release -p cellsweep-field --example
//! field-server -- --folder DIR [--port 8086] [--web web/dist] [--seed 1] [--officers 12]`. Started anew on the same
//! folder, the day goes on.
//!
//! It prints one line of JSON: where it serves, a team's and a desk's invitation. Whoever asks from this machine commands:
//! more invitations come from `POST /api/v1/field/invitations`.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, reason = "an example, on made-up data")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use cellsweep_field::rehearse::{Anybody, made};
use cellsweep_field::{Field, FileJournal, FolderPhotos, Invite, Keeping, Place, PostKey, Settings};
use cellsweep_sweep::day::Rules;
use jiff::Timestamp;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let given: BTreeMap<&str, &str> =
        arguments.chunks_exact(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1].as_str())).collect();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(serve(&given));
}

async fn serve(given: &BTreeMap<&str, &str>) {
    let number = |name: &str, usual: usize| given.get(name).map_or(usual, |text| text.parse().expect("a whole number"));
    let folder = PathBuf::from(given.get("folder").expect("--folder DIR"));
    std::fs::create_dir_all(&folder).unwrap();
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", number("port", 0) as u16)).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (seed, officers) = (number("seed", 1) as u64, number("officers", 12));
    let made = made::day(seed, officers, officers.div_ceil(6), Timestamp::now()).unwrap();
    let by = made::commander().unwrap();
    let (field, _threads) = Field::open(Settings {
        post: PostKey::new(&secret(&folder)).unwrap(),
        journal: Box::new(FileJournal::open(&folder, Keeping::Plain).unwrap()),
        photos: Arc::new(FolderPhotos::open(&folder.join("photos"), Keeping::Plain).unwrap()),
        office: Arc::new(Anybody(by.clone())),
        brief: made.brief,
        clock: Arc::new(Timestamp::now),
        rules: Rules::USUAL,
        origin: origin.clone(),
    })
    .unwrap();
    field.open_day(made.plan.clone(), by.clone()).await.unwrap();
    let invite =
        |post, officer: &str| Invite { post, officer: officer.parse().unwrap(), minutes: None, replaces: None };
    let team = made.plan.teams[0].clone();
    let officer = field.invite(by.clone(), invite(Place::Team(team.team), "M-0001")).await.unwrap();
    let desk = field.invite(by, invite(Place::Desk(team.site), "M-0002")).await.unwrap();
    println!("{}", serde_json::json!({"origin": origin, "team": officer.url, "desk": desk.url}));
    let mut app = axum::Router::new().nest("/api/v1/field", field.router());
    if let Some(web) = given.get("web").map(PathBuf::from) {
        app = app.fallback(move |uri: Uri| file(web.clone(), uri));
    }
    axum::serve(listener, app).await.unwrap();
}

/// The made-up command post's key, kept beside its day.
fn secret(folder: &Path) -> [u8; 32] {
    let path = folder.join("post.key");
    if let Ok(bytes) = std::fs::read(&path) {
        return bytes.try_into().expect("32 bytes");
    }
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).unwrap();
    std::fs::write(path, secret).unwrap();
    secret
}

/// A file of the pages' folder.
async fn file(web: PathBuf, uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.split('/').any(|part| part == ".." || part.contains('\\')) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() };
    let Ok(bytes) = std::fs::read(web.join(&path)) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript",
        "css" => "text/css",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], bytes).into_response()
}
