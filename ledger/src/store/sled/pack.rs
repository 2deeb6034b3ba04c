//! What sled holds: few, larger values, each with a check of its own.
//!
//! sled costs the same for a key whatever its size, so records are packed, up to 16 to a value:
//!
//! | key | value |
//! |---|---|
//! | `r`, position of the first record | length of the permanent part (4 bytes), permanent part, contents: as in [`super::frame`] |
//! | `f`, position of the first record | a frame's header; with the packs it gives the frame back to the byte |
//! | `t`, tile level (1 byte), tile index | a full tile |
//! | `i`, page (8 bytes) | a page of the log's index |
//! | `m` | [`Applied`] |
//!
//! Numbers are 8 bytes big-endian where nothing else is said. A value begins with the first 16 bytes
//! of BLAKE3 over key and rest, so that a value found under another key is seen as damage too.

use super::frame::{Frame, Records, array};
use super::scan::End;
use crate::hash::Hash;
use crate::tile::TileId;
use crate::tree::TreeHead;

/// Bytes of the check before each value.
const CHECK_BYTES: usize = 16;

/// Records in a pack at most.
const PACK_RECORDS: usize = 16;

/// Length at which a pack is closed. A page of sled's holds up to 16 values and is read, kept in
/// memory and written as a whole; larger values make fewer keys and larger pages.
const PACK_BYTES: usize = 12 * 1024;

/// Key of [`Applied`].
pub(super) const APPLIED_KEY: &[u8] = b"m";

/// Key of the pack or header that begins at a position.
fn position_key(kind: u8, first: u64) -> [u8; 9] {
    let mut key = [kind; 9];
    key[1..].copy_from_slice(&first.to_be_bytes());
    key
}

/// Key of the pack that begins at a position.
pub(super) fn pack_key(first: u64) -> [u8; 9] {
    position_key(b'r', first)
}

/// Key of the header of the frame that begins at a position.
pub(super) fn header_key(first: u64) -> [u8; 9] {
    position_key(b'f', first)
}

/// The position in a key of [`pack_key`] or [`header_key`].
pub(super) fn key_position(key: &[u8]) -> u64 {
    u64::from_be_bytes(array(key, 1))
}

/// Key of a full tile.
pub(super) fn tile_key(id: TileId) -> [u8; 10] {
    let mut key = [b't'; 10];
    key[1] = id.level;
    key[2..].copy_from_slice(&id.index.to_be_bytes());
    key
}

/// Key of a page of the log's index.
pub(super) fn page_key(index: u64) -> [u8; 9] {
    position_key(b'i', index)
}

/// Puts the check before a value.
pub(super) fn seal(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut value = Vec::with_capacity(CHECK_BYTES + len);
    value.extend(check(key, parts));
    parts.iter().for_each(|part| value.extend(*part));
    value
}

/// Inverse of [`seal`]; `None` for damage.
pub(super) fn unseal<'v>(key: &[u8], value: &'v [u8]) -> Option<&'v [u8]> {
    let (found, rest) = value.split_at_checked(CHECK_BYTES)?;
    (found == check(key, &[rest])).then_some(rest)
}

fn check(key: &[u8], parts: &[&[u8]]) -> [u8; CHECK_BYTES] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(key);
    for part in parts {
        hasher.update(part);
    }
    array(hasher.finalize().as_bytes(), 0)
}

/// Records as they stand in one value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pack<'a> {
    pub first: u64,
    pub permanent: &'a [u8],
    pub erasable: &'a [u8],
}

impl<'a> Pack<'a> {
    /// Reads a value that [`unseal`] let through.
    pub fn parse(first: u64, value: &'a [u8]) -> Option<Self> {
        let (len, rest) = value.split_at_checked(4)?;
        let len = u32::from_be_bytes(array(len, 0)) as usize;
        let (permanent, erasable) = rest.split_at_checked(len)?;
        Some(Self {
            first,
            permanent,
            erasable,
        })
    }

    /// The sealed value.
    pub fn seal(&self) -> Vec<u8> {
        // A part of a frame's permanent part, whose length has 32 bits.
        let len = (self.permanent.len() as u32).to_be_bytes();
        let key = pack_key(self.first);
        seal(&key, &[&len, self.permanent, self.erasable])
    }

    /// The records in it.
    pub fn records(&self) -> Records<'a> {
        Records::new(self.first, self.permanent, self.erasable)
    }
}

/// Cuts a frame's records into packs.
pub(super) fn packs<'a>(frame: &Frame<'a>) -> Vec<Pack<'a>> {
    let mut packs = Vec::new();
    let mut permanent = frame.permanent();
    let mut erasable = frame.erasable();
    let mut first = frame.header.first;
    let (mut count, mut permanent_len, mut erasable_len) = (0, 0, 0);
    let mut cut = |count: &mut usize, permanent_len: &mut usize, erasable_len: &mut usize| {
        // Lengths of records that were walked in these very parts.
        let (head, rest) = permanent.split_at(*permanent_len);
        let (contents, erasable_rest) = erasable.split_at(*erasable_len);
        packs.push(Pack {
            first,
            permanent: head,
            erasable: contents,
        });
        (permanent, erasable) = (rest, erasable_rest);
        first += *count as u64;
        (*count, *permanent_len, *erasable_len) = (0, 0, 0);
    };
    for record in frame.records() {
        let len = record.permanent_len + record.erasable.len();
        let full = count == PACK_RECORDS || permanent_len + erasable_len + len > PACK_BYTES;
        if count > 0 && full {
            cut(&mut count, &mut permanent_len, &mut erasable_len);
        }
        count += 1;
        permanent_len += record.permanent_len;
        erasable_len += record.erasable.len();
    }
    if count > 0 {
        cut(&mut count, &mut permanent_len, &mut erasable_len);
    }
    packs
}

/// How far sled has come: written with every frame, in the same batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Applied {
    /// Where the journal goes on after the last frame applied.
    pub end: End,
}

impl Applied {
    /// The sealed value: size, root, chain hash, segment, offset.
    pub fn seal(&self) -> Vec<u8> {
        let end = &self.end;
        let parts: [&[u8]; 5] = [
            &end.head.size.to_be_bytes(),
            &end.head.root.0,
            &end.chain,
            &end.segment.unwrap_or_default().to_be_bytes(),
            &end.offset.to_be_bytes(),
        ];
        seal(APPLIED_KEY, &parts)
    }

    /// Inverse of [`Applied::seal`]; `None` for damage.
    pub fn parse(value: &[u8]) -> Option<Self> {
        let rest = unseal(APPLIED_KEY, value)?;
        if rest.len() != 88 {
            return None;
        }
        let head = TreeHead {
            size: u64::from_be_bytes(array(rest, 0)),
            root: Hash(array(rest, 8)),
        };
        let end = End {
            head,
            chain: array(rest, 40),
            segment: Some(u64::from_be_bytes(array(rest, 72))),
            offset: u64::from_be_bytes(array(rest, 80)),
        };
        Some(Self { end })
    }
}
