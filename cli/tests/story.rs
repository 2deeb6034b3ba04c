//! What changed, as the demo's real papers tell it. What is expected was read in the seed files.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Desk;
use serde_json::Value;

const DATED: &str = "/data/groups";
const UNDATED: &str = "/data/undated";

#[test]
fn the_demo_tells_what_changed_and_why() {
    let desk = Desk::new();
    let made = desk.run_with(
        &["demo", "--no-serve"],
        &[("MINUTEBOOK_PASSPHRASE", "demo")],
    );
    assert_eq!(made.code, 0, "{}", made.err);
    south_west_london(&desk);
    north_london(&desk);
    north_west_london(&desk);
    concordat(&desk);
    every_form_and_what_the_table_says(&desk);
}

fn since(desk: &Desk, day: &str, ledger: &str) -> Value {
    let words = [
        "changes",
        "--since",
        day,
        "--by",
        "effective",
        "--ledger",
        ledger,
        "--json",
    ];
    let said = desk.run_words(&words);
    assert_eq!(said.code, 0, "{}", said.err);
    serde_json::from_str(&said.out).unwrap()
}

/// The one change of a sort that is about a subject.
fn change<'a>(found: &'a Value, part: &str, group: &str, subject: &str) -> &'a Value {
    let groups = found.pointer(part).unwrap().as_array().unwrap();
    let groups = groups.iter().filter(|one| one["group"] == group);
    let items = groups.flat_map(|one| one["items"].as_array().unwrap());
    let items: Vec<&Value> = items.filter(|item| item["subject"] == subject).collect();
    match items.as_slice() {
        [item] => item,
        _ => panic!("{group} {subject}: {items:#?}"),
    }
}

/// The slip has no date in the chapter, and that it was this outcome that slipped is a reading.
fn south_west_london(desk: &Desk) {
    let found = since(desk, "1 May 2024", "swl");
    let slip = change(&found, UNDATED, "slipped", "milestone/m-mhpc-in-place");
    assert_eq!(slip["before"], "2024/25");
    assert_eq!(slip["after"], "25/26");
    assert_eq!(slip["moved"], "slipped one year");
    assert_eq!(
        slip["reason"],
        "system-wide capacity constraints and ICB restructure"
    );
    let inferred = slip["inferred"].as_array().unwrap();
    assert!(inferred.contains(&"link".into()), "{inferred:?}");
    assert_eq!(slip["imported"], true);

    // Over 2024/25, which ended after 1 May 2024.
    let broadened = change(&found, DATED, "members", "body/swl-mh-pdg");
    assert_eq!(
        broadened["after"],
        "membership broadened: wider local authority partners; Voluntary, Community and Social \
         Enterprises (VCSEs); patient and carer representatives"
    );
    let memorandum = change(&found, UNDATED, "agreements", "agreement/mou-mhpc");
    assert_eq!(memorandum["after"], "developed");
    let plan = change(&found, UNDATED, "decisions-made", "decision/dec-plan-2526");
    assert_eq!(plan["after"], "agreed");
    let launch = change(&found, DATED, "decisions-made", "decision/dec-launch");
    assert_eq!(launch["effective"]["as_written"], "May 2024");
    // "Rating" stands in the document without a value.
    let rating = change(&found, DATED, "status", "strategy/adp-2");
    assert_eq!(rating["after"], "rating not stated");
    // What ended before is not told: from April 2025 on, nothing of 2024/25.
    let later = since(desk, "1 April 2025", "swl");
    let members = later.pointer(DATED).unwrap().as_array().unwrap();
    let members = members.iter().filter(|one| one["group"] == "members");
    let members: Vec<&Value> = members
        .flat_map(|one| one["items"].as_array().unwrap())
        .collect();
    assert!(
        members
            .iter()
            .all(|item| item["subject"] != "body/swl-mh-pdg")
    );
}

fn north_london(desk: &Desk) {
    let found = since(desk, "1 April 2021", "nlmhp");
    let forward = change(&found, UNDATED, "brought-forward", "milestone/m-key-worker");
    assert_eq!(forward["before"], "May 2022");
    assert_eq!(forward["moved"], "brought forward six months");
}

fn north_west_london(desk: &Desk) {
    let found = since(desk, "1 April 2025", "nwl");
    let all = [DATED, UNDATED].map(|part| found.pointer(part).unwrap().as_array().unwrap());
    let groups = all.into_iter().flatten();
    let restated = groups.filter(|one| one["group"] == "restated");
    let restated: Vec<&Value> = restated
        .flat_map(|one| one["items"].as_array().unwrap())
        .collect();
    assert!(
        restated.iter().any(|item| item["after"] == "December 2025"),
        "{restated:#?}"
    );
    // Narrower, and so neither later nor earlier.
    assert!(restated.iter().all(|item| item["moved"].is_null()));
}

fn concordat(desk: &Desk) {
    let found = since(desk, "1 January 2014", "nwl-concordat");
    let attested = change(
        &found,
        UNDATED,
        "sign-offs-attested",
        "sign-off/so-declaration",
    );
    assert_eq!(attested["after"], "25 of 25 attested, not signed");
}

fn every_form_and_what_the_table_says(desk: &Desk) {
    for form in ["text", "md", "csv", "html"] {
        let words = [
            "changes",
            "--since",
            "1 May 2024",
            "--by",
            "effective",
            "--ledger",
            "swl",
            "--format",
            form,
        ];
        let said = desk.run_with(&words, &[("COLUMNS", "120")]);
        assert_eq!(said.code, 0, "{}", said.err);
        // Between the dates a page has the arrow with a word for those who listen to it.
        for words in ["2024/25", "25/26", "slipped one year", "inferred: link"] {
            assert!(said.out.contains(words), "{form}: {words}\n{}", said.out);
        }
    }
}
