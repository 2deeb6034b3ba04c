//! Ed25519 identities, key files and signed notes.
//!
//! What a Minutebook trusts in the end is a handful of Ed25519 keys. This crate makes them
//! ([`SigningKey`]), names them by a thumbprint that a person can read aloud ([`Kid`]), keeps them in
//! files that `openssl` reads too ([`SigningKey::to_encrypted_pem`], [`write_secret_file`]).
//!
//! Out of scope: which key speaks for whom and from when (the ledger's keyring), and COSE. Only [`file`](mod@file) does input or output, and
//! nothing here reads a clock: times are passed in.
//!
//! Read [`key`] first.

pub mod file;
mod hex;
pub mod key;
pub mod kid;
pub mod pem;

pub use file::{KeyFileError, is_private, read_secret_file, write_secret_file};
pub use key::{BadSignature, PublicKey, SigningKey};
pub use kid::{Kid, KidError};
pub use pem::KeyError;

// A caller has to name these to use the signatures above; taking them from here keeps one version.
pub use rand_core;
pub use zeroize::Zeroizing;
