//! Dates of a seed file: the words, and the window that its maker derived from them.
//!
//! The two are held against each other. Where the words determine a window, the file must give that
//! very window; where they do not ("by the end of November – six months ahead of schedule"), the file
//! must mark the window as a reading. So no date enters that a document does not carry.

use jiff::civil::Date;
use minutebook_events::Period;
use minutebook_events::period::{PeriodError, Precision};
use serde::Deserialize;

/// A date as a seed file gives it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeedDate {
    /// The document's exact words.
    pub as_written: Option<String>,
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// How exact it is.
    pub precision: Option<Precision>,
    /// A "by" date.
    #[serde(default)]
    pub deadline: bool,
    /// "and beyond".
    #[serde(default)]
    pub open_ended: bool,
    /// The words allow another reading.
    #[serde(default)]
    pub ambiguous: bool,
    /// The year comes from the document.
    #[serde(default)]
    pub year_inferred: bool,
    /// What relative words relate to.
    pub relative_to: Option<String>,
    /// How the window was derived, where it is written nowhere.
    pub derived: Option<String>,
    /// A remark.
    pub note: Option<String>,
}

/// What is wrong with a date, and in which of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadDate {
    /// The field, such as `from`.
    pub field: &'static str,
    /// What is wrong.
    pub message: String,
}

fn bad(field: &'static str, message: impl Into<String>) -> BadDate {
    BadDate {
        field,
        message: message.into(),
    }
}

impl SeedDate {
    /// The date as a period, held against its own words and against the document's date.
    ///
    /// # Errors
    /// The field that does not fit, and why.
    pub fn period(&self, document: Option<&Period>) -> Result<Period, BadDate> {
        let day = |field, text: &Option<String>| match text {
            None => Ok(None),
            Some(text) => text
                .parse::<Date>()
                .map(Some)
                .map_err(|_| bad(field, format!("{text:?} is no day, such as 2025-04-01"))),
        };
        let period = Period {
            as_written: self.as_written.clone(),
            from: day("from", &self.from)?,
            to: day("to", &self.to)?,
            precision: self.precision,
            deadline: self.deadline,
            open_ended: self.open_ended,
            ambiguous: self.ambiguous,
            year_inferred: self.year_inferred,
            relative_to: self.relative_to.clone(),
            derived: self.derived.clone(),
        };
        // The words first: they tell which end of a wrong window is the wrong one.
        if let Some(words) = &self.as_written {
            held_against(&period, words, document)?;
        }
        period
            .check()
            .map_err(|error| bad(field_of(&error), error.to_string()))?;
        Ok(period)
    }
}

/// The field that an error of [`Period::check`] is about.
fn field_of(error: &PeriodError) -> &'static str {
    match error {
        PeriodError::Backwards { .. } | PeriodError::HalfWindow => "to",
        PeriodError::NoPrecision { .. }
        | PeriodError::NoWindow { .. }
        | PeriodError::OtherPrecision { .. } => "precision",
        PeriodError::YearOutOfRange { .. } => "from",
        PeriodError::DeadlineAndOpen => "deadline",
        _ => "as_written",
    }
}

