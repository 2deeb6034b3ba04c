//! What enters, what is refused, and what is said of it.
#![allow(clippy::unwrap_used)]

mod common;

use common::{AT, Api, body, event, milestone};
use serde_json::json;

fn entries() -> String {
    format!("{AT}/entries")
}

#[tokio::test]
async fn the_same_bytes_again_get_the_place_that_they_have() {
    let api = Api::new();
    let size = api.seen().size;
    let sent = api.sign(&api.secretary, milestone(&api, "one"));
    let first = api.post(&entries(), &body([&sent])).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.header("location"), format!("{AT}/entries/{size}"));
    assert_eq!(first.header("cache-control"), "no-store");
    api.pass(60);
    let again = api.post(&entries(), &body([&sent])).await;
    assert_eq!(
        (again.status.as_u16(), again.header("location")),
        (201, first.header("location"))
    );
    let (first, again) = (first.json(), again.json());
    let (one, two) = (&first["entries"][0], &again["entries"][0]);
    assert_eq!(
        (&one["repeated"], &two["repeated"]),
        (&json!(false), &json!(true))
    );
    for field in ["position", "recorded_at"] {
        assert_eq!(one[field], two[field], "{field}");
    }
    assert_eq!(api.seen().size, size + 1);
    // Among new ones, too.
    let other = api.sign(&api.secretary, milestone(&api, "two"));
    let both = api.post(&entries(), &body([&sent, &other])).await.json();
    assert_eq!(both["entries"][0]["repeated"], true);
    assert_eq!(both["entries"][1]["repeated"], false);
    assert_eq!(api.seen().size, size + 2);
}

#[tokio::test]
async fn a_batch_enters_whole_or_not_at_all_and_names_the_first_refused() {
    let api = Api::new();
    let size = api.seen().size;
    let sign = |name: &str| api.sign(&api.secretary, milestone(&api, name));
    let batch = [sign("a"), sign("b"), sign("a"), sign("b")];
    let reply = api.post(&entries(), &body(&batch)).await;
    assert_eq!(
        (reply.status.as_u16(), reply.problem().as_str()),
        (409, "conflict")
    );
    let problem = reply.json();
    assert_eq!(
        (&problem["index"], &problem["rule"]),
        (&json!(2), &json!("already-exists"))
    );
    assert_eq!(api.seen().size, size);

    let reply = api.post(&entries(), &body(&batch[..2])).await.json();
    let places: Vec<_> = (0..2)
        .map(|n| reply["entries"][n]["position"].clone())
        .collect();
    assert_eq!(places, [json!(size), json!(size + 1)]);
    assert_eq!(reply["size"], size + 2);
}

#[tokio::test]
async fn what_changed_meanwhile_is_a_conflict_that_names_the_entry() {
    let api = Api::new();
    api.record(&api.secretary, milestone(&api, "one")).await;
    let slip = |by: &minutebook_tests::TestOfficer, to: &str| {
        let slip = json!({"type": "MilestoneSlipped", "subject": "milestone/one", "from": "25/26",
            "to": to, "standing": "reported", "reason": "capacity"});
        api.sign(by, event(by, slip))
    };
    let (mine, theirs) = (slip(&api.lead, "26/27"), slip(&api.secretary, "27/28"));
    let entered = api.post(&entries(), &body([&theirs])).await.json();
    let reply = api.post(&entries(), &body([&mine])).await;
    assert_eq!(
        (reply.status.as_u16(), reply.problem().as_str()),
        (409, "conflict")
    );
    assert_eq!(
        reply.json()["entries"][0],
        entered["entries"][0]["position"]
    );
}

#[tokio::test]
async fn whether_a_document_is_here_is_told_to_those_with_a_key() {
    let api = Api::new();
    let stranger = minutebook_tests::TestOfficer::from_seed(99, api.secretary.role);
    let paper = json!({"type": "DocumentImported", "subject": "document/d", "title": "D", "records_made": 0,
        "document": {"blake3": "11".repeat(32), "sha256": "22".repeat(32), "size": 5,
            "media_type": "text/plain", "name": "d.txt"}});
    let known = api.sign(&api.secretary, event(&api.secretary, paper.clone()));
    let reply = api.post(&entries(), &body([&known])).await;
    assert_eq!(
        (reply.status.as_u16(), reply.problem().as_str()),
        (422, "missing-document")
    );
    assert_eq!(reply.json()["index"], 0);
    let unknown = api.sign(&stranger, event(&stranger, paper));
    let reply = api.post(&entries(), &body([&unknown])).await;
    assert_eq!(
        reply.problem(),
        "unknown-key",
        "whether it is here is told to officers only"
    );
}
