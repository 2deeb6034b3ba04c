//! What is spoken of is there, once.

use minutebook_events::{Event, RefusalKind};
use serde_json::json;

use crate::given::{ANNA, CARA, Given, id, say};

fn aim(subject: &str, fields: serde_json::Value) -> Event {
    let mut all = json!({"title": "More equitable access", "level": "ambition"});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    say("AimSet", subject, "secretary", all)
}

#[test]
fn an_id_is_given_once() {
    let given = Given::opened().milestone("milestone/m-1", None);
    let event = |subject| {
        say(
            "MilestoneSet",
            subject,
            "secretary",
            json!({"title": "Crisis line"}),
        )
    };
    given.when(ANNA, event("milestone/m-2")).accepted();
    let refusal = given
        .when(ANNA, event("milestone/m-1"))
        .refused("already-exists");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::RuleBroken, vec![1])
    );
    let refusal = given
        .when_seen(CARA, 1, event("milestone/m-1"))
        .refused("already-exists");
    assert_eq!(refusal.kind, RefusalKind::Conflict);
}

#[test]
fn what_changes_is_there() {
    let given = Given::opened().milestone("milestone/m-1", Some("25/26"));
    let done = |subject| say("MilestoneCompleted", subject, "secretary", json!({}));
    given.when(ANNA, done("milestone/m-1")).accepted();
    let refusal = given
        .when(ANNA, done("milestone/m-2"))
        .refused("subject-exists");
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert!(refusal.message.contains("milestone/m-2"));

    let status = |subject| {
        say(
            "StatusReported",
            subject,
            "secretary",
            json!({"report": "st", "narrative": "On course."}),
        )
    };
    given.when(ANNA, status("milestone/m-1")).accepted();
    given
        .when(ANNA, status("objective/o-9"))
        .refused("subject-exists");
}

#[test]
fn what_is_named_is_there_and_of_a_sensible_kind() {
    let given = Given::opened()
        .body("body/pdg")
        .and(ANNA, aim("aim/theme", json!({})));
    given
        .when(ANNA, aim("aim/a", json!({"parent": "aim/theme"})))
        .accepted();
    let refusal = given
        .when(ANNA, aim("aim/a", json!({"parent": "aim/other"})))
        .refused("reference-exists");
    assert_eq!(refusal.kind, RefusalKind::NotFound);
    assert_eq!(
        refusal.message,
        "parent of AimSet names aim/other, which is not in the record"
    );
    let refusal = given
        .when(ANNA, aim("aim/a", json!({"parent": "body/pdg"})))
        .refused("reference-kind");
    assert_eq!(
        refusal.message,
        "parent names body/pdg; it should name a thing of kind aim"
    );

    // Fields that every event may carry.
    given
        .when(ANNA, aim("aim/a", json!({"meeting": "meeting/may"})))
        .refused("reference-exists");
    let mut event = aim("aim/a", json!({}));
    event.common.capacity.of = Some(id("body/none"));
    given.when(ANNA, event.clone()).refused("reference-exists");
    event.common.capacity.of = Some(id("body/pdg"));
    given.when(ANNA, event).accepted();
}

#[test]
fn people_are_named_by_id_and_lists_name_each() {
    let given = Given::opened().organisation("organisation/a");
    let milestone = |lead: &str| {
        say(
            "MilestoneSet",
            "milestone/m",
            "secretary",
            json!({"title": "Crisis line", "lead": lead}),
        )
    };
    given
        .when(ANNA, milestone(&CARA.id().to_string()))
        .accepted();
    given
        .when(ANNA, milestone(&"ab".repeat(8)))
        .refused("reference-exists");
    let request = |organisations: &[&str]| {
        let signatories: Vec<_> = organisations
            .iter()
            .map(|o| json!({"organisation": o}))
            .collect();
        say(
            "SignOffRequested",
            "sign-off/so",
            "secretary",
            json!({"title": "Memorandum",
            "text": "11".repeat(32), "rule": "each-organisation-once", "signatories": signatories,
            "agreement": "agreement/to-come"}),
        )
    };
    given.when(ANNA, request(&["organisation/a"])).accepted();
    given
        .when(ANNA, request(&["organisation/a", "organisation/b"]))
        .refused("reference-exists");
}

#[test]
fn a_metric_measures_what_is_there() {
    let given = Given::opened().milestone("milestone/m", None);
    let metric = |milestone| {
        say(
            "MetricDefined",
            "metric/x",
            "secretary",
            json!({"title": "Waits", "milestone": milestone}),
        )
    };
    given.when(ANNA, metric("milestone/m")).accepted();
    given
        .when(ANNA, metric("milestone/n"))
        .refused("reference-exists");
    let measured = || {
        say(
            "MetricMeasured",
            "metric/x",
            "secretary",
            json!({"value": "62.8"}),
        )
    };
    given.when(ANNA, measured()).refused("subject-exists");
    given
        .and(ANNA, metric("milestone/m"))
        .when(ANNA, measured())
        .accepted();
}

#[test]
fn a_decision_may_be_foreseen_and_is_made_once() {
    let foreseen = || {
        say(
            "DecisionForeseen",
            "decision/d",
            "secretary",
            json!({"title": "Model"}),
        )
    };
    let made = || {
        say(
            "DecisionMade",
            "decision/d",
            "secretary",
            json!({"title": "Model", "kind": "agreed", "meeting": "meeting/may"}),
        )
    };
    let met = || Given::opened().met("meeting/may", None, "14 May 2025");
    let given = met().and(ANNA, foreseen());
    given.when(ANNA, foreseen()).refused("already-exists");
    let given = given.and(ANNA, made());
    assert_eq!(
        given.when(ANNA, made()).refused("already-exists").entries,
        [4]
    );
    given.when(ANNA, foreseen()).refused("already-exists");
    met().when(ANNA, made()).accepted();
}

#[test]
fn a_correction_names_an_entry_that_is_there() {
    let given = Given::opened().milestone("milestone/m", None);
    let correction = |entry: u64| {
        let fields = json!({"entry": entry, "field": "title", "value": "Crisis lines", "reason": "Misread."});
        say("CorrectionRecorded", "milestone/m", "secretary", fields)
    };
    given.when(ANNA, correction(1)).accepted();
    given.when(ANNA, correction(2)).refused("subject-exists");
}
