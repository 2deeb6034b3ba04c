//! The verbs of a milestone's date, and its states.

use minutebook_events::{Event, RefusalKind};
use minutebook_projections::milestones::Verb;
use serde_json::json;

use crate::given::{ANNA, Given, id, say};

const M: &str = "milestone/m";

fn change(verb: &str, from: &str, to: &str) -> Event {
    let words = |text: &str| match text.strip_prefix('"') {
        // Words that name no window are not read, but kept.
        Some(words) => json!({"as_written": words}),
        None => json!(text),
    };
    let fields = json!({"from": words(from), "to": words(to), "standing": "reported",
        "reason": "Capacity constraints."});
    say(&format!("Milestone{verb}"), M, "secretary", fields)
}

fn given(due: &str) -> Given {
    Given::opened().milestone(M, Some(due))
}

fn plain(kind: &str) -> Event {
    let reason = json!({"reason": "Looked at again."});
    say(&format!("Milestone{kind}"), M, "secretary", reason)
}

#[test]
fn each_change_has_its_verb() {
    for (from, to, verb) in [
        ("24/25", "25/26", "Slipped"),
        ("December 2025", "25/26", "Slipped"),
        ("by 31 March 2026", "December 2025", "BroughtForward"),
        ("25/26", "December 2025", "DateRestated"),
        ("March 2026", "25/26", "DateRestated"),
    ] {
        let given = given(from);
        for other in ["Slipped", "BroughtForward", "DateRestated"] {
            let then = given.when(ANNA, change(other, from, to));
            if other == verb {
                then.accepted();
            } else {
                let refusal = then.refused("milestone-date-verb");
                assert!(
                    refusal
                        .message
                        .ends_with(&format!("record it as Milestone{verb}")),
                    "{refusal}"
                );
            }
        }
    }
    // Where the words do not say it, the last day that they mean stands beside them.
    let refusal = given("by 25/26")
        .when(ANNA, change("Slipped", "by 25/26", "December 2025"))
        .refused("milestone-date-verb");
    assert_eq!(
        refusal.message,
        "December 2025 is earlier than by 25/26 (31 March 2026): record it as \
         MilestoneBroughtForward"
    );
    let advice = "record MilestoneBroughtForward from by 25/26 to December 2025";
    assert_eq!(refusal.instead.as_deref(), Some(advice));
    let refusal = given("by 31 March 2026")
        .when(ANNA, change("Slipped", "by 31 March 2026", "December 2025"))
        .refused("milestone-date-verb");
    assert_eq!(
        refusal.message,
        "December 2025 is earlier than by 31 March 2026: record it as MilestoneBroughtForward"
    );
}

#[test]
fn a_change_starts_from_the_date_now_forecast() {
    let given = given("24/25").and(ANNA, change("Slipped", "2024/25", "25/26"));
    given
        .when(ANNA, change("Slipped", "25/26", "26/27"))
        .accepted();
    let refusal = given
        .when(ANNA, change("Slipped", "24/25", "26/27"))
        .refused("milestone-date-from");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::Conflict, vec![2])
    );
    assert_eq!(refusal.instead.as_deref(), Some("write 25/26 in from"));
}

#[test]
fn the_same_date_is_no_change_and_words_alone_are_no_date() {
    let given = given("25/26");
    given
        .when(ANNA, change("DateRestated", "25/26", "FY26"))
        .refused("milestone-date-same");
    given
        .when(ANNA, change("Slipped", "25/26", "\"soon"))
        .refused("milestone-date-window");
}

