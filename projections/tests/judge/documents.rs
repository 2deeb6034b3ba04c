//! Documents: who may read one, because of which entry.

use std::sync::Arc;

use minutebook_events::catalogue::example;
use minutebook_events::{
    Blake3, Confidentiality, Content, Digest, DocumentRef, Event, EventType, Judge, Payload,
    Recorded,
};
use minutebook_projections::Views;
use minutebook_projections::documents::DocumentIndex;
use proptest::prelude::*;

use crate::given::{ANNA, BEN, Given};
use crate::search::{PART_2, PUBLIC, RESTRICTED};

const LEVELS: [Confidentiality; 3] = [PUBLIC, PART_2, RESTRICTED];

fn document(n: u8, name: &str) -> DocumentRef {
    DocumentRef {
        blake3: Blake3([n; 32]),
        sha256: Digest([n; 32]),
        size: 7,
        media_type: "application/pdf".into(),
        name: name.into(),
    }
}

/// A paper is lodged that is this document.
fn lodged(document: DocumentRef, level: Confidentiality) -> Event {
    let mut event = example(EventType::PaperLodged);
    event.common.confidentiality = level;
    if let Payload::PaperLodged(fields) = &mut event.payload {
        Arc::make_mut(fields).document = document;
    }
    event
}

fn erased(digest: Digest) -> Event {
    let mut event = example(EventType::ContentErased);
    if let Payload::ContentErased(fields) = &mut event.payload {
        Arc::make_mut(fields).digest = digest;
    }
    event
}

fn disposed(digests: Vec<Digest>) -> Event {
    let mut event = example(EventType::RecordDisposed);
    if let Payload::RecordDisposed(fields) = &mut event.payload {
        Arc::make_mut(fields).digests = digests;
    }
    event
}

/// The entries, whatever the rules would say to them.
fn record(events: impl IntoIterator<Item = Event>) -> Given {
    let mut given = Given::default();
    for event in events {
        given.entries.push(given.signed(BEN, event));
    }
    given
}

fn digest_of(given: &Given, position: usize) -> Digest {
    given.entries[position].claims.digest
}

fn folded(entries: impl IntoIterator<Item = Recorded<Content>>) -> DocumentIndex {
    let mut index = DocumentIndex::default();
    for entry in entries {
        index.fold(&entry);
    }
    index
}

fn index(given: &Given) -> DocumentIndex {
    let entries = given.entries.iter();
    folded(entries.map(|entry| entry.clone().into_content()))
}

#[test]
fn a_document_is_read_by_whoever_may_read_an_entry_that_names_it() {
    let given = record([
        lodged(document(1, "draft.pdf"), RESTRICTED),
        lodged(document(1, "part-2.pdf"), PART_2),
        lodged(document(1, "again.pdf"), PART_2),
        lodged(document(1, "paper.pdf"), PUBLIC),
    ]);
    let index = index(&given);
    let named = |reader, ticks| {
        let naming = index.referenced(&Blake3([1; 32]), reader, ticks)?;
        Some((naming.position, naming.document.name.as_str()))
    };
    assert_eq!(named(RESTRICTED, 4), Some((0, "draft.pdf")));
    assert_eq!(named(PART_2, 4), Some((1, "part-2.pdf")));
    assert_eq!(named(PUBLIC, 4), Some((3, "paper.pdf")));
    // Before the last of them was known, the public knew of none.
    assert_eq!(named(PUBLIC, 3), None);
    assert_eq!(named(PART_2, 1), None);
    assert_eq!(index.referenced(&Blake3([2; 32]), RESTRICTED, 4), None);
}

