//! Any history: every type of event, in any order, some of it private.
// Each test uses a part of it.
#![allow(dead_code, clippy::unwrap_used, missing_docs)]

use minutebook_events::catalogue::{EventType, example};
use minutebook_events::{Confidentiality, Content, Event, Kind, Recorded, SubjectId};
use proptest::prelude::*;

#[allow(dead_code)]
#[path = "../../../tests/judge/given.rs"]
mod given;

use given::{ANNA, Given};

/// A word that stands in private entries alone.
pub const SECRET: &str = "zzsecretzz";

/// Any types of event in a row, about a few things, some of them private. Private ones hold the
/// secret word, and are about things of their own or about those of others.
pub fn any_history() -> impl Strategy<Value = Vec<Recorded<Content>>> {
    let one = (0..EventType::ALL.len(), 0..4u8, 0..3u8, any::<bool>());
    proptest::collection::vec(one, 0..50).prop_map(|entries| {
        let mut history = Vec::new();
        for (position, (event, level, name, imported)) in entries.into_iter().enumerate() {
            let mut event = example(EventType::ALL[event]);
            let kind = event.common.subject.kind();
            event.common.imported = imported;
            let name = match level {
                0 | 1 => format!("n{name}"),
                _ => {
                    event.common.confidentiality = match level {
                        2 => Confidentiality::Part2,
                        _ => Confidentiality::Restricted,
                    };
                    event.common.reason = Some(format!("because {SECRET}"));
                    event.common.note = Some(SECRET.into());
                    event.common.minute = Some(SECRET.into());
                    match name {
                        0 => "n0".to_owned(),
                        name => format!("{SECRET}-{name}"),
                    }
                }
            };
            if kind != Kind::Person {
                event.common.subject = SubjectId::new(kind, &name).unwrap();
            }
            history.push(entry(position as u64, event));
        }
        history
    })
}

/// An event in its place, signed by Anna.
pub fn entry(position: u64, event: Event) -> Recorded<Content> {
    let mut entry = Given::default().signed(ANNA, event).into_content();
    entry.position = position;
    entry
}
