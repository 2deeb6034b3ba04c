//! Milestones, metrics, progress and the status of the plan.

use serde_json::{Value, json};

use crate::office::Office;
use crate::register::{Register, dates, parts, plain, state, with};

pub fn check(office: &Office) {
    milestones(office);
    as_known_then(office);
    overdue(office);
    metrics(office);
    progress(office);
    status(office);
}

/// `id | dates | in all | counted from | state | met | result | rating | why`.
fn line(row: &Value) -> String {
    parts([
        plain(&row["id"]),
        dates(&row["due"]),
        with("in all ", &row["due"]["moved"]),
        with("counted from ", &row["baseline"]),
        state(row),
        plain(&row["completed"]),
        plain(&row["result"]),
        plain(&row["rating"]),
        with("why: ", &row["withdrawn_because"]),
    ])
}

const CAFE: &str = "milestone/crisis-cafe | 2025/26 -> December 2025 (restated, reported) | \
    in all restated | counted from 2025/26 | open, overdue";
const TRIAGE: &str = "milestone/street-triage | by the end of June 2025 | \
    counted from by the end of June 2025 | completed | 24 June 2025 | \
    Cars on the road in eight boroughs";
const TRAINING: &str = "milestone/training | September 2025 -> 31 January 2026 \
    (reopened, slipped four months, why: the new control room opens with new staff) | \
    in all slipped four months | counted from September 2025 | open, overdue";
const PEERS: &str =
    "milestone/peer-workers | 31 October 2025 | counted from 31 October 2025 | open, overdue";

/// In the order of the plan. Only the slip that the Board agreed moves what is counted from.
fn milestones(office: &Office) {
    Register::ask(office, "milestones").says(
        line,
        &[
            "milestone/crisis-line | Q2 2025/26 -> Q3 2025/26 (slipped one quarter, reported, \
             why: the telephone contract was let late) -> Q4 2025/26 (slipped one quarter, \
             agreed by decision/crisis-line-date, why: staff are trained only from January) | \
             in all slipped two quarters | counted from Q4 2025/26 | open | rating not stated",
            CAFE,
            TRIAGE,
            TRAINING,
            "milestone/app | 2026/27 | counted from 2026/27 | withdrawn | \
             why: the national app does the same",
            PEERS,
            "milestone/carers-offer | Q4 2025/26 -> Q3 2025/26 (brought forward one quarter, \
             reported, why: Border Homes lends two rooms) | in all brought forward one quarter | \
             counted from Q4 2025/26 | completed | 6 December 2025 | Two rooms at Border Homes",
            "milestone/housing-protocol | 2026/27 | counted from 2026/27 | open | not rated",
            "milestone/dashboard | December 2025 | counted from December 2025 | completed | \
             5 December 2025",
            "milestone/evaluation | 2026/27 and beyond | counted from 2026/27 and beyond | open",
        ],
    );
}

fn as_known_then(office: &Office) {
    let june = Register::ask(office, "milestones --known-at '30 June 2025'");
    assert_eq!(june.rows.len(), 10);
    june.also(
        line,
        &[
            "milestone/crisis-line | Q2 2025/26 -> Q3 2025/26 (slipped one quarter, reported, \
             why: the telephone contract was let late) | in all slipped one quarter | \
             counted from Q2 2025/26 | open | rating not stated",
            "milestone/crisis-cafe | 2025/26 | counted from 2025/26 | open",
            TRIAGE,
            "milestone/training | September 2025 | counted from September 2025 | open",
            "milestone/app | 2026/27 | counted from 2026/27 | open",
            "milestone/carers-offer | Q4 2025/26 | counted from Q4 2025/26 | open",
        ],
    );
    // Just before the Board agreed, and just after.
    let agreed = office.entry_of("milestone/crisis-line");
    for (known_at, from) in [(agreed, "Q2 2025/26"), (agreed + 1, "Q4 2025/26")] {
        let found = Register::ask(office, &format!("milestones --known-at {known_at}"));
        let from = format!("milestone/crisis-line | {from}");
        let line = |row: &Value| parts([plain(&row["id"]), plain(&row["baseline"])]);
        found.also(line, &[&from]);
    }
    // It was recorded on 25 August that the staff had been trained by 30 July.
    let met = |row: &Value| parts([plain(&row["id"]), state(row), plain(&row["completed"])]);
    let july = "milestones --effective-at '31 July 2025'";
    Register::ask(office, july).also(met, &["milestone/training | completed | 30 July 2025"]);
    let july = "milestones --known-at '31 July 2025'";
    Register::ask(office, july).also(met, &["milestone/training | open"]);
}

