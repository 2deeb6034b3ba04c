//! Ratings, metrics and risks.

use minutebook_events::{Event, RefusalKind};
use serde_json::{Value, json};

use crate::given::{ANNA, Given, id, say};

const M: &str = "milestone/m";

fn report(fields: Value) -> Event {
    let mut all = json!({"report": "st", "narrative": "On course."});
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    say("StatusReported", M, "secretary", all)
}

#[test]
fn a_rating_is_a_word_of_the_scale_last_declared() {
    let given = Given::opened().milestone(M, None);
    let amber = || report(json!({"rating": "Amber"}));
    given.when(ANNA, amber()).refused("rating-scale");
    for none in ["not-rated", "not-stated"] {
        given.when(ANNA, report(json!({"rating": none}))).accepted();
    }
    let scale = json!({"rating": "Green", "scale": ["Red", "Amber", "Green"]});
    let declared = given.size();
    let given = given.and(ANNA, report(scale)).and(ANNA, report(json!({})));
    given.when(ANNA, amber()).accepted();
    let refusal = given
        .when(ANNA, report(json!({"rating": "Blue"})))
        .refused("rating-scale");
    assert_eq!(refusal.entries, [declared]);
    assert_eq!(
        refusal.message,
        "rating \"Blue\" is not on the scale of milestone/m: Red, Amber, Green"
    );
    // Another scale may be declared, and holds from then on.
    let other = json!({"rating": "Blue", "scale": ["Blue", "White"]});
    let given = given.and(ANNA, report(other));
    given.when(ANNA, amber()).refused("rating-scale");
}

#[test]
fn a_year_is_rated_by_a_body_at_a_meeting_that_was_held() {
    let rating = |fields: Value| {
        let mut all = json!({"kind": "year-end", "rating": "Green", "meeting": "meeting/may",
            "scale": ["Red", "Green"], "rated_by": "the group"});
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        report(all)
    };
    let given = Given::opened().body("body/pdg").milestone(M, None);
    let called = say(
        "MeetingCalled",
        "meeting/may",
        "secretary",
        json!({"title": "May", "date": "14 May 2025"}),
    );
    let refusal = given
        .clone()
        .and(ANNA, called)
        .when(ANNA, rating(json!({})))
        .refused("year-end-rating");
    assert_eq!(
        refusal.instead.as_deref(),
        Some("record MeetingHeld first, or report it as in-year")
    );
    let of_none = given.clone().met("meeting/may", None, "14 May 2025");
    of_none
        .when(ANNA, rating(json!({})))
        .refused("year-end-rating");
    of_none
        .when(ANNA, rating(json!({"rating_body": "body/pdg"})))
        .accepted();
    given
        .met("meeting/may", Some("body/pdg"), "14 May 2025")
        .when(ANNA, rating(json!({})))
        .accepted();
}

fn metric(kind: &str, fields: Value) -> Event {
    say(kind, "metric/x", "secretary", fields)
}

#[test]
fn a_target_moves_from_the_target_there_is() {
    let defined = |fields: Value| {
        let mut all = json!({"title": "Waits"});
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        Given::opened().and(ANNA, metric("MetricDefined", all))
    };
    let revised = |from: Option<&str>| {
        let mut fields = json!({"to": "95%", "target_kind": "absolute"});
        if let Some(from) = from {
            fields["from"] = from.into();
        }
        metric("TargetRevised", fields)
    };
    let given = defined(json!({"target": "90%", "target_kind": "absolute"}));
    given.when(ANNA, revised(Some("90 per cent"))).accepted();
    let refusal = given
        .when(ANNA, revised(Some("80%")))
        .refused("metric-target-from");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::Conflict, vec![1])
    );
    assert_eq!(refusal.instead.as_deref(), Some("write 90% in from"));
    given
        .when(ANNA, revised(None))
        .refused("metric-target-from");
    let given = given.and(ANNA, revised(Some("90%")));
    given
        .when(ANNA, revised(Some("90%")))
        .refused("metric-target-from");

    let none = defined(json!({}));
    none.when(ANNA, revised(None)).accepted();
    none.when(ANNA, revised(Some("90%")))
        .refused("metric-target-from");
}

#[test]
fn a_baseline_is_replaced_by_a_decision() {
    let baseline = |decision: Option<&str>| {
        let mut fields = json!({"value": "62.8"});
        if let Some(decision) = decision {
            fields["decision"] = decision.into();
        }
        metric("BaselineAgreed", fields)
    };
    let made = json!({"title": "Baseline", "kind": "agreed", "meeting": "meeting/may"});
    let given = Given::opened()
        .met("meeting/may", None, "14 May 2025")
        .and(ANNA, say("DecisionMade", "decision/d", "secretary", made))
        .and(ANNA, metric("MetricDefined", json!({"title": "Waits"})))
        .and(ANNA, baseline(None));
    let refusal = given.when(ANNA, baseline(None)).refused("baseline-again");
    assert_eq!(refusal.entries, [given.size() - 1]);
    given.when(ANNA, baseline(Some("decision/d"))).accepted();
}

