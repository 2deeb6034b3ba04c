//! The two sides of the crash test: a child process that records as fast as it can and says what was
//! acknowledged, and the parent that kills it.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use minutebook_ledger::store::sled::SledStore;

use crate::TestLedger;

/// Records milestones until killed. Every acknowledged entry is printed as a line
/// `<position> <digest>`, after a line `open <size>`.
pub fn record_until_killed(folder: &Path) {
    let (store, notices) = SledStore::open(folder).unwrap();
    let ledger = TestLedger::open(Arc::new(store)).unwrap();
    let mut out = std::io::stdout().lock();
    for notice in notices {
        writeln!(out, "notice {notice}").unwrap();
    }
    ledger.found();
    let mut next = ledger.log.published().head.size;
    writeln!(out, "open {next}").unwrap();
    out.flush().unwrap();
    loop {
        // Singly and in batches, so that frames of all sizes are cut by the kill.
        let batch: Vec<_> = (0..1 + next % 7)
            .map(|i| {
                let event = ledger.milestone(&format!("m{}", next + i), "25/26");
                ledger.sign(&ledger.secretary, event, &[])
            })
            .collect();
        let digests: Vec<_> = batch
            .iter()
            .map(|s| minutebook_events::Digest::of(&s.disclosures[0]))
            .collect();
        let accepted = match ledger.submit(batch) {
            Ok(accepted) => accepted,
            // Damage to sled that shows only now stops the writing; the next opening mends it.
            Err(error) => {
                writeln!(out, "refused {error}").unwrap();
                out.flush().unwrap();
                loop {
                    std::thread::park();
                }
            }
        };
        for (accepted, digest) in accepted.into_iter().zip(digests) {
            writeln!(out, "{} {digest}", accepted.position).unwrap();
            next = accepted.position + 1;
        }
        out.flush().unwrap();
    }
}
