//! The log of one ledger: submissions in, entries and proofs out.
//!
//! One writer thread a ledger takes what is queued, judges it against the views, makes it durable in
//! one write, signs the new checkpoint, erases what it says is erased, shows it, and only then answers.
//! Everything before the queue runs on the callers' threads; everything that is shown is immutable, so
//! readers never wait.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::JoinHandle;

use minutebook_events::{Content, Judge};
use minutebook_keys::{NoteSigner, PublicKey, SigningKey, VerifierKey};

use crate::author::Submission;
use crate::hash::Hash;
use crate::proof::{
    ConsistencyProof, InclusionProof, ProveError, prove_consistency, prove_inclusion,
};
use crate::receipt::{ReceiptError, SignedRoot};
use crate::state::JudgementError;
use crate::statement::{Statement, StatementError};
use crate::store::{Held, Record, Store, StoreError};
use crate::submission::{MalformedError, Prepared, open_event, prepare};
use crate::tile::{TileBuilder, TileError, TileId, TileNodes, TileSource};
use crate::tlog_proof::TlogProof;
use crate::tree::{TreeHead, root_at};
use figures::Counters;
use queue::Queue;
use tokio::sync::watch;

mod erasure;
mod figures;
mod index;
mod open;
mod proving;
mod queue;
mod snapshot;
mod writer;

pub use figures::{Figures, Histogram};
use proving::Proving;

pub use open::OpenError;
pub use queue::Ticket;

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

/// Why a submission did not enter. The log is then unchanged, but for [`SubmitError::Store`].
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
    /// Too much waits for the writer already.
    #[error("the ledger is busy; try again in a second")]
    Busy,
    /// The store takes no more, or a write failed, and then only opening the log again tells whether
    /// it entered. The same bytes may be sent again: if they are in, the answer is where.
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
    proving: Proving,
}

struct Shared<J> {
    store: Arc<dyn Store>,
    origin: String,
    vkey: VerifierKey,
    receipt: SigningKey,
    clock: Clock,
    published: watch::Sender<Arc<Published<J>>>,
    /// How many submissions are being checked right now, and will be queued within a moment.
    checking: AtomicUsize,
    counters: Arc<Counters>,
}

/// One ledger's log, open for reading and writing.
pub struct Log<J> {
    shared: Arc<Shared<J>>,
    queue: Option<Queue>,
    writer: Option<JoinHandle<()>>,
    finished_erasures: Vec<u64>,
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

    /// What readers see now. As cheap as copying a pointer.
    pub fn published(&self) -> Arc<Published<J>> {
        self.shared.published()
    }

    /// What readers see, each time anew: `changed` wakes after every group that is published from now
    /// on, and fails once the log is closed. Who falls behind is shown the newest only; the entries in
    /// between are there to be read.
    pub fn watch(&self) -> watch::Receiver<Arc<Published<J>>> {
        self.shared.published.subscribe()
    }

    /// The entries whose content was erased while opening, in their order: the record said that it is
    /// erased, and it was still there, since the log was stopped in between.
    pub fn finished_erasures(&self) -> &[u64] {
        &self.finished_erasures
    }

    /// How the log is doing, in numbers.
    pub fn figures(&self) -> Figures {
        self.shared.counters.figures(self.read_only())
    }

    /// Whether the log takes writes, as far as it knows: a full disk shows with the next write.
    pub fn is_writable(&self) -> bool {
        self.read_only().is_none()
    }

    /// Why the log takes no more writes until it is opened again; `None` while it takes them. Reads go
    /// on.
    pub fn read_only(&self) -> Option<&str> {
        let is_gone = self.writer.as_ref().is_none_or(JoinHandle::is_finished);
        let reason = self.shared.counters.read_only();
        reason.or_else(|| is_gone.then_some("the writer stopped unexpectedly"))
    }

    pub(crate) fn store(&self) -> &dyn Store {
        &*self.shared.store
    }

    /// Checks and queues one submission; waits where the queue is full.
    ///
    /// # Errors
    /// [`SubmitError::Malformed`] at once; the ticket gives the rest.
    pub fn submit(&self, submission: Submission) -> Result<Ticket, SubmitError> {
        let ticket = self.queue_batch(vec![submission], true);
        ticket.map_err(|refused| refused.error)
    }

    /// Submits all or nothing, checking signatures on all cores, and waits for the answer.
    ///
    /// # Errors
    /// Which submission was refused, and why; nothing entered.
    ///
    /// # Panics
    /// As [`Ticket::wait`].
    pub fn submit_batch(&self, batch: Vec<Submission>) -> Result<Vec<Accepted>, BatchError> {
        self.queue_batch(batch, true)?.wait()
    }

    /// As [`Log::submit_batch`], but waits neither for the answer, which the ticket gives, nor for room:
    /// it refuses with [`SubmitError::Busy`] once 1,024 jobs, 16,384 statements or 64 MiB of them wait.
    /// What is checked on the way takes some 50 microseconds of a core for each submission.
    ///
    /// # Errors
    /// What can be told at once: a batch that is too large or malformed, or [`SubmitError::Busy`].
    pub fn try_submit_batch(&self, batch: Vec<Submission>) -> Result<Ticket, BatchError> {
        self.try_submit_prepared(self.prepare_batch(batch)?)
    }

