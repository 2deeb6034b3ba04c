//! Load for benches: pre-signed statements with disclosures of about 1 KiB.

use minutebook_events::{Common, Event, Kind, Seen, SubjectId};
use minutebook_ledger::Submission;
use rayon::prelude::*;

use crate::{TestLedger, event};

/// How many actions the load reports progress on.
const ACTIONS: u64 = 200;

/// Records the actions that [`progress`] is about.
pub fn prepare(ledger: &TestLedger) {
    let batch = (0..ACTIONS)
        .map(|n| {
            let json = serde_json::json!({
                "type": "ActionAssigned",
                "subject": format!("action/a{n}"),
                "capacity": ledger.secretary.capacity(),
                "text": "Bring a paper to the next meeting",
                "owner": "Director of Strategy",
            });
            ledger.sign(&ledger.secretary, Event::from_json(json).unwrap(), &[])
        })
        .collect();
    ledger.submit(batch).unwrap();
}

/// A report of progress whose disclosure has about 1 KiB.
pub fn progress(ledger: &TestLedger, n: u64) -> Event {
    let subject = SubjectId::new(Kind::Action, &format!("a{}", n % ACTIONS)).unwrap();
    let common = Common::new(subject, ledger.secretary.capacity());
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
