//! What a client makes of the answers of a server that it does not trust.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use minutebook_client::{Client, ClientError, LedgerClient};
use minutebook_keys::SigningKey;
use minutebook_ledger::Submission;
use minutebook_ledger::tile::TileId;

/// Answers as many requests as there are answers, each on a connection of its own, and gives back what
/// was asked: the first line, and the headers in lower case. An empty answer breaks the connection.
fn server(answers: Vec<String>) -> (LedgerClient, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Client::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let asked = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let mut line = String::new();
                lines.read_line(&mut line).unwrap();
                if line.trim().is_empty() {
                    break;
                }
                let line = line.to_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                head.push_str(&line);
            }
            lines.read_exact(&mut vec![0; length]).unwrap();
            asked.push(head);
            // A client that has read enough goes away, as it should.
            let _ = stream.write_all(answer.as_bytes());
        }
        asked
    });
    (client.ledger("nwl").unwrap(), asked)
}

fn answer(status: &str, media_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn entry(index: u64) -> String {
    let (zeros, id) = ("0".repeat(64), "0".repeat(32));
    format!(
        r#"{{"entry":{index},"recorded_at":1,"signer":{{"person":"{id}"}},"statement":{{"origin":"a/b",
        "kid":"{zeros}","iat":1,"cti":"{id}","digest":"{zeros}","enrols":null,
        "seen":{{"size":0,"root":"{zeros}"}},"size_bytes":1}},"content":"withheld","type":null,
        "subject":null,"confidentiality":null,"summary":null,"event":null,"corrected_by":[],"sealed":[],
        "erased_by":null}}"#
    )
    .replace('\n', " ")
}

const OK: &str = "200 OK";
const JSON: &str = "application/json";

#[test]
fn a_refusal_says_all_that_the_server_says() {
    let problem = r#"{"type":"/problems/conflict","title":"t","status":409,"detail":"moved",
        "index":2,"rule":"seen","entries":[7],"instead":"look","more":1}"#;
    let answers = vec![answer("409 Conflict", "application/problem+json", problem)];
    let (ledger, asked) = server(answers);
    let error = ledger.submit(&[]).unwrap_err();
    let problem = error.problem().unwrap();
    assert_eq!((problem.kind(), problem.status), ("conflict", 409));
    assert_eq!((problem.index, &problem.entries[..]), (Some(2), &[7][..]));
    assert_eq!(problem.rule.as_deref(), Some("seen"));
    assert_eq!(problem.instead.as_deref(), Some("look"));
    assert_eq!(error.to_string(), "moved");
    asked.join().unwrap();
}

#[test]
fn what_is_no_answer_of_such_a_server_is_no_answer() {
    let (ledger, asked) = server(vec![
        answer("502 Bad Gateway", "text/html", "<p>"),
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".into(),
        answer(OK, JSON, "{}"),
        answer(OK, JSON, &entry(4)),
        answer(OK, "application/octet-stream", &"x".repeat(256 * 32 + 1)),
    ]);
    let tile = TileId {
        level: 0,
        index: 0,
        width: 256,
    };
    let errors = [
        ledger.entry(5).unwrap_err(),
        ledger.entry(5).unwrap_err(),
        ledger.entry(5).unwrap_err(),
        ledger.entry(5).unwrap_err(),
        ledger.tile(tile).unwrap_err(),
    ];
    assert!(matches!(errors[0], ClientError::Status { status: 502, .. }));
    assert!(matches!(errors[1], ClientError::Status { status: 302, .. }));
    assert!(matches!(errors[2], ClientError::Unreadable { .. }));
    assert!(
        matches!(errors[3], ClientError::Unreadable { .. }),
        "another entry"
    );
    assert!(matches!(
        errors[4],
        ClientError::TooLarge { limit: 8192, .. }
    ));
    assert_eq!(asked.join().unwrap().len(), 5, "none is asked again");
}

