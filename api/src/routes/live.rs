//! The live tail: every entry as it is recorded, as server-sent events.
//!
//! An event's id is the entry's index, so that whoever was cut off goes on after the last one seen and
//! neither misses nor repeats any. What an entry says is told as to anyone who asks for it then.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use minutebook_ledger::log::Published;
use minutebook_projections::Views;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::sync::watch;

use crate::asked::{Asked, Reader, reader};
use crate::entry;
use crate::extract::Query;
use crate::problem::{Kind, Problem};
use crate::route::{Route, Shape};
use crate::server::{Ledger, Server};

/// How many entries are read at a time for one subscriber who has fallen behind.
const CHUNK: u64 = 64;

/// Where the live tail begins.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiveQuery {
    /// The index of the last entry that is known already: the tail begins after it. `Last-Event-ID`
    /// says the same and goes before it. Without either the tail begins with the next entry that is
    /// recorded.
    pub after: Option<u64>,
}

/// The route.
pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/v1/ledgers/{ledger}/events", "watch", live)
            .about(
                "Entries",
                "Watch entries as they are recorded",
                "Server-sent events: `event: entry`, `id` the entry's index, `data` the entry as \
                 `GET …/entries/{index}` gives it. Connect again with `Last-Event-ID` to go on where it \
                 was cut off; a comment every 15 seconds shows that it lives.",
            )
            .query::<LiveQuery>()
            .heeds("Last-Event-ID", "The index of the last entry that was seen")
            .gives(200, "The entries, without end", [("text/event-stream", Shape::Text)])
            .refuses(&[Kind::SignInNeeded, Kind::Busy]),
    ]
}

/// The index of the last entry that was seen.
struct LastSeen(Option<u64>);

impl<S: Send + Sync> FromRequestParts<S> for LastSeen {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get("last-event-id") else {
            return Ok(Self(None));
        };
        let index = value.to_str().ok().and_then(|text| text.parse().ok());
        match index {
            Some(index) => Ok(Self(Some(index))),
            None => Err(Problem::malformed("Last-Event-ID is not an entry's index")),
        }
    }
}

async fn live(
    asked: Asked,
    LastSeen(seen): LastSeen,
    Query(query): Query<LiveQuery>,
    headers: axum::http::HeaderMap,
) -> Result<Response, Problem> {
    let size = asked.published.head.size;
    let next = match seen.or(query.after) {
        Some(last) if last >= size => {
            return Err(Problem::malformed(format!(
                "there is no entry {last} yet; the ledger has {size}"
            )));
        }
        Some(last) => last + 1,
        None => size,
    };
    let heads = asked.ledger.log.watch();
    let tail = Tail {
        server: asked.server.clone(),
        ledger: asked.ledger.clone(),
        headers,
        heads,
        next,
        ready: Vec::new(),
    };
    let watching = asked.server.metrics.watching(&asked.ledger.name);
    let stream = stream::unfold((tail, watching), |(mut tail, watching)| async move {
        let event = tail.next().await?;
        Some((Ok::<_, Infallible>(event), (tail, watching)))
    });
    Ok(sse(stream))
}

fn sse(stream: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let alive = KeepAlive::new().interval(Duration::from_secs(15));
    let mut response = Sse::new(stream).keep_alive(alive).into_response();
    // nginx keeps answers back unless it is told not to.
    let no = axum::http::HeaderValue::from_static("no");
    response.headers_mut().insert("x-accel-buffering", no);
    response
}

/// One subscriber's place in the log.
struct Tail {
    server: Arc<Server>,
    ledger: Arc<Ledger>,
    headers: axum::http::HeaderMap,
    heads: watch::Receiver<Arc<Published<Views>>>,
    next: u64,
    /// Events that are due, the next one last.
    ready: Vec<Event>,
}

impl Tail {
    /// The next event; `None` once the ledger is closed, or the reader may not read it any more.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop() {
                return Some(event);
            }
            let published = self.heads.borrow_and_update().clone();
            if self.next < published.head.size {
                // As of now: a session may have ended since, or a role.
                let reader =
                    reader(&self.server, &self.ledger, &published.views, &self.headers).ok()?;
                self.read(&published, &reader)?;
            } else {
                tokio::select! {
                    changed = self.heads.changed() => changed.ok()?,
                    () = self.server.closing() => return None,
                }
            }
        }
    }

    fn read(&mut self, published: &Published<Views>, reader: &Reader) -> Option<()> {
        let upto = published.head.size.min(self.next + CHUNK);
        let lines = self
            .ledger
            .lines
            .of(&self.ledger, published, reader, self.next..upto);
        self.next = upto;
        match lines {
            Ok(lines) => {
                let events = lines.into_iter().rev();
                self.ready = events.map(|line| event(&line)).collect();
                Some(())
            }
            Err(problem) => {
                tracing::warn!(cause = %problem.details.detail, "a live tail ends");
                None
            }
        }
    }
}

fn event(line: &entry::Line) -> Event {
    Event::default()
        .event("entry")
        .id(line.position.to_string())
        .data(&*line.json)
}
