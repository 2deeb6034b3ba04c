//! The contract of `Store`, held against every store there is.
#![allow(clippy::unwrap_used, clippy::panic)]

mod store_common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::store::{Held, Store, StoreError};
use minutebook_ledger::tile::{TileId, full_tiles};
use minutebook_ledger::tree::TreeHead;
use store_common::{Writer, present, record, records};

/// Runs every test below on one kind of store.
macro_rules! contract {
    ($name:ident, $new:expr) => {
        mod $name {
            use super::*;
            contract!(@tests $new; begins_empty appends_and_reads refuses_what_does_not_follow
                refuses_what_contradicts_itself refuses_positions_it_lacks gives_full_tiles
                erases_for_good keeps_the_last_checkpoint keeps_two_snapshots keeps_index_pages
                erasing_drops_later_snapshots is_closed_once_closed readers_see_whole_batches);
        }
    };
    (@tests $new:expr; $($test:ident)*) => {
        $(#[test] fn $test() {
            let (store, _guard) = $new;
            super::$test(&store);
        })*
    };
}

contract!(memory, (MemoryStore::new(), ()));
contract!(sled, {
    let folder = tempfile::tempdir().unwrap();
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, []);
    (store, folder)
});

fn begins_empty(store: &dyn Store) {
    assert_eq!(store.head(), TreeHead::EMPTY);
    assert_eq!(store.read(0..0).unwrap(), []);
    assert_eq!(store.checkpoint().unwrap(), None);
    assert_eq!(store.snapshot().unwrap(), None);
}

fn appends_and_reads(store: &dyn Store) {
    let mut writer = Writer::default();
    for size in [1, 2, 15, 16, 17, 100, 1, 300] {
        store.append(writer.next(size)).unwrap();
        assert_eq!(store.head(), writer.tree.head());
        let end = store.head().size;
        assert_eq!(store.read(0..end).unwrap(), records(0..end));
        assert_eq!(store.read(end - 1..end).unwrap(), [record(end - 1)]);
    }
    for (start, end) in [(0, 1), (3, 3), (2, 19), (17, 18), (33, 152), (451, 452)] {
        assert_eq!(store.read(start..end).unwrap(), records(start..end));
    }
}

fn refuses_what_does_not_follow(store: &dyn Store) {
    let mut writer = Writer::default();
    let first = writer.next(3);
    let second = writer.next(3);
    let out_of_order = |result| match result {
        Err(StoreError::OutOfOrder { expected, found }) => (expected, found),
        other => panic!("{other:?}"),
    };
    assert_eq!(out_of_order(store.append(second.clone())), (0, 3));
    store.append(first.clone()).unwrap();
    assert_eq!(out_of_order(store.append(first)), (3, 0));
    store.append(second).unwrap();
    assert_eq!(store.read(0..6).unwrap(), records(0..6));
}

fn refuses_what_contradicts_itself(store: &dyn Store) {
    let good = Writer::default().next(256);
    let mut bad = Vec::new();
    let mut change = |change: fn(&mut minutebook_ledger::store::Batch)| {
        let mut batch = good.clone();
        change(&mut batch);
        bad.push(batch);
    };
    change(|batch| batch.records.clear());
    change(|batch| batch.head.size += 1);
    change(|batch| batch.tiles.clear());
    change(|batch| batch.tiles[0].0.index += 1);
    change(|batch| batch.tiles[0].1.truncate(32));
    change(|batch| batch.records[0].entry = vec![1; 65_536]);
    change(|batch| batch.records[0].disclosures = vec![present(vec![1]); 256]);
    change(|batch| batch.records[0].disclosures = vec![present(vec![])]);
    change(|batch| batch.records[0].disclosures = vec![present(vec![0; 9])]);
    change(|batch| batch.records[0].disclosures[0].digest[5] ^= 1);
    for batch in bad {
        let result = store.append(batch);
        assert!(
            matches!(result, Err(StoreError::Unfit { .. })),
            "{result:?}"
        );
    }
    assert_eq!(store.head(), TreeHead::EMPTY);
    store.append(good).unwrap();
}

fn refuses_positions_it_lacks(store: &dyn Store) {
    Writer::default().append(store, &[5]);
    #[allow(clippy::reversed_empty_ranges)]
    for range in [0..6, 6..6, 3..2, u64::MAX - 1..u64::MAX] {
        let result = store.read(range);
        assert!(matches!(result, Err(StoreError::OutOfRange { .. })));
    }
    for position in [5, u64::MAX] {
        let result = store.erase(position, &[0; 32]);
        assert!(matches!(result, Err(StoreError::OutOfRange { .. })));
    }
    let result = store.erase(0, &[0; 32]);
    assert!(matches!(
        result,
        Err(StoreError::UnknownDigest { position: 0 })
    ));
    let head = TreeHead {
        size: 6,
        ..store.head()
    };
    let result = store.put_checkpoint(head, "too far");
    assert!(matches!(result, Err(StoreError::OutOfRange { .. })));
    let result = store.put_snapshot(6, b"too far");
    assert!(matches!(result, Err(StoreError::OutOfRange { .. })));
}

