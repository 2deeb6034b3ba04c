//! Meetings take place once, quorate where they say so, and nobody declares what they were not at.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::board::{
    BOARD, CALLED, GROUP, MAY, board, called, established, held, interest, on, voting, with,
};
use crate::given::{ANNA, BEN, CARA, DAN, appointment, id, say};

fn cancelled(meeting: &str) -> Event {
    let fields = json!({"reason": "No business."});
    say("MeetingCancelled", meeting, "secretary", fields)
}

fn dissolved(fields: Value) -> Event {
    say("BodyDissolved", GROUP, "registrar", fields)
}

fn agenda(version: u32) -> Event {
    let fields = json!({"version": version, "items": [{"number": "9", "title": "Estates"}]});
    say("AgendaPublished", CALLED, "secretary", fields)
}

#[test]
fn a_meeting_is_held_once_or_cancelled_once() {
    let given = board();
    given.when(ANNA, held(CALLED, json!({}))).accepted();
    given.when(ANNA, cancelled(CALLED)).accepted();

    let entry = given.size();
    let took_place = given.clone().and(ANNA, held(CALLED, json!({})));
    for event in [held(CALLED, json!({})), cancelled(CALLED)] {
        let refusal = took_place.when(ANNA, event).refused("meeting-held-already");
        assert_eq!(
            (refusal.kind, refusal.entries),
            (RefusalKind::RuleBroken, vec![entry])
        );
    }
    let off = given.and(ANNA, cancelled(CALLED));
    for event in [held(CALLED, json!({})), cancelled(CALLED), agenda(1)] {
        let refusal = off.when(ANNA, event).refused("meeting-cancelled");
        assert_eq!(refusal.entries, [entry]);
    }
}

#[test]
fn nothing_is_held_before_its_day() {
    let given = board();
    let on_day = |day| on(day, held(CALLED, json!({})));
    given.when(ANNA, on_day("14 May 2025")).accepted();
    // It may be the next day already where it happened.
    given.when(ANNA, on_day("15 May 2025")).accepted();
    given
        .when(ANNA, on_day("16 May 2025"))
        .refused("held-in-future");
    // Without a day of its own, the day that it was called for counts.
    let given = given.and(ANNA, called("meeting/july", json!({"date": "9 July 2025"})));
    let refusal = given
        .when(ANNA, held("meeting/july", json!({})))
        .refused("held-in-future");
    assert!(refusal.instead.unwrap().contains("in effective"));
    given
        .when(ANNA, on("13 May 2025", held("meeting/july", json!({}))))
        .accepted();
}

#[test]
fn agendas_count_up() {
    let given = board();
    let refusal = given.when(ANNA, agenda(2)).refused("agenda-version");
    assert_eq!(refusal.instead.as_deref(), Some("give it version 1"));
    let given = given.and(ANNA, agenda(1));
    given.when(ANNA, agenda(2)).accepted();
    let refusal = given.when(ANNA, agenda(1)).refused("agenda-version");
    assert_eq!(refusal.kind, RefusalKind::RuleBroken);
    assert_eq!(refusal.instead.as_deref(), Some("give it version 2"));
    // Two secretaries at once: the second had not seen the first.
    let size = given.size();
    let refusal = given
        .when_seen(CARA, size - 1, agenda(1))
        .refused("agenda-version");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::Conflict, vec![size - 1])
    );
    // An agenda may be corrected after the meeting.
    given
        .and(ANNA, held(CALLED, json!({})))
        .when(ANNA, agenda(2))
        .accepted();
}

#[test]
fn a_body_that_ended_does_not_meet() {
    let call = |day: &str| called("meeting/late", json!({"body": GROUP, "date": day}));
    board().when(ANNA, call("20 May 2025")).accepted();
    let ended = dissolved(json!({"successor": BOARD}));
    let given = board().and(ANNA, on("13 May 2025", ended));
    let refusal = given
        .when(ANNA, call("20 May 2025"))
        .refused("body-dissolved");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("call a meeting of body/board, its successor")
    );
    // What it did while it was there is recorded late.
    given.when(ANNA, call("12 May 2025")).accepted();
    board()
        .and(ANNA, dissolved(json!({})))
        .when(ANNA, call("12 May 2025"))
        .refused("body-dissolved");
}

#[test]
fn whoever_chairs_another_body_is_not_the_chair_of_this_one() {
    const AUDIT: &str = "body/audit";
    let rule = json!({"parent": BOARD, "quorum": {"must_include": ["Chair or Vice Chair"]}});
    let given = board()
        .and(ANNA, established(AUDIT, rule))
        .and(ANNA, appointment(BEN, "chair", Some(BOARD)))
        .and(ANNA, appointment(CARA, "chair", Some(AUDIT)))
        .and(
            ANNA,
            called(
                "meeting/audit",
                json!({"body": AUDIT, "date": "14 May 2025"}),
            ),
        );
    let quorate = |who| {
        let fields = json!({"present": voting(&[ANNA, who]), "quorate": true});
        given.when(ANNA, held("meeting/audit", fields))
    };
    let refusal = quorate(BEN).refused("quorum-stated");
    assert!(
        refusal
            .message
            .contains("Chair or Vice Chair must be there")
    );
    quorate(CARA).accepted();
}

