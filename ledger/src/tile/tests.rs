#![allow(clippy::unwrap_used, clippy::panic)]

use std::cell::Cell;
use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::hash::Hash;
use crate::proof::{ProveError, prove_consistency, prove_inclusion};
use crate::tree::{MissingNode, Nodes, TreeHead, root_at};
use crate::vectors;

/// Full tiles as a store keeps them, counting reads.
#[derive(Default)]
struct Stored {
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    reads: Cell<usize>,
}

impl TileSource for Stored {
    type Bytes = Vec<u8>;
    type Error = TileId;

    fn tile(&self, id: TileId) -> Result<Vec<u8>, TileId> {
        self.reads.set(self.reads.get() + 1);
        let tile = self.tiles.get(&(id.level, id.index));
        tile.filter(|_| id.is_full()).cloned().ok_or(id)
    }
}

/// A mirror's folder: every tile under its own path.
struct Folder(BTreeMap<String, Vec<u8>>);

impl TileSource for Folder {
    type Bytes = Vec<u8>;
    type Error = ();

    fn tile(&self, id: TileId) -> Result<Vec<u8>, ()> {
        self.0.get(&id.path()).cloned().ok_or(())
    }
}

fn build(leaves: impl IntoIterator<Item = Hash>) -> (TileBuilder, Stored) {
    let mut builder = TileBuilder::new();
    let mut stored = Stored::default();
    for leaf in leaves {
        for (id, bytes) in builder.push(leaf) {
            assert_eq!((id.width, bytes.len()), (256, 8192));
            let earlier = stored.tiles.insert((id.level, id.index), bytes);
            assert_eq!(earlier, None, "{id:?} came twice");
        }
    }
    (builder, stored)
}

fn folder(builder: &TileBuilder, stored: &Stored) -> Folder {
    let nodes = TileNodes::with_edge(stored, builder);
    let tile = |id: TileId| (id.path(), nodes.tile(id).unwrap());
    Folder(tiles_for(builder.size()).map(tile).collect())
}

#[test]
fn paths_are_those_of_the_specification() {
    for (path, level, index, width) in [
        ("tile/0/000", 0, 0, 256),
        ("tile/0/273.p/112", 0, 273, 112),
        ("tile/1/x001/000", 1, 1000, 256),
        ("tile/63/x001/x234/067.p/255", 63, 1_234_067, 255),
        ("tile/0/x001/234.p/5", 0, 1234, 5),
        (
            "tile/0/x018/x446/x744/x073/x709/x551/615.p/1",
            0,
            u64::MAX,
            1,
        ),
    ] {
        let id = TileId {
            level,
            index,
            width,
        };
        assert_eq!(id.path(), path);
        assert_eq!(TileId::parse(path), Ok(id));
    }
    for (path, index, width) in [
        ("tile/entries/000", 0, 256),
        ("tile/entries/x001/234.p/5", 1234, 5),
    ] {
        let id = EntriesId { index, width };
        assert_eq!(id.path(), path);
        assert_eq!(EntriesId::parse(path), Ok(id));
    }
    let id = EntriesId {
        index: 273,
        width: 112,
    };
    assert_eq!(id.positions(), 69_888..70_000);
}

#[test]
fn other_spellings_are_refused() {
    for path in [
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/00",
        "tile/0/0000",
        "tile/00/000",
        "tile/+0/000",
        "tile/64/000",
        "tile/256/000",
        "tile/-1/000",
        "/tile/0/000",
        "tile/0/000/",
        "tile/0/x000/000",
        "tile/0/x001000",
        "tile/0/001/000",
        "tile/0/x001/x000",
        "tile/0/001000",
        "tile/0/000.p",
        "tile/0/000.p/",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/000.p/+1",
        "tile/0/000.p/1.p/1",
        "tile/0/000.p/65537",
        "tile/0/x018/x446/x744/x073/x709/x551/616",
        "tile/0/000 ",
        "tile/0/x",
        "tile/entries/000",
        "tile/8/0/000",
        "tile/0/٠٠٠",
    ] {
        assert_eq!(TileId::parse(path), Err(TilePathError::Tile), "{path}");
    }
    for path in [
        "tile/entries",
        "tile/entries/",
        "tile/entries/0",
        "tile/0/000",
        "tile/entries/000.p/256",
    ] {
        assert_eq!(
            EntriesId::parse(path),
            Err(TilePathError::Entries),
            "{path}"
        );
    }
}

