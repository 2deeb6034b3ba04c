//! On the effective clock: what became true, as known now.

use jiff::civil::date;
use minutebook_events::{Confidentiality, Event, Recorded};
use minutebook_projections::changes::{Changes, Clock, Group, Point, PointError, Question, Since};
use minutebook_projections::effective::Effective;
use serde_json::{Value, json};

use crate::given::{ANNA, Given, id, say};

const READER: Confidentiality = Confidentiality::Restricted;

fn effective(given: &Given) -> Effective {
    let entries = given
        .entries
        .iter()
        .cloned()
        .map(Recorded::<Event>::into_content);
    Effective::fold(entries.collect())
}

fn changes(given: &Given, since: Since, until: Since) -> Changes {
    let effective = effective(given);
    let now = given.views.now(READER);
    let question = Question {
        body: None,
        since: Point::from_day(&effective, now, &since).unwrap(),
        until: Point::through_day(&effective, now, &until).unwrap(),
        by: Clock::Effective,
        reader: READER,
    };
    Changes::effective(&effective, question)
}

/// Imported, with this date or none.
fn imported(kind: &str, subject: &str, effective: Option<&str>, fields: Value) -> Event {
    let mut event = say(kind, subject, "secretary", fields);
    event.common.imported = true;
    event.common.source = serde_json::from_value(json!({"document": "Annual report"})).unwrap();
    event.common.effective = effective.map(|words| serde_json::from_value(words.into()).unwrap());
    event
}

fn slip(on: Option<&str>) -> Event {
    let fields =
        json!({"from": "24/25", "to": "25/26", "standing": "reported", "reason": "Capacity."});
    imported("MilestoneSlipped", "milestone/m", on, fields)
}

fn milestone() -> Given {
    let set = json!({"title": "Crisis line", "due": "24/25"});
    Given::opened().and(ANNA, imported("MilestoneSet", "milestone/m", None, set))
}

#[test]
fn a_window_is_true_by_its_last_day() {
    let given = milestone().and(ANNA, slip(Some("2024/25")));
    let day = |year, month, day| Since::Day(date(year, month, day));
    let slipped = |since, until| changes(&given, since, until).of(Group::Slipped).len();
    assert_eq!(slipped(day(2024, 5, 1), day(2025, 3, 31)), 1);
    assert_eq!(slipped(day(2024, 5, 1), day(2025, 3, 30)), 0);
    assert_eq!(slipped(day(2025, 3, 31), day(2025, 3, 31)), 1);
    assert_eq!(slipped(day(2025, 4, 1), day(2026, 3, 31)), 0);
}

#[test]
fn what_a_document_leaves_undated_is_listed_apart_and_given_no_date() {
    let given = milestone().and(ANNA, slip(None));
    let found = changes(
        &given,
        Since::Day(date(2024, 5, 1)),
        Since::Day(date(2026, 1, 1)),
    );
    assert!(found.of(Group::Slipped).is_empty());
    let apart = found
        .undated
        .iter()
        .find(|changed| changed.group == Group::Slipped)
        .unwrap();
    assert_eq!(apart.items[0].reason.as_deref(), Some("Capacity."));
    assert_eq!(apart.items[0].before.as_deref(), Some("24/25"));
}

#[test]
fn a_view_on_a_day_folds_what_was_true_by_then_whenever_it_was_recorded() {
    // Recorded in this order: the newer fact first.
    let given = milestone()
        .and(
            ANNA,
            imported(
                "MilestoneCompleted",
                "milestone/m",
                Some("10 May 2025"),
                json!({}),
            ),
        )
        .and(
            ANNA,
            imported(
                "StatusReported",
                "milestone/m",
                Some("March 2025"),
                json!({"report": "r", "narrative": "Nearly there."}),
            ),
        );
    let effective = effective(&given);
    let completed = |day| {
        let then = effective.on(day, READER);
        let milestone = then
            .get(&then.views.milestones, &id("milestone/m"))
            .unwrap();
        milestone.state != minutebook_projections::milestones::State::Open
    };
    assert!(!completed(date(2025, 5, 9)));
    assert!(completed(date(2025, 5, 10)));
    let then = effective.on(date(2025, 3, 31), READER);
    assert!(then.get(&then.views.status, &id("milestone/m")).is_some());
    let then = effective.on(date(2025, 3, 30), READER);
    assert!(then.get(&then.views.status, &id("milestone/m")).is_none());
}

#[test]
fn a_thing_is_there_when_something_first_happened_to_it() {
    // Recorded here and so true on the day of recording, 14 May 2025; but it slipped before.
    let set = json!({"title": "Crisis line", "due": "24/25"});
    let given = Given::opened()
        .and(ANNA, say("MilestoneSet", "milestone/m", "secretary", set))
        .and(ANNA, slip(Some("January 2025")));
    let effective = effective(&given);
    let then = effective.on(date(2025, 1, 31), READER);
    let milestone = then
        .get(&then.views.milestones, &id("milestone/m"))
        .unwrap();
    assert_eq!(milestone.due().unwrap().to_string(), "25/26");
    let before = effective.on(date(2025, 1, 30), READER);
    assert!(
        before
            .get(&before.views.milestones, &id("milestone/m"))
            .is_none()
    );
}

#[test]
fn between_two_meetings_each_decision_counts_once() {
    let meeting = |name: &str, on: &str| {
        let id = format!("meeting/{name}");
        let called = json!({"title": "Board", "date": on});
        let held = json!({"quorate": true});
        [
            imported("MeetingCalled", &id, Some(on), called),
            imported("MeetingHeld", &id, Some(on), held),
        ]
    };
    let decided = |name: &str, meeting: &str| {
        let fields =
            json!({"title": name, "kind": "agreed", "meeting": format!("meeting/{meeting}")});
        imported("DecisionMade", &format!("decision/{name}"), None, fields)
    };
    let mut given = Given::opened();
    for event in meeting("april", "9 April 2025")
        .into_iter()
        .chain(meeting("may", "13 May 2025"))
    {
        given = given.and(ANNA, event);
    }
    let given = given
        .and(ANNA, decided("a", "april"))
        .and(ANNA, decided("m", "may"));
    let meeting = |name: &str| Since::Meeting(id(&format!("meeting/{name}")));
    let made = |since, until| {
        let found = changes(&given, since, until);
        let made = found.of(Group::DecisionsMade).iter();
        made.map(|item| item.title.clone()).collect::<Vec<_>>()
    };
    assert_eq!(made(meeting("april"), meeting("may")), ["a"]);
    assert_eq!(made(meeting("may"), Since::Day(date(2025, 6, 1))), ["m"]);
}

#[test]
fn a_position_is_no_day() {
    let given = milestone();
    let now = given.views.now(READER);
    assert_eq!(
        Point::from_day(&effective(&given), now, &Since::Position(3)),
        Err(PointError::PositionOfEffective)
    );
}
