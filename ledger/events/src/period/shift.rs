//! How far a date moved.

use std::fmt;

use jiff::civil::Date;

use super::calendar::short_year_words;
use super::context::days;
use super::{Period, Precision};

/// How far a date moved, from the end of one window to the end of the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// The days between the two ends, whichever is later; 0 where one of them is an open end.
    pub days: i64,
    /// The same in the coarsest unit that says it exactly, at most as coarse as the coarser of the
    /// two dates was written.
    pub whole: Length,
    /// The years in which the two start, where both dates are single financial years.
    pub years: Option<(i16, i16)>,
}

/// A length of time in whole units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// Days.
    Days(i64),
    /// Weeks.
    Weeks(i64),
    /// Months.
    Months(i64),
    /// Quarters.
    Quarters(i64),
    /// Years.
    Years(i64),
    /// The new date is open-ended and the old one was not.
    ToOpenEnd,
    /// The old date was open-ended and the new one is not.
    FromOpenEnd,
}

/// What a length is counted in, the finer first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    fn of(period: &Period) -> Self {
        match period.precision {
            None | Some(Precision::Day) => Self::Day,
            Some(Precision::Week) => Self::Week,
            Some(Precision::Month) => Self::Month,
            Some(Precision::Quarter | Precision::QuarterRange) => Self::Quarter,
            Some(
                Precision::FinancialYear | Precision::FinancialYearRange | Precision::CalendarYear,
            ) => Self::Year,
        }
    }

    /// The distance in this unit, if it is a whole number of them.
    fn whole(self, from: Date, to: Date) -> Option<Length> {
        let days = days(from, to);
        let months = whole_months(from, to);
        let of = |size: i64| {
            months
                .filter(|months| months % size == 0)
                .map(|months| months / size)
        };
        match self {
            Self::Day => Some(Length::Days(days)),
            Self::Week => (days % 7 == 0).then_some(Length::Weeks(days / 7)),
            Self::Month => of(1).map(Length::Months),
            Self::Quarter => of(3).map(Length::Quarters),
            Self::Year => of(12).map(Length::Years),
        }
    }
}

/// The months between two days that stand at the same place in theirs: the same day, or the last.
fn whole_months(from: Date, to: Date) -> Option<i64> {
    let last = |date: Date| date == date.last_of_month();
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let aligned = from.day() == to.day() || (last(from) && last(to));
    aligned.then(|| months(to) - months(from))
}

impl Shift {
    /// How far the end moved from `old` to `new`. Without both windows it is no distance at all.
    ///
    /// The unit is the coarser of the two dates' where that says the distance exactly, or else the
    /// finer, or else months, or else days: from December 2025 to 2026/27 it is 15 months, for
    /// "one year" would leave a quarter of the delay unsaid.
    pub(super) fn between(old: &Period, new: &Period) -> Self {
        let open = match (old.open_ended, new.open_ended) {
            (false, true) => Some(Length::ToOpenEnd),
            (true, false) => Some(Length::FromOpenEnd),
            _ => None,
        };
        let (Some(a), Some(b)) = (old.to, new.to) else {
            return Self {
                days: 0,
                whole: open.unwrap_or(Length::Days(0)),
                years: None,
            };
        };
        if let Some(whole) = open {
            return Self {
                days: 0,
                whole,
                years: None,
            };
        }
        let (earlier, later) = if a <= b { (a, b) } else { (b, a) };
        let (coarser, finer) = (
            Unit::of(old).max(Unit::of(new)),
            Unit::of(old).min(Unit::of(new)),
        );
        let months = if coarser >= Unit::Month {
            Unit::Month
        } else {
            Unit::Day
        };
        let days = days(earlier, later);
        let whole = [coarser, finer, months]
            .into_iter()
            .find_map(|unit| unit.whole(earlier, later))
            .unwrap_or(Length::Days(days));
        let start = |period: &Period| match period.precision {
            Some(Precision::FinancialYear) => period.from.map(|from| from.year()),
            _ => None,
        };
        let years = match (whole, start(old), start(new)) {
            (Length::Years(_), Some(old), Some(new)) => Some((old, new)),
            _ => None,
        };
        Self { days, whole, years }
    }
}

/// The length, and for financial years which they are: "one year (24/25 to 25/26)".
impl fmt::Display for Shift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.whole.fmt(f)?;
        match self.years {
            Some((old, new)) => {
                write!(
                    f,
                    " ({} to {})",
                    short_year_words(old),
                    short_year_words(new)
                )
            }
            None => Ok(()),
        }
    }
}

/// The length in words: "one year", "six months", "17 days".
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match *self {
            Self::Days(count) => (count, "day"),
            Self::Weeks(count) => (count, "week"),
            Self::Months(count) => (count, "month"),
            Self::Quarters(count) => (count, "quarter"),
            Self::Years(count) => (count, "year"),
            Self::ToOpenEnd => return f.write_str("to an open end"),
            Self::FromOpenEnd => return f.write_str("from an open end"),
        };
        // Numbers up to nine are words in board papers, larger ones are digits.
        let words = [
            "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ];
        match usize::try_from(count)
            .ok()
            .and_then(|count| words.get(count))
        {
            Some(word) => f.write_str(word)?,
            None => count.fmt(f)?,
        }
        write!(f, " {unit}{}", if count == 1 { "" } else { "s" })
    }
}
