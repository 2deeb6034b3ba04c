//! What happened to a date: slipped, brought forward, or only said more or less exactly.

use std::fmt;

use jiff::civil::Date;

use super::{Period, Shift};

/// How a new date stands to the old one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It ends later.
    Slipped(Shift),
    /// It ends earlier, and not inside the old window.
    BroughtForward(Shift),
    /// It lies inside the old window: the same promise, said more exactly.
    Narrowed,
    /// It ends on the same day and starts earlier: the same promise, said less exactly.
    Widened,
    /// The same window, whatever the words.
    Same,
    /// One of them names no window.
    NotComparable,
}

impl Change {
    /// The field's word for it: `slipped`, `brought forward`, `restated`, `no change`.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Slipped(_) => "slipped",
            Self::BroughtForward(_) => "brought forward",
            Self::Narrowed | Self::Widened => "restated",
            Self::Same => "no change",
            Self::NotComparable => "not comparable",
        }
    }
}

/// The verb, and how far: "slipped one year (24/25 to 25/26)".
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slipped(shift) | Self::BroughtForward(shift) => {
                write!(f, "{} {shift}", self.verb())
            }
            _ => f.write_str(self.verb()),
        }
    }
}

/// Compares an old date with a new one, each a window.
///
/// The tests, in order; a "by" date counts only its end, as a window of that one day:
///
/// | test | change |
/// |---|---|
/// | same window | [`Change::Same`] |
/// | the new one ends later | [`Change::Slipped`] |
/// | the new one lies inside the old, which is no "by" date | [`Change::Narrowed`] |
/// | the new one ends earlier | [`Change::BroughtForward`] |
/// | both end together and the new one starts earlier | [`Change::Widened`] |
///
/// An open-ended period is never late, so beside one that ends it has no end at all: "2025/26 and
/// beyond" narrows to "December 2025", and to "2026/27" too; and "2025/26" slips when it becomes
/// "2025/26 and beyond", for it gives up its last day. Between two open-ended ones the windows that
/// were named are compared: "2025/26 and beyond" slips a year to "2026/27 and beyond".
pub fn compare(old: &Period, new: &Period) -> Change {
    let (Some(a), Some(b)) = (window(old, new), window(new, old)) else {
        return Change::NotComparable;
    };
    if a == b {
        return Change::Same;
    }
    let shift = || Shift::between(old, new);
    let ((a_from, a_to), (b_from, b_to)) = (a, b);
    if b_to > a_to {
        Change::Slipped(shift())
    } else if b_from >= a_from && !old.deadline {
        Change::Narrowed
    } else if b_to < a_to {
        Change::BroughtForward(shift())
    } else {
        Change::Widened
    }
}

/// The window that counts for one of two dates.
fn window(period: &Period, other: &Period) -> Option<(Date, Date)> {
    let (from, to) = (period.from?, period.to?);
    let from = if period.deadline { to } else { from };
    let to = if period.open_ended && !other.open_ended {
        Date::MAX
    } else {
        to
    };
    Some((from, to))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    fn change(old: &str, new: &str) -> String {
        let read = |words| Period::parse(words).unwrap();
        compare(&read(old), &read(new)).to_string()
    }

    #[test]
    fn names_the_change() {
        let cases = [
            // Row 1: the new one ends later.
            ("2024/25", "25/26", "slipped one year (24/25 to 25/26)"),
            (
                "2024/25",
                "by 2026/27",
                "slipped two years (24/25 to 26/27)",
            ),
            ("Q1 2025/26", "Q3 2025/26", "slipped two quarters"),
            ("by Q4 2023/24", "Q1 2024/25", "slipped one quarter"),
            ("14 May 2025", "31 May 2025", "slipped 17 days"),
            ("December 2025", "2025/26", "slipped three months"),
            ("December 2025", "2026/27", "slipped 15 months"),
            ("Q3 2025/26", "2026/27", "slipped five quarters"),
            ("Q3 2025/26", "January 2026", "slipped one month"),
            ("2025/26", "14 May 2026", "slipped 44 days"),
            ("February 2024", "February 2025", "slipped 12 months"),
            ("2023-2026", "2023-2027", "slipped one year"),
            ("by 2024", "by 2024/25", "slipped three months"),
            (
                "week commencing 3 November 2025",
                "w/c 17 November 2025",
                "slipped two weeks",
            ),
            // Row 2: inside the old one.
            ("2025/26", "December 2025", "restated"),
            ("2025/26", "Q3/4 2025/26", "restated"),
            ("2025/26", "by 31 March 2026", "restated"),
            ("2025/26", "by December 2025", "restated"),
            // Row 3: ends earlier, not inside; or inside a "by" date, which counts only its end.
            (
                "2025/26",
                "2024/25",
                "brought forward one year (25/26 to 24/25)",
            ),
            (
                "May 2022",
                "by the end of November 2021",
                "brought forward six months",
            ),
            (
                "by 2025/26",
                "December 2025",
                "brought forward three months",
            ),
            (
                "by 2025/26",
                "by 2024/25",
                "brought forward one year (25/26 to 24/25)",
            ),
            ("December 2025", "Q2 2025/26", "brought forward one quarter"),
            // Row 4: the same end, an earlier start.
            ("March 2026", "2025/26", "restated"),
            ("by 2025/26", "2025/26", "restated"),
            ("Q4 2025/26", "Q3/4 2025/26", "restated"),
            // Row 5: the same window.
            ("25/26", "FY26", "no change"),
            ("by Q4 2023/24", "by 2023/24", "no change"),
            ("by 31 March 2026", "31 March 2026", "no change"),
            // Open-ended.
            ("2025/26 and beyond", "December 2025", "restated"),
            ("2025/26 and beyond", "2025/26", "restated"),
            ("2025/26 and beyond", "2026/27", "restated"),
            (
                "2025/26 and beyond",
                "2024/25",
                "brought forward from an open end",
            ),
            ("2025/26", "2025/26 and beyond", "slipped to an open end"),
            (
                "2025/26 and beyond",
                "26/27 and beyond",
                "slipped one year (25/26 to 26/27)",
            ),
            ("2025/26 and beyond", "from 2025/26", "no change"),
        ];
        for (old, new, said) in cases {
            assert_eq!(change(old, new), said, "{old} -> {new}");
        }
    }

    #[test]
    fn only_slips_and_bringing_forward_have_a_length() {
        let read = |words| Period::parse(words).unwrap();
        let narrowed = compare(&read("2025/26 and beyond"), &read("December 2025"));
        assert_eq!(narrowed, Change::Narrowed);
        assert_eq!(
            compare(&read("March 2026"), &read("2025/26")),
            Change::Widened
        );
    }

    #[test]
    fn without_a_window_nothing_is_compared() {
        let year = Period::parse("25/26").unwrap();
        let windowless = Period {
            from: None,
            to: None,
            precision: None,
            ..year.clone()
        };
        assert_eq!(compare(&year, &windowless), Change::NotComparable);
        assert_eq!(compare(&windowless, &year).verb(), "not comparable");
    }
}