#[test]
fn an_undated_milestone_gets_a_date_by_being_restated() {
    let undated = Given::opened().milestone(M, None);
    undated
        .when(ANNA, change("Slipped", "24/25", "25/26"))
        .refused("milestone-undated");
    let refusal = undated
        .when(ANNA, change("DateRestated", "24/25", "25/26"))
        .refused("milestone-undated");
    let advice = "record MilestoneDateRestated from the words \"not stated\" to the date";
    assert_eq!(refusal.instead.as_deref(), Some(advice));
    undated
        .when(ANNA, change("DateRestated", "\"not stated", "\"soon"))
        .refused("milestone-undated");
    let dated = undated.and(ANNA, change("DateRestated", "\"not stated", "25/26"));
    dated
        .when(ANNA, change("Slipped", "25/26", "26/27"))
        .accepted();
}

#[test]
fn agreement_needs_a_decision_that_was_made() {
    let decision = |kind: &str, fields| say(kind, "decision/d", "secretary", fields);
    let agreed = || {
        let fields = json!({"from": "24/25", "to": "25/26", "standing": "agreed",
            "agreed_by": "decision/d", "reason": "Capacity."});
        say("MilestoneSlipped", M, "secretary", fields)
    };
    let given = given("24/25");
    given.when(ANNA, agreed()).refused("reference-exists");
    let given = given.and(
        ANNA,
        decision("DecisionForeseen", json!({"title": "Move it"})),
    );
    given.when(ANNA, agreed()).refused("agreed-by-decision");
    let made = json!({"title": "Move it", "kind": "agreed", "meeting": "meeting/may"});
    let given = given
        .met("meeting/may", None, "14 May 2025")
        .and(ANNA, decision("DecisionMade", made))
        .and(ANNA, agreed());

    // The agreed date is the new baseline; a reported one is not, and the first is never lost.
    let given = given.and(ANNA, change("Slipped", "25/26", "26/27"));
    let milestone = given.views.milestones.get(&id(M)).unwrap();
    let words = |period: Option<&minutebook_events::Period>| period.unwrap().to_string();
    assert_eq!(words(milestone.first()), "24/25");
    assert_eq!(words(milestone.baseline()), "25/26");
    assert_eq!(words(milestone.due()), "26/27");
    assert!(
        milestone
            .changes
            .oldest_first()
            .all(|change| change.verb == Verb::Slipped)
    );
}

#[test]
fn a_completed_milestone_is_reopened_before_it_slips() {
    let done = given("24/25").and(ANNA, plain("Completed"));
    let refusal = done
        .when(ANNA, change("Slipped", "24/25", "25/26"))
        .refused("milestone-completed");
    assert_eq!(refusal.entries, [2]);
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record MilestoneReopened first")
    );
    done.when(ANNA, plain("Completed"))
        .refused("milestone-completed");
    let open = done.and(ANNA, plain("Reopened"));
    open.when(ANNA, change("Slipped", "24/25", "25/26"))
        .accepted();
    open.when(ANNA, plain("Reopened")).refused("milestone-open");
}

#[test]
fn a_withdrawn_milestone_stays_withdrawn() {
    let gone = given("24/25").and(ANNA, plain("Withdrawn"));
    for event in [
        plain("Completed"),
        plain("Reopened"),
        plain("Withdrawn"),
        change("Slipped", "24/25", "25/26"),
    ] {
        assert_eq!(
            gone.when(ANNA, event)
                .refused("milestone-withdrawn")
                .entries,
            [2]
        );
    }
    // What is complete may still be withdrawn.
    given("24/25")
        .and(ANNA, plain("Completed"))
        .when(ANNA, plain("Withdrawn"))
        .accepted();
}

#[test]
fn nothing_is_complete_before_its_day() {
    let on = |day: &str| {
        let mut event = plain("Completed");
        event.common.effective = Some(minutebook_events::Period::parse(day).unwrap());
        event
    };
    let given = given("25/26");
    given.when(ANNA, on("14 May 2025")).accepted();
    given.when(ANNA, on("May 2025")).accepted();
    // It may be the next day already where it happened.
    given.when(ANNA, on("15 May 2025")).accepted();
    given
        .when(ANNA, on("16 May 2025"))
        .refused("done-in-future");
}
