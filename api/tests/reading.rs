//! How answers go out: their form, what may be kept, pages that stay the same.
#![allow(clippy::unwrap_used)]

mod common;

use common::{AT, Api, milestone};
use serde_json::Value;

#[tokio::test]
async fn an_answer_is_not_sent_again_until_the_record_says_more() {
    let api = Api::new();
    for below in [
        "",
        "/milestones",
        "/status",
        "/changes?since=0",
        "/search?q=deliver",
        "/entries",
        "/entries/0",
    ] {
        let target = format!("{AT}{below}");
        let first = api.get(&target).await;
        assert_eq!(first.status, 200, "{target}: {first:?}");
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{target}: {tag}");
        assert_eq!(first.header("cache-control"), "no-cache");
        assert!(first.header("vary").contains("Authorization"));

        let again = api
            .ask("GET", &target, &[("if-none-match", tag.as_str())], "")
            .await;
        assert_eq!(again.status, 304, "{target}");
        assert_eq!(again.header("etag"), tag);
        assert!(again.body.is_empty());

        api.record(
            &api.secretary,
            milestone(&api, &format!("m{}", api.seen().size)),
        )
        .await;
        let later = api
            .ask("GET", &target, &[("if-none-match", tag.as_str())], "")
            .await;
        assert_eq!(later.status, 200, "{target}");
        assert_ne!(later.header("etag"), tag);
    }
}

#[tokio::test]
async fn what_a_reader_with_a_session_is_told_is_kept_by_nobody_else() {
    let api = Api::new();
    let token = api.sign_in(&api.secretary).await;
    for below in ["", "/people", "/entries", "/entries/0", "/changes?since=0"] {
        let target = format!("{AT}{below}");
        let (open, mine) = (api.get(&target).await, api.get_as(&token, &target).await);
        assert_eq!(
            mine.header("cache-control"),
            "private, no-cache",
            "{target}"
        );
        assert_ne!(
            open.header("etag"),
            mine.header("etag"),
            "{target}: names are told to one of them"
        );
    }
}

#[tokio::test]
async fn a_paper_comes_in_the_form_that_is_named_or_accepted() {
    let api = Api::new();
    let forms = [
        ("text", "text/plain", "text/plain; charset=utf-8"),
        ("md", "text/markdown", "text/markdown; charset=utf-8"),
        ("csv", "text/csv", "text/csv; charset=utf-8; header=present"),
        ("json", "application/json", "application/json"),
        ("html", "text/html", "text/html; charset=utf-8"),
    ];
    for below in ["milestones", "changes?since=0", "status", "search?q=a"] {
        for (name, accept, media_type) in forms {
            let mark = if below.contains('?') { '&' } else { '?' };
            let named = api.get(&format!("{AT}/{below}{mark}format={name}")).await;
            assert_eq!(named.status, 200, "{below} {name}");
            assert!(
                named.header("content-type").starts_with(accept),
                "{named:?}"
            );
            let accepted = api
                .ask("GET", &format!("{AT}/{below}"), &[("accept", accept)], "")
                .await;
            let (one, other) = (
                named.header("content-type"),
                accepted.header("content-type"),
            );
            assert_eq!(
                one.replace(' ', "").to_lowercase(),
                media_type.replace(' ', ""),
                "{below}"
            );
            assert_eq!(one, other);
            assert_eq!(named.body, accepted.body, "{below} {name}");
        }
    }
    // What is named goes before what is accepted.
    let headers = [("accept", "text/html")];
    let named = api
        .ask("GET", &format!("{AT}/milestones?format=csv"), &headers, "")
        .await;
    assert!(named.header("content-type").starts_with("text/csv"));
}

/// The address that a `Link` header gives under a name.
fn linked(link: &str, rel: &str) -> Option<String> {
    let mut links = link.split(", ").filter_map(|one| one.split_once(">; rel="));
    let found = links.find(|(_, name)| *name == format!("\"{rel}\""));
    found.map(|(address, _)| address.trim_start_matches('<').to_owned())
}

