//! Who opens the ledger, who signs, in which role, and what is only imported.

use minutebook_events::{EventType, RefusalKind, Role};
use serde_json::json;

use crate::given::{ANNA, BEN, CARA, DAN, Given, enrolment, genesis, say};

fn strategy() -> minutebook_events::Event {
    say(
        "StrategyAdopted",
        "strategy/s",
        "secretary",
        json!({"title": "Five-year strategy"}),
    )
}

#[test]
fn the_first_entry_and_no_other_opens_the_ledger() {
    let event = || genesis(&[(ANNA, &[Role::Registrar])]);
    Given::default().when(ANNA, event()).accepted();
    Given::default()
        .when(ANNA, strategy())
        .refused("genesis-first");
    let refusal = Given::opened().when(ANNA, event()).refused("genesis-once");
    assert_eq!(refusal.entries, [0]);
}

#[test]
fn one_of_the_founding_officers_signs_with_the_key_it_names() {
    let given = Given::default();
    let event = || genesis(&[(ANNA, &[Role::Registrar]), (BEN, &[Role::Registrar])]);
    given.when(BEN, event()).accepted();
    given.when(CARA, event()).refused("genesis-officer");
    let refusal = given
        .when(ANNA.with_key(9), event())
        .refused("genesis-officer");
    assert_eq!(refusal.kind, RefusalKind::UnknownKey);
    let mut other = event();
    other.common.capacity.role = Role::Chair;
    given.when(ANNA, other).refused("genesis-officer");
    let mut entry = given.signed(ANNA, event());
    entry.claims.enrols = Some(DAN.key());
    given.when_entry(&entry).refused("genesis-officer");
}

#[test]
fn the_key_is_enrolled_for_the_signer() {
    let given = Given::opened();
    given.when(ANNA, strategy()).accepted();
    let refusal = given
        .when(ANNA.with_key(9), strategy())
        .refused("known-key");
    assert_eq!(refusal.kind, RefusalKind::UnknownKey);
    let mut entry = given.signed(ANNA, strategy());
    entry.claims.kid = CARA.key().kid();
    assert_eq!(given.when_entry(&entry).refused("known-key").entries, [0]);
}

#[test]
fn a_key_works_from_the_next_entry_until_it_ends() {
    let anew = ANNA.with_key(9);
    let given = Given::opened().and(ANNA, enrolment(anew, "registrar", Some(ANNA.key())));
    given.when(anew, strategy()).accepted();
    let refusal = given.when(ANNA, strategy()).refused("key-usable");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::RevokedKey, vec![1])
    );

    let revoked = json!({"kid": BEN.key().kid().to_string(), "cause": "lost", "reason": "Lost."});
    let given = Given::opened().and(
        ANNA,
        say("SigningKeyRevoked", &BEN.subject(), "registrar", revoked),
    );
    let hold = || json!({"title": "Inquiry", "ground": "inquiry", "reason": "Asked."});
    let event = say("HoldPlaced", "hold/h", "records-officer", hold());
    given.when(BEN, event).refused("key-usable");
    // The entry that enrols a key is not signed by it.
    let mut entry = given.signed(anew, strategy());
    entry.position = 0;
    given.when_entry(&entry).refused("genesis-first");
}

#[test]
fn the_signer_acts_in_a_role_that_the_event_needs() {
    let given = Given::opened();
    given.when(CARA, strategy()).accepted();
    let mut event = strategy();
    event.common.capacity.role = Role::Chair;
    let refusal = given.when(CARA, event).refused("role-needed");
    assert_eq!(refusal.kind, RefusalKind::NotAuthorised);
    assert_eq!(
        refusal.message,
        "StrategyAdopted needs the role secretary, not chair"
    );
}

