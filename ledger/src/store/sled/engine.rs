//! sled itself: the copy that is read. Nothing it says is trusted unchecked, and nothing depends on
//! it: whatever it lacks is in the journal.

use std::fs::File;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use super::files;
use super::frame::{Frame, HEADER_BYTES, array};
use super::pack::{self, APPLIED_KEY, Applied, Pack};
use crate::store::Record;
use crate::tile::TileId;

/// Time that opening may take: it reads everything that was written since its last own snapshot.
const OPEN_LIMIT: Duration = Duration::from_secs(60);

/// Time that the last user of the same files in this process may take to let go of them.
const LOCK_LIMIT: Duration = Duration::from_secs(10);

/// Time that closing may take. After a failed write, such as on a full disk, sled's last flush can wait
/// for ever.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// What sled may keep in memory, in bytes.
const CACHE_BYTES: u64 = 64 * 1024 * 1024;

/// Further looks at a value just read, so that sled notices how much it keeps in memory: it looks
/// into that only at every 64th access to one 256th of its pages, by when pages of our size are
/// gigabytes. The first number is for the first value of a read, the second for those after it, which
/// are mostly of the same page. A look costs well under a microsecond.
const FIRST_LOOKS: usize = 15;
const NEXT_LOOKS: usize = 2;

/// Why this copy is of no use, in words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{0}")]
pub(super) struct Fault(pub String);

impl Fault {
    fn at(what: &str, position: u64) -> Self {
        Self(format!(
            "{what} {position} of sled does not match its check"
        ))
    }
}

/// An open sled.
pub(super) struct Engine {
    db: ::sled::Db,
    /// sled's own data file: its flush leaves out the barrier that makes it durable.
    file: File,
}

