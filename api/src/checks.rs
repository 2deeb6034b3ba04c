//! A slow check in the background: that every entry is still what was signed and published. It takes a
//! few entries each second, all of the ledger in turn, so that damage on a disk shows before somebody
//! needs what is damaged.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use minutebook_events::Judge as _;
use minutebook_ledger::disclosure::digest;
use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::log::{Log, ReadError};
use minutebook_ledger::proof::ProofError;
use minutebook_ledger::statement::StatementError;
use minutebook_ledger::store::Held;
use minutebook_projections::Views;

use crate::server::Server;

/// How many entries are taken at a time. Each takes some 100 microseconds of a core.
const SLICE: u64 = 64;

/// How long it rests between them.
const REST: Duration = Duration::from_secs(1);

/// What the check of a ledger found so far. The figures stand alone, so none needs an order with
/// another.
#[derive(Debug, Default)]
pub struct Checks {
    next: AtomicU64,
    checked: AtomicU64,
    failures: AtomicU64,
    /// How many of the present round failed.
    failing: AtomicU64,
    damaged: AtomicBool,
}

/// Why an entry is not what it should be.
#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is not in the published tree.
    #[error("it is not in the published tree: {0}")]
    Tree(#[from] ProofError),
    /// Its key was never enrolled.
    #[error("the key that it names is not in the record")]
    NoKey,
    /// Its signature does not verify.
    #[error("its signature does not verify: {0}")]
    Signature(StatementError),
    /// A content is not what it commits to.
    #[error("content {0} does not have the digest that was signed")]
    Content(usize),
}

impl Checks {
    /// How many entries were checked since the start.
    pub fn checked(&self) -> u64 {
        self.checked.load(Ordering::Relaxed)
    }

    /// How many of those were not as they should be.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Whether damage was found, and no whole round since was free of it.
    pub fn found_damage(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// Checks the next few entries of a log, and begins anew at its end. The numbers of the entries
    /// that are not as they should be go to the program's log, and nothing of what they say.
    pub fn step(&self, name: &str, log: &Log<Views>) {
        let size = log.published().head.size;
        let first = self.next.load(Ordering::Relaxed);
        let end = size.min(first.saturating_add(SLICE));
        for position in first..end {
            if let Err(cause) = check(log, position) {
                tracing::error!(ledger = name, entry = position, %cause, "damaged entry");
                self.failures.fetch_add(1, Ordering::Relaxed);
                self.failing.fetch_add(1, Ordering::Relaxed);
                self.damaged.store(true, Ordering::Relaxed);
            }
            self.checked.fetch_add(1, Ordering::Relaxed);
        }
        if end < size {
            return self.next.store(end, Ordering::Relaxed);
        }
        self.next.store(0, Ordering::Relaxed);
        if self.failing.swap(0, Ordering::Relaxed) == 0 {
            self.damaged.store(false, Ordering::Relaxed);
        }
    }
}

/// Checks one entry: its place in the published tree, its signature, and what of its content is here.
///
/// # Errors
/// What is wrong first.
pub fn check(log: &Log<Views>, position: u64) -> Result<(), CheckError> {
    let entry = log.entry(position)?;
    let (proof, published) = log.inclusion(position)?;
    proof.verify(leaf_hash(entry.statement.bytes()), &published.head)?;
    let kid = &entry.statement.claims().kid;
    let key = published.views.key(kid).ok_or(CheckError::NoKey)?;
    let signed = entry.statement.verify(&key);
    signed.map_err(CheckError::Signature)?;
    let committed = &entry.statement.claims().digest;
    for (nth, part) in entry.record.disclosures.iter().enumerate() {
        let is_right = match &part.content {
            Held::Present(bytes) => digest(bytes).0 == part.digest,
            Held::Absent | Held::Erased => true,
        };
        if !is_right || (nth == 0 && part.digest != committed.0) {
            return Err(CheckError::Content(nth));
        }
    }
    Ok(())
}

/// Checks the ledgers of a server until it ends.
pub async fn run(server: Arc<Server>) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(REST) => {}
            () = server.closing() => return,
        }
        for ledger in server.ledgers.values() {
            let ledger = ledger.clone();
            let step = move || ledger.checks.step(&ledger.name, &ledger.log);
            if let Err(error) = tokio::task::spawn_blocking(step).await {
                tracing::error!(%error, "a check was cut short");
            }
        }
    }
}
