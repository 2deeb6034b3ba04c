//! How long an entry takes to be judged and folded, in a ledger that is in use.
//!
//! A writer shows its views after every batch, so that the maps are shared and the first entries of
//! the next batch pay for copying what they touch. The bench does the same every 256 entries.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use divan::{Bencher, black_box, counter::ItemsCount};
use minutebook_events::{Content, Event, Judge, Recorded};
use minutebook_projections::Views;
use serde_json::json;

#[allow(dead_code)]
#[path = "../tests/judge/given.rs"]
mod given;

use given::{ANNA, BEN, Given, say};

fn main() {
    divan::main();
}

const MILESTONES: u64 = 10_000;
const RUN: u64 = 4_096;
const BATCH: usize = 256;

/// A meeting at which decisions are made.
const MAY: &str = "meeting/may";

/// A ledger with a strategy and many milestones, and a meeting at which two members were present.
fn ledger() -> Given {
    let title = json!({"title": "Five-year strategy"});
    let mut given = Given::opened().and(
        ANNA,
        say("StrategyAdopted", "strategy/s", "secretary", title),
    );
    let group = json!({"name": "Group", "quorum": {"at_least": 2}});
    let called = json!({"title": "May", "body": "body/group", "date": "14 May 2025"});
    let voting = |who: given::Who| json!({"person": who.id().to_string(), "voting": true});
    let held = json!({"present": [voting(ANNA), voting(BEN)]});
    given = given
        .and(
            ANNA,
            say("BodyEstablished", "body/group", "registrar", group),
        )
        .and(ANNA, say("MeetingCalled", MAY, "secretary", called))
        .and(ANNA, say("MeetingHeld", MAY, "secretary", held));
    for n in 0..MILESTONES {
        let fields =
            json!({"title": format!("Deliverable {n}"), "parent": "strategy/s", "due": "24/25"});
        given = given.and(
            ANNA,
            say(
                "MilestoneSet",
                &format!("milestone/m-{n}"),
                "secretary",
                fields,
            ),
        );
    }
    given
}

/// Many events of one sort, ready to enter in a row.
fn run(given: &Given, event: impl Fn(u64) -> Event) -> Vec<(Recorded<Event>, Recorded<Content>)> {
    let mut entries = Vec::new();
    for n in 0..RUN {
        let mut entry = given.signed(ANNA, event(n));
        entry.position += n;
        entries.push((entry.clone(), entry.into_content()));
    }
    entries
}

fn enter(bencher: Bencher, event: impl Fn(u64) -> Event) {
    let given = ledger();
    let entries = run(&given, event);
    bencher
        .counter(ItemsCount::new(RUN))
        .with_inputs(|| given.views.clone())
        .bench_values(|mut views: Views| {
            let mut shown = views.clone();
            for (index, (candidate, recorded)) in entries.iter().enumerate() {
                views.admit(black_box(candidate)).unwrap();
                views.apply(recorded);
                if index % BATCH == 0 {
                    shown = views.clone();
                }
            }
            (views, shown)
        });
}

#[divan::bench]
fn status_report(bencher: Bencher) {
    enter(bencher, |n| {
        let fields = json!({"report": format!("st-{n}"), "narrative": "Recruitment is on course."});
        say(
            "StatusReported",
            &format!("milestone/m-{}", n * 7 % MILESTONES),
            "secretary",
            fields,
        )
    });
}

#[divan::bench]
fn slip(bencher: Bencher) {
    enter(bencher, |n| {
        let fields = json!({"from": "24/25", "to": "25/26", "standing": "reported",
            "reason": "System-wide capacity constraints."});
        say(
            "MilestoneSlipped",
            &format!("milestone/m-{}", n * 2),
            "secretary",
            fields,
        )
    });
}

#[divan::bench]
fn new_milestone(bencher: Bencher) {
    enter(bencher, |n| {
        let fields = json!({"title": "Crisis line", "parent": "strategy/s", "due": "25/26"});
        say(
            "MilestoneSet",
            &format!("milestone/n-{n}"),
            "secretary",
            fields,
        )
    });
}

#[divan::bench]
fn decision(bencher: Bencher) {
    enter(bencher, |n| {
        let fields = json!({"title": "The plan", "kind": "agreed", "meeting": MAY, "minute": "7"});
        say(
            "DecisionMade",
            &format!("decision/d-{n}"),
            "secretary",
            fields,
        )
    });
}

#[divan::bench]
fn save_and_load(bencher: Bencher) {
    let given = ledger();
    let entries = run(&given, |n| {
        let fields = json!({"report": format!("st-{n}"), "narrative": "On course."});
        say(
            "StatusReported",
            &format!("milestone/m-{n}"),
            "secretary",
            fields,
        )
    });
    let mut views = given.views.clone();
    entries
        .iter()
        .for_each(|(_, recorded)| views.apply(recorded));
    bencher.bench(|| Views::load(black_box(&views).save().into()));
}