    /// As [`Log::try_submit_batch`], of submissions that [`Log::prepare_batch`] has checked: for a
    /// caller who wants to see their events first.
    ///
    /// # Errors
    /// [`SubmitError::Busy`], or [`SubmitError::Closed`].
    pub fn try_submit_prepared(&self, items: Vec<Prepared>) -> Result<Ticket, BatchError> {
        self.queue_prepared(items, false)
    }

    fn queue_batch(&self, batch: Vec<Submission>, wait: bool) -> Result<Ticket, BatchError> {
        self.queue_prepared(self.prepare_batch(batch)?, wait)
    }

    fn queue_prepared(&self, items: Vec<Prepared>, wait: bool) -> Result<Ticket, BatchError> {
        if items.is_empty() {
            return Ok(Ticket::nothing());
        }
        let queue = self.queue.as_ref().ok_or(SubmitError::Closed);
        let ticket = queue.and_then(|queue| queue.put(items, wait));
        ticket
            .map_err(|error| BatchError { index: 0, error })
            .inspect_err(|refused| self.shared.counters.refuse(&refused.error))
    }

    /// Checks what can be checked of submissions alone: sizes, shapes, digests, signatures by keys that
    /// are known. On all cores, where there are several.
    ///
    /// # Errors
    /// The first that can never enter.
    pub fn prepare_batch(&self, batch: Vec<Submission>) -> Result<Vec<Prepared>, BatchError> {
        let prepared = self.check_batch(batch);
        prepared.inspect_err(|refused| self.shared.counters.refuse(&refused.error))
    }

    fn check_batch(&self, batch: Vec<Submission>) -> Result<Vec<Prepared>, BatchError> {
        use rayon::prelude::*;
        if batch.len() > MAX_BATCH {
            let error = SubmitError::BatchTooLarge(batch.len());
            return Err(BatchError {
                index: MAX_BATCH,
                error,
            });
        }
        // To hand one over to another thread takes longer than to check it.
        let prepared: Vec<_> = if batch.len() == 1 {
            batch.into_iter().map(|one| self.prepare(one)).collect()
        } else {
            batch.into_par_iter().map(|one| self.prepare(one)).collect()
        };
        let prepared = prepared.into_iter().enumerate();
        prepared
            .map(|(index, item)| item.map_err(|error| BatchError { index, error }))
            .collect()
    }

    fn prepare(&self, submission: Submission) -> Result<Prepared, SubmitError> {
        let published = self.published();
        self.shared.checking.fetch_add(1, Ordering::Relaxed);
        let prepared = prepare(submission, self.origin(), |kid| published.views.key(kid));
        self.shared.checking.fetch_sub(1, Ordering::Relaxed);
        Ok(prepared?)
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
        let proof = self.inclusion_in(&published, index)?;
        Ok((proof, published))
    }

    fn inclusion_in(
        &self,
        published: &Published<J>,
        index: u64,
    ) -> Result<InclusionProof, ReadError> {
        let nodes = published.proving.remember(self.shared.nodes(published));
        Ok(prove_inclusion(&nodes, index, published.head.size)?)
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

    /// A COSE receipt (RFC 9942) for an entry, over the published tree. Right after a ticket's answer
    /// that tree covers what was accepted.
    ///
    /// # Errors
    /// As [`Log::inclusion`]; a tree of one entry has no receipts.
    pub fn receipt(&self, index: u64) -> Result<Vec<u8>, ReadError> {
        self.receipt_in(&self.published(), index)
    }

    /// As [`Log::receipt`], over a tree that was published: for several that are to be over one tree.
    /// Their time of issue is that of the first: one signature serves them all.
    ///
    /// # Errors
    /// As [`Log::receipt`].
    pub fn receipt_in(&self, published: &Published<J>, index: u64) -> Result<Vec<u8>, ReadError> {
        let (shared, proof) = (&self.shared, self.inclusion_in(published, index)?);
        let signed = published.proving.signed(|| {
            let (origin, root) = (&shared.origin, &published.head.root);
            SignedRoot::sign(&shared.receipt, origin, origin, (shared.clock)(), root)
        });
        Ok(signed.receipt(&proof)?)
    }

    /// A `.tlog-proof` file (C2SP tlog-proof) for an entry.
    ///
    /// # Errors
    /// As [`Log::inclusion`].
    pub fn tlog_proof(&self, index: u64) -> Result<TlogProof, ReadError> {
        let (proof, published) = self.inclusion(index)?;
        Ok(TlogProof::new(&proof, published.checkpoint.to_string()))
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
        self.published.borrow().clone()
    }

    fn publish(&self, next: Published<J>) {
        // What was published before is dropped after the lock: it may be the last of its views.
        drop(self.published.send_replace(Arc::new(next)));
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