/// What a metric with this baseline, target and value has come to.
fn progress(defined: Value, baseline: Option<&str>, value: &str) -> Option<i64> {
    let mut all = json!({"title": "Waits"});
    all.as_object_mut()
        .unwrap()
        .extend(defined.as_object().unwrap().clone());
    let mut given = Given::opened().and(ANNA, metric("MetricDefined", all));
    if let Some(baseline) = baseline {
        given = given.and(ANNA, metric("BaselineAgreed", json!({"value": baseline})));
    }
    let given = given.and(ANNA, metric("MetricMeasured", json!({"value": value})));
    let metric = given.views.metrics.table.get(&id("metric/x")).unwrap();
    metric.progress()
}

#[test]
fn progress_is_counted_from_a_baseline_and_only_from_one() {
    let to = |target: &str, direction: &str| json!({"target": target, "target_kind": "absolute", "direction": direction});
    assert_eq!(progress(to("90%", "up"), None, "80%"), None);
    assert_eq!(progress(to("90%", "up"), Some("60%"), "75%"), Some(50));
    assert_eq!(progress(to("90%", "up"), Some("60%"), "89.9%"), Some(99));
    assert_eq!(progress(to("90%", "up"), Some("60%"), "90%"), Some(100));
    assert_eq!(progress(to("90%", "up"), Some("60%"), "54%"), Some(-20));
    assert_eq!(progress(to("9", "down"), Some("12"), "10.5"), Some(50));
    // Words, other units, no way, or the wrong way.
    assert_eq!(progress(to("every one", "up"), Some("60%"), "75%"), None);
    assert_eq!(progress(to("90%", "up"), Some("about half"), "75%"), None);
    assert_eq!(progress(to("90%", "up"), Some("60%"), "most"), None);
    let posts = json!({"as_written": "225 posts", "value": "225", "unit": "posts"});
    let posts = json!({"target": posts, "target_kind": "absolute", "direction": "up"});
    assert_eq!(progress(posts, Some("60%"), "75%"), None);
    assert_eq!(progress(to("90%", "up"), Some("90%"), "95%"), None);
    assert_eq!(progress(to("90%", "down"), Some("60%"), "75%"), None);
    assert_eq!(progress(to("90%", "improve"), Some("60%"), "75%"), None);
    assert_eq!(progress(json!({}), Some("60%"), "75%"), None);
}

#[test]
fn a_change_is_counted_as_its_basis_says() {
    let change = |target: &str, basis: Option<&str>, direction: &str| {
        let mut fields = json!({"target": target, "target_kind": "change",
            "direction": direction});
        if let Some(basis) = basis {
            fields["change_basis"] = basis.into();
        }
        fields
    };
    let relative = |target| change(target, Some("relative"), "down");
    assert_eq!(progress(relative("20%"), None, "45"), None);
    // From 50 down by a fifth is down to 40.
    assert_eq!(progress(relative("20%"), Some("50"), "45"), Some(50));
    let points = change("20%", Some("percentage-points"), "up");
    assert_eq!(progress(points, Some("50%"), "60%"), Some(50));
    // Twenty per cent of what is not said; twenty posts are said.
    assert_eq!(
        progress(change("20%", None, "down"), Some("50"), "45"),
        None
    );
    assert_eq!(
        progress(change("20", None, "down"), Some("50"), "45"),
        Some(25)
    );
    let zero = json!({"target": "0", "target_kind": "zero", "direction": "down"});
    assert_eq!(progress(zero.clone(), Some("8"), "2"), Some(75));
    assert_eq!(progress(zero, Some("0"), "0"), None);
}

#[test]
fn a_risk_is_rescored_from_its_score_until_it_is_closed() {
    let score = |likelihood: u8, impact: u8| json!({"likelihood": likelihood, "impact": impact});
    let risk = |kind: &str, fields: Value| say(kind, "risk/r", "secretary", fields);
    let raised = json!({"title": "Capacity", "score": score(3, 4)});
    let given = Given::opened().and(ANNA, risk("RiskRaised", raised));
    let rescored = |from: Value| risk("RiskRescored", json!({"from": from, "to": score(2, 4)}));
    given.when(ANNA, rescored(score(3, 4))).accepted();
    given.when(ANNA, rescored(Value::Null)).accepted();
    let refusal = given
        .when(ANNA, rescored(score(4, 4)))
        .refused("risk-score-from");
    assert_eq!(
        (refusal.kind, refusal.entries),
        (RefusalKind::Conflict, vec![1])
    );
    assert_eq!(
        refusal.instead.as_deref(),
        Some("write likelihood 3 times impact 4 in from")
    );
    let closed = || risk("RiskClosed", json!({"reason": "Recruited."}));
    let given = given.and(ANNA, closed());
    for event in [rescored(score(3, 4)), closed()] {
        assert_eq!(given.when(ANNA, event).refused("risk-closed").entries, [2]);
    }
}

#[test]
fn an_objective_is_given_up_once() {
    let aim = json!({"title": "Access", "level": "aim"});
    let withdrawn = || {
        say(
            "ObjectiveWithdrawn",
            "aim/a",
            "secretary",
            json!({"reason": "Met."}),
        )
    };
    let given = Given::opened()
        .and(ANNA, say("AimSet", "aim/a", "secretary", aim))
        .and(ANNA, withdrawn());
    let refusal = given.when(ANNA, withdrawn()).refused("objective-withdrawn");
    assert_eq!(refusal.entries, [2]);
}