#[test]
fn sizes_have_the_tiles_of_the_specification() {
    let widths = |size| [0, 1, 2, 3].map(|level| partial_width(level, size));
    assert_eq!(tiles_for(70_000).count(), 277);
    assert_eq!(entry_bundles_for(70_000).count(), 274);
    assert_eq!(widths(70_000), [112, 17, 1, 0]);
    assert_eq!(full_tiles(0, 70_000), 273);

    let paths: Vec<String> = tiles_for(256).map(|id| id.path()).collect();
    assert_eq!(paths, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(widths(256), [0, 1, 0, 0]);
    assert_eq!(entry_bundles_for(256).count(), 1);

    assert_eq!(tiles_for(0).count() + entry_bundles_for(0).count(), 0);
    assert_eq!(partial_width(7, u64::MAX), 255);
    assert_eq!(partial_width(8, u64::MAX), 0);
    assert_eq!(partial_width(255, u64::MAX), 0);
}

#[test]
fn the_large_log_has_the_root_and_the_tiles_of_the_vector() {
    let (builder, stored) = build(vectors::large_log());
    assert_eq!(builder.head().root.to_base64(), vectors::LARGE_ROOT);
    let full = tiles_for(vectors::LARGE_SIZE)
        .filter(TileId::is_full)
        .count();
    assert_eq!(stored.tiles.len(), full);
    assert_eq!(
        [0, 1, 2, 3].map(|level| builder.partial(level).len()),
        [112, 17, 1, 0]
    );
    let folder = folder(&builder, &stored);
    assert_eq!(folder.0.len(), 277);
    assert_eq!(check_tiles(&folder, &builder.head()), Ok(()));
    let nodes = TileNodes::new(&folder, vectors::LARGE_SIZE);
    assert_eq!(
        root_at(&nodes, vectors::LARGE_SIZE),
        Ok(builder.head().root)
    );
}

/// CVE-2026-56865: one flipped byte in a tile passed for authentic where it lay among several
/// subtrees of the right edge. Every tile of that log, so also that one.
#[test]
fn a_flipped_byte_in_any_tile_is_found() {
    let (builder, stored) = build(vectors::large_log());
    let mut folder = folder(&builder, &stored);
    let paths: Vec<String> = folder.0.keys().cloned().collect();
    // A check of the whole log costs as much as building it, so every seventh tile of level 0.
    let sampled = |path: &String| !path.starts_with("tile/0/") || path.contains(".p/");
    let some = paths
        .iter()
        .enumerate()
        .filter(|(i, path)| i % 7 == 0 || sampled(path));
    for (i, path) in some {
        let at = i * 31 % folder.0[path].len();
        folder.0.get_mut(path).unwrap()[at] ^= 0x10;
        let found = check_tiles(&folder, &builder.head());
        let level = TileId::parse(path).unwrap().level;
        match found {
            Err(CheckTilesError::Mismatch { id }) => assert!(id.level >= level, "{path}: {id:?}"),
            Err(CheckTilesError::Root { .. }) => assert_eq!(level, 0, "{path}"),
            other => panic!("{path}: {other:?}"),
        }
        folder.0.get_mut(path).unwrap()[at] ^= 0x10;
    }
    assert_eq!(check_tiles(&folder, &builder.head()), Ok(()));
}

#[test]
fn a_wrong_head_and_a_wrong_length_are_found() {
    let (builder, stored) = build((0..300).map(vectors::numbered_leaf));
    let mut folder = folder(&builder, &stored);
    let head = builder.head();
    let forked = TreeHead {
        root: vectors::ROOTS[5],
        ..head
    };
    assert!(matches!(
        check_tiles(&folder, &forked),
        Err(CheckTilesError::Root { .. })
    ));
    folder.0.get_mut("tile/0/001.p/44").unwrap().push(0);
    let id = TileId {
        level: 0,
        index: 1,
        width: 44,
    };
    assert_eq!(
        check_tiles(&folder, &head),
        Err(CheckTilesError::Tile(TileError::Length {
            id,
            found: 44 * 32 + 1
        }))
    );
    folder.0.remove("tile/0/001.p/44");
    assert_eq!(
        check_tiles(&folder, &head),
        Err(CheckTilesError::Tile(TileError::Source { id, source: () }))
    );
}

#[test]
fn nodes_from_tiles_are_the_nodes_of_the_tree() {
    for size in [1, 2, 255, 256, 257, 511, 512, 700] {
        let tree = vectors::numbered_tree(size);
        let (builder, stored) = build((0..size).map(vectors::numbered_leaf));
        assert_eq!(builder.head(), tree.head());
        let folder = folder(&builder, &stored);
        let from_edge = TileNodes::with_edge(&stored, &builder);
        let from_folder = TileNodes::new(&folder, size);
        for level in 0..=11 {
            for index in 0..=size >> level {
                let expected = tree.node(level, index);
                let missing = |missing: MissingNode| TileError::Missing(missing);
                assert_eq!(from_edge.node(level, index), expected.map_err(missing));
                assert_eq!(from_folder.node(level, index).ok(), expected.ok());
            }
        }
        for level in [63, 64, 65, u32::MAX] {
            assert!(from_edge.node(level, 0).is_err());
            assert!(from_edge.node(level, u64::MAX).is_err());
        }
    }
}

#[test]
fn partial_tiles_of_earlier_sizes_can_be_served() {
    let (builder, stored) = build((0..700).map(vectors::numbered_leaf));
    let nodes = TileNodes::with_edge(&stored, &builder);
    for size in [1, 200, 256, 300, 512, 699, 700] {
        let (earlier, earlier_stored) = build((0..size).map(vectors::numbered_leaf));
        for (path, bytes) in folder(&earlier, &earlier_stored).0 {
            assert_eq!(
                nodes.tile(TileId::parse(&path).unwrap()),
                Ok(bytes),
                "{path} of {size}"
            );
        }
    }
    for (level, index, width) in [
        (0, 2, 189),
        (0, 3, 1),
        (0, 0, 0),
        (0, 0, 257),
        (1, 0, 3),
        (2, 0, 1),
    ] {
        let id = TileId {
            level,
            index,
            width,
        };
        assert!(
            matches!(nodes.tile(id), Err(TileError::NoSuchTile { .. })),
            "{id:?}"
        );
    }
}

#[test]
fn a_proof_reads_one_full_tile_a_level() {
    let size = 200_000;
    let (builder, stored) = build((0..size).map(vectors::numbered_leaf));
    let head = builder.head();
    for index in [0, 1, 65_535, 65_536, 131_071, 150_000, size - 300, size - 1] {
        stored.reads.set(0);
        let nodes = TileNodes::with_edge(&stored, &builder);
        let proof = prove_inclusion(&nodes, index, size).unwrap();
        assert_eq!(proof.verify(vectors::numbered_leaf(index), &head), Ok(()));
        assert!(stored.reads.get() <= 2, "{index}: {}", stored.reads.get());
    }
}

#[test]
fn a_restored_builder_is_the_same_builder() {
    for size in [0, 1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000] {
        let (builder, stored) = build((0..size).map(vectors::numbered_leaf));
        let restored = TileBuilder::restore(size, &stored, builder.partial(0)).unwrap();
        assert_eq!(restored.head(), builder.head(), "{size}");
        for level in 0..4 {
            assert_eq!(restored.partial(level), builder.partial(level), "{size}");
        }
        let (mut a, mut b) = (builder, restored);
        for i in size..size + 300 {
            let leaf = vectors::numbered_leaf(i);
            assert_eq!(a.push(leaf), b.push(leaf));
            assert_eq!(a.head(), b.head());
        }
    }
}

#[test]
fn a_builder_is_not_restored_from_too_little() {
    let (builder, mut stored) = build((0..600).map(vectors::numbered_leaf));
    let tail = &builder.partial(0)[1..];
    assert_eq!(
        TileBuilder::restore(600, &stored, tail),
        Err(RestoreError::Tail {
            expected: 88,
            found: 87
        })
    );
    stored.tiles.remove(&(0, 1));
    let id = TileId {
        level: 0,
        index: 1,
        width: 256,
    };
    assert_eq!(
        TileBuilder::restore(600, &stored, builder.partial(0)),
        Err(RestoreError::Tile(TileError::Source { id, source: id }))
    );
    let nodes = TileNodes::with_edge(&stored, &builder);
    let failed = prove_inclusion(&nodes, 300, 600);
    assert!(matches!(
        failed,
        Err(ProveError::Nodes(TileError::Source { .. }))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn proofs_from_tiles_are_proofs_from_memory(size in 1u64..3000, a in any::<u64>(), b in any::<u64>()) {
        let tree = vectors::numbered_tree(size);
        let (builder, stored) = build((0..size).map(vectors::numbered_leaf));
        let nodes = TileNodes::with_edge(&stored, &builder);
        prop_assert_eq!(check_tiles(&nodes, &tree.head()), Ok(()));
        let new = 1 + a % size;
        prop_assert_eq!(root_at(&nodes, new).unwrap(), tree.root_at(new).unwrap());
        prop_assert_eq!(
            prove_inclusion(&nodes, b % new, new).unwrap(),
            prove_inclusion(&tree, b % new, new).unwrap()
        );
        prop_assert_eq!(
            prove_consistency(&nodes, b % (new + 1), new).unwrap(),
            prove_consistency(&tree, b % (new + 1), new).unwrap()
        );
    }
}

proptest! {
    #[test]
    fn paths_are_inverses(level in 0u8..=63, index in any::<u64>(), shift in 0u32..64, width in 1u16..=256) {
        let index = index >> shift;
        let id = TileId { level, index, width };
        prop_assert_eq!(TileId::parse(&id.path()), Ok(id));
        let id = EntriesId { index, width };
        prop_assert_eq!(EntriesId::parse(&id.path()), Ok(id));
    }

    #[test]
    fn what_parses_prints_back(path in "tile/(entries|[0-9]{1,2})(/x?[0-9]{3}){1,3}(\\.p/[0-9]{1,3})?|[tile/x0-9.p]*|\\PC*") {
        if let Ok(id) = TileId::parse(&path) {
            prop_assert_eq!(id.path(), path.clone());
        }
        if let Ok(id) = EntriesId::parse(&path) {
            prop_assert_eq!(id.path(), path);
        }
    }
}
