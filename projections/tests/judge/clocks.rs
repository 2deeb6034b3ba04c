//! When it was done, and when it was recorded.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, DAN, Given, enrolment, say};

fn with_day(mut event: Event, day: &str) -> Event {
    event.common.effective = Some(minutebook_events::Period::parse(day).unwrap());
    event
}

#[test]
fn what_is_done_lies_not_ahead_and_what_is_planned_may() {
    let given = Given::opened()
        .milestone("milestone/m", Some("25/26"))
        .enrolled(DAN)
        .and(ANNA, crate::given::appointment(DAN, "chair", None));
    let ended = say(
        "RoleEnded",
        &DAN.subject(),
        "registrar",
        json!({"role": "chair"}),
    );
    given
        .when(ANNA, with_day(ended.clone(), "14 May 2025"))
        .accepted();
    let refusal = given
        .when(ANNA, with_day(ended, "1 June 2025"))
        .refused("done-in-future");
    assert_eq!(
        refusal.message,
        "RoleEnded says what was done on 1 June 2025, which has not come yet"
    );
    let planned = crate::given::appointment(DAN, "lead", None);
    given
        .when(ANNA, with_day(planned, "1 June 2025"))
        .accepted();
    let withdrawn = say(
        "MilestoneWithdrawn",
        "milestone/m",
        "secretary",
        json!({"reason": "Merged."}),
    );
    given
        .when(ANNA, with_day(withdrawn, "1 June 2025"))
        .accepted();
}

/// Dan signs for the trust since the day that his appointment gives, or else since it was recorded.
fn signatory(since: Option<&str>) -> Given {
    let mut appointment = crate::given::appointment(DAN, "signatory", Some("organisation/trust"));
    if let Some(since) = since {
        appointment = with_day(appointment, since);
    }
    let request = json!({"title": "Memorandum", "text": "11".repeat(32), "rule": "all-named",
        "signatories": [{"organisation": "organisation/trust"}]});
    Given::opened()
        .organisation("organisation/trust")
        .enrolled(DAN)
        .and(ANNA, enrolment(DAN, "registrar", None))
        .and(ANNA, appointment)
        .and(
            ANNA,
            say("SignOffRequested", "sign-off/so", "secretary", request),
        )
}

fn signed(fields: Value) -> Event {
    let mut all = json!({"text": "11".repeat(32)});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    say(
        "SignOffGiven",
        "sign-off/so",
        "signatory organisation/trust",
        all,
    )
}

#[test]
fn nobody_signs_for_a_day_before_the_role() {
    let given = signatory(None);
    given.when(DAN, signed(json!({}))).accepted();
    given
        .when(DAN, signed(json!({"effective": "14 May 2025"})))
        .accepted();
    given
        .when(DAN, signed(json!({"effective": "May 2025"})))
        .accepted();
    let refusal = given
        .when(DAN, signed(json!({"effective": "1 May 2025"})))
        .refused("acted-before-appointed");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::NotAuthorised, vec![4])
    );

    // What counts is since when the role was held, not when that was recorded.
    let late = signatory(Some("1 April 2025"));
    late.when(DAN, signed(json!({"effective": "1 May 2025"})))
        .accepted();
    late.when(DAN, signed(json!({"effective": "31 March 2025"})))
        .refused("acted-before-appointed");

    // Nor does anyone act before an appointment that is still to come.
    signatory(Some("1 June 2025"))
        .when(DAN, signed(json!({})))
        .refused("acted-before-appointed");
}

#[test]
fn a_role_held_before_counts_for_its_time() {
    let ended = json!({"role": "signatory", "of": "organisation/trust",
        "effective": "30 April 2025"});
    let again = with_day(
        crate::given::appointment(DAN, "signatory", Some("organisation/trust")),
        "10 May 2025",
    );
    let given = signatory(Some("1 April 2025"))
        .and(ANNA, say("RoleEnded", &DAN.subject(), "registrar", ended))
        .and(ANNA, again);
    let on = |day: &str| signed(json!({"effective": day}));
    given.when(DAN, on("20 April 2025")).accepted();
    given.when(DAN, on("12 May 2025")).accepted();
    given
        .when(DAN, on("5 May 2025"))
        .refused("acted-before-appointed");
}

#[test]
fn what_others_did_is_recorded_late_by_whoever_holds_the_role() {
    let given = Given::opened()
        .person(DAN, "secretary", None)
        .milestone("milestone/m", Some("24/25"));
    let done = say("MilestoneCompleted", "milestone/m", "secretary", json!({}));
    given.when(DAN, with_day(done, "1 March 2025")).accepted();
    // An interest is one's own, or is recorded for someone else.
    let interest = |whose: crate::given::Who| {
        let fields = json!({"person": whose.id().to_string(), "interest": "Trustee.",
            "handling": "noted", "effective": "1 March 2025"});
        say("InterestDeclared", "interest/i", "secretary", fields)
    };
    given.when(DAN, interest(BEN)).accepted();
    given
        .when(DAN, interest(DAN))
        .refused("acted-before-appointed");
}
