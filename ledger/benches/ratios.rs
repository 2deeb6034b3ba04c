//! Appends and audits beside the machine's own limits, measured in the same run: what matters is the
//! ratio, since absolute times change with the machine and its neighbours.
//!
//! `cargo bench -p minutebook-ledger --bench ratios`
#![allow(clippy::unwrap_used)]

use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use minutebook_ledger::Submission;
use minutebook_ledger::statement::Statement;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::verify::verify;
use minutebook_projections::Views;
use minutebook_tests::{TestLedger, load, vkey};
use rayon::prelude::*;

const ROUNDS: usize = 5;
const QUEUED: u64 = 30_000;
const SINGLE: u64 = 1_000;
const AUDITED: u64 = 100_000;

fn main() {
    // Run as a test (`cargo test --benches`), it only shows that it can be built and started.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!(
        "{} cores, {ROUNDS} rounds, medians",
        rayon::current_num_threads()
    );
    let mut queued = Samples::default();
    for _ in 0..ROUNDS {
        queued.add(&queued_appends());
    }
    queued.print(&[
        ("verify_strict, all cores, a second", 0),
        ("plain file + fdatasync at batch 64, a second", 1),
        ("durable append, many queued, a second", 2),
    ]);
    println!(
        "  append / verify_strict              {:.2} (target 0.60)",
        queued.ratio(2, 0)
    );
    println!(
        "  append / plain file at 64           {:.2} (target 0.45)",
        queued.ratio(2, 1)
    );
    let mut single = Samples::default();
    for _ in 0..ROUNDS {
        single.add(&single_appends());
    }
    single.print(&[
        ("one fdatasync of the same bytes, p50 µs", 0),
        ("one verify_strict, p50 µs", 1),
        ("one append, p50 µs", 2),
        ("one append, p99 µs", 3),
    ]);
    let limit = single.median(0) + single.median(1);
    println!(
        "  append / (fdatasync + verify)       {:.2} (target 2.00)",
        single.median(2) / limit
    );
    let mut audit = Samples::default();
    for _ in 0..3 {
        audit.add(&audits());
    }
    audit.print(&[
        ("verify_strict of 100,000, all cores, s", 0),
        ("audit of 100,000 entries, s", 1),
    ]);
    println!(
        "  audit / verify_strict               {:.2} (target 1.30)",
        audit.ratio(1, 0)
    );
}

#[derive(Default)]
struct Samples(Vec<Vec<f64>>);

impl Samples {
    fn add(&mut self, row: &[f64]) {
        self.0.push(row.to_vec());
    }

    fn sorted(&self, pick: impl Fn(&[f64]) -> f64) -> Vec<f64> {
        let mut values: Vec<f64> = self.0.iter().map(|row| pick(row)).collect();
        values.sort_by(f64::total_cmp);
        values
    }

    fn median(&self, column: usize) -> f64 {
        self.sorted(|row| row[column])[self.0.len() / 2]
    }

    /// The median of the rounds' own ratios: what both sides shared cancels out.
    fn ratio(&self, over: usize, under: usize) -> f64 {
        self.sorted(|row| row[over] / row[under])[self.0.len() / 2]
    }

    fn print(&self, columns: &[(&str, usize)]) {
        for (name, column) in columns {
            let values = self.sorted(|row| row[*column]);
            let (min, max) = (values[0], values[values.len() - 1]);
            println!(
                "{name:46} {:>11.1}  ({min:.1} to {max:.1})",
                self.median(*column)
            );
        }
    }
}

struct Fresh {
    ledger: TestLedger,
    _folder: tempfile::TempDir,
    path: std::path::PathBuf,
}

