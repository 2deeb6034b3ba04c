//! Minutes are drafted for a meeting that was held, and approved word for word by a later one.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::board::{
    BOARD, CALLED, EARLY, GROUP, MAY, OTHER, board, document, excluded, held, on, with,
};
use crate::given::{ANNA, CARA, Given, say};

const M: &str = "minutes/early";

fn drafted(id: &str, of: &str, version: u32, text: char) -> Event {
    let fields = json!({"minutes_of": of, "document": document(text), "version": version});
    say("MinutesDrafted", id, "secretary", fields)
}

fn draft(version: u32, text: char) -> Event {
    drafted(M, EARLY, version, text)
}

fn amended(fields: Value) -> Event {
    let fields = with(json!({"changes": "Item 7: agreed, not noted."}), fields);
    say("MinutesAmended", M, "secretary", fields)
}

fn approved(text: char, meeting: &str) -> Event {
    let fields = json!({"text": text.to_string().repeat(64), "meeting": meeting});
    say("MinutesApproved", M, "chair", fields)
}

fn given() -> Given {
    board().and(ANNA, draft(1, 'a'))
}

#[test]
fn minutes_are_of_a_meeting_that_was_held() {
    board().when(ANNA, draft(1, 'a')).accepted();
    let refusal = board()
        .when(ANNA, drafted(M, CALLED, 1, 'a'))
        .refused("meeting-held");
    assert_eq!(refusal.instead.as_deref(), Some("record MeetingHeld first"));
}

#[test]
fn versions_count_up_by_one() {
    let refusal = board().when(ANNA, draft(2, 'a')).refused("minutes-version");
    assert_eq!(refusal.instead.as_deref(), Some("give it version 1"));
    let given = given();
    given.when(ANNA, draft(2, 'b')).accepted();
    given.when(ANNA, draft(1, 'b')).refused("minutes-version");
    given.when(ANNA, draft(3, 'b')).refused("minutes-version");
    // An amendment that brings a text is a version, too.
    let text = |version: u32| amended(json!({"document": document('b'), "version": version}));
    given.when(ANNA, text(3)).refused("minutes-version");
    given.when(ANNA, amended(json!({}))).accepted();
    let given = given.and(ANNA, text(2)).and(ANNA, draft(3, 'c'));
    let refusal = given.when(ANNA, draft(3, 'd')).refused("minutes-version");
    assert_eq!(refusal.instead.as_deref(), Some("give it version 4"));
    let size = given.size();
    let refusal = given
        .when_seen(CARA, size - 1, draft(3, 'd'))
        .refused("minutes-version");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
}

#[test]
fn a_meeting_has_its_minutes_once() {
    let given = given();
    given
        .when(ANNA, drafted("minutes/may", MAY, 1, 'a'))
        .accepted();
    let refusal = given
        .when(ANNA, drafted("minutes/again", EARLY, 1, 'a'))
        .refused("minutes-once");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record the next version of minutes/early")
    );
    let refusal = given
        .when(ANNA, drafted(M, MAY, 2, 'a'))
        .refused("minutes-meeting");
    assert_eq!(refusal.entries, [given.size() - 1]);
    // The minutes of the private part stand apart, once.
    let private = |id: &str| {
        let mut event = drafted(id, EARLY, 1, 'f');
        event.common.confidentiality = minutebook_events::Confidentiality::Part2;
        event
    };
    let given = given.and(ANNA, excluded(EARLY, "9"));
    given.when(ANNA, private("minutes/private")).accepted();
    given
        .and(ANNA, private("minutes/private"))
        .when(ANNA, private("minutes/secret"))
        .refused("minutes-once");
}

#[test]
fn a_later_meeting_of_the_body_approves_them() {
    let given = given();
    given.when(CARA, approved('a', MAY)).accepted();
    given
        .when(CARA, approved('a', CALLED))
        .refused("meeting-held");
    given
        .when(CARA, approved('a', EARLY))
        .refused("minutes-later-meeting");
    for (body, day, may) in [
        (GROUP, "13 May 2025", true),
        (GROUP, "12 May 2025", false),
        (GROUP, "1 May 2025", false),
        (OTHER, "13 May 2025", false),
        (BOARD, "13 May 2025", false),
    ] {
        let given = given.clone().met("meeting/x", Some(body), day);
        let then = given.when(CARA, approved('a', "meeting/x"));
        if may {
            then.accepted();
        } else {
            then.refused("minutes-later-meeting");
        }
    }
    // A successor approves what its predecessor left.
    let ended = json!({"successor": OTHER});
    given
        .and(ANNA, say("BodyDissolved", GROUP, "registrar", ended))
        .met("meeting/x", Some(OTHER), "13 May 2025")
        .when(CARA, approved('a', "meeting/x"))
        .accepted();
}

#[test]
fn they_are_approved_word_for_word() {
    let given = given();
    let refusal = given.when(CARA, approved('b', MAY)).refused("minutes-text");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert!(refusal.message.contains(&"a".repeat(64)));
    let text = amended(json!({"document": document('b'), "version": 2}));
    let given = given.and(ANNA, text);
    given.when(CARA, approved('a', MAY)).refused("minutes-text");
    given.when(CARA, approved('b', MAY)).accepted();
    // The chair who had not seen the newest text is told so.
    let refusal = given
        .when_seen(CARA, given.size() - 1, approved('a', MAY))
        .refused("changed-since");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
    let given = given.and(ANNA, draft(3, 'c'));
    given.when(CARA, approved('b', MAY)).refused("minutes-text");
    given.when(CARA, approved('c', MAY)).accepted();
}

#[test]
fn approval_does_not_come_before_the_draft() {
    let given = board().and(ANNA, on("14 May 2025", draft(1, 'a')));
    given.when(CARA, approved('a', MAY)).accepted();
    let refusal = given
        .when(CARA, on("13 May 2025", approved('a', MAY)))
        .refused("minutes-before-draft");
    assert_eq!(refusal.entries, [given.size() - 1]);
    // Without a day of its own, it is the day of the meeting.
    given
        .met("meeting/x", Some(GROUP), "13 May 2025")
        .when(CARA, approved('a', "meeting/x"))
        .refused("minutes-before-draft");
}

#[test]
fn once_approved_they_change_only_by_a_later_correction() {
    let given = given().and(CARA, approved('a', MAY));
    let entry = given.size() - 1;
    for event in [approved('a', MAY), draft(2, 'b'), amended(json!({}))] {
        // Cara is secretary and chair.
        let refusal = given.when(CARA, event).refused("minutes-approved");
        assert_eq!(refusal.entries, [entry]);
        assert!(refusal.instead.unwrap().contains("MinutesAmended"));
    }
    given
        .when(ANNA, amended(json!({"meeting": MAY})))
        .accepted();
    given
        .when(ANNA, amended(json!({"meeting": CALLED})))
        .refused("meeting-held");
    given
        .when(ANNA, amended(json!({"meeting": EARLY})))
        .refused("minutes-correction");
    given
        .clone()
        .met("meeting/x", Some(OTHER), "14 May 2025")
        .when(ANNA, amended(json!({"meeting": "meeting/x"})))
        .refused("minutes-correction");
    given
        .and(ANNA, held(CALLED, json!({"quorate": true})))
        .when(ANNA, amended(json!({"meeting": CALLED})))
        .accepted();
}
