//! The thread behind the journal: it brings sled up to it, and keeps it there.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::engine::{self, Engine, Fault};
use super::erasing::Erasing;
use super::frame::Frame;
use super::head_file::HeadFile;
use super::journal::Journal;
use super::notice::Notice;
use super::pack::Applied;
use super::scan::End;
use super::{files, lock, replay};
use crate::store::StoreError;
use crate::tile::TileId;
use crate::tree::TreeHead;

/// Time between two flushes of sled, where there was work. Only a shortcut for the next open.
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// Time without further erasures after which sled's old pages are done away with.
const PURGE_AFTER: Duration = Duration::from_secs(2);

/// Frames and bytes that may wait for sled; an append beyond them waits too.
const QUEUE_FRAMES: usize = 64;
const QUEUE_BYTES: usize = 64 * 1024 * 1024;

/// Notices kept for whoever asks.
const NOTICES: usize = 64;

/// What the callers' threads and the applier share.
pub(super) struct Shared {
    /// The ledger's folder.
    pub folder: PathBuf,
    pub journal: Journal,
    pub head_file: HeadFile,
    pub erasing: Erasing,
    /// `None` while sled is made anew, and once closed: the journal answers then.
    pub engine: RwLock<Option<Engine>>,
    pub queue: Mutex<Queue>,
    /// Signalled at every change of `queue` that somebody may wait for.
    pub changed: Condvar,
    notices: Mutex<Vec<Notice>>,
}

/// What is durable in the journal, and not yet in sled.
pub(super) struct Queue {
    /// Size and root of what is durable.
    pub head: TreeHead,
    /// In order, without gaps, up to the head. A frame stays until sled shows it, so that a reader
    /// who finds a position in neither has found damage.
    pub frames: VecDeque<Arc<Pending>>,
    bytes: usize,
    /// Positions whose frames are to be put into sled again, because something of them was erased.
    erased: VecDeque<u64>,
    /// Erasures handed in, and done.
    tickets: (u64, u64),
    /// Why the applier has stopped before its time.
    pub stopped: Option<String>,
    pub closing: bool,
    /// The applier is gone.
    finished: bool,
}

/// A frame that waits for sled.
pub(super) struct Pending {
    pub bytes: Vec<u8>,
    pub tiles: Vec<(TileId, Arc<[u8]>)>,
    pub end: End,
    pub first: u64,
}

enum Job {
    Apply(Arc<Pending>),
    PutAgain(u64),
    Tick,
    Close,
}

impl Shared {
    pub fn new(
        folder: PathBuf,
        journal: Journal,
        head_file: HeadFile,
        erasing: Erasing,
        engine: Engine,
    ) -> Self {
        let queue = Queue {
            head: journal.end().head,
            frames: VecDeque::new(),
            bytes: 0,
            erased: VecDeque::new(),
            tickets: (0, 0),
            stopped: None,
            closing: false,
            finished: false,
        };
        Self {
            folder,
            journal,
            head_file,
            erasing,
            engine: RwLock::new(Some(engine)),
            queue: Mutex::new(queue),
            changed: Condvar::new(),
            notices: Mutex::new(Vec::new()),
        }
    }

    /// Keeps something worth telling, unless there is already much to tell.
    pub fn notice(&self, notice: Notice) {
        let mut notices = lock(&self.notices);
        if notices.len() < NOTICES {
            notices.push(notice);
        }
    }

    pub fn take_notices(&self) -> Vec<Notice> {
        std::mem::take(&mut lock(&self.notices))
    }

    /// Waits until sled is not too far behind.
    pub fn wait_for_room(&self) -> Result<TreeHead, StoreError> {
        let queue =
            self.wait(|queue| queue.frames.len() < QUEUE_FRAMES && queue.bytes < QUEUE_BYTES)?;
        Ok(queue.head)
    }

    /// Shows a frame that has become durable, and hands it on.
    pub fn push(&self, pending: Pending) {
        let mut queue = lock(&self.queue);
        queue.head = pending.end.head;
        queue.bytes += pending.bytes.len();
        queue.frames.push_back(Arc::new(pending));
        self.changed.notify_all();
    }

    /// Waits until sled holds the record at a position.
    pub fn wait_for(&self, position: u64) -> Result<(), StoreError> {
        let first = |queue: &Queue| queue.frames.front().map(|frame| frame.first);
        drop(self.wait(|queue| first(queue).is_none_or(|first| position < first))?);
        Ok(())
    }

