//! The journal frame: what one append adds to a segment file. A permanent format.
//!
//! All numbers are big-endian. A frame is a header of 100 bytes, a permanent part and an erasable
//! part:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `MBFRAME` and the version, 0x01 |
//! | 8 | 8 | position of the first record |
//! | 16 | 4 | number of records, at least 1 |
//! | 20 | 4 | length of the permanent part |
//! | 24 | 4 | length of the erasable part |
//! | 28 | 32 | root of the tree after these records |
//! | 60 | 32 | BLAKE3 of the header and permanent part of the frame before; zeros in the first |
//! | 92 | 4 | CRC-32C of the erasable part as it was first written |
//! | 96 | 4 | CRC-32C of the header up to here and the permanent part |
//!
//! The permanent part is, record after record: length of the entry (2 bytes), the entry, number of
//! contents (1 byte), and for each content its SHA-256 (32 bytes) and its length (4 bytes).
//!
//! The erasable part is the contents themselves, in the same order, without anything between. A
//! content of length 0 was never held here. Erasing overwrites a content with zeros, which takes
//! nothing from what the two other checks cover: the erasable CRC then no longer matches, and each
//! content is checked by itself, as its own SHA-256 or zeros only. Content that arrives erased is
//! written as one zero byte.
//!
//! A segment file is frames, end to end, and nothing else.

use thiserror::Error;

use crate::hash::Hash;
use crate::store::{Disclosed, Held, Record, StoreError, check};
use sha2::{Digest, Sha256};

/// Length of the header.
pub(super) const HEADER_BYTES: usize = 100;

/// First bytes of every frame: a name and the version.
pub(super) const MAGIC: [u8; 8] = *b"MBFRAME\x01";

/// Bytes for each content in the permanent part: digest and length.
const PART_BYTES: usize = 36;

/// Why bytes are not a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub(super) enum FrameError {
    #[error("the frame is cut short")]
    Short,
    #[error("no frame begins here")]
    Magic,
    #[error("the checksum of the permanent part does not match")]
    Checksum,
    #[error("the permanent part contradicts its header")]
    Layout,
}

/// The first 100 bytes of a frame, without any promise that they are sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub first: u64,
    pub count: u32,
    pub permanent_len: u32,
    pub erasable_len: u32,
    pub root: Hash,
    pub prev: [u8; 32],
    pub erasable_crc: u32,
    pub crc: u32,
}

impl Header {
    /// Reads a header whose numbers can be added up.
    pub fn parse(bytes: &[u8]) -> Result<Self, FrameError> {
        let Some(bytes) = bytes.get(..HEADER_BYTES) else {
            return Err(FrameError::Short);
        };
        if bytes[..8] != MAGIC {
            return Err(FrameError::Magic);
        }
        let header = Self {
            first: u64::from_be_bytes(array(bytes, 8)),
            count: u32::from_be_bytes(array(bytes, 16)),
            permanent_len: u32::from_be_bytes(array(bytes, 20)),
            erasable_len: u32::from_be_bytes(array(bytes, 24)),
            root: Hash(array(bytes, 28)),
            prev: array(bytes, 60),
            erasable_crc: u32::from_be_bytes(array(bytes, 92)),
            crc: u32::from_be_bytes(array(bytes, 96)),
        };
        let end = header.first.checked_add(u64::from(header.count));
        if header.count == 0 || end.is_none() {
            return Err(FrameError::Layout);
        }
        Ok(header)
    }

    /// Inverse of [`Header::parse`].
    pub fn format(&self) -> [u8; HEADER_BYTES] {
        let mut bytes = [0; HEADER_BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..16].copy_from_slice(&self.first.to_be_bytes());
        bytes[16..20].copy_from_slice(&self.count.to_be_bytes());
        bytes[20..24].copy_from_slice(&self.permanent_len.to_be_bytes());
        bytes[24..28].copy_from_slice(&self.erasable_len.to_be_bytes());
        bytes[28..60].copy_from_slice(&self.root.0);
        bytes[60..92].copy_from_slice(&self.prev);
        bytes[92..96].copy_from_slice(&self.erasable_crc.to_be_bytes());
        bytes[96..100].copy_from_slice(&self.crc.to_be_bytes());
        bytes
    }

    /// Position after the last record. Cannot overflow: `parse` refuses that.
    pub fn end(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count))
    }

    /// Bytes of the whole frame.
    pub fn frame_bytes(&self) -> u64 {
        HEADER_BYTES as u64 + u64::from(self.permanent_len) + u64::from(self.erasable_len)
    }
}

