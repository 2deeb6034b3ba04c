//! Checkpoints: a log's signed statement of its tree head.
//!
//! C2SP tlog-checkpoint, as the text of a signed note. Origin, size and root, one line each:
//!
//! ```text
//! ledger.example/minutes
//! 5
//! wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=
//! ```
//!
//! Narrower than the specification in two ways: the origin is exactly the name of the log's key, and
//! extension lines are refused, since not every kind of cosignature covers them.
//!
//! Whoever signs must first have made the entries and this head durable, and must never sign two heads
//! that are not consistent; that is the log's duty, not this file's.

use minutebook_keys::{
    KeyName, KeyNameError, NoteError, NoteSigner, SignatureKind, VerifierKey, open_note,
};
use thiserror::Error;

use crate::hash::{EMPTY_ROOT, Hash, ParseHashError};
use crate::tree::TreeHead;

/// What a log states about itself: its name and its tree head.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's identity: its URL prefix without a scheme, and the name of its key.
    pub origin: String,
    /// Size and root.
    pub head: TreeHead,
}

/// Why a text is not a checkpoint, or not one of this log.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Other than three lines, each with its newline.
    #[error("checkpoint is not three lines")]
    Lines,
    /// An origin that no key can have as its name.
    #[error("checkpoint has a bad origin")]
    Origin(#[source] KeyNameError),
    /// A size that is not canonical decimal, or beyond 64 bits.
    #[error("checkpoint has a malformed size")]
    Size,
    /// A root that is not a hash in canonical base64.
    #[error("checkpoint has a malformed root")]
    Root(#[source] ParseHashError),
    /// Size 0 with another root than SHA-256 of nothing.
    #[error("checkpoint has size 0 and the root {root} of a tree with leaves")]
    EmptyRoot {
        /// The root it states.
        root: Hash,
    },
    /// Signed by the key of one log, but about another.
    #[error("checkpoint is of {origin:?}, the key is of {name}")]
    OtherLog {
        /// The origin in the checkpoint.
        origin: String,
        /// The name of the key.
        name: KeyName,
    },
    /// A witness's key where a log's is needed: its signatures say something else.
    #[error("the key of {name} is not the key of a log")]
    NotALogKey {
        /// The name of the key.
        name: KeyName,
    },
    /// The note around it is malformed or not signed by the log.
    #[error("checkpoint is not a note signed by the log")]
    Note(#[from] NoteError),
}

impl Checkpoint {
    /// The text that is signed: three lines, each with its newline.
    pub fn text(&self) -> String {
        let TreeHead { size, root } = self.head;
        format!("{}\n{size}\n{}\n", self.origin, root.to_base64())
    }

    /// Inverse of [`Checkpoint::text`]. Nothing is verified: use [`Checkpoint::open`] on a note.
    ///
    /// # Errors
    /// Any text that does not print back identically, extension lines, and an empty tree with the root
    /// of another.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) = (
            lines.next(),
            lines.next(),
            lines.next(),
            lines.next(),
            lines.next(),
        ) else {
            return Err(CheckpointError::Lines);
        };
        KeyName::new(origin).map_err(CheckpointError::Origin)?;
        let checkpoint = Self {
            origin: origin.to_owned(),
            head: TreeHead {
                size: parse_decimal(size).ok_or(CheckpointError::Size)?,
                root: Hash::from_base64(root).map_err(CheckpointError::Root)?,
            },
        };
        checkpoint.check_empty()?;
        Ok(checkpoint)
    }

    /// The signed note, as published. Deterministic.
    ///
    /// # Errors
    /// [`CheckpointError::OtherLog`] where the signer's name is not the origin,
    /// [`CheckpointError::EmptyRoot`], and [`CheckpointError::Note`] for an origin beyond the limits of
    /// notes.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, CheckpointError> {
        self.check_origin(&signer.verifier())?;
        self.check_empty()?;
        Ok(signer.sign_note(&self.text())?)
    }

    /// The checkpoint in a note that the log signed. Other signatures, such as those of witnesses,
    /// are not looked at.
    ///
    /// # Errors
    /// When the note is malformed, has no good signature by `log`, or its text is not a checkpoint
    /// whose origin is the name of `log`.
    pub fn open(note: &str, log: &VerifierKey) -> Result<Self, CheckpointError> {
        if log.kind() != SignatureKind::Ed25519 {
            let name = log.name().clone();
            return Err(CheckpointError::NotALogKey { name });
        }
        let note = open_note(note, std::slice::from_ref(log))?;
        let checkpoint = Self::parse(&note.text)?;
        checkpoint.check_origin(log)?;
        Ok(checkpoint)
    }

    fn check_origin(&self, log: &VerifierKey) -> Result<(), CheckpointError> {
        if self.origin == log.name().as_str() {
            return Ok(());
        }
        Err(CheckpointError::OtherLog {
            origin: self.origin.clone(),
            name: log.name().clone(),
        })
    }

    fn check_empty(&self) -> Result<(), CheckpointError> {
        match self.head {
            TreeHead { size: 0, root } if root != EMPTY_ROOT => {
                Err(CheckpointError::EmptyRoot { root })
            }
            _ => Ok(()),
        }
    }
}

