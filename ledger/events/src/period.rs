//! Dates as UK public bodies write them.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// A window of time, with the words it was written in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
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
