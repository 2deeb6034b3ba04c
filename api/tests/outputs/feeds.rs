//! The feeds, read back by readers that share no code with what wrote them.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use minutebook_tests::ORIGIN;
use roxmltree::{Document, Node};
use serde_json::json;

use crate::common::{AT, Api};
use crate::desk::{NASTY, ledger, record};

type Event = BTreeMap<String, String>;

/// The events of a calendar, each by its properties: RFC 5545 sections 3.1 and 3.3.11, in short.
fn events(text: &str) -> Vec<Event> {
    let text = text.strip_suffix("\r\n").unwrap();
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
        assert!(!line.contains(char::is_control), "{line:?}");
    }
    let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
    let lines: Vec<&str> = unfolded.split("\r\n").collect();
    assert_eq!(lines.first(), Some(&"BEGIN:VCALENDAR"));
    assert_eq!(lines.last(), Some(&"END:VCALENDAR"));
    let mut events = Vec::new();
    for line in &lines {
        let (name, value) = line.split_once(':').unwrap();
        match (name, value) {
            ("BEGIN", "VEVENT") => events.push(Event::new()),
            ("BEGIN" | "END", _) => {}
            _ => {
                if let Some(event) = events.last_mut() {
                    let before = event.insert(name.to_owned(), unescaped(value));
                    assert_eq!(before, None, "{name} is there twice");
                }
            }
        }
    }
    events
}

fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next().unwrap() {
                'n' | 'N' => out.push('\n'),
                c @ ('\\' | ',' | ';') => out.push(c),
                c => unreachable!("\\{c} stands for nothing"),
            },
            (c, _) => out.push(c),
        }
    }
    out
}

fn of<'e>(events: &'e [Event], uid: &str) -> Option<&'e Event> {
    let uid = format!("{uid}@{ORIGIN}");
    events.iter().find(|event| event["UID"] == uid)
}

#[tokio::test]
async fn the_calendar_has_the_meetings_and_what_is_due() {
    let desk = Api::over(ledger());
    let answer = desk.get("/v1/ledgers/test/calendar.ics").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(
        answer.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    let events = events(answer.text());
    assert_eq!(events.len(), 4);
    let may = of(&events, "meeting-may").unwrap();
    let title: Vec<&str> = NASTY.split_whitespace().collect();
    assert_eq!(may["SUMMARY"], title.join(" "));
    assert_eq!(
        may["DTSTART"], "20270514T130000Z",
        "14:00 in May is 13:00 UTC"
    );
    assert_eq!(may["LOCATION"], "Room 1, first floor; ring");
    assert!(may["DESCRIPTION"].contains("\nJoin: https://meet.example/1?a=b&c=d"));
    assert_eq!(may["STATUS"], "CONFIRMED");
    assert_eq!(
        may["URL"],
        "https://board.example/v1/ledgers/test/meetings/may"
    );
    assert_eq!(may["DTSTAMP"], "20260514T120000Z", "when it was recorded");
    let june = of(&events, "meeting-june").unwrap();
    assert_eq!(june["DTSTART;VALUE=DATE"], "20270601");
    assert_eq!(
        june["DTEND;VALUE=DATE"], "20270701",
        "the day after the last"
    );
    assert!(june["DESCRIPTION"].contains("Time: in the afternoon\nDate as written: June 2027"));
    let worker = of(&events, "milestone-worker").unwrap();
    assert_eq!(worker["SUMMARY"], "Due: Key worker");
    assert_eq!(
        worker["DTSTART;VALUE=DATE"], "20260331",
        "the last day of 25/26"
    );
    assert_eq!(worker["DTEND;VALUE=DATE"], "20260401");
    assert!(of(&events, "action-write").is_some());
    assert_eq!(
        desk.get("/v1/ledgers/test/calendar.ics").await.body,
        answer.body
    );
}

#[tokio::test]
async fn what_moves_is_numbered_higher_and_what_is_over_is_gone_or_cancelled() {
    let before = Api::over(ledger());
    let changed = ledger();
    for fields in [
        json!({"type": "MeetingCancelled", "subject": "meeting/may", "reason": "no, quorum"}),
        json!({"type": "MilestoneSlipped", "subject": "milestone/worker", "from": "25/26",
               "to": "26/27", "standing": "reported", "reason": "capacity"}),
        json!({"type": "ActionDueChanged", "subject": "action/write", "from": "30 June 2027",
               "to": "31 July 2027", "reason": "holidays"}),
        json!({"type": "MilestoneSet", "subject": "milestone/gone", "title": "Gone", "due": "2027"}),
        json!({"type": "MilestoneWithdrawn", "subject": "milestone/gone", "reason": "no money"}),
    ] {
        record(&changed, &changed.secretary, fields);
    }
    let after = Api::over(changed);
    let before = events(before.get("/v1/ledgers/test/calendar.ics").await.text());
    let after = events(after.get("/v1/ledgers/test/calendar.ics").await.text());
    let sequence = |events: &[Event], uid| of(events, uid).unwrap()["SEQUENCE"].clone();
    for uid in ["meeting-may", "milestone-worker", "action-write"] {
        assert_eq!(
            (sequence(&before, uid), sequence(&after, uid)),
            ("0".into(), "1".into())
        );
    }
    let may = of(&after, "meeting-may").unwrap();
    assert_eq!(may["STATUS"], "CANCELLED");
    assert!(may["DESCRIPTION"].ends_with("Cancelled: no, quorum"));
    let worker = of(&after, "milestone-worker").unwrap();
    assert_eq!(worker["DTSTART;VALUE=DATE"], "20270331");
    assert!(worker["DESCRIPTION"].contains("First date: 25/26"));
    assert_eq!(
        of(&after, "milestone-gone"),
        None,
        "it is not open any more"
    );
}

#[tokio::test]
async fn feeds_give_what_the_reader_may_read_of_the_body_that_is_asked_for() {
    let desk = Api::over(ledger());
    let token = desk.sign_in(&desk.secretary).await;
    for feed in ["calendar.ics", "changes.atom"] {
        let public = desk.get(&format!("{AT}/{feed}")).await;
        assert!(!public.text().contains("Sell the land"), "{feed}");
        assert!(!public.text().contains("action/secret"), "{feed}");
        assert_eq!(public.header("cache-control"), "no-cache");
        let signed = desk.get_as(&token, &format!("{AT}/{feed}")).await;
        assert!(signed.text().contains("Sell the land"), "{feed}");
        assert_eq!(signed.header("cache-control"), "private, no-cache");
        assert_ne!(public.header("etag"), signed.header("etag"));
        let again = desk
            .ask(
                "GET",
                &format!("{AT}/{feed}"),
                &[("if-none-match", public.header("etag"))],
                "",
            )
            .await;
        assert_eq!(again.status, StatusCode::NOT_MODIFIED);
        assert!(again.body.is_empty());
        let missing = desk.get(&format!("{AT}/{feed}?body=body/none")).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND);
        let other = desk.get(&format!("{AT}/{feed}?body=body/other")).await;
        assert!(other.text().contains("June"), "{feed}");
        assert!(!other.text().contains("Write it down"), "{feed}");
    }
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Node<'a, 'a> {
    let atom = "http://www.w3.org/2005/Atom";
    let mut found = node.children().filter(|one| one.has_tag_name((atom, name)));
    let one = found.next().unwrap();
    assert!(found.next().is_none(), "{name} is there twice");
    one
}

fn text<'a>(node: Node<'a, 'a>, name: &str) -> &'a str {
    child(node, name).text().unwrap()
}

fn link<'a>(node: Node<'a, 'a>, rel: &str) -> Option<&'a str> {
    let mut links = node
        .children()
        .filter(|one| one.has_tag_name(("http://www.w3.org/2005/Atom", "link")));
    links
        .find(|one| one.attribute("rel") == Some(rel))?
        .attribute("href")
}

fn entries<'a>(feed: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    let atom = "http://www.w3.org/2005/Atom";
    feed.children()
        .filter(|one| one.has_tag_name((atom, "entry")))
        .collect()
}

