//! What a server of many ledgers rests on: answers that can be awaited, readers that are woken, a queue
//! that says when it is full, and figures that say how the log is doing.
#![allow(clippy::unwrap_used)]

use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use minutebook_ledger::Submission;
use minutebook_ledger::log::SubmitError;
use minutebook_ledger::receipt::Receipt;
use minutebook_ledger::store::Store;
use minutebook_ledger::store::memory::MemoryStore;
use minutebook_tests::meddled::{Meddled, Step};
use minutebook_tests::{TestLedger, load};
use tokio::runtime::Runtime;

/// A ledger in `store`, founded before it was meddled with.
fn meddled(meddle: impl FnOnce(Arc<dyn Store>) -> Meddled) -> TestLedger {
    let store = Arc::new(MemoryStore::new());
    let ledger = TestLedger::open(store.clone()).unwrap();
    ledger.found();
    drop(ledger);
    TestLedger::open(Arc::new(meddle(store))).unwrap()
}

/// A ledger whose appends wait until they are let go: each for one message, or all once it hangs up.
fn held_up() -> (TestLedger, Sender<()>) {
    let (go, wait) = channel();
    let wait = Mutex::new(wait);
    let ledger = meddled(|store| {
        Meddled::new(store, move |step| {
            if step == Step::Append {
                let _ = wait.lock().unwrap().recv();
            }
            Ok(())
        })
    });
    (ledger, go)
}

fn milestone(ledger: &TestLedger, name: &str) -> Submission {
    ledger.sign(&ledger.secretary, ledger.milestone(name, "25/26"), &[])
}

#[test]
fn whoever_awaits_an_answer_can_have_the_receipt_at_once() {
    let ledger = TestLedger::in_memory();
    load::prepare(&ledger);
    let first = ledger.log.published().head.size;
    let submissions = load::signed(&ledger, ledger.seen(), 0, 200);
    let ledger = Arc::new(ledger);
    let runtime = Runtime::new().unwrap();
    let mut positions: Vec<u64> = runtime.block_on(async {
        let tasks: Vec<_> = submissions
            .into_iter()
            .map(|submission| {
                let ledger = ledger.clone();
                tokio::spawn(async move {
                    let ticket = ledger.log.try_submit_batch(vec![submission]).unwrap();
                    let position = ticket.await.unwrap()[0].position;
                    assert!(ledger.log.published().head.size > position);
                    let receipt = ledger.log.receipt(position).unwrap();
                    let entry = ledger.log.entry(position).unwrap();
                    let receipt = Receipt::parse(&receipt).unwrap();
                    let key = ledger.log.receipt_key();
                    let head = receipt.verify(&key, entry.statement.bytes()).unwrap();
                    assert!(head.size > position);
                    position
                })
            })
            .collect();
        let mut positions = Vec::new();
        for task in tasks {
            positions.push(task.await.unwrap());
        }
        positions
    });
    positions.sort_unstable();
    assert!(positions.into_iter().eq(first..first + 200));
}

#[test]
fn watchers_are_woken_by_what_is_published_and_told_when_the_log_closes() {
    let ledger = TestLedger::in_memory();
    let mut watching = ledger.log.watch();
    assert!(!watching.has_changed().unwrap(), "what is there is seen");
    let runtime = Runtime::new().unwrap();
    for n in 0..3 {
        let ticket = ledger
            .log
            .try_submit_batch(vec![milestone(&ledger, &format!("m{n}"))]);
        let position = runtime.block_on(ticket.unwrap()).unwrap()[0].position;
        runtime.block_on(watching.changed()).unwrap();
        let published = watching.borrow_and_update().clone();
        assert_eq!(published.head.size, position + 1);
        assert_eq!(published.head, ledger.log.published().head);
    }
    // A refusal publishes nothing.
    let ticket = ledger.log.try_submit_batch(vec![milestone(&ledger, "m0")]);
    runtime.block_on(ticket.unwrap()).unwrap_err();
    assert!(!watching.has_changed().unwrap());
    ledger.log.close().unwrap();
    assert!(runtime.block_on(watching.changed()).is_err());
}

#[test]
fn a_batch_enters_whole_or_says_which_submission_stands_in_the_way() {
    let ledger = TestLedger::in_memory();
    let head = ledger.log.published().head;
    let good = milestone(&ledger, "a");
    let bad = milestone(&ledger, "a");
    let ticket = ledger
        .log
        .try_submit_batch(vec![good.clone(), bad])
        .unwrap();
    assert_eq!(ticket.wait().unwrap_err().index, 1);
    let cut = Submission {
        statement: Vec::new(),
        ..good.clone()
    };
    let Err(malformed) = ledger.log.try_submit_batch(vec![good.clone(), cut]) else {
        unreachable!("an empty statement was queued")
    };
    assert_eq!(malformed.index, 1);
    assert!(matches!(malformed.error, SubmitError::Malformed(_)));
    assert_eq!(ledger.log.published().head, head);
    let both = vec![good, milestone(&ledger, "b")];
    let accepted = ledger.log.try_submit_batch(both).unwrap().wait().unwrap();
    assert_eq!(accepted[1].position, head.size + 1);
    let nothing = ledger.log.try_submit_batch(Vec::new()).unwrap();
    assert_eq!(nothing.wait().unwrap(), []);
}

