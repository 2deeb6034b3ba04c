//! Tree nodes computed from tiles.

use std::cell::RefCell;

use thiserror::Error;

use super::{TILE_HEIGHT, TILE_WIDTH, TileBuilder, TileId, full_tiles, partial_width};
use crate::hash::{EMPTY_ROOT, Hash, node_hash};
use crate::tree::{MissingNode, Nodes};

/// Tiles that [`TileNodes`] remembers: enough for both ends of one proof at every tile level.
const CACHED_TILES: usize = 16;

/// Where tiles are read from: a store, a folder, a web server, a map.
///
/// Tiles are data, not facts: nothing here is authenticated.
pub trait TileSource {
    /// A tile's bytes.
    type Bytes: AsRef<[u8]>;
    /// Why a tile could not be had.
    type Error;

    /// The hashes of one tile, `32 * id.width` bytes. A source of full tiles only is asked for no
    /// others when it is read through [`TileNodes::with_edge`].
    ///
    /// # Errors
    /// When the tile is missing or cannot be read.
    fn tile(&self, id: TileId) -> Result<Self::Bytes, Self::Error>;
}

impl<S: TileSource + ?Sized> TileSource for &S {
    type Bytes = S::Bytes;
    type Error = S::Error;

    fn tile(&self, id: TileId) -> Result<Self::Bytes, Self::Error> {
        (**self).tile(id)
    }
}

/// Why a hash or tile could not be had from tiles.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TileError<E> {
    /// The tree is not that large.
    #[error(transparent)]
    Missing(MissingNode),
    /// The tree has no such tile, or not yet at that width.
    #[error("a tree of size {size} has no tile {}", id.path())]
    NoSuchTile {
        /// The tile asked for.
        id: TileId,
        /// The tree's size.
        size: u64,
    },
    /// The source returned another number of bytes than 32 for each hash.
    #[error("tile {} has {found} bytes", id.path())]
    Length {
        /// The tile read.
        id: TileId,
        /// Bytes that the source returned.
        found: usize,
    },
    /// The source failed.
    #[error("tile {} could not be read", id.path())]
    Source {
        /// The tile read.
        id: TileId,
        /// Why.
        #[source]
        source: E,
    },
}

/// The nodes of a tree of a given size, read from tiles.
///
/// A node lies in the tile of its level, as the root over a run of its hashes, so an inclusion proof
/// reads one tile for each tile level (three at a million leaves) and the partial tiles of the right
/// edge. It remembers the last few tiles: make one for each request. Tiles are not checked here;
/// [`super::check_tiles`] does, and a proof made from a wrong tile does not verify.
pub struct TileNodes<'e, S: TileSource> {
    source: S,
    size: u64,
    /// Partial tiles by level, where the source has only full ones.
    edge: Option<&'e [Vec<Hash>]>,
    /// Newest last; a `RefCell` because reading a node changes what is remembered and nothing else.
    cache: RefCell<Vec<(TileId, Box<[Hash]>)>>,
}

impl<S: TileSource> TileNodes<'static, S> {
    /// Nodes of the tree of `size` leaves whose every tile, partial ones included, is in `source`.
    pub fn new(source: S, size: u64) -> Self {
        Self {
            source,
            size,
            edge: None,
            cache: RefCell::default(),
        }
    }
}

impl<'e, S: TileSource> TileNodes<'e, S> {
    /// Nodes of the builder's tree: full tiles from `source`, the partial ones from the builder.
    ///
    /// Nodes of smaller trees are among them, so proofs for any earlier size can be made from this.
    pub fn with_edge(source: S, edge: &'e TileBuilder) -> Self {
        Self::with_partials(source, edge.size(), edge.partials())
    }

