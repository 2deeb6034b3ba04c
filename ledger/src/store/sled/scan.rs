//! Looks at every byte of the journal: what is sound, where it ends, and what is wrong.

use std::collections::HashSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::files;
use super::frame::{Frame, FrameError, MAGIC};
use crate::store::StoreError;
use crate::tree::TreeHead;

/// Ending of a segment's file name; before it stand the 20 digits of its first position.
const SEGMENT_ENDING: &str = ".seg";

/// Bytes of a segment between two remembered places. One read of this size finds any frame.
pub(super) const MARK_EVERY: u64 = 64 * 1024;

/// Contents whose erasure was begun: they may be half-way overwritten.
pub(super) type Begun = HashSet<(u64, [u8; 32])>;

/// Where a frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Position of the frame's first record.
    pub first: u64,
    /// First position of the segment, which names its file.
    pub segment: u64,
    /// Offset in that file, in bytes.
    pub offset: u64,
}

/// What follows the last sound frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    /// Size and root after that frame.
    pub head: TreeHead,
    /// What the next frame names as the one before it.
    pub chain: [u8; 32],
    /// The last segment, if there is one.
    pub segment: Option<u64>,
    /// Where the next frame begins in it.
    pub offset: u64,
}

impl End {
    /// The end of a journal without frames.
    pub const EMPTY: Self = Self {
        head: TreeHead::EMPTY,
        chain: [0; 32],
        segment: None,
        offset: 0,
    };
}

/// The first thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub file: PathBuf,
    pub offset: u64,
    pub message: String,
    /// Whether it may be the end of a write that a crash cut short: in the last segment, with no
    /// sound frame after it.
    pub at_the_tail: bool,
    /// Bytes from there to the end of the file.
    pub bytes: u64,
}

impl Damage {
    /// This damage as the reason to refuse.
    pub fn refuse(&self, advice: &str) -> StoreError {
        files::corrupt(&self.file, self.offset, format!("{}{advice}", self.message))
    }
}

/// A journal up to its first damage.
#[derive(Debug)]
pub(super) struct Scan {
    /// The first frame of each segment and then about one in [`MARK_EVERY`] bytes, in order.
    pub marks: Vec<Place>,
    pub end: End,
    pub damage: Option<Damage>,
}

/// The file of the segment that begins at a position.
pub(super) fn segment_path(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}{SEGMENT_ENDING}"))
}

/// First positions of all segments, in order. Other files are none of ours.
pub(super) fn segments(folder: &Path) -> Result<Vec<u64>, StoreError> {
    let names = files::names(folder)?;
    let firsts = names.iter().filter_map(|name| {
        let digits = name.strip_suffix(SEGMENT_ENDING)?;
        let first = digits.parse().ok()?;
        (digits.len() == 20).then_some(first)
    });
    Ok(firsts.collect())
}

/// Checks every frame of every segment, and that they follow one another. Reads everything once,
/// on all cores.
///
/// # Errors
/// Only where a file cannot be read; damage is part of the answer.
pub(super) fn scan(folder: &Path, begun: &Begun) -> Result<Scan, StoreError> {
    let firsts = segments(folder)?;
    let read: Vec<Segment> = firsts
        .par_iter()
        .map_init(Vec::new, |buffer, &first| {
            Segment::read(folder, first, buffer, begun)
        })
        .collect::<Result<_, _>>()?;
    Ok(link(read))
}

/// One segment by itself.
struct Segment {
    path: PathBuf,
    first: u64,
    marks: Vec<Place>,
    /// What the first frame names as the one before it.
    opens: Option<[u8; 32]>,
    /// After the last sound frame.
    end: End,
    damage: Option<Damage>,
}

impl Segment {
    fn read(
        folder: &Path,
        first: u64,
        buffer: &mut Vec<u8>,
        begun: &Begun,
    ) -> Result<Self, StoreError> {
        let path = segment_path(folder, first);
        buffer.clear();
        File::open(&path)
            .and_then(|mut file| file.read_to_end(buffer))
            .map_err(files::failed(&path))?;
        Ok(Self::check(path, first, buffer, begun))
    }

