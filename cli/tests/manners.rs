//! How the program behaves: errors that say what to do next, exit codes, JSON, and no secret in
//! anything it prints.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{Desk, Said};

#[test]
fn each_error_is_one_sentence_and_what_to_do_next() {
    let desk = Desk::with_ledger();
    let cases: &[(i32, &str, &[&str])] = &[
        (
            1,
            "status --dir nowhere",
            &["there is no data folder nowhere", "minutebook init"],
        ),
        (
            1,
            "status --ledger swl",
            &["there is no ledger \"swl\"", "there are: nwl"],
        ),
        (1, "show 99", &["there is no entry 99", "0 to 5"]),
        (
            1,
            "history milestone/other",
            &["nothing about milestone/other", "milestone/worker"],
        ),
        (2, "history nonsense", &["kind/name"]),
        (1, "status aim/none", &["the plan has no aim/none"]),
        (
            1,
            "milestones milestone/other",
            &["nothing about milestone/other", "milestone/worker"],
        ),
        (
            2,
            "decisions milestone/worker",
            &["not among the decisions", "minutebook milestones"],
        ),
        (
            1,
            "actions --body body/none",
            &["there is no body body/none"],
        ),
        (2, "actions --on 5", &["--on"]),
        (1, "verify nowhere", &["nothing at nowhere"]),
        (2, "verify 5.proof --vkey nonsense", &["--vkey"]),
        (2, "prove 5", &["--out"]),
        (
            2,
            "init --origin board.example/x",
            &["--ledger is missing", "--ledger nwl"],
        ),
        (
            1,
            "init --ledger a/b --origin board.example/x --key ada.pem",
            &["cannot name a ledger"],
        ),
        (
            1,
            "init --ledger x --origin https://a@b --key ada.pem",
            &["cannot be an origin", "without its scheme"],
        ),
        (2, "record", &["no type of event", "record --list"]),
        (2, "record MilestoneSlip", &["perhaps MilestoneSlipped"]),
        (
            2,
            "record MilestoneSet --subject milestone/x --title X",
            &["--key is missing"],
        ),
        (
            2,
            "record MilestoneSet --key jo.pem",
            &["--subject, --title are missing", "milestone/worker"],
        ),
        (
            2,
            "record MilestoneSet --subject aim/x --title X --key jo.pem",
            &["should be milestone/"],
        ),
        (
            2,
            "record MilestoneSet --subject milestone/x --titel X",
            &["--title"],
        ),
        (2, "record SigningKeyEnrolled --key jo.pem", &["key enrol"]),
        (2, "record LedgerOpened", &["minutebook init"]),
        (
            1,
            "record MilestoneSet --subject milestone/x --title X --key nowhere.pem",
            &["key new"],
        ),
        (
            1,
            "record DecisionMade --subject decision/d --title D --key jo.pem",
            &["this officer is lead", "secretary, chair"],
        ),
        (
            1,
            "record MilestoneSet --subject milestone/worker --title X --key jo.pem",
            &["rule:", "nothing was recorded"],
        ),
        (
            1,
            "key new --out jo.pem --unencrypted",
            &["not overwritten"],
        ),
        (1, "key show nowhere.pem", &["cannot open"]),
        (2, "key enrol --name X --key ada.pem", &["--request"]),
        (2, "key enrol --new-key jo.pem --key ada.pem", &["--name"]),
        (
            2,
            "key enrol --new-key jo.pem --name X --role king --key ada.pem",
            &["registrar, secretary"],
        ),
    ];
    for (code, line, words) in cases {
        let said = desk.bad(*code, line, words);
        assert!(said.err.starts_with("error: "), "{line}: {}", said.err);
        assert_eq!(said.out, "", "{line}");
        let next = said.err.contains("help: ") || said.err.contains("--help");
        assert!(
            next || said.err.contains("rule:"),
            "{line} says nothing of what to do:\n{}",
            said.err
        );
    }
    assert_eq!(
        desk.json("status")["data"]["counts"]["entries"],
        6,
        "nothing was recorded by any of them"
    );
}

