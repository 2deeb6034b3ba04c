//! Cuts a growing tree into tiles.

use thiserror::Error;

use super::nodes::{complete_root, read_tile};
use super::{
    TILE_HEIGHT, TILE_WIDTH, TileError, TileId, TileNodes, TileSource, full_tiles, hashes_at,
    partial_width,
};
use crate::hash::Hash;
use crate::tree::{Frontier, TreeHead};

/// The right edge of a tree as tiles: hands out each tile as it becomes full and keeps the partial
/// ones, so that a store writes full tiles only, each once.
///
/// At most 255 hashes a tile level are kept: 8 kB a level, 24 kB at a million leaves. A clone is a
/// consistent picture of the tree at its size.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TileBuilder {
    frontier: Frontier,
    /// The partial tile of each level; shorter than 256.
    partials: Vec<Vec<Hash>>,
}

/// Why a builder cannot be restored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RestoreError<E> {
    /// Other than the leaves after the last full tile of level 0.
    #[error("{found} leaf hashes after the last full tile, not {expected}")]
    Tail {
        /// Leaves that the size leaves over: `size mod 256`.
        expected: usize,
        /// Leaf hashes given.
        found: usize,
    },
    /// A full tile could not be read.
    #[error(transparent)]
    Tile(TileError<E>),
}

impl TileBuilder {
    /// The edge of the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// The edge of a tree of `size` leaves from its full tiles and `tail`, the leaf hashes
    /// `[size - size mod 256, size)`. Reads at most 255 full tiles for each tile level.
    ///
    /// Nothing is authenticated: compare [`TileBuilder::head`] with the signed one.
    ///
    /// # Errors
    /// [`RestoreError::Tail`] for another number of leaf hashes, [`RestoreError::Tile`] for a full
    /// tile that is missing, malformed or cannot be read.
    pub fn restore<S: TileSource>(
        size: u64,
        source: &S,
        tail: &[Hash],
    ) -> Result<Self, RestoreError<S::Error>> {
        let (expected, found) = (usize::from(partial_width(0, size)), tail.len());
        if expected != found {
            return Err(RestoreError::Tail { expected, found });
        }
        let mut partials = vec![tail.to_vec()];
        for level in (1..).take_while(|&level| hashes_at(level, size) > 0) {
            // Each hash of a tile is the root of the full tile beneath it.
            let first = full_tiles(level, size) * u64::from(TILE_WIDTH);
            let hashes = (first..hashes_at(level, size))
                .map(|index| {
                    let beneath = full_tile(level - 1, index);
                    read_tile(source, beneath).map(|hashes| complete_root(&hashes))
                })
                .collect::<Result<_, _>>()
                .map_err(RestoreError::Tile)?;
            partials.push(hashes);
        }
        // A subtree of the right edge is never wholly in a full tile, so this reads no more.
        let nodes = TileNodes::with_partials(source, size, &partials);
        let frontier = Frontier::load(&nodes, size).map_err(RestoreError::Tile)?;
        Ok(Self { frontier, partials })
    }

    /// Appends one leaf hash and returns the tiles that it filled, lowest level first, each with its
    /// 8192 bytes: none but for every 256th leaf. One node hash amortised.
    pub fn push(&mut self, leaf: Hash) -> Vec<(TileId, Vec<u8>)> {
        let partials = &mut self.partials;
        self.frontier.push_each(leaf, |height, hash| {
            if height % TILE_HEIGHT != 0 {
                return;
            }
            // Levels appear bottom up, so the one that is missing is always the next.
            match partials.get_mut((height / TILE_HEIGHT) as usize) {
                Some(hashes) => hashes.push(hash),
                None => partials.push(vec![hash]),
            }
        });
        let size = self.frontier.size();
        (0..)
            .zip(&mut self.partials)
            .take_while(|(_, hashes)| hashes.len() == usize::from(TILE_WIDTH))
            .map(|(level, hashes)| {
                let bytes = hashes.drain(..).flat_map(|hash| hash.0).collect();
                // It has just become the last of the full tiles, of which there is therefore one.
                (full_tile(level, full_tiles(level, size) - 1), bytes)
            })
            .collect()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Size and root, in O(log n) node hashes.
    pub fn head(&self) -> TreeHead {
        self.frontier.head()
    }

    /// The hashes of the partial tile of a level, 0 to 255 of them; its index is
    /// [`full_tiles`]`(level, size)`.
    pub fn partial(&self, level: u8) -> &[Hash] {
        self.partials
            .get(usize::from(level))
            .map_or(&[], Vec::as_slice)
    }

    pub(super) fn partials(&self) -> &[Vec<Hash>] {
        &self.partials
    }
}

fn full_tile(level: u8, index: u64) -> TileId {
    TileId {
        level,
        index,
        width: TILE_WIDTH,
    }
}