    /// Has the frame of a position put into sled again, and waits until that is durable.
    pub fn put_again(&self, position: u64) -> Result<(), StoreError> {
        let ticket = {
            let mut queue = lock(&self.queue);
            queue.check_open()?;
            queue.erased.push_back(position);
            queue.tickets.0 += 1;
            self.changed.notify_all();
            queue.tickets.0
        };
        let mut queue = lock(&self.queue);
        while queue.tickets.1 < ticket {
            // Handed in before any close, so the applier still comes to it, or says why not.
            if queue.finished {
                return Err(queue.refusal());
            }
            queue = self
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Ok(())
    }

    /// Waits until the applier is gone; false where nothing has moved for so long.
    pub fn wait_finished(&self, patience: Duration) -> bool {
        let mut queue = lock(&self.queue);
        while !queue.finished {
            let (before, erased) = (queue.frames.len(), queue.erased.len());
            let waited = self.changed.wait_timeout_while(queue, patience, |queue| {
                !queue.finished && (queue.frames.len(), queue.erased.len()) == (before, erased)
            });
            let (now, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
            if timeout.timed_out() {
                return now.finished;
            }
            queue = now;
        }
        true
    }

    fn wait(
        &self,
        ready: impl Fn(&Queue) -> bool,
    ) -> Result<std::sync::MutexGuard<'_, Queue>, StoreError> {
        let mut queue = lock(&self.queue);
        loop {
            queue.check_open()?;
            if ready(&queue) {
                return Ok(queue);
            }
            queue = self
                .changed
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Queue {
    /// Refuses changes once closed or stopped.
    pub fn check_open(&self) -> Result<(), StoreError> {
        if self.closing || self.stopped.is_some() {
            return Err(self.refusal());
        }
        Ok(())
    }

    fn refusal(&self) -> StoreError {
        match &self.stopped {
            Some(reason) if !self.closing => StoreError::ReadOnly {
                reason: reason.clone(),
            },
            _ => StoreError::Closed,
        }
    }
}

/// Works until the store is closed. Whatever goes wrong stops the store's writes, with the reason:
/// nothing is lost by it, since the journal has it all.
pub(super) fn run(shared: &Shared) {
    let outcome = catch_unwind(AssertUnwindSafe(|| Applier::new(shared).work()));
    let mut queue = lock(&shared.queue);
    queue.stopped = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(StoreError::ReadOnly { reason })) => Some(reason),
        Ok(Err(error)) => Some(error.to_string()),
        Err(_) => Some("the thread that applies to sled panicked".to_owned()),
    };
    queue.finished = true;
    shared.changed.notify_all();
}

struct Applier<'s> {
    shared: &'s Shared,
    /// Whether sled holds anything that is not durable.
    dirty: bool,
    flushed: Instant,
    /// When something was last erased, until sled's old pages are gone.
    erased: Option<Instant>,
}

impl<'s> Applier<'s> {
    fn new(shared: &'s Shared) -> Self {
        Self {
            shared,
            dirty: false,
            flushed: Instant::now(),
            erased: None,
        }
    }

    fn work(&mut self) -> Result<(), StoreError> {
        loop {
            match self.next_job() {
                Job::Apply(pending) => self.apply(&pending)?,
                Job::PutAgain(position) => self.put_again(position)?,
                Job::Tick => {}
                Job::Close => return self.flush(),
            }
            if self
                .erased
                .is_some_and(|erased| erased.elapsed() >= PURGE_AFTER)
            {
                self.purge()?;
            }
            let work = self.dirty || self.shared.head_file.is_dirty();
            if work && self.flushed.elapsed() >= FLUSH_EVERY {
                self.flush()?;
            }
        }
    }

    fn next_job(&self) -> Job {
        let shared = self.shared;
        let queue = lock(&shared.queue);
        let (mut queue, _) = shared
            .changed
            .wait_timeout_while(queue, FLUSH_EVERY, |queue| {
                queue.frames.is_empty() && queue.erased.is_empty() && !queue.closing
            })
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(pending) = queue.frames.front() {
            return Job::Apply(pending.clone());
        }
        match queue.erased.pop_front() {
            Some(position) => Job::PutAgain(position),
            None if queue.closing => Job::Close,
            None => Job::Tick,
        }
    }

    fn apply(&mut self, pending: &Pending) -> Result<(), StoreError> {
        let frame = Frame::parse(&pending.bytes).map_err(|error| stop(&error.to_string()))?;
        let tiles = pending.tiles.iter().map(|(id, bytes)| (*id, &bytes[..]));
        let applied = Applied { end: pending.end };
        self.with_engine(|engine| Ok(engine.apply(&[frame], tiles, Some(applied))?))?;
        self.dirty = true;
        let mut queue = lock(&self.shared.queue);
        queue.frames.pop_front();
        queue.bytes = queue.bytes.saturating_sub(pending.bytes.len());
        self.shared.changed.notify_all();
        Ok(())
    }

    fn put_again(&mut self, position: u64) -> Result<(), StoreError> {
        let (bytes, _) = self.shared.journal.frame(position)?;
        let frame = Frame::parse(&bytes).map_err(|error| stop(&error.to_string()))?;
        self.with_engine(|engine| {
            engine.apply(&[frame], [], None)?;
            Ok(engine.flush()?)
        })?;
        self.erased = Some(Instant::now());
        let mut queue = lock(&self.shared.queue);
        queue.tickets.1 += 1;
        self.shared.changed.notify_all();
        Ok(())
    }

    /// Makes sled anew from the journal: its file keeps old pages, and with them what was erased.
    /// Readers are answered from the journal meanwhile, and appends wait once the queue is full.
    fn purge(&mut self) -> Result<(), StoreError> {
        let shared = self.shared;
        let begun = shared.erasing.begun();
        let old = shared
            .engine
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(old) = old {
            old.let_go();
        }
        files::remove(&engine::folder(&shared.folder))?;
        let engine = replay::rebuild(&shared.folder, &shared.journal)?;
        *shared
            .engine
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Some(engine);
        // An erasure that began meanwhile may have been copied half-way: then there is another round.
        let over = shared.erasing.forget(begun)?;
        self.erased = (!over).then(Instant::now);
        self.dirty = false;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        if self.dirty {
            self.with_engine(|engine| Ok(engine.flush()?))?;
        }
        self.shared.head_file.sync()?;
        self.dirty = false;
        self.flushed = Instant::now();
        Ok(())
    }

    fn with_engine<T>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let engine = self.shared.engine.read();
        let engine = engine.unwrap_or_else(PoisonError::into_inner);
        // Only this thread takes it away, and puts it back in the same breath.
        work(engine.as_ref().ok_or_else(|| stop("sled is not open"))?)
    }
}

fn stop(reason: &str) -> StoreError {
    StoreError::ReadOnly {
        reason: reason.to_owned(),
    }
}

impl From<Fault> for StoreError {
    fn from(fault: Fault) -> Self {
        stop(&fault.0)
    }
}
