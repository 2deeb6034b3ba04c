//! Every distinct date of the five seed documents, as their import gives it.
//!
//! The maps are copied from the seed files. Where the words alone determine the window, the parser
//! must give exactly the map; where it takes the document's date, or cannot be read from the words
//! at all, the map must still pass the checks.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::{Period, PeriodError};

/// The words alone determine the window.
const ALONE: [&str; 22] = [
    r#"{"as_written": "February 2014", "from": "2014-02-01", "to": "2014-02-28", "precision": "month"}"#,
    r#"{"as_written": "2021", "from": "2021-01-01", "to": "2021-12-31", "precision": "calendar-year"}"#,
    r#"{"as_written": "10 November 2021", "from": "2021-11-10", "to": "2021-11-10", "precision": "day"}"#,
    r#"{"as_written": "2023-2026", "from": "2023-04-01", "to": "2026-03-31", "precision": "financial-year-range", "ambiguous": true}"#,
    r#"{"as_written": "2023/24", "from": "2023-04-01", "to": "2024-03-31", "precision": "financial-year"}"#,
    r#"{"as_written": "by 2023/24", "from": "2023-04-01", "to": "2024-03-31", "precision": "financial-year", "deadline": true}"#,
    r#"{"as_written": "May 2023", "from": "2023-05-01", "to": "2023-05-31", "precision": "month"}"#,
    r#"{"as_written": "By 2024", "from": "2024-01-01", "to": "2024-12-31", "precision": "calendar-year", "deadline": true, "ambiguous": true}"#,
    r#"{"as_written": "by 2024", "from": "2024-01-01", "to": "2024-12-31", "precision": "calendar-year", "deadline": true, "ambiguous": true}"#,
    r#"{"as_written": "by Q4 2023/24", "from": "2024-01-01", "to": "2024-03-31", "precision": "quarter", "deadline": true}"#,
    r#"{"as_written": "2024/25", "from": "2024-04-01", "to": "2025-03-31", "precision": "financial-year"}"#,
    r#"{"as_written": "May 2024", "from": "2024-05-01", "to": "2024-05-31", "precision": "month"}"#,
    r#"{"as_written": "March 2025", "from": "2025-03-01", "to": "2025-03-31", "precision": "month"}"#,
    r#"{"as_written": "2025/26", "from": "2025-04-01", "to": "2026-03-31", "precision": "financial-year"}"#,
    r#"{"as_written": "2025/26 and beyond", "from": "2025-04-01", "to": "2026-03-31", "precision": "financial-year", "open_ended": true}"#,
    r#"{"as_written": "25/26", "from": "2025-04-01", "to": "2026-03-31", "precision": "financial-year"}"#,
    r#"{"as_written": "May 2025", "from": "2025-05-01", "to": "2025-05-31", "precision": "month"}"#,
    r#"{"as_written": "July 2025", "from": "2025-07-01", "to": "2025-07-31", "precision": "month"}"#,
    r#"{"as_written": "Q3/4 2025/26", "from": "2025-10-01", "to": "2026-03-31", "precision": "quarter-range"}"#,
    r#"{"as_written": "December 2025", "from": "2025-12-01", "to": "2025-12-31", "precision": "month"}"#,
    r#"{"as_written": "By 2028/29", "from": "2028-04-01", "to": "2029-03-31", "precision": "financial-year", "deadline": true}"#,
    r#"{"as_written": "by 2030", "from": "2030-01-01", "to": "2030-12-31", "precision": "calendar-year", "deadline": true, "ambiguous": true}"#,
];

/// The window rests on the document's date, was derived, or is unknown.
const GIVEN: [&str; 9] = [
    r#"{"as_written": "This year", "relative_to": "reporting year 2024/25"}"#,
    r#"{"as_written": "by the end of the year", "deadline": true}"#,
    r#"{"as_written": "this year", "relative_to": "2021-11-10"}"#,
    r#"{"as_written": "last week", "from": "2021-11-01", "to": "2021-11-07", "precision": "week", "year_inferred": true, "relative_to": "2021-11-10"}"#,
    r#"{"as_written": "by the end of November – six months ahead of schedule", "from": "2021-11-30", "to": "2021-11-30", "precision": "day", "deadline": true, "year_inferred": true}"#,
    r#"{"as_written": "In December", "from": "2021-12-01", "to": "2021-12-31", "precision": "month", "year_inferred": true}"#,
    r#"{"as_written": "expected in December", "from": "2021-12-01", "to": "2021-12-31", "precision": "month", "year_inferred": true}"#,
    r#"{"derived": "six months after the new date", "from": "2022-05-01", "to": "2022-05-31", "precision": "month", "year_inferred": true}"#,
    r#"{"derived": "year of the delivery plan under report, 2024/25", "from": "2024-04-01", "to": "2025-03-31", "precision": "financial-year"}"#,
];

fn map(json: &str) -> Period {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

#[test]
fn words_give_the_window_and_flags_of_the_import() {
    for json in ALONE {
        let given = map(json);
        let words = given.as_written.as_deref().expect("words");
        assert_eq!(Period::parse(words).as_ref(), Ok(&given), "{words}");
    }
}

#[test]
fn every_map_passes_and_stays_as_it_is() {
    for json in ALONE.into_iter().chain(GIVEN) {
        let given = map(json);
        assert_eq!(given.check(), Ok(()), "{json}");
        let value = serde_json::from_str::<serde_json::Value>(json).unwrap();
        let as_map = value.as_object().unwrap();
        let again = serde_json::to_value(&given).unwrap();
        assert_eq!(again.as_object().unwrap().len(), as_map.len(), "{json}");
        assert!(
            !given.to_string().is_empty() && !given.reading().is_empty(),
            "{json}"
        );
    }
}

/// The press release of 10 November 2021, in which every year is left out.
#[test]
fn the_document_supplies_what_the_words_leave_out() {
    let document = Period::parse("10 November 2021").unwrap();
    let remark = " \u{2013} six months ahead of schedule";
    for json in GIVEN {
        let given = map(json);
        let Some(words) = given.as_written.as_deref() else {
            continue;
        };
        assert!(Period::parse(words).is_err(), "{words}");
        // One document carries no date, and one relates "This year" to a year it reports on.
        let undated = words == "by the end of the year" || words == "This year";
        if undated {
            continue;
        }
        // The remark behind the date is no form of a date; it stands in the words for the record.
        let read = Period::parse_in(words.trim_end_matches(remark), Some(&document)).unwrap();
        assert_eq!(
            Period {
                as_written: given.as_written.clone(),
                ..read
            },
            given,
            "{words}"
        );
    }
    let undated = Period::parse("by the end of the year");
    assert!(matches!(undated, Err(PeriodError::Relative { .. })));
}
