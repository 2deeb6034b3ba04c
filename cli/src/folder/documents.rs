//! Documents of a ledger, as files of this machine.
//!
//! The store of documents is asynchronous, since a server keeps them too; here one thread waits.

use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_util::{TryStreamExt as _, stream};
use minutebook_api::documents::{self, RemoveError};
use minutebook_api::folds::Follower;
use minutebook_documents::{CheckReport, DocumentError, Documents, Limits, Stored};
use minutebook_events::{Blake3, DocumentRef, Event};
use minutebook_ledger::log::ReadError;
use minutebook_projections::documents::DocumentIndex;

use super::OpenLedger;

/// How much of a file is read at a time.
const PIECE: usize = 1 << 16;

/// Why a document was not taken from a file or written to one.
#[derive(Debug, thiserror::Error)]
pub enum DocumentFileError {
    /// The file cannot be read or written.
    #[error("cannot {action} {}", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is no document that may be kept.
    #[error("cannot keep {}", path.display())]
    Refused {
        /// The file.
        path: PathBuf,
        /// Why.
        source: DocumentError,
    },
    /// The document is not kept.
    #[error("no document {0} is kept")]
    Unknown(Blake3),
    /// An entry cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The store of documents does not work.
    #[error(transparent)]
    Store(#[from] DocumentError),
}

/// The documents of one ledger.
pub struct DocumentFiles {
    documents: Documents,
    runtime: tokio::runtime::Runtime,
}

impl DocumentFiles {
    /// Opens the documents in the folder of a ledger; the ledger need not be open.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn open(ledger: &Path) -> Result<Self, DocumentError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|source| DocumentError::Io {
                path: ledger.to_owned(),
                source,
            })?;
        Ok(Self {
            documents: Documents::open(ledger)?,
            runtime,
        })
    }

    /// Keeps the document in a file: it is durable when this returns.
    ///
    /// # Errors
    /// Where the file cannot be read, is empty or too large, or is not the `expected` document.
    pub fn add(&self, path: &Path, expected: Option<Blake3>) -> Result<Stored, DocumentFileError> {
        let mut file = File::open(path).map_err(|source| DocumentFileError::File {
            action: "read",
            path: path.to_owned(),
            source,
        })?;
        let pieces = std::iter::from_fn(move || {
            let mut piece = vec![0; PIECE];
            match file.read(&mut piece) {
                Ok(0) => None,
                Ok(read) => {
                    piece.truncate(read);
                    Some(Ok(Bytes::from(piece)))
                }
                Err(error) => Some(Err(error)),
            }
        });
        let limits = Limits {
            expected,
            ..Limits::default()
        };
        let put = self.documents.put(stream::iter(pieces), limits);
        self.runtime
            .block_on(put)
            .map_err(|source| DocumentFileError::Refused {
                path: path.to_owned(),
                source,
            })
    }

    /// Writes a document to a new file and says how many bytes it has. A damaged one is not written.
    ///
    /// # Errors
    /// Where it is not kept or is damaged, or the file is there or cannot be written.
    pub fn write(&self, blake3: &Blake3, path: &Path) -> Result<u64, DocumentFileError> {
        let failed = |source| DocumentFileError::File {
            action: "write",
            path: path.to_owned(),
            source,
        };
        self.runtime.block_on(async {
            let document = self.documents.get(blake3).await?;
            let mut document = document.ok_or(DocumentFileError::Unknown(*blake3))?;
            let mut file = File::create_new(path).map_err(failed)?;
            let write = async {
                while let Some(piece) = document.bytes.try_next().await? {
                    file.write_all(&piece).map_err(failed)?;
                }
                Ok(document.size)
            };
            let written: Result<u64, DocumentFileError> = write.await;
            if written.is_err() {
                // A part of a document is worth nothing.
                let _ = fs::remove_file(path);
            }
            written
        })
    }

    /// Whether a document is kept.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn has(&self, blake3: &Blake3) -> Result<bool, DocumentError> {
        self.runtime.block_on(self.documents.has(blake3))
    }

    /// Reads every document and says which are damaged.
    ///
    /// # Errors
    /// Where the folder cannot be read.
    pub fn check(&self) -> Result<CheckReport, DocumentError> {
        self.runtime.block_on(self.documents.check())
    }
}

/// Documents that are to go with what is about to be erased.
pub struct Doomed(Vec<Blake3>);

impl Doomed {
    /// Those that go with what `event` erases. To be asked before it is recorded.
    ///
    /// # Errors
    /// Where the entry cannot be read.
    pub fn with(ledger: &OpenLedger, event: &Event) -> Result<Self, ReadError> {
        documents::doomed(&ledger.log, event).map(Self)
    }

    /// Removes those that no entry names any more.
    ///
    /// # Errors
    /// Where an entry cannot be read or a document not be removed.
    pub fn remove(self, ledger: &OpenLedger) -> Result<(), DocumentFileError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let files = DocumentFiles::open(&ledger.path)?;
        let index = Follower::<DocumentIndex>::default();
        let remove = documents::remove_unnamed(&ledger.log, &index, &files.documents, self.0);
        match files.runtime.block_on(remove) {
            Ok(_) => Ok(()),
            Err(RemoveError::Document(error)) => Err(error.into()),
            Err(RemoveError::Read(error)) => Err(error.into()),
        }
    }
}

/// The reference by which events name a document.
pub fn reference(stored: &Stored, path: &Path, media_type: &str) -> DocumentRef {
    DocumentRef {
        blake3: stored.blake3,
        sha256: stored.sha256,
        size: stored.size,
        media_type: media_type.into(),
        name: path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned(),
    }
}
