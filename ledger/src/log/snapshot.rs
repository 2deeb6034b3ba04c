//! Snapshots of the views, tied to the tree they were folded over. Only ever a cache.
//!
//! The views' own bytes come first, so that they are neither copied when they are written nor when
//! they are read; then the place they stand at, in CBOR; last, in one byte, how long that is.

use minutebook_events::cbor::{CborError, CborErrorKind, Reader, Writer as CborWriter};
use minutebook_events::{Bytes, Judge};

use crate::hash::Hash;
use crate::state::State;
use crate::store::Store;
use crate::tree::TreeHead;

/// Views at one size, tied to the root there.
pub(super) struct Snapshot<V> {
    pub head: TreeHead,
    pub recorded_at: i64,
    pub newest_iat: i64,
    pub freshness: i64,
    pub views: V,
}

const SNAPSHOT: &str = "minutebook.snapshot.v2";

impl<J: Judge> Snapshot<J> {
    pub fn of(state: &State<J>, head: TreeHead) -> Self {
        Self {
            head,
            recorded_at: state.chain.recorded_at(),
            newest_iat: state.chain.newest_iat(),
            freshness: state.freshness,
            views: state.views.clone(),
        }
    }

    /// Keeps it. Only a cache, so a failure changes nothing but the time that the next opening takes.
    pub fn keep(&self, store: &dyn Store) {
        let _ = store.put_snapshot(self.head.size, &self.encode());
    }

    fn encode(&self) -> Vec<u8> {
        let mut w = CborWriter::new();
        w.array(6)
            .text(SNAPSHOT)
            .uint(self.head.size)
            .bytes(&self.head.root.0);
        w.int(self.recorded_at)
            .int(self.newest_iat)
            .int(self.freshness);
        let place = w.finish();
        let mut bytes = self.views.save();
        bytes.extend(&place);
        // A name, a hash and four numbers have at most 95 bytes.
        bytes.push(place.len().to_le_bytes()[0]);
        bytes
    }
}

impl Snapshot<Bytes> {
    pub fn decode(bytes: &Bytes) -> Result<Self, CborError> {
        let wrong = || CborError {
            offset: 0,
            kind: CborErrorKind::WrongType,
        };
        let (len, rest) = bytes.split_last().ok_or_else(wrong)?;
        let views = rest
            .len()
            .checked_sub(usize::from(*len))
            .ok_or_else(wrong)?;
        let mut r = Reader::new(&rest[views..]);
        let (parts, name) = (r.array()?, r.text()?);
        let snapshot = Self {
            head: TreeHead {
                size: r.uint()?,
                root: Hash(*r.fixed()?),
            },
            recorded_at: r.int()?,
            newest_iat: r.int()?,
            freshness: r.int()?,
            views: bytes.slice(..views),
        };
        if parts != 6 || name != SNAPSHOT {
            return Err(wrong());
        }
        r.finish()?;
        Ok(snapshot)
    }
}
