//! What changed for the Board between its meetings of September and November, and after.

use crate::look::Changed;
use crate::office::Office;

pub fn check(office: &Office) {
    let question = "--body body/board --since meeting/board-2025-09 --until meeting/board-2025-11";
    let found = Changed::ask(office, question);
    let groups = [
        ("decisions-made", 5),
        ("decisions-superseded", 1),
        ("brought-forward", 1),
        ("reopened", 1),
        ("milestones-withdrawn", 1),
        ("milestones-fell-overdue", 1),
        ("status", 1),
        ("metrics-measured", 1),
        ("sign-offs-completed", 1),
        ("sign-offs-given", 8),
        ("actions-completed", 1),
        ("actions-closed", 1),
        ("actions-still-overdue", 1),
        ("minutes-approved", 1),
        ("minutes", 3),
        ("meetings", 6),
        ("interests", 2),
        ("agreements", 1),
        ("risks", 2),
        ("holds", 2),
    ];
    found.has(&groups);
    // A decision, an action and minutes of item 9.
    assert_eq!(found.private_entries, 3);
    governance(&found);
    delivery(&found);
    private_part(&Changed::ask(office, &format!("{question} --reader part2")));
    after_november(office);
}

fn governance(found: &Changed) {
    found.says(
        "decisions-made",
        &[
            "decision/evaluation-contract | foreseen -> approved | \
             5 for, 0 against, 0 abstained | minute 5 | sam",
            "decision/cafe-at-granby | agreed | minute 6 | sam",
            "decision/no-app | agreed | minute 7 | sam",
            "decision/peer-workers-bid | approved | minute 8 | late | sam",
            "decision/audit-plan | approved | minute 3 | colin",
        ],
    );
    found.says(
        "decisions-superseded",
        &[
            "decision/cafe-at-hadley | superseded by Crisis cafe opens at Granby \
           (decision/cafe-at-granby) | why: the survey found damp | minute 6 | sam",
        ],
    );
    found.says(
        "actions-completed",
        &[
            "action/carers-survey | was due 31 October 2025 -> completed | 212 carers answered; owner: Engagement Manager | \
           when: 4 November 2025 | dev",
        ],
    );
    found.says(
        "actions-closed",
        &["action/site-lease | closed | The lease is held for Granby instead | minute 4 | sam"],
    );
    found.says(
        "actions-still-overdue",
        &["action/beds-paper | was due 5 September 2025 | owner: Head of Emergency Care"],
    );
    found.says(
        "minutes-approved",
        &["minutes/board-2025-07 | approved | minute 2 | cora"],
    );
    found.says(
        "minutes",
        &[
            "minutes/board-2025-09 | draft, version 1 | sam",
            "minutes/board-2025-09 | amended | Minute 6 names the damp | sam",
            "minutes/audit-2025-10 | draft, version 1 | sam",
        ],
    );
    found.says(
        "meetings",
        &[
            "meeting/board-2025-09 | held 10 September 2025 | quorate | \
             when: 10 September 2025 | sam",
            "meeting/board-2025-09 | public excluded for item 9 | \
             Public Bodies (Admission to Meetings) Act 1960 s1(2) | cora",
            "meeting/audit-2025-10 | agenda published, version 1, 1 item | sam",
            "meeting/audit-2025-10 | held 15 October 2025 | quorate | when: 15 October 2025 | sam",
            "meeting/board-2025-11 | called for 12 November 2025 | sam",
            "meeting/board-2025-11 | agenda published, version 1, 3 items | sam",
        ],
    );
    found.says(
        "interests",
        &[
            "interest/nina-evaluation-september | left | item 5; \
             concerns Marches Mental Health NHS Foundation Trust | minute 5 | sam",
            "interest/vera-evaluation-september | left | item 5; \
             concerns Marches Mind | minute 5 | sam",
        ],
    );
    found.says(
        "agreements",
        &["agreement/concordat | made | concordat; 25 parties | sam"],
    );
    found.says(
        "sign-offs-completed",
        &["sign-off/concordat | 25 of 25 signed | carol"],
    );
    found.says(
        "sign-offs-given",
        &[
            "sign-off/concordat | 18 of 25 signed | for Elmley Borough Council | carol",
            "sign-off/concordat | 19 of 25 signed | for Fairholm Borough Council | carol",
            "sign-off/concordat | 20 of 25 signed | for Marches Recovery College | hugo",
            "sign-off/concordat | 21 of 25 signed | for Citizens Advice Marches | hugo",
            "sign-off/concordat | 22 of 25 signed | for Marches GP Federation | hugo",
            "sign-off/concordat | 23 of 25 signed | for University of the Marches | hugo",
            "sign-off/concordat | 24 of 25 signed | for Granby Borough Council | carol",
            "sign-off/concordat | 25 of 25 signed | for Hadley Borough Council | carol",
        ],
    );
}

