//! A moment as people write it.

use std::str::FromStr;

use jiff::civil::Date;
use minutebook_events::id::IdError;
use minutebook_events::period::PeriodError;
use minutebook_events::{Period, SubjectId};
use minutebook_projections::changes::Since;

/// A moment as people write it: a meeting, a position, or a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Moment {
    /// A meeting, as `meeting/board-2025-05`.
    Meeting(SubjectId),
    /// After so many entries.
    Position(u64),
    /// A day, a month or a year: its first day and its last.
    Dates(Date, Date),
}

/// Why some words name no moment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// It begins as a meeting's id and is none.
    #[error(transparent)]
    Meeting(#[from] IdError),
    /// Neither a number nor a date.
    #[error("{0}; give a meeting, a number of entries, or a date such as 1 May 2024")]
    Date(#[from] PeriodError),
    /// A date without a day, such as `ongoing`.
    #[error("\"{0}\" names no day; give one such as 1 May 2024")]
    NoDay(String),
}

impl FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Self, MomentError> {
        if text.contains('/') && text.starts_with("meeting") {
            return Ok(Self::Meeting(text.parse()?));
        }
        if let Ok(position) = text.parse() {
            return Ok(Self::Position(position));
        }
        if let Ok(day) = text.parse::<Date>() {
            return Ok(Self::Dates(day, day));
        }
        let period = Period::parse(text)?;
        match (period.start(), period.end()) {
            (Some(from), Some(to)) => Ok(Self::Dates(from, to)),
            _ => Err(MomentError::NoDay(text.to_owned())),
        }
    }
}

impl Moment {
    /// Counted from its beginning.
    pub fn from(&self) -> Since {
        match self {
            Self::Meeting(id) => Since::Meeting(id.clone()),
            Self::Position(ticks) => Since::Position(*ticks),
            Self::Dates(from, _) => Since::Day(*from),
        }
    }

    /// Counted to its end.
    pub fn through(&self) -> Since {
        match self {
            Self::Dates(_, to) => Since::Day(*to),
            other => other.from(),
        }
    }

    /// Its first day and its last; `None` where it is no date.
    pub fn dates(&self) -> Option<(Date, Date)> {
        match self {
            Self::Dates(from, to) => Some((*from, *to)),
            Self::Meeting(_) | Self::Position(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_moment_is_a_meeting_a_position_or_a_date() {
        let parse = |text: &str| text.parse::<Moment>().unwrap();
        let meeting = "meeting/board-2025-05";
        assert_eq!(parse(meeting), Moment::Meeting(meeting.parse().unwrap()));
        assert_eq!(parse("2024"), Moment::Position(2024));
        let day = date(2024, 5, 1);
        assert_eq!(parse("2024-05-01"), Moment::Dates(day, day));
        assert_eq!(parse("1 May 2024"), Moment::Dates(day, day));
        let month = parse("May 2024");
        assert_eq!(month.dates(), Some((day, date(2024, 5, 31))));
        assert_eq!(month.from(), Since::Day(day));
        assert_eq!(month.through(), Since::Day(date(2024, 5, 31)));
    }

    #[test]
    fn what_is_no_moment_is_refused_with_its_sort() {
        let error = |text: &str| text.parse::<Moment>().unwrap_err();
        assert!(matches!(error("meeting/"), MomentError::Meeting(_)));
        assert!(matches!(error(""), MomentError::Date(_)));
        assert!(matches!(error("ongoing"), MomentError::Date(_)));
    }
}
