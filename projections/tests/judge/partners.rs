//! Organisations, bodies, agreements, money and consultations.

use minutebook_events::Event;
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, DAN, Given, appointment, say};

const A: &str = "organisation/a";
const B: &str = "organisation/b";
const C: &str = "organisation/c";
const MOU: &str = "agreement/mou";

fn partners() -> Given {
    Given::opened()
        .organisation(A)
        .organisation(B)
        .organisation(C)
}

fn succeeded(successor: &str, predecessors: &[&str]) -> Event {
    let fields = json!({"predecessors": predecessors});
    say("OrganisationSucceeded", successor, "registrar", fields)
}

#[test]
fn an_organisation_is_succeeded_once_and_not_in_a_circle() {
    let given = partners().and(ANNA, succeeded(B, &[A]));
    let first = given.size() - 1;
    let refusal = given
        .when(ANNA, succeeded(C, &[A]))
        .refused("organisation-succeeded");
    assert_eq!(refusal.entries, [first]);
    assert!(refusal.instead.unwrap().contains("organisation/b"));
    given
        .when(ANNA, succeeded(A, &[B]))
        .refused("succession-circle");
    let given = given.and(ANNA, succeeded(C, &[B]));
    let refusal = given
        .when(ANNA, succeeded(A, &[C]))
        .refused("succession-circle");
    assert_eq!(refusal.entries, [first, first + 1]);
    given
        .when(ANNA, succeeded("organisation/new", &[C]))
        .accepted();
}

fn body(kind: &str, id: &str, fields: Value) -> Event {
    say(kind, id, "registrar", fields)
}

#[test]
fn a_dissolved_body_changes_no_more_and_may_be_named() {
    let given = Given::opened().body("body/new").body("body/pdg").and(
        ANNA,
        body(
            "BodyDissolved",
            "body/pdg",
            json!({"successor": "body/new"}),
        ),
    );
    let dissolved = given.size() - 1;
    for (kind, fields) in [
        ("BodyTermsAmended", json!({"changes": "Quorum of five"})),
        ("MembershipBroadened", json!({"added": ["carers"]})),
        ("BodyDissolved", json!({})),
    ] {
        let refusal = given
            .when(ANNA, body(kind, "body/pdg", fields))
            .refused("body-dissolved");
        assert_eq!(refusal.entries, [dissolved]);
        assert_eq!(
            refusal.instead.as_deref(),
            Some("record it for body/new, which took over")
        );
    }
    given
        .when(
            ANNA,
            body(
                "BodyDissolved",
                "body/new",
                json!({"successor": "body/pdg"}),
            ),
        )
        .refused("body-dissolved");
    let strategy = json!({"title": "Strategy", "owner": "body/pdg"});
    given
        .when(
            ANNA,
            say("StrategyAdopted", "strategy/s", "secretary", strategy),
        )
        .accepted();
}

#[test]
fn bodies_answer_upwards() {
    let under = |parent: &str| json!({"name": "Group", "parent": parent});
    let given = Given::opened()
        .body("body/board")
        .and(
            ANNA,
            body("BodyEstablished", "body/group", under("body/board")),
        )
        .and(
            ANNA,
            body("BodyEstablished", "body/team", under("body/group")),
        );
    let amended = |id: &str, parent: &str| {
        let fields = json!({"changes": "Reporting line", "parent": parent});
        body("BodyTermsAmended", id, fields)
    };
    given
        .when(ANNA, amended("body/team", "body/board"))
        .accepted();
    for parent in ["body/board", "body/group", "body/team"] {
        given
            .when(ANNA, amended("body/board", parent))
            .refused("body-circle");
    }
}

fn agreement(kind: &str, fields: Value) -> Event {
    say(kind, MOU, "secretary", fields)
}

fn made(fields: Value) -> Event {
    let mut all = json!({"title": "Memorandum", "kind": "memorandum", "parties": [A, B]});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    agreement("AgreementMade", all)
}

#[test]
fn a_party_joins_once_leaves_once_and_nothing_follows_the_end() {
    let given = partners().and(ANNA, made(json!({})));
    let first = given.size() - 1;
    let joined = |party: &str| agreement("PartyJoined", json!({"party": party}));
    let left = |party: &str| agreement("PartyLeft", json!({"party": party}));
    assert_eq!(
        given.when(ANNA, joined(A)).refused("party-joined").entries,
        [first]
    );
    let refusal = given.when(ANNA, left(C)).refused("party-unknown");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("name the party as it joined: organisation/a or organisation/b")
    );
    let given = given.and(ANNA, joined(C)).and(ANNA, left(A));
    assert_eq!(
        given.when(ANNA, joined(C)).refused("party-joined").entries,
        [first + 1]
    );
    assert_eq!(
        given.when(ANNA, left(A)).refused("party-unknown").entries,
        [first + 2]
    );
    given.when(ANNA, joined(A)).accepted();

    let ended = || agreement("AgreementEnded", json!({}));
    let given = given.and(ANNA, ended());
    let varied = agreement("AgreementVaried", json!({"changes": "Data sharing"}));
    for event in [joined(A), left(C), varied, ended()] {
        let refusal = given.when(ANNA, event).refused("agreement-ended");
        assert_eq!(refusal.entries, [given.size() - 1]);
    }
}

