//! One entry, to each reader: what it says where it may be read, and nothing of it where not.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod any;
mod closed;

use any::{SECRET, any_history};
use closed::closed;
use jiff::civil::date;
use minutebook_events::catalogue::{ContentErased, CorrectionRecorded, EventType, example};
use minutebook_events::{
    Confidentiality, Content, Digest, Judge as _, Kind, Payload, Recorded, SubjectId,
};
use minutebook_projections::Views;
use minutebook_reports::entry::{Entry, Filter, Held, Stored};
use proptest::prelude::*;
use serde_json::Value;

use Confidentiality::{Part2, Public, Restricted};

fn shown(views: &Views, reader: Confidentiality, entry: &Recorded<Content>) -> Entry {
    let sealed = [(Digest([7; 32]), Held::Erased)];
    let stored = Stored {
        position: entry.position,
        recorded_at: entry.recorded_at,
        origin: "board.example/l",
        claims: &entry.claims,
        signature: &[1; 64],
        size_bytes: 300,
        leaf_hash: [2; 32],
        content: &entry.body,
        sealed: &sealed,
    };
    Entry::new(views.now(reader), &stored, &|_| None)
}

fn folded(entries: &[Recorded<Content>]) -> Views {
    let mut views = Views::default();
    entries.iter().for_each(|entry| views.apply(entry));
    views
}

/// A history of the examples of these types, one after the other.
fn history(events: &[(EventType, Confidentiality)]) -> Vec<Recorded<Content>> {
    let entries = events.iter().enumerate();
    entries
        .map(|(position, (event, level))| {
            let mut event = example(*event);
            event.common.confidentiality = *level;
            any::entry(position as u64, event)
        })
        .collect()
}

#[test]
fn every_entry_is_valid_under_its_schema_and_keeps_what_is_private() {
    let schema = closed(|generator| generator.subschema_for::<Entry>());
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(24));
    let checked = runner.run(&any_history(), |entries| {
        let views = folded(&entries);
        for entry in &entries {
            let Content::Event(event) = &entry.body else {
                unreachable!("every entry of these histories has its content");
            };
            for reader in [Public, Part2, Restricted] {
                let json = serde_json::to_value(shown(&views, reader, entry)).unwrap();
                let wrong = schema.iter_errors(&json).next();
                prop_assert!(
                    wrong.is_none(),
                    "{:?} {:#}",
                    wrong.map(|e| e.to_string()),
                    json
                );
                if event.common.confidentiality <= reader {
                    prop_assert_eq!(&json["event"], &event.to_json());
                    continue;
                }
                prop_assert!(!json.to_string().contains(SECRET), "{:#}", json);
                let told: Vec<&String> = json
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(_, value)| !value.is_null() && **value != Value::Array(vec![]))
                    .map(|(name, _)| name)
                    .collect();
                prop_assert_eq!(
                    told,
                    [
                        "entry",
                        "recorded_at",
                        "signer",
                        "statement",
                        "leaf_hash",
                        "signature",
                        "content"
                    ]
                );
            }
        }
        Ok(())
    });
    checked.unwrap();
}

#[test]
fn an_entry_that_may_not_be_read_is_as_one_that_is_not_here() {
    let mut entries = history(&[(EventType::DecisionMade, Restricted)]);
    let private = shown(&folded(&entries), Public, &entries[0]);
    entries[0].body = Content::Withheld;
    let absent = shown(&folded(&entries), Public, &entries[0]);
    assert_eq!(private, absent);
    assert_eq!(private.content, Held::Withheld);
}

#[test]
fn only_corrections_that_may_be_read_are_named() {
    let mut entries = history(&[(EventType::DecisionMade, Public)]);
    for (position, level) in [(1, Public), (2, Restricted)] {
        let mut event = example(EventType::CorrectionRecorded);
        let Payload::CorrectionRecorded(fields) = &event.payload else {
            unreachable!("the example is of its type");
        };
        let fields = CorrectionRecorded {
            entry: 0,
            ..(**fields).clone()
        };
        event.payload = fields.into();
        event.common.confidentiality = level;
        entries.push(any::entry(position, event));
    }
    let views = folded(&entries);
    assert_eq!(shown(&views, Public, &entries[0]).corrected_by, [1]);
    assert_eq!(shown(&views, Restricted, &entries[0]).corrected_by, [1, 2]);
}

#[test]
fn an_erased_entry_says_what_erased_it() {
    let mut entries = history(&[(EventType::DecisionMade, Public)]);
    entries[0].body = Content::Erased;
    let mut event = example(EventType::ContentErased);
    let Payload::ContentErased(fields) = &event.payload else {
        unreachable!("the example is of its type");
    };
    let digest = entries[0].claims.digest;
    event.payload = ContentErased {
        digest,
        ..(**fields).clone()
    }
    .into();
    event.common.subject = SubjectId::new(Kind::Record, "0").unwrap();
    entries.push(any::entry(1, event));
    let one = shown(&folded(&entries), Public, &entries[0]);
    assert_eq!((one.content, one.event), (Held::Erased, None));
    assert!(one.sealed.is_empty(), "nobody can say for whom they were");
    let by = one.erased_by.unwrap();
    assert_eq!(by.entry, 1);
    assert!(by.basis.is_some());
}

#[test]
fn a_list_finds_private_entries_by_signer_and_time_alone() {
    let entries = history(&[
        (EventType::DecisionMade, Public),
        (EventType::DecisionMade, Part2),
    ]);
    let views = folded(&entries);
    let found = |reader, filter: Filter| -> Vec<u64> {
        let all = (0..2).filter_map(|at| views.entries.get(at));
        let found = all.filter(|entry| filter.matches(views.now(reader), entry));
        found.map(|entry| entry.position).collect()
    };
    let recorded = minutebook_projections::effective::day_of(entries[0].recorded_at).unwrap();
    let signer = Filter {
        signer: Some(entries[0].claims.signer.clone()),
        from: Some(recorded),
        to: Some(recorded),
        ..Filter::default()
    };
    assert_eq!(found(Public, signer.clone()), [0, 1]);
    let later = Filter {
        from: Some(recorded.tomorrow().unwrap()),
        ..signer
    };
    assert!(found(Public, later).is_empty());
    let before = Filter {
        to: Some(date(1999, 1, 1)),
        ..Filter::default()
    };
    assert!(found(Public, before).is_empty());
    let subject = example(EventType::DecisionMade).common.subject;
    for filter in [
        Filter {
            event: Some(EventType::DecisionMade),
            ..Filter::default()
        },
        Filter {
            subject: Some(subject),
            ..Filter::default()
        },
    ] {
        assert_eq!(found(Public, filter.clone()), [0]);
        assert_eq!(found(Part2, filter), [0, 1]);
    }
}
