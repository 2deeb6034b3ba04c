//! Either copy mends the other.
#![allow(clippy::unwrap_used, clippy::panic)]

mod store_common;

use std::fs;
use std::path::{Path, PathBuf};

use minutebook_ledger::store::sled::{Copy, Notice, ScrubReport, SledStore, scrub};
use minutebook_ledger::store::{Store, StoreError};
use store_common::{Writer, copy, files, record, records};
use tempfile::TempDir;

const SIZES: [u64; 5] = [20, 1, 300, 40, 2];
const SIZE: u64 = 363;

fn ledger() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    Writer::default().append(&store, &SIZES);
    store.put_checkpoint(store.head(), "signed\n").unwrap();
    store.close().unwrap();
    folder
}

fn segment(folder: &Path) -> PathBuf {
    files(&folder.join("journal"), ".seg").pop().unwrap()
}

fn is_whole(folder: &Path) {
    let report = scrub(folder, false).unwrap();
    assert_eq!(report.findings, []);
    let (store, notices) = SledStore::open(folder).unwrap();
    assert_eq!(notices, []);
    assert_eq!(store.read(0..SIZE).unwrap(), records(0..SIZE));
    assert_eq!(store.take_notices(), []);
}

fn mends(folder: &Path, copy: Copy) -> ScrubReport {
    let looked = scrub(folder, false).unwrap();
    assert!(!looked.is_sound());
    assert!(
        looked.findings.iter().all(|f| f.copy == copy && !f.mended),
        "{looked:#?}"
    );
    let mended = scrub(folder, true).unwrap();
    assert!(mended.is_sound(), "{mended:#?}");
    assert_eq!(mended.records, SIZE);
    assert_eq!(mended.findings.len(), looked.findings.len());
    looked
}

#[test]
fn a_sound_ledger_has_no_findings() {
    let folder = ledger();
    let mut writer = Writer::default();
    writer.next(SIZE);
    let report = scrub(folder.path(), true).unwrap();
    assert_eq!(
        (report.records, report.root),
        (SIZE, writer.tree.head().root)
    );
    is_whole(folder.path());
    let (store, _) = SledStore::open(folder.path()).unwrap();
    assert!(matches!(
        scrub(folder.path(), false),
        Err(StoreError::Locked { .. })
    ));
    // Pages of the log's index are sled's alone, and no damage.
    store.put_page(0, b"ids").unwrap();
    store.close().unwrap();
    assert_eq!(scrub(folder.path(), false).unwrap().findings, []);
}

/// Flips, cuts and holes; the journal comes back to the byte.
#[test]
fn the_journal_is_mended_from_sled() {
    let folder = ledger();
    let whole = fs::read(segment(folder.path())).unwrap();
    let mut damaged: Vec<Vec<u8>> = Vec::new();
    for at in (0..whole.len())
        .step_by(1999)
        .chain([0, 9, 17, 97, whole.len() - 1])
    {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        damaged.push(bytes);
    }
    damaged.push(whole[..whole.len() - 30].to_vec());
    damaged.push(whole[..3000].to_vec());
    damaged.push(Vec::new());
    damaged.push([&whole[..5000], &whole[9000..]].concat());
    damaged.push([&whole[..5000], b"in between", &whole[5000..]].concat());
    let mut zeros = whole.clone();
    zeros[4096..12288].fill(0);
    damaged.push(zeros);
    for bytes in damaged {
        fs::write(segment(folder.path()), &bytes).unwrap();
        let error = SledStore::open(folder.path()).err().unwrap();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
        let report = mends(folder.path(), Copy::Journal);
        assert!(
            report.findings[0].place.contains(".seg at byte"),
            "{report:#?}"
        );
        assert_eq!(fs::read(segment(folder.path())).unwrap(), whole);
        is_whole(folder.path());
    }
}

#[test]
fn a_missing_segment_is_mended_from_sled() {
    let folder = ledger();
    let whole = fs::read(segment(folder.path())).unwrap();
    fs::remove_file(segment(folder.path())).unwrap();
    mends(folder.path(), Copy::Journal);
    assert_eq!(fs::read(segment(folder.path())).unwrap(), whole);
    is_whole(folder.path());
}

fn change_sled(folder: &Path, change: impl FnOnce(&sled::Db)) {
    let db = loop {
        // An earlier instance lets go of its files a little after it was dropped.
        match sled::Config::new().path(folder.join("sled")).open() {
            Ok(db) => break db,
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(20)),
        }
    };
    change(&db);
    db.flush().unwrap();
}

#[test]
fn every_kind_of_value_of_sled_is_mended_from_the_journal() {
    let folder = ledger();
    let mut keys = Vec::new();
    change_sled(folder.path(), |db| {
        keys.extend(db.iter().keys().map(|key| key.unwrap()));
    });
    for kind in *b"frtm" {
        let key = keys.iter().find(|key| key[0] == kind).unwrap();
        for how in 0..4 {
            change_sled(folder.path(), |db| {
                let mut value = db.get(key).unwrap().unwrap().to_vec();
                let at = value.len() / 2;
                value[at] ^= 1;
                match how {
                    0 => db.insert(key, value).unwrap(),
                    1 => db.insert(key, &value[..at]).unwrap(),
                    2 => db.remove(key).unwrap(),
                    _ => db.insert([key, &b"stray"[..]].concat(), value).unwrap(),
                };
            });
            let report = mends(folder.path(), Copy::Sled);
            assert!(!report.findings.is_empty());
            is_whole(folder.path());
        }
    }
}

