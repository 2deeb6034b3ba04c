//! The calendar (iCalendar, RFC 5545): meetings, and the days on which open milestones and actions are
//! due.
//!
//! Due dates are events of a whole day and no to-dos: ordinary calendar programs show to-dos that they
//! are subscribed to nowhere. The same record gives the same bytes: the times in it are those at which
//! entries were recorded.

use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus, Property};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use minutebook_events::period::Precision;
use minutebook_events::{Period, SubjectId};
use minutebook_projections::actions::{Action, ActionState};
use minutebook_projections::meetings::Meeting;
use minutebook_projections::milestones::{Milestone, State};
use minutebook_reports::sentence::shortened;

use super::{Feed, clean, clean_line};
use crate::feeds::calendar::clock::span;

mod clock;

/// The time of day of the papers: Greenwich, and British Summer Time from the last Sunday of March to
/// that of October, as POSIX writes it.
const BRITISH_TIME: &str = "GMT0BST,M3.5.0/1,M10.5.0";

/// How many characters of a text stand in a title.
const TITLE: usize = 200;

/// The calendar.
pub fn calendar(feed: &Feed<'_>) -> String {
    let mut calendar = Calendar::empty();
    calendar.append_property(("VERSION", "2.0"));
    calendar.append_property(("PRODID", "-//Minutebook//Calendar//EN"));
    calendar.append_property(("CALSCALE", "GREGORIAN"));
    calendar.append_property(Property::new("X-WR-CALNAME", feed.title("calendar")));
    let views = feed.as_of.views;
    for (id, one) in feed.as_of.all(&views.meetings) {
        if let (true, Some(event)) = (feed.concerns(id), meeting(feed, id, one)) {
            calendar.push(event);
        }
    }
    for (id, one) in feed.as_of.all(&views.milestones) {
        if let (true, Some(event)) = (feed.concerns(id), milestone(feed, id, one)) {
            calendar.push(event);
        }
    }
    for (id, one) in feed.as_of.all(&views.actions) {
        if let (true, Some(event)) = (feed.concerns(id), action(feed, id, one)) {
            calendar.push(event);
        }
    }
    calendar.to_string()
}

/// A meeting on the days that the record gives, at its time where that is stated; none without a date.
fn meeting(feed: &Feed<'_>, id: &SubjectId, meeting: &Meeting) -> Option<Event> {
    let date = meeting.date()?;
    let (first, last) = (date.start()?, date.end()?);
    let called = &meeting.called;
    let is_cancelled = meeting.cancelled.is_some() && meeting.held.is_none();
    let moves = meeting.cancelled.iter().count() + meeting.held.iter().count();
    let mut event = begun(feed, id, "meetings", meeting.title(), moves);
    event.status(match is_cancelled {
        true => EventStatus::Cancelled,
        false => EventStatus::Confirmed,
    });
    // The time of day was said of the day that it was called for.
    let stated = called.time.as_deref();
    let stated = stated.filter(|_| first == last && called.date.as_ref() == Some(date));
    match stated.and_then(span) {
        Some((start, end)) => {
            event.append_property(("DTSTART", at(first.to_datetime(start))?.as_str()));
            if let Some(end) = end {
                event.append_property(("DTEND", at(first.to_datetime(end))?.as_str()));
            }
        }
        None => days(&mut event, first, last),
    }
    if let Some(place) = called.place.as_ref().or(called.link.as_ref()) {
        event.location(&clean_line(place));
    }
    let cancelled = meeting.cancelled.as_ref().filter(|_| is_cancelled);
    let reason = cancelled.and_then(|one| feed.as_of.entry(one.at)?.1.reason.clone());
    let instead = cancelled.and_then(|one| one.replaced_by.as_ref());
    let lines = [
        meeting.body().map(|body| feed.called(body)),
        called.time.as_ref().map(|time| format!("Time: {time}")),
        written(date),
        called.link.as_ref().map(|link| format!("Join: {link}")),
        reason.map(|reason| format!("Cancelled: {reason}")),
        instead.map(|id| format!("Instead: {}", feed.called(id))),
    ];
    Some(ended(event, lines))
}