fn overdue(office: &Office) {
    Register::ask(office, "milestones --overdue").says(line, &[CAFE, TRAINING, PEERS]);
    let id = |row: &Value| plain(&row["id"]).unwrap();
    for (asked, ids) in [
        ("--on '31 October 2025'", &[][..]),
        ("--on '1 November 2025'", &["milestone/peer-workers"]),
        (
            "--on '1 January 2026'",
            &["milestone/crisis-cafe", "milestone/peer-workers"],
        ),
        (
            "--on '1 April 2026'",
            &[
                "milestone/crisis-line",
                "milestone/crisis-cafe",
                "milestone/training",
                "milestone/peer-workers",
            ],
        ),
        // The crisis line's first date went by in September, its reported one did not.
        (
            "--known-at '30 June 2025' --on '1 October 2025'",
            &["milestone/training"],
        ),
        (
            "--known-at '25 June 2025' --on '1 October 2025'",
            &[
                "milestone/crisis-line",
                "milestone/street-triage",
                "milestone/training",
            ],
        ),
    ] {
        Register::ask(office, &format!("milestones --overdue {asked}")).says(id, ids);
    }
}

fn metrics(office: &Office) {
    let line = |row: &Value| {
        let (baseline, latest) = (&row["baseline"], &row["latest"]);
        parts([
            plain(&row["id"]),
            with("from ", &baseline["value"]),
            with("of ", &baseline["period"]),
            with("to ", &row["target"]["value"]),
            with("by ", &row["target"]["due"]),
            with("now ", &latest["value"]),
            with("of ", &latest["period"]),
            with("values: ", &row["measured"]),
        ])
    };
    Register::ask(office, "metrics").has(
        line,
        &[
            "metric/response-time | from 62% | of 2024/25 | to 90% | by 2026/27 | now 78% | \
             of September 2025 | values: 3",
            "metric/placements | from 14 | of 2024/25 | to 0 | by 2025/26 | now 11 | \
             of July 2025 | values: 1",
        ],
    );
    Register::ask(office, "metrics --known-at '30 June 2025'").has(
        line,
        &[
            "metric/response-time | from 62% | of 2024/25 | to 90% | by 2026/27 | now 66% | \
             of Q1 2025/26 | values: 1",
            "metric/placements | from 14 | of 2024/25 | to 0 | by 2025/26 | values: 0",
        ],
    );
}

/// Nobody reported on an aim as such: all that stands under it is still to come, or done.
fn progress(office: &Office) {
    let line = |row: &Value| {
        parts([
            plain(&row["id"]),
            with("planned: ", &row["planned"]),
            with("next: ", &row["next"]),
        ])
    };
    Register::ask(office, "progress").says(
        line,
        &[
            "aim/crisis | next: milestone/crisis-line, milestone/crisis-cafe, \
             milestone/street-triage, milestone/training, milestone/app",
            "aim/nearer-home | next: milestone/peer-workers, milestone/carers-offer, \
             milestone/housing-protocol, milestone/dashboard, milestone/evaluation",
        ],
    );
}

fn status(office: &Office) {
    let counts =
        |asked: &str| office.json(&format!("{asked} --format json"))["data"]["counts"].clone();
    let end = json!({
        "entries": office.entries(), "officers": 14, "milestones": 10, "slipped": 2,
        "brought_forward": 1, "restated": 1, "completed": 3, "overdue": 3, "decisions": 19,
        "sign_offs": 2, "signatures": 30, "withheld": 0, "erased": 1,
    });
    assert_eq!(counts("status"), end);
    // At the end of September nothing was erased yet, and nothing overdue.
    let then = counts("status --known-at '30 September 2025'");
    for (what, count) in [
        ("brought_forward", 0),
        ("restated", 1),
        ("completed", 2),
        ("overdue", 0),
        ("decisions", 17),
        ("signatures", 28),
        ("erased", 0),
    ] {
        assert_eq!(then[what], count, "{what}");
    }
    let plan = office.json("status objective/crisis-response --format json");
    let plan = plan["data"]["plan"].as_array().unwrap().clone();
    let line = |part: &Value| {
        parts([
            plain(&part["id"]),
            state(part),
            with("", &part["report"]["rating"]),
            plain(&part["report"]["narrative"]),
        ])
    };
    let found: Vec<String> = plan.iter().map(line).collect();
    let expected = [
        "objective/crisis-response | rated Amber | The new control room needs its training",
        "milestone/crisis-line | open | rating not stated | \
         The form has no rating for a single milestone",
        "milestone/crisis-cafe | open, overdue",
        "milestone/street-triage | completed",
        "milestone/training | open, overdue",
        "milestone/app | withdrawn",
    ];
    assert_eq!(found.join("\n"), expected.join("\n"));
}
