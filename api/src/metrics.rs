//! What is counted, for Prometheus. Numbers and ledgers' names only: nothing of what is asked or said.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use minutebook_ledger::log::{Histogram as Counted, Log};
use minutebook_projections::Views;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::problem::Kind;
use crate::server::{Ledger, Server};

/// From half a millisecond to ten seconds.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfLedger {
    ledger: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Refused {
    ledger: String,
    problem: &'static str,
}

/// What the server counts itself; what the ledgers count is read from them when it is asked for.
pub struct Metrics {
    registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    watching: Family<OfLedger, Gauge>,
    submissions_refused: Family<Refused, Counter>,
    /// Connections that are open now.
    pub connections: Gauge,
    /// Connections that were refused because there were too many.
    pub refused: Counter,
    /// Sign-ins that were refused.
    pub sign_ins_refused: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("minutebook");
        let requests = Family::default();
        let seconds = Family::new_with_constructor(seconds_histogram as fn() -> Histogram);
        let watching = Family::default();
        let submissions_refused = Family::default();
        let (connections, refused) = (Gauge::default(), Counter::default());
        let sign_ins_refused = Counter::default();
        registry.register(
            "http_requests",
            "Requests answered",
            Family::clone(&requests),
        );
        registry.register(
            "http_request_seconds",
            "Seconds from a request's head to its answer's head",
            Family::clone(&seconds),
        );
        registry.register(
            "live_tails",
            "Live tails open now",
            Family::clone(&watching),
        );
        registry.register(
            "submissions_refused",
            "Submissions refused, by the last part of the problem's type",
            Family::clone(&submissions_refused),
        );
        registry.register(
            "connections",
            "Connections open now",
            Gauge::clone(&connections),
        );
        registry.register(
            "connections_refused",
            "Connections refused because there were too many",
            Counter::clone(&refused),
        );
        registry.register(
            "sign_ins_refused",
            "Sign-ins refused",
            Counter::clone(&sign_ins_refused),
        );
        Self {
            registry,
            requests,
            seconds,
            watching,
            submissions_refused,
            connections,
            refused,
            sign_ins_refused,
        }
    }
}

fn seconds_histogram() -> Histogram {
    Histogram::new(SECONDS)
}

/// Counts a live tail while it is kept.
pub struct Watching(Gauge);

impl Drop for Watching {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Begins at 0 what is counted of a ledger, so that the first one is seen to be one more.
    pub fn begin(&self, ledger: &str) {
        let refused = [Kind::BadSignature, Kind::UnknownKey, Kind::RevokedKey];
        for problem in refused.map(Kind::slug) {
            let ledger = ledger.to_owned();
            let counter = self
                .submissions_refused
                .get_or_create(&Refused { ledger, problem });
            drop(counter);
        }
        let ledger = ledger.to_owned();
        drop(self.watching.get_or_create(&OfLedger { ledger }));
    }

    /// Counts an answer. The route is its pattern, never the address that was asked for.
    pub fn answered(&self, method: &Method, route: &str, status: StatusCode, took: Duration) {
        let method = match *method {
            Method::GET => "GET",
            Method::HEAD => "HEAD",
            Method::POST => "POST",
            Method::DELETE => "DELETE",
            _ => "other",
        };
        let request = Request {
            method,
            route: route.to_owned(),
            status: status.as_u16(),
        };
        self.requests.get_or_create(&request).inc();
        let route = OfRoute {
            route: route.to_owned(),
        };
        self.seconds
            .get_or_create(&route)
            .observe(took.as_secs_f64());
    }

    /// Counts a submission that was refused, such as for a signature that does not verify.
    pub fn submission_refused(&self, ledger: &str, problem: Kind) {
        let refused = Refused {
            ledger: ledger.to_owned(),
            problem: problem.slug(),
        };
        self.submissions_refused.get_or_create(&refused).inc();
    }

    /// Counts a live tail for as long as the value is kept.
    pub fn watching(&self, ledger: &str) -> Watching {
        let ledger = OfLedger {
            ledger: ledger.to_owned(),
        };
        let gauge = self.watching.get_or_create(&ledger).clone();
        gauge.inc();
        Watching(gauge)
    }
}

/// The figures of the server and its ledgers, in OpenMetrics text. Reads the sizes of folders from the
/// disk.
pub fn exposition(server: &Server) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = text::encode_registry(&mut out, &server.metrics.registry);
    let mut page = Page(&mut out);
    page.of_server(server);
    page.of_ledgers(server);
    out.push_str("# EOF\n");
    out
}

/// Figures that are read when they are asked for.
struct Page<'a>(&'a mut String);

