//! The ledger that these tests look at.

use minutebook_events::Event;
use minutebook_tests::{TestLedger, TestOfficer};
use serde_json::{Value, json};

/// A title with all that a feed has to take care of: both sorts of special characters, line ends, and
/// more than a line.
pub const NASTY: &str = "A; b, c\\n d: \"e\" <f> & g\r\nsecond ]]> line é 老虎 \
                         and on and on and on and on and on and on and on and on and on and on";

/// A ledger with two bodies, a meeting of either, a milestone, actions, and an action in private.
pub fn ledger() -> TestLedger {
    let ledger = TestLedger::in_memory();
    let registrar = |fields| record(&ledger, &ledger.registrar, fields);
    let secretary = |fields| record(&ledger, &ledger.secretary, fields);
    registrar(json!({"type": "BodyEstablished", "subject": "body/board", "name": "Board"}));
    registrar(json!({"type": "BodyEstablished", "subject": "body/other", "name": "Other"}));
    secretary(json!({
        "type": "MeetingCalled", "subject": "meeting/may", "title": NASTY, "body": "body/board",
        "date": "14 May 2027", "time": "14:00", "place": "Room 1, first floor; ring",
        "link": "https://meet.example/1?a=b&c=d",
    }));
    secretary(json!({
        "type": "MeetingCalled", "subject": "meeting/june", "title": "June", "body": "body/other",
        "date": "June 2027", "time": "in the afternoon",
    }));
    secretary(json!({
        "type": "MilestoneSet", "subject": "milestone/worker", "title": "Key worker", "due": "25/26",
    }));
    secretary(json!({
        "type": "ActionAssigned", "subject": "action/write", "text": "Write it down",
        "owner": "Director", "body": "body/board", "due": "30 June 2027",
    }));
    secretary(json!({
        "type": "ActionAssigned", "subject": "action/secret", "text": "Sell the land",
        "owner": "Director", "body": "body/board", "due": "30 June 2027",
        "confidentiality": "part-2",
    }));
    ledger
}

/// Records an event, given by its fields but for the capacity.
pub fn record(ledger: &TestLedger, officer: &TestOfficer, mut fields: Value) -> u64 {
    fields["capacity"] = serde_json::to_value(officer.capacity()).unwrap();
    let event = Event::from_json(fields).unwrap();
    let submission = ledger.sign(officer, event, &[]);
    ledger.submit(vec![submission]).unwrap()[0].position
}
