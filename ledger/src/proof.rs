//! Inclusion and consistency proofs: make them from nodes, check them against tree heads.
//!
//! RFC 9162 sections 2.1.3 and 2.1.4. Both directions are here so that the shape of a path is stated
//! once: its length follows from the sizes alone, and any other length is refused before a hash is
//! computed.

use thiserror::Error;

use crate::hash::{EMPTY_ROOT, Hash, node_hash};
use crate::tree::{Nodes, TreeHead, range_root, split};

/// That one leaf is in a tree: the siblings on its way to the root.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InclusionProof {
    /// 0-based index of the leaf; below `size`.
    pub index: u64,
    /// Size of the tree that the path leads to.
    pub size: u64,
    /// Siblings, from the leaf's to the root's child.
    pub path: Vec<Hash>,
}

/// That the tree of size `old` is a prefix of the tree of size `new`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConsistencyProof {
    /// Size of the earlier tree; at most `new`.
    pub old: u64,
    /// Size of the later tree.
    pub new: u64,
    /// The nodes of RFC 9162 section 2.1.4.1, in its order; none where `old` is 0 or equals `new`.
    pub path: Vec<Hash>,
}

/// Why a proof does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProofError {
    /// A leaf that the tree cannot have.
    #[error("leaf {index} is not in a tree of size {size}")]
    IndexBeyondSize {
        /// The leaf's index.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// An earlier tree that is larger than the later one.
    #[error("old size {old} is more than new size {new}")]
    OldBeyondNew {
        /// Size called the earlier.
        old: u64,
        /// Size called the later.
        new: u64,
    },
    /// A proof for one tree, checked against the head of another.
    #[error("the proof is for size {proof}, the tree head has size {head}")]
    SizeMismatch {
        /// Size in the proof.
        proof: u64,
        /// Size in the tree head.
        head: u64,
    },
    /// A path that is too short or too long for its sizes.
    #[error("the path has {found} hashes, not {expected}")]
    PathLength {
        /// Hashes that the sizes ask for.
        expected: usize,
        /// Hashes in the path.
        found: usize,
    },
    /// The proof leads elsewhere: another leaf, another index, altered hashes, or a forked log.
    #[error("the proof leads to root {computed} at size {size}, not to {expected}")]
    RootMismatch {
        /// Size of the tree whose root differs.
        size: u64,
        /// Root of the tree head.
        expected: Hash,
        /// Root that the proof leads to.
        computed: Hash,
    },
}

/// Why a proof cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ProveError<E> {
    /// Sizes or an index for which no proof exists.
    #[error(transparent)]
    Range(ProofError),
    /// A node could not be read.
    #[error("a tree hash could not be read")]
    Nodes(#[source] E),
}

/// Proves that leaf `index` is in the tree over the leaves `[0, size)`, in O(log n) nodes:
/// PATH of RFC 9162 section 2.1.3.1.
///
/// # Errors
/// [`ProofError::IndexBeyondSize`], or whatever reading a node returns.
pub fn prove_inclusion<N: Nodes + ?Sized>(
    nodes: &N,
    index: u64,
    size: u64,
) -> Result<InclusionProof, ProveError<N::Error>> {
    if index >= size {
        return Err(ProveError::Range(ProofError::IndexBeyondSize {
            index,
            size,
        }));
    }
    let (mut start, mut end) = (0, size);
    let mut path = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        let sibling = if index < middle {
            let right = range_root(nodes, middle, end);
            end = middle;
            right
        } else {
            let left = range_root(nodes, start, middle);
            start = middle;
            left
        };
        path.push(sibling.map_err(ProveError::Nodes)?);
    }
    path.reverse();
    Ok(InclusionProof { index, size, path })
}

/// Proves that the leaves `[0, old)` are a prefix of the leaves `[0, new)`, in O(log n) nodes:
/// PROOF of RFC 9162 section 2.1.4.1, with an empty path where `old` is 0 or equals `new`.
///
/// # Errors
/// [`ProofError::OldBeyondNew`], or whatever reading a node returns.
pub fn prove_consistency<N: Nodes + ?Sized>(
    nodes: &N,
    old: u64,
    new: u64,
) -> Result<ConsistencyProof, ProveError<N::Error>> {
    if old > new {
        return Err(ProveError::Range(ProofError::OldBeyondNew { old, new }));
    }
    let mut path = Vec::new();
    if old > 0 {
        let (mut start, mut end) = (0, new);
        while old < end {
            let middle = start + split(end - start);
            let other = if old <= middle {
                let right = range_root(nodes, middle, end);
                end = middle;
                right
            } else {
                let left = range_root(nodes, start, middle);
                start = middle;
                left
            };
            path.push(other.map_err(ProveError::Nodes)?);
        }
        // What remains is a subtree of the old tree; the verifier knows it only if it is all of it.
        if start > 0 {
            path.push(range_root(nodes, start, end).map_err(ProveError::Nodes)?);
        }
    }
    path.reverse();
    Ok(ConsistencyProof { old, new, path })
}

