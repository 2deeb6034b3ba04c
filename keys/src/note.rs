//! Signed notes: text with signatures below it (C2SP signed-note).
//!
//! ```text
//! ledger.example/minutes
//! 5
//! wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=
//!
//! — ledger.example/minutes 94aUQ6JBWJr1zlyt/VUX10qQKSajs2S7a8CnEra9fE0QUcJqLdQks8yJuuyEY0V2XVRXbiKl7guHC78Nnsra5KtphAI=
//! ```
//!
//! A [`ParsedNote`] is well formed and says nothing about who signed; only [`open_note`] makes a
//! [`VerifiedNote`], the one to act upon. Signatures are made in [`signer`](crate::signer) and
//! [`cosignature`](crate::cosignature).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    hex,
    key::BadSignature,
    name::{KeyName, KeyNameError},
    vkey::VerifierKey,
};

/// The largest note in bytes. Ours; the specification asks for some limit.
pub const MAX_LEN: usize = 1 << 20;

/// The most signature lines in a note. Ours; the specification asks for at least 16.
pub const MAX_SIGNATURES: usize = 100;

/// Em dash and space, which begin a signature line.
const LINE_START: &str = "\u{2014} ";

/// Why a note is refused, or a text is not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// More than [`MAX_LEN`] bytes.
    #[error("note has {len} bytes, more than {MAX_LEN}")]
    TooLarge {
        /// Its length in bytes.
        len: usize,
    },
    /// More than [`MAX_SIGNATURES`] signature lines.
    #[error("note has {count} signatures, more than {MAX_SIGNATURES}")]
    TooManySignatures {
        /// How many.
        count: usize,
    },
    /// A byte below 0x20 that does not end a line.
    #[error("note contains the control byte 0x{byte:02x}")]
    ControlByte {
        /// The byte.
        byte: u8,
    },
    /// The text or the last line has no newline at its end.
    #[error("note has text that does not end in a newline")]
    NoFinalNewline,
    /// No empty line with signatures below it.
    #[error("note has no signatures below an empty line")]
    NoSignatures,
    /// A line below the last empty line is not `— name base64`.
    #[error("signature line {line} of the note is malformed: {what}")]
    BadLine {
        /// Which, counted from 1.
        line: usize,
        /// What was expected.
        what: &'static str,
    },
    /// A signature line with a bad name.
    #[error("signature line {line} of the note has a bad key name")]
    BadName {
        /// Which, counted from 1.
        line: usize,
        /// Why.
        source: KeyNameError,
    },
    /// A signature that claims to be of a known key and is not: the whole note is refused.
    #[error("signature of {name} ({key_id}) on the note is bad")]
    BadSignature {
        /// Whose it claims to be.
        name: KeyName,
        /// Which key it claims, in hexadecimal.
        key_id: String,
        /// What the check said.
        source: BadSignature,
    },
    /// Two different known keys have this name and id, so it is not clear whose the signature is.
    #[error("two known keys are called {name} ({key_id})")]
    AmbiguousKey {
        /// The name of both.
        name: KeyName,
        /// The id of both, in hexadecimal.
        key_id: String,
    },
    /// Well formed, but no signature is of a known key.
    #[error("note has no signature of a known key")]
    NoKnownSignature,
}

/// One signature line of a note.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoteSignature {
    /// The name of the key it claims to be made with.
    pub name: KeyName,
    /// The id of that key.
    pub key_id: [u8; 4],
    /// What the key's kind makes of it; not empty. 64 bytes for Ed25519, 72 for a cosignature.
    pub bytes: Vec<u8>,
}

impl NoteSignature {
    /// A signature by the owner of `key`.
    pub(crate) fn new(key: &VerifierKey, bytes: Vec<u8>) -> Self {
        Self {
            name: key.name().clone(),
            key_id: key.key_id(),
            bytes,
        }
    }

    /// Parses signature lines alone, each with its newline: the block below a note's text, or a
    /// witness's answer (C2SP tlog-witness, "add-checkpoint").
    ///
    /// # Errors
    /// [`NoteError`] if there are none, too many, or one is malformed.
    pub fn parse_lines(lines: &str) -> Result<Vec<Self>, NoteError> {
        check_text(lines)?;
        let count = lines.split_terminator('\n').count();
        match count {
            0 => return Err(NoteError::NoSignatures),
            1..=MAX_SIGNATURES => {}
            _ => return Err(NoteError::TooManySignatures { count }),
        }
        let numbered = lines.split_terminator('\n').zip(1..);
        numbered
            .map(|(text, line)| Self::parse(text, line))
            .collect()
    }

    fn parse(text: &str, line: usize) -> Result<Self, NoteError> {
        let bad = |what| NoteError::BadLine { line, what };
        let (name, encoded) = text
            .strip_prefix(LINE_START)
            .ok_or(bad("expected an em dash and a space"))?
            .split_once(' ')
            .ok_or(bad("expected a name and a signature"))?;
        let name = KeyName::new(name).map_err(|source| NoteError::BadName { line, source })?;
        let decoded = STANDARD
            .decode(encoded)
            .map_err(|_| bad("the signature is not canonical base64"))?;
        match decoded.split_first_chunk() {
            Some((&key_id, bytes)) if !bytes.is_empty() => Ok(Self {
                name,
                key_id,
                bytes: bytes.to_vec(),
            }),
            _ => Err(bad("the signature is too short")),
        }
    }
}

