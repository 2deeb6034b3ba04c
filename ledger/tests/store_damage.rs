//! What damage on the disk does to a ledger: it is mended, or the ledger does not open and says
//! where it hurts; it is never passed over.
#![allow(clippy::unwrap_used, clippy::panic)]

mod store_common;

use std::fs;
use std::path::Path;

use minutebook_ledger::store::sled::{Notice, SledStore};
use minutebook_ledger::store::{Held, Store, StoreError};
use minutebook_ledger::tile::TileId;
use store_common::{Writer, contains, copy, files, record, records};
use tempfile::TempDir;

/// A ledger of batches of these sizes, closed.
fn ledger(sizes: &[u64]) -> (TempDir, Writer) {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = Writer::default();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    writer.append(&store, sizes);
    store.close().unwrap();
    (folder, writer)
}

/// A copy of a ledger's journal alone, as after a crash: nothing says how much was acknowledged.
fn journal_of(folder: &Path) -> TempDir {
    let bare = tempfile::tempdir().unwrap();
    copy(&folder.join("journal"), &bare.path().join("journal"));
    bare
}

fn segment(folder: &Path) -> std::path::PathBuf {
    files(&folder.join("journal"), ".seg").pop().unwrap()
}

fn reads_back(store: &SledStore, size: u64) {
    assert_eq!(store.head().size, size);
    assert_eq!(store.read(0..size).unwrap(), records(0..size));
}

fn corrupt(folder: &Path) -> (std::path::PathBuf, u64, String) {
    match SledStore::open(folder) {
        Err(StoreError::Corrupt {
            file,
            offset,
            message,
        }) => (file, offset, message),
        Err(other) => panic!("{other:?}"),
        Ok((_, notices)) => panic!("opened with {notices:?}"),
    }
}

#[test]
fn reopens_after_a_clean_close_without_notices() {
    let (folder, mut writer) = ledger(&[3, 300, 1]);
    for _ in 0..3 {
        let (store, notices) = SledStore::open(folder.path()).unwrap();
        assert_eq!(notices, []);
        reads_back(&store, writer.tree.size());
        writer.append(&store, &[40, 1]);
        drop(store);
    }
}

#[test]
fn a_second_open_is_refused() {
    let (folder, _) = ledger(&[3]);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    let error = SledStore::open(folder.path()).err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }));
    assert!(
        error
            .to_string()
            .contains("another process has this ledger open")
    );
    store.close().unwrap();
    SledStore::open(folder.path()).unwrap();
}

/// Cut at every length: what is whole is kept, what is torn is cut, and both are said.
#[test]
fn an_unacknowledged_torn_tail_is_cut() {
    let (folder, mut writer) = ledger(&[2, 3]);
    let whole = fs::read(segment(folder.path())).unwrap();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    writer.append(&store, &[2]);
    store.close().unwrap();
    let longer = fs::read(segment(folder.path())).unwrap();
    let fourth: Vec<usize> = (whole.len() + 1..longer.len()).collect();
    let bare = journal_of(folder.path());
    for &len in fourth
        .iter()
        .step_by(11)
        .chain(&fourth[..3])
        .chain(&fourth[97..103])
    {
        let _ = fs::remove_dir_all(bare.path().join("sled"));
        let _ = fs::remove_file(bare.path().join("CLEAN"));
        fs::write(segment(bare.path()), &longer[..len]).unwrap();
        let (store, notices) = SledStore::open(bare.path()).unwrap();
        let cut = notices.iter().find_map(|notice| match notice {
            Notice::TailCut { offset, bytes, .. } => Some((*offset, *bytes)),
            _ => None,
        });
        assert_eq!(cut, Some((whole.len() as u64, (len - whole.len()) as u64)));
        reads_back(&store, 5);
        drop(store);
        assert_eq!(fs::read(segment(bare.path())).unwrap(), whole);
    }
}

#[test]
fn garbage_after_the_last_frame_is_cut() {
    for garbage in [&[0; 4096][..], b"MBFRAME\x01 and so on", &[0xff; 3]] {
        let (folder, _) = ledger(&[2, 3]);
        let path = segment(folder.path());
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [&whole[..], garbage].concat()).unwrap();
        let (store, notices) = SledStore::open(folder.path()).unwrap();
        assert!(
            notices.iter().any(|n| matches!(n, Notice::TailCut { .. })),
            "{notices:?}"
        );
        reads_back(&store, 5);
        drop(store);
        assert_eq!(fs::read(&path).unwrap(), whole);
    }
}

