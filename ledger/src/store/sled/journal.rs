//! The journal: the copy that acknowledges, and that is never thrown away.
//!
//! Segment files `journal/<first position, 20 digits>.seg` of [`super::frame`]s. An append is one
//! write and one `fdatasync`. A segment is closed at 64 MiB and stays for good.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock};

use super::files::{self, Faults};
use super::frame::{Frame, HEADER_BYTES, Header};
use super::lock;
use super::scan::{End, MARK_EVERY, Place, Scan, segment_path};
use crate::store::{Batch, StoreError, check};
use crate::tree::TreeHead;

/// Length above which a frame opens a new segment, in bytes. Small in the tests of this crate, so
/// that they have several.
const SEGMENT_BYTES: u64 = if cfg!(test) {
    8 * 1024
} else {
    64 * 1024 * 1024
};

/// An open journal whose every frame was found sound.
pub(super) struct Journal {
    folder: PathBuf,
    /// Held over a whole append or erasure, so that these never interleave.
    tail: Mutex<Tail>,
    index: RwLock<Index>,
    /// Held for writing while a content is overwritten, since one that is half zeros passes for
    /// damage; for reading while a frame is read and checked.
    contents: RwLock<()>,
    pub faults: Faults,
}

struct Tail {
    end: End,
    /// The last segment.
    file: Option<File>,
    /// Why nothing may be written any more.
    poisoned: Option<String>,
}

/// What finding a frame needs.
struct Index {
    marks: Vec<Place>,
    /// Records that are durable: never read beyond them, for a frame is being written there.
    size: u64,
}

/// A frame that has become durable.
pub(super) struct Written {
    pub bytes: Vec<u8>,
    /// What follows it.
    pub end: End,
}

