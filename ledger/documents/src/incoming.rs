//! Receiving a document: counted and hashed as it comes, and named only once it is whole.

use std::error::Error;
use std::pin::pin;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use minutebook_events::{Blake3, Digest};
use object_store::{MultipartUpload, PutPayload};
use sha2::{Digest as _, Sha256};

use crate::DocumentError;

/// The most bytes a document may have: 64 MiB.
pub const MAX_DOCUMENT: u64 = 64 << 20;

/// How much goes to the store at a time. Services that speak the S3 protocol take no smaller parts but
/// for the last.
const PART: usize = 5 << 20;

/// What is asked of a document that comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes it may have; never more than [`MAX_DOCUMENT`].
    pub max_size: u64,
    /// The digest that it has to have, where it was announced.
    pub expected: Option<Blake3>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_size: MAX_DOCUMENT,
            expected: None,
        }
    }
}

/// A document that is kept, as events name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stored {
    /// BLAKE3 of the bytes, by which they are found.
    pub blake3: Blake3,
    /// SHA-256 of the same bytes.
    pub sha256: Digest,
    /// Length in bytes.
    pub size: u64,
}

/// Takes the bytes into `upload` as they come, and finishes it where they are what was asked for.
///
/// # Errors
/// Where they are not, or do not come in full, or the store refuses; the caller then ends the upload.
pub(crate) async fn receive<S, E>(
    upload: &mut dyn MultipartUpload,
    bytes: S,
    limits: Limits,
) -> Result<Stored, DocumentError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let limit = limits.max_size.min(MAX_DOCUMENT);
    let (mut blake3, mut sha256) = (blake3::Hasher::new(), Sha256::new());
    let mut size = 0;
    let mut part: Vec<Bytes> = Vec::new();
    let mut part_size = 0;
    let mut bytes = pin!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| DocumentError::Receiving(error.into()))?;
        size += piece.len() as u64;
        if size > limit {
            return Err(DocumentError::TooLarge { limit });
        }
        blake3.update(&piece);
        sha256.update(&piece);
        part_size += piece.len();
        part.push(piece);
        if part_size >= PART {
            part_size = 0;
            let full = std::mem::take(&mut part);
            upload.put_part(PutPayload::from_iter(full)).await?;
        }
    }
    if size == 0 {
        return Err(DocumentError::Empty);
    }
    let stored = Stored {
        blake3: Blake3(*blake3.finalize().as_bytes()),
        sha256: Digest(sha256.finalize().into()),
        size,
    };
    if let Some(expected) = limits.expected
        && expected != stored.blake3
    {
        return Err(DocumentError::Mismatch {
            expected,
            found: stored.blake3,
        });
    }
    if !part.is_empty() {
        upload.put_part(PutPayload::from_iter(part)).await?;
    }
    upload.complete().await?;
    Ok(stored)
}
