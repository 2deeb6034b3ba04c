//! The fields of events in plain words, for a person who reads or signs one.

use minutebook_events::{Capacity, Event, Period};
use serde_json::{Map, Value};

use crate::fields::{self, Form};

/// A date in the words it was written in, with the days that these stand for.
pub fn read_back(period: &Period) -> String {
    match &period.as_written {
        Some(words) if *words != period.reading() => {
            format!("{words}, read as {}", period.reading())
        }
        _ => period.reading(),
    }
}

/// A capacity as words: `secretary of body/pdg`.
pub fn capacity(capacity: &Capacity) -> String {
    match &capacity.of {
        Some(of) => format!("{} of {of}", capacity.role.name()),
        None => capacity.role.name().to_owned(),
    }
}

/// The fields of an event as names and values, in the order of its schema: its own first, then those
/// that every event may carry. Subject and capacity are left to the caller.
pub fn explained(event: &Event) -> Vec<(String, String)> {
    let json = event.to_json();
    let mut lines = Vec::new();
    for field in fields::of(event.event_type()) {
        if let Some(value) = json.get(&field.name)
            && field.name != "subject"
            && field.name != "capacity"
        {
            lines.push((label(&field.name), value_text(&field.form, value)));
        }
    }
    lines
}

/// The dates that were given in an event, each with its field.
pub fn dates(event: &Event) -> Vec<(String, Period)> {
    let json = event.to_json();
    fields::of(event.event_type())
        .into_iter()
        .filter(|field| field.form == Form::Period)
        .filter_map(|field| {
            let value = json.get(&field.name)?.clone();
            Some((label(&field.name), serde_json::from_value(value).ok()?))
        })
        .collect()
}

/// A field's name as words.
pub fn label(name: &str) -> String {
    name.replace('_', " ")
}

fn value_text(form: &Form, value: &Value) -> String {
    match (form, value) {
        (Form::Period, value) => match serde_json::from_value::<Period>(value.clone()) {
            Ok(period) => read_back(&period),
            Err(_) => value.to_string(),
        },
        (Form::Many(form), Value::Array(items)) => items
            .iter()
            .map(|item| value_text(form, item))
            .collect::<Vec<_>>()
            .join("\n"),
        (Form::Group(parts), Value::Object(object)) => group_text(parts, object),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Bool(true)) => "yes".into(),
        (_, Value::Bool(false)) => "no".into(),
        (Form::Document, Value::Object(object)) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
            let size = object
                .get("size")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            format!("{} ({size} bytes, sha256 {})", text("name"), text("sha256"))
        }
        // A figure: the words are what was written.
        (_, Value::Object(object)) if object.contains_key("as_written") => {
            object["as_written"].as_str().unwrap_or_default().to_owned()
        }
        (_, Value::Object(object)) => group_text(&[], object),
        (_, value) => value.to_string(),
    }
}

fn group_text(parts: &[(String, Form)], object: &Map<String, Value>) -> String {
    let texts = object.iter().map(|(name, value)| {
        let form = parts
            .iter()
            .find(|(part, _)| part == name)
            .map_or(&Form::Json, |(_, form)| form);
        format!(
            "{}: {}",
            label(name),
            value_text(form, value).replace('\n', ", ")
        )
    });
    texts.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use minutebook_events::EventType;
    use minutebook_events::catalogue::example;

    #[test]
    fn every_event_can_be_explained() {
        for event in EventType::ALL {
            for (name, value) in explained(&example(*event)) {
                assert!(
                    !value.contains('{') && !value.is_empty(),
                    "{event:?}: {name}: {value}"
                );
            }
        }
    }
}