#[tokio::test]
async fn pages_of_a_register_are_of_one_answer_while_the_record_grows() {
    let api = Api::new();
    for n in 0..5 {
        api.record(&api.secretary, milestone(&api, &format!("m{n}")))
            .await;
    }
    let whole = api.get(&format!("{AT}/milestones")).await;
    assert_eq!(whole.header("link"), "");
    let (mut found, mut sizes, mut last) = (Vec::new(), Vec::new(), String::new());
    let mut target = Some(format!("{AT}/milestones?limit=2"));
    while let Some(address) = target {
        let page = api.get(&address).await;
        assert_eq!(page.status, 200, "{address}: {page:?}");
        let rows = page.json()["data"]["rows"].as_array().unwrap().clone();
        sizes.push(rows.len());
        found.extend(rows);
        // Someone records more between two pages.
        api.record(
            &api.secretary,
            milestone(&api, &format!("a-later{}", sizes.len())),
        )
        .await;
        target = linked(page.header("link"), "next");
        last = page.header("link").to_owned();
    }
    assert_eq!(sizes, [2, 2, 1]);
    // Back from the last page, nearest first.
    let back = api.get(&linked(&last, "prev").unwrap()).await.json();
    let rows = back["data"]["rows"].as_array().unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(ids, ["milestone/m3", "milestone/m2"]);
    assert_eq!(Value::from(found), whole.json()["data"]["rows"]);
}

#[tokio::test]
async fn the_history_is_read_forward_and_backward_without_a_gap() {
    let api = Api::new();
    for n in 0..20 {
        api.record(&api.secretary, milestone(&api, &format!("m{n}")))
            .await;
    }
    let size = api.seen().size;
    for (start, backward) in [
        ("limit=4", false),
        (&format!("limit=4&before={size}"), true),
    ] {
        let mut indexes = Vec::new();
        let mut target = Some(format!("{AT}/entries?{start}"));
        while let Some(address) = target {
            let page = api.get(&address).await.json();
            let entries = page["entries"].as_array().unwrap();
            indexes.extend(entries.iter().map(|one| one["entry"].as_u64().unwrap()));
            target = page["next"].as_str().map(str::to_owned);
        }
        if backward {
            indexes.reverse();
        }
        assert!(indexes.iter().copied().eq(0..size), "{indexes:?}");
    }
}

#[tokio::test]
async fn an_address_says_which_methods_it_takes() {
    let api = Api::new();
    for (method, target, allow) in [
        ("POST", AT.to_owned(), "GET,HEAD"),
        ("PUT", format!("{AT}/entries"), "GET,HEAD,POST"),
        ("GET", format!("{AT}/challenges"), "POST"),
        ("PATCH", format!("{AT}/session"), "DELETE,GET,HEAD,POST"),
        ("DELETE", "/log/test/checkpoint".to_owned(), "GET,HEAD"),
    ] {
        let reply = api.ask(method, &target, &[], "").await;
        assert_eq!(reply.status, 405, "{method} {target}");
        assert_eq!(reply.problem(), "method-not-allowed");
        let mut allowed: Vec<&str> = reply.header("allow").split(',').map(str::trim).collect();
        allowed.sort_unstable();
        assert_eq!(allowed.join(","), allow, "{method} {target}");
    }
}

#[tokio::test]
async fn every_answer_has_an_id_and_is_kept_from_being_taken_for_something_else() {
    let api = Api::new();
    let mut ids = Vec::new();
    for target in [
        AT.to_owned(),
        "/nowhere".to_owned(),
        "/healthz".to_owned(),
        "/log/test/checkpoint".to_owned(),
    ] {
        let reply = api.get(&target).await;
        assert_eq!(
            reply.header("x-content-type-options"),
            "nosniff",
            "{target}"
        );
        assert_eq!(reply.header("x-frame-options"), "DENY");
        ids.push(reply.header("x-request-id").to_owned());
    }
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 4, "{ids:?}");
}
