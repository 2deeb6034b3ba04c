//! Erased content is gone from what is read, from the views that are served, and from what is kept to
//! open faster, by the time that the erasure is answered.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use minutebook_events::{Content, Digest, Judge};
use minutebook_ledger::log::{StoredEntry, SubmitError};
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_ledger::store::sled::SledStore;
use minutebook_ledger::store::{Held, Store};
use minutebook_ledger::verify::verify;
use minutebook_projections::Views;
use minutebook_tests::meddled::{Meddled, Step};
use minutebook_tests::{TestLedger, vkey};

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

/// Whether the views that are served know these words.
fn is_known(ledger: &TestLedger, text: &str) -> bool {
    holds(&ledger.log.published().views.save(), text)
}

fn entry(ledger: &TestLedger, position: u64) -> StoredEntry {
    ledger.log.entry(position).unwrap()
}

fn digest(ledger: &TestLedger, position: u64) -> Digest {
    entry(ledger, position).statement.claims().digest
}

/// A ledger with milestones a and b, and a records officer; where a stands.
fn with_milestones(store: Arc<dyn Store>) -> (TestLedger, u64) {
    let ledger = TestLedger::open(store).unwrap();
    ledger.found();
    ledger.enrol_keeper();
    let position = ledger.record(ledger.milestone("a", "25/26")).unwrap();
    ledger.record(ledger.milestone("b", "25/26")).unwrap();
    (ledger, position)
}

fn assert_sound(ledger: &TestLedger, erased: u64) {
    let report = verify(&ledger.log, &vkey(), Views::default(), &|_, _| ());
    assert!(report.is_good(), "{:#?}", report.findings);
    assert_eq!(report.counts.erased, erased);
}

#[test]
fn whoever_got_the_answer_knows_that_nobody_reads_it_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(SledStore::open(folder.path()).unwrap().0);
    let (ledger, position) = with_milestones(open());
    // A snapshot that knows it is there, as after a clean stop, and the views rest on it.
    ledger.log.close().unwrap();
    let store = open();
    let ledger = TestLedger::open(store.clone()).unwrap();
    let stopped_at = ledger.log.published().head.size;
    let (size, before) = store.snapshot().unwrap().unwrap();
    assert_eq!(size, stopped_at);
    assert!(holds(&before, "Deliver a") && is_known(&ledger, "Deliver a"));

    let erasure = ledger.erasure(position, digest(&ledger, position));
    let earlier = ledger.log.published();
    let accepted = ledger.submit(vec![erasure.clone()]).unwrap();
    assert!(!is_known(&ledger, "Deliver a"));
    assert!(is_known(&ledger, "Deliver b"));
    assert_eq!(entry(&ledger, position).content, Content::Erased);
    assert_eq!(store.snapshot().unwrap(), None);
    let published = ledger.log.published();
    assert_eq!(published.head.size, accepted[0].position + 1);
    assert_eq!(published.views.erasing_entries(), 1);
    assert!(holds(&earlier.views.save(), "Deliver a"), "who reads on");

    // The log goes on: it judges, and knows what it has had, the erased content too.
    ledger.record(ledger.slip("b", "25/26", "26/27")).unwrap();
    ledger
        .record(ledger.slip("a", "25/26", "26/27"))
        .unwrap_err();
    let again = ledger.submit(vec![erasure]).unwrap();
    assert_eq!(again[0].position, accepted[0].position);
    assert_eq!(again[0].recorded_at, None);
    assert_sound(&ledger, 1);
    let served = ledger.log.published();
    ledger.log.close().unwrap();

    let store = open();
    let reopened = TestLedger::open(store.clone()).unwrap();
    assert!(reopened.log.finished_erasures().is_empty());
    let published = reopened.log.published();
    assert_eq!(published.head, served.head);
    assert_eq!(published.views.save(), served.views.save());
    assert_sound(&reopened, 1);
    drop(reopened);
    // Folded from what is left, the views are fit for a snapshot again.
    let (size, bytes) = store.snapshot().unwrap().unwrap();
    assert_eq!(size, served.head.size);
    assert!(!holds(&bytes, "Deliver a"));
    assert!(holds(&bytes, "Deliver b"));
}

