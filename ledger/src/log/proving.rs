//! What proofs over one published tree share: the signature of its receipts, and hashes of its nodes.
//!
//! Everyone whose entries entered in one group asks for receipts over the same tree, and their paths
//! meet on the way to the root.

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::hash::Hash;
use crate::receipt::SignedRoot;
use crate::tree::Nodes;

/// How many nodes are remembered for one tree: the paths of a large batch.
const NODES: usize = 8192;

/// What was worked out for proofs over one tree.
#[derive(Default)]
pub(crate) struct Proving {
    signed: OnceLock<SignedRoot>,
    nodes: Mutex<HashMap<(u32, u64), Hash>>,
}

impl Proving {
    /// The tree's root, signed for receipts: by `sign`, the first time.
    pub fn signed(&self, sign: impl FnOnce() -> SignedRoot) -> &SignedRoot {
        self.signed.get_or_init(sign)
    }

    /// Nodes of the tree, each hashed once.
    pub fn remember<N: Nodes>(&self, nodes: N) -> Remembered<'_, N> {
        Remembered {
            nodes,
            known: &self.nodes,
        }
    }
}

/// Nodes of a tree, each hashed once.
pub(crate) struct Remembered<'a, N> {
    nodes: N,
    known: &'a Mutex<HashMap<(u32, u64), Hash>>,
}

impl<N: Nodes> Nodes for Remembered<'_, N> {
    type Error = N::Error;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        // A leaf's hash is read and not worked out.
        if level == 0 {
            return self.nodes.node(level, index);
        }
        // A hash is put in whole, so a panic leaves nothing wrong behind.
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hash) = known().get(&(level, index)) {
            return Ok(*hash);
        }
        let hash = self.nodes.node(level, index)?;
        let mut known = known();
        if known.len() < NODES {
            known.insert((level, index), hash);
        }
        Ok(hash)
    }
}
