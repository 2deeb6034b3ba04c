//! Strategies, aims, outcomes, objectives and commitments.

use minutebook_events::catalogue::plan::{AimSet, ObjectiveSet, StrategyAdopted};
use minutebook_events::{Event, Kind};

use super::{PLAN, Rec, infer_from, open};
use crate::import::seed;

const STRATEGY: &[Kind] = &[Kind::Strategy];
const AIM: &[Kind] = &[Kind::Aim];
const PARTIES: &[Kind] = &[Kind::Organisation, Kind::Body];

/// A strategy takes effect when it is launched, or else when it is published. Its horizon is what it
/// looks at, not when it was adopted.
pub(super) fn strategy(r: &Rec<'_>, s: seed::Strategy) -> Vec<Event> {
    let launched = r.date("launched", &s.launched);
    let published = r.date("published", &s.published);
    let payload = StrategyAdopted {
        title: s.title,
        kind: s.kind,
        owner: r.refer_to("owner", &s.owner, PARTIES),
        led_by: r.refer_to("led_by", &s.led_by, PARTIES),
        parent: r.refer_to("parent", &s.parent, PLAN),
        horizon: r.date("horizon", &s.horizon),
        duration: s.duration,
        elapsed: s.elapsed_at_speech,
        launched: launched.clone(),
        published: published.clone(),
        purpose: s.purpose,
        vision: s.vision,
        covers: s.covers_text,
        focus: s.focus,
        status: s.status,
        document: None,
        decision: None,
    };
    let ownerless = payload.owner.is_none() && payload.led_by.is_none() && payload.parent.is_none();
    vec![r.event(payload, |common| {
        common.effective = launched.or(published);
        open(common, "owner", ownerless);
    })]
}

pub(super) fn aim(r: &Rec<'_>, a: seed::Aim) -> Vec<Event> {
    let payload = AimSet {
        title: a.title,
        text: None,
        level: a.level,
        strategy: r.refer_to("strategy", &a.strategy, STRATEGY),
        parent: r.refer_to("parent", &a.parent, PLAN),
        due: r.date("due", &a.due),
        owner: None,
    };
    vec![r.event(payload, |_| {})]
}

/// An objective with nothing but its title; the level is the section's own word.
fn objective_set(title: String, level: &str) -> ObjectiveSet {
    ObjectiveSet {
        title,
        text: None,
        level: level.into(),
        kind: None,
        strategy: None,
        aim: None,
        parent: None,
        body: None,
        period: None,
        due: None,
        owner: None,
        intent: None,
        state: None,
    }
}

pub(super) fn outcome(r: &Rec<'_>, o: seed::Outcome) -> Vec<Event> {
    let payload = ObjectiveSet {
        parent: r.refer_to("parent", &o.parent, PLAN),
        due: r.date("due", &o.due),
        ..objective_set(o.title, "outcome")
    };
    vec![r.event(payload, |_| {})]
}

pub(super) fn objective(r: &Rec<'_>, o: seed::Objective) -> Vec<Event> {
    let period = r.date("period", &o.period);
    let payload = ObjectiveSet {
        kind: o.kind,
        strategy: r.refer_to("strategy", &o.strategy, STRATEGY),
        aim: r.refer_to("aim", &o.aim, AIM),
        body: r.refer_to("body", &o.body, PARTIES),
        period: period.clone(),
        ..objective_set(o.title, "objective")
    };
    vec![r.event(payload, |common| {
        infer_from(common, period.as_ref());
        open(common, "period", period.is_none());
        common.effective = period;
    })]
}

pub(super) fn commitment(r: &Rec<'_>, c: seed::Commitment) -> Vec<Event> {
    let payload = ObjectiveSet {
        kind: c.kind,
        strategy: r.refer_to("strategy", &c.strategy, STRATEGY),
        aim: r.refer_to("aim", &c.aim, AIM),
        parent: r.refer_to("parent", &c.parent, PLAN),
        due: r.date("due", &c.due),
        ..objective_set(c.title, "commitment")
    };
    vec![r.event(payload, |_| {})]
}
