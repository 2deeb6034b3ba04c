//! The journal's copy, read without asking that it be whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::super::files;
use super::super::frame::Frame;
use super::super::scan::{self, Place, segment_path};
use crate::store::StoreError;

/// Every frame with a sound permanent part, and what lies between them.
pub(super) struct JournalCopy {
    folder: PathBuf,
    segments: Vec<u64>,
    /// By first position. Of two frames with the same position the first counts.
    frames: BTreeMap<u64, (Place, u64)>,
    pub gaps: Vec<Gap>,
}

/// Bytes that are no sound frame.
pub(super) struct Gap {
    pub segment: u64,
    pub offset: u64,
    /// The position that was due there.
    pub position: u64,
    pub message: String,
}

impl JournalCopy {
    pub fn read(folder: &Path) -> Result<Self, StoreError> {
        let mut copy = Self {
            folder: folder.to_owned(),
            segments: scan::segments(folder)?,
            frames: BTreeMap::new(),
            gaps: Vec::new(),
        };
        for segment in copy.segments.clone() {
            let path = segment_path(folder, segment);
            let bytes = fs::read(&path).map_err(files::failed(&path))?;
            copy.take_segment(segment, &bytes);
        }
        Ok(copy)
    }

    fn take_segment(&mut self, segment: u64, bytes: &[u8]) {
        let (mut at, mut next) = (0, segment);
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match Frame::parse(rest) {
                Ok(frame) => {
                    let first = frame.header.first;
                    let place = Place {
                        first,
                        segment,
                        offset: at as u64,
                    };
                    let len = frame.bytes.len();
                    self.frames.entry(first).or_insert((place, len as u64));
                    at += len;
                    next = frame.header.end();
                }
                Err(error) => {
                    self.gaps.push(Gap {
                        segment,
                        offset: at as u64,
                        position: next,
                        message: error.to_string(),
                    });
                    // Goes on where the next sound frame begins, wherever that is.
                    at += 1 + scan::find_frame(&rest[1..]).unwrap_or(rest.len());
                }
            }
        }
    }

    /// The frame that begins at a position.
    pub fn frame(&self, first: u64) -> Result<Option<(Vec<u8>, Place)>, StoreError> {
        let Some((place, len)) = self.frames.get(&first) else {
            return Ok(None);
        };
        let path = segment_path(&self.folder, place.segment);
        let file = File::open(&path).map_err(files::failed(&path))?;
        let bytes = files::read_at(&file, &path, place.offset, *len)?;
        Ok(Some((bytes, *place)))
    }

    /// The first frame after a position.
    pub fn after(&self, position: u64) -> Option<u64> {
        let after = position.checked_add(1)?;
        self.frames.range(after..).next().map(|(first, _)| *first)
    }

    /// Where a frame of this position belongs.
    pub fn segment_of(&self, first: u64) -> u64 {
        let before = self.segments.iter().rev();
        let segment = before.copied().find(|segment| *segment <= first);
        // The very first segment is missing: it begins at 0.
        segment.unwrap_or(0)
    }

    /// How a place is shown.
    pub fn show(&self, segment: u64, offset: u64) -> String {
        let path = segment_path(&self.folder, segment);
        format!("{} at byte {offset}", path.display())
    }

    /// Writes every segment anew that has a gap, or gets one of these frames; each in a file beside
    /// it that takes its place once it is durable.
    pub fn rewrite(&self, right: &BTreeMap<u64, Vec<u8>>) -> Result<(), StoreError> {
        let mut wrong: Vec<u64> = self.gaps.iter().map(|gap| gap.segment).collect();
        wrong.extend(right.keys().map(|first| self.segment_of(*first)));
        wrong.sort_unstable();
        wrong.dedup();
        for segment in wrong {
            let path = segment_path(&self.folder, segment);
            let new = path.with_extension("mending");
            let mut file = File::create(&new).map_err(files::failed(&new))?;
            let mut firsts: Vec<u64> = self.frames.keys().chain(right.keys()).copied().collect();
            firsts.retain(|first| self.segment_of(*first) == segment);
            firsts.sort_unstable();
            firsts.dedup();
            for first in firsts {
                let bytes = match right.get(&first) {
                    Some(bytes) => Some(bytes.clone()),
                    None => self.frame(first)?.map(|(bytes, _)| bytes),
                };
                let bytes = bytes.unwrap_or_default();
                file.write_all(&bytes).map_err(files::failed(&new))?;
            }
            file.sync_all().map_err(files::failed(&new))?;
            fs::rename(&new, &path).map_err(files::failed(&path))?;
            files::sync_folder(&self.folder)?;
        }
        Ok(())
    }
}
