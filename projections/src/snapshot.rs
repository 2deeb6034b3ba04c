//! Views as bytes and back.
//!
//! ```text
//! snapshot = "minutebook-views", version (4 bytes), BLAKE3 (32) over the catalogue's kinds, the words
//!            of `pack` and all that follows, where the frame begins (8), sections, frame
//! section  = items, then their index: how many (8), where each begins and the last ends (8 each)
//! frame    = the views in one block (`pack`), each shelf and tape by where its index lies
//! ```
//!
//! Numbers are little-endian, places count from the first byte. To load is to check the BLAKE3 and to
//! read the frame; what lies in sections is read when someone asks for it. To save is to copy what
//! was never touched and to write what was. The bytes depend on what the views say, not on how they
//! came to say it.
//!
//! A snapshot is only ever a cache: bytes of another version are thrown away, and the views folded
//! anew. The BLAKE3 says that the bytes are those that [`save`] wrote; so what it wrote can be read,
//! also later and item by item, as long as [`VERSION`] is raised whenever a view changes what it
//! keeps.

use std::cell::RefCell;
use std::ops::Range;

use minutebook_events::{Bytes, Kind};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::pack::{Block, PackError, pack, words};

const FORMAT: &[u8; 16] = b"minutebook-views";

/// To be raised whenever a view changes what it keeps.
const VERSION: u32 = 5;

const VERSION_AT: Range<usize> = 16..20;
const CHECK_AT: Range<usize> = 20..52;
const FRAME_AT: Range<usize> = 52..60;

pub(crate) fn save<V: Serialize>(views: &V) -> Vec<u8> {
    let mut start = FORMAT.to_vec();
    start.extend(VERSION.to_le_bytes());
    start.resize(FRAME_AT.end, 0);
    SAVING.set(Some(start));
    let frame = pack([views]);
    // Writing to memory does not fail, and every view is made of what a block can hold. Were that
    // ever not so, an empty snapshot is one that cannot be loaded, and the views are folded anew.
    let (Some(mut bytes), Ok(frame)) = (SAVING.take(), frame) else {
        return Vec::new();
    };
    let at = bytes.len() as u64;
    bytes[FRAME_AT].copy_from_slice(&at.to_le_bytes());
    bytes.extend(frame);
    let check = check(&bytes);
    bytes[CHECK_AT].copy_from_slice(check.as_bytes());
    bytes
}

pub(crate) fn load<V: DeserializeOwned>(bytes: Bytes) -> Option<V> {
    if bytes.get(..VERSION_AT.start)? != FORMAT
        || bytes.get(VERSION_AT)? != VERSION.to_le_bytes()
        || check(&bytes) != *bytes.get(CHECK_AT)?.first_chunk::<32>()?
    {
        return None;
    }
    let frame = usize::try_from(number(&bytes, FRAME_AT.start)?).ok()?;
    let frame = (frame <= bytes.len()).then(|| bytes.slice(frame..))?;
    LOADING.set(Some(bytes));
    let views = Block::open(frame).and_then(|block| block.root(0));
    LOADING.take();
    views.ok()
}

/// Kinds and words are written by their numbers, so others are another check.
fn check(bytes: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for name in Kind::ALL.iter().map(|kind| kind.name()).chain(words::all()) {
        hasher.update(name.as_bytes()).update(b"\0");
    }
    hasher.update(bytes.get(CHECK_AT.end..).unwrap_or_default());
    hasher.finalize()
}

fn number(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..)?.first_chunk()?;
    Some(u64::from_le_bytes(*bytes))
}

// The snapshot that is being written or read on this thread: serde's calls have no place to hand it
// on to the shelves and tapes within the views.
thread_local! {
    static SAVING: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
    static LOADING: RefCell<Option<Bytes>> = const { RefCell::new(None) };
}

/// The items of a section as they are being written.
pub(crate) struct Section {
    bytes: Vec<u8>,
    starts: Vec<u64>,
}

impl Section {
    /// Begins a section of the snapshot that is being written.
    ///
    /// # Errors
    /// Where none is.
    pub(crate) fn begin() -> Result<Self, PackError> {
        let bytes = SAVING.take();
        let outside = || serde::ser::Error::custom("only a snapshot has sections");
        Ok(Self {
            bytes: bytes.ok_or_else(outside)?,
            starts: Vec::new(),
        })
    }

    /// Adds the next item, in one or more pieces.
    pub(crate) fn add(&mut self, pieces: &[&[u8]]) {
        self.starts.push(self.bytes.len() as u64);
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
    }

    /// Ends the section and gives the place of its index.
    pub(crate) fn end(mut self) -> u64 {
        let end = self.bytes.len() as u64;
        self.bytes.extend((self.starts.len() as u64).to_le_bytes());
        for start in self.starts.into_iter().chain([end]) {
            self.bytes.extend(start.to_le_bytes());
        }
        SAVING.set(Some(self.bytes));
        end
    }
}

/// The items of a section of a snapshot.
#[derive(Clone, Default)]
pub(crate) struct Items {
    snapshot: Bytes,
    /// Where the place of the first item is written.
    starts: usize,
    len: usize,
}

impl Items {
    /// The section of the snapshot that is being read, by the place of its index.
    pub(crate) fn open(index: u64) -> Option<Self> {
        let snapshot = LOADING.with_borrow(Clone::clone)?;
        let index = usize::try_from(index).ok()?;
        let len = usize::try_from(number(&snapshot, index)?).ok()?;
        let size = len.checked_add(2)?.checked_mul(8)?;
        (size <= snapshot.len() - index).then_some(Self {
            snapshot,
            starts: index + 8,
            len,
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// An item's bytes; none beyond the last.
    pub(crate) fn get(&self, index: usize) -> &[u8] {
        self.range(index)
            .and_then(|range| self.snapshot.get(range))
            .unwrap_or_default()
    }

    /// The end of an item, from a byte of it on.
    pub(crate) fn share(&self, index: usize, from: usize) -> Bytes {
        match self.range(index) {
            Some(range) if range.start + from <= range.end && range.end <= self.snapshot.len() => {
                self.snapshot.slice(range.start + from..range.end)
            }
            _ => Bytes::new(),
        }
    }

    fn range(&self, index: usize) -> Option<Range<usize>> {
        let place = |index: usize| {
            let place = number(&self.snapshot, self.starts + index * 8)?;
            usize::try_from(place).ok()
        };
        (index < self.len).then(|| Some(place(index)?..place(index + 1)?))?
    }
}
