//! The Merkle tree of RFC 9162 section 2.1: its head, its right edge, and roots of earlier sizes.
//!
//! Everything here is index arithmetic over hashes that come from somewhere else. A *node*
//! `(level, index)` is the root of the complete subtree over the leaves
//! `[index << level, (index + 1) << level)`; complete subtrees never change as the tree grows, so a
//! node is the same in every tree that holds it.

use thiserror::Error;

use crate::hash::{EMPTY_ROOT, Hash, node_hash};

/// A tree's size and root together: what a checkpoint signs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct TreeHead {
    /// Number of leaves.
    pub size: u64,
    /// Root over the leaves `[0, size)`.
    pub root: Hash,
}

impl TreeHead {
    /// The head of the tree without leaves.
    pub const EMPTY: Self = Self {
        size: 0,
        root: EMPTY_ROOT,
    };
}

/// The right edge of a tree: the root of each complete subtree that no larger one contains, one for
/// each set bit of the size. All that appending needs, in at most 64 hashes.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Frontier {
    size: u64,
    /// Largest subtree first; as many as `size` has set bits.
    edge: Vec<Hash>,
}

impl Frontier {
    /// The edge of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of the tree over the leaves `[0, size)` of `nodes`, read in O(log n) nodes.
    ///
    /// # Errors
    /// Whatever reading a node returns.
    pub fn load<N: Nodes + ?Sized>(nodes: &N, size: u64) -> Result<Self, N::Error> {
        let edge = subtrees(0, size)
            .map(|(level, index)| nodes.node(level, index))
            .collect::<Result<_, _>>()?;
        Ok(Self { size, edge })
    }

    /// Appends one leaf hash. One node hash amortised, O(log n) at most.
    pub fn push(&mut self, leaf: Hash) {
        self.push_each(leaf, |_, _| ());
    }

    /// Appends one leaf hash and shows every subtree that it completes, from the leaf itself at
    /// level 0 upwards.
    pub(crate) fn push_each(&mut self, leaf: Hash, mut completed: impl FnMut(u32, Hash)) {
        let mut hash = leaf;
        completed(0, hash);
        // The new leaf merges with the subtrees of sizes 1, 2, 4, ... at the end of the edge.
        let merges = self.size.trailing_ones();
        for level in 1..=merges {
            // The edge holds one hash for each set bit, so it has at least `merges` to give.
            let Some(left) = self.edge.pop() else { break };
            hash = node_hash(&left, &hash);
            completed(level, hash);
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root, in O(log n) node hashes.
    pub fn root(&self) -> Hash {
        join(&self.edge)
    }

    /// Size and root.
    pub fn head(&self) -> TreeHead {
        TreeHead {
            size: self.size,
            root: self.root(),
        }
    }
}

/// Where node hashes come from: memory, tiles in a store, tiles on the web.
///
/// Nothing here is authenticated. What is computed from nodes means something only once it has been
/// compared with a signed root.
pub trait Nodes {
    /// Why a node could not be had.
    type Error;

    /// The root of the complete subtree of `2^level` leaves that starts at leaf `index << level`.
    ///
    /// # Errors
    /// When the source does not hold all of these leaves, or cannot be read.
    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error>;
}

impl<N: Nodes + ?Sized> Nodes for &N {
    type Error = N::Error;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        (**self).node(level, index)
    }
}

/// The root of the tree over the leaves `[0, size)`: MTH of RFC 9162 section 2.1.1, in O(log n) nodes.
///
/// # Errors
/// Whatever reading a node returns.
pub fn root_at<N: Nodes + ?Sized>(nodes: &N, size: u64) -> Result<Hash, N::Error> {
    range_root(nodes, 0, size)
}

/// MTH over the leaves `[start, end)`, where `start` is 0 or a multiple of a power of two not below
/// `end - start`, as all ranges of the RFC's recursion are.
pub(crate) fn range_root<N: Nodes + ?Sized>(
    nodes: &N,
    start: u64,
    end: u64,
) -> Result<Hash, N::Error> {
    let roots = subtrees(start, end)
        .map(|(level, index)| nodes.node(level, index))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(join(&roots))
}

/// The largest power of two below `n`, for `n` of 2 or more (RFC 9162 section 2.1.1).
pub(crate) fn split(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// The complete subtrees that make up `[start, end)`, largest first.
fn subtrees(start: u64, end: u64) -> impl Iterator<Item = (u32, u64)> {
    let mut at = start;
    std::iter::from_fn(move || {
        let level = end.checked_sub(at)?.checked_ilog2()?;
        let index = at >> level;
        at += 1 << level;
        Some((level, index))
    })
}

/// Joins subtree roots, largest first, to the root over all of them.
fn join(roots: &[Hash]) -> Hash {
    roots
        .iter()
        .rev()
        .copied()
        .reduce(|right, left| node_hash(&left, &right))
        .unwrap_or(EMPTY_ROOT)
}

/// A node beyond the leaves that a tree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("node {index} of level {level} is not in a tree of size {size}")]
pub struct MissingNode {
    /// Level asked for; 0 is the leaves.
    pub level: u32,
    /// Index asked for on that level.
    pub index: u64,
    /// Leaves that the tree holds.
    pub size: u64,
}

impl MissingNode {
    /// Refuses a node that is not wholly inside `[0, size)`.
    pub(crate) fn check(level: u32, index: u64, size: u64) -> Result<(), Self> {
        // `size >> level` complete subtrees of that level; none where the shift would overflow.
        match size.checked_shr(level) {
            Some(complete) if index < complete => Ok(()),
            _ => Err(Self { level, index, size }),
        }
    }
}

/// A tree wholly in memory, two hashes a leaf: for tests, checks and small logs.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    frontier: Frontier,
    /// `levels[l][i]` is node `(l, i)`.
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tree over these leaf hashes, in order.
    pub fn from_leaves(leaves: impl IntoIterator<Item = Hash>) -> Self {
        let mut tree = Self::new();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }

    /// Appends one leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let levels = &mut self.levels;
        self.frontier.push_each(leaf, |level, hash| {
            // Levels appear bottom up, so the one that is missing is always the next.
            match levels.get_mut(level as usize) {
                Some(nodes) => nodes.push(hash),
                None => levels.push(vec![hash]),
            }
        });
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root over all leaves.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Size and root over all leaves.
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// The root over the leaves `[0, size)`.
    ///
    /// # Errors
    /// When `size` is more than this tree has.
    pub fn root_at(&self, size: u64) -> Result<Hash, MissingNode> {
        root_at(self, size)
    }
}

impl Nodes for MemoryTree {
    type Error = MissingNode;

