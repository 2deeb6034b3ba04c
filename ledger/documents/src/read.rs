//! Reading a document, and never giving out a damaged one whole.

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt as _};
use minutebook_events::Blake3;
use object_store::GetResult;

use crate::DocumentError;

/// A document, opened for reading.
pub struct Document {
    /// Length in bytes, which is in question until all of them were read.
    pub size: u64,
    /// The bytes. The last piece comes only once all of them have the digest of the document's name;
    /// where they do not, [`DocumentError::Damaged`] comes in its place and ends the stream. So whoever
    /// passes the pieces on never passes on a damaged document whole.
    pub bytes: BoxStream<'static, Result<Bytes, DocumentError>>,
}

impl Document {
    pub(crate) fn new(blake3: Blake3, found: GetResult) -> Self {
        let size = found.meta.size;
        let reading = Reading {
            pieces: found.into_stream(),
            blake3,
            hasher: blake3::Hasher::new(),
            held: None,
            done: false,
        };
        Self {
            size,
            bytes: stream::unfold(reading, Reading::next).boxed(),
        }
    }

    /// Reads it to the end and gives nothing out: whether it is what its name says.
    ///
    /// # Errors
    /// [`DocumentError::Damaged`], or where it cannot be read.
    pub async fn verify(self) -> Result<(), DocumentError> {
        self.bytes.try_for_each(|_| async { Ok(()) }).await
    }
}

struct Reading {
    pieces: BoxStream<'static, object_store::Result<Bytes>>,
    blake3: Blake3,
    hasher: blake3::Hasher,
    /// The piece read last, which may be the last of all.
    held: Option<Bytes>,
    done: bool,
}

impl Reading {
    async fn next(mut self) -> Option<(Result<Bytes, DocumentError>, Self)> {
        while !self.done {
            match self.pieces.next().await {
                // A file that became shorter while it is read gives nothing for ever.
                Some(Ok(piece)) if piece.is_empty() => break,
                Some(Ok(piece)) => {
                    self.hasher.update(&piece);
                    if let Some(before) = self.held.replace(piece) {
                        return Some((Ok(before), self));
                    }
                }
                Some(Err(error)) => {
                    self.done = true;
                    return Some((Err(error.into()), self));
                }
                None => {
                    self.done = true;
                    if *self.hasher.finalize().as_bytes() == self.blake3.0
                        && let Some(last) = self.held.take()
                    {
                        return Some((Ok(last), self));
                    }
                    return Some((Err(DocumentError::Damaged(self.blake3)), self));
                }
            }
        }
        if self.done {
            return None;
        }
        self.done = true;
        Some((Err(DocumentError::Damaged(self.blake3)), self))
    }
}
