//! There is always a registrar with a key that works.

use minutebook_events::{Event, Role};
use serde_json::json;

use crate::given::{ANNA, BEN, DAN, Given, Who, enrolment, say};

fn ended(who: Who) -> Event {
    let fields = json!({"role": "registrar"});
    say("RoleEnded", &who.subject(), "registrar", fields)
}

fn revoked(who: Who, cause: &str) -> Event {
    let fields = json!({"kid": who.key().kid().to_string(), "cause": cause, "reason": "Stolen."});
    say("SigningKeyRevoked", &who.subject(), "registrar", fields)
}

fn alone() -> Given {
    Given::opened_by(&[(ANNA, &[Role::Registrar, Role::Secretary])])
}

#[test]
fn the_last_registrar_stays_one() {
    let refusal = alone().when(ANNA, ended(ANNA)).refused("last-registrar");
    assert_eq!(refusal.entries, [0]);
    assert_eq!(
        refusal.instead.as_deref(),
        Some("appoint another registrar who has a key first")
    );
    // Of two, one may go, and then the other stays.
    let given = Given::opened();
    let given = given.and(BEN, ended(ANNA));
    given.when(BEN, ended(BEN)).refused("last-registrar");
}

#[test]
fn a_registrar_without_a_key_is_none() {
    let other = json!({"role": "registrar"});
    let given = alone().enrolled(DAN).and(
        ANNA,
        say("RoleAppointed", &DAN.subject(), "registrar", other),
    );
    given.when(ANNA, ended(ANNA)).refused("last-registrar");
    let given = given.and(ANNA, enrolment(DAN, "registrar", None));
    given.when(ANNA, ended(ANNA)).accepted();
}

#[test]
fn another_role_of_the_last_registrar_may_end() {
    let fields = json!({"role": "secretary"});
    let secretary = say("RoleEnded", &ANNA.subject(), "registrar", fields);
    alone().when(ANNA, secretary).accepted();
}

#[test]
fn the_last_key_of_the_last_registrar_is_replaced_before_it_is_revoked() {
    let given = alone();
    let refusal = given
        .when(ANNA, revoked(ANNA, "compromised"))
        .refused("last-registrar");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("enrol a new key with SigningKeyEnrolled first, then revoke this one")
    );
    let anew = ANNA.with_key(9);
    let given = given.and(ANNA, enrolment(anew, "registrar", None));
    given.when(anew, revoked(ANNA, "compromised")).accepted();
    // With the old key too, in one sitting.
    given.when(ANNA, revoked(ANNA, "compromised")).accepted();

    // Where there is another registrar with a key, one may be left without.
    let given = Given::opened().and(ANNA, revoked(BEN, "lost"));
    given
        .when(ANNA, revoked(ANNA, "left"))
        .refused("last-registrar");
}
