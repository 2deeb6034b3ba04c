//! The registers, the status and the history: what they say of the five seed documents, to whom, as
//! known when, and in which form. What is expected was read in the seed files.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Desk;
use common::registers::{REGISTERS, ids, row, rows, words};
use serde_json::Value;

fn demo() -> Desk {
    let desk = Desk::new();
    let made = desk.run_with(
        &["demo", "--no-serve"],
        &[("MINUTEBOOK_PASSPHRASE", "demo")],
    );
    assert_eq!(made.code, 0, "{}", made.err);
    desk
}

#[test]
fn the_demo_gives_the_rows_of_its_documents() {
    let desk = demo();
    attested(&desk);
    slipped(&desk);
    brought_forward(&desk);
    measured(&desk);
    side_by_side(&desk);
    counted_and_not_named(&desk);
    not_stated(&desk);
    known_then(&desk);
    true_then(&desk);
    every_form(&desk);
    one_of_each(&desk);
}

fn attested(desk: &Desk) {
    let line = "sign-offs --ledger nwl-concordat";
    let found = row(desk, line, "sign-off/so-declaration");
    assert_eq!(found["state"], "attested, not signed");
    assert_eq!(
        (&found["signed"], &found["needed"]),
        (&25.into(), &25.into())
    );
    assert_eq!(
        words(&found["attested"], "/id"),
        ["organisation/partners-25"]
    );
    assert_eq!(
        words(&found["attested_named"], "/id"),
        ["organisation/met-police"]
    );
    assert!(found["signatories"].as_array().unwrap().is_empty());
    let wide = desk.run_with(&line.split(' ').collect::<Vec<_>>(), &[("COLUMNS", "120")]);
    assert!(wide.out.contains("25 of 25 attested, not"), "{}", wide.out);
    let agreement = row(
        desk,
        "agreements --ledger nwl-concordat",
        "agreement/national-concordat",
    );
    assert_eq!(agreement["signed"]["as_written"], "February 2014");
    assert_eq!(agreement["signatory_count"], 22);
}

fn slipped(desk: &Desk) {
    let found = row(desk, "milestones --ledger swl", "milestone/m-mhpc-in-place");
    let due = &found["due"];
    assert_eq!(due["first"]["from"], "2024-04-01");
    assert_eq!(words(&due["later"], "/to/as_written"), ["25/26"]);
    assert_eq!(due["moved"], "slipped one year");
    let change = &due["later"][0];
    assert_eq!(
        (&change["verb"], &change["standing"]),
        (&"slipped".into(), &"reported".into())
    );
    assert_eq!(
        change["said"]["reason"],
        "system-wide capacity constraints and ICB restructure"
    );
    assert_eq!(change["said"]["inferred"][0], "link");
    // A slip that is only reported leaves the baseline.
    assert_eq!(found["baseline"]["to"], "2025-03-31");
    let slipped = rows(desk, "milestones --state slipped --ledger swl");
    assert_eq!(ids(&slipped), ["milestone/m-mhpc-in-place"]);
    // 25/26 ends on 31 March 2026.
    for (on, overdue) in [("31 March 2026", false), ("1 April 2026", true)] {
        let said = desk.run_words(&["milestones", "--on", on, "--ledger", "swl", "--json"]);
        let json: Value = serde_json::from_str(&said.out).unwrap();
        let rows = json["data"]["rows"].as_array().unwrap();
        let found = rows.iter().find(|row| row["id"] == found["id"]).unwrap();
        assert_eq!(found["overdue"], overdue, "{on}");
    }
    let under = rows(desk, "milestones --under strategy/plan-2425 --ledger swl");
    assert_eq!(
        ids(&under),
        [
            "milestone/p2425-1",
            "milestone/p2425-2",
            "milestone/p2425-3",
            "milestone/p2425-4"
        ]
    );
}

fn brought_forward(desk: &Desk) {
    let found = row(desk, "milestones --ledger nlmhp", "milestone/m-key-worker");
    assert_eq!(found["due"]["moved"], "brought forward six months");
    assert_eq!(found["due"]["first"]["from"], "2022-05-01");
    assert_eq!(found["due"]["now"]["to"], "2021-11-30");
    let text = desk
        .good("milestones milestone/m-key-worker --ledger nlmhp")
        .out;
    assert!(text.contains("May 2022 → by the end of November"), "{text}");
    assert!(text.contains("Every date"), "{text}");
}

