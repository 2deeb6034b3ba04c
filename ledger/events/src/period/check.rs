//! Whether a period contradicts itself.
//!
//! The checks look at the window, its precision and its flags, never at what the words say: a
//! period decoded years from now must pass as it did when it was recorded, whatever more forms the
//! parser has learnt by then.

use jiff::ToSpan;
use jiff::civil::Date;

use super::calendar::{FIRST_YEAR, LAST_YEAR, Months};
use super::{MAX_WORDS, Period, PeriodError, Precision};

impl Period {
    /// Checks that the parts agree.
    ///
    /// # Errors
    ///
    /// A window needs both its ends, in order, in the years 1800 to 2199, and must be what its
    /// precision says (a financial year is 1 April to 31 March, a month a whole month). There are
    /// words, or a window and how it was derived. Texts are one trimmed line of at most
    /// [`MAX_WORDS`] characters. Nothing is a deadline and open-ended at once.
    pub fn check(&self) -> Result<(), PeriodError> {
        for text in [&self.as_written, &self.derived, &self.relative_to]
            .into_iter()
            .flatten()
        {
            check_line(text)?;
        }
        match (self.from, self.to, self.precision) {
            (Some(from), Some(to), precision) => check_window(from, to, precision)?,
            (None, None, Some(precision)) => return Err(PeriodError::NoWindow { precision }),
            (None, None, None) => {}
            _ => return Err(PeriodError::HalfWindow),
        }
        if self.as_written.is_none() {
            if self.derived.is_none() {
                return Err(PeriodError::NoWords);
            }
            if self.from.is_none() {
                return Err(PeriodError::NothingDerived);
            }
        }
        if self.deadline && self.open_ended {
            return Err(PeriodError::DeadlineAndOpen);
        }
        Ok(())
    }
}

/// One trimmed, non-empty line of bounded length.
pub(super) fn check_line(text: &str) -> Result<(), PeriodError> {
    let length = text.chars().count();
    if text.trim().is_empty() {
        return Err(PeriodError::Empty);
    }
    if length > MAX_WORDS {
        return Err(PeriodError::TooLong { length });
    }
    if text.trim() != text || text.chars().any(char::is_control) {
        return Err(PeriodError::NotALine { words: text.into() });
    }
    Ok(())
}

fn check_window(from: Date, to: Date, precision: Option<Precision>) -> Result<(), PeriodError> {
    if from > to {
        return Err(PeriodError::Backwards { from, to });
    }
    for year in [from.year(), to.year()] {
        if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
            return Err(PeriodError::YearOutOfRange { year });
        }
    }
    let precision = precision.ok_or(PeriodError::NoPrecision { from, to })?;
    let fits = match precision {
        Precision::Day => from == to,
        Precision::Week => from.checked_add(6.days()).is_ok_and(|last| last == to),
        _ => Months::of(from, to).is_some_and(|months| months.fits(precision)),
    };
    if fits {
        Ok(())
    } else {
        Err(PeriodError::OtherPrecision {
            precision,
            from,
            to,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use jiff::civil::date;

    use super::*;

    fn window(from: Date, to: Date, precision: Precision) -> Result<(), PeriodError> {
        let words = Some("x".into());
        let (from, to, precision) = (Some(from), Some(to), Some(precision));
        Period {
            as_written: words,
            from,
            to,
            precision,
            ..Period::day(date(2025, 1, 1))
        }
        .check()
    }

    #[test]
    fn a_window_is_what_its_precision_says() {
        use Precision::*;
        let fits = [
            (date(2025, 5, 14), date(2025, 5, 14), Day),
            (date(2021, 11, 1), date(2021, 11, 7), Week),
            (date(2024, 2, 1), date(2024, 2, 29), Month),
            (date(2024, 1, 1), date(2024, 3, 31), Quarter),
            (date(2025, 10, 1), date(2026, 3, 31), QuarterRange),
            (date(2025, 4, 1), date(2026, 3, 31), FinancialYear),
            (date(2023, 4, 1), date(2026, 3, 31), FinancialYearRange),
            (date(2024, 1, 1), date(2024, 12, 31), CalendarYear),
        ];
        for (at, (from, to, precision)) in fits.into_iter().enumerate() {
            assert_eq!(window(from, to, precision), Ok(()), "{precision:?}");
            let short = window(from, to.yesterday().unwrap(), precision);
            assert!(short.is_err(), "{precision:?} less a day");
            for (_, _, other) in fits.into_iter().skip(at + 1) {
                // A financial year is four quarters too; nothing else is two things at once.
                let both = window(from, to, other).is_ok();
                assert!(!both, "{from} to {to} as {other:?}");
            }
        }
        assert_eq!(
            window(date(2025, 4, 1), date(2026, 3, 31), QuarterRange),
            Ok(())
        );
        assert!(
            window(date(2025, 2, 1), date(2025, 4, 30), Quarter).is_err(),
            "begins in February"
        );
        assert!(window(date(2025, 1, 1), date(2025, 12, 31), FinancialYear).is_err());
    }

    #[test]
    fn parts_that_disagree_are_refused() {
        let day = Period::day(date(2025, 5, 14));
        assert_eq!(day.check(), Ok(()));
        assert_eq!(day.to_string(), "14 May 2025");
        assert_eq!((day.start(), day.end()), (day.from, day.to));
        let check = |change: fn(&mut Period)| {
            let mut period = Period::day(date(2025, 5, 14));
            change(&mut period);
            period.check()
        };
        use PeriodError as E;
        assert_eq!(check(|p| p.to = None), Err(E::HalfWindow));
        assert_eq!(check(|p| p.from = None), Err(E::HalfWindow));
        assert!(matches!(
            check(|p| p.precision = None),
            Err(E::NoPrecision { .. })
        ));
        assert!(matches!(
            check(|p| (p.from, p.to) = (None, None)),
            Err(E::NoWindow {
                precision: Precision::Day
            })
        ));
        assert!(matches!(
            check(|p| p.to = Some(date(2025, 5, 1))),
            Err(E::Backwards { .. })
        ));
        let year = check(|p| (p.from, p.to) = (Some(date(25, 5, 1)), Some(date(25, 5, 1))));
        assert_eq!(year, Err(E::YearOutOfRange { year: 25 }));
        assert_eq!(check(|p| p.as_written = None), Err(E::NoWords));
        assert_eq!(
            check(|p| (p.as_written, p.derived) = (None, Some("x".into()))),
            Ok(())
        );
        let nothing = check(|p| {
            *p = Period {
                as_written: None,
                from: None,
                to: None,
                precision: None,
                ..p.clone()
            };
            p.derived = Some("x".into());
        });
        assert_eq!(nothing, Err(E::NothingDerived));
        assert_eq!(
            check(|p| (p.deadline, p.open_ended) = (true, true)),
            Err(E::DeadlineAndOpen)
        );
        assert_eq!(check(|p| p.derived = Some(" ".into())), Err(E::Empty));
        assert!(matches!(
            check(|p| p.as_written = Some("x ".into())),
            Err(E::NotALine { .. })
        ));
        let long = check(|p| p.relative_to = Some("x".repeat(201)));
        assert_eq!(long, Err(E::TooLong { length: 201 }));
        assert_eq!(check(|p| p.as_written = Some("\u{e9}".repeat(200))), Ok(()));
    }
}
