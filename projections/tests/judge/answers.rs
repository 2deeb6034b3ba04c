//! Who answers a sign-off, to what, and how often.

use minutebook_events::{Event, RefusalKind};
use minutebook_projections::signoffs::SignOffState;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::given::{ANNA, BEN, CARA, DAN, Given, appointment, id, say};

const SO: &str = "sign-off/so";
const A: &str = "organisation/a";
const B: &str = "organisation/b";

/// Dan and Ben sign for one trust, Cara for another.
fn asked(fields: Value) -> Given {
    let mut all = json!({"title": "Memorandum", "text": "11".repeat(32),
        "rule": "each-organisation-once",
        "signatories": [{"organisation": A}, {"organisation": B}]});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    Given::opened()
        .organisation(A)
        .organisation(B)
        .organisation("organisation/c")
        .person(DAN, "signatory", Some(A))
        .and(ANNA, appointment(DAN, "signatory", Some("organisation/c")))
        .and(ANNA, appointment(BEN, "signatory", Some(A)))
        .and(ANNA, appointment(CARA, "signatory", Some(B)))
        .and(ANNA, say("SignOffRequested", SO, "secretary", all))
}

fn answer(kind: &str, of: &str) -> Event {
    let fields = match kind {
        "Given" => json!({"text": "11".repeat(32)}),
        _ => json!({"reason": "Clause 4."}),
    };
    say(
        &format!("SignOff{kind}"),
        SO,
        &format!("signatory {of}"),
        fields,
    )
}

fn state(given: &Given) -> SignOffState {
    given.views.signoffs.get(&id(SO)).unwrap().state()
}

#[test]
fn those_who_were_asked_sign_the_exact_text() {
    let given = asked(json!({}));
    given.when(DAN, answer("Given", A)).accepted();
    let refusal = given
        .when(DAN, answer("Given", "organisation/c"))
        .refused("sign-off-asked");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
    assert_eq!(
        refusal.instead.as_deref(),
        Some(
            "those who are asked sign themselves: a signatory of organisation/a or a signatory of \
             organisation/b"
        )
    );
    let other = json!({"text": "22".repeat(32)});
    let event = say("SignOffGiven", SO, "signatory organisation/a", other);
    let refusal = given.when(DAN, event).refused("sign-off-text");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert!(refusal.instead.unwrap().contains(&"11".repeat(32)));
    let declined = json!({"text": "22".repeat(32), "reason": "Clause 4."});
    let event = say("SignOffDeclined", SO, "signatory organisation/a", declined);
    given.when(DAN, event).refused("sign-off-text");
}

#[test]
fn a_person_who_is_named_signs_in_person() {
    let person = DAN.id().to_string();
    let given = asked(
        json!({"signatories": [{"organisation": A, "person": person},
        {"organisation": B}]}),
    );
    given.when(DAN, answer("Given", A)).accepted();
    let refusal = given
        .when(BEN, answer("Given", A))
        .refused("sign-off-asked");
    assert!(refusal.instead.unwrap().contains(&person));
}

#[test]
fn an_organisation_signs_once_whoever_signs() {
    let given = asked(json!({})).and(DAN, answer("Given", A));
    let first = given.size() - 1;
    for who in [DAN, BEN] {
        let refusal = given.when(who, answer("Given", A)).refused("sign-off-once");
        assert_eq!(refusal.entries, [first]);
    }
    given.when(CARA, answer("Given", B)).accepted();
}

#[test]
fn a_decline_stays_visible_and_may_become_a_signature() {
    let given = asked(json!({})).and(DAN, answer("Declined", A));
    let given = given.and(BEN, answer("Given", A));
    let sign_off = given.views.signoffs.get(&id(SO)).unwrap();
    assert_eq!(sign_off.responses.len(), 2);
    assert_eq!(sign_off.progress(), (1, 2));
    // A signature is taken back, not declined away.
    let refusal = given
        .when(DAN, answer("Declined", A))
        .refused("sign-off-once");
    assert_eq!(refusal.entries, [given.size() - 1]);
    assert_eq!(
        refusal.instead.as_deref(),
        Some("take the signature back with SignOffWithdrawn")
    );
}