#[test]
fn an_ambiguous_date_is_a_question_and_a_wrong_verb_names_the_right_one() {
    let desk = Desk::with_ledger();
    desk.fails(
        2,
        &[
            "record",
            "MilestoneSet",
            "--subject",
            "milestone/x",
            "--title",
            "X",
            "--due",
            "Q3 2025",
            "--key",
            "jo.pem",
        ],
        &["--due", "Q3 2025/26"],
    );
    let slip = [
        "record",
        "MilestoneSlipped",
        "--subject",
        "milestone/worker",
        "--to",
        "2023/24",
        "--standing",
        "reported",
        "--reason",
        "x",
        "--key",
        "jo.pem",
    ];
    desk.fails(
        1,
        &slip,
        &[
            "earlier than 2024/25",
            "rule: milestone-date-verb",
            "MilestoneBroughtForward",
        ],
    );
    let said = desk.run_words(&[&slip[..], &["--json"]].concat());
    assert_eq!(said.code, 1);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(json["refused"]["rule"], "milestone-date-verb");
    assert!(
        json["help"]
            .as_str()
            .unwrap()
            .contains("MilestoneBroughtForward")
    );
}

#[test]
fn a_capacity_is_asked_for_only_where_several_fit() {
    let desk = Desk::with_ledger();
    let document = [
        "record",
        "CorrectionRecorded",
        "--subject",
        "milestone/worker",
        "--entry",
        "5",
        "--field",
        "title",
        "--value",
        "Key worker",
        "--reason",
        "misread",
        "--key",
        "ada.pem",
    ];
    desk.fails(
        2,
        &document,
        &["as registrar, secretary", "--capacity \"registrar\""],
    );
    let said = desk.run_words(&[&document[..], &["--capacity", "Secretary"]].concat());
    assert_eq!(said.code, 0, "{}", said.err);
    assert!(desk.good("show 5").out.contains("Corrected by entry 6"));
}

