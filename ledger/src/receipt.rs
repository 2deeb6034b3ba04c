//! COSE receipts: the log's signed word that it holds an entry (RFC 9942, RFC 9943).
//!
//! ```text
//! 18([ << {1: -8, 4: kid, 15: {1: iss, 2: sub, 6: iat}, 395: 1} >>,
//!      {396: {-1: [ << [tree size, leaf index, [+ hash]] >> ]}},
//!      null,
//!      signature ])
//! ```
//!
//! The signed payload is not in there: it is the root that the inclusion proof leads to from the
//! entry, so a receipt can only be checked with the entry at hand. Exactly this shape is written and
//! read, in deterministic CBOR; consistency receipts and further headers are not.
//!
//! Tree size and leaf index are outside what is signed. A root is the root of one tree only, so they
//! are settled by a checkpoint with this root; a receipt alone proves that the entry is in the log, but
//! not where: paths of equal shape exist at several sizes (index 2 of 5, 6, 7 and 8).

use minutebook_events::cbor::{CborError, Reader, Writer};
use minutebook_keys::{BadSignature, Kid, PublicKey, SigningKey};
use thiserror::Error;

use crate::hash::{Hash, leaf_hash};
use crate::proof::{InclusionProof, ProofError};
use crate::tree::TreeHead;

/// The largest receipt that is read, in bytes. Ours: the longest path takes 2.2 kB of it.
pub const MAX_RECEIPT_BYTES: usize = 16 * 1024;

/// COSE_Sign1 (RFC 9052 section 4.2).
const SIGN1_TAG: u64 = 18;
/// EdDSA (RFC 9053 section 2.2), which is what is written.
const ALG_EDDSA: i64 = -8;
/// Ed25519 (RFC 9864), which is read as well.
const ALG_ED25519: i64 = -19;
/// Header labels: RFC 9052 section 3.1, RFC 9597 section 2, RFC 9942 section 2.
const LABEL_ALG: u64 = 1;
const LABEL_KID: u64 = 4;
const LABEL_CWT: u64 = 15;
const LABEL_VDS: u64 = 395;
const LABEL_VDP: u64 = 396;
/// CWT claims (RFC 8392 section 4).
const CLAIM_ISS: u64 = 1;
const CLAIM_SUB: u64 = 2;
const CLAIM_IAT: u64 = 6;
/// The verifiable data structure RFC9162_SHA256 and its inclusion proofs (RFC 9942 section 5).
const RFC9162_SHA256: u64 = 1;
const INCLUSION: i64 = -1;

/// A parsed receipt. Well formed, but nothing in it is verified until [`Receipt::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Receipt {
    /// COSE algorithm number: -8 or -19, both Ed25519.
    pub alg: i64,
    /// The receipt key's thumbprint.
    pub kid: Kid,
    /// `iss`: who runs the log.
    pub issuer: String,
    /// `sub`: what the receipt is about.
    pub subject: String,
    /// `iat`: when it was issued, in seconds since 1970.
    pub issued_at: i64,
    /// Where in the tree the entry is said to be; see the module on what a signature covers.
    pub proof: InclusionProof,
    /// The protected header as it came; what the signature covers, beside the root.
    protected: Vec<u8>,
    signature: [u8; 64],
}

