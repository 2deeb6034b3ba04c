//! The `.tlog-proof` file: an inclusion proof and the checkpoint it leads to, in one text
//! (C2SP tlog-proof).
//!
//! ```text
//! c2sp.org/tlog-proof@v1
//! index 2
//! 9G2/z6cy4EUXuToxAmy8+8ISvjbYVFHBgJlUbrNYLxI=
//! IlYJ7+Dc1gXRFs9QNqQonfIVMtuc+daBBV/r0YH4iXw=
//! ...
//!
//! ledger.example/minutes
//! 5
//! wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=
//!
//! — ledger.example/minutes 94aUQ6...
//! ```
//!
//! Together with the entry's bytes and the log's key this is all that one needs, offline, to know that
//! the log holds the entry. The checkpoint is kept as it came, cosignatures included.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minutebook_keys::{NoteError, ParsedNote, VerifierKey, note};
use thiserror::Error;

use crate::checkpoint::{Checkpoint, CheckpointError, parse_decimal};
use crate::hash::{Hash, ParseHashError, leaf_hash};
use crate::proof::{InclusionProof, ProofError};

/// First line of the file.
const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// Longest path there is: a tree of 2^64 leaves would be 64 high.
const MAX_PATH: usize = 64;

/// A parsed `.tlog-proof` file. Well formed, but nothing in it is verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TlogProof {
    /// Bytes for the application, not empty. **Not covered by any signature.**
    pub extra: Option<Vec<u8>>,
    /// 0-based position of the entry.
    pub index: u64,
    /// The path of the inclusion proof, from the leaf's sibling upwards.
    pub path: Vec<Hash>,
    /// The checkpoint as a signed note, as it was published.
    pub checkpoint: String,
}