/// Decimal ASCII without sign or leading zeros, as all C2SP texts write numbers.
pub(crate) fn parse_decimal(text: &str) -> Option<u64> {
    text.parse()
        .ok()
        .filter(|number: &u64| number.to_string() == text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::vectors;
    use minutebook_keys::SigningKey;
    use proptest::prelude::*;

    fn vector() -> Checkpoint {
        Checkpoint {
            origin: vectors::ORIGIN.to_owned(),
            head: vectors::head(5),
        }
    }

    /// If this moves, witnesses refuse the log and auditors cannot read its checkpoints.
    #[test]
    fn the_note_matches_the_vector() {
        let checkpoint = vector();
        let signed = checkpoint.sign(&vectors::log_signer()).unwrap();
        assert!(vectors::COSIGNED_CHECKPOINT.starts_with(&signed));
        let log = vectors::log_key();
        assert_eq!(log.to_string(), vectors::LOG_VKEY);
        assert_eq!(Checkpoint::open(&signed, &log), Ok(checkpoint.clone()));
        let cosigned = Checkpoint::open(vectors::COSIGNED_CHECKPOINT, &log);
        assert_eq!(cosigned, Ok(checkpoint));
    }

    #[test]
    fn a_note_of_another_log_or_key_is_refused() {
        let signed = vector().sign(&vectors::log_signer()).unwrap();
        let name = |name: &str| KeyName::new(name).unwrap();
        let stranger = SigningKey::from_seed(&[4; 32]).public();
        let same_name = VerifierKey::new_ed25519(name(vectors::ORIGIN), stranger);
        assert_eq!(
            Checkpoint::open(&signed, &same_name),
            Err(CheckpointError::Note(NoteError::NoKnownSignature))
        );
        let altered = signed.replacen("\n5\n", "\n6\n", 1);
        assert!(matches!(
            Checkpoint::open(&altered, &vectors::log_key()),
            Err(CheckpointError::Note(NoteError::BadSignature { .. }))
        ));
        let other = NoteSigner::new(name("other.example/log"), SigningKey::from_seed(&[1; 32]));
        let mismatch = |result| matches!(result, Err(CheckpointError::OtherLog { .. }));
        assert!(mismatch(vector().sign(&other).map(|_| ())));
        let note = other.sign_note(&vector().text()).unwrap();
        assert!(mismatch(
            Checkpoint::open(&note, &other.verifier()).map(|_| ())
        ));
        let witness = VerifierKey::parse(vectors::WITNESS_VKEY).unwrap();
        assert!(matches!(
            Checkpoint::open(vectors::COSIGNED_CHECKPOINT, &witness),
            Err(CheckpointError::NotALogKey { .. })
        ));
    }

    #[test]
    fn other_texts_are_refused() {
        let good = vector().text();
        assert_eq!(Checkpoint::parse(&good), Ok(vector()));
        let root = vectors::ROOTS[5].to_base64();
        for bad in [
            String::new(),
            good.trim_end().to_owned(),
            format!("{good}\n"),
            format!("{good}extension\n"),
            good.replace('\n', "\r\n"),
            format!("\n5\n{root}\n"),
            format!("a b\n5\n{root}\n"),
            format!("a+b\n5\n{root}\n"),
            format!("a\n05\n{root}\n"),
            format!("a\n+5\n{root}\n"),
            format!("a\n-5\n{root}\n"),
            format!("a\n\n{root}\n"),
            format!("a\n18446744073709551616\n{root}\n"),
            format!("a\n5\n{}\n", &root[..43]),
            format!("a\n0\n{root}\n"),
        ] {
            assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
        }
        let empty = format!("a\n0\n{}\n", EMPTY_ROOT.to_base64());
        assert_eq!(Checkpoint::parse(&empty).unwrap().head, TreeHead::EMPTY);
        let forged = Checkpoint {
            head: TreeHead {
                size: 0,
                root: vectors::ROOTS[5],
            },
            ..vector()
        };
        assert!(forged.sign(&vectors::log_signer()).is_err());
    }

    proptest! {
        #[test]
        fn what_parses_prints_back(text in vectors::damaged(vector().text().into_bytes())) {
            let text = String::from_utf8_lossy(&text);
            if let Ok(checkpoint) = Checkpoint::parse(&text) {
                prop_assert_eq!(checkpoint.text(), text.as_ref());
            }
            let _ = Checkpoint::open(&text, &vectors::log_key());
        }

        #[test]
        fn every_head_comes_back(size in 1u64.., root in any::<[u8; 32]>()) {
            let head = TreeHead { size, root: Hash(root) };
            let checkpoint = Checkpoint { head, ..vector() };
            prop_assert_eq!(Checkpoint::parse(&checkpoint.text()), Ok(checkpoint.clone()));
            let note = checkpoint.sign(&vectors::log_signer()).unwrap();
            prop_assert_eq!(Checkpoint::open(&note, &vectors::log_key()), Ok(checkpoint));
        }
    }
}
