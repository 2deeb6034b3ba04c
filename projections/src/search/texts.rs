//! The texts of an event that people read and look for.
//!
//! A text is searched where its field is named here, and not otherwise: ids, digests, keys, links
//! and the machine's form of a date are no texts. Dates and figures count as written. Nobody's name
//! is among these fields, since names stand in sealed parts.

use minutebook_events::{Event, SubjectId};
use serde_json::Value;

/// The fields that are read, in order of the alphabet.
#[rustfmt::skip]
const TEXTS: &[&str] = &[
    "added", "appraisal", "area", "as_written", "asked_by", "attestation", "audience", "author",
    "baseline_state", "breakdown", "by", "cause", "changes", "comment", "conditions",
    "controls", "corrections", "covers", "data_source", "date_note", "depends_on", "dissent",
    "duration", "effect", "elapsed", "evaluator", "executive_sponsor", "exemption",
    "exemptions", "findings", "focus", "funder", "gaps", "given_by", "group", "intent",
    "interest", "kind", "kind_as_written", "legal_basis", "level", "manner", "may_sign",
    "measured_by", "must_include", "name", "narrative", "note", "operating_for", "outcome",
    "owner", "pace", "paragraphs", "partnership", "place", "post", "presented_to", "presenter",
    "purpose", "rated_by", "rating_note", "reason", "recommendation", "redactions", "reporter",
    "request", "resolution", "result", "retention_rule", "role", "short_name", "spoken_at",
    "state", "statement", "status", "statutory_reason", "summary", "target_basis", "text",
    "title", "unit", "value", "vision", "we_will", "you_said",
];

/// The fields that a title is made of.
const TITLES: &[&str] = &["may_sign", "name", "role", "short_name", "text", "title"];

/// What says where the event stands and not what it says.
const APART: &[&str] = &["capacity", "officers", "source"];

/// Gives each text of an event to `give`, and whether it may be part of its subject's title.
pub(super) fn each_text(event: &Event, give: &mut impl FnMut(&str, bool)) {
    if let Value::Object(fields) = event.to_json() {
        for (field, value) in &fields {
            if !APART.contains(&field.as_str()) {
                within(field, value, TITLES.contains(&field.as_str()), give);
            }
        }
    }
}

fn within(field: &str, value: &Value, titles: bool, give: &mut impl FnMut(&str, bool)) {
    match value {
        Value::String(text) if TEXTS.binary_search(&field).is_ok() && !is_name(text) => {
            give(text, titles);
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| within(field, item, titles, give)),
        Value::Object(fields) => fields
            .iter()
            .for_each(|(field, value)| within(field, value, false, give)),
        _ => {}
    }
}

/// Whether it is an id or a digest, which some events have where others have a text.
fn is_name(text: &str) -> bool {
    let hex = |b: u8| matches!(b, b'0'..=b'9' | b'a'..=b'f');
    (text.len() >= 16 && text.bytes().all(hex))
        || (text.contains('/') && text.parse::<SubjectId>().is_ok())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use minutebook_events::EventType;
    use minutebook_events::catalogue::example;

    use super::*;

    /// Texts that nobody looks for: machine forms, addresses, numbers of items, the words of an
    /// import.
    const LEFT: &[&str] = &[
        "channel",
        "contact",
        "derived",
        "document",
        "field",
        "inferred",
        "item",
        "items",
        "joined",
        "left",
        "link",
        "log_vkey",
        "media_type",
        "minute",
        "not_carried",
        "not_stated",
        "number",
        "origin",
        "precision",
        "record",
        "relative_to",
        "report",
        "scale",
        "section",
        "seed_file",
        "time",
        "witness_policy",
        "year_start",
        "x",
    ];

    #[test]
    fn the_fields_stand_in_order() {
        assert!(TEXTS.is_sorted());
        assert!(TITLES.iter().all(|field| TEXTS.contains(field)));
    }

    #[test]
    fn every_text_of_the_catalogue_is_read_or_left_on_purpose() {
        for event in EventType::ALL {
            let schema = event.schema();
            let mut unknown = Vec::new();
            free_texts("", &schema, &mut unknown);
            for (field, _) in schema["$defs"].as_object().into_iter().flatten() {
                free_texts("", &schema["$defs"][field], &mut unknown);
            }
            unknown.retain(|field| {
                !TEXTS.contains(&field.as_str()) && !LEFT.contains(&field.as_str())
            });
            assert_eq!(unknown, [""; 0], "{}", event.name());
        }
    }

    /// The fields of a schema that hold free text.
    fn free_texts(field: &str, schema: &Value, into: &mut Vec<String>) {
        let text = |kind: &Value| {
            kind == "string"
                || kind
                    .as_array()
                    .is_some_and(|kinds| kinds.contains(&"string".into()))
        };
        let bound = ["pattern", "format", "const", "enum"];
        if text(&schema["type"])
            && bound.iter().all(|bound| schema.get(bound).is_none())
            && !["", "type"].contains(&field)
        {
            into.push(field.to_owned());
        }
        if let Some(items) = schema.get("items") {
            free_texts(field, items, into);
        }
        for (name, inner) in schema["properties"].as_object().into_iter().flatten() {
            free_texts(name, inner, into);
        }
    }

    #[test]
    fn texts_and_nothing_else_are_read() {
        let read = |event| {
            let mut texts = Vec::new();
            each_text(&example(event), &mut |text, titles| {
                texts.push((text.to_owned(), titles))
            });
            texts
        };
        let all: Vec<_> = EventType::ALL
            .iter()
            .flat_map(|event| read(*event))
            .collect();
        for (text, _) in &all {
            assert!(
                !is_name(text) && !text.contains("://") && !text.starts_with("2025-"),
                "{text}"
            );
        }
        let appointed = read(EventType::RoleAppointed);
        assert!(appointed.contains(&("Chief Executive".into(), true)));
        assert!(appointed.contains(&("1 June 2025".into(), false)));
        let given = read(EventType::SignOffGiven);
        assert_eq!(given.len(), 2, "{given:?}");
    }
}
