//! Documents: kept with the entry that names them, given to whoever may read it, gone with it.

#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use std::fs;
use std::path::PathBuf;

use common::Desk;
use serde_json::Value;

/// Whatever the minutes say.
const MINUTES: &[u8] = b"%PDF-1.7 The board agreed.";

/// Where the ledger keeps a document.
fn kept(desk: &Desk, blake3: &str) -> PathBuf {
    let documents = desk.path("minutebook-data/nwl/documents");
    documents.join(&blake3[..2]).join(blake3)
}

/// Lodges the file as a paper and gives the document as the entry names it.
fn lodged(desk: &Desk, paper: &str, file: &str, more: &str) -> Value {
    let line = format!(
        "record PaperLodged --subject paper/{paper} --title {paper} --document @{file} --version 1 \
         --key ada.pem {more}"
    );
    desk.json(&line)["event"]["document"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[test]
fn a_file_is_added_named_and_got_back() {
    let desk = Desk::with_ledger();
    desk.write("minutes.pdf", MINUTES);
    let document = desk.json("document add minutes.pdf");
    assert_eq!(document["media_type"], "application/pdf");
    assert_eq!(document["name"], "minutes.pdf");
    assert_eq!(document["size"], MINUTES.len());
    let blake3 = text(&document["blake3"]).to_owned();
    assert_eq!(fs::read(kept(&desk, &blake3)).unwrap(), MINUTES);

    let said = desk.good("document add minutes.pdf --media-type text/plain");
    for words in [
        &blake3,
        text(&document["sha256"]),
        "text/plain",
        "--document",
    ] {
        assert!(said.out.contains(words), "{words}: {}", said.out);
    }
    // What is printed is what `record` takes.
    let typed = document.to_string();
    let words = [
        "record",
        "PaperLodged",
        "--subject",
        "paper/a",
        "--title",
        "A",
        "--version",
        "1",
        "--document",
        &typed,
        "--key",
        "ada.pem",
    ];
    let recorded = desk.run_words(&words);
    assert_eq!(recorded.code, 0, "{}", recorded.err);
    assert!(!recorded.err.contains("not kept"), "{}", recorded.err);

    desk.good(&format!("document get {blake3} --out back.pdf"));
    assert_eq!(desk.read("back.pdf"), MINUTES);
    let again = format!("document get {blake3} --out back.pdf");
    desk.bad(1, &again, &["back.pdf", "exists"]);
    let nobody = "0".repeat(64);
    let unknown = format!("document get {nobody} --out none.pdf");
    desk.bad(1, &unknown, &["no document", "help:"]);
    assert!(!desk.path("none.pdf").exists());
    desk.write("empty.pdf", b"");
    desk.bad(1, "document add empty.pdf", &["is empty", "help:"]);
    desk.bad(1, "document add nowhere.pdf", &["nowhere.pdf"]);
    desk.bad(
        2,
        "document get abc --out x.pdf",
        &["64 lower-case hex digits"],
    );
}

#[test]
fn a_damaged_document_is_refused_and_mended_by_the_file() {
    let desk = Desk::with_ledger();
    desk.write("minutes.pdf", MINUTES);
    let document = desk.json("document add minutes.pdf");
    let blake3 = text(&document["blake3"]);
    let mut damaged = MINUTES.to_vec();
    damaged[10] ^= 1;
    fs::write(kept(&desk, blake3), damaged).unwrap();
    let get = format!("document get {blake3} --out back.pdf");
    desk.bad(1, &get, &["is damaged", "document add"]);
    assert!(!desk.path("back.pdf").exists());
    desk.bad(1, "scrub", &[]);
    desk.good("document add minutes.pdf");
    desk.good("scrub");
    desk.good(&get);
}

#[test]
fn record_keeps_the_file_and_the_bundle_gives_what_may_be_read() {
    let desk = Desk::with_ledger();
    desk.write("minutes.pdf", MINUTES);
    desk.write("private.pdf", b"Only for the board.");
    let public = lodged(&desk, "public", "minutes.pdf", "");
    let private = lodged(
        &desk,
        "private",
        "private.pdf",
        "--confidentiality restricted --exemption FOIA-s43",
    );
    for document in [&public, &private] {
        assert!(kept(&desk, text(&document["blake3"])).exists());
    }
    // A document that is named by its digests only is recorded, and said not to be here.
    let mut elsewhere = public.clone();
    elsewhere["blake3"] = "ab".repeat(32).into();
    elsewhere["name"] = "elsewhere.pdf".into();
    desk.write(
        "fields.json",
        serde_json::json!({"document": elsewhere}).to_string(),
    );
    let said = desk.good(
        "record PaperLodged --subject paper/c --title C --version 1 --from-file fields.json --key ada.pem",
    );
    assert!(
        said.err.contains("elsewhere.pdf is named and not kept"),
        "{}",
        said.err
    );

    let said = desk.good("export --out bundle");
    assert!(
        said.out.contains("1 given, 1 not kept here"),
        "{}",
        said.out
    );
    let in_bundle = desk.path("bundle/documents").join(text(&public["blake3"]));
    assert_eq!(fs::read(&in_bundle).unwrap(), MINUTES);
    assert_eq!(
        fs::read_dir(desk.path("bundle/documents")).unwrap().count(),
        1
    );
    desk.good("verify bundle");
    let manifest = desk.json("export --out all --include-private")["manifest"].clone();
    assert_eq!(manifest["counts"]["documents"], 2);
    desk.good("verify all");

    // Another content under its name, another number of them, and one that the entry describes
    // otherwise.
    fs::write(&in_bundle, b"%PDF-1.7 The board refused").unwrap();
    let found = desk.run("verify bundle");
    assert_eq!(found.code, 1);
    assert!(found.out.contains("another BLAKE3 digest"), "{}", found.out);
    fs::remove_file(&in_bundle).unwrap();
    let found = desk.run("verify bundle");
    assert_eq!(found.code, 1);
    assert!(found.out.contains("the manifest counts 1"), "{}", found.out);
}

#[test]
fn an_entry_that_lies_about_its_document_is_found_with_it() {
    let desk = Desk::with_ledger();
    desk.write("minutes.pdf", MINUTES);
    let mut document = desk.json("document add minutes.pdf");
    document["size"] = 7.into();
    desk.write(
        "fields.json",
        serde_json::json!({"document": document}).to_string(),
    );
    desk.good(
        "record PaperLodged --subject paper/c --title C --version 1 --from-file fields.json --key ada.pem",
    );
    desk.good("export --out bundle");
    let found = desk.run("verify bundle");
    assert_eq!(found.code, 1);
    assert!(
        found.out.contains("another length or SHA-256"),
        "{}",
        found.out
    );
}

#[test]
fn a_document_goes_with_the_last_content_that_names_it() {
    let desk = Desk::with_ledger();
    desk.good("key new --out eve.pem --unencrypted");
    desk.good("key enrol --new-key eve.pem --name Eve --role records-officer --key ada.pem");
    desk.write("minutes.pdf", MINUTES);
    let blake3 = text(&lodged(&desk, "first", "minutes.pdf", "")["blake3"]).to_owned();
    lodged(&desk, "second", "minutes.pdf", "");
    let size = desk.json("export --out bundle")["manifest"]["size"]
        .as_u64()
        .unwrap();
    let person = |index: u64| {
        let shown = desk.json(&format!("show {index}"));
        text(&shown["signer"]["person"]).to_owned()
    };
    let (ada, jo) = (person(0), person(5));
    for (position, left) in [(size - 2, true), (size - 1, false)] {
        let shown = desk.json(&format!("show {position}"));
        let digest = text(&shown["statement"]["digest"]);
        desk.good(&format!(
            "record ApprovalGiven --subject record/{position} --digest {digest} \
             --capacity secretary --key ada.pem"
        ));
        desk.good(&format!(
            "record ContentErased --subject record/{position} --digest {digest} --requester {jo} \
             --approver {ada} --legal-basis Art.17 --key eve.pem"
        ));
        assert_eq!(
            kept(&desk, &blake3).exists(),
            left,
            "after entry {position}"
        );
    }
    desk.good("verify minutebook-data");
}
