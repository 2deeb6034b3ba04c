//! Measures the store on disk against the disk itself, in one run.
//!
//! `cargo run --release -p minutebook-ledger --example store_speed -- FOLDER [RECORDS]`
#![allow(clippy::unwrap_used)]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use minutebook_ledger::hash::leaf_hash;
use minutebook_ledger::store::sled::{SledStore, scrub};
use minutebook_ledger::store::{Batch, Disclosed, Held, Record, Store};
use minutebook_ledger::tile::TileBuilder;
use sha2::{Digest, Sha256};

const BATCH: u64 = 64;
const ENTRY_BYTES: usize = 400;
const CONTENT_BYTES: usize = 900;

fn fill(seed: u64, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    blake3::Hasher::new()
        .update(&seed.to_be_bytes())
        .finalize_xof()
        .fill(&mut bytes);
    bytes
}

fn batch(tree: &mut TileBuilder) -> Batch {
    let first = tree.size();
    let record = |position| {
        let content = fill(position, CONTENT_BYTES);
        Record {
            entry: fill(!position, ENTRY_BYTES),
            disclosures: vec![Disclosed {
                digest: Sha256::digest(&content).into(),
                content: Held::Present(content),
            }],
        }
    };
    let records: Vec<Record> = (first..first + BATCH).map(record).collect();
    let leaves = records.iter().map(|record| leaf_hash(&record.entry));
    let tiles = leaves.flat_map(|leaf| tree.push(leaf)).collect();
    Batch {
        first,
        records,
        head: tree.head(),
        tiles,
    }
}

/// Writes batches of the same bytes to a plain file, one write and one sync each.
fn plain(path: &Path, batches: u64) -> Duration {
    let mut file = File::create(path).unwrap();
    let bytes = fill(0, BATCH as usize * (ENTRY_BYTES + CONTENT_BYTES + 39));
    let start = Instant::now();
    for _ in 0..batches {
        file.write_all(&bytes).unwrap();
        file.sync_data().unwrap();
    }
    let took = start.elapsed();
    fs::remove_file(path).unwrap();
    took
}

fn append(store: &SledStore, tree: &mut TileBuilder, batches: u64) -> Duration {
    let mut took = Duration::ZERO;
    let mut left = batches;
    while left > 0 {
        // Made ahead, since making records is none of the store's work.
        let made: Vec<Batch> = (0..left.min(256)).map(|_| batch(tree)).collect();
        left -= made.len() as u64;
        let start = Instant::now();
        for batch in made {
            store.append(batch).unwrap();
        }
        took += start.elapsed();
    }
    took
}

fn report(what: &str, records: u64, took: Duration) {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find(|line| line.starts_with("VmRSS"));
    let rate = records as f64 / took.as_secs_f64();
    let seconds = took.as_secs_f64();
    let resident = resident.unwrap_or_default();
    println!("{what:<32} {seconds:>9.3} s {rate:>12.0} records/s  {resident}");
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| "store-speed".to_owned()));
    let records: u64 = arguments.next().map_or(1_000_000, |n| n.parse().unwrap());
    fs::create_dir_all(&folder).unwrap();
    let (ledger, file) = (folder.join("ledger"), folder.join("plain"));
    if ledger.exists() {
        // Only opens what an earlier run left.
        return reopen(&ledger, records);
    }

    let (store, _) = SledStore::open(&ledger).unwrap();
    let mut tree = TileBuilder::new();
    let burst = 60;
    for _ in 0..3 {
        report(
            "plain file, burst of 60 batches",
            burst * BATCH,
            plain(&file, burst),
        );
        let took = append(&store, &mut tree, burst);
        report("store, burst of 60 batches", burst * BATCH, took);
        std::thread::sleep(Duration::from_secs(2));
        report("plain file, 1000 batches", 1000 * BATCH, plain(&file, 1000));
        let took = append(&store, &mut tree, 1000);
        report("store, 1000 batches", 1000 * BATCH, took);
        std::thread::sleep(Duration::from_secs(2));
    }
    let left = records.saturating_sub(tree.size()) / BATCH;
    let took = append(&store, &mut tree, left);
    report("store, the rest", left * BATCH, took);

    let size = store.head().size;
    let start = Instant::now();
    for first in (0..size).step_by(256) {
        store.read(first..(first + 256).min(size)).unwrap();
    }
    report("read all, 256 at a time", size, start.elapsed());
    let start = Instant::now();
    for i in 0..20_000u64 {
        let position = i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size;
        store.read(position..position + 1).unwrap();
    }
    report("read one, at random", 20_000, start.elapsed());
    let start = Instant::now();
    store.close().unwrap();
    report("close", size, start.elapsed());
    drop(store);

    reopen(&ledger, size);
}

fn reopen(ledger: &Path, size: u64) {
    for _ in 0..3 {
        let start = Instant::now();
        let (store, notices) = SledStore::open(ledger).unwrap();
        report("open after a clean close", size, start.elapsed());
        println!("{notices:?}");
        drop(store);
    }
    let start = Instant::now();
    fs::remove_dir_all(ledger.join("sled")).unwrap();
    let (store, notices) = SledStore::open(ledger).unwrap();
    report("open with sled gone", size, start.elapsed());
    println!("{notices:?}");
    drop(store);
    let start = Instant::now();
    let found = scrub(ledger, false).unwrap();
    report("scrub", size, start.elapsed());
    println!("{} findings", found.findings.len());
}
