//! Who is told what: every address of the server, asked by everyone.

use std::collections::BTreeSet;

use minutebook_events::catalogue::ledger::ReadPolicy;
use minutebook_events::{Capacity, Confidentiality, Event, Role};
use minutebook_tests::ORIGIN;
use serde_json::json;

use super::served::Served;
use super::signing::{body, seen};

mod papers;
mod secrets;
mod walk;

use secrets::{
    ERASED, NONE, PART, RESTRICTED, Reader, SECRET_DATE, Secrets, WORDS, erasure, officer, readers,
};
use walk::{Depth, addresses, comparable, told, walk};

/// What this reader hears, where nothing is amiss.
fn expected(reader: &Reader, erased: bool) -> BTreeSet<&'static str> {
    WORDS
        .into_iter()
        .filter(|word| reader.may_know(word, erased))
        .collect()
}

fn quiet(log: &str) {
    for word in WORDS {
        let line = log.lines().find(|line| line.to_lowercase().contains(word));
        assert_eq!(line, None, "in the log");
    }
}

#[test]
fn everyone_is_told_what_they_may_read_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let open = Secrets::make(&dir, "open", ReadPolicy::Public);
    let served = Served::start(dir.path(), &["--log", "trace"]);
    std::thread::scope(|scope| {
        for reader in readers() {
            let mut client = served.client();
            if let Some(officer) = &reader.officer {
                officer.sign_in(&mut client, open.ledger);
            }
            let depth = match reader.name {
                "signed out" | "member" => Depth::Full,
                _ => Depth::Plain,
            };
            let open = &open;
            scope.spawn(move || {
                let heard = walk(&reader, &mut client, open, open.size, depth, false);
                assert_eq!(heard, expected(&reader, false), "{}", reader.name);
            });
        }
    });
    quiet(&served.client().get("/metrics").text());
    quiet(&served.end());
}

#[test]
fn a_ledger_for_members_tells_strangers_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let closed = Secrets::make(&dir, "closed", ReadPolicy::Members);
    let served = Served::start(dir.path(), &["--log", "trace", "--log-format", "json"]);
    for reader in readers() {
        let mut client = served.client();
        match (&reader.officer, reader.name) {
            (None, _) => {
                let heard = walk(
                    &reader,
                    &mut client,
                    &closed,
                    closed.size,
                    Depth::Plain,
                    false,
                );
                assert_eq!(heard, BTreeSet::new());
                let refused = client.get("/v1/ledgers/closed/decisions");
                assert_eq!(refused.problem(), "sign-in-needed");
                assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
            }
            (Some(officer), "lead") => {
                officer.sign_in(&mut client, closed.ledger);
                let heard = walk(
                    &reader,
                    &mut client,
                    &closed,
                    closed.size,
                    Depth::Plain,
                    false,
                );
                assert_eq!(heard, expected(&reader, false));
            }
            _ => {}
        }
    }
    quiet(&served.end());
}

