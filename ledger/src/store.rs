//! The storage seam: everything a ledger needs of a disk, and what it may rely on.
//!
//! A store keeps one ledger: its records in order, the full tiles of their tree, the last signed
//! checkpoint, and a cache of view snapshots. It is synchronous and knows nothing of signatures or
//! events. [`memory`] keeps it for tests and demonstrations, [`sled`] on disk; one suite
//! (`tests/store_contract.rs`) holds every store to the contract of [`Store`].

use std::io;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

use minutebook_events::Bytes;
use thiserror::Error;

use crate::tile::TileId;
use crate::tree::TreeHead;

pub mod memory;
pub mod sled;

mod check;

/// One position of the ledger: the permanent entry, and the private contents it commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The statement's bytes as they were signed: at most 65,535.
    pub entry: Vec<u8>,
    /// The body's disclosure first, then each sealed part: at most 255.
    pub disclosures: Vec<Disclosed>,
}

/// One committed content, by the digest that the permanent part names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disclosed {
    /// SHA-256 of the content.
    pub digest: [u8; 32],
    /// The content, or why there is none.
    pub content: Held,
}

/// What a copy of the ledger holds of a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Held {
    /// The content itself: never empty and never zeros only, which is how erased content looks.
    Present(Vec<u8>),
    /// It was here, and was erased.
    Erased,
    /// This copy never held it, as a mirror without the private parts.
    Absent,
}

/// What one append adds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batch {
    /// Position of the first record: the size before the batch.
    pub first: u64,
    /// The records, at least one.
    pub records: Vec<Record>,
    /// Size and root after the batch.
    pub head: TreeHead,
    /// Exactly the full tiles that this batch completed, 8192 bytes each.
    pub tiles: Vec<(TileId, Vec<u8>)>,
}

