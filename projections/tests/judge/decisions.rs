//! A decision is made by someone who could make it.

use minutebook_events::{Event, Period, RefusalKind, Role};
use serde_json::{Value, json};

use crate::board::{
    BOARD, CALLED, EARLY, GROUP, MAY, OTHER, board, called, held, interest, made, on, voting, with,
};
use crate::given::{ANNA, BEN, CARA, DAN, Given, say};

const D: &str = "decision/d";

fn decision(fields: Value) -> Event {
    made(D, fields)
}

#[test]
fn a_decision_is_made_in_a_meeting_that_was_held() {
    let given = board();
    let refusal = given
        .when(ANNA, decision(json!({})))
        .refused("decision-meeting");
    assert_eq!(refusal.kind, RefusalKind::RuleBroken);
    let advice = refusal.instead.unwrap();
    for way in [
        "in meeting",
        "written-resolution",
        "delegated",
        "chairs-action",
    ] {
        assert!(advice.contains(way), "{advice}");
    }
    given
        .when(ANNA, decision(json!({"meeting": MAY})))
        .accepted();
    let refusal = given
        .when(ANNA, decision(json!({"meeting": CALLED})))
        .refused("meeting-held");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert_eq!(refusal.instead.as_deref(), Some("record MeetingHeld first"));
    let cancelled = say(
        "MeetingCancelled",
        CALLED,
        "secretary",
        json!({"reason": "R"}),
    );
    let given = given.and(ANNA, cancelled);
    let refusal = given
        .when(ANNA, decision(json!({"meeting": CALLED})))
        .refused("meeting-held");
    assert_eq!(refusal.entries, [given.size() - 1]);
}

#[test]
fn the_body_that_decides_is_the_one_that_met() {
    let given = board();
    let of = |body| decision(json!({"meeting": MAY, "body": body}));
    given.when(ANNA, of(GROUP)).accepted();
    let refusal = given.when(ANNA, of(BOARD)).refused("decision-body");
    assert_eq!(
        refusal.message,
        "meeting/may is a meeting of body/group, not of body/board"
    );
    let given = given.met("meeting/none", None, "13 May 2025");
    given
        .when(
            ANNA,
            decision(json!({"meeting": "meeting/none", "body": GROUP})),
        )
        .refused("decision-body");
}

#[test]
fn the_meeting_was_quorate() {
    let given = board();
    let met = |fields| given.clone().and(ANNA, held(CALLED, fields));
    let decide = |given: &Given| given.when(ANNA, decision(json!({"meeting": CALLED})));
    let alone = met(json!({"present": voting(&[ANNA])}));
    let refusal = decide(&alone).refused("decision-quorate");
    assert_eq!(
        refusal.message,
        "meeting/called was not quorate: 2 voting members are needed, 1 counted"
    );
    assert_eq!(refusal.entries, [given.size()]);
    assert!(refusal.instead.unwrap().contains("written resolution"));
    decide(&met(json!({"present": voting(&[ANNA, BEN])}))).accepted();
    // Where nobody is listed, the record's own word counts.
    decide(&met(json!({"quorate": true}))).accepted();
    decide(&met(json!({"quorate": false}))).refused("decision-quorate");
    let refusal = decide(&met(json!({}))).refused("decision-quorate");
    assert!(refusal.instead.unwrap().contains("lists who was present"));
}

#[test]
fn without_a_rule_any_meeting_decides() {
    let mut event = crate::given::genesis(&[(ANNA, &[Role::Registrar, Role::Secretary])]);
    if let minutebook_events::Payload::LedgerOpened(fields) = &mut event.payload {
        std::sync::Arc::make_mut(fields).quorum = None;
    }
    let given = Given::default().and(ANNA, event).body(GROUP);
    let given = given
        .and(ANNA, called(MAY, json!({"body": GROUP})))
        .and(ANNA, held(MAY, json!({})));
    given
        .when(ANNA, decision(json!({"meeting": MAY})))
        .accepted();
}

#[test]
fn an_interest_takes_away_a_place_and_a_vote() {
    let meet = |handling: Option<&str>| {
        let given = match handling {
            Some(handling) => board().and(ANNA, interest(CALLED, ANNA, handling)),
            None => board(),
        };
        given.and(ANNA, held(CALLED, json!({"present": voting(&[ANNA, BEN])})))
    };
    let on_item = |item: Option<&str>| {
        let mut event = decision(json!({"meeting": CALLED}));
        event.common.minute = item.map(str::to_owned);
        event
    };
    for handling in [None, Some("noted")] {
        meet(handling).when(ANNA, on_item(Some("9"))).accepted();
        meet(handling).when(ANNA, on_item(None)).accepted();
    }
    for handling in ["left", "stayed-without-vote"] {
        let given = meet(Some(handling));
        let refusal = given
            .when(ANNA, on_item(Some("9")))
            .refused("decision-quorate");
        assert!(refusal.message.contains("for item 9"), "{refusal}");
        // Both the attendance and the interest stand in the way.
        assert_eq!(refusal.entries, [given.size() - 1, given.size() - 2]);
        given.when(ANNA, on_item(Some("8"))).accepted();
        // Leaving the number out does not bring the place back.
        let refusal = given.when(ANNA, on_item(None)).refused("decision-minute");
        assert_eq!(refusal.entries, [given.size() - 2]);
    }
}