#[test]
fn a_signature_is_taken_back_by_its_signatory_before_completion() {
    let given = asked(json!({}));
    given
        .when(DAN, answer("Withdrawn", A))
        .refused("sign-off-not-signed");
    let given = given.and(DAN, answer("Given", A));
    given
        .when(CARA, answer("Withdrawn", B))
        .refused("sign-off-not-signed");
    let back = given.clone().and(DAN, answer("Withdrawn", A));
    back.when(DAN, answer("Withdrawn", A))
        .refused("sign-off-not-signed");
    back.when(BEN, answer("Given", A)).accepted();

    let complete = given.and(CARA, answer("Given", B));
    assert_eq!(state(&complete), SignOffState::Complete);
    let refusal = complete
        .when(DAN, answer("Withdrawn", A))
        .refused("sign-off-complete");
    assert_eq!(refusal.entries, [complete.size() - 2, complete.size() - 1]);
}

#[test]
fn one_more_may_sign_what_is_complete() {
    let given = asked(json!({"rule": "n-of-m", "needed": 1})).and(DAN, answer("Given", A));
    assert_eq!(state(&given), SignOffState::Complete);
    given.when(CARA, answer("Given", B)).accepted();
    given.when(CARA, answer("Declined", B)).accepted();
}

#[test]
fn nothing_is_answered_once_it_is_cancelled_or_only_attested() {
    let fields = json!({"reason": "New text.", "replacement": "sign-off/anew"});
    let given = asked(json!({}))
        .and(DAN, answer("Given", A))
        .and(ANNA, say("SignOffCancelled", SO, "secretary", fields));
    for event in [
        answer("Given", B),
        answer("Declined", B),
        answer("Withdrawn", B),
    ] {
        let refusal = given.when(CARA, event).refused("sign-off-open");
        assert_eq!(refusal.entries, [given.size() - 1]);
        assert_eq!(
            refusal.instead.as_deref(),
            Some("look at sign-off/anew, which replaces it")
        );
    }

    let attested = json!({"title": "Sign-up", "signed": 25, "imported": true,
        "source": {"document": "Press release"}});
    let given = Given::opened()
        .organisation(A)
        .person(DAN, "signatory", Some(A))
        .and(ANNA, say("SignOffAttested", SO, "secretary", attested));
    let refusal = given.when(DAN, answer("Given", A)).refused("sign-off-open");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("ask for signatures with SignOffRequested")
    );
    assert_eq!(state(&given), SignOffState::Attested);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever anyone tries, what is complete stays complete, and not by whoever asked alone.
    #[test]
    fn what_is_complete_stays_complete(
        needed in 1u8..=2,
        steps in proptest::collection::vec((0..5usize, 0..4usize, 0..3usize), 0..24),
    ) {
        let mut given = asked(json!({"rule": "n-of-m", "needed": needed}))
            .and(ANNA, appointment(ANNA, "signatory", None));
        for (what, who, of) in steps {
            let who = [ANNA, BEN, CARA, DAN][who];
            let of = [A, B, "organisation/c"][of];
            let event = match what {
                0 => answer("Declined", of),
                1 => answer("Withdrawn", of),
                2 => say("SignOffCancelled", SO, "secretary", json!({"reason": "New text."})),
                _ => answer("Given", of),
            };
            let before = state(&given);
            let entry = given.signed(who, event);
            if minutebook_events::Judge::admit(&given.views, &entry).is_ok() {
                given = given.and_entry(entry);
            }
            let sign_off = given.views.signoffs.get(&id(SO)).unwrap();
            match before {
                SignOffState::Waiting => {}
                state => prop_assert_eq!(sign_off.state(), state),
            }
            if sign_off.state() == SignOffState::Complete {
                let mut signed = sign_off.asked().filter(|one| one.has_signed());
                prop_assert!(signed.any(|one| *one.response.unwrap().person != ANNA.id()));
            }
        }
    }
}
