//! On the recorded clock: what became known.

use jiff::civil::date;
use minutebook_events::Confidentiality;
use minutebook_projections::changes::{Changes, Clock, Group, Item, Point, Question, Since};
use minutebook_projections::view_digest::view_digest;
use serde_json::json;

use crate::given::{ANNA, BEN, CARA, DAN, Given, id, say};

pub fn changes(given: &Given, body: Option<&str>, since: Since, until: Point) -> Changes {
    let reader = Confidentiality::Restricted;
    let question = Question {
        body: body.map(id),
        since: Point::recorded(given.views.now(reader), &since).unwrap(),
        until,
        by: Clock::Recorded,
        reader,
    };
    Changes::recorded(&given.views, question)
}

fn until(given: &Given, day: jiff::civil::Date) -> Point {
    Point::newest(given.views.now(Confidentiality::Restricted), day)
}

fn only(items: &[Item]) -> &Item {
    match items {
        [item] => item,
        _ => panic!("{items:#?}"),
    }
}

/// A board with a strategy, two milestones and a meeting held on the day of the tests, 14 May 2025.
fn board() -> Given {
    let established = json!({"name": "Partnership Board"});
    let called = json!({"title": "Board, May 2025", "body": "body/board", "date": "14 May 2025"});
    let strategy = json!({"title": "Five-year strategy", "owner": "body/board"});
    let milestone = |due: &str| json!({"title": "Crisis line", "parent": "strategy/s", "due": due});
    Given::opened()
        .and(
            ANNA,
            say("BodyEstablished", "body/board", "registrar", established),
        )
        .and(
            ANNA,
            say(
                "BodyEstablished",
                "body/other",
                "registrar",
                json!({"name": "Other"}),
            ),
        )
        .and(
            ANNA,
            say("StrategyAdopted", "strategy/s", "secretary", strategy),
        )
        .and(
            ANNA,
            say(
                "MilestoneSet",
                "milestone/a",
                "secretary",
                milestone("24/25"),
            ),
        )
        .and(
            ANNA,
            say(
                "MilestoneSet",
                "milestone/b",
                "secretary",
                milestone("June 2025"),
            ),
        )
        .and(
            ANNA,
            say("MeetingCalled", "meeting/may", "secretary", called),
        )
        .and(
            ANNA,
            say(
                "MeetingHeld",
                "meeting/may",
                "secretary",
                json!({"effective": "14 May 2025", "quorate": true}),
            ),
        )
}

#[test]
fn a_slip_names_both_dates_how_far_and_why_and_counts_from_the_first() {
    let slip = |from: &str, to: &str| {
        let fields = json!({"from": from, "to": to, "standing": "reported",
            "reason": "System-wide capacity constraints.", "inferred": ["link"]});
        say("MilestoneSlipped", "milestone/a", "secretary", fields)
    };
    let given = board()
        .and(ANNA, slip("24/25", "25/26"))
        .and(CARA, slip("25/26", "26/27"));
    let since = Since::Meeting(id("meeting/may"));
    let found = changes(&given, None, since, until(&given, date(2025, 5, 20)));
    let [first, second] = found.of(Group::Slipped) else {
        panic!("{found:#?}");
    };
    assert_eq!(
        (
            first.before.as_deref(),
            first.after.as_deref(),
            first.moved.as_deref()
        ),
        (Some("24/25"), Some("25/26"), Some("slipped one year"))
    );
    assert_eq!(first.in_all, None);
    assert_eq!(
        first.reason.as_deref(),
        Some("System-wide capacity constraints.")
    );
    assert_eq!(first.title, "Crisis line");
    assert_eq!(first.body, Some(id("body/board")));
    let behind = first.behind.as_ref().unwrap();
    assert_eq!(
        (behind.entry, behind.inferred.as_slice()),
        (8, &["link".to_owned()][..])
    );
    assert_eq!(
        second.in_all.as_deref(),
        Some("slipped two years since the first date, 24/25")
    );
}

