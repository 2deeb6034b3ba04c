//! What rests on a decision.

use minutebook_events::Event;
use serde_json::{Value, json};

use crate::given::{ANNA, Given, say};

const M: &str = "milestone/m";

/// Three bodies, of which the board is above the group, and a milestone of the group.
fn given() -> Given {
    let group = json!({"name": "Group", "parent": "body/board"});
    let milestone = json!({"title": "Crisis line", "due": "24/25"});
    Given::opened()
        .body("body/board")
        .body("body/other")
        .and(ANNA, say("BodyEstablished", "body/pdg", "registrar", group))
        .and(
            ANNA,
            say("MilestoneSet", M, "secretary body/pdg", milestone),
        )
}

trait Decided {
    fn decided(self, body: &str, kind: &str) -> Self;
}

impl Decided for Given {
    /// This body decided, at a meeting of its own: `decision/<body>`.
    fn decided(self, body: &str, kind: &str) -> Self {
        let name = body.trim_start_matches("body/");
        let meeting = format!("meeting/{name}");
        let fields = json!({"title": "Move it", "kind": kind, "body": body, "meeting": meeting});
        let id = format!("decision/{name}");
        self.met(&meeting, Some(body), "14 May 2025")
            .and(ANNA, say("DecisionMade", &id, "secretary", fields))
    }
}

fn agreed_by(decision: &str) -> Event {
    let fields = json!({"from": "24/25", "to": "25/26", "standing": "agreed",
        "agreed_by": decision, "reason": "Capacity."});
    say("MilestoneSlipped", M, "secretary", fields)
}

fn completed(decision: &str) -> Event {
    let fields = json!({"decision": decision});
    say("MilestoneCompleted", M, "secretary", fields)
}

fn imported(kind: &str, subject: &str, mut fields: Value) -> Event {
    fields["imported"] = true.into();
    fields["source"] = json!({"document": "Minutes"});
    say(kind, subject, "secretary", fields)
}

#[test]
fn a_date_is_agreed_by_the_body_that_owns_it_or_one_above() {
    for body in ["body/pdg", "body/board"] {
        let decision = body.replace("body", "decision");
        let given = given().decided(body, "agreed");
        given.when(ANNA, agreed_by(&decision)).accepted();
    }
    let given = given().decided("body/other", "agreed");
    let refusal = given
        .when(ANNA, agreed_by("decision/other"))
        .refused("decided-by-owner");
    assert_eq!(
        refusal.message,
        "decision/other is a decision of body/other, and milestone/m belongs to body/pdg"
    );
    assert_eq!(
        refusal.instead.as_deref(),
        Some(
            "name a decision of body/pdg or of a body above it, or give the change the standing \
             reported"
        )
    );
    assert_eq!(refusal.entries, [given.size() - 1]);
    // Others may have accepted that it is met; whose date it is only the owner says.
    given.when(ANNA, completed("decision/other")).accepted();
}

#[test]
fn the_body_that_took_over_agrees() {
    let given = given().decided("body/other", "agreed").and(
        ANNA,
        say(
            "BodyDissolved",
            "body/pdg",
            "registrar",
            json!({"successor": "body/other"}),
        ),
    );
    given.when(ANNA, agreed_by("decision/other")).accepted();
}

#[test]
fn what_was_taken_back_or_replaced_carries_nothing() {
    let given = given()
        .decided("body/pdg", "agreed")
        .decided("body/board", "agreed");
    let rescinded = json!({"reason": "Wrong.", "body": "body/pdg", "meeting": "meeting/pdg"});
    let rescinded = given.clone().and(
        ANNA,
        say("DecisionRescinded", "decision/pdg", "secretary", rescinded),
    );
    rescinded
        .when(ANNA, agreed_by("decision/pdg"))
        .refused("agreed-by-decision");
    let refusal = rescinded
        .when(ANNA, completed("decision/pdg"))
        .refused("rests-on-decision");
    assert_eq!(refusal.entries, [rescinded.size() - 1]);

    let superseded = json!({"superseded_by": "decision/board", "body": "body/board",
        "meeting": "meeting/board"});
    let given = given.and(
        ANNA,
        say(
            "DecisionSuperseded",
            "decision/pdg",
            "secretary",
            superseded,
        ),
    );
    let refusal = given
        .when(ANNA, completed("decision/pdg"))
        .refused("rests-on-decision");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("name decision/board, or leave the decision out where it does not rest on one")
    );
    given.when(ANNA, completed("decision/board")).accepted();
}

#[test]
fn a_refusal_or_delay_carries_nothing() {
    for (kind, carries) in [
        ("approved", true),
        ("noted", true),
        ("deferred", false),
        ("rejected", false),
    ] {
        let then = given()
            .decided("body/pdg", kind)
            .when(ANNA, agreed_by("decision/pdg"));
        if carries {
            then.accepted();
        } else {
            then.refused("agreed-by-decision");
        }
    }
}

#[test]
fn imported_decisions_give_no_authority_and_imports_are_exempt() {
    let made = json!({"title": "Move it", "body": "body/other"});
    let given = given().and(ANNA, imported("DecisionMade", "decision/d", made));
    given
        .when(ANNA, agreed_by("decision/d"))
        .refused("agreed-by-decision");
    given
        .when(ANNA, completed("decision/d"))
        .refused("rests-on-decision");
    // The document may tell of both.
    let fields = json!({"from": "24/25", "to": "25/26", "standing": "agreed",
        "agreed_by": "decision/d", "reason": "Capacity."});
    given
        .when(ANNA, imported("MilestoneSlipped", M, fields))
        .accepted();
}

#[test]
fn what_is_only_foreseen_carries_nothing() {
    let given = given().and(
        ANNA,
        say(
            "DecisionForeseen",
            "decision/d",
            "secretary",
            json!({"title": "Move it"}),
        ),
    );
    for (kind, subject, fields) in [
        ("MilestoneCompleted", M, json!({})),
        ("MilestoneWithdrawn", M, json!({"reason": "Merged."})),
        (
            "BodyTermsAmended",
            "body/pdg",
            json!({"changes": "Quorum of five"}),
        ),
    ] {
        let mut fields = fields;
        given
            .when(ANNA, say(kind, subject, "secretary", fields.clone()))
            .accepted();
        fields["decision"] = "decision/d".into();
        let refusal = given
            .when(ANNA, say(kind, subject, "secretary", fields))
            .refused("rests-on-decision");
        assert!(
            refusal
                .instead
                .unwrap()
                .starts_with("record DecisionMade first")
        );
    }
}
