//! Commands at a server, against the real program that serves: what they say is what they say of a
//! folder, and what they are told is proved.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::path::Path;

use common::served::Served;
use common::{Desk, Said};
use minutebook_client::Client;
use minutebook_keys::SigningKey;

/// What a paper says, without the line that says how to ask again.
fn paper(said: &Said) -> String {
    let end = said.out.find("Made by").unwrap_or(said.out.len());
    said.out[..end].to_owned()
}

fn at(served: &Served, line: &str) -> String {
    format!("{line} --server {}", served.url)
}

#[test]
fn every_question_has_the_same_answer_as_in_the_folder() {
    let desk = Desk::with_ledger();
    desk.good("record MilestoneSlipped --subject milestone/worker --to 25/26 --standing reported --reason capacity --key jo.pem");
    let served = Served::with_copy(&desk);
    let same = |line: &str, there: &str, here: &str| {
        let there = desk.good(&at(&served, &format!("{line} {there}")));
        let here = desk.good(&format!("{line} --dir copy {here}"));
        assert_eq!(paper(&there), paper(&here), "{line}");
        let again = there.out.contains("/v1/ledgers/nwl/");
        assert!(again, "{line}: how to ask again");
    };
    for line in [
        "status",
        "status --on 2027-01-01",
        "search worker",
        "search worker --kind milestone --limit 3 --to 2026-12-31",
        "milestones",
        "milestones --overdue --on 2027-01-01",
        "milestones --known-at 6",
        "milestones --effective-at 2024-01-01",
        "meetings",
    ] {
        same(line, "", "");
    }
    // Ada reads everything, and may know who people are.
    for line in [
        "changes --since 0",
        "changes --since 2024-01-01 --until 2027-01-01 --by effective",
        "history milestone/worker",
        "milestones milestone/worker --known-at 6",
        "people",
    ] {
        same(line, "--key ada.pem", "--reader restricted");
    }
    // Whoever is not signed in is told no names.
    let people = desk.good(&at(&served, "people"));
    assert!(!people.out.contains("Ada"), "{}", people.out);
    // The other forms come as they are asked for.
    let csv = desk.good(&at(&served, "milestones --format csv"));
    let here = desk.good("milestones --format csv --dir copy");
    assert_eq!(paper(&csv), paper(&here));
    let json = desk.json(&at(&served, "milestones"));
    assert_eq!(json["data"], desk.json("milestones --dir copy")["data"]);
}

#[test]
fn an_entry_is_shown_and_proved_as_in_the_folder() {
    let desk = Desk::with_ledger();
    let served = Served::with_copy(&desk);
    for entry in [0, 2, 3, 5] {
        let there = desk.good(&at(&served, &format!("show {entry} --key ada.pem")));
        let here = desk.good(&format!("show {entry} --dir copy"));
        let before = |said: &Said| {
            said.out
                .split("`minutebook prove")
                .next()
                .unwrap()
                .to_owned()
        };
        assert_eq!(before(&there), before(&here), "{entry}");
        assert!(there.out.contains("verifies"), "{}", there.out);
        let there = desk.json(&at(&served, &format!("show {entry} --key ada.pem")));
        assert_eq!(
            there,
            desk.json(&format!("show {entry} --dir copy")),
            "{entry}"
        );
    }
    // What is sealed is not for everyone, and no name with it.
    let public = desk.good(&at(&served, "show 2"));
    assert!(!public.out.contains("Ada"), "{}", public.out);
    for what in ["statement", "disclosure", "signature", "public-key"] {
        let file = format!("{what}.there");
        desk.good(&at(&served, &format!("show 5 --raw {what} --out {file}")));
        desk.good(&format!("show 5 --raw {what} --out {what}.here --dir copy"));
        assert_eq!(
            desk.read(&file),
            desk.read(&format!("{what}.here")),
            "{what}"
        );
    }
    desk.good(&at(&served, "prove 5 --out p --receipt r --entry e"));
    desk.good("prove 5 --out p.here --entry e.here --dir copy");
    assert_eq!(desk.read("p"), desk.read("p.here"));
    assert_eq!(desk.read("e"), desk.read("e.here"));
    desk.good("verify p --entry e --dir copy");
    desk.good("verify r --entry e --dir copy");
    desk.bad(1, &at(&served, "show 6"), &["there is no such entry"]);
}