#[test]
fn a_refusal_tells_its_signer_nothing_of_what_they_may_not_read() {
    let dir = tempfile::tempdir().unwrap();
    let open = Secrets::make(&dir, "open", ReadPolicy::Public);
    let served = Served::start(dir.path(), &["--log", "trace", "--log-format", "json"]);
    let (lead, mut client) = (officer(Role::Lead, 3), served.client());
    let seen = seen(&mut client, open.ledger);
    let events = |word: &str| {
        let id = |kind: &str| format!("{kind}/{word}-{kind}");
        [
            json!({"type": "MilestoneSlipped", "subject": id("milestone"), "from": "2024/25",
                "to": "26/27", "standing": "reported", "reason": "late"}),
            json!({"type": "MilestoneSlipped", "subject": "milestone/open", "from": "2024/25",
                "to": "26/27", "standing": "agreed", "agreed_by": id("decision"), "reason": "late"}),
            json!({"type": "MilestoneSet", "subject": "milestone/new", "title": "New",
                "parent": id("objective")}),
            json!({"type": "ActionProgressReported", "subject": id("action"), "narrative": "done"}),
            json!({"type": "ActionProgressReported", "subject": "action/open", "narrative": "done",
                "evidence": [id("evaluation")]}),
            json!({"type": "StatusReported", "subject": id("strategy"), "narrative": "fine",
                "report": "r"}),
            json!({"type": "RiskRaised", "subject": "risk/new", "title": "New",
                "objective": id("objective")}),
            json!({"type": "CorrectionRecorded", "subject": id("risk"), "reason": "typo",
                "entry": 5, "field": "title", "value": "x"}),
            json!({"type": "MetricMeasured", "subject": id("metric"), "value": "1",
                "period": "2024/25"}),
        ]
    };
    let mut submit = |mut event: serde_json::Value| {
        event["capacity"] = json!(Capacity::ledger_wide(Role::Lead));
        let parsed = Event::from_json(event.clone());
        let sent = lead.sign(
            ORIGIN,
            parsed.unwrap_or_else(|error| panic!("{error}: {event}")),
            seen,
        );
        client.post("/v1/ledgers/open/entries", &body([&sent]))
    };
    for word in [PART, RESTRICTED] {
        for (private, nothing) in events(word).into_iter().zip(events(NONE)) {
            let (told, plain) = (submit(private.clone()), submit(nothing));
            assert!(told.status >= 400, "{private}");
            assert_eq!(
                comparable(&told, word),
                comparable(&plain, word),
                "{private}"
            );
        }
    }
    // What a public thing became in private is not told by a refusal either.
    let moved = json!({"type": "MilestoneSlipped", "subject": "milestone/moved", "from": "2024/25",
        "to": "26/27", "standing": "reported", "reason": "late"});
    let refused = submit(moved);
    assert_eq!(refused.problem(), "conflict");
    assert!(
        !refused.text().contains(&SECRET_DATE[7..]),
        "{}",
        refused.text()
    );
    quiet(&served.end());
}

#[test]
fn what_was_erased_comes_back_to_nobody_from_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let open = Secrets::make(&dir, "open", ReadPolicy::Public);
    let served = Served::start(dir.path(), &["--log", "trace", "--log-format", "json"]);
    let readers: Vec<Reader> = readers()
        .into_iter()
        .filter(|reader| matches!(reader.name, "signed out" | "registrar"))
        .collect();
    let mut clients = Vec::new();
    let mut before = Vec::new();
    for reader in &readers {
        let mut client = served.client();
        if let Some(officer) = &reader.officer {
            officer.sign_in(&mut client, open.ledger);
        }
        for target in addresses(&open, open.size, Depth::Full) {
            let reply = client.get(&target);
            if told(&target, &reply).contains(ERASED) {
                before.push((
                    clients.len(),
                    target,
                    reply.header("etag").map(str::to_owned),
                ));
            }
        }
        clients.push(client);
    }
    assert!(before.len() > 100, "{}", before.len());

    let mut client = served.client();
    for (position, digest) in &open.doomed {
        for (event, seed) in erasure(*position, *digest) {
            let role = event.common.capacity.role;
            let seen = seen(&mut client, open.ledger);
            let sent = officer(role, seed).sign(ORIGIN, event, seen);
            let reply = client.post("/v1/ledgers/open/entries", &body([&sent]));
            assert_eq!(reply.status, 201, "{}", reply.text());
        }
    }
    let size = seen(&mut client, open.ledger).size;
    for (who, target, tag) in before {
        let tag = tag.unwrap_or_default();
        let known = [("If-None-Match", tag.as_str())];
        let reply = clients[who].send("GET", &target, &known, b"").unwrap();
        assert_ne!(
            reply.status, 304,
            "{target}: what was kept is said to be right still"
        );
        assert!(
            !told(&target, &reply).contains(ERASED),
            "{target}: {}",
            reply.text()
        );
    }
    for (reader, client) in readers.iter().zip(&mut clients) {
        let heard = walk(reader, client, &open, size, Depth::Full, true);
        assert_eq!(heard, expected(reader, true), "{}", reader.name);
        assert!(reader.level == Confidentiality::Public || heard.contains(RESTRICTED));
    }
    quiet(&served.end());
}
