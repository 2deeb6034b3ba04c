//! The log of one ledger: submissions in, entries and proofs out.
//!
//! One writer thread a ledger takes what is queued, judges it against the views, makes it durable in
//! one write, signs the new checkpoint, shows it, and only then answers. Everything before the queue
//! runs on the callers' threads; everything that is shown is immutable, so readers never wait.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread::JoinHandle;

use minutebook_events::{Content, Digest, Judge};
use minutebook_keys::{NoteSigner, PublicKey, SigningKey, VerifierKey};

use crate::author::Submission;
use crate::hash::Hash;
use crate::proof::{
    ConsistencyProof, InclusionProof, ProveError, prove_consistency, prove_inclusion,
};
use crate::receipt::{Receipt, ReceiptError};
use crate::state::JudgementError;
use crate::statement::{Statement, StatementError};
use crate::store::{Held, Record, Store, StoreError};
use crate::submission::{MalformedError, Prepared, open_event, prepare};
use crate::tile::{TileBuilder, TileError, TileId, TileNodes, TileSource};
use crate::tlog_proof::TlogProof;
use crate::tree::{TreeHead, root_at};

mod index;
mod open;
mod snapshot;
mod writer;

pub use open::OpenError;

/// How many jobs may wait for the writer before callers have to.
const QUEUE: usize = 1024;

/// The most statements that one batch may hold.
pub const MAX_BATCH: usize = 1000;

/// The clock, in seconds since 1970; passed in so that tests can set it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The keys of the ledger itself. They never sign entries.
pub struct LedgerKeys {
    /// Signs checkpoints; its name is the ledger's origin.
    pub log: NoteSigner,
    /// Signs receipts.
    pub receipt: SigningKey,
}

