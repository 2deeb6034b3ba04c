//! Meetings and whether they could decide, their minutes, and the interests declared at them.

use serde_json::Value;

use crate::office::Office;
use crate::register::{Register, parts, plain, state, with};

pub fn check(office: &Office) {
    meetings(office);
    one_item(office);
    minutes(office);
    interests(office);
}

fn meetings(office: &Office) {
    let line = |row: &Value| {
        let quorum = &row["quorum"];
        parts([
            plain(&row["id"]),
            state(row),
            plain(&row["date"]),
            plain(&quorum["quoracy"]),
            with("voting: ", &quorum["voting"]),
            plain(&quorum["missing"]),
            with("minutes ", &row["minutes"]).filter(|_| !quorum.is_null()),
            with("excluded: ", &row["excluded"]),
        ])
    };
    let may = "meeting/board-2025-05 | held | 14 May 2025 | quorate | voting: 7";
    let delivery = "meeting/delivery-2025-06 | held | 18 June 2025 | quorate | voting: 4 | \
        minutes drafted";
    Register::ask(office, "meetings").says(
        line,
        &[
            "meeting/board-2025-11 | held | 12 November 2025 | quorate | voting: 5 | \
             minutes drafted",
            "meeting/audit-2025-10 | held | 15 October 2025 | quorate | voting: 2 | \
             minutes drafted",
            "meeting/board-2025-09 | held | 10 September 2025 | quorate | voting: 7 | \
             minutes approved | excluded: Public Bodies (Admission to Meetings) Act 1960 s1(2)",
            "meeting/board-2025-07 | held | 9 July 2025 | quorate | voting: 6 | minutes approved",
            delivery,
            &format!("{may} | minutes approved"),
        ],
    );
    Register::ask(office, "meetings --known-at '8 July 2025'").says(
        line,
        &[
            "meeting/board-2025-07 | called | 9 July 2025",
            delivery,
            &format!("{may} | minutes amended"),
        ],
    );
    // Known at the end of June, looked at ten days later: nobody has said that it was held.
    let asked = "meetings --known-at '8 July 2025' --on '18 July 2025' --body body/board";
    Register::ask(office, asked).also(
        line,
        &["meeting/board-2025-07 | not recorded as held | 9 July 2025"],
    );
}

/// In July two left the room for one item: the Board could decide all but that.
fn one_item(office: &Office) {
    let csv = office
        .good("meetings meeting/board-2025-07 --format csv")
        .out;
    for words in [
        "Evaluation contract,,decision,not quorate,\"5 voting members are needed, 4 counted\"",
        "Concordat: the text,,decision,quorate",
        "public present of entry",
    ] {
        assert!(csv.contains(words), "{words:?} in\n{csv}");
    }
    let text = office
        .good("meetings meeting/board-2025-09 --format csv")
        .out;
    assert!(text.contains("Public excluded: for item 9"), "{text}");
    assert!(!text.contains("not quorate"), "{text}");
}

fn minutes(office: &Office) {
    let line = |row: &Value| {
        let amendments = row["amendments"].as_array().unwrap().iter();
        let amendments: Vec<String> = amendments
            .filter_map(|one| plain(&one["changes"]))
            .collect();
        let same = row["approved_text_sha256"] == row["text_sha256"];
        parts([
            plain(&row["id"]),
            plain(&row["meeting"]),
            state(row),
            with("version ", &row["version"]),
            with("at ", &row["approved_at"]),
            (same && state(row).as_deref() == Some("approved")).then(|| "word for word".to_owned()),
            Some(amendments.join("; ")),
            plain(&row["approval"]["signer"]).map(|person| office.who(&person).to_owned()),
        ])
    };
    let november = "minutes/board-2025-11 | meeting/board-2025-11 | drafted | version 1";
    let audit = "minutes/audit-2025-10 | meeting/audit-2025-10 | drafted | version 1";
    let september = "minutes/board-2025-09 | meeting/board-2025-09 | approved | version 2 | \
        at meeting/board-2025-11 | word for word | Minute 6 names the damp | cora";
    let private = "minutes/quillfeather | meeting/board-2025-09 | drafted | version 1";
    let july = "minutes/board-2025-07 | meeting/board-2025-07 | approved | version 2 | \
        at meeting/board-2025-09 | word for word | Minute 7 names who abstained | cora";
    let delivery = "minutes/delivery-2025-06 | meeting/delivery-2025-06 | drafted | version 1";
    let changes = "Minute 5 gives the dissent in its own words";
    let may = &format!(
        "minutes/board-2025-05 | meeting/board-2025-05 | approved | version 2 | \
         at meeting/board-2025-07 | word for word | {changes} | cora"
    );
    let public = [november, audit, september, july, delivery, may];
    let whole = [november, audit, september, private, july, delivery, may];
    Register::ask(office, "minutes").says(line, &public);
    Register::ask(office, "minutes --reader part2").says(line, &whole);
    let amended =
        format!("minutes/board-2025-05 | meeting/board-2025-05 | amended | version 2 | {changes}");
    Register::ask(office, "minutes --known-at '30 June 2025'").says(line, &[delivery, &amended]);
    Register::ask(office, "minutes --known-at '31 May 2025'").says(
        line,
        &["minutes/board-2025-05 | meeting/board-2025-05 | drafted | version 1"],
    );
    let csv = office.good("minutes --format csv").out;
    assert!(csv.contains("approved, version 2"), "{csv}");
}

fn interests(office: &Office) {
    let line = |row: &Value| {
        parts([
            plain(&row["person"]).map(|person| office.who(&person).to_owned()),
            plain(&row["organisation"]),
            plain(&row["kind"]),
            plain(&row["meeting"]),
            with("item ", &row["item"]),
            plain(&row["handling"]),
        ])
    };
    let left = |meeting: &str, item: u8| {
        [("nina", "mental-health-trust"), ("vera", "mind")].map(|(who, organisation)| {
            format!(
                "{who} | organisation/{organisation} | financial | {meeting} | item {item} | left"
            )
        })
    };
    let july = left("meeting/board-2025-07", 8);
    let september = left("meeting/board-2025-09", 5);
    let all: Vec<&str> = july.iter().chain(&september).map(String::as_str).collect();
    Register::ask(office, "interests").has(line, &all);
    Register::ask(office, "interests --known-at '31 August 2025'").has(line, &all[..2]);
}
