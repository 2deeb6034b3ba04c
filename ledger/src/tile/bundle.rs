//! Entry bundles: up to 256 entries in one file, each behind its length.
//!
//! C2SP tlog-tiles: `u16 big-endian length || entry`, and nothing before, between or after. A bundle
//! of the entries `a1 a2` and `b1` is the seven bytes `00 02 a1 a2 00 01 b1`.

use thiserror::Error;

use super::TILE_WIDTH;

/// Longest entry that a bundle can hold, in bytes.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Why entries are not a bundle, or bytes not the entries asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BundleError {
    /// A bundle has 1 to 256 entries.
    #[error("a bundle has 1 to 256 entries, not {found}")]
    Width {
        /// Entries given or asked for.
        found: usize,
    },
    /// An entry whose length two bytes cannot say.
    #[error("entry {index} of the bundle has {bytes} bytes, more than 65535")]
    EntryTooLong {
        /// 0-based index in the bundle.
        index: usize,
        /// Its length.
        bytes: usize,
    },
    /// The bytes end before the last entry does.
    #[error("the bundle ends within entry {index}")]
    Truncated {
        /// 0-based index in the bundle.
        index: usize,
    },
    /// Bytes after the last entry.
    #[error("the bundle has {bytes} bytes after its last entry")]
    Trailing {
        /// How many.
        bytes: usize,
    },
}

/// Encodes entries as one bundle.
///
/// # Errors
/// [`BundleError::Width`] and [`BundleError::EntryTooLong`].
pub fn encode_bundle<E: AsRef<[u8]>>(entries: &[E]) -> Result<Vec<u8>, BundleError> {
    check_width(entries.len())?;
    let total: usize = entries.iter().map(|entry| 2 + entry.as_ref().len()).sum();
    let mut bytes = Vec::with_capacity(total);
    for (index, entry) in entries.iter().enumerate() {
        let entry = entry.as_ref();
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::EntryTooLong {
            index,
            bytes: entry.len(),
        })?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle that must hold exactly `width` of them.
///
/// # Errors
/// [`BundleError::Width`], [`BundleError::Truncated`] and [`BundleError::Trailing`].
pub fn decode_bundle(bytes: &[u8], width: u16) -> Result<Vec<&[u8]>, BundleError> {
    check_width(usize::from(width))?;
    let mut rest = bytes;
    let entries = (0..usize::from(width))
        .map(|index| {
            let (entry, after) = split_entry(rest).ok_or(BundleError::Truncated { index })?;
            rest = after;
            Ok(entry)
        })
        .collect::<Result<Vec<_>, _>>()?;
    if rest.is_empty() {
        Ok(entries)
    } else {
        Err(BundleError::Trailing { bytes: rest.len() })
    }
}

fn split_entry(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))
}

fn check_width(found: usize) -> Result<(), BundleError> {
    if (1..=usize::from(TILE_WIDTH)).contains(&found) {
        Ok(())
    } else {
        Err(BundleError::Width { found })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::vectors;
    use proptest::prelude::*;

    #[test]
    fn a_bundle_is_lengths_and_entries() {
        let bytes = encode_bundle(&[&[0xa1, 0xa2][..], &[], &[0xb1]]).unwrap();
        assert_eq!(bytes, [0, 2, 0xa1, 0xa2, 0, 0, 0, 1, 0xb1]);
        assert_eq!(
            decode_bundle(&bytes, 3).unwrap(),
            [&[0xa1, 0xa2][..], &[], &[0xb1]]
        );
    }

    #[test]
    fn events_are_framed_as_in_the_vector() {
        let entries: Vec<Vec<u8>> = (0..5).map(vectors::entry).collect();
        let bytes = encode_bundle(&entries).unwrap();
        assert_eq!(bytes[..4], [0x01, 0x39, 0xd2, 0x84]);
        assert_eq!(decode_bundle(&bytes, 5).unwrap(), entries);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let longest = vec![0; MAX_ENTRY_BYTES];
        let bytes = encode_bundle(&[&longest]).unwrap();
        assert_eq!(decode_bundle(&bytes, 1).unwrap(), [&longest]);
        let too_long = BundleError::EntryTooLong {
            index: 1,
            bytes: 65536,
        };
        assert_eq!(encode_bundle(&[&b""[..], &[0; 65536]]), Err(too_long));
        let none: [&[u8]; 0] = [];
        assert_eq!(encode_bundle(&none), Err(BundleError::Width { found: 0 }));
        assert_eq!(
            encode_bundle(&[b""; 257]),
            Err(BundleError::Width { found: 257 })
        );
    }

    #[test]
    fn every_other_length_is_refused() {
        let bytes = encode_bundle(&[&b"one"[..], b"two"]).unwrap();
        for end in 0..bytes.len() {
            let index = usize::from(end >= 5);
            let truncated = Err(BundleError::Truncated { index });
            assert_eq!(decode_bundle(&bytes[..end], 2), truncated, "{end}");
        }
        assert_eq!(
            decode_bundle(&bytes, 1),
            Err(BundleError::Trailing { bytes: 5 })
        );
        assert_eq!(decode_bundle(&[], 0), Err(BundleError::Width { found: 0 }));
        assert_eq!(
            decode_bundle(&[0; 514], 257),
            Err(BundleError::Width { found: 257 })
        );
    }

    proptest! {
        #[test]
        fn what_decodes_encodes_back(bytes in prop::collection::vec(0u8..4, 0..60), width in 0u16..8) {
            if let Ok(entries) = decode_bundle(&bytes, width) {
                prop_assert_eq!(encode_bundle(&entries), Ok(bytes.clone()));
            }
        }
    }
}