#[test]
fn officers_record_at_a_server_with_keys_that_stay_with_them() {
    let desk = Desk::with_ledger();
    let served = Served::of(&desk);
    // What it is until now comes from the server, as it would from the folder.
    let said = desk.good(&at(
        &served,
        "record MilestoneSlipped --subject milestone/worker --to 25/26 --standing reported --reason capacity --key jo.pem",
    ));
    assert!(
        said.out.contains("Recorded as entry 6 of nwl."),
        "{}",
        said.out
    );
    assert!(said.out.contains("Jo, lead"), "{}", said.out);
    assert!(said.err.contains("from: 2024/25"), "{}", said.err);
    assert!(
        said.err.contains("first time"),
        "the vkey is remembered: {}",
        said.err
    );
    let said = desk.json(&at(
        &served,
        "record MilestoneSet --subject milestone/one --title One --due 2026/27 --key ada.pem",
    ));
    assert_eq!(said["entry"], 7);
    assert_eq!(said["checkpoint"]["size"], 8);
    // A new officer, from a request that names the ledger as the server does.
    desk.good("key new --out kim.pem --unencrypted");
    desk.good(&at(&served, "key request --key kim.pem --out kim.request"));
    let said = desk.good(&at(
        &served,
        "key enrol --request kim.request --name Kim --role lead --key ada.pem",
    ));
    assert!(said.out.contains("Kim is enrolled in nwl."), "{}", said.out);
    assert!(said.out.contains("entries 8 to 10"), "{}", said.out);
    desk.good(&at(
        &served,
        "record MilestoneSet --subject milestone/two --title Two --due 2026/27 --key kim.pem",
    ));
    let audit = desk.json(&format!("verify {}", served.url));
    assert_eq!(audit["ledgers"][0]["size"], 12);
    // It is all in the folder once the server has ended.
    drop(served);
    let history = desk.good("history milestone/worker");
    assert!(history.out.contains("slipped"), "{}", history.out);
}

#[test]
fn a_refusal_names_the_rule_and_the_right_way() {
    let desk = Desk::with_ledger();
    let served = Served::of(&desk);
    let slip = "record MilestoneSlipped --subject milestone/worker --to 23/24 --standing reported --reason capacity --key jo.pem";
    let said = desk.bad(
        1,
        &at(&served, slip),
        &[
            "rule: milestone-date-verb",
            "nothing was recorded",
            "help: record MilestoneBroughtForward",
        ],
    );
    assert!(said.out.is_empty());
    // A key that nobody enrolled is no way in.
    desk.good("key new --out stranger.pem --unencrypted");
    desk.bad(
        1,
        &at(&served, "milestones --key stranger.pem"),
        &["the server refuses stranger.pem", "key enrol"],
    );
    desk.bad(
        1,
        &at(&served, "milestones milestone/none"),
        &["milestone/none"],
    );
    desk.bad(
        2,
        &at(&served, "milestones --reader part2"),
        &["--reader", "--key"],
    );
    desk.bad(2, "milestones --key ada.pem", &["--server"]);
    desk.bad(2, &at(&served, "status --dir copy"), &["--dir", "--server"]);
    desk.bad(2, &at(&served, "scrub"), &["data folder"]);
}

#[test]
fn documents_are_imported_at_a_server_once() {
    let desk = Desk::with_ledger();
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/swl-partnerships.yaml");
    std::fs::copy(seed, desk.path("swl.yaml")).unwrap();
    let served = Served::of(&desk);
    let import = at(&served, "import swl.yaml --key ada.pem --key jo.pem");
    let first = desk.json(&import);
    assert_eq!(first["files"][0]["entries"][0], 6, "{first}");
    let again = desk.json(&import);
    assert!(again["files"][0]["entries"].is_null(), "{again}");
    let dry = desk.good(&format!("{import} --dry-run"));
    assert!(dry.out.contains("nothing was recorded"), "{}", dry.out);
    let audit = desk.json(&format!("verify {} --key ada.pem", served.url));
    assert_eq!(audit["good"], true, "{audit}");
    assert_eq!(audit["ledgers"][0]["counts"]["withheld"], 0, "{audit}");
}

