//! The forms that are accepted, by example.
#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;

/// The window, precision and flags on one line.
fn read(words: &str) -> String {
    show(&Period::parse(words).unwrap_or_else(|error| panic!("{words}: {error}")))
}

fn show(period: &Period) -> String {
    let mut line = match (period.from, period.to, period.precision) {
        (Some(from), Some(to), Some(precision)) => format!("{from} {to} {}", precision.name()),
        _ => "no window".into(),
    };
    for (flag, name) in [
        (period.deadline, "deadline"),
        (period.open_ended, "open"),
        (period.ambiguous, "ambiguous"),
        (period.year_inferred, "inferred"),
    ] {
        if flag {
            line = format!("{line} {name}");
        }
    }
    line
}

#[test]
fn accepts_days() {
    let day = "2021-11-10 2021-11-10 day";
    for words in [
        "10 November 2021",
        "10 Nov 2021",
        "10 nov. 2021",
        "10th November 2021",
        "2021-11-10",
        "10th of November, 2021",
        "Wednesday 10 November 2021",
        "Wed, 10 Nov 2021",
        "November 10, 2021",
        "10-Nov-2021",
        "  10   NOVEMBER 2021 ",
        "on 10 November 2021",
    ] {
        assert_eq!(read(words), day, "{words}");
    }
    assert_eq!(read("25/12/2021"), "2021-12-25 2021-12-25 day");
    assert_eq!(read("05.05.2021"), "2021-05-05 2021-05-05 day");
    assert_eq!(
        read("by the end of November 2021"),
        "2021-11-30 2021-11-30 day deadline"
    );
    assert_eq!(
        read("by end-February 2024"),
        "2024-02-29 2024-02-29 day deadline"
    );
    assert_eq!(read("end of 2025/26"), "2026-03-31 2026-03-31 day");
    assert_eq!(
        read("by the start of Q3 2025/26"),
        "2025-10-01 2025-10-01 day deadline"
    );
    assert_eq!(
        read("no later than 31 March 2026"),
        "2026-03-31 2026-03-31 day deadline"
    );
    assert_eq!(
        read("before 1 April 2026"),
        "2026-03-31 2026-03-31 day deadline"
    );
}

#[test]
fn accepts_weeks_and_months() {
    assert_eq!(
        read("week commencing 1 November 2021"),
        "2021-11-01 2021-11-07 week"
    );
    assert_eq!(read("w/c 1 Nov 2021"), "2021-11-01 2021-11-07 week");
    for words in [
        "December 2025",
        "Dec 2025",
        "dec-2025",
        "in December 2025",
        "Dec/2025",
    ] {
        assert_eq!(read(words), "2025-12-01 2025-12-31 month", "{words}");
    }
    assert_eq!(read("Sept 2025"), "2025-09-01 2025-09-30 month");
    assert_eq!(
        read("before April 2026"),
        "2026-03-01 2026-03-31 month deadline"
    );
    assert_eq!(read("from April 2026"), "2026-04-01 2026-04-30 month open");
}

#[test]
fn accepts_quarters() {
    for words in [
        "Q3 2025/26",
        "q3 25/26",
        "Q3 of 2025-26",
        "2025/26 Q3",
        "Quarter 3 2025/26",
        "Q3 FY26",
        "Q3, FY 2025/26",
    ] {
        assert_eq!(read(words), "2025-10-01 2025-12-31 quarter", "{words}");
    }
    for words in [
        "Q3/4 2025/26",
        "Q3-Q4 25/26",
        "Q3\u{2013}4 25/26",
        "Q3 to Q4 2025/26",
        "Q3/Q4 2025-26",
        "Q3 and Q4 of 2025/26",
        "Q3 & 4 2025/26",
        "2025/26 Q3/4",
        "Q3 2025-26 - Q4 2025-26",
    ] {
        assert_eq!(
            read(words),
            "2025-10-01 2026-03-31 quarter-range",
            "{words}"
        );
    }
    assert_eq!(
        read("Q4 2025/26 to Q1 2026/27"),
        "2026-01-01 2026-06-30 quarter-range"
    );
    assert_eq!(
        read("by Q4 2023/24"),
        "2024-01-01 2024-03-31 quarter deadline"
    );
    assert_eq!(
        read("before Q1 2026/27"),
        "2026-01-01 2026-03-31 quarter deadline"
    );
}

