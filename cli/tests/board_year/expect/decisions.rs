//! The decision register: what stands, what was superseded or taken back, what is only foreseen.

use serde_json::Value;

use crate::office::Office;
use crate::register::{Register, minuted, parts, plain, state, with};

pub fn check(office: &Office) {
    at_the_end(office);
    as_known_then(office);
    as_true_then(office);
    in_words(office);
}

/// `id | body | state | kind | manner | votes | day | minuted | rests on | by | why`.
fn line(row: &Value) -> String {
    let votes = &row["votes"];
    let votes = plain(&votes["in_favour"]).map(|in_favour| {
        let others = [&votes["against"], &votes["abstained"]];
        let [against, abstained] = others.map(|count| plain(count).unwrap());
        format!("{in_favour} to {against}, {abstained} abstained")
    });
    parts([
        plain(&row["id"]),
        plain(&row["body"]),
        state(row),
        plain(&row["kind"]),
        plain(&row["manner"]),
        votes,
        with("dissent: ", &row["dissent"]),
        plain(&row["decided"]),
        with("expected ", &row["expected"]).filter(|_| row["decided"].is_null()),
        minuted(&row["said"]),
        with("under ", &row["authority"]),
        with("evidence: ", &row["evidence"]),
        with("by ", &row["superseded_by"]),
        with("by ", &row["rescinded_by"]),
        with("why: ", &row["rescinded_because"]),
    ])
}

const NOVEMBER: &str = "decision/two-forms | body/board | made | agreed | vote | \
    4 to 1, 0 abstained | 12 November 2025 | meeting/board-2025-11, minute 5";
const AUDIT: &str = "decision/audit-plan | body/audit | made | approved | consensus | \
    15 October 2025 | meeting/audit-2025-10, minute 3";
const SEPTEMBER: [&str; 3] = [
    "decision/evaluation-contract | body/board | made | approved | vote | 5 to 0, 0 abstained | \
     10 September 2025 | meeting/board-2025-09, minute 5",
    "decision/cafe-at-granby | body/board | made | agreed | consensus | \
     10 September 2025 | meeting/board-2025-09, minute 6",
    "decision/no-app | body/board | made | agreed | consensus | \
     10 September 2025 | meeting/board-2025-09, minute 7",
];
const PRIVATE: &str = "decision/quillfeather | body/board | made | approved | consensus | \
    10 September 2025 | meeting/board-2025-09, minute 9";
const JULY: [&str; 4] = [
    "decision/chairs-action-noted | body/board | made | noted | consensus | 9 July 2025 | \
     meeting/board-2025-07, minute 3 | evidence: decision/winter-bridging",
    "decision/data-sharing-put-off | body/board | made | deferred | consensus | 9 July 2025 | \
     meeting/board-2025-07, minute 5",
    "decision/crisis-line-date | body/board | made | agreed | consensus | 9 July 2025 | \
     meeting/board-2025-07, minute 6",
    "decision/concordat-text | body/board | made | approved | vote | 5 to 0, 1 abstained | \
     9 July 2025 | meeting/board-2025-07, minute 7",
];
const ONE_FORM: &str = "decision/referral-form | body/delivery | made | agreed | consensus | \
    18 June 2025 | meeting/delivery-2025-06, minute 3";
const ONE_FORM_TAKEN_BACK: &str = "decision/referral-form | body/delivery | rescinded | agreed | \
    consensus | 18 June 2025 | meeting/delivery-2025-06, minute 3 | by decision/two-forms | \
    why: referrals took longer with one form";
const BEDS: &str = "decision/beds-to-board | body/delivery | made | agreed | vote | \
    3 to 0, 1 abstained | 18 June 2025 | meeting/delivery-2025-06, minute 4";
const MAY: [&str; 3] = [
    "decision/annual-report | body/board | made | received | consensus | 14 May 2025 | \
     meeting/board-2025-05, minute 3",
    "decision/strategy | body/board | made | approved | consensus | 14 May 2025 | \
     meeting/board-2025-05, minute 4",
    "decision/work-programme | body/board | made | approved | vote | 6 to 1, 0 abstained | \
     dissent: Ashford asked for a costed plan first | 14 May 2025 | \
     meeting/board-2025-05, minute 5",
];
const HADLEY: &str = "decision/cafe-at-hadley | body/board | made | agreed | consensus | \
    14 May 2025 | meeting/board-2025-05, minute 6";