#[test]
fn who_says_quorate_lists_a_quorum() {
    let given = board();
    let both = voting(&[ANNA, BEN]);
    let said = |fields| held(CALLED, with(json!({"present": voting(&[ANNA])}), fields));
    let quorate = json!({"quorate": true});
    let refusal = given
        .when(ANNA, said(quorate.clone()))
        .refused("quorum-stated");
    assert_eq!(
        refusal.message,
        "meeting/called is said to be quorate, and by those present it is not: \
         2 voting members are needed, 1 counted"
    );
    given.when(ANNA, said(json!({"quorate": false}))).accepted();
    given.when(ANNA, said(json!({}))).accepted();
    given
        .when(
            ANNA,
            held(CALLED, with(quorate.clone(), json!({"present": both}))),
        )
        .accepted();
    // Who was there but does not vote does not count; a list that is left out cannot be counted.
    let silent = json!([{"person": ANNA.id().to_string(), "voting": true},
        {"person": BEN.id().to_string()}]);
    given
        .when(
            ANNA,
            held(CALLED, with(quorate.clone(), json!({"present": silent}))),
        )
        .refused("quorum-stated");
    given.when(ANNA, held(CALLED, quorate)).accepted();
}

#[test]
fn an_item_is_quorate_without_those_whom_an_interest_keeps_out() {
    let said = |excluded: Value| {
        let item = json!({"item": "9", "quorate": true, "excluded": excluded});
        held(
            CALLED,
            json!({"present": voting(&[ANNA, BEN]), "quorum": [item]}),
        )
    };
    let given = board();
    given.when(ANNA, said(json!([]))).accepted();
    let refusal = given
        .when(ANNA, said(json!([ANNA.id().to_string()])))
        .refused("quorum-stated");
    assert!(refusal.message.starts_with("item 9 of meeting/called"));
    for (handling, counts) in [
        ("noted", true),
        ("left", false),
        ("stayed-without-vote", false),
    ] {
        let given = given.clone().and(ANNA, interest(CALLED, ANNA, handling));
        let then = given.when(ANNA, said(json!([])));
        if counts {
            then.accepted();
        } else {
            then.refused("quorum-stated");
        }
    }
}

#[test]
fn an_interest_is_declared_by_someone_who_was_there() {
    let given = board().enrolled(DAN);
    // Until it is held nobody knows who will be there.
    given.when(ANNA, interest(CALLED, DAN, "left")).accepted();
    given.when(ANNA, interest(MAY, BEN, "left")).accepted();
    let refusal = given
        .when(ANNA, interest(MAY, DAN, "left"))
        .refused("interest-attendance");
    let entry = given.views.meetings.get(&id(MAY)).unwrap().held.as_ref();
    assert_eq!(refusal.entries, [entry.unwrap().at.position]);
    let mut standing = interest(MAY, DAN, "noted");
    if let minutebook_events::Payload::InterestDeclared(fields) = &mut standing.payload {
        std::sync::Arc::make_mut(fields).item = None;
    }
    given.when(ANNA, standing).accepted();
    // So may whoever took the chair.
    let fields = json!({"present": voting(&[ANNA, BEN]), "chaired_by": DAN.subject()});
    given
        .clone()
        .and(ANNA, held(CALLED, fields))
        .when(ANNA, interest(CALLED, DAN, "left"))
        .accepted();
    // Others who attended may declare, and so may someone listed by post alone.
    let attended = |one: Value| {
        let fields = json!({"present": voting(&[ANNA, BEN]), "in_attendance": [one]});
        let given = given.clone().and(ANNA, held(CALLED, fields));
        given.when(ANNA, interest(CALLED, DAN, "left"))
    };
    attended(json!({"person": DAN.id().to_string()})).accepted();
    attended(json!({"post": "Head of Partnerships"})).accepted();
    attended(json!({"person": CARA.id().to_string()})).refused("interest-attendance");
}

#[test]
fn history_is_told_as_documents_tell_it() {
    let mut event = held(CALLED, json!({"present": voting(&[ANNA]), "quorate": true}));
    event.common.effective = Some(minutebook_events::Period::parse("9 July 2026").unwrap());
    let given = board().and(ANNA, cancelled(CALLED));
    given.when(ANNA, event.clone()).refused("meeting-cancelled");
    event.common.imported = true;
    event.common.source = Some(minutebook_events::Source {
        document: "Minutes".into(),
        section: None,
        record: None,
    });
    given.when(ANNA, event).accepted();
}
