//! Ed25519 identities, key files and signed notes.
//!
//! What a Minutebook trusts in the end is a handful of Ed25519 keys. This crate makes them
//! ([`SigningKey`]), names them by a thumbprint that a person can read aloud ([`Kid`]), keeps them in
//! files that `openssl` reads too ([`SigningKey::to_encrypted_pem`], [`write_secret_file`]), and signs
//! and opens the text form in which transparency logs and witnesses publish ([`NoteSigner`],
//! [`open_note`], [`cosign`]).
//!
//! Out of scope: which key speaks for whom and from when (the ledger's keyring), what the text of a
//! note means (the ledger's checkpoint), and COSE. Only [`file`](mod@file) does input or output, and
//! nothing here reads a clock: times are passed in.
//!
//! Read [`key`] first, then [`note`].
//!
//! ```
//! use minutebook_keys::{KeyName, NoteSigner, SigningKey, open_note};
//!
//! let name = KeyName::new("ledger.example/minutes")?;
//! let signer = NoteSigner::new(name, SigningKey::from_seed(&[1; 32]));
//! let note = signer.sign_note("ledger.example/minutes\n5\n")?;
//!
//! let opened = open_note(&note, &[signer.verifier()])?;
//! assert_eq!(opened.text, "ledger.example/minutes\n5\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cosignature;
pub mod file;
mod hex;
pub mod key;
pub mod kid;
pub mod name;
pub mod note;
pub mod pem;
pub mod signer;
pub mod vkey;

pub use cosignature::{Cosigner, cosign};
pub use file::{KeyFileError, is_private, read_secret_file, write_secret_file};
pub use key::{BadSignature, PublicKey, SigningKey};
pub use kid::{Kid, KidError};
pub use name::{KeyName, KeyNameError};
pub use note::{NoteError, NoteSignature, ParsedNote, VerifiedNote, open_note};
pub use pem::KeyError;
pub use signer::NoteSigner;
pub use vkey::{SignatureKind, VerifierKey, VerifierKeyError};

// A caller has to name these to use the signatures above; taking them from here keeps one version.
pub use rand_core;
pub use zeroize::Zeroizing;
