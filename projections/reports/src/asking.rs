//! What a question needs before it can be answered: the moment that it is asked of, the day that it
//! is about, and that what it names is there. Whoever asks, the same words mean the same.
//!
//! Nothing here knows the clock: today is given.

use jiff::civil::Date;
use minutebook_events::SubjectId;
use minutebook_projections::AsOf;
use minutebook_projections::changes::{Clock, Point, PointError, Question, Since, last_meeting};
use minutebook_projections::effective::{Effective, day_of};

use crate::history::Known;
use crate::moment::Moment;
use crate::registers::{Filter, Register};

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AskError {
    /// The moment cannot be found.
    #[error(transparent)]
    Moment(#[from] PointError),
    /// Where a day is needed, a meeting or a number of entries was given.
    #[error("a day is needed here, and a meeting or a number of entries is none")]
    NotADay,
    /// No such body, or not for this reader.
    #[error("there is no body {0}")]
    NoBody(SubjectId),
    /// No such part of the plan, or not for this reader.
    #[error("the plan has no {0}")]
    NoPart(SubjectId),
    /// Nothing was said to count from, and there is no meeting to count from.
    #[error("no meeting is recorded as held, so there is nothing to count from")]
    NoMeetingHeld,
    /// The moment to count from lies after the one to count to. Between them lies nothing, which must
    /// not pass for no change.
    #[error("the moment to count from lies after the one to count to, so nothing is between them")]
    OutOfOrder,
    /// A register has no things of this kind.
    #[error("{id} is not among the {}", register.name().replace('-', " "))]
    NotAmong {
        /// What was asked for.
        id: SubjectId,
        /// The register that was asked.
        register: Register,
    },
    /// The record has nothing of it that the reader may know.
    #[error("the record has nothing about {subject}")]
    Nothing {
        /// What was asked for.
        subject: SubjectId,
        /// Some things of that kind that the reader may know, since a slip of the pen is the likely
        /// cause. Empty where there is none.
        some: Vec<SubjectId>,
    },
}

/// How many entries were known at a moment; all that are, where none is given. `now` is the record in
/// its own order.
///
/// # Errors
/// Where there is no such meeting, or it has no day.
pub fn known(now: AsOf<'_>, moment: Option<&Moment>) -> Result<u64, AskError> {
    match moment {
        None => Ok(now.ticks()),
        Some(moment) => Ok(Point::recorded_through(now, &moment.through())?.ticks),
    }
}

/// The last day of a date, where a day is needed.
///
/// # Errors
/// [`AskError::NotADay`] for a meeting and for a number of entries.
pub fn last_day(moment: &Moment) -> Result<Date, AskError> {
    let (_, last) = moment.dates().ok_or(AskError::NotADay)?;
    Ok(last)
}

/// The day that a question is about, where it names none: the day on which the record is asked to be
/// true, or that of the moment at which it is asked to be known, or else today. A meeting or a
/// position is looked at on the day of the newest entry that was known.
///
/// `known` is the record as it was known, in its own order.
pub fn day(
    known: AsOf<'_>,
    known_at: Option<&Moment>,
    effective_at: Option<Date>,
    today: Date,
) -> Date {
    let newest = known.ticks().checked_sub(1);
    match (effective_at, known_at) {
        (Some(day), _) => day,
        (None, None) => today,
        (None, Some(Moment::Dates(_, to))) => (*to).min(today),
        (None, Some(Moment::Meeting(_) | Moment::Position(_))) => {
            match newest.and_then(|newest| known.views.entries.get(newest)) {
                Some(entry) => day_of(entry.recorded_at).unwrap_or_default(),
                None => today,
            }
        }
    }
}

/// Refuses a body that is not there, or not for this reader.
///
/// # Errors
/// [`AskError::NoBody`].
pub fn check_body(as_of: AsOf<'_>, body: &SubjectId) -> Result<(), AskError> {
    match as_of.get(&as_of.views.bodies, body) {
        Some(_) => Ok(()),
        None => Err(AskError::NoBody(body.clone())),
    }
}

/// Refuses a part that the plan does not have, or not for this reader.
///
/// # Errors
/// [`AskError::NoPart`].
pub fn check_part(as_of: AsOf<'_>, part: &SubjectId) -> Result<(), AskError> {
    match as_of.get(&as_of.views.plan.nodes, part) {
        Some(_) => Ok(()),
        None => Err(AskError::NoPart(part.clone())),
    }
}

/// Refuses a filter that names what is not there.
///
/// # Errors
/// [`AskError::NoBody`] and [`AskError::NoPart`].
pub fn check_filter(as_of: AsOf<'_>, filter: &Filter) -> Result<(), AskError> {
    if let Some(body) = &filter.body {
        check_body(as_of, body)?;
    }
    match &filter.under {
        Some(under) => check_part(as_of, under),
        None => Ok(()),
    }
}

/// Refuses a thing of a kind that a register has not.
///
/// # Errors
/// [`AskError::NotAmong`]; [`Register::of`] says which register has it.
pub fn check_among(register: Register, id: &SubjectId) -> Result<(), AskError> {
    match register.kinds().contains(&id.kind()) {
        true => Ok(()),
        false => Err(AskError::NotAmong {
            id: id.clone(),
            register,
        }),
    }
}

/// That the record has nothing about something that this reader may know, with some of that kind
/// which it has.
pub fn nothing(as_of: AsOf<'_>, subject: &SubjectId) -> AskError {
    AskError::Nothing {
        some: Known::new(as_of).some(subject.kind()),
        subject: subject.clone(),
    }
}

/// What changed, as it is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangesAsked {
    /// From when; the last meeting held, where it is left out.
    pub since: Option<Moment>,
    /// Until when; today, where it is left out.
    pub until: Option<Moment>,
    /// The body whose changes are asked for, with the bodies below it; the whole ledger, where it is
    /// left out.
    pub body: Option<SubjectId>,
}