/// A sign-off on this text that two organisations have yet to sign.
fn asked(agreement: &str) -> Given {
    let request = json!({"title": "Memorandum", "text": "11".repeat(32), "rule": "all-named",
        "signatories": [{"organisation": A}, {"organisation": B}], "agreement": agreement});
    partners()
        .person(DAN, "signatory", Some(A))
        .and(ANNA, appointment(BEN, "signatory", Some(B)))
        .and(
            ANNA,
            say("SignOffRequested", "sign-off/so", "secretary", request),
        )
}

fn signed(given: Given) -> Given {
    let sign = |of: &str| {
        let fields = json!({"text": "11".repeat(32)});
        say(
            "SignOffGiven",
            "sign-off/so",
            &format!("signatory {of}"),
            fields,
        )
    };
    given.and(DAN, sign(A)).and(BEN, sign(B))
}

#[test]
fn an_agreement_rests_on_a_sign_off_that_is_complete() {
    let event = || made(json!({"sign_off": "sign-off/so"}));
    let waiting = asked(MOU);
    let refusal = waiting.when(ANNA, event()).refused("agreement-signed");
    assert_eq!(
        refusal.message,
        "sign-off/so is waiting: 0 of 2 have signed"
    );
    signed(waiting).when(ANNA, event()).accepted();
    // It was signed for something else.
    signed(asked("agreement/other"))
        .when(ANNA, event())
        .refused("agreement-signed");

    let joined = agreement(
        "PartyJoined",
        json!({"party": C, "sign_off": "sign-off/so"}),
    );
    asked(MOU)
        .and(ANNA, made(json!({})))
        .when(ANNA, joined.clone())
        .refused("agreement-signed");
    signed(asked(MOU).and(ANNA, made(json!({}))))
        .when(ANNA, joined)
        .accepted();
}

#[test]
fn what_is_agreed_is_the_text_that_was_signed() {
    let given = signed(asked(MOU));
    let with = |sha256: &str| {
        let document = json!({"blake3": "44".repeat(32), "sha256": sha256.repeat(32), "size": 9,
            "media_type": "application/pdf", "name": "mou.pdf"});
        made(json!({"sign_off": "sign-off/so", "document": document}))
    };
    given.when(ANNA, with("11")).accepted();
    let refusal = given.when(ANNA, with("22")).refused("agreement-text");
    assert!(refusal.instead.unwrap().contains(&"11".repeat(32)));
}

#[test]
fn what_a_document_attests_carries_only_what_it_tells() {
    let source = json!({"document": "Press release"});
    let attested = json!({"title": "Sign-up", "signed": 25, "imported": true, "source": source});
    let given = partners().and(
        ANNA,
        say("SignOffAttested", "sign-off/so", "secretary", attested),
    );
    given
        .when(ANNA, made(json!({"sign_off": "sign-off/so"})))
        .refused("agreement-signed");
    let told = json!({"sign_off": "sign-off/so", "imported": true, "source": source});
    given.when(ANNA, made(told)).accepted();
}

#[test]
fn an_application_has_one_outcome() {
    let money = |kind: &str| say(kind, "funding/f", "secretary", json!({}));
    let applied = say(
        "FundingApplied",
        "funding/f",
        "secretary",
        json!({"title": "More teams"}),
    );
    let given = Given::opened().and(ANNA, applied);
    for first in ["FundingAwarded", "FundingRefused"] {
        let decided = given.clone().and(ANNA, money(first));
        for second in ["FundingAwarded", "FundingRefused"] {
            let refusal = decided.when(ANNA, money(second)).refused("funding-decided");
            assert_eq!(refusal.entries, [2]);
        }
    }
}

#[test]
fn a_consultation_is_closed_once_and_may_be_answered_afterwards() {
    let about = |kind: &str, id: &str, fields: Value| say(kind, id, "secretary", fields);
    let opened = about(
        "ConsultationOpened",
        "consultation/c",
        json!({"title": "Survey"}),
    );
    let answer = |id: &str| {
        let fields = json!({"you_said": "Earlier help.", "we_will": "Open at night."});
        about("ConsultationResponded", id, fields)
    };
    let closed = || about("ConsultationClosed", "consultation/c", json!({}));
    let given = Given::opened()
        .and(ANNA, opened)
        .and(ANNA, answer("consultation/c"))
        .and(ANNA, closed());
    let refusal = given.when(ANNA, closed()).refused("consultation-closed");
    assert_eq!(refusal.entries, [3]);
    given.when(ANNA, answer("consultation/c")).accepted();
}
