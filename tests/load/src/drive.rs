//! Many connections that each send one request after the other, for a while.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use hyper::Method;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::error::LoadError;
use crate::http::{Connection, Server};
use crate::measure::Samples;

/// How hard and how long.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Plan {
    /// Connections, each with one request at a time
    #[arg(long, default_value_t = 64)]
    pub connections: u32,
    /// How long to measure
    #[arg(long, default_value_t = 10.0)]
    pub seconds: f64,
    /// How long to send before measuring
    #[arg(long, default_value_t = 1.0)]
    pub warm_up: f64,
    /// Requests a second over all connections; as fast as the answers come where it is left out
    #[arg(long)]
    pub rate: Option<f64>,
}

/// What is sent. All connections take from the same requests.
#[derive(Debug)]
pub enum Requests {
    /// Paths, asked for in turn without end. In each, `{n}` becomes a number below `below`.
    Get {
        /// The paths.
        paths: Vec<String>,
        /// The limit of `{n}`.
        below: u64,
    },
    /// Bodies, each sent once; the measurement ends early where they run out.
    Post {
        /// Where to.
        path: String,
        /// The bodies.
        bodies: Vec<Bytes>,
    },
}

/// What came of it.
pub struct Driven {
    /// The requests that began after the warm-up.
    pub samples: Samples,
    /// From the end of the warm-up to the last answer.
    pub seconds: f64,
    /// Whether there was nothing left to send before the time was over.
    pub ran_out: bool,
}

impl Requests {
    /// The request of this number, or nothing where they have run out.
    fn nth(&self, n: u64) -> Option<(Method, String, Bytes)> {
        match self {
            Self::Get { paths, below } => {
                let path = &paths[n as usize % paths.len()];
                let path = path.replace("{n}", &scattered(n, *below).to_string());
                Some((Method::GET, path, Bytes::new()))
            }
            Self::Post { path, bodies } => {
                let body = bodies.get(n as usize)?.clone();
                Some((Method::POST, path.clone(), body))
            }
        }
    }
}

/// A number below `below` that differs from `n` to `n` without order, yet is the same in each run.
fn scattered(n: u64, below: u64) -> u64 {
    // A step of the splitmix64 generator.
    let mut z = n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % below.max(1)
}

impl Plan {
    /// How many requests this takes, where `fastest` a second is the most that could be.
    pub fn needs(&self, fastest: f64) -> u64 {
        let rate = self.rate.unwrap_or(fastest);
        ((self.seconds + self.warm_up) * rate).ceil() as u64
    }
}

/// Sends `requests` as `plan` says.
///
/// Under a rate, a request that had to wait for the one before it on its connection counts from when it
/// was due: a server that stalls is charged for all who would have come meanwhile.
///
/// # Errors
/// Where no connection can be made.
pub async fn drive(
    server: &Server,
    requests: &Arc<Requests>,
    plan: Plan,
) -> Result<Driven, LoadError> {
    let mut connections = Vec::new();
    for _ in 0..plan.connections {
        connections.push(server.connect().await?);
    }
    let next = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    let from = start + Duration::from_secs_f64(plan.warm_up);
    let until = from + Duration::from_secs_f64(plan.seconds);
    let mut workers = JoinSet::new();
    for (index, connection) in connections.into_iter().enumerate() {
        let pace = plan.rate.map(|rate| Pace {
            first: start + Duration::from_secs_f64(index as f64 / rate),
            every: Duration::from_secs_f64(f64::from(plan.connections) / rate),
        });
        workers.spawn(worker(Worker {
            server: server.clone(),
            connection,
            requests: requests.clone(),
            next: next.clone(),
            pace,
            from,
            until,
        }));
    }
    let mut samples = Samples::default();
    let mut ran_out = false;
    while let Some(worker) = workers.join_next().await {
        let (seen, out) = worker??;
        samples.add(seen);
        ran_out |= out;
    }
    let seconds = from.elapsed().as_secs_f64();
    Ok(Driven {
        samples,
        seconds,
        ran_out,
    })
}

