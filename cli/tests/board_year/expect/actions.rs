//! The action log and the risk register.

use serde_json::Value;

use crate::office::Office;
use crate::register::{Register, dates, minuted, parts, plain, state, with};

pub fn check(office: &Office) {
    at_the_end(office);
    as_known_then(office);
    closed_by(office);
    risks(office);
    assurance(office);
}

/// `id | body | owner | dates | in all | state | from | given at | done | result | closed at | outcome`.
fn line(office: &Office, row: &Value) -> String {
    let owner = &row["owner"];
    let lead = plain(&owner["person"]).map(|person| office.who(&person).to_owned());
    parts([
        plain(&row["id"]),
        plain(&row["body"]),
        plain(&owner["post"]),
        lead,
        plain(&owner["organisation"]),
        dates(&row["due"]),
        with("in all ", &row["due"]["moved"]),
        state(row),
        plain(&row["decision"]),
        minuted(&row["said"]),
        with("done ", &row["completed"]),
        plain(&row["result"]),
        with("closed at ", &row["closed_at"]),
        plain(&row["outcome"]),
    ])
}

const BEDS: &str = "action/beds-paper | body/delivery | Head of Emergency Care | \
    organisation/hospitals | 5 September 2025 | open, overdue | decision/beds-to-board | \
    meeting/delivery-2025-06, minute 4";
const PRIVATE: &str = "action/quillfeather | body/board | Director of Estates | \
    30 November 2025 | open, overdue | decision/quillfeather | meeting/board-2025-09, minute 9";
const LEASE: &str = "action/site-lease | body/board | Director of Estates | lena | \
    30 June 2025 -> 31 August 2025 (moved, slipped 62 days, why: the landlord asked for a survey) \
    | in all slipped 62 days | closed | decision/cafe-at-hadley | \
    meeting/board-2025-05, minute 6 | done 20 August 2025 | Lease signed | \
    closed at meeting/board-2025-09 | The lease is held for Granby instead";
const SURVEY: &str = "action/carers-survey | body/board | Engagement Manager | dev | \
    31 October 2025 | closed | meeting/board-2025-07, minute 7 | done 4 November 2025 | \
    212 carers answered | closed at meeting/board-2025-11 | The survey goes to the Delivery Group";

fn at_the_end(office: &Office) {
    let line = |row: &Value| line(office, row);
    for (asked, lines) in [
        ("actions", &[BEDS, LEASE, SURVEY][..]),
        ("actions --reader part2", &[BEDS, PRIVATE, LEASE, SURVEY]),
        ("actions --overdue", &[BEDS]),
        ("actions --overdue --reader part2", &[BEDS, PRIVATE]),
        ("actions --overdue --on '5 September 2025'", &[]),
        ("actions --state closed", &[LEASE, SURVEY]),
        ("actions --body body/delivery", &[BEDS]),
    ] {
        Register::ask(office, asked).says(line, lines);
    }
}

fn as_known_then(office: &Office) {
    let line = |row: &Value| {
        parts([
            plain(&row["id"]),
            dates(&row["due"]),
            state(row),
            plain(&row["progress"]),
        ])
    };
    let moved = "action/site-lease | 30 June 2025 -> 31 August 2025 \
        (moved, slipped 62 days, why: the landlord asked for a survey)";
    for (asked, lines) in [
        // Before it was said that the lease needs two months more, and after.
        (
            "--known-at '25 June 2025' --on '1 July 2025'",
            &[
                "action/site-lease | 30 June 2025 | open, overdue",
                "action/beds-paper | 5 September 2025 | open",
            ][..],
        ),
        (
            "--known-at '30 June 2025' --on '1 July 2025'",
            &[
                &format!("{moved} | open"),
                "action/beds-paper | 5 September 2025 | open",
            ],
        ),
        // What one carer had said of herself is erased, from what was known then too. The newest
        // entry was of 3 September, and on the ninth the paper on beds was overdue.
        (
            "--known-at '9 September 2025'",
            &[
                "action/beds-paper | 5 September 2025 | open, overdue",
                "action/carers-survey | 31 October 2025 | open",
                &format!("{moved} | completed"),
            ],
        ),
        // The lease was signed on 20 August and reported five days later.
        (
            "--effective-at '21 August 2025'",
            &[
                "action/beds-paper | 5 September 2025 | open",
                "action/carers-survey | 31 October 2025 | open",
                &format!("{moved} | completed"),
            ],
        ),
        (
            "--known-at '21 August 2025' --on '21 August 2025'",
            &[
                &format!("{moved} | open"),
                "action/beds-paper | 5 September 2025 | open",
                "action/carers-survey | 31 October 2025 | open",
            ],
        ),
    ] {
        Register::ask(office, &format!("actions {asked}")).says(line, lines);
    }
}

/// The paper of one action says who closed it, and who had done it.
fn closed_by(office: &Office) {
    let paper = office.json("actions action/site-lease --format json");
    let entries = paper["data"]["history"]["entries"].as_array().unwrap();
    let line = |entry: &Value| {
        let who = plain(&entry["signer"]).map(|person| office.who(&person).to_owned());
        parts([plain(&entry["what"]), who])
    };
    let found: Vec<String> = entries.iter().map(line).collect();
    let expected = [
        "Action assigned: Sign the lease for the crisis cafe | sam",
        "Action due changed: 30 June 2025 → 31 August 2025 (slipped 62 days) | lena",
        "Action completed: Lease signed | lena",
        "Action closed: The lease is held for Granby instead | sam",
    ];
    assert_eq!(found.join("\n"), expected.join("\n"));
}

fn risks(office: &Office) {
    let line = |row: &Value| {
        let scores = row["scores"].as_array().unwrap().iter();
        let scores: Vec<String> = scores
            .map(|score| format!("{}x{}", score["likelihood"], score["impact"]))
            .collect();
        parts([
            plain(&row["id"]),
            plain(&row["owner"]),
            plain(&row["objective"]),
            Some(scores.join(", ")),
            plain(&row["state"]),
            plain(&row["controls"]),
            with("closed: ", &row["closed_because"]),
        ])
    };
    Register::ask(office, "risks").says(
        line,
        &[
            "risk/workforce | Director of People | objective/crisis-response | 4x4, 3x4, 5x4 | \
             open | None that works",
            "risk/estates | Director of Estates | objective/crisis-response | 3x3 | closed | \
             closed: the lease for Granby is signed",
        ],
    );
    Register::ask(office, "risks --known-at '31 July 2025'").has(
        line,
        &[
            "risk/workforce | Director of People | objective/crisis-response | 4x4, 3x4 | \
             open | Bank staff until January",
            "risk/estates | Director of Estates | objective/crisis-response | 3x3 | open",
        ],
    );
}

fn assurance(office: &Office) {
    let csv = office.good("assurance --format csv").out;
    for words in [
        "How actions are closed",
        "reasonable",
        "One action in ten has no date",
    ] {
        assert!(csv.contains(words), "{words:?} in\n{csv}");
    }
}
