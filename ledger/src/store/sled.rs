//! A ledger on disk: a journal that acknowledges and is kept, and sled behind it that is read.
//!
//! An append is one frame in the journal, one `fdatasync`, and the acknowledgement; a thread then
//! applies the frame to sled. So a ledger stands on the disk twice, and either copy can mend the
//! other ([`scrub`]). sled is never trusted: every value has a check of its own, what fails it is
//! read from the journal, and a sled that does not open, lags, or contradicts the journal is brought
//! up to it or made anew when the store is opened. The journal in turn is refused when anything in
//! it is wrong, but for a torn write at its very end that nobody was told about.
//!
//! A ledger's folder:
//!
//! | name | what |
//! |---|---|
//! | `journal/*.seg` | segments of frames: `frame`, `journal` |
//! | `sled/` | the copy that is read: `pack`, `engine` |
//! | `HEAD` | the last signed checkpoint: `head_file` |
//! | `snapshots/` | a cache of views: `snapshots` |
//! | `ERASING` | erasures that are not yet over: `erasing` |
//! | `CLEAN` | the end of the journal at the last clean close |
//! | `LOCK` | locked while a process has the ledger open |
//! | `sled.damaged-<n>` | a sled that was replaced; may be removed |
//!
//! Limits: a flipped bit in the newest frame, before the next second's flush of sled and without a
//! signed checkpoint over it, cannot be told from a torn write. What sled holds of an erased content
//! in old pages of its own file is gone about two seconds after the last erasure, when sled is made
//! anew; that survives a crash, but readers are slower and appends may wait while it lasts.

use std::fs::File;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

#[cfg(test)]
use super::Held;
use minutebook_events::Bytes;

use super::{Batch, Record, Store, StoreError, check};
use crate::hash::{leaf_hash, node_hash};
use crate::tile::{TILE_WIDTH, TileId, full_tiles};
use crate::tree::TreeHead;
use apply::{Pending, Shared};
use frame::Frame;
use pack::Applied;

mod apply;
mod engine;
mod erasing;
#[cfg(test)]
mod fault_tests;
mod files;
mod frame;
mod head_file;
mod journal;
mod notice;
mod open;
mod pack;
mod replay;
mod scan;
mod scrub;
mod snapshots;

pub use notice::Notice;
pub use scrub::{Copy, Finding, ScrubReport, scrub};

/// How long closing waits for sled while nothing moves.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);

/// Records after which sled's next opening would take noticeably longer without a new snapshot.
const MUCH_WRITTEN: u64 = 65_536;

/// A ledger's folder, open.
pub struct SledStore {
    shared: Arc<Shared>,
    /// Held over a whole append: one writer.
    writer: Mutex<()>,
    applier: Mutex<Option<JoinHandle<()>>>,
    /// The size that it was opened with.
    opened_at: u64,
    /// Released when everything else is done.
    lock: Mutex<Option<File>>,
}

impl SledStore {
    /// Opens a ledger's folder, or creates it.
    ///
    /// Every byte of the journal is read and checked, about a gigabyte a second and core; sled is
    /// repaired from it where need be, which the notices tell.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when a process has it open, this one included.
    /// [`StoreError::Corrupt`] when the journal is damaged, or falls short of what was signed,
    /// acknowledged or closed: [`scrub`] may mend it. [`StoreError::Io`] and [`StoreError::Full`].
    pub fn open(folder: &Path) -> Result<(Self, Vec<Notice>), StoreError> {
        files::create_folder(folder)?;
        let lock = open::take_lock(folder)?;
        let (shared, notices) = open::open(folder)?;
        let opened_at = self::lock(&shared.queue).head.size;
        let shared = Arc::new(shared);
        let applied = shared.clone();
        let applier = thread::Builder::new()
            .name("apply-to-sled".to_owned())
            .spawn(move || apply::run(&applied))
            .map_err(files::failed(folder))?;
        let store = Self {
            shared,
            writer: Mutex::new(()),
            applier: Mutex::new(Some(applier)),
            opened_at,
            lock: Mutex::new(Some(lock)),
        };
        Ok((store, notices))
    }

