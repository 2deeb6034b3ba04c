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

/// Readers never meet a content that is half erased, whatever copy they are answered from.
#[test]
fn erasing_disturbs_no_reader() {
    let folder = tempfile::tempdir().unwrap();
    let mut tree = TileBuilder::new();
    let store = open(folder.path());
    append(&store, &mut tree, 200).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    for (position, mut found) in (0..).zip(store.read(0..200).unwrap()) {
                        let content = &mut found.disclosures[0].content;
                        if *content == Held::Erased {
                            *content = record(position).disclosures[0].content.clone();
                        }
                        assert_eq!(found, record(position));
                    }
                }
            });
        }
        for position in 0..60 {
            if position % 20 == 19 {
                // Long enough for sled to be made anew in between.
                std::thread::sleep(std::time::Duration::from_millis(2300));
            }
            append(&store, &mut tree, 1).unwrap();
            let digest = record(position).disclosures[0].digest;
            store.erase(position, &digest).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(store.take_notices(), []);
    let found = store.read(0..60).unwrap();
    assert!(
        found
            .iter()
            .all(|r| r.disclosures[0].content == Held::Erased)
    );
}

/// A ledger of several segments, closed, and its journal's files with their bytes.
fn segmented(folder: &Path) -> (TileBuilder, Vec<(std::path::PathBuf, Vec<u8>)>) {
    let mut tree = TileBuilder::new();
    let store = open(folder);
    for count in [60, 60, 1, 90, 2, 80, 300, 70, 5] {
        append(&store, &mut tree, count).unwrap();
    }
    store.close().unwrap();
    let journal = open::journal_folder(folder);
    let names = files::names(&journal).unwrap();
    let segments: Vec<_> = names
        .iter()
        .map(|name| {
            (
                journal.join(name),
                std::fs::read(journal.join(name)).unwrap(),
            )
        })
        .collect();
    assert!(segments.len() >= 5, "{}", segments.len());
    (tree, segments)
}

#[test]
fn segments_follow_one_another() {
    let folder = tempfile::tempdir().unwrap();
    let (tree, segments) = segmented(folder.path());
    let size = tree.size();
    for (number, (path, whole)) in segments.iter().enumerate() {
        // A torn frame in any segment, and a segment that is gone.
        for how in 0..3 {
            match how {
                0 => std::fs::write(path, &whole[..whole.len() - 20]).unwrap(),
                1 => std::fs::write(path, [&whole[..], b"MBFRAME"].concat()).unwrap(),
                _ => std::fs::remove_file(path).unwrap(),
            }
            let is_last = number == segments.len() - 1;
            match SledStore::open(folder.path()) {
                Err(StoreError::Corrupt { .. }) => assert!(!(is_last && how == 1)),
                Err(other) => panic!("{other}"),
                Ok(_) => assert!(is_last && how == 1),
            }
            let report = scrub(folder.path(), true).unwrap();
            assert!(report.is_sound(), "{report:#?}");
            assert_eq!((report.records, report.root), (size, tree.head().root));
            let store = open(folder.path());
            let expected: Vec<_> = (0..size).map(record).collect();
            assert_eq!(store.read(0..size).unwrap(), expected);
            drop(store);
            if how < 2 {
                assert_eq!(&std::fs::read(path).unwrap(), whole);
            }
        }
        // The frames of a missing segment went to the file before it.
        for (path, whole) in &segments {
            std::fs::write(path, whole).unwrap();
        }
    }
}

/// A crash between the creation of a segment and its first frame.
#[test]
fn an_empty_last_segment_is_gone_on_with() {
    let folder = tempfile::tempdir().unwrap();
    let (mut tree, segments) = segmented(folder.path());
    let next = scan::segment_path(&open::journal_folder(folder.path()), tree.size());
    std::fs::write(&next, b"").unwrap();
    let store = open(folder.path());
    append(&store, &mut tree, 3).unwrap();
    drop(store);
    assert!(std::fs::metadata(&next).unwrap().len() > 0);
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!((store.head(), &notices[..]), (tree.head(), &[][..]));
    drop(store);
    // In the middle it is damage.
    std::fs::write(&segments[2].0, b"").unwrap();
    let error = SledStore::open(folder.path()).err().unwrap();
    assert!(
        error
            .to_string()
            .contains(&segments[2].0.display().to_string()),
        "{error}"
    );
}

/// Contents of the largest size, which sled keeps in files of their own.
#[test]
fn large_contents_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let content = |position: u64| vec![position as u8 | 1; 64 * 1024];
    let record = |position: u64| Record {
        entry: vec![position as u8; 4096],
        disclosures: (0..3)
            .map(|_| Disclosed {
                digest: Sha256::digest(content(position)).into(),
                content: Held::Present(content(position)),
            })
            .collect(),
    };
    let mut tree = TileBuilder::new();
    let store = open(folder.path());
    for first in (0..300).step_by(30) {
        let records: Vec<_> = (first..first + 30).map(record).collect();
        let leaves = records.iter().map(|record| leaf_hash(&record.entry));
        let tiles = leaves.flat_map(|leaf| tree.push(leaf)).collect();
        let head = tree.head();
        let batch = Batch {
            first,
            records,
            head,
            tiles,
        };
        store.append(batch).unwrap();
    }
    drop(store);
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, []);
    for position in 0..300 {
        assert_eq!(
            store.read(position..position + 1).unwrap(),
            [record(position)]
        );
    }
    assert_eq!(store.take_notices(), []);
}