const NOT_AT_HADLEY: &str = "decision/cafe-at-hadley | body/board | superseded | agreed | \
    consensus | 14 May 2025 | meeting/board-2025-05, minute 6 | by decision/cafe-at-granby";
const DELEGATION: &str = "decision/winter-delegation | body/board | made | agreed | consensus | \
    14 May 2025 | meeting/board-2025-05, minute 7";
const FORGOTTEN: &str = "decision/peer-workers-bid | body/board | made | approved | consensus | \
    14 May 2025 | meeting/board-2025-05, minute 8";
/// No meeting decided these, and nobody wrote down a day.
const CHAIR: &str = "decision/winter-bridging | body/board | made | approved | chairs action | \
    under authority/winter";
const SIGNED: &str = "decision/data-sharing | body/board | made | agreed | written resolution | \
    under sign-off/data-sharing";
const FORESEEN: &str = "decision/evaluation-contract | body/board | foreseen | expected July 2025";

/// Twenty, the newest first, those of one meeting as they were minuted.
fn at_the_end(office: &Office) {
    let late = [NOT_AT_HADLEY, DELEGATION, FORGOTTEN, CHAIR, SIGNED];
    let all = |private: &[&'static str]| {
        let mut lines = vec![NOVEMBER, AUDIT];
        lines.extend(SEPTEMBER);
        lines.extend(private);
        lines.extend(JULY);
        lines.extend([ONE_FORM_TAKEN_BACK, BEDS]);
        lines.extend(MAY);
        lines.extend(late);
        lines
    };
    let whole = all(&[PRIVATE]);
    assert_eq!(whole.len(), 20);
    Register::ask(office, "decisions --reader part2").says(line, &whole);
    Register::ask(office, "decisions").says(line, &all(&[]));
    for (filter, lines) in [
        ("--state superseded", &[NOT_AT_HADLEY][..]),
        ("--state rescinded", &[ONE_FORM_TAKEN_BACK]),
        ("--state foreseen", &[]),
        ("--body body/delivery", &[ONE_FORM_TAKEN_BACK, BEDS]),
        ("--body body/audit", &[AUDIT]),
    ] {
        Register::ask(office, &format!("decisions {filter}")).says(line, lines);
    }
}

fn as_known_then(office: &Office) {
    let mut june = vec![ONE_FORM, BEDS];
    june.extend(MAY);
    june.extend([HADLEY, DELEGATION, FORESEEN]);
    Register::ask(office, "decisions --known-at '30 June 2025'").says(line, &june);
    // Just before Granby took the place of Hadley, though the evaluation was decided.
    let before = office.first_about("decision/cafe-at-granby");
    let mut september = vec![SEPTEMBER[0]];
    september.extend(JULY);
    september.extend([ONE_FORM, BEDS]);
    september.extend(MAY);
    september.extend([HADLEY, DELEGATION, CHAIR, SIGNED]);
    Register::ask(office, &format!("decisions --known-at {before}")).says(line, &september);
}

/// At the end of June the bid of May was decided, whoever had forgotten to record it.
fn as_true_then(office: &Office) {
    let mut june = vec![ONE_FORM, BEDS];
    june.extend(MAY);
    june.extend([HADLEY, DELEGATION, FORGOTTEN, FORESEEN]);
    Register::ask(office, "decisions --effective-at '30 June 2025'").says(line, &june);
}

/// What the table tells, not only its rows.
fn in_words(office: &Office) {
    let csv = office.good("decisions --format csv").out;
    for words in [
        "by Go back to two referral forms",
        "referrals took longer with one form",
        "by Crisis cafe opens at Granby",
        "dissent: Ashford asked for a costed plan first",
        "chair's action: Winter bridging payments",
        "written resolution: Resolution on sharing data",
    ] {
        assert!(csv.contains(words), "{words:?} in\n{csv}");
    }
}