    fn check(path: PathBuf, first: u64, bytes: &[u8], begun: &Begun) -> Self {
        let mut segment = Self {
            path,
            first,
            marks: Vec::new(),
            opens: None,
            end: End {
                head: TreeHead {
                    size: first,
                    ..TreeHead::EMPTY
                },
                segment: Some(first),
                ..End::EMPTY
            },
            damage: None,
        };
        let mut rest = bytes;
        while !rest.is_empty() {
            match segment.check_frame(rest, begun) {
                Ok(after) => rest = after,
                Err((offset, message)) => {
                    segment.damage = Some(Damage {
                        file: segment.path.clone(),
                        offset,
                        message,
                        at_the_tail: find_frame(&rest[1..]).is_none(),
                        bytes: (bytes.len() as u64).saturating_sub(segment.end.offset),
                    });
                    break;
                }
            }
        }
        segment
    }

    /// Takes in the frame at the start of `rest` and returns what follows it.
    fn check_frame<'a>(
        &mut self,
        rest: &'a [u8],
        begun: &Begun,
    ) -> Result<&'a [u8], (u64, String)> {
        let at = self.end.offset;
        let frame = Frame::parse(rest).map_err(|error| (at, error.to_string()))?;
        let header = frame.header;
        if header.first != self.end.head.size {
            let message = format!(
                "a frame of position {} stands where {} is due",
                header.first, self.end.head.size
            );
            return Err((at, message));
        }
        if self.opens.is_some() && header.prev != self.end.chain {
            return Err((at, "the frame does not follow the one before it".to_owned()));
        }
        if frame.check_contents().is_err() {
            // The slow look, content by content, since an erasure may have been cut short.
            let wrong = frame
                .contents()
                .find(|c| !c.is_sound() && !begun.contains(&(c.position, c.digest)));
            if let Some(content) = wrong {
                let message = format!(
                    "a content of record {} does not match its digest",
                    content.position
                );
                return Err((at + content.offset as u64, message));
            }
        }
        self.opens.get_or_insert(header.prev);
        let due = self
            .marks
            .last()
            .is_none_or(|mark| at - mark.offset >= MARK_EVERY);
        if due {
            self.marks.push(Place {
                first: header.first,
                segment: self.first,
                offset: at,
            });
        }
        self.end.head = TreeHead {
            size: header.end(),
            root: header.root,
        };
        self.end.chain = frame.chain();
        self.end.offset = at + frame.bytes.len() as u64;
        Ok(&rest[frame.bytes.len()..])
    }
}

/// Holds the segments against one another, up to the first damage.
fn link(read: Vec<Segment>) -> Scan {
    let mut scan = Scan {
        marks: Vec::new(),
        end: End::EMPTY,
        damage: None,
    };
    let last = read.len().saturating_sub(1);
    for (number, segment) in read.into_iter().enumerate() {
        let break_of_order = if segment.first != scan.end.head.size {
            Some(format!(
                "the segment begins at position {} where {} is due",
                segment.first, scan.end.head.size
            ))
        } else if segment.opens.is_some_and(|opens| opens != scan.end.chain) {
            Some("the segment does not follow the one before it".to_owned())
        } else if segment.opens.is_none() && segment.damage.is_none() && number != last {
            Some("the segment is empty".to_owned())
        } else {
            None
        };
        if let Some(message) = break_of_order {
            scan.damage = Some(Damage {
                file: segment.path,
                offset: 0,
                message,
                at_the_tail: false,
                bytes: segment.end.offset,
            });
            break;
        }
        scan.marks.extend(segment.marks);
        if segment.opens.is_some() {
            scan.end = segment.end;
        } else {
            // Nothing in it yet, but the next frame goes there.
            scan.end.segment = segment.end.segment;
            scan.end.offset = 0;
        }
        if let Some(mut damage) = segment.damage {
            damage.at_the_tail &= number == last;
            scan.damage = Some(damage);
            break;
        }
    }
    scan
}

/// Offset of the first sound frame that begins anywhere in `bytes`.
pub(super) fn find_frame(bytes: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(rest) = bytes.get(at..) {
        let found = rest
            .windows(MAGIC.len())
            .position(|window| window == MAGIC)?;
        at += found;
        match Frame::parse(&bytes[at..]) {
            Ok(_) => return Some(at),
            Err(
                FrameError::Short | FrameError::Magic | FrameError::Checksum | FrameError::Layout,
            ) => {
                at += 1;
            }
        }
    }
    None
}