/// The whole line with its newline.
impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let signature = STANDARD.encode([&self.key_id[..], &self.bytes].concat());
        writeln!(f, "{LINE_START}{} {signature}", self.name)
    }
}

/// A well-formed note. Nothing has been verified. Displays as exactly the note that was parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParsedNote {
    /// The signed text, its final newline included.
    pub text: String,
    /// The signatures in the order of their lines; at least one.
    pub signatures: Vec<NoteSignature>,
}

impl ParsedNote {
    /// Parses strictly: what is accepted prints back identically.
    ///
    /// # Errors
    /// [`NoteError`] for anything else, and for more than [`MAX_LEN`] bytes or [`MAX_SIGNATURES`]
    /// lines.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        check_text(note)?;
        // The text may have empty lines of its own; signature lines are never empty.
        let at = note.rfind("\n\n").ok_or(NoteError::NoSignatures)?;
        Ok(Self {
            text: note[..=at].to_owned(),
            signatures: NoteSignature::parse_lines(&note[at + 2..])?,
        })
    }
}

impl fmt::Display for ParsedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.text)?;
        self.signatures.iter().try_for_each(|line| line.fmt(f))
    }
}

/// A note with at least one valid signature of a known key and no bad one. Made by [`open_note`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifiedNote {
    /// The signed text, its final newline included.
    pub text: String,
    /// The known keys that signed, each once, in the order of their lines, with the time that a
    /// cosignature states (seconds since 1970). Where one key cosigned twice, the first counts.
    pub verified: Vec<(VerifierKey, Option<u64>)>,
    /// Signatures of keys not known. They mean nothing, but may be kept for others.
    pub unverified: Vec<NoteSignature>,
}

/// Parses a note and verifies every signature that claims to be of a key in `known`, matched on the
/// pair of name and id; half a match counts as unknown (C2SP signed-note, "Signatures").
///
/// Whether the keys that signed suffice is the caller's question: who must sign, how many witnesses,
/// how old a cosignature may be. A caller that counts witnesses must not list one public key under
/// two names, as a cosignature does not commit to the name.
///
/// # Errors
/// [`NoteError`] if the note is malformed, if a known key's signature is bad, if two known keys share
/// name and id, or if no signature is of a known key.
pub fn open_note(note: &str, known: &[VerifierKey]) -> Result<VerifiedNote, NoteError> {
    let ParsedNote { text, signatures } = ParsedNote::parse(note)?;
    let mut verified: Vec<(VerifierKey, Option<u64>)> = Vec::new();
    let mut unverified = Vec::new();
    for signature in signatures {
        let Some(key) = find(&signature, known)? else {
            unverified.push(signature);
            continue;
        };
        let time =
            key.verify(&text, &signature.bytes)
                .map_err(|source| NoteError::BadSignature {
                    name: signature.name,
                    key_id: hex::encode(&signature.key_id),
                    source,
                })?;
        // A second line by the same key must be good too, but must not count as a second signer.
        if verified.iter().all(|(counted, _)| counted != key) {
            verified.push((key.clone(), time));
        }
    }
    if verified.is_empty() {
        return Err(NoteError::NoKnownSignature);
    }
    Ok(VerifiedNote {
        text,
        verified,
        unverified,
    })
}

/// The known key that a signature claims, if any.
fn find<'a>(
    signature: &NoteSignature,
    known: &'a [VerifierKey],
) -> Result<Option<&'a VerifierKey>, NoteError> {
    let mut claimed = known
        .iter()
        .filter(|key| *key.name() == signature.name && key.key_id() == signature.key_id);
    let first = claimed.next();
    if claimed.any(|other| Some(other) != first) {
        return Err(NoteError::AmbiguousKey {
            name: signature.name.clone(),
            key_id: hex::encode(&signature.key_id),
        });
    }
    Ok(first)
}

/// What holds for the text of a note, for its signature lines and for both together: not too long, no
/// control byte but newline, and a newline at the end.
pub(crate) fn check_text(text: &str) -> Result<(), NoteError> {
    if text.len() > MAX_LEN {
        return Err(NoteError::TooLarge { len: text.len() });
    }
    if let Some(byte) = text.bytes().find(|&byte| byte < 0x20 && byte != b'\n') {
        return Err(NoteError::ControlByte { byte });
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(NoteError::NoFinalNewline);
    }
    Ok(())
}

/// What holds for a text that is about to be signed.
pub(crate) fn check_signable(text: &str) -> Result<(), NoteError> {
    check_text(text)?;
    if text.is_empty() {
        return Err(NoteError::NoFinalNewline);
    }
    Ok(())
}