/// With anything that says how much was acknowledged, a missing or torn end is refused.
#[test]
fn an_acknowledged_tail_is_never_cut() {
    let signed = |folder: &Path| {
        let (store, _) = SledStore::open(folder).unwrap();
        store.put_checkpoint(store.head(), "signed\n").unwrap();
        store.close().unwrap();
    };
    for keep in ["sled", "HEAD", "CLEAN"] {
        let (folder, _) = ledger(&[2, 3]);
        signed(folder.path());
        let path = segment(folder.path());
        let whole = fs::read(&path).unwrap();
        let first_frame = {
            let (single, _) = ledger(&[2]);
            fs::read(segment(single.path())).unwrap().len()
        };
        for len in [0, 50, first_frame, first_frame + 1, whole.len() - 1] {
            let bare = journal_of(folder.path());
            let kept = folder.path().join(keep);
            match kept.is_dir() {
                true => copy(&kept, &bare.path().join(keep)),
                false => drop(fs::copy(kept, bare.path().join(keep)).unwrap()),
            }
            fs::write(segment(bare.path()), &whole[..len]).unwrap();
            let (file, offset, message) = corrupt(bare.path());
            assert_eq!(file, segment(bare.path()), "{keep} {len}");
            assert!(offset <= len as u64);
            assert!(
                message.contains("signed") || message.contains("acknowledged"),
                "{message}"
            );
            // Refusing changes nothing.
            assert_eq!(fs::read(segment(bare.path())).unwrap(), &whole[..len]);
        }
    }
}

#[test]
fn a_missing_journal_is_refused() {
    let (folder, _) = ledger(&[2, 3]);
    fs::remove_dir_all(folder.path().join("journal")).unwrap();
    let (_, _, message) = corrupt(folder.path());
    assert!(message.contains("0 of 5"), "{message}");
}

#[test]
fn a_history_that_differs_from_the_signed_one_is_refused() {
    let (folder, _) = ledger(&[2, 3]);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.put_checkpoint(store.head(), "signed\n").unwrap();
    store.close().unwrap();
    let other = tempfile::tempdir().unwrap();
    let (store, _) = SledStore::open(other.path()).unwrap();
    let mut writer = Writer::default();
    let forged = (0..5).map(|position| record(position + 1)).collect();
    store.append(writer.batch(forged)).unwrap();
    store.close().unwrap();
    fs::copy(folder.path().join("HEAD"), other.path().join("HEAD")).unwrap();
    let (_, _, message) = corrupt(other.path());
    assert!(
        message.contains("differs from what was signed"),
        "{message}"
    );
}

/// Every byte of a journal, all of it acknowledged.
#[test]
fn every_flipped_byte_of_the_journal_is_refused() {
    let (folder, _) = ledger(&[2, 3, 1]);
    let path = segment(folder.path());
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len())
        .step_by(29)
        .chain(whole.len() - 3..whole.len())
    {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        let (file, offset, _) = corrupt(folder.path());
        assert_eq!(file, path);
        assert!(offset <= at as u64, "{offset} {at}");
        assert_eq!(fs::read(&path).unwrap(), damaged);
    }
    fs::write(&path, &whole).unwrap();
    reads_back(&SledStore::open(folder.path()).unwrap().0, 6);
}

/// Without any witness a flip in the last frame looks like a torn write; everything before it does
/// not.
#[test]
fn flips_before_the_last_frame_are_refused_by_the_journal_alone() {
    let (folder, _) = ledger(&[2, 3, 1]);
    let bare = journal_of(folder.path());
    let path = segment(bare.path());
    let whole = fs::read(&path).unwrap();
    let (short, _) = ledger(&[2, 3]);
    let last = fs::read(segment(short.path())).unwrap().len();
    for at in (0..last).step_by(37) {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&path, &damaged).unwrap();
        let (_, offset, _) = corrupt(bare.path());
        assert!(offset <= at as u64);
    }
}

fn rebuilt(notices: &[Notice]) -> bool {
    let named = |n: &Notice| matches!(n, Notice::SledRebuilt { .. } | Notice::Replayed { .. });
    notices.iter().any(named)
}

#[test]
fn sled_is_rebuilt_when_it_is_gone() {
    let (folder, writer) = ledger(&[300, 300]);
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert!(
        matches!(
            &notices[..],
            [Notice::SledRebuilt {
                records: 600,
                aside: None,
                ..
            }]
        ),
        "{notices:?}"
    );
    reads_back(&store, 600);
    let tile = TileId {
        level: 0,
        index: 1,
        width: 256,
    };
    let mut again = Writer::default();
    let batch = again.next(600);
    assert_eq!(store.tile(tile).unwrap().unwrap()[..], batch.tiles[1].1[..]);
    assert_eq!(store.head(), writer.tree.head());
}

#[test]
fn sled_is_brought_up_when_it_lags() {
    let (folder, mut writer) = ledger(&[300, 17]);
    let old = tempfile::tempdir().unwrap();
    copy(&folder.path().join("sled"), &old.path().join("sled"));
    let (store, _) = SledStore::open(folder.path()).unwrap();
    writer.append(&store, &[1, 250, 40]);
    store.close().unwrap();
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    copy(&old.path().join("sled"), &folder.path().join("sled"));
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, [Notice::Replayed { from: 317, to: 608 }]);
    reads_back(&store, 608);
    for index in 0..2 {
        let id = TileId {
            level: 0,
            index,
            width: 256,
        };
        assert_eq!(store.tile(id).unwrap().unwrap().len(), 8192);
    }
    assert_eq!(store.take_notices(), []);
}