impl Journal {
    /// Takes over after a scan that found no damage, or whose damage was cut off. What was found is
    /// made durable first: a crash may have left a whole frame that was never synced, and from here
    /// on it counts as history.
    pub fn open(folder: &Path, scan: Scan) -> Result<Self, StoreError> {
        let file = match scan.end.segment {
            Some(first) => {
                let path = segment_path(folder, first);
                let file = files::open_rw(&path)?;
                file.sync_all().map_err(files::failed(&path))?;
                Some(file)
            }
            None => None,
        };
        files::sync_folder(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            index: RwLock::new(Index {
                marks: scan.marks,
                size: scan.end.head.size,
            }),
            tail: Mutex::new(Tail {
                end: scan.end,
                file,
                poisoned: None,
            }),
            contents: RwLock::new(()),
            faults: Faults::default(),
        })
    }

    /// Where the segments are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What follows the last frame.
    pub fn end(&self) -> End {
        lock(&self.tail).end
    }

    /// Refuses when an earlier failure has stopped all writes.
    pub fn check_writable(&self) -> Result<(), StoreError> {
        lock(&self.tail).check_writable()
    }

    /// Writes one frame and makes it durable. The batch has passed [`check::batch`].
    pub fn append(&self, batch: &Batch) -> Result<Written, StoreError> {
        let mut tail = lock(&self.tail);
        tail.check_writable()?;
        let (first, root) = (batch.first, batch.head.root);
        let bytes = Frame::encode(first, &batch.records, root, tail.end.chain)?;
        let place = match self.write(&mut tail, first, &bytes) {
            Ok(place) => place,
            Err(error) => {
                // The kernel may have dropped what it could not write and call the next sync a
                // success, so nothing further may be acknowledged on top of it.
                tail.poisoned = Some(error.to_string());
                return Err(error);
            }
        };
        let frame = Frame::parse(&bytes).map_err(|error| check::unfit(&error.to_string()))?;
        tail.end = End {
            head: batch.head,
            chain: frame.chain(),
            segment: Some(place.segment),
            offset: place.offset + bytes.len() as u64,
        };
        let mut index = self.index.write().unwrap_or_else(PoisonError::into_inner);
        let due = index.marks.last().is_none_or(|mark| {
            mark.segment != place.segment || place.offset - mark.offset >= MARK_EVERY
        });
        if due {
            index.marks.push(place);
        }
        index.size = batch.head.size;
        let end = tail.end;
        Ok(Written { bytes, end })
    }

    fn write(&self, tail: &mut Tail, first: u64, bytes: &[u8]) -> Result<Place, StoreError> {
        let full = tail.end.offset > 0 && tail.end.offset + bytes.len() as u64 > SEGMENT_BYTES;
        if tail.file.is_none() || full {
            let path = segment_path(&self.folder, first);
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create_new(true)
                .open(&path)
                .map_err(files::failed(&path))?;
            file.sync_all().map_err(files::failed(&path))?;
            files::sync_folder(&self.folder)?;
            tail.file = Some(file);
            tail.end.segment = Some(first);
            tail.end.offset = 0;
        }
        let segment = tail.end.segment.unwrap_or(first);
        let path = segment_path(&self.folder, segment);
        let offset = tail.end.offset;
        let Some(file) = &tail.file else {
            return Err(files::corrupt(&path, offset, "the segment is not open"));
        };
        if let Err(error) = self.faults.write_durably(file, bytes, offset) {
            // Not acknowledged, so it should not turn up later. Where even this fails, the next open
            // cuts a torn frame off, and counts a whole one as history.
            let _ = file.set_len(offset);
            return Err(files::failed(&path)(error));
        }
        Ok(Place {
            first,
            segment,
            offset,
        })
    }

    /// Overwrites a content with zeros, durably. `false` when the record names no such digest.
    ///
    /// The caller has marked the erasure as begun: this write is not atomic.
    pub fn zero(&self, position: u64, digest: &[u8; 32]) -> Result<bool, StoreError> {
        let mut tail = lock(&self.tail);
        tail.check_writable()?;
        let place = self.locate(position)?.0;
        let path = segment_path(&self.folder, place.segment);
        let file = files::open_rw(&path)?;
        let bytes = self.frame_at(place)?;
        let frame = parse(&bytes, &path, place.offset)?;
        let _contents = self.contents.write();
        let mut found = false;
        for content in frame.contents() {
            if content.position != position || content.digest != *digest {
                continue;
            }
            found = true;
            let zeros = vec![0; content.bytes.len()];
            let offset = place.offset + content.offset as u64;
            if let Err(error) = self.faults.write_durably(&file, &zeros, offset) {
                let error = files::failed(&path)(error);
                tail.poisoned = Some(error.to_string());
                return Err(error);
            }
        }
        Ok(found)
    }

    /// The frame that holds a record, checked in full, and where it stands.
    ///
    /// # Errors
    /// [`StoreError::OutOfRange`] beyond what is durable, [`StoreError::Corrupt`] for damage.
    pub fn frame(&self, position: u64) -> Result<(Vec<u8>, Place), StoreError> {
        let (place, header) = self.locate(position)?;
        let path = segment_path(&self.folder, place.segment);
        let file = File::open(&path).map_err(files::failed(&path))?;
        let _contents = self.contents.read();
        let bytes = files::read_at(&file, &path, place.offset, header.frame_bytes())?;
        check_frame(&bytes, &path, place.offset)?;
        Ok((bytes, place))
    }

    /// The frames from the one that holds `from` on, up to the one that ends at `goal`.
    pub fn frames(&self, from: u64, goal: u64) -> Frames<'_> {
        Frames {
            journal: self,
            next: from,
            goal,
            at: None,
        }
    }

    fn frame_at(&self, place: Place) -> Result<Vec<u8>, StoreError> {
        let path = segment_path(&self.folder, place.segment);
        let file = File::open(&path).map_err(files::failed(&path))?;
        let header = files::read_at(&file, &path, place.offset, HEADER_BYTES as u64)?;
        let header = Header::parse(&header)
            .map_err(|error| files::corrupt(&path, place.offset, error.to_string()))?;
        files::read_at(&file, &path, place.offset, header.frame_bytes())
    }

    /// Walks from the nearest mark, header by header.
    fn locate(&self, position: u64) -> Result<(Place, Header), StoreError> {
        let mut place = {
            let index = self.index.read().unwrap_or_else(PoisonError::into_inner);
            check::position(position, index.size)?;
            let after = index.marks.partition_point(|mark| mark.first <= position);
            let mark = after.checked_sub(1).and_then(|at| index.marks.get(at));
            *mark.ok_or_else(|| files::corrupt(&self.folder, 0, "the first frame is missing"))?
        };
        let path = segment_path(&self.folder, place.segment);
        let file = File::open(&path).map_err(files::failed(&path))?;
        loop {
            let header = files::read_at(&file, &path, place.offset, HEADER_BYTES as u64)?;
            let header = Header::parse(&header)
                .map_err(|error| files::corrupt(&path, place.offset, error.to_string()))?;
            if header.first != place.first {
                return Err(files::corrupt(&path, place.offset, "a frame has moved"));
            }
            if position < header.end() {
                return Ok((place, header));
            }
            place.first = header.end();
            place.offset += header.frame_bytes();
        }
    }
}