#[test]
fn every_command_that_prints_takes_json() {
    let desk = Desk::new();
    let init = desk.json(
        "init --ledger nwl --origin board.example/nwl --unencrypted --key ada.pem --role secretary",
    );
    assert_eq!(init["registrar"]["fingerprint"].as_str().unwrap().len(), 19);
    assert!(
        init["vkey"]
            .as_str()
            .unwrap()
            .starts_with("board.example/nwl+")
    );
    assert_eq!(
        desk.json("key new --out jo.pem --unencrypted")["kid"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    let kid = desk.json("key show jo.pem")["kid"].clone();
    assert_eq!(
        desk.json("key request --key jo.pem --out jo.request")["kid"],
        kid
    );
    let enrolled = desk.json("key enrol --request jo.request --name Jo --role lead --key ada.pem");
    assert_eq!(enrolled["kid"], kid);
    assert_eq!(enrolled["entries"], serde_json::json!([1, 2, 3]));
    let types = desk.json("record --list");
    assert!(types.as_array().unwrap().len() > 50);
    let recorded =
        desk.json("record MilestoneSet --subject milestone/x --title X --due 25/26 --key jo.pem");
    assert_eq!(recorded["entry"], 4);
    assert!(
        recorded["dates"][0]["reading"]
            .as_str()
            .unwrap()
            .contains("31 March 2026")
    );
    assert_eq!(desk.json("show 4")["event"], recorded["event"]);
    assert_eq!(
        desk.json("history milestone/x")["data"]["entries"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let status = desk.json("status");
    assert_eq!(status["data"]["counts"]["milestones"], 1);
    assert_eq!(status["data"]["plan"][0]["id"], "milestone/x");
    assert_eq!(
        desk.json("prove 4 --out 4.tlog-proof --entry 4.cose")["entry"],
        4
    );
    assert_eq!(
        desk.json("verify 4.tlog-proof --entry 4.cose")["good"],
        true
    );
    assert_eq!(desk.json("export --out bundle")["manifest"]["size"], 5);
    assert_eq!(desk.json("verify bundle")["good"], true);
    assert_eq!(
        desk.json("verify minutebook-data")["ledgers"][0]["counts"]["judged"],
        5
    );
    assert_eq!(desk.json("scrub")["sound"], true);
    let failed = desk.run("show 99 --json");
    assert_eq!(failed.code, 1);
    let failed: serde_json::Value = serde_json::from_str(&failed.out).unwrap();
    assert!(failed["error"].as_str().unwrap().contains("99"));
}

#[test]
fn every_help_has_an_example_and_fits_80_columns() {
    let desk = Desk::new();
    for line in [
        "",
        "init",
        "key",
        "key new",
        "key show",
        "key request",
        "key enrol",
        "record",
        "record MilestoneSlipped",
        "record MeetingHeld",
        "status",
        "decisions",
        "sign-offs",
        "records",
        "history",
        "show",
        "prove",
        "export",
        "verify",
        "scrub",
    ] {
        let said = desk.good(&format!("{line} --help"));
        assert!(said.out.contains("Example"), "{line}");
        for text in said.out.lines() {
            // One option of an example is kept whole, so that it can be pasted.
            let option = text.starts_with("      ") && text.contains('\'');
            assert!(option || text.chars().count() <= 80, "{line}: {text}");
        }
    }
    assert!(desk.good("--version").out.starts_with("minutebook 0."));
}

#[test]
fn plain_answers_fit_80_columns_but_for_what_is_copied_whole() {
    let desk = Desk::with_ledger();
    for line in [
        "status",
        "history milestone/worker",
        "milestones",
        "milestones milestone/worker",
        "people",
        "show 5",
        "show 0",
        "record --list",
        "scrub",
    ] {
        for text in desk.good(line).out.lines() {
            let copied = text.split_whitespace().any(|word| word.len() > 40);
            assert!(copied || text.chars().count() <= 80, "{line}: {text}");
        }
    }
}

#[test]
fn a_reader_who_goes_away_is_no_error() {
    let desk = Desk::with_ledger();
    let program = env!("CARGO_BIN_EXE_minutebook");
    let said = std::process::Command::new("sh")
        .args([
            "-c",
            &format!("{program} record --list --json | head -c 1; {program} show 0 | true"),
        ])
        .current_dir(desk.path("."))
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
}

#[test]
fn a_ledger_in_use_is_said_to_be() {
    let desk = Desk::with_ledger();
    let folder = desk.path("minutebook-data/nwl");
    let (store, _) = minutebook_ledger::store::sled::SledStore::open(&folder).unwrap();
    desk.bad(
        1,
        "status",
        &[
            "another process has this ledger open",
            "close the other program",
        ],
    );
    drop(store);
    desk.good("status");
}

#[test]
fn nothing_printed_or_exported_holds_a_secret() {
    let desk = Desk::new();
    let mut said: Vec<Said> = vec![
        desk.good(
            "init --ledger nwl --origin board.example/nwl --unencrypted --key ada.pem --name Ada",
        ),
        desk.good("key new --out jo.pem --unencrypted"),
        desk.good("key show jo.pem --json"),
        desk.good("key request --key jo.pem --out jo.request --json"),
        desk.good("key enrol --request jo.request --name Jo --role lead --key ada.pem --json"),
        desk.good("record MilestoneSet --subject milestone/x --title X --key jo.pem --json"),
        desk.good("show 0 --json"),
        desk.good("status"),
        desk.good("export --out bundle --include-private"),
        desk.good("verify minutebook-data --json"),
    ];
    said.push(desk.run("key new --out jo.pem --unencrypted"));
    let secrets = [
        "ada.pem",
        "jo.pem",
        "minutebook-data/nwl/keys/log.pem",
        "minutebook-data/nwl/keys/receipt.pem",
    ];
    let is_key_file = |path: &std::path::Path| secrets.iter().any(|name| path.ends_with(name));
    let files = desk.files();
    for name in secrets {
        let pem = String::from_utf8(desk.read(name)).unwrap();
        let body = pem.lines().nth(1).unwrap();
        // 16 bytes of DER come before the seed of 32.
        let der = base64_decode(body);
        let seed = &der[der.len() - 32..];
        let hex: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
        for said in &said {
            for text in [&said.out, &said.err] {
                assert!(
                    !text.contains(body) && !text.contains(&hex),
                    "{name} is printed: {text}"
                );
            }
        }
        for (path, bytes) in files.iter().filter(|(path, _)| !is_key_file(path)) {
            let found = bytes.windows(32).any(|window| window == seed)
                || bytes
                    .windows(body.len())
                    .any(|window| window == body.as_bytes());
            assert!(!found, "{name} is in {}", path.display());
        }
    }
}

fn base64_decode(text: &str) -> Vec<u8> {
    let value = |c: u8| {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
            .iter()
            .position(|d| *d == c)
    };
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0u32, 0);
    for digit in text.bytes().filter_map(value) {
        bits = bits << 6 | digit as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push((bits >> count & 0xff) as u8);
        }
    }
    bytes
}

#[cfg(unix)]
#[test]
fn an_open_key_file_is_warned_about() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    desk.good("key new --out jo.pem --unencrypted");
    assert_eq!(desk.good("key show jo.pem").err, "");
    std::fs::set_permissions(desk.path("jo.pem"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(desk.good("key show jo.pem").err.contains("chmod 600"));
}