impl InclusionProof {
    /// Number of hashes in the path from leaf `index` to the root of a tree of `size` leaves.
    ///
    /// # Errors
    /// [`ProofError::IndexBeyondSize`].
    pub fn path_len(index: u64, size: u64) -> Result<usize, ProofError> {
        if index >= size {
            return Err(ProofError::IndexBeyondSize { index, size });
        }
        let (inner, border) = climb(index, size - 1);
        Ok((inner + border) as usize)
    }

    /// The root that this path leads to from `leaf` (RFC 9162 section 2.1.3.2).
    ///
    /// # Errors
    /// [`ProofError::IndexBeyondSize`] and [`ProofError::PathLength`].
    pub fn root(&self, leaf: Hash) -> Result<Hash, ProofError> {
        let expected = Self::path_len(self.index, self.size)?;
        check_length(expected, self.path.len())?;
        let (inner, _) = climb(self.index, self.size - 1);
        Ok(climb_both(leaf, &self.path, self.index, inner))
    }

    /// Checks that `leaf` is at `self.index` of the tree of this head.
    ///
    /// # Errors
    /// Every [`ProofError`] but those of consistency proofs.
    pub fn verify(&self, leaf: Hash, head: &TreeHead) -> Result<(), ProofError> {
        check_size(self.size, head)?;
        check_root(self.root(leaf)?, head)
    }
}

impl ConsistencyProof {
    /// Number of hashes in the path between two tree sizes.
    ///
    /// # Errors
    /// [`ProofError::OldBeyondNew`].
    pub fn path_len(old: u64, new: u64) -> Result<usize, ProofError> {
        if old > new {
            return Err(ProofError::OldBeyondNew { old, new });
        }
        if old == 0 || old == new {
            return Ok(0);
        }
        let (inner, border) = climb(old - 1, new - 1);
        // The path begins at the last complete subtree of the old tree, not at its last leaf, and
        // leaves that subtree out where it is the whole old tree.
        let seed = u32::from(!old.is_power_of_two());
        Ok((seed + inner - old.trailing_zeros() + border) as usize)
    }

    /// Checks that the tree of `old` is a prefix of the tree of `new` (RFC 9162 section 2.1.4.2).
    /// Every tree extends the empty one; a tree extends itself.
    ///
    /// # Errors
    /// Every [`ProofError`] but those of inclusion proofs.
    pub fn verify(&self, old: &TreeHead, new: &TreeHead) -> Result<(), ProofError> {
        check_size(self.old, old)?;
        check_size(self.new, new)?;
        check_length(Self::path_len(self.old, self.new)?, self.path.len())?;
        if self.old == 0 {
            check_root(EMPTY_ROOT, old)?;
            // Only here is nothing known of the new root, unless it too must be the empty one.
            return if self.new == 0 {
                check_root(EMPTY_ROOT, new)
            } else {
                Ok(())
            };
        }
        if self.old == self.new {
            return check_root(old.root, new);
        }
        let (seed, rest) = match self.path.split_first() {
            Some((&seed, rest)) if !self.old.is_power_of_two() => (seed, rest),
            _ => (old.root, self.path.as_slice()),
        };
        let (inner, _) = climb(self.old - 1, self.new - 1);
        let skipped = self.old.trailing_zeros();
        let last = (self.old - 1) >> skipped;
        let inner = inner - skipped;
        check_root(climb_left(seed, rest, last, inner), old)?;
        check_root(climb_both(seed, rest, last, inner), new)
    }
}

/// How the way up from leaf `index` divides, in a tree whose last leaf is `last`: levels on which it
/// and the way up from `last` are apart, so that it has a sibling on either side; then siblings left
/// of the right edge, which both ways share.
fn climb(index: u64, last: u64) -> (u32, u32) {
    let inner = u64::BITS - (index ^ last).leading_zeros();
    let border = index.checked_shr(inner).unwrap_or(0).count_ones();
    (inner, border)
}

/// The root over `seed`, at `index` of its level, and all its siblings.
fn climb_both(seed: Hash, path: &[Hash], index: u64, inner: u32) -> Hash {
    (0..).zip(path).fold(seed, |hash, (level, sibling)| {
        if level >= inner || index >> level & 1 == 1 {
            node_hash(sibling, &hash)
        } else {
            node_hash(&hash, sibling)
        }
    })
}

/// As [`climb_both`], but over the siblings to the left alone: the tree that ends at `seed`.
fn climb_left(seed: Hash, path: &[Hash], index: u64, inner: u32) -> Hash {
    (0..).zip(path).fold(seed, |hash, (level, sibling)| {
        if level >= inner || index >> level & 1 == 1 {
            node_hash(sibling, &hash)
        } else {
            hash
        }
    })
}

fn check_length(expected: usize, found: usize) -> Result<(), ProofError> {
    if expected == found {
        Ok(())
    } else {
        Err(ProofError::PathLength { expected, found })
    }
}

fn check_size(proof: u64, head: &TreeHead) -> Result<(), ProofError> {
    if proof == head.size {
        Ok(())
    } else {
        Err(ProofError::SizeMismatch {
            proof,
            head: head.size,
        })
    }
}

fn check_root(computed: Hash, head: &TreeHead) -> Result<(), ProofError> {
    if computed == head.root {
        Ok(())
    } else {
        Err(ProofError::RootMismatch {
            size: head.size,
            expected: head.root,
            computed,
        })
    }
}

#[cfg(test)]
mod tests;
