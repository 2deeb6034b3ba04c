//! Snapshots of the views, tied to the tree they were folded over. Only ever a cache.

use minutebook_events::Judge;
use minutebook_events::cbor::{CborError, Reader, Writer as CborWriter};

use crate::hash::Hash;
use crate::state::State;
use crate::tree::TreeHead;

/// Views at one size, tied to the root there.
pub(super) struct Snapshot {
    pub head: TreeHead,
    pub recorded_at: i64,
    pub newest_iat: i64,
    pub freshness: i64,
    pub views: Vec<u8>,
}

const SNAPSHOT: &str = "minutebook.snapshot.v1";

impl Snapshot {
    pub fn of<J: Judge>(state: &State<J>, head: TreeHead) -> Self {
        Self {
            head,
            recorded_at: state.chain.recorded_at(),
            newest_iat: state.chain.newest_iat(),
            freshness: state.freshness,
            views: state.views.save(),
        }
    }

    pub fn encode(&self) -> Vec<u8> {
        let mut w = CborWriter::new();
        w.array(7)
            .text(SNAPSHOT)
            .uint(self.head.size)
            .bytes(&self.head.root.0);
        w.int(self.recorded_at)
            .int(self.newest_iat)
            .int(self.freshness)
            .bytes(&self.views);
        w.finish()
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, CborError> {
        let mut r = Reader::new(bytes);
        let (parts, name) = (r.array()?, r.text()?);
        let snapshot = Self {
            head: TreeHead {
                size: r.uint()?,
                root: Hash(*r.fixed()?),
            },
            recorded_at: r.int()?,
            newest_iat: r.int()?,
            freshness: r.int()?,
            views: r.bytes()?.to_vec(),
        };
        if parts != 7 || name != SNAPSHOT {
            let kind = minutebook_events::cbor::CborErrorKind::WrongType;
            return Err(CborError { offset: 0, kind });
        }
        r.finish()?;
        Ok(snapshot)
    }
}
