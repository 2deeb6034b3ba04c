//! Why words or a window are no period.

use jiff::civil::Date;

use super::calendar::{FIRST_YEAR, LAST_YEAR};
use super::{MAX_WORDS, Precision};

/// Why words name no period, or a period contradicts itself.
///
/// Where the words allow two readings the message asks which one was meant, in the forms that
/// [`super::Period::parse`] accepts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// No words at all.
    #[error("no date was written")]
    Empty,
    /// More characters than [`MAX_WORDS`].
    #[error("a date of {length} characters is too long ({MAX_WORDS} at most)")]
    TooLong {
        /// The characters given.
        length: usize,
    },
    /// A line break, tab or other control character, or a space at either end.
    #[error("{words:?} is not one trimmed line of text")]
    NotALine {
        /// The text given.
        words: String,
    },
    /// None of the accepted forms.
    #[error(
        "no date is understood in {words:?}; write for example 14 May 2025, December 2025, \
         Q3 2025/26, Q3/4 2025/26, 2025/26, FY26, 2023-2026 or 2025, with by, before, in or from \
         in front and \"and beyond\" after it where needed"
    )]
    Unknown {
        /// The words given.
        words: String,
    },
    /// Words such as "this year", which name no date unless one knows when they were said.
    #[error("{words:?} depends on when it was said: which date is meant, such as 2025/26 or 2025?")]
    Relative {
        /// The words given.
        words: String,
    },
    /// A day, month or quarter without its year.
    #[error("{words:?} has no year: which one, such as December 2025 or Q3 2025/26?")]
    MissingYear {
        /// The words given.
        words: String,
    },
    /// A quarter with a calendar year after it.
    #[error(
        "{words:?}: a quarter of the calendar year, or of a financial year? Write \
         Q{quarter} {year}/{next:02} for the year from April {year}, or the months"
    )]
    QuarterOfBareYear {
        /// The words given.
        words: String,
        /// The quarter, 1 to 4.
        quarter: i8,
        /// The year after it.
        year: i16,
        /// The two digits of the year that follows.
        next: i16,
    },
    /// A quarter that is not 1 to 4, or quarters that run backwards.
    #[error("{words:?}: quarters are Q1 (from April) to Q4 (to March), the earlier one first")]
    NoSuchQuarter {
        /// The words given.
        words: String,
    },
    /// Two years that are not consecutive, written as one financial year.
    #[error(
        "{words:?} is not one financial year: is {first}/{next:02} meant, or a span of years, \
         such as 2023-2026?"
    )]
    NotConsecutive {
        /// The words given.
        words: String,
        /// The first year as written.
        first: String,
        /// The two digits that would follow it.
        next: i16,
    },
    /// Two digits that may belong to either century.
    #[error("{words:?}: which century? Write the first year in full, such as 1999/00 or 2025/26")]
    NeedsCentury {
        /// The words given.
        words: String,
    },
    /// "financial year 2026", which half the country counts by its start and half by its end.
    #[error("{words:?}: write both years, such as 2025/26 for April 2025 to March 2026")]
    NeedsBothYears {
        /// The words given.
        words: String,
    },
    /// A date in numbers that could be two different days, or has two digits for its year.
    #[error(
        "{words:?}: which day is meant? Write the month as a word and the year in full, \
         such as 10 November 2021"
    )]
    DayOrMonth {
        /// The words given.
        words: String,
    },
    /// A month with two digits, such as "Dec 25".
    #[error("{words:?}: a day or a year? Write 25 December 2025, or December 2025")]
    DayOrYear {
        /// The words given.
        words: String,
    },
    /// Several days, such as "24-25 June".
    #[error("{words:?} is a span of days: write the one day that counts, such as 25 June 2025")]
    SpanOfDays {
        /// The words given.
        words: String,
    },
    /// A day that the calendar does not have.
    #[error("{words:?}: the calendar has no such day")]
    NoSuchDay {
        /// The words given.
        words: String,
    },
    /// A weekday that the date does not fall on.
    #[error("{words:?}: that day is a {weekday}")]
    OtherWeekday {
        /// The words given.
        words: String,
        /// The weekday it falls on.
        weekday: &'static str,
    },
    /// A year outside the range that a record can mean.
    #[error("the year {year} is outside {FIRST_YEAR} to {LAST_YEAR}")]
    YearOutOfRange {
        /// The year.
        year: i16,
    },
    /// A first day without a last one, or the reverse.
    #[error("a window needs both its first day (from) and its last (to)")]
    HalfWindow,
    /// The last day lies before the first.
    #[error("the window runs backwards, from {from} to {to}")]
    Backwards {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// A window whose precision is not given.
    #[error("the window {from} to {to} has no precision, such as financial-year or month")]
    NoPrecision {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// A precision where there is no window.
    #[error("a precision was given ({}) without a window", .precision.name())]
    NoWindow {
        /// The precision.
        precision: Precision,
    },
    /// A window that is not what its precision says.
    #[error("{from} to {to} is not a {}", .precision.name())]
    OtherPrecision {
        /// The precision.
        precision: Precision,
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// Neither words nor how the window was derived.
    #[error("a window alone is no date: give the words (as_written), or how it was derived")]
    NoWords,
    /// Neither words nor a window.
    #[error("how a date was derived was given, but neither its words nor its window")]
    NothingDerived,
    /// A deadline that is never late.
    #[error("a date cannot be both a deadline (by) and open-ended (and beyond, from)")]
    DeadlineAndOpen,
}
