//! Golden values shared by the tests of this crate.
//!
//! Made outside this project: tree and notes with aics-tlog, COSE bytes with cbor2 and cryptography,
//! roots confirmed by ct-merkle, the note by signed_note. Ed25519 seeds: log 32 x 01, witness
//! 32 x 02, officer 32 x 03. A value that moves here is a format that changed.

#![allow(clippy::panic)]

use crate::hash::{Hash, leaf_hash};
use crate::tree::{MemoryTree, TreeHead};

const fn hex<const N: usize>(text: &str) -> [u8; N] {
    const fn nibble(digit: u8) -> u8 {
        match digit {
            b'0'..=b'9' => digit - b'0',
            b'a'..=b'f' => digit - b'a' + 10,
            _ => panic!("not lower-case hex"),
        }
    }
    let digits = text.as_bytes();
    assert!(digits.len() == 2 * N);
    let mut bytes = [0; N];
    let mut i = 0;
    while i < N {
        bytes[i] = nibble(digits[2 * i]) << 4 | nibble(digits[2 * i + 1]);
        i += 1;
    }
    bytes
}

const fn hash(text: &str) -> Hash {
    Hash(hex(text))
}

/// Leaf hashes of the events 0 to 4.
pub const LEAVES: [Hash; 5] = [
    hash("9f742a3f9350eab04541ab91559f0a716fe9c1e3b9c6104529d7f755e14897fb"),
    hash("ce1d57d5212f9e901d9e95f8765d8a387b1296f68d3046b2d17c457525986a1f"),
    hash("be861bfb20d8c80ea22ecd3ebd897b37e00c7c93d114c84c0bb9fb0029c17a1d"),
    hash("f46dbfcfa732e04517b93a31026cbcfbc212be36d85451c18099546eb3582f12"),
    hash("4e08fe674508f2070df56ca267f4595b06bca498da1c348f7aaff13d4f2fa2af"),
];

/// Roots of the trees of size 0 to 5.
pub const ROOTS: [Hash; 6] = [
    hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    LEAVES[0],
    hash("225609efe0dcd605d116cf5036a4289df21532db9cf9d681055febd181f8897c"),
    hash("4a18b27ba6d863b8f401d07266be35d4101834bd8faef1f809650ae24d52d12f"),
    hash("788f5fb1a16f23706a83bd3dccfac1978e08d5ecc79883bebd9fed01b1478c4b"),
    hash("c23d5b636cc675a7a824a5029c3447090cb739484cb2d2efbb633650ae441364"),
];

/// Path of leaf 2 at size 5.
pub const INCLUSION_2_5: [Hash; 3] = [LEAVES[3], ROOTS[2], LEAVES[4]];

/// Path from size 3 to size 5.
pub const CONSISTENCY_3_5: [Hash; 4] = [LEAVES[2], LEAVES[3], ROOTS[2], LEAVES[4]];

/// Root of the log of [`large_log`], in base64.
pub const LARGE_ROOT: &str = "ti7UO0yAdxu4M749cpAy9I0fc2wzXNBOSUTkwwdJBFs=";

/// Leaves of the log of [`large_log`].
pub const LARGE_SIZE: u64 = 70_000;

/// Event 2 as logged: the 313 bytes of its COSE_Sign1.
pub fn entry_2() -> [u8; 313] {
    hex(concat!(
        "d28458d0a6012704582072d16fafc7e5497618246178631d650fef01a4aca770c965dd8b551760bad6dc0fa401781a",
        "68747470733a2f2f6c65646765722e6578616d706c652f6f2f3102781a68747470733a2f2f6c65646765722e6578616d",
        "706c652f642f32061a6b49d202075092537dd81181f0a42e66b970d25e0f551078206170706c69636174696f6e2f7363",
        "6974742d73746174656d656e742b636f73651901022f190103782a6170706c69636174696f6e2f766e642e6d696e7574",
        "65626f6f6b2e646973636c6f737572652b63626f72a05820709f26a3cecd329443930b7f0ad9ff5ba93274d1c8a16b59",
        "afe1b55b181f52b258409c32eb5e33ca1801b2b776ac97755972a9e34341586e5c1d6b94c7f921ced2a49bdce5e00c50",
        "f6e086fb282b09799d59c8198eb1f2b89a4afd9f903c3c4a3002",
    ))
}

/// The head at `size`, 0 to 5, of the vector log.
pub fn head(size: u64) -> TreeHead {
    TreeHead {
        size,
        root: ROOTS[size as usize],
    }
}

/// Leaf hash of the entry `entry-<i>`, as in the large log from 5 on.
pub fn numbered_leaf(i: u64) -> Hash {
    leaf_hash(format!("entry-{i}").as_bytes())
}

/// Leaf hashes of the 70000-leaf log: the five events, then `entry-5` to `entry-69999`.
pub fn large_log() -> impl Iterator<Item = Hash> {
    LEAVES.into_iter().chain((5..LARGE_SIZE).map(numbered_leaf))
}

/// The tree over `entry-0` to `entry-<size - 1>`.
pub fn numbered_tree(size: u64) -> MemoryTree {
    MemoryTree::from_leaves((0..size).map(numbered_leaf))
}

/// The same tree in an independent implementation.
pub fn oracle(
    entries: &[Vec<u8>],
) -> ct_merkle::mem_backed_tree::MemoryBackedTree<sha2_11::Sha256, Vec<u8>> {
    let mut tree = ct_merkle::mem_backed_tree::MemoryBackedTree::new();
    entries.iter().for_each(|entry| tree.push(entry.clone()));
    tree
}
