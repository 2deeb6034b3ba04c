//! The history of one thing: every date that a milestone had and why, every answer that an
//! organisation gave, and what became of a decision. Registers and status have their place here too.

use crate::office::Office;

pub fn check(office: &Office) {
    for (subject, told) in [
        (
            "milestone/crisis-line",
            &[
                "the telephone contract was let late",
                "staff are trained only from January",
                "Lena Lindqvist",
            ][..],
        ),
        (
            "decision/cafe-at-hadley",
            &["Crisis cafe opens at Hadley", "the survey found damp"],
        ),
        (
            "sign-off/concordat",
            &[
                "the council has not met on it",
                "Carol Conteh",
                "Hugo Hartley",
                "Nina Nakamura",
            ],
        ),
        ("minutes/board-2025-05", &["Cora Castellan"]),
    ] {
        let said = history(office, subject);
        for words in told {
            assert!(said.contains(words), "{subject}: {words:?} in {said}");
        }
    }
    // No date is lost, and they stand in the order in which they were said.
    let said = history(office, "milestone/crisis-line");
    let at = |date| said.find(date).unwrap();
    assert!(at("Q2 2025/26") < at("Q3 2025/26") && at("Q3 2025/26") < at("Q4 2025/26"));
}

fn history(office: &Office, subject: &str) -> String {
    let said = office.good(&format!("history {subject}")).out;
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}