    /// What has come up since the last call; those of opening are not among them. At most 64.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.shared.take_notices()
    }

    /// Frames of a range that sled does not hold yet, and where they begin.
    fn pending(&self, range: &Range<u64>) -> Result<(u64, Vec<Arc<Pending>>), StoreError> {
        let queue = lock(&self.shared.queue);
        if queue.closing {
            return Err(StoreError::Closed);
        }
        check::range(range, queue.head.size)?;
        let split = queue.frames.front().map_or(range.end, |frame| frame.first);
        let wanted =
            |frame: &&Arc<Pending>| frame.first < range.end && range.start < frame.end.head.size;
        Ok((split, queue.frames.iter().filter(wanted).cloned().collect()))
    }

    /// Reads what sled holds, and whatever it cannot give from the journal.
    fn read_applied(
        &self,
        mut range: Range<u64>,
        records: &mut Vec<Record>,
    ) -> Result<(), StoreError> {
        let shared = &self.shared;
        while range.start < range.end {
            let before = records.len();
            {
                let engine = shared.engine.read();
                let engine = engine.unwrap_or_else(PoisonError::into_inner);
                match engine.as_ref().map(|e| e.read(range.clone(), records)) {
                    Some(Ok(())) => return Ok(()),
                    Some(Err(fault)) => shared.notice(Notice::ReadFromJournal {
                        position: range.start + (records.len() - before) as u64,
                        reason: fault.0,
                    }),
                    // It is being made anew, which is nothing to tell about.
                    None => {}
                }
            }
            range.start += (records.len() - before) as u64;
            let (bytes, _) = shared.journal.frame(range.start)?;
            let frame = Frame::parse(&bytes)
                .map_err(|error| files::corrupt(&shared.folder, 0, error.to_string()))?;
            let found = frame.records().filter(|r| range.contains(&r.position));
            let before = records.len();
            records.extend(found.map(|record| record.to_record()));
            range.start += (records.len() - before) as u64;
        }
        Ok(())
    }

    /// Computes a tile of level 0 from entries, and a higher one from those beneath it.
    fn make_tile(&self, id: TileId) -> Result<Arc<[u8]>, StoreError> {
        let width = u64::from(TILE_WIDTH);
        let children = id.index * width..(id.index + 1) * width;
        let mut bytes = Vec::with_capacity(check::TILE_BYTES);
        match id.level.checked_sub(1) {
            None => {
                let mut records = Vec::new();
                self.read_applied(children, &mut records)?;
                for record in records {
                    bytes.extend(leaf_hash(&record.entry).0);
                }
            }
            Some(level) => {
                for index in children {
                    let child = self.tile_or_make(TileId { level, index, ..id })?;
                    bytes.extend(tile_root(&child));
                }
            }
        }
        Ok(bytes.into())
    }

    fn tile_or_make(&self, id: TileId) -> Result<Arc<[u8]>, StoreError> {
        {
            let engine = self.shared.engine.read();
            let engine = engine.unwrap_or_else(PoisonError::into_inner);
            let answer = engine.as_ref().map(|engine| engine.tile(id));
            let reason = match answer {
                Some(Ok(Some(tile))) => return Ok(tile),
                Some(Ok(None)) => Some(format!("{} is missing or damaged in sled", id.path())),
                Some(Err(fault)) => Some(fault.0),
                None => None,
            };
            if let Some(reason) = reason {
                let position = id.index << (8 * (u32::from(id.level) + 1));
                self.shared
                    .notice(Notice::ReadFromJournal { position, reason });
            }
        }
        self.make_tile(id)
    }

    fn check_open(&self) -> Result<(), StoreError> {
        match lock(&self.shared.queue).closing {
            true => Err(StoreError::Closed),
            false => Ok(()),
        }
    }
}

impl Store for SledStore {
    fn head(&self) -> TreeHead {
        lock(&self.shared.queue).head
    }

    fn append(&self, batch: Batch) -> Result<(), StoreError> {
        let _writer = lock(&self.writer);
        self.shared.journal.check_writable()?;
        let head = self.shared.wait_for_room()?;
        check::batch(&batch, head)?;
        let written = self.shared.journal.append(&batch)?;
        let tiles = batch.tiles.into_iter();
        self.shared.push(Pending {
            first: batch.first,
            bytes: written.bytes,
            tiles: tiles.map(|(id, bytes)| (id, bytes.into())).collect(),
            end: written.end,
        });
        Ok(())
    }

    fn read(&self, range: Range<u64>) -> Result<Vec<Record>, StoreError> {
        // The queue is looked at first: what leaves it afterwards is in sled by then.
        let (split, pending) = self.pending(&range)?;
        let mut records = Vec::new();
        if range.start < split {
            self.read_applied(range.start..range.end.min(split), &mut records)?;
        }
        for pending in pending {
            let frame = Frame::parse(&pending.bytes)
                .map_err(|error| files::corrupt(&self.shared.folder, 0, error.to_string()))?;
            let found = frame.records().filter(|r| range.contains(&r.position));
            records.extend(found.map(|record| record.to_record()));
        }
        Ok(records)
    }

    fn tile(&self, id: TileId) -> Result<Option<Arc<[u8]>>, StoreError> {
        {
            let queue = lock(&self.shared.queue);
            if queue.closing {
                return Err(StoreError::Closed);
            }
            let is_there =
                id.is_full() && id.level < 8 && id.index < full_tiles(id.level, queue.head.size);
            if !is_there {
                return Ok(None);
            }
            let mut waiting = queue.frames.iter().flat_map(|frame| &frame.tiles);
            if let Some((_, bytes)) = waiting.find(|(waiting, _)| *waiting == id) {
                return Ok(Some(bytes.clone()));
            }
        }
        self.tile_or_make(id).map(Some)
    }

