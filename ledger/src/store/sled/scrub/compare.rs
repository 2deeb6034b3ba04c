//! Walks both copies frame by frame and settles which is right.

use std::collections::{BTreeMap, HashSet};

use super::super::engine::{Engine, Fault};
use super::super::frame::Frame;
use super::super::pack;
use super::super::scan::{Begun, End, Place};
use super::segments::JournalCopy;
use super::{Copy, Outcome, Scrub};
use crate::hash::leaf_hash;
use crate::store::{StoreError, check};
use crate::tile::{TileBuilder, TileId};

/// The check that no copy can settle.
pub(super) const ONE_SIDED: &str = "one copy holds a content that is zeros in the other";

/// Compares everything, into the scrub's findings and what is to be changed.
pub(super) fn compare(
    scrub: &mut Scrub,
    journal: &JournalCopy,
    engine: Option<&Engine>,
) -> Result<Outcome, StoreError> {
    let mut walk = Walk {
        scrub,
        journal,
        sled: SledCopy::new(engine),
        builder: TileBuilder::new(),
        expected: HashSet::new(),
        outcome: Outcome {
            end: End::EMPTY,
            to_journal: BTreeMap::new(),
            to_sled: BTreeMap::new(),
            tiles: Vec::new(),
            stray: Vec::new(),
            lost: false,
        },
    };
    walk.check_mark();
    while walk.step()? {}
    walk.check_rest();
    Ok(walk.outcome)
}

struct Walk<'a> {
    scrub: &'a mut Scrub,
    journal: &'a JournalCopy,
    sled: SledCopy<'a>,
    builder: TileBuilder,
    /// Keys that sled should have.
    expected: HashSet<Vec<u8>>,
    outcome: Outcome,
}

/// sled's copy; none when it did not open.
struct SledCopy<'a> {
    engine: Option<&'a Engine>,
    /// Size up to which it claims to have everything.
    claims: u64,
    keys: Vec<Vec<u8>>,
}

impl<'a> SledCopy<'a> {
    fn new(engine: Option<&'a Engine>) -> Self {
        Self {
            engine,
            claims: 0,
            keys: Vec::new(),
        }
    }

    fn frame(&self, first: u64) -> Result<Option<Vec<u8>>, Fault> {
        self.engine.map_or(Ok(None), |engine| engine.frame(first))
    }

    /// The first frame after a position.
    fn after(&self, position: u64) -> Option<u64> {
        let after = pack::header_key(position.checked_add(1)?);
        let at = self.keys.partition_point(|key| key[..] < after[..]);
        let key = self.keys.get(at)?;
        (key.first() == Some(&b'f')).then(|| pack::key_position(key))
    }
}

