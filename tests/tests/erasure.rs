//! Erased content is gone from what is read and from what is kept to open faster.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use minutebook_events::Content;
use minutebook_ledger::store::Store as _;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::verify::verify;
use minutebook_projections::Views;
use minutebook_tests::{TestLedger, vkey};

#[test]
fn no_snapshot_outlives_what_was_erased() {
    let store = Arc::new(MemoryStore::new());
    let ledger = TestLedger::open(store.clone()).unwrap();
    ledger.found();
    let position = ledger.record(ledger.milestone("a", "25/26")).unwrap();
    let digest = ledger
        .log
        .entry(position)
        .unwrap()
        .statement
        .claims()
        .digest;
    ledger.log.erase(position, &digest).unwrap();
    // Entries after the erasure are folded into views that still know what went before it.
    ledger.record(ledger.milestone("b", "25/26")).unwrap();
    drop(ledger);
    assert_eq!(store.snapshot().unwrap(), None);

    let reopened = TestLedger::open(store.clone()).unwrap();
    assert_eq!(
        reopened.log.entry(position).unwrap().content,
        Content::Erased
    );
    let report = verify(&reopened.log, &vkey(), Views::default(), &|_, _| ());
    assert!(report.is_good(), "{:#?}", report.findings);
    assert_eq!(report.counts.erased, 1);
    drop(reopened);
    // Made from entries alone, a snapshot holds nothing of it and may be kept again.
    let (size, bytes) = store.snapshot().unwrap().unwrap();
    assert_eq!(size, position + 2);
    assert!(!bytes.windows(9).any(|window| window == b"Deliver a"));
    assert!(bytes.windows(9).any(|window| window == b"Deliver b"));
}
