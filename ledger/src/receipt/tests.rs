#![allow(clippy::unwrap_used, clippy::panic)]

use proptest::prelude::*;

use super::*;
use crate::checkpoint::Checkpoint;
use crate::proof::prove_inclusion;
use crate::vectors;

fn key() -> SigningKey {
    // The vector uses the log's seed; a running log must not.
    SigningKey::from_seed(&[1; 32])
}

fn issue(proof: &InclusionProof, root: &Hash) -> Result<Vec<u8>, ReceiptError> {
    let (issuer, subject) = ("https://ledger.example", "https://ledger.example/d/2");
    Receipt::issue(&key(), issuer, subject, 1_800_000_050, proof, root)
}

fn proof() -> InclusionProof {
    InclusionProof {
        index: 2,
        size: 5,
        path: vectors::INCLUSION_2_5.to_vec(),
    }
}

/// If this moves, receipts no longer verify with other people's tools.
#[test]
fn the_receipt_matches_the_vector() {
    let bytes = issue(&proof(), &vectors::ROOTS[5]).unwrap();
    assert_eq!(bytes, vectors::receipt_2_5());
    let receipt = Receipt::parse(&bytes).unwrap();
    assert_eq!(receipt.encode(), bytes);
    assert_eq!(receipt.kid.to_string(), vectors::RECEIPT_KID);
    assert_eq!(receipt.issuer, "https://ledger.example");
    assert_eq!(receipt.subject, "https://ledger.example/d/2");
    assert_eq!((receipt.alg, receipt.issued_at), (-8, 1_800_000_050));
    let head = receipt.verify(&key().public(), &vectors::entry_2());
    assert_eq!(head, Ok(vectors::head(5)));
}

/// An independent COSE library finds the same parts, and the signature where we put it.
#[test]
fn another_implementation_reads_the_receipt() {
    use coset::{CborSerializable, TaggedCborSerializable};
    let bytes = vectors::receipt_2_5();
    let sign1 = coset::CoseSign1::from_tagged_slice(&bytes).unwrap();
    assert_eq!(sign1.payload, None);
    assert_eq!(sign1.protected.header.key_id, key().kid().as_bytes());
    let root = vectors::ROOTS[5];
    sign1
        .verify_detached_signature(root.as_bytes(), b"", |signature, message| {
            let signature = signature.try_into().unwrap();
            key().public().verify_strict(message, signature)
        })
        .unwrap();
    // Headers written anew, in the order of the labels, are the headers that were signed.
    let header = sign1.protected.header.clone().to_vec().unwrap();
    assert_eq!(header, Receipt::parse(&bytes).unwrap().protected);
}

#[test]
fn ed25519_by_its_own_number_is_read_too() {
    let mut receipt = Receipt::parse(&vectors::receipt_2_5()).unwrap();
    assert_eq!(receipt.protected[..3], [0xa4, 0x01, 0x27]);
    receipt.protected[2] = 0x32;
    receipt.signature = key().sign(&to_be_signed(&receipt.protected, &vectors::ROOTS[5]));
    let receipt = Receipt::parse(&receipt.encode()).unwrap();
    assert_eq!(receipt.alg, -19);
    assert!(receipt.verify(&key().public(), &vectors::entry_2()).is_ok());
}

#[test]
fn a_tree_of_one_has_no_receipt() {
    let alone = InclusionProof {
        index: 0,
        size: 1,
        path: vec![],
    };
    let refused = ReceiptError::NoReceipts { size: 1 };
    assert_eq!(issue(&alone, &vectors::ROOTS[1]), Err(refused.clone()));
    let mut receipt = Receipt::parse(&vectors::receipt_2_5()).unwrap();
    receipt.proof = alone;
    assert_eq!(Receipt::parse(&receipt.encode()), Err(refused));
    receipt.proof = InclusionProof {
        path: vec![],
        ..proof()
    };
    let length = ProofError::PathLength {
        expected: 3,
        found: 0,
    };
    assert_eq!(issue(&receipt.proof, &EMPTY), Err(length.clone().into()));
    assert_eq!(Receipt::parse(&receipt.encode()), Err(length.into()));
}

const EMPTY: Hash = crate::hash::EMPTY_ROOT;

#[test]
fn receipts_that_do_not_speak_for_the_entry_are_refused() {
    let good = Receipt::parse(&vectors::receipt_2_5()).unwrap();
    let entry = vectors::entry_2();
    let bad = Err(ReceiptError::Signature(BadSignature));
    assert_eq!(good.verify(&key().public(), b"entry-3"), bad);
    assert_eq!(good.verify(&key().public(), &entry[..312]), bad);

    let mut moved = good.clone();
    moved.proof.index = 3;
    assert_eq!(moved.verify(&key().public(), &entry), bad);
    moved.proof = InclusionProof {
        path: vectors::CONSISTENCY_3_5.to_vec(),
        ..proof()
    };
    assert!(matches!(
        moved.verify(&key().public(), &entry),
        Err(ReceiptError::Proof(_))
    ));

    let other = SigningKey::from_seed(&[4; 32]);
    assert_eq!(
        good.verify(&other.public(), &entry),
        Err(ReceiptError::OtherKey {
            expected: other.kid(),
            found: key().kid(),
        })
    );
}

