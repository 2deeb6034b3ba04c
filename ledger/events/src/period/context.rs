//! Reading the window itself, and what a document's date supplies where the words leave it out.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::calendar::Months;
use super::words::Token::{self, Word};
use super::{Period, PeriodError, Precision};

/// What the words are read against.
pub(super) struct Context<'a> {
    /// All the words, for messages.
    pub words: &'a str,
    /// The date of the document that the words stand in.
    pub document: Option<&'a Period>,
    /// Whether the words around say that the date lies ahead.
    pub ahead: bool,
}

/// A window, and what had to be assumed to find it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Core {
    pub window: Option<(Date, Date, Precision)>,
    pub ambiguous: bool,
    pub year_inferred: bool,
    pub relative_to: Option<String>,
}

/// `None` where the tokens are not of the form that a reader knows.
pub(super) type Reading<T> = Result<Option<T>, PeriodError>;

impl Context<'_> {
    /// Reads the tokens left between the words in front and those behind.
    pub(super) fn core(&self, tokens: &[Token<'_>]) -> Reading<Core> {
        for reader in [Self::days, Self::quarters, Self::years, Self::relative] {
            if let Some(core) = reader(self, tokens)? {
                return Ok(Some(core));
            }
        }
        Ok(None)
    }

    /// All the words, owned for a message.
    pub(super) fn words(&self) -> String {
        self.words.into()
    }

    /// The core that a run of months is.
    pub(super) fn months(&self, months: Months, precision: Precision) -> Result<Core, PeriodError> {
        let year = i16::try_from(months.first.div_euclid(12)).unwrap_or(i16::MAX);
        let (from, to) = months
            .window()
            .ok_or(PeriodError::YearOutOfRange { year })?;
        Ok(Core {
            window: Some((from, to, precision)),
            ..Core::default()
        })
    }

    /// A week, a month, a year or a day counted from the document's.
    fn relative(&self, tokens: &[Token<'_>]) -> Reading<Core> {
        let (step, unit) = match *tokens {
            [Word("today")] => (0, "day"),
            [Word("yesterday")] => (-1, "day"),
            [Word("tomorrow")] => (1, "day"),
            [Word("this"), Word(unit)] => (0, unit),
            [Word("last"), Word(unit)] => (-1, unit),
            [Word("next"), Word(unit)] => (1, unit),
            [Word("year")] => (0, "year"),
            [Word("month")] => (0, "month"),
            _ => return Ok(None),
        };
        if !matches!(unit, "day" | "week" | "month" | "quarter" | "year") {
            return Ok(None);
        }
        let Some(document) = self.document else {
            return Err(PeriodError::Relative {
                words: self.words(),
            });
        };
        let day = (document.precision == Some(Precision::Day))
            .then_some(document.from)
            .flatten();
        let relative_to = match day {
            Some(day) => day.to_string(),
            None => document.to_string(),
        };
        let window = day.and_then(|day| counted_from(day, step, unit));
        let year_inferred = window.is_some();
        Ok(Some(Core {
            window,
            year_inferred,
            relative_to: Some(relative_to),
            ambiguous: false,
        }))
    }

    /// A month, or a day of it, in the year that the document's date suggests.
    pub(super) fn without_year(&self, day: Option<i8>, month: i8) -> Result<Core, PeriodError> {
        let missing = || PeriodError::MissingYear {
            words: self.words(),
        };
        let (Some(from), Some(to)) = self.document.map_or((None, None), |d| (d.from, d.to)) else {
            return Err(missing());
        };
        // In a window of up to a year every month stands once; in a longer one nobody can tell.
        let in_a_year = from.checked_add(1.year()).is_ok_and(|end| to < end);
        if !in_a_year {
            return Err(missing());
        }
        let in_year = |year: i16| match day {
            Some(day) => Date::new(year, month, day)
                .ok()
                .map(|day| (day, day, Precision::Day)),
            None => Months::month(year, month)
                .window()
                .map(|(a, b)| (a, b, Precision::Month)),
        };
        let mut years = [from.year(), from.year().saturating_add(1)].into_iter();
        let next = years
            .find_map(|year| in_year(year).filter(|(_, last, _)| *last >= from))
            .ok_or_else(|| PeriodError::NoSuchDay {
                words: self.words(),
            })?;
        let nearer_before = in_year(next.0.year().saturating_sub(1))
            .is_some_and(|(_, last, _)| days(last, from) < days(to, next.0));
        let ambiguous = !self.ahead && next.0 > to && nearer_before;
        Ok(Core {
            window: Some(next),
            year_inferred: true,
            relative_to: None,
            ambiguous,
        })
    }
}

/// The days from one date to a later one; below zero the other way.
pub(super) fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The unit `step` units after the one that holds `day`. A year is left out: nothing says whether
/// it is a calendar or a financial one.
fn counted_from(day: Date, step: i32, unit: &str) -> Option<(Date, Date, Precision)> {
    let month = Months::month(day.year(), day.month());
    let run = |months: Months, precision| months.window().map(|(a, b)| (a, b, precision));
    match unit {
        "day" => {
            let day = day.checked_add(Span::new().days(step)).ok()?;
            Some((day, day, Precision::Day))
        }
        "week" => {
            let since_monday = i32::from(day.weekday().to_monday_zero_offset());
            let from = day
                .checked_add(Span::new().days(step * 7 - since_monday))
                .ok()?;
            Some((from, from.checked_add(6.days()).ok()?, Precision::Week))
        }
        "month" => run(
            Months {
                first: month.first + step,
                count: 1,
            },
            Precision::Month,
        ),
        "quarter" => {
            let first = month.first - month.first.rem_euclid(3) + step * 3;
            run(Months { first, count: 3 }, Precision::Quarter)
        }
        _ => None,
    }
}
