//! The same year as the Delivery Group sees it, in whole, on the effective clock, and as it was known
//! on days and at positions in between.

use crate::look::Changed;
use crate::office::Office;

pub fn delivery_group(office: &Office) {
    let found = Changed::ask(
        office,
        "--body body/delivery --since meeting/delivery-2025-06 --until meeting/board-2025-07",
    );
    found.has(&[
        ("decisions-made", 2),
        ("actions-new", 1),
        ("minutes", 1),
        ("meetings", 1),
    ]);
    let found = Changed::ask(
        office,
        "--body body/delivery --since meeting/delivery-2025-06 --until '31 March 2026'",
    );
    found.has(&[
        ("decisions-made", 2),
        ("decisions-rescinded", 1),
        ("brought-forward", 1),
        ("completed", 2),
        ("milestones-fell-overdue", 1),
        ("status", 1),
        ("metrics-measured", 1),
        ("actions-new", 1),
        ("actions-fell-overdue", 1),
        ("minutes", 1),
        ("meetings", 1),
    ]);
    found.says(
        "decisions-rescinded",
        &[
            "decision/referral-form | rescinded by Go back to two referral forms \
           (decision/two-forms) | why: referrals took longer with one form | minute 5 | sam",
        ],
    );
    found.says(
        "milestones-fell-overdue",
        &["milestone/peer-workers | was due 31 October 2025"],
    );
    found.says(
        "actions-fell-overdue",
        &["action/beds-paper | was due 5 September 2025 | owner: Head of Emergency Care"],
    );
    let found = Changed::ask(
        office,
        "--body body/audit --since meeting/audit-2025-10 --until meeting/board-2025-11",
    );
    found.has(&[("decisions-made", 1), ("minutes", 1), ("meetings", 1)]);
}

/// The whole ledger also tells of keys, holds, approvals and erasures.
pub fn whole_ledger(office: &Office) {
    let found = Changed::ask(
        office,
        "--since meeting/board-2025-09 --until meeting/board-2025-11",
    );
    let report = office.erased_entry();
    found.says(
        "erasures",
        &[&format!(
            "record/{report} | content erased | UK GDPR Art 17(1)(d) | rex"
        )],
    );
    found.says(
        "holds",
        &[
            "hold/foi-2025-017 | placed | why: the request is not answered yet | rex",
            "hold/foi-2025-017 | lifted | why: the request was answered on 10 October | rex",
        ],
    );
    found.says("records", &[&format!("record/{report} | approved | ada")]);
    let found = Changed::ask(office, "--since 0 --until '30 April 2025'");
    found.has(&[
        ("decisions-foreseen", 1),
        // The May Board was held by none of April's days.
        ("meetings", 1),
        // 25 signatories, 6 posts, the records officer, and the roles given at enrolment: the second
        // registrar, the secretary, two chairs, two leads and the auditor.
        ("members", 25 + 6 + 1 + 7),
        ("bodies", 25 + 3),
        // Everyone's key; and everyone but Ada, whom the first entry names, was enrolled with it.
        ("people", 1 + 2 * 13),
        ("records", 1),
    ]);
}

/// Twenty decisions in the year, one of them in private.
pub fn decisions_of_the_year(office: &Office) {
    let year = "--since '1 April 2025' --until '31 March 2026'";
    for (options, decisions) in [
        ("", 19),
        ("--reader part2", 20),
        ("--by effective", 19),
        // With the bodies below it.
        ("--body body/board", 19),
        ("--body body/delivery", 2),
        ("--body body/audit", 1),
    ] {
        let found = Changed::ask(office, &format!("{year} {options}"));
        assert_eq!(found.count("decisions-made"), decisions, "{options}");
    }
    // Every slip, whoever looks from wherever: two of one milestone.
    let found = Changed::ask(office, year);
    assert_eq!(found.count("slipped"), 2);
    assert_eq!(found.count("sign-offs-given"), 25 + 5);
    assert_eq!(found.count("completed"), 4);
}

