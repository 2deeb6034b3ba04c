//! Keys, roles and second persons.

use minutebook_events::{Digest, Event, RefusalKind, Role};
use serde_json::json;

use crate::given::{ANNA, BEN, CARA, DAN, Given, appointment, enrolment, say};

fn revocation(who: crate::given::Who, capacity: &str) -> Event {
    let kid = who.key().kid().to_string();
    let fields = json!({"kid": kid, "cause": "compromised", "reason": "Stolen."});
    say("SigningKeyRevoked", &who.subject(), capacity, fields)
}

#[test]
fn a_key_is_enrolled_once_for_someone_who_is_there() {
    let given = Given::opened();
    given
        .when(ANNA, enrolment(DAN, "registrar", None))
        .refused("subject-exists");
    let given = given.enrolled(DAN);
    given
        .when(ANNA, enrolment(DAN, "registrar", None))
        .accepted();
    // Not even the key of someone else, and not by someone who is no registrar.
    given
        .when(ANNA, enrolment(DAN.with_key(2), "registrar", None))
        .refused("key-enrolled-once");
    given
        .when(CARA, enrolment(DAN, "secretary", None))
        .refused("role-needed");
    let given = given.and(ANNA, enrolment(DAN, "registrar", None));
    let refusal = given
        .when(ANNA, enrolment(DAN, "registrar", None))
        .refused("key-enrolled-once");
    assert_eq!(refusal.entries, [2]);
}

#[test]
fn the_statement_enrols_the_key_that_the_event_names() {
    let given = Given::opened().enrolled(DAN);
    let mut entry = given.signed(ANNA, enrolment(DAN, "registrar", None));
    entry.claims.enrols = None;
    given.when_entry(&entry).refused("key-in-statement");
    entry.claims.enrols = Some(CARA.with_key(8).key());
    given.when_entry(&entry).refused("key-in-statement");
    let mut entry = given.signed(ANNA, appointment(DAN, "member", None));
    entry.claims.enrols = Some(DAN.key());
    given.when_entry(&entry).refused("key-in-statement");
}

#[test]
fn only_its_owner_rotates_a_key_signing_with_it() {
    let given = Given::opened();
    let new = CARA.with_key(9);
    // In any role: the old key vouches for the new one.
    given
        .when(CARA, enrolment(new, "chair", Some(CARA.key())))
        .accepted();
    given
        .when(ANNA, enrolment(new, "registrar", Some(CARA.key())))
        .refused("key-rotation");
    given
        .when(CARA, enrolment(new, "chair", Some(DAN.key())))
        .refused("key-known");
    given
        .when(CARA, enrolment(new, "chair", Some(ANNA.key())))
        .refused("key-owner");
    // With two keys, the one that is replaced signs.
    let given = given.and(ANNA, enrolment(new, "registrar", None));
    given
        .when(new, enrolment(CARA.with_key(8), "chair", Some(CARA.key())))
        .refused("key-rotation");
    given
        .when(CARA, enrolment(CARA.with_key(8), "chair", Some(CARA.key())))
        .accepted();
}

#[test]
fn a_key_is_revoked_once_by_the_registrar_or_its_owner() {
    let given = Given::opened();
    given.when(ANNA, revocation(CARA, "registrar")).accepted();
    given.when(CARA, revocation(CARA, "chair")).accepted();
    given
        .when(CARA, revocation(ANNA, "chair"))
        .refused("role-needed");
    given
        .when(ANNA, revocation(DAN, "registrar"))
        .refused("subject-exists");
    given
        .when(ANNA, revocation(CARA.with_key(9), "registrar"))
        .refused("key-known");
    let mut other = revocation(CARA, "registrar");
    other.common.subject = BEN.id().subject();
    given.when(ANNA, other).refused("key-owner");

    let given = given.and(ANNA, revocation(CARA, "registrar"));
    let refusal = given
        .when(ANNA, revocation(CARA, "registrar"))
        .refused("key-ended");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::RuleBroken, vec![1])
    );
    // Who had not seen it changed the same person's keys unknowingly.
    given
        .when_seen(BEN, 1, revocation(CARA, "registrar"))
        .refused("changed-since");
}

#[test]
fn a_founding_officer_is_enrolled_by_name_once() {
    let given = Given::opened().enrolled(ANNA);
    let again = say(
        "PersonEnrolled",
        &ANNA.subject(),
        "registrar",
        json!({"sealed": ["22".repeat(32)]}),
    );
    assert_eq!(
        given.when(ANNA, again).refused("already-exists").entries,
        [1]
    );
}

