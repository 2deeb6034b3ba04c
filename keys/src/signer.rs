//! Signing notes with a plain Ed25519 key (type 0x01), as a log signs its checkpoints.

use crate::{
    key::SigningKey,
    name::KeyName,
    note::{self, NoteError, NoteSignature, ParsedNote},
    vkey::VerifierKey,
};

/// A named key that signs the text of notes. For a witness, see [`Cosigner`](crate::Cosigner).
#[derive(Debug)]
pub struct NoteSigner {
    key: SigningKey,
    verifier: VerifierKey,
}

impl NoteSigner {
    /// A signer called `name`. For a log, its origin.
    pub fn new(name: KeyName, key: SigningKey) -> Self {
        let verifier = VerifierKey::new_ed25519(name, key.public());
        Self { key, verifier }
    }

    /// What others need to verify its signatures.
    pub fn verifier(&self) -> VerifierKey {
        self.verifier.clone()
    }

    /// Signs `text` and gives the whole note: the text, an empty line, the signature line.
    ///
    /// # Errors
    /// [`NoteError`] if the text is empty, does not end in a newline, has a control byte, or makes a
    /// note that is too long to be opened.
    pub fn sign_note(&self, text: &str) -> Result<String, NoteError> {
        let note = ParsedNote {
            text: text.to_owned(),
            signatures: vec![self.sign(text)?],
        }
        .to_string();
        if note.len() > note::MAX_LEN {
            return Err(NoteError::TooLarge { len: note.len() });
        }
        Ok(note)
    }

    /// Signs `text` and gives the signature line alone, its newline included. Deterministic.
    ///
    /// # Errors
    /// [`NoteError`] if the text is empty, does not end in a newline, has a control byte, or is too
    /// long.
    pub fn signature_line(&self, text: &str) -> Result<String, NoteError> {
        self.sign(text).map(|signature| signature.to_string())
    }

    fn sign(&self, text: &str) -> Result<NoteSignature, NoteError> {
        note::check_signable(text)?;
        let signature = self.key.sign(text.as_bytes());
        Ok(NoteSignature::new(&self.verifier, signature.to_vec()))
    }
}
