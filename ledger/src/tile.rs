//! Tiles: how the tree is cut into files of 256 hashes that any web server can hand out.
//!
//! C2SP tlog-tiles, height 8. Hash `i` of tile `n` of level `l` is the root over the leaves
//! `[(256n + i) * 256^l, (256n + i + 1) * 256^l)`, so tiles of level 0 hold leaf hashes and a full
//! tile's own root is one hash of the level above. A tile on the right edge holds fewer hashes and is
//! named by its width: `tile/0/x001/234.p/5` has 5. Entry bundles cut the entries themselves the same
//! way: `tile/entries/x001/234`.
//!
//! For a tree of 70000 leaves: 273 full tiles and one of width 112 at level 0, one full tile and one
//! of width 17 at level 1, one of width 1 at level 2.

use std::fmt::Write;

use thiserror::Error;

mod builder;
mod bundle;
mod check;
mod nodes;

pub use builder::{RestoreError, TileBuilder};
pub use bundle::{BundleError, MAX_ENTRY_BYTES, decode_bundle, encode_bundle};
pub use check::{CheckTilesError, check_tiles};
pub use nodes::{TileError, TileNodes, TileSource};

/// Hashes in a full tile, and entries in a full bundle.
pub const TILE_WIDTH: u16 = 256;

/// Tree levels from one tile level to the next: `TILE_WIDTH` is `2^TILE_HEIGHT`.
pub const TILE_HEIGHT: u32 = 8;

/// Highest tile level that a path may name.
const MAX_LEVEL: u8 = 63;

/// One tile: where it is, and how many hashes it holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TileId {
    /// Tile level, 0 to 63; level 0 holds leaf hashes.
    pub level: u8,
    /// 0-based index of the tile on its level.
    pub index: u64,
    /// Hashes in it, 1 to 256; 256 is a full tile.
    pub width: u16,
}

/// One entry bundle: where it is, and how many entries it holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EntriesId {
    /// 0-based index of the bundle.
    pub index: u64,
    /// Entries in it, 1 to 256; 256 is a full bundle.
    pub width: u16,
}

/// A path that no tile or bundle has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TilePathError {
    /// Not the path that a tile's id would print.
    #[error("not the path of a tile")]
    Tile,
    /// Not the path that a bundle's id would print.
    #[error("not the path of an entry bundle")]
    Entries,
}

impl TileId {
    /// The path under the log's prefix, such as `tile/0/x001/234.p/5`.
    pub fn path(&self) -> String {
        format!("tile/{}/{}", self.level, tail(self.index, self.width))
    }

    /// Inverse of [`TileId::path`].
    ///
    /// # Errors
    /// Any text that `path` does not print for a level of at most 63 and a width of 1 to 256.
    pub fn parse(path: &str) -> Result<Self, TilePathError> {
        let parse = || {
            let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
            let level = level.parse().ok().filter(|&level| level <= MAX_LEVEL)?;
            let (index, width) = parse_tail(rest)?;
            Some(Self {
                level,
                index,
                width,
            })
        };
        parse()
            .filter(|id| id.path() == path)
            .ok_or(TilePathError::Tile)
    }

    /// Whether the tile holds 256 hashes, and so never changes its name again.
    pub fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }
}

impl EntriesId {
    /// The path under the log's prefix, such as `tile/entries/273.p/112`.
    pub fn path(&self) -> String {
        format!("tile/entries/{}", tail(self.index, self.width))
    }

    /// Inverse of [`EntriesId::path`].
    ///
    /// # Errors
    /// Any text that `path` does not print for a width of 1 to 256.
    pub fn parse(path: &str) -> Result<Self, TilePathError> {
        path.strip_prefix("tile/entries/")
            .and_then(parse_tail)
            .map(|(index, width)| Self { index, width })
            .filter(|id| id.path() == path)
            .ok_or(TilePathError::Entries)
    }

    /// Positions of its entries, half-open, saturating at the end of the number range.
    pub fn positions(&self) -> std::ops::Range<u64> {
        let start = self.index.saturating_mul(u64::from(TILE_WIDTH));
        start..start.saturating_add(u64::from(self.width))
    }
}

/// `<N>[.p/<W>]`, where N is in groups of three digits and all groups but the last begin with `x`.
fn tail(index: u64, width: u16) -> String {
    let digits = index.to_string();
    let digits = format!("{digits:0>len$}", len = digits.len().next_multiple_of(3));
    let mut text = String::new();
    let last = digits.len() - 3;
    for (at, digit) in digits.char_indices() {
        if at % 3 == 0 {
            text.push_str(if at > 0 { "/" } else { "" });
            text.push_str(if at < last { "x" } else { "" });
        }
        text.push(digit);
    }
    if width != TILE_WIDTH {
        // Writing to a String cannot fail.
        let _ = write!(text, ".p/{width}");
    }
    text
}

/// Reads what [`tail`] prints, and some that it would not: the caller compares.
fn parse_tail(text: &str) -> Option<(u64, u16)> {
    let (groups, width) = match text.split_once(".p/") {
        Some((groups, width)) => (groups, width.parse().ok()?),
        None => (text, TILE_WIDTH),
    };
    if !(1..=TILE_WIDTH).contains(&width) {
        return None;
    }
    let digits: String = groups.chars().filter(|c| !"x/".contains(*c)).collect();
    Some((digits.parse().ok()?, width))
}

/// Hashes that the tiles of a level hold together in a tree of `size` leaves: its complete subtrees
/// of `256^level` leaves.
pub(crate) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level))
        .unwrap_or(0)
}

/// Full tiles of a level in a tree of `size` leaves: the tiles `[0, full_tiles)`.
pub fn full_tiles(level: u8, size: u64) -> u64 {
    hashes_at(level, size) / u64::from(TILE_WIDTH)
}

/// Width of the partial tile of a level, 0 to 255; 0 where there is none: `floor(size / 256^level)
/// mod 256`. Its index is [`full_tiles`].
pub fn partial_width(level: u8, size: u64) -> u16 {
    // Below 256, so it fits.
    (hashes_at(level, size) % u64::from(TILE_WIDTH)) as u16
}

/// Every tile of a tree of `size` leaves, level by level, from left to right.
pub fn tiles_for(size: u64) -> impl Iterator<Item = TileId> {
    (0..=MAX_LEVEL)
        .take_while(move |&level| hashes_at(level, size) > 0)
        .flat_map(move |level| {
            cut(hashes_at(level, size)).map(move |(index, width)| TileId {
                level,
                index,
                width,
            })
        })
}

/// Every entry bundle of a log of `size` entries, from left to right.
pub fn entry_bundles_for(size: u64) -> impl Iterator<Item = EntriesId> {
    cut(size).map(|(index, width)| EntriesId { index, width })
}

/// Index and width of each run of at most 256 among `count` things.
fn cut(count: u64) -> impl Iterator<Item = (u64, u16)> {
    let full = count / u64::from(TILE_WIDTH);
    // Below 256, so it fits.
    let partial = (count % u64::from(TILE_WIDTH)) as u16;
    (0..full)
        .map(|index| (index, TILE_WIDTH))
        .chain((partial > 0).then_some((full, partial)))
}

#[cfg(test)]
mod tests;
