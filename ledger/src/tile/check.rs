//! Checks every tile of a tree against its signed head.
//!
//! Reading a few tiles and trusting the rest is how CVE-2026-56865 came about: where several subtrees
//! of the right edge share a tile, some were never compared with anything. So nothing is skipped
//! here: the tree is built anew from all leaf hashes, and each stored tile and the root must be what
//! was built.

use thiserror::Error;

use super::nodes::read_tile;
use super::{TileBuilder, TileError, TileId, TileSource, full_tiles, partial_width, tiles_for};
use crate::hash::Hash;
use crate::tree::TreeHead;

/// Why tiles are not those of a tree head.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum CheckTilesError<E> {
    /// A tile is missing, malformed or cannot be read.
    #[error(transparent)]
    Tile(TileError<E>),
    /// A tile above level 0 differs from what the tiles beneath it give: one of them is damaged.
    #[error("tile {} differs from the tiles beneath it", id.path())]
    Mismatch {
        /// The upper of the tiles that disagree.
        id: TileId,
    },
    /// The leaf hashes do not give the root of the head.
    #[error("the tiles of size {size} have root {computed}, not {expected}")]
    Root {
        /// Size of the tree.
        size: u64,
        /// Root of the head.
        expected: Hash,
        /// Root over the leaf hashes of the tiles.
        computed: Hash,
    },
}

/// Checks that `source` holds every tile of the tree of `head`, partial ones included, and that each
/// is right to the last bit. Reads each tile once and computes `size` hashes; that entries match
/// their leaf hashes is for the caller to check.
///
/// # Errors
/// The first disagreement, from left to right.
pub fn check_tiles<S: TileSource>(
    source: &S,
    head: &TreeHead,
) -> Result<(), CheckTilesError<S::Error>> {
    let read = |id| read_tile(source, id).map_err(CheckTilesError::Tile);
    let mut builder = TileBuilder::new();
    for id in tiles_for(head.size).take_while(|id| id.level == 0) {
        for &leaf in &read(id)? {
            for (filled, bytes) in builder.push(leaf) {
                // Level 0 is what is being pushed.
                if filled.level > 0 && !read(filled)?.iter().flat_map(|hash| hash.0).eq(bytes) {
                    return Err(CheckTilesError::Mismatch { id: filled });
                }
            }
        }
    }
    for level in (1..).take_while(|&level| usize::from(level) < builder.partials().len()) {
        let id = TileId {
            level,
            index: full_tiles(level, head.size),
            width: partial_width(level, head.size),
        };
        if id.width > 0 && *read(id)? != *builder.partial(level) {
            return Err(CheckTilesError::Mismatch { id });
        }
    }
    let computed = builder.head().root;
    if computed == head.root {
        Ok(())
    } else {
        Err(CheckTilesError::Root {
            size: head.size,
            expected: head.root,
            computed,
        })
    }
}