    fn erase(&self, position: u64, digest: &[u8; 32]) -> Result<(), StoreError> {
        let shared = &self.shared;
        shared.journal.check_writable()?;
        lock(&shared.queue).check_open()?;
        check::position(position, self.head().size)?;
        // From here on the content is in the journal and in sled, and nowhere else.
        shared.wait_for(position)?;
        let (bytes, place) = shared.journal.frame(position)?;
        let frame = Frame::parse(&bytes)
            .map_err(|error| files::corrupt(&shared.folder, place.offset, error.to_string()))?;
        let named = |c: &frame::Content<'_>| c.position == position && c.digest == *digest;
        let mut contents = frame.contents().filter(named).peekable();
        if contents.peek().is_none() {
            return Err(StoreError::UnknownDigest { position });
        }
        let begun = shared.erasing.load()?.contains(&(position, *digest));
        if !begun && contents.all(|content| check::is_zero(content.bytes)) {
            return Ok(());
        }
        shared.erasing.begin(position, digest)?;
        let erase = || {
            shared.journal.zero(position, digest)?;
            snapshots::forget(&open::snapshot_folder(&shared.folder), position)?;
            open::remove_old_copies(&shared.folder)?;
            shared.put_again(position)
        };
        let outcome = erase();
        shared.erasing.end();
        outcome
    }

    fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.check_open()?;
        Ok(self.shared.head_file.last().map(|signed| signed.note))
    }

    fn put_checkpoint(&self, head: TreeHead, note: &str) -> Result<(), StoreError> {
        self.check_open()?;
        self.shared.head_file.put(head, note, self.head().size)
    }

    fn put_snapshot(&self, size: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.check_open()?;
        check::range(&(0..size), self.head().size)?;
        snapshots::put(&open::snapshot_folder(&self.shared.folder), size, bytes)
    }

    fn snapshot(&self) -> Result<Option<(u64, Bytes)>, StoreError> {
        self.check_open()?;
        let folder = open::snapshot_folder(&self.shared.folder);
        snapshots::newest(&folder, self.head().size)
    }

    fn put_page(&self, index: u64, bytes: &[u8]) -> Result<(), StoreError> {
        self.check_open()?;
        let engine = self.shared.engine.read();
        match engine.unwrap_or_else(PoisonError::into_inner).as_ref() {
            Some(engine) => Ok(engine.put_page(index, bytes)?),
            // It is being made anew; the page is made again when it is missed.
            None => Ok(()),
        }
    }

    fn page(&self, index: u64) -> Result<Option<Vec<u8>>, StoreError> {
        self.check_open()?;
        let engine = self.shared.engine.read();
        let engine = engine.unwrap_or_else(PoisonError::into_inner);
        // A fault counts as absence, like any damage to a cache.
        Ok(engine
            .as_ref()
            .and_then(|engine| engine.page(index).ok().flatten()))
    }

    fn close(&self) -> Result<(), StoreError> {
        // Waits for an append in progress, so that it is drained too.
        let _writer = lock(&self.writer);
        {
            let mut queue = lock(&self.shared.queue);
            queue.closing = true;
            self.shared.changed.notify_all();
        }
        let mut applier = lock(&self.applier);
        let Some(applier) = applier.take() else {
            return Ok(());
        };
        if !self.shared.wait_finished(PATIENCE) {
            // After a failed write, such as on a full disk, sled's flush can wait for ever. It is left
            // behind with its thread: the journal has everything, and the next opening makes sled
            // anew from it.
            lock(&self.lock).take();
            let reason = "sled does not end its last flush; open the ledger again".to_owned();
            return Err(StoreError::ReadOnly { reason });
        }
        // It catches its own panics, so there is no other outcome to look at.
        let _ = applier.join();
        let engine = self.shared.engine.write();
        let engine = engine.unwrap_or_else(PoisonError::into_inner).take();
        if let Some(engine) = engine {
            engine.let_go();
        }
        // sled writes a snapshot of its own only when it is opened, and without one it then reads all
        // that was written since. After much writing that is done here, not at the next opening.
        if self.head().size - self.opened_at > MUCH_WRITTEN
            && let Ok(engine) = engine::Engine::open(&engine::folder(&self.shared.folder))
        {
            engine.let_go();
        }
        let stopped = lock(&self.shared.queue).stopped.clone();
        let writable = self.shared.journal.check_writable();
        let outcome = match stopped {
            Some(reason) => Err(StoreError::ReadOnly { reason }),
            None => writable.and_then(|()| {
                let end = self.shared.journal.end();
                let mark = Applied { end }.seal();
                files::replace(&open::clean_path(&self.shared.folder), &mark)
            }),
        };
        lock(&self.lock).take();
        outcome
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        // Whoever needs the outcome calls `close`.
        let _ = self.close();
    }
}

/// The root over a full tile's hashes: one hash of the level above.
fn tile_root(tile: &[u8]) -> [u8; 32] {
    let mut hashes: Vec<_> = tile
        .chunks_exact(32)
        .map(|hash| crate::hash::Hash(frame::array(hash, 0)))
        .collect();
    while hashes.len() > 1 {
        hashes = hashes
            .chunks_exact(2)
            .map(|pair| node_hash(&pair[0], &pair[1]))
            .collect();
    }
    hashes.first().map_or([0; 32], |root| root.0)
}

/// Locks, whatever happened to an earlier holder: no invariant of ours spans a panic, since state
/// behind a lock changes in single steps, after the work that may fail.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
