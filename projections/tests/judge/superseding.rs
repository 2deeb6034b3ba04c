//! What stands is superseded by what stands, by a body that may.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::board::{
    BOARD, CALLED, GROUP, MAY, OTHER, board, called, decided, established, held, made, voting, with,
};
use crate::given::{ANNA, CARA, Given, say};

const OLD: &str = "decision/old";
const NEW: &str = "decision/new";

fn superseded(old: &str, new: &str) -> Event {
    say(
        "DecisionSuperseded",
        old,
        "secretary",
        json!({"superseded_by": new}),
    )
}

fn rescinded(fields: Value) -> Event {
    let fields = with(json!({"reason": "The offer was withdrawn."}), fields);
    say("DecisionRescinded", OLD, "secretary", fields)
}

/// The group's old decision, and a newer one that this body made on 14 May.
fn newer_by(given: Given, body: &str) -> Given {
    decided(given, OLD)
        .met("meeting/newer", Some(body), "14 May 2025")
        .and(ANNA, made(NEW, json!({"meeting": "meeting/newer"})))
}

#[test]
fn a_foreseen_decision_is_made_not_superseded() {
    let foreseen = |id| {
        say(
            "DecisionForeseen",
            id,
            "secretary",
            json!({"title": "Model"}),
        )
    };
    let given = decided(board(), NEW).and(ANNA, foreseen(OLD));
    let refusal = given
        .when(ANNA, superseded(OLD, NEW))
        .refused("decision-foreseen");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert!(refusal.instead.unwrap().contains("record DecisionMade"));
    given
        .when(ANNA, rescinded(json!({"meeting": MAY})))
        .refused("decision-foreseen");
    // Nor does what is only foreseen take another's place.
    let refusal = given
        .when(ANNA, superseded(NEW, OLD))
        .refused("superseding-made");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record DecisionMade for decision/old first")
    );
}

#[test]
fn one_decision_takes_another_ones_place() {
    let given = decided(newer_by(board(), GROUP), "decision/newest");
    given.when(ANNA, superseded(OLD, NEW)).accepted();
    let entry = given.size();
    let given = given.and(ANNA, superseded(OLD, NEW));
    let refusal = given
        .when(ANNA, superseded(OLD, "decision/newest"))
        .refused("decision-stands");
    assert_eq!(
        (refusal.entries, refusal.instead.as_deref()),
        (
            vec![entry],
            Some("supersede or rescind decision/new, which took its place")
        )
    );
    given
        .when(ANNA, rescinded(json!({"meeting": MAY})))
        .refused("decision-stands");
    given
        .when(ANNA, superseded(NEW, "decision/newest"))
        .accepted();
}

#[test]
fn the_newer_one_stands_and_there_is_no_circle() {
    let given = decided(newer_by(board(), GROUP), "decision/newest");
    let given = decided(given, "decision/apart").and(ANNA, superseded(OLD, NEW));
    // What was superseded does not come back by superseding what took its place.
    let refusal = given
        .when(ANNA, superseded(NEW, OLD))
        .refused("superseding-circle");
    assert_eq!(refusal.entries, [given.size() - 1]);
    let given = given.and(ANNA, superseded(NEW, "decision/newest"));
    given
        .when(ANNA, superseded("decision/newest", OLD))
        .refused("superseding-circle");
    let refusal = given
        .when(ANNA, superseded("decision/apart", OLD))
        .refused("superseding-stands");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("name decision/newest, which took its place")
    );
}

#[test]
fn what_was_taken_back_stays_so() {
    let given = newer_by(board(), GROUP).and(ANNA, rescinded(json!({"meeting": MAY})));
    let entry = given.size() - 1;
    for event in [superseded(OLD, NEW), rescinded(json!({"meeting": MAY}))] {
        let refusal = given.when(ANNA, event).refused("decision-stands");
        assert_eq!(refusal.entries, [entry]);
        assert_eq!(
            refusal.instead.as_deref(),
            Some("record DecisionMade for what is decided now")
        );
    }
    given
        .when(ANNA, superseded(NEW, OLD))
        .refused("superseding-stands");
    // Two at once: the second had not seen the first.
    let refusal = given
        .when_seen(CARA, entry, rescinded(json!({"meeting": MAY})))
        .refused("changed-since");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
}

#[test]
fn the_body_itself_or_one_above_it_supersedes() {
    for body in [GROUP, BOARD] {
        newer_by(board(), body)
            .when(ANNA, superseded(OLD, NEW))
            .accepted();
    }
    let given = newer_by(board(), OTHER);
    let refusal = given
        .when(ANNA, superseded(OLD, NEW))
        .refused("superseding-body");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
    assert_eq!(
        refusal.message,
        "decision/old was decided by body/group, and body/other is neither that body nor one \
         above it, nor acts with its authority"
    );
    // The group does not overrule the board.
    let above = board()
        .met("meeting/board", Some(BOARD), "13 May 2025")
        .and(ANNA, made(OLD, json!({"meeting": "meeting/board"})));
    decided(above, NEW)
        .when(ANNA, superseded(OLD, NEW))
        .refused("superseding-body");
    // The board two levels up does.
    let below = established("body/below", json!({"parent": GROUP}));
    let given = board()
        .and(ANNA, below)
        .met("meeting/below", Some("body/below"), "13 May 2025")
        .and(ANNA, made(OLD, json!({"meeting": "meeting/below"})))
        .met("meeting/board", Some(BOARD), "14 May 2025")
        .and(ANNA, made(NEW, json!({"meeting": "meeting/board"})));
    given.when(ANNA, superseded(OLD, NEW)).accepted();
}