#[test]
fn what_fell_overdue_has_no_entry_and_is_not_told_twice() {
    let given = board();
    let since = || Since::Meeting(id("meeting/may"));
    // 24/25 was over before the meeting; June 2025 is over in July and open still.
    let found = changes(&given, None, since(), until(&given, date(2025, 7, 1)));
    let item = only(found.of(Group::MilestonesFellOverdue));
    assert_eq!((item.subject.name(), &item.behind), ("b", &None));
    assert_eq!(item.after.as_deref(), Some("was due June 2025"));
    assert_eq!(
        only(found.of(Group::MilestonesStillOverdue)).subject.name(),
        "a"
    );
    // On its last day nothing is late yet.
    let found = changes(&given, None, since(), until(&given, date(2025, 6, 30)));
    assert!(found.of(Group::MilestonesFellOverdue).is_empty());
}

#[test]
fn what_a_meeting_decides_has_changed_since_it() {
    let made = json!({"title": "Strategy agreed", "kind": "agreed", "body": "body/board",
        "meeting": "meeting/may", "minute": "7.2", "effective": "14 May 2025"});
    let given = board().and(ANNA, say("DecisionMade", "decision/d", "secretary", made));
    let since = Since::Meeting(id("meeting/may"));
    let found = changes(
        &given,
        Some("body/board"),
        since,
        until(&given, date(2025, 5, 20)),
    );
    let item = only(found.of(Group::DecisionsMade));
    let behind = item.behind.as_ref().unwrap();
    assert_eq!(item.after.as_deref(), Some("agreed"));
    assert_eq!(behind.minute.as_deref(), Some("7.2"));
    assert!(!behind.late);
}