#[test]
fn no_more_votes_than_voters() {
    let given = board().and(ANNA, interest(MAY, ANNA, "left"));
    let vote = |item: &str, votes: [u32; 3]| {
        let votes = json!({"in_favour": votes[0], "against": votes[1], "abstained": votes[2]});
        let fields = json!({"meeting": MAY, "minute": item, "manner": "vote", "votes": votes});
        decision(fields)
    };
    given.when(ANNA, vote("8", [1, 1, 1])).accepted();
    given
        .when(ANNA, vote("8", [1, 1, 2]))
        .refused("decision-votes");
    given.when(ANNA, vote("9", [2, 0, 0])).accepted();
    let refusal = given
        .when(ANNA, vote("9", [2, 1, 0]))
        .refused("decision-votes");
    assert_eq!(
        refusal.message,
        "3 votes are given, and 2 could vote at meeting/may"
    );
    given
        .when(ANNA, vote("9", [u32::MAX, u32::MAX, u32::MAX]))
        .refused("decision-votes");
    // Where nobody is listed, the item's own figure counts; else nobody knows.
    let listed = json!({"quorate": true, "quorum": [{"item": "9", "quorate": true, "voting": 6}]});
    let given = given.and(ANNA, held(CALLED, listed));
    let mut event = vote("9", [5, 1, 1]);
    event.common.meeting = Some(crate::given::id(CALLED));
    given.when(ANNA, event.clone()).refused("decision-votes");
    event.common.minute = Some("8".into());
    given.when(ANNA, event).accepted();
}

#[test]
fn nothing_is_decided_before_the_meeting() {
    let given = board();
    let decided = |day| on(day, decision(json!({"meeting": MAY})));
    given.when(ANNA, decided("14 May 2025")).accepted();
    given.when(ANNA, decided("May 2025")).accepted();
    let refusal = given
        .when(ANNA, decided("13 May 2025"))
        .refused("decision-before-meeting");
    assert!(refusal.instead.unwrap().contains("write 14 May 2025"));
}

fn sign_off(given: Given) -> Given {
    let fields = json!({"title": "The plan", "text": "11".repeat(32), "rule": "n-of-m",
        "needed": 1, "signatories": [{"person": DAN.id().to_string()},
            {"person": CARA.id().to_string()}]});
    given.person(DAN, "signatory", None).and(
        ANNA,
        say("SignOffRequested", "sign-off/s", "secretary", fields),
    )
}

#[test]
fn a_written_resolution_is_signed() {
    let resolution =
        |authority: &str| decision(json!({"manner": "written-resolution", "authority": authority}));
    let given = sign_off(board());
    let refusal = given
        .when(ANNA, resolution("sign-off/s"))
        .refused("written-resolution");
    assert_eq!(
        refusal.message,
        "sign-off/s has 0 of the 1 signatures that it needs"
    );
    let signature = say(
        "SignOffGiven",
        "sign-off/s",
        "signatory",
        json!({"text": "11".repeat(32)}),
    );
    let signed = given.clone().and(DAN, signature);
    signed.when(ANNA, resolution("sign-off/s")).accepted();
    let cancelled = say(
        "SignOffCancelled",
        "sign-off/s",
        "secretary",
        json!({"reason": "R"}),
    );
    given
        .and(ANNA, cancelled)
        .when(ANNA, resolution("sign-off/s"))
        .refused("written-resolution");
    let delegated = with_authority(board(), json!({}));
    delegated
        .when(ANNA, resolution("authority/a"))
        .refused("written-resolution");
}

/// The board lets the chair of the group decide.
fn with_authority(given: Given, fields: Value) -> Given {
    let plain = json!({"role": "chair", "to": GROUP, "by": BOARD, "may_sign": ["leases"],
        "decision": "decision/delegate"});
    let authority = say(
        "AuthorityDelegated",
        "authority/a",
        "secretary",
        with(plain, fields),
    );
    given
        .met("meeting/board", Some(BOARD), "12 May 2025")
        .and(
            ANNA,
            made("decision/delegate", json!({"meeting": "meeting/board"})),
        )
        .and(ANNA, authority)
}

