//! Snapshots of the views: files beside the copies, only ever a cache.
//!
//! `snapshots/<size, 20 digits>.snap` holds `MBSNAP`, 0x00, the version 0x01, the size (8 bytes,
//! big-endian), BLAKE3 of the size and the bytes, and the bytes.

use std::path::{Path, PathBuf};

use minutebook_events::Bytes;

use super::files;
use super::frame::array;
use crate::store::StoreError;

const MAGIC: [u8; 8] = *b"MBSNAP\0\x01";

/// Bytes before the snapshot's own.
const BYTES_AT: usize = 48;

/// Snapshots kept.
const KEPT: usize = 2;

const ENDING: &str = ".snap";

/// Keeps one more, and only the newest two.
pub(super) fn put(folder: &Path, size: u64, bytes: &[u8]) -> Result<(), StoreError> {
    files::create_folder(folder)?;
    let start = [
        &MAGIC[..],
        &size.to_be_bytes(),
        check(size, bytes).as_bytes(),
    ]
    .concat();
    files::replace_in_pieces(&path(folder, size), &[&start, bytes])?;
    for old in sizes(folder)?.iter().rev().skip(KEPT) {
        files::remove(&path(folder, *old))?;
    }
    Ok(())
}

/// The newest one that is whole and not ahead of the records.
pub(super) fn newest(folder: &Path, head: u64) -> Result<Option<(u64, Bytes)>, StoreError> {
    for size in sizes(folder)?
        .into_iter()
        .rev()
        .filter(|&size| size <= head)
    {
        let Some(file) = files::read(&path(folder, size))? else {
            continue;
        };
        if is_whole(size, &file) {
            return Ok(Some((size, Bytes::from(file).slice(BYTES_AT..))));
        }
    }
    Ok(None)
}

/// Removes those that may hold something of the record at a position.
pub(super) fn forget(folder: &Path, position: u64) -> Result<(), StoreError> {
    let later = sizes(folder)?.into_iter().filter(|&size| size > position);
    let later = later.map(|size| path(folder, size));
    // A crash may have left one half written, of whatever size.
    let names = files::names(folder)?.into_iter();
    let begun = names.filter(|name| name.ends_with(files::NEW));
    let mut removed = false;
    for path in later.chain(begun.map(|name| folder.join(name))) {
        files::remove(&path)?;
        removed = true;
    }
    if removed {
        files::sync_folder(folder)?;
    }
    Ok(())
}

fn is_whole(size: u64, file: &[u8]) -> bool {
    let Some((head, bytes)) = file.split_at_checked(BYTES_AT) else {
        return false;
    };
    head[..8] == MAGIC
        && head[8..16] == size.to_be_bytes()
        && check(size, bytes) == array::<32>(head, 16)
}

fn check(size: u64, bytes: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&size.to_be_bytes());
    hasher.update(bytes);
    hasher.finalize()
}

fn path(folder: &Path, size: u64) -> PathBuf {
    folder.join(format!("{size:020}{ENDING}"))
}

/// Sizes of all snapshots, in order.
fn sizes(folder: &Path) -> Result<Vec<u64>, StoreError> {
    let names = files::names(folder)?;
    let sizes = names.iter().filter_map(|name| {
        let digits = name.strip_suffix(ENDING)?;
        digits.parse().ok().filter(|_| digits.len() == 20)
    });
    Ok(sizes.collect())
}