#[test]
fn a_role_is_given_to_who_lacks_it_and_ended_for_who_holds_it() {
    let given = Given::opened()
        .organisation("organisation/trust")
        .enrolled(DAN);
    let of = Some("organisation/trust");
    let given = given.and(ANNA, appointment(DAN, "signatory", of));
    let held = given.size() - 1;
    given.when(ANNA, appointment(DAN, "lead", of)).accepted();
    given
        .when(ANNA, appointment(DAN, "signatory", None))
        .accepted();
    let refusal = given
        .when(ANNA, appointment(DAN, "signatory", of))
        .refused("role-held-already");
    assert_eq!(refusal.entries, [held]);

    let ended = |role: &str| {
        let fields = json!({"role": role, "title": "Chief Executive", "of": "organisation/trust"});
        say("RoleEnded", &DAN.subject(), "registrar", fields)
    };
    given.when(ANNA, ended("lead")).refused("role-not-held");
    let given = given.and(ANNA, ended("signatory"));
    assert!(!given.views.people.holds(
        &DAN.id(),
        Role::Signatory,
        Some(&crate::given::id("organisation/trust"))
    ));
    given
        .when(ANNA, ended("signatory"))
        .refused("role-not-held");
}

/// Ben approves the disclosure of this digest.
fn approval(of: Digest, record: u64, capacity: &str) -> Event {
    let fields = json!({"digest": of.to_string()});
    say(
        "ApprovalGiven",
        &format!("record/{record}"),
        capacity,
        fields,
    )
}

#[test]
fn a_second_registrar_approves_a_new_one() {
    let given = Given::opened().enrolled(DAN);
    let event = || appointment(DAN, "registrar", None);
    let refusal = given.when(ANNA, event()).refused("second-person");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);

    let digest = Digest::of(b"the appointment");
    let signed = |given: &Given| {
        let mut entry = given.signed(ANNA, event());
        entry.claims.digest = digest;
        entry
    };
    let by_self = given.clone().and(ANNA, approval(digest, 9, "registrar"));
    by_self
        .when_entry(&signed(&by_self))
        .refused("second-person");
    let by_chair = given.clone().and(CARA, approval(digest, 9, "chair"));
    by_chair
        .when_entry(&signed(&by_chair))
        .refused("second-person");
    let by_ben = given.and(BEN, approval(digest, 9, "registrar"));
    by_ben.when_entry(&signed(&by_ben)).accepted();
    by_ben.when(ANNA, event()).refused("second-person");
}

#[test]
fn the_only_registrar_appoints_another_alone() {
    let given = Given::opened_by(&[(ANNA, &[Role::Registrar])]).enrolled(DAN);
    let given = given.and(ANNA, appointment(DAN, "registrar", None));
    let given = given.enrolled(CARA);
    given
        .when(ANNA, appointment(CARA, "registrar", None))
        .refused("second-person");
}

#[test]
fn another_person_approves_an_erasure() {
    let given = Given::opened().milestone("milestone/m", None);
    let digest = given.entries[1].claims.digest;
    let erasure = |entry: u64, approver: crate::given::Who| {
        let fields = json!({"digest": digest.to_string(), "legal_basis": "UK GDPR Art 17(1)(d)",
            "requester": BEN.id().to_string(), "approver": approver.id().to_string()});
        say(
            "ContentErased",
            &format!("record/{entry}"),
            "records-officer",
            fields,
        )
    };
    let refusal = given.when(BEN, erasure(1, ANNA)).refused("second-person");
    assert!(refusal.instead.unwrap().contains("ApprovalGiven"));
    given.when(BEN, erasure(99, ANNA)).refused("subject-exists");

    let approved = given.clone().and(ANNA, approval(digest, 1, "registrar"));
    approved.when(BEN, erasure(1, ANNA)).accepted();
    approved
        .when(BEN, erasure(1, CARA))
        .refused("second-person");
    // The approval was for another entry, or came before the entry that it seems to be about.
    approved
        .when(BEN, erasure(0, ANNA))
        .refused("second-person");
    let early = Given::opened()
        .and(ANNA, approval(digest, 2, "registrar"))
        .milestone("milestone/m", None);
    early.when(BEN, erasure(2, ANNA)).refused("second-person");
    // Or the erasure's own disclosure was approved.
    let mut entry = given.signed(BEN, erasure(1, CARA));
    entry.claims.digest = Digest::of(b"the erasure");
    let given = given.and(CARA, approval(entry.claims.digest, 2, "chair"));
    entry.position = given.size();
    given.when_entry(&entry).accepted();
}