impl Page<'_> {
    fn head(&mut self, name: &str, kind: &str, about: &str) {
        let _ = writeln!(self.0, "# HELP minutebook_{name} {about}.");
        let _ = writeln!(self.0, "# TYPE minutebook_{name} {kind}");
    }

    fn of_server(&mut self, server: &Server) {
        self.head("sessions", "gauge", "Sessions that have not ended");
        let _ = writeln!(self.0, "minutebook_sessions {}", server.sessions.count());
    }

    fn of_ledgers(&mut self, server: &Server) {
        type Figure = (
            &'static str,
            &'static str,
            &'static str,
            fn(&Ledger) -> Option<f64>,
        );
        let figures: [Figure; 15] = [
            ("ledger_entries", "gauge", "Entries of the ledger", |one| {
                Some(one.published().head.size as f64)
            }),
            (
                "append_entries_total",
                "counter",
                "Entries recorded since the start",
                |one| Some(one.log.figures().entries as f64),
            ),
            (
                "append_groups_total",
                "counter",
                "Durable writes since the start",
                |one| Some(one.log.figures().groups as f64),
            ),
            (
                "append_refused_total",
                "counter",
                "Batches refused since the start",
                |one| Some(one.log.figures().refused as f64),
            ),
            (
                "append_busy_total",
                "counter",
                "Batches turned away by a full queue",
                |one| Some(one.log.figures().busy as f64),
            ),
            (
                "append_waiting",
                "gauge",
                "Statements that wait for their answer",
                |one| Some(one.log.figures().waiting as f64),
            ),
            (
                "ledger_writable",
                "gauge",
                "Whether the ledger takes entries",
                |one| Some(f64::from(u8::from(one.log.is_writable()))),
            ),
            (
                "fold_seconds",
                "gauge",
                "How long the views took to fold the last time",
                |one| Some(one.log.figures().last_fold.as_secs_f64()),
            ),
            (
                "search_behind_entries",
                "gauge",
                "Entries that no search has indexed yet",
                |one| {
                    Some(
                        one.published()
                            .head
                            .size
                            .saturating_sub(one.folds.search.folded())
                            as f64,
                    )
                },
            ),
            (
                "checked_entries_total",
                "counter",
                "Entries verified in the background since the start",
                |one| Some(one.checks.checked() as f64),
            ),
            (
                "check_failures_total",
                "counter",
                "Entries that did not verify in the background",
                |one| Some(one.checks.failures() as f64),
            ),
            (
                "ledger_damaged",
                "gauge",
                "Whether the check in the background found damage",
                |one| Some(f64::from(u8::from(one.checks.found_damage()))),
            ),
            (
                "journal_bytes",
                "gauge",
                "Size of the journal on disk",
                |one| {
                    one.folder
                        .as_deref()
                        .map(|folder| bytes_in(&folder.join("journal")) as f64)
                },
            ),
            (
                "sled_bytes",
                "gauge",
                "Size of the sled store on disk",
                |one| {
                    one.folder
                        .as_deref()
                        .map(|folder| bytes_in(&folder.join("sled")) as f64)
                },
            ),
            (
                "disk_free_bytes",
                "gauge",
                "Room left on the ledger's disk",
                |one| one.free_bytes().map(|bytes| bytes as f64),
            ),
        ];
        for (name, kind, about, read) in figures {
            // OpenMetrics names a counter's family without the ending that its value has.
            self.head(name.trim_end_matches("_total"), kind, about);
            for (ledger, one) in &server.ledgers {
                if let Some(value) = read(one) {
                    let _ = writeln!(self.0, "minutebook_{name}{{ledger=\"{ledger}\"}} {value}");
                }
            }
        }
        self.histogram(
            server,
            "append_group_entries",
            "Entries in a durable write",
            1.0,
            |log| log.figures().group_sizes,
        );
        let about = "Seconds from taking a group of entries to having published it";
        self.histogram(server, "append_seconds", about, 1e-6, |log| {
            log.figures().group_micros
        });
    }

    fn histogram(
        &mut self,
        server: &Server,
        name: &str,
        about: &str,
        unit: f64,
        read: fn(&Log<Views>) -> Counted,
    ) {
        self.head(name, "histogram", about);
        for (ledger, one) in &server.ledgers {
            let counted = read(&one.log);
            let mut below = 0;
            let bounds = counted
                .bounds
                .iter()
                .map(|bound| (*bound as f64 * unit).to_string());
            let bounds = bounds.chain(std::iter::once("+Inf".to_owned()));
            for (bound, count) in bounds.zip(&counted.counts) {
                below += count;
                let _ = writeln!(
                    self.0,
                    "minutebook_{name}_bucket{{ledger=\"{ledger}\",le=\"{bound}\"}} {below}"
                );
            }
            let sum = counted.sum as f64 * unit;
            let _ = writeln!(self.0, "minutebook_{name}_sum{{ledger=\"{ledger}\"}} {sum}");
            let _ = writeln!(
                self.0,
                "minutebook_{name}_count{{ledger=\"{ledger}\"}} {below}"
            );
        }
    }
}

/// The bytes of the files in a folder and those below it. What goes meanwhile counts for nothing.
fn bytes_in(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(data) if data.is_dir() => bytes_in(&entry.path()),
            Ok(data) => data.len(),
            Err(_) => 0,
        })
        .sum()
}