/// Where a ledger is kept.
///
/// All methods may be called from any thread at once. Appends, erasures and checkpoints are put in
/// an order by the store; readers never wait for a disk write of an append.
///
/// **Durable** means: survives the loss of power at any later moment, as far as the operating
/// system's own synchronisation calls keep their word.
pub trait Store: Send + Sync + 'static {
    /// Size and root of what is durable. Never goes back, not even over a restart.
    fn head(&self) -> TreeHead;

    /// Appends a batch.
    ///
    /// On `Ok` the whole batch is durable, and every later [`Store::read`], [`Store::tile`] and
    /// [`Store::head`] sees it. On an error none of it is visible. A crash before the return leaves
    /// all of it or none of it. May wait while earlier batches are still being put in their place.
    ///
    /// # Errors
    /// [`StoreError::OutOfOrder`] when `first` is not the size of the head, and
    /// [`StoreError::Unfit`] for a batch that contradicts itself: nothing was written, and the store
    /// works on. [`StoreError::Full`] and [`StoreError::Io`] after a failed write: from then on every
    /// append and erasure is refused with [`StoreError::ReadOnly`] until the store is opened again,
    /// since only a fresh look at the disk can tell what is on it.
    fn append(&self, batch: Batch) -> Result<(), StoreError>;

    /// The records `[range.start, range.end)`, checked against their checksums. The whole answer is
    /// held in memory, so the caller bounds the range.
    ///
    /// # Errors
    /// [`StoreError::OutOfRange`] for a range that is reversed or ends after the head's size;
    /// [`StoreError::Corrupt`] when no copy gives the record back unharmed.
    fn read(&self, range: Range<u64>) -> Result<Vec<Record>, StoreError>;

    /// A full tile: 256 hashes of 32 bytes. `None` for partial tiles, and for tiles that the present
    /// size does not fill.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] and [`StoreError::Io`] as for [`Store::read`].
    fn tile(&self, id: TileId) -> Result<Option<Arc<[u8]>>, StoreError>;

    /// Erases one content for good: [`Held::Erased`] from now on. Durable on return, in every copy
    /// that the store reads, and idempotent; content that is [`Held::Absent`] stays so. Snapshots
    /// that may hold something of it are removed. A crash half-way is finished by the next open.
    ///
    /// # Errors
    /// [`StoreError::OutOfRange`] and [`StoreError::UnknownDigest`] when there is no such content;
    /// otherwise as for [`Store::append`].
    fn erase(&self, position: u64, digest: &[u8; 32]) -> Result<(), StoreError>;

    /// The checkpoint note last put, as text.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    fn checkpoint(&self) -> Result<Option<String>, StoreError>;

    /// Keeps a signed checkpoint over `head`, replacing the last one.
    ///
    /// Cheap: it survives a kill of the process at once, but the loss of power only about a second
    /// later. A newer note than the one found after a power loss can always be signed again, over
    /// records that are durable; the store holds it against histories that shrink.
    ///
    /// # Errors
    /// [`StoreError::OutOfRange`] for a head beyond what is durable, [`StoreError::OutOfOrder`] for
    /// a head smaller than the last one put, [`StoreError::Unfit`] for a note above 15 KiB, and
    /// write errors.
    fn put_checkpoint(&self, head: TreeHead, note: &str) -> Result<(), StoreError>;

    /// Keeps a snapshot of the views over the first `size` records. Only ever a cache: it may be
    /// gone later, and a failure here does not stop appends. The newest two are kept.
    ///
    /// # Errors
    /// [`StoreError::OutOfRange`] for a size beyond the head, and write errors.
    fn put_snapshot(&self, size: u64, bytes: &[u8]) -> Result<(), StoreError>;

    /// The newest undamaged snapshot, with the size it stands at, which is never above the head's.
    ///
    /// # Errors
    /// [`StoreError::Closed`]; damage counts as absence.
    fn snapshot(&self) -> Result<Option<(u64, Bytes)>, StoreError>;

    /// Keeps page `index` of the log's own index: what would take a reading of all records to find
    /// again. Only ever a cache, as a snapshot is.
    ///
    /// # Errors
    /// Write errors.
    fn put_page(&self, index: u64, bytes: &[u8]) -> Result<(), StoreError>;

    /// A page of the log's index, where it is here and undamaged.
    ///
    /// # Errors
    /// [`StoreError::Closed`]; damage counts as absence.
    fn page(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError>;

    /// Waits until everything is in its place, flushes it, and marks the store as cleanly closed.
    /// Every later call but `head` and `close` is refused. Dropping does the same as well as it can.
    ///
    /// # Errors
    /// Write errors, and [`StoreError::ReadOnly`] when an earlier one had stopped the store. Nothing
    /// that was acknowledged is in danger then: the next open finds it.
    fn close(&self) -> Result<(), StoreError>;
}

/// Why a store did not do what was asked.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No space is left for a write.
    #[error("no space left on the disk of {}", path.display())]
    Full {
        /// What was being written.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or folder in question.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
    /// Stored bytes are not what was stored.
    #[error("{} is damaged at byte {offset}: {message}", file.display())]
    Corrupt {
        /// The file.
        file: PathBuf,
        /// Where in it, in bytes.
        offset: u64,
        /// Which check failed, and what to do about it.
        message: String,
    },
    /// The ledger is in use.
    #[error("another process has this ledger open: {}", path.display())]
    Locked {
        /// The ledger's folder.
        path: PathBuf,
    },
    /// An earlier failure stopped all writes until the store is opened again.
    #[error("the ledger is read-only until reopened: {reason}")]
    ReadOnly {
        /// That failure.
        reason: String,
    },
    /// Something was put in that does not follow what is there.
    #[error("expected position {expected}, found {found}")]
    OutOfOrder {
        /// The position that would follow.
        expected: u64,
        /// The position given.
        found: u64,
    },
    /// Positions that the ledger does not have.
    #[error("positions {start} to {end} are not within the {size} of this ledger")]
    OutOfRange {
        /// First position asked for.
        start: u64,
        /// End of the positions asked for, exclusive.
        end: u64,
        /// Positions there are.
        size: u64,
    },
    /// Input that contradicts itself or does not fit the format.
    #[error("not storable: {message}")]
    Unfit {
        /// What is wrong with it.
        message: String,
    },
    /// The record does not commit to this content.
    #[error("the record at position {position} names no such digest")]
    UnknownDigest {
        /// The record's position.
        position: u64,
    },
    /// The store was closed.
    #[error("the store is closed")]
    Closed,
}