#[test]
fn a_queue_that_holds_too_many_statements_turns_away_who_would_not_wait() {
    let (ledger, go) = held_up();
    let first = ledger.log.try_submit_batch(vec![milestone(&ledger, "a")]);
    let mut tickets = vec![first.unwrap()];
    // The same bytes again are answered with their place, so they may fill the queue.
    let full = vec![milestone(&ledger, "b"); 1000];
    let busy = loop {
        match ledger.log.try_submit_batch(full.clone()) {
            Ok(ticket) => tickets.push(ticket),
            Err(refused) => break refused,
        }
    };
    assert!(matches!(busy.error, SubmitError::Busy));
    let figures = ledger.log.figures();
    assert_eq!(
        figures.waiting, 17_001,
        "the last one in may be a whole batch"
    );
    assert_eq!((figures.busy, figures.refused), (1, 0));
    drop(go);
    let positions: Vec<_> = tickets
        .into_iter()
        .flat_map(|ticket| ticket.wait().unwrap())
        .map(|accepted| accepted.position)
        .collect();
    assert!(positions[1..].iter().all(|at| *at == positions[0] + 1));
    assert_eq!(ledger.log.figures().waiting, 0);
    let again = ledger.log.try_submit_batch(vec![milestone(&ledger, "c")]);
    again.unwrap().wait().unwrap();
}

#[test]
fn a_queue_that_holds_too_many_bytes_turns_away_who_would_not_wait() {
    let (ledger, go) = held_up();
    let mut event = ledger.milestone("large", "25/26");
    event.common.reason = Some("why ".repeat(4_999));
    let large = ledger.sign(&ledger.secretary, event, &[]);
    let each = large.statement.len() + large.disclosures[0].len();
    let mut tickets = Vec::new();
    while tickets.len() < 8 {
        match ledger.log.try_submit_batch(vec![large.clone(); 1000]) {
            Ok(ticket) => tickets.push(ticket),
            Err(refused) => {
                assert!(matches!(refused.error, SubmitError::Busy));
                break;
            }
        }
    }
    assert_eq!(tickets.len(), (64_usize << 20).div_ceil(each * 1000));
    drop(go);
    for ticket in tickets {
        ticket.wait().unwrap();
    }
}

#[test]
fn figures_count_what_was_done_since_opening() {
    let (ledger, go) = held_up();
    let figures = ledger.log.figures();
    assert_eq!(
        (figures.entries, figures.groups, figures.newest_group),
        (0, 0, 0)
    );
    assert_eq!(figures.read_only, None);
    let first = ledger.log.try_submit_batch(vec![milestone(&ledger, "a")]);
    // The writer has taken it, and nothing else, once it stands before its write.
    go.send(()).unwrap();
    first.unwrap().wait().unwrap();
    let three = ["b", "c", "d"]
        .map(|name| milestone(&ledger, name))
        .to_vec();
    let ticket = ledger.log.try_submit_batch(three).unwrap();
    go.send(()).unwrap();
    ticket.wait().unwrap();
    ledger.submit(vec![milestone(&ledger, "a")]).unwrap_err();
    let figures = ledger.log.figures();
    assert_eq!(
        (figures.entries, figures.groups, figures.newest_group),
        (4, 2, 3)
    );
    assert_eq!((figures.refused, figures.busy, figures.waiting), (1, 0, 0));
    let sizes = &figures.group_sizes;
    assert_eq!(sizes.bounds[..3], [1, 2, 4]);
    assert_eq!(sizes.counts[..3], [1, 0, 1]);
    assert_eq!(sizes.counts.len(), sizes.bounds.len() + 1);
    assert_eq!(figures.group_micros.counts.iter().sum::<u64>(), 2);
    assert!(figures.last_fold.as_micros() > 0);
}

#[test]
fn a_log_whose_write_failed_says_why_it_takes_no_more_and_is_read_on() {
    let ledger = meddled(|store| Meddled::stopped_before(Step::Append, store));
    assert!(ledger.log.is_writable());
    let before = ledger.log.published();
    let refused = ledger.submit(vec![milestone(&ledger, "a")]).unwrap_err();
    assert!(matches!(refused.error, SubmitError::Store(_)));
    assert!(!ledger.log.is_writable());
    let reason = ledger.log.figures().read_only.unwrap();
    assert!(reason.contains("the machine stopped"), "{reason}");
    assert_eq!(ledger.log.read_only(), Some(reason.as_str()));
    let later = ledger.submit(vec![milestone(&ledger, "b")]).unwrap_err();
    assert!(matches!(later.error, SubmitError::Store(_)));
    assert_eq!(ledger.log.published().head, before.head);
    assert_eq!(
        ledger.log.entries(0..99).unwrap().len() as u64,
        before.head.size
    );
    ledger.log.receipt(0).unwrap();
}
