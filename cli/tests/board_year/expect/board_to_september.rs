//! What changed for the Board between its meetings of July and September.

use crate::look::Changed;
use crate::office::Office;
use crate::story::founding::PARTNERS;

pub fn check(office: &Office) {
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-07 --until meeting/board-2025-09",
    );
    // What was reported on the carers survey was erased in October, and is told no more.
    found.has(&[
        ("decisions-made", 5),
        ("slipped", 1),
        ("restated", 1),
        ("completed", 1),
        ("status", 2),
        ("metrics-measured", 2),
        ("sign-offs-completed", 1),
        ("sign-offs-given", 22),
        ("sign-offs-declined", 2),
        ("sign-offs-requested", 2),
        ("sign-offs-waiting", 1),
        ("actions-completed", 1),
        ("actions-new", 1),
        ("actions-fell-overdue", 1),
        ("minutes-approved", 1),
        ("minutes", 2),
        ("meetings", 3),
        ("interests", 2),
        ("risks", 1),
        ("corrections", 1),
    ]);
    // The paper for item 9.
    assert_eq!(found.private_entries, 1);
    governance(office, &found);
    delivery(&found);
    signatures(&found);
}

fn governance(office: &Office, found: &Changed) {
    found.says(
        "decisions-made",
        &[
            "decision/chairs-action-noted | noted | minute 3 | sam",
            "decision/data-sharing-put-off | deferred | minute 5 | sam",
            "decision/crisis-line-date | agreed | minute 6 | sam",
            "decision/concordat-text | approved | 5 for, 0 against, 1 abstained | minute 7 | sam",
            "decision/data-sharing | agreed | by written resolution, signed as \
             Resolution on sharing data (sign-off/data-sharing) | sam",
        ],
    );
    found.says(
        "actions-completed",
        &[
            "action/site-lease | was due 31 August 2025 -> completed | Lease signed; owner: Director of Estates | \
           when: 20 August 2025 | lena",
        ],
    );
    found.says(
        "actions-new",
        &["action/carers-survey | due 31 October 2025 | owner: Engagement Manager | minute 7 | sam"],
    );
    found.says(
        "actions-fell-overdue",
        &["action/beds-paper | was due 5 September 2025 | owner: Head of Emergency Care"],
    );
    found.says(
        "minutes-approved",
        &["minutes/board-2025-05 | approved | minute 2 | cora"],
    );
    found.says(
        "minutes",
        &[
            "minutes/board-2025-07 | draft, version 1 | sam",
            "minutes/board-2025-07 | amended | Minute 7 names who abstained | sam",
        ],
    );
    found.says(
        "meetings",
        &[
            "meeting/board-2025-07 | held 9 July 2025 | quorate | when: 9 July 2025 | sam",
            "meeting/board-2025-09 | called for 10 September 2025 | sam",
            "meeting/board-2025-09 | agenda published, version 1, 6 items | sam",
        ],
    );
    found.says(
        "interests",
        &[
            "interest/nina-evaluation | left | item 8; \
             concerns Marches Mental Health NHS Foundation Trust | minute 8 | sam",
            "interest/vera-evaluation | left | item 8; \
             concerns Marches Mind | minute 8 | sam",
        ],
    );
    // On paper they have the names of those who left the room.
    let paper = office.good(
        "changes --body body/board --since meeting/board-2025-07 --until meeting/board-2025-09 \
         --format csv",
    );
    for name in ["Nina Nakamura", "Vera Voss"] {
        let mut rows = paper.out.lines();
        assert!(
            rows.any(|row| row.contains("The employer bids") && row.contains(name)),
            "{name}: {}",
            paper.out
        );
    }
    let held = office.meeting_held("meeting/board-2025-07");
    found.says(
        "corrections",
        &[&format!(
            "meeting/board-2025-07 | entry {held} -> public_present should be: 14 | \
             why: two figures were swapped | sam"
        )],
    );
}

