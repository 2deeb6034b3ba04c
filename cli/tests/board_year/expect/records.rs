//! The record about itself: what was corrected, erased, kept, recorded late, or never reported.

use serde_json::Value;

use crate::look::Changed;
use crate::office::Office;
use crate::register::{Register, minuted, parts, plain, state, with};

fn line(row: &Value) -> String {
    parts([
        plain(&row["sort"]),
        plain(&row["id"]),
        state(row),
        with("entry ", &row["entry"]),
        plain(&row["what"]).filter(|_| row["sort"] != "erasure"),
        plain(&row["basis"]),
        with("why: ", &row["reason"]),
        minuted(&row["said"]),
    ])
}

pub fn check(office: &Office) {
    let held = office.meeting_held("meeting/board-2025-07");
    let report = office.erased_entry();
    let correction = &format!(
        "correction | meeting/board-2025-07 | entry {held} | public present: 14 | \
         why: two figures were swapped"
    );
    let erasure = &format!("erasure | record/{report} | UK GDPR Art 17(1)(d)");
    let hold = |state: &str| {
        format!(
            "hold | hold/foi-2025-017 | {state} | covers body/board | \
             open request, FOI 2025-017 | why: the request is not answered yet"
        )
    };
    let (lifted, in_force) = (&hold("lifted"), &hold("in force"));
    let late = "late | decision/peer-workers-bid | Decision made, recorded 18 September 2025 | \
        meeting/board-2025-05, minute 8";
    let unreported = "unreported | decision/winter-bridging | \
        nothing of Partnership Board, July 2025, 9 July 2025, names it | \
        why: the provider would have closed in July";
    // In July, when the meeting was recorded and not yet what it was told.
    let (before, after) = (
        office.first_about("decision/chairs-action-noted"),
        office.first_about("decision/chairs-action-noted") + 1,
    );
    for (asked, lines) in [
        (String::new(), &[correction, erasure, lifted, late][..]),
        ("--body body/board".to_owned(), &[correction, lifted, late]),
        ("--body body/delivery".to_owned(), &[]),
        ("--state late".to_owned(), &[late]),
        (
            "--known-at '30 September 2025'".to_owned(),
            &[correction, in_force, late],
        ),
        ("--known-at '31 August 2025'".to_owned(), &[correction]),
        (format!("--known-at {before}"), &[unreported]),
        (format!("--known-at {after}"), &[]),
    ] {
        Register::ask(office, &format!("records {asked}")).says(line, lines);
    }
    hold_of_the_board(office);
    erased(office, report);
}

/// The Board hears of the hold on its records; the Delivery Group's are not held.
fn hold_of_the_board(office: &Office) {
    let between = "--since '15 September 2025' --until '31 October 2025'";
    let lines = [
        "hold/foi-2025-017 | placed | why: the request is not answered yet | rex",
        "hold/foi-2025-017 | lifted | why: the request was answered on 10 October | rex",
    ];
    Changed::ask(office, &format!("--body body/board {between}")).says("holds", &lines);
    Changed::ask(office, &format!("--body body/delivery {between}")).says("holds", &[]);
}

/// What became of the entry itself: who approved, who erased, and on which basis. Its content is
/// nowhere, and nothing says any more what it was about.
fn erased(office: &Office, report: u64) {
    let paper = office.json(&format!("history record/{report} --format json"));
    let entries = paper["data"]["entries"].as_array().unwrap();
    let line = |entry: &Value| {
        let who = plain(&entry["signer"]).map(|person| office.who(&person).to_owned());
        parts([plain(&entry["what"]), who])
    };
    let found: Vec<String> = entries.iter().map(line).collect();
    let expected = [
        "Approval given | ada",
        "Content erased: UK GDPR Art 17(1)(d) | rex",
    ];
    assert_eq!(found.join("\n"), expected.join("\n"));
    let said = office.run(&format!("show {report}"));
    assert_eq!(said.code, 0, "{}", said.err);
    let erasing = office.entry_of(&format!("record/{report}"));
    let plain = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    let words = format!(
        "Its content was erased by entry {erasing} on 14 October 2025 (UK GDPR Art 17(1)(d))."
    );
    assert!(plain.contains(&words), "{plain}");
}
