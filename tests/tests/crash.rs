//! A process that is killed at any moment, on any state of its files, loses nothing that it
//! acknowledged. A real child, a real SIGKILL, acknowledgements kept by the parent.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::{Duration, Instant};

use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::verify::verify;
use minutebook_projections::Views;
use minutebook_tests::{TestLedger, below, vkey};

const KILLS: usize = 100;

/// A child that is just being started shares its parent's open files for a moment, and with them the
/// lock of a ledger that the parent has open: so only one of these tests starts children at a time.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// What the parent knows was acknowledged: position and digest.
type Acks = BTreeMap<u64, String>;

fn child(folder: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_crash-writer"))
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Lets a child record for a random while, kills it, and takes in what it said.
fn record_and_kill(folder: &Path, acks: &mut Acks) -> Vec<String> {
    let mut child = child(folder);
    let stdout = child.stdout.take().unwrap();
    let (say, said) = mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            say.send(line).unwrap();
        }
    });
    let mut lines = Vec::new();
    // One in four is killed at any moment from its start, opening included; the others once they
    // have begun to record, however slow the machine is.
    if below(4) > 0 {
        let begun = |line: &String| ack(line).is_some() || line.starts_with("refused ");
        while !lines.last().is_some_and(begun) {
            lines.push(said.recv_timeout(Duration::from_secs(120)).unwrap());
        }
    }
    std::thread::sleep(Duration::from_millis(below(60) as u64));
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert_eq!(status.code(), None, "the child ended by itself: {status}");
    reader.join().unwrap();
    lines.extend(said);
    acks.extend(lines.iter().filter_map(|line| ack(line)));
    lines
        .iter()
        .filter_map(|line| line.strip_prefix("notice ").map(str::to_owned))
        .collect()
}

/// The position and digest in a line of acknowledgement. A line that the kill cut was never
/// acknowledged to anyone.
fn ack(line: &str) -> Option<(u64, String)> {
    let (position, digest) = line.split_once(' ')?;
    (digest.len() == 64).then(|| Some((position.parse().ok()?, digest.to_owned())))?
}

/// Opens what is there, finds every acknowledged entry, and audits it all.
fn check(folder: &Path, acks: &Acks) {
    let (store, _) = SledStore::open(folder).unwrap();
    let ledger = TestLedger::open(Arc::new(store)).unwrap();
    let size = ledger.log.published().head.size;
    let entries = ledger.log.entries(0..size).unwrap();
    for (position, digest) in acks {
        let entry = entries.get(usize::try_from(*position).unwrap());
        let found = entry.map(|entry| entry.statement.claims().digest.to_string());
        assert_eq!(found.as_ref(), Some(digest), "entry {position} of {size}");
    }
    let report = verify(&ledger.log, &vkey(), Views::default(), &|_, _| ());
    assert!(report.is_good(), "{:#?}", report.findings);
    ledger.log.close().unwrap();
}

#[test]
fn nothing_acknowledged_is_lost_over_a_hundred_kills() {
    let _alone = ONE_AT_A_TIME.lock();
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("ledger");
    let mut acks = Acks::new();
    let begun = Instant::now();
    for kill in 1..=KILLS {
        record_and_kill(&folder, &mut acks);
        if kill % 10 == 0 {
            check(&folder, &acks);
        }
    }
    let size = acks.len();
    println!(
        "{KILLS} kills, {size} acknowledged entries, {:.0?}",
        begun.elapsed()
    );
    assert!(size > KILLS, "hardly anything was recorded: {size}");
}

#[test]
fn sled_may_be_deleted_cut_or_flipped_between_runs() {
    let _alone = ONE_AT_A_TIME.lock();
    let temp = tempfile::tempdir().unwrap();
    let folder = temp.path().join("ledger");
    let mut acks = Acks::new();
    record_and_kill(&folder, &mut acks);
    while acks.len() < 50 {
        record_and_kill(&folder, &mut acks);
    }
    let sled = folder.join("sled");
    let harms: [(&str, &dyn Fn()); 4] = [
        ("deleted", &|| fs::remove_dir_all(&sled).unwrap()),
        ("cut", &|| cut(&sled.join("db"))),
        ("flipped", &|| flip(&sled.join("db"))),
        ("half a snapshot", &|| {
            fs::write(sled.join("snap.0000000000000001.generating"), [0; 40]).unwrap()
        }),
    ];
    for round in 0..12 {
        let (name, harm) = &harms[round % harms.len()];
        harm();
        let (store, notices) = SledStore::open(&folder).unwrap();
        let ledger = TestLedger::open(Arc::new(store)).unwrap();
        let said = notices
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("; ");
        if *name == "deleted" {
            assert!(said.contains("rebuilt"), "{name}: {said:?}");
        }
        ledger.log.close().unwrap();
        check(&folder, &acks);
        record_and_kill(&folder, &mut acks);
    }
    check(&folder, &acks);
}

fn cut(file: &Path) {
    let len = fs::metadata(file).unwrap().len();
    let keep = below(usize::try_from(len).unwrap()) as u64;
    fs::OpenOptions::new()
        .write(true)
        .open(file)
        .unwrap()
        .set_len(keep)
        .unwrap();
}

fn flip(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    for _ in 0..4 {
        let at = below(bytes.len());
        bytes[at] ^= 1 << below(8);
    }
    fs::write(file, bytes).unwrap();
}
