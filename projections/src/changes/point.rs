//! From where and to where: a meeting, a day, or a position.

use std::fmt;

use jiff::civil::Date;
use minutebook_events::SubjectId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::effective::{Effective, day_of, start_of};
use crate::meetings::Meeting;
use crate::{AsOf, Views};

/// A moment as people name it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Since {
    /// A meeting.
    Meeting(SubjectId),
    /// The beginning of a day, in UTC.
    Day(Date),
    /// After so many entries.
    Position(u64),
}

/// As it is typed again: the meeting's id, the day as `2024-05-01`, the number.
impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Meeting(id) => id.fmt(f),
            Self::Day(day) => day.fmt(f),
            Self::Position(position) => position.fmt(f),
        }
    }
}

/// A moment of a fold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Point {
    /// How many entries of the fold lie before it.
    #[serde(skip)]
    pub ticks: u64,
    /// The same on the recorded clock, where it is a position. On the effective one it is no number
    /// that anyone could look up, and it moves when content is erased, whose day is then unknown.
    pub position: Option<u64>,
    /// The day on which it falls: what was due before is overdue.
    pub day: Option<Date>,
    /// The meeting that was named.
    pub meeting: Option<SubjectId>,
}

/// Why a moment cannot be found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PointError {
    /// No such meeting, or not for this reader.
    #[error("there is no meeting {0}")]
    NoMeeting(SubjectId),
    /// The meeting has no day.
    #[error("{0} has no date, so nothing can be counted from it")]
    Undated(SubjectId),
    /// On the effective clock a position is no moment.
    #[error(
        "a position says when something became known; on the effective clock give a day or a meeting"
    )]
    PositionOfEffective,
}

impl Point {
    /// A moment of the recorded clock by its position.
    pub fn at_position(ticks: u64, day: Option<Date>, meeting: Option<SubjectId>) -> Self {
        Self {
            ticks,
            position: Some(ticks),
            day,
            meeting,
        }
    }

    /// The moment on the recorded clock.
    ///
    /// A meeting is the moment before its record began: the entry that says it was held, or the end of
    /// its day where that entry came later. So what was decided at a meeting counts as changed since
    /// it, and what was minuted late is never lost between two meetings.
    ///
    /// # Errors
    /// Where there is no such meeting, or it has no day.
    pub fn recorded(as_of: AsOf<'_>, since: &Since) -> Result<Self, PointError> {
        let entries = &as_of.views.entries;
        let known = as_of.ticks();
        Ok(match since {
            Since::Position(ticks) => {
                let ticks = (*ticks).min(known);
                let newest = ticks.checked_sub(1).and_then(|last| entries.get(last));
                let day = newest.and_then(|entry| day_of(entry.recorded_at));
                Self::at_position(ticks, day, None)
            }
            Since::Day(day) => {
                let ticks = entries.first_at(start_of(*day)).min(known);
                Self::at_position(ticks, Some(*day), None)
            }
            Since::Meeting(id) => {
                let (meeting, day) = meeting_day(as_of, id)?;
                let day_over = day.tomorrow().map_or(i64::MAX, start_of);
                let end_of_day = entries.first_at(day_over);
                let held = meeting.held.as_ref().map_or(u64::MAX, |held| held.at.tick);
                let ticks = end_of_day.min(held).min(known);
                Self::at_position(ticks, Some(day), Some(id.clone()))
            }
        })
    }

    /// The moment on the recorded clock up to which to count: as [`Point::recorded`], but the end of a
    /// day.
    ///
    /// # Errors
    /// As [`Point::recorded`].
    pub fn recorded_through(as_of: AsOf<'_>, until: &Since) -> Result<Self, PointError> {
        let Since::Day(day) = until else {
            return Self::recorded(as_of, until);
        };
        let over = day.tomorrow().map_or(i64::MAX, start_of);
        let ticks = as_of.views.entries.first_at(over).min(as_of.ticks());
        Ok(Self::at_position(ticks, Some(*day), None))
    }

    /// The newest moment on the recorded clock, on a day that the caller names.
    pub fn newest(as_of: AsOf<'_>, today: Date) -> Self {
        Self::at_position(as_of.ticks(), Some(today), None)
    }

    /// The moment on the effective clock from which to count: the beginning of the day. `as_of` is
    /// the record in its own order, to find the meeting in.
    ///
    /// # Errors
    /// Where there is no such meeting, it has no day, or a position was named.
    pub fn from_day(
        effective: &Effective,
        as_of: AsOf<'_>,
        since: &Since,
    ) -> Result<Self, PointError> {
        let (day, meeting) = effective_day(as_of, since)?;
        Ok(Self {
            ticks: effective.before(day),
            position: None,
            day: Some(day),
            meeting,
        })
    }

    /// The moment on the effective clock up to which to count: the end of a day, but the beginning
    /// of a meeting's day, so that what a meeting decides is counted once.
    ///
    /// # Errors
    /// As [`Point::from_day`].
    pub fn through_day(
        effective: &Effective,
        as_of: AsOf<'_>,
        until: &Since,
    ) -> Result<Self, PointError> {
        let (day, meeting) = effective_day(as_of, until)?;
        Ok(Self {
            ticks: match meeting {
                Some(_) => effective.before(day),
                None => effective.through(day),
            },
            position: None,
            day: Some(day),
            meeting,
        })
    }
}

/// The newest meeting of a body that was held, or the newest of any body where none is named: by its
/// day, then by its place in the record. Where a day is given, before that day.
pub fn last_meeting<'a>(
    as_of: AsOf<'a>,
    body: Option<&SubjectId>,
    before: Option<Date>,
) -> Option<&'a SubjectId> {
    let views: &'a Views = as_of.views;
    let meetings: Box<dyn Iterator<Item = _>> = match body {
        None => Box::new(as_of.all(&views.meetings)),
        Some(body) => {
            let ids = views.naming.of(body);
            let known = ids.filter_map(move |id| Some((id, as_of.get(&views.meetings, id)?)));
            Box::new(known.filter(move |(_, meeting)| meeting.body() == Some(body)))
        }
    };
    meetings
        .filter(|(_, meeting)| meeting.held.is_some())
        .filter_map(|(id, meeting)| {
            let day = meeting.date()?.end()?;
            (before.is_none_or(|before| day < before)).then_some((day, meeting.called.at, id))
        })
        .max_by_key(|(day, at, _)| (*day, *at))
        .map(|(_, _, id)| id)
}

fn effective_day(as_of: AsOf<'_>, since: &Since) -> Result<(Date, Option<SubjectId>), PointError> {
    match since {
        Since::Day(day) => Ok((*day, None)),
        Since::Meeting(id) => Ok((meeting_day(as_of, id)?.1, Some(id.clone()))),
        Since::Position(_) => Err(PointError::PositionOfEffective),
    }
}

fn meeting_day<'a>(as_of: AsOf<'a>, id: &SubjectId) -> Result<(&'a Meeting, Date), PointError> {
    let meeting = as_of
        .get(&as_of.views.meetings, id)
        .ok_or_else(|| PointError::NoMeeting(id.clone()))?;
    match meeting.date().and_then(|date| date.end()) {
        Some(day) => Ok((meeting, day)),
        None => Err(PointError::Undated(id.clone())),
    }
}