#[test]
fn a_half_written_snapshot_of_sled_does_no_harm() {
    let (folder, _) = ledger(&[30]);
    fs::write(
        folder.path().join("sled/snap.0000000000000F00.generating"),
        [1; 99],
    )
    .unwrap();
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, []);
    reads_back(&store, 30);
}

/// Whatever happens to sled's files, the ledger opens and gives everything back.
#[test]
fn damage_to_sleds_files_is_survived() {
    let (folder, _) = ledger(&[300; 4]);
    let db = fs::read(folder.path().join("sled/db")).unwrap();
    let mut said = 0;
    for round in 0..16u64 {
        let damaged = tempfile::tempdir().unwrap();
        copy(folder.path(), damaged.path());
        let path = damaged.path().join("sled/db");
        let mut bytes = db.clone();
        if round % 4 == 3 {
            bytes.truncate(bytes.len() * (round as usize + 1) / 18);
        } else {
            for flip in 0..round {
                let at = (round * 7919 + flip * 104_729) * 31 % (db.len() as u64 / 2);
                bytes[at as usize] ^= 0x41;
            }
        }
        fs::write(&path, bytes).unwrap();
        if round == 5 {
            fs::write(damaged.path().join("sled/conf"), b"nonsense").unwrap();
        }
        let (store, notices) = SledStore::open(damaged.path()).unwrap();
        reads_back(&store, 1200);
        for index in 0..4 {
            let id = TileId {
                level: 0,
                index,
                width: 256,
            };
            assert!(store.tile(id).unwrap().is_some());
        }
        let late = !store.take_notices().is_empty();
        said += u32::from(rebuilt(&notices) || late);
        if let Some(Notice::SledRebuilt {
            aside: Some(aside), ..
        }) = notices.first()
        {
            assert!(aside.exists());
        }
    }
    assert!(said >= 8, "{said}");
}

#[test]
fn erased_content_stays_erased() {
    let (folder, _) = ledger(&[20, 20]);
    let secret = match &record(7).disclosures[0].content {
        Held::Present(content) => content.clone(),
        other => panic!("{other:?}"),
    };
    assert!(contains(&segment(folder.path()), &secret));
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.erase(7, &record(7).disclosures[0].digest).unwrap();
    store.close().unwrap();
    assert!(!contains(&segment(folder.path()), &secret));
    let mut expected = records(0..40);
    expected[7].disclosures[0].content = Held::Erased;
    // The first open does away with sled's old pages.
    let (store, notices) = SledStore::open(folder.path()).unwrap();
    assert_eq!(notices, [Notice::ErasureFinished { count: 1 }]);
    assert_eq!(store.read(0..40).unwrap(), expected);
    store.close().unwrap();
    assert!(!contains(&folder.path().join("sled/db"), &secret));
    fs::remove_dir_all(folder.path().join("sled")).unwrap();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    assert_eq!(store.read(0..40).unwrap(), expected);
}

/// What a crash left of a snapshot may hold what is erased later.
#[test]
fn a_half_written_snapshot_goes_with_an_erasure() {
    let (folder, _) = ledger(&[9]);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.put_snapshot(4, b"four").unwrap();
    let half = folder
        .path()
        .join("snapshots/00000000000000000009.snap.new");
    fs::write(&half, b"ni").unwrap();
    store.erase(6, &record(6).disclosures[0].digest).unwrap();
    assert!(!half.exists());
    assert_eq!(
        store.snapshot().unwrap(),
        Some((4, b"four".to_vec().into()))
    );
}

#[test]
fn a_damaged_snapshot_is_ignored() {
    let (folder, _) = ledger(&[9]);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.put_snapshot(4, b"four").unwrap();
    store.put_snapshot(9, b"nine").unwrap();
    drop(store);
    let newest = files(&folder.path().join("snapshots"), ".snap")
        .pop()
        .unwrap();
    let whole = fs::read(&newest).unwrap();
    for at in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[at] ^= 1;
        fs::write(&newest, damaged).unwrap();
        if at % 10 == 0 {
            let (store, _) = SledStore::open(folder.path()).unwrap();
            assert_eq!(
                store.snapshot().unwrap(),
                Some((4, b"four".to_vec().into()))
            );
        }
    }
    fs::write(&newest, &whole[..20]).unwrap();
    let (store, _) = SledStore::open(folder.path()).unwrap();
    assert_eq!(
        store.snapshot().unwrap(),
        Some((4, b"four".to_vec().into()))
    );
}

#[test]
fn the_checkpoint_survives_reopening() {
    let (folder, mut writer) = ledger(&[9]);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    store.put_checkpoint(store.head(), "nine\n").unwrap();
    writer.append(&store, &[1]);
    store.put_checkpoint(store.head(), "ten\n").unwrap();
    drop(store);
    let (store, _) = SledStore::open(folder.path()).unwrap();
    assert_eq!(store.checkpoint().unwrap().unwrap(), "ten\n");
    drop(store);
    fs::write(folder.path().join("HEAD"), [3; 32768]).unwrap();
    let (_, notices) = SledStore::open(folder.path()).unwrap();
    assert!(matches!(
        &notices[..],
        [Notice::CheckpointUnreadable { .. }]
    ));
}