/// Why a submission did not enter. The log is then unchanged.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// It can never enter: its bytes are wrong.
    #[error(transparent)]
    Malformed(#[from] MalformedError),
    /// It may not enter here and now.
    #[error(transparent)]
    Judgement(#[from] JudgementError),
    /// Signed too long before or after the present.
    #[error("signed {seconds} seconds {} the ledger's clock; at most {window} are allowed", if *.ahead { "ahead of" } else { "behind" })]
    Stale {
        /// How far off.
        seconds: i64,
        /// Whether it was signed in the future.
        ahead: bool,
        /// The freshness window, in seconds.
        window: i64,
    },
    /// Too many statements in one batch.
    #[error("a batch of {0} statements; at most {MAX_BATCH} are allowed")]
    BatchTooLarge(usize),
    /// The queue is full.
    #[error("the ledger is busy; try again in a second")]
    Busy,
    /// The store takes no more.
    #[error(transparent)]
    Store(#[from] Arc<StoreError>),
    /// The log is being closed.
    #[error("the ledger is closed")]
    Closed,
}

/// Which submission of a batch was refused, and why. Nothing of the batch entered.
#[derive(Debug, thiserror::Error)]
#[error("submission {index} of the batch: {error}")]
pub struct BatchError {
    /// Its index in the batch, counted from 0.
    pub index: usize,
    /// Why.
    #[source]
    pub error: SubmitError,
}

/// An entry that is in, durably.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// Its index.
    pub position: u64,
    /// When it counts as recorded, in seconds since 1970; `None` where exactly these bytes were in
    /// already, under this index.
    pub recorded_at: Option<i64>,
}

/// What readers see: the views and the tree at one signed size.
pub struct Published<J> {
    /// The views.
    pub views: J,
    /// The tree's size and root.
    pub head: TreeHead,
    /// The signed checkpoint; empty before the genesis.
    pub checkpoint: Arc<str>,
    /// When the newest entry was recorded, in seconds since 1970.
    pub recorded_at: i64,
    edge: TileBuilder,
}

/// An answer that will come.
pub struct Ticket(mpsc::Receiver<Result<Vec<Accepted>, BatchError>>);

impl Ticket {
    /// Waits for it.
    ///
    /// # Errors
    /// Why the batch was refused, and at which submission.
    pub fn wait(self) -> Result<Vec<Accepted>, BatchError> {
        self.0.recv().unwrap_or(Err(BatchError {
            index: 0,
            error: SubmitError::Closed,
        }))
    }
}

struct Shared<J> {
    store: Arc<dyn Store>,
    origin: String,
    vkey: VerifierKey,
    receipt: SigningKey,
    clock: Clock,
    published: RwLock<Arc<Published<J>>>,
    /// How many submissions are being checked right now, and will be queued within a moment.
    checking: AtomicUsize,
    /// Whether something was erased since opening: the views still know it, so no snapshot of them
    /// may be kept any more. Locked while one is being kept.
    erased: Mutex<bool>,
}

struct Job {
    items: Vec<Prepared>,
    answer: SyncSender<Result<Vec<Accepted>, BatchError>>,
}

/// One ledger's log, open for reading and writing.
pub struct Log<J> {
    shared: Arc<Shared<J>>,
    queue: Option<SyncSender<Job>>,
    writer: Option<JoinHandle<()>>,
}

/// Why something cannot be read or proved.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No entry of this index.
    #[error("there is no entry {index}; the ledger has {size}")]
    NoSuchEntry {
        /// The index asked for.
        index: u64,
        /// How many entries there are.
        size: u64,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored entry does not parse.
    #[error("entry {index} is damaged: {error}")]
    Damaged {
        /// The entry.
        index: u64,
        /// What is wrong.
        #[source]
        error: StatementError,
    },
    /// The tree's tiles do not give the proof.
    #[error("the tree is damaged: {0}")]
    Tree(String),
    /// The receipt cannot be made.
    #[error(transparent)]
    Receipt(#[from] ReceiptError),
}

impl<E: std::fmt::Display> From<ProveError<TileError<E>>> for ReadError {
    fn from(error: ProveError<TileError<E>>) -> Self {
        Self::Tree(error.to_string())
    }
}

/// An entry as it is stored.
#[derive(Debug, Clone)]
pub struct StoredEntry {
    /// Its index.
    pub position: u64,
    /// The parsed statement.
    pub statement: Statement,
    /// The event, or why it is not here.
    pub content: Content,
    /// The disclosures: the event's, then the sealed parts.
    pub record: Record,
}

impl<J: Judge> Log<J> {
    /// The ledger's origin.
    pub fn origin(&self) -> &str {
        &self.shared.origin
    }

    /// The key that checks this ledger's checkpoints.
    pub fn vkey(&self) -> &VerifierKey {
        &self.shared.vkey
    }

    /// The key that checks this ledger's receipts.
    pub fn receipt_key(&self) -> PublicKey {
        self.shared.receipt.public()
    }

    /// What readers see now.
    pub fn published(&self) -> Arc<Published<J>> {
        self.shared.published()
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.shared.store
    }

    /// Checks and queues one submission; waits where the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::Malformed`] at once; the ticket gives the rest.
    pub fn submit(&self, submission: Submission) -> Result<Ticket, SubmitError> {
        let item = self.prepare(submission)?;
        self.enqueue(vec![item], true)
    }

    /// As [`Log::submit`], but refuses with [`SubmitError::Busy`] where it would have to wait.
    ///
    /// # Errors
    /// As [`Log::submit`], and [`SubmitError::Busy`].
    pub fn try_submit(&self, submission: Submission) -> Result<Ticket, SubmitError> {
        let item = self.prepare(submission)?;
        self.enqueue(vec![item], false)
    }

    /// Submits all or nothing, checking signatures on all cores, and waits for the answer.
    ///
    /// # Errors
    /// Which submission was refused, and why; nothing entered.
    pub fn submit_batch(&self, batch: Vec<Submission>) -> Result<Vec<Accepted>, BatchError> {
        use rayon::prelude::*;
        if batch.len() > MAX_BATCH {
            let error = SubmitError::BatchTooLarge(batch.len());
            return Err(BatchError {
                index: MAX_BATCH,
                error,
            });
        }
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let prepared: Vec<Result<Prepared, SubmitError>> = batch
            .into_par_iter()
            .map(|submission| self.prepare(submission))
            .collect();
        let mut items = Vec::with_capacity(prepared.len());
        for (index, item) in prepared.into_iter().enumerate() {
            items.push(item.map_err(|error| BatchError { index, error })?);
        }
        self.enqueue(items, true)
            .map_err(|error| BatchError { index: 0, error })?
            .wait()
    }

    fn prepare(&self, submission: Submission) -> Result<Prepared, SubmitError> {
        let published = self.published();
        self.shared.checking.fetch_add(1, Ordering::Relaxed);
        let prepared = prepare(submission, self.origin(), |kid| published.views.key(kid));
        self.shared.checking.fetch_sub(1, Ordering::Relaxed);
        Ok(prepared?)
    }

    fn enqueue(&self, items: Vec<Prepared>, wait: bool) -> Result<Ticket, SubmitError> {
        // Room for the one answer, so that the writer never waits for its reader.
        let (answer, ticket) = mpsc::sync_channel(1);
        let queue = self.queue.as_ref().ok_or(SubmitError::Closed)?;
        let job = Job { items, answer };
        if wait {
            queue.send(job).map_err(|_| SubmitError::Closed)?;
        } else {
            queue.try_send(job).map_err(|error| match error {
                mpsc::TrySendError::Full(_) => SubmitError::Busy,
                mpsc::TrySendError::Disconnected(_) => SubmitError::Closed,
            })?;
        }
        Ok(Ticket(ticket))
    }

    /// The entries of `range`, as far as the published size goes.
    ///
    /// # Errors
    /// Where the store fails or holds something that is no entry.
    pub fn entries(&self, range: Range<u64>) -> Result<Vec<StoredEntry>, ReadError> {
        let size = self.published().head.size;
        let range = range.start.min(size)..range.end.min(size);
        let records = self.shared.store.read(range.clone())?;
        range
            .zip(records)
            .map(|(position, record)| stored_entry(position, record))
            .collect()
    }

    /// One entry.
    ///
    /// # Errors
    /// [`ReadError::NoSuchEntry`], or as [`Log::entries`].
    pub fn entry(&self, index: u64) -> Result<StoredEntry, ReadError> {
        let size = self.published().head.size;
        let entry = self.entries(index..index.saturating_add(1))?.pop();
        entry.ok_or(ReadError::NoSuchEntry { index, size })
    }

    /// Proves that an entry is in the published tree.
    ///
    /// # Errors
    /// Where there is no such entry or the tree cannot be read.
    pub fn inclusion(&self, index: u64) -> Result<(InclusionProof, Arc<Published<J>>), ReadError> {
        let published = self.published();
        let proof = prove_inclusion(&self.shared.nodes(&published), index, published.head.size)?;
        Ok((proof, published))
    }

    /// Proves that the tree of size `old` is the beginning of the published tree.
    ///
    /// # Errors
    /// Where `old` is larger than the published size or the tree cannot be read.
    pub fn consistency(&self, old: u64) -> Result<ConsistencyProof, ReadError> {
        let published = self.published();
        Ok(prove_consistency(
            &self.shared.nodes(&published),
            old,
            published.head.size,
        )?)
    }

    /// The root at an earlier size.
    ///
    /// # Errors
    /// Where the tree cannot be read.
    pub fn root_at(&self, size: u64) -> Result<Hash, ReadError> {
        let published = self.published();
        root_at(&self.shared.nodes(&published), size).map_err(|e| ReadError::Tree(e.to_string()))
    }

    /// The hashes of a tile of the published tree, 32 bytes each.
    ///
    /// # Errors
    /// Where the tile is not in the tree or cannot be read.
    pub fn tile(&self, id: TileId) -> Result<Vec<u8>, ReadError> {
        let published = self.published();
        self.shared
            .nodes(&published)
            .tile(id)
            .map_err(|e| ReadError::Tree(e.to_string()))
    }

    /// A COSE receipt (RFC 9942) for an entry, and the entry's bytes.
    ///
    /// # Errors
    /// As [`Log::inclusion`]; a tree of one entry has no receipts.
    pub fn receipt(&self, index: u64) -> Result<Vec<u8>, ReadError> {
        let (proof, published) = self.inclusion(index)?;
        let (origin, now) = (self.origin(), (self.shared.clock)());
        let root = &published.head.root;
        Ok(Receipt::issue(
            &self.shared.receipt,
            origin,
            origin,
            now,
            &proof,
            root,
        )?)
    }

    /// A `.tlog-proof` file (C2SP tlog-proof) for an entry.
    ///
    /// # Errors
    /// As [`Log::inclusion`].
    pub fn tlog_proof(&self, index: u64) -> Result<TlogProof, ReadError> {
        let (proof, published) = self.inclusion(index)?;
        Ok(TlogProof::new(&proof, published.checkpoint.to_string()))
    }

    /// Erases the content behind a digest that entry `position` committed to.
    ///
    /// # Errors
    /// Where the store fails. Whether erasure is allowed is the caller's question to the views.
    pub fn erase(&self, position: u64, digest: &Digest) -> Result<(), StoreError> {
        // Before the erasure, so that no snapshot slips in between that and its own clearing away.
        *self.shared.erased() = true;
        self.shared.store.erase(position, &digest.0)
    }

    /// Finishes what is queued, then closes the store cleanly.
    ///
    /// # Errors
    /// Where the store cannot be closed cleanly; nothing acknowledged is lost.
    pub fn close(mut self) -> Result<(), StoreError> {
        self.stop();
        self.shared.store.close()
    }
}

impl<J> Log<J> {
    fn stop(&mut self) {
        self.queue = None;
        if let Some(writer) = self.writer.take() {
            // A writer that panicked has answered nothing falsely; its jobs' tickets say `Closed`.
            let _ = writer.join();
        }
    }
}

impl<J> Drop for Log<J> {
    fn drop(&mut self) {
        self.stop();
    }
}

impl<J> Shared<J> {
    fn published(&self) -> Arc<Published<J>> {
        // The lock is held for the copying of a pointer only, so it cannot be poisoned half-way.
        match self.published.read() {
            Ok(published) => published.clone(),
            Err(poisoned) => poisoned.into_inner().clone(),
        }
    }

    fn erased(&self) -> MutexGuard<'_, bool> {
        // One word, which no panic leaves half written.
        self.erased.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, next: Published<J>) {
        let next = Arc::new(next);
        match self.published.write() {
            Ok(mut published) => *published = next,
            Err(poisoned) => *poisoned.into_inner() = next,
        }
    }

    fn nodes<'a>(&'a self, published: &'a Published<J>) -> TileNodes<'a, FullTiles<'a>> {
        TileNodes::with_edge(FullTiles(&*self.store), &published.edge)
    }
}