/// The format signs the root alone. Where two sizes give a leaf a path of one shape, the receipt reads
/// the same for both, and only a checkpoint tells which of them has this root.
#[test]
fn the_size_in_a_receipt_is_believed_only_with_a_checkpoint() {
    let mut receipt = Receipt::parse(&vectors::receipt_2_5()).unwrap();
    receipt.proof.size = 6;
    let head = receipt
        .verify(&key().public(), &vectors::entry_2())
        .unwrap();
    assert_eq!(head.root, vectors::ROOTS[5]);
    let signed = Checkpoint::open(vectors::COSIGNED_CHECKPOINT, &vectors::log_key()).unwrap();
    assert_ne!(head, signed.head);
}

#[test]
fn receipts_of_every_entry_to_size_20_hold() {
    let tree = vectors::numbered_tree(20);
    for size in 2..=20 {
        let root = tree.root_at(size).unwrap();
        for index in 0..size {
            let proof = prove_inclusion(&tree, index, size).unwrap();
            let receipt = Receipt::parse(&issue(&proof, &root).unwrap()).unwrap();
            let entry = format!("entry-{index}");
            let head = receipt.verify(&key().public(), entry.as_bytes());
            assert_eq!(head, Ok(TreeHead { size, root }));
        }
    }
}

#[test]
fn other_encodings_are_refused() {
    let good = vectors::receipt_2_5().to_vec();
    for end in 0..good.len() {
        assert!(Receipt::parse(&good[..end]).is_err(), "{end} bytes");
    }
    let splice = |at: usize, len: usize, with: &[u8]| {
        let mut bytes = good.clone();
        bytes.splice(at..at + len, with.iter().copied());
        Receipt::parse(&bytes)
    };
    assert!(splice(good.len(), 0, &[0]).is_err(), "trailing byte");
    assert!(splice(0, 1, &[]).is_err(), "no tag");
    assert!(splice(0, 1, &[0xd8, 0x12]).is_err(), "long tag");
    assert!(splice(0, 1, &[0xd1]).is_err(), "tag 17");
    // The protected header: 58 67 a4 01 27 ..., with the label 1 in two bytes.
    assert_eq!(good[2..7], [0x58, 0x67, 0xa4, 0x01, 0x27]);
    assert!(
        splice(3, 3, &[0x68, 0xa4, 0x18, 0x01]).is_err(),
        "long label"
    );
    assert!(splice(6, 1, &[0x26]).is_err(), "algorithm -7");
    let too_large = vec![0xd2; MAX_RECEIPT_BYTES + 1];
    let len = too_large.len();
    assert_eq!(
        Receipt::parse(&too_large),
        Err(ReceiptError::TooLarge { len })
    );
    let name = "x".repeat(MAX_RECEIPT_BYTES);
    let root = vectors::ROOTS[5];
    let issued = Receipt::issue(&key(), &name, "", 0, &proof(), &root);
    assert!(matches!(issued, Err(ReceiptError::TooLarge { .. })));
}

proptest! {
    #[test]
    fn what_parses_encodes_back(bytes in vectors::damaged(vectors::receipt_2_5().to_vec())) {
        if let Ok(receipt) = Receipt::parse(&bytes) {
            prop_assert_eq!(receipt.encode(), bytes.clone());
            // Size and index are not signed; all else is, or leads to another root.
            if let Ok(head) = receipt.verify(&key().public(), &vectors::entry_2()) {
                let mut original = receipt.clone();
                (original.proof.index, original.proof.size) = (2, 5);
                prop_assert_eq!(original.encode(), vectors::receipt_2_5());
                prop_assert_eq!(head.root, vectors::ROOTS[5]);
            }
        }
    }

    #[test]
    fn every_claim_comes_back(issuer in "\\PC{0,40}", subject in "\\PC{0,40}", iat in any::<i64>()) {
        let root = vectors::ROOTS[5];
        let bytes = Receipt::issue(&key(), &issuer, &subject, iat, &proof(), &root).unwrap();
        let receipt = Receipt::parse(&bytes).unwrap();
        prop_assert_eq!((receipt.issuer.as_str(), receipt.subject.as_str()), (&*issuer, &*subject));
        prop_assert_eq!(receipt.issued_at, iat);
        prop_assert_eq!(receipt.encode(), bytes);
        let head = receipt.verify(&key().public(), &vectors::entry_2());
        prop_assert_eq!(head, Ok(vectors::head(5)));
    }
}
