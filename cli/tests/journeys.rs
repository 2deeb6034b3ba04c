//! What people do with the program, from a first ledger to a proof in an auditor's hands.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::Desk;

#[test]
fn a_new_ledger_says_what_auditors_need() {
    let desk = Desk::new();
    let said =
        desk.good("init --ledger nwl --origin board.example/nwl --unencrypted --key ada.pem");
    for words in [
        "board.example/nwl",
        "vkey",
        "fingerprint",
        "auditors",
        "ada.pem",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    let again = desk.bad(
        1,
        "init --ledger nwl --origin board.example/nwl --key other.pem --unencrypted",
        &["exists already, with 1 entries", "help:"],
    );
    assert_eq!(again.out, "");
    assert!(
        !desk.path("other.pem").exists(),
        "no key is made for nothing"
    );
}

#[test]
fn a_ledger_that_was_begun_is_finished_by_the_same_command() {
    let desk = Desk::new();
    desk.good("init --ledger nwl --origin board.example/nwl --unencrypted --key ada.pem");
    // As a power cut leaves it: keys, one of them incomplete, and nothing else.
    let half = desk.path("minutebook-data/swl/keys");
    std::fs::create_dir_all(&half).unwrap();
    std::fs::copy(
        desk.path("minutebook-data/nwl/keys/log.pem"),
        half.join("log.pem"),
    )
    .unwrap();
    desk.write("minutebook-data/swl/keys/receipt.pem", "-----BEGIN PRIV");
    desk.bad(1, "status --ledger swl", &["was begun", "init"]);
    desk.good("init --ledger swl --origin board.example/swl --unencrypted --key ada.pem");
    desk.good("verify minutebook-data/swl");
    // Or with everything but the first entry.
    let begun = desk.path("minutebook-data/cnwl");
    std::fs::create_dir_all(begun.join("keys")).unwrap();
    for key in ["keys/log.pem", "keys/receipt.pem"] {
        std::fs::copy(desk.path("minutebook-data/nwl").join(key), begun.join(key)).unwrap();
    }
    desk.write(
        "minutebook-data/cnwl/ledger.json",
        r#"{"format": "minutebook-ledger/1", "name": "cnwl", "origin": "board.example/cnwl"}"#,
    );
    desk.bad(1, "status --ledger cnwl", &["no first entry", "init"]);
    desk.bad(
        1,
        "init --ledger cnwl --origin board.example/else --unencrypted --key ada.pem",
        &["was begun for the origin", "board.example/cnwl"],
    );
    desk.good("init --ledger cnwl --origin board.example/cnwl --unencrypted --key ada.pem");
    desk.good("verify minutebook-data");
    desk.bad(
        1,
        "status",
        &["several ledgers: cnwl, nwl, swl", "--ledger cnwl"],
    );
}

#[test]
fn no_secret_travels_to_the_registrar() {
    let desk = Desk::with_ledger();
    desk.good("key new --out sam.pem --unencrypted");
    desk.good("key request --key sam.pem --out sam.request");
    let enrol =
        "key enrol --request sam.request --name Sam --role chair --of body/pdg --key ada.pem";
    desk.bad(1, enrol, &["body/pdg", "not in the record"]);
    desk.good("record BodyEstablished --subject body/pdg --name PDG --key ada.pem");
    let said = desk.good(enrol);
    assert!(said.out.contains("Sam is enrolled"), "{}", said.out);
    assert!(said.out.contains("chair of body/pdg"), "{}", said.out);
    // The same key cannot be enrolled again, nor for another ledger.
    desk.bad(
        1,
        "key enrol --request sam.request --name Sam --role chair --key ada.pem",
        &["rule:"],
    );
    desk.good("key request --key sam.pem --origin board.example/swl --out other.request");
    desk.bad(
        1,
        "key enrol --request other.request --name Sam --key ada.pem",
        &["board.example/swl"],
    );
}

#[test]
fn an_encrypted_key_asks_for_its_passphrase() {
    let desk = Desk::with_ledger();
    desk.bad(
        1,
        "key new --out sam.pem",
        &["passphrase", "--passphrase-file"],
    );
    assert!(!desk.path("sam.pem").exists());
    desk.write("secret.txt", "correct horse\n");
    desk.good("key new --out sam.pem --passphrase-file secret.txt");
    desk.bad(1, "key show sam.pem", &["passphrase is needed"]);
    let right = [("MINUTEBOOK_PASSPHRASE", "correct horse")];
    assert_eq!(desk.run_with(&["key", "show", "sam.pem"], &right).code, 0);
    let wrong = desk.run_with(
        &["key", "show", "sam.pem"],
        &[("MINUTEBOOK_PASSPHRASE", "x")],
    );
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("wrong passphrase"), "{}", wrong.err);
    desk.good("key enrol --new-key sam.pem --new-passphrase-file secret.txt --name Sam --role lead --key ada.pem");
    desk.good(
        "record MilestoneSet --subject milestone/b --title B --key sam.pem --passphrase-file secret.txt",
    );
}

