#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::hash::leaf_hash;
use crate::tree::MemoryTree;
use crate::vectors;

fn flip(hash: &mut Hash, bit: usize) {
    hash.0[bit / 8 % 32] ^= 1 << (bit % 8);
}

#[test]
fn paths_match_the_vectors() {
    let tree = MemoryTree::from_leaves(vectors::LEAVES);
    let inclusion = prove_inclusion(&tree, 2, 5).unwrap();
    assert_eq!(inclusion.path, vectors::INCLUSION_2_5);
    assert_eq!(
        inclusion.verify(vectors::LEAVES[2], &vectors::head(5)),
        Ok(())
    );
    let consistency = prove_consistency(&tree, 3, 5).unwrap();
    assert_eq!(consistency.path, vectors::CONSISTENCY_3_5);
    assert_eq!(
        consistency.verify(&vectors::head(3), &vectors::head(5)),
        Ok(())
    );
}

#[test]
fn every_inclusion_to_100_holds_and_only_for_its_leaf_and_index() {
    let tree = vectors::numbered_tree(100);
    for size in 1..=100 {
        let head = TreeHead {
            size,
            root: tree.root_at(size).unwrap(),
        };
        for index in 0..size {
            let leaf = vectors::numbered_leaf(index);
            let proof = prove_inclusion(&tree, index, size).unwrap();
            assert_eq!(proof.verify(leaf, &head), Ok(()), "{index} of {size}");
            assert!(
                proof
                    .verify(vectors::numbered_leaf(index + 1), &head)
                    .is_err()
            );
            for other in (0..size).filter(|&other| other != index) {
                let moved = InclusionProof {
                    index: other,
                    ..proof.clone()
                };
                assert!(moved.verify(leaf, &head).is_err(), "{index} as {other}");
            }
            check_lengths(&proof.path, |path| {
                let proof = InclusionProof { index, size, path };
                proof.verify(leaf, &head)
            });
        }
    }
}

#[test]
fn every_consistency_to_100_holds_and_only_for_its_heads() {
    let tree = vectors::numbered_tree(100);
    let heads: Vec<TreeHead> = (0..=100)
        .map(|size| TreeHead {
            size,
            root: tree.root_at(size).unwrap(),
        })
        .collect();
    for new in &heads {
        for old in &heads[..=new.size as usize] {
            let proof = prove_consistency(&tree, old.size, new.size).unwrap();
            assert_eq!(
                proof.verify(old, new),
                Ok(()),
                "{} to {}",
                old.size,
                new.size
            );
            for bit in [0, 100, 255] {
                let mut forked = *old;
                flip(&mut forked.root, bit);
                assert!(proof.verify(&forked, new).is_err());
                if old.size > 0 || new.size == 0 {
                    let mut forked = *new;
                    flip(&mut forked.root, bit);
                    assert!(proof.verify(old, &forked).is_err());
                }
            }
            check_lengths(&proof.path, |path| {
                let (old_size, new_size) = (old.size, new.size);
                let proof = ConsistencyProof {
                    old: old_size,
                    new: new_size,
                    path,
                };
                proof.verify(old, new)
            });
        }
    }
}

/// A path one shorter, one longer, or with any altered hash must not verify.
fn check_lengths(path: &[Hash], verify: impl Fn(Vec<Hash>) -> Result<(), ProofError>) {
    let expected = path.len();
    for found in [expected.wrapping_sub(1), expected + 1] {
        let mut other = path.to_vec();
        if found == usize::MAX {
            continue;
        }
        other.resize(found, EMPTY_ROOT);
        assert_eq!(
            verify(other),
            Err(ProofError::PathLength { expected, found })
        );
    }
    for i in 0..expected {
        let mut other = path.to_vec();
        flip(&mut other[i], 8 * i);
        assert!(matches!(
            verify(other),
            Err(ProofError::RootMismatch { .. })
        ));
    }
}

#[test]
fn proofs_that_cannot_be_are_refused() {
    let tree = vectors::numbered_tree(7);
    let beyond = ProofError::IndexBeyondSize { index: 7, size: 7 };
    assert_eq!(
        prove_inclusion(&tree, 7, 7),
        Err(ProveError::Range(beyond.clone()))
    );
    assert!(matches!(
        prove_inclusion(&tree, 6, 8),
        Err(ProveError::Nodes(_))
    ));
    assert_eq!(
        prove_consistency(&tree, 3, 2),
        Err(ProveError::Range(ProofError::OldBeyondNew {
            old: 3,
            new: 2
        }))
    );
    let proof = InclusionProof {
        index: 7,
        size: 7,
        path: vec![],
    };
    assert_eq!(proof.verify(EMPTY_ROOT, &tree.head()), Err(beyond));
    let proof = prove_inclusion(&tree, 3, 6).unwrap();
    assert_eq!(
        proof.verify(vectors::numbered_leaf(3), &tree.head()),
        Err(ProofError::SizeMismatch { proof: 6, head: 7 })
    );
}

proptest! {
    #[test]
    fn proofs_agree_with_another_implementation(size in 1u64..600, a in any::<u64>(), b in any::<u64>()) {
        let entries: Vec<Vec<u8>> = (0..size).map(|i| format!("entry-{i}").into_bytes()).collect();
        let oracle = vectors::oracle(&entries);
        let tree = MemoryTree::from_leaves(entries.iter().map(|entry| leaf_hash(entry)));

        let index = a % size;
        let ours = prove_inclusion(&tree, index, size).unwrap();
        let theirs = oracle.prove_inclusion(index as usize);
        prop_assert_eq!(flatten(&ours.path), theirs.as_bytes());

        // The other implementation has no proof from an empty tree.
        let old = 1 + b % size;
        let ours = prove_consistency(&tree, old, size).unwrap();
        let theirs = oracle.prove_consistency((size - old) as usize);
        prop_assert_eq!(flatten(&ours.path), theirs.as_bytes());
    }

    #[test]
    fn checking_anything_never_panics(
        (old, new) in (any::<u64>(), any::<u64>()),
        path in prop::collection::vec(any::<[u8; 32]>().prop_map(Hash), 0..70),
        root in any::<[u8; 32]>().prop_map(Hash),
    ) {
        let (old_head, new_head) = (TreeHead { size: old, root }, TreeHead { size: new, root });
        let inclusion = InclusionProof { index: old, size: new, path: path.clone() };
        prop_assert!(inclusion.verify(root, &new_head).is_err());
        let consistency = ConsistencyProof { old, new, path };
        prop_assert!(old == new || consistency.verify(&old_head, &new_head).is_err());
    }

    #[test]
    fn path_lengths_of_huge_trees_are_within_64(a in any::<u64>(), b in any::<u64>()) {
        let (low, high) = (a.min(b), a.max(b));
        if low < high {
            prop_assert!(InclusionProof::path_len(low, high).unwrap() <= 64);
        }
        prop_assert!(ConsistencyProof::path_len(low, high).unwrap() <= 65);
    }
}

fn flatten(path: &[Hash]) -> Vec<u8> {
    path.iter().flat_map(|hash| hash.0).collect()
}
