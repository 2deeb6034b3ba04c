//! Days, weeks and months in words and in numbers.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::calendar::Months;
use super::context::{Context, Core, Reading};
use super::words::Token::{self, Month, Number, Sign, Word};
use super::{PeriodError, Precision};

impl Context<'_> {
    pub(super) fn days(&self, tokens: &[Token<'_>]) -> Reading<Core> {
        match *tokens {
            [Word(name), ref rest @ ..] if weekday(name).is_some() => self.on_weekday(name, rest),
            [
                Word("week"),
                Word("commencing" | "beginning" | "starting"),
                ref day @ ..,
            ]
            | [Word("w"), Sign('/'), Word("c"), ref day @ ..]
            | [Word("week"), ref day @ ..]
                if !day.is_empty() =>
            {
                self.week(day)
            }
            [Month(m)] => self.without_year(None, m).map(Some),
            [Month(m), Number(y)] | [Month(m), Sign('/'), Number(y)] => match four_digits(y) {
                Some(y) => self.months(Months::month(y, m), Precision::Month).map(Some),
                None => Err(PeriodError::DayOrYear {
                    words: self.words(),
                }),
            },
            [Number(d), Month(m)] => {
                // A leap day stands in every list of days; which year it needs is asked later.
                let day = self.day("2000", m, d)?;
                self.without_year(Some(day), m).map(Some)
            }
            [Number(d), Month(m), Number(y)] | [Month(m), Number(d), Number(y)] => {
                self.date(y, m, d)
            }
            [
                Number(_),
                Sign('-' | '/' | '&') | Word("to" | "and"),
                Number(_),
                Month(_),
                ..,
            ] => Err(PeriodError::SpanOfDays {
                words: self.words(),
            }),
            [Number(y), Sign('-'), Number(m), Sign('-'), Number(d)] if y.len() == 4 => {
                match m.parse() {
                    Ok(m @ 1..=12) => self.date(y, m, d),
                    _ => Err(PeriodError::NoSuchDay {
                        words: self.words(),
                    }),
                }
            }
            [Number(d), Sign(a), Number(m), Sign(b), Number(y)]
                if a == b
                    && matches!(a, '/' | '-' | '.')
                    && d.len().max(m.len()) <= 2
                    && matches!(y.len(), 2 | 4) =>
            {
                self.in_numbers(d, m, y)
            }
            _ => Ok(None),
        }
    }

    /// A day whose month is a number too: only taken where no other reading is a day.
    fn in_numbers(&self, d: &str, m: &str, y: &str) -> Reading<Core> {
        let number = |digits: &str| digits.parse::<i8>().unwrap_or(0);
        let (first, second) = (number(d), number(m));
        // British order, unless the first number could be a month as well.
        if four_digits(y).is_some() && (1..=12).contains(&second) && (first > 12 || first == second)
        {
            return self.date(y, second, d);
        }
        Err(PeriodError::DayOrMonth {
            words: self.words(),
        })
    }

    fn date(&self, year: &str, month: i8, day: &str) -> Reading<Core> {
        let day = self.day(year, month, day)?;
        let date = four_digits(year)
            .and_then(|year| Date::new(year, month, day).ok())
            .ok_or_else(|| PeriodError::NoSuchDay {
                words: self.words(),
            })?;
        Ok(Some(day_core(date)))
    }

    /// The day of the month, where that year has it.
    fn day(&self, year: &str, month: i8, day: &str) -> Result<i8, PeriodError> {
        let Some(year) = four_digits(year) else {
            return Err(PeriodError::DayOrMonth {
                words: self.words(),
            });
        };
        day.parse()
            .ok()
            .filter(|day| Date::new(year, month, *day).is_ok())
            .ok_or_else(|| PeriodError::NoSuchDay {
                words: self.words(),
            })
    }

    fn on_weekday(&self, name: &str, rest: &[Token<'_>]) -> Reading<Core> {
        let Some(core) = self.days(rest)? else {
            return Ok(None);
        };
        match core.window {
            Some((from, _, Precision::Day)) if weekday(name) == Some(from.weekday()) => {
                Ok(Some(core))
            }
            Some((from, _, Precision::Day)) => Err(PeriodError::OtherWeekday {
                words: self.words(),
                weekday: WEEKDAYS
                    .iter()
                    .find(|(_, day)| *day == from.weekday())
                    .map_or("", |(name, _)| name),
            }),
            _ => Ok(None),
        }
    }

    fn week(&self, day: &[Token<'_>]) -> Reading<Core> {
        let Some(core) = self.days(day)? else {
            return Ok(None);
        };
        let Some((from, _, Precision::Day)) = core.window else {
            return Ok(None);
        };
        let to = from
            .checked_add(6.days())
            .map_err(|_| PeriodError::YearOutOfRange { year: from.year() })?;
        Ok(Some(Core {
            window: Some((from, to, Precision::Week)),
            ..core
        }))
    }
}

fn day_core(date: Date) -> Core {
    Core {
        window: Some((date, date, Precision::Day)),
        ..Core::default()
    }
}

/// A year written in full.
pub(super) fn four_digits(digits: &str) -> Option<i16> {
    (digits.len() == 4).then(|| digits.parse().ok()).flatten()
}

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The weekday of a lower-case name, in full or by its first three letters.
fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS
        .iter()
        .find(|(name, _)| {
            let name = name.to_ascii_lowercase();
            word == name || name.get(..3) == Some(word)
        })
        .map(|(_, weekday)| *weekday)
}
