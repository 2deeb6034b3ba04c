//! What the views keep so that a look is quick says what a look at everything would say.

use minutebook_events::{
    Confidentiality, Content, Digest, Event, EventType, Judge as _, Kind, Recorded,
};
use minutebook_projections::changes::last_meeting;
use minutebook_projections::{AsOf, Views};
use proptest::prelude::*;
use serde_json::Value;

use crate::folds::{anything, fold};

/// The same event, naming one of a few things wherever it names something, and made in one of a few
/// meetings. `names` says which.
fn among_few(event: &Event, mut names: u64) -> Event {
    let mut json = event.to_json();
    let fields = json.as_object_mut().unwrap();
    for (field, value) in fields.iter_mut() {
        let kind = value.as_str().and_then(|text| text.split_once('/'));
        let kind = kind.and_then(|(kind, _)| Kind::ALL.iter().find(|one| one.name() == kind));
        if let Some(kind) = kind.filter(|kind| field != "subject" && **kind != Kind::Person) {
            *value = format!("{}/n{}", kind.name(), names % 3).into();
            names /= 3;
        }
    }
    match names % 4 {
        0 => fields.remove("meeting"),
        name => fields.insert(
            "meeting".into(),
            Value::from(format!("meeting/n{}", name - 1)),
        ),
    };
    Event::from_json(json).unwrap_or_else(|_| event.clone())
}

/// Any history, in which a few digests return: of contents, and of what is erased.
fn any_history() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let one = (anything(), any::<u64>(), 0..6u8);
    proptest::collection::vec(one, 0..60).prop_map(|entries| {
        let entries = entries.into_iter().map(|(mut entry, names, digest)| {
            entry.claims.digest = Digest::of(&[digest]);
            if let Content::Event(event) = &entry.body {
                let mut event = among_few(event, names);
                if event.event_type() == EventType::ContentErased {
                    let mut json = event.to_json();
                    json["digest"] = Digest::of(&[digest + 1]).to_string().into();
                    event = Event::from_json(json).unwrap_or(event);
                }
                entry.body = Content::Event(Box::new(event));
            }
            entry
        });
        entries.collect()
    })
}

/// How many entries of a run are private to others, by a look at each.
fn private(as_of: AsOf<'_>, ticks: std::ops::Range<u64>) -> u64 {
    let views = as_of.views;
    let known =
        (ticks.start..ticks.end.min(as_of.ticks())).filter_map(|tick| views.entries.get(tick));
    let private = known.filter(|entry| match &entry.said {
        Some(said) => said.confidentiality > as_of.reader(),
        None => views.records.erased_by(&entry.digest).is_none(),
    });
    private.count() as u64
}

fn check(views: &Views, ticks: u64, run: std::ops::Range<u64>) {
    for reader in [
        Confidentiality::Public,
        Confidentiality::Part2,
        Confidentiality::Restricted,
    ] {
        let as_of = views.as_of(ticks, reader);
        for run in [0..u64::MAX, run.clone()] {
            assert_eq!(as_of.private(run.clone()), private(as_of, run));
        }
        for n in 0..3 {
            let meeting = format!("meeting/n{n}").parse().unwrap();
            let made_in = views.entries.made_in(&meeting, as_of.moment);
            let made_in: Vec<u64> = made_in.map(|(tick, _, _)| tick).collect();
            let all = as_of.entries(0..u64::MAX);
            let all = all.filter(|(_, _, said)| said.meeting.as_deref() == Some(&meeting));
            assert_eq!(made_in, all.map(|(tick, _, _)| tick).collect::<Vec<_>>());

            let body = format!("body/n{n}").parse().unwrap();
            let held = as_of.all(&views.meetings).filter_map(|(id, meeting)| {
                meeting.held.as_ref()?;
                let day = meeting.date()?.end()?;
                (meeting.body() == Some(&body)).then_some((day, meeting.called.at, id))
            });
            let newest = held.max_by_key(|(day, at, _)| (*day, *at));
            let newest = newest.map(|(_, _, id)| id);
            assert_eq!(last_meeting(as_of, Some(&body), None), newest);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_index_says_what_a_look_at_everything_says(
        entries in any_history(),
        cut in 0usize..60,
        ticks in 0u64..70,
        start in 0u64..70,
        len in 0u64..70,
    ) {
        let (first, rest) = entries.split_at(cut.min(entries.len()));
        let mut views = Views::default();
        fold(&mut views, first);
        views = Views::load(views.save().into()).unwrap();
        fold(&mut views, rest);
        check(&views, ticks, start..start + len);
        check(&views, u64::MAX, start..start + len);
    }
}