struct Worker {
    server: Server,
    connection: Connection,
    requests: Arc<Requests>,
    next: Arc<AtomicU64>,
    pace: Option<Pace>,
    from: Instant,
    until: Instant,
}

#[derive(Clone, Copy)]
struct Pace {
    first: Instant,
    every: Duration,
}

async fn worker(mut own: Worker) -> Result<(Samples, bool), LoadError> {
    let mut samples = Samples::default();
    let mut due = own.pace.map(|pace| pace.first);
    loop {
        let scheduled = due.unwrap_or_else(Instant::now);
        if scheduled >= own.until {
            return Ok((samples, false));
        }
        let begun = begin(due).await;
        let n = own.next.fetch_add(1, Ordering::Relaxed);
        let Some((method, path, body)) = own.requests.nth(n) else {
            return Ok((samples, true));
        };
        let answer = own.connection.call(method, &path, body).await;
        let took = begun.elapsed();
        let counts = scheduled >= own.from;
        match answer {
            Ok(answer) if answer.status < 300 => {
                if counts {
                    samples.latencies.push(took);
                    samples.bytes += answer.body.len() as u64;
                }
            }
            // Failures count from the start: a warm-up that fails is no warm-up.
            Ok(answer) => samples.failed(&answer.status.to_string(), || answer.told()),
            Err(error) => {
                samples.failed("connection", || error.to_string());
                own.connection = own.server.connect().await?;
            }
        }
        due = due.zip(own.pace).map(|(due, pace)| due + pace.every);
    }
}

/// Waits until a request is due. Returns when it began to count: when it was due if that is past, but
/// not before this task woke, since a timer that is late is no fault of the server.
async fn begin(due: Option<Instant>) -> Instant {
    match due {
        Some(due) if due <= Instant::now() => due,
        Some(due) => {
            sleep_until(due).await;
            Instant::now()
        }
        None => Instant::now(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::bare;

    fn plan(rate: Option<f64>, seconds: f64) -> Plan {
        Plan {
            connections: 4,
            seconds,
            warm_up: 0.0,
            rate,
        }
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn gets_are_answered_at_the_rate_that_was_asked_for() {
        let bare = bare::serve(321).await.unwrap();
        let server = Server::parse(&bare.url).unwrap();
        let requests = Arc::new(Requests::Get {
            paths: vec!["/a".into(), "/b/{n}".into()],
            below: 10,
        });
        let driven = drive(&server, &requests, plan(Some(100.0), 0.5))
            .await
            .unwrap();
        let summary = driven.samples.summary(driven.seconds, 1);
        assert!(summary.errors.is_empty(), "{}", summary.errors());
        assert_eq!(summary.bytes_per_answer, 321);
        // The schedule has exactly 50 in it, however slow the machine.
        assert_eq!(summary.requests, 50);
        assert!(!driven.ran_out);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn posts_end_when_they_run_out_and_refusals_are_counted() {
        let bare = bare::serve(5).await.unwrap();
        let server = Server::parse(&bare.url).unwrap();
        let requests = Arc::new(Requests::Post {
            path: "/".into(),
            bodies: vec![Bytes::from_static(b"{}"); 10],
        });
        let driven = drive(&server, &requests, plan(None, 60.0)).await.unwrap();
        assert!(driven.ran_out);
        // The bare server answers GET alone.
        assert_eq!(driven.samples.errors["405"], 10);
        assert!(driven.samples.latencies.is_empty());
    }

    #[test]
    fn scattered_numbers_stay_below_and_reach_everywhere() {
        let mut seen = [false; 100];
        for n in 0..2000 {
            seen[scattered(n, 100) as usize] = true;
        }
        assert!(seen.iter().all(|&one| one));
        assert_eq!(scattered(7, 0), 0);
    }
}
