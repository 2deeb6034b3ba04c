//! What was said in private reaches no public register, status, history or paper about one thing, in
//! none of the five forms; and it reaches those who may read it.

use super::same_bytes::ERASED;
use crate::office::{FORMS, Office};

/// Stands in every private entry and in no other.
const PRIVATE: &str = "quillfeather";

/// Every register, with whether it tells the private item to those who may read it.
pub const REGISTERS: [(&str, bool); 20] = [
    ("decisions", true),
    ("actions", true),
    ("milestones", false),
    ("progress", false),
    ("metrics", false),
    ("sign-offs", false),
    ("meetings", false),
    ("minutes", true),
    ("bodies", false),
    ("organisations", false),
    ("people", false),
    ("interests", false),
    ("agreements", false),
    ("risks", false),
    ("assurance", false),
    ("funding", false),
    ("evaluations", false),
    ("consultations", false),
    ("documents", false),
    ("records", false),
];

pub fn check(office: &Office) {
    for (register, tells) in REGISTERS {
        for form in FORMS {
            public(office, &format!("{register} --format {form}"));
        }
        private(office, register, tells);
    }
    for (question, tells) in [
        ("status", false),
        ("history meeting/board-2025-09", false),
        ("history body/board", false),
        // The meeting's decisions and actions, and the body's, name the private ones.
        ("meetings meeting/board-2025-09", true),
        ("bodies body/board", true),
        ("minutes minutes/board-2025-09", false),
        ("decisions decision/no-app", false),
        ("decisions --known-at '30 September 2025'", true),
        ("actions --overdue --on '1 December 2025'", true),
        ("decisions --effective-at '31 December 2025'", true),
    ] {
        for form in FORMS {
            public(office, &format!("{question} --format {form}"));
        }
        private(office, question, tells);
    }
    unknown(office);
    for register in [
        "actions",
        "actions action/carers-survey",
        "history action/carers-survey",
    ] {
        for known_at in ["", "--known-at '30 September 2025'"] {
            let asked = format!("{register} {known_at} --reader restricted --format json");
            assert!(!office.good(&asked).out.contains(ERASED), "{asked}");
        }
    }
}

fn public(office: &Office, asked: &str) {
    let said = office.good(asked);
    let told = speaks(&said.out) || speaks(&said.err);
    assert!(!told, "{asked}\n{}", said.out);
}

fn private(office: &Office, question: &str, tells: bool) {
    let asked = format!("{question} --reader part2 --format json");
    let said = office.good(&asked);
    assert_eq!(speaks(&said.out), tells, "{asked}\n{}", said.out);
}

/// A private thing is refused in the very words with which one is that does not exist.
fn unknown(office: &Office) {
    for (question, name) in [
        ("decisions decision/", "decision"),
        ("history decision/", "decision"),
        ("actions action/", "action"),
        ("history action/", "action"),
        ("minutes minutes/", "minutes"),
        ("history minutes/", "minutes"),
    ] {
        let there = office.run(&format!("{question}quillfeather"));
        let absent = office.run(&format!("{question}nothing"));
        assert_eq!((there.code, absent.code), (1, 1), "{question}");
        let refused = there.err.replace("quillfeather", "nothing");
        assert_eq!(refused, absent.err, "{name}");
        assert!(!speaks(&absent.err) && !speaks(&there.out), "{name}");
        // Whoever may read it is told.
        office.good(&format!("{question}quillfeather --reader part2"));
    }
}

fn speaks(text: &str) -> bool {
    text.to_lowercase().contains(PRIVATE)
}