/// A frame whose permanent part is sound. Its contents are checked apart, by
/// [`Frame::check_contents`], since erasing may change them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub header: Header,
    /// The whole frame.
    pub bytes: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Reads the frame at the start of `bytes`, which may go on after it.
    pub fn parse(bytes: &'a [u8]) -> Result<Self, FrameError> {
        let header = Header::parse(bytes)?;
        let len = usize::try_from(header.frame_bytes()).map_err(|_| FrameError::Short)?;
        let bytes = bytes.get(..len).ok_or(FrameError::Short)?;
        let frame = Self { header, bytes };
        let crc = crc32c::crc32c(&bytes[..HEADER_BYTES - 4]);
        if crc32c::crc32c_append(crc, frame.permanent()) != header.crc {
            return Err(FrameError::Checksum);
        }
        let mut records = frame.records();
        let walked = records.by_ref().count();
        if walked as u64 != u64::from(header.count) || !records.is_spent() {
            return Err(FrameError::Layout);
        }
        Ok(frame)
    }

    /// Encodes what [`check::batch`] has let through.
    ///
    /// # Errors
    /// [`StoreError::Unfit`] for parts of 4 GiB and more.
    pub fn encode(
        first: u64,
        records: &[Record],
        root: Hash,
        prev: [u8; 32],
    ) -> Result<Vec<u8>, StoreError> {
        let too_large = |_| check::unfit("a batch of 4 GiB and more");
        let mut frame = vec![0; HEADER_BYTES];
        for record in records {
            let entry_len = u16::try_from(record.entry.len()).map_err(too_large)?;
            frame.extend(entry_len.to_be_bytes());
            frame.extend(&record.entry);
            frame.push(u8::try_from(record.disclosures.len()).map_err(too_large)?);
            for disclosed in &record.disclosures {
                frame.extend(disclosed.digest);
                let len = u32::try_from(stored(&disclosed.content).len()).map_err(too_large)?;
                frame.extend(len.to_be_bytes());
            }
        }
        let permanent_len = frame.len() - HEADER_BYTES;
        for disclosed in records.iter().flat_map(|record| &record.disclosures) {
            frame.extend(stored(&disclosed.content));
        }
        let (head, erasable) = frame.split_at(HEADER_BYTES + permanent_len);
        let mut header = Header {
            first,
            count: u32::try_from(records.len()).map_err(too_large)?,
            permanent_len: u32::try_from(permanent_len).map_err(too_large)?,
            erasable_len: u32::try_from(erasable.len()).map_err(too_large)?,
            root,
            prev,
            erasable_crc: crc32c::crc32c(erasable),
            crc: 0,
        };
        let crc = crc32c::crc32c(&header.format()[..HEADER_BYTES - 4]);
        header.crc = crc32c::crc32c_append(crc, &head[HEADER_BYTES..]);
        frame[..HEADER_BYTES].copy_from_slice(&header.format());
        Ok(frame)
    }

    /// The part that never changes, without the header.
    pub fn permanent(&self) -> &'a [u8] {
        &self.bytes[HEADER_BYTES..self.erasable_at()]
    }

    /// The contents, end to end.
    pub fn erasable(&self) -> &'a [u8] {
        &self.bytes[self.erasable_at()..]
    }

    /// Where the contents begin in the frame. Within `bytes`, whose length the header gave.
    pub fn erasable_at(&self) -> usize {
        HEADER_BYTES + self.header.permanent_len as usize
    }

    /// What the next frame names as the one before it.
    pub fn chain(&self) -> [u8; 32] {
        blake3::hash(&self.bytes[..self.erasable_at()]).into()
    }

    /// The records, in order.
    pub fn records(&self) -> Records<'a> {
        Records::new(self.header.first, self.permanent(), self.erasable())
    }

    /// Checks that every content is as written, or erased.
    ///
    /// # Errors
    /// Position and offset in the frame of the first content that is neither.
    pub fn check_contents(&self) -> Result<(), Content<'a>> {
        if crc32c::crc32c(self.erasable()) == self.header.erasable_crc {
            return Ok(());
        }
        let wrong = self.contents().find(|content| !content.is_sound());
        wrong.map_or(Ok(()), Err)
    }

    /// All contents, in order, each with its offset in the frame.
    pub fn contents(&self) -> impl Iterator<Item = Content<'a>> + use<'a> {
        let mut offset = self.erasable_at();
        self.records()
            .flat_map(|record| record.contents().map(move |c| (record.position, c)))
            .map(move |(position, (digest, bytes))| {
                let content = Content {
                    position,
                    digest,
                    bytes,
                    offset,
                };
                offset += bytes.len();
                content
            })
    }
}