    /// As [`TileNodes::with_edge`], while the builder is not yet whole.
    pub(super) fn with_partials(source: S, size: u64, partials: &'e [Vec<Hash>]) -> Self {
        Self {
            source,
            size,
            edge: Some(partials),
            cache: RefCell::default(),
        }
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of any tile that the tree has or had at an earlier size, cut to `id.width`: what a
    /// server answers. Limit it to the tiles of the published size ([`super::tiles_for`]) first.
    ///
    /// # Errors
    /// [`TileError::NoSuchTile`] for a width of 0 or beyond the tree, or a failing source.
    pub fn tile(&self, id: TileId) -> Result<Vec<u8>, TileError<S::Error>> {
        let size = self.size;
        if !(1..=TILE_WIDTH).contains(&id.width) {
            return Err(TileError::NoSuchTile { id, size });
        }
        self.with_tile(id.level, id.index, |hashes| {
            let hashes = hashes.get(..usize::from(id.width))?;
            Some(hashes.iter().flat_map(|hash| hash.0).collect())
        })?
        .ok_or(TileError::NoSuchTile { id, size })
    }

    /// Runs `read` over all hashes that the tree has of one tile.
    fn with_tile<T>(
        &self,
        level: u8,
        index: u64,
        read: impl FnOnce(&[Hash]) -> T,
    ) -> Result<T, TileError<S::Error>> {
        let full = full_tiles(level, self.size);
        let width = match index {
            _ if index < full => TILE_WIDTH,
            _ if index == full => partial_width(level, self.size),
            _ => 0,
        };
        let id = TileId {
            level,
            index,
            width,
        };
        if width == 0 {
            let size = self.size;
            return Err(TileError::NoSuchTile { id, size });
        }
        if let Some(partials) = self.edge.filter(|_| !id.is_full()) {
            return Ok(read(
                partials.get(usize::from(level)).map_or(&[], Vec::as_slice),
            ));
        }
        if let Some((_, hashes)) = self.cache.borrow().iter().find(|(known, _)| *known == id) {
            return Ok(read(hashes));
        }
        let hashes = read_tile(&self.source, id)?;
        let result = read(&hashes);
        let mut cache = self.cache.borrow_mut();
        if cache.len() == CACHED_TILES {
            cache.remove(0);
        }
        cache.push((id, hashes));
        Ok(result)
    }
}

/// Partial tiles too, at any width, whatever the source beneath has.
impl<S: TileSource> TileSource for TileNodes<'_, S> {
    type Bytes = Vec<u8>;
    type Error = TileError<S::Error>;

    fn tile(&self, id: TileId) -> Result<Vec<u8>, Self::Error> {
        TileNodes::tile(self, id)
    }
}

impl<S: TileSource> Nodes for TileNodes<'_, S> {
    type Error = TileError<S::Error>;

    fn node(&self, level: u32, index: u64) -> Result<Hash, Self::Error> {
        MissingNode::check(level, index, self.size).map_err(TileError::Missing)?;
        // The level is below 64 here: a node of a higher one is in no tree.
        let tile_level = (level / TILE_HEIGHT) as u8;
        let height = level % TILE_HEIGHT;
        let start = index << height;
        let tile = start / u64::from(TILE_WIDTH);
        let at = (start % u64::from(TILE_WIDTH)) as usize;
        self.with_tile(tile_level, tile, |hashes| {
            // The run is aligned to its length, so it ends within the tile, and the check above says
            // that the tree has all of it.
            hashes.get(at..at + (1 << height)).map(complete_root)
        })?
        .ok_or(TileError::Missing(MissingNode {
            level,
            index,
            size: self.size,
        }))
    }
}

/// Reads and splits one tile.
pub(super) fn read_tile<S: TileSource>(
    source: &S,
    id: TileId,
) -> Result<Box<[Hash]>, TileError<S::Error>> {
    let bytes = source
        .tile(id)
        .map_err(|source| TileError::Source { id, source })?;
    let bytes = bytes.as_ref();
    let (hashes, rest) = bytes.as_chunks();
    if hashes.len() != usize::from(id.width) || !rest.is_empty() {
        let found = bytes.len();
        return Err(TileError::Length { id, found });
    }
    Ok(hashes.iter().copied().map(Hash).collect())
}

/// The root over a power of two of hashes.
pub(super) fn complete_root(hashes: &[Hash]) -> Hash {
    match hashes {
        [] => EMPTY_ROOT,
        [hash] => *hash,
        _ => {
            let (left, right) = hashes.split_at(hashes.len() / 2);
            node_hash(&complete_root(left), &complete_root(right))
        }
    }
}
