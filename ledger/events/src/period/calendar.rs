//! Months, quarters and years as windows of days.
//!
//! Every window coarser than a week is a run of whole months, so one run type and its arithmetic
//! serve the parser, the checks and the comparison alike.

use jiff::civil::Date;

use super::Precision;

/// The first year a period may touch; earlier ones are slips of the keyboard.
pub(super) const FIRST_YEAR: i16 = 1800;
/// The last year a period may touch.
pub(super) const LAST_YEAR: i16 = 2199;

/// The months' names; their first three letters, and `sept`, are accepted as well.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The number of a month, 1 to 12, from its name in lower case.
pub(super) fn month_number(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|name| {
        let name = name.to_ascii_lowercase();
        word == name || name.get(..3) == Some(word) || (word == "sept" && name == "september")
    })?;
    i8::try_from(at + 1).ok()
}

/// A date in words, such as `14 May 2025`.
pub(super) fn day_words(date: Date) -> String {
    format!(
        "{} {} {}",
        date.day(),
        month_name(date.month()),
        date.year()
    )
}

pub(super) fn month_name(month: i8) -> &'static str {
    usize::try_from(month - 1)
        .ok()
        .and_then(|at| MONTHS.get(at))
        .copied()
        .unwrap_or("")
}

/// A financial year's name from the year it starts in, such as `2025/26`.
pub(super) fn year_words(start: i16) -> String {
    format!("{start}/{:02}", (start + 1).rem_euclid(100))
}

/// The same in two digits, such as `25/26`.
pub(super) fn short_year_words(start: i16) -> String {
    format!(
        "{:02}/{:02}",
        start.rem_euclid(100),
        (start + 1).rem_euclid(100)
    )
}

/// A run of whole months. `first` counts months from January of the year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Months {
    pub first: i32,
    pub count: i32,
}

impl Months {
    pub(super) fn month(year: i16, month: i8) -> Self {
        Self {
            first: i32::from(year) * 12 + i32::from(month) - 1,
            count: 1,
        }
    }

    pub(super) fn calendar_year(year: i16) -> Self {
        Self {
            first: i32::from(year) * 12,
            count: 12,
        }
    }

    /// `count` financial years, the first starting on 1 April of `start`.
    pub(super) fn financial_years(start: i16, count: i16) -> Self {
        Self {
            first: i32::from(start) * 12 + 3,
            count: i32::from(count) * 12,
        }
    }

    /// Quarters `from` to `to`, 1 to 4, of the financial year starting in `start`.
    pub(super) fn quarters(start: i16, from: i8, to: i8) -> Self {
        let first = i32::from(start) * 12 + 3 + (i32::from(from) - 1) * 3;
        Self {
            first,
            count: (i32::from(to) - i32::from(from) + 1) * 3,
        }
    }

    /// From the first month of `self` to the last of `other`.
    pub(super) fn through(self, other: Self) -> Self {
        Self {
            first: self.first,
            count: other.first + other.count - self.first,
        }
    }

    /// The run just before, of the size that one unit of `precision` has.
    pub(super) fn preceding(self, precision: Precision) -> Self {
        let count = match precision {
            Precision::Day | Precision::Week | Precision::Month => 1,
            Precision::Quarter | Precision::QuarterRange => 3,
            Precision::FinancialYear | Precision::FinancialYearRange | Precision::CalendarYear => {
                12
            }
        };
        Self {
            first: self.first - count,
            count,
        }
    }

    /// The run that a window is, if it is one.
    pub(super) fn of(from: Date, to: Date) -> Option<Self> {
        let whole = from.day() == 1 && to == to.last_of_month() && from <= to;
        let start = Self::month(from.year(), from.month());
        whole.then(|| start.through(Self::month(to.year(), to.month())))
    }

    /// The first and the last day; `None` outside the years of the calendar or for an empty run.
    pub(super) fn window(self) -> Option<(Date, Date)> {
        let day = |months: i32| {
            let year = i16::try_from(months.div_euclid(12)).ok()?;
            let month = i8::try_from(months.rem_euclid(12) + 1).ok()?;
            Date::new(year, month, 1).ok()
        };
        let to = day(self.first + self.count - 1)?.last_of_month();
        (self.count > 0).then_some((day(self.first)?, to))
    }

    /// Whether the run is one (or, for ranges, several) of what `precision` names.
    pub(super) fn fits(self, precision: Precision) -> bool {
        let april = self.first.rem_euclid(12) == 3;
        let quarter = self.first.rem_euclid(3) == 0 && self.count % 3 == 0;
        match precision {
            Precision::Day | Precision::Week => false,
            Precision::Month => self.count == 1,
            Precision::Quarter => quarter && self.count == 3,
            Precision::QuarterRange => quarter && self.count >= 6,
            Precision::FinancialYear => april && self.count == 12,
            Precision::FinancialYearRange => april && self.count >= 24 && self.count % 12 == 0,
            Precision::CalendarYear => self.first.rem_euclid(12) == 0 && self.count == 12,
        }
    }

    /// The quarter, 1 to 4, and the financial year's start of the run's first and last quarter.
    pub(super) fn quarter_ends(self) -> [(i32, i16); 2] {
        [self.first, self.first + self.count - 3].map(|month| {
            let since_april = month - 3;
            let year = i16::try_from(since_april.div_euclid(12)).unwrap_or(i16::MAX);
            (since_april.rem_euclid(12) / 3 + 1, year)
        })
    }
}
