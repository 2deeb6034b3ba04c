//! A paper, minutes or other document, named by its content.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::{Blake3, Digest};

/// A document by its content: the bytes are stored apart and found by `blake3`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRef {
    /// BLAKE3 of the bytes, by which they are stored.
    pub blake3: Blake3,
    /// SHA-256 of the same bytes, for tools that do not know BLAKE3.
    pub sha256: Digest,
    /// Length in bytes.
    pub size: u64,
    /// Media type, such as `application/pdf`.
    pub media_type: String,
    /// File name, such as `minutes-2025-05.pdf`.
    pub name: String,
}