    fn node(&self, level: u32, index: u64) -> Result<Hash, MissingNode> {
        let missing = MissingNode {
            level,
            index,
            size: self.size(),
        };
        let nodes = self.levels.get(level as usize).ok_or(missing)?;
        let index = usize::try_from(index).map_err(|_| missing)?;
        nodes.get(index).copied().ok_or(missing)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::vectors;
    use proptest::prelude::*;

    /// The definition, word for word: RFC 9162 section 2.1.1.
    fn mth(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => EMPTY_ROOT,
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
                node_hash(&mth(left), &mth(right))
            }
        }
    }

    #[test]
    fn roots_match_the_vectors() {
        let mut frontier = Frontier::new();
        assert_eq!(frontier.head(), TreeHead::EMPTY);
        for (size, leaf) in (1..).zip(vectors::LEAVES) {
            frontier.push(leaf);
            assert_eq!(frontier.head(), vectors::head(size));
        }
    }

    #[test]
    fn every_size_to_100_agrees_with_the_definition() {
        let leaves: Vec<Hash> = (0..100).map(vectors::numbered_leaf).collect();
        let whole = MemoryTree::from_leaves(leaves.iter().copied());
        let mut frontier = Frontier::new();
        for size in 0..=100 {
            let expected = mth(&leaves[..size as usize]);
            assert_eq!(frontier.root(), expected, "frontier at {size}");
            assert_eq!(frontier.size(), size);
            assert_eq!(whole.root_at(size), Ok(expected), "tree at {size}");
            assert_eq!(Frontier::load(&whole, size), Ok(frontier.clone()));
            if let Some(&leaf) = leaves.get(size as usize) {
                frontier.push(leaf);
            }
        }
        assert!(whole.root_at(101).is_err());
    }

    #[test]
    fn nodes_beyond_the_tree_are_refused() {
        let tree = MemoryTree::from_leaves((0..6).map(vectors::numbered_leaf));
        for (level, index) in [
            (0, 6),
            (1, 3),
            (2, 1),
            (3, 0),
            (64, 0),
            (u32::MAX, u64::MAX),
        ] {
            let missing = MissingNode {
                level,
                index,
                size: 6,
            };
            assert_eq!(tree.node(level, index), Err(missing));
            assert_eq!(MissingNode::check(level, index, 6), Err(missing));
        }
    }

    proptest! {
        #[test]
        fn the_root_agrees_with_another_implementation(
            entries in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..20), 0..300),
        ) {
            let leaves = entries.iter().map(|entry| crate::hash::leaf_hash(entry));
            let ours = MemoryTree::from_leaves(leaves).root();
            let theirs = vectors::oracle(&entries).root();
            prop_assert_eq!(ours.as_bytes(), &theirs.as_bytes()[..]);
        }
    }
}