impl Walk<'_> {
    /// Looks at sled's mark of progress and its list of keys.
    fn check_mark(&mut self) {
        let Some(engine) = self.sled.engine else {
            return;
        };
        match engine.keys() {
            Ok(keys) => self.sled.keys = keys,
            Err(fault) => self.find_sled("keys", None, fault.0),
        }
        match engine.applied() {
            Ok(applied) => self.sled.claims = applied.map_or(0, |a| a.end.head.size),
            Err(fault) => {
                // It should have everything it has headers for.
                let last = self.sled.keys.iter().rev().find(|key| key[0] == b'f');
                self.sled.claims = last.map_or(0, |key| pack::key_position(key) + 1);
                self.find_sled("key m", None, fault.0);
            }
        }
    }

    /// Settles the frame at the end of what is settled; `false` when no copy goes on.
    fn step(&mut self) -> Result<bool, StoreError> {
        let first = self.outcome.end.head.size;
        let in_journal = self.journal.frame(first)?;
        let in_sled = self.sled.frame(first);
        let from_journal = in_journal.as_ref().map(|(bytes, _)| self.judge(bytes));
        let from_sled = match &in_sled {
            Ok(Some(bytes)) => Some(self.judge(bytes)),
            Ok(None) => None,
            Err(fault) => Some(Err(fault.0.clone())),
        };
        let base = match (&from_journal, &from_sled) {
            (Some(Ok(frame)), _) | (_, Some(Ok(frame))) => *frame,
            _ => return Ok(self.stuck(first, from_journal, from_sled)),
        };
        let place = in_journal.as_ref().map(|(_, place)| *place);
        let right = self.merge(
            base,
            from_journal.as_ref().and_then(|frame| frame.as_ref().ok()),
            from_sled.as_ref().and_then(|frame| frame.as_ref().ok()),
            place,
        );
        self.settle_journal(base, &from_journal, place, &right);
        self.settle_sled(base, &from_sled, &right);
        self.go_on(base, place);
        Ok(true)
    }

    /// Whether this is the frame that is due, by everything but its contents.
    fn judge<'b>(&self, bytes: &'b [u8]) -> Result<Frame<'b>, String> {
        let frame = Frame::parse(bytes).map_err(|error| error.to_string())?;
        if frame.bytes.len() != bytes.len() {
            return Err("there is more than the frame's header says".to_owned());
        }
        let end = &self.outcome.end;
        if frame.header.first != end.head.size || frame.header.prev != end.chain {
            return Err("the frame does not follow the one before it".to_owned());
        }
        let mut builder = self.builder.clone();
        for record in frame.records() {
            builder.push(leaf_hash(record.entry));
        }
        if builder.head().root != frame.header.root {
            return Err("the entries do not have the frame's root".to_owned());
        }
        Ok(frame)
    }

    /// The frame with each content from a copy that has it right.
    fn merge(
        &mut self,
        base: Frame<'_>,
        journal: Option<&Frame<'_>>,
        sled: Option<&Frame<'_>>,
        place: Option<Place>,
    ) -> Vec<u8> {
        let mut right = base.bytes.to_vec();
        let same = journal
            .zip(sled)
            .is_some_and(|(journal, sled)| journal.bytes == sled.bytes);
        if base.check_contents().is_ok() && same {
            return right;
        }
        for content in base.contents() {
            let range = content.offset..content.offset + content.bytes.len();
            // Both frames have passed the same checks, so they have the same layout.
            let of = |frame: Option<&Frame<'_>>| {
                let bytes = frame.and_then(|frame| frame.bytes.get(range.clone()))?;
                is_right(bytes, content.digest).then(|| bytes.to_vec())
            };
            let begun = is_begun(&self.scrub.begun, content.position, content.digest);
            let chosen = match (of(journal), of(sled)) {
                _ if begun => vec![0; range.len()],
                (Some(journal), Some(sled)) if journal != sled => {
                    let (copy, place) = match check::is_zero(&journal) {
                        true => (Copy::Journal, self.show(place, content.offset)),
                        false => (Copy::Sled, format!("record {}", content.position)),
                    };
                    self.scrub
                        .find(copy, place, Some(content.position), ONE_SIDED);
                    continue;
                }
                (Some(bytes), _) | (None, Some(bytes)) => bytes,
                (None, None) => {
                    let place = self.show(place, content.offset);
                    let check = "a content has its digest in neither copy";
                    self.scrub
                        .find(Copy::Journal, place, Some(content.position), check);
                    self.outcome.lost = true;
                    continue;
                }
            };
            right[range].copy_from_slice(&chosen);
        }
        right
    }

    fn settle_journal(
        &mut self,
        base: Frame<'_>,
        found: &Option<Result<Frame<'_>, String>>,
        place: Option<Place>,
        right: &[u8],
    ) {
        let first = base.header.first;
        let (place, position, check) = match (found, place) {
            (Some(Ok(frame)), place) => {
                let Some(content) = frame
                    .contents()
                    .find(|c| self.is_damage(c.position, c.digest, c.bytes))
                else {
                    return self.settle_begun(frame, right);
                };
                let check = "a content does not match its digest".to_owned();
                (self.show(place, content.offset), content.position, check)
            }
            (Some(Err(check)), place) => (self.show(place, 0), first, check.clone()),
            (None, _) => {
                let gap = self.journal.gaps.iter().find(|gap| gap.position == first);
                match gap {
                    Some(gap) => {
                        let place = self.journal.show(gap.segment, gap.offset);
                        (place, first, gap.message.clone())
                    }
                    None => {
                        let place = self.journal.show(self.journal.segment_of(first), 0);
                        (place, first, "the frame is missing".to_owned())
                    }
                }
            }
        };
        self.scrub.find(Copy::Journal, place, Some(position), check);
        self.outcome.to_journal.insert(first, right.to_vec());
    }

    /// An unfinished erasure is no damage, but goes along when the frame is written anew.
    fn settle_begun(&mut self, frame: &Frame<'_>, right: &[u8]) {
        let segment = self.journal.segment_of(frame.header.first);
        let rewritten = self.journal.gaps.iter().any(|gap| gap.segment == segment);
        if rewritten && frame.bytes != right {
            let first = frame.header.first;
            self.outcome.to_journal.insert(first, right.to_vec());
        }
    }

    fn settle_sled(
        &mut self,
        base: Frame<'_>,
        found: &Option<Result<Frame<'_>, String>>,
        right: &[u8],
    ) {
        let first = base.header.first;
        self.expected.insert(pack::header_key(first).to_vec());
        for pack in pack::packs(&base) {
            self.expected.insert(pack::pack_key(pack.first).to_vec());
        }
        if self.sled.engine.is_none() {
            return;
        }
        let (position, check) = match found {
            Some(Ok(frame)) => {
                let wrong = frame
                    .contents()
                    .find(|c| self.is_damage(c.position, c.digest, c.bytes));
                let Some(content) = wrong else {
                    return;
                };
                let check = "a content does not match its digest".to_owned();
                (content.position, check)
            }
            // Only behind: opening brings it up.
            None if first >= self.sled.claims => return,
            None => (first, "the frame is missing".to_owned()),
            Some(Err(check)) => (first, check.clone()),
        };
        let place = format!("frame {first}");
        self.find_sled(&place, Some(position), check);
        self.outcome.to_sled.insert(first, right.to_vec());
    }

    /// Takes the settled frame in: entries into the tree, its end as the new end.
    fn go_on(&mut self, frame: Frame<'_>, place: Option<Place>) {
        for record in frame.records() {
            for (id, bytes) in self.builder.push(leaf_hash(record.entry)) {
                self.check_tile(id, bytes);
            }
        }
        let segment = self.journal.segment_of(frame.header.first);
        self.outcome.end = End {
            head: self.builder.head(),
            chain: frame.chain(),
            segment: Some(segment),
            offset: place.map_or(0, |p| p.offset + frame.bytes.len() as u64),
        };
    }

    fn check_tile(&mut self, id: TileId, bytes: Vec<u8>) {
        self.expected.insert(pack::tile_key(id).to_vec());
        let Some(engine) = self.sled.engine else {
            return;
        };
        let found = engine.tile(id).ok().flatten();
        if found.as_deref() == Some(&bytes[..]) {
            return;
        }
        if self.builder.size() <= self.sled.claims {
            let check = "the tile is missing or is not the tree's";
            self.find_sled(&id.path(), None, check.to_owned());
        }
        // Goes along with the frames when sled's mark is moved to the end.
        self.outcome.tiles.push((id, bytes));
    }

    /// No copy has the frame that is due. Says so if there should be one, and ends the walk.
    fn stuck(
        &mut self,
        first: u64,
        journal: Option<Result<Frame<'_>, String>>,
        sled: Option<Result<Frame<'_>, String>>,
    ) -> bool {
        let later = self.journal.after(first).or(self.sled.after(first));
        let gap = self.journal.gaps.iter().find(|gap| gap.position == first);
        let check = match (&journal, gap) {
            (Some(Err(check)), _) => check.clone(),
            (_, Some(gap)) => gap.message.clone(),
            _ => "the frame is missing".to_owned(),
        };
        let place = match gap {
            Some(gap) => self.journal.show(gap.segment, gap.offset),
            None => self.journal.show(self.journal.segment_of(first), 0),
        };
        let acknowledged = later.is_some() || sled.is_some() || first < self.sled.claims;
        if acknowledged {
            let check = format!("{check}, and sled does not have it either");
            self.scrub.find(Copy::Journal, place, Some(first), check);
            self.outcome.lost = true;
        } else if gap.is_some() || journal.is_some() {
            let check = format!("an unfinished write: {check}");
            self.scrub.find(Copy::Journal, place, Some(first), check);
        }
        false
    }

    /// Looks for what is there beside the frames.
    fn check_rest(&mut self) {
        let size = self.outcome.end.head.size;
        let named: HashSet<Option<u64>> = self.scrub.findings.iter().map(|f| f.position).collect();
        for gap in &self.journal.gaps {
            if gap.position < size && !named.contains(&Some(gap.position)) {
                let place = self.journal.show(gap.segment, gap.offset);
                let check = format!("bytes that belong to no frame: {}", gap.message);
                self.scrub
                    .find(Copy::Journal, place, Some(gap.position), check);
            }
        }
        if self.outcome.lost {
            return;
        }
        let keys = std::mem::take(&mut self.sled.keys);
        for key in keys {
            if key != pack::APPLIED_KEY && !pack::is_page(&key) && !self.expected.contains(&key) {
                let place = format!("key {}", Hex(&key));
                self.find_sled(&place, None, "the key belongs to no record".to_owned());
                self.outcome.stray.push(key);
            }
        }
        // When its mark moves to the end, sled must have everything up to there.
        if !self.scrub.findings.is_empty() {
            self.complete_sled();
        }
    }

    /// Adds the frames that sled has yet to apply.
    fn complete_sled(&mut self) {
        let mut next = Some(0).filter(|_| self.sled.engine.is_some());
        while let Some(first) = next {
            if let (Ok(None), Ok(Some((bytes, _)))) =
                (self.sled.frame(first), self.journal.frame(first))
            {
                self.outcome.to_sled.entry(first).or_insert(bytes);
            }
            next = self.journal.after(first);
        }
    }

    fn is_damage(&self, position: u64, digest: [u8; 32], bytes: &[u8]) -> bool {
        !is_right(bytes, digest) && !is_begun(&self.scrub.begun, position, digest)
    }

    fn find_sled(&mut self, place: &str, position: Option<u64>, check: String) {
        self.scrub.find(Copy::Sled, place, position, check);
    }

    fn show(&self, place: Option<Place>, offset: usize) -> String {
        let place = place.map(|p| self.journal.show(p.segment, p.offset + offset as u64));
        place.unwrap_or_else(|| "no file".to_owned())
    }
}

fn is_right(bytes: &[u8], digest: [u8; 32]) -> bool {
    use sha2::{Digest, Sha256};
    check::is_zero(bytes) || Sha256::digest(bytes)[..] == digest
}

fn is_begun(begun: &Begun, position: u64, digest: [u8; 32]) -> bool {
    !begun.is_empty() && begun.contains(&(position, digest))
}

/// A key, as hex digits.
struct Hex<'k>(&'k [u8]);

impl std::fmt::Display for Hex<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