/// One content where it stands in a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    pub position: u64,
    pub digest: [u8; 32],
    pub bytes: &'a [u8],
    /// Offset in the frame.
    pub offset: usize,
}

impl Content<'_> {
    /// Whether these bytes are the content, erased, or absent.
    pub fn is_sound(&self) -> bool {
        check::is_zero(self.bytes) || Sha256::digest(self.bytes)[..] == self.digest
    }
}

/// One record where it stands in a frame or pack.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordView<'a> {
    pub position: u64,
    pub entry: &'a [u8],
    /// Bytes of this record in the permanent part.
    pub permanent_len: usize,
    /// Digest and length of each content.
    parts: &'a [u8],
    /// All contents of this record, end to end.
    pub erasable: &'a [u8],
}

impl<'a> RecordView<'a> {
    /// Digest and bytes of each content.
    pub fn contents(&self) -> impl Iterator<Item = ([u8; 32], &'a [u8])> + use<'a> {
        let mut rest = self.erasable;
        self.parts.chunks_exact(PART_BYTES).map(move |part| {
            let len = u32::from_be_bytes(array(part, 32)) as usize;
            let (bytes, after) = rest.split_at_checked(len).unwrap_or((rest, &[]));
            rest = after;
            (array(part, 0), bytes)
        })
    }

    /// The record by itself.
    pub fn to_record(self) -> Record {
        let disclosures = self.contents().map(|(digest, bytes)| Disclosed {
            digest,
            content: held(bytes),
        });
        Record {
            entry: self.entry.to_vec(),
            disclosures: disclosures.collect(),
        }
    }
}

/// Walks the records of a frame or a pack; ends early, unspent, where the bytes make no sense.
#[derive(Clone, Copy, Debug)]
pub(super) struct Records<'a> {
    position: u64,
    permanent: &'a [u8],
    erasable: &'a [u8],
}

impl<'a> Records<'a> {
    /// The records from `first` on that these two parts hold.
    pub fn new(first: u64, permanent: &'a [u8], erasable: &'a [u8]) -> Self {
        Self {
            position: first,
            permanent,
            erasable,
        }
    }

    /// Whether every byte of both parts belonged to a record.
    pub fn is_spent(&self) -> bool {
        self.permanent.is_empty() && self.erasable.is_empty()
    }

    fn step(&self) -> Option<(RecordView<'a>, Self)> {
        let (entry_len, rest) = self.permanent.split_at_checked(2)?;
        let entry_len = u16::from_be_bytes(array(entry_len, 0));
        let (entry, rest) = rest.split_at_checked(usize::from(entry_len))?;
        let (&parts, rest) = rest.split_first()?;
        let (parts, rest) = rest.split_at_checked(usize::from(parts) * PART_BYTES)?;
        let mut len = 0usize;
        for part in parts.chunks_exact(PART_BYTES) {
            len = len.checked_add(u32::from_be_bytes(array(part, 32)) as usize)?;
        }
        let (erasable, erasable_rest) = self.erasable.split_at_checked(len)?;
        let view = RecordView {
            position: self.position,
            entry,
            permanent_len: self.permanent.len() - rest.len(),
            parts,
            erasable,
        };
        let rest = Self::new(self.position.checked_add(1)?, rest, erasable_rest);
        Some((view, rest))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = RecordView<'a>;

    fn next(&mut self) -> Option<RecordView<'a>> {
        let (view, rest) = self.step()?;
        *self = rest;
        Some(view)
    }
}

/// A content as stored bytes say it.
fn held(bytes: &[u8]) -> Held {
    match bytes {
        [] => Held::Absent,
        _ if check::is_zero(bytes) => Held::Erased,
        _ => Held::Present(bytes.to_vec()),
    }
}

/// Inverse of [`held`], but that the length of erased content is lost.
fn stored(content: &Held) -> &[u8] {
    match content {
        Held::Present(bytes) => bytes,
        Held::Erased => &[0],
        Held::Absent => &[],
    }
}

/// The `N` bytes at an offset that the caller has made sure of; zeros beyond the end.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let found = bytes.get(at..).and_then(|rest| rest.first_chunk());
    found.copied().unwrap_or([0; N])
}

#[cfg(test)]
mod tests;
