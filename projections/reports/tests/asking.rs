//! What a question needs before it is answered: the same for whoever asks.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;

use jiff::civil::{Date, date};
use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Confidentiality, Content, Event, Judge as _, Period, Recorded, SubjectId};
use minutebook_projections::changes::{Clock, PointError, Since};
use minutebook_projections::effective::{Effective, day_of};
use minutebook_projections::{AsOf, Views};
use minutebook_reports::asking::{
    AskError, ChangesAsked, changes_question, check_among, check_filter, day,
    effective_changes_question, known, last_day, nothing,
};
use minutebook_reports::{Filter, Moment, Register};

const TODAY: Date = date(2030, 1, 1);

fn id(text: &str) -> SubjectId {
    text.parse().unwrap()
}

fn moment(text: &str) -> Moment {
    text.parse().unwrap()
}

/// A body; a meeting that was called and held; a decision.
fn entries() -> Vec<Recorded<Content>> {
    let on = |mut event: Event, subject: &str, when: &str| {
        event.common.subject = id(subject);
        event.common.effective = Some(Period::parse(when).unwrap());
        event
    };
    let events = [
        on(
            example(EventType::BodyEstablished),
            "body/board",
            "1 May 2024",
        ),
        on(
            example(EventType::MeetingCalled),
            "meeting/may",
            "2 May 2024",
        ),
        on(
            example(EventType::MeetingHeld),
            "meeting/may",
            "14 May 2024",
        ),
        on(
            example(EventType::DecisionMade),
            "decision/d-1",
            "20 May 2024",
        ),
    ];
    let all = events.into_iter().zip(0..);
    all.map(|(event, position)| any::entry(position, event))
        .collect()
}

fn folded() -> Views {
    let mut views = Views::default();
    entries().iter().for_each(|entry| views.apply(entry));
    views
}

fn now(views: &Views) -> AsOf<'_> {
    views.now(Confidentiality::Public)
}

#[test]
fn as_many_entries_are_known_as_a_moment_says() {
    let views = folded();
    assert_eq!(known(now(&views), None), Ok(4));
    assert_eq!(known(now(&views), Some(&moment("2"))), Ok(2));
    assert_eq!(known(now(&views), Some(&moment("1999-01-01"))), Ok(0));
    assert_eq!(
        known(now(&views), Some(&moment("meeting/none"))),
        Err(AskError::Moment(PointError::NoMeeting(id("meeting/none"))))
    );
}

#[test]
fn a_question_is_about_the_day_at_which_the_record_is_looked_at() {
    let views = folded();
    let recorded = day_of(views.entries.get(3).unwrap().recorded_at).unwrap();
    let of = |known_at: Option<&str>, effective_at| {
        let known_at = known_at.map(moment);
        day(now(&views), known_at.as_ref(), effective_at, TODAY)
    };
    assert_eq!(of(None, None), TODAY);
    assert_eq!(of(None, Some(date(2024, 5, 14))), date(2024, 5, 14));
    assert_eq!(of(Some("May 2024"), None), date(2024, 5, 31));
    assert_eq!(of(Some("31 December 2040"), None), TODAY);
    assert_eq!(of(Some("4"), None), recorded);
    assert_eq!(last_day(&moment("May 2024")), Ok(date(2024, 5, 31)));
    assert_eq!(last_day(&moment("4")), Err(AskError::NotADay));
}

#[test]
fn changes_are_counted_from_the_last_meeting_to_today() {
    let (views, asked) = (folded(), ChangesAsked::default());
    let found = changes_question(now(&views), &asked, TODAY).unwrap();
    assert_eq!(found.since, Since::Meeting(id("meeting/may")));
    assert_eq!(found.until, Since::Day(TODAY));
    assert_eq!(found.question.until.ticks, 4);
    let effective = Effective::fold(entries());
    let found = effective_changes_question(&effective, now(&views), &asked, TODAY).unwrap();
    assert_eq!(found.question.by, Clock::Effective);
    assert_eq!(found.question.since.day, Some(date(2024, 5, 14)));
    assert_eq!(found.question.since.position, None);
}

#[test]
fn without_a_meeting_there_is_nothing_to_count_from() {
    let (views, nothing_yet) = (folded(), Views::default());
    let before = ChangesAsked {
        until: Some(moment("1 May 2024")),
        ..ChangesAsked::default()
    };
    for (views, asked) in [(&nothing_yet, &ChangesAsked::default()), (&views, &before)] {
        let found = changes_question(now(views), asked, TODAY);
        assert_eq!(found, Err(AskError::NoMeetingHeld));
    }
}

#[test]
fn moments_in_the_wrong_order_are_refused_and_not_answered_by_no_change() {
    let views = folded();
    let asked = ChangesAsked {
        since: Some(moment("3")),
        until: Some(moment("1")),
        body: None,
    };
    let found = changes_question(now(&views), &asked, TODAY);
    assert_eq!(found, Err(AskError::OutOfOrder));
    let effective = Effective::fold(entries());
    let found = effective_changes_question(&effective, now(&views), &asked, TODAY);
    assert_eq!(
        found,
        Err(AskError::Moment(PointError::PositionOfEffective))
    );
    let asked = ChangesAsked {
        since: Some(moment("June 2024")),
        until: Some(moment("May 2024")),
        body: None,
    };
    let found = effective_changes_question(&effective, now(&views), &asked, TODAY);
    assert_eq!(found, Err(AskError::OutOfOrder));
}

#[test]
fn what_a_question_names_must_be_there() {
    let views = folded();
    let of = |filter| check_filter(now(&views), &filter);
    let body = |body: &str| Filter {
        body: Some(id(body)),
        ..Filter::default()
    };
    assert_eq!(of(body("body/board")), Ok(()));
    assert_eq!(
        of(body("body/bord")),
        Err(AskError::NoBody(id("body/bord")))
    );
    let under = Filter {
        under: Some(id("aim/none")),
        ..Filter::default()
    };
    assert_eq!(of(under), Err(AskError::NoPart(id("aim/none"))));
    let asked = ChangesAsked {
        body: Some(id("body/bord")),
        ..ChangesAsked::default()
    };
    let found = changes_question(now(&views), &asked, TODAY);
    assert_eq!(found, Err(AskError::NoBody(id("body/bord"))));
    assert_eq!(
        check_among(Register::Decisions, &id("decision/d-1")),
        Ok(())
    );
    assert!(check_among(Register::SignOffs, &id("decision/d-1")).is_err());
    assert_eq!(
        nothing(now(&views), &id("decision/d-9")),
        AskError::Nothing {
            subject: id("decision/d-9"),
            some: vec![id("decision/d-1")]
        }
    );
}