#[test]
fn what_breaks_or_is_busy_is_asked_again() {
    let busy = answer(
        "429 Too Many Requests",
        "application/problem+json",
        r#"{"type":"/problems/busy"}"#,
    )
    .replace("Connection", "Retry-After: 0\r\nConnection");
    let entered = format!(
        r#"{{"entries":[{{"position":3,"recorded_at":9,"repeated":true,"receipt":"AA=="}}],"size":4,
        "root":"{}","checkpoint":""}}"#,
        "0".repeat(64)
    );
    let (ledger, asked) = server(vec![
        String::new(),
        busy,
        answer("201 Created", JSON, &entered),
    ]);
    let submission = Submission {
        statement: vec![1],
        disclosures: vec![vec![2]],
    };
    let entered = ledger.submit(&[submission]).unwrap();
    assert_eq!(entered.entries[0].position, 3);
    assert!(entered.entries[0].repeated);
    assert_eq!(entered.entries[0].receipt.as_deref(), Some(&[0][..]));
    assert_eq!(asked.join().unwrap().len(), 3);
}

#[test]
fn entries_are_read_in_order_and_to_an_end() {
    let page = |entries: &[u64], next: &str| {
        let entries: Vec<String> = entries.iter().map(|index| entry(*index)).collect();
        let body = format!(
            r#"{{"entries":[{}],"size":9,"next":{next},"previous":null}}"#,
            entries.join(",")
        );
        answer(OK, JSON, &body)
    };
    // The address of the next page is not followed: it may be anyone's.
    let elsewhere = r#""http://127.0.0.1:1/""#;
    let (ledger, asked) = server(vec![page(&[0, 1], elsewhere), page(&[5], "null")]);
    let read: Vec<u64> = ledger
        .entries(&Default::default())
        .map(|entry| entry.unwrap().entry)
        .collect();
    assert_eq!(read, [0, 1, 5]);
    let asked = asked.join().unwrap();
    assert!(
        asked[1].starts_with("get /v1/ledgers/nwl/entries?after=1 "),
        "{}",
        asked[1]
    );

    let (ledger, asked) = server(vec![page(&[1], elsewhere), page(&[1], elsewhere)]);
    let read: Vec<bool> = ledger
        .entries(&Default::default())
        .map(|one| one.is_ok())
        .collect();
    assert_eq!(read, [true, false], "a page that goes back is the last");
    asked.join().unwrap();
}

#[test]
fn a_live_tail_goes_on_where_it_was_cut_off() {
    let events = |indexes: &[u64]| {
        let mut text = String::from(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n: alive\n\n",
        );
        for index in indexes {
            text.push_str(&format!(
                "event: entry\nid: {index}\ndata: {}\n\n",
                entry(*index)
            ));
        }
        text
    };
    let torn = events(&[3, 4]) + "event: entry\nid: 5\ndata: {\"entry\":5";
    let gone = answer(
        "401 Unauthorized",
        "application/problem+json",
        r#"{"type":"/problems/sign-in-needed"}"#,
    );
    let (ledger, asked) = server(vec![torn, events(&[5]), gone]);
    let mut read = ledger.watch(Some(2));
    let indexes: Vec<u64> = read
        .by_ref()
        .take(3)
        .map(|one| one.unwrap().entry)
        .collect();
    assert_eq!(indexes, [3, 4, 5]);
    assert!(read.next().unwrap().unwrap_err().is("sign-in-needed"));
    assert!(read.next().is_none());
    let asked = asked.join().unwrap();
    for (asked, last) in asked.iter().zip([2, 4, 5]) {
        assert!(
            asked.contains(&format!("last-event-id: {last}\r\n")),
            "{asked}"
        );
    }
}

#[test]
fn a_key_signs_for_the_address_that_was_reached_and_no_other() {
    let challenge =
        r#"{"challenge":"c","origin":"a/b","addresses":["https://other.example"],"ends":1}"#;
    let (mut ledger, asked) = server(vec![answer("201 Created", JSON, challenge)]);
    let key = SigningKey::from_seed(&[7; 32]);
    let error = ledger.sign_in(&key).unwrap_err();
    assert!(matches!(error, ClientError::OtherAddress { .. }), "{error}");
    assert_eq!(asked.join().unwrap().len(), 1, "nothing was signed for it");

    let mut open = Client::new("http://board.example")
        .unwrap()
        .ledger("nwl")
        .unwrap();
    let error = open.sign_in(&key).unwrap_err();
    assert!(matches!(error, ClientError::NotPrivate { .. }), "{error}");
}
