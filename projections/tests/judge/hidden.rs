//! Search, whatever the record holds: nothing of what a reader may not read is in an answer.

use std::collections::BTreeSet;

use minutebook_events::catalogue::example;
use minutebook_events::{Content, Event, EventType, Recorded, SubjectId};
use minutebook_projections::search::Query;
use proptest::prelude::*;

use crate::given::{ANNA, Given};
use crate::search::{PART_2, PUBLIC, RESTRICTED, Record, marked};

/// Any event that anyone may read, or not everyone: its remark and its titles and narratives hold a
/// word that stands in no event of another sort.
fn anything() -> impl Strategy<Value = Recorded<Content>> {
    let event = 0..EventType::ALL.len();
    (event, 0..8u8, 0..3usize, 0..10u8).prop_map(|(event, name, level, gone)| {
        let mut event = example(EventType::ALL[event]);
        if name < 3 {
            let kind = event.common.subject.kind();
            event.common.subject = SubjectId::new(kind, &format!("n{name}")).unwrap();
        }
        let (level, word) = [
            (PUBLIC, "openword"),
            (PART_2, "partword"),
            (RESTRICTED, "hushword"),
        ][level];
        event = worded(event, word);
        event.common.note = Some(word.into());
        event.common.confidentiality = level;
        let mut entry = Given::default().signed(ANNA, event).into_content();
        match gone {
            0 => entry.body = Content::Withheld,
            1 => entry.body = Content::Erased,
            _ => {}
        }
        entry
    })
}

/// The event with a word at the end of its texts.
fn worded(event: Event, word: &str) -> Event {
    let mut json = event.to_json();
    for field in [
        "title",
        "name",
        "narrative",
        "changes",
        "findings",
        "you_said",
    ] {
        if let Some(text) = json[field].as_str() {
            json[field] = format!("{text} {word}").into();
        } else {
            json.as_object_mut().unwrap().remove(field);
        }
    }
    Event::from_json(json).unwrap_or(event)
}

fn in_order(mut entries: Vec<Recorded<Content>>) -> Vec<Recorded<Content>> {
    for (position, entry) in (0..).zip(&mut entries) {
        entry.position = position;
        entry.claims.digest = minutebook_events::Digest::of(&position.to_be_bytes());
    }
    entries
}

/// The list of documents keeps one import of each, since the judge lets in no other.
fn imported_once(mut entries: Vec<Recorded<Content>>) -> Vec<Recorded<Content>> {
    let mut seen = BTreeSet::new();
    entries.retain(|entry| match &entry.body {
        Content::Event(event) if event.event_type() == EventType::DocumentImported => {
            seen.insert(event.common.subject.clone())
        }
        _ => true,
    });
    entries
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_reader_finds_nothing_of_what_is_not_for_them(
        entries in proptest::collection::vec(anything(), 0..80),
        moment in 0u64..80,
    ) {
        let record = Record::of(in_order(entries.clone()));
        for (reader, hidden) in [(PUBLIC, &["partword", "hushword"][..]), (PART_2, &["hushword"][..])] {
            for as_of in [record.views.now(reader), record.views.as_of(moment, reader)] {
                for words in ["openword", "the", "partnership", "a", "2025", "m", "openword board"] {
                    let mut query = Query::parse(words).unwrap();
                    query.limit = 1000;
                    let hits = format!("{:?}", record.index.search(as_of, &query));
                    for word in hidden {
                        prop_assert!(!hits.contains(word), "{words}: {hits}");
                    }
                }
                for word in hidden {
                    prop_assert!(record.ask(as_of, word).hits.is_empty());
                }
            }
        }
    }

    /// The whole answer is that of a record that never held the private entries' contents.
    #[test]
    fn the_answer_is_that_of_a_record_without_what_is_hidden(
        entries in proptest::collection::vec(anything(), 0..80),
    ) {
        let entries = in_order(imported_once(entries));
        let open = entries.iter().cloned().map(|mut entry| {
            if let Content::Event(event) = &entry.body
                && event.common.confidentiality != PUBLIC
            {
                entry.body = Content::Withheld;
            }
            entry
        });
        let (whole, without) = (Record::of(entries.iter().cloned()), Record::of(open));
        for words in ["openword", "the plan", "partner", "\"delivery plan\"", "2025", "n"] {
            prop_assert_eq!(whole.now(words), without.now(words), "{}", words);
        }
    }

    #[test]
    fn folding_and_asking_never_panics(
        entries in proptest::collection::vec(anything(), 0..40),
        positions in proptest::collection::vec(0u64..40, 40),
        words in ".{0,40}",
    ) {
        let entries = entries.into_iter().zip(positions).map(|(mut entry, position)| {
            entry.position = position;
            entry
        });
        let record = Record::of(entries);
        if let Ok(query) = Query::parse(&words) {
            for reader in [PUBLIC, RESTRICTED] {
                let hits = record.index.search(record.views.now(reader), &query);
                for hit in &hits.hits {
                    prop_assert!(!marked(hit).is_empty());
                }
            }
        }
    }
}