#[test]
fn the_body_that_is_named_is_the_one_that_decided() {
    let given = newer_by(board(), BOARD);
    let named = |body: &str| {
        let fields = json!({"superseded_by": NEW, "body": body});
        say("DecisionSuperseded", OLD, "secretary", fields)
    };
    given.when(ANNA, named(BOARD)).accepted();
    let refusal = given.when(ANNA, named(GROUP)).refused("superseding-body");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("name body/board in body, or leave body out")
    );
}

#[test]
fn a_successor_carries_on() {
    let ended = |successor: &str| {
        say(
            "BodyDissolved",
            GROUP,
            "registrar",
            json!({"successor": successor}),
        )
    };
    let given = newer_by(board(), OTHER);
    given
        .clone()
        .and(ANNA, ended(OTHER))
        .when(ANNA, superseded(OLD, NEW))
        .accepted();
    given
        .clone()
        .and(ANNA, ended(BOARD))
        .when(ANNA, superseded(OLD, NEW))
        .refused("superseding-body");
    // And so does the successor's successor; there is no circle of them.
    let next = say(
        "BodyDissolved",
        BOARD,
        "registrar",
        json!({"successor": OTHER}),
    );
    given
        .and(ANNA, ended(BOARD))
        .and(ANNA, next)
        .when(ANNA, superseded(OLD, NEW))
        .accepted();
    let back = say(
        "BodyDissolved",
        BOARD,
        "registrar",
        json!({"successor": GROUP}),
    );
    newer_by(board(), OTHER)
        .and(ANNA, ended(BOARD))
        .when(ANNA, back)
        .refused("body-dissolved");
}

/// The group lets another committee decide in its place.
fn delegated(by: &str, fields: Value) -> Event {
    let plain = json!({"role": "chair", "to": OTHER, "by": by, "may_sign": ["leases"],
        "decision": OLD});
    say(
        "AuthorityDelegated",
        "authority/a",
        "secretary",
        with(plain, fields),
    )
}

#[test]
fn a_delegated_authority_is_enough_while_it_is_in_force() {
    let given = |authority: Event| {
        let given = decided(board(), OLD).and(ANNA, authority).met(
            "meeting/other",
            Some(OTHER),
            "14 May 2025",
        );
        let fields = json!({"meeting": "meeting/other", "authority": "authority/a"});
        given.and(ANNA, made(NEW, fields))
    };
    for by in [GROUP, BOARD] {
        let given = given(delegated(by, json!({"term": "2025/26"})));
        given.when(ANNA, superseded(OLD, NEW)).accepted();
    }
    given(delegated(OTHER, json!({})))
        .when(ANNA, superseded(OLD, NEW))
        .refused("superseding-body");
    let withdrawn = say(
        "AuthorityWithdrawn",
        "authority/a",
        "secretary",
        json!({"reason": "R"}),
    );
    given(delegated(GROUP, json!({})))
        .and(ANNA, withdrawn)
        .when(ANNA, superseded(OLD, NEW))
        .refused("authority-in-force");
}

#[test]
fn an_authority_that_is_anothers_is_not_borrowed() {
    let given = decided(board(), OLD)
        .and(ANNA, delegated(GROUP, json!({})))
        .met("meeting/third", None, "14 May 2025");
    let third = established("body/third", json!({}));
    let given = given
        .and(ANNA, third)
        .and(
            ANNA,
            called("meeting/of-third", json!({"body": "body/third"})),
        )
        .and(ANNA, held("meeting/of-third", json!({"quorate": true})));
    let fields = json!({"meeting": "meeting/of-third", "body": "body/third",
        "authority": "authority/a"});
    given
        .when(ANNA, made(NEW, fields))
        .refused("authority-fits");
}

#[test]
fn a_body_takes_back_its_own_decisions_at_a_meeting_that_can_decide() {
    let given = decided(board(), OLD);
    given
        .when(ANNA, rescinded(json!({"meeting": MAY})))
        .accepted();
    let refusal = given
        .when(ANNA, rescinded(json!({})))
        .refused("rescinding-body");
    assert!(refusal.instead.unwrap().contains("in meeting"));
    given
        .when(ANNA, rescinded(json!({"meeting": CALLED})))
        .refused("meeting-held");
    given
        .clone()
        .and(ANNA, held(CALLED, json!({"present": voting(&[ANNA])})))
        .when(ANNA, rescinded(json!({"meeting": CALLED})))
        .refused("decision-quorate");
    given
        .when(ANNA, rescinded(json!({"meeting": MAY, "body": BOARD})))
        .refused("rescinding-body");
    for (body, may) in [(BOARD, true), (OTHER, false)] {
        let given = given.clone().met("meeting/x", Some(body), "14 May 2025");
        let then = given.when(ANNA, rescinded(json!({"meeting": "meeting/x"})));
        if may {
            then.accepted();
        } else {
            then.refused("rescinding-body");
        }
    }
}

#[test]
fn a_decision_that_takes_back_another_was_made() {
    let given = newer_by(board(), GROUP);
    let by = |id: &str| rescinded(json!({"decision": id}));
    given.when(ANNA, by(NEW)).accepted();
    given.when(ANNA, by(OLD)).refused("rescinding-made");
    let foreseen = say(
        "DecisionForeseen",
        "decision/f",
        "secretary",
        json!({"title": "T"}),
    );
    given
        .and(ANNA, foreseen)
        .when(ANNA, by("decision/f"))
        .refused("rescinding-made");
    newer_by(board(), OTHER)
        .when(ANNA, by(NEW))
        .refused("rescinding-body");
}
