//! Financial and calendar years, spans of them, and quarters.

use super::calendar::Months;
use super::context::{Context, Core, Reading};
use super::days::four_digits;
use super::words::Token::{self, Number, Sign, Word};
use super::{PeriodError, Precision};

/// Two digits from here on may well be the last century: `99/00` is refused, `25/26` is not.
/// The split is the usual one for two-digit years (POSIX `strptime`, `%y`).
const OLD_CENTURY: i16 = 69;

/// Financial years as written: how many from the one starting on 1 April of `start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Years {
    start: i16,
    count: i16,
    ambiguous: bool,
}

impl Context<'_> {
    pub(super) fn years(&self, tokens: &[Token<'_>]) -> Reading<Core> {
        if let [Number(year)] = tokens
            && let Some(year) = four_digits(year)
        {
            return self
                .months(Months::calendar_year(year), Precision::CalendarYear)
                .map(Some);
        }
        let Some(years) = self.span(tokens)? else {
            return Ok(None);
        };
        let precision = match years.count {
            1 => Precision::FinancialYear,
            _ => Precision::FinancialYearRange,
        };
        let core = self.months(Months::financial_years(years.start, years.count), precision)?;
        Ok(Some(Core {
            ambiguous: years.ambiguous,
            ..core
        }))
    }

    /// One financial year, or `2023/24 to 2025/26`.
    fn span(&self, tokens: &[Token<'_>]) -> Reading<Years> {
        let (first, last) = match *tokens {
            [a, s, b, Sign('-') | Word("to"), c, t, d] => ([a, s, b], [c, t, d]),
            _ => return self.financial_year(tokens),
        };
        let (Some(first), Some(last)) = (self.financial_year(&first)?, self.financial_year(&last)?)
        else {
            return Ok(None);
        };
        if (first.count, last.count) != (1, 1) || last.start <= first.start {
            return Ok(None);
        }
        let count = last.start - first.start + 1;
        Ok(Some(Years {
            start: first.start,
            count,
            ambiguous: false,
        }))
    }

    fn financial_year(&self, tokens: &[Token<'_>]) -> Reading<Years> {
        match *tokens {
            // Written as one number a financial year is named by the year it ends in.
            [Word("fy"), Number(end)] => match (end.len(), end.parse::<i16>()) {
                (4, Ok(end)) => Ok(Some(Years {
                    start: end - 1,
                    count: 1,
                    ambiguous: false,
                })),
                (2, Ok(end)) if end < OLD_CENTURY => Ok(Some(Years {
                    start: 2000 + end - 1,
                    count: 1,
                    ambiguous: false,
                })),
                (2, Ok(_)) => Err(PeriodError::NeedsCentury {
                    words: self.words(),
                }),
                _ => Ok(None),
            },
            [Word("financial"), Word("year"), Number(_)] => Err(PeriodError::NeedsBothYears {
                words: self.words(),
            }),
            [Word("fy"), ref pair @ ..] | [Word("financial"), Word("year"), ref pair @ ..] => {
                // Named a financial year, it can be nothing else.
                Ok(self.pair(pair)?.map(|years| Years {
                    ambiguous: false,
                    ..years
                }))
            }
            _ => self.pair(tokens),
        }
    }

    /// Two years with a slash, a hyphen or "to" between them.
    fn pair(&self, tokens: &[Token<'_>]) -> Reading<Years> {
        let (a, hyphen, b) = match *tokens {
            [Number(a), Sign('/'), Number(b)] => (a, false, b),
            [Number(a), Sign('-'), Number(b)] => (a, true, b),
            [Number(a), Word("to"), Number(b)] if a.len() == 4 && b.len() == 4 => (a, true, b),
            _ => return Ok(None),
        };
        let (Ok(first), Ok(last)) = (a.parse::<i16>(), b.parse::<i16>()) else {
            return Ok(None);
        };
        let next = (first + 1).rem_euclid(100);
        let split = || PeriodError::NotConsecutive {
            words: self.words(),
            first: a.into(),
            next,
        };
        match (a.len(), b.len()) {
            (2, 2) if last != next => Err(split()),
            (2, 2) if first >= OLD_CENTURY => Err(PeriodError::NeedsCentury {
                words: self.words(),
            }),
            // "11/12" might be a day and a month.
            (2, 2) => Ok(Some(Years {
                start: 2000 + first,
                count: 1,
                ambiguous: last <= 12,
            })),
            // "2011-12" might be December.
            (4, 2) if last == next => {
                let ambiguous = hyphen && (1..=12).contains(&last);
                Ok(Some(Years {
                    start: first,
                    count: 1,
                    ambiguous,
                }))
            }
            (4, 4) if !hyphen && last == first + 1 => Ok(Some(Years {
                start: first,
                count: 1,
                ambiguous: false,
            })),
            // Full years with a hyphen might as well be calendar years.
            (4, 4) if hyphen && last > first => Ok(Some(Years {
                start: first,
                count: last - first,
                ambiguous: true,
            })),
            (4, _) | (2, 4) => Err(split()),
            _ => Ok(None),
        }
    }

    /// `Q3 2025/26`, `Q3/4 2025/26`, `2025/26 Q3`, `Q3 2025/26 to Q2 2026/27`.
    pub(super) fn quarters(&self, tokens: &[Token<'_>]) -> Reading<Core> {
        let at = tokens
            .iter()
            .position(|token| matches!(token, Word("q" | "quarter")));
        let Some(at) = at else { return Ok(None) };
        if at > 0 {
            let (year, quarter) = tokens.split_at(at);
            return self.quarters(&[quarter, year].concat());
        }
        // "to" or a dash with a quarter on either side, the first with a year of its own.
        let to = tokens
            .windows(2)
            .position(|two| matches!(two, [Word("to") | Sign('-'), Word("q" | "quarter")]));
        if let Some(to) = to.filter(|to| *to > 2) {
            let (first, last) = tokens.split_at(to);
            let (Some(first), Some(last)) = (self.one_year(first)?, self.one_year(&last[1..])?)
            else {
                return Ok(None);
            };
            return self.run(first.through(last));
        }
        match self.one_year(tokens)? {
            Some(months) => self.run(months),
            None => Ok(None),
        }
    }

    fn run(&self, months: Months) -> Reading<Core> {
        match months.count {
            ..=0 => Err(PeriodError::NoSuchQuarter {
                words: self.words(),
            }),
            3 => self.months(months, Precision::Quarter).map(Some),
            _ => self.months(months, Precision::QuarterRange).map(Some),
        }
    }

    /// One or more quarters of one financial year.
    fn one_year(&self, tokens: &[Token<'_>]) -> Reading<Months> {
        let [Word("q" | "quarter"), Number(first), rest @ ..] = tokens else {
            return Ok(None);
        };
        let (last, year) = match rest {
            [Sign('/' | '-' | '&') | Word("to" | "and"), rest @ ..] => match rest {
                [Word("q" | "quarter"), Number(last), year @ ..] => (last, year),
                [Number(last), year @ ..] if last.len() == 1 => (last, year),
                _ => return Ok(None),
            },
            year => (first, year),
        };
        let quarter = |digits: &str| match digits.parse::<i8>() {
            Ok(quarter @ 1..=4) if digits.len() == 1 => Ok(quarter),
            _ => Err(PeriodError::NoSuchQuarter {
                words: self.words(),
            }),
        };
        let (first, last) = (quarter(first)?, quarter(last)?);
        if last < first || (last == first && year.len() < rest.len()) {
            return Err(PeriodError::NoSuchQuarter {
                words: self.words(),
            });
        }
        match year {
            [] => {
                return Err(PeriodError::MissingYear {
                    words: self.words(),
                });
            }
            [Number(bare)] => {
                return match four_digits(bare) {
                    Some(year) => Err(PeriodError::QuarterOfBareYear {
                        words: self.words(),
                        quarter: first,
                        year,
                        next: (year + 1).rem_euclid(100),
                    }),
                    None => Err(PeriodError::MissingYear {
                        words: self.words(),
                    }),
                };
            }
            _ => {}
        }
        match self.financial_year(year)? {
            Some(Years {
                start, count: 1, ..
            }) => Ok(Some(Months::quarters(start, first, last))),
            _ => Ok(None),
        }
    }
}