/// The full tiles of a store.
pub(crate) struct FullTiles<'a>(pub &'a dyn Store);

impl TileSource for FullTiles<'_> {
    type Bytes = Arc<[u8]>;
    type Error = StoreError;

    fn tile(&self, id: TileId) -> Result<Arc<[u8]>, StoreError> {
        self.0.tile(id)?.ok_or(StoreError::Corrupt {
            file: id.path().into(),
            offset: 0,
            message: "the tile is missing".into(),
        })
    }
}

/// Parses a stored record. Content that does not fit its digest is damage, and reads as withheld
/// here; `verify` says what is wrong with it.
pub(crate) fn stored_entry(index: u64, record: Record) -> Result<StoredEntry, ReadError> {
    let statement =
        Statement::parse(&record.entry).map_err(|error| ReadError::Damaged { index, error })?;
    let content = match record.disclosures.first().map(|d| &d.content) {
        Some(Held::Present(bytes)) => match open_event(&statement, bytes) {
            Ok(event) => Content::Event(Box::new(event)),
            Err(_) => Content::Withheld,
        },
        Some(Held::Erased) => Content::Erased,
        Some(Held::Absent) | None => Content::Withheld,
    };
    Ok(StoredEntry {
        position: index,
        statement,
        content,
        record,
    })
}
