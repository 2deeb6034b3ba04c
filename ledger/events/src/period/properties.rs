//! What holds for every period and every text.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::calendar::Months;
use super::{Change, Period, Precision, compare};

fn any_day() -> impl Strategy<Value = Date> {
    (0..100_000_i64).prop_map(|days| date(1900, 1, 1).checked_add(days.days()).unwrap())
}

fn window() -> impl Strategy<Value = (Date, Date, Precision)> {
    let run = |months: Months, precision| {
        let (from, to) = months.window().unwrap();
        (from, to, precision)
    };
    prop_oneof![
        any_day().prop_map(|day| (day, day, Precision::Day)),
        any_day().prop_map(|day| (day, day.checked_add(6.days()).unwrap(), Precision::Week)),
        (1900..2150_i16, 1..=12_i8)
            .prop_map(move |(y, m)| run(Months::month(y, m), Precision::Month)),
        (1900..2150_i16, 1..=4_i8)
            .prop_map(move |(y, q)| run(Months::quarters(y, q, q), Precision::Quarter)),
        (1900..2150_i16, 1..=4_i8, 1..6_i32).prop_map(move |(y, q, more)| {
            let first = Months::quarters(y, q, q);
            run(
                Months {
                    count: 3 + 3 * more,
                    ..first
                },
                Precision::QuarterRange,
            )
        }),
        (1900..2150_i16)
            .prop_map(move |y| run(Months::financial_years(y, 1), Precision::FinancialYear)),
        (1900..2150_i16, 2..10_i16).prop_map(move |(y, n)| {
            run(Months::financial_years(y, n), Precision::FinancialYearRange)
        }),
        (1900..2150_i16).prop_map(move |y| run(Months::calendar_year(y), Precision::CalendarYear)),
    ]
}

prop_compose! {
    /// A window that nobody wrote down, so that printing has to find the words.
    fn derived()(window in window(), ends in 0..3) -> Period {
        let (from, to, precision) = window;
        Period {
            as_written: None,
            derived: Some("made up".into()),
            precision: Some(precision),
            from: Some(from),
            to: Some(to),
            deadline: ends == 1,
            open_ended: ends == 2,
            ..Period::day(from)
        }
    }
}

/// Texts near enough to dates to get past the first branch of the parser.
fn nearly_a_date() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(vec![
            "by",
            "before",
            "from",
            "in",
            "end of",
            "the",
            "Q",
            "q3",
            "Q5",
            "FY",
            "financial year",
            "/",
            "-",
            "\u{2013}",
            ".",
            "to",
            "and",
            "and beyond",
            "December",
            "may",
            "Wed",
            "week",
            "w/c",
            "last",
            "year",
            "10",
            "31",
            "25/26",
            "99/00",
            "2025",
            "2025/26",
            "0000",
            "9999",
            "9999/00",
            "9999-9999",
            "th",
            "'",
            "\u{130}",
            "99999999999999999999",
        ])
        .prop_map(String::from),
        "[0-9]{1,5}",
        "[a-zA-Z]{1,4}",
    ];
    prop::collection::vec((piece, prop::bool::ANY), 0..8).prop_map(|pieces| {
        pieces
            .into_iter()
            .map(|(piece, gap)| if gap { piece + " " } else { piece })
            .collect()
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(period in derived()) {
        prop_assert_eq!(period.check(), Ok(()));
        let words = period.to_string();
        let read = Period::parse(&words).unwrap_or_else(|error| panic!("{words}: {error}"));
        prop_assert_eq!(&read.to_string(), &words);
        let ambiguous = read.ambiguous;
        let as_derived =
            Period { as_written: None, derived: period.derived.clone(), ambiguous: false, ..read };
        prop_assert_eq!(&as_derived, &period, "{}", words);
        // The only doubt that these words leave is what "by" and "and beyond" do to a bare year.
        let doubt = period.precision == Some(Precision::CalendarYear)
            && (period.deadline || period.open_ended);
        prop_assert_eq!(ambiguous, doubt, "{}", words);
    }

    #[test]
    fn no_text_panics(text in any::<String>()) {
        let _ = Period::parse(&text);
    }

    #[test]
    fn what_is_accepted_keeps_its_words_and_passes(text in nearly_a_date(), day in any_day()) {
        for document in [None, Some(Period::day(day))] {
            match Period::parse_in(&text, document.as_ref()) {
                Ok(period) => {
                    prop_assert_eq!(period.check(), Ok(()));
                    prop_assert_eq!(period.as_written.as_deref(), Some(text.trim()));
                    prop_assert!(!period.reading().is_empty());
                }
                Err(refusal) => prop_assert!(!refusal.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn one_verb_and_its_opposite(old in derived(), new in derived()) {
        let (there, back) = (compare(&old, &new), compare(&new, &old));
        let fits = match (&there, &back) {
            (Change::Same, Change::Same) => true,
            (Change::Slipped(a), Change::BroughtForward(b)) => {
                a.days == b.days && a.days >= 0
            }
            (Change::Slipped(a), Change::Narrowed) => a.days >= 0,
            (Change::BroughtForward(_) | Change::Narrowed, Change::Slipped(_)) => true,
            (Change::Narrowed, Change::Widened) | (Change::Widened, Change::Narrowed) => true,
            _ => false,
        };
        prop_assert!(fits, "{} / {}: {:?} / {:?}", old, new, there, back);
        if let Change::Slipped(shift) | Change::BroughtForward(shift) = &there {
            prop_assert!(!shift.to_string().is_empty());
            prop_assert!(!shift.to_string().starts_with("no "), "{}", shift);
        }
        prop_assert_eq!(compare(&old, &old), Change::Same);
    }

    #[test]
    fn comparing_is_total_on_unchecked_windows(
        days in prop::array::uniform4(any_day()), flags in any::<[bool; 4]>(),
    ) {
        let of = |from, to, deadline, open_ended| Period {
            from: Some(from), to: Some(to), deadline, open_ended, ..Period::day(from)
        };
        let old = of(days[0], days[1], flags[0], flags[1]);
        let new = of(days[2], days[3], flags[2], flags[3]);
        prop_assert!(!compare(&old, &new).to_string().is_empty());
        let _ = (old.reading(), old.canonical());
    }

    #[test]
    fn encodings_keep_a_period(mut period in derived(), words in prop::option::of("[a-z]{1,9}")) {
        period.as_written = words;
        let value = ciborium::Value::serialized(&period).unwrap();
        prop_assert_eq!(&value.deserialized::<Period>().unwrap(), &period);
        let json = serde_json::to_string(&period).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Period>(&json).unwrap(), &period);
    }
}
