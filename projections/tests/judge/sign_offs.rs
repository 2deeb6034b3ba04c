//! Signatures are asked for, and the request ends.

use minutebook_events::{Event, Role};
use serde_json::{Value, json};

use crate::given::{ANNA, CARA, DAN, Given, appointment, say};

const SO: &str = "sign-off/so";

fn request(id: &str, fields: Value) -> Event {
    let mut all = json!({"title": "Memorandum", "text": "11".repeat(32), "rule": "all-named",
        "signatories": [{"organisation": "organisation/a"}, {"organisation": "organisation/b"}]});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    say("SignOffRequested", id, "secretary", all)
}

fn given() -> Given {
    Given::opened()
        .organisation("organisation/a")
        .organisation("organisation/b")
        .person(DAN, "signatory", None)
}

fn cancelled(id: &str) -> Event {
    let fields = json!({"reason": "New text."});
    say("SignOffCancelled", id, "secretary", fields)
}

fn signed(of: &str) -> Event {
    let fields = json!({"text": "11".repeat(32)});
    say("SignOffGiven", SO, &format!("signatory {of}"), fields)
}

fn imported(mut event: Event) -> Event {
    event.common.imported = true;
    event.common.source = serde_json::from_value(json!({"document": "Page"})).unwrap();
    event
}

#[test]
fn whoever_asks_is_not_the_only_one_to_sign() {
    let only = |who: crate::given::Who| {
        let person = who.id().to_string();
        request(SO, json!({"signatories": [{"person": person}]}))
    };
    given().when(ANNA, only(DAN)).accepted();
    given().when(ANNA, only(ANNA)).refused("sign-off-own");
    // Beside another, one may sign what one has asked for.
    let both = json!({"signatories": [
        {"person": ANNA.id().to_string()}, {"organisation": "organisation/b"}]});
    given().when(ANNA, request(SO, both)).accepted();

    // Nor alone for an organisation.
    let trust = json!({"signatories": [{"organisation": "organisation/a"}]});
    let given = given()
        .and(ANNA, appointment(ANNA, "signatory", None))
        .and(ANNA, request(SO, trust));
    let refusal = given
        .when(ANNA, signed("organisation/a"))
        .refused("sign-off-own");
    assert_eq!(refusal.entries, [given.size() - 1]);
    given.when(DAN, signed("organisation/a")).accepted();
}

#[test]
fn whoever_asks_does_not_complete_it_alone() {
    let one_of_two = json!({"rule": "n-of-m", "needed": 1});
    let asked = given()
        .and(ANNA, appointment(ANNA, "signatory", None))
        .and(ANNA, request(SO, one_of_two));
    asked
        .when(ANNA, signed("organisation/a"))
        .refused("sign-off-own");
    asked
        .clone()
        .and(DAN, signed("organisation/b"))
        .when(ANNA, signed("organisation/a"))
        .accepted();

    let all = given()
        .and(ANNA, appointment(ANNA, "signatory", None))
        .and(ANNA, request(SO, json!({})));
    let first = all.and(ANNA, signed("organisation/a"));
    first
        .when(ANNA, signed("organisation/b"))
        .refused("sign-off-own");
    first.when(DAN, signed("organisation/b")).accepted();
}

#[test]
fn one_signature_answers_for_one_signatory() {
    let twice = |first: Value, second: Value| {
        let signatories = json!({"signatories": [first, second]});
        given().when(ANNA, request(SO, signatories))
    };
    let post = |title: &str| json!({"organisation": "organisation/a", "post": title});
    twice(post("Chair"), post("Chief Executive")).refused("sign-off-apart");
    let person = |who: crate::given::Who| json!({"organisation": "organisation/a", "person": who.id().to_string()});
    twice(person(DAN), post("Chair")).refused("sign-off-apart");
    twice(person(DAN), person(CARA)).accepted();
}

#[test]
fn a_new_text_is_asked_for_anew() {
    let given = given().and(ANNA, request(SO, json!({})));
    let anew = |text: &str| {
        let fields = json!({"replaces": SO, "text": text.repeat(32)});
        request("sign-off/anew", fields)
    };
    let refusal = given.when(ANNA, anew("22")).refused("sign-off-replaces");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record SignOffCancelled for it first")
    );
    let given = given.and(ANNA, cancelled(SO));
    given.when(ANNA, anew("22")).accepted();
    given.when(ANNA, anew("11")).refused("sign-off-replaces");
}

#[test]
fn a_request_ends_once_and_before_it_is_complete() {
    let given = given()
        .and(ANNA, appointment(CARA, "signatory", Some("organisation/b")))
        .and(ANNA, request(SO, json!({})))
        .and(DAN, signed("organisation/a"));
    let first = given.size() - 1;
    given.when(CARA, cancelled(SO)).accepted();
    let ended = given.clone().and(ANNA, cancelled(SO));
    ended.when(ANNA, cancelled(SO)).refused("sign-off-open");

    let complete = given.and(CARA, signed("organisation/b"));
    let refusal = complete
        .when(ANNA, cancelled(SO))
        .refused("sign-off-complete");
    assert_eq!(refusal.entries, [first, first + 1]);
}

#[test]
fn no_document_ends_a_request_of_this_record() {
    let asked = given().and(ANNA, request(SO, json!({})));
    asked
        .when(ANNA, imported(cancelled(SO)))
        .refused("sign-off-open");
    // What a document asked for, a document may end.
    given()
        .and(ANNA, imported(request(SO, json!({}))))
        .when(ANNA, imported(cancelled(SO)))
        .accepted();
}

#[test]
fn the_secretary_signs_for_nobody() {
    let given = Given::opened_by(&[(ANNA, &[Role::Registrar, Role::Secretary])])
        .organisation("organisation/a")
        .organisation("organisation/b")
        .and(ANNA, request(SO, json!({})));
    let fields = json!({"text": "11".repeat(32)});
    given
        .when(
            ANNA,
            say("SignOffGiven", SO, "secretary organisation/a", fields),
        )
        .refused("role-needed");
    given
        .when(ANNA, signed("organisation/a"))
        .refused("role-held");
}