#[test]
fn a_delegated_authority_is_in_force_and_fits() {
    let delegated = |manner: &str, body: Option<&str>| {
        let mut fields = json!({"manner": manner, "authority": "authority/a"});
        if let Some(body) = body {
            fields["body"] = body.into();
        }
        decision(fields)
    };
    let given = with_authority(board(), json!({"term": "2025/26"}));
    for manner in ["delegated", "chairs-action"] {
        given.when(ANNA, delegated(manner, Some(GROUP))).accepted();
        given.when(ANNA, delegated(manner, Some(BOARD))).accepted();
        let refusal = given
            .when(ANNA, delegated(manner, Some(OTHER)))
            .refused("authority-fits");
        assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
        given
            .when(ANNA, delegated(manner, None))
            .refused("authority-fits");
    }
    // Outside its term, or withdrawn.
    let late = on("1 April 2026", delegated("delegated", Some(GROUP)));
    given.when(ANNA, late).refused("authority-in-force");
    let early = on("31 March 2025", delegated("delegated", Some(GROUP)));
    given.when(ANNA, early).refused("authority-in-force");
    let ended = with_authority(board(), json!({"term": "2024/25"}));
    let refusal = ended
        .when(ANNA, delegated("delegated", Some(GROUP)))
        .refused("authority-in-force");
    assert!(refusal.message.contains("was given for 2024/25"));
    let withdrawn = say(
        "AuthorityWithdrawn",
        "authority/a",
        "secretary",
        json!({"reason": "R"}),
    );
    let given = given.and(ANNA, withdrawn);
    let refusal = given
        .when(ANNA, delegated("delegated", Some(GROUP)))
        .refused("authority-in-force");
    assert_eq!(refusal.entries, [given.size() - 1]);
    // A sign-off is no delegation.
    let mut event = delegated("delegated", Some(GROUP));
    if let minutebook_events::Payload::DecisionMade(fields) = &mut event.payload {
        std::sync::Arc::make_mut(fields).authority = Some(crate::given::id("sign-off/s"));
    }
    sign_off(board())
        .when(ANNA, event)
        .refused("authority-in-force");
}

#[test]
fn a_person_to_whom_it_is_delegated_signs() {
    let to = json!({"to": CARA.subject(), "role": "secretary"});
    let given = with_authority(board(), to);
    let event = || decision(json!({"manner": "delegated", "authority": "authority/a"}));
    given.when(CARA, event()).accepted();
    given.when(ANNA, event()).refused("authority-fits");
}

#[test]
fn a_posts_holder_is_taken_at_their_word_for_the_body_that_delegated() {
    let post = json!({"title": "Chief Executive"});
    let given = board().and(ANNA, say("RoleAppointed", "post/ceo", "registrar", post));
    let given = with_authority(given, json!({"to": "post/ceo"}));
    let by = |fields| {
        let plain = json!({"manner": "delegated", "authority": "authority/a"});
        given.when(ANNA, decision(with(plain, fields)))
    };
    by(json!({})).accepted();
    by(json!({"body": BOARD})).accepted();
    by(json!({"body": OTHER})).refused("authority-fits");
}

#[test]
fn what_a_document_attests_is_no_resolution_of_this_record() {
    let mut attested = say(
        "SignOffAttested",
        "sign-off/s",
        "secretary",
        json!({"title": "The plan", "required": 25, "signed": 25, "imported": true,
            "source": {"document": "Annual report"}}),
    );
    attested.common.imported = true;
    let resolution = json!({"manner": "written-resolution", "authority": "sign-off/s"});
    let refusal = board()
        .and(ANNA, attested)
        .when(ANNA, decision(resolution))
        .refused("written-resolution");
    assert!(refusal.message.contains("attested by a document"));
}

#[test]
fn a_chairs_action_is_the_chairs() {
    let action = |body: &str| decision(json!({"manner": "chairs-action", "body": body}));
    let given = board()
        .person(DAN, "chair", Some(GROUP))
        .and(ANNA, crate::given::appointment(DAN, "secretary", None));
    given.when(DAN, action(GROUP)).accepted();
    let refusal = given.when(DAN, action(BOARD)).refused("chairs-action");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
    given.when(ANNA, action(GROUP)).refused("chairs-action");
    // Cara chairs everything.
    given.when(CARA, action(BOARD)).accepted();
}

#[test]
fn imported_decisions_tell_what_documents_say() {
    let given = board();
    let mut event = decision(json!({}));
    event.common.effective = Some(Period::parse("2019").unwrap());
    given.when(ANNA, event.clone()).refused("decision-meeting");
    event.common.imported = true;
    event.common.source = Some(minutebook_events::Source {
        document: "Minutes".into(),
        section: None,
        record: None,
    });
    given.when(ANNA, event).accepted();
    // Nor does it matter which meeting a real one names first.
    given
        .when(ANNA, decision(json!({"meeting": EARLY})))
        .accepted();
}
