//! Actions: worked on while open, done by their owner, closed by the body.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::board::{BOARD, CALLED, GROUP, MAY, OTHER, board, decided, with};
use crate::given::{ANNA, BEN, CARA, DAN, Given, say};

const A: &str = "action/a";
const TRUST: &str = "organisation/trust";

/// An action of the group's meeting, due in July.
fn assigned(fields: Value) -> Given {
    let plain = json!({"text": "Bring a plan.", "owner": "Director of Workforce", "meeting": MAY,
        "body": GROUP, "due": "July 2025"});
    let event = say("ActionAssigned", A, "secretary", with(plain, fields));
    board()
        .organisation(TRUST)
        .organisation("organisation/other")
        .person(DAN, "lead", Some(TRUST))
        .and(ANNA, event)
}

fn progress(capacity: &str) -> Event {
    say(
        "ActionProgressReported",
        A,
        capacity,
        json!({"narrative": "Draft shared."}),
    )
}

fn moved(from: Option<&str>, to: &str) -> Event {
    let mut fields = json!({"to": to, "reason": "More time was asked for."});
    if let Some(from) = from {
        fields["from"] = from.into();
    }
    say("ActionDueChanged", A, "secretary", fields)
}

fn completed(capacity: &str, fields: Value) -> Event {
    say("ActionCompleted", A, capacity, fields)
}

fn closed(meeting: &str) -> Event {
    say("ActionClosed", A, "secretary", json!({"meeting": meeting}))
}

/// As the secretary says it, with where it was reported.
fn done() -> Event {
    completed("secretary", json!({"meeting": MAY}))
}

#[test]
fn an_action_is_worked_on_while_it_is_open() {
    let changes = || {
        [
            progress("secretary"),
            moved(Some("July 2025"), "May 2026"),
            done(),
        ]
    };
    let given = assigned(json!({}));
    for event in changes() {
        given.when(ANNA, event).accepted();
    }
    let entry = given.size();
    let complete = given.clone().and(ANNA, done());
    for event in changes() {
        let refusal = complete.when(ANNA, event).refused("action-completed");
        assert_eq!(
            (refusal.kind, refusal.entries),
            (RefusalKind::RuleBroken, vec![entry])
        );
    }
    // The body closes what is complete, and what is not.
    complete.when(ANNA, closed(MAY)).accepted();
    let gone = given.and(ANNA, closed(MAY));
    for event in changes().into_iter().chain([closed(MAY)]) {
        let refusal = gone.when(ANNA, event).refused("action-closed");
        assert_eq!(refusal.entries, [entry]);
        assert!(refusal.instead.unwrap().contains("an action of its own"));
    }
    // A report by someone who had not seen that it was closed.
    let refusal = gone
        .when_seen(CARA, entry, progress("secretary"))
        .refused("action-closed");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
}

#[test]
fn a_due_date_moves_from_the_date_it_has() {
    let given = assigned(json!({}));
    given
        .when(ANNA, moved(Some("July 2025"), "June 2025"))
        .accepted();
    let refusal = given
        .when(ANNA, moved(Some("June 2025"), "May 2026"))
        .refused("action-date-from");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    assert_eq!(refusal.message, "action/a is due July 2025, not June 2025");
    assert_eq!(refusal.instead.as_deref(), Some("write July 2025 in from"));
    given
        .when(ANNA, moved(None, "May 2026"))
        .refused("action-date-from");
    let refusal = given
        .when(ANNA, moved(Some("July 2025"), "July 2025"))
        .refused("action-date-same");
    assert!(refusal.instead.unwrap().contains("ActionProgressReported"));
    // Every later date is the one to move from.
    let given = given.and(ANNA, moved(Some("July 2025"), "September 2025"));
    let refusal = given
        .when(ANNA, moved(Some("July 2025"), "May 2026"))
        .refused("action-date-from");
    assert_eq!(refusal.entries, [given.size() - 1]);
    given
        .when(ANNA, moved(Some("September 2025"), "July 2025"))
        .accepted();
}

#[test]
fn an_action_without_a_date_gets_one() {
    let mut event = say(
        "ActionAssigned",
        "action/b",
        "secretary",
        json!({"text": "Look into it.", "owner": "Chair", "meeting": MAY}),
    );
    event.common.subject = crate::given::id(A);
    let given = board().and(ANNA, event);
    let refusal = given
        .when(ANNA, moved(Some("July 2025"), "May 2026"))
        .refused("action-date-from");
    assert_eq!(refusal.instead.as_deref(), Some("leave from out"));
    given.when(ANNA, moved(None, "May 2026")).accepted();
}

#[test]
fn the_owner_says_that_it_is_done() {
    let of_trust = assigned(json!({"organisation": TRUST}));
    let lead = || completed("lead organisation/trust", json!({}));
    of_trust.when(DAN, lead()).accepted();
    let refusal = assigned(json!({"organisation": "organisation/other"}))
        .when(DAN, lead())
        .refused("action-completed-by");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
    assert!(refusal.message.contains("Director of Workforce"));
    // The person who is named, or else any lead.
    assigned(json!({"lead": DAN.id().to_string()}))
        .when(DAN, lead())
        .accepted();
    assigned(json!({"lead": BEN.id().to_string()}))
        .when(DAN, lead())
        .refused("action-completed-by");
    assigned(json!({})).when(DAN, lead()).accepted();
    // Who leads for everyone leads for the trust.
    let everywhere = crate::given::appointment(BEN, "lead", None);
    of_trust
        .and(ANNA, everywhere)
        .when(BEN, completed("lead", json!({})))
        .accepted();
}

#[test]
fn the_secretary_says_where_it_was_reported_or_what_shows_it() {
    let given = decided(assigned(json!({"organisation": TRUST})), "decision/d");
    let by = |fields| given.when(ANNA, completed("secretary", fields));
    let refusal = by(json!({})).refused("action-completed-by");
    assert!(refusal.instead.unwrap().contains("in evidence"));
    by(json!({"meeting": MAY})).accepted();
    by(json!({"meeting": CALLED})).refused("meeting-held");
    by(json!({"meeting": CALLED, "evidence": ["decision/d"]})).accepted();
    by(json!({"evidence": ["decision/d"]})).accepted();
    // Unless the action is the secretary's own.
    assigned(json!({"lead": ANNA.id().to_string()}))
        .when(ANNA, completed("secretary", json!({})))
        .accepted();
}

#[test]
fn the_body_that_assigned_it_closes_it() {
    let given = assigned(json!({}));
    given.when(ANNA, closed(MAY)).accepted();
    given.when(ANNA, closed(CALLED)).refused("meeting-held");
    let at = |given: Given, body: &str| {
        let given = given.met("meeting/x", Some(body), "14 May 2025");
        given.when(ANNA, closed("meeting/x"))
    };
    at(given.clone(), BOARD).accepted();
    let refusal = at(given.clone(), OTHER).refused("action-closing-body");
    assert_eq!(
        refusal.message,
        "action/a was assigned by body/group, and meeting/x is not its meeting"
    );
    let ended = say(
        "BodyDissolved",
        GROUP,
        "registrar",
        json!({"successor": OTHER}),
    );
    at(given.and(ANNA, ended), OTHER).accepted();
    // Where it names no body, it is the body in whose meeting it was assigned.
    let event = say(
        "ActionAssigned",
        A,
        "secretary",
        json!({"text": "Look into it.", "owner": "Chair", "meeting": MAY}),
    );
    let given = board().and(ANNA, event);
    given.when(ANNA, closed(MAY)).accepted();
    at(given, OTHER).refused("action-closing-body");
}