pub fn on_the_effective_clock(office: &Office) {
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-05 --until meeting/board-2025-07 \
         --by effective",
    );
    // What was carried into the record only in September was decided in May.
    found.says(
        "decisions-made",
        &[
            "decision/annual-report | received | minute 3 | sam",
            "decision/strategy | approved | minute 4 | sam",
            "decision/work-programme | approved | 6 for, 1 against, 0 abstained; \
             dissent: Ashford asked for a costed plan first | minute 5 | sam",
            "decision/cafe-at-hadley | agreed | minute 6 | sam",
            "decision/winter-delegation | agreed | minute 7 | sam",
            "decision/peer-workers-bid | approved | minute 8 | sam",
            "decision/referral-form | agreed | minute 3 | sam",
            "decision/beds-to-board | agreed | 3 for, 0 against, 1 abstained | minute 4 | sam",
            "decision/winter-bridging | approved | why: the provider would have closed in July | \
             by the chair, under Winter bridging payments (authority/winter) | cora",
        ],
    );
    assert_eq!(found.undated, 0);
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-07 --until meeting/board-2025-09 \
         --by effective",
    );
    // Recorded on 25 August, true before.
    found.says(
        "completed",
        &[
            "milestone/training | was due September 2025 -> completed 30 July 2025 | \
           All 84 staff trained | when: 30 July 2025 | lena",
        ],
    );
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-09 --until meeting/board-2025-11 \
         --by effective",
    );
    found.says(
        "decisions-made",
        &[
            "decision/evaluation-contract | foreseen -> approved | \
             5 for, 0 against, 0 abstained | minute 5 | sam",
            "decision/cafe-at-granby | agreed | minute 6 | sam",
            "decision/no-app | agreed | minute 7 | sam",
            "decision/audit-plan | approved | minute 3 | colin",
        ],
    );
}

pub fn as_known_then(office: &Office) {
    let may_to_july = "--body body/board --since meeting/board-2025-05 \
                       --until meeting/board-2025-07 --by effective";
    let late = office.entry_of("decision/peer-workers-bid");
    // By a day, and by positions just before and just after the late entry.
    for (known_at, decisions) in [
        ("'31 August 2025'".to_owned(), 8),
        ("'30 September 2025'".to_owned(), 9),
        (late.to_string(), 8),
        ((late + 1).to_string(), 9),
    ] {
        let found = Changed::ask(office, &format!("{may_to_july} --known-at {known_at}"));
        assert_eq!(found.count("decisions-made"), decisions, "{known_at}");
    }
    // At the end of September two councils were missing.
    let found = Changed::ask(
        office,
        "--body body/board --since meeting/board-2025-09 --until '30 September 2025'",
    );
    found.says(
        "sign-offs-waiting",
        &[
            "sign-off/concordat | 23 of 25 signed | asked for by 31 October 2025; \
           declined so far: Granby Borough Council, Hadley Borough Council | \
           missing: organisation/granby; organisation/hadley",
        ],
    );
    // A meeting that was not recorded then cannot be counted from.
    let said = office.run("changes --since meeting/board-2025-11 --known-at '31 August 2025'");
    assert_eq!(said.code, 1);
    assert!(
        said.err
            .contains("there is no meeting meeting/board-2025-11"),
        "{}",
        said.err
    );
    // Two meetings in the wrong order are a mistake, and not a year without change.
    let said = office.run("changes --since meeting/board-2025-11 --until meeting/board-2025-05");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("--since lies after --until"),
        "{}",
        said.err
    );
    let said = office.run("search ''");
    assert_eq!(said.code, 2);
    assert!(
        said.err.contains("there is no word to search for"),
        "{}",
        said.err
    );
    searches(office);
}

fn searches(office: &Office) {
    for (question, subjects) in [
        (
            "search '\"crisis concordat\"' --known-at '30 June 2025'",
            &[][..],
        ),
        (
            "search '\"crisis concordat\"' --known-at '10 July 2025'",
            &["decision/concordat-text"][..],
        ),
        (
            "search '\"crisis concordat\"'",
            &[
                "agreement/concordat",
                "decision/concordat-text",
                "sign-off/concordat",
            ],
        ),
        (
            "search '\"crisis concordat\"' --kind agreement",
            &["agreement/concordat"],
        ),
        ("search damp --body body/delivery", &[]),
        (
            "search damp",
            &[
                "decision/cafe-at-granby",
                "decision/cafe-at-hadley",
                "minutes/board-2025-09",
            ],
        ),
        (
            "search damp --to '12 September 2025'",
            &["decision/cafe-at-granby", "decision/cafe-at-hadley"],
        ),
        (
            "search survey --from '1 November 2025'",
            &["action/carers-survey"],
        ),
        (
            "search '\"bid for twelve\"' --effective-at '30 June 2025'",
            &["decision/peer-workers-bid"],
        ),
        (
            "search '\"bid for twelve\"' --known-at '31 August 2025'",
            &[],
        ),
    ] {
        let answer = office.json(&format!("{question} --format json"));
        let hits = answer["data"]["hits"].as_array().unwrap();
        let mut found: Vec<&str> = hits
            .iter()
            .map(|hit| hit["subject"].as_str().unwrap())
            .collect();
        found.sort_unstable();
        assert_eq!(found, subjects, "{question}");
    }
}