fn held_against(period: &Period, words: &str, document: Option<&Period>) -> Result<(), BadDate> {
    let read = match Period::parse_in(words, document) {
        Ok(read) => read,
        // Words beyond the reader's forms, or words about a time that the document does not date.
        Err(
            PeriodError::Unknown { .. }
            | PeriodError::Relative { .. }
            | PeriodError::MissingYear { .. },
        ) => {
            let marked = period.year_inferred || period.ambiguous || period.relative_to.is_some();
            return if period.from.is_none() || marked {
                Ok(())
            } else {
                Err(bad(
                    "as_written",
                    format!(
                        "{words:?} does not say {} by itself; mark the reading as year_inferred, \
                         relative_to or ambiguous",
                        window(period)
                    ),
                ))
            };
        }
        Err(error) => return Err(bad("as_written", error.to_string())),
    };
    if read.from.is_none() {
        return Ok(());
    }
    let differs = |field, given: &str| {
        Err(bad(
            field,
            format!("{words:?} means {}, not {given}", window(&read)),
        ))
    };
    let shown = |day: Option<Date>| day.map_or("no day".into(), |day| day.to_string());
    if period.from != read.from {
        return differs("from", &shown(period.from));
    }
    if period.to != read.to {
        return differs("to", &shown(period.to));
    }
    if period.precision != read.precision {
        return differs(
            "precision",
            period.precision.map_or("no precision", Precision::name),
        );
    }
    for (field, given, said) in [
        ("deadline", period.deadline, read.deadline),
        ("open_ended", period.open_ended, read.open_ended),
    ] {
        if given != said {
            return Err(bad(field, format!("{words:?} is {said} here, not {given}")));
        }
    }
    if read.year_inferred && !period.year_inferred {
        return Err(bad(
            "year_inferred",
            format!("{words:?} gives no year; mark year_inferred"),
        ));
    }
    Ok(())
}

fn window(period: &Period) -> String {
    match (period.from, period.to) {
        (Some(from), Some(to)) => {
            format!(
                "{from} to {to} ({})",
                period.precision.map_or("no precision", Precision::name)
            )
        }
        _ => "no window".into(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::node::Node;
    use super::*;

    fn refusal(yaml: &str) -> (&'static str, String) {
        let date: SeedDate = Node::parse(yaml).unwrap().read().unwrap();
        let error = date.period(None).unwrap_err();
        (error.field, error.message)
    }

    fn accepted(yaml: &str) -> Period {
        let date: SeedDate = Node::parse(yaml).unwrap().read().unwrap();
        date.period(Some(&Period::parse("10 November 2021").unwrap()))
            .unwrap()
    }

    const YEAR: &str =
        "as_written: 25/26\nfrom: 2025-04-01\nto: 2026-03-31\nprecision: financial-year\n";

    #[test]
    fn words_and_window_are_held_against_each_other() {
        assert_eq!(accepted(YEAR), Period::parse("25/26").unwrap());
        for (from, to, field) in [
            ("25/26", "24/25", "from"),
            ("2025-04-01", "2025-04-02", "from"),
            ("2026-03-31", "2025-03-31", "to"),
            ("2026-03-31", "2026-02-30", "to"),
            ("financial-year", "quarter", "precision"),
            ("25/26", "25/27", "as_written"),
            ("25/26", "by 25/26", "deadline"),
            ("25/26", "25/26 and beyond", "open_ended"),
            ("25/26", "after the summer", "as_written"),
        ] {
            let (found, message) = refusal(&YEAR.replacen(from, to, 1));
            assert_eq!(found, field, "{from} -> {to}: {message}");
        }
        let half = refusal("as_written: 25/26\nfrom: 2025-04-01\nprecision: financial-year\n");
        assert_eq!(half.0, "to");
        assert_eq!(
            refusal("from: 2025-04-01\nto: 2026-03-31\nprecision: financial-year\n").0,
            "as_written"
        );
    }

    #[test]
    fn readings_pass_where_they_are_marked() {
        let reading = "as_written: by the end of November – six months ahead of schedule\nfrom: 2021-11-30\n\
                       to: 2021-11-30\nprecision: day\ndeadline: true\n";
        assert_eq!(refusal(reading).0, "as_written");
        assert!(accepted(&format!("{reading}year_inferred: true\n")).year_inferred);
        assert!(
            accepted("as_written: this year\nrelative_to: 2021-11-10\n")
                .from
                .is_none()
        );
        let derived =
            "derived: six months after\nfrom: 2022-05-01\nto: 2022-05-31\nprecision: month\n";
        assert!(accepted(derived).as_written.is_none());
    }
}