fn measured(desk: &Desk) {
    let metrics = rows(desk, "metrics --ledger nlmhp");
    assert_eq!(metrics.len(), 24);
    let of = |id: &str| metrics.iter().find(|row| row["id"] == id).unwrap();
    let waits = of("metric/met-1.2.2");
    assert_eq!(waits["baseline"], Value::Null);
    assert_eq!(waits["baseline_state"], "to be agreed with NCL partners");
    assert_eq!(waits["target"]["value"]["as_written"], "30");
    assert_eq!(waits["target"]["kind"], "change");
    assert_eq!(waits["target"]["change_basis"], "not-stated");
    assert_eq!(waits["target"]["due"]["as_written"], "by Q4 2023/24");
    let fft = of("metric/met-1.1.2");
    assert_eq!(fft["target"]["value"]["as_written"], "90");
    assert_eq!(fft["target"]["basis"], "national target");
    let wide = ["metrics", "--ledger", "nlmhp"];
    let text = desk.run_with(&wide, &[("COLUMNS", "120")]).out;
    for words in [
        "no baseline: to be agreed",
        "90%",
        "no value yet",
        "by Q4 2023/24",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

fn side_by_side(desk: &Desk) {
    let found = row(desk, "progress --ledger nwl", "aim/amb-03");
    assert_eq!(found["horizon"]["as_written"], "By 2028/29");
    assert_eq!(
        words(&found["planned"], "/id"),
        ["milestone/m2425-03-1", "milestone/m2425-03-2"]
    );
    assert_eq!(words(&found["reported"], "/report"), ["st-03-1"]);
    assert_eq!(found["reported"][0]["period"]["as_written"], "2024/25");
    assert_eq!(found["reported"][0]["state"], "complete");
    assert_eq!(
        found["reported"][0]["rating"],
        Value::Null,
        "a reading is no rating"
    );
    let next = found["next"].as_array().unwrap();
    assert_eq!(next.len(), 4);
    let live = next
        .iter()
        .find(|step| step["id"] == "milestone/m2526-03-3")
        .unwrap();
    assert_eq!(live["due"]["first"]["as_written"], "2025/26 and beyond");
    assert_eq!(live["due"]["now"]["as_written"], "December 2025");
    assert_eq!(live["due"]["moved"], "restated");
    // Ten ambitions, each with its plan and its report.
    let all = rows(desk, "progress --ledger nwl");
    let ambitions = all.iter().filter(|row| row["level"] == "ambition");
    let reported = ambitions.filter(|row| !row["reported"].as_array().unwrap().is_empty());
    assert_eq!(reported.count(), 10);
    let four = all.iter().find(|row| row["id"] == "aim/amb-04").unwrap();
    assert_eq!(
        words(&four["reported"], "/report"),
        ["st-04-1", "st-04-2", "st-04-3", "st-04-4"]
    );
    let wide = desk
        .run_with(&["progress", "--ledger", "nwl"], &[("COLUMNS", "120")])
        .out;
    for words in ["2024/25 plan", "2024/25 as reported", "2025/26 next steps"] {
        assert!(wide.contains(words), "{words}: {wide}");
    }
}

fn counted_and_not_named(desk: &Desk) {
    let line = "organisations --ledger nwl-concordat";
    let partners = row(desk, line, "organisation/partners-25");
    assert_eq!(
        (&partners["count"], &partners["named"]),
        (&25.into(), &false.into())
    );
    let text = desk.good(line).out.replace('\n', " ");
    assert!(text.contains("25 organisations"), "{text}");
    let promises = rows(desk, "consultations --ledger nlmhp --state answered");
    assert_eq!(promises.len(), 10);
    assert_eq!(
        promises[0]["answers"][0]["you_said"],
        "Support health and wellbeing holistically"
    );
}

fn not_stated(desk: &Desk) {
    let decisions = rows(desk, "decisions --ledger swl");
    // The newest first, those of one day as they were recorded; what has no date last.
    assert_eq!(
        ids(&decisions),
        [
            "decision/dec-received-output",
            "decision/dec-mhpc-reset",
            "decision/dec-launch",
            "decision/dec-plan-2526"
        ]
    );
    assert_eq!(decisions[0]["kind"], "received and noted");
    assert_eq!(decisions[0]["said"]["meeting"]["id"], "meeting/pdg-2025-03");
    assert_eq!(decisions[3]["decided"], Value::Null);
    let foreseen = rows(desk, "decisions --state foreseen --ledger nwl");
    assert_eq!(
        ids(&foreseen),
        [
            "decision/dec-model-of-care",
            "decision/dec-strategy-refresh"
        ]
    );
    let body = rows(desk, "decisions --body body/swl-mh-pdg --ledger swl");
    assert_eq!(ids(&body), ["decision/dec-received-output"]);
    // The document has a rating column, and nothing in it.
    let status = desk.json("status strategy/adp-2 --ledger swl");
    let plan = status["data"]["plan"].as_array().unwrap();
    assert_eq!(plan[0]["id"], "strategy/adp-2");
    assert_eq!(plan[0]["report"]["rating"], "rating not stated");
    let risks = desk.good("risks --ledger swl").out;
    assert!(risks.contains("not scored"), "{risks}");
    let funding = row(desk, "funding --ledger nlmhp", "funding/fund-roll-out");
    assert_eq!(funding["funder"], Value::Null);
    let document = row(
        desk,
        "documents --ledger nwl-concordat",
        "document/nwl-concordat",
    );
    assert_eq!(
        (&document["date"], &document["records_made"]),
        (&Value::Null, &34.into())
    );
}

fn known_then(desk: &Desk) {
    let slip = row(desk, "milestones --ledger swl", "milestone/m-mhpc-in-place");
    let entry = slip["due"]["later"][0]["said"]["entry"].as_u64().unwrap();
    let before = format!("milestones --ledger swl --known-at {entry}");
    let found = row(desk, &before, "milestone/m-mhpc-in-place");
    assert!(found["due"]["later"].as_array().unwrap().is_empty());
    let history = |known: u64| {
        let line = format!("history milestone/m-mhpc-in-place --ledger swl --known-at {known}");
        let json = desk.json(&line);
        json["data"]["entries"].as_array().unwrap().len()
    };
    assert_eq!((history(entry), history(entry + 1)), (1, 2));
    let early = desk.good("status --ledger swl --known-at 20").out;
    assert!(early.contains("There is no plan yet"), "{early}");
    desk.bad(
        1,
        "history milestone/m-mhpc-in-place --ledger swl --known-at 20",
        &[
            "nothing about milestone/m-mhpc-in-place",
            "no milestone at all",
        ],
    );
    for register in REGISTERS {
        let rows = rows(desk, &format!("{register} --ledger swl --known-at 8"));
        let founding = if register == "people" { 3 } else { 0 };
        assert_eq!(rows.len(), founding, "{register}");
    }
}

fn true_then(desk: &Desk) {
    let said = desk.run_words(&[
        "decisions",
        "--ledger",
        "swl",
        "--effective-at",
        "31 December 2024",
        "--json",
    ]);
    let json: Value = serde_json::from_str(&said.out).unwrap();
    let ids = ids(json["data"]["rows"].as_array().unwrap());
    assert!(ids.contains(&"decision/dec-launch"), "{ids:?}");
    assert!(!ids.contains(&"decision/dec-received-output"), "{ids:?}");
    assert_eq!(json["data"]["on"], "2024-12-31");
    let history = "history decision/dec-received-output --ledger swl --effective-at";
    assert_eq!(desk.run(&format!("{history} 2025-02-28")).code, 1);
    assert!(
        desk.good(&format!("{history} 2025-03-31"))
            .out
            .contains("Decision made")
    );
}

fn every_form(desk: &Desk) {
    for register in REGISTERS {
        let line = format!("{register} --ledger nlmhp");
        let text = desk.good(&line).out;
        for line in text.lines() {
            let copied = line.split_whitespace().any(|word| word.len() > 40);
            assert!(copied || line.chars().count() <= 80, "{register}: {line}");
        }
        let json = desk.json(&line);
        assert_eq!(json["data"]["register"], register);
        for part in ["title", "subtitle", "facts", "banners", "data", "stamp"] {
            assert!(!json[part].is_null(), "{register} has no {part}");
        }
        let html = desk.good(&format!("{line} --format html")).out;
        assert!(html.starts_with("<!DOCTYPE html>"), "{register}");
        let md = desk.good(&format!("{line} --format md")).out;
        assert!(md.starts_with("# "), "{register}: {md}");
        let csv = desk.good(&format!("{line} --format csv")).out;
        let fields = csv.lines().next().unwrap().split(',').count();
        assert!(
            csv.starts_with("Section,") && fields > 1,
            "{register}: {csv}"
        );
        // What is printed at the foot makes the same answer again.
        let question = json["stamp"]["question"].as_str().unwrap();
        let again = desk.json(question.strip_prefix("minutebook ").unwrap());
        assert_eq!(again, json, "{question}");
    }
}

/// Each register shows each thing in it alone.
fn one_of_each(desk: &Desk) {
    for ledger in ["nlmhp", "swl"] {
        for register in REGISTERS {
            let rows = rows(desk, &format!("{register} --ledger {ledger}"));
            let Some(first) = rows.first().filter(|_| register != "records") else {
                continue;
            };
            let id = first["id"].as_str().unwrap();
            let json = desk.json(&format!("{register} {id} --ledger {ledger}"));
            assert_eq!(json["data"]["row"], *first, "{id}");
            let history = &json["data"]["history"]["entries"];
            assert!(!history.as_array().unwrap().is_empty(), "{id}");
        }
    }
    let meeting = desk.json("meetings meeting/pdg-2025-03 --ledger swl");
    assert_eq!(meeting["data"]["links"][0]["what"], "Decisions made in it");
    assert_eq!(
        meeting["data"]["links"][0]["ids"][0],
        "decision/dec-received-output"
    );
    desk.bad(
        2,
        "decisions milestone/m-mhpc-in-place --ledger swl",
        &[
            "not among the decisions",
            "minutebook milestones milestone/m-mhpc-in-place",
        ],
    );
    desk.bad(
        1,
        "decisions decision/none --ledger swl",
        &["nothing about decision/none", "decision/dec-launch"],
    );
}