fn gives_full_tiles(store: &dyn Store) {
    let mut writer = Writer::default();
    let mut expected = Vec::new();
    for size in [255, 1, 600, 1] {
        let batch = writer.next(size);
        expected.extend(batch.tiles.clone());
        store.append(batch).unwrap();
        for (id, bytes) in &expected {
            assert_eq!(store.tile(*id).unwrap().unwrap()[..], bytes[..]);
        }
    }
    assert_eq!(expected.len() as u64, full_tiles(0, 857));
    for (level, index, width) in [
        (0, 3, 256),
        (0, 0, 255),
        (1, 0, 256),
        (63, 0, 256),
        (255, 9, 256),
    ] {
        let id = TileId {
            level,
            index,
            width,
        };
        assert!(store.tile(id).unwrap().is_none());
    }
}

fn erases_for_good(store: &dyn Store) {
    let mut writer = Writer::default();
    writer.append(store, &[20, 20]);
    let mut expected = records(0..40);
    // Record 37 has two contents, record 4 an absent one.
    for (position, part) in [(0, 0), (37, 1), (37, 1), (19, 0), (4, 1)] {
        let disclosed = &mut expected[position as usize].disclosures[part];
        store.erase(position, &disclosed.digest).unwrap();
        if disclosed.content != Held::Absent {
            disclosed.content = Held::Erased;
        }
        assert_eq!(store.read(0..40).unwrap(), expected);
    }
    let mut arrives_erased = record(40);
    arrives_erased.disclosures[0].content = Held::Erased;
    store
        .append(writer.batch(vec![arrives_erased.clone()]))
        .unwrap();
    expected.push(arrives_erased);
    assert_eq!(store.read(0..41).unwrap(), expected);
}

fn keeps_the_last_checkpoint(store: &dyn Store) {
    let mut writer = Writer::default();
    writer.append(store, &[3]);
    let three = store.head();
    store.put_checkpoint(three, "three\n").unwrap();
    assert_eq!(store.checkpoint().unwrap().unwrap(), "three\n");
    writer.append(store, &[3]);
    store.put_checkpoint(store.head(), "six\n").unwrap();
    store
        .put_checkpoint(store.head(), "six, cosigned\n")
        .unwrap();
    assert_eq!(store.checkpoint().unwrap().unwrap(), "six, cosigned\n");
    let result = store.put_checkpoint(three, "three\n");
    assert!(matches!(
        result,
        Err(StoreError::OutOfOrder {
            expected: 6,
            found: 3
        })
    ));
    let result = store.put_checkpoint(store.head(), &"x".repeat(16_000));
    assert!(matches!(result, Err(StoreError::Unfit { .. })));
    assert_eq!(store.checkpoint().unwrap().unwrap(), "six, cosigned\n");
}

fn keeps_two_snapshots(store: &dyn Store) {
    Writer::default().append(store, &[9]);
    for size in [0, 3, 9] {
        store.put_snapshot(size, &[size as u8; 5]).unwrap();
        assert_eq!(
            store.snapshot().unwrap(),
            Some((size, vec![size as u8; 5].into()))
        );
    }
}

fn keeps_index_pages(store: &dyn Store) {
    assert_eq!(store.page(3).unwrap(), None);
    store.put_page(3, b"ids").unwrap();
    store.put_page(0, &[7; 20_000]).unwrap();
    store.put_page(3, b"other ids").unwrap();
    assert_eq!(store.page(3).unwrap().as_deref(), Some(&b"other ids"[..]));
    assert_eq!(store.page(0).unwrap(), Some(vec![7; 20_000]));
    assert_eq!(store.page(1).unwrap(), None);
}

fn erasing_drops_later_snapshots(store: &dyn Store) {
    Writer::default().append(store, &[9]);
    store.put_snapshot(2, b"two").unwrap();
    store.put_snapshot(9, b"nine").unwrap();
    store.erase(2, &record(2).disclosures[0].digest).unwrap();
    assert_eq!(store.snapshot().unwrap(), Some((2, b"two".to_vec().into())));
}

fn is_closed_once_closed(store: &dyn Store) {
    let mut writer = Writer::default();
    writer.append(store, &[2]);
    store.close().unwrap();
    store.close().unwrap();
    assert_eq!(store.head(), writer.tree.head());
    assert!(matches!(
        store.append(writer.next(1)),
        Err(StoreError::Closed)
    ));
    assert!(matches!(store.read(0..1), Err(StoreError::Closed)));
    assert!(matches!(store.checkpoint(), Err(StoreError::Closed)));
    assert!(matches!(store.snapshot(), Err(StoreError::Closed)));
    let result = store.erase(0, &record(0).disclosures[0].digest);
    assert!(matches!(result, Err(StoreError::Closed)));
}

fn readers_see_whole_batches(store: &dyn Store) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let size = store.head().size;
                    assert_eq!(size % 50, 0);
                    let start = size.saturating_sub(120);
                    assert_eq!(store.read(start..size).unwrap(), records(start..size));
                    let id = TileId {
                        level: 0,
                        index: 0,
                        width: 256,
                    };
                    // Never the other way round: it may have been filled since.
                    assert!(store.tile(id).unwrap().is_some() || size < 256);
                }
            });
        }
        Writer::default().append(store, &[50; 60]);
        done.store(true, Ordering::Relaxed);
    });
}