#[test]
fn every_document_of_every_example_is_known() {
    for event in EventType::ALL {
        let event = example(*event);
        let mut expected: Vec<DocumentRef> =
            event.payload.documents().into_iter().cloned().collect();
        expected.sort_by_key(|document| document.blake3);
        let index = index(&record([event]));
        let found = index
            .readable(PUBLIC, 1)
            .map(|naming| naming.document.clone());
        let found: Vec<DocumentRef> = found.collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_erased_content_named_is_gone_and_what_others_named_stays() {
    let paper = || lodged(document(1, "paper.pdf"), PUBLIC);
    let once = record([paper(), lodged(document(2, "other.pdf"), PUBLIC)]);
    let mut views = Views::default();
    let mut index = index(&once);
    assert!(!index.is_stale(&views));
    let erasure = once.signed(BEN, erased(digest_of(&once, 0))).into_content();
    views.apply(&erasure);
    assert!(index.is_stale(&views), "the views know more");
    index.fold(&erasure);
    assert!(!index.is_stale(&views));
    // Not at a moment before the erasure either.
    for ticks in 0..=3 {
        assert_eq!(index.referenced(&Blake3([1; 32]), RESTRICTED, ticks), None);
    }
    assert!(!index.is_named(&Blake3([1; 32])));
    assert!(index.is_named(&Blake3([2; 32])));

    let twice = record([paper(), paper()]);
    let both = vec![digest_of(&twice, 0), digest_of(&twice, 1)];
    let first = erased(both[0]);
    let left = self::index(&record([paper(), paper(), first]));
    let naming = left.referenced(&Blake3([1; 32]), PUBLIC, 3).unwrap();
    assert_eq!(naming.position, 1);
    let none = self::index(&record([paper(), paper(), disposed(both)]));
    assert!(!none.is_named(&Blake3([1; 32])));
}

#[test]
fn content_that_is_not_held_gives_nobody_a_right() {
    let given = record([lodged(document(1, "paper.pdf"), PUBLIC)]);
    for gone in [Content::Erased, Content::Withheld] {
        let mut entry = given
            .signed(ANNA, lodged(document(1, "p.pdf"), PUBLIC))
            .into_content();
        entry.body = gone;
        let index = folded([entry]);
        assert_eq!(index.ticks(), 1);
        assert!(!index.is_named(&Blake3([1; 32])));
    }
}

/// Something that happens to documents.
#[derive(Debug, Clone)]
enum Step {
    Lodge(u8, Confidentiality),
    Erase(prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..4_u8, prop::sample::select(LEVELS.to_vec()))
            .prop_map(|(n, level)| Step::Lodge(n, level)),
        1 => any::<prop::sample::Index>().prop_map(Step::Erase),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_index_says_what_a_look_at_every_entry_says(steps in prop::collection::vec(step(), 1..30)) {
        let mut given = Given::default();
        let mut gone = Vec::new();
        for step in &steps {
            let event = match step {
                Step::Erase(which) if given.size() > 0 => {
                    let position = which.index(given.entries.len());
                    gone.push(position as u64);
                    erased(digest_of(&given, position))
                }
                Step::Erase(_) => lodged(document(0, "0.pdf"), PUBLIC),
                Step::Lodge(n, level) => lodged(document(*n, "n.pdf"), *level),
            };
            given.entries.push(given.signed(BEN, event));
        }
        let index = index(&given);
        for ticks in 0..=given.size() {
            for reader in LEVELS {
                let mut all = 0;
                for n in 0..4 {
                    let blake3 = Blake3([n; 32]);
                    let expected = given.entries.iter().find(|entry| {
                        let named = entry.body.payload.documents();
                        entry.position < ticks
                            && entry.body.common.confidentiality <= reader
                            && !gone.contains(&entry.position)
                            && named.iter().any(|document| document.blake3 == blake3)
                    });
                    let found = index.referenced(&blake3, reader, ticks);
                    prop_assert_eq!(
                        found.map(|naming| naming.position),
                        expected.map(|entry| entry.position)
                    );
                    all += usize::from(found.is_some());
                }
                prop_assert_eq!(index.readable(reader, ticks).count(), all);
            }
        }
    }
}
