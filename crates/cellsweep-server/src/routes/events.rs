//! Live updates (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::sse::{Event as Sent, KeepAlive, Sse};
use futures::{Stream, StreamExt};
use tokio_stream::wrappers::BroadcastStream;
use tokio_stream::wrappers::errors::BroadcastStreamRecvError;

use crate::bus::Event;
use crate::guard::Listening;
use crate::office::Office;
use crate::problem::Problem;

/// A line is kept open for no longer than this: whoever reconnects is asked again who they are.
const LONGEST: Duration = Duration::from_secs(300);

/// What happens, as it happens. Whoever reconnects says which event came last (`Last-Event-ID`), and misses none.
#[utoipa::path(get, path = "/events", responses((status = 200, content_type = "text/event-stream", body = String), (status = "4XX", body = Problem, content_type = "application/problem+json")))]
pub async fn events(
    State(office): State<Arc<Office>>,
    _who: Listening,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Sent, Infallible>> + use<>>, Problem> {
    let after = headers.get("last-event-id").and_then(|id| id.to_str().ok()?.parse().ok());
    let (missed, live) = office.bus().watch(after);
    let live = BroadcastStream::new(live).map(|event| match event {
        Ok(event) => sent(&event),
        // Too slow: everything is to be read again.
        Err(BroadcastStreamRecvError::Lagged(_)) => Sent::default().event("case").data("{\"all\":true}"),
    });
    let missed: Vec<Sent> = missed.iter().map(sent).collect();
    let stream = futures::stream::iter(missed).chain(live).map(Ok);
    let ended = Box::pin(tokio::time::sleep(LONGEST));
    let stop = office.stopping();
    let stream = stream.take_until(ended).take_until(stop);
    Ok(Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

fn sent(event: &Event) -> Sent {
    Sent::default().id(event.n.to_string()).event(event.kind).data(&event.data)
}
