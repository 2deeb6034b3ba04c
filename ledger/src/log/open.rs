//! Opening a log: the tree is recomputed and held against what was signed, then the views are
//! brought up to date from their newest snapshot.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use minutebook_events::Judge;
use rayon::prelude::*;
use tokio::sync::watch;

use super::erasure::{Erased, erase};
use super::figures::Counters;
use super::index::{IndexPage, index_of, sealed_digests};
use super::proving::Proving;
use super::queue::Queue;
use super::snapshot::Snapshot;
use super::writer::Writer;
use super::{
    Clock, FullTiles, LedgerKeys, Log, Published, ReadError, Shared, StoredEntry, stored_entry,
};
use crate::chain::Chain;
use crate::checkpoint::{Checkpoint, CheckpointError};
use crate::hash::{Hash, leaf_hash};
use crate::state::State;
use crate::store::{Record, Store, StoreError};
use crate::tile::{TILE_WIDTH, TileBuilder, TileNodes};
use crate::tree::{TreeHead, root_at};

/// How many entries are read at a time.
const CHUNK: u64 = 4096;

/// Why a log cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored checkpoint is not this ledger's, or is damaged.
    #[error("the stored checkpoint does not verify: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// What is stored is not what was signed.
    #[error(
        "the stored history differs from the signed one at size {size}: root {stored}, signed {signed}"
    )]
    Differs {
        /// The size.
        size: u64,
        /// The root of what is stored.
        stored: Hash,
        /// The root that was signed.
        signed: Hash,
    },
    /// Less is stored than was signed.
    #[error("{stored} entries are stored, and a checkpoint over {signed} was signed")]
    Shorter {
        /// How many are stored.
        stored: u64,
        /// How many were signed.
        signed: u64,
    },
    /// The tree's tiles do not fit each other.
    #[error("the tree is damaged: {0}")]
    Tree(String),
    /// An entry cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl<J: Judge> Log<J> {
    /// Opens the log in `store`, which may be empty: its first entry is then the genesis. `views` are
    /// those before entry 0. Finishes erasures that were cut short: see [`Log::finished_erasures`].
    ///
    /// # Errors
    /// Where what is stored is shorter than, or differs from, what was signed, or holds what should have
    /// been erased and cannot be: nothing is served then.
    pub fn open(
        store: Arc<dyn Store>,
        keys: LedgerKeys,
        views: J,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let vkey = keys.log.verifier();
        let origin = vkey.name().as_str().to_owned();
        let head = store.head();
        let (edge, index) = restore_edge(&*store, head)?;
        let checkpoint = match newest_signed(&*store, &edge, &vkey)? {
            Some(note) => note,
            None if head.size == 0 => String::new(),
            // Ed25519 is deterministic, so this is the very checkpoint that was, or would have been,
            // signed when these entries became durable.
            None => Checkpoint {
                origin: origin.clone(),
                head,
            }
            .sign(&keys.log)?,
        };
        if head.size > 0 {
            store.put_checkpoint(head, &checkpoint)?;
        }
        let begun = Instant::now();
        let blank = views.clone();
        let mut restored = restore_state(&*store, &edge, views)?;
        let mut finished_erasures = Vec::new();
        if let Some(erased) = erase(&*store, &edge, &restored.state.views, &blank)? {
            Erased {
                entries: finished_erasures,
                restored,
            } = erased;
        }
        let Restored { state, snapshot_at } = restored;
        let counters = Arc::new(Counters::new());
        counters.folded(begun.elapsed());
        let shared = Arc::new(Shared {
            store,
            origin,
            vkey,
            receipt: keys.receipt,
            clock,
            checking: AtomicUsize::new(0),
            counters: counters.clone(),
            published: watch::Sender::new(Arc::new(Published {
                views: state.views.clone(),
                head,
                checkpoint: checkpoint.into(),
                recorded_at: state.chain.recorded_at(),
                edge: edge.clone(),
                proving: Proving::default(),
            })),
        });
        let (queue, jobs) = Queue::new(counters);
        let writer = Writer {
            shared: shared.clone(),
            signer: keys.log,
            state,
            blank,
            edge,
            index,
            snapshot_at,
            saving: None,
            seen: Vec::new(),
        };
        let writer = std::thread::Builder::new()
            .name("ledger-writer".into())
            .spawn(move || writer.run(jobs))
            .map_err(|source| StoreError::Io {
                path: "the writer's thread".into(),
                source,
            })?;
        Ok(Self {
            shared,
            queue: Some(queue),
            writer: Some(writer),
            finished_erasures,
        })
    }
}

