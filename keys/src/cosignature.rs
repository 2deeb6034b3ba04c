//! Timestamped cosignatures (type 0x04), by which a witness says what it saw and when
//! (C2SP tlog-cosignature, "cosignature/v1").
//!
//! The signed message is
//!
//! ```text
//! cosignature/v1
//! time 1800000100
//! <the text of the note, its final newline included>
//! ```
//!
//! and the signature is the time as 8 bytes, big-endian, followed by the 64 bytes of Ed25519. This
//! file only makes and checks the signature. That a witness saw a consistent log, and never signs two
//! that contradict each other, is the caller's duty before calling [`cosign`].

use crate::{
    key::{BadSignature, PublicKey, SigningKey},
    name::KeyName,
    note::{self, NoteError, NoteSignature},
    vkey::VerifierKey,
};

/// A witness's named key.
///
/// The signed message does not commit to the name: a key used under two names counts as two
/// witnesses. So one key, one cosigner, and no other use for it.
#[derive(Debug)]
pub struct Cosigner {
    key: SigningKey,
    verifier: VerifierKey,
}

impl Cosigner {
    /// A cosigner called `name`.
    pub fn new(name: KeyName, key: SigningKey) -> Self {
        let verifier = VerifierKey::new_cosigner(name, key.public());
        Self { key, verifier }
    }

    /// What others need to verify its cosignatures.
    pub fn verifier(&self) -> VerifierKey {
        self.verifier.clone()
    }
}

/// Cosigns the text of a checkpoint as seen at `time` (seconds since 1970) and gives the signature
/// line, its newline included. Deterministic.
///
/// # Errors
/// [`NoteError`] if the text is empty, does not end in a newline, has a control byte, or is too long.
pub fn cosign(text: &str, time: u64, signer: &Cosigner) -> Result<String, NoteError> {
    note::check_signable(text)?;
    let signature = signer.key.sign(&message(text, time));
    let bytes = [&time.to_be_bytes()[..], &signature].concat();
    Ok(NoteSignature::new(&signer.verifier, bytes).to_string())
}

/// Verifies the bytes of a cosignature and gives its time.
pub(crate) fn verify(key: &PublicKey, text: &str, bytes: &[u8]) -> Result<u64, BadSignature> {
    let (&time, signature) = bytes.split_first_chunk().ok_or(BadSignature)?;
    let time = u64::from_be_bytes(time);
    let signature = signature.try_into().map_err(|_| BadSignature)?;
    key.verify_strict(&message(text, time), signature)?;
    Ok(time)
}

fn message(text: &str, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{text}").into_bytes()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;

    fn witness() -> Cosigner {
        Cosigner::new(
            KeyName::new("witness.example/w1").unwrap(),
            SigningKey::from_seed(&[2; 32]),
        )
    }

    fn bytes_of(line: &str) -> Vec<u8> {
        NoteSignature::parse_lines(line).unwrap().remove(0).bytes
    }

    #[test]
    fn the_time_is_signed() {
        let key = SigningKey::from_seed(&[2; 32]).public();
        let mut bytes = bytes_of(&cosign("text\n", 1_800_000_100, &witness()).unwrap());
        assert_eq!(bytes.len(), 72);
        assert_eq!(verify(&key, "text\n", &bytes), Ok(1_800_000_100));
        bytes[7] ^= 1;
        assert_eq!(verify(&key, "text\n", &bytes), Err(BadSignature));
    }

    #[test]
    fn other_lengths_are_bad_signatures() {
        let key = SigningKey::from_seed(&[2; 32]).public();
        let bytes = bytes_of(&cosign("text\n", 0, &witness()).unwrap());
        for len in 0..72 {
            assert_eq!(verify(&key, "text\n", &bytes[..len]), Err(BadSignature));
        }
        let longer = [&bytes[..], &[0]].concat();
        assert_eq!(verify(&key, "text\n", &longer), Err(BadSignature));
    }

    #[test]
    fn every_time_can_be_stated() {
        let key = SigningKey::from_seed(&[2; 32]).public();
        for time in [0, 1, u64::from(u32::MAX) + 1, u64::MAX] {
            let bytes = bytes_of(&cosign("text\n", time, &witness()).unwrap());
            assert_eq!(verify(&key, "text\n", &bytes), Ok(time));
        }
    }

    #[test]
    fn text_that_is_no_note_is_not_signed() {
        assert_eq!(cosign("", 1, &witness()), Err(NoteError::NoFinalNewline));
        assert_eq!(
            cosign("text", 1, &witness()),
            Err(NoteError::NoFinalNewline)
        );
    }
}
