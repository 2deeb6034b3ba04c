//! Disks that fail in the middle of an append or erasure.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::ErrorKind;
use std::path::Path;

use super::files::Fault;
use super::*;
use crate::store::Disclosed;
use crate::tile::TileBuilder;
use sha2::{Digest, Sha256};

fn record(position: u64) -> Record {
    let content = format!("content {position}").into_bytes();
    let disclosed = Disclosed {
        digest: Sha256::digest(&content).into(),
        content: Held::Present(content),
    };
    Record {
        entry: format!("entry {position}").into_bytes(),
        disclosures: vec![disclosed],
    }
}

fn append(store: &SledStore, tree: &mut TileBuilder, count: u64) -> Result<(), StoreError> {
    let first = tree.size();
    let records: Vec<_> = (first..first + count).map(record).collect();
    let mut next = tree.clone();
    let leaves = records.iter().map(|record| leaf_hash(&record.entry));
    let tiles = leaves.flat_map(|leaf| next.push(leaf)).collect();
    store.append(Batch {
        first,
        records,
        head: next.head(),
        tiles,
    })?;
    *tree = next;
    Ok(())
}

fn open(folder: &Path) -> SledStore {
    SledStore::open(folder).unwrap().0
}

fn fail_next(store: &SledStore, fault: Fault) {
    *store.shared.journal.faults.next.lock().unwrap() = Some(fault);
}

/// Every way in which an append can fail: nothing written, some written, all written.
#[test]
fn a_failed_append_stops_writes_and_loses_nothing() {
    for fault in [
        Fault::Write(0, ErrorKind::StorageFull),
        Fault::Write(0, ErrorKind::Other),
        Fault::Write(70, ErrorKind::StorageFull),
        Fault::Write(150, ErrorKind::Other),
        Fault::Write(usize::MAX, ErrorKind::StorageFull),
        Fault::Sync(ErrorKind::StorageFull),
        Fault::Sync(ErrorKind::Other),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = TileBuilder::new();
        let store = open(folder.path());
        append(&store, &mut tree, 5).unwrap();
        append(&store, &mut tree, 3).unwrap();
        fail_next(&store, fault);
        let error = append(&store, &mut tree, 2).unwrap_err();
        let full = matches!(
            fault,
            Fault::Write(_, ErrorKind::StorageFull) | Fault::Sync(ErrorKind::StorageFull)
        );
        match error {
            StoreError::Full { path } if full => {
                assert!(path.ends_with("00000000000000000000.seg"))
            }
            StoreError::Io { .. } if !full => {}
            other => panic!("{fault:?}: {other}"),
        }
        for _ in 0..2 {
            let error = append(&store, &mut tree, 2).unwrap_err();
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
            let error = store
                .erase(0, &record(0).disclosures[0].digest)
                .unwrap_err();
            assert!(matches!(error, StoreError::ReadOnly { .. }), "{error}");
        }
        assert_eq!(store.head(), tree.head());
        assert_eq!(
            store.read(0..8).unwrap(),
            (0..8).map(record).collect::<Vec<_>>()
        );
        assert!(matches!(store.close(), Err(StoreError::ReadOnly { .. })));
        drop(store);

        let store = open(folder.path());
        assert_eq!(store.head(), tree.head(), "{fault:?}");
        append(&store, &mut tree, 2).unwrap();
        assert_eq!(
            store.read(0..10).unwrap(),
            (0..10).map(record).collect::<Vec<_>>()
        );
    }
}

/// A crash in the middle of zeroing leaves bytes that are neither the content nor zeros.
#[test]
fn an_erasure_that_is_cut_short_is_finished_by_the_next_open() {
    for len in [0, 1, 8, 9] {
        let folder = tempfile::tempdir().unwrap();
        let mut tree = TileBuilder::new();
        let store = open(folder.path());
        append(&store, &mut tree, 5).unwrap();
        store.put_snapshot(5, b"holds everything").unwrap();
        fail_next(&store, Fault::Write(len, ErrorKind::Other));
        let digest = record(3).disclosures[0].digest;
        assert!(matches!(
            store.erase(3, &digest),
            Err(StoreError::Io { .. })
        ));
        drop(store);

        let (store, notices) = SledStore::open(folder.path()).unwrap();
        assert!(
            notices.contains(&Notice::ErasureFinished { count: 1 }),
            "{notices:?}"
        );
        let mut expected: Vec<_> = (0..5).map(record).collect();
        expected[3].disclosures[0].content = Held::Erased;
        assert_eq!(store.read(0..5).unwrap(), expected);
        assert_eq!(store.snapshot().unwrap(), None);
        assert!(!folder.path().join("ERASING").exists());
    }
}

/// Old pages of sled hold what was erased, so sled is made anew a little later.
#[test]
fn erased_content_leaves_the_files_of_sled_too() {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = TileBuilder::new();
    let store = open(folder.path());
    append(&store, &mut tree, 300).unwrap();
    append(&store, &mut tree, 300).unwrap();
    let digest = record(123).disclosures[0].digest;
    store.erase(123, &digest).unwrap();
    assert!(folder.path().join("ERASING").exists());
    let start = std::time::Instant::now();
    while folder.path().join("ERASING").exists() {
        assert!(start.elapsed().as_secs() < 60);
        append(&store, &mut tree, 1).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(200));
    }
    let size = store.head().size;
    let mut expected: Vec<_> = (0..size).map(record).collect();
    expected[123].disclosures[0].content = Held::Erased;
    assert_eq!(store.read(0..size).unwrap(), expected);
    assert!(
        store
            .tile(TileId {
                level: 0,
                index: 1,
                width: 256
            })
            .unwrap()
            .is_some()
    );
    assert_eq!(store.take_notices(), []);
    store.close().unwrap();
    for folder in [folder.path().join("sled"), folder.path().join("journal")] {
        for name in files::names(&folder).unwrap() {
            let path = folder.join(name);
            if path.is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let found = bytes.windows(11).any(|window| window == b"content 123");
                assert!(!found, "{}", path.display());
            }
        }
    }
}
