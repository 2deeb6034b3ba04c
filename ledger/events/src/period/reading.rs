//! A period in plain words.

use jiff::civil::Date;

use super::calendar::{Months, day_words, month_name, year_words};
use super::{Period, Precision};

impl Period {
    /// What the words were taken to mean, to be read back to whoever wrote them.
    ///
    /// `25/26` reads as "1 April 2025 to 31 March 2026 (financial year 2025/26)", `by 2028/29` as
    /// "by 31 March 2029". A guess is said: an ambiguous or inferred reading is named as such.
    pub fn reading(&self) -> String {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            let mut words = String::from(if self.deadline { "by a day" } else { "a time" });
            words.push_str(" that is not stated");
            if let Some(relative_to) = &self.relative_to {
                words = format!("{words}, relative to {relative_to}");
            }
            return words;
        };
        let label = self.label(from, to);
        let mut notes = Vec::new();
        if !self.deadline || self.ambiguous {
            notes.extend(label);
        }
        if self.ambiguous {
            notes.push("the words allow another reading".into());
        }
        if self.year_inferred {
            notes.push("the year is not written".into());
        }
        let mut words = match self.deadline {
            true => format!("by {}", day_words(to)),
            false if from == to => day_words(from),
            false => format!("{} to {}", day_words(from), day_words(to)),
        };
        if !notes.is_empty() {
            words = format!("{words} ({})", notes.join("; "));
        }
        if self.open_ended {
            words.push_str(" and beyond");
        }
        words
    }

    /// What sort of window it is, such as "financial year 2025/26"; none for a day.
    fn label(&self, from: Date, to: Date) -> Option<String> {
        let name = window_words(from, to, self.precision);
        match self.precision? {
            Precision::Day => None,
            Precision::Week => Some("one week".into()),
            Precision::Month | Precision::Quarter | Precision::QuarterRange => Some(name),
            Precision::FinancialYear => Some(format!("financial year {name}")),
            Precision::FinancialYearRange => Some(format!("financial years {name}")),
            Precision::CalendarYear => Some(format!("calendar year {name}")),
        }
    }

    /// The window and its flags in words that [`Period::parse`] reads back to the same window.
    pub(super) fn canonical(&self) -> String {
        let (Some(from), Some(to)) = (self.from, self.to) else {
            return self.derived.clone().unwrap_or_default();
        };
        let window = window_words(from, to, self.precision);
        let front = if self.deadline { "by " } else { "" };
        let behind = if self.open_ended { " and beyond" } else { "" };
        format!("{front}{window}{behind}")
    }
}

/// A window as a person would write it.
fn window_words(from: Date, to: Date, precision: Option<Precision>) -> String {
    let span = || format!("{} to {}", day_words(from), day_words(to));
    let Some(precision) = precision else {
        return span();
    };
    match (
        precision,
        Months::of(from, to).filter(|months| months.fits(precision)),
    ) {
        (Precision::Day, _) if from == to => day_words(from),
        (Precision::Week, _) => format!("week commencing {}", day_words(from)),
        (Precision::Month, Some(_)) => format!("{} {}", month_name(from.month()), from.year()),
        (Precision::Quarter | Precision::QuarterRange, Some(months)) => {
            let [(first, year), (last, last_year)] = months.quarter_ends();
            let (year, last_year) = (year_words(year), year_words(last_year));
            match (first == last, year == last_year) {
                (true, true) => format!("Q{first} {year}"),
                (false, true) => format!("Q{first} to Q{last} {year}"),
                _ => format!("Q{first} {year} to Q{last} {last_year}"),
            }
        }
        (Precision::FinancialYear, Some(_)) => year_words(from.year()),
        (Precision::FinancialYearRange, Some(_)) => {
            format!(
                "{} to {}",
                year_words(from.year()),
                year_words(to.year() - 1)
            )
        }
        (Precision::CalendarYear, Some(_)) => from.year().to_string(),
        _ => span(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn reads_back_in_plain_words() {
        let cases = [
            (
                "25/26",
                "1 April 2025 to 31 March 2026 (financial year 2025/26)",
            ),
            ("By 2028/29", "by 31 March 2029"),
            ("14 May 2025", "14 May 2025"),
            (
                "Q3/4 2025/26",
                "1 October 2025 to 31 March 2026 (Q3 to Q4 2025/26)",
            ),
            (
                "2025/26 and beyond",
                "1 April 2025 to 31 March 2026 (financial year 2025/26) and beyond",
            ),
            (
                "by 2024",
                "by 31 December 2024 (calendar year 2024; the words allow another reading)",
            ),
            (
                "2023-2026",
                "1 April 2023 to 31 March 2026 (financial years 2023/24 to 2025/26; \
                 the words allow another reading)",
            ),
        ];
        for (words, reading) in cases {
            assert_eq!(Period::parse(words).unwrap().reading(), reading);
        }
        let document = Period::parse("10 November 2021").unwrap();
        let month = Period::parse_in("In December", Some(&document)).unwrap();
        assert_eq!(
            month.reading(),
            "1 December 2021 to 31 December 2021 (December 2021; the year is not written)"
        );
        let year = Period::parse_in("this year", Some(&document)).unwrap();
        assert_eq!(
            year.reading(),
            "a time that is not stated, relative to 2021-11-10"
        );
    }
}