/// What changed, as it is answered: nothing is left out any more, so that it can be asked again.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesQuestion {
    /// The moment that is counted from.
    pub since: Since,
    /// The moment that is counted to.
    pub until: Since,
    /// The question.
    pub question: Question,
}

/// What became known between two moments, for the reader of `as_of`: the record as it was known, in
/// its own order.
///
/// # Errors
/// Where the body or a moment is not there, or the moments are in the wrong order.
pub fn changes_question(
    as_of: AsOf<'_>,
    asked: &ChangesAsked,
    today: Date,
) -> Result<ChangesQuestion, AskError> {
    let (since, until) = between(as_of, asked, today)?;
    let points = (
        Point::recorded(as_of, &since)?,
        Point::recorded_through(as_of, &until)?,
    );
    question(as_of, asked, Clock::Recorded, (since, until), points)
}

/// What became true between two days, for the reader of `as_of`: the record as it was known, in its
/// own order. `effective` is the same entries in the order in which they were true.
///
/// # Errors
/// Where the body or a moment is not there, a moment is a position, or the moments are in the wrong
/// order.
pub fn effective_changes_question(
    effective: &Effective,
    as_of: AsOf<'_>,
    asked: &ChangesAsked,
    today: Date,
) -> Result<ChangesQuestion, AskError> {
    let (since, until) = between(as_of, asked, today)?;
    let points = (
        Point::from_day(effective, as_of, &since)?,
        Point::through_day(effective, as_of, &until)?,
    );
    question(as_of, asked, Clock::Effective, (since, until), points)
}

/// The two moments, with what was left out.
fn between(as_of: AsOf<'_>, asked: &ChangesAsked, today: Date) -> Result<(Since, Since), AskError> {
    if let Some(body) = &asked.body {
        check_body(as_of, body)?;
    }
    let since = match &asked.since {
        Some(since) => since.from(),
        None => Since::Meeting(last(as_of, asked)?.clone()),
    };
    let until = asked.until.as_ref();
    Ok((since, until.map_or(Since::Day(today), Moment::through)))
}

/// The last meeting held, or the last before the day that is counted to.
fn last<'a>(as_of: AsOf<'a>, asked: &ChangesAsked) -> Result<&'a SubjectId, AskError> {
    let before = asked.until.as_ref().and_then(Moment::dates);
    let before = before.map(|(_, last)| last);
    last_meeting(as_of, asked.body.as_ref(), before).ok_or(AskError::NoMeetingHeld)
}

fn question(
    as_of: AsOf<'_>,
    asked: &ChangesAsked,
    by: Clock,
    (since, until): (Since, Since),
    (from, to): (Point, Point),
) -> Result<ChangesQuestion, AskError> {
    let days = from.day.zip(to.day);
    if from.ticks > to.ticks || days.is_some_and(|(from, to)| from > to) {
        return Err(AskError::OutOfOrder);
    }
    Ok(ChangesQuestion {
        since,
        until,
        question: Question {
            body: asked.body.clone(),
            since: from,
            until: to,
            by,
            reader: as_of.reader(),
        },
    })
}
