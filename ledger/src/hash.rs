//! SHA-256 hashes of the Merkle tree: leaves, nodes, and their text forms.
//!
//! RFC 9162 section 2.1.1 gives leaves and inner nodes different one-byte prefixes, so that no entry
//! can pass for a node: leaf = `H(0x00 || entry)`, node = `H(0x01 || left || right)`.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The root of the tree without leaves: SHA-256 of nothing (RFC 9162 section 2.1.1).
pub const EMPTY_ROOT: Hash = Hash([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// A SHA-256 value of the tree: a leaf hash, an inner node or a root. Shown as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

/// Why a text is not a hash.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseHashError {
    /// Not the canonical, padded standard base64 of anything.
    #[error("hash is not canonical base64")]
    Base64(#[source] base64::DecodeError),
    /// Not lower-case hex digits.
    #[error("hash is not lower-case hex")]
    Hex,
    /// Well-formed text of another number of bytes than 32.
    #[error("hash has {found} bytes, not 32")]
    Length {
        /// Bytes that the text stands for.
        found: usize,
    },
}

impl Hash {
    /// Length in bytes.
    pub const LEN: usize = 32;

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Standard base64 with padding: 44 characters, as the C2SP formats write hashes.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Inverse of [`Hash::to_base64`].
    ///
    /// # Errors
    /// Any text that `to_base64` would not print, non-zero trailing bits included.
    pub fn from_base64(text: &str) -> Result<Self, ParseHashError> {
        let bytes = STANDARD.decode(text).map_err(ParseHashError::Base64)?;
        Self::from_slice(&bytes)
    }

    /// Inverse of the shown form: 64 lower-case hex digits.
    ///
    /// # Errors
    /// Any other text.
    pub fn from_hex(text: &str) -> Result<Self, ParseHashError> {
        let digits = text.as_bytes();
        let (pairs, rest) = digits.as_chunks::<2>();
        if !rest.is_empty() {
            return Err(ParseHashError::Hex);
        }
        let bytes = pairs
            .iter()
            .map(|&[high, low]| Some(nibble(high)? << 4 | nibble(low)?))
            .collect::<Option<Vec<u8>>>()
            .ok_or(ParseHashError::Hex)?;
        Self::from_slice(&bytes)
    }

    /// A hash from exactly 32 bytes.
    ///
    /// # Errors
    /// [`ParseHashError::Length`] for any other number of bytes.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, ParseHashError> {
        let found = bytes.len();
        let bytes = bytes
            .try_into()
            .map_err(|_| ParseHashError::Length { found })?;
        Ok(Self(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

/// The hash of an entry as a leaf: `H(0x00 || entry)` (RFC 9162 section 2.1.1).
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x00]);
    hasher.update(entry);
    Hash(hasher.finalize().into())
}

/// The hash over two subtrees: `H(0x01 || left || right)` (RFC 9162 section 2.1.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut hasher = Sha256::new();
    hasher.update([0x01]);
    hasher.update(left.0);
    hasher.update(right.0);
    Hash(hasher.finalize().into())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::vectors;
    use proptest::prelude::*;

    #[test]
    fn the_empty_root_is_sha256_of_nothing() {
        assert_eq!(EMPTY_ROOT.0, <[u8; 32]>::from(Sha256::digest(b"")));
        assert_eq!(EMPTY_ROOT, vectors::ROOTS[0]);
    }

    /// If this moves, every root, proof, receipt and tile ever published stops verifying.
    #[test]
    fn leaf_and_node_hashes_match_the_vectors() {
        assert_eq!(vectors::entry(2), vectors::entry_2());
        for (i, leaf) in (0..).zip(vectors::LEAVES) {
            assert_eq!(leaf_hash(&vectors::entry(i)), leaf);
        }
        let left = vectors::LEAVES[0];
        let right = vectors::LEAVES[1];
        assert_eq!(node_hash(&left, &right), vectors::ROOTS[2]);
    }

    #[test]
    fn base64_accepts_only_what_it_prints() {
        let text = vectors::ROOTS[5].to_base64();
        assert_eq!(text, "wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=");
        assert_eq!(Hash::from_base64(&text), Ok(vectors::ROOTS[5]));
        for bad in [
            "",
            "wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q",
            // Same bytes, but the two unused bits are not zero.
            "wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2R=",
            "wj1bY2zGdaeoJKUCnDRHCQy3OUhMstLvu2M2UK5EE2Q=\n",
            "AAAA",
        ] {
            assert!(Hash::from_base64(bad).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn text_forms_are_inverses(bytes in any::<[u8; 32]>()) {
            let hash = Hash(bytes);
            prop_assert_eq!(Hash::from_base64(&hash.to_base64()), Ok(hash));
            prop_assert_eq!(Hash::from_hex(&hash.to_string()), Ok(hash));
        }

        #[test]
        fn what_parses_prints_back(text in "[A-Za-z0-9+/=]{40,48}|[0-9a-fA-F]{62,66}|\\PC*") {
            if let Ok(hash) = Hash::from_base64(&text) {
                prop_assert_eq!(hash.to_base64(), text.clone());
            }
            if let Ok(hash) = Hash::from_hex(&text) {
                prop_assert_eq!(hash.to_string(), text);
            }
        }
    }
}
