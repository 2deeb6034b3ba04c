//! The history of one thing: every date that a milestone had and why, every answer that an
//! organisation gave, and what became of a decision.

use serde_json::Value;

use crate::office::Office;
use crate::register::{minuted, parts, plain, with};

pub fn check(office: &Office) {
    for (subject, told) in [
        // No date is lost, and they stand in the order in which they were said.
        (
            "milestone/crisis-line",
            &[
                "Milestone set: Crisis line open day and night | sam",
                "Milestone slipped: Q2 2025/26 → Q3 2025/26 (slipped one quarter) | \
                 why: the telephone contract was let late | lena",
                "Status reported: The form has no rating for a single milestone | lena",
                "Milestone slipped: Q3 2025/26 → Q4 2025/26 (slipped one quarter) | \
                 why: staff are trained only from January | meeting/board-2025-07, minute 6 | lena",
            ][..],
        ),
        (
            "milestone/training",
            &[
                "Milestone set: Control room staff trained | sam",
                "Milestone completed: All 84 staff trained | true 30 July 2025 | lena",
                "Milestone reopened: due 31 January 2026 | \
                 why: the new control room opens with new staff | lena",
            ],
        ),
        (
            "decision/cafe-at-hadley",
            &[
                "Decision made: Crisis cafe opens at Hadley | meeting/board-2025-05, minute 6 | sam",
                "Decision superseded by Crisis cafe opens at Granby (decision/cafe-at-granby): \
                 the survey found damp | why: the survey found damp | meeting/board-2025-09, minute 6 | sam",
            ],
        ),
        (
            "decision/referral-form",
            &[
                "Decision made: One referral form for all partners | \
                 meeting/delivery-2025-06, minute 3 | sam",
                "Decision rescinded by Go back to two referral forms (decision/two-forms): \
                 referrals took longer with one form | why: referrals took longer with one form | \
                 meeting/board-2025-11, minute 5 | sam",
            ],
        ),
        (
            "hold/foi-2025-017",
            &[
                "Hold placed: Request for what carers said | why: the request is not answered yet | \
                 rex",
                "Hold lifted: the request was answered on 10 October | \
                 why: the request was answered on 10 October | rex",
            ],
        ),
        (
            "agreement/concordat",
            &[
                "Agreement made: Marches Crisis Concordat | sam",
                "Party left: University of the Marches (organisation/university) | \
                 why: its health faculty closes | sam",
            ],
        ),
        // What was first reported is erased, and nothing else is.
        (
            "action/carers-survey",
            &[
                "Action assigned: Ask carers what they need | meeting/board-2025-07, minute 7 | sam",
                "Action completed: 212 carers answered | true 4 November 2025 | dev",
                "Action closed: The survey goes to the Delivery Group | \
                 meeting/board-2025-11, minute 4 | sam",
            ],
        ),
    ] {
        assert_eq!(
            history(office, subject).join("\n"),
            told.join("\n"),
            "{subject}"
        );
    }
    let text = office.digest("minutes-2025-05-v2.txt");
    let approved = format!(
        "Minutes approved: the text with the SHA-256 {}… | meeting/board-2025-07, minute 2 | cora",
        &text[..16]
    );
    assert_eq!(
        history(office, "minutes/board-2025-05"),
        [
            "Minutes drafted: version 1 | sam",
            "Minutes amended: Minute 5 gives the dissent in its own words (version 2) | sam",
            &approved,
        ]
    );
    let corrected = history(office, "meeting/board-2025-07");
    let held = office.meeting_held("meeting/board-2025-07");
    let correction = format!(
        "Correction recorded: public present of entry {held} is 14 | \
         why: two figures were swapped | sam"
    );
    assert_eq!(corrected.last(), Some(&correction));
    in_words(office);
}

/// The table tells it too, with names: who signed, and for whom.
fn in_words(office: &Office) {
    let csv = office.good("history sign-off/concordat --format csv").out;
    for words in [
        "Sign-off declined for Granby Borough Council",
        "the council has not met on it",
        "Sign-off given for Marches Recovery College",
        "Carol Conteh",
        "signatory of Hadley Borough Council",
        "Hugo Hartley",
        "Nina Nakamura",
    ] {
        assert!(csv.contains(words), "{words:?} in\n{csv}");
    }
}

/// `what | when true | why | minuted | by`.
fn history(office: &Office, subject: &str) -> Vec<String> {
    let paper = office.json(&format!("history {subject} --format json"));
    let line = |entry: &Value| {
        let by = plain(&entry["signer"]).map(|person| office.who(&person).to_owned());
        parts([
            plain(&entry["what"]),
            with("true ", &entry["effective"]),
            with("why: ", &entry["reason"]),
            minuted(entry),
            by,
        ])
    };
    let entries = paper["data"]["entries"].as_array().unwrap();
    entries.iter().map(line).collect()
}