fn delivery(found: &Changed) {
    found.says(
        "brought-forward",
        &[
            "milestone/carers-offer | Q4 2025/26 -> Q3 2025/26 | brought forward one quarter | \
           why: Border Homes lends two rooms | reported | dev",
        ],
    );
    found.says(
        "reopened",
        &[
            "milestone/training | September 2025 -> 31 January 2026 | slipped four months | \
           why: the new control room opens with new staff | lena",
        ],
    );
    found.says(
        "milestones-withdrawn",
        &["milestone/app | was due 2026/27 -> withdrawn | \
           why: the national app does the same | \
           by Give up the self-referral app (decision/no-app) | minute 7 | sam"],
    );
    found.says(
        "milestones-fell-overdue",
        &["milestone/peer-workers | was due 31 October 2025"],
    );
    found.says(
        "status",
        &["objective/crisis-response | rated Green -> rated Amber | \
           The new control room needs its training | lena"],
    );
    found.says(
        "metrics-measured",
        &[
            "metric/response-time | 71% -> 78% | target 90% by 2026/27; baseline 62%; \
           for September 2025 | dev",
        ],
    );
    found.says(
        "risks",
        &[
            "assurance/action-log | assurance: reasonable | \
             gap: One action in ten has no date | tova",
            "risk/workforce | score 12 (3 × 4) -> score 20 (5 × 4) | lena",
        ],
    );
}

/// What the private part adds, for those who may read it.
fn private_part(found: &Changed) {
    assert_eq!(found.private_entries, 0);
    found.says(
        "decisions-made",
        &[
            "decision/evaluation-contract | foreseen -> approved | \
             5 for, 0 against, 0 abstained | minute 5 | sam",
            "decision/cafe-at-granby | agreed | minute 6 | sam",
            "decision/no-app | agreed | minute 7 | sam",
            "decision/quillfeather | approved | minute 9 | sam",
            "decision/peer-workers-bid | approved | minute 8 | late | sam",
            "decision/audit-plan | approved | minute 3 | colin",
        ],
    );
    found.says(
        "actions-new",
        &["action/quillfeather | due 30 November 2025 | owner: Director of Estates | minute 9 | sam"],
    );
}

fn after_november(office: &Office) {
    let question = "--body body/board --since meeting/board-2025-11 --until '31 March 2026'";
    let found = Changed::ask(office, question);
    found.has(&[
        ("decisions-made", 1),
        ("decisions-rescinded", 1),
        ("completed", 2),
        ("milestones-fell-overdue", 2),
        ("milestones-still-overdue", 1),
        ("actions-closed", 1),
        ("actions-still-overdue", 1),
        ("minutes-approved", 1),
        ("minutes", 1),
        ("meetings", 1),
        ("parties", 1),
        ("risks", 1),
    ]);
    found.says(
        "decisions-made",
        &["decision/two-forms | agreed | 4 for, 1 against, 0 abstained | minute 5 | sam"],
    );
    found.says(
        "decisions-rescinded",
        &[
            "decision/referral-form | rescinded by Go back to two referral forms \
           (decision/two-forms) | why: referrals took longer with one form | minute 5 | sam",
        ],
    );
    found.says(
        "completed",
        &[
            "milestone/dashboard | was due December 2025 -> completed 5 December 2025 | \
             when: 5 December 2025 | dev",
            "milestone/carers-offer | was due Q3 2025/26 -> completed 6 December 2025 | \
             Two rooms at Border Homes | when: 6 December 2025 | dev",
        ],
    );
    // Nobody said anything: the dates went by. The crisis line has until today.
    found.says(
        "milestones-fell-overdue",
        &[
            "milestone/crisis-cafe | was due December 2025",
            "milestone/training | was due 31 January 2026 | \
             slipped four months since the first date, September 2025",
        ],
    );
    found.says(
        "milestones-still-overdue",
        &["milestone/peer-workers | was due 31 October 2025"],
    );
    found.says(
        "actions-closed",
        &["action/carers-survey | closed | The survey goes to the Delivery Group | minute 4 | sam"],
    );
    found.says(
        "parties",
        &["agreement/concordat | University of the Marches left | \
           why: its health faculty closes | sam"],
    );
    found.says(
        "risks",
        &["risk/estates | closed | why: the lease for Granby is signed | sam"],
    );
    found.says(
        "minutes-approved",
        &["minutes/board-2025-09 | approved | minute 2 | cora"],
    );
    let private = Changed::ask(office, &format!("{question} --reader part2"));
    private.says(
        "actions-fell-overdue",
        &["action/quillfeather | was due 30 November 2025 | owner: Director of Estates"],
    );
}