#[test]
fn damaged_values_of_sled_are_read_from_the_journal() {
    let folder = ledger();
    change_sled(folder.path(), |db| {
        for item in db.scan_prefix(b"r").chain(db.scan_prefix(b"t")) {
            let (key, value) = item.unwrap();
            let mut value = value.to_vec();
            if key[8] % 3 == 0 || key[0] == b't' {
                value[30] ^= 1;
                db.insert(key, value).unwrap();
            }
        }
    });
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, []);
    assert_eq!(store.read(0..SIZE).unwrap(), records(0..SIZE));
    let id = minutebook_ledger::tile::TileId {
        level: 0,
        index: 0,
        width: 256,
    };
    let mut writer = Writer::default();
    let expected = writer.next(256).tiles.remove(0).1;
    assert_eq!(store.tile(id).unwrap().unwrap()[..], expected[..]);
    let notices = store.take_notices();
    assert!(notices.len() >= 2, "{notices:?}");
    assert!(notices[0].to_string().contains("from the journal"));
}

#[test]
fn sled_files_that_do_not_open_are_mended_from_the_journal() {
    let folder = ledger();
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    mends(folder.path(), Copy::Sled);
    is_whole(folder.path());
    fs::remove_file(folder.path().join("sled/db")).unwrap();
    fs::create_dir(folder.path().join("sled/db")).unwrap();
    mends(folder.path(), Copy::Sled);
    is_whole(folder.path());
}

#[test]
fn damage_in_both_copies_at_different_places_is_mended() {
    let folder = ledger();
    let whole = fs::read(segment(folder.path())).unwrap();
    let mut bytes = whole.clone();
    bytes[whole.len() - 5] ^= 1;
    fs::write(segment(folder.path()), bytes).unwrap();
    change_sled(folder.path(), |db| {
        let (key, value) = db.scan_prefix(b"r").next().unwrap().unwrap();
        let mut value = value.to_vec();
        value[40] ^= 1;
        db.insert(key, value).unwrap();
    });
    let report = scrub(folder.path(), true).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.findings.len(), 2);
    assert_eq!(fs::read(segment(folder.path())).unwrap(), whole);
    is_whole(folder.path());
}

#[test]
fn what_neither_copy_has_is_reported_and_nothing_is_touched() {
    let folder = ledger();
    let mut bytes = fs::read(segment(folder.path())).unwrap();
    bytes[150] ^= 1;
    fs::write(segment(folder.path()), &bytes).unwrap();
    change_sled(folder.path(), |db| {
        db.remove(db.scan_prefix(b"f").next().unwrap().unwrap().0)
            .unwrap();
    });
    let report = scrub(folder.path(), true).unwrap();
    assert!(!report.is_sound());
    assert_eq!(report.records, 0);
    assert_eq!(fs::read(segment(folder.path())).unwrap(), bytes);
}

#[test]
fn erasures_survive_mending() {
    let folder = ledger();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.erase(25, &record(25).disclosures[0].digest).unwrap();
    store.close().unwrap();
    // Opening does away with the old sled; then both hold zeros.
    drop(SledStore::open(folder.path()).unwrap());
    assert_eq!(scrub(folder.path(), false).unwrap().findings, []);
    let whole = fs::read(segment(folder.path())).unwrap();
    let mut bytes = whole.clone();
    bytes[whole.len() / 2] ^= 1;
    fs::write(segment(folder.path()), bytes).unwrap();
    assert!(scrub(folder.path(), true).unwrap().is_sound());
    assert_eq!(fs::read(segment(folder.path())).unwrap(), whole);
}

#[test]
fn a_lagging_sled_is_no_finding_and_an_unfinished_write_is_cut() {
    let folder = ledger();
    let old = tempfile::tempdir().unwrap();
    copy(&folder.path().join("sled"), &old.path().join("sled"));
    let (store, _) = SledStore::open(folder.path()).unwrap();
    let mut writer = Writer::default();
    writer.next(SIZE);
    writer.append(&store, &[200]);
    store.close().unwrap();
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    copy(&old.path().join("sled"), &folder.path().join("sled"));
    let report = scrub(folder.path(), true).unwrap();
    assert_eq!(
        (report.records, &report.findings[..]),
        (SIZE + 200, &[][..])
    );

    let whole = fs::read(segment(folder.path())).unwrap();
    fs::write(segment(folder.path()), [&whole[..], b"MBFRA"].concat()).unwrap();
    let report = scrub(folder.path(), true).unwrap();
    assert!(report.is_sound() && report.findings[0].check.contains("unfinished"));
    assert_eq!(fs::read(segment(folder.path())).unwrap(), whole);
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert!(
        matches!(notices[..], [Notice::Replayed { .. }]),
        "{notices:?}"
    );
    assert_eq!(store.read(0..SIZE + 200).unwrap(), records(0..SIZE + 200));
}
