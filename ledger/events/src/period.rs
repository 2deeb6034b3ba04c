//! Dates as UK public bodies write them.
//!
//! A board paper says "25/26", "by Q4 2023/24" or "December 2025", and means a window of days. A
//! [`Period`] keeps the words next to the window, so that nobody ever reads a precision into a date
//! that its writer did not give: what was written as "25/26" is never shown as "31 March 2026"
//! alone. [`Period::parse`] reads the words, [`Period::reading`] says them back, [`compare`] names
//! what happened when a date was changed.
//!
//! The year starts on 1 April. Q1 is April to June, Q4 is January to March, FY26 is 2025/26.

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod calendar;
mod check;
mod compare;
mod context;
mod days;
mod error;
mod parse;
mod reading;
mod shift;
mod wire;
mod words;
mod years;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod seeds;

pub use compare::{Change, compare};
pub use error::PeriodError;
pub use shift::{Length, Shift};

/// The most characters that the words of a date, or a remark on how it was derived, may have.
pub const MAX_WORDS: usize = 200;

/// How exact a date was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// One day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A quarter of a financial year.
    Quarter,
    /// Two or more quarters of a financial year.
    QuarterRange,
    /// A financial year, 1 April to 31 March.
    FinancialYear,
    /// Several financial years.
    FinancialYearRange,
    /// A calendar year.
    CalendarYear,
}

impl Precision {
    /// The name that it has in a record, such as `financial-year`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::QuarterRange => "quarter-range",
            Self::FinancialYear => "financial-year",
            Self::FinancialYearRange => "financial-year-range",
            Self::CalendarYear => "calendar-year",
        }
    }
}

/// A window of time, with the words it was written in.
///
/// In a record it is a map of these fields. Where people write (JSON, YAML), the words alone are
/// accepted instead of the map and read by [`Period::parse`]; what is signed is always the map.
/// Reading a map runs [`Period::check`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(transform = wire::or_words)]
pub struct Period {
    /// The exact words; absent where the window was derived and written nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_written: Option<String>,
    /// The first day; absent, with `to`, where the words name no window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub to: Option<Date>,
    /// How exact it was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub precision: Option<Precision>,
    /// A "by" date, which counts only its end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deadline: bool,
    /// "and beyond": never late.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub open_ended: bool,
    /// The words allow another reading.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ambiguous: bool,
    /// The year was not written and was taken from the document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub year_inferred: bool,
    /// What relative words such as "this year" relate to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative_to: Option<String>,
    /// How the window was derived, where it was written nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<String>,
}

impl Period {
    /// One exact day, written as `14 May 2025`.
    pub fn day(date: Date) -> Self {
        Self {
            as_written: Some(calendar::day_words(date)),
            from: Some(date),
            to: Some(date),
            precision: Some(Precision::Day),
            deadline: false,
            open_ended: false,
            ambiguous: false,
            year_inferred: false,
            relative_to: None,
            derived: None,
        }
    }

    /// The first day of the window, where there is one.
    pub fn start(&self) -> Option<Date> {
        self.from
    }

    /// The last day of the window, where there is one. For an open-ended period it is the last day
    /// of what was named, not a day on which anything becomes late.
    pub fn end(&self) -> Option<Date> {
        self.to
    }
}

/// The words as written. Where a window was derived and written nowhere, the window in the words
/// that [`Period::parse`] reads back to it.
impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.as_written {
            Some(words) => f.write_str(words),
            None => f.write_str(&self.canonical()),
        }
    }
}
