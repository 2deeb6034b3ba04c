//! A store that a test can hold up or let fail, at a step of its choice.

use std::ops::Range;
use std::sync::Arc;

use minutebook_events::Bytes;
use minutebook_ledger::store::{Batch, Record, Store, StoreError};
use minutebook_ledger::tile::TileId;
use minutebook_ledger::tree::TreeHead;

/// What a store is about to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Append,
    Erase,
    PutSnapshot,
}

type Before = dyn Fn(Step) -> Result<(), StoreError> + Send + Sync;
type Damage = dyn Fn(u64, &mut Record) + Send + Sync;

/// A store that asks before some steps, and does everything else as the one in it.
pub struct Meddled {
    store: Arc<dyn Store>,
    before: Box<Before>,
    damage: Box<Damage>,
}

impl Meddled {
    /// `before` is called before a step, on the thread that takes it; where it fails, so does the step.
    pub fn new(
        store: Arc<dyn Store>,
        before: impl Fn(Step) -> Result<(), StoreError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            before: Box::new(before),
            damage: Box::new(|_, _| {}),
        }
    }

    /// `damage` may change each record that is read, which is given with its index.
    pub fn damaged(
        store: Arc<dyn Store>,
        damage: impl Fn(u64, &mut Record) + Send + Sync + 'static,
    ) -> Self {
        Self {
            damage: Box::new(damage),
            ..Self::new(store, |_| Ok(()))
        }
    }

    /// A store that takes entries and cannot do `step`: as when the machine stops before it.
    pub fn stopped_before(step: Step, store: Arc<dyn Store>) -> Self {
        Self::new(store, move |about_to| match about_to == step {
            true => Err(StoreError::ReadOnly {
                reason: "the machine stopped".into(),
            }),
            false => Ok(()),
        })
    }
}

impl Store for Meddled {
    fn append(&self, batch: Batch) -> Result<(), StoreError> {
        (self.before)(Step::Append)?;
        self.store.append(batch)
    }

    fn erase(&self, position: u64, digest: &[u8; 32]) -> Result<(), StoreError> {
        (self.before)(Step::Erase)?;
        self.store.erase(position, digest)
    }

    fn put_snapshot(&self, size: u64, bytes: &[u8]) -> Result<(), StoreError> {
        (self.before)(Step::PutSnapshot)?;
        self.store.put_snapshot(size, bytes)
    }

    fn head(&self) -> TreeHead {
        self.store.head()
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Record>, StoreError> {
        let mut records = self.store.read(range.clone())?;
        for (position, record) in range.zip(&mut records) {
            (self.damage)(position, record);
        }
        Ok(records)
    }

    fn tile(&self, id: TileId) -> Result<Option<Arc<[u8]>>, StoreError> {
        self.store.tile(id)
    }

    fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.store.checkpoint()
    }

    fn put_checkpoint(&self, head: TreeHead, note: &str) -> Result<(), StoreError> {
        self.store.put_checkpoint(head, note)
    }

    fn snapshot(&self) -> Result<Option<(u64, Bytes)>, StoreError> {
        self.store.snapshot()
    }

    fn put_page(&self, index: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.store.put_page(index, bytes)
    }

    fn page(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.store.page(index)
    }

    fn close(&self) -> Result<(), StoreError> {
        self.store.close()
    }
}
