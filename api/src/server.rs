//! What the server holds: its ledgers, who is signed in, and its settings.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use minutebook_documents::Documents;
use minutebook_ledger::log::{Clock, Log, Published};
use minutebook_projections::Views;
use minutebook_projections::documents::DocumentIndex;
use rand_core::{OsRng, RngCore as _};
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use crate::answers::Answers;
use crate::checks::Checks;
use crate::entry::Lines;
use crate::folds::{Folds, Follower};
use crate::limiter::Limiter;
use crate::metrics::Metrics;
use crate::names::Names;
use crate::problem::{Kind, Problem};
use crate::session::Sessions;
use crate::tiles::Tiles;

/// How many answers may be worked out at once: what is more waits its turn.
const WORK: usize = 8;

/// How many bundles are given out at once: each reads the whole ledger.
const EXPORTS: usize = 1;

/// How the server is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The addresses that people reach it at, such as `https://board.example`: what a challenge is
    /// signed for.
    pub addresses: Vec<String>,
    /// Whether a proxy stands before it, whose `X-Forwarded-For` says who asks.
    pub behind_proxy: bool,
    /// How long a request's head, or a handshake, may take to arrive, and a connection be idle.
    pub head_patience: Duration,
    /// How long a request's body may take to arrive, and an answer wait for its turn.
    pub patience: Duration,
    /// How many connections it keeps at once.
    pub connections: usize,
    /// Below so many free bytes a disk counts as low.
    pub disk_low: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            addresses: Vec::new(),
            behind_proxy: false,
            head_patience: Duration::from_secs(10),
            patience: Duration::from_secs(30),
            connections: 20_000,
            disk_low: 512 << 20,
        }
    }
}

/// A ledger that is served.
pub struct Ledger {
    /// Its name in addresses.
    pub name: String,
    /// Its log.
    pub log: Log<Views>,
    /// Where its files lie, on a disk.
    pub folder: Option<PathBuf>,
    /// What had to be put right when it was opened.
    pub notices: Vec<String>,
    /// Folds other than the views, made when they are asked for.
    pub folds: Folds,
    /// Who people are.
    pub names: Names,
    /// Entries as they were told before.
    pub lines: Lines,
    /// Full tiles that were read before.
    pub tiles: Tiles,
    /// Its papers and other documents, where they are kept.
    pub documents: Option<Documents>,
    /// Which entries name which documents.
    pub documents_named: Follower<DocumentIndex>,
    /// What the check in the background found.
    pub checks: Checks,
}

impl Ledger {
    /// A ledger to serve.
    pub fn new(name: impl Into<String>, log: Log<Views>) -> Self {
        Self {
            name: name.into(),
            log,
            folder: None,
            notices: Vec::new(),
            folds: Folds::default(),
            names: Names::default(),
            lines: Lines::default(),
            tiles: Tiles::default(),
            documents: None,
            documents_named: Follower::default(),
            checks: Checks::default(),
        }
    }

    /// Room left on the disk, in bytes, where that can be told.
    pub fn free_bytes(&self) -> Option<u64> {
        let disk = rustix::fs::statvfs(self.folder.as_deref()?).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    }

    /// What readers see now.
    pub fn published(&self) -> Arc<Published<Views>> {
        self.log.published()
    }
}

/// Everything that handlers share.
pub struct Server {
    /// The ledgers, by name.
    pub ledgers: BTreeMap<String, Arc<Ledger>>,
    /// How it is set up.
    pub settings: Settings,
    /// The clock, in seconds since 1970.
    pub clock: Clock,
    /// Who is signed in.
    pub sessions: Sessions,
    /// How often an address may try to sign in.
    pub tries: Limiter<Option<IpAddr>>,
    /// Answers worked out before.
    pub answers: Answers,
    /// What is counted.
    pub metrics: Metrics,
    /// How many answers may be worked out at once.
    pub work: Semaphore,
    /// How many bundles may be given out at once.
    pub exports: Arc<Semaphore>,
    closing: watch::Sender<bool>,
    /// Tells this process's requests from those of another.
    process: u32,
    requests: AtomicU32,
}

impl Server {
    /// A server of these ledgers.
    pub fn new(ledgers: Vec<Ledger>, settings: Settings, clock: Clock) -> Arc<Self> {
        let metrics = Metrics::default();
        for ledger in &ledgers {
            metrics.begin(&ledger.name);
        }
        let ledgers = ledgers.into_iter();
        Arc::new(Self {
            ledgers: ledgers
                .map(|ledger| (ledger.name.clone(), Arc::new(ledger)))
                .collect(),
            sessions: Sessions::default(),
            tries: Limiter::new(20, 3),
            answers: Answers::default(),
            metrics,
            work: Semaphore::new(WORK),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            closing: watch::Sender::new(false),
            process: OsRng.next_u32(),
            requests: AtomicU32::new(0),
            settings,
            clock,
        })
    }

    /// The time now, in seconds since 1970.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// A turn to work out an answer, once one is free.
    ///
    /// # Errors
    /// [`Kind::Busy`] where none is within the time that the settings give.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, Problem> {
        match tokio::time::timeout(self.settings.patience, self.work.acquire()).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(
                Problem::new(Kind::Busy, "too many answers are being worked out").retry_after(2),
            ),
        }
    }

    /// An id for a request, by which its log lines are found.
    pub fn next_id(&self) -> String {
        let request = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}{request:08x}", self.process)
    }

    /// Says that the server is about to end: live tails then end by themselves.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// Whether the server is about to end.
    pub fn is_closing(&self) -> bool {
        *self.closing.borrow()
    }

    /// Waits until the server is about to end.
    pub async fn closing(&self) {
        // The sender lives as long as the server does.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }
}
