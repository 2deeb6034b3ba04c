//! The words that are refused, and the questions asked.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

fn refused(words: &str) -> PeriodError {
    match Period::parse(words) {
        Ok(period) => panic!("{words} was read as {period:?}"),
        Err(error) => error,
    }
}

#[test]
fn refuses_and_asks() {
    use PeriodError as E;
    type Case = (&'static [&'static str], fn(&PeriodError) -> bool);
    let cases: [Case; 15] = [
        (&["", "  \u{a0} "], |e| matches!(e, E::Empty)),
        (&["25/26\n26/27", "a\tb"], |e| {
            matches!(e, E::NotALine { .. })
        }),
        (&["Q3 2025", "Q3/4 2025"], |e| {
            matches!(e, E::QuarterOfBareYear { .. })
        }),
        (
            &[
                "25/27",
                "2025/27",
                "2025-12",
                "2026/2025",
                "25/25",
                "2023/2026",
                "25/2026",
            ],
            |e| matches!(e, E::NotConsecutive { .. }),
        ),
        (&["99/00", "FY99", "by 98/99"], |e| {
            matches!(e, E::NeedsCentury { .. })
        }),
        (&["financial year 2026"], |e| {
            matches!(e, E::NeedsBothYears { .. })
        }),
        (
            &[
                "Q5 2025/26",
                "Q0 2025/26",
                "Q4/3 2025/26",
                "Q33 2025/26",
                "Q3/3 2025/26",
                "Q3 2025/26 to Q1 2025/26",
            ],
            |e| matches!(e, E::NoSuchQuarter { .. }),
        ),
        (&["24-25 June", "24 to 25 June 2025", "24/25 June"], |e| {
            matches!(e, E::SpanOfDays { .. })
        }),
        (
            &[
                "31 February 2025",
                "29 Feb 2025",
                "2025-13-01",
                "0 May 2025",
                "31 June",
            ],
            |e| matches!(e, E::NoSuchDay { .. }),
        ),
        (
            &[
                "10/11/2021",
                "10-11-2021",
                "12/25/2021",
                "25/12/21",
                "10 Nov 21",
            ],
            |e| matches!(e, E::DayOrMonth { .. }),
        ),
        (&["Dec 25", "Dec-25", "Dec '25"], |e| {
            matches!(e, E::DayOrYear { .. })
        }),
        (
            &[
                "December",
                "by the end of November",
                "24 June",
                "Q3",
                "Q3 25",
            ],
            |e| matches!(e, E::MissingYear { .. }),
        ),
        (
            &[
                "this year",
                "last week",
                "by the end of the year",
                "next month",
                "today",
            ],
            |e| matches!(e, E::Relative { .. }),
        ),
        (
            &[
                "soon",
                "spring 2026",
                "mid 2025",
                "25",
                "by",
                "by by 25/26",
                "2025 26",
                "the",
                "25/26 or 26/27",
                "April to June 2025",
                "2025/26/27",
                "Tuesday 2025/26",
                "week 3",
            ],
            |e| matches!(e, E::Unknown { .. }),
        ),
        (&["1066", "FY9999", "9999/00", "2200/01"], |e| {
            matches!(e, E::YearOutOfRange { .. })
        }),
    ];
    for (words, expected) in cases {
        for words in words {
            let error = refused(words);
            assert!(expected(&error), "{words}: {error:?}");
        }
    }
    assert_eq!(refused("by 2025/26 and beyond"), E::DeadlineAndOpen);
    assert_eq!(refused(&"2".repeat(201)), E::TooLong { length: 201 });
    let tuesday = refused("Tuesday 10 November 2021").to_string();
    assert!(tuesday.contains("Wednesday"), "{tuesday}");
}

#[test]
fn questions_name_the_ways_out() {
    let quarter = refused("Q3 2025").to_string();
    assert!(
        quarter.contains("Q3 2025/26") && quarter.contains("calendar"),
        "{quarter}"
    );
    let years = refused("2025/27").to_string();
    assert!(
        years.contains("2025/26") && years.contains("2023-2026"),
        "{years}"
    );
    let unknown = refused("soon").to_string();
    assert!(
        unknown.contains("\"soon\"") && unknown.contains("FY26"),
        "{unknown}"
    );
}
