//! Golden values shared by the tests of this crate.
//!
//! Made outside this project: tree and notes with aics-tlog, COSE bytes with cbor2 and cryptography,
//! roots confirmed by ct-merkle, the note by signed_note. Ed25519 seeds: log 32 x 01, witness
//! 32 x 02, officer 32 x 03. A value that moves here is a format that changed.

#![allow(clippy::panic, clippy::unwrap_used)]

use minutebook_events::cbor::Writer;
use minutebook_keys::{KeyName, NoteSigner, SigningKey, VerifierKey};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

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

/// Origin of the vector log, and the name of its key.
pub const ORIGIN: &str = "ledger.example/minutes";

/// The log's verifier key.
pub const LOG_VKEY: &str =
    "ledger.example/minutes+f7869443+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c";

/// The witness's verifier key.
pub const WITNESS_VKEY: &str =
    "witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU";

/// Thumbprint of the key that signed the receipt.
pub const RECEIPT_KID: &str = "dd2fb4e18b5e1ce30c4633aaa5f681da79c3b32998cc5aa21b1149c37231a6ac";

/// Checkpoint of size 5, cosigned at 1800000100.
pub const COSIGNED_CHECKPOINT: &str = "\
ledger.example/minutes
5
wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=

\u{2014} ledger.example/minutes 94aUQ6JBWJr1zlyt/VUX10qQKSajs2S7a8CnEra9fE0QUcJqLdQks8yJuuyEY0V2XVRXbiKl7guHC78Nnsra5KtphAI=
\u{2014} witness.example/w1 3xwKNQAAAABrSdJk0kLYcumsN4cZqNGMI5SH3R/HjUXl12B15455bDakVTmkZTQxUQuSRBGAjqfonXVSoQ04ESI9eak2Mb+zEHLiDQ==
";

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

/// Receipt for event 2 at size 5, issued at 1800000050.
pub fn receipt_2_5() -> [u8; 289] {
    hex(concat!(
        "d2845867a40127045820dd2fb4e18b5e1ce30c4633aaa5f681da79c3b32998cc5aa21b1149c37231a6ac0fa301766874747073",
        "3a2f2f6c65646765722e6578616d706c6502781a68747470733a2f2f6c65646765722e6578616d706c652f642f32061a6b49d232",
        "19018b01a119018ca12081586a830502835820f46dbfcfa732e04517b93a31026cbcfbc212be36d85451c18099546eb3582f12",
        "5820225609efe0dcd605d116cf5036a4289df21532db9cf9d681055febd181f8897c58204e08fe674508f2070df56ca267f4595b",
        "06bca498da1c348f7aaff13d4f2fa2aff65840d8557965a1d81ccdaac000abf35877d033ab2a8d88a3eabc4ae6598b07f1ed4431",
        "7f9496c09f3c9de5d2fde9ba3acb53b5dffb4a8f9a9076ddb0d65c55e42805",
    ))
}

/// Event `i`, 0 to 4, as logged: made here from its description, to agree with [`LEAVES`].
pub fn entry(i: u64) -> Vec<u8> {
    let body = Writer::new()
        .map(2)
        .text("n")
        .uint(i)
        .text("t")
        .text("decision")
        .finish();
    let mut disclosure = Writer::new();
    disclosure.array(4).text("minutebook.v1");
    disclosure.bytes(&Sha256::digest(format!("salt{i}")));
    disclosure.text("application/cbor").bytes(&body);
    let digest = Sha256::digest(disclosure.finish());

    let officer = SigningKey::from_seed(&[3; 32]);
    let mut header = Writer::new();
    header.map(6).uint(1).int(-8);
    header
        .uint(4)
        .bytes(officer.kid().as_bytes())
        .uint(15)
        .map(4);
    header.uint(1).text("https://ledger.example/o/1");
    header
        .uint(2)
        .text(&format!("https://ledger.example/d/{i}"));
    header.uint(6).uint(1_800_000_000 + i);
    header
        .uint(7)
        .bytes(&Sha256::digest(format!("cti{i}"))[..16]);
    header.uint(16).text("application/scitt-statement+cose");
    header.uint(258).int(-16);
    header
        .uint(259)
        .text("application/vnd.minutebook.disclosure+cbor");
    let header = header.finish();

    let mut signed = Writer::new();
    signed.array(4).text("Signature1").bytes(&header);
    let signature = officer.sign(&signed.bytes(b"").bytes(&digest).finish());
    let mut sign1 = Writer::new();
    sign1.tag(18).array(4).bytes(&header).map(0);
    sign1.bytes(&digest).bytes(&signature).finish()
}

/// The log's key, which signs checkpoints.
pub fn log_signer() -> NoteSigner {
    NoteSigner::new(
        KeyName::new(ORIGIN).unwrap(),
        SigningKey::from_seed(&[1; 32]),
    )
}

/// What verifies the log's checkpoints.
pub fn log_key() -> VerifierKey {
    log_signer().verifier()
}

/// Bytes near `good` and bytes that have nothing to do with it, for parsers to survive.
pub fn damaged(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let len = good.len();
    let spliced = (0..len, 0..4usize, prop::collection::vec(any::<u8>(), 0..4));
    let near = prop::collection::vec(spliced, 0..3).prop_map(move |edits| {
        let mut bytes = good.clone();
        for (at, cut, with) in edits {
            let at = at.min(bytes.len());
            let end = (at + cut).min(bytes.len());
            bytes.splice(at..end, with);
        }
        bytes
    });
    prop_oneof![near, prop::collection::vec(any::<u8>(), 0..300)]
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