#[test]
fn a_ledger_is_verified_over_http_under_the_key_that_is_trusted() {
    let desk = Desk::with_ledger();
    let vkey = desk.json("prove 5 --out p")["vkey"]
        .as_str()
        .unwrap()
        .to_owned();
    let other = Desk::with_ledger();
    let stranger = other.json("prove 5 --out p")["vkey"]
        .as_str()
        .unwrap()
        .to_owned();
    let served = Served::of(&desk);
    for url in [
        served.url.clone(),
        format!("{}/log/nwl", served.url),
        format!("{}/v1/ledgers/nwl/", served.url),
    ] {
        let said = desk.good(&format!("verify {url} --vkey {vkey}"));
        assert!(said.out.contains("everything checks out"), "{}", said.out);
        assert!(!said.out.contains("taken from the copy"), "{}", said.out);
    }
    let said = desk.good(&format!("verify {}", served.url));
    assert!(said.out.contains("taken from the copy"), "{}", said.out);
    let wrong = format!("verify {} --vkey {stranger}", served.url);
    let said = desk.bad(1, &wrong, &["checkpoint does not hold"]);
    assert!(!said.out.contains("checks out"), "{}", said.out);
    // Nothing is signed over a record of another key than the one given, or remembered.
    let record =
        "record MilestoneSet --subject milestone/two --title Two --due 2026/27 --key jo.pem";
    let line = at(&served, record);
    desk.bad(1, &format!("{line} --vkey {stranger}"), &["another vkey"]);
    let known = format!("{} nwl {stranger}\n", served.url);
    std::fs::create_dir_all(desk.path("config/minutebook")).unwrap();
    desk.write("config/minutebook/known-logs", known);
    desk.bad(1, &line, &["another key than before"]);
    desk.good(&format!("{line} --vkey {vkey}"));
}

#[test]
fn a_server_that_is_not_there_is_one_line_of_help() {
    let desk = Desk::with_ledger();
    // An address that was just free: whoever listened there does not any more.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let line = format!("status --server http://{address}");
    let said = desk.bad(
        1,
        &line,
        &["no answer from http://127.0.0.1", "help: check"],
    );
    assert_eq!(said.err.lines().count(), 2, "{}", said.err);
    desk.bad(
        1,
        "status --server board.example",
        &["not the address", "help:"],
    );
    desk.bad(
        1,
        "status --server http://board.example --key ada.pem --ledger nwl",
        &["without TLS", "https"],
    );
}

#[test]
fn a_program_watches_what_is_recorded_and_signs_in_and_out() {
    let desk = Desk::with_ledger();
    let served = Served::of(&desk);
    let mut ledger = Client::new(&served.url).unwrap().ledger("nwl").unwrap();
    let mut watch = ledger.watch(None);
    watch.connect().unwrap();
    let record =
        "record MilestoneSet --subject milestone/two --title Two --due 2026/27 --key jo.pem";
    desk.good(&at(&served, record));
    let entry = watch.next().unwrap().unwrap();
    assert_eq!(entry.entry, 6);
    assert_eq!(entry.summary.as_deref(), Some("Milestone set: Two"));
    assert_eq!(entry.signer.name, None, "nobody is signed in");
    let before: Vec<u64> = ledger
        .watch(Some(3))
        .take(3)
        .map(|one| one.unwrap().entry)
        .collect();
    assert_eq!(before, [4, 5, 6]);

    let pem = String::from_utf8(desk.read("ada.pem")).unwrap();
    let key = SigningKey::from_pem(&pem, None).unwrap();
    let ada = ledger.sign_in(&key).unwrap();
    assert_eq!(ada.name.as_deref(), Some("Ada"));
    assert_eq!(ledger.session().unwrap(), ada);
    let named = ledger.entry(6).unwrap().signer.name;
    assert_eq!(named.as_deref(), Some("Jo"));
    let before = ledger.clone();
    ledger.sign_out().unwrap();
    assert!(before.session().unwrap_err().is("sign-in-needed"));
    assert!(ledger.session().unwrap_err().is("sign-in-needed"));
}