/// Why a receipt cannot be issued, read or believed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// A tree of one leaf has an empty path, for which the format has no room.
    #[error("a tree of size {size} has no receipts")]
    NoReceipts {
        /// The tree's size.
        size: u64,
    },
    /// Larger than [`MAX_RECEIPT_BYTES`].
    #[error("receipt has {len} bytes, more than {MAX_RECEIPT_BYTES}")]
    TooLarge {
        /// Its length in bytes.
        len: usize,
    },
    /// Not deterministic CBOR, or not of the types that a receipt has.
    #[error("receipt is not deterministic CBOR of the right shape")]
    Cbor(#[from] CborError),
    /// CBOR of the right types, but another header, number of items or value.
    #[error("receipt does not have the expected {what}")]
    Unexpected {
        /// What was expected.
        what: &'static str,
    },
    /// Made with another key than the one to check it with.
    #[error("receipt names the key {found}, not {expected}")]
    OtherKey {
        /// The kid of the key given.
        expected: Kid,
        /// The kid in the receipt.
        found: Kid,
    },
    /// A path that its size and index cannot have.
    #[error("receipt has an impossible inclusion proof")]
    Proof(#[from] ProofError),
    /// The key did not sign the root to which the proof leads from this entry: another entry, or a
    /// forged or damaged receipt.
    #[error("receipt is not for this entry, or not signed by this key")]
    Signature(#[from] BadSignature),
}

/// The signed part of a receipt, which is the same for every entry of one tree: one signature serves
/// all receipts that are issued for it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SignedRoot {
    kid: Kid,
    issuer: String,
    subject: String,
    issued_at: i64,
    protected: Vec<u8>,
    signature: [u8; 64],
}

impl SignedRoot {
    /// Signs `root`. `iat` is in seconds since 1970. Deterministic.
    pub fn sign(signer: &SigningKey, issuer: &str, subject: &str, iat: i64, root: &Hash) -> Self {
        let kid = signer.kid();
        let mut header = Writer::new();
        header.map(4).uint(LABEL_ALG).int(ALG_EDDSA);
        header.uint(LABEL_KID).bytes(kid.as_bytes());
        header.uint(LABEL_CWT).map(3);
        header.uint(CLAIM_ISS).text(issuer);
        header.uint(CLAIM_SUB).text(subject);
        header.uint(CLAIM_IAT).int(iat);
        header.uint(LABEL_VDS).uint(RFC9162_SHA256);
        let protected = header.finish();
        let signature = signer.sign(&to_be_signed(&protected, root));
        Self {
            kid,
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            issued_at: iat,
            protected,
            signature,
        }
    }

    /// The receipt for the leaf of `proof`, which the caller has checked to lead to this root.
    ///
    /// # Errors
    /// As [`Receipt::issue`].
    pub fn receipt(&self, proof: &InclusionProof) -> Result<Vec<u8>, ReceiptError> {
        check_proof(proof)?;
        let receipt = Receipt {
            alg: ALG_EDDSA,
            kid: self.kid,
            issuer: self.issuer.clone(),
            subject: self.subject.clone(),
            issued_at: self.issued_at,
            proof: proof.clone(),
            protected: self.protected.clone(),
            signature: self.signature,
        };
        let bytes = receipt.encode();
        check_size(&bytes)?;
        Ok(bytes)
    }
}

impl Receipt {
    /// Issues the receipt for the leaf of `proof` in the tree with `root`, which the caller has checked
    /// to belong together. `iat` is in seconds since 1970. Deterministic.
    ///
    /// # Errors
    /// [`ReceiptError::NoReceipts`] below size 2, [`ReceiptError::Proof`] for a path of the wrong
    /// length, [`ReceiptError::TooLarge`] for names that nobody could read back.
    pub fn issue(
        signer: &SigningKey,
        issuer: &str,
        subject: &str,
        iat: i64,
        proof: &InclusionProof,
        root: &Hash,
    ) -> Result<Vec<u8>, ReceiptError> {
        SignedRoot::sign(signer, issuer, subject, iat, root).receipt(proof)
    }

    /// The receipt's bytes: those it was parsed from.
    pub fn encode(&self) -> Vec<u8> {
        let mut path = Writer::new();
        path.array(3).uint(self.proof.size).uint(self.proof.index);
        path.array(self.proof.path.len() as u64);
        for hash in &self.proof.path {
            path.bytes(hash.as_bytes());
        }
        let mut sign1 = Writer::new();
        sign1.tag(SIGN1_TAG).array(4).bytes(&self.protected);
        sign1.map(1).uint(LABEL_VDP).map(1).int(INCLUSION);
        sign1.array(1).bytes(&path.finish());
        sign1.null().bytes(&self.signature);
        sign1.finish()
    }

    /// Reads a receipt. What is accepted encodes back identically.
    ///
    /// # Errors
    /// Any other bytes: larger, not deterministic, with other headers, or with a path of a length that
    /// its size and index cannot have.
    pub fn parse(bytes: &[u8]) -> Result<Self, ReceiptError> {
        check_size(bytes)?;
        let mut sign1 = Reader::new(bytes);
        same(sign1.tag()?, SIGN1_TAG, "tag 18")?;
        same(sign1.array()?, 4, "four parts")?;
        let protected = sign1.bytes()?;
        same(sign1.map()?, 1, "single unprotected header")?;
        same(sign1.uint()?, LABEL_VDP, "header 396")?;
        same(sign1.map()?, 1, "single kind of proof")?;
        same(sign1.int()?, INCLUSION, "inclusion proofs")?;
        same(sign1.array()?, 1, "single inclusion proof")?;
        let proof = parse_proof(sign1.bytes()?)?;
        sign1.null()?;
        let signature = *sign1.fixed()?;
        sign1.finish()?;

        let mut header = Reader::new(protected);
        same(header.map()?, 4, "four protected headers")?;
        same(header.uint()?, LABEL_ALG, "header 1")?;
        let alg = header.int()?;
        if ![ALG_EDDSA, ALG_ED25519].contains(&alg) {
            return Err(ReceiptError::Unexpected {
                what: "algorithm -8 or -19",
            });
        }
        same(header.uint()?, LABEL_KID, "header 4")?;
        let kid = Kid::from_bytes(*header.fixed()?);
        same(header.uint()?, LABEL_CWT, "header 15")?;
        same(header.map()?, 3, "three claims")?;
        same(header.uint()?, CLAIM_ISS, "claim 1")?;
        let issuer = header.text()?.to_owned();
        same(header.uint()?, CLAIM_SUB, "claim 2")?;
        let subject = header.text()?.to_owned();
        same(header.uint()?, CLAIM_IAT, "claim 6")?;
        let issued_at = header.int()?;
        same(header.uint()?, LABEL_VDS, "header 395")?;
        same(header.uint()?, RFC9162_SHA256, "structure 1")?;
        header.finish()?;
        Ok(Self {
            alg,
            kid,
            issuer,
            subject,
            issued_at,
            proof,
            protected: protected.to_vec(),
            signature,
        })
    }

    /// Checks that the owner of `receipt_key` signed the root of a tree that holds `leaf_entry`, the
    /// bytes of the entry as logged, and returns that tree's head.
    ///
    /// The head's root is signed, its size and the index only if they are those of a signed checkpoint
    /// with an equal head. Whether issuer, subject and time are the expected ones is the caller's to
    /// compare, too.
    ///
    /// # Errors
    /// [`ReceiptError::OtherKey`] and [`ReceiptError::Signature`]: a wrong entry shows as the latter.
    pub fn verify(
        &self,
        receipt_key: &PublicKey,
        leaf_entry: &[u8],
    ) -> Result<TreeHead, ReceiptError> {
        let expected = receipt_key.kid();
        if self.kid != expected {
            let found = self.kid;
            return Err(ReceiptError::OtherKey { expected, found });
        }
        check_proof(&self.proof)?;
        let root = self.proof.root(leaf_hash(leaf_entry))?;
        receipt_key.verify_strict(&to_be_signed(&self.protected, &root), &self.signature)?;
        Ok(TreeHead {
            size: self.proof.size,
            root,
        })
    }
}

fn parse_proof(bytes: &[u8]) -> Result<InclusionProof, ReceiptError> {
    let mut reader = Reader::new(bytes);
    same(reader.array()?, 3, "size, index and path")?;
    let (size, index) = (reader.uint()?, reader.uint()?);
    // Reading stops at the end of the bytes, whatever number of hashes is claimed.
    let path = (0..reader.array()?)
        .map(|_| Ok(Hash(*reader.fixed()?)))
        .collect::<Result<_, CborError>>()?;
    reader.finish()?;
    let proof = InclusionProof { index, size, path };
    check_proof(&proof)?;
    Ok(proof)
}

fn check_proof(proof: &InclusionProof) -> Result<(), ReceiptError> {
    if proof.size < 2 {
        return Err(ReceiptError::NoReceipts { size: proof.size });
    }
    let expected = InclusionProof::path_len(proof.index, proof.size)?;
    let found = proof.path.len();
    if expected != found {
        return Err(ProofError::PathLength { expected, found }.into());
    }
    Ok(())
}

fn check_size(bytes: &[u8]) -> Result<(), ReceiptError> {
    if bytes.len() > MAX_RECEIPT_BYTES {
        return Err(ReceiptError::TooLarge { len: bytes.len() });
    }
    Ok(())
}

fn same<T: PartialEq>(found: T, expected: T, what: &'static str) -> Result<(), ReceiptError> {
    if found == expected {
        Ok(())
    } else {
        Err(ReceiptError::Unexpected { what })
    }
}

/// Sig_structure with the root as detached payload (RFC 9052 section 4.4, RFC 9942 section 5.2.1).
fn to_be_signed(protected: &[u8], root: &Hash) -> Vec<u8> {
    let mut writer = Writer::new();
    writer.array(4).text("Signature1").bytes(protected);
    writer.bytes(b"").bytes(root.as_bytes());
    writer.finish()
}

#[cfg(test)]
mod tests;