/// Reads a frame of this file.
pub(super) fn parse<'a>(
    bytes: &'a [u8],
    path: &Path,
    offset: u64,
) -> Result<Frame<'a>, StoreError> {
    Frame::parse(bytes).map_err(|error| files::corrupt(path, offset, error.to_string()))
}

/// Checks a frame in full.
fn check_frame<'a>(bytes: &'a [u8], path: &Path, offset: u64) -> Result<Frame<'a>, StoreError> {
    let frame = parse(bytes, path, offset)?;
    if let Err(content) = frame.check_contents() {
        let message = format!(
            "a content of record {} does not match its digest",
            content.position
        );
        let offset = offset + content.offset as u64;
        return Err(files::corrupt(path, offset, message));
    }
    Ok(frame)
}

/// Reads frame after frame, each checked in full.
pub(super) struct Frames<'j> {
    journal: &'j Journal,
    next: u64,
    goal: u64,
    /// Where the next frame is looked for: file, path, its segment, offset.
    at: Option<(File, PathBuf, u64, u64)>,
}

impl Frames<'_> {
    /// The next frame and what follows it; `None` at the goal.
    pub fn next(&mut self) -> Result<Option<(Vec<u8>, End)>, StoreError> {
        if self.next >= self.goal {
            return Ok(None);
        }
        let folder = &self.journal.folder;
        let (file, path, segment, offset) = match self.at.take() {
            Some(at) => at,
            None => {
                let place = self.journal.locate(self.next)?.0;
                let path = segment_path(folder, place.segment);
                let file = File::open(&path).map_err(files::failed(&path))?;
                (file, path, place.segment, place.offset)
            }
        };
        let header = files::read_at(&file, &path, offset, HEADER_BYTES as u64)?;
        let header = Header::parse(&header)
            .map_err(|error| files::corrupt(&path, offset, error.to_string()))?;
        let contents = self.journal.contents.read();
        let bytes = files::read_at(&file, &path, offset, header.frame_bytes())?;
        drop(contents);
        let frame = check_frame(&bytes, &path, offset)?;
        let end = End {
            head: TreeHead {
                size: header.end(),
                root: header.root,
            },
            chain: frame.chain(),
            segment: Some(segment),
            offset: offset + header.frame_bytes(),
        };
        self.next = header.end();
        // At the end of a segment the next one is looked up by position.
        let len = file.metadata().map_err(files::failed(&path))?.len();
        if end.offset < len {
            self.at = Some((file, path, segment, end.offset));
        }
        Ok(Some((bytes, end)))
    }
}

impl Tail {
    fn check_writable(&self) -> Result<(), StoreError> {
        match &self.poisoned {
            Some(reason) => Err(StoreError::ReadOnly {
                reason: reason.clone(),
            }),
            None => Ok(()),
        }
    }
}