#[test]
fn the_signer_holds_the_role_for_what_is_acted_for() {
    let given = Given::opened().body("body/pdg").body("body/board").person(
        DAN,
        "secretary",
        Some("body/pdg"),
    );
    let as_secretary = |of: &str| {
        let capacity = format!("secretary{of}");
        say(
            "StrategyAdopted",
            "strategy/s",
            &capacity,
            json!({"title": "Strategy"}),
        )
    };
    given.when(DAN, as_secretary(" body/pdg")).accepted();
    given
        .when(DAN, as_secretary(" body/board"))
        .refused("role-held");
    let refusal = given.when(DAN, as_secretary("")).refused("role-held");
    let advice = "act in a role that the signer holds: secretary for body/pdg";
    assert_eq!(refusal.instead.as_deref(), Some(advice));
    // A role held for the whole ledger covers every body.
    given.when(ANNA, as_secretary(" body/board")).accepted();

    let ended = json!({"role": "secretary", "of": "body/pdg"});
    let given = given.and(ANNA, say("RoleEnded", &DAN.subject(), "registrar", ended));
    let refusal = given
        .when(DAN, as_secretary(" body/pdg"))
        .refused("role-held");
    assert_eq!(refusal.entries, [given.size() - 1]);
}

#[test]
fn history_is_imported_by_a_registrar_or_secretary_and_once() {
    let given = Given::opened();
    let imported = |kind: &str, subject: &str, capacity: &str, record: &str, fields| {
        let mut event = say(kind, subject, capacity, fields);
        event.common.imported = true;
        event.common.source = serde_json::from_value(
            json!({"document": "Strategy", "section": "Aims", "record": record}),
        )
        .unwrap();
        event
    };
    let aim = |subject, record| {
        let fields = json!({"title": "Access", "level": "aim"});
        imported("AimSet", subject, "secretary", record, fields)
    };
    let given = given.and(ANNA, aim("aim/a-1", "s/a-1"));
    given.when(ANNA, aim("aim/a-2", "s/a-2")).accepted();
    let refusal = given
        .when(CARA, aim("aim/a-1", "s/a-1"))
        .refused("already-imported");
    assert_eq!(refusal.entries, [1]);

    let foreseen = |capacity| {
        imported(
            "DecisionForeseen",
            "decision/d",
            capacity,
            "s/d",
            json!({"title": "Model"}),
        )
    };
    given.when(CARA, foreseen("secretary")).accepted();
    given.when(CARA, foreseen("chair")).refused("imported-by");

    let mut key = enrolment(ANNA.with_key(9), "registrar", None);
    key.common.imported = true;
    key.common.source = aim("aim/a", "s/k").common.source;
    given.when(ANNA, key).refused("imported-type");
}

#[test]
fn one_record_may_appoint_someone_to_several_posts() {
    let posts = |title: &str| {
        let mut event = say(
            "RoleAppointed",
            "post/chair",
            "registrar",
            json!({"title": title}),
        );
        event.common.imported = true;
        event.common.source =
            serde_json::from_value(json!({"document": "Page", "record": "p/chair"})).unwrap();
        event
    };
    let given = Given::opened().and(ANNA, posts("Chair of the board"));
    given.when(ANNA, posts("Chair of the group")).accepted();
    given
        .when(ANNA, posts("Chair of the board"))
        .refused("already-imported");
}

#[test]
fn only_imported_totals_are_attested() {
    let given = Given::opened().organisation("organisation/partners");
    let fields = || {
        json!({"title": "Sign-up", "signed": 25, "signatories": ["organisation/partners"],
        "source": {"document": "Press release"}})
    };
    let mut event = say("SignOffAttested", "sign-off/so", "secretary", fields());
    given.when(ANNA, event.clone()).refused("attested-imported");
    event.common.imported = true;
    given.when(ANNA, event).accepted();
}

#[test]
fn imported_appointments_give_no_authority() {
    let mut event = say(
        "RoleAppointed",
        &DAN.subject(),
        "registrar",
        json!({"role": "chair"}),
    );
    event.common.imported = true;
    event.common.source = serde_json::from_value(json!({"document": "Page"})).unwrap();
    let given = Given::opened()
        .enrolled(DAN)
        .and(ANNA, enrolment(DAN, "registrar", None))
        .and(ANNA, event);
    let called = || {
        say(
            "MeetingCalled",
            "meeting/m",
            "chair",
            json!({"title": "May"}),
        )
    };
    given.when(DAN, called()).refused("role-held");
    // A real appointment may stand beside the imported one.
    let given = given.and(ANNA, crate::given::appointment(DAN, "chair", None));
    given.when(DAN, called()).accepted();
    assert_eq!(given.views.records.count(EventType::RoleAppointed), 2);
}
