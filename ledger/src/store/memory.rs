//! A ledger in memory: for tests and demonstrations. Nothing is durable, all else of the contract
//! holds.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use minutebook_events::Bytes;

use super::{Batch, Held, Record, Store, StoreError, check};
use crate::tile::TileId;
use crate::tree::TreeHead;

/// A store that is gone when it is dropped.
pub struct MemoryStore {
    inner: Mutex<Inner>,
}

struct Inner {
    head: TreeHead,
    records: Vec<Record>,
    tiles: BTreeMap<(u8, u64), Arc<[u8]>>,
    checkpoint: Option<(u64, String)>,
    snapshots: BTreeMap<u64, Bytes>,
    pages: BTreeMap<u64, Vec<u8>>,
    closed: bool,
}

impl MemoryStore {
    /// A store without records.
    pub fn new() -> Self {
        Self {
            inner: Mutex::new(Inner {
                head: TreeHead::EMPTY,
                records: Vec::new(),
                tiles: BTreeMap::new(),
                checkpoint: None,
                snapshots: BTreeMap::new(),
                pages: BTreeMap::new(),
                closed: false,
            }),
        }
    }

    /// A panic while the lock is held cannot leave a half-done append: each change is the last step
    /// of its method. So a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, Inner>, StoreError> {
        let inner = self.lock();
        if inner.closed {
            return Err(StoreError::Closed);
        }
        Ok(inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

/// Memory that is there fits `usize`.
fn at(position: u64) -> usize {
    usize::try_from(position).unwrap_or(usize::MAX)
}

impl Store for MemoryStore {
    fn head(&self) -> TreeHead {
        self.lock().head
    }

    fn append(&self, batch: Batch) -> Result<(), StoreError> {
        let mut inner = self.open()?;
        check::batch(&batch, inner.head)?;
        inner.records.extend(batch.records);
        for (id, bytes) in batch.tiles {
            inner.tiles.insert((id.level, id.index), bytes.into());
        }
        inner.head = batch.head;
        Ok(())
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Record>, StoreError> {
        let inner = self.open()?;
        check::range(&range, inner.head.size)?;
        let records = inner.records.get(at(range.start)..at(range.end));
        Ok(records.unwrap_or_default().to_vec())
    }

    fn tile(&self, id: TileId) -> Result<Option<Arc<[u8]>>, StoreError> {
        let inner = self.open()?;
        if !id.is_full() {
            return Ok(None);
        }
        Ok(inner.tiles.get(&(id.level, id.index)).cloned())
    }

    fn erase(&self, position: u64, digest: &[u8; 32]) -> Result<(), StoreError> {
        let mut inner = self.open()?;
        check::position(position, inner.head.size)?;
        let record = inner.records.get_mut(at(position));
        let mut named = record
            .into_iter()
            .flat_map(|record| &mut record.disclosures)
            .filter(|disclosed| disclosed.digest == *digest)
            .peekable();
        if named.peek().is_none() {
            return Err(StoreError::UnknownDigest { position });
        }
        for disclosed in named {
            if let Held::Present(_) = disclosed.content {
                disclosed.content = Held::Erased;
            }
        }
        inner.snapshots.retain(|&size, _| size <= position);
        Ok(())
    }

    fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        Ok(self.open()?.checkpoint.as_ref().map(|last| last.1.clone()))
    }

    fn put_checkpoint(&self, head: TreeHead, note: &str) -> Result<(), StoreError> {
        let mut inner = self.open()?;
        let last = inner.checkpoint.as_ref().map_or(0, |last| last.0);
        check::checkpoint(head, note, last, inner.head.size)?;
        inner.checkpoint = Some((head.size, note.to_owned()));
        Ok(())
    }

    fn put_snapshot(&self, size: u64, bytes: &[u8]) -> Result<(), StoreError> {
        let mut inner = self.open()?;
        check::range(&(0..size), inner.head.size)?;
        inner.snapshots.insert(size, Bytes::copy_from_slice(bytes));
        while inner.snapshots.len() > 2 {
            inner.snapshots.pop_first();
        }
        Ok(())
    }

    fn snapshot(&self) -> Result<Option<(u64, Bytes)>, StoreError> {
        let inner = self.open()?;
        let newest = inner.snapshots.last_key_value();
        Ok(newest.map(|(&size, bytes)| (size, bytes.clone())))
    }

    fn put_page(&self, index: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.open()?.pages.insert(index, bytes.to_vec());
        Ok(())
    }

    fn page(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.open()?.pages.get(&index).cloned())
    }

    fn close(&self) -> Result<(), StoreError> {
        self.lock().closed = true;
        Ok(())
    }
}
