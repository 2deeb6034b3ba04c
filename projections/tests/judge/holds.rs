//! What holds keep.

use minutebook_events::{Digest, Event};
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, Given, say};

/// Entry 2 is a milestone of the group, entry 3 stands by itself and has a private part.
fn given() -> Given {
    let milestone = json!({"title": "Crisis line", "due": "24/25"});
    let sealed = json!({"title": "Key workers", "sealed": ["33".repeat(32)]});
    Given::opened()
        .body("body/pdg")
        .and(
            ANNA,
            say(
                "MilestoneSet",
                "milestone/m",
                "secretary body/pdg",
                milestone,
            ),
        )
        .and(
            ANNA,
            say("MilestoneSet", "milestone/n", "secretary", sealed),
        )
}

fn hold(scope: Value, ground: &str) -> Event {
    let fields = json!({"title": "Inquiry", "ground": ground, "reason": "Asked.", "scope": scope});
    say("HoldPlaced", "hold/h", "records-officer", fields)
}

fn lifted() -> Event {
    let fields = json!({"reason": "It has reported."});
    say("HoldLifted", "hold/h", "records-officer", fields)
}

fn erasure(given: &Given, digest: Digest, entry: u64) -> (Given, Event) {
    let fields = json!({"digest": digest.to_string(), "legal_basis": "UK GDPR Art 17(1)(d)",
        "requester": BEN.id().to_string(), "approver": ANNA.id().to_string()});
    let record = format!("record/{entry}");
    let approval = json!({"digest": digest.to_string()});
    let given = given
        .clone()
        .and(ANNA, say("ApprovalGiven", &record, "registrar", approval));
    let event = say("ContentErased", &record, "records-officer", fields);
    (given, event)
}

fn content(given: &Given, entry: usize) -> Digest {
    given.entries[entry].claims.digest
}

#[test]
fn what_a_hold_covers_is_not_erased_until_it_is_lifted() {
    for (scope, kept, free) in [
        (json!(["milestone/m"]), 2, Some(3)),
        (json!(["record/2"]), 2, Some(3)),
        (json!(["body/pdg"]), 2, Some(3)),
        (json!(["milestone/x-unrelated", "milestone/n"]), 3, Some(2)),
        (json!([]), 3, None),
    ] {
        let given = given().milestone("milestone/x-unrelated", None);
        let placed = given.size();
        let given = given.and(BEN, hold(scope, "inquiry"));
        let (kept_given, event) = erasure(&given, content(&given, kept), kept as u64);
        let refusal = kept_given.when(BEN, event.clone()).refused("hold");
        assert_eq!(refusal.entries, [placed]);
        assert_eq!(
            refusal.message,
            format!("record/{kept} is kept for an inquiry: hold/h (Inquiry)")
        );
        assert_eq!(
            refusal.instead.as_deref(),
            Some("wait until hold/h is lifted with HoldLifted")
        );
        if let Some(entry) = free {
            let (given, event) = erasure(&given, content(&given, entry), entry as u64);
            given.when(BEN, event).accepted();
        }
        kept_given.and(BEN, lifted()).when(BEN, event).accepted();
    }
}

#[test]
fn an_open_request_for_information_is_a_hold() {
    let given = given().and(BEN, hold(json!(["milestone/m"]), "open-request"));
    let (given, event) = erasure(&given, content(&given, 2), 2);
    let refusal = given.when(BEN, event).refused("hold");
    assert!(refusal.message.contains("an open request for information"));
}

#[test]
fn an_erasure_that_names_another_entry_evades_no_hold() {
    let given = given().and(BEN, hold(json!(["milestone/m"]), "litigation"));
    let kept = content(&given, 2);
    let (other, event) = erasure(&given, kept, 3);
    let refusal = other.when(BEN, event).refused("hold");
    assert!(
        refusal
            .message
            .starts_with("the content is not that of record/3")
    );
    // A private part goes with its entry.
    let sealed: Digest = "33".repeat(32).parse().unwrap();
    let (other, event) = erasure(&given, sealed, 3);
    other.when(BEN, event).accepted();
    let (other, event) = erasure(&given, sealed, 0);
    other.when(BEN, event).refused("hold");
}

#[test]
fn a_meeting_that_is_kept_keeps_what_was_made_in_it() {
    let made = json!({"title": "Move it", "kind": "agreed", "body": "body/pdg",
        "meeting": "meeting/may"});
    let given = given().met("meeting/may", Some("body/pdg"), "14 May 2025");
    let entry = given.size();
    let given = given
        .and(ANNA, say("DecisionMade", "decision/d", "secretary", made))
        .and(BEN, hold(json!(["meeting/may"]), "other"));
    let (given, event) = erasure(&given, content(&given, entry as usize), entry);
    given.when(BEN, event).refused("hold");
}

#[test]
fn a_disposal_is_held_like_an_erasure() {
    let made = json!({"title": "Dispose", "kind": "approved", "meeting": "meeting/may"});
    let given = given()
        .met("meeting/may", None, "14 May 2025")
        .and(ANNA, say("DecisionMade", "decision/d", "secretary", made))
        .and(BEN, hold(json!(["milestone/m"]), "inquiry"));
    let disposal = |digests: &[Digest], entry: u64| {
        let digests: Vec<_> = digests.iter().map(ToString::to_string).collect();
        let fields = json!({"digests": digests, "retention_rule": "20 years",
            "appraisal": "No lasting value.", "requester": BEN.id().to_string(),
            "approver": ANNA.id().to_string(), "decision": "decision/d"});
        let record = format!("record/{entry}");
        say("RecordDisposed", &record, "records-officer", fields)
    };
    let approved = |event: Event| {
        let digest = Digest::of(b"the disposal");
        let fields = json!({"digest": digest.to_string()});
        let approval = say("ApprovalGiven", "record/0", "registrar", fields);
        let given = given.clone().and(ANNA, approval);
        let mut entry = given.signed(BEN, event);
        entry.claims.digest = digest;
        given.when_entry(&entry)
    };
    let (kept, free) = (content(&given, 2), content(&given, 3));
    let sealed: Digest = "33".repeat(32).parse().unwrap();
    approved(disposal(&[free, sealed], 3)).accepted();
    approved(disposal(&[kept], 2)).refused("hold");
    let refusal = approved(disposal(&[free, kept], 3)).refused("hold");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record it about the entry whose content goes, one entry at a time")
    );
}

#[test]
fn a_hold_is_lifted_once() {
    let given = given().and(BEN, hold(json!([]), "inquiry"));
    let given = given.and(BEN, lifted());
    let refusal = given.when(BEN, lifted()).refused("hold-lifted");
    assert_eq!(refusal.entries, [given.size() - 1]);
}