#[test]
fn a_private_part_goes_alone() {
    let ledger = TestLedger::in_memory();
    ledger.enrol_keeper();
    let published = ledger.log.published();
    let mut entries = ledger.log.entries(0..published.head.size).unwrap();
    entries.retain(|entry| entry.record.disclosures.len() == 2);
    let enrolled = entries.remove(0);
    let name = Digest(enrolled.record.disclosures[1].digest);
    let erasure = ledger.erasure(enrolled.position, name);
    ledger.submit(vec![erasure]).unwrap();
    let after = entry(&ledger, enrolled.position);
    assert_eq!(after.content, enrolled.content);
    assert_eq!(after.record.disclosures[1].content, Held::Erased);
    assert_sound(&ledger, 1);
}

#[test]
fn content_recorded_and_erased_in_one_group_is_never_shown() {
    let ledger = TestLedger::in_memory();
    ledger.enrol_keeper();
    let position = ledger.log.published().head.size;
    let milestone = ledger.sign(&ledger.secretary, ledger.milestone("a", "25/26"), &[]);
    let digest = minutebook_ledger::disclosure::digest(&milestone.disclosures[0]);
    let seen = ledger.seen();
    let mut watching = ledger.log.watch();
    // An entry that erases what is not in yet is refused; in a batch it follows what it erases.
    let batch = vec![
        milestone,
        ledger.approval(position, digest, seen),
        ledger.erasing(position, digest, seen),
    ];
    let accepted = ledger.submit(batch).unwrap();
    assert_eq!(accepted.len(), 3);
    assert!(watching.has_changed().unwrap());
    assert!(!holds(
        &watching.borrow_and_update().views.save(),
        "Deliver a"
    ));
    assert_eq!(entry(&ledger, position).content, Content::Erased);
}

#[test]
fn an_erasure_that_names_what_is_not_there_erases_nothing() {
    let ledger = TestLedger::in_memory();
    ledger.enrol_keeper();
    let a = ledger.record(ledger.milestone("a", "25/26")).unwrap();
    let b = ledger.record(ledger.milestone("b", "25/26")).unwrap();
    let erasure = ledger.erasure(b, digest(&ledger, a));
    ledger.submit(vec![erasure]).unwrap();
    assert!(matches!(entry(&ledger, a).content, Content::Event(_)));
    assert!(matches!(entry(&ledger, b).content, Content::Event(_)));
    // Said of the right entry, it goes.
    let erasure = ledger.erasure(a, digest(&ledger, a));
    ledger.submit(vec![erasure]).unwrap();
    assert_eq!(entry(&ledger, a).content, Content::Erased);
    assert!(!is_known(&ledger, "Deliver a"));
}

#[test]
fn an_erasure_that_was_cut_short_is_not_acknowledged_and_is_finished_by_the_next_opening() {
    let store = Arc::new(MemoryStore::new());
    let (ledger, position) = with_milestones(store.clone());
    drop(ledger);
    let stopping = Meddled::stopped_before(Step::Erase, store.clone());
    let ledger = TestLedger::open(Arc::new(stopping)).unwrap();
    let erasure = ledger.erasure(position, digest(&ledger, position));
    let before = ledger.log.published();
    let refused = ledger.submit(vec![erasure.clone()]).unwrap_err();
    assert!(matches!(refused.error, SubmitError::Store(_)), "{refused}");
    assert_eq!(ledger.log.published().head, before.head);
    assert!(!ledger.log.is_writable());
    ledger.record(ledger.milestone("c", "25/26")).unwrap_err();
    drop(ledger);
    // The entry is durable, its content is still here, and so is a snapshot that knows it.
    assert_eq!(store.head().size, before.head.size + 1);
    let (_, bytes) = store.snapshot().unwrap().unwrap();
    assert!(holds(&bytes, "Deliver a"));

    let reopened = TestLedger::open(store.clone()).unwrap();
    assert_eq!(reopened.log.finished_erasures(), [position]);
    assert_eq!(entry(&reopened, position).content, Content::Erased);
    assert!(!is_known(&reopened, "Deliver a"));
    assert!(is_known(&reopened, "Deliver b"));
    let again = reopened.submit(vec![erasure]).unwrap();
    assert_eq!(again[0].position, before.head.size);
    assert_sound(&reopened, 1);
    drop(reopened);
    let (_, bytes) = store.snapshot().unwrap().unwrap();
    assert!(!holds(&bytes, "Deliver a"));
    let reopened = TestLedger::open(store).unwrap();
    assert!(reopened.log.finished_erasures().is_empty());
}