#[test]
fn accepts_years() {
    let year = "2025-04-01 2026-03-31 financial-year";
    for words in [
        "25/26",
        "25-26",
        "2025/26",
        "2025-26",
        "2025 / 26",
        "2025/2026",
        "FY26",
        "FY2026",
        "fy 26",
        "FY25/26",
        "FY2025-26",
        "financial year 2025/26",
        "the financial year 25/26",
        "2025\u{2013}26",
        "in 2025/26",
        "Expected in 25/26",
    ] {
        assert_eq!(read(words), year, "{words}");
    }
    assert_eq!(
        read("By 2028/29"),
        "2028-04-01 2029-03-31 financial-year deadline"
    );
    assert_eq!(read("before 2026/27"), format!("{year} deadline"));
    assert_eq!(read("2025/26 and beyond"), format!("{year} open"));
    assert_eq!(read("from 2025/26 onwards"), format!("{year} open"));
    assert_eq!(read("2025-2026"), format!("{year} ambiguous"));
    assert_eq!(read("1999/00"), "1999-04-01 2000-03-31 financial-year");
    assert_eq!(read("FY00"), "1999-04-01 2000-03-31 financial-year");
    assert_eq!(
        read("11/12"),
        "2011-04-01 2012-03-31 financial-year ambiguous"
    );
    assert_eq!(
        read("2011-12"),
        "2011-04-01 2012-03-31 financial-year ambiguous"
    );
    assert_eq!(read("2011/12"), "2011-04-01 2012-03-31 financial-year");

    let span = "2023-04-01 2026-03-31 financial-year-range";
    assert_eq!(read("2023-2026"), format!("{span} ambiguous"));
    assert_eq!(read("from 2023 to 2026"), format!("{span} ambiguous"));
    assert_eq!(read("2023/24 to 2025/26"), span);
    assert_eq!(read("23/24-25/26"), span);

    let calendar = "2024-01-01 2024-12-31 calendar-year";
    assert_eq!(read("2024"), calendar);
    assert_eq!(read("in 2024"), format!("{calendar} ambiguous"));
    assert_eq!(read("by 2024"), format!("{calendar} deadline ambiguous"));
    assert_eq!(
        read("by the end of 2024"),
        "2024-12-31 2024-12-31 day deadline ambiguous"
    );
}

#[test]
fn takes_the_year_from_the_document() {
    let within = |words: &str, document: &str| {
        let document = Period::parse(document).unwrap();
        Period::parse_in(words, Some(&document)).map(|period| show(&period))
    };
    let cases = [
        (
            "expected in December",
            "10 November 2021",
            "2021-12-01 2021-12-31 month inferred",
        ),
        (
            "by March",
            "July 2025",
            "2026-03-01 2026-03-31 month deadline inferred",
        ),
        (
            "in November",
            "10 November 2021",
            "2021-11-01 2021-11-30 month inferred",
        ),
        // Nothing says that it lies ahead, and last September is nearer than the next.
        (
            "in September",
            "10 November 2021",
            "2022-09-01 2022-09-30 month ambiguous inferred",
        ),
        (
            "by September",
            "10 November 2021",
            "2022-09-01 2022-09-30 month deadline inferred",
        ),
        (
            "in February",
            "2024/25",
            "2025-02-01 2025-02-28 month inferred",
        ),
        ("24 June", "May 2025", "2025-06-24 2025-06-24 day inferred"),
        (
            "last week",
            "10 November 2021",
            "2021-11-01 2021-11-07 week inferred",
        ),
        (
            "next month",
            "10 December 2021",
            "2022-01-01 2022-01-31 month inferred",
        ),
        (
            "by the end of this quarter",
            "10 November 2021",
            "2021-12-31 2021-12-31 day deadline inferred",
        ),
        (
            "yesterday",
            "1 January 2022",
            "2021-12-31 2021-12-31 day inferred",
        ),
        ("last week", "November 2021", "no window"),
        (
            "by the end of the year",
            "10 November 2021",
            "no window deadline",
        ),
        // What is written in full needs no document.
        (
            "25/26",
            "10 November 2021",
            "2025-04-01 2026-03-31 financial-year",
        ),
    ];
    for (words, document, expected) in cases {
        assert_eq!(
            within(words, document).as_deref(),
            Ok(expected),
            "{words} in {document}"
        );
    }
    assert!(matches!(
        within("in May", "2023-2026"),
        Err(PeriodError::MissingYear { .. })
    ));
    assert!(matches!(
        within("29 February", "May 2025"),
        Err(PeriodError::NoSuchDay { .. })
    ));
}
