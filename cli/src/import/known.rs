//! What a ledger already holds of earlier imports.

use std::collections::HashMap;

use minutebook_events::{DocumentRef, Event, Payload, PersonId, SubjectId};

/// An entry that brought a subject into the record.
#[derive(Debug, Clone, PartialEq)]
pub struct FirstEntry {
    /// Its index.
    pub position: u64,
    /// What it said.
    pub event: Event,
}

/// What is known, learnt entry by entry.
#[derive(Debug, Default)]
pub struct Known {
    records: HashMap<String, u64>,
    first: HashMap<SubjectId, FirstEntry>,
    corrected: HashMap<(u64, String), Option<String>>,
    persons: HashMap<String, PersonId>,
    documents: HashMap<String, DocumentRef>,
}

impl Known {
    /// Takes in an entry of the ledger, in order.
    pub fn learn(&mut self, position: u64, event: &Event) {
        let record = event
            .common
            .source
            .as_ref()
            .and_then(|source| source.record.as_ref());
        if let Some(record) = record {
            self.records.entry(record.clone()).or_insert(position);
            if let (Payload::PersonEnrolled(_), Some(person)) =
                (&event.payload, event.common.subject.person())
            {
                self.persons.entry(record.clone()).or_insert(person);
            }
            if let Payload::DocumentImported(fields) = &event.payload {
                self.documents
                    .entry(record.clone())
                    .or_insert(fields.document.clone());
            }
        }
        if let Payload::CorrectionRecorded(correction) = &event.payload {
            let (entry, field) = (correction.entry, correction.field.clone());
            self.corrected
                .insert((entry, field), correction.value.clone());
        }
        self.first
            .entry(event.common.subject.clone())
            .or_insert_with(|| FirstEntry {
                position,
                event: event.clone(),
            });
    }

    /// The first entry that was made from a record.
    pub fn entry_of(&self, record: &str) -> Option<u64> {
        self.records.get(record).copied()
    }

    /// The entry that brought a subject into the record.
    pub fn first_about(&self, subject: &SubjectId) -> Option<&FirstEntry> {
        self.first.get(subject)
    }

    /// The person who was enrolled from a record.
    pub fn person(&self, record: &str) -> Option<&PersonId> {
        self.persons.get(record)
    }

    /// The file that a document was imported from.
    pub fn document(&self, record: &str) -> Option<&DocumentRef> {
        self.documents.get(record)
    }

    /// The value that stands in a field of an entry now, in words.
    pub fn field(&self, entry: &FirstEntry, field: &str) -> Option<String> {
        match self.corrected.get(&(entry.position, field.to_owned())) {
            Some(value) => value.clone(),
            None => in_words(entry.event.to_json().get(field)?),
        }
    }
}

/// A field's value in words, as a correction gives it.
pub fn in_words(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(items) => {
            let words: Vec<_> = items.iter().filter_map(in_words).collect();
            (!words.is_empty()).then(|| words.join(", "))
        }
        serde_json::Value::Object(fields) => ["as_written", "derived"]
            .iter()
            .find_map(|key| in_words(fields.get(*key)?)),
        other => Some(other.to_string()),
    }
}
