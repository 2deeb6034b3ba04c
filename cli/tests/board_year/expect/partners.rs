//! The sign-off board and the agreement that came of it.

use serde_json::Value;

use crate::office::Office;
use crate::register::{Register, parts, plain, state, with};
use crate::story::founding::PARTNERS;

pub fn check(office: &Office) {
    at_the_end(office);
    everyone(office);
    as_known_then(office);
    agreement(office);
}

/// `id | state | signed of needed | rule | by | missing`.
fn line(row: &Value) -> String {
    let missing = row["missing"].as_array().unwrap().iter();
    let missing: Vec<String> = missing
        .filter_map(|who| plain(&who["organisation"]))
        .collect();
    let missing = match missing.len() {
        0 => None,
        1..=3 => Some(format!("missing: {}", missing.join(", "))),
        many => Some(format!("missing: {many}")),
    };
    parts([
        plain(&row["id"]),
        state(row),
        Some(format!("{} of {}", row["signed"], row["needed"])),
        plain(&row["rule"]),
        with("by ", &row["deadline"]),
        missing,
    ])
}

const SHARING: &str = "sign-off/data-sharing | complete | 5 of 5 | n of m";

fn at_the_end(office: &Office) {
    let whole = "sign-off/concordat | complete | 25 of 25 | each organisation once | \
        by 31 October 2025";
    for (asked, lines) in [
        ("sign-offs", &[whole, SHARING][..]),
        ("sign-offs --overdue", &[]),
        ("sign-offs --body body/audit", &[]),
    ] {
        Register::ask(office, asked).says(line, lines);
    }
}

/// Who signed for each of the 25, and who had declined before.
fn everyone(office: &Office) {
    let paper = office.json("sign-offs sign-off/concordat --format json");
    let signatories = paper["data"]["row"]["signatories"].as_array().unwrap();
    let answer = |one: &Value| {
        let by = plain(&one["by"]).map(|person| office.who(&person).to_owned());
        parts([
            plain(&one["who"]["organisation"]),
            plain(&one["answer"]),
            by,
        ])
    };
    let found: Vec<String> = signatories.iter().map(answer).collect();
    let expected: Vec<String> = PARTNERS
        .iter()
        .map(|(id, _, by)| format!("organisation/{id} | signed | {by}"))
        .collect();
    assert_eq!(found, expected);
    let entries = paper["data"]["history"]["entries"].as_array().unwrap();
    let of = |event: &str| {
        let of = entries.iter().filter(|one| one["event"] == event);
        of.map(|one| plain(&one["what"]).unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("SignOffDeclined"),
        [
            "Sign-off declined for Granby Borough Council (organisation/granby): \
             the council has not met on it",
            "Sign-off declined for Hadley Borough Council (organisation/hadley): \
             the council has not met on it",
        ]
    );
    // In the order in which they were given: the two that had declined come last.
    let given = of("SignOffGiven");
    assert_eq!(given.len(), 25);
    assert_eq!(
        given[0],
        "Sign-off given for Marches Integrated Care Board (organisation/icb)"
    );
    assert_eq!(
        given[23..],
        [
            "Sign-off given for Granby Borough Council (organisation/granby)",
            "Sign-off given for Hadley Borough Council (organisation/hadley)",
        ]
    );
}

fn as_known_then(office: &Office) {
    let concordat = "sign-off/concordat | waiting";
    let rule = "each organisation once | by 31 October 2025";
    let last = office.entry_of("sign-off/data-sharing");
    for (asked, lines) in [
        (
            "--known-at '31 July 2025'".to_owned(),
            vec![format!("{concordat} | 0 of 25 | {rule} | missing: 25")],
        ),
        (
            "--known-at '30 September 2025'".to_owned(),
            vec![
                format!(
                    "{concordat} | 23 of 25 | {rule} | \
                     missing: organisation/granby, organisation/hadley"
                ),
                SHARING.to_owned(),
            ],
        ),
        // Before the signature of the police, four of seven had signed.
        (
            format!("--known-at {last}"),
            vec![
                format!("{concordat} | 17 of 25 | {rule} | missing: 8"),
                "sign-off/data-sharing | waiting | 4 of 5 | n of m | missing: \
                 organisation/community-trust, organisation/police, organisation/ashford"
                    .to_owned(),
            ],
        ),
        (
            "--effective-at '31 August 2025'".to_owned(),
            vec![
                format!("{concordat} | 17 of 25 | {rule} | missing: 8"),
                SHARING.to_owned(),
            ],
        ),
        (
            "--known-at '30 September 2025' --overdue --on '1 November 2025'".to_owned(),
            vec![format!(
                "sign-off/concordat | waiting, overdue | 23 of 25 | {rule} | \
                 missing: organisation/granby, organisation/hadley"
            )],
        ),
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Register::ask(office, &format!("sign-offs {asked}")).says(line, &lines);
    }
    // The board of July names the two that declined, and why.
    let csv = office
        .good("sign-offs --known-at '31 July 2025' --format csv")
        .out;
    for words in ["Granby Borough Council", "the council has not met on it"] {
        assert!(csv.contains(words), "{words:?} in\n{csv}");
    }
}

fn agreement(office: &Office) {
    let line = |row: &Value| {
        parts([
            plain(&row["id"]),
            plain(&row["title"]),
            plain(&row["kind"]),
            plain(&row["sign_off"]),
            Some(format!(
                "parties: {}",
                row["parties"].as_array().unwrap().len()
            )),
            with("left: ", &row["left"]),
            with("joined: ", &row["joined"]),
        ])
    };
    let made = "agreement/concordat | Marches Crisis Concordat | concordat | sign-off/concordat";
    for (asked, lines) in [
        (
            "",
            &[format!(
                "{made} | parties: 24 | left: organisation/university"
            )][..],
        ),
        (
            "--known-at '31 October 2025'",
            &[format!("{made} | parties: 25")],
        ),
        ("--known-at '20 October 2025'", &[]),
    ] {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Register::ask(office, &format!("agreements {asked}")).says(line, &lines);
    }
}