/// Why a text is not a `.tlog-proof` file, or does not prove what it should.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TlogProofError {
    /// Longer than a signed note may be (1 MiB).
    #[error("proof file has {len} bytes, more than {max}", max = note::MAX_LEN)]
    TooLarge {
        /// Its length in bytes.
        len: usize,
    },
    /// Missing or other lines than the format has.
    #[error("proof file is malformed: {what}")]
    Malformed {
        /// What was expected.
        what: &'static str,
    },
    /// A line of the path that is not a hash.
    #[error("hash {line} of the proof is malformed")]
    Path {
        /// Which, counted from 1.
        line: usize,
        /// Why.
        #[source]
        source: ParseHashError,
    },
    /// What follows the empty line is not a signed note.
    #[error("the checkpoint of the proof is not a signed note")]
    Note(#[source] NoteError),
    /// The note is not a checkpoint, or not one of the log.
    #[error("the checkpoint of the proof is not one of the log")]
    Checkpoint(#[from] CheckpointError),
    /// The path does not lead from the entry to the checkpoint.
    #[error("the log does not hold this entry at position {index}")]
    Proof {
        /// The position in the file.
        index: u64,
        /// Why.
        #[source]
        source: ProofError,
    },
}

impl TlogProof {
    /// The file for an inclusion proof and the note of the checkpoint of its size.
    pub fn new(proof: &InclusionProof, checkpoint: String) -> Self {
        Self {
            extra: None,
            index: proof.index,
            path: proof.path.clone(),
            checkpoint,
        }
    }

    /// The file's text. Parses back if the checkpoint is a well-formed signed one.
    pub fn format(&self) -> String {
        let mut lines = vec![HEADER.to_owned()];
        if let Some(extra) = &self.extra {
            lines.push(format!("extra {}", STANDARD.encode(extra)));
        }
        lines.push(format!("index {}", self.index));
        lines.extend(self.path.iter().map(Hash::to_base64));
        format!("{}\n\n{}", lines.join("\n"), self.checkpoint)
    }

    /// Inverse of [`TlogProof::format`]. Nothing is verified.
    ///
    /// # Errors
    /// Any text that does not print back identically.
    pub fn parse(text: &str) -> Result<Self, TlogProofError> {
        let malformed = |what| TlogProofError::Malformed { what };
        if text.len() > note::MAX_LEN {
            return Err(TlogProofError::TooLarge { len: text.len() });
        }
        let (proof, checkpoint) = text
            .split_once("\n\n")
            .ok_or(malformed("expected an empty line and a checkpoint"))?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(malformed("expected the line c2sp.org/tlog-proof@v1"));
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(|line| {
                let encoded = line.strip_prefix("extra ").unwrap_or_default();
                let extra = STANDARD.decode(encoded).ok();
                extra.filter(|extra| !extra.is_empty())
            })
            .map(|extra| extra.ok_or(malformed("expected canonical base64 after extra")))
            .transpose()?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(parse_decimal)
            .ok_or(malformed("expected the line of the index"))?;
        let path = lines
            .zip(1..)
            .map(|(hash, line)| {
                if line > MAX_PATH {
                    return Err(malformed("expected at most 64 hashes"));
                }
                Hash::from_base64(hash).map_err(|source| TlogProofError::Path { line, source })
            })
            .collect::<Result<_, _>>()?;
        let note = ParsedNote::parse(checkpoint).map_err(TlogProofError::Note)?;
        Checkpoint::parse(&note.text)?;
        Ok(Self {
            extra,
            index,
            path,
            checkpoint: checkpoint.to_owned(),
        })
    }

    /// Checks that the log with this key signed a tree that holds `entry` at `self.index`, and returns
    /// the checkpoint that says so. Cosignatures are the caller's to count, on `self.checkpoint`.
    ///
    /// # Errors
    /// [`TlogProofError::Checkpoint`] and [`TlogProofError::Proof`].
    pub fn verify(&self, log: &VerifierKey, entry: &[u8]) -> Result<Checkpoint, TlogProofError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, log)?;
        let index = self.index;
        let proof = InclusionProof {
            index,
            size: checkpoint.head.size,
            path: self.path.clone(),
        };
        proof
            .verify(leaf_hash(entry), &checkpoint.head)
            .map_err(|source| TlogProofError::Proof { index, source })?;
        Ok(checkpoint)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::vectors;
    use proptest::prelude::*;

    fn vector() -> TlogProof {
        let proof = InclusionProof {
            index: 2,
            size: 5,
            path: vectors::INCLUSION_2_5.to_vec(),
        };
        TlogProof::new(&proof, vectors::COSIGNED_CHECKPOINT.to_owned())
    }

    /// If this moves, other tools can no longer read the proofs that secretaries hand out.
    #[test]
    fn the_file_has_the_lines_of_the_specification() {
        let path = vectors::INCLUSION_2_5
            .map(|hash| hash.to_base64())
            .join("\n");
        let text = format!(
            "c2sp.org/tlog-proof@v1\nindex 2\n{path}\n\n{}",
            vectors::COSIGNED_CHECKPOINT
        );
        assert_eq!(vector().format(), text);
        assert_eq!(TlogProof::parse(&text), Ok(vector()));
        let checkpoint = vector().verify(&vectors::log_key(), &vectors::entry_2());
        assert_eq!(checkpoint.unwrap().head, vectors::head(5));
    }

    #[test]
    fn extra_bytes_come_back() {
        let proof = TlogProof {
            extra: Some(b"minutes of 3 March".to_vec()),
            ..vector()
        };
        let text = proof.format();
        assert!(text.contains("\nextra bWludXRlcyBvZiAzIE1hcmNo\nindex 2\n"));
        assert_eq!(TlogProof::parse(&text), Ok(proof));
    }

    #[test]
    fn a_path_may_be_empty_where_the_entry_is_the_only_one() {
        let entry = b"entry-0";
        let head = crate::tree::TreeHead {
            size: 1,
            root: leaf_hash(entry),
        };
        let origin = vectors::ORIGIN.to_owned();
        let note = Checkpoint { origin, head }.sign(&vectors::log_signer());
        let proof = InclusionProof {
            index: 0,
            size: 1,
            path: vec![],
        };
        let text = TlogProof::new(&proof, note.unwrap()).format();
        assert!(text.starts_with("c2sp.org/tlog-proof@v1\nindex 0\n\nledger.example"));
        let parsed = TlogProof::parse(&text).unwrap();
        assert!(parsed.verify(&vectors::log_key(), entry).is_ok());
    }

    #[test]
    fn what_it_does_not_prove_is_refused() {
        let log = vectors::log_key();
        let refused = |proof: &TlogProof, entry: &[u8]| {
            matches!(proof.verify(&log, entry), Err(TlogProofError::Proof { .. }))
        };
        let entry = vectors::entry_2();
        let mut longer = entry.to_vec();
        longer.push(0);
        assert!(refused(&vector(), &longer));
        for index in [0, 1, 3, 4, 5, u64::MAX] {
            assert!(refused(&TlogProof { index, ..vector() }, &entry));
        }
        for path in [&vectors::INCLUSION_2_5[..2], &vectors::CONSISTENCY_3_5] {
            let path = path.to_vec();
            assert!(refused(&TlogProof { path, ..vector() }, &entry));
        }
        let witness = VerifierKey::parse(vectors::WITNESS_VKEY).unwrap();
        assert!(matches!(
            vector().verify(&witness, &entry),
            Err(TlogProofError::Checkpoint(_))
        ));
    }

    #[test]
    fn other_texts_are_refused() {
        let good = vector().format();
        let with = |from: &str, to: &str| good.replacen(from, to, 1);
        let many = format!("index 2\n{}", "A".repeat(43) + "=\n").repeat(65);
        for bad in [
            String::new(),
            with("@v1", "@v2"),
            with("index 2", "index 02"),
            with("index 2\n", ""),
            with("index 2\n", "index 2\nindex 2\n"),
            with("index 2\n", "extra \nindex 2\n"),
            with("index 2\n", "extra AA\nindex 2\n"),
            with("index 2\n", "index 2\nextra AAAA\n"),
            with("index 2\n", "extra AAAA\nextra AAAA\nindex 2\n"),
            with("=\n", "\n"),
            with("\n\n", "\n"),
            with("\n\n", "\n\n\n"),
            with("index 2\n", &many),
            good.replace('\n', "\r\n"),
            good[..good.len() - 1].to_owned(),
            format!("{good}\n"),
            " ".repeat(note::MAX_LEN + 1),
        ] {
            assert!(TlogProof::parse(&bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn what_parses_prints_back(text in vectors::damaged(vector().format().into_bytes())) {
            let text = String::from_utf8_lossy(&text);
            if let Ok(proof) = TlogProof::parse(&text) {
                prop_assert_eq!(proof.format(), text.as_ref());
                let _ = proof.verify(&vectors::log_key(), &vectors::entry_2());
            }
        }
    }
}
