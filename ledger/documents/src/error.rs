//! Why a document was not taken, found or read.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use minutebook_events::Blake3;

/// Why a document was not taken, found or read.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// Longer than may be kept.
    #[error("the document is longer than {limit} bytes")]
    TooLarge {
        /// The most bytes it may have.
        limit: u64,
    },
    /// No bytes at all, which no paper has.
    #[error("the document is empty")]
    Empty,
    /// Not the document that was announced.
    #[error("the document has the BLAKE3 digest {found}, not {expected}")]
    Mismatch {
        /// The digest announced.
        expected: Blake3,
        /// The digest of what came.
        found: Blake3,
    },
    /// Whoever was sending it stopped.
    #[error("the document could not be received in full")]
    Receiving(#[source] Box<dyn Error + Send + Sync>),
    /// The bytes kept under this name are not those that it names. None of the last piece is given out.
    #[error("the document kept as {0} is damaged")]
    Damaged(Blake3),
    /// There is no room left.
    #[error("there is no room left for the document")]
    Full,
    /// The store refused.
    #[error("the store of documents failed")]
    Store(#[source] object_store::Error),
    /// The operating system refused.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl From<object_store::Error> for DocumentError {
    fn from(error: object_store::Error) -> Self {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(one) = cause {
            if one.downcast_ref::<io::Error>().is_some_and(is_full) {
                return Self::Full;
            }
            cause = one.source();
        }
        Self::Store(error)
    }
}

/// Turns an operating system error about `path` into ours.
pub(crate) fn failed(path: &Path) -> impl Fn(io::Error) -> DocumentError {
    move |source| {
        if is_full(&source) {
            return DocumentError::Full;
        }
        DocumentError::Io {
            path: path.to_owned(),
            source,
        }
    }
}

fn is_full(error: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(error.kind(), StorageFull | QuotaExceeded)
}
