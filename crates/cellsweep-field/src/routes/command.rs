//! The command post: its words, its wall, the day's report.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use cellsweep_sweep::day::DayWhat;
use futures::Stream;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};

use super::who::{self, Commands, Looks};
use crate::field::Field;
use crate::keeper::{Answer, Ask};
use crate::problem::Problem;
use crate::wall::{Follow, Language, Page};

/// How often a page is told to look again, at most.
const PAUSE: Duration = Duration::from_millis(500);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    what: DayWhat,
}

pub(super) async fn command(
    State(field): State<Field>,
    Commands(by): Commands,
    body: Result<Bytes, BytesRejection>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let Word { what } = who::json(body)?;
    if !may_be_entered(&what) {
        return Err(Problem::Invalid("what: this isn't entered by hand at the command post".into()));
    }
    if let DayWhat::Replanned { site, number, cells, .. } = &what {
        field.inner.access().may_be_replanned(site, *number, cells).map_err(Problem::Invalid)?;
    }
    match field.inner.ask(Ask::Enter { by, what: Box::new(what) }).await? {
        Answer::Entered(event) => Ok((StatusCode::CREATED, Json(json!({"event": event})))),
        _ => Err(Problem::NotKept),
    }
}

/// The opening, enrolments and rescues come about otherwise.
fn may_be_entered(what: &DayWhat) -> bool {
    use DayWhat::{Aborted, Announced, Closed, Lost, Replanned, Revoked, Seen};
    matches!(
        what,
        Announced { .. } | Aborted { .. } | Replanned { .. } | Revoked { .. } | Closed {} | Lost { .. } | Seen { .. }
    )
}

pub(super) async fn wall(State(field): State<Field>, _: Looks, headers: HeaderMap) -> Response {
    let page: Arc<Page> = field.inner.page.borrow().clone();
    let tag = [(header::ETAG, page.tag.clone())];
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == page.tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, tag).into_response();
    }
    (tag, [(header::CONTENT_TYPE, "application/json")], page.wall.clone()).into_response()
}

pub(super) async fn events(
    State(field): State<Field>,
    _: Looks,
    headers: HeaderMap,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let known = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let start = Listener { pages: field.inner.page.clone(), known, wait: false };
    let events = futures::stream::unfold(start, |mut listener| async move {
        let lines = listener.next().await?;
        let event = Event::default().event("sweep").id(lines.to_string()).data(format!("{{\"lines\":{lines}}}"));
        Some((Ok(event), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// Somebody who is told when the page changes.
struct Listener {
    pages: watch::Receiver<Arc<Page>>,
    /// The lines that they know; none where they know nothing.
    known: Option<u64>,
    wait: bool,
}

impl Listener {
    /// The next page's lines; what changed meanwhile is told once.
    async fn next(&mut self) -> Option<u64> {
        loop {
            if self.wait {
                tokio::time::sleep(PAUSE).await;
                self.pages.changed().await.ok()?;
            }
            let lines = self.pages.borrow_and_update().lines;
            let news = self.wait || self.known != Some(lines);
            self.wait = true;
            if news {
                self.known = Some(lines);
                return Some(lines);
            }
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    lang: Language,
}

pub(super) async fn report(State(field): State<Field>, _: Looks, asked: Query<Asked>) -> Result<Response, Problem> {
    let (reply, answer) = oneshot::channel();
    field.inner.follow.send(Follow::Report(asked.lang, reply)).ok().ok_or(Problem::NotKept)?;
    let report = answer.await.ok().ok_or(Problem::NotKept)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], report).into_response())
}
