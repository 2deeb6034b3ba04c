//! A ledger of a million entries: opening it after a kill and after a clean close, its memory, its
//! disk, and a proof out of it.
//!
//! `cargo bench -p minutebook-ledger --bench million [-- ENTRIES]`
#![allow(clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use minutebook_ledger::store::sled::SledStore;
use minutebook_tests::{TestLedger, below, load};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    if let [mode, folder, ..] = &arguments[..]
        && mode.starts_with("child-")
    {
        return child(mode, Path::new(folder));
    }
    let entries = arguments
        .iter()
        .find_map(|argument| argument.parse().ok())
        .unwrap_or(1_000_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("ledger");
    let signed_bytes = fill(&path, entries);
    let disk = size_of(&path);
    println!(
        "{entries} entries, {:.0} MB signed",
        signed_bytes as f64 / 1e6
    );
    println!(
        "disk / signed bytes                 {:.2} (target 3.00)",
        disk as f64 / signed_bytes as f64
    );
    // What is still on its way to the disk would be measured with the first opening.
    assert!(Command::new("sync").status().unwrap().success());
    println!(
        "open after a clean close            {} (target 1 s)",
        run("child-open", &path, false)
    );
    println!(
        "open after a clean close, again     {} (target 1 s)",
        run("child-open", &path, false)
    );
    run("child-write", &path, true);
    println!(
        "open after kill -9                  {} (target 3 s)",
        run("child-open", &path, false)
    );
    println!(
        "random inclusion proofs             {} (target 1 ms)",
        run("child-prove", &path, false)
    );
}

/// Fills a ledger and closes it; gives the bytes of all statements and disclosures.
fn fill(path: &Path, entries: u64) -> u64 {
    let begun = Instant::now();
    let ledger = TestLedger::in_folder(path);
    load::prepare(&ledger);
    let mut bytes = 0;
    let mut at = ledger.log.published().head.size;
    while at < entries {
        let upto = (at + 1000).min(entries);
        let batch = load::signed(&ledger, ledger.seen(), at, upto);
        bytes += batch
            .iter()
            .map(|s| s.statement.len() + s.disclosures.iter().map(Vec::len).sum::<usize>())
            .sum::<usize>() as u64;
        ledger.submit(batch).unwrap();
        at = upto;
    }
    ledger.log.close().unwrap();
    println!(
        "signed and recorded in              {:.0} s",
        begun.elapsed().as_secs_f64()
    );
    bytes
}

fn size_of(path: &Path) -> u64 {
    if path.is_dir() {
        std::fs::read_dir(path)
            .unwrap()
            .map(|entry| size_of(&entry.unwrap().path()))
            .sum()
    } else {
        std::fs::metadata(path).unwrap().len()
    }
}

/// Runs this program again as a child, and gives the line that it says; kills it after that line
/// where asked.
fn run(mode: &str, path: &Path, kill: bool) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([mode.as_ref(), path.as_os_str()])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    if kill {
        child.kill().unwrap();
    }
    let status = child.wait().unwrap();
    assert_eq!(status.success(), !kill, "{status}");
    line.trim().to_owned()
}

fn child(mode: &str, path: &Path) {
    let begun = Instant::now();
    let (store, notices) = SledStore::open(path).unwrap();
    let store_opened = begun.elapsed();
    let ledger = TestLedger::open(Arc::new(store)).unwrap();
    let opened = begun.elapsed().as_secs_f64();
    let store_opened = store_opened.as_secs_f64();
    for notice in notices {
        eprintln!("{notice}");
    }
    match mode {
        "child-open" => {
            println!(
                "{opened:.2} s ({store_opened:.2} s of it the store), {} MB resident",
                resident_mb()
            );
            ledger.log.close().unwrap();
        }
        "child-write" => {
            // Some more, on a state that no clean close has put in order.
            let size = ledger.log.published().head.size;
            for n in 0..500 {
                let batch = load::signed(&ledger, ledger.seen(), size + n, size + n + 1);
                ledger.submit(batch).unwrap();
            }
            println!("written");
            loop {
                std::thread::park();
            }
        }
        _ => {
            let size = ledger.log.published().head.size;
            let mut times: Vec<f64> = (0..2000)
                .map(|_| {
                    let index = below(usize::try_from(size).unwrap()) as u64;
                    let begun = Instant::now();
                    ledger.log.inclusion(index).unwrap();
                    begun.elapsed().as_secs_f64() * 1e3
                })
                .collect();
            times.sort_by(f64::total_cmp);
            println!("p50 {:.3} ms, p99 {:.3} ms", times[1000], times[1980]);
            ledger.log.close().unwrap();
        }
    }
}

fn resident_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    line.split_whitespace()
        .nth(1)
        .unwrap()
        .parse::<u64>()
        .unwrap()
        / 1024
}
