//! What a reader is given follows from what that reader may read, and from nothing else.

use jiff::civil::date;
use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Confidentiality, Content, Judge as _, Recorded};
use minutebook_projections::Views;
use minutebook_projections::changes::{Changes, Clock, Point, Question, Since};
use minutebook_projections::effective::Effective;
use proptest::prelude::*;

use crate::given::{ANNA, Given};

/// A word that stands in private entries alone.
const SECRET: &str = "zzsecretzz";

fn level() -> impl Strategy<Value = Confidentiality> {
    prop_oneof![
        Just(Confidentiality::Public),
        Just(Confidentiality::Part2),
        Just(Confidentiality::Restricted)
    ]
}

/// Any types of event in a row, at any level; private ones are about things of their own or about
/// those of others, and hold the secret word.
fn history() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let entry = (0..EventType::ALL.len(), level(), 0..3u8);
    proptest::collection::vec(entry, 0..60).prop_map(|entries| {
        let mut history = Vec::new();
        for (position, (event, level, name)) in entries.into_iter().enumerate() {
            let mut event = example(EventType::ALL[event]);
            let kind = event.common.subject.kind();
            event.common.confidentiality = level;
            if level != Confidentiality::Public {
                event.common.reason = Some(format!("because {SECRET}"));
                event.common.minute = Some(SECRET.into());
            }
            let name = match (level, name) {
                (Confidentiality::Public, _) => format!("n{name}"),
                (_, 0) => "n0".to_owned(),
                (_, name) => format!("{SECRET}-{name}"),
            };
            event.common.subject = minutebook_events::SubjectId::new(kind, &name).unwrap();
            let mut entry = Given::default().signed(ANNA, event).into_content();
            entry.position = position as u64;
            history.push(entry);
        }
        history
    })
}

fn question(views: &Views, ticks: u64, reader: Confidentiality, by: Clock) -> Question {
    let now = views.now(reader);
    Question {
        body: None,
        since: Point::at_position(ticks, Some(date(2024, 1, 1)), None),
        until: Point::newest(now, date(2027, 1, 1)),
        by,
        reader,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_public_is_told_nothing_private(entries in history(), since in 0u64..20) {
        let mut views = Views::default();
        entries.iter().for_each(|entry| views.apply(entry));
        let reader = Confidentiality::Public;
        let recorded = Changes::recorded(&views, question(&views, since, reader, Clock::Recorded));
        let text = serde_json::to_string(&recorded).unwrap();
        prop_assert!(!text.contains(SECRET), "{}", text);
        let effective = Effective::fold(entries.clone());
        let asked = question(&effective.views, 0, reader, Clock::Effective);
        let text = serde_json::to_string(&Changes::effective(&effective, asked)).unwrap();
        prop_assert!(!text.contains(SECRET), "{}", text);
    }

    /// The public's answer over the whole record is the one over the record without private entries,
    /// but for places and the count of private entries.
    #[test]
    fn the_public_is_told_what_a_record_without_private_entries_tells(entries in history()) {
        let reader = Confidentiality::Public;
        let told = |entries: &[Recorded<Content>]| {
            let mut views = Views::default();
            entries.iter().for_each(|entry| views.apply(entry));
            let mut found = Changes::recorded(&views, question(&views, 0, reader, Clock::Recorded));
            found.question.until.position = None;
            found.private_entries = 0;
            serde_json::to_value(&found).unwrap()
        };
        let public: Vec<_> = entries.iter().filter(|entry| match &entry.body {
            Content::Event(event) => event.common.confidentiality == reader,
            _ => true,
        }).cloned().collect();
        prop_assert_eq!(told(&entries), told(&public));
    }

    #[test]
    fn any_history_can_be_asked(entries in history(), since in 0u64..70) {
        let mut views = Views::default();
        entries.iter().for_each(|entry| views.apply(entry));
        for reader in [Confidentiality::Part2, Confidentiality::Restricted] {
            let asked = question(&views, since, reader, Clock::Recorded);
            let found = Changes::recorded(&views, asked);
            prop_assert!(found.groups.iter().all(|changed| !changed.items.is_empty()));
        }
    }
}

#[test]
fn meetings_that_cannot_be_found_are_named() {
    let given = Given::opened();
    let now = given.views.now(Confidentiality::Public);
    let since = Since::Meeting(crate::given::id("meeting/none"));
    let error = Point::recorded(now, &since).unwrap_err();
    assert_eq!(error.to_string(), "there is no meeting meeting/none");
}
