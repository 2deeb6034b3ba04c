//! Makes sled say what the journal says.

use std::path::Path;
use std::sync::Arc;

use super::engine::{self, Engine, Fault};
use super::files;
use super::frame::Frame;
use super::journal::{Journal, parse};
use super::pack::Applied;
use super::scan::{End, segment_path};
use crate::hash::leaf_hash;
use crate::store::StoreError;
use crate::tile::{TILE_WIDTH, TileBuilder, TileId, TileSource};

/// Bytes of frames that a replay puts into sled at once.
const REPLAY_BYTES: usize = 1024 * 1024;

/// Replays what sled lacks and returns how many records that were. A fault of sled's is
/// [`StoreError::ReadOnly`].
pub(super) fn catch_up(
    journal: &Journal,
    engine: &Engine,
    applied: Option<Applied>,
) -> Result<u64, StoreError> {
    let Some(applied) = applied else {
        return replay(journal, engine, TileBuilder::new());
    };
    let size = applied.end.head.size;
    let (bytes, _) = journal.frame(size.saturating_sub(1))?;
    let frame = Frame::parse(&bytes).map_err(|error| Fault(error.to_string()))?;
    let same = frame.header.end() == size
        && frame.header.root == applied.end.head.root
        && frame.chain() == applied.end.chain;
    if !same {
        return Err(Fault(format!(
            "sled's history differs from the journal's at {size}"
        ))
        .into());
    }
    if journal.end().head.size == size {
        return Ok(0);
    }
    let tail = size - size % u64::from(TILE_WIDTH);
    let mut records = Vec::new();
    engine.read(tail..size, &mut records)?;
    let leaves: Vec<_> = records.iter().map(|r| leaf_hash(&r.entry)).collect();
    let builder = TileBuilder::restore(size, &Tiles(engine), &leaves)
        .map_err(|error| Fault(format!("sled's tiles do not make a tree: {error}")))?;
    if builder.head() != applied.end.head {
        return Err(Fault(format!("sled's tiles do not have the root of {size}")).into());
    }
    replay(journal, engine, builder)
}

/// Makes sled anew, where there is none, from the whole journal as it is now.
pub(super) fn rebuild(folder: &Path, journal: &Journal) -> Result<Engine, StoreError> {
    let engine = Engine::open(&engine::folder(folder))?;
    replay(journal, &engine, TileBuilder::new())?;
    Ok(engine)
}

/// Puts the frames that follow the builder's tree into sled, with their tiles, durably; every root
/// is computed again.
fn replay(journal: &Journal, engine: &Engine, mut builder: TileBuilder) -> Result<u64, StoreError> {
    let (start, goal) = (builder.size(), journal.end().head.size);
    let mut frames = journal.frames(start, goal);
    let (mut group, mut tiles, mut bytes) = (Vec::new(), Vec::new(), 0);
    let put = |group: &[(Vec<u8>, End)], tiles: &[(TileId, Vec<u8>)]| {
        let frames: Result<Vec<_>, _> =
            group.iter().map(|(bytes, _)| Frame::parse(bytes)).collect();
        let frames = frames.map_err(|error| Fault(error.to_string()))?;
        let tiles = tiles.iter().map(|(id, bytes)| (*id, &bytes[..]));
        let applied = group.last().map(|(_, end)| Applied { end: *end });
        engine.apply(&frames, tiles, applied)
    };
    while let Some((frame, end)) = frames.next()? {
        let path = || {
            let segment = end.segment.unwrap_or_default();
            segment_path(journal.folder(), segment)
        };
        for record in parse(&frame, &path(), end.offset)?.records() {
            tiles.extend(builder.push(leaf_hash(record.entry)));
        }
        if builder.head() != end.head {
            let message = format!("the entries up to {} do not have their root", end.head.size);
            let offset = end.offset.saturating_sub(frame.len() as u64);
            return Err(files::corrupt(&path(), offset, message));
        }
        bytes += frame.len();
        group.push((frame, end));
        if bytes >= REPLAY_BYTES {
            put(&group, &tiles)?;
            (group, tiles, bytes) = (Vec::new(), Vec::new(), 0);
        }
    }
    if !group.is_empty() {
        put(&group, &tiles)?;
    }
    engine.flush()?;
    Ok(goal - start)
}

/// sled's tiles, as restoring the edge of a tree wants them.
struct Tiles<'e>(&'e Engine);

impl TileSource for Tiles<'_> {
    type Bytes = Arc<[u8]>;
    type Error = Fault;

    fn tile(&self, id: TileId) -> Result<Self::Bytes, Fault> {
        let tile = self.0.tile(id)?;
        tile.ok_or_else(|| Fault(format!("{} is missing or damaged", id.path())))
    }
}
