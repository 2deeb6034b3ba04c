//! A board and the group below it, which meet, decide and minute what they did.

use minutebook_events::{Event, Period};
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, CARA, Given, Who, say};

/// The board, to which the group answers.
pub const BOARD: &str = "body/board";
/// The group: two voting members make it quorate.
pub const GROUP: &str = "body/group";
/// A committee that has nothing to do with either.
pub const OTHER: &str = "body/other";
/// The group's meetings: of 12 May, of 14 May, and one that is called for 14 May.
pub const EARLY: &str = "meeting/early";
pub const MAY: &str = "meeting/may";
pub const CALLED: &str = "meeting/called";

/// Two fields laid together.
pub fn with(mut fields: Value, more: Value) -> Value {
    let more = more.as_object().unwrap().clone();
    fields.as_object_mut().unwrap().extend(more);
    fields
}

/// The event, true on this day.
pub fn on(day: &str, mut event: Event) -> Event {
    event.common.effective = Some(Period::parse(day).unwrap());
    event
}

pub fn voting(who: &[Who]) -> Value {
    let one = |who: &Who| json!({"person": who.id().to_string(), "voting": true});
    who.iter().map(one).collect()
}

pub fn established(id: &str, fields: Value) -> Event {
    let fields = with(json!({"name": id}), fields);
    say("BodyEstablished", id, "registrar", fields)
}

pub fn called(id: &str, fields: Value) -> Event {
    let fields = with(json!({"title": "Meeting"}), fields);
    say("MeetingCalled", id, "secretary", fields)
}

pub fn held(id: &str, fields: Value) -> Event {
    say("MeetingHeld", id, "secretary", fields)
}

pub fn made(id: &str, fields: Value) -> Event {
    let fields = with(json!({"title": "The plan", "kind": "agreed"}), fields);
    say("DecisionMade", id, "secretary", fields)
}

/// Anna's interest in item 9, at a meeting.
pub fn interest(meeting: &str, who: Who, handling: &str) -> Event {
    let fields = json!({"person": who.id().to_string(), "interest": "Trustee.", "item": "9",
        "handling": handling, "meeting": meeting});
    say("InterestDeclared", "interest/i", "secretary", fields)
}

pub fn excluded(meeting: &str, item: &str) -> Event {
    let fields = json!({"resolution": "That the public be excluded.",
        "statutory_reason": "1960 Act s1(2)", "items": [item]});
    say("PublicExcluded", meeting, "secretary", fields)
}

pub fn document(digit: char) -> Value {
    let digest = digit.to_string().repeat(64);
    json!({"blake3": digest, "sha256": digest, "size": 1, "media_type": "application/pdf",
        "name": "text.pdf"})
}

/// The bodies and the meetings above. Anna, Ben and Cara were at the one of 14 May.
pub fn board() -> Given {
    let group = json!({"parent": BOARD, "quorum": {"at_least": 2}});
    let dated = |day: &str| json!({"body": GROUP, "date": day});
    Given::opened()
        .and(ANNA, established(BOARD, json!({"quorum": {"at_least": 2}})))
        .and(ANNA, established(GROUP, group))
        .and(ANNA, established(OTHER, json!({"quorum": {"at_least": 2}})))
        .met(EARLY, Some(GROUP), "12 May 2025")
        .and(ANNA, called(MAY, dated("14 May 2025")))
        .and(
            ANNA,
            held(MAY, json!({"present": voting(&[ANNA, BEN, CARA])})),
        )
        .and(ANNA, called(CALLED, dated("14 May 2025")))
}

/// A decision of the group's meeting of 14 May.
pub fn decided(given: Given, id: &str) -> Given {
    given.and(ANNA, made(id, json!({"meeting": MAY, "body": GROUP})))
}