#[tokio::test]
async fn the_feed_has_an_entry_for_each_that_may_be_read() {
    let desk = Api::over(ledger());
    let answer = desk
        .get("/v1/ledgers/test/changes.atom?body=body/board")
        .await;
    assert_eq!(
        answer.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let document = Document::parse(answer.text()).unwrap();
    let feed = document.root_element();
    assert_eq!(text(feed, "title"), "Test partnership, Board: what changed");
    let origin = ORIGIN.split_once('/').unwrap();
    let tag = |rest: &str| format!("tag:{},2026-05-14:{}/{rest}", origin.0, origin.1);
    assert_eq!(text(feed, "id"), tag("changes/body/board"));
    let base = "https://board.example/v1/ledgers/test";
    let own = format!("{base}/changes.atom?body=body/board");
    assert_eq!(link(feed, "self"), Some(own.as_str()));
    assert!(link(feed, "via").unwrap().starts_with(base));
    let entries = entries(feed);
    let titles: Vec<&str> = entries.iter().map(|entry| text(*entry, "title")).collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    assert_eq!(titles[0], "Action assigned: Write it down");
    assert!(
        titles[1].starts_with("Meeting called: A; b, c\\n d: \"e\" <f> & g second ]]> line é 老虎")
    );
    let newest = entries[0];
    let at = text(newest, "id").rsplit_once('/').unwrap().1.to_owned();
    assert_eq!(text(newest, "id"), tag(&format!("entries/{at}")));
    assert_eq!(
        link(newest, "alternate"),
        Some(format!("{base}/entries/{at}").as_str())
    );
    assert_eq!(text(newest, "updated"), "2026-05-14T12:00:00+00:00");
    assert_eq!(text(child(newest, "author"), "name"), "secretary");
    assert_eq!(
        child(newest, "category").attribute("term"),
        Some("ActionAssigned")
    );
}

#[tokio::test]
async fn older_changes_are_on_the_next_pages_and_none_is_there_twice() {
    let ledger = ledger();
    for n in 0..220 {
        ledger
            .record(ledger.milestone(&format!("m{n}"), "25/26"))
            .unwrap();
    }
    let size = ledger.log.published().head.size as usize;
    let desk = Api::over(ledger);
    let (mut next, mut seen) = (Some("changes.atom".to_owned()), Vec::new());
    while let Some(address) = next {
        let answer = desk.get(&format!("{AT}/{address}")).await;
        let document = Document::parse(answer.text()).unwrap();
        let feed = document.root_element();
        let entries = entries(feed);
        assert!(entries.len() <= 100);
        seen.extend(entries.iter().map(|entry| text(*entry, "id").to_owned()));
        let prefix = "https://board.example/v1/ledgers/test/";
        next = link(feed, "next").map(|next| next.strip_prefix(prefix).unwrap().to_owned());
    }
    assert_eq!(seen.len(), size - 1, "all but the private one");
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), size - 1);
}
