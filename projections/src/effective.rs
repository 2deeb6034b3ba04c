//! The record in the order in which things were true in the world.
//!
//! The same fold over the same entries, in another order: by the day on which each had taken effect,
//! then by position. So every view also answers "what was true on that day, as we know now".
//!
//! The day of an entry is the last day of its `effective` window: by then it was so, whatever the
//! words leave open ("2024/25" is true of 31 March 2025). An entry without one took effect on the day
//! of the meeting that it was made in; one recorded here, on the day of recording. What an imported
//! document leaves undated gets no day: it is folded before all days, so that what is dated can build
//! on it, and reports list it apart.

use std::collections::HashMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use minutebook_events::{
    Confidentiality, Content, Event, EventType, Judge, Payload, Recorded, SubjectId,
};

use crate::touch::{Touch, touch};
use crate::{AsOf, Views};

/// The record in the order in which things were true.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// The views, whose ticks count entries in this order.
    pub views: Views,
    /// The day of each tick; absent for what has none, which comes first.
    days: Vec<Option<Date>>,
}

/// The day, in UTC, of a time in seconds since 1970; none beyond the calendar.
pub fn day_of(seconds: i64) -> Option<Date> {
    let time = Timestamp::from_second(seconds).ok()?;
    Some(time.to_zoned(TimeZone::UTC).date())
}

/// The first second of a day in UTC, since 1970; beyond the calendar, the last there is.
pub fn start_of(day: Date) -> i64 {
    let start = day.to_zoned(TimeZone::UTC);
    start.map_or(i64::MAX, |start| start.timestamp().as_second())
}

impl Effective {
    /// Folds what is known in the order in which it was true. Costs a whole fold.
    pub fn fold(known: Vec<Recorded<Content>>) -> Self {
        let days = days(&known);
        let mut order: Vec<usize> = (0..known.len()).collect();
        order.sort_by_key(|index| (days[*index], known[*index].position));
        let mut effective = Self::default();
        for index in order {
            effective.views.apply(&known[index]);
            effective.days.push(days[index]);
        }
        effective
    }

    /// How many entries have no day. They come first.
    pub fn undated(&self) -> u64 {
        self.days.partition_point(Option::is_none) as u64
    }

    /// How many entries were true before a day began.
    pub fn before(&self, day: Date) -> u64 {
        self.days
            .partition_point(|one| one.is_none_or(|one| one < day)) as u64
    }

    /// How many entries were true when a day ended.
    pub fn through(&self, day: Date) -> u64 {
        self.days
            .partition_point(|one| one.is_none_or(|one| one <= day)) as u64
    }

    /// The record as it was true when a day ended, to a reader.
    pub fn on(&self, day: Date, reader: Confidentiality) -> AsOf<'_> {
        self.views.as_of(self.through(day), reader)
    }
}

fn days(known: &[Recorded<Content>]) -> Vec<Option<Date>> {
    let events = || {
        known
            .iter()
            .enumerate()
            .filter_map(|(index, entry)| match &entry.body {
                Content::Event(event) => Some((index, &**event)),
                Content::Withheld | Content::Erased => None,
            })
    };
    let meetings = meeting_days(events().map(|(_, event)| event));
    let mut days = vec![None; known.len()];
    for (index, event) in events() {
        days[index] = day(event, known[index].recorded_at, &meetings);
    }
    // What begins a thing took effect no later than the first that happened to it: a milestone that
    // slipped in January was there in January. Only what every reader of the beginning may read
    // counts, or the beginning would move for those who may not know why.
    let mut beginnings: HashMap<&SubjectId, (usize, Confidentiality)> = HashMap::new();
    for (index, event) in events() {
        let common = &event.common;
        match beginnings.get(&common.subject) {
            None => {
                if matches!(
                    touch(event.event_type(), common.subject.kind()),
                    Touch::Creates | Touch::Opens
                ) {
                    beginnings.insert(&common.subject, (index, common.confidentiality));
                }
            }
            Some((begun, level)) if common.confidentiality <= *level => {
                if let (Some(first), Some(this)) = (days[*begun], days[index]) {
                    days[*begun] = Some(first.min(this));
                }
            }
            Some(_) => {}
        }
    }
    days
}

fn day(
    event: &Event,
    recorded_at: i64,
    meetings: &HashMap<SubjectId, Option<Date>>,
) -> Option<Date> {
    let common = &event.common;
    if event.event_type() == EventType::LedgerOpened {
        // What the ledger opens with holds from the start.
        return None;
    }
    if let Some(effective) = &common.effective {
        return effective.end();
    }
    let meeting = common
        .meeting
        .as_ref()
        .and_then(|meeting| *meetings.get(meeting)?);
    meeting.or_else(|| day_of(recorded_at).filter(|_| !common.imported))
}

/// The day of each meeting: when it was held, or else for when it was called.
fn meeting_days<'a>(events: impl Iterator<Item = &'a Event>) -> HashMap<SubjectId, Option<Date>> {
    let mut days = HashMap::new();
    for event in events {
        let (subject, effective) = (&event.common.subject, &event.common.effective);
        match &event.payload {
            Payload::MeetingCalled(called) => {
                let date = called.date.as_ref().or(effective.as_ref());
                days.insert(subject.clone(), date.and_then(|date| date.end()));
            }
            Payload::MeetingHeld(_) => {
                if let Some(day) = effective.as_ref().and_then(|date| date.end()) {
                    days.insert(subject.clone(), Some(day));
                }
            }
            _ => {}
        }
    }
    days
}