fn fresh() -> Fresh {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().to_owned();
    let ledger = TestLedger::in_folder(&path.join("ledger"));
    load::prepare(&ledger);
    Fresh {
        ledger,
        _folder: folder,
        path,
    }
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

fn verify_all(ledger: &TestLedger, load: &[Submission]) -> f64 {
    let key = ledger.secretary.key.public();
    let statements: Vec<_> = load
        .iter()
        .map(|s| Statement::parse(&s.statement).unwrap())
        .collect();
    let signed: Vec<_> = statements.iter().map(Statement::signed_bytes).collect();
    seconds(|| {
        statements
            .par_iter()
            .zip(&signed)
            .for_each(|(statement, bytes)| {
                key.verify_strict(bytes, statement.signature()).unwrap();
            });
    })
}

fn queued_appends() -> [f64; 3] {
    let fresh = fresh();
    let ledger = &fresh.ledger;
    let load = load::signed(ledger, ledger.seen(), 0, QUEUED);
    let verified = verify_all(ledger, &load);
    let mut file = File::create(fresh.path.join("plain")).unwrap();
    let plain = seconds(|| {
        for batch in load.chunks(64) {
            let bytes: Vec<u8> = batch
                .iter()
                .flat_map(|s| s.statement.iter().chain(s.disclosures.iter().flatten()))
                .copied()
                .collect();
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        }
    });
    let threads = rayon::current_num_threads();
    let share = load.len().div_ceil(threads);
    let mut load = load.into_iter();
    let parts: Vec<Vec<Submission>> = (0..threads)
        .map(|_| load.by_ref().take(share).collect())
        .collect();
    let appended = seconds(|| {
        std::thread::scope(|scope| {
            for part in parts {
                scope.spawn(move || {
                    let tickets: Vec<_> = part
                        .into_iter()
                        .map(|submission| ledger.log.submit(submission).unwrap())
                        .collect();
                    tickets
                        .into_iter()
                        .for_each(|ticket| drop(ticket.wait().unwrap()));
                });
            }
        });
    });
    let count = QUEUED as f64;
    [count / verified, count / plain, count / appended]
}

fn single_appends() -> [f64; 4] {
    let fresh = fresh();
    let ledger = &fresh.ledger;
    let load = load::signed(ledger, ledger.seen(), 0, SINGLE);
    let key = ledger.secretary.key.public();
    let mut file = File::create(fresh.path.join("plain")).unwrap();
    let mut synced = Vec::new();
    let mut verified = Vec::new();
    let mut appended = Vec::new();
    // Turn by turn, so that a slow moment of the machine falls on all of them.
    for submission in &load {
        let bytes = [&submission.statement[..], &submission.disclosures[0]].concat();
        synced.push(timed(|| {
            file.write_all(&bytes).unwrap();
            file.sync_data().unwrap();
        }));
        let statement = Statement::parse(&submission.statement).unwrap();
        let signed = statement.signed_bytes();
        verified.push(timed(|| {
            key.verify_strict(&signed, statement.signature()).unwrap()
        }));
        let submission = submission.clone();
        appended.push(timed(|| {
            drop(ledger.log.submit(submission).unwrap().wait().unwrap())
        }));
    }
    let at = |values: &mut Vec<Duration>, part: f64| {
        values.sort();
        values[((values.len() - 1) as f64 * part) as usize].as_secs_f64() * 1e6
    };
    [
        at(&mut synced, 0.5),
        at(&mut verified, 0.5),
        at(&mut appended, 0.5),
        at(&mut appended, 0.99),
    ]
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn audits() -> [f64; 2] {
    let fresh = fresh();
    let ledger = &fresh.ledger;
    let load = load::signed(ledger, ledger.seen(), 0, AUDITED);
    let verified = verify_all(ledger, &load);
    for batch in load.chunks(1000) {
        ledger.submit(batch.to_vec()).unwrap();
    }
    drop(load);
    let Fresh {
        ledger,
        _folder,
        path,
    } = fresh;
    ledger.log.close().unwrap();
    let (store, _) = SledStore::open(&path.join("ledger")).unwrap();
    let reopened = TestLedger::open(Arc::new(store)).unwrap();
    let audited = seconds(|| {
        let report = verify(&reopened.log, &vkey(), Views::default(), &|_, _| ());
        assert!(report.is_good(), "{:?}", report.findings);
    });
    [verified, audited]
}
