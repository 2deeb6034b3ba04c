//! Changes that their signers had not seen.

use minutebook_events::{Event, RefusalKind};
use serde_json::json;

use crate::given::{ANNA, BEN, CARA, DAN, Given, appointment, say};

fn slip(from: &str, to: &str) -> Event {
    let fields = json!({"from": from, "to": to, "standing": "reported", "reason": "Capacity."});
    say("MilestoneSlipped", "milestone/m", "secretary", fields)
}

#[test]
fn a_change_that_someone_else_has_not_seen_is_a_conflict() {
    let given = Given::opened().milestone("milestone/m", Some("24/25"));
    let seen = given.size();
    let given = given.and(ANNA, slip("24/25", "25/26"));
    let refusal = given
        .when_seen(CARA, seen, slip("24/25", "26/27"))
        .refused("changed-since");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::Conflict, vec![seen])
    );
    let done = || say("MilestoneCompleted", "milestone/m", "secretary", json!({}));
    given.when_seen(CARA, seen, done()).refused("changed-since");
    given.when_seen(CARA, seen + 1, done()).accepted();
    given
        .when_seen(CARA, seen + 1, slip("25/26", "26/27"))
        .accepted();
}

#[test]
fn one_sitting_is_signed_with_what_was_seen_at_its_start() {
    let mut given = Given::opened().milestone("milestone/m", Some("24/25"));
    let seen = given.size();
    for (from, to) in [("24/25", "25/26"), ("25/26", "26/27"), ("26/27", "27/28")] {
        let mut entry = given.signed(ANNA, slip(from, to));
        entry.claims.seen.size = seen;
        given = given.and_entry(entry);
    }
    let refusal = given
        .when_seen(CARA, seen, slip("27/28", "28/29"))
        .refused("changed-since");
    assert_eq!(refusal.entries, [seen, seen + 1, seen + 2]);
}

#[test]
fn additions_and_new_subjects_come_in_any_order() {
    let given = Given::opened().milestone("milestone/m", Some("24/25"));
    let seen = given.size();
    let given = given.and(ANNA, slip("24/25", "25/26"));
    let status = || {
        let fields = json!({"report": "st", "narrative": "On course."});
        say("StatusReported", "milestone/m", "secretary", fields)
    };
    given.when_seen(CARA, seen, status()).accepted();
    let given = given.and(ANNA, status());
    given.when_seen(CARA, seen, status()).accepted();
    let other = say(
        "MilestoneSet",
        "milestone/n",
        "secretary",
        json!({"title": "Key workers"}),
    );
    given.when_seen(CARA, seen, other).accepted();
}

#[test]
fn two_organisations_sign_in_any_order_and_a_cancellation_is_a_change() {
    let text = "11".repeat(32);
    let request = json!({"title": "Memorandum", "text": text, "rule": "each-organisation-once",
        "signatories": [{"organisation": "organisation/a"}, {"organisation": "organisation/b"}]});
    let given = Given::opened()
        .organisation("organisation/a")
        .organisation("organisation/b")
        .person(DAN, "signatory", Some("organisation/a"))
        .and(ANNA, appointment(BEN, "signatory", Some("organisation/b")))
        .and(
            ANNA,
            say("SignOffRequested", "sign-off/so", "secretary", request),
        );
    let seen = given.size();
    let sign = |of: &str| {
        let capacity = format!("signatory {of}");
        say(
            "SignOffGiven",
            "sign-off/so",
            &capacity,
            json!({"text": text}),
        )
    };
    let given = given.and(DAN, sign("organisation/a"));
    given
        .when_seen(BEN, seen, sign("organisation/b"))
        .accepted();
    let cancel = || {
        say(
            "SignOffCancelled",
            "sign-off/so",
            "secretary",
            json!({"reason": "New text."}),
        )
    };
    let given = given.and(ANNA, cancel());
    given
        .when_seen(CARA, seen, cancel())
        .refused("changed-since");
    let sign_off = given
        .views
        .signoffs
        .get(&crate::given::id("sign-off/so"))
        .unwrap();
    assert_eq!(sign_off.responses.len(), 1);
    assert_eq!(
        sign_off.cancelled.as_ref().map(|said| said.at.position),
        Some(given.size() - 1)
    );
}

#[test]
fn roles_and_keys_of_a_person_are_apart() {
    let given = Given::opened().enrolled(DAN);
    let seen = given.size();
    let given = given.and(ANNA, appointment(DAN, "member", None));
    let key = crate::given::enrolment(DAN, "registrar", None);
    given.when_seen(BEN, seen, key).accepted();
    given
        .when_seen(BEN, seen, appointment(DAN, "lead", None))
        .refused("changed-since");
}
