//! What changed for the Board between its meetings of May and July.

use crate::look::Changed;
use crate::office::Office;

pub fn check(office: &Office) {
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-05 --until meeting/board-2025-07",
    );
    found.has(&[
        ("decisions-made", 8),
        ("slipped", 1),
        ("completed", 1),
        ("milestones-set", 10),
        ("plan-set", 5),
        ("status", 2),
        ("metrics-measured", 1),
        ("metrics-set", 4),
        ("actions-moved", 1),
        ("actions-new", 2),
        ("minutes", 3),
        ("meetings", 5),
        ("members", 1),
        ("risks", 2),
    ]);
    assert_eq!(found.private_entries, 0);
    governance(&found);
    delivery(&found);
}

fn governance(found: &Changed) {
    found.says(
        "decisions-made",
        &[
            "decision/annual-report | received | minute 3 | sam",
            "decision/strategy | approved | minute 4 | sam",
            "decision/work-programme | approved | 6 for, 1 against, 0 abstained; \
             dissent: Ashford asked for a costed plan first | minute 5 | sam",
            "decision/cafe-at-hadley | agreed | minute 6 | sam",
            "decision/winter-delegation | agreed | minute 7 | sam",
            "decision/referral-form | agreed | minute 3 | sam",
            "decision/beds-to-board | agreed | 3 for, 0 against, 1 abstained | minute 4 | sam",
            "decision/winter-bridging | approved | why: the provider would have closed in July | \
             by the chair, under Winter bridging payments (authority/winter) | cora",
        ],
    );
    found.says(
        "actions-moved",
        &[
            "action/site-lease | 30 June 2025 -> 31 August 2025 | slipped 62 days | \
           why: the landlord asked for a survey | owner: Director of Estates | lena",
        ],
    );
    found.says(
        "actions-new",
        &[
            "action/site-lease | due 30 June 2025 | owner: Director of Estates | minute 6 | sam",
            "action/beds-paper | due 5 September 2025 | owner: Head of Emergency Care | minute 4 | sam",
        ],
    );
    found.says(
        "minutes",
        &[
            "minutes/board-2025-05 | draft, version 1 | sam",
            "minutes/board-2025-05 | amended | Minute 5 gives the dissent in its own words | sam",
            "minutes/delivery-2025-06 | draft, version 1 | sam",
        ],
    );
    found.says(
        "meetings",
        &[
            "meeting/board-2025-05 | held 14 May 2025 | quorate | when: 14 May 2025 | sam",
            "meeting/delivery-2025-06 | agenda published, version 1, 2 items | sam",
            "meeting/delivery-2025-06 | held 18 June 2025 | quorate | when: 18 June 2025 | sam",
            "meeting/board-2025-07 | called for 9 July 2025 | sam",
            "meeting/board-2025-07 | agenda published, version 1, 6 items | sam",
        ],
    );
    found.says(
        "members",
        &["authority/winter | delegated to chair of Partnership Board | up to £50,000 | sam"],
    );
}

fn delivery(found: &Changed) {
    found.says(
        "slipped",
        &[
            "milestone/crisis-line | Q2 2025/26 -> Q3 2025/26 | slipped one quarter | \
           why: the telephone contract was let late | reported | lena",
        ],
    );
    found.says(
        "completed",
        &[
            "milestone/street-triage | was due by the end of June 2025 -> completed 24 June 2025 | \
           Cars on the road in eight boroughs | when: 24 June 2025 | lena",
        ],
    );
    found.says(
        "milestones-set",
        &[
            "milestone/crisis-line | due Q2 2025/26 | sam",
            "milestone/crisis-cafe | due 2025/26 | sam",
            "milestone/street-triage | due by the end of June 2025 | sam",
            "milestone/training | due September 2025 | sam",
            "milestone/app | due 2026/27 | sam",
            "milestone/peer-workers | due 31 October 2025 | sam",
            "milestone/carers-offer | due Q4 2025/26 | sam",
            "milestone/housing-protocol | due 2026/27 | sam",
            "milestone/dashboard | due December 2025 | sam",
            "milestone/evaluation | due 2026/27 and beyond | sam",
        ],
    );
    found.says(
        "plan-set",
        &[
            "strategy/better-together | 2025/26 to 2027/28 | sam",
            "aim/crisis | theme | sam",
            "aim/nearer-home | theme | sam",
            "objective/crisis-response | objective | sam",
            "objective/neighbourhoods | objective | sam",
        ],
    );
    found.says(
        "status",
        &[
            "objective/crisis-response | rated Amber | Triage is out, the line is late | lena",
            "milestone/crisis-line | rating not stated | \
             The form has no rating for a single milestone | lena",
        ],
    );
    found.says(
        "metrics-measured",
        &["metric/response-time | 66% | target 90% by 2026/27; baseline 62%; for Q1 2025/26 | dev"],
    );
    found.says(
        "metrics-set",
        &[
            "metric/response-time | target 90% by 2026/27 | sam",
            "metric/response-time | target 90% by 2026/27; baseline 62% | sam",
            "metric/placements | target 0 by 2025/26 | sam",
            "metric/placements | target 0 by 2025/26; baseline 14 | sam",
        ],
    );
    found.says(
        "risks",
        &[
            "risk/workforce | score 16 (4 × 4) | lena",
            "risk/estates | score 9 (3 × 3) | lena",
        ],
    );
}
