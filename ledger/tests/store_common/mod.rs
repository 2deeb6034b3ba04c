//! Batches with a correct tree, for the tests of stores.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::store::{Batch, Disclosed, Held, Record, Store};
use minutebook_ledger::tile::TileBuilder;
use sha2::{Digest, Sha256};

/// A content with its digest.
pub fn present(content: Vec<u8>) -> Disclosed {
    Disclosed {
        digest: Sha256::digest(&content).into(),
        content: Held::Present(content),
    }
}

/// The record that every test puts at a position: most have one content, some none, two, or one
/// that is absent.
pub fn record(position: u64) -> Record {
    let text = |name: &str| format!("{name} of record {position}, {}", "x".repeat(40)).into_bytes();
    let mut disclosures = Vec::new();
    if position % 7 != 3 {
        disclosures.push(present(text("body")));
    }
    if position % 5 == 2 {
        disclosures.push(present(text("sealed part")));
    }
    if position % 11 == 4 {
        disclosures.push(Disclosed {
            digest: [position as u8; 32],
            content: Held::Absent,
        });
    }
    Record {
        entry: text("entry"),
        disclosures,
    }
}

/// Makes the batches that follow one another, tiles and heads included.
#[derive(Clone, Default)]
pub struct Writer {
    pub tree: TileBuilder,
}

impl Writer {
    pub fn batch(&mut self, records: Vec<Record>) -> Batch {
        let first = self.tree.size();
        let mut tiles = Vec::new();
        for record in &records {
            tiles.extend(self.tree.push(leaf_hash(&record.entry)));
        }
        Batch {
            first,
            records,
            head: self.tree.head(),
            tiles,
        }
    }

    pub fn next(&mut self, count: u64) -> Batch {
        let first = self.tree.size();
        self.batch((first..first + count).map(record).collect())
    }

    pub fn append(&mut self, store: &dyn Store, sizes: &[u64]) {
        for &size in sizes {
            store.append(self.next(size)).unwrap();
        }
    }
}

/// The records of [`record`] at these positions.
pub fn records(range: std::ops::Range<u64>) -> Vec<Record> {
    range.map(record).collect()
}

/// All files beneath a folder whose name has this ending, sorted.
pub fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().ends_with(ending))
        .collect();
    files.sort();
    files
}

/// A copy of a whole folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Whether a file holds these bytes somewhere.
pub fn contains(path: &Path, needle: &[u8]) -> bool {
    let bytes = fs::read(path).unwrap();
    bytes.windows(needle.len()).any(|window| window == needle)
}
