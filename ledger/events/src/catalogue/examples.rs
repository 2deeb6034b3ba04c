//! One realistic example of every type of event, for help, documentation and tests.
//!
//! The examples stand in `examples.json` in the form in which people write events. Their people,
//! keys and documents are invented.

use std::sync::LazyLock;

use super::EventType;
use crate::event::Event;

static EXAMPLES: LazyLock<Vec<Event>> = LazyLock::new(|| {
    let json: Vec<serde_json::Value> = serde_json::from_str(include_str!("examples.json"))
        .expect("examples.json is part of the program, and a test reads all of it");
    json.into_iter()
        .map(|event| {
            Event::from_json(event).expect("every example is a valid event, which a test checks")
        })
        .collect()
});

/// An example of this type of event.
pub fn example(event: EventType) -> Event {
    EXAMPLES
        .iter()
        .find(|example| example.event_type() == event)
        .expect("every type has an example, which a test checks")
        .clone()
}
