//! A disk that fills up: runs inside a mount namespace of its own, on a small tmpfs that it may make
//! larger.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use minutebook_ledger::log::SubmitError;
use minutebook_ledger::store::StoreError;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::verify::verify;
use minutebook_projections::Views;

use crate::{TestLedger, load, vkey};

/// Records on the tmpfs at `mount` until it is full, makes room, opens again and goes on.
pub fn fill_and_recover(mount: &Path) {
    let folder = mount.join("ledger");
    let ledger = TestLedger::in_folder(&folder);
    load::prepare(&ledger);
    let mut acknowledged = ledger.log.published().head.size;
    let refused = loop {
        match ledger.submit(load::signed(
            &ledger,
            ledger.seen(),
            acknowledged,
            acknowledged + 20,
        )) {
            Ok(accepted) => acknowledged += accepted.len() as u64,
            Err(error) => break error.error,
        }
    };
    let SubmitError::Store(first) = &refused else {
        panic!("{refused:?}")
    };
    assert!(
        matches!(
            **first,
            StoreError::Full { .. } | StoreError::ReadOnly { .. }
        ),
        "{first:?}"
    );
    println!("refused after {acknowledged} entries: {first}");
    // What was acknowledged can still be read, and nothing more is taken.
    assert_eq!(ledger.log.published().head.size, acknowledged);
    assert_eq!(
        ledger.log.entries(0..acknowledged).unwrap().len() as u64,
        acknowledged
    );
    let again = ledger.submit(load::signed(
        &ledger,
        ledger.seen(),
        acknowledged,
        acknowledged + 1,
    ));
    assert!(matches!(again.unwrap_err().error, SubmitError::Store(_)));
    drop(ledger);

    let grown = Command::new("mount")
        .args(["-o", "remount,size=256m"])
        .arg(mount)
        .status()
        .unwrap();
    assert!(grown.success());
    let (store, notices) = SledStore::open(&folder).unwrap();
    notices
        .iter()
        .for_each(|notice| println!("notice: {notice}"));
    let ledger = TestLedger::open(Arc::new(store)).unwrap();
    let size = ledger.log.published().head.size;
    // A write that failed half-way may have reached the disk whole; it was not acknowledged either
    // way, and what was acknowledged is all there.
    assert!(size >= acknowledged, "{size} of {acknowledged}");
    let more = load::signed(&ledger, ledger.seen(), size, size + 20);
    assert_eq!(ledger.submit(more).unwrap().len(), 20);
    let report = verify(&ledger.log, &vkey(), Views::default(), &|_, _| ());
    assert!(report.is_good(), "{:#?}", report.findings);
    ledger.log.close().unwrap();
    println!("recovered with {} entries", size + 20);
}
