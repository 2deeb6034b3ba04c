//! Load for benches: pre-signed statements with disclosures of about 1 KiB.

use minutebook_events::{Capacity, Common, Event, Kind, Seen, SubjectId};
use minutebook_ledger::Submission;
use rayon::prelude::*;

use crate::{TestLedger, event};

/// How many actions the load reports progress on.
pub const ACTIONS: u64 = 200;

/// Records the actions that [`progress`] is about.
pub fn prepare(ledger: &TestLedger) {
    let batch = (0..ACTIONS)
        .map(|n| {
            let event = action(ledger.secretary.capacity(), &format!("a{n}"));
            ledger.sign(&ledger.secretary, event, &[])
        })
        .collect();
    ledger.submit(batch).unwrap();
}

/// An action `action/{name}`.
pub fn action(capacity: Capacity, name: &str) -> Event {
    let json = serde_json::json!({
        "type": "ActionAssigned",
        "subject": format!("action/{name}"),
        "capacity": capacity,
        "text": "Bring a paper to the next meeting",
        "owner": "Director of Strategy",
    });
    Event::from_json(json).unwrap()
}

/// A report of progress on one of the actions of [`prepare`].
pub fn progress(ledger: &TestLedger, n: u64) -> Event {
    report(ledger.secretary.capacity(), &format!("a{}", n % ACTIONS), n)
}

/// A report of progress on `action/{action}` whose disclosure has about 1 KiB.
pub fn report(capacity: Capacity, action: &str, n: u64) -> Event {
    let subject = SubjectId::new(Kind::Action, action).unwrap();
    let common = Common::new(subject, capacity);
    let narrative = format!(
        "Report {n}: {}",
        "the paper is being written with partners. ".repeat(18)
    );
    event(
        common,
        minutebook_events::catalogue::actions::ActionProgressReported {
            narrative,
            state: None,
            evidence: Vec::new(),
        },
    )
}

/// Signs reports `from..to` on all cores, over one view of the log.
pub fn signed(ledger: &TestLedger, seen: Seen, from: u64, to: u64) -> Vec<Submission> {
    let now = ledger.now();
    (from..to)
        .into_par_iter()
        .map(|n| ledger.sign_at(&ledger.secretary, progress(ledger, n), &[], seen, now))
        .collect()
}