fn delivery(found: &Changed) {
    found.says(
        "slipped",
        &[
            "milestone/crisis-line | Q3 2025/26 -> Q4 2025/26 | slipped one quarter | \
           slipped two quarters since the first date, Q2 2025/26 | \
           why: staff are trained only from January | \
           agreed by Crisis line by March 2026 (decision/crisis-line-date) | minute 6 | lena",
        ],
    );
    found.says(
        "restated",
        &["milestone/crisis-cafe | 2025/26 -> December 2025 | reported | lena"],
    );
    found.says(
        "completed",
        &[
            "milestone/training | was due September 2025 -> completed 30 July 2025 | \
           All 84 staff trained | when: 30 July 2025 | lena",
        ],
    );
    found.says(
        "status",
        &[
            "objective/crisis-response | rated Amber -> rated Green | \
             Training is done and the line has its staff | lena",
            "milestone/housing-protocol | not rated | Too early to say | dev",
        ],
    );
    found.says(
        "metrics-measured",
        &[
            "metric/response-time | 66% -> 71% | target 90% by 2026/27; baseline 62%; \
             for July 2025 | dev",
            "metric/placements | 11 | target 0 by 2025/26; baseline 14; for July 2025 | dev",
        ],
    );
    found.says(
        "risks",
        &["risk/workforce | score 16 (4 × 4) -> score 12 (3 × 4) | lena"],
    );
}

fn signatures(found: &Changed) {
    let named = |ids: &[&str]| {
        let ids: Vec<String> = ids.iter().map(|id| format!("organisation/{id}")).collect();
        ids.join("; ")
    };
    let all: Vec<&str> = PARTNERS.iter().map(|(id, _, _)| *id).collect();
    let asked = [
        "icb",
        "mental-health-trust",
        "hospitals",
        "community-trust",
        "police",
        "ashford",
        "mind",
    ];
    found.says(
        "sign-offs-requested",
        &[
            &format!(
                "sign-off/concordat | 0 of 25 signed | missing: {} | sam",
                named(&all)
            ),
            &format!(
                "sign-off/data-sharing | 0 of 5 signed | missing: {} | sam",
                named(&asked)
            ),
        ],
    );
    found.says(
        "sign-offs-declined",
        &[
            "sign-off/concordat | 0 of 25 signed | why: the council has not met on it | \
             for Granby Borough Council | carol",
            "sign-off/concordat | 0 of 25 signed | why: the council has not met on it | \
             for Hadley Borough Council | carol",
        ],
    );
    // Seventeen of the concordat, each counted and each by the key of its own signatory.
    let mut signed: Vec<String> = Vec::new();
    let first = PARTNERS.iter().filter(|(id, _, _)| {
        ![
            "elmley",
            "fairholm",
            "granby",
            "hadley",
            "recovery-college",
            "citizens-advice",
            "gp-federation",
            "university",
        ]
        .contains(id)
    });
    for (count, (_, name, by)) in (1..).zip(first) {
        signed.push(format!(
            "sign-off/concordat | {count} of 25 signed | for {name} | {by}"
        ));
    }
    for (count, (name, by)) in (1..).zip([
        ("Marches Integrated Care Board", "nina"),
        ("Marches Mental Health NHS Foundation Trust", "nina"),
        ("Royal Marches Hospitals NHS Trust", "nina"),
        ("Marches Mind", "vera"),
        ("Marches Police", "paul"),
    ]) {
        signed.push(format!(
            "sign-off/data-sharing | {count} of 5 signed | for {name} | {by}"
        ));
    }
    let signed: Vec<&str> = signed.iter().map(String::as_str).collect();
    found.says("sign-offs-given", &signed);
    found.says(
        "sign-offs-completed",
        &["sign-off/data-sharing | 5 of 5 signed | paul"],
    );
    let waiting = [
        "elmley",
        "fairholm",
        "granby",
        "hadley",
        "recovery-college",
        "citizens-advice",
        "gp-federation",
        "university",
    ];
    found.says(
        "sign-offs-waiting",
        &[&format!(
            "sign-off/concordat | 17 of 25 signed | asked for by 31 October 2025; \
             declined so far: Granby Borough Council, Hadley Borough Council | missing: {}",
            named(&waiting)
        )],
    );
}