#[test]
fn a_body_is_told_of_itself_and_of_those_below_it_alone() {
    let below = json!({"name": "Delivery group", "parent": "body/board"});
    let action = |body: &str| json!({"text": "Write the plan", "owner": "Director", "body": body, "due": "June 2025"});
    let given = board()
        .and(
            ANNA,
            say("BodyEstablished", "body/group", "registrar", below),
        )
        .and(
            ANNA,
            say(
                "ActionAssigned",
                "action/group",
                "secretary",
                action("body/group"),
            ),
        )
        .and(
            ANNA,
            say(
                "ActionAssigned",
                "action/other",
                "secretary",
                action("body/other"),
            ),
        );
    let names = |body: Option<&str>| {
        let found = changes(
            &given,
            body,
            Since::Position(8),
            until(&given, date(2025, 5, 20)),
        );
        let new = found.of(Group::ActionsNew).iter();
        new.map(|item| item.subject.name().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(None), ["group", "other"]);
    assert_eq!(names(Some("body/board")), ["group"]);
    assert_eq!(names(Some("body/group")), ["group"]);
    assert_eq!(names(Some("body/other")), ["other"]);
}

#[test]
fn a_hold_is_told_to_each_body_whose_things_it_covers_and_without_a_scope_to_all() {
    let hold = |id: &str, scope: serde_json::Value| {
        let fields =
            json!({"title": "Inquiry", "ground": "inquiry", "reason": "Asked.", "scope": scope});
        say("HoldPlaced", id, "records-officer", fields)
    };
    let lifted = json!({"reason": "It has reported."});
    let given = board()
        .and(BEN, hold("hold/plan", json!(["strategy/s"])))
        .and(BEN, hold("hold/both", json!(["strategy/s", "body/other"])))
        .and(BEN, hold("hold/whole", json!([])))
        .and(
            BEN,
            say("HoldLifted", "hold/plan", "records-officer", lifted),
        );
    let told = |body: &str| {
        let until = until(&given, date(2025, 5, 20));
        let found = changes(&given, Some(body), Since::Position(8), until);
        let holds = found.of(Group::Holds).iter();
        holds
            .map(|item| format!("{} {}", item.subject, item.after.as_deref().unwrap()))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        told("body/board"),
        [
            "hold/plan placed",
            "hold/both placed",
            "hold/whole placed",
            "hold/plan lifted"
        ]
    );
    assert_eq!(
        told("body/other"),
        ["hold/both placed", "hold/whole placed"]
    );
}

#[test]
fn sign_offs_say_who_is_missing_and_when_the_last_has_signed() {
    let organisation = |name: &str| format!("organisation/{name}");
    let requested = json!({"title": "The concordat", "text": "11".repeat(32),
        "rule": "each-organisation-once", "deadline": "by June 2025",
        "signatories": [{"organisation": organisation("t")}, {"organisation": organisation("u")}]});
    let given = |who, of: &str| {
        let capacity = format!("signatory {}", organisation(of));
        (
            who,
            say(
                "SignOffGiven",
                "sign-off/c",
                &capacity,
                json!({"text": "11".repeat(32)}),
            ),
        )
    };
    let asked = board()
        .organisation("organisation/t")
        .organisation("organisation/u")
        .person(DAN, "signatory", Some("organisation/t"))
        .and(
            ANNA,
            crate::given::appointment(DAN, "signatory", Some("organisation/u")),
        )
        .and(
            ANNA,
            say("SignOffRequested", "sign-off/c", "secretary", requested),
        );
    let since = || Since::Position(asked.size());
    let (who, event) = given(DAN, "t");
    let one = asked.clone().and(who, event);
    let found = changes(&one, None, since(), until(&one, date(2025, 7, 1)));
    let waiting = only(found.of(Group::SignOffsWaiting));
    assert_eq!(waiting.after.as_deref(), Some("1 of 2 signed"));
    assert_eq!(waiting.missing, [id("organisation/u")]);
    assert_eq!(waiting.notes, ["overdue: was asked for by June 2025"]);
    assert!(found.of(Group::SignOffsCompleted).is_empty());

    let (who, event) = given(DAN, "u");
    let both = one.and(who, event);
    let found = changes(&both, None, since(), until(&both, date(2025, 7, 1)));
    assert_eq!(found.of(Group::SignOffsGiven).len(), 2);
    assert_eq!(
        only(found.of(Group::SignOffsCompleted)).after.as_deref(),
        Some("2 of 2 signed")
    );
    assert!(found.of(Group::SignOffsWaiting).is_empty());
}

#[test]
fn only_the_newest_report_is_told_beside_what_stood_before() {
    let report = |rating: &str| {
        let fields = json!({"report": "r", "narrative": "On course.", "rating": rating,
            "scale": ["Red", "Amber", "Green"]});
        say("StatusReported", "milestone/b", "secretary", fields)
    };
    let given = board().and(ANNA, report("Green"));
    let since = Since::Position(given.size());
    let given = given
        .and(ANNA, report("Amber"))
        .and(ANNA, report("not-stated"));
    let found = changes(&given, None, since, until(&given, date(2025, 5, 20)));
    let item = only(found.of(Group::Status));
    assert_eq!(item.before.as_deref(), Some("rated Green"));
    assert_eq!(item.after.as_deref(), Some("rating not stated"));
}

#[test]
fn an_entry_that_was_true_before_the_last_meeting_is_late() {
    let late = json!({"title": "Told late", "kind": "noted", "body": "body/board",
        "meeting": "meeting/april", "effective": "9 April 2025"});
    let called =
        json!({"title": "Board, April 2025", "body": "body/board", "date": "9 April 2025"});
    let given = board()
        .and(
            ANNA,
            say("MeetingCalled", "meeting/april", "secretary", called),
        )
        .and(
            ANNA,
            say(
                "MeetingHeld",
                "meeting/april",
                "secretary",
                json!({"effective": "9 April 2025", "quorate": true}),
            ),
        )
        .and(
            ANNA,
            say("DecisionMade", "decision/late", "secretary", late),
        );
    let since = Since::Meeting(id("meeting/may"));
    let found = changes(
        &given,
        Some("body/board"),
        since,
        until(&given, date(2025, 5, 20)),
    );
    assert!(
        only(found.of(Group::DecisionsMade))
            .behind
            .as_ref()
            .unwrap()
            .late
    );
}

#[test]
fn the_same_question_gives_the_same_bytes_however_the_record_was_loaded() {
    use minutebook_events::Judge as _;

    let given = board();
    let loaded = Given {
        views: minutebook_projections::Views::load(given.views.save().into()).unwrap(),
        entries: given.entries.clone(),
    };
    let ask = |given: &Given| {
        let until = until(given, date(2025, 7, 1));
        view_digest(&changes(given, None, Since::Position(0), until))
    };
    assert_eq!(ask(&given), ask(&loaded));
    let earlier = changes(
        &given,
        None,
        Since::Position(1),
        until(&given, date(2025, 7, 1)),
    );
    assert_ne!(ask(&given), view_digest(&earlier));
}
