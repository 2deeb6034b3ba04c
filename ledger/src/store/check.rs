//! What every store refuses before it writes, as pure functions.

use std::ops::Range;

use sha2::{Digest, Sha256};

use super::{Batch, Held, Record, StoreError};
use crate::tile::{TILE_WIDTH, TileId, full_tiles};
use crate::tree::TreeHead;

/// Bytes of a full tile.
pub(super) const TILE_BYTES: usize = TILE_WIDTH as usize * 32;

/// Refuses a batch that does not follow `head` or contradicts itself.
pub(super) fn batch(batch: &Batch, head: TreeHead) -> Result<(), StoreError> {
    if batch.first != head.size {
        return Err(StoreError::OutOfOrder {
            expected: head.size,
            found: batch.first,
        });
    }
    if batch.records.is_empty() {
        return Err(unfit("a batch without records"));
    }
    if Some(batch.head.size) != batch.first.checked_add(batch.records.len() as u64) {
        return Err(unfit("the head after the batch does not count its records"));
    }
    for (position, record) in (batch.first..).zip(&batch.records) {
        check_record(position, record)?;
    }
    let expected: Vec<_> = completed(batch.first, batch.head.size).collect();
    let mut found: Vec<_> = batch.tiles.iter().map(|tile| tile.0).collect();
    found.sort_unstable();
    if expected != found || batch.tiles.iter().any(|tile| tile.1.len() != TILE_BYTES) {
        return Err(unfit("the tiles are not those that this batch completes"));
    }
    Ok(())
}

fn check_record(position: u64, record: &Record) -> Result<(), StoreError> {
    if record.entry.len() > usize::from(u16::MAX) {
        return Err(unfit(&format!("entry {position} is above 65535 bytes")));
    }
    if record.disclosures.len() > usize::from(u8::MAX) {
        return Err(unfit(&format!("entry {position} has above 255 contents")));
    }
    for disclosed in &record.disclosures {
        let Held::Present(content) = &disclosed.content else {
            continue;
        };
        if is_zero(content) {
            return Err(unfit(&format!("a content of entry {position} is blank")));
        }
        // A digest that does not match would show only after another content of the same frame had
        // been erased, as damage that no copy can mend.
        if Sha256::digest(content)[..] != disclosed.digest {
            return Err(unfit(&format!(
                "a content of entry {position} does not have its digest"
            )));
        }
    }
    Ok(())
}

/// Refuses positions outside `[0, size)`.
pub(super) fn range(range: &Range<u64>, size: u64) -> Result<(), StoreError> {
    if range.start <= range.end && range.end <= size {
        return Ok(());
    }
    Err(StoreError::OutOfRange {
        start: range.start,
        end: range.end,
        size,
    })
}

/// Refuses a position outside `[0, size)`.
pub(super) fn position(position: u64, size: u64) -> Result<(), StoreError> {
    range(&(position..position.saturating_add(1)), size)
}

/// Refuses a checkpoint that is ahead of the records, behind the last one, or too long.
pub(super) fn checkpoint(
    head: TreeHead,
    note: &str,
    last: u64,
    size: u64,
) -> Result<(), StoreError> {
    range(&(0..head.size), size)?;
    if head.size < last {
        return Err(StoreError::OutOfOrder {
            expected: last,
            found: head.size,
        });
    }
    if note.len() > 15 * 1024 {
        return Err(unfit("a checkpoint note above 15 KiB"));
    }
    Ok(())
}

/// The full tiles that growing from `old` to `new` leaves completes, in the order of ids. Trees of
/// 2^64 leaves have eight levels of full tiles at most.
pub(super) fn completed(old: u64, new: u64) -> impl Iterator<Item = TileId> {
    (0..8u8).flat_map(move |level| {
        (full_tiles(level, old)..full_tiles(level, new)).map(move |index| TileId {
            level,
            index,
            width: TILE_WIDTH,
        })
    })
}

/// Whether these are zero bytes only: how erased content is stored. True for no bytes.
pub(super) fn is_zero(bytes: &[u8]) -> bool {
    bytes.iter().all(|&byte| byte == 0)
}

pub(super) fn unfit(message: &str) -> StoreError {
    StoreError::Unfit {
        message: message.to_owned(),
    }
}