/// The right edge, checked against the head that the store holds durable, and the index page that
/// the newest entries will complete.
fn restore_edge(store: &dyn Store, head: TreeHead) -> Result<(TileBuilder, IndexPage), OpenError> {
    let start = head.size - head.size % u64::from(TILE_WIDTH);
    let records = store.read(start..head.size)?;
    let leaves: Vec<Hash> = records
        .iter()
        .map(|record| leaf_hash(&record.entry))
        .collect();
    let edge = TileBuilder::restore(head.size, &FullTiles(store), &leaves)
        .map_err(|error| OpenError::Tree(error.to_string()))?;
    let stored = edge.head();
    if stored != head {
        return Err(OpenError::Differs {
            size: head.size,
            stored: stored.root,
            signed: head.root,
        });
    }
    let mut index = IndexPage::default();
    for (position, record) in (start..).zip(records) {
        let (id, digests) = index_of(position, record)?;
        index.push(id, &digests);
    }
    Ok((edge, index))
}

/// The last checkpoint that was put, where it covers all that is stored; refuses a history that is
/// not the one that was signed.
fn newest_signed(
    store: &dyn Store,
    edge: &TileBuilder,
    vkey: &minutebook_keys::VerifierKey,
) -> Result<Option<String>, OpenError> {
    let Some(note) = store.checkpoint()? else {
        return Ok(None);
    };
    let signed = Checkpoint::open(&note, vkey)?.head;
    if signed.size > edge.size() {
        return Err(OpenError::Shorter {
            stored: edge.size(),
            signed: signed.size,
        });
    }
    let stored = root_at(&TileNodes::with_edge(FullTiles(store), edge), signed.size)
        .map_err(|error| OpenError::Tree(error.to_string()))?;
    if stored != signed.root {
        return Err(OpenError::Differs {
            size: signed.size,
            stored,
            signed: signed.root,
        });
    }
    Ok((signed.size == edge.size()).then_some(note))
}

/// A state that was folded from the store.
pub(super) struct Restored<J> {
    pub state: State<J>,
    /// The size of the snapshot that it was folded on, or 0.
    pub snapshot_at: u64,
}

/// The state at the store's size: from the newest snapshot that is of this history, then entry by
/// entry.
pub(super) fn restore_state<J: Judge>(
    store: &dyn Store,
    edge: &TileBuilder,
    views: J,
) -> Result<Restored<J>, ReadError> {
    let nodes = TileNodes::with_edge(FullTiles(store), edge);
    let size = edge.size();
    let snapshot = store.snapshot()?.and_then(|(_, bytes)| {
        let snapshot = Snapshot::decode(&bytes).ok()?;
        let head = snapshot.head;
        let ours = head.size <= size && root_at(&nodes, head.size).is_ok_and(|r| r == head.root);
        let views = ours.then(|| J::load(snapshot.views.clone()))??;
        Some((views, snapshot))
    });
    let mut state = State::new(views);
    let snapshot_at = match snapshot {
        Some((views, snapshot)) => {
            let size = snapshot.head.size;
            state.views = views;
            state.freshness = snapshot.freshness;
            state.chain = Chain::after(size, snapshot.recorded_at, snapshot.newest_iat);
            size
        }
        None => 0,
    };
    for_each_chunk(store, snapshot_at, size, |entries| {
        for entry in entries {
            let sealed: Vec<_> = sealed_digests(&entry.record).collect();
            state.apply(entry.statement.claims(), &sealed, entry.content);
        }
    })?;
    Ok(Restored { state, snapshot_at })
}

/// Reads `from..to` in chunks, parses and decodes each chunk on all cores, and hands it over in order.
pub(crate) fn for_each_chunk(
    store: &dyn Store,
    from: u64,
    to: u64,
    mut each: impl FnMut(Vec<StoredEntry>),
) -> Result<(), ReadError> {
    let mut at = from;
    while at < to {
        let upto = (at + CHUNK).min(to);
        let records: Vec<(u64, Record)> = (at..).zip(store.read(at..upto)?).collect();
        let entries: Result<Vec<_>, _> = records
            .into_par_iter()
            .map(|(index, record)| stored_entry(index, record))
            .collect();
        each(entries?);
        at = upto;
    }
    Ok(())
}