/// The day on which an open milestone is due: the last one of its window.
fn milestone(feed: &Feed<'_>, id: &SubjectId, milestone: &Milestone) -> Option<Event> {
    let due = milestone.due().filter(|_| milestone.state == State::Open)?;
    let mut event = begun(
        feed,
        id,
        "milestones",
        &format!("Due: {}", milestone.title()),
        milestone.changes.len(),
    );
    due_on(&mut event, due)?;
    let first = milestone.first().filter(|first| *first != due);
    let lines = [
        feed.as_of.body_of(id).map(|body| feed.called(body)),
        written(due),
        first.map(|first| format!("First date: {first}")),
    ];
    Some(ended(event, lines))
}

/// The day on which an open action is due: the last one of its window.
fn action(feed: &Feed<'_>, id: &SubjectId, action: &Action) -> Option<Event> {
    let due = action
        .due()
        .filter(|_| action.state() == ActionState::Open)?;
    let title = format!("Due: {}", action.assigned.text);
    let mut event = begun(feed, id, "actions", &title, action.moved.len());
    due_on(&mut event, due)?;
    let lines = [
        feed.as_of.body_of(id).map(|body| feed.called(body)),
        written(due),
        Some(format!("Owner: {}", action.assigned.owner)),
    ];
    Some(ended(event, lines))
}

/// An event with what all of them have. `moves` is how often its date or its state changed.
fn begun(feed: &Feed<'_>, id: &SubjectId, below: &str, title: &str, moves: usize) -> Event {
    let recorded = feed.as_of.history(id).map(|entry| entry.recorded_at);
    let time = utc(recorded.max().unwrap_or_default()).unwrap_or_default();
    let mut event = Event::new();
    event
        .uid(&format!(
            "{}-{}@{}",
            id.kind().name(),
            id.name(),
            feed.origin
        ))
        .summary(&shortened(&clean_line(title), TITLE))
        .sequence(u32::try_from(moves).unwrap_or(u32::MAX))
        .append_property(("DTSTAMP", time.as_str()))
        .append_property(("LAST-MODIFIED", time.as_str()));
    if !feed.base.is_empty() {
        event.url(&feed.address(&format!("{below}/{}", id.name())));
    }
    event
}

fn ended(mut event: Event, lines: impl IntoIterator<Item = Option<String>>) -> Event {
    let lines: Vec<String> = lines
        .into_iter()
        .flatten()
        .map(|line| shortened(&clean(&line), 1000))
        .collect();
    if !lines.is_empty() {
        event.description(&lines.join("\n"));
    }
    event
}

/// What never becomes late has no day on which it is due.
fn due_on(event: &mut Event, due: &Period) -> Option<()> {
    let last = due.end().filter(|_| !due.open_ended)?;
    days(event, last, last);
    Some(())
}

/// Whole days, during which nobody counts as busy. The end is the day after the last one.
fn days(event: &mut Event, first: Date, last: Date) {
    for (name, day) in [("DTSTART", Some(first)), ("DTEND", last.tomorrow().ok())] {
        let Some(day) = day else {
            continue;
        };
        let mut property = Property::new(name, day.strftime("%Y%m%d").to_string());
        property.add_parameter("VALUE", "DATE");
        event.append_property(property);
    }
    event.append_property(("TRANSP", "TRANSPARENT"));
}

/// The words of a date that is no single day.
fn written(date: &Period) -> Option<String> {
    let is_day = date.precision == Some(Precision::Day) && !date.ambiguous;
    (!is_day).then(|| format!("Date as written: {date}"))
}

/// A British time of day as UTC, so that no program needs to know the time zone.
fn at(time: DateTime) -> Option<String> {
    let zone = TimeZone::posix(BRITISH_TIME).ok()?;
    utc(time.to_zoned(zone).ok()?.timestamp().as_second())
}

fn utc(seconds: i64) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?;
    Some(time.strftime("%Y%m%dT%H%M%SZ").to_string())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_time_of_day_is_british() {
        let noon = |day: Date| at(day.at(12, 0, 0, 0)).unwrap();
        assert_eq!(noon(date(2026, 1, 14)), "20260114T120000Z");
        assert_eq!(noon(date(2026, 5, 14)), "20260514T110000Z");
        assert_eq!(noon(date(2026, 3, 28)), "20260328T120000Z");
        assert_eq!(noon(date(2026, 3, 29)), "20260329T110000Z");
        assert_eq!(noon(date(2026, 10, 25)), "20261025T120000Z");
    }
}
