//! The demo and the import as someone runs them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const SEEDS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds");

fn run(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_minutebook"))
        .args(args)
        .current_dir(dir)
        .env("MINUTEBOOK_PASSPHRASE", "demo")
        .env_remove("MINUTEBOOK_DIR")
        .output()
        .unwrap()
}

fn json(dir: &Path, args: &[&str]) -> Value {
    let output = run(dir, &[args, &["--json"]].concat());
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn failed(dir: &Path, args: &[&str]) -> String {
    let output = run(dir, args);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stderr).unwrap()
}

fn entries(dir: &Path, ledger: &str) -> u64 {
    json(dir, &["status", "--ledger", ledger])["stamp"]["entries"]
        .as_u64()
        .unwrap()
}

/// One key that is registrar and secretary of the ledger `board`.
fn one_officer() -> TempDir {
    let dir = TempDir::new().unwrap();
    json(
        dir.path(),
        &[
            "init",
            "--ledger",
            "board",
            "--origin",
            "board.example/board",
            "--key",
            "me.pem",
            "--role",
            "secretary",
        ],
    );
    dir
}

fn seed(name: &str) -> String {
    format!("{SEEDS}/{name}.yaml")
}

#[test]
fn the_demo_makes_verified_ledgers_and_overwrites_nothing() {
    let dir = TempDir::new().unwrap();
    let made = json(dir.path(), &["demo", "--no-serve"]);
    let rows: Vec<_> = made["ledgers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            assert_eq!(one["verified"], true);
            assert_eq!(one["officers"].as_array().unwrap().len(), 3);
            let count = |name: &str| one["counts"][name].as_u64().unwrap();
            (
                one["name"].as_str().unwrap(),
                one["entries"].as_u64().unwrap(),
                one["signers"].as_u64().unwrap(),
                count("milestones"),
                count("slipped"),
                count("brought_forward"),
                count("decisions"),
            )
        })
        .collect();
    // Eight entries found a ledger: the genesis, three people, and key and role of two of them. The
    // last of a file is the document's own. In between stand the records, and for nlmhp
    // 37 (and a post, a meeting held, a completion, a baseline, a value), then 189 (and three more
    // corrections, a value, a baseline) and one omitted; for nwl 93 and two restatements; for the
    // concordat 34, six posts and two values; for swl 70 and three meetings held.
    assert_eq!(
        rows,
        [
            ("nlmhp", 8 + 37 + 5 + 1 + 189 + 5 + 1, 3, 44, 0, 1, 1),
            ("nwl", 8 + 93 + 2 + 1, 3, 34, 0, 0, 1),
            ("nwl-concordat", 8 + 34 + 8 + 1, 3, 6, 0, 0, 2),
            ("swl", 8 + 70 + 3 + 1, 3, 5, 1, 0, 4),
        ]
    );

    let told = failed(dir.path(), &["demo"]);
    assert!(
        told.contains("the ledger nlmhp") && told.contains("--dir"),
        "{told}"
    );
    assert_eq!(entries(dir.path(), "swl"), 82);

    let swl = seed("swl-partnerships");
    let keys = ["registrar", "secretary", "lead"]
        .map(|role| format!("minutebook-data/keys/swl-{role}.pem"));
    let again = [
        "import", &swl, "--ledger", "swl", "--key", &keys[0], "--key", &keys[1], "--key", &keys[2],
    ];
    let output = run(dir.path(), &again);
    let told = String::from_utf8(output.stdout).unwrap();
    assert!(told.contains("nothing to add"), "{told}");
    assert_eq!(entries(dir.path(), "swl"), 82);
}

#[test]
fn files_are_recorded_in_the_order_of_their_dates_whoever_signs() {
    let dir = one_officer();
    let files = [seed("nlmhp-strategy"), seed("candi-transformation")];
    let told = json(
        dir.path(),
        &["import", &files[0], &files[1], "--key", "me.pem"],
    );
    let order: Vec<_> = told["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["document"]["id"])
        .collect();
    assert_eq!(order, ["candi-transformation", "nlmhp-strategy"]);
    assert_eq!(
        told["files"][1]["omissions"][0]["record"],
        "organisations/beh"
    );
    assert_eq!(told["files"][0]["recorded"], 37);
    let again = json(
        dir.path(),
        &["import", &files[0], &files[1], "--key", "me.pem"],
    );
    assert!(
        again["files"]
            .as_array()
            .unwrap()
            .iter()
            .all(|one| one["events"] == 0),
        "{again}"
    );
}

#[test]
fn a_file_with_a_mistake_adds_nothing_nor_do_those_beside_it() {
    let dir = one_officer();
    let before = entries(dir.path(), "board");
    let text = std::fs::read_to_string(seed("swl-partnerships")).unwrap();
    std::fs::write(
        dir.path().join("bad.yaml"),
        text.replace("    purpose: strategic", "    porpoise: strategic"),
    )
    .unwrap();
    let told = failed(
        dir.path(),
        &[
            "import",
            "bad.yaml",
            &seed("nwl-strategy"),
            "--key",
            "me.pem",
        ],
    );
    assert!(
        told.contains("bad.yaml:102: bodies/swl-mh-pdg: porpoise: unknown key"),
        "{told}"
    );
    assert!(told.contains("nothing was recorded"), "{told}");
    assert_eq!(entries(dir.path(), "board"), before);
}

#[test]
fn a_dry_run_records_nothing() {
    let dir = one_officer();
    let before = entries(dir.path(), "board");
    let told = json(dir.path(), &["import", &seed("nwl-concordat"), "--dry-run"]);
    assert_eq!(told["files"][0]["recorded"], 34);
    assert_eq!(entries(dir.path(), "board"), before);
}

#[test]
fn an_officer_of_another_role_cannot_import() {
    let dir = TempDir::new().unwrap();
    json(
        dir.path(),
        &[
            "init",
            "--ledger",
            "board",
            "--origin",
            "board.example/board",
            "--key",
            "me.pem",
        ],
    );
    let told = failed(
        dir.path(),
        &["import", &seed("nwl-concordat"), "--key", "me.pem"],
    );
    assert!(
        told.contains("secretary") && told.contains("nothing was recorded"),
        "{told}"
    );
    assert_eq!(entries(dir.path(), "board"), 1);
}