impl Engine {
    /// Opens or creates it, on a thread of its own, since sled may panic or hang on damaged files.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let (send, receive) = mpsc::channel();
        let path = folder.to_owned();
        let open = move || {
            // Nobody listens any more after the time limit.
            let _ = send.send(guard(|| Self::open_here(&path)));
        };
        thread::Builder::new()
            .name("sled-open".to_owned())
            .spawn(open)
            .map_err(|error| Fault(format!("no thread to open sled on: {error}")))?;
        receive.recv_timeout(OPEN_LIMIT).unwrap_or_else(|_| {
            let limit = OPEN_LIMIT.as_secs();
            Err(Fault(format!("sled did not open within {limit} seconds")))
        })
    }

    fn open_here(folder: &Path) -> Result<Self, Fault> {
        let is_new = !folder.join("db").exists();
        // A kill while sled wrote its own snapshot leaves half of it under this name, which sled
        // would take for the newest.
        for name in files::names(folder).map_err(fault)? {
            if name.starts_with("snap.") && name.ends_with(".generating") {
                files::remove(&folder.join(name)).map_err(fault)?;
            }
        }
        let config = ::sled::Config::new()
            .path(folder)
            .cache_capacity(CACHE_BYTES)
            .flush_every_ms(None);
        let start = Instant::now();
        let db = loop {
            match config.open() {
                // The ledger's own lock keeps other processes out, so this is an earlier engine of
                // this process, whose threads have not yet let go.
                Err(error)
                    if error.to_string().contains("could not acquire lock")
                        && start.elapsed() < LOCK_LIMIT =>
                {
                    thread::sleep(Duration::from_millis(20));
                }
                Err(error) => return Err(Fault(format!("sled does not open: {error}"))),
                Ok(db) => break db,
            }
        };
        let file = File::open(folder.join("db")).map_err(|error| Fault(error.to_string()))?;
        if is_new {
            // sled never syncs these itself; without them its other files are worth nothing.
            let sync = || {
                File::open(folder.join("conf"))?.sync_all()?;
                file.sync_all()
            };
            sync().map_err(|error| Fault(error.to_string()))?;
            files::sync_folder(folder).map_err(fault)?;
            folder
                .parent()
                .map_or(Ok(()), files::sync_folder)
                .map_err(fault)?;
        }
        Ok(Self { db, file })
    }

    /// Lets go of sled, and leaves it behind where it does not end: nothing depends on it.
    pub fn let_go(self) {
        let (done, wait) = mpsc::channel();
        let close = move || {
            let _ = guard(|| {
                drop(self);
                Ok(())
            });
            // Nobody listens any more after the time limit.
            let _ = done.send(());
        };
        let thread = thread::Builder::new().name("sled-close".to_owned());
        if thread.spawn(close).is_ok() {
            let _ = wait.recv_timeout(CLOSE_LIMIT);
        }
    }

    /// How far this copy has come; `None` when it is empty.
    pub fn applied(&self) -> Result<Option<Applied>, Fault> {
        guard(|| match self.db.get(APPLIED_KEY)? {
            Some(value) => Applied::parse(&value)
                .map(Some)
                .ok_or_else(|| Fault("the mark of sled's progress is damaged".to_owned())),
            None if self.db.is_empty() => Ok(None),
            None => Err(Fault("the mark of sled's progress is missing".to_owned())),
        })
    }

    /// Puts in frames with the tiles they completed, all at once or not at all.
    pub fn apply<'t>(
        &self,
        frames: &[Frame<'_>],
        tiles: impl IntoIterator<Item = (TileId, &'t [u8])>,
        applied: Option<Applied>,
    ) -> Result<(), Fault> {
        guard(|| {
            let mut batch = ::sled::Batch::default();
            for frame in frames {
                let key = pack::header_key(frame.header.first);
                batch.insert(&key, pack::seal(&key, &[&frame.bytes[..HEADER_BYTES]]));
                for pack in pack::packs(frame) {
                    batch.insert(&pack::pack_key(pack.first), pack.seal());
                }
            }
            for (id, bytes) in tiles {
                let key = pack::tile_key(id);
                batch.insert(&key, pack::seal(&key, &[bytes]));
            }
            if let Some(applied) = applied {
                batch.insert(APPLIED_KEY, applied.seal());
            }
            Ok(self.db.apply_batch(batch)?)
        })
    }

    /// Removes keys: what a frame should not have, when it is mended.
    pub fn remove(&self, keys: &[Vec<u8>]) -> Result<(), Fault> {
        guard(|| {
            for key in keys {
                self.db.remove(key)?;
            }
            Ok(())
        })
    }

    /// Adds the records of a range to `records`, from its start on. Stops with a fault at the first
    /// that is missing or damaged: those before it are good.
    pub fn read(&self, range: Range<u64>, records: &mut Vec<Record>) -> Result<(), Fault> {
        let mut next = range.start;
        guard(|| {
            let before = pack::pack_key(0)..=pack::pack_key(next);
            let Some(first) = self.db.range(before).next_back() else {
                return Err(Fault::at("record", next));
            };
            let first = pack::key_position(&first?.0);
            let mut looks = FIRST_LOOKS;
            for item in self
                .db
                .range(pack::pack_key(first)..pack::pack_key(range.end))
            {
                let (key, value) = item?;
                self.look_again(&key, looks)?;
                looks = NEXT_LOOKS;
                let pack = pack::unseal(&key, &value)
                    .and_then(|value| Pack::parse(pack::key_position(&key), value))
                    .ok_or_else(|| Fault::at("record", next))?;
                for record in pack.records() {
                    if record.position == next && next < range.end {
                        records.push(record.to_record());
                        next += 1;
                    }
                }
            }
            if next < range.end {
                return Err(Fault::at("record", next));
            }
            Ok(())
        })
    }

    /// A full tile; `None` when it is missing or damaged.
    pub fn tile(&self, id: TileId) -> Result<Option<Arc<[u8]>>, Fault> {
        let key = pack::tile_key(id);
        guard(|| {
            let value = self.db.get(key)?;
            self.look_again(&key, FIRST_LOOKS)?;
            let bytes = value.as_deref().and_then(|value| pack::unseal(&key, value));
            Ok(bytes.map(Arc::from))
        })
    }

    /// Keeps a page of the log's index.
    pub fn put_page(&self, index: u64, bytes: &[u8]) -> Result<(), Fault> {
        let key = pack::page_key(index);
        guard(|| {
            self.db.insert(key, pack::seal(&key, &[bytes]))?;
            Ok(())
        })
    }

    /// A page of the log's index; `None` when it is missing or damaged.
    pub fn page(&self, index: u64) -> Result<Option<Vec<u8>>, Fault> {
        let key = pack::page_key(index);
        guard(|| {
            let value = self.db.get(key)?;
            let bytes = value.as_deref().and_then(|value| pack::unseal(&key, value));
            Ok(bytes.map(<[u8]>::to_vec))
        })
    }

    /// A frame put together again from its header and packs, unchecked but for the values' own
    /// checks. `None` when there is no header at this position.
    pub fn frame(&self, first: u64) -> Result<Option<Vec<u8>>, Fault> {
        let key = pack::header_key(first);
        guard(|| {
            let Some(value) = self.db.get(key)? else {
                return Ok(None);
            };
            let header =
                pack::unseal(&key, &value).ok_or_else(|| Fault::at("frame header", first))?;
            let count = u32::from_be_bytes(array(header, 16));
            let end = first.saturating_add(u64::from(count));
            let mut frame = header.to_vec();
            let mut contents: Vec<u8> = Vec::new();
            for item in self.db.range(pack::pack_key(first)..pack::pack_key(end)) {
                let (key, value) = item?;
                let position = pack::key_position(&key);
                let pack = pack::unseal(&key, &value)
                    .and_then(|value| Pack::parse(position, value))
                    .ok_or_else(|| Fault::at("record", position))?;
                frame.extend_from_slice(pack.permanent);
                contents.extend_from_slice(pack.erasable);
            }
            frame.extend(contents);
            Ok(Some(frame))
        })
    }

    /// Every key, in order.
    pub fn keys(&self) -> Result<Vec<Vec<u8>>, Fault> {
        guard(|| {
            let mut keys = Vec::new();
            for key in self.db.iter().keys() {
                let key = key?;
                self.look_again(&key, NEXT_LOOKS)?;
                keys.push(key.to_vec());
            }
            Ok(keys)
        })
    }

    fn look_again(&self, key: &[u8], looks: usize) -> Result<(), Fault> {
        for _ in 0..looks {
            self.db.contains_key(key)?;
        }
        Ok(())
    }

    /// Makes what was applied durable.
    pub fn flush(&self) -> Result<(), Fault> {
        guard(|| {
            self.db.flush()?;
            self.file
                .sync_all()
                .map_err(|error| Fault(format!("sled's file does not sync: {error}")))
        })
    }
}

/// Where sled lives in a ledger's folder.
pub(super) fn folder(ledger: &Path) -> PathBuf {
    ledger.join("sled")
}

/// Runs something on sled; a panic of sled's is a fault like any other.
fn guard<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let words = panic
            .downcast_ref::<String>()
            .map(String::as_str)
            .or_else(|| panic.downcast_ref::<&str>().copied());
        Err(Fault(format!("sled panicked: {}", words.unwrap_or("?"))))
    })
}

impl From<::sled::Error> for Fault {
    fn from(error: ::sled::Error) -> Self {
        Self(format!("sled: {error}"))
    }
}

fn fault(error: crate::store::StoreError) -> Fault {
    Fault(error.to_string())
}
