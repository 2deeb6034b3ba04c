//! What something is linked to is found by what the views keep of it, and is what a look at
//! everything finds.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;

use jiff::civil::date;
use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Confidentiality, Content, Event, Judge as _, Kind, Recorded, SubjectId};
use minutebook_projections::stated::At;
use minutebook_projections::table::Table;
use minutebook_projections::{AsOf, Views};
use minutebook_reports::detail::detail;
use minutebook_reports::{Context, Register};
use proptest::prelude::*;
use serde_json::Value;

/// The event with one of two names wherever it names something but a person.
fn among_few(event: EventType, mut names: u64, private: bool) -> Event {
    fn rename(value: &mut Value, names: &mut u64) {
        match value {
            Value::String(text) => {
                let kind = text.parse::<SubjectId>().map(|id| id.kind());
                if let Ok(kind) = kind
                    && kind != Kind::Person
                {
                    *text = format!("{}/n{}", kind.name(), *names % 2);
                    *names /= 2;
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| rename(value, names)),
            Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, names)),
            _ => {}
        }
    }
    let mut json = example(event).to_json();
    json["meeting"] = "meeting/n0".into();
    rename(&mut json, &mut names);
    let mut event = Event::from_json(json).unwrap_or_else(|_| example(event));
    if private {
        event.common.confidentiality = Confidentiality::Part2;
    }
    event
}

fn any_linked() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let linking = vec![
        EventType::DecisionForeseen,
        EventType::DecisionMade,
        EventType::DecisionSuperseded,
        EventType::ActionAssigned,
        EventType::MilestoneSet,
        EventType::MilestoneSlipped,
        EventType::MilestoneBroughtForward,
        EventType::MilestoneDateRestated,
        EventType::MilestoneReopened,
        EventType::EvaluationReported,
        EventType::RiskRaised,
        EventType::AimSet,
        EventType::StrategyAdopted,
        EventType::AgreementMade,
        EventType::SignOffRequested,
        EventType::SignOffAttested,
        EventType::MeetingCalled,
        EventType::MinutesDrafted,
        EventType::MinutesApproved,
    ];
    let one = (
        proptest::sample::select(linking),
        any::<u64>(),
        proptest::bool::weighted(0.2),
    );
    proptest::collection::vec(one, 0..80).prop_map(|all| {
        let events = all.into_iter().enumerate();
        let events = events.map(|(position, (event, names, private))| {
            any::entry(position as u64, among_few(event, names, private))
        });
        events.collect()
    })
}

fn all<T>(as_of: AsOf<'_>, table: &Table<T>, is_so: impl Fn(&T) -> bool) -> Vec<String> {
    let found = as_of.all(table).filter(|(_, one)| is_so(one));
    found.map(|(id, _)| id.to_string()).collect()
}

/// Some of the links of something, by a look at everything.
fn looked_up(as_of: AsOf<'_>, id: &SubjectId) -> Vec<(&'static str, Vec<String>)> {
    let views = as_of.views;
    let made_in = |at: At| {
        let entry = as_of.entry(at);
        entry.is_some_and(|(_, said)| said.meeting.as_deref() == Some(id))
    };
    let is_it = |one: Option<&SubjectId>| one == Some(id);
    match id.kind() {
        Kind::Decision => vec![
            (
                "Actions that follow from it",
                all(as_of, &views.actions, |one| {
                    is_it(one.assigned.decision.as_ref())
                }),
            ),
            (
                "Milestones whose dates it agreed",
                all(as_of, &views.milestones, |one| {
                    let mut changes = one.changes.iter();
                    changes.any(|change| is_it(change.agreed_by.as_deref()))
                }),
            ),
            (
                "Decisions whose place it took",
                all(as_of, &views.decisions, |one| {
                    is_it(one.superseded.as_ref().map(|one| &one.superseded_by))
                }),
            ),
            (
                "Evaluations that inform it",
                all(as_of, &views.evaluations, |one| {
                    let reported = one.reported.as_ref();
                    reported.is_some_and(|one| one.informs.contains(id))
                }),
            ),
        ],
        Kind::Meeting => vec![
            (
                "Decisions made in it",
                all(as_of, &views.decisions, |one| {
                    one.made.as_ref().is_some_and(|made| made_in(made.at))
                }),
            ),
            (
                "Actions given in it",
                all(as_of, &views.actions, |one| made_in(one.assigned.at)),
            ),
            (
                "Minutes that it approved",
                all(as_of, &views.minutes.table, |one| {
                    one.approved.as_ref().is_some_and(|one| made_in(one.at))
                }),
            ),
        ],
        Kind::Strategy | Kind::Aim | Kind::Milestone => vec![
            (
                "Decisions about it",
                all(as_of, &views.decisions, |one| {
                    let (made, foreseen) = (one.made.as_ref(), one.foreseen.as_ref());
                    made.is_some_and(|one| {
                        is_it(one.parent.as_ref()) || is_it(one.strategy.as_ref())
                    }) || foreseen.is_some_and(|one| {
                        is_it(one.parent.as_ref()) || is_it(one.strategy.as_ref())
                    })
                }),
            ),
            (
                "Risks to it",
                all(as_of, &views.risks.table, |one| {
                    is_it(one.raised.objective.as_ref())
                }),
            ),
        ],
        Kind::Agreement => vec![(
            "Sign-offs",
            all(as_of, &views.signoffs, |one| is_it(one.agreement())),
        )],
        _ => Vec::new(),
    }
}

/// Compares; gives how many links there were.
fn compare(entries: &[Recorded<Content>], reader: Confidentiality, ticks: u64) -> usize {
    let mut views = Views::default();
    entries.iter().for_each(|entry| views.apply(entry));
    let context = Context {
        ledger: "l",
        origin: "board.example/l",
        as_of: views.as_of(ticks, reader),
        entries: views.entries.ticks(),
        root: "00",
        recorded_at: None,
        effective_at: None,
        question: "minutebook …",
        names: &|_| None,
    };
    let kinds = [
        Kind::Decision,
        Kind::Meeting,
        Kind::Strategy,
        Kind::Aim,
        Kind::Milestone,
        Kind::Agreement,
    ];
    let mut count = 0;
    for (kind, name) in kinds
        .into_iter()
        .flat_map(|kind| [(kind, "n0"), (kind, "n1")])
    {
        let id = SubjectId::new(kind, name).unwrap();
        let register = Register::of(kind).unwrap();
        let Some(paper) = detail(&context, register, date(2026, 1, 1), &id, None) else {
            continue;
        };
        let links = paper.data["links"].as_array().unwrap();
        for (what, ids) in looked_up(context.as_of, &id) {
            let found = links.iter().find(|link| link["what"] == what);
            let found: Vec<&str> = found
                .into_iter()
                .flat_map(|link| link["ids"].as_array().unwrap())
                .map(|id| id.as_str().unwrap())
                .collect();
            assert_eq!(found, ids, "{what}: {id}");
            count += ids.len();
        }
    }
    count
}

#[test]
fn links_are_what_a_look_at_everything_finds() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(64));
    let count = std::cell::Cell::new(0);
    let checked = runner.run(&(any_linked(), 0..80u64), |(entries, ticks)| {
        for reader in [
            Confidentiality::Public,
            Confidentiality::Part2,
            Confidentiality::Restricted,
        ] {
            let found = compare(&entries, reader, u64::MAX) + compare(&entries, reader, ticks);
            count.set(count.get() + found);
        }
        Ok(())
    });
    checked.unwrap();
    assert!(count.get() > 1000, "only {} links", count.get());
}
