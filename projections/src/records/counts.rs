//! How many entries of each type there are.

use std::collections::BTreeMap;

use minutebook_events::EventType;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many entries of each type there are. Saved by the types' names, so that a program that knows
/// more types can still read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counts([u64; EventType::ALL.len()]);

impl Counts {
    /// How many entries of this type there are.
    pub fn of(&self, event: EventType) -> u64 {
        // A type's number is its place in the catalogue, so that it is less than their count.
        self.0[event as usize]
    }

    /// The types that occur, each with its count, in the order of the catalogue.
    pub fn iter(&self) -> impl Iterator<Item = (EventType, u64)> + '_ {
        EventType::ALL
            .iter()
            .map(|event| (*event, self.of(*event)))
            .filter(|(_, n)| *n > 0)
    }

    pub(super) fn add(&mut self, event: EventType) {
        self.0[event as usize] += 1;
    }
}

impl Default for Counts {
    fn default() -> Self {
        Self([0; EventType::ALL.len()])
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(event, count)| (event.name(), count)))
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut counts = Self::default();
        for (name, count) in BTreeMap::<String, u64>::deserialize(deserializer)? {
            let event = EventType::parse(&name)
                .ok_or_else(|| serde::de::Error::custom(format!("unknown event type {name:?}")))?;
            counts.0[event as usize] = count;
        }
        Ok(counts)
    }
}