#[test]
fn a_slip_is_recorded_read_back_and_told() {
    let desk = Desk::with_ledger();
    let said = desk.run_words(&[
        "record",
        "MilestoneSlipped",
        "--subject",
        "milestone/worker",
        "--to",
        "25/26",
        "--standing",
        "reported",
        "--reason",
        "recruitment took longer",
        "--key",
        "jo.pem",
    ]);
    assert_eq!(said.code, 0, "{}", said.err);
    // The date until now was found; both are read back in words.
    assert!(
        said.err
            .contains("from: 2024/25, read as 1 April 2024 to 31 March 2025"),
        "{}",
        said.err
    );
    assert!(
        said.err
            .contains("to: 25/26, read as 1 April 2025 to 31 March 2026"),
        "{}",
        said.err
    );
    assert!(
        said.out.contains("Recorded as entry 6 of nwl."),
        "{}",
        said.out
    );
    assert!(said.out.contains("minutebook prove 6"), "{}", said.out);
    let status = desk.good("status").out;
    assert!(
        status.contains("2024/25 → 25/26") && status.contains("slipped one year"),
        "{status}"
    );
    assert!(status.contains("1 (1 slipped"), "{status}");
    let history = desk.good("history milestone/worker").out;
    assert!(
        history.contains("recruitment took longer") && history.contains("Jo"),
        "{history}"
    );
    let shown = desk.good("show 6").out;
    for words in [
        "Jo (person",
        "acting as",
        "lead",
        "signature  verifies",
        "recruitment took longer",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}

#[test]
fn fields_come_from_a_file_and_options_win() {
    let desk = Desk::with_ledger();
    desk.write(
        "b.json",
        r#"{"subject": "milestone/b", "title": "From the file", "due": "by 2028/29"}"#,
    );
    desk.good("record milestone-set --from b.json --title Typed --key jo.pem");
    let event = &desk.json("show 6")["event"];
    assert_eq!(event["title"], "Typed");
    assert_eq!(event["due"]["deadline"], true);
    desk.write("c.json", r#"{"type": "AimSet", "subject": "aim/a"}"#);
    desk.bad(
        2,
        "record MilestoneSet --from c.json --key jo.pem",
        &["holds a AimSet", "record AimSet"],
    );
    desk.bad(
        1,
        "record MilestoneSet --from nowhere.json --key jo.pem",
        &["cannot read nowhere.json"],
    );
}

#[test]
fn a_proof_is_checked_without_the_ledger() {
    let desk = Desk::with_ledger();
    desk.good("prove 5 --out 5.tlog-proof --receipt 5.receipt --entry 5.cose");
    desk.good("export --out bundle");
    let vkey = String::from_utf8(desk.read("bundle/log.vkey")).unwrap();
    let vkey = vkey.trim();
    std::fs::rename(desk.path("minutebook-data"), desk.path("away")).unwrap();
    desk.good(&format!("verify 5.tlog-proof --entry 5.cose --vkey {vkey}"));
    desk.good("verify 5.receipt --entry 5.cose --receipt-key bundle/receipt.cosekey");
    desk.bad(
        2,
        "verify 5.tlog-proof --vkey x --entry 5.cose",
        &["--vkey"],
    );
    desk.bad(2, "verify 5.tlog-proof --entry 5.cose", &["--vkey"]);
    desk.bad(2, "verify 5.receipt --entry 5.cose", &["--receipt-key"]);
    // Another entry, and a changed proof.
    let mut entry = desk.read("5.cose");
    let last = entry.len() - 1;
    entry[last] ^= 1;
    desk.write("6.cose", &entry);
    desk.bad(
        1,
        &format!("verify 5.tlog-proof --entry 6.cose --vkey {vkey}"),
        &["does not hold"],
    );
    desk.bad(
        1,
        "verify 5.receipt --entry 6.cose --receipt-key bundle/receipt.cosekey",
        &["does not hold"],
    );
    desk.bad(
        1,
        "verify ada.pem --entry 5.cose",
        &["neither a .tlog-proof nor a receipt"],
    );
}

#[test]
fn a_bundle_shows_what_is_public_and_proves_the_rest() {
    let desk = Desk::with_ledger();
    desk.good("record MilestoneSet --subject milestone/secret --title Secret --confidentiality part-2 --key jo.pem");
    let manifest = &desk.json("export --out bundle")["manifest"];
    // Two sealed names and the part 2 entry.
    assert_eq!(manifest["counts"]["withheld"], 3, "{manifest}");
    assert_eq!(
        desk.json("export --out all --include-private")["manifest"]["counts"]["withheld"],
        0
    );
    let said = desk.good("verify bundle");
    assert!(said.out.contains("everything checks out"), "{}", said.out);
    assert!(
        said.out.contains("taken from the copy itself"),
        "{}",
        said.out
    );
    let vkey = String::from_utf8(desk.read("bundle/log.vkey")).unwrap();
    let said = desk.good(&format!("verify all --vkey {}", vkey.trim()));
    assert!(
        !said.out.contains("taken from the copy itself"),
        "{}",
        said.out
    );
    desk.bad(1, "export --out bundle", &["there already"]);
    // One changed byte is found, named and located.
    let path = "bundle/tile/entries/000.p/7";
    let mut bytes = desk.read(path);
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    desk.write(path, &bytes);
    let said = desk.run("verify bundle");
    assert_eq!(said.code, 1, "{}", said.out);
    assert!(said.out.contains("6      signature"), "{}", said.out);
    let json = desk.run("verify bundle --json");
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["good"], false);
    assert_eq!(json["ledgers"][0]["findings"][0]["entry"], 6);
}

#[test]
fn bytes_of_an_entry_are_those_that_were_signed() {
    let desk = Desk::with_ledger();
    let shown = desk.json("show 5");
    desk.good("show 5 --raw disclosure --out 5.disclosure");
    let digest = minutebook_events::Digest::of(&desk.read("5.disclosure")).to_string();
    assert_eq!(shown["statement"]["digest"], digest);
    desk.good("show 5 --raw signature --out 5.sig");
    assert_eq!(desk.read("5.sig").len(), 64);
    desk.good("show 5 --raw signed-bytes --out 5.signed");
    desk.good("show 5 --raw public-key --out 5.pub");
    let key = minutebook_keys::PublicKey::from_spki_pem(
        std::str::from_utf8(&desk.read("5.pub")).unwrap(),
    );
    let signature: [u8; 64] = desk.read("5.sig").try_into().unwrap();
    key.unwrap()
        .verify_strict(&desk.read("5.signed"), &signature)
        .unwrap();
    desk.bad(1, "show 5 --raw statement --out 5.sig", &["cannot write"]);
}

#[test]
fn an_erasure_takes_two_people_and_leaves_the_proof() {
    let desk = Desk::with_ledger();
    desk.good("key new --out rex.pem --unencrypted");
    desk.good("key enrol --new-key rex.pem --name Rex --role records-officer --key ada.pem");
    let entry = desk.json("show 5");
    let digest = entry["statement"]["digest"].as_str().unwrap();
    let person = |index: u64| {
        desk.json(&format!("show {index}"))["signer"]["person"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let (ada, jo) = (person(0), person(5));
    let erase = [
        "record",
        "ContentErased",
        "--subject",
        "record/5",
        "--digest",
        digest,
        "--legal-basis",
        "UK GDPR Art 17(1)(d)",
        "--requester",
        &jo,
        "--approver",
        &ada,
        "--key",
        "rex.pem",
    ];
    desk.fails(1, &erase, &["second-person"]);
    desk.good(&format!(
        "record ApprovalGiven --subject record/5 --digest {digest} --capacity secretary --key ada.pem"
    ));
    let said = desk.run_words(&erase);
    assert_eq!(said.code, 0, "{}", said.err);
    desk.bad(1, "show 5 --raw disclosure", &["was erased by entry"]);
    assert!(desk.good("show 5").out.contains("Its content was erased"));
    desk.good("prove 5 --out 5.tlog-proof --entry 5.cose");
    desk.good("verify 5.tlog-proof --entry 5.cose");
    desk.good("verify minutebook-data");
    let status = desk.good("status").out;
    assert!(
        !status.contains("Worker"),
        "the views are folded anew: {status}"
    );
    assert!(status.contains("1 erased"), "{status}");
}

#[test]
fn two_copies_are_compared_and_mended() {
    let desk = Desk::with_ledger();
    assert!(
        desk.good("scrub")
            .out
            .contains("both copies agree on 6 entries")
    );
    // sled's file is damaged: the ledger opens all the same, made anew from the journal.
    let db = "minutebook-data/nwl/sled/db";
    let mut bytes = desk.read(db);
    bytes.iter_mut().for_each(|byte| *byte ^= 0x55);
    desk.write(db, &bytes);
    assert_eq!(desk.run("scrub").code, 1);
    desk.good("scrub --mend");
    desk.good("scrub");
    desk.good("verify minutebook-data");
}
