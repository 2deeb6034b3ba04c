//! Many subscribers of one ledger's events, each of whom is to hear of each entry soon.

use std::collections::HashMap;
use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};

use crate::error::LoadError;
use crate::http::{Connection, Server, Subscription};
use crate::measure::{Samples, Summary};
use crate::memory::{Memory, Watch};
use crate::statements::entries_path;

mod parser;

use parser::Parser;

/// How long subscribers may take after the last entry was acknowledged.
const PATIENCE: Duration = Duration::from_secs(5);

/// Longer than any measurement.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How many connections submit, so that one slow answer does not delay the next entry.
const SUBMITTERS: usize = 8;

/// What the subscribers saw.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Subscribers.
    pub subscribers: usize,
    /// Entries that were recorded.
    pub entries: usize,
    /// Entries that a subscriber should have heard of and did not, over all.
    pub missing: usize,
    /// From when an entry was sent to when a subscriber had its event.
    pub heard: Summary,
    /// From when an entry was sent to its acknowledgement.
    pub acknowledged: Summary,
    /// The server's memory, where its process id was given.
    pub memory: Option<Memory>,
}

/// When each event reached one subscriber, by position.
type Heard = Vec<(u64, Instant)>;

/// Subscribes, submits `bodies` at `rate` a second, and waits until all have heard of all.
///
/// # Errors
/// Where a subscriber is turned away, or an entry is refused.
pub async fn run(
    server: &Server,
    ledger: &str,
    subscribers: usize,
    rate: f64,
    bodies: Vec<Bytes>,
    pid: Option<u32>,
) -> Result<Report, LoadError> {
    let memory = pid.map(Watch::start).transpose()?;
    let path = format!("/v1/ledgers/{ledger}/events");
    // The last position that will come, once it is known.
    let (last, ends) = watch::channel(None);
    let mut listeners = JoinSet::new();
    for _ in 0..subscribers {
        let subscription = server.connect().await?.subscribe(&path).await?;
        listeners.spawn(listen(subscription, ends.clone()));
    }
    let begun = Instant::now();
    let (sent, acknowledged) = submit(server, ledger, rate, bodies).await?;
    let seconds = begun.elapsed().as_secs_f64();
    last.send_replace(Some(sent.keys().max().copied().unwrap_or_default()));
    let mut heard = Samples::default();
    while let Some(listener) = listeners.join_next().await {
        let heard_of = listener??;
        let times = heard_of.into_iter().filter_map(|(position, at)| {
            let sent = sent.get(&position)?;
            Some(at.saturating_duration_since(*sent))
        });
        heard.latencies.extend(times);
    }
    let missing = (subscribers * sent.len()).saturating_sub(heard.latencies.len());
    let memory = match memory {
        Some(watch) => Some(watch.end().await?),
        None => None,
    };
    Ok(Report {
        subscribers,
        entries: sent.len(),
        missing,
        heard: heard.summary(seconds, 1),
        acknowledged: acknowledged.summary(seconds, 1),
        memory,
    })
}

/// Reads events until the last one has come, the stream ends, or patience does.
async fn listen(
    mut subscription: Subscription,
    mut ends: watch::Receiver<Option<u64>>,
) -> Result<Heard, LoadError> {
    let mut parser = Parser::default();
    let mut heard = Heard::new();
    let mut newest = None;
    let mut last = None;
    let mut deadline = Instant::now() + A_DAY;
    while last.is_none() || newest < last {
        tokio::select! {
            changed = ends.changed(), if last.is_none() => {
                last = *ends.borrow();
                deadline = Instant::now() + PATIENCE;
                if changed.is_err() {
                    break;
                }
            }
            next = timeout_at(deadline, subscription.next()) => {
                let Ok(Some(bytes)) = next.unwrap_or(Ok(None)) else {
                    break;
                };
                let now = Instant::now();
                parser.feed(&bytes, |event| {
                    if let Ok(position) = event.id.parse() {
                        heard.push((position, now));
                        newest = newest.max(Some(position));
                    }
                });
            }
        }
    }
    Ok(heard)
}

/// Submits the bodies, one entry each, at `rate` a second. Returns when each position was sent.
async fn submit(
    server: &Server,
    ledger: &str,
    rate: f64,
    bodies: Vec<Bytes>,
) -> Result<(HashMap<u64, Instant>, Samples), LoadError> {
    let start = Instant::now();
    let mut lanes = vec![Vec::new(); SUBMITTERS];
    for (n, body) in bodies.into_iter().enumerate() {
        let due = start + Duration::from_secs_f64(n as f64 / rate);
        lanes[n % SUBMITTERS].push((due, body));
    }
    let mut submitters = JoinSet::new();
    for lane in lanes {
        let mut connection = server.connect().await?;
        let path = entries_path(ledger);
        submitters.spawn(async move {
            let mut sent = Vec::new();
            for (due, body) in lane {
                sleep_until(due).await;
                let at = Instant::now();
                let position = submit_one(&mut connection, &path, body).await?;
                sent.push((position, at, at.elapsed()));
            }
            Ok::<_, LoadError>(sent)
        });
    }
    let mut sent = HashMap::new();
    let mut acknowledged = Samples::default();
    while let Some(lane) = submitters.join_next().await {
        for (position, at, took) in lane?? {
            sent.insert(position, at);
            acknowledged.latencies.push(took);
        }
    }
    Ok((sent, acknowledged))
}

async fn submit_one(
    connection: &mut Connection,
    path: &str,
    body: Bytes,
) -> Result<u64, LoadError> {
    const WHAT: &str = "the answer to a submission";
    let answer = connection.expect(Method::POST, path, body, 201).await?;
    let json: Value =
        serde_json::from_slice(&answer).map_err(|error| LoadError::form(WHAT, error))?;
    json["entries"][0]["position"]
        .as_u64()
        .ok_or_else(|| LoadError::form(WHAT, "no position"))
}

#[cfg(test)]
mod tests;
