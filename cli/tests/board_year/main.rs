//! A worked example.

#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod expect;
mod look;
mod office;
mod story;

use std::panic::{AssertUnwindSafe, catch_unwind};

use office::Office;

/// A topic and what it checks.
type Part = (&'static str, fn(&Office));

/// One test, so that the year is recorded once; every part is heard even where another failed.
#[test]
fn a_year_of_a_partnership_board() {
    let mut office = story::year();
    office.at("2026-03-31 18:00:00");
    let parts: &[Part] = &[
        ("May to July", expect::board_to_july::check),
        ("July to September", expect::board_to_september::check),
        (
            "September to November, and after",
            expect::board_to_november::check,
        ),
    ];
    let failed: Vec<&str> = parts
        .iter()
        .filter(|(_, check)| catch_unwind(AssertUnwindSafe(|| check(&office))).is_err())
        .map(|(part, _)| *part)
        .collect();
    assert!(
        failed.is_empty(),
        "not as in the story: {}",
        failed.join("; ")
    );
}
