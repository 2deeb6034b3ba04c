//! `HEAD`: the last signed checkpoint, which a history may not fall short of.
//!
//! Two slots of 16 KiB, at 0 and 16384, written in turn with one positioned write each, so that a
//! torn write leaves the one before it whole. All numbers big-endian:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `MBHEAD`, 0x00 and the version, 0x01 |
//! | 8 | 8 | sequence number, from 1; the slot is this number modulo 2 |
//! | 16 | 8 | size of the tree |
//! | 24 | 32 | root of the tree |
//! | 56 | 4 | length of the note |
//! | 60 | | the checkpoint note, UTF-8 |
//! | | 32 | BLAKE3 of all of this |

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use super::frame::array;
use super::{files, lock};
use crate::hash::Hash;
use crate::store::{StoreError, check};
use crate::tree::TreeHead;

const MAGIC: [u8; 8] = *b"MBHEAD\0\x01";

/// Bytes of a slot.
const SLOT_BYTES: usize = 16 * 1024;

/// Bytes before the note.
const NOTE_AT: usize = 60;

/// One slot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    sequence: u64,
    pub head: TreeHead,
    pub note: String,
}

/// The open file.
pub(super) struct HeadFile {
    path: PathBuf,
    file: File,
    last: Mutex<Option<Signed>>,
    /// Written since the last sync.
    dirty: AtomicBool,
}

impl HeadFile {
    /// Opens or creates it. The flag tells that it holds something, but no readable slot.
    pub fn open(folder: &Path) -> Result<(Self, bool), StoreError> {
        let path = folder.join("HEAD");
        let bytes = files::read(&path)?.unwrap_or_default();
        let last = parse(&bytes);
        let unreadable = last.is_none() && !check::is_zero(&bytes);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(files::failed(&path))?;
        if bytes.len() < 2 * SLOT_BYTES {
            // At its full length from the start, so that a write later needs no new metadata.
            file.set_len(2 * SLOT_BYTES as u64)
                .and_then(|()| file.sync_all())
                .map_err(files::failed(&path))?;
            files::sync_folder(folder)?;
        }
        let head_file = Self {
            path,
            file,
            last: Mutex::new(last),
            dirty: AtomicBool::new(false),
        };
        Ok((head_file, unreadable))
    }

    /// What a file holds, without opening it for writing.
    pub fn read(folder: &Path) -> Result<Option<Signed>, StoreError> {
        let bytes = files::read(&folder.join("HEAD"))?;
        Ok(bytes.and_then(|bytes| parse(&bytes)))
    }

    /// The last checkpoint put.
    pub fn last(&self) -> Option<Signed> {
        lock(&self.last).clone()
    }

    /// Replaces it. Survives a kill of the process at once; [`HeadFile::sync`] does the rest.
    pub fn put(&self, head: TreeHead, note: &str, size: u64) -> Result<(), StoreError> {
        let mut last = lock(&self.last);
        let (sequence, before) = last
            .as_ref()
            .map_or((0, 0), |last| (last.sequence, last.head.size));
        check::checkpoint(head, note, before, size)?;
        let signed = Signed {
            sequence: sequence.saturating_add(1),
            head,
            note: note.to_owned(),
        };
        let slot = (signed.sequence % 2) * SLOT_BYTES as u64;
        self.file
            .write_all_at(&signed.format(), slot)
            .map_err(files::failed(&self.path))?;
        self.dirty.store(true, Ordering::Release);
        *last = Some(signed);
        Ok(())
    }

    /// Whether there is anything for [`HeadFile::sync`] to do.
    pub fn is_dirty(&self) -> bool {
        self.dirty.load(Ordering::Acquire)
    }

    /// Makes what was put durable.
    pub fn sync(&self) -> Result<(), StoreError> {
        // Cleared first: a checkpoint that is put during the sync is for the next one.
        if !self.dirty.swap(false, Ordering::AcqRel) {
            return Ok(());
        }
        self.file.sync_data().map_err(files::failed(&self.path))
    }
}

impl Signed {
    fn format(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(NOTE_AT + self.note.len() + 32);
        bytes.extend(MAGIC);
        bytes.extend(self.sequence.to_be_bytes());
        bytes.extend(self.head.size.to_be_bytes());
        bytes.extend(self.head.root.0);
        // At most 15 KiB.
        bytes.extend((self.note.len() as u32).to_be_bytes());
        bytes.extend(self.note.as_bytes());
        let check = blake3::hash(&bytes);
        bytes.extend(check.as_bytes());
        bytes
    }

    fn parse(slot: &[u8]) -> Option<Self> {
        if slot.get(..8)? != MAGIC {
            return None;
        }
        let len = u32::from_be_bytes(array(slot, 56)) as usize;
        let note = slot.get(NOTE_AT..NOTE_AT.checked_add(len)?)?;
        let check = slot.get(NOTE_AT + len..NOTE_AT + len + 32)?;
        if blake3::hash(&slot[..NOTE_AT + len]) != <[u8; 32]>::try_from(check).ok()? {
            return None;
        }
        Some(Self {
            sequence: u64::from_be_bytes(array(slot, 8)),
            head: TreeHead {
                size: u64::from_be_bytes(array(slot, 16)),
                root: Hash(array(slot, 24)),
            },
            note: String::from_utf8(note.to_vec()).ok()?,
        })
    }
}

/// The newest whole slot.
fn parse(bytes: &[u8]) -> Option<Signed> {
    let slots = bytes.chunks(SLOT_BYTES).take(2).filter_map(Signed::parse);
    slots.max_by_key(|signed| signed.sequence)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn head(size: u64) -> TreeHead {
        TreeHead {
            size,
            root: Hash([size as u8; 32]),
        }
    }

    #[test]
    fn a_torn_slot_leaves_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("HEAD");
        let (file, unreadable) = HeadFile::open(folder.path()).unwrap();
        assert!(!unreadable && file.last().is_none());
        for size in 1..=3 {
            file.put(head(size), &format!("note {size}\n"), 9).unwrap();
            file.sync().unwrap();
        }
        drop(file);
        let whole = std::fs::read(&path).unwrap();
        assert_eq!(
            HeadFile::read(folder.path()).unwrap().unwrap().head,
            head(3)
        );
        // The third went to the second slot.
        for at in 0..NOTE_AT + 7 + 32 {
            let mut torn = whole.clone();
            torn[SLOT_BYTES + at] ^= 1;
            std::fs::write(&path, &torn).unwrap();
            let (file, unreadable) = HeadFile::open(folder.path()).unwrap();
            assert!(!unreadable);
            let last = file.last().unwrap();
            assert_eq!((last.head, &last.note[..]), (head(2), "note 2\n"));
        }
        std::fs::write(&path, [7; 40]).unwrap();
        let (file, unreadable) = HeadFile::open(folder.path()).unwrap();
        assert!(unreadable && file.last().is_none());
    }
}
