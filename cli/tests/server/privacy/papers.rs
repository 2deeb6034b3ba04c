//! A private paper: its bytes are for those who may read an entry that names it, and go with it.

use std::path::Path;

use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_events::{Event, Role};
use minutebook_tests::ORIGIN;
use serde_json::json;

use super::secrets::{PART, Reader, Secrets, erasure, officer, readers};
use super::walk::comparable;
use crate::http::Client;
use crate::served::Served;
use crate::signing::{body, digest, seen};

const ENTRIES: &str = "/v1/ledgers/open/entries";

fn signed_in(served: &Served, reader: &Reader) -> Client {
    let mut client = served.client();
    if let Some(officer) = &reader.officer {
        officer.sign_in(&mut client, "open");
    }
    client
}

/// Whether a file below `folder` holds these bytes.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => holds(&path, bytes),
            false => {
                let held = std::fs::read(&path).unwrap();
                held.windows(bytes.len()).any(|window| window == bytes)
            }
        }
    })
}

#[test]
fn a_private_paper_is_there_for_its_readers_alone_and_goes_with_its_entry() {
    let dir = tempfile::tempdir().unwrap();
    let open = Secrets::make(&dir, "open", ReadPolicy::Public);
    let served = Served::start(dir.path(), &["--log", "trace"]);
    let mut readers: Vec<(Reader, Client)> = readers()
        .into_iter()
        .map(|reader| {
            let client = signed_in(&served, &reader);
            (reader, client)
        })
        .collect();
    let paper = format!("{PART}secret terms of the purchase").into_bytes();
    let plain = [("Content-Type", "application/octet-stream")];
    let to = "/v1/ledgers/open/documents";
    let find = |name: &str| {
        readers
            .iter()
            .position(|(reader, _)| reader.name == name)
            .unwrap()
    };
    let (secretary, signed_out) = (find("secretary"), find("signed out"));
    let refused = readers[signed_out]
        .1
        .send("POST", to, &plain, &paper)
        .unwrap();
    assert_eq!(refused.problem(), "sign-in-needed");
    let kept = readers[secretary]
        .1
        .send("POST", to, &plain, &paper)
        .unwrap();
    assert_eq!(kept.status, 201, "{}", kept.text());
    let at = kept.header("location").unwrap().to_owned();
    let nowhere = format!("{to}/by-digest/{}", "0".repeat(64));

    let check = |readers: &mut Vec<(Reader, Client)>, there: bool| {
        for (reader, client) in readers {
            let found = client.get(&at);
            if there && reader.may_know(PART, false) {
                assert_eq!(
                    (found.status, &found.body),
                    (200, &paper),
                    "{}",
                    reader.name
                );
                assert!(
                    found
                        .header("content-disposition")
                        .unwrap()
                        .starts_with("attachment")
                );
                continue;
            }
            let nothing = client.get(&nowhere);
            assert_eq!(found.status, 404, "{}", reader.name);
            assert_eq!(
                comparable(&found, "-"),
                comparable(&nothing, "-"),
                "{}",
                reader.name
            );
        }
    };
    // What no entry names, nobody can read.
    check(&mut readers, false);
    let kept = kept.json();
    let event = json!({
        "type": "DocumentImported",
        "subject": "document/terms",
        "capacity": {"role": "secretary"},
        "confidentiality": "part-2",
        "title": format!("{PART}secret terms"),
        "records_made": 0,
        "document": {"blake3": kept["blake3"], "sha256": kept["sha256"], "size": kept["size"],
            "media_type": "text/plain", "name": "terms.txt"},
    });
    let mut client = served.client();
    let now = seen(&mut client, open.ledger);
    let event = Event::from_json(event).unwrap();
    let sent = officer(Role::Secretary, 2).sign(ORIGIN, event, now);
    let entered = client.post(ENTRIES, &body([&sent]));
    assert_eq!(entered.status, 201, "{}", entered.text());
    check(&mut readers, true);
    assert!(holds(&dir.path().join("open/documents"), &paper));

    for (event, seed) in erasure(now.size, digest(&sent)) {
        let role = event.common.capacity.role;
        let seen = seen(&mut client, open.ledger);
        let sent = officer(role, seed).sign(ORIGIN, event, seen);
        let reply = client.post(ENTRIES, &body([&sent]));
        assert_eq!(reply.status, 201, "{}", reply.text());
    }
    check(&mut readers, false);
    assert!(!holds(&dir.path().join("open/documents"), &paper));
    super::quiet(&served.end());
}
