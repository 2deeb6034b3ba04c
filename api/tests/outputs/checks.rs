//! The check in the background, over a store that begins to change what it gives.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;
use minutebook_api::checks::{CheckError, check};
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::store::{Held, Record};
use minutebook_tests::TestLedger;
use minutebook_tests::meddled::Meddled;

use crate::common::Api;

const NOWHERE: u64 = u64::MAX;

/// A ledger whose store changes the record at an index, which the test sets.
fn damaged(change: impl Fn(&mut Record) + Send + Sync + 'static) -> (TestLedger, Arc<AtomicU64>) {
    let store = Arc::new(MemoryStore::new());
    let ledger = TestLedger::open(store.clone()).unwrap();
    ledger.found();
    drop(ledger);
    let at = Arc::new(AtomicU64::new(NOWHERE));
    let place = at.clone();
    let store = Meddled::damaged(store, move |position, record| {
        if position == place.load(Ordering::Relaxed) {
            change(record);
        }
    });
    (TestLedger::open(Arc::new(store)).unwrap(), at)
}

#[test]
fn a_bit_that_flipped_is_found_wherever_it_is() {
    let flips: [fn(&mut Record); 3] = [
        |record| *record.entry.last_mut().unwrap() ^= 1,
        |record| {
            let middle = record.entry.len() / 2;
            record.entry[middle] ^= 1;
        },
        |record| {
            if let Held::Present(bytes) = &mut record.disclosures[0].content {
                *bytes.last_mut().unwrap() ^= 1;
            }
        },
    ];
    for flip in flips {
        let (ledger, at) = damaged(flip);
        check(&ledger.log, 3).unwrap();
        at.store(3, Ordering::Relaxed);
        check(&ledger.log, 2).unwrap();
        check(&ledger.log, 3).unwrap_err();
    }
    let (ledger, at) = damaged(flips[2]);
    at.store(1, Ordering::Relaxed);
    assert!(matches!(check(&ledger.log, 1), Err(CheckError::Content(0))));
}

#[tokio::test]
async fn damage_is_told_by_figures_and_readiness_until_a_round_is_free_of_it() {
    let (ledger, at) = damaged(|record| *record.entry.last_mut().unwrap() ^= 1);
    let desk = Api::over(ledger);
    let step = || {
        let ledger = &desk.server.ledgers["test"];
        ledger.checks.step(&ledger.name, &ledger.log);
    };
    step();
    assert_eq!(desk.get("/readyz").await.status, StatusCode::OK);
    at.store(2, Ordering::Relaxed);
    step();
    let said = desk.get("/readyz").await;
    assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.text().contains("\"damaged\":true"), "{said:?}");
    let figures = desk.get("/metrics").await;
    let figures = figures.text();
    let checked = "minutebook_checked_entries_total{ledger=\"test\"} 14";
    for line in [
        "minutebook_check_failures_total{ledger=\"test\"} 1",
        "minutebook_ledger_damaged{ledger=\"test\"} 1",
        checked,
    ] {
        assert!(figures.lines().any(|one| one == line), "{line}\n{figures}");
    }
    at.store(NOWHERE, Ordering::Relaxed);
    step();
    assert_eq!(desk.get("/readyz").await.status, StatusCode::OK);
}
