//! Auditing a ledger where it is stored.

use std::ops::Range;

use minutebook_events::{Digest, Judge};

use super::{Chunk, Evidence};
use crate::log::Log;
use crate::store::{Held, Record, Store, StoreError};
use crate::tile::TileId;

/// A store as a copy to audit: its records, full tiles and newest checkpoint.
pub struct StoreEvidence<'a>(pub &'a dyn Store);

impl Evidence for StoreEvidence<'_> {
    fn checkpoint(&self) -> Result<String, String> {
        self.0
            .checkpoint()
            .map_err(text)?
            .ok_or_else(|| "no checkpoint is stored".to_owned())
    }

    fn size(&self) -> Result<u64, String> {
        Ok(self.0.head().size)
    }

    fn chunk(&self, range: Range<u64>) -> Result<Box<dyn Chunk + '_>, String> {
        Ok(Box::new(Records::of(self.0, range)))
    }

    /// Full tiles only: the partial ones are not stored but made from the entries when asked for.
    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, String> {
        if !id.is_full() {
            return Ok(None);
        }
        match self.0.tile(id).map_err(text)? {
            Some(bytes) => Ok(Some(bytes.to_vec())),
            None => Err("the tile is missing".into()),
        }
    }
}

impl<J: Judge> Evidence for Log<J> {
    fn checkpoint(&self) -> Result<String, String> {
        StoreEvidence(self.store()).checkpoint()
    }

    fn size(&self) -> Result<u64, String> {
        StoreEvidence(self.store()).size()
    }

    fn chunk(&self, range: Range<u64>) -> Result<Box<dyn Chunk + '_>, String> {
        Ok(Box::new(Records::of(self.store(), range)))
    }

    fn tile(&self, id: TileId) -> Result<Option<Vec<u8>>, String> {
        StoreEvidence(self.store()).tile(id)
    }
}

struct Records(Vec<Result<Record, String>>);

impl Records {
    /// Reads a range at once, and where that fails one by one, so that one damaged record hides no
    /// other.
    fn of(store: &dyn Store, range: Range<u64>) -> Self {
        match store.read(range.clone()) {
            Ok(records) => Self(records.into_iter().map(Ok).collect()),
            Err(_) => Self(range.map(|position| read_one(store, position)).collect()),
        }
    }
}

fn read_one(store: &dyn Store, position: u64) -> Result<Record, String> {
    let record = store.read(position..position + 1).map_err(text)?.pop();
    record.ok_or_else(|| "the entry is missing".to_owned())
}

impl Chunk for Records {
    fn entry(&self, nth: usize) -> Result<&[u8], String> {
        match self.0.get(nth) {
            Some(Ok(record)) => Ok(&record.entry),
            Some(Err(error)) => Err(error.clone()),
            None => Err("the entry is missing".into()),
        }
    }

    fn disclosure(&self, nth: usize, digest: &Digest) -> Held {
        let parts = match self.0.get(nth) {
            Some(Ok(record)) => &record.disclosures[..],
            _ => &[],
        };
        let part = parts.iter().find(|part| part.digest == digest.0);
        part.map_or(Held::Absent, |part| part.content.clone())
    }
}

/// An error with its causes, in one line.
fn text(error: StoreError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
