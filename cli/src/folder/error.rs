//! Why a data folder, an officer's key or a recording did not work out.

use std::io;
use std::path::PathBuf;

use minutebook_documents::DocumentError;
use minutebook_keys::{KeyError, KeyFileError, KeyNameError};
use minutebook_ledger::author::AuthorError;
use minutebook_ledger::log::{BatchError, OpenError};
use minutebook_ledger::store::StoreError;

use crate::passphrase::PassphraseError;

/// Why a ledger was not made or opened.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// No such data folder.
    #[error("there is no data folder {}", dir.display())]
    Missing {
        /// The folder.
        dir: PathBuf,
    },
    /// A data folder without ledgers.
    #[error("there is no ledger in {}", dir.display())]
    Empty {
        /// The folder.
        dir: PathBuf,
    },
    /// Several ledgers, and none was named.
    #[error("{} holds several ledgers: {}", dir.display(), names.join(", "))]
    Several {
        /// The folder.
        dir: PathBuf,
        /// Their names.
        names: Vec<String>,
    },
    /// No ledger of this name.
    #[error("there is no ledger {name:?} in {}{}", dir.display(), listed(names))]
    Unknown {
        /// The folder.
        dir: PathBuf,
        /// The name given.
        name: String,
        /// The names there are.
        names: Vec<String>,
    },
    /// A name that no ledger can have.
    #[error("{name:?} cannot name a ledger: use letters, digits, dots, hyphens and underscores")]
    Name {
        /// The name given, cut to 80 characters.
        name: String,
    },
    /// An origin that no ledger can have.
    #[error("{origin:?} cannot be an origin: up to 255 plain characters, without spaces, + and @")]
    Origin {
        /// The origin given.
        origin: String,
    },
    /// The ledger is there already.
    #[error("the ledger {} exists already, with {entries} entries", path.display())]
    Exists {
        /// Its folder.
        path: PathBuf,
        /// How many entries it holds.
        entries: u64,
    },
    /// The folder is there, begun for another origin.
    #[error("{} was begun for the origin {found:?}, not {wanted:?}", path.display())]
    OtherOrigin {
        /// The ledger's folder.
        path: PathBuf,
        /// The origin that it was begun for.
        found: String,
        /// The origin given now.
        wanted: String,
    },
    /// The folder holds files, and they are not those of a ledger.
    #[error("{} is not empty and holds no ledger", path.display())]
    NotALedger {
        /// The folder.
        path: PathBuf,
    },
    /// Making the ledger was cut short before its first entry.
    #[error("the ledger {} was begun and has no first entry yet", path.display())]
    Unfinished {
        /// Its folder.
        path: PathBuf,
    },
    /// The signer of the genesis is not one of its officers.
    #[error("the signer of the first entry is not one of the founding officers")]
    SignerNotFounder,
    /// `ledger.json` cannot be read.
    #[error("{} is damaged", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// `ledger.json` of another version.
    #[error("{} is of format {found:?}, which this program does not know", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// The format it names.
        found: String,
    },
    /// A service key's file is not a key.
    #[error("the ledger's key {} cannot be used", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// A key file cannot be read or written.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The origin cannot name the log's key.
    #[error(transparent)]
    KeyName(#[from] KeyNameError),
    /// The operating system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Its answer.
        source: io::Error,
    },
    /// The store cannot be opened or closed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is stored is not what was signed.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A document cannot be removed.
    #[error(transparent)]
    Documents(#[from] DocumentError),
    /// The first entry was refused.
    #[error("the first entry cannot be recorded")]
    Genesis(#[source] Box<RecordError>),
}

fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        names => format!("; there are: {}", names.join(", ")),
    }
}

/// Why events were not recorded. Nothing of the batch entered.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// An event cannot be signed.
    #[error("event {index} cannot be signed: {error}")]
    Unsigned {
        /// Its index in the batch, counted from 0.
        index: usize,
        /// Why.
        #[source]
        error: AuthorError,
    },
    /// The ledger refused one.
    #[error(transparent)]
    Refused(#[from] BatchError),
}

/// Why a key file gives no officer of the ledger.
#[derive(Debug, thiserror::Error)]
pub enum OfficerError {
    /// The file cannot be read.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// The file holds no usable key, or the passphrase is wrong.
    #[error("the key {} cannot be used", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        source: KeyError,
    },
    /// No passphrase could be had.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The key is not enrolled in this ledger.
    #[error("the key {short} ({}) is not enrolled in the ledger {ledger:?}", path.display())]
    NotEnrolled {
        /// The file.
        path: PathBuf,
        /// The key's fingerprint in short.
        short: String,
        /// The ledger's name.
        ledger: String,
    },
}
