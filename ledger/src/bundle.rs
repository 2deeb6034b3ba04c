//! The auditor's bundle: a folder that any static web server can publish and C2SP tools read as a log.
//!
//! ```text
//! checkpoint  log.vkey  receipt.cosekey  policy  MANIFEST.json
//! tile/<L>/<N>[.p/<W>]   tile/entries/<N>[.p/<W>]      exactly those of the checkpoint's size
//! disclosures/<sha256 hex>                             raw bytes; only those that may be given
//! documents/<blake3 hex>
//! ```
//! Every digest that an entry committed to is in exactly one of: the folder, `withheld`, `erased`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use minutebook_events::Digest;
use minutebook_events::cbor::Writer;
use minutebook_keys::PublicKey;
use serde::{Deserialize, Serialize};

use crate::log::ReadError;

mod documents;
mod export;
mod read;

pub use export::{Sink, export, write};
pub use read::Bundle;

/// `MANIFEST.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The ledger's origin.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// The root at that size, as hex.
    pub root: Digest,
    /// How many of what.
    pub counts: ManifestCounts,
    /// Digests whose content is not given here.
    pub withheld: BTreeSet<Digest>,
    /// Digests whose content was erased.
    pub erased: BTreeSet<Digest>,
}

/// The counts of a manifest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestCounts {
    /// Entries.
    pub entries: u64,
    /// Digests whose content is in `disclosures/`.
    pub disclosed: u64,
    /// Digests listed as withheld.
    pub withheld: u64,
    /// Digests listed as erased.
    pub erased: u64,
    /// Files in `documents/`.
    pub documents: u64,
}

/// Why a bundle cannot be written or opened.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The folder is there already.
    #[error("{0} is there already; choose another folder or remove it")]
    Exists(PathBuf),
    /// Not a bundle.
    #[error("{path} is not an auditor's bundle: {reason}")]
    NotABundle {
        /// The folder.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A file cannot be written or read.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The ledger cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
}

impl BundleError {
    /// With the file that it names as one in a folder.
    fn below(self, folder: &Path) -> Self {
        match self {
            Self::Io { path, source } => Self::Io {
                path: folder.join(path),
                source,
            },
            other => other,
        }
    }
}

/// The tlog-policy of a ledger: its log key, and the witnesses that its genesis asks for.
fn policy(vkey: &str, witnesses: &str) -> String {
    let mut policy = format!("log {vkey}\n");
    for line in witnesses.lines().filter(|line| !line.starts_with("log ")) {
        policy.push_str(line);
        policy.push('\n');
    }
    if !policy.lines().any(|line| line.starts_with("quorum ")) {
        policy.push_str("quorum none\n");
    }
    policy
}

/// A key as a COSE_Key.
fn cose_key(key: &PublicKey) -> Vec<u8> {
    Writer::new()
        .map(3)
        .int(1)
        .int(1)
        .int(-1)
        .int(6)
        .int(-2)
        .bytes(key.as_bytes())
        .finish()
}
